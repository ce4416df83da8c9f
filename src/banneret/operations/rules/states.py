"""Where an item stands: its schedule state, its column on the project's board, and the dates that tell when it got there.

ScheduleState and FlowState move each other through FlowState.ScheduleStateMapping (KB 145898); a request that names both has
both as it says. Of a change of project only FlowState is told here; `timeboxes` has the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.references import Target
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.access.landscape import FlowFacts
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

    Values = Mapping[AttributeDef, Any]

REACHED = {"InProgressDate": "In-Progress", "AcceptedDate": "Accepted"}
"""Dates, and the schedule state with which or with any later one they come, and before which they go again."""


async def begin_in_state(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """A new item stands in the first column of its schedule state, or in the schedule state of its column."""
    _couple(context, item, values.get(item.attributes["Project"]), {}, values, changes)
    _date(context, item, {}, values, changes)


async def move_to_state(
    context: Context, found: Located, old: Values, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """ScheduleState, its letter, FlowState and their dates go together; what was ready for the next step is not any more."""
    item = found.type
    project = item.attributes["Project"]
    watched = tuple(item.attributes[name] for name in ("Project", "ScheduleState", "FlowState"))
    if not any(key in values and values[key] != old.get(key) for key in watched):
        return
    _couple(context, item, values.get(project, old.get(project)), old, values, changes)
    _date(context, item, old, values, changes)
    ready = item.attributes.get("Ready")
    moved = any(key in values and values[key] != old.get(key) for key in watched[1:])
    if ready is not None and moved and old.get(ready):
        values[ready] = False


def _couple(
    context: Context,
    item: TypeDef,
    project: int | None,
    old: Values,
    values: dict[AttributeDef, Any],
    changes: Changes,
) -> None:
    state, flow = item.attributes["ScheduleState"], item.attributes["FlowState"]
    facts = context.landscape.projects.get(project) if project is not None else None
    columns = facts.flow_states if facts is not None else ()
    stated = changes.sets("ScheduleState") and values.get(state) != old.get(state)
    named = values.get(flow) not in (None, old.get(flow))
    here: dict[int | None, FlowFacts] = {column.oid: column for column in columns}
    column = here.get(values.get(flow, old.get(flow)))
    if named and column is not None:
        if not stated and column.schedule_state in state.values:
            values[state] = column.schedule_state
    else:
        column = here.get(old.get(flow))
        left = context.landscape.flow_state(old.get(flow))
        now = values.get(state, old.get(state))
        if column is None or (now != old.get(state) and column.schedule_state != now):
            column = _column_for(columns, now, left) or column
        values[flow] = column.oid if column is not None else None
    if values.get(flow) != old.get(flow):
        changed = item.attributes["FlowStateChangedDate"]
        if not changes.sets(changed.name):
            values[changed] = context.moment
        for known in (column, context.landscape.flow_state(old.get(flow))):
            if known is not None:
                changes.targets[known.oid] = Target(known.oid, "FlowState", known.name, context.workspace, project)
    values[item.attributes["ScheduleStatePrefix"]] = _letter(context, values.get(state, old.get(state)))


def _column_for(columns: tuple[FlowFacts, ...], state: str | None, left: FlowFacts | None) -> FlowFacts | None:
    """Give the first column of a schedule state; one that is called as the column that is left comes before others."""
    fitting = [column for column in columns if column.schedule_state == state]
    namesake = [column for column in fitting if left is not None and column.name == left.name]
    return next(iter([*namesake, *fitting]), None)


def _letter(context: Context, state: str | None) -> str | None:
    facts = context.landscape.workspaces.get(context.workspace) if context.workspace is not None else None
    letters = facts.short_states if facts is not None else {}
    return letters.get(state or "") or (state[:1] if state else None)


def _date(context: Context, item: TypeDef, old: Values, values: dict[AttributeDef, Any], changes: Changes) -> None:
    state = item.attributes["ScheduleState"]
    if state not in values:
        return
    order = {name: n for n, name in enumerate(state.values)}
    for name, mark in REACHED.items():
        attribute = item.attributes.get(name)
        if attribute is None or changes.sets(name):
            continue
        reached = order.get(values[state], -1) >= order.get(mark, len(order))
        if not reached:
            values[attribute] = None
        elif old.get(attribute) is None:
            values[attribute] = context.moment


async def begin_as_defect(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """A defect is submitted by who creates it unless somebody else is named; it is open from the start, unless it is closed."""
    if not changes.sets("SubmittedBy") and context.user is not None:
        values[item.attributes["SubmittedBy"]] = context.user
    if values.get(item.attributes["OpenedDate"]) is None:
        values[item.attributes["OpenedDate"]] = context.moment
    closed = item.attributes["ClosedDate"]
    if values.get(item.attributes["State"]) == CLOSED and not changes.sets("ClosedDate"):
        values[closed] = context.moment


CLOSED = "Closed"


async def close_or_reopen(
    context: Context, found: Located, old: Values, values: dict[AttributeDef, Any], _changes: Changes
) -> None:
    """ClosedDate is when State became Closed, null while it is anything else. ScheduleState does not matter (KB 211628)."""
    state, closed = (found.type.attributes[name] for name in ("State", "ClosedDate"))
    if state in values and values[state] != old.get(state):
        values[closed] = context.moment if values[state] == CLOSED else None


async def enter_portfolio_state(
    context: Context, found: Located, old: Values, values: dict[AttributeDef, Any], _changes: Changes
) -> None:
    """StateChangedDate is when a portfolio item came into its state."""
    state = found.type.attributes["State"]
    if state in values and values[state] != old.get(state):
        values[found.type.attributes["StateChangedDate"]] = context.moment


async def begin_in_portfolio_state(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """The same for one that begins in a state."""
    if values.get(item.attributes["State"]) is not None and not changes.sets("StateChangedDate"):
        values[item.attributes["StateChangedDate"]] = context.moment


RULES = {
    "schedule_states": Rule(before_create=begin_in_state, before_update=move_to_state),
    "defect_states": Rule(before_create=begin_as_defect, before_update=close_or_reopen),
    "portfolio_states": Rule(before_create=begin_in_portfolio_state, before_update=enter_portfolio_state),
}
