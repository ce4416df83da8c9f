"""Selections as SQL: types, scope, sight, membership, condition and order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.storage import search, visibility
from banneret.storage.columns import typed
from banneret.storage.conditions import Conditions
from banneret.storage.memberships import Memberships
from banneret.storage.orders import Orders
from banneret.storage.shapes import Counter, condition_shape, path_shape

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from banneret.access.sight import Sight
    from banneret.query.search import Term
    from banneret.query.selection import Membership, Selection
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout

Predicate = sa.ColumnElement[bool]


class Filters:
    """Builds what selects objects for one reader's sight."""

    def __init__(self, layout: Layout, dialect: Dialect, sight: Sight) -> None:
        self._layout = layout
        self._dialect = dialect
        self._sight = sight

    def shape(self, selection: Selection) -> tuple[Hashable, dict[str, Any]]:
        """Give what of a selection changes the SQL, and the values that the SQL binds."""
        values = dict(visibility.values(self._dialect, self._sight))
        scope, member_of = selection.scope, selection.member_of
        if scope.workspace is not None:
            values["scope_workspace"] = scope.workspace
        if scope.projects is not None:
            values["scope_projects"] = self._dialect.integers(scope.projects)
        condition = condition_shape(selection.condition, "p", values)
        member: Hashable = None
        if member_of is not None:
            values["owner"] = member_of.owner
            where = condition_shape(member_of.where, "w", values)
            member = (member_of.attribute.owner, member_of.attribute.name, member_of.attribute.of, where)
        if selection.search:
            values |= search.values(self._dialect, selection.search)
        shape = (
            tuple(item.name for item in selection.candidates),
            scope.workspace is None,
            scope.projects is None,
            condition,
            member,
            bool(selection.search) if selection.search is not None else None,
            visibility.shape(self._sight),
            selection.walks,
        )
        return shape, values

    @staticmethod
    def order_shape(selection: Selection) -> Hashable:
        """Give what of a selection's order changes the SQL."""
        return tuple((path_shape(key.path), key.descending) for key in selection.order)

    def restrict(self, query: sa.Select[Any], selection: Selection) -> sa.Select[Any]:
        """Add everything that the selection demands but order and page."""
        family = self._layout.of(selection.candidates[0])
        table = family.table
        query = query.select_from(table)
        if selection.walks and selection.by_age:
            # Without statistics SQLite takes whatever index it can, and then sorts all that it found.
            query = query.with_hint(table, "NOT INDEXED", "sqlite")
        if family.several:
            # Of several types in given projects the index on projects finds fewer; without a condition nothing finds less.
            placed = (
                len(selection.candidates) > 1 and selection.scope.projects is not None and selection.condition is None
            )
            leads = selection.member_of is None and selection.search is None and not placed
            query = query.where(typed(table, selection.candidates, indexed=leads))
        demands = [
            visibility.of_type(self._dialect, self._sight, table, selection.candidates),
            *self._scoped(table, selection),
        ]
        if selection.search is not None:
            demands.append(self._found(table, selection.search))
        conditions = Conditions(self._layout, self._dialect, self._sight)
        if selection.member_of is not None:
            demands.append(self._member(table, selection.member_of, conditions))
        if selection.condition is not None:
            demands.append(conditions.of(table, selection.condition, Counter("p")))
        return query.where(*(demand for demand in demands if demand is not None))

    def _found(self, table: sa.FromClause, terms: tuple[Term, ...]) -> Predicate:
        return search.found(self._layout, self._dialect, table.c.oid) if terms else sa.false()

    def _scoped(self, table: sa.FromClause, selection: Selection) -> Iterator[Predicate]:
        item = selection.candidates[0]
        if selection.scope.workspace is not None and "Workspace" in item.attributes:
            same = table.c.workspace_oid == sa.bindparam("scope_workspace", type_=sa.BigInteger())
            yield sa.or_(same, table.c.workspace_oid.is_(None)) if item.name == "Preference" else same
        # Types without a project of their own ignore the project parameter (wsapi.md 3.1).
        if selection.scope.projects is not None and "Project" in item.attributes and item.table != "UserPermission":
            yield self._dialect.any_of(table.c.project_oid, "scope_projects")

    def _member(self, table: sa.FromClause, member_of: Membership, conditions: Conditions) -> Predicate | None:
        """`table`'s row is a member of that object's collection; each row comes once, however often it is joined."""
        owner = sa.bindparam("owner", type_=sa.BigInteger())
        where, members = member_of.where, member_of.attribute.members
        memberships = Memberships(self._layout)
        joining = memberships.joining(members) if members is not None else None
        if members is None or joining is None:
            found = memberships.referring(table, members, owner)
            own = None if where is None else conditions.of(table, where, Counter("w"))
        else:
            pairs, near, far, kept = joining
            inner = sa.select(far).where(kept, near == owner)
            if members.through is not None and where is not None:
                inner = inner.where(conditions.of(pairs, where, Counter("w")))
            found, own = table.c.oid.in_(inner), None
            if members.through is None and where is not None:
                own = conditions.of(table, where, Counter("w"))
        parts = [part for part in (found, own) if part is not None]
        return sa.and_(*parts) if parts else None

    def ordered(self, query: sa.Select[Any], selection: Selection) -> sa.Select[Any]:
        """Add the order."""
        table = self._layout.of(selection.candidates[0]).table
        if selection.search and not selection.order:
            return query.order_by(*search.by_relevance(self._layout, self._dialect, table.c.oid))
        return query.order_by(*Orders(self._layout, self._dialect, self._sight).of(table, selection.order))
