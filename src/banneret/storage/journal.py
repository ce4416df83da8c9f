"""What keys were used for: the latest requests of each, and counts an hour. Rows come in by the hundred, as one JSON text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statement, Statements
    from banneret.storage.tables import Layout

_REQUEST = {
    "key_oid": "BIGINT",
    "number": "BIGINT",
    "method": "TEXT",
    "path": "TEXT",
    "status": "BIGINT",
    "reason": "TEXT",
    "address": "TEXT",
    "client": "TEXT",
    "microseconds": "BIGINT",
}
_HOUR = {"key_oid": "BIGINT", "hour": "BIGINT", "reads": "BIGINT", "writes": "BIGINT", "refused": "BIGINT"}
_COUNTS = ("reads", "writes", "refused")
_CLIENT = {
    "key_oid": "BIGINT",
    "client": "TEXT",
    "address": "TEXT",
    "first": "BIGINT",
    "last": "BIGINT",
    "requests": "BIGINT",
    "refused": "BIGINT",
}


_SEARCHED = ("path", "client", "address")
_NUMBERS_AN_HOUR = 3_600_000 << 20
"""A number counts milliseconds, and 20 bits of requests within each."""

_HOURS = 6
"""How many hours can be asked for at a time."""


class Journal:
    """The journal through one connection. A request's `number` grows with its time; an hour counts from the epoch's."""

    def __init__(self, connection: Connection, layout: Layout, statements: Statements) -> None:
        self._connection = connection
        self._layout = layout
        self._statements = statements

    async def add(self, requests: Sequence[Sequence[Any]]) -> None:
        """Add requests: key, number, method, path, status, reason, address, client, microseconds."""
        await self._insert("key_request", _REQUEST, requests, " ON CONFLICT (key_oid, number) DO NOTHING")

    async def count(self, hours: Sequence[Sequence[int]]) -> None:
        """Add to the counts of hours: key, hour, reads, writes, refused."""
        raised = ", ".join(f"{name} = key_hour.{name} + excluded.{name}" for name in _COUNTS)
        await self._insert("key_hour", _HOUR, hours, f" ON CONFLICT (key_oid, hour) DO UPDATE SET {raised}")

    async def meet(self, clients: Sequence[Sequence[Any]]) -> None:
        """Add to what is known of clients: key, client, address, first and last moment (milliseconds), requests, refused."""
        later = "CASE WHEN excluded.last > key_client.last THEN excluded.last ELSE key_client.last END"
        raised = ", ".join(f"{name} = key_client.{name} + excluded.{name}" for name in ("requests", "refused"))
        rest = f" ON CONFLICT (key_oid, client, address) DO UPDATE SET last = {later}, {raised}"
        await self._insert("key_client", _CLIENT, clients, rest)

    async def keep_last_met(self, keys: Iterable[int], rows: int) -> None:
        """Remove all but those `rows` clients of keys that were met last."""
        table = self._layout.table("key_client")

        def build() -> sa.ClauseElement:
            key = sa.bindparam("key", type_=sa.BigInteger())
            rest = sa.bindparam("rows", type_=sa.BigInteger())
            who = sa.tuple_(table.c.client, table.c.address)
            met = sa.select(table.c.client, table.c.address).where(table.c.key_oid == key)
            former = met.order_by(table.c.last.desc(), table.c.client, table.c.address).offset(rest)
            return sa.delete(table).where(table.c.key_oid == key, who.in_(former))

        statement = self._statements.get("clients met last", build)
        for oid in sorted(keys):
            await self._run(statement, {"key": oid, "rows": rows})

    async def clients(self, key: int, since: int) -> Sequence[Row]:
        """Give who used a key since a moment (milliseconds), the last one first: the columns of `meet` but the key."""
        table = self._layout.table("key_client")

        def build() -> sa.ClauseElement:
            return (
                sa.select(*(table.c[name] for name in tuple(_CLIENT)[1:]))
                .where(
                    table.c.key_oid == sa.bindparam("key", type_=sa.BigInteger()),
                    table.c.last >= sa.bindparam("since", type_=sa.BigInteger()),
                )
                .order_by(table.c.last.desc(), table.c.client, table.c.address)
            )

        return await self._connection.fetch(
            self._statements.get("clients of a key", build), {"key": key, "since": since}
        )

    async def refuse(self, counts: Mapping[int, int]) -> None:
        """Add to the keys' counts of refused uses."""
        key = self._layout.table("api_key")

        def build() -> sa.ClauseElement:
            more = sa.bindparam("more", type_=sa.BigInteger())
            chosen = key.c.oid == sa.bindparam("key", type_=sa.BigInteger())
            return sa.update(key).where(chosen).values(refused_count=key.c.refused_count + more)

        statement = self._statements.get("refused uses", build)
        # In order of the keys, so that two processes never wait for each other crosswise.
        for oid, more in sorted(counts.items()):
            await self._run(statement, {"key": oid, "more": more})

    async def keep_latest(self, keys: Iterable[int], rows: int) -> None:
        """Remove all but the latest `rows` requests of keys."""
        table = self._layout.table("key_request")

        def build() -> sa.ClauseElement:
            key = sa.bindparam("key", type_=sa.BigInteger())
            last = sa.bindparam("rows", type_=sa.BigInteger())
            kept = sa.select(table.c.number).where(table.c.key_oid == key).order_by(table.c.number.desc())
            oldest = kept.offset(last).limit(1).scalar_subquery()
            return sa.delete(table).where(table.c.key_oid == key, table.c.number <= oldest)

        statement = self._statements.get("latest requests", build)
        for oid in sorted(keys):
            await self._run(statement, {"key": oid, "rows": rows})

    async def forget_before(self, number: int, hour: int, moment: int) -> None:
        """Remove the requests and the hours of every key before these, and the clients that were last met before a moment."""
        kinds = (("key_request", "number", number), ("key_hour", "hour", hour), ("key_client", "last", moment))
        for name, column, before in kinds:
            table = self._layout.table(name)
            statement = self._statements.get(
                ("forget", name),
                lambda table=table, column=column: sa.delete(table).where(  # type: ignore[misc]
                    table.c[column] < sa.bindparam("before", type_=sa.BigInteger())
                ),
            )
            await self._run(statement, {"before": before})

    async def requests(self, key: int, before: int, count: int, wanted: Mapping[str, Any]) -> Sequence[Row]:
        """Give a key's requests with numbers below `before`, latest first, at most `count`: the columns of `add` but the key.

        `wanted` are those not below the number `since`, with a status from `low` to `high`, that `failed` (1) or did not (0) or
        either (2), read (0), write (1) or were refused (2) or any of it (3) by `kind`, and have the lower-case texts `path`,
        `client` and `address` in them. Where `hour0` is not negative, they came in one of the hours `hour0` to `hour5`.
        """
        table = self._layout.table("key_request")

        def number(name: str) -> sa.BindParameter[int]:
            return sa.bindparam(name, type_=sa.BigInteger())

        def build() -> sa.ClauseElement:
            postgresql = self._statements.dialect.name == "postgresql"
            place = sa.func.strpos if postgresql else sa.func.instr
            failed = sa.case((table.c.reason.is_(None), 0), else_=1)
            reads = table.c.method.in_(sa.literal_column(f"'{name}'") for name in ("GET", "HEAD", "OPTIONS"))
            refused = table.c.status.in_(sa.literal_column(status) for status in ("401", "403"))
            kind = sa.case((refused, 2), (reads, 0), else_=1)
            hour = sa.literal_column(f"{_NUMBERS_AN_HOUR}", sa.BigInteger())
            hours = [number(f"hour{place}") for place in range(_HOURS)]
            has = [
                place(sa.func.lower(sa.func.coalesce(table.c[name], "")), sa.bindparam(name, type_=sa.Text())) > 0
                for name in _SEARCHED
            ]
            return (
                sa.select(*(table.c[name] for name in tuple(_REQUEST)[1:]))
                .where(
                    table.c.key_oid == number("key"),
                    table.c.number < number("before"),
                    table.c.number >= number("since"),
                    table.c.status.between(number("low"), number("high")),
                    sa.or_(number("failed") == 2, failed == number("failed")),
                    sa.or_(number("kind") == 3, kind == number("kind")),
                    sa.or_(hours[0] < 0, *((table.c.number // hour) == each for each in hours)),
                    *has,
                )
                .order_by(table.c.number.desc())
                .limit(number("count"))
            )

        statement = self._statements.get("requests of a key", build)
        return await self._connection.fetch(statement, {"key": key, "before": before, "count": count, **wanted})

    async def hours(self, key: int, since: int) -> Sequence[Row]:
        """Give a key's counts since an hour: hour, reads, writes, refused."""
        table = self._layout.table("key_hour")

        def build() -> sa.ClauseElement:
            return (
                sa.select(*(table.c[name] for name in ("hour", *_COUNTS)))
                .where(
                    table.c.key_oid == sa.bindparam("key", type_=sa.BigInteger()),
                    table.c.hour >= sa.bindparam("since", type_=sa.BigInteger()),
                )
                .order_by(table.c.hour)
            )

        statement = self._statements.get("hours of a key", build)
        return await self._connection.fetch(statement, {"key": key, "since": since})

    async def _insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], rest: str) -> None:
        """Insert any number of rows by a statement that is always the same: drivers keep one, not one a number of rows."""
        if not rows:
            return

        def build() -> sa.ClauseElement:
            postgresql = self._statements.dialect.name == "postgresql"
            source = "json_array_elements(CAST(:rows AS json))" if postgresql else "json_each(:rows)"
            values = ", ".join(f"CAST(v.value ->> {n} AS {kind})" for n, kind in enumerate(columns.values()))
            # Without the condition SQLite would take ON for that of a join.
            sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source} AS v WHERE true{rest}"
            return sa.text(sql).bindparams(sa.bindparam("rows", type_=sa.Text()))

        await self._run(self._statements.get(("journal", table), build), {"rows": msgspec.json.encode(rows).decode()})

    async def _run(self, statement: Statement, values: dict[str, Any]) -> None:
        await self._connection.write_all([(statement, values)])
