"""Keys, passwords and sessions: who may come in. Values of keys and sessions are kept as hashes only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from banneret.access.identity import KeyRecord, SessionKind, SessionRecord, UserRecord
from banneret.access.keys import Grant
from banneret.kernel.values import from_wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout

_USER_COLUMNS = 17
_FOREVER = "3000-01-01T00:00:00.000Z"
"""AccountLockedUntil of a user who is locked for inactivity (KB 57603)."""


class Accounts:
    """Look-ups that authentication makes, one statement each."""

    def __init__(self, connection: Connection, layout: Layout, statements: Statements) -> None:
        self._connection = connection
        self._layout = layout
        self._statements = statements

    # ------------------------------------------------------------------ users

    def _users(self, first: sa.Table | None = None) -> tuple[list[sa.ColumnElement[Any]], sa.FromClause]:
        """Give the columns of a user and the join that has them; `first` is the table that leads to the user."""
        user, password = self._layout.table("user"), self._layout.table("password")
        profile = self._layout.table("userprofile")
        columns: list[sa.ColumnElement[Any]] = [
            *(user.c.oid, user.c.uuid, user.c.username, user.c.displayname, user.c.disabled, user.c.deleted),
            *(user.c.accountlockeduntil, user.c.isonssoexceptionlist, user.c.subscriptionadmin),
            *(user.c.cancreateapikey, password.c.hash, password.c.set_at, password.c.locked_by_admin),
            *(profile.c.defaultworkspace_oid, profile.c.defaultproject_oid, password.c.failures),
            password.c.second_factor,
        ]
        start = user if first is None else first.join(user, user.c.oid == first.c.user_oid)
        joined = start.outerjoin(password, password.c.user_oid == user.c.oid).outerjoin(
            profile, profile.c.user_oid == user.c.oid
        )
        return columns, joined

    async def user(self, user_name: str) -> UserRecord | None:
        """Give the user of that name, in any case, or None."""
        columns, joined = self._users()
        user = self._layout.table("user")

        def build() -> sa.ClauseElement:
            return (
                sa.select(*columns)
                .select_from(joined)
                .where(sa.func.lower(user.c.username) == sa.bindparam("name", type_=sa.Text()))
            )

        statement = self._statements.get("account by name", build)
        rows = await self._connection.fetch(statement, {"name": user_name.lower()})
        return _user(rows[0]) if rows else None

    async def user_by_oid(self, oid: int) -> UserRecord | None:
        """Give a user, or None."""
        columns, joined = self._users()
        user = self._layout.table("user")

        def build() -> sa.ClauseElement:
            return (
                sa.select(*columns).select_from(joined).where(user.c.oid == sa.bindparam("oid", type_=sa.BigInteger()))
            )

        rows = await self._connection.fetch(self._statements.get("account by oid", build), {"oid": oid})
        return _user(rows[0]) if rows else None

    async def strays(self, name: bytes) -> list[str]:
        """Give the recent wrong passwords for a user name (its digest) that nobody has, each `moment address`."""
        stray = self._layout.table("stray_login")

        def build() -> sa.ClauseElement:
            return sa.select(stray.c.at, stray.c.source).where(
                stray.c.name == sa.bindparam("name", type_=sa.LargeBinary())
            )

        rows = await self._connection.fetch(self._statements.get("strays", build), {"name": name})
        return [f"{at} {source}" for at, source in rows]

    async def forget_strays(self, before: str) -> None:
        """Remove the wrong passwords for names that nobody has from before a moment (wire form)."""
        stray = self._layout.table("stray_login")

        def build() -> sa.ClauseElement:
            return sa.delete(stray).where(stray.c.at < sa.bindparam("before", type_=sa.Text()))

        await self._connection.write_all([(self._statements.get("forget strays", build), {"before": before})])

    async def forget_challenges(self, before: str) -> None:
        """Remove the passkeys' challenges that were answered before a moment (wire form): by now they are too old anyway."""
        spent = self._layout.table("spent_challenge")

        def build() -> sa.ClauseElement:
            return sa.delete(spent).where(spent.c.at < sa.bindparam("before", type_=sa.Text()))

        await self._connection.write_all([(self._statements.get("forget challenges", build), {"before": before})])

    # ------------------------------------------------------------------ keys

    async def key(self, lookup: bytes) -> tuple[KeyRecord, UserRecord, int] | None:
        """Give the key of that hash with its user and the epoch of the landscape, or None."""
        statement = self._statements.get("account by key", self._key_statement)
        rows = await self._connection.fetch(statement, {"lookup": lookup})
        if not rows:
            return None
        row = rows[0]
        return _key(row[_USER_COLUMNS:]), _user(row), row[_USER_COLUMNS + 9]

    async def key_by_oid(self, oid: int) -> tuple[KeyRecord, UserRecord] | None:
        """Give a key with its user, or None."""
        key = self._layout.table("api_key")
        columns, joined = self._users(key)

        def build() -> sa.ClauseElement:
            chosen = key.c.oid == sa.bindparam("oid", type_=sa.BigInteger())
            return sa.select(*columns, *_key_columns(key)).select_from(joined).where(chosen)

        rows = await self._connection.fetch(self._statements.get("account by key's oid", build), {"oid": oid})
        return (_key(rows[0][_USER_COLUMNS:]), _user(rows[0])) if rows else None

    def _key_statement(self) -> sa.ClauseElement:
        key, epoch = self._layout.table("api_key"), self._layout.table("epoch")
        columns, joined = self._users(key)
        current = sa.select(epoch.c.value).where(epoch.c.name == sa.literal_column("'access'")).scalar_subquery()
        return (
            sa.select(*columns, *_key_columns(key), sa.func.coalesce(current, 0))
            .select_from(joined)
            .where(key.c.lookup == sa.bindparam("lookup", type_=sa.LargeBinary()))
        )

    async def keys(self, user: int | None) -> list[dict[str, Any]]:
        """Give every key, ended ones too, of one user or of all, as its columns (see `tables.py`), newest first.

        `user_name` is beside them: None where the user is gone.
        """
        key, owner = self._layout.table("api_key"), self._layout.table("user")
        names = [column.name for column in key.c if column.name != "lookup"]

        def build() -> sa.ClauseElement:
            columns = [*(key.c[name] for name in names), owner.c.username]
            query = sa.select(*columns).select_from(key.outerjoin(owner, owner.c.oid == key.c.user_oid))
            query = query.order_by(key.c.created_at.desc(), key.c.oid.desc())
            if user is not None:
                query = query.where(key.c.user_oid == sa.bindparam("user", type_=sa.BigInteger()))
            return query

        statement = self._statements.get(("keys", user is None), build)
        rows = await self._connection.fetch(statement, {"user": user} if user is not None else {})
        return [dict(zip((*names, "user_name"), row, strict=True)) for row in rows]

    async def keys_ended_before(self, moment: str) -> list[int]:
        """Give the ObjectIDs of the keys that were deleted before a moment in wire form."""
        key = self._layout.table("api_key")

        def build() -> sa.ClauseElement:
            before = sa.bindparam("moment", type_=sa.Text())
            return sa.select(key.c.oid).where(key.c.deleted_at.is_not(None), key.c.deleted_at < before)

        rows = await self._connection.fetch(self._statements.get("keys ended before", build), {"moment": moment})
        return [row[0] for row in rows]

    # ------------------------------------------------------------------ sessions

    async def forget_sessions(self, user: int, ended_before: str) -> None:
        """Remove a user's sessions that reached their end before a moment (wire form)."""
        session = self._layout.table("session")

        def build() -> sa.ClauseElement:
            return sa.delete(session).where(
                session.c.user_oid == sa.bindparam("user", type_=sa.BigInteger()),
                session.c.expires_at < sa.bindparam("before", type_=sa.Text()),
            )

        values = {"user": user, "before": ended_before}
        await self._connection.write_all([(self._statements.get("forget sessions", build), values)])

    async def session(self, identifier: bytes) -> tuple[SessionRecord, UserRecord, str] | None:
        """Give the session of that hash with its user and its security token's hash (or ""), or None."""
        session = self._layout.table("session")
        columns, joined = self._users(session)

        def build() -> sa.ClauseElement:
            return (
                sa.select(
                    *columns,
                    *(session.c.kind, session.c.created_at, session.c.last_used_at, session.c.expires_at),
                    *(session.c.idle_seconds, session.c.security_token),
                )
                .select_from(joined)
                .where(session.c.id == sa.bindparam("id", type_=sa.LargeBinary()))
            )

        rows = await self._connection.fetch(self._statements.get("account by session", build), {"id": identifier})
        if not rows:
            return None
        row = rows[0]
        kind, created, used, expires, idle, token = row[_USER_COLUMNS:]
        record = SessionRecord(
            oid=0,
            user_oid=row[0],
            kind=SessionKind(kind),
            authenticated_at=from_wire(created),
            last_used_at=from_wire(used),
            expires_at=from_wire(expires),
            idle_limit=timedelta(seconds=idle) if idle else None,
            security_token=token,
        )
        return record, _user(row), token or ""


