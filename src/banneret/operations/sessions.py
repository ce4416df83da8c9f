"""Log-ins through the pages: begin, keep alive, end, list (ASVS 5 chapter 7). A session's value is kept as its hash alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.identity import SessionKind
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import NotAuthorized, ObjectNotFound
from banneret.kernel.ids import random_base62
from banneret.kernel.values import to_wire
from banneret.operations.recording import record_event
from banneret.operations.sign_in_policy import read_own

if TYPE_CHECKING:
    from datetime import datetime

    from banneret.operations.context import Context

_IDLE = timedelta(hours=8)
"""How long an unused one holds where neither the subscription nor its user says anything."""

STEPS_LIFE = timedelta(minutes=15)
"""How long there is to take the steps of a log-in after the password."""

_NOTED_EVERY = timedelta(minutes=1)
_TYPE = "Session"


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A log-in as lists show it. `handle` names it without opening it; moments are in wire form."""

    handle: str
    user_oid: int
    created_at: str
    last_used_at: str
    expires_at: str
    address: str | None
    client: str | None
    current: bool


async def begin(
    context: Context,
    replaced: str | None = None,
    *,
    notes: dict[str, Any] | None = None,
    since: datetime | None = None,
) -> str:
    """Begin a log-in of the user whom `context` was admitted as, and give its value; `replaced` is one that it ends.

    `notes` are what it begins with (see `read_notes`). `since` is for one that goes on under a new value: when it began.

    Raises:
        NotAuthorized: what was admitted is no log-in: keys and tokens begin none (design 7).

    """
    identity = context.identity
    if identity is None or not identity.is_interactive:
        raise NotAuthorized("create", _TYPE)
    user = identity.user.oid
    life, idle = (await read_own(context)).session_life, await _idle(context, user)
    value = await _insert(context, user, SessionKind.BROWSER, life, idle, replaced, notes, since)
    context.unit.writer.update("user", {"oid": user}, {"lastlogindate": context.moment})
    _record(context, "created", user)
    return value


async def begin_steps(context: Context, replaced: str | None, notes: dict[str, Any]) -> str:
    """Begin what becomes a log-in after further steps, and give its value; until then it opens their pages alone.

    Raises:
        NotAuthorized: as `begin`.

    """
    identity = context.identity
    if identity is None or not identity.is_interactive:
        raise NotAuthorized("create", _TYPE)
    return await _insert(context, identity.user.oid, SessionKind.PENDING, STEPS_LIFE, STEPS_LIFE, replaced, notes)


async def _insert(
    context: Context,
    user: int,
    kind: SessionKind,
    life: timedelta,
    idle: timedelta,
    replaced: str | None,
    notes: dict[str, Any] | None,
    since: datetime | None = None,
) -> str:
    writer = context.unit.writer
    await context.unit.accounts.forget_sessions(user, context.moment)
    if replaced:
        writer.delete("session", {"id": identifier(replaced)})
    value = random_base62(43)
    writer.insert(
        "session",
        {
            "id": identifier(value),
            "user_oid": user,
            "kind": kind.value,
            "created_at": to_wire(since or context.now),
            "last_used_at": context.moment,
            "expires_at": to_wire((since or context.now) + life),
            "idle_seconds": int(idle.total_seconds()),
            "address": context.client.address or None,
            "client": context.client.name or None,
            "notes": msgspec.json.encode(notes).decode() if notes else None,
        },
    )
    return value


async def _idle(context: Context, user_oid: int) -> timedelta:
    """Give the subscription's SessionTimeoutSeconds; where it lets users choose, the user's own sessionTimeout (KB 195829)."""
    writer = context.unit.writer
    rows = await writer.fetch("subscription", {"oid": context.landscape.subscription_oid}, ["sessiontimeoutseconds"])
    seconds = rows[0][0] if rows else None
    if not seconds:
        rows = await writer.fetch("user", {"oid": user_oid}, ["sessiontimeout"])
        seconds = rows[0][0] if rows else None
    return timedelta(seconds=seconds) if seconds else _IDLE


def wants_noting(last_used_at: datetime, now: datetime) -> bool:
    """Whether a session's use is to be written down: once a minute at most."""
    return now - last_used_at >= _NOTED_EVERY


