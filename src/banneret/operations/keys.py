"""API keys: issue, change, reset, disable, end, list (KB 10814, KB 11568, KB 98242). Values leave here once, kept nowhere.

A key that ended keeps its row for a month, so that lists can say who ended it and its holder is told why it is refused. A key
that an administrator reset has no value at all until its own user asks for one (access.md 1.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from banneret.access.decide import second_factor_is_fresh
from banneret.access.keys import Grant, hint, looks_like_key, lookup_hash, make_key
from banneret.access.limits import UNLIMITED, KeyLimits
from banneret.access.predicates import Subject
from banneret.access.roles import may_hold_full_key
from banneret.access.rules import Permission, allowed
from banneret.access.sight import ALL
from banneret.kernel.errors import (
    InvalidRequest,
    KeysDisabled,
    NotAuthorized,
    ObjectNotFound,
    RelationRefused,
    RequiredValueMissing,
    TextTooLong,
    Unauthenticated,
    ValueAlreadyUsed,
)
from banneret.kernel.values import from_wire, to_wire
from banneret.operations.keylimits import columns_of, differences, limits_of, require_sound
from banneret.operations.recording import record_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from banneret.access.identity import UserRecord
    from banneret.operations.context import Context

_TYPE = "ApiKey"
_LONGEST_NAME = 256
_FRESH = timedelta(minutes=30)
"""How long after a log-in its second factor makes a key: the 15 minutes of pages that want a fresh one, and those to fill them in."""
_LONGEST_PURPOSE = 2000
SHOWN_AFTER_END = timedelta(days=30)
"""How long an ended key stays in lists, and its holder is told that it ended."""

IDLE_AFTER = timedelta(days=90)
"""From when on a key that nobody uses is worth a look."""


class KeyState(StrEnum):
    """Whether a key can be used, as far as the key itself goes. `RENEWAL`: it waits for its user (`KeyEntry.awaits_user`)."""

    ACTIVE = "active"
    DISABLED = "disabled"
    EXPIRED = "expired"
    RENEWAL = "renewal"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key as lists show it: never its value. Moments are in wire form, None where there was none yet.

    `disabled_by`, `ended_by` and `renewal_by` are the names of who did it, None where nobody did or it was the server itself.
    """

    oid: int
    user_oid: int
    user_name: str
    display_name: str
    grant: Grant
    hint: str
    created_at: str
    last_reset_at: str | None
    last_used_at: str | None
    last_used_address: str | None
    last_used_client: str | None
    expires_at: str | None
    limits: KeyLimits
    state: KeyState = KeyState.ACTIVE
    purpose: str = ""
    disabled_at: str | None = None
    disabled_by: str | None = None
    ended_at: str | None = None
    ended_by: str | None = None
    renewal_at: str | None = None
    renewal_by: str | None = None

    @property
    def awaits_user(self) -> bool:
        """Whether an administrator reset it, so that it has no value until its user asks for one."""
        return self.state is not KeyState.ENDED and self.renewal_at is not None

    @property
    def never_used(self) -> bool:
        """Whether it lives and was not used once."""
        return self.state is not KeyState.ENDED and self.last_used_at is None

    @property
    def never_expires(self) -> bool:
        """Whether it lives and has no end."""
        return self.state is not KeyState.ENDED and self.expires_at is None

    def is_idle(self, now: datetime) -> bool:
        """Whether it lives and was last used, or else made, more than `IDLE_AFTER` ago."""
        return self.state is not KeyState.ENDED and (self.last_used_at or self.created_at) < to_wire(now - IDLE_AFTER)


async def issue(
    context: Context,
    user_oid: int,
    display_name: str,
    grant: Grant,
    *,
    secret: bytes,
    value: str | None = None,
    limits: KeyLimits = UNLIMITED,
    purpose: str = "",
) -> tuple[int, str]:
    """Make a key for a user and give its ObjectID and its value.

    A `value` is fixed by scenarios alone: what they describe was made earlier, so who may is not asked. `purpose` is for people.

    Raises:
        KeysDisabled: keys are switched off for the subscription (A10).
        Unauthenticated: the caller has a second factor, and has not shown it lately (access.md 3.5).
        NotAuthorized: not his to make; or a viewer's Full Access key (B5).
        InvalidValue: no display name, a text that is too long, limits that say nothing, or a value that another key has.
        InvalidRequest: a fixed value that is no key.
        ObjectNotFound: there is no such user.

    """
    user = await _user(context, user_oid)
    name = _display_name(display_name)
    if value is None:
        _require_enabled(context)
        await _require_manager(context, user, grant, "create")
        if context.identity is not None and not second_factor_is_fresh(context.identity, context.now, _FRESH):
            raise Unauthenticated("second_factor_required")
        require_sound(context, limits, UNLIMITED)
        value = make_key()
    elif not looks_like_key(value):
        raise InvalidRequest("a key begins with _ and has 20 to 255 characters without blanks")
    lookup = lookup_hash(secret, value)
    held = await context.unit.writer.fetch("api_key", {"lookup": lookup}, ["oid", "deleted_at"])
    if held and held[0][1] is None:
        raise ValueAlreadyUsed(_TYPE, "Secret", "Secret")
    if held:
        context.unit.writer.delete("api_key", {"oid": held[0][0]})
    oid = await context.unit.writer.next_object_id(None)
    row: dict[str, Any] = {
        "oid": oid,
        "lookup": lookup,
        "user_oid": user_oid,
        "display_name": name,
        "grant_name": grant.value,
        "hint": hint(value),
        "created_at": context.moment,
        "created_by": context.user,
        "purpose": _purpose(purpose),
        **columns_of(limits),
    }
    context.unit.writer.insert("api_key", row)
    given = {"User": (None, user_oid), "DisplayName": (None, name), "Grant": (None, grant.value)}
    _record(context, oid, "created", given | differences(UNLIMITED, limits))
    return oid, value


