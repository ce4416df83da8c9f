"""Selections as SQL: the query tree, collections, scope, sight and order. The twin of `query/evaluate.py`.

A comparison's values are parameters named after its place among the comparisons, so that one statement serves every query
of the same shape. Whatever a path or collection leads to is held against the reader's sight: what he may not see counts as not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import Grouping

from banneret.catalogue.model import NUMERIC, AttributeDef, AttributeType, Members, TypeDef
from banneret.query.condition import And, Comparison, Condition, NameValue, Or, RefValue, Step
from banneret.query.operators import Kind, Operator
from banneret.storage import visibility
from banneret.storage.chains import CHAINS
from banneret.storage.tables import UNSTORED, kind_of
from banneret.storage.tables import Kind as ColumnKind

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from banneret.access.sight import Sight
    from banneret.query.ordering import SortKey
    from banneret.query.selection import Membership, Selection
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout

_NEGATIVE = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.NOT_IN: Operator.IN,
}
_ORDERED = {
    Operator.LESS: sa.sql.operators.lt,
    Operator.AT_MOST: sa.sql.operators.le,
    Operator.GREATER: sa.sql.operators.gt,
    Operator.AT_LEAST: sa.sql.operators.ge,
}
_COLUMN_TYPES: dict[ColumnKind, sa.types.TypeEngine[Any]] = {
    ColumnKind.REF: sa.BigInteger(),
    ColumnKind.INTEGER: sa.BigInteger(),
    ColumnKind.NUMBER: sa.Double(),
    ColumnKind.BOOLEAN: sa.Boolean(),
    ColumnKind.DATE: sa.Text(),
    ColumnKind.TEXT: sa.Text(),
    ColumnKind.BYTES: sa.LargeBinary(),
}
Predicate = sa.ColumnElement[bool]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Filters:
    """Builds conditions for one reader's sight."""

    def __init__(self, layout: Layout, dialect: Dialect, sight: Sight) -> None:
        self._layout = layout
        self._dialect = dialect
        self._sight = sight

    # ------------------------------------------------------------------ shapes and values

    def shape(self, selection: Selection) -> tuple[Hashable, dict[str, Any]]:
        """Give what of a selection changes the SQL, and the values that the SQL binds."""
        values = dict(visibility.values(self._dialect, self._sight))
        scope, member_of = selection.scope, selection.member_of
        if scope.workspace is not None:
            values["scope_workspace"] = scope.workspace
        if scope.projects is not None:
            values["scope_projects"] = self._dialect.integers(scope.projects)
        condition = _shape(selection.condition, "p", values)
        member: Hashable = None
        if member_of is not None:
            values["owner"] = member_of.owner
            where = _shape(member_of.where, "w", values)
            member = (member_of.attribute.owner, member_of.attribute.name, member_of.attribute.of, where)
        shape = (
            tuple(item.name for item in selection.candidates),
            scope.workspace is None,
            scope.projects is None,
            condition,
            member,
            visibility.shape(self._sight),
        )
        return shape, values

    @staticmethod
    def condition_shape(condition: Condition | None, prefix: str, values: dict[str, Any]) -> Hashable:
        """Give the shape of a condition by itself and add its values, named with `prefix`, to `values`."""
        return _shape(condition, prefix, values)

    @staticmethod
    def order_shape(selection: Selection) -> Hashable:
        """Give what of a selection's order changes the SQL."""
        return tuple((_path_shape(key.path), key.descending) for key in selection.order)

    # ------------------------------------------------------------------ selections

    def restrict(self, query: sa.Select[Any], selection: Selection) -> sa.Select[Any]:
        """Add everything that the selection demands but order and page."""
        family = self._layout.of(selection.candidates[0])
        table = family.table
        query = query.select_from(table)
        if family.several:
            query = query.where(typed(table, selection.candidates, indexed=selection.member_of is None))
        demands = [
            visibility.of_type(self._dialect, self._sight, table, selection.candidates),
            *self._scoped(table, selection),
        ]
        if selection.member_of is not None:
            demands.append(self._member(table, selection.member_of))
        if selection.condition is not None:
            demands.append(self._condition(table, selection.condition, _Counter("p")))
        return query.where(*(demand for demand in demands if demand is not None))

    def _scoped(self, table: sa.FromClause, selection: Selection) -> Iterator[Predicate]:
        item = selection.candidates[0]
        if selection.scope.workspace is not None and "Workspace" in item.attributes:
            same = table.c.workspace_oid == sa.bindparam("scope_workspace", type_=sa.BigInteger())
            yield sa.or_(same, table.c.workspace_oid.is_(None)) if item.name == "Preference" else same
        # Types without a project of their own ignore the project parameter (wsapi.md 3.1).
        if selection.scope.projects is not None and "Project" in item.attributes and item.table != "UserPermission":
            yield self._dialect.any_of(table.c.project_oid, "scope_projects")

    def _member(self, table: sa.FromClause, member_of: Membership) -> Predicate | None:
        """`table`'s row is a member of that object's collection; each row comes once, however often it is joined."""
        owner = sa.bindparam("owner", type_=sa.BigInteger())
        where, members = member_of.where, member_of.attribute.members
        joining = self._joining(members) if members is not None else None
        if members is None or joining is None:
            found = self._referring(table, members, owner)
            own = None if where is None else self._condition(table, where, _Counter("w"))
        else:
            pairs, near, far, kept = joining
            inner = sa.select(far).where(kept, near == owner)
            if members.through is not None and where is not None:
                inner = inner.where(self._condition(pairs, where, _Counter("w")))
            found, own = table.c.oid.in_(inner), None
            if members.through is None and where is not None:
                own = self._condition(table, where, _Counter("w"))
        parts = [part for part in (found, own) if part is not None]
        return sa.and_(*parts) if parts else None

    def _referring(
        self, table: sa.FromClause, members: Members | None, owner: sa.ColumnElement[Any]
    ) -> Predicate | None:
        """`table`'s row belongs to the owner by what it refers to itself, or by a chain of such; None for all rows."""
        if members is None or (members.derived is not None and members.derived not in CHAINS):
            return sa.false()
        if members.derived is not None:
            chain = CHAINS[members.derived](self._layout, lambda column: column == owner).subquery()
            return table.c.oid.in_(sa.select(chain.c.member))
        return None if members.via is None else table.c[members.via.lower() + "_oid"] == owner

    def _joining(
        self, members: Members
    ) -> tuple[sa.FromClause, sa.ColumnElement[Any], sa.ColumnElement[Any], Predicate] | None:
        """Give what joins owners and members, if anything stands between them: rows, owner, member, and which rows count."""
        if members.link is not None:
            link = self._layout.table("link").alias()
            near, far = (link.c.right_oid, link.c.left_oid) if members.reverse else (link.c.left_oid, link.c.right_oid)
            return link, near, far, link.c.relation == members.link
        if members.through is not None:
            rows = self._layout.families[self._root(members.through)].table.alias()
            near, far = (rows.c[f"{(name or '').lower()}_oid"] for name in (members.near, members.far))
            return rows, near, far, rows.c.concrete_type == members.through
        return None

    def _root(self, type_name: str) -> str:
        return next(root for root in self._layout.families if type_name == root or self._holds(root, type_name))

    @staticmethod
    def _holds(root: str, type_name: str) -> bool:
        return root == "UserPermission" and type_name in {"ProjectPermission", "WorkspacePermission"}

    # ------------------------------------------------------------------ collection sizes

    def counts(
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

    def _count(
        self, spec: Members, members: tuple[TypeDef, ...], where: Condition | None, place: int, *, single: bool
    ) -> sa.Select[Any]:
        mark: sa.ColumnElement[int] = sa.literal_column(str(place))
        family = self._layout.of(members[0])
        table = family.table.alias()
        seen = visibility.of_type(self._dialect, self._sight, table, members)
        demands = [
            part
            for part in (seen, typed(table, members, indexed=False) if family.several else None)
            if part is not None
        ]
        counter = _Counter(f"c{place}_")
        if spec.through is not None:
            joining = self._layout.families[self._root(spec.through)].table.alias()
            near, far = (joining.c[f"{(name or '').lower()}_oid"] for name in (spec.near, spec.far))
            query = (
                sa.select(mark, near.label("owner"), sa.func.count(sa.distinct(far)))
                .join(table, table.c.oid == far)
                .where(joining.c.concrete_type == spec.through, self._dialect.among(near, "owners", single=single))
                .where(*demands)
            )
            if where is not None:
                query = query.where(self._condition(joining, where, counter))
            return query.group_by(near)
        if spec.derived is not None:
            pairs = CHAINS[spec.derived](
                self._layout, lambda column: self._dialect.among(column, "owners", single=single)
            ).subquery()
            found = sa.select(mark, pairs.c.owner, sa.func.count()).join(table, table.c.oid == pairs.c.member)
            return found.where(*demands).group_by(pairs.c.owner)
        if where is not None:
            demands.append(self._condition(table, where, counter))
        if spec.via is not None:
            near = table.c[spec.via.lower() + "_oid"]
            found = sa.select(mark, near.label("owner"), sa.func.count())
            return found.where(self._dialect.among(near, "owners", single=single), *demands).group_by(near)
        # Every object of the type belongs to the one subscription.
        columns: list[Any] = [mark, sa.literal_column("0").label("owner"), sa.func.count()]
        return sa.select(*columns).select_from(table).where(*demands)

    # ------------------------------------------------------------------ conditions

    def _condition(self, table: sa.FromClause, condition: Condition, counter: _Counter) -> Predicate:
        if isinstance(condition, And):
            return _balanced(sa.and_, [self._condition(table, part, counter) for part in condition.parts])
        if isinstance(condition, Or):
            return _balanced(sa.or_, [self._condition(table, part, counter) for part in condition.parts])
        return self._path(table, condition.path, condition, counter.next())

    def _path(self, table: sa.FromClause, path: tuple[Step, ...], comparison: Comparison, place: str) -> Predicate:
        step, *rest = path
        if not rest:
            return self._leaf(table, step, comparison, place)

        def inner(target: sa.FromClause) -> Predicate:
            return self._path(target, tuple(rest), comparison, place)

        if step.attribute.is_collection:
            return self._some_member(table, step, inner)
        column = self._column(table, step)
        found = self._some_target(step, column, inner)
        if not _true_on_null(rest, comparison):
            return found
        return sa.or_(found, sa.not_(self._some_target(step, column, None)))

    def _some_target(
        self, step: Step, column: sa.ColumnElement[Any], inner: Callable[[sa.FromClause], Predicate] | None
    ) -> Predicate:
        """The object that the column refers to is there, may be seen, and satisfies `inner`."""
        parts: list[Predicate] = []
        for candidates in self._by_table(step.targets):
            family = self._layout.of(candidates[0])
            target = family.table.alias()
            query = sa.select(target.c.oid)
            seen = visibility.of_type(self._dialect, self._sight, target, candidates)
            query = query if seen is None else query.where(seen)
            if inner is None:
                parts.append(query.where(target.c.oid == column).correlate_except(target).exists())
                continue
            parts.append(column.in_(query.where(inner(target)).correlate_except(target)))
        return sa.or_(*parts) if parts else sa.false()

    def _some_member(
        self, table: sa.FromClause, step: Step, inner: Callable[[sa.FromClause], Predicate] | None
    ) -> Predicate:
        parts: list[Predicate] = []
        members = step.attribute.members
        for candidates in self._by_table(step.targets):
            family = self._layout.of(candidates[0])
            member = family.table.alias()
            demands = [
                typed(member, candidates, indexed=False) if family.several else None,
                visibility.of_type(self._dialect, self._sight, member, candidates),
                inner(member) if inner is not None else None,
            ]
            asked: sa.FromClause = member
            joining = self._joining(members) if members is not None else None
            if joining is None:
                demands.append(self._referring(member, members, table.c.oid))
                query = sa.select(member.c.oid)
            else:
                pairs, near, far, kept = joining
                demands += [kept, near == table.c.oid]
                query = sa.select(member.c.oid).join(pairs, far == member.c.oid)
                asked = pairs if members is not None and members.through is not None else member
            if step.where is not None:
                demands.append(self._condition(asked, step.where, _Counter(_own_prefix(step.attribute))))
            query = query.where(*(demand for demand in demands if demand is not None))
            parts.append(query.correlate(table).exists())
        return sa.or_(*parts) if parts else sa.false()

    def _by_table(self, types: Sequence[TypeDef]) -> list[tuple[TypeDef, ...]]:
        groups: dict[str, list[TypeDef]] = {}
        for item in types:
            if item.table is not None:
                groups.setdefault(item.table, []).append(item)
        return [tuple(group) for group in groups.values()]

    def _column(self, table: sa.FromClause, step: Step) -> sa.ColumnElement[Any]:
        return self._attribute(table, step.attribute, step.candidates)

    def _attribute(
        self, table: sa.FromClause, attribute: AttributeDef, candidates: Sequence[TypeDef]
    ) -> sa.ColumnElement[Any]:
        if attribute.custom:
            return self._custom(table, attribute)
        if attribute.name in UNSTORED:
            return sa.select(self._layout.families["Subscription"].table.alias().c.oid).scalar_subquery()
        family = self._layout.of(candidates[0])
        if attribute.alias:
            columns = [
                table.c[name]
                for alias in attribute.alias
                for item in candidates
                if (target := item.attributes.get(alias)) is not None and (name := family.column_name(target))
            ]
            return sa.func.coalesce(*dict.fromkeys(columns), sa.null())
        if attribute.name == "ObjectID":
            return table.c.oid
        name = family.column_name(attribute)
        return sa.null() if name is None else table.c[name]

    def _custom(self, table: sa.FromClause, attribute: AttributeDef) -> sa.ColumnElement[Any]:
        if self._dialect.name == "sqlite":
            path: sa.ColumnElement[str] = sa.literal_column(f"'$.\"{attribute.name}\"'")
            return sa.func.json_extract(table.c.custom_fields, path, type_=_COLUMN_TYPES[kind_of(attribute)])
        text = sa.cast(table.c.custom_fields, postgresql.JSONB)[attribute.name].astext
        kind = kind_of(attribute)
        return text if kind in {ColumnKind.TEXT, ColumnKind.DATE} else sa.cast(text, _COLUMN_TYPES[kind])

    # ------------------------------------------------------------------ leaves

    def _leaf(self, table: sa.FromClause, step: Step, comparison: Comparison, place: str) -> Predicate:
        operator = comparison.operator
        positive = _NEGATIVE.get(operator, operator)
        found = self._positive(table, step, comparison, positive, place)
        if operator is positive:
            return found
        # A comparison with null is null in SQL; whatever is not surely the value is something else.
        return sa.not_(sa.func.coalesce(found, sa.false()))

    def _positive(
        self, table: sa.FromClause, step: Step, comparison: Comparison, operator: Operator, place: str
    ) -> Predicate:
        tests = [
            self._test(table, step, comparison, operator, value, f"{place}_{n}")
            for n, value in enumerate(comparison.values)
        ]
        return tests[0] if len(tests) == 1 else _balanced(sa.or_, tests)

    def _test(
        self, table: sa.FromClause, step: Step, comparison: Comparison, operator: Operator, value: object, name: str
    ) -> Predicate:
        if step.attribute.is_collection:
            return self._collection_test(table, step, value, operator, name)
        column = self._column(table, step)
        if value is None:
            if step.attribute.is_object and not self._sight.everything and self._by_table(step.targets):
                return sa.not_(self._some_target(step, column, None))
            # Empty text is stored as null (wsapi.md 4.2).
            return column.is_(None)
        match comparison.kind:
            case Kind.TEXT:
                return self._text(column, operator, str(value), name)
            case Kind.FORMATTED_ID:
                return self._compare(self._number_of(table, step), operator, name, sa.BigInteger())
            case Kind.IDENTITY if isinstance(value, RefValue):
                return self._identity(step, column, value, name)
            case Kind.NAME if isinstance(value, NameValue):
                return self._some_target(step, column, lambda target: self._named(target, step, value, operator, name))
            case _:
                return self._compare(column, operator, name, _COLUMN_TYPES[kind_of(step.attribute)])

    @staticmethod
    def _compare(
        column: sa.ColumnElement[Any], operator: Operator, name: str, kind: sa.types.TypeEngine[Any]
    ) -> Predicate:
        bound = sa.bindparam(name, type_=kind)
        ordered = _ORDERED.get(operator)
        if isinstance(kind, sa.Text) and operator is Operator.CONTAINS:
            return sa.func.instr(column, bound) > 0
        return column == bound if ordered is None else ordered(column, bound)

    def _text(self, column: sa.ColumnElement[Any], operator: Operator, value: str, name: str) -> Predicate:
        folded = self._folded(column, ascii_only=value.isascii())
        bound = sa.bindparam(name, type_=sa.Text())
        if operator is Operator.CONTAINS:
            find = sa.func.instr if self._dialect.name == "sqlite" else sa.func.strpos
            return find(folded, bound) > 0
        ordered = _ORDERED.get(operator)
        return folded == bound if ordered is None else ordered(folded, bound)

    def _folded(self, column: sa.ColumnElement[Any], *, ascii_only: bool) -> sa.ColumnElement[Any]:
        if self._dialect.name == "sqlite":
            return sa.func.lower(column) if ascii_only else sa.func.lower_text(column)
        plain = sa.cast(column, sa.Text())
        if ascii_only:
            return sa.func.lower(plain.collate("C"), type_=sa.Text())
        return sa.func.lower(plain, type_=sa.Text()).collate("C")

    def _number_of(self, table: sa.FromClause, step: Step) -> sa.ColumnElement[Any]:
        number = step.candidates[0].attributes.get("FormattedIDID")
        if number is not None:
            return self._attribute(table, number, step.candidates)
        return sa.cast(sa.func.nullif(sa.func.ltrim(self._column(table, step), _LETTERS), ""), sa.BigInteger())

    def _identity(self, step: Step, column: sa.ColumnElement[Any], value: RefValue, name: str) -> Predicate:
        directory = self._layout.table("directory").alias()
        seen = visibility.of_directory(self._dialect, self._sight, directory)
        virtual = not any(item.table for item in step.targets)
        if value.ref.uuid is not None:
            query = sa.select(directory.c.oid).where(directory.c.uuid == sa.bindparam(name, type_=sa.Text()))
            return column.in_(query if seen is None else query.where(seen))
        same = column == sa.bindparam(name, type_=sa.BigInteger())
        if seen is None or virtual:
            return same
        query = sa.select(directory.c.oid).where(directory.c.oid == sa.bindparam(name, type_=sa.BigInteger()), seen)
        return sa.and_(same, query.correlate_except(directory).exists())

    def _named(self, target: sa.FromClause, step: Step, value: NameValue, operator: Operator, name: str) -> Predicate:
        found = self._text(self._attribute(target, value.attribute, step.targets), operator, value.text, name)
        if value.number is None or value.formatted_id is None or operator is Operator.CONTAINS:
            return found
        numbered = Step(value.formatted_id, step.targets[0], step.targets)
        number = self._number_of(target, numbered) == sa.bindparam(f"{name}_number", type_=sa.BigInteger())
        return sa.or_(found, number)

    def _collection_test(
        self, table: sa.FromClause, step: Step, value: object, operator: Operator, name: str
    ) -> Predicate:
        if step.attribute.custom:
            return self._custom_choice(table, step.attribute, value, name)
        if value is None:
            return sa.not_(self._some_member(table, step, None))
        if isinstance(value, RefValue):
            parameter = (
                sa.bindparam(name, type_=sa.BigInteger())
                if value.ref.uuid is None
                else sa.bindparam(name, type_=sa.Text())
            )
            column = "oid" if value.ref.uuid is None else "uuid"
            return self._some_member(table, step, lambda member: member.c[column] == parameter)
        if isinstance(value, NameValue):
            return self._some_member(table, step, lambda member: self._named(member, step, value, operator, name))
        return sa.false()

    def _custom_choice(self, table: sa.FromClause, attribute: AttributeDef, value: object, name: str) -> Predicate:
        """A multi-value field is a JSON list of the chosen values' texts."""
        if self._dialect.name == "sqlite":
            path: sa.ColumnElement[str] = sa.literal_column(f"'$.\"{attribute.name}\"'")
            chosen = sa.func.json_each(table.c.custom_fields, path).table_valued("value")
            each: sa.ColumnElement[Any] = chosen.c.value
        else:
            listed = sa.cast(table.c.custom_fields, postgresql.JSONB)[attribute.name]
            chosen = sa.func.jsonb_array_elements_text(
                sa.func.coalesce(listed, sa.cast("[]", postgresql.JSONB))
            ).table_valued("value")
            each = chosen.c.value
        query: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(chosen)
        if value is None:
            return sa.not_(query.exists())
        if isinstance(value, NameValue):
            bound = sa.bindparam(name, type_=sa.Text())
            return query.where(self._folded(each, ascii_only=value.text.isascii()) == bound).exists()
        return sa.false()

    # ------------------------------------------------------------------ order

    def ordered(self, query: sa.Select[Any], selection: Selection) -> sa.Select[Any]:
        """Add the order, which always ends with ObjectID so that pages are stable."""
        table = self._layout.of(selection.candidates[0]).table
        for key in selection.order:
            for element in self._sort(table, key):
                query = query.order_by(element)
        return query

    def _sort(self, table: sa.FromClause, key: SortKey) -> Iterator[sa.ColumnElement[Any]]:
        last = key.path[-1]
        value = self._sort_value(table, key.path)
        never_null = len(key.path) == 1 and (last.attribute.required or last.attribute.name in _ALWAYS_SET)
        if key.descending:
            yield value.desc() if never_null else value.desc().nulls_last()
        else:
            yield value.asc() if never_null else value.asc().nulls_first()

    def _sort_value(self, table: sa.FromClause, path: tuple[Step, ...]) -> sa.ColumnElement[Any]:
        step, *rest = path
        if rest:
            column = self._column(table, step)
            if not self._by_table(step.targets):
                # What leads to a definition is sorted by its id: its other attributes are not in the database.
                return column
            parts = []
            for candidates in self._by_table(step.targets):
                target = self._layout.of(candidates[0]).table.alias()
                seen = visibility.of_type(self._dialect, self._sight, target, candidates)
                query = sa.select(self._sort_value(target, tuple(rest))).where(target.c.oid == column)
                query = query if seen is None else query.where(seen)
                parts.append(query.correlate_except(target).scalar_subquery())
            return sa.func.coalesce(*parts, sa.null()) if len(parts) > 1 else (parts[0] if parts else sa.null())
        attribute = step.attribute
        if attribute.name == "FormattedID" and "FormattedIDID" in step.candidates[0].attributes:
            return self._number_of(table, step)
        if attribute.is_object:
            return self._sort_by_name(table, step)
        column = self._column(table, step)
        if attribute.type in {AttributeType.RATING, AttributeType.STATE} and attribute.values:
            ranks = {value: n for n, value in enumerate(attribute.values)}
            return sa.case(
                *(
                    (column == sa.literal_column(_quoted(value)), sa.literal_column(str(n)))
                    for value, n in ranks.items()
                ),
                else_=sa.literal_column(str(len(ranks))),
            )
        if kind_of(attribute) is ColumnKind.TEXT and attribute.name not in _ALWAYS_SET:
            return self._folded(column, ascii_only=True)
        return column

    def _sort_by_name(self, table: sa.FromClause, step: Step) -> sa.ColumnElement[Any]:
        directory = self._layout.table("directory").alias()
        seen = visibility.of_directory(self._dialect, self._sight, directory)
        query = sa.select(self._folded(directory.c.name, ascii_only=True)).where(
            directory.c.oid == self._column(table, step)
        )
        query = query if seen is None else query.where(seen)
        return query.correlate_except(directory).scalar_subquery()


_ALWAYS_SET = frozenset({"ObjectID", "ObjectUUID", "CreationDate", "VersionId", "DragAndDropRank"})


class _Counter:
    """Names the comparisons of a condition in the order in which they are met."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._next = 0

    def next(self) -> str:
        self._next += 1
        return f"{self._prefix}{self._next - 1}"


_FLAT = 100
"""Parts that stand side by side; more are nested in halves, for databases bound the depth of an expression."""


def _balanced(join: Callable[..., Predicate], parts: Sequence[Predicate]) -> Predicate:
    if not parts:
        return sa.false()
    if len(parts) <= _FLAT:
        return join(*parts)
    half = len(parts) // 2
    return join(Grouping(_balanced(join, parts[:half])), Grouping(_balanced(join, parts[half:])))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%").replace(":", "\\:") + "'"


def typed(table: sa.FromClause, candidates: Sequence[TypeDef], *, indexed: bool = True) -> Predicate:
    """Rows of these concrete types.

    Where something else leads to the rows, the parent of a collection's members say, `indexed` is false: without statistics
    SQLite takes the index on the type for as good as that on the parent, and reads every row of the type.
    """
    column = table.c.concrete_type if indexed else table.c.concrete_type.concat(sa.literal_column("''"))
    names = [item.name for item in candidates]
    if len(names) == 1:
        return column == names[0]
    return sa.or_(*(column == name for name in names))


def _true_on_null(rest: Sequence[Step], comparison: Comparison) -> bool:
    """Whether the comparison holds where the way to its attribute breaks off at an object that is not there."""
    if any(step.attribute.is_collection for step in rest[:-1]):
        return False
    if comparison.operator in _NEGATIVE:
        return None not in comparison.values
    return comparison.operator in {Operator.EQUAL, Operator.IN} and None in comparison.values


def _path_shape(path: Sequence[Step]) -> Hashable:
    return tuple(
        (
            step.attribute.owner,
            step.attribute.name,
            step.attribute.type,
            step.attribute.of,
            step.attribute.values if step.attribute.type in {AttributeType.RATING, AttributeType.STATE} else None,
            tuple(item.name for item in step.targets),
        )
        for step in path
    )


def _shape(condition: Condition | None, prefix: str, values: dict[str, Any]) -> Hashable:
    """Give the shape of a condition and put its values under the names that the SQL gives them."""
    counter = _Counter(prefix)

    def visit(part: Condition) -> Hashable:
        if isinstance(part, And):
            return ("and", *(visit(inner) for inner in part.parts))
        if isinstance(part, Or):
            return ("or", *(visit(inner) for inner in part.parts))
        place = counter.next()
        marks = tuple(_bind(part, value, f"{place}_{n}", values) for n, value in enumerate(part.values))
        for step in part.path:
            if step.where is not None:
                _shape(step.where, _own_prefix(step.attribute), values)
        return (_path_shape(part.path), part.operator.value, part.kind.name, marks)

    return None if condition is None else visit(condition)


def _own_prefix(collection: AttributeDef) -> str:
    """Give how the values of a collection's own condition are named; they are the catalogue's, so always the same."""
    return f"own{abs(collection.definition_id)}_"


def _bind(comparison: Comparison, value: object, name: str, values: dict[str, Any]) -> Hashable:
    """Put one value under its name, and give what of it changes the SQL."""
    if value is None:
        return "null"
    if isinstance(value, RefValue):
        by_uuid = value.ref.uuid is not None
        values[name] = value.ref.uuid if by_uuid else value.ref.object_id
        return "uuid" if by_uuid else "oid"
    if isinstance(value, NameValue):
        values[name] = fold_needle(value.text)
        if value.number is not None:
            values[f"{name}_number"] = value.number
        return (value.attribute.name, value.text.isascii(), value.number is not None)
    if comparison.kind is Kind.TEXT:
        values[name] = fold_needle(str(value))
        return ("text", str(value).isascii())
    attribute = comparison.attribute
    values[name] = (
        float(value)
        if attribute.type in NUMERIC and attribute.type is not AttributeType.INTEGER and isinstance(value, int)
        else value
    )
    return "value"


def fold_needle(text: str) -> str:
    """Fold what is looked for as the columns are folded: ASCII letters alone when it is ASCII, everything otherwise."""
    return text.lower()
