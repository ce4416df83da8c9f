"""My Settings: one's password and one's log-ins. The way to the API keys leads through here too (E1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from banneret.access.decide import password_expires_at
from banneret.manager.browsers import browser_of
from banneret.manager.visits import Sent, Shown
from banneret.operations import second_factors, sessions

if TYPE_CHECKING:
    from banneret.manager.forms import Form
from banneret.manager.visits import Visit


async def show_settings(visit: Visit, _form: Form) -> Shown:
    """`/settings`: who one is."""
    return Shown("settings.html", {"label": visit.identity.permissions.label})


_WARNING = timedelta(days=7)
"""How long before its password expires a user is warned (KB 100551)."""

DONE = {"password": "Your password is changed, and your other log-ins have ended.", "ended": "The log-in has ended."}
"""What a page that led here has done."""


async def show_access(visit: Visit, _form: Form) -> Shown:
    """`/settings/access`: what lets one in: password, API keys, log-ins."""
    found = await sessions.listed(visit.context, visit.token)
    factors = await second_factors.listed(visit.context, visit.identity.user.oid)
    expires = password_expires_at(visit.context.landscape.subscription, visit.identity.user)
    return Shown(
        "access.html",
        {
            "sessions": found,
            "done": DONE.get(visit.query.get("done", ""), ""),
            "factors": factors,
            "browser_of": browser_of,
            "expires": expires,
            "expires_soon": expires is not None and expires - visit.context.now <= _WARNING,
        },
    )


async def end_session(visit: Visit, form: Form) -> Sent:
    """End one of one's own log-ins, or all of them."""
    if form["everywhere"]:
        await sessions.end_everywhere(visit.context)
        return Sent("/login", cookie="")
    await sessions.end_listed(visit.context, form["handle"])
    return Sent("/settings/access?done=ended")