async def change(
    context: Context,
    oid: int,
    *,
    display_name: str | None = None,
    grant: Grant | None = None,
    limits: KeyLimits | None = None,
    purpose: str | None = None,
) -> None:
    """Give a key another name, grant, purpose or other limits; None leaves each as it is.

    Raises:
        KeysDisabled, NotAuthorized, InvalidValue: as `issue`.
        ObjectNotFound: there is no such key, or not one that the caller may know of.

    """
    row = await _key(context, oid)
    _require_enabled(context)
    await _require_manager(context, await _user(context, row["user_oid"]), grant, "update")
    changes: dict[str, Any] = {}
    if display_name is not None and display_name.strip() != row["display_name"]:
        changes["display_name"] = _display_name(display_name)
    if grant is not None and grant.value != row["grant_name"]:
        changes["grant_name"] = grant.value
    if purpose is not None and _purpose(purpose) != row["purpose"]:
        changes["purpose"] = _purpose(purpose)
    labels = {"display_name": "DisplayName", "grant_name": "Grant", "purpose": "Purpose"}
    diff: dict[str, tuple[object, object]] = {labels[name]: (row[name], value) for name, value in changes.items()}
    before = limits_of(row)
    if limits is not None and limits != before:
        require_sound(context, limits, before)
        changes |= columns_of(limits)
        diff |= differences(before, limits)
    if diff:
        context.unit.writer.update("api_key", {"oid": oid}, changes)
        _record(context, oid, "updated", diff)


async def reset(context: Context, oid: int, *, secret: bytes) -> str | None:
    """Give a key a new value; the old one ends with this unit of work (E2).

    Of somebody else's key an administrator is given None: it has no value until its own user resets it in turn, which is
    offered to him at his next log-in (access.md 1.6). So nobody but him ever knows it, and nothing of it is kept meanwhile.

    Raises:
        KeysDisabled: keys are switched off for the subscription.
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid)
    _require_enabled(context)
    value = make_key()
    changes: dict[str, Any] = {"lookup": lookup_hash(secret, value), "last_reset_at": context.moment}
    diff: dict[str, tuple[object, object]] = {"LastReset": (row["last_reset_at"], context.moment)}
    by_another = context.user is not None and context.user != row["user_oid"]
    if by_another:
        changes |= {"renewal_at": context.moment, "renewal_by": context.user}
        diff["AwaitsUser"] = row["renewal_at"] is not None, True
    else:
        changes |= {"hint": hint(value), "renewal_at": None, "renewal_by": None}
        if row["renewal_at"] is not None:
            diff["AwaitsUser"] = True, False
    context.unit.writer.update("api_key", {"oid": oid}, changes)
    _record(context, oid, "updated", diff)
    return None if by_another else value


async def disable(context: Context, oid: int) -> None:
    """Let a key rest: it is refused until it is enabled again. Disabling a disabled key changes nothing.

    Raises:
        KeysDisabled: keys are switched off for the subscription, so that deleting is all that is left (A10).
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid)
    _require_enabled(context)
    if row["suspended_at"] is None:
        changes = {"suspended_at": context.moment, "suspended_by": context.user}
        context.unit.writer.update("api_key", {"oid": oid}, changes)
        _record(context, oid, "updated", {"Disabled": (False, True)})


