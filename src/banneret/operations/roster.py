"""Users as administrators need them: who there is, locked or disabled, with how many keys, and when each was there last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.access.roles import Role, at_least
from banneret.kernel.errors import NotAuthorized, ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from banneret.operations.context import Context
    from banneret.operations.ports import Row

STATES = ("enabled", "disabled", "locked", "administrators", "exceptions")
LARGEST = 100_000
"""Users in one list at most: as many as a file has lines for."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user. Moments are in wire form, None where there was none; `version` is that of the User object.

    `locked_until` is the lock for inactivity or after failed log-ins, None where there is none, or where it is over.
    """

    oid: int
    version: int
    user_name: str
    display_name: str
    email: str
    first_name: str
    last_name: str
    disabled: bool
    subscription_admin: bool
    locked_by_admin: bool
    locked_until: str | None
    on_exceptions_list: bool
    may_have_keys: bool
    created_at: str
    last_login_at: str | None
    last_active_at: str | None
    password_set_at: str | None
    keys: int

    @property
    def locked(self) -> bool:
        """Whether a lock keeps the user out."""
        return self.locked_by_admin or self.locked_until is not None


async def listed(
    context: Context,
    *,
    words: str = "",
    state: str = "",
    oids: Collection[int] | None = None,
    order: str = "username",
    descending: bool = False,
    start: int = 0,
    count: int = 50,
) -> tuple[list[Person], int]:
    """Give a page of users and how many there are in all; `state` is one of `STATES`, or empty; `oids` leaves others out.

    Raises:
        NotAuthorized: for who administers something.

    """
    require_administrator(context)
    where: dict[str, Any] = {}
    if words.strip():
        where["words"] = words.strip()
    if oids is not None:
        where["oids"] = list(oids)
    if state in STATES:
        where |= {"state": state, "moment": context.moment}
    rows = await context.unit.roster.page(where, order, descending=descending, start=start, count=min(count, LARGEST))
    full = len(rows) == count or (start and not rows)
    total = await context.unit.roster.count(where) if full else start + len(rows)
    return [_person(context, row) for row in rows], total


async def found(context: Context, oid: int) -> Person:
    """Give one user.

    Raises:
        NotAuthorized: for who administers something.
        ObjectNotFound: there is no such user.

    """
    require_administrator(context)
    rows: Sequence[Row] = await context.unit.roster.page({"oid": oid}, "username", descending=False, start=0, count=1)
    if not rows:
        raise ObjectNotFound
    return _person(context, rows[0])


def require_administrator(context: Context) -> None:
    """Refuse who administers nothing.

    Raises:
        NotAuthorized: it says so itself.

    """
    identity = context.identity
    if identity is not None and not at_least(identity.permissions.highest, Role.PROJECT_ADMIN):
        raise NotAuthorized("list", "users")


def _person(context: Context, row: Row) -> Person:
    oid, version, name, display, email, first, last, disabled, admin, locked, until, listed_, may, *rest = row
    created, login, active, password, keys = rest
    return Person(
        oid=oid,
        version=version,
        user_name=name,
        display_name=display or "",
        email=email or "",
        first_name=first or "",
        last_name=last or "",
        disabled=bool(disabled),
        subscription_admin=bool(admin),
        locked_by_admin=bool(locked),
        locked_until=until if until and until > context.moment else None,
        on_exceptions_list=bool(listed_),
        may_have_keys=may is None or bool(may),
        created_at=created,
        last_login_at=login,
        last_active_at=active,
        password_set_at=password,
        keys=keys,
    )
