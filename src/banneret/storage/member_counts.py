"""Sizes of collections: one statement whatever the number of collections and owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.storage import visibility
from banneret.storage.chains import CHAINS
from banneret.storage.columns import Columns, typed
from banneret.storage.conditions import Conditions
from banneret.storage.memberships import Memberships
from banneret.storage.shapes import Counter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.access.sight import Sight
    from banneret.catalogue.model import AttributeDef, Members, TypeDef
    from banneret.query.condition import Condition
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout


class MemberCounts:
    """Counts what one reader sees."""

    def __init__(self, layout: Layout, dialect: Dialect, sight: Sight) -> None:
        self._layout = layout
        self._dialect = dialect
        self._sight = sight
        self._conditions = Conditions(layout, dialect, sight)
        self._memberships = Memberships(layout)

    def select(
        self, collections: Sequence[tuple[AttributeDef, tuple[TypeDef, ...], Condition | None]], *, single: bool
    ) -> sa.CompoundSelect[Any] | sa.Select[Any]:
        """Select `(place in collections, owner, number of visible members)` for the owners of the parameter `owners`."""
        parts: list[sa.Select[Any]] = []
        linked: dict[bool, dict[str, int]] = {False: {}, True: {}}
        for place, (attribute, members, where) in enumerate(collections):
            spec = attribute.members
            if spec is not None and spec.link is not None:
                linked[spec.reverse][spec.link] = place
            elif spec is not None:
                parts.append(self._count(spec, members, where, place, single=single))
        parts += [self._count_links(found, reverse, single=single) for reverse, found in linked.items() if found]
        return parts[0] if len(parts) == 1 else sa.union_all(*parts)

    def _count_links(self, relations: dict[str, int], reverse: bool, *, single: bool) -> sa.Select[Any]:  # noqa: FBT001
        """Count all relations that are read from one side in one pass over the owners' links."""
        link = self._layout.table("link").alias()
        near, far = (link.c.right_oid, link.c.left_oid) if reverse else (link.c.left_oid, link.c.right_oid)
        names = sa.or_(*(link.c.relation == name for name in relations))
        mark: sa.ColumnElement[Any] = sa.case(
            *((link.c.relation == name, sa.literal_column(str(n))) for name, n in relations.items())
        )
        query = sa.select(mark, near.label("owner"), sa.func.count())
        query = query.where(self._dialect.among(near, "owners", single=single), names)
        directory = self._layout.table("directory").alias()
        seen = visibility.of_directory(self._dialect, self._sight, directory)
        if seen is not None:
            query = query.join(directory, directory.c.oid == far).where(seen)
        return query.group_by(link.c.relation, near)

    def grouped(
        self,
        attribute: AttributeDef,
        members: tuple[TypeDef, ...],
        where: Condition | None,
        by: Sequence[AttributeDef],
        *,
        single: bool,
    ) -> sa.Select[Any]:
        """Select `(owner, number of visible members, their type, *values)` for the owners of the parameter `owners`."""
        counted = self._counted(attribute.members, members, where, Counter("c"), single=single)
        columns = Columns(self._layout, self._dialect)
        several = self._layout.of(members[0]).several
        kind = counted.table.c.concrete_type if several else sa.literal(members[0].name).label("kind")
        values = [kind, *(columns.attribute(counted.table, each, members).label(f"v{n}") for n, each in enumerate(by))]
        query = sa.select(counted.owner, counted.number, *values).select_from(counted.rows).where(*counted.demands)
        # By place, for the value of a custom field is an expression that PostgreSQL would not know again.
        places: list[sa.ColumnElement[Any]] = [sa.literal_column(str(n)) for n in range(3, 3 + len(values))]
        return query.group_by(*([] if counted.everything else [counted.owner]), *places)

    def _count(
        self, spec: Members, members: tuple[TypeDef, ...], where: Condition | None, place: int, *, single: bool
    ) -> sa.Select[Any]:
        counted = self._counted(spec, members, where, Counter(f"c{place}_"), single=single)
        columns: list[Any] = [sa.literal_column(str(place)), counted.owner, counted.number]
        query = sa.select(*columns).select_from(counted.rows).where(*counted.demands)
        return query if counted.everything else query.group_by(counted.owner)

    def _counted(
        self,
        spec: Members | None,
        members: tuple[TypeDef, ...],
        where: Condition | None,
        counter: Counter,
        *,
        single: bool,
    ) -> _Counted:
        family = self._layout.of(members[0])
        table = family.table.alias()
        demands = [typed(table, members, indexed=False)] if family.several else []
        seen = visibility.of_type(self._dialect, self._sight, table, members)
        if seen is not None:
            demands.insert(0, seen)
        joining = self._memberships.joining(spec) if spec is not None else None
        if joining is not None and spec is not None:
            pairs, near, far, kept = joining
            demands = [kept, self._dialect.among(near, "owners", single=single), *demands]
            if where is not None:
                demands.append(self._conditions.of(pairs if spec.through is not None else table, where, counter))
            number = sa.func.count(sa.distinct(far))
            return _Counted(table, pairs.join(table, table.c.oid == far), near.label("owner"), number, demands)
        if spec is not None and spec.derived is not None:
            chain = CHAINS[spec.derived](
                self._layout, lambda column: self._dialect.among(column, "owners", single=single)
            ).subquery()
            rows = chain.join(table, table.c.oid == chain.c.member)
            return _Counted(table, rows, chain.c.owner, sa.func.count(), demands)
        if where is not None:
            demands.append(self._conditions.of(table, where, counter))
        if spec is not None and spec.via is not None:
            near = table.c[spec.via.lower() + "_oid"]
            demands.insert(0, self._dialect.among(near, "owners", single=single))
            return _Counted(table, table, near.label("owner"), sa.func.count(), demands)
        # Every object of the type belongs to the one subscription.
        owner: sa.Label[Any] = sa.literal_column("0").label("owner")
        return _Counted(table, table, owner, sa.func.count(), demands, everything=True)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Members beside their owners: the members' `table`, the `rows` that hold both, and which of them count."""

    table: sa.FromClause
    rows: sa.FromClause
    owner: sa.ColumnElement[Any]
    number: sa.ColumnElement[int]
    demands: list[sa.ColumnElement[bool]]
    everything: bool = False