async def enable(context: Context, oid: int) -> None:
    """Let a disabled key work again. Enabling an enabled key changes nothing.

    Raises:
        KeysDisabled, ObjectNotFound: as `disable`.
        RelationRefused: an administrator or the server disabled somebody's key, and this somebody wants it back.

    """
    row = await _key(context, oid)
    _require_enabled(context)
    if row["suspended_at"] is None:
        return
    own = row["suspended_by"] == row["user_oid"]
    identity = context.identity
    if not own and identity is not None and not identity.permissions.subscription_admin:
        raise RelationRefused(_TYPE, "", "", "An administrator disabled this key, so only an administrator enables it.")
    context.unit.writer.update("api_key", {"oid": oid}, {"suspended_at": None, "suspended_by": None})
    _record(context, oid, "updated", {"Disabled": (True, False)})


async def revoke(context: Context, oid: int) -> None:
    """Delete a key, which is possible also while keys are switched off (A10). Its events stay, its row for `SHOWN_AFTER_END`.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid)
    context.unit.writer.update("api_key", {"oid": oid}, {"deleted_at": context.moment, "deleted_by": context.user})
    for old in await context.unit.accounts.keys_ended_before(to_wire(context.now - SHOWN_AFTER_END)):
        context.unit.writer.delete("api_key", {"oid": old})
    _record(context, oid, "deleted", {"User": (row["user_oid"], None), "DisplayName": (row["display_name"], None)})


async def found(context: Context, oid: int, *, ended: bool = False) -> KeyEntry:
    """Give one key as lists show it; with `ended` also one that ended lately.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid, ended=ended)
    entries = await listed(context, row["user_oid"], ended=ended)
    entry = next((entry for entry in entries if entry.oid == oid), None)
    if entry is None:
        raise ObjectNotFound(f"there is no key {oid}")
    return entry


async def in_hand(context: Context) -> KeyEntry:
    """Give the key that the request is made with: every key may know all of itself but its value.

    Raises:
        ObjectNotFound: the request is made with something else.

    """
    key = context.identity.key if context.identity is not None else None
    rows = [] if key is None else await context.unit.accounts.keys(key.user_oid)
    own = [row for row in rows if key is not None and row["oid"] == key.oid]
    if not own:
        raise ObjectNotFound("no key was presented")
    return _entry(own[0], await _names(context, own), context.now)


async def stop_leaked(context: Context, values: Sequence[str], *, secret: bytes) -> list[tuple[int | None, bool]]:
    """Disable the keys that have these values, whoever they are of, and give of each value its key and whether it was stopped now.

    Who has the value of a key could use it, so he may have it stopped (access.md T2); while keys are switched off, too. It
    counts as stopped by its own user, who gives it a new value and enables it again. None: it is no key's, or of one that ended.
    """
    found: list[tuple[int | None, bool]] = []
    for value in values:
        columns = ["oid", "suspended_at", "deleted_at", "user_oid"]
        rows = await context.unit.writer.fetch("api_key", {"lookup": lookup_hash(secret, value)}, columns)
        if not rows or rows[0][2] is not None:
            found.append((None, False))
            continue
        oid, suspended, _, user = rows[0]
        if suspended is None:
            context.unit.writer.update("api_key", {"oid": oid}, {"suspended_at": context.moment, "suspended_by": user})
            _record(context, oid, "updated", {"Disabled": (False, True), "Leaked": (False, True)})
        found.append((oid, suspended is None))
    return found


async def of_value(context: Context, value: str, *, secret: bytes) -> int:
    """Give the ObjectID of the key that has this value, or had it when it ended lately.

    Raises:
        ObjectNotFound: there is none, or not one that the caller may touch.

    """
    rows = await context.unit.writer.fetch("api_key", {"lookup": lookup_hash(secret, value)}, ["oid"])
    if not rows:
        raise ObjectNotFound("there is no key with this value")
    await _key(context, rows[0][0], ended=True)
    return int(rows[0][0])


async def awaiting(context: Context) -> list[KeyEntry]:
    """Give the caller's keys that an administrator reset, and that have no value until he asks for one."""
    if not _may_see(context, context.user):
        return []  # who may have no keys logs in all the same
    return [entry for entry in await listed(context, context.user) if entry.awaits_user]


async def listed(context: Context, user_oid: int | None = None, *, ended: bool = False) -> list[KeyEntry]:
    """Give a user's keys, or with None every key of the subscription (A9), newest first; with `ended` also those ended lately.

    Raises:
        NotAuthorized: other people's keys are for subscription administrators.

    """
    if not _may_see(context, user_oid):
        raise NotAuthorized("read", _TYPE)
    since = to_wire(context.now - SHOWN_AFTER_END)
    rows = [
        row
        for row in await context.unit.accounts.keys(user_oid)
        if row["deleted_at"] is None or (ended and row["deleted_at"] >= since)
    ]
    names = await _names(context, rows)
    return [_entry(row, names, context.now) for row in rows]


