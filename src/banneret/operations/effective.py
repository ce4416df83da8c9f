"""What a key may do now: its owner's roles, its grant and its own limits together (access.md 1.7, 1.15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.decide import Attempt, key_refusal
from banneret.access.identity import AuthMethod, Edition, Identity
from banneret.access.reach import Reach, reach
from banneret.access.rules import narrowed, reaching
from banneret.kernel.errors import ObjectNotFound
from banneret.operations import keys

if TYPE_CHECKING:
    from banneret.operations.context import Context
    from banneret.operations.keys import KeyEntry


@dataclass(frozen=True, slots=True)
class EffectivePermissions:
    """A key with what it reaches. `refusal` is the `X-Auth-Reason` for which it is refused at present, None while it holds.

    What it reaches is told also of a key that is refused: it is what the key would reach again.
    """

    entry: KeyEntry
    reach: Reach
    refusal: str | None


async def of_key(context: Context, oid: int, *, edition: Edition = Edition.SAAS) -> EffectivePermissions:
    """Say what a key may do, to who may see the key. It costs a fixed number of statements, whatever there is to reach.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    entry = await keys.found(context, oid)
    held = await context.unit.accounts.key_by_oid(oid)
    if held is None:
        raise ObjectNotFound(f"there is no key {oid}")
    landscape = context.landscape
    key, user = reaching(held[0], landscape), held[1]
    granted, sight = await context.unit.permissions(user.oid, landscape, subscription_admin=user.subscription_admin)
    identity = Identity(user, AuthMethod.KEY, granted, key=key, grant=key.grant)
    refusal = key_refusal(Attempt(landscape.subscription, context.now, user=user, edition=edition, key=key))
    return EffectivePermissions(entry, reach(identity, narrowed(sight, key, landscape), landscape), refusal)


def in_hand(context: Context) -> Reach:
    """Say what the request's own credential reaches, key or not, without a statement.

    Raises:
        ObjectNotFound: nobody asks.

    """
    if context.identity is None:
        raise ObjectNotFound
    return reach(context.identity, context.sight, context.landscape)
