"""A key's own page: what it is, what it may do, who changed it, and the ways to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.keys import Grant
from banneret.manager import key_forms
from banneret.manager.key_list import label_of
from banneret.manager.visits import Shown
from banneret.operations import keyhistory, keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit
    from banneret.operations.keyhistory import KeyChange

_NAMES = {
    "DisplayName": "Display Name",
    "Grant": "Grant",
    "Purpose": "Purpose",
    "ExpirationDate": "Expires",
    "Projects": "Projects",
    "ProjectScopeDown": "Projects below",
    "Types": "Types",
    "Addresses": "Addresses",
}


async def show_key(visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/keys/<id>`: all that is known of a key but its value; of one that ended, its history."""
    entry = await keys.found(visit.context, visit.argument("key"), ended=True)
    names = _project_names(visit)
    changes = await keyhistory.history(visit.context, entry.oid)
    return Shown(
        "key.html",
        {
            "key": entry,
            "limits": key_forms.said_of(entry.limits, names),
            "changes": [(change, worded(change, names)) for change in changes],
            "enabled": visit.context.landscape.subscription.api_keys_enabled,
            "own": entry.user_oid == visit.context.user,
        },
    )


def _project_names(visit: Visit) -> dict[int, str]:
    seen = visit.context.sight.sees_project
    return {oid: facts.name for oid, facts in visit.context.landscape.projects.items() if seen(oid)}


def worded(change: KeyChange, names: Mapping[int, str]) -> str:
    """Say a change to people."""
    if change.kind == "created":
        return f"Created as {label_of(Grant(change.changes['Grant'][1]))}"
    if change.kind == "deleted":
        return "Deleted"
    parts = []
    if "LastReset" in change.changes:
        parts.append(
            "Reset; it has no value until its user opens it" if _waits(change) else "Reset: it has a new value"
        )
    if "Disabled" in change.changes:
        parts.append("Disabled" if change.changes["Disabled"][1] else "Enabled")
    for element, (old, new) in change.changes.items():
        label = _NAMES.get(element)
        if label is not None:
            parts.append(f"{label} changed from {_value(element, old, names)} to {_value(element, new, names)}")
    return "; ".join(parts)


def _waits(change: KeyChange) -> bool:
    return bool(change.changes.get("AwaitsUser", (None, False))[1])


def _value(element: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None:
        return "none"
    if element == "Grant":
        return label_of(Grant(value))
    if element == "Projects":
        return ", ".join(names.get(oid, "one that you do not see") for oid in value)
    if element == "ExpirationDate":
        return f"{value[:10]} {value[11:16]} UTC"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
