"""Passwords of users, and the locks on their accounts.

Hashing and comparing take a tenth of a second each on purpose, so they are done before the unit of work begins: `standing`
says what a new password is judged by, `access.passwords` judges and hashes it on a thread, `set_password` stores the hash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from banneret.access.passwords import PasswordPolicy
from banneret.access.predicates import Subject
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import InvalidRequest, NotAuthorized, ObjectNotFound
from banneret.kernel.values import to_wire
from banneret.operations.recording import record_event
from banneret.operations.sign_in_policy import read_own

if TYPE_CHECKING:
    from banneret.access.identity import UserRecord
    from banneret.operations.context import Context

_TYPE = "Password"
_KEPT = 24
"""Former passwords that are remembered at most, whatever the policy asks for."""

LONG_AGO = "1970-01-01T00:00:00.000Z"
"""When a password was set that has expired by decree."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a new password of a user is judged by: see `access.passwords.violations`."""

    policy: PasswordPolicy
    words: tuple[str, ...]
    previous: tuple[str, ...]

    def renewed(self) -> Standing:
        """Give the same for one that takes the place of an expired one: that may not come again, whatever the policy says."""
        return replace(self, policy=replace(self.policy, remembered=max(1, self.policy.remembered)))


async def standing(context: Context, user_oid: int | None) -> Standing:
    """Give the subscription's policy, the words that a guesser of this user's password would try, and its former hashes.

    None is a user who is still to be created.

    Raises:
        ObjectNotFound: there is no such user.

    """
    user = await _user(context, user_oid) if user_oid is not None else None
    columns = ("passwordminimumlength", "numberofpasswordrules", "previouspasswordcount", "name")
    rows = await context.unit.writer.fetch("subscription", {"oid": context.landscape.subscription_oid}, columns)
    length, classes, remembered, company = rows[0]
    policy = PasswordPolicy(
        minimum_length=length or 0,
        required_classes=classes or 0,
        minimum_score=(await read_own(context)).minimum_score,
        remembered=min(remembered or 0, _KEPT),
    )
    if user is None:
        return Standing(policy, (company,), ())
    kept = await context.unit.writer.fetch("password", {"user_oid": user_oid}, ["hash", "history"])
    previous = [kept[0][0], *msgspec.json.decode(kept[0][1], type=list[str])] if kept else []
    words = tuple(word for word in (user.user_name, user.display_name, company) if word)
    return Standing(policy, words, tuple(old for old in previous if old))


async def set_password(context: Context, user_oid: int, hashed: str, *, set_at: str | None = None) -> None:
    """Store the hash of a new password; the user's sessions end, and his keys, if its expiry stopped them, work again.

    `set_at` (wire form) is for scenarios, where it was set at another time.

    Raises:
        NotAuthorized: neither his own password nor an administrator's doing, or by a key (design 7).
        ObjectNotFound: there is no such user.

    """
    await _user(context, user_oid)
    identity = context.identity
    if identity is not None:
        own = identity.is_interactive and identity.user.oid == user_oid
        if not own and not (identity.is_interactive and allowed(identity, Permission.UPDATE_USER)):
            raise NotAuthorized("update", _TYPE)
    writer = context.unit.writer
    moment = set_at or context.moment
    kept = await writer.fetch("password", {"user_oid": user_oid}, ["hash", "history"])
    if kept:
        history = [old for old in (kept[0][0], *msgspec.json.decode(kept[0][1], type=list[str])) if old][:_KEPT]
        changes = {"hash": hashed, "set_at": moment, "history": msgspec.json.encode(history).decode(), "failures": "[]"}
        writer.update("password", {"user_oid": user_oid}, changes)
    else:
        writer.insert("password", {"user_oid": user_oid, "hash": hashed, "set_at": moment})
    writer.update("user", {"oid": user_oid}, {"lastpasswordupdatedate": moment})
    writer.delete("session", {"user_oid": user_oid})
    _record(context, user_oid, "updated" if kept else "created", "LastPasswordUpdateDate", None, moment)


