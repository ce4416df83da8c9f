"""Query conditions as SQL. The twin of `query/evaluate.py`.

Whatever a path or collection leads to is held against the reader's sight: what he may not see counts as not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import Grouping

from banneret.query.condition import And, Comparison, Condition, NameValue, Or, RefValue, Step
from banneret.query.operators import Kind, Operator
from banneret.storage import visibility
from banneret.storage.columns import COLUMN_TYPES, Columns, by_table, typed
from banneret.storage.memberships import Memberships
from banneret.storage.shapes import Counter, own_prefix
from banneret.storage.tables import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from banneret.access.sight import Sight
    from banneret.catalogue.model import AttributeDef
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

Predicate = sa.ColumnElement[bool]


class Conditions:
    """Builds conditions for one reader's sight."""

    def __init__(self, layout: Layout, dialect: Dialect, sight: Sight) -> None:
        self._layout = layout
        self._dialect = dialect
        self._sight = sight
        self._columns = Columns(layout, dialect)
        self._memberships = Memberships(layout)

    def of(self, table: sa.FromClause, condition: Condition, counter: Counter) -> Predicate:
        """Give the condition on a row of `table`; `counter` names its comparisons."""
        if isinstance(condition, And):
            return _balanced(sa.and_, [self.of(table, part, counter) for part in condition.parts])
        if isinstance(condition, Or):
            return _balanced(sa.or_, [self.of(table, part, counter) for part in condition.parts])
        return self._path(table, condition.path, condition, counter.next())

    def _path(self, table: sa.FromClause, path: tuple[Step, ...], comparison: Comparison, place: str) -> Predicate:
        step, *rest = path
        if not rest:
            return self._leaf(table, step, comparison, place)

        def inner(target: sa.FromClause) -> Predicate:
            return self._path(target, tuple(rest), comparison, place)

        if step.attribute.is_collection:
            return self._some_member(table, step, inner)
        column = self._columns.step(table, step)
        found = self._some_target(step, column, inner)
        if not _true_on_null(rest, comparison):
            return found
        return sa.or_(found, sa.not_(self._some_target(step, column, None)))

    def _some_target(
        self, step: Step, column: sa.ColumnElement[Any], inner: Callable[[sa.FromClause], Predicate] | None
    ) -> Predicate:
        """The object that the column refers to is there, may be seen, and satisfies `inner`."""
        parts: list[Predicate] = []
        for candidates in by_table(step.targets):
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
        for candidates in by_table(step.targets):
            family = self._layout.of(candidates[0])
            member = family.table.alias()
            demands = [
                typed(member, candidates, indexed=False) if family.several else None,
                visibility.of_type(self._dialect, self._sight, member, candidates),
                inner(member) if inner is not None else None,
            ]
            asked: sa.FromClause = member
            joining = self._memberships.joining(members) if members is not None else None
            if joining is None:
                demands.append(self._memberships.referring(member, members, table.c.oid))
                query = sa.select(member.c.oid)
            else:
                pairs, near, far, kept = joining
                demands += [kept, near == table.c.oid]
                query = sa.select(member.c.oid).join(pairs, far == member.c.oid)
                asked = pairs if members is not None and members.through is not None else member
            if step.where is not None:
                demands.append(self.of(asked, step.where, Counter(own_prefix(step.attribute))))
            query = query.where(*(demand for demand in demands if demand is not None))
            parts.append(query.correlate(table).exists())
        return sa.or_(*parts) if parts else sa.false()

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
        column = self._columns.step(table, step)
        if value is None:
            if step.attribute.is_object and not self._sight.everything and by_table(step.targets):
                return sa.not_(self._some_target(step, column, None))
            # Empty text is stored as null (wsapi.md 4.2).
            return column.is_(None)
        match comparison.kind:
            case Kind.TEXT:
                return self._text(column, operator, str(value), name)
            case Kind.FORMATTED_ID:
                return self._compare(self._columns.number(table, step), operator, name, sa.BigInteger())
            case Kind.IDENTITY if isinstance(value, RefValue):
                return self._identity(step, column, value, name)
            case Kind.NAME if isinstance(value, NameValue):
                return self._some_target(step, column, lambda target: self._named(target, step, value, operator, name))
            case _:
                return self._compare(column, operator, name, COLUMN_TYPES[kind_of(step.attribute)])

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
        folded = self._columns.folded(column, ascii_only=value.isascii())
        bound = sa.bindparam(name, type_=sa.Text())
        if operator is Operator.CONTAINS:
            find = sa.func.instr if self._dialect.name == "sqlite" else sa.func.strpos
            return find(folded, bound) > 0
        ordered = _ORDERED.get(operator)
        return folded == bound if ordered is None else ordered(folded, bound)

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
        found = self._text(self._columns.attribute(target, value.attribute, step.targets), operator, value.text, name)
        if value.number is None or value.formatted_id is None or operator is Operator.CONTAINS:
            return found
        numbered = Step(value.formatted_id, step.targets[0], step.targets)
        number = self._columns.number(target, numbered) == sa.bindparam(f"{name}_number", type_=sa.BigInteger())
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
            return query.where(self._columns.folded(each, ascii_only=value.text.isascii()) == bound).exists()
        return sa.false()


_FLAT = 100
"""Parts that stand side by side; more are nested in halves, for databases bound the depth of an expression."""


def _balanced(join: Callable[..., Predicate], parts: Sequence[Predicate]) -> Predicate:
    if not parts:
        return sa.false()
    if len(parts) <= _FLAT:
        return join(*parts)
    half = len(parts) // 2
    return join(Grouping(_balanced(join, parts[:half])), Grouping(_balanced(join, parts[half:])))


def _true_on_null(rest: Sequence[Step], comparison: Comparison) -> bool:
    """Whether the comparison holds where the way to its attribute breaks off at an object that is not there."""
    if any(step.attribute.is_collection for step in rest[:-1]):
        return False
    if comparison.operator in _NEGATIVE:
        return None not in comparison.values
    return comparison.operator in {Operator.EQUAL, Operator.IN} and None in comparison.values