def _key_columns(key: sa.Table) -> list[sa.ColumnElement[Any]]:
    return [
        key.c.oid,
        key.c.user_oid,
        key.c.display_name,
        key.c.grant_name,
        key.c.created_at,
        key.c.expires_at,
        key.c.suspended_at,
        key.c.limits,
        key.c.deleted_at,
    ]


def _moment(text: str | None) -> datetime | None:
    return from_wire(text) if text else None


def _user(row: Row) -> UserRecord:
    locked = row[6]
    return UserRecord(
        oid=row[0],
        uuid=row[1],
        user_name=row[2],
        display_name=row[3],
        disabled=bool(row[4]),
        deleted=bool(row[5]),
        locked_for_inactivity=locked == _FOREVER,
        locked_until=_moment(locked) if locked and locked != _FOREVER else None,
        on_sso_exception_list=bool(row[7]),
        subscription_admin=bool(row[8]),
        can_create_api_key=row[9] is None or bool(row[9]),
        password_hash=row[10],
        password_set_at=_moment(row[11]),
        locked_by_admin=bool(row[12]),
        default_workspace=row[13],
        default_project=row[14],
        failures=tuple(msgspec.json.decode(row[15], type=list[str])) if row[15] not in {None, "[]"} else (),
        second_factor=bool(row[16]),
    )


def _key(row: Sequence[Any]) -> KeyRecord:
    limits = msgspec.json.decode(row[7]) if row[7] != "{}" else {}
    return KeyRecord(
        oid=row[0],
        user_oid=row[1],
        display_name=row[2],
        grant=Grant(row[3]),
        created_at=from_wire(row[4]),
        expires_at=_moment(row[5]),
        suspended=row[6] is not None,
        deleted=row[8] is not None,
        ip_allow=tuple(limits.get("ip_allow", ())),
        projects=tuple(limits.get("projects", ())),
        types=tuple(limits.get("types", ())),
        scope_down=bool(limits.get("scope_down")),
    )
