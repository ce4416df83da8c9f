"""What attributes of work items mean for each other, as far as the core knows it; roll-ups are not built yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.kernel.errors import RelationRefused
from banneret.kernel.values import from_wire, to_wire
from banneret.operations.ports import HEAD
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located
    from banneret.operations.references import Target

_LONGEST_CHAIN = 1000


async def follow_work_product(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """A task's Project, Iteration and Release are its work product's (object-model.md 6)."""
    target = changes.targets.get(values.get(item.attributes["WorkProduct"]) or 0)
    if target is None:
        return
    values[item.attributes["Project"]] = target.project
    await _take_timeboxes(context, item, values, target)


async def follow_new_work_product(
    context: Context,
    found: Located,
    _old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    changes: Changes,
) -> None:
    """The same when the task gets another work product; its Project follows in any case (`move.follow_home`)."""
    target = changes.targets.get(values.get(found.type.attributes["WorkProduct"]) or 0)
    if target is not None:
        await _take_timeboxes(context, found.type, values, target)


async def _take_timeboxes(context: Context, item: TypeDef, values: dict[AttributeDef, Any], target: Target) -> None:
    product = context.schema.get(target.type)
    wanted = tuple(product.attributes[name] for name in ("Iteration", "Release"))
    rows = await context.unit.reader.rows((product,), wanted, [target.oid], ALL)
    for row in rows:
        values[item.attributes["Iteration"]], values[item.attributes["Release"]] = row[HEAD:]


async def _next_index(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], name: str, parent: str, table: str
) -> None:
    attribute = item.attributes[name]
    if values.get(attribute) is None:
        column = parent.lower() + "_oid"
        rows = await context.unit.writer.fetch(table, {column: values[item.attributes[parent]]}, [name.lower()])
        values[attribute] = max((row[0] for row in rows if row[0] is not None), default=-1) + 1


async def next_task_index(context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes) -> None:
    """TaskIndex orders the tasks of a work product."""
    await _next_index(context, item, values, "TaskIndex", "WorkProduct", "artifact")


async def next_step_index(context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes) -> None:
    """StepIndex orders the steps of a test case."""
    await _next_index(context, item, values, "StepIndex", "TestCase", "testcasestep")


async def number_post(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """Posts of an artifact are numbered from 0, and are their author's."""
    await _next_index(context, item, values, "PostNumber", "Artifact", "conversationpost")
    if not changes.sets("User"):
        values[item.attributes["User"]] = context.user


async def name_changeset(_context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """A changeset is called after its repository and revision."""
    repository = changes.targets.get(values.get(item.attributes["SCMRepository"]) or 0)
    if repository is not None:
        values[item.attributes["Name"]] = f"{repository.name}:{values.get(item.attributes['Revision'])}"


_TIMEBOX = {"Iteration": ("StartDate", "EndDate"), "Release": ("ReleaseStartDate", "ReleaseDate")}


async def bound_timebox(context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes) -> None:
    """A timebox ends with the last second of its last day, in the workspace's time zone, and not before it begins."""
    _bound(context, item, {}, values)


async def rebound_timebox(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """The same when its dates change."""
    _bound(context, found.type, old, values)


def _bound(context: Context, item: TypeDef, old: Mapping[AttributeDef, Any], values: dict[AttributeDef, Any]) -> None:
    first, last = (item.attributes[name] for name in _TIMEBOX[item.name])
    if first not in values and last not in values:
        return
    if values.get(last) is not None:
        day = from_wire(values[last]).astimezone(context.zone)
        if (day.hour, day.minute, day.second) == (0, 0, 0):
            values[last] = to_wire(day.replace(hour=23, minute=59, second=59))
    start, end = (values.get(key, old.get(key)) for key in (first, last))
    if start and end and end < start:
        reason = f"{last.display_name} lies before {first.display_name}."
        raise RelationRefused(item.element_name, last.name, last.display_name, reason)


async def refuse_cycles(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """Nothing is its own ancestor. The ancestors are held, lest one of them gets a new parent meanwhile."""
    attribute = found.type.attributes.get("Parent")
    parent = values.get(attribute) if attribute is not None else None
    if attribute is not None and parent == old.get(attribute):
        return
    place = context.unit.writer.column_of(found.type, attribute) if attribute is not None else None
    steps = 0
    while attribute is not None and parent is not None and place is not None:
        steps += 1
        if parent == found.oid or steps > _LONGEST_CHAIN:
            reason = "Cannot connect object to value, an object cannot be its own ancestor."
            raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)
        await context.unit.writer.lock(place[0], parent)
        rows = await context.unit.writer.fetch(place[0], {"oid": parent}, [place[1]])
        parent = rows[0][0] if rows else None


RULES = {
    "task_place": Rule(before_create=follow_work_product, before_update=follow_new_work_product),
    "task_order": Rule(before_create=next_task_index),
    "step_order": Rule(before_create=next_step_index),
    "post_order": Rule(before_create=number_post),
    "changeset_name": Rule(before_create=name_changeset),
    "timebox_bounds": Rule(before_create=bound_timebox, before_update=rebound_timebox),
    "no_cycles": Rule(before_update=refuse_cycles),
}
