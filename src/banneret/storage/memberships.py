"""Who is a member of a collection: by what it refers to, by a link, by rows between, or by a chain of parents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.storage.chains import CHAINS

if TYPE_CHECKING:
    from banneret.catalogue.model import Members
    from banneret.storage.tables import Layout

Predicate = sa.ColumnElement[bool]


class Memberships:
    """Tells what the catalogue says about members in SQL."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def referring(
        self, table: sa.FromClause, members: Members | None, owner: sa.ColumnElement[Any]
    ) -> Predicate | None:
        """`table`'s row belongs to the owner by what it refers to itself, or by a chain of such; None for all rows."""
        if members is None or (members.derived is not None and members.derived not in CHAINS):
            return sa.false()
        if members.derived is not None:
            chain = CHAINS[members.derived](self._layout, lambda column: column == owner).subquery()
            return table.c.oid.in_(sa.select(chain.c.member))
        return None if members.via is None else table.c[members.via.lower() + "_oid"] == owner

    def joining(
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
