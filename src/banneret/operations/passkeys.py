"""Passkeys of users: make one, show one after the password, log in with one alone. An answer is taken once."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING

from banneret.access.passkeys import (
    LIFE,
    challenge_holds,
    creation_options,
    new_challenge,
    read_answer,
    register,
    request_options,
    verify,
)
from banneret.kernel.errors import RelationRefused, Unauthenticated
from banneret.kernel.values import to_wire
from banneret.operations.second_factors import FactorKind, add, require_own

if TYPE_CHECKING:
    from datetime import datetime

    from banneret.access.passkeys import Answer, Site
    from banneret.operations.context import Context
    from banneret.operations.ports import Transaction

_TYPE = "SecondFactor"
ALONE = "log in"
"""What a challenge is for that stands on the log-in page, for nobody in particular."""

REFUSED = "This passkey is not one of yours here, or its answer came too late. Try it again."


async def to_create(context: Context, site: Site, *, secret: bytes) -> str:
    """Say, in JSON, what passkey the caller's browser is to make."""
    user = require_own(context, "create")
    challenge = new_challenge(secret, _making(user), context.now)
    record = context.identity.user if context.identity is not None else None
    if record is None:
        raise Unauthenticated
    return creation_options(site, record, challenge, await _held(context, user))


async def create(context: Context, site: Site, name: str, text: str, *, secret: bytes, token: str) -> None:
    """Add the passkey that the caller's browser made. `token` is the log-in that goes on.

    Raises:
        RelationRefused: it does not answer what was asked here of this user, or is known already.
        InvalidValue: no name, or one that is too long.

    """
    user = require_own(context, "create")
    found = register(site, text, secret, _making(user), context.now)
    if found is None:
        raise RelationRefused(_TYPE, "Credential", "Passkey", REFUSED)
    made, challenge = found
    writer = context.unit.writer
    known = await writer.fetch("second_factor", {"credential": made.credential}, ["oid"])
    if known or not await _spend(context.unit, challenge, context.now):
        raise RelationRefused(_TYPE, "Credential", "Passkey", REFUSED)
    oid = await writer.next_object_id(None)
    public_key = base64.b64encode(made.public_key).decode("ascii")
    facts = {"secret": public_key, "credential": made.credential, "counter": made.counter}
    await add(context, oid, FactorKind.PASSKEY, name, facts, token=token)


async def to_show(context: Context, site: Site, *, secret: bytes) -> str | None:
    """Say, in JSON, which of the caller's passkeys his browser is to show after the password; None where he has none."""
    user = require_own(context, "use")
    held = await _held(context, user)
    if not held:
        return None
    return request_options(site, new_challenge(secret, _showing(user), context.now), held, alone=False)


async def show(context: Context, site: Site, text: str, *, secret: bytes) -> None:
    """Take the caller's passkey as his second factor.

    Raises:
        RelationRefused: it is not his, or does not answer what was asked.

    """
    user = require_own(context, "use")
    answer = read_answer(text)
    right = answer is not None and challenge_holds(secret, _showing(user), answer.challenge, context.now)
    if answer is None or not right or await _take(context.unit, site, answer, context.now, alone=False) != user:
        raise RelationRefused(_TYPE, "Credential", "Passkey", REFUSED)


def to_log_in(site: Site, now: datetime, *, secret: bytes) -> str:
    """Say, in JSON, what a browser is to show in place of user name and password."""
    return request_options(site, new_challenge(secret, ALONE, now), alone=True)


async def owner(unit: Transaction, site: Site, text: str, now: datetime, *, secret: bytes) -> int:
    """Give the ObjectID of the user whose passkey was shown, with the proof that it was he who unlocked it.

    Raises:
        Unauthenticated: it is nobody's, or does not answer what was asked.

    """
    answer = read_answer(text)
    if answer is None or not challenge_holds(secret, ALONE, answer.challenge, now):
        raise Unauthenticated
    user = await _take(unit, site, answer, now, alone=True)
    record = await unit.accounts.user_by_oid(user) if user is not None else None
    if record is None or answer.user not in {None, uuid.UUID(record.uuid).bytes}:
        raise Unauthenticated
    return record.oid


async def _take(unit: Transaction, site: Site, answer: Answer, now: datetime, *, alone: bool) -> int | None:
    """Verify an answer, use it up, and give whose it is."""
    columns = ["oid", "user_oid", "secret", "counter"]
    rows = await unit.writer.fetch("second_factor", {"credential": answer.credential}, columns)
    if not rows:
        return None
    oid, user, public_key, _ = rows[0]
    await unit.writer.lock("second_factor", oid)
    ((counter,),) = await unit.writer.fetch("second_factor", {"oid": oid}, ["counter"])
    used = verify(site, answer, base64.b64decode(public_key), counter, alone=alone)
    if used is None or not await _spend(unit, answer.challenge, now):
        return None
    unit.writer.update("second_factor", {"oid": oid}, {"counter": used, "last_used_at": to_wire(now)})
    return int(user)


async def _spend(unit: Transaction, challenge: bytes, now: datetime) -> bool:
    """Use a challenge up, and say whether it was not before."""
    if await unit.writer.fetch("spent_challenge", {"value": challenge}, ["value"]):
        return False
    await unit.accounts.forget_challenges(to_wire(now - 2 * LIFE))
    unit.writer.insert("spent_challenge", {"value": challenge, "at": to_wire(now)})
    return True


async def _held(context: Context, user: int) -> list[bytes]:
    where = {"user_oid": user, "kind": FactorKind.PASSKEY.value}
    return [bytes(row[0]) for row in await context.unit.writer.fetch("second_factor", where, ["credential"])]


def _making(user: int) -> str:
    return f"make {user}"


def _showing(user: int) -> str:
    return f"show {user}"
