"""One-time links with which a user sets a password without anybody else ever knowing it. Kept as hashes only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import NotAuthorized, ObjectNotFound
from banneret.kernel.ids import random_base62
from banneret.kernel.values import to_wire
from banneret.operations.passwords import set_password
from banneret.operations.recording import record_event
from banneret.operations.sessions import identifier

if TYPE_CHECKING:
    from banneret.access.identity import UserRecord
    from banneret.operations.context import Context
    from banneret.operations.ports import Transaction

LIFE = timedelta(days=3)
"""How long a link waits for its user."""

_TYPE = "Invitation"


async def invite(context: Context, user_oid: int, *, newly_made: bool = False) -> str:
    """Make a link's value; earlier ones of the same user end. With `newly_made` who created the user just now may, too.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.
        ObjectNotFound: there is no such user.

    """
    identity = context.identity
    needed = Permission.CREATE_USER if newly_made else Permission.UPDATE_USER
    if identity is not None and not (identity.is_interactive and allowed(identity, needed)):
        raise NotAuthorized("invite", "User", user_oid)
    await context.unit.writer.flush()
    if await context.unit.accounts.user_by_oid(user_oid) is None:
        raise ObjectNotFound(f"there is no user {user_oid}")
    value = random_base62(43)
    context.unit.writer.delete("invitation", {"user_oid": user_oid})
    row = {"created_at": context.moment, "expires_at": to_wire(context.now + LIFE)}
    context.unit.writer.insert("invitation", {"id": identifier(value), "user_oid": user_oid, **row})
    record_event(context, _TYPE, user_oid, "created", version=1, workspace=None, project=None, diff={})
    return value


async def invited(unit: Transaction, value: str, moment: str) -> UserRecord | None:
    """Give the user whom a link is for, or None where it was used, has ended, or its user may not come in."""
    rows = await unit.writer.fetch("invitation", {"id": identifier(value)}, ["user_oid", "expires_at"])
    if not rows or rows[0][1] <= moment:
        return None
    user = await unit.accounts.user_by_oid(rows[0][0])
    return user if user is not None and not user.disabled and not user.deleted else None


async def accept(context: Context, user: UserRecord, hashed: str) -> None:
    """Store the hash of the password that an invited user chose. The link has done its work; `context` is the server's."""
    context.unit.writer.delete("invitation", {"user_oid": user.oid})
    record_event(context, _TYPE, user.oid, "deleted", version=1, workspace=None, project=None, diff={})
    await set_password(context, user.oid, hashed)
