"""Reading objects: pages, rows by id, refs, collection sizes. Each function is a handful of statements at most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.catalogue.model import AttributeType
from banneret.storage import visibility
from banneret.storage.columns import typed
from banneret.storage.figures import figure
from banneret.storage.filters import Filters
from banneret.storage.member_counts import MemberCounts
from banneret.storage.shapes import condition_shape
from banneret.storage.tables import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from banneret.access.sight import Sight
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.query.condition import Condition
    from banneret.query.selection import Selection
    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout

HEAD = 6
"""A row begins with oid, uuid, version, type, project and workspace, in that order; the attributes asked for follow."""


class Reader:
    """Questions about objects, inside one unit of work."""

    def __init__(self, connection: Connection, layout: Layout, statements: Statements) -> None:
        self._connection = connection
        self._layout = layout
        self._statements = statements
        self._dialect = statements.dialect

    # ------------------------------------------------------------------ pages

    async def count(self, selection: Selection, sight: Sight, *, most: int | None = None) -> int:
        """Count everything that the selection matches, or no further than `most`."""
        filters = Filters(self._layout, self._dialect, sight)
        shape, values = filters.shape(selection)

        def build() -> sa.Select[Any]:
            if most is None:
                return filters.restrict(sa.select(sa.func.count()), selection)
            limit = sa.bindparam("most", type_=sa.BigInteger())
            found = filters.restrict(sa.select(sa.literal(1)), selection).limit(limit).subquery()
            return sa.select(sa.func.count()).select_from(found)

        statement = self._statements.get(("count", shape, most is None), build)
        rows = await self._connection.fetch(statement, {**values, "most": most})
        return int(rows[0][0])

    async def page(self, selection: Selection, attributes: Sequence[AttributeDef], sight: Sight) -> Sequence[Row]:
        """Give one page in order."""
        filters = Filters(self._layout, self._dialect, sight)
        shape, values = filters.shape(selection)
        names = tuple((item.owner, item.name) for item in attributes)

        def build() -> sa.Select[Any]:
            query = self._select(selection.candidates, attributes)
            if selection.walks and not selection.by_age and len(selection.candidates) > 1:
                return filters.ordered(self._merged(query, filters, selection), selection)
            return _paged(filters.ordered(filters.restrict(query, selection), selection))

        statement = self._statements.get(("page", shape, names, filters.order_shape(selection)), build)
        first, size = selection.start - 1, selection.pagesize
        values = {**values, "page_limit": size, "page_offset": first, "page_reach": first + size}
        return await self._connection.fetch(statement, values)

    def _merged(self, query: sa.Select[Any], filters: Filters, selection: Selection) -> sa.Select[Any]:
        """Select a page out of the first of each type, which an index has in order, instead of sorting all of all types."""
        table = self._layout.of(selection.candidates[0]).table
        key = selection.order[0]
        column = self.expression(selection.candidates, key.path[0].attribute)
        reach = sa.bindparam("page_reach", type_=sa.BigInteger())
        parts = []
        for item in selection.candidates:
            one = replace(selection, candidates=(item,), walks=False)
            found = filters.ordered(filters.restrict(sa.select(table.c.oid, column.label("place")), one), one)
            near = found.limit(reach).subquery()
            parts.append(sa.select(near.c.oid, near.c.place))
        every = sa.union_all(*parts).subquery()
        place = every.c.place.desc() if key.descending else every.c.place.asc()
        oid = every.c.oid.desc() if selection.order[1].descending else every.c.oid.asc()
        return query.where(table.c.oid.in_(_paged(sa.select(every.c.oid).order_by(place, oid))))

    async def rows(
        self,
        candidates: tuple[TypeDef, ...],
        attributes: Sequence[AttributeDef],
        oids: Iterable[int],
        sight: Sight,
        *,
        lock: bool = False,
    ) -> Sequence[Row]:
        """Give the rows of those of `oids` that are of one of the types (which share a table) and may be seen."""
        family = self._layout.of(candidates[0])
        wanted = list(oids)

        def build() -> sa.Select[Any]:
            one = self._dialect.among(family.table.c.oid, "oids", single=len(wanted) == 1)
            query = self._select(candidates, attributes).where(one)
            query = query.where(typed(family.table, candidates)) if family.several else query
            seen = visibility.of_type(self._dialect, sight, family.table, candidates)
            query = query if seen is None else query.where(seen)
            if lock and self._dialect.name == "postgresql":
                query = query.order_by(family.table.c.oid).with_for_update()
            return query

        shape = (
            "rows",
            tuple(item.name for item in candidates),
            tuple((item.owner, item.name) for item in attributes),
            visibility.shape(sight),
            lock,
            len(wanted) == 1,
        )
        statement = self._statements.get(shape, build)
        values = {**visibility.values(self._dialect, sight), "oids": self._dialect.listed(wanted)}
        return await self._connection.fetch(statement, values)

    def _select(self, candidates: tuple[TypeDef, ...], attributes: Sequence[AttributeDef]) -> sa.Select[Any]:
        family = self._layout.of(candidates[0])
        columns = family.table.c
        kind = columns.concrete_type if family.several else sa.literal(candidates[0].name)
        head = [columns.oid, columns.uuid, columns.versionid, kind, columns.project_oid, columns.workspace_oid]
        return sa.select(*head, *(self.expression(candidates, item) for item in attributes))

    def expression(self, candidates: tuple[TypeDef, ...], attribute: AttributeDef) -> sa.ColumnElement[Any]:
        """Give the SQL value of an attribute: a column, the first set one of an alias, or the custom fields."""
        family = self._layout.of(candidates[0])
        if attribute.custom:
            return family.table.c.custom_fields
        if attribute.figure:
            return figure(self._layout, family.table, attribute.figure, candidates)
        if attribute.alias:
            targets = [
                found
                for name in attribute.alias
                for item in candidates
                if (found := item.attributes.get(name)) is not None
            ]
            names = dict.fromkeys(name for item in targets if (name := family.column_name(item)))
            columns = [family.table.c[name] for name in names]
            return columns[0] if len(columns) == 1 else sa.func.coalesce(*columns)
        name = family.column_name(attribute)
        return sa.null() if name is None else family.table.c[name]

    # ------------------------------------------------------------------ refs

    async def references(self, oids: Iterable[int], sight: Sight) -> dict[int, Row]:
        """Give `(oid, type, uuid, name, workspace, project)` of those objects that exist and may be seen."""
        key = self._dialect.integers(oids)
        return await self._directory("oids", sight, lambda columns: self._dialect.any_of(columns.oid, "key"), key)

    async def reference_by_uuid(self, uuid: str, sight: Sight) -> Row | None:
        """Give the directory entry of a UUID, if it exists and may be seen."""
        found = await self._directory(
            "uuid", sight, lambda columns: columns.uuid == sa.bindparam("key", type_=sa.Text()), uuid
        )
        return next(iter(found.values()), None)

    async def _directory(
        self, shape: str, sight: Sight, condition: Callable[[Any], sa.ColumnElement[bool]], key: object
    ) -> dict[int, Row]:
        def build() -> sa.Select[Any]:
            directory = self._layout.table("directory")
            columns = directory.c
            query = sa.select(
                columns.oid, columns.type, columns.uuid, columns.name, columns.workspace_oid, columns.project_oid
            ).where(condition(columns))
            seen = visibility.of_directory(self._dialect, sight, directory)
            return query if seen is None else query.where(seen)

        statement = self._statements.get(("directory", shape, visibility.shape(sight)), build)
        rows = await self._connection.fetch(statement, {**visibility.values(self._dialect, sight), "key": key})
        return {row[0]: row for row in rows}

    # ------------------------------------------------------------------ collections

    async def member_counts(
        self,
        collections: Sequence[tuple[AttributeDef, tuple[TypeDef, ...], Condition | None]],
        owners: Iterable[int],
        sight: Sight,
    ) -> dict[str, dict[int, int]]:
        """Count, for each collection (attribute, member types, own condition), the members of each owner that may be seen.

        One statement whatever the number of collections and owners.
        """
        if not collections:
            return {}
        wanted = list(owners)
        values = {**visibility.values(self._dialect, sight), "owners": self._dialect.listed(wanted)}
        wheres = tuple(condition_shape(where, f"c{n}_", values) for n, (_, _, where) in enumerate(collections))
        single = len(wanted) == 1
        shape = (
            "counts",
            tuple((attribute.owner, attribute.name, attribute.of) for attribute, _, _ in collections),
            wheres,
            visibility.shape(sight),
            single,
        )
        statement = self._statements.get(
            shape, lambda: MemberCounts(self._layout, self._dialect, sight).select(collections, single=single)
        )
        found: dict[str, dict[int, int]] = {attribute.name: {} for attribute, _, _ in collections}
        for n, owner, count in await self._connection.fetch(statement, values):
            found[collections[n][0].name][owner] = count
        return found

    async def summary(
        self,
        attribute: AttributeDef,
        members: tuple[TypeDef, ...],
        where: Condition | None,
        by: tuple[AttributeDef, ...],
        owners: Iterable[int],
        sight: Sight,
    ) -> Sequence[Row]:
        """Count a collection's visible members by owner, type and the values of attributes: `(owner, number, type, *values)`."""
        wanted = list(owners)
        single = len(wanted) == 1
        values = {**visibility.values(self._dialect, sight), "owners": self._dialect.listed(wanted)}
        shape = (
            "summary",
            (attribute.owner, attribute.name, attribute.of, tuple(item.name for item in members)),
            tuple((item.owner, item.name, item.type) for item in by),
            condition_shape(where, "c", values),
            visibility.shape(sight),
            single,
        )
        statement = self._statements.get(
            shape,
            lambda: MemberCounts(self._layout, self._dialect, sight).grouped(
                attribute, members, where, by, single=single
            ),
        )
        return await self._connection.fetch(statement, values)

    async def linked_names(
        self,
        attribute: AttributeDef,
        members: tuple[TypeDef, ...],
        owners: Iterable[int],
        extra: Sequence[AttributeDef],
        sight: Sight,
    ) -> dict[int, list[Row]]:
        """Give, for a link collection, each owner's visible members as `(oid, name, *extra)`, by name."""
        family = self._layout.of(members[0])
        link = self._layout.table("link")
        relation = attribute.members.link if attribute.members else None
        reverse = attribute.members.reverse if attribute.members else False

        wanted = list(owners)
        single = len(wanted) == 1

        def build() -> sa.Select[Any]:
            near, far = (link.c.right_oid, link.c.left_oid) if reverse else (link.c.left_oid, link.c.right_oid)
            query = (
                sa.select(
                    near, family.table.c.oid, family.table.c.name, *(self.expression(members, item) for item in extra)
                )
                .join(family.table, family.table.c.oid == far)
                .where(link.c.relation == relation, self._dialect.among(near, "owners", single=single))
                .order_by(sa.func.lower(family.table.c.name), family.table.c.oid)
            )
            seen = visibility.of_type(self._dialect, sight, family.table, members)
            return query if seen is None else query.where(seen)

        shape = (
            "names",
            attribute.owner,
            attribute.name,
            tuple(item.name for item in extra),
            visibility.shape(sight),
            single,
        )
        statement = self._statements.get(shape, build)
        values = {**visibility.values(self._dialect, sight), "owners": self._dialect.listed(wanted)}
        found: dict[int, list[Row]] = {}
        for owner, *member in await self._connection.fetch(statement, values):
            found.setdefault(owner, []).append(tuple(member))
        return found


def _paged(query: sa.Select[Any]) -> sa.Select[Any]:
    limit = sa.bindparam("page_limit", type_=sa.BigInteger())
    return query.limit(limit).offset(sa.bindparam("page_offset", type_=sa.BigInteger()))


def boolean_positions(attributes: Sequence[AttributeDef]) -> list[int]:
    """Give the places of BOOLEAN attributes, which SQLite gives as 0 and 1."""
    return [n for n, item in enumerate(attributes) if kind_of(item) is Kind.BOOLEAN]


__all__ = ["HEAD", "AttributeType", "Reader", "boolean_positions"]
