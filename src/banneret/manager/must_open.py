"""Keys that an administrator reset: they have no value until their user opens them, to which his next log-in leads (access.md 1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from banneret.manager.key_list import ROOT
from banneret.manager.visits import Shown, own_address
from banneret.operations import keys

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit
    from banneret.operations.context import Context


async def first_stop(context: Context, target: str) -> str:
    """Give where a log-in leads: past the keys that wait for their user, if there are any, to where he wanted to go."""
    waiting = await keys.awaiting(context) if context.landscape.subscription.api_keys_enabled else []
    return f"{ROOT}/waiting?{urlencode({'next': target})}" if waiting else target


async def show(visit: Visit, _form: Form) -> Shown:
    """`…/waiting`: after a log-in, one's keys that an administrator reset; nobody has their values, and one opens them here."""
    return Shown(
        "keys_waiting.html",
        {"keys": await keys.awaiting(visit.context), "next": own_address(visit.query.get("next", ""))},
    )
