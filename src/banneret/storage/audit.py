"""The audit log: events of administration, newest first, from a place in time onwards.

The indexes hold these events alone, so that neither writing nor the number of work items' events costs anything here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.access.audit import AUDITED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout

BY_KEY = "key:"


def audited(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Give the condition of the indexes. SQLite uses them where a statement has it word for word."""
    return column.in_([sa.literal_column(f"'{name}'") for name in AUDITED])


async def trail(
    connection: Connection,
    layout: Layout,
    statements: Statements,
    *,
    where: Mapping[str, Any],
    kinds: Collection[str],
    count: int,
) -> Sequence[Row]:
    """Give events as `(seq, at, kind, type, oid, user, user's name, credential, key's name, client, address, diff, name)`.

    `where` may have `user` and `object` (ObjectIDs), `since` and `until` (wire form; `until` itself is outside), and `before`,
    the `(at, seq)` of the last event that is known already. `kinds` are types, empty for all.
    """
    event, user, key = layout.table("event"), layout.table("user"), layout.table("api_key")
    directory, subject = layout.table("directory"), layout.table("api_key").alias("subject")
    chosen = tuple(sorted(set(kinds) & set(AUDITED)))

    def build() -> sa.ClauseElement:
        # Only a credential that is a key's may be read as a number; PostgreSQL refuses to read the others.
        number = sa.cast(sa.func.substr(event.c.credential, len(BY_KEY) + 1), sa.BigInteger())
        holder = sa.case((event.c.credential.like(f"{BY_KEY}%"), number), else_=None)
        joined = (
            event.outerjoin(user, user.c.oid == event.c.user_oid)
            .outerjoin(key, key.c.oid == holder)
            .outerjoin(directory, directory.c.oid == event.c.oid)
            .outerjoin(subject, subject.c.oid == event.c.oid)
        )
        query = (
            sa.select(
                *(event.c.seq, event.c.at, event.c.kind, event.c.type, event.c.oid, event.c.user_oid, user.c.username),
                *(event.c.credential, key.c.display_name, event.c.client, event.c.address, event.c.diff),
                sa.func.coalesce(directory.c.name, subject.c.display_name),
            )
            .select_from(joined)
            .where(audited(event.c.type))
            .order_by(event.c.at.desc(), event.c.seq.desc())
            .limit(sa.bindparam("count", type_=sa.BigInteger()))
        )
        if chosen:
            query = query.where(event.c.type.in_([sa.literal_column(f"'{name}'") for name in chosen]))
        for name, condition in _conditions(event).items():
            if name in where:
                query = query.where(condition)
        return query

    bound = {name: value for name, value in where.items() if name != "before"}
    if "before" in where:
        bound["at"], bound["seq"] = where["before"]
    statement = statements.get(("audit", chosen, tuple(sorted(where))), build)
    return await connection.fetch(statement, {**bound, "count": count})


def _conditions(event: sa.Table) -> dict[str, sa.ColumnElement[bool]]:
    text, number = sa.Text(), sa.BigInteger()
    place = sa.tuple_(sa.bindparam("at", type_=text), sa.bindparam("seq", type_=number))
    return {
        "user": event.c.user_oid == sa.bindparam("user", type_=number),
        "object": event.c.oid == sa.bindparam("object", type_=number),
        "since": event.c.at >= sa.bindparam("since", type_=text),
        "until": event.c.at < sa.bindparam("until", type_=text),
        "before": sa.tuple_(event.c.at, event.c.seq) < place,
    }
