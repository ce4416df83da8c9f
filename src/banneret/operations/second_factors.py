"""Second factors: what people show beside their password, and the codes for the day when it is lost (ASVS 5 6.3 and 6.5).

The secret of an authenticator app is sealed under the server's secret, for it is needed to check a code; a recovery code is kept
as its digest. A code of either kind is taken once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from banneret.access.codes import new_recovery_codes, recovery_digest, totp_step
from banneret.access.decide import second_factor_demanded
from banneret.access.rules import Permission, allowed
from banneret.access.sealing import seal, unseal
from banneret.kernel.errors import NotAuthorized, ObjectNotFound, RelationRefused, RequiredValueMissing, TextTooLong
from banneret.operations.recording import record_event
from banneret.operations.sessions import end_others

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context

_TYPE = "SecondFactor"
_LONGEST_NAME = 100
_COLUMNS = ("oid", "kind", "name", "created_at", "last_used_at")

USED = "This code was used already. Wait for the next one."
DEMANDED = "Your subscription demands a second factor: add another one before you remove this."


class FactorKind(StrEnum):
    """An authenticator app that makes codes, or a passkey."""

    APP = "app"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class FactorEntry:
    """A second factor as lists show it: never its secret. Moments are in wire form."""

    oid: int
    kind: FactorKind
    name: str
    created_at: str
    last_used_at: str | None


async def listed(context: Context, user_oid: int) -> list[FactorEntry]:
    """Give a user's second factors, the oldest first."""
    rows = await context.unit.writer.fetch("second_factor", {"user_oid": user_oid}, _COLUMNS)
    entries = [FactorEntry(row[0], FactorKind(row[1]), *row[2:]) for row in rows]
    return sorted(entries, key=lambda entry: entry.oid)


async def add_app(context: Context, name: str, totp_secret: str, code: str, *, secret: bytes, token: str) -> None:
    """Add an authenticator app that has shown, by a code, that it has the secret. `token` is the log-in that goes on.

    Raises:
        RelationRefused: the code is not one of this secret's.
        InvalidValue: no name, or one that is too long.

    """
    step = totp_step(totp_secret, code, context.now, -1)
    if step is None:
        reason = "This is not what the app should show. Look at the telephone's clock, and type the code that stands there now."
        raise RelationRefused(_TYPE, "Code", "Code", reason)
    user = require_own(context, "create")
    oid = await context.unit.writer.next_object_id(None)
    sealed = seal(secret, _purpose(oid), totp_secret)
    await add(context, oid, FactorKind.APP, name, {"secret": sealed, "credential": None, "counter": step}, token=token)
    _record(context, user, "created", {"App": (None, name)})


async def add(
    context: Context, oid: int, kind: FactorKind, name: str, facts: Mapping[str, object], *, token: str
) -> None:
    """Store a second factor of the caller's; with his first one all his other log-ins end."""
    user = require_own(context, "create")
    writer = context.unit.writer
    label = _name(name)
    writer.insert(
        "second_factor",
        {"oid": oid, "user_oid": user, "kind": kind.value, "name": label, "created_at": context.moment, **facts},
    )
    if not await _flagged(context, user):
        await _flag(context, user, has=True)
        await end_others(context, token)


async def holds(context: Context, code: str, *, secret: bytes) -> bool:
    """Whether a code is one of the caller's app now, or a recovery code of his. Nothing is used up by looking."""
    return await _matching(context, require_own(context, "use"), code, secret=secret) is not None


async def use_code(context: Context, code: str, *, secret: bytes) -> None:
    """Use up a code of the caller's app, or a recovery code of his.

    Raises:
        RelationRefused: it is none, or was used before.

    """
    user = require_own(context, "use")
    writer = context.unit.writer
    await writer.lock("user", user)
    found = await _matching(context, user, code, secret=secret)
    if found is None:
        raise RelationRefused(_TYPE, "Code", "Code", USED)
    oid, step = found
    if oid is None:
        writer.delete("recovery_code", {"digest": recovery_digest(secret, user, code)})
        _record(context, user, "updated", {"RecoveryCodes": ("used", None)})
    else:
        writer.update("second_factor", {"oid": oid}, {"counter": step, "last_used_at": context.moment})


async def _matching(context: Context, user: int, code: str, *, secret: bytes) -> tuple[int | None, int] | None:
    """Give the app that a code is of and the code's step; no app for a recovery code; None where it is of nothing."""
    writer = context.unit.writer
    rows = await writer.fetch("second_factor", {"user_oid": user, "kind": "app"}, ["oid", "secret", "counter"])
    for oid, sealed, counter in rows:
        totp_secret = unseal(secret, _purpose(oid), sealed)
        step = totp_step(totp_secret, code, context.now, counter) if totp_secret is not None else None
        if step is not None:
            return oid, step
    digest = recovery_digest(secret, user, code)
    kept = await writer.fetch("recovery_code", {"digest": digest, "user_oid": user}, ["user_oid"])
    return (None, 0) if kept else None