async def _names(context: Context, rows: Iterable[Mapping[str, Any]]) -> Mapping[int, str]:
    """Give what to call those who did something to keys other than their own."""
    actors = {row[name] for row in rows for name in ("suspended_by", "deleted_by", "renewal_by")} - {None}
    if not actors:
        return {}
    return {oid: row[3] or "" for oid, row in (await context.unit.reader.references(actors, ALL)).items()}


def _state(row: Mapping[str, Any], now: datetime) -> KeyState:
    if row["deleted_at"] is not None:
        return KeyState.ENDED
    if row["suspended_at"] is not None:
        return KeyState.DISABLED
    if row["expires_at"] is not None and from_wire(row["expires_at"]) <= now:
        return KeyState.EXPIRED
    return KeyState.ACTIVE if row["renewal_at"] is None else KeyState.RENEWAL


def _entry(row: Mapping[str, Any], names: Mapping[int, str], now: datetime) -> KeyEntry:
    return KeyEntry(
        oid=row["oid"],
        user_oid=row["user_oid"],
        user_name=row["user_name"] or "",
        display_name=row["display_name"],
        grant=Grant(row["grant_name"]),
        hint=row["hint"],
        created_at=row["created_at"],
        last_reset_at=row["last_reset_at"],
        last_used_at=row["last_used_at"],
        last_used_address=row["last_used_address"],
        last_used_client=row["last_used_client"],
        expires_at=row["expires_at"],
        limits=limits_of(row),
        state=_state(row, now),
        purpose=row["purpose"] or "",
        disabled_at=row["suspended_at"],
        disabled_by=names.get(row["suspended_by"]),
        ended_at=row["deleted_at"],
        ended_by=names.get(row["deleted_by"]),
        renewal_at=row["renewal_at"],
        renewal_by=names.get(row["renewal_by"]),
    )


def _display_name(text: str) -> str:
    name = _plain(text, "DisplayName", "Display Name")
    if not name:
        raise RequiredValueMissing(_TYPE, "DisplayName", "Display Name")
    if len(name) > _LONGEST_NAME:
        raise TextTooLong(_TYPE, "DisplayName", "Display Name", _LONGEST_NAME)
    return name


def _purpose(text: str) -> str | None:
    purpose = _plain(text, "Purpose", "Purpose")
    if len(purpose) > _LONGEST_PURPOSE:
        raise TextTooLong(_TYPE, "Purpose", "Purpose", _LONGEST_PURPOSE)
    return purpose or None


def _plain(text: str, element: str, label: str) -> str:
    if "\0" in text:
        raise RelationRefused(_TYPE, element, label, "It holds a character that no text has.")
    return text.strip()


def _require_enabled(context: Context) -> None:
    if not context.landscape.subscription.api_keys_enabled:
        raise KeysDisabled


async def _require_manager(context: Context, user: UserRecord, grant: Grant | None, action: str) -> None:
    """Refuse whoever may not make this user's keys, and a Full Access key of a user who edits nothing, whoever asks."""
    identity = context.identity
    if identity is not None and not allowed(identity, Permission.MANAGE_KEYS, Subject(target_user=user.oid)):
        raise NotAuthorized(action, _TYPE)
    if grant is Grant.FULL:
        permissions, _ = await context.unit.permissions(
            user.oid, context.landscape, subscription_admin=user.subscription_admin
        )
        if not may_hold_full_key(permissions):
            raise NotAuthorized(f"{action} a Full Access", _TYPE)


def _may_see(context: Context, user_oid: int | None) -> bool:
    identity = context.identity
    if identity is None or allowed(identity, Permission.SEE_ALL_KEYS):
        return True
    return user_oid is not None and allowed(identity, Permission.MANAGE_KEYS, Subject(target_user=user_oid))


async def _user(context: Context, oid: int) -> UserRecord:
    await context.unit.writer.flush()
    user = await context.unit.accounts.user_by_oid(oid)
    if user is None:
        raise ObjectNotFound(f"there is no user {oid}")
    return user


async def _key(context: Context, oid: int, *, ended: bool = False) -> dict[str, Any]:
    """Give the row of a key that the caller may touch: his own, or any for a subscription administrator."""
    columns = (
        *("oid", "user_oid", "display_name", "grant_name", "purpose", "expires_at", "limits"),
        *("last_reset_at", "suspended_at", "suspended_by", "renewal_at", "deleted_at"),
    )
    rows = await context.unit.writer.fetch("api_key", {"oid": oid}, columns)
    row = dict(zip(columns, rows[0], strict=True)) if rows else None
    if row is None or (row["deleted_at"] is not None and not ended) or not _may_see(context, row["user_oid"]):
        raise ObjectNotFound(f"there is no key {oid}")
    return row


def _record(context: Context, oid: int, kind: str, diff: Mapping[str, tuple[object, object]]) -> None:
    record_event(context, _TYPE, oid, kind, version=1, workspace=None, project=None, diff=diff)
