"""What Iterations and Releases mean for the items in them, and what happens to these between projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.changes import Changes
from banneret.operations.locate import Located
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef
    from banneret.operations.context import Context

_DATES = {"Iteration": ("startdate", "enddate"), "Release": ("releasestartdate", "releasedate")}


async def change_project(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """In another project an item is scheduled in the timeboxes of the same names and dates, or in none.

    A timebox that the same request names stays as it says; a task's are its work product's.
    """
    project = values.get(found.type.attributes["Project"])
    if project in (None, old.get(found.type.attributes["Project"])) or found.type.name == "Task":
        return
    for name in _DATES:
        attribute = found.type.attributes.get(name)
        held = old.get(attribute) if attribute is not None else None
        if attribute is not None and held is not None and values.get(attribute, held) == held:
            values[attribute] = await _counterpart(context, name, held, project)


async def _counterpart(context: Context, name: str, timebox: int, project: int) -> int | None:
    table, columns = name.lower(), ("name", *_DATES[name])
    (same,) = await context.unit.writer.fetch(table, {"oid": timebox}, columns)
    rows = await context.unit.writer.fetch(
        table, {"project_oid": project, **dict(zip(columns, same, strict=True))}, ["oid"]
    )
    return min((row[0] for row in rows), default=None)


async def reschedule_tasks(
    context: Context,
    found: Located,
    _old: Mapping[AttributeDef, Any],
    changed: Mapping[AttributeDef, tuple[Any, Any]],
) -> None:
    """A task's Iteration and Release are those of its work product (object-model.md 6)."""
    from banneret.operations.update import apply

    task = context.schema.get("Task")
    moved = {task.attributes[key.name]: new for key, (_, new) in changed.items() if key.name in _DATES}
    if not moved:
        return
    where = {"workproduct_oid": found.oid, "concrete_type": "Task"}
    for oid in sorted(row[0] for row in await context.unit.writer.fetch("artifact", where, ["oid"])):
        child = Located(oid, task, found.workspace, found.project)
        await apply(context, child, Changes(values=dict(moved)))


RULES = {
    "project_change": Rule(before_update=change_project),
    "scheduled_tasks": Rule(after_update=reschedule_tasks),
}
