"""A key's own page: what it is, what it may do, who changed it, and the ways to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.keys import Grant
from banneret.manager import key_forms
from banneret.manager.key_activity import activity
from banneret.manager.key_list import label_of
from banneret.manager.visits import Shown
from banneret.operations import effective, keyhistory, keys
from banneret.operations.keys import KeyState

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

REASONS = {
    "key_suspended": "it is disabled",
    "key_expired": "it has expired",
    "keys_disabled": "API keys are disabled for the subscription",
    "keys_not_in_edition": "this edition has no API keys",
    "subscription_inactive": "the subscription is not active",
    "owner_disabled": "its user is disabled",
    "owner_locked": "its user is locked",
    "password_expired": "its user's password has expired",
}
"""Why a key is refused at present, in words for `X-Auth-Reason`."""


async def show_key(visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/keys/<id>`: all that is known of a key but its value; of one that ended, its history."""
    entry = await keys.found(visit.context, visit.argument("key"), ended=True)
    names = _project_names(visit)
    changes = await keyhistory.history(visit.context, entry.oid)
    ended = entry.state is KeyState.ENDED
    return Shown(
        "key.html",
        {
            "key": entry,
            "limits": key_forms.said_of(entry.limits, names),
            "changes": [(change, worded(change, names)) for change in changes],
            "enabled": visit.context.landscape.subscription.api_keys_enabled,
            "own": entry.user_oid == visit.context.user,
            "may": None if ended else await effective.of_key(visit.context, entry.oid),
            "reasons": REASONS,
            **await activity(visit, entry.oid),
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
