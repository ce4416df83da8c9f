"""API keys: issue, change, reset, revoke, list (KB 10814, KB 11568, KB 98242). Values leave here once and are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.keys import Grant, hint, looks_like_key, lookup_hash, make_key
from banneret.access.predicates import Subject
from banneret.access.roles import may_hold_full_key
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import (
    InvalidRequest,
    KeysDisabled,
    NotAuthorized,
    ObjectNotFound,
    RequiredValueMissing,
    TextTooLong,
    ValueAlreadyUsed,
)
from banneret.kernel.values import to_wire
from banneret.operations.recording import record_event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from banneret.access.identity import UserRecord
    from banneret.operations.context import Context

_TYPE = "ApiKey"
_LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key as lists show it: never its value. Moments are in wire form, None where there was none yet."""

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
    limits: Mapping[str, Any]


async def issue(
    context: Context,
    user_oid: int,
    display_name: str,
    grant: Grant,
    *,
    secret: bytes,
    value: str | None = None,
    expires_at: datetime | None = None,
    limits: Mapping[str, Any] | None = None,
) -> tuple[int, str]:
    """Make a key for a user and give its ObjectID and its value.

    A `value` is fixed by scenarios alone: what they describe was made earlier, so who may is not asked. `limits` are
    `ip_allow`, `projects` and `types` (access.md 1.15).

    Raises:
        KeysDisabled: keys are switched off for the subscription (A10).
        NotAuthorized: not his to make; or a viewer's Full Access key (B5).
        InvalidValue: no display name, one that is too long, or a value that another key has.
        InvalidRequest: a fixed value that is no key.
        ObjectNotFound: there is no such user.

    """
    user = await _user(context, user_oid)
    name = _display_name(display_name)
    if value is None:
        _require_enabled(context)
        await _require_manager(context, user, grant, "create")
        value = make_key()
    elif not looks_like_key(value):
        raise InvalidRequest("a key begins with _ and has 20 to 255 characters without blanks")
    lookup = lookup_hash(secret, value)
    if await context.unit.writer.fetch("api_key", {"lookup": lookup}, ["oid"]):
        raise ValueAlreadyUsed(_TYPE, "Secret", "Secret")
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
        "expires_at": to_wire(expires_at) if expires_at is not None else None,
        "limits": msgspec.json.encode(limits or {}).decode(),
    }
    context.unit.writer.insert("api_key", row)
    _record(
        context, oid, "created", {"User": (None, user_oid), "DisplayName": (None, name), "Grant": (None, grant.value)}
    )
    return oid, value


async def change(context: Context, oid: int, *, display_name: str | None = None, grant: Grant | None = None) -> None:
    """Give a key another name or grant.

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
    if changes:
        context.unit.writer.update("api_key", {"oid": oid}, changes)
        labels = {"display_name": "DisplayName", "grant_name": "Grant"}
        _record(context, oid, "updated", {labels[name]: (row[name], value) for name, value in changes.items()})


async def reset(context: Context, oid: int, *, secret: bytes) -> str:
    """Give a key a new value; the old one ends with this unit of work (E2).

    Raises:
        KeysDisabled: keys are switched off for the subscription.
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid)
    _require_enabled(context)
    value = make_key()
    context.unit.writer.update(
        "api_key",
        {"oid": oid},
        {"lookup": lookup_hash(secret, value), "hint": hint(value), "last_reset_at": context.moment},
    )
    _record(context, oid, "updated", {"LastReset": (row["last_reset_at"], context.moment)})
    return value


async def revoke(context: Context, oid: int) -> None:
    """Delete a key, which is possible also while keys are switched off (A10). Its event stays.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid)
    context.unit.writer.delete("api_key", {"oid": oid})
    _record(context, oid, "deleted", {"User": (row["user_oid"], None), "DisplayName": (row["display_name"], None)})


async def found(context: Context, oid: int) -> KeyEntry:
    """Give one key as lists show it.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    row = await _key(context, oid)
    entries = await listed(context, row["user_oid"])
    return next(entry for entry in entries if entry.oid == oid)


async def of_value(context: Context, value: str, *, secret: bytes) -> int:
    """Give the ObjectID of the key that has this value.

    Raises:
        ObjectNotFound: there is none, or not one that the caller may touch.

    """
    rows = await context.unit.writer.fetch("api_key", {"lookup": lookup_hash(secret, value)}, ["oid"])
    if not rows:
        raise ObjectNotFound("there is no key with this value")
    await _key(context, rows[0][0])
    return int(rows[0][0])


async def listed(context: Context, user_oid: int | None = None) -> list[KeyEntry]:
    """Give a user's keys, or with None every key of the subscription (A9), newest first.

    Raises:
        NotAuthorized: other people's keys are for subscription administrators.

    """
    if not _may_see(context, user_oid):
        raise NotAuthorized("read", _TYPE)
    rows = [row for row in await context.unit.accounts.keys(user_oid) if row["deleted_at"] is None]
    names: dict[int, str] = {}
    for oid in {row["user_oid"] for row in rows}:
        owner = await context.unit.accounts.user_by_oid(oid)
        names[oid] = owner.user_name if owner is not None else ""
    return [_entry(row, names[row["user_oid"]]) for row in rows]


def _entry(row: Mapping[str, Any], user_name: str) -> KeyEntry:
    return KeyEntry(
        oid=row["oid"],
        user_oid=row["user_oid"],
        user_name=user_name,
        display_name=row["display_name"],
        grant=Grant(row["grant_name"]),
        hint=row["hint"],
        created_at=row["created_at"],
        last_reset_at=row["last_reset_at"],
        last_used_at=row["last_used_at"],
        last_used_address=row["last_used_address"],
        last_used_client=row["last_used_client"],
        expires_at=row["expires_at"],
        limits=msgspec.json.decode(row["limits"]),
    )


def _display_name(text: str) -> str:
    name = text.strip()
    if not name:
        raise RequiredValueMissing(_TYPE, "DisplayName", "Display Name")
    if len(name) > _LONGEST_NAME:
        raise TextTooLong(_TYPE, "DisplayName", "Display Name", _LONGEST_NAME)
    return name


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


async def _key(context: Context, oid: int) -> dict[str, Any]:
    """Give the row of a key that the caller may touch: his own, or any for a subscription administrator."""
    columns = ("oid", "user_oid", "display_name", "grant_name", "last_reset_at", "deleted_at")
    rows = await context.unit.writer.fetch("api_key", {"oid": oid}, columns)
    row = dict(zip(columns, rows[0], strict=True)) if rows else None
    if row is None or row["deleted_at"] is not None or not _may_see(context, row["user_oid"]):
        raise ObjectNotFound(f"there is no key {oid}")
    return row


def _record(context: Context, oid: int, kind: str, diff: Mapping[str, tuple[object, object]]) -> None:
    record_event(context, _TYPE, oid, kind, version=1, workspace=None, project=None, diff=diff)
