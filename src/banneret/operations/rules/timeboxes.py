"""What Iterations and Releases mean for the items in them, and what happens to these between projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.operations.locate import Located
from banneret.operations.references import Target
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef
    from banneret.operations.changes import Changes
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
    moved = {key.name: pair for key, pair in changed.items() if key.name in _DATES}
    if not moved:
        return
    from banneret.operations.update import currents, derive

    task = context.schema.get("Task")
    where = {"workproduct_oid": found.oid, "concrete_type": "Task"}
    oids = [row[0] for row in await context.unit.writer.fetch("artifact", where, ["oid"])]
    if not oids:
        return
    values = {task.attributes[name]: new for name, (_, new) in moved.items()}
    named = await context.unit.reader.references(
        {oid for pair in moved.values() for oid in pair if oid is not None}, ALL
    )
    targets = {oid: Target(oid, row[1], row[3] or "", row[4], row[5]) for oid, row in named.items()}
    for oid, row in (await currents(context, task, oids)).items():
        await derive(context, Located(oid, task, row.workspace, row.project), row, values, targets)


RULES = {
    "project_change": Rule(before_update=change_project),
    "scheduled_tasks": Rule(after_update=reschedule_tasks),
}
