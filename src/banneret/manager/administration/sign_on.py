"""`/admin/sign-on`: password or single sign-on, and who may use a password nevertheless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.identity import AuthenticationPolicy
from banneret.kernel.errors import ConcurrencyConflict, NotFound, RelationRefused
from banneret.manager.administration.paging import page_number, paging
from banneret.manager.administration.sections import ROOT, of_subscription, require, section
from banneret.manager.visits import Sent
from banneret.operations import roster, sign_on

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit

ADDRESS = f"{ROOT}/sign-on"

SIZE = 50
MODES = {
    AuthenticationPolicy.RALLY_ONLY: (
        "Users log in with user name and password. While a password has expired, its user's keys stop.",
        "stop while the password has expired",
    ),
    AuthenticationPolicy.RALLY_OR_SSO: (
        "Users may do either. The password policy holds for users on the exceptions list alone.",
        "go on when a password expires, except those of users on the list",
    ),
    AuthenticationPolicy.SSO_WITH_EXCEPTIONS: (
        "Only users on the exceptions list may use a password. It takes effect once somebody is on the list.",
        "go on when a password expires, except those of users on the list",
    ),
    AuthenticationPolicy.SSO_ONLY: (
        "Only subscription administrators use a password.",
        "go on when a password expires, except those of users on the list",
    ),
}
"""What each mode means, and what it means for API keys."""

DONE = {"saved": "Saved. It holds from the next log-in and the next request on.", "listed": "The list is changed."}


async def show(visit: Visit, form: Form) -> Shown:
    """Show the mode and the list."""
    require(visit, of_subscription)
    held = await sign_on.read_sign_on(visit.context)
    start = (page_number(visit) - 1) * SIZE
    listed, total = await roster.listed(visit.context, state="exceptions", start=start, count=SIZE)
    values = {
        "held": held,
        "modes": [(mode, meaning) for mode, (meaning, _) in MODES.items()],
        "chosen": form["AuthenticationPolicy"] or held.policy.value,
        "listed": listed,
        "pages": paging(visit, (), SIZE, total),
        "longest": sign_on.LONGEST_LIST,
        "done": DONE.get(visit.query.get("done", ""), ""),
    }
    return section(visit, "admin/sign_on.html", values)


async def change(visit: Visit, form: Form) -> Sent | Shown:
    """Set the mode, or change the list: the button that was pressed says which."""
    require(visit, of_subscription)
    if form["do"] == "add":
        names = form["names"].replace(",", " ").split()
        if not names:
            raise RelationRefused("Subscription", "names", "User names", "User names are needed.")
        await sign_on.list_exceptions(visit.context, names)
        return Sent(f"{ADDRESS}?done=listed")
    if form["do"] == "remove":
        if not form["user"].isdigit() or len(form["user"]) > 18:
            raise NotFound
        await sign_on.unlist_exception(visit.context, int(form["user"]))
        return Sent(f"{ADDRESS}?done=listed")
    return await _change_mode(visit, form)


async def _change_mode(visit: Visit, form: Form) -> Sent | Shown:
    if form["AuthenticationPolicy"] not in set(AuthenticationPolicy):
        raise RelationRefused("Subscription", "AuthenticationPolicy", "Mode", "Choose one of these.")
    policy = AuthenticationPolicy(form["AuthenticationPolicy"])
    held = await sign_on.read_sign_on(visit.context)
    if form["version"] != str(held.version):
        raise ConcurrencyConflict("Subscription", visit.context.landscape.subscription_oid)
    kept_out = held.by_password[held.policy] - held.by_password[policy]
    if kept_out > 0 and held.by_password[policy] and not form.checked("Understood"):
        values = {"held": held, "policy": policy, "kept_out": kept_out, "keys": MODES[policy][1]}
        return section(visit, "admin/sign_on_confirm.html", values)
    await sign_on.change_policy(visit.context, held.version, policy)
    return Sent(f"{ADDRESS}?done=saved")