async def make_recovery_codes(context: Context, *, secret: bytes) -> list[str]:
    """Make ten new recovery codes for the caller; former ones end."""
    user = require_own(context, "create")
    writer = context.unit.writer
    writer.delete("recovery_code", {"user_oid": user})
    codes = new_recovery_codes()
    for code in codes:
        writer.insert("recovery_code", {"digest": recovery_digest(secret, user, code), "user_oid": user})
    _record(context, user, "updated", {"RecoveryCodes": (None, len(codes))})
    return codes


async def recovery_codes_left(context: Context, user_oid: int) -> int:
    """Say how many recovery codes a user has."""
    return len(await context.unit.writer.fetch("recovery_code", {"user_oid": user_oid}, ["user_oid"]))


async def rename(context: Context, oid: int, name: str) -> None:
    """Give one of the caller's second factors another name.

    Raises:
        ObjectNotFound: he has no such one.
        InvalidValue: no name, or one that is too long.

    """
    await _own(context, oid)
    context.unit.writer.update("second_factor", {"oid": oid}, {"name": _name(name)})


async def remove(context: Context, oid: int) -> None:
    """Remove one of the caller's second factors; with the last one the recovery codes go, too.

    Raises:
        ObjectNotFound: he has no such one.
        RelationRefused: it is his last, and one is demanded of him.

    """
    entry = await _own(context, oid)
    user = require_own(context, "delete")
    if len(await listed(context, user)) == 1:
        record = await context.unit.accounts.user_by_oid(user)
        if record is not None and second_factor_demanded(context.landscape.subscription, record):
            raise RelationRefused(_TYPE, "", "", DEMANDED)
        await _forget(context, user)
    context.unit.writer.delete("second_factor", {"oid": oid})
    _record(context, user, "deleted", {entry.kind.value.title(): (entry.name, None)})


async def remove_all(context: Context, user_oid: int) -> None:
    """Take all second factors from a user who has lost them, and end his log-ins; his password alone lets him in again.

    Where one is demanded of him, his next log-in asks him to get one.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.
        ObjectNotFound: there is no such user.

    """
    identity = context.identity
    if identity is not None and not (identity.is_interactive and allowed(identity, Permission.UPDATE_USER)):
        raise NotAuthorized("delete", _TYPE)
    if await context.unit.accounts.user_by_oid(user_oid) is None:
        raise ObjectNotFound(f"there is no user {user_oid}")
    await _forget(context, user_oid)
    context.unit.writer.delete("second_factor", {"user_oid": user_oid})
    context.unit.writer.delete("session", {"user_oid": user_oid})
    _record(context, user_oid, "deleted", {"All": ("had", None)})


async def count_without(context: Context, *, administrators_only: bool) -> int:
    """Say how many users with a password, who are not disabled, have no second factor."""
    writer = context.unit.writer
    where = {"subscriptionadmin": True} if administrators_only else {}
    active = {oid for oid, disabled in await writer.fetch("user", where, ["oid", "disabled"]) if not disabled}
    rows = await writer.fetch("password", {"second_factor": False}, ["user_oid", "hash"])
    return sum(bool(held) and oid in active for oid, held in rows)


def require_own(context: Context, action: str) -> int:
    """Give the ObjectID of the caller, whose second factors are at hand.

    Raises:
        NotAuthorized: nobody has logged in: keys and tokens have none, and change none (design 7).

    """
    if context.identity is None or not context.identity.is_interactive:
        raise NotAuthorized(action, _TYPE)
    return context.identity.user.oid


async def _own(context: Context, oid: int) -> FactorEntry:
    user = require_own(context, "update")
    found = next((entry for entry in await listed(context, user) if entry.oid == oid), None)
    if found is None:
        raise ObjectNotFound(f"there is no second factor {oid}")
    return found


async def _flagged(context: Context, user: int) -> bool:
    rows = await context.unit.writer.fetch("password", {"user_oid": user}, ["second_factor"])
    return bool(rows and rows[0][0])


async def _flag(context: Context, user: int, *, has: bool) -> None:
    writer = context.unit.writer
    if await writer.fetch("password", {"user_oid": user}, ["user_oid"]):
        writer.update("password", {"user_oid": user}, {"second_factor": has})
    else:
        # No password has the empty hash.
        writer.insert("password", {"user_oid": user, "hash": "", "set_at": context.moment, "second_factor": has})


async def _forget(context: Context, user: int) -> None:
    await _flag(context, user, has=False)
    context.unit.writer.delete("recovery_code", {"user_oid": user})


def _name(text: str) -> str:
    name = text.strip()
    if not name:
        raise RequiredValueMissing(_TYPE, "Name", "Name")
    if len(name) > _LONGEST_NAME:
        raise TextTooLong(_TYPE, "Name", "Name", _LONGEST_NAME)
    return name


def _purpose(oid: int) -> str:
    return f"second factor {oid}"


def _record(context: Context, user: int, kind: str, diff: Mapping[str, tuple[object, object]]) -> None:
    record_event(context, _TYPE, user, kind, version=1, workspace=None, project=None, diff=diff)
