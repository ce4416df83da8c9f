"""Which contents nobody will ask for any more; everything else about contents is rows by their key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from banneret.catalogue.model import TypeDef
    from banneret.storage.driver import Connection
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout


async def abandoned(
    connection: Connection, layout: Layout, statements: Statements, before: str, count: int
) -> list[int]:
    """Give the ids of uploads that began before a moment (wire form) and never became an object's content, oldest first."""
    content = layout.table("content")

    def build() -> sa.ClauseElement:
        return (
            sa.select(content.c.id)
            .where(content.c.owner_oid.is_(None), content.c.begun_at < sa.bindparam("before", type_=sa.Text()))
            .order_by(content.c.begun_at)
            .limit(sa.bindparam("count", type_=sa.BigInteger()))
        )

    rows = await connection.fetch(statements.get("abandoned", build), {"before": before, "count": count})
    return [row[0] for row in rows]


async def unused(
    connection: Connection, layout: Layout, statements: Statements, item: TypeDef, before: str, count: int
) -> list[tuple[int, int | None]]:
    """Give `(oid, workspace)` of objects that were made before a moment to be used by something, and are not."""
    table = layout.of(item).table

    def build() -> sa.ClauseElement:
        return (
            sa.select(table.c.oid, table.c.workspace_oid)
            .where(table.c.uploader_oid.is_not(None), table.c.creationdate < sa.bindparam("before", type_=sa.Text()))
            .order_by(table.c.uploader_oid, table.c.oid)  # by the index of those few
            .limit(sa.bindparam("count", type_=sa.BigInteger()))
        )

    rows = await connection.fetch(statements.get(("unused", table.name), build), {"before": before, "count": count})
    return [(row[0], row[1]) for row in rows]
