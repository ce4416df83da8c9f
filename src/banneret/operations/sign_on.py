"""How users sign on: Subscription.AuthenticationPolicy, and the list of those who may use a password nevertheless (KB 110946).

Single sign-on itself is not built; what the modes mean for passwords and keys is (access.md 1.10, 3.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.identity import AuthenticationPolicy
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import ConcurrencyConflict, NotAuthorized, ObjectNotFound, RelationRefused
from banneret.kernel.refs import Ref
from banneret.operations import roster
from banneret.operations.changes import Changes
from banneret.operations.locate import locate
from banneret.operations.update import apply, update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.operations.context import Context

LONGEST_LIST = 1000
"""Users on the exceptions list at most (KB 16786)."""

_LISTED = "isonSSOExceptionList"


@dataclass(frozen=True, slots=True)
class SignOn:
    """The mode at one version of the Subscription, and how many active users may use a password in each mode.

    `users` counts active users, `with_password` those of them who have one.
    """

    version: int
    policy: AuthenticationPolicy
    exceptions: int
    users: int
    with_password: int
    by_password: dict[AuthenticationPolicy, int]


async def read_sign_on(context: Context) -> SignOn:
    """Give the mode, and what each mode would mean now.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.

    """
    _require_administrator(context, "read")
    where = {"oid": context.landscape.subscription_oid}
    rows = await context.unit.writer.fetch("subscription", where, ["versionid", "authenticationpolicy"])
    people, _ = await roster.listed(context, state="enabled", count=roster.LARGEST)
    owners = [person for person in people if person.password_set_at and not person.locked]
    administrators = [person for person in owners if person.subscription_admin]
    excepted = [person for person in owners if person.subscription_admin or person.on_exceptions_list]
    _, exceptions = await roster.listed(context, state="exceptions", count=1)
    counts = {
        AuthenticationPolicy.RALLY_ONLY: len(owners),
        AuthenticationPolicy.RALLY_OR_SSO: len(owners),
        # The mode takes effect only once somebody is on the list (KB 110946).
        AuthenticationPolicy.SSO_WITH_EXCEPTIONS: len(excepted if exceptions else owners),
        AuthenticationPolicy.SSO_ONLY: len(administrators),
    }
    policy = AuthenticationPolicy(rows[0][1] or AuthenticationPolicy.RALLY_ONLY)
    return SignOn(rows[0][0], policy, exceptions, len(people), len(owners), counts)


async def change_policy(context: Context, version: int, policy: AuthenticationPolicy) -> None:
    """Set the mode; it holds from the next log-in and the next request with a key on.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.
        ConcurrencyConflict: somebody changed the Subscription since that version.
        RelationRefused: nobody could log in any more.

    """
    held = await read_sign_on(context)
    if held.version != version:
        raise ConcurrencyConflict("Subscription", context.landscape.subscription_oid)
    if policy is not held.policy and not held.by_password[policy]:
        reason = (
            "Nobody could log in any more: single sign-on is not built yet, and no active subscription administrator has a "
            "password. Set one first."
        )
        raise RelationRefused("Subscription", "AuthenticationPolicy", "Mode", reason)
    ref = Ref("Subscription", object_id=context.landscape.subscription_oid)
    item = context.schema.get("Subscription")
    await update(context, item, ref, {"AuthenticationPolicy": policy.value}, "Subscription")


async def list_exceptions(context: Context, names: Sequence[str]) -> int:
    """Put users on the exceptions list, by their names; say how many were not on it.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.
        RelationRefused: a name that nobody has, or more users than the list takes.

    """
    _require_administrator(context, "update")
    joined = 0
    for name in dict.fromkeys(name.lower() for name in names):
        user = await context.unit.accounts.user(name)
        if user is None:
            raise RelationRefused("Subscription", "names", "User names", f"Nobody has the user name {name[:100]}.")
        if not user.on_sso_exception_list:
            await _mark(context, user.oid, listed=True)
            joined += 1
    await context.unit.writer.flush()
    _, total = await roster.listed(context, state="exceptions", count=1)
    if total > LONGEST_LIST:
        reason = f"The list takes {LONGEST_LIST} users; these would make it {total}."
        raise RelationRefused("Subscription", "names", "User names", reason)
    return joined


async def unlist_exception(context: Context, oid: int) -> None:
    """Take a user from the exceptions list.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.
        ObjectNotFound: there is no such user.

    """
    _require_administrator(context, "update")
    await _mark(context, oid, listed=False)


async def _mark(context: Context, oid: int, *, listed: bool) -> None:
    item = context.schema.get("User")
    found = await locate(context, item, Ref("User", object_id=oid))
    if found is None:
        raise ObjectNotFound
    await apply(context, found, Changes(values={found.type.attributes[_LISTED]: listed}))


def _require_administrator(context: Context, action: str) -> None:
    if context.identity is not None and not allowed(context.identity, Permission.CHANGE_SSO):
        raise NotAuthorized(action, "sign-on settings")