async def count_expired(context: Context, days: int) -> int:
    """Say how many users' passwords would have expired by now if they held for so many days.

    Raises:
        NotAuthorized: for subscription administrators.

    """
    if context.identity is not None and not allowed(context.identity, Permission.UPDATE_USER):
        raise NotAuthorized("read", _TYPE)
    latest = to_wire(context.now - timedelta(days=days))
    return sum(
        bool(held) and at <= latest for held, at in await context.unit.writer.fetch("password", {}, ["hash", "set_at"])
    )


async def expire_password(context: Context, user_oid: int) -> None:
    """Let a user's password expire now, whenever it was set; with it his keys stop until it is reset (B9).

    Raises:
        InvalidRequest: passwords do not expire in this subscription, or the user has none.
        ObjectNotFound: there is no such user.

    """
    await _user(context, user_oid)
    if not context.landscape.subscription.password_expiration_days:
        raise InvalidRequest("passwords do not expire in this subscription: its PasswordExpirationDays is not set")
    kept = await context.unit.writer.fetch("password", {"user_oid": user_oid}, ["set_at"])
    if not kept:
        raise InvalidRequest("the user has no password")
    context.unit.writer.update("password", {"user_oid": user_oid}, {"set_at": LONG_AGO})
    context.unit.writer.update("user", {"oid": user_oid}, {"lastpasswordupdatedate": LONG_AGO})
    _record(context, user_oid, "updated", "LastPasswordUpdateDate", kept[0][0], LONG_AGO)


async def lock(context: Context, user_oid: int) -> None:
    """Lock a user by an administrator's will: log-ins, sessions and keys stop until he is unlocked (design 5.7).

    Raises:
        NotAuthorized: for subscription administrators.
        ObjectNotFound: there is no such user.

    """
    await _user(context, user_oid)
    if context.identity is not None and not allowed(context.identity, Permission.UPDATE_USER):
        raise NotAuthorized("update", "User", user_oid)
    writer = context.unit.writer
    kept = await writer.fetch("password", {"user_oid": user_oid}, ["locked_by_admin"])
    if kept:
        writer.update("password", {"user_oid": user_oid}, {"locked_by_admin": True})
    else:
        # No password has the empty hash.
        writer.insert("password", {"user_oid": user_oid, "hash": "", "set_at": context.moment, "locked_by_admin": True})
    writer.delete("session", {"user_oid": user_oid})
    _record(context, user_oid, "updated", "LockedByAdmin", bool(kept and kept[0][0]), new=True)


async def unlock(context: Context, user_oid: int) -> None:
    """Take every lock off a user: an administrator's, the automatic one after failed log-ins, and that for inactivity.

    Raises:
        NotAuthorized: for subscription administrators, and for workspace administrators of those below them.
        ObjectNotFound: there is no such user.

    """
    user = await _user(context, user_oid)
    if context.identity is not None:
        held, _ = await context.unit.permissions(
            user_oid, context.landscape, subscription_admin=user.subscription_admin
        )
        subject = Subject(target_user=user_oid, target_role=held.highest)
        if not allowed(context.identity, Permission.UNLOCK_USER, subject):
            raise NotAuthorized("update", "User", user_oid)
    context.unit.writer.update("password", {"user_oid": user_oid}, {"locked_by_admin": False, "failures": "[]"})
    context.unit.writer.update("user", {"oid": user_oid}, {"accountlockeduntil": None, "failedloginattempts": 0})
    _record(context, user_oid, "updated", "LockedByAdmin", user.locked_by_admin, new=False)


async def _user(context: Context, oid: int) -> UserRecord:
    await context.unit.writer.flush()
    user = await context.unit.accounts.user_by_oid(oid)
    if user is None:
        raise ObjectNotFound(f"there is no user {oid}")
    return user


def _record(context: Context, user_oid: int, kind: str, name: str, old: object, new: object) -> None:
    record_event(context, _TYPE, user_oid, kind, version=1, workspace=None, project=None, diff={name: (old, new)})
