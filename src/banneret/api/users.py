"""`users`: who there is, and who is to be let in, as far as the credential's owner administers users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.rules import within_key
from banneret.api import resources
from banneret.api.cursors import position, read_cursor
from banneret.kernel.errors import NotAuthorized
from banneret.operations import passwords, people, roster

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from banneret.api.endpoints import Call
    from banneret.operations.roster import Person

_TYPE = "User"


async def list_users(call: Call) -> resources.UserPage:
    """Users in order of their names; for who administers the subscription, a workspace or a project."""
    _require_reach(call)
    after, limit = read_cursor(call.query["cursor"]), call.query["limit"]
    start = int(after[1]) if after is not None else 0
    found, total = await roster.listed(
        call.context, words=call.query["words"] or "", state=call.query["state"] or "", start=start, count=limit
    )
    more = start + len(found) < total
    return resources.UserPage(
        [_shown(each) for each in found], position("", str(start + limit)) if more and found else None, total
    )


async def read_user(call: Call) -> resources.User:
    """One user."""
    _require_reach(call)
    return _shown(await roster.found(call.context, call.path["id"]))


async def lock_user(call: Call) -> resources.User:
    """Lock a user by an administrator's will: log-ins, sessions and keys stop until he is unlocked (design 5.7)."""
    return await _after(call, passwords.lock(call.context, _whose(call)))


async def unlock_user(call: Call) -> resources.User:
    """Take every lock off a user."""
    return await _after(call, passwords.unlock(call.context, _whose(call)))


async def disable_user(call: Call) -> resources.User:
    """Disable a user: his sessions end, his keys rest until he is enabled again (design 5.8)."""
    return await _after(call, people.disable(call.context, _whose(call)))


async def enable_user(call: Call) -> resources.User:
    """Enable a user again, and with him his keys."""
    return await _after(call, people.enable(call.context, _whose(call)))


def _whose(call: Call) -> int:
    _require_reach(call)
    return call.path["id"]


def _require_reach(call: Call) -> None:
    """A key that is limited to projects, or to types that users are none of, manages no users."""
    if not within_key(call.identity, call.context.landscape.stock.get(_TYPE).lineage, None):
        raise NotAuthorized("list", "users")


async def _after(call: Call, work: Awaitable[object]) -> resources.User:
    await work
    await call.context.unit.writer.flush()
    return _shown(await roster.found(call.context, call.path["id"]))


def _shown(person: Person) -> resources.User:
    return resources.User(
        ObjectID=person.oid,
        UserName=person.user_name,
        DisplayName=person.display_name,
        EmailAddress=person.email,
        Disabled=person.disabled,
        SubscriptionAdmin=person.subscription_admin,
        CanCreateApiKey=person.may_have_keys,
        CreationDate=person.created_at,
        LastLoginDate=person.last_login_at,
        LastActiveDate=person.last_active_at,
        locked=person.locked,
        locked_by_admin=person.locked_by_admin,
        locked_until=person.locked_until,
        keys=person.keys,
    )