async def note_use(context: Context, value: str) -> None:
    """Write down that a session is in use, which keeps it from ending for idleness."""
    context.unit.writer.update("session", {"id": identifier(value)}, {"last_used_at": context.moment})


async def end(context: Context, value: str) -> None:
    """End a log-in by its value."""
    context.unit.writer.delete("session", {"id": identifier(value)})
    if context.user is not None:
        _record(context, "deleted", context.user)


async def listed(context: Context, current: str | None = None, *, of: int | None = None) -> list[SessionEntry]:
    """Give the caller's log-ins, newest first; `current` is the value of the one that asks. `of` is another user.

    Raises:
        NotAuthorized: other people's log-ins are for subscription administrators.

    """
    whose = _whose(context, of)
    columns = ("id", "kind", "created_at", "last_used_at", "expires_at", "address", "client", "idle_seconds")
    rows = await context.unit.writer.fetch("session", {"user_oid": whose}, columns)
    own = identifier(current).hex() if current else ""
    entries = []
    for row in rows:
        found = dict(zip(columns, row, strict=True))
        idle_since = context.now - timedelta(seconds=found["idle_seconds"] or 0)
        ended = found["expires_at"] <= context.moment or (
            found["idle_seconds"] and found["last_used_at"] <= to_wire(idle_since)
        )
        if found["kind"] == SessionKind.BROWSER.value and not ended:
            handle = bytes(found["id"]).hex()
            entries.append(
                SessionEntry(
                    handle=handle,
                    user_oid=whose,
                    created_at=found["created_at"],
                    last_used_at=found["last_used_at"],
                    expires_at=found["expires_at"],
                    address=found["address"],
                    client=found["client"],
                    current=handle == own,
                )
            )
    return sorted(entries, key=lambda entry: entry.created_at, reverse=True)


def _whose(context: Context, of: int | None) -> int:
    identity = context.identity
    if of is None or of == context.user:
        return context.user or 0
    if identity is not None and not (identity.is_interactive and allowed(identity, Permission.UPDATE_USER)):
        raise NotAuthorized("read", _TYPE)
    return of


async def end_listed(context: Context, handle: str, *, of: int | None = None) -> None:
    """End one of the caller's own log-ins by its handle, or of the user `of`.

    Raises:
        NotAuthorized: other people's log-ins are for subscription administrators.
        ObjectNotFound: it is none of his.

    """
    found = next((entry for entry in await listed(context, of=of) if entry.handle == handle), None)
    if found is None:
        raise ObjectNotFound("there is no such session")
    context.unit.writer.delete("session", {"id": bytes.fromhex(handle)})
    _record(context, "deleted", found.user_oid)


async def end_everywhere(context: Context) -> None:
    """End every log-in of the caller, this one and the HTTP sessions of his programs too. His keys go on.

    Raises:
        NotAuthorized: nobody has logged in.

    """
    if context.user is None or context.identity is None or not context.identity.is_interactive:
        raise NotAuthorized("delete", _TYPE)
    context.unit.writer.delete("session", {"user_oid": context.user})
    _record(context, "deleted", context.user)


async def end_others(context: Context, value: str) -> None:
    """End every log-in of the caller but the one that has this value, and the HTTP sessions of his programs. His keys go on."""
    kept = identifier(value)
    for (held,) in await context.unit.writer.fetch("session", {"user_oid": context.user}, ["id"]):
        if bytes(held) != kept:
            context.unit.writer.delete("session", {"id": held})
    if context.user is not None:
        _record(context, "deleted", context.user)


async def read_notes(context: Context, value: str) -> dict[str, Any]:
    """Give what the pages keep with a log-in (see `manager.reveal`)."""
    rows = await context.unit.writer.fetch("session", {"id": identifier(value)}, ["notes"])
    return msgspec.json.decode(rows[0][0]) if rows and rows[0][0] else {}


async def write_notes(context: Context, value: str, notes: dict[str, Any]) -> None:
    """Keep something with a log-in. It goes when the log-in ends."""
    kept = msgspec.json.encode(notes).decode() if notes else None
    context.unit.writer.update("session", {"id": identifier(value)}, {"notes": kept})


def identifier(value: str) -> bytes:
    """Give what a session is found by."""
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).digest()


def _record(context: Context, kind: str, user_oid: int) -> None:
    record_event(context, _TYPE, user_oid, kind, version=1, workspace=None, project=None, diff={})
