"""`subscription`: the switches that decide who comes in, the API keys' first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from banneret.api import resources
from banneret.kernel.refs import Ref
from banneret.operations.update import update

if TYPE_CHECKING:
    from banneret.api.endpoints import Call
    from banneret.operations.context import Context

_COLUMNS = (
    *("oid", "uuid", "name", "subscriptionid", "apikeysenabled", "jsonpenabled", "corsenabled", "authenticationpolicy"),
    *("passwordexpirationdays", "ipaddressrestrictionenabled"),
)


async def read_subscription(call: Call) -> resources.Subscription:
    """The subscription as it is now."""
    return await _shown(call.context)


async def change_subscription(call: Call) -> resources.Subscription:
    """Turn switches; with the one of API keys off, every key is refused from the next request on (A10)."""
    context = call.context
    body = msgspec.to_builtins(call.body)
    if body:
        item = context.schema.get("Subscription")
        await update(context, item, Ref(item.name, object_id=context.landscape.subscription_oid), body, item.name)
    return await _shown(context)


async def _shown(context: Context) -> resources.Subscription:
    found = await context.unit.writer.fetch("subscription", {"oid": context.landscape.subscription_oid}, _COLUMNS)
    oid, uuid, name, number, keys, jsonp, cors, policy, days, addresses = found[0]
    return resources.Subscription(
        ObjectID=oid,
        ObjectUUID=uuid,
        Name=name,
        SubscriptionID=number,
        ApiKeysEnabled=bool(keys),
        JSONPEnabled=bool(jsonp),
        CORSEnabled=bool(cors),
        AuthenticationPolicy=policy or "Rally Only",
        PasswordExpirationDays=days,
        IPAddressRestrictionEnabled=bool(addresses),
    )
