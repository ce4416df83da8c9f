"""Lists of users as administrators need them: with locks, keys and when each was there last. One statement a page, one a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout

ORDERS = ("username", "displayname", "lastactivedate", "lastlogindate", "creationdate")


class Roster:
    """Asks for users through one connection."""

    def __init__(self, connection: Connection, layout: Layout, statements: Statements) -> None:
        self._connection = connection
        self._layout = layout
        self._statements = statements

    async def page(
        self, where: Mapping[str, Any], order: str, *, descending: bool, start: int, count: int
    ) -> Sequence[Row]:
        """Give users as rows of `_columns`. `where` may have `oid`, `oids`, `words`, `state` and `moment` (now, for locks that end)."""
        columns, joined = self._columns()
        user = self._layout.table("user")
        key = user.c[order] if order in ORDERS else user.c.username
        folded = sa.func.lower(key)

        def build() -> sa.ClauseElement:
            query = sa.select(*columns).select_from(joined).where(*self._where(where))
            ends = (folded.desc().nulls_last(), user.c.oid.desc()) if descending else (folded.nulls_last(), user.c.oid)
            limit, offset = sa.bindparam("count", type_=sa.BigInteger()), sa.bindparam("start", type_=sa.BigInteger())
            return query.order_by(*ends).limit(limit).offset(offset)

        shape = ("roster", tuple(sorted(where)), where.get("state"), key.name, descending)
        bound = {**self._bound(where), "count": count, "start": start}
        return await self._connection.fetch(self._statements.get(shape, build), bound)

    async def count(self, where: Mapping[str, Any]) -> int:
        """Say how many users there are."""
        _, joined = self._columns()

        def build() -> sa.ClauseElement:
            return sa.select(sa.func.count()).select_from(joined).where(*self._where(where))

        shape = ("roster count", tuple(sorted(where)), where.get("state"))
        rows = await self._connection.fetch(self._statements.get(shape, build), self._bound(where))
        return int(rows[0][0])

    def _columns(self) -> tuple[list[sa.ColumnElement[Any]], sa.FromClause]:
        user, password, key = (self._layout.table(name) for name in ("user", "password", "api_key"))
        keys = (
            sa.select(sa.func.count())
            .where(key.c.user_oid == user.c.oid, key.c.deleted_at.is_(None))
            .correlate(user)
            .scalar_subquery()
        )
        columns: list[sa.ColumnElement[Any]] = [
            *(user.c.oid, user.c.versionid, user.c.username, user.c.displayname, user.c.emailaddress, user.c.firstname),
            *(user.c.lastname, user.c.disabled, user.c.subscriptionadmin, password.c.locked_by_admin),
            *(user.c.accountlockeduntil, user.c.isonssoexceptionlist, user.c.cancreateapikey, user.c.creationdate),
            *(user.c.lastlogindate, user.c.lastactivedate, password.c.set_at, keys),
        ]
        return columns, user.outerjoin(password, password.c.user_oid == user.c.oid)

    def _where(self, where: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
        user, password = self._layout.table("user"), self._layout.table("password")
        found: list[sa.ColumnElement[bool]] = []
        if "oid" in where:
            found.append(user.c.oid == sa.bindparam("oid", type_=sa.BigInteger()))
        if "oids" in where:
            found.append(self._statements.dialect.any_of(user.c.oid, "oids"))
        if "words" in where:
            needle = sa.bindparam("words", type_=sa.Text())
            fields = (user.c.username, user.c.displayname, user.c.emailaddress)
            found.append(sa.or_(*(sa.func.lower(field).like(needle, escape="\\") for field in fields)))
        if "state" in where:
            until = user.c.accountlockeduntil > sa.bindparam("moment", type_=sa.Text())
            off, on = user.c.disabled.is_(sa.true()), user.c.disabled.is_not(sa.true())
            locked = sa.or_(password.c.locked_by_admin.is_(sa.true()), until)
            states = {
                "enabled": on,
                "disabled": off,
                "locked": locked,
                "administrators": user.c.subscriptionadmin.is_(sa.true()),
                "exceptions": user.c.isonssoexceptionlist.is_(sa.true()),
            }
            found.append(states[where["state"]])
        return found

    def _bound(self, where: Mapping[str, Any]) -> dict[str, Any]:
        bound = {name: where[name] for name in ("oid",) if name in where}
        if "oids" in where:
            bound["oids"] = self._statements.dialect.integers(where["oids"])
        if "words" in where:
            plain = str(where["words"]).lower()
            for sign in "\\%_":
                plain = plain.replace(sign, f"\\{sign}")
            bound["words"] = f"%{plain}%"
        if where.get("state") == "locked":
            bound["moment"] = where["moment"]
        return bound
