"""`keys`: what the Application Manager does with keys, for programs of people who have logged in. One writer: `operations.keys`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import available_timezones

from msgspec import UNSET

from banneret.access.keys import Grant, hint
from banneret.api import resources
from banneret.api.cursors import position, read_cursor
from banneret.api.key_resources import client, limits_of, line, permissions, shown
from banneret.api.key_resources import usage as counts
from banneret.kernel.errors import NotAuthorized, RelationRefused
from banneret.operations import effective, journal, keys
from banneret.operations.journal import EVERYTHING, JournalFilter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from banneret.api.endpoints import Call

T = TypeVar("T")

VIEWER_REFUSED = "A viewer cannot create a Full Access key."


async def list_keys(call: Call) -> resources.KeyPage:
    """One's own keys, or for a subscription administrator everybody's (A9), newest first."""
    owner = None if call.query["of"] == "all" else call.context.user
    entries = await keys.listed(call.context, owner, ended=call.query["state"] == "ended")
    after, state = read_cursor(call.query["cursor"]), call.query["state"]
    chosen = [
        entry
        for entry in entries
        if (state is None or entry.state.value == state)
        and (after is None or (entry.created_at, entry.oid) < (after[0], int(after[1])))
    ]
    page, more = chosen[: call.query["limit"]], len(chosen) > call.query["limit"]
    end = position(page[-1].created_at, str(page[-1].oid)) if more else None
    return resources.KeyPage([shown(entry) for entry in page], end)


async def create_key(call: Call) -> resources.NewSecret:
    """Make a key for oneself."""
    given: resources.NewKey = call.body
    made = keys.issue(
        call.context,
        call.identity.user.oid,
        given.name,
        Grant(given.grant),
        secret=call.secret,
        limits=limits_of(given.limits),
        purpose=given.purpose,
    )
    oid, value = await _as_viewer(made)
    return resources.NewSecret(await _key(call, oid), value)


async def read_key(call: Call) -> resources.Key:
    """One key; also one that ended lately."""
    return shown(await keys.found(call.context, call.path["id"], ended=True))


async def change_key(call: Call) -> resources.Key:
    """Give a key another name, grant, purpose or other limits."""
    given: resources.KeyChange = call.body
    changed = keys.change(
        call.context,
        call.path["id"],
        display_name=None if given.name is UNSET else given.name,
        grant=None if given.grant is UNSET else Grant(given.grant),
        limits=None if given.limits is UNSET else limits_of(given.limits),
        purpose=None if given.purpose is UNSET else given.purpose,
    )
    await _as_viewer(changed)
    return await _key(call, call.path["id"])


async def reset_key(call: Call) -> resources.NewSecret:
    """Give a key a new value; the old one ends at once (E2)."""
    value = await keys.reset(call.context, call.path["id"], secret=call.secret)
    return resources.NewSecret(await _key(call, call.path["id"]), value)


async def disable_key(call: Call) -> resources.Key:
    """Let a key rest."""
    await keys.disable(call.context, call.path["id"])
    return await _key(call, call.path["id"])


async def enable_key(call: Call) -> resources.Key:
    """Let a disabled key work again."""
    await keys.enable(call.context, call.path["id"])
    return await _key(call, call.path["id"])


async def delete_key(call: Call) -> None:
    """Delete a key, while keys are switched off too (A10)."""
    await keys.revoke(call.context, call.path["id"])


async def stop_leaked(call: Call) -> resources.LeakedKeys:
    """Disable the keys that have these values: who has a key may have it stopped (access.md T2)."""
    given: resources.Leaked = call.body
    found = await keys.stop_leaked(call.context, given.keys, secret=call.secret)
    return resources.LeakedKeys(
        [
            resources.LeakedKey(hint(value), "unknown" if oid is None else "disabled" if stopped else "stopped", oid)
            for value, (oid, stopped) in zip(given.keys, found, strict=True)
        ]
    )


async def key_permissions(call: Call) -> resources.Permissions:
    """What a key may do now."""
    return permissions(await effective.of_key(call.context, call.path["id"], edition=call.edition))


async def key_journal(call: Call) -> resources.JournalPage:
    """A key's latest requests."""
    after, limit = read_cursor(call.query["cursor"]), call.query["limit"]
    before = int(after[1]) if after is not None else None
    found = await journal.entries(
        call.context, call.path["id"], before=before, count=limit + 1, wanted=_wanted(call.query)
    )
    page = found[:limit]
    end = position("", str(page[-1].number)) if len(found) > limit else None
    return resources.JournalPage([line(entry) for entry in page], end)


def _wanted(query: Mapping[str, Any]) -> JournalFilter:
    status, outcome = query["status"], query["outcome"]
    return JournalFilter(
        statuses=EVERYTHING.statuses if status is None else (status, status),
        failed=None if outcome is None else outcome == "failed",
        kind=query["kind"] or "",
        path=query["path"] or "",
        client=query["client"] or "",
        address=query["address"] or "",
        since=_moment(query, "since"),
        until=_moment(query, "until"),
    )


def _moment(query: Mapping[str, Any], name: str) -> datetime | None:
    if query[name] is None:
        return None
    try:
        found = datetime.fromisoformat(query[name])
        return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RelationRefused("ApiKey", name, name.title(), "This is no moment.") from None


async def key_clients(call: Call) -> resources.Clients:
    """Which programs use a key."""
    found = await journal.clients(call.context, call.path["id"], days=call.query["days"])
    return resources.Clients([client(each) for each in found])


async def key_usage(call: Call) -> resources.Usage:
    """A key's requests by hour of the week."""
    zone = call.query["zone"]
    if zone is not None and zone not in _zones():
        raise RelationRefused("ApiKey", "zone", "Zone", "There is no such time zone.")
    return counts(await journal.usage(call.context, call.path["id"], days=call.query["days"], zone=zone))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


async def _key(call: Call, oid: int) -> resources.Key:
    await call.context.unit.writer.flush()
    return shown(await keys.found(call.context, oid))


async def _as_viewer(work: Awaitable[T]) -> T:
    """Word the one refusal that has words of its own (B5)."""
    try:
        return await work
    except NotAuthorized as error:
        if "Full Access" in error.action:
            raise RelationRefused("ApiKey", "Grant", "Full Access", VIEWER_REFUSED) from None
        raise
