"""`/admin/subscription`: Admin Capabilities, cross-origin reading and the addresses that may come in (KB 11568)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.kernel.errors import ConcurrencyConflict
from banneret.manager.administration.sections import ROOT, of_subscription, require, section
from banneret.manager.visits import Sent
from banneret.operations.subscription import (
    FLAGS,
    LISTS,
    Settings,
    change_settings,
    entries_of,
    read_settings,
    stopping,
)

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit

ADDRESS = f"{ROOT}/subscription"


async def show(visit: Visit, form: Form) -> Shown:
    """Show the settings as they are, or as they were typed, and beside each where the two differ."""
    require(visit, of_subscription)
    held = await read_settings(visit.context)
    typed = bool(form.values)
    if not typed:
        form.values = {name: "on" for name, value in held.flags.items() if value}
        form.values |= {name: "\n".join(entries) for name, entries in held.lists.items()}
    elif form.values.get("version") != str(held.version):
        form.problem = form.problem or "Somebody else changed these settings meanwhile."
    return section(
        visit,
        "admin/subscription.html",
        {
            "settings": held,
            "typed": typed,
            "saved": visit.query.get("saved") == "1",
            "counts": await _counts(visit),
        },
    )


async def _counts(visit: Visit) -> dict[str, int]:
    landscape = visit.context.landscape
    return {
        "Workspaces": sum(found.is_open for found in landscape.workspaces.values()),
        "Projects": len(landscape.open_projects),
    }


async def change(visit: Visit, form: Form) -> Sent | Shown:
    """Save; what stops whatever uses a key is asked about first."""
    require(visit, of_subscription)
    before = await read_settings(visit.context)
    if form["version"] != str(before.version):
        raise ConcurrencyConflict("Subscription", visit.context.landscape.subscription_oid)
    wanted = Settings(
        before.version,
        before.name,
        {name: form.checked(name) for name in FLAGS},
        {name: entries_of(form[name]) for name in LISTS},
    )
    disabling = before.flags["ApiKeysEnabled"] and not wanted.flags["ApiKeysEnabled"]
    if disabling and not form.checked("Understood"):
        kept = {name: form[name] for name in ("version", *FLAGS, *LISTS) if form[name]}
        values = {"stopping": await stopping(visit.context), "kept": kept}
        return section(visit, "admin/subscription_confirm.html", values)
    await change_settings(visit.context, wanted)
    return Sent(f"{ADDRESS}?saved=1")
