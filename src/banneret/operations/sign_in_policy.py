"""What the subscription asks of whoever logs in: read and change it as one. Half of it is Rally's Subscription, half our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.rules import Permission, allowed
from banneret.access.sign_in import OWN_BOUNDS, Demand, SignInPolicy
from banneret.kernel.errors import NotAuthorized, RelationRefused
from banneret.kernel.refs import Ref
from banneret.operations.recording import record_event
from banneret.operations.update import update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context

_TYPE = "SignInPolicy"

SHARED = (
    *("PasswordMinimumLength", "NumberofPasswordRules", "PreviousPasswordCount", "PasswordExpirationDays"),
    *("Maximumloginattempts", "UserLockoutTime", "SessionTimeoutSeconds"),
)
"""The Subscription's attributes among it; they can be changed over WSAPI too."""

_OWN = {
    "MinimumPasswordScore": "minimum_score",
    "SessionHours": "session_hours",
    "SecondFactor": "second_factor",
}
"""Fields of `SignInPolicy` by the names that pages and events give them."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`shared` has the Subscription's attributes by name: numbers, or None where there is no limit."""

    shared: Mapping[str, int | None]
    own: SignInPolicy


async def read_own(context: Context) -> SignInPolicy:
    """Give what Rally's Subscription has no attribute for."""
    where = {"subscription_oid": context.landscape.subscription_oid}
    rows = await context.unit.writer.fetch("sign_in_policy", where, list(_OWN.values()))
    if not rows:
        return SignInPolicy()
    score, hours, demand = rows[0]
    return SignInPolicy(score, hours, Demand(demand))


async def read_policy(context: Context) -> Policy:
    """Give the whole policy."""
    columns = [name.lower() for name in SHARED]
    rows = await context.unit.writer.fetch("subscription", {"oid": context.landscape.subscription_oid}, columns)
    return Policy(dict(zip(SHARED, rows[0], strict=True)), await read_own(context))


async def change_policy(context: Context, policy: Policy) -> None:
    """Set the whole policy; it holds for the next password that is set and the next log-in that begins.

    Only a demand for a second factor holds at once: who has none is led to get one at his next click.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.
        InvalidValue: a figure is out of its bounds.

    """
    identity = context.identity
    interactive = identity is None or identity.is_interactive
    if not interactive or (identity is not None and not allowed(identity, Permission.ADMINISTER_SUBSCRIPTION)):
        raise NotAuthorized("change", _TYPE)
    oid = context.landscape.subscription_oid
    item = context.schema.get("Subscription")
    await update(context, item, Ref("Subscription", object_id=oid), policy.shared, "Subscription")
    before = await read_own(context)
    new = {name: getattr(policy.own, field) for name, field in _OWN.items()}
    for name, bounds in OWN_BOUNDS.items():
        if not bounds.hold(new[name]):
            raise RelationRefused(_TYPE, name, name, bounds.sentence)
    diff = {name: (old, value) for name, value in new.items() if (old := getattr(before, _OWN[name])) != value}
    if not diff:
        return
    await context.unit.touch()  # whom a second factor is demanded of decides who gets in
    writer = context.unit.writer
    writer.delete("sign_in_policy", {"subscription_oid": oid})
    writer.insert("sign_in_policy", {"subscription_oid": oid, **{_OWN[name]: new[name] for name in new}})
    record_event(context, _TYPE, oid, "updated", version=1, workspace=None, project=None, diff=diff)
