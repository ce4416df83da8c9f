"""Blocked work: who blocked it and since when, and what else it blocks.

A blocked task blocks its work product, a blocked story the stories above it (Rally's help page on blocked work). What was
blocked along with something else is unblocked by hand, as that page says, for it may be blocked for other reasons too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.changes import Changes
from banneret.operations.locate import Located
from banneret.operations.recording import record_event
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

_BLOCKS = {"Task": "WorkProduct", "HierarchicalRequirement": "Parent"}
"""The attribute that leads to what an item blocks when it is blocked itself."""


async def forget_reason(
    _context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """What is not blocked any more has no reason to be. A reason alone blocks nothing."""
    blocked = found.type.attributes["Blocked"]
    if old.get(blocked) and values.get(blocked, True) in (False, None):
        values[found.type.attributes["BlockedReason"]] = None


async def begin_blocked(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """A new item may be blocked from the start."""
    if values.get(item.attributes["Blocked"]):
        project = values.get(item.attributes["Project"])
        await _block(context, Located(oid, item, context.workspace, project), values)


async def block_or_unblock(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    changed: Mapping[AttributeDef, tuple[Any, Any]],
) -> None:
    """With Blocked a Blocker comes and goes, which says who blocked the item and, by its CreationDate, when."""
    attributes = found.type.attributes
    blocked = attributes["Blocked"]
    now = {**old, **{key: new for key, (_, new) in changed.items()}}
    if blocked not in changed:
        above = attributes.get(_BLOCKS.get(found.type.name, ""))
        if above in changed and now.get(blocked):
            await _block_above(context, found, now)
    elif now.get(blocked):
        await _block(context, found, now)
    else:
        await _unblock(context, found, old)


async def _block(context: Context, found: Located, values: Mapping[AttributeDef, Any]) -> None:
    await _block_above(context, found, values)
    attribute = found.type.attributes.get("Blocker")
    if attribute is None or values.get(attribute) is not None:
        return
    from banneret.operations.rules.companions import make

    by = {"BlockedBy": f"/user/{context.user}"} if context.user is not None else {}
    body = {"WorkProduct": f"/{found.type.path}/{found.oid}", **by}
    made = await make(context, "Blocker", found.workspace, body)
    context.unit.writer.update("artifact", {"oid": found.oid}, {"blocker_oid": made})


async def _unblock(context: Context, found: Located, old: Mapping[AttributeDef, Any]) -> None:
    attribute = found.type.attributes.get("Blocker")
    blocker = old.get(attribute) if attribute is not None else None
    if blocker is None:
        return
    item = context.schema.get("Blocker")
    context.unit.writer.update("artifact", {"oid": found.oid}, {"blocker_oid": None})
    context.unit.writer.remove_object(item, blocker)
    place = {"workspace": found.workspace, "project": found.project}
    record_event(context, item, blocker, "deleted", version=1, diff={}, **place)


async def _block_above(context: Context, found: Located, values: Mapping[AttributeDef, Any]) -> None:
    from banneret.operations.update import apply

    link = found.type.attributes.get(_BLOCKS.get(found.type.name, ""))
    target = values.get(link) if link is not None else None
    if target is None:
        return
    await context.unit.writer.flush()
    rows = await context.unit.writer.fetch("artifact", {"oid": target}, ["concrete_type", "blocked", "project_oid"])
    for kind, blocked, project in rows:
        if not blocked:
            above = context.schema.get(kind)
            reason = values.get(found.type.attributes["BlockedReason"])
            values_above = {above.attributes["Blocked"]: True, above.attributes["BlockedReason"]: reason}
            await apply(context, Located(target, above, found.workspace, project), Changes(values=values_above))


RULES = {
    "blocks": Rule(after_create=begin_blocked, before_update=forget_reason, after_update=block_or_unblock),
}
