"""`/settings/second-factor`: one's second factors and recovery codes. For log-ins that have just begun (ASVS 5 7.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.decide import second_factor_demanded
from banneret.manager.enrolment import (
    CODES,
    CODES_PAGE,
    add_app,
    add_passkey,
    app_page,
    keep_codes,
    passkey_page,
)
from banneret.manager.reveal import take
from banneret.manager.visits import Sent, Shown, own_address
from banneret.operations import second_factors

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

ROOT = "/settings/second-factor"
DONE = {
    "added": "It is added, and will be asked for at your next log-in.",
    "renamed": "It has its new name.",
    "removed": "It is removed.",
}


async def show_list(visit: Visit, _form: Form) -> Shown:
    """List them."""
    user = visit.identity.user
    return Shown(
        "own_factors.html",
        {
            "factors": await second_factors.listed(visit.context, user.oid),
            "codes_left": await second_factors.recovery_codes_left(visit.context, user.oid),
            "demanded": second_factor_demanded(visit.context.landscape.subscription, user),
            "done": DONE.get(visit.query.get("done", ""), ""),
        },
    )


async def change(visit: Visit, form: Form) -> Sent:
    """Rename or remove one, or make new recovery codes."""
    if form["codes"]:
        await keep_codes(visit)
        return Sent(CODES_PAGE)
    factor = int(form["factor"]) if form["factor"].isascii() and form["factor"].isdigit() else 0
    if form["do"] == "remove":
        await second_factors.remove(visit.context, factor)
        return Sent(f"{ROOT}?done=removed")
    await second_factors.rename(visit.context, factor, form["Name"])
    return Sent(f"{ROOT}?done=renamed")


async def show_app(visit: Visit, form: Form) -> Shown:
    """`…/app`: add an authenticator app."""
    return Shown("own_factor_app.html", app_page(visit, form))


async def add(visit: Visit, form: Form) -> Sent:
    """Add it; with the first second factor come recovery codes."""
    await add_app(visit, form)
    return await added(visit)


async def show_passkey(visit: Visit, _form: Form) -> Shown:
    """`…/passkey`: add a passkey."""
    return Shown("own_factor_passkey.html", await passkey_page(visit))


async def add_key(visit: Visit, form: Form) -> Sent:
    """Add it, as an app."""
    await add_passkey(visit, form)
    return await added(visit)


async def added(visit: Visit) -> Sent:
    """Lead on from a second factor that was just added."""
    if await second_factors.recovery_codes_left(visit.context, visit.identity.user.oid):
        return Sent(f"{ROOT}?done=added")
    await keep_codes(visit)
    return Sent(CODES_PAGE)


async def show_codes(visit: Visit, _form: Form) -> Shown:
    """`…/codes`: the recovery codes, this once."""
    waiting = await take(visit, CODES)
    goal = visit.query.get("next", "")
    return Shown("recovery_codes.html", {"codes": waiting, "goal": own_address(goal) if goal else ROOT})
