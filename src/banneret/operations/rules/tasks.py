"""Tasks, and what they say of the work that they belong to (object-model.md 6, "Tasks and rollups")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.rules.rule import Rollup, Rule, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located
    from banneret.operations.rules.rule import Parent

    Group = Mapping[str, Any]

_TOTALS = {"TaskEstimateTotal": "Estimate", "TaskRemainingTotal": "ToDo", "TaskActualTotal": "Actuals"}

DIGITS = 2
"""Fractional digits of totals."""


def states(schema: Schema) -> tuple[str, ...]:
    """Give a workspace's schedule states in order."""
    return schema.get("SchedulableArtifact").attributes["ScheduleState"].values


def is_accepted(schema: Schema, state: str | None) -> bool:
    """Whether a schedule state is Accepted or comes after it."""
    order = states(schema)
    return state in order and order.index(state) >= order.index("Accepted")


def _task_totals(_parent: Parent, tasks: Sequence[Group], stories: Sequence[Group]) -> dict[str, Any]:
    """Estimate, ToDo and Actuals of all tasks; a story with children adds theirs up too."""
    return {
        total: round(
            sum(group[f"sum:{name}"] or 0 for group in tasks) + sum(group[f"sum:{total}"] or 0 for group in stories),
            DIGITS,
        )
        for total, name in _TOTALS.items()
    }


def _task_status(_parent: Parent, tasks: Sequence[Group], stories: Sequence[Group]) -> dict[str, Any]:
    """NONE without tasks; DEFINED or COMPLETED when all are; else in progress. A blocked task shows unless all is but defined."""
    found = {str(group["State"]).upper() for group in tasks}
    blocked = any(group["Blocked"] for group in tasks)
    for group in stories:
        status = str(group["TaskStatus"])
        blocked |= status.endswith("_BLOCKED")
        if status != "NONE":
            found.add(status.removesuffix("_BLOCKED"))
    if not found:
        return {"TaskStatus": "NONE"}
    if found == {"COMPLETED"}:
        return {"TaskStatus": "COMPLETED_BLOCKED" if blocked else "COMPLETED"}
    if blocked:
        return {"TaskStatus": "IN_PROGRESS_BLOCKED"}
    return {"TaskStatus": "DEFINED" if found == {"DEFINED"} else "IN_PROGRESS"}


def _task_states(parent: Parent, tasks: Sequence[Group]) -> dict[str, Any]:
    """Tasks all Defined make their work Defined, all Completed make it Completed, any mixture puts it in progress.

    Only where the project says so (TaskStateRollupEnabled), never for what is accepted, and not for a story with children,
    whose state is that of the children.
    """
    found = {group["State"] for group in tasks}
    if not found or parent.schema is None or not parent.rolls_task_states or parent.values.get("DirectChildrenCount"):
        return {}
    if is_accepted(parent.schema, parent.values.get("ScheduleState")):
        return {}
    return {"ScheduleState": found.pop() if len(found) == 1 else "In-Progress"}


async def go_on_with_task(
    _context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    changes: Changes,
) -> None:
    """Completing a task leaves nothing to do, and with nothing left to do an estimated task is completed."""
    _complete(found.type, old, values, changes)


async def begin_task(_context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """The same for a new task."""
    _complete(item, {}, values, changes)


def _complete(
    item: TypeDef, old: Mapping[AttributeDef, Any], values: dict[AttributeDef, Any], changes: Changes
) -> None:
    state, todo, estimate = (item.attributes[name] for name in ("State", "ToDo", "Estimate"))
    if values.get(state) == "Completed" and (changes.sets("State") or not old):
        values[todo] = 0.0
        return
    done = values.get(todo) == 0 and old.get(todo) != 0 and changes.sets("ToDo") and not changes.sets("State")
    if done and values.get(estimate, old.get(estimate)):
        values[state] = "Completed"


_TASKS = Source("Task", via="WorkProduct", by=("State", "Blocked"), figures=("sum:Estimate", "sum:ToDo", "sum:Actuals"))
_STORIES = Source(
    "HierarchicalRequirement", via="Parent", by=("TaskStatus",), figures=tuple(f"sum:{total}" for total in _TOTALS)
)

RULES = {
    "task_completion": Rule(before_create=begin_task, before_update=go_on_with_task),
    "task_totals": Rule(rollup=Rollup((_TASKS, _STORIES), _task_totals)),
    "task_status": Rule(rollup=Rollup((_TASKS, _STORIES), _task_status, silent=True)),
    "task_states": Rule(
        rollup=Rollup((Source("Task", via="WorkProduct", by=("State",)),), _task_states, coupling=True)
    ),
}
