"""A key's own limits: what may be chosen, and how they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.addresses import is_list_entry
from banneret.access.limits import KeyLimits
from banneret.kernel.errors import RelationRefused
from banneret.kernel.values import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context

_TYPE = "ApiKey"
_MOST_ADDRESSES = 200
_LABELS = {"expires_at": "Expires", "projects": "Projects", "types": "Types", "ip_allow": "Addresses"}
ELEMENTS = {"expires_at": "ExpirationDate", "projects": "Projects", "types": "Types", "ip_allow": "Addresses"}
"""What each limit is called in forms, events and refusals."""


def require_sound(context: Context, limits: KeyLimits, before: KeyLimits) -> None:
    """Refuse limits that say nothing: a moment that is past, projects not seen, unknown types, unreadable addresses.

    What stood there `before` may stay, for who edits a key's name need not see every project that it is limited to.

    Raises:
        RelationRefused: with the limit's element name and what is wrong with it.

    """
    if limits.expires_at is not None and limits.expires_at != before.expires_at and limits.expires_at <= context.now:
        raise _refused("expires_at", "Choose a day that is still to come.")
    seen = context.sight.sees_project
    for oid in set(limits.projects) - set(before.projects):
        if oid not in context.landscape.projects or not seen(oid):
            raise _refused("projects", "One of these projects is not there, or not yours to see.")
    schemas = [facts.schema for facts in context.landscape.workspaces.values()]
    for name in set(limits.types) - set(before.types):
        if not any(schema.find(name) for schema in schemas):
            raise _refused("types", f"There is no type {name}.")
    if len(limits.ip_allow) > _MOST_ADDRESSES:
        raise _refused("ip_allow", f"There are more than {_MOST_ADDRESSES} entries; join them to ranges.")
    wrong = [entry for entry in limits.ip_allow if not is_list_entry(entry)]
    if wrong:
        raise _refused("ip_allow", f"This is no address, block or range: {', '.join(wrong)}.")


def columns_of(limits: KeyLimits) -> dict[str, Any]:
    """Give limits as they are stored."""
    kept = {
        "projects": limits.projects,
        "scope_down": limits.scope_down and bool(limits.projects),
        "types": limits.types,
        "ip_allow": limits.ip_allow,
    }
    return {
        "expires_at": to_wire(limits.expires_at) if limits.expires_at is not None else None,
        "limits": msgspec.json.encode({name: value for name, value in kept.items() if value}).decode(),
    }


def limits_of(row: Mapping[str, Any]) -> KeyLimits:
    """Give the limits that a key's row holds."""
    kept = msgspec.json.decode(row["limits"])
    return KeyLimits(
        expires_at=from_wire(row["expires_at"]) if row["expires_at"] else None,
        projects=tuple(kept.get("projects", ())),
        scope_down=bool(kept.get("scope_down")),
        types=tuple(kept.get("types", ())),
        ip_allow=tuple(kept.get("ip_allow", ())),
    )


def differences(old: KeyLimits, new: KeyLimits) -> dict[str, tuple[object, object]]:
    """Give old and new by element name, for the event."""
    found: dict[str, tuple[object, object]] = {}
    for name, element in ELEMENTS.items():
        before, after = _plain(getattr(old, name)), _plain(getattr(new, name))
        if before != after:
            found[element] = before, after
    if new.projects and old.scope_down != new.scope_down:
        found["ProjectScopeDown"] = old.scope_down, new.scope_down
    return found


def _plain(value: Any) -> object:
    if value is None or value == ():
        return None
    return list(value) if isinstance(value, tuple) else to_wire(value)


def _refused(limit: str, reason: str) -> RelationRefused:
    return RelationRefused(_TYPE, ELEMENTS[limit], _LABELS[limit], reason)
