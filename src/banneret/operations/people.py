"""Users as administrators change them: create, edit, dismiss. The rules of users hold as over WSAPI, since the writer is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.predicates import Subject
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import ConcurrencyConflict, NotAuthorized
from banneret.kernel.refs import Ref
from banneret.operations import keys, roster
from banneret.operations.create import create
from banneret.operations.grant import set_flags
from banneret.operations.update import update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context

_TYPE = "User"
_FLAG = "SubscriptionAdmin"
"""What `setpermissionflags` alone changes (KB 374424)."""


async def create_user(context: Context, values: Mapping[str, Any]) -> int:
    """Make a user of attributes by name, and give the ObjectID. Nothing lets him in yet.

    Raises:
        NotAuthorized: not the caller's to create (access.md 3.3).
        InvalidValue: an attribute whose value is wrong, or a user name that somebody has.

    """
    oid = await create(
        context, context.schema.get(_TYPE), {name: value for name, value in values.items() if name != _FLAG}, _TYPE
    )
    if values.get(_FLAG):
        await context.unit.writer.flush()
        await _flag(context, oid, held=True)
    return oid


async def change_user(context: Context, oid: int, version: int, values: Mapping[str, Any]) -> None:
    """Give attributes of a user new values.

    Raises:
        ConcurrencyConflict: somebody changed him since that version.
        ObjectNotFound, NotAuthorized, InvalidValue: as `update`.

    """
    held = await roster.found(context, oid)
    if held.version != version:
        raise ConcurrencyConflict(_TYPE, oid)
    others = {name: value for name, value in values.items() if name != _FLAG}
    await _update(context, oid, others)
    if _FLAG in values and bool(values[_FLAG]) != held.subscription_admin:
        await _flag(context, oid, held=bool(values[_FLAG]))


async def disable(context: Context, oid: int, *, delete_keys: bool = False) -> int:
    """Disable a user: his keys rest, or are deleted for good; his sessions end. Give how many keys were deleted (design 5.8).

    Raises:
        NotAuthorized, RelationRefused: not the caller's to disable, or the last administrator.

    """
    await _toggle(context, oid, disabled=True)
    if not delete_keys:
        return 0
    held = await keys.listed(context, oid)
    for key in held:
        await keys.revoke(context, key.oid)
    return len(held)


async def enable(context: Context, oid: int) -> None:
    """Enable a user again, and with him the keys that he has.

    Raises:
        NotAuthorized: not the caller's to enable.

    """
    await _toggle(context, oid, disabled=False)


async def permitted(context: Context, oid: int) -> frozenset[Permission]:
    """Say which of the permissions that are about a user the caller has about this one.

    Raises:
        ObjectNotFound: there is no such user.

    """
    person = await roster.found(context, oid)
    held, _ = await context.unit.permissions(oid, context.landscape, subscription_admin=person.subscription_admin)
    subject = Subject(target_user=oid, target_role=held.highest)
    asked = (Permission.UPDATE_USER, Permission.TOGGLE_USER, Permission.UNLOCK_USER, Permission.SEE_ALL_KEYS)
    identity = context.identity
    return frozenset(each for each in asked if identity is None or allowed(identity, each, subject))


async def _toggle(context: Context, oid: int, *, disabled: bool) -> None:
    if Permission.TOGGLE_USER not in await permitted(context, oid):
        raise NotAuthorized("disable" if disabled else "enable", _TYPE, oid)
    await _update(context, oid, {"Disabled": disabled})


async def _flag(context: Context, oid: int, *, held: bool) -> None:
    ref = Ref(_TYPE, object_id=oid)
    await set_flags(context, context.schema.get(_TYPE), ref, {_FLAG: held}, "SetPermissionFlags")


async def _update(context: Context, oid: int, values: Mapping[str, Any]) -> None:
    await update(context, context.schema.get(_TYPE), Ref(_TYPE, object_id=oid), values, _TYPE)
