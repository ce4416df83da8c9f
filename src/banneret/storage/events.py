"""The events of one object: who changed it, with which credential and client, and what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout

_BY_KEY = "key:"


async def of_object(
    connection: Connection, layout: Layout, statements: Statements, oid: int, *, after: int, upto: int
) -> Sequence[Row]:
    """Give `(version, at, kind, user, credential, client, key, key's name, diff)` of versions above `after` up to `upto`."""
    event, key = layout.table("event"), layout.table("api_key")

    def build() -> sa.ClauseElement:
        # Only a credential that is a key's may be read as a number; PostgreSQL refuses to read the others.
        number = sa.cast(sa.func.substr(event.c.credential, len(_BY_KEY) + 1), sa.BigInteger())
        holder = sa.case((event.c.credential.like(f"{_BY_KEY}%"), number), else_=None)
        return (
            sa.select(
                *(event.c.version, event.c.at, event.c.kind, event.c.user_oid, event.c.credential, event.c.client),
                *(key.c.oid, key.c.display_name, event.c.diff),
            )
            .select_from(event.outerjoin(key, key.c.oid == holder))
            .where(
                event.c.oid == sa.bindparam("oid", type_=sa.BigInteger()),
                event.c.version > sa.bindparam("after", type_=sa.BigInteger()),
                event.c.version <= sa.bindparam("upto", type_=sa.BigInteger()),
            )
            .order_by(event.c.version, event.c.seq)
        )

    statement = statements.get(("events of",), build)
    return await connection.fetch(statement, {"oid": oid, "after": after, "upto": upto})
