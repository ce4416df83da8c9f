"""What every write leaves behind: an event for the record, and a Revision where the type has a RevisionHistory.

The event is ours: a structured diff with actor, credential and client, in the order of commits; it is also the outbox that
deliveries read. The Revision is Rally's, in Rally's words (wsapi.md 6.11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from banneret.catalogue.model import NUMERIC, AttributeDef, AttributeType
from banneret.kernel.values import from_wire

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from banneret.catalogue.model import TypeDef
    from banneret.operations.context import Context

_json = msgspec.json.Encoder()

UNRECORDED = frozenset({"LastUpdateDate", "LastUpdatedDate", "VersionId", "RevisionHistory"})
"""Attributes whose changes no diff or revision speaks of: they change with every write."""

UNWORDED = UNRECORDED | {"ScheduleStatePrefix", "HasParent", "Feature"}
"""Attributes that no revision speaks of: recorded revisions of Rally tell of a state, and not of its letter; what only
mirrors another attribute is told of there."""


def record_event(
    context: Context,
    item: TypeDef | str,
    oid: int,
    kind: str,
    *,
    version: int,
    workspace: int | None,
    project: int | None,
    diff: Mapping[str, tuple[object, object]],
) -> None:
    """Leave an event. `diff` is old and new stored value by element name; `kind` is `created`, `updated` or `deleted`.

    `item` is a name where the catalogue has no such type: keys and passwords.
    """
    context.unit.writer.insert(
        "event",
        {
            "at": context.moment,
            "kind": kind,
            "oid": oid,
            "type": item if isinstance(item, str) else item.name,
            "version": version,
            "workspace_oid": workspace,
            "project_oid": project,
            "user_oid": context.user,
            "credential": context.credential,
            "client": context.client.name or None,
            "address": context.client.address or None,
            "diff": _json.encode(diff).decode(),
        },
    )


async def record_revision(
    context: Context, history: int, number: int, description: str, *, workspace: int | None, project: int | None
) -> None:
    """Add a Revision to a history. Numbers run with the object's versions: revision n belongs to version n + 1."""
    context.unit.writer.insert(
        "revision",
        {
            "oid": await context.unit.writer.next_object_id(workspace),
            "uuid": context.identifiers.uuid(),
            "creationdate": context.moment,
            "versionid": 1,
            "description": description,
            "revisionhistory_oid": history,
            "revisionnumber": number,
            "user_oid": context.user,
            "workspace_oid": workspace,
            "project_oid": project,
        },
    )


def describe(changes: Mapping[AttributeDef, tuple[object, object]], names: Mapping[int, str], zone: ZoneInfo) -> str:
    """Word changes of values as Rally does: `NAME changed from [old] to [new], ITERATION added [Sprint 1]`.

    `names` gives what to call the targets of refs.
    """
    parts = []
    for attribute, (old, new) in changes.items():
        if attribute.name in UNWORDED:
            continue
        if attribute.name == "DragAndDropRank":
            parts.append(f"RANK moved {'up' if str(new) < str(old) else 'down'}")
            continue
        label = attribute.display_name.upper()
        before, after = (_worded(attribute, value, names, zone) for value in (old, new))
        if attribute.is_object and not before:
            parts.append(f"{label} added [{after}]")
        else:
            parts.append(f"{label} changed from [{before}] to [{after}]")
    return ", ".join(parts)


def describe_members(attribute: AttributeDef, added: list[str], removed: list[str]) -> str:
    """Word changes of a collection: `TAGS added [one], TAGS removed [two]`."""
    label = attribute.display_name.upper()
    return ", ".join([f"{label} added [{name}]" for name in added] + [f"{label} removed [{name}]" for name in removed])


def _worded(attribute: AttributeDef, value: Any, names: Mapping[int, str], zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if attribute.is_object:
        return names.get(value, str(value))
    if attribute.type is AttributeType.BOOLEAN:
        return "true" if value else "false"
    if attribute.type is AttributeType.DATE:
        return from_wire(value).astimezone(zone).strftime("%a %b %d %H:%M:%S %Z %Y")
    if attribute.type in NUMERIC and attribute.type is not AttributeType.INTEGER:
        return str(float(value))
    return ", ".join(value) if isinstance(value, list) else str(value)
