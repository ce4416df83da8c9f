"""Stories below stories: what a parent is made of, and what it hands on (object-model.md 6, "Story hierarchy").

A parent's PlanEstimate, ScheduleState and dates are those of its children together, so they cannot be set; it is not scheduled, for
its children are. When the last child leaves, the story keeps what it had then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.catalogue.model import Members
from banneret.kernel.errors import RelationRefused
from banneret.operations.rules.rule import Rollup, Rule, Source
from banneret.operations.rules.tasks import DIGITS, states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located
    from banneret.operations.rules.rule import Parent

    Group = Mapping[str, Any]

_MADE_OF_CHILDREN = ("PlanEstimate", "ScheduleState", "ScheduleStatePrefix", "InProgressDate", "AcceptedDate")
_COLUMN = ("FlowState", "FlowStateChangedDate")
"""Where it stands on its project's board, which goes with the state."""

MIRRORS = frozenset({"Feature"})
"""What a story shows of its place."""

_OF_LEAVES = ("Iteration", "Release")


def _story_state(parent: Parent, stories: Sequence[Group]) -> dict[str, Any]:
    """PlanEstimate is the sum, ScheduleState the children's, dates the first and the last of theirs."""
    if not stories or parent.schema is None:
        return {}
    order = states(parent.schema)
    estimates = [group["sum:PlanEstimate"] for group in stories if group["sum:PlanEstimate"] is not None]
    state = together({str(group["ScheduleState"]) for group in stories}, order)
    begun = [group["min:InProgressDate"] for group in stories if group["min:InProgressDate"]]
    accepted = [group["max:AcceptedDate"] for group in stories if group["max:AcceptedDate"]]
    return {
        "PlanEstimate": round(sum(estimates), DIGITS) if estimates else None,
        "ScheduleState": state,
        "InProgressDate": min(begun, default=None) if _place(state, order) >= order.index("In-Progress") else None,
        "AcceptedDate": max(accepted, default=None) if _place(state, order) >= order.index("Accepted") else None,
    }


def together(found: set[str], order: Sequence[str]) -> str:
    """Give the state of several together: the lowest of theirs, but In-Progress where some have begun and others not."""
    ranked = sorted(found, key=lambda state: _place(state, order))
    begun = order.index("In-Progress")
    if _place(ranked[0], order) < begun <= _place(ranked[-1], order):
        return "In-Progress"
    return ranked[0]


def _place(state: str, order: Sequence[str]) -> int:
    return order.index(state) if state in order else -1


def _children_count(_parent: Parent, stories: Sequence[Group]) -> dict[str, Any]:
    """The number of direct children; 0 means a leaf."""
    return {"DirectChildrenCount": sum(group["count"] for group in stories)}


async def begin_below(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """A story hangs on a story or on a portfolio item, and shows the portfolio item that is above all of them."""
    parent, portfolio = (item.attributes[name] for name in ("Parent", "PortfolioItem"))
    if values.get(parent) is not None and values.get(portfolio) is not None:
        _refuse_both(item)
    values[item.attributes["Feature"]] = await _feature(context, item, values.get(parent), values.get(portfolio))
    del changes


async def hang_elsewhere(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    changes: Changes,
) -> None:
    """The same when it changes; who gets a parent leaves the portfolio item, and the other way round."""
    item = found.type
    parent, portfolio = (item.attributes[name] for name in ("Parent", "PortfolioItem"))
    if parent not in values and portfolio not in values:
        return
    if values.get(parent) is not None and values.get(portfolio) is not None:
        _refuse_both(item)
    for one, other in ((parent, portfolio), (portfolio, parent)):
        if values.get(one) is not None and old.get(other) is not None:
            values[other] = None
    above = values.get(parent, old.get(parent))
    values[item.attributes["Feature"]] = await _feature(context, item, above, values.get(portfolio, old.get(portfolio)))
    del changes


def _refuse_both(item: TypeDef) -> None:
    attribute = item.attributes["PortfolioItem"]
    reason = "A story has a parent story or a portfolio item, not both."
    raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)


async def _feature(context: Context, item: TypeDef, parent: int | None, portfolio: int | None) -> int | None:
    """Give the portfolio item above a story. Its parent is held, lest that gets another one meanwhile."""
    if parent is None:
        return portfolio
    place = context.unit.writer.column_of(item, item.attributes["Feature"])
    if place is None:
        return None
    await context.unit.writer.lock(place[0], parent)
    rows = await context.unit.writer.fetch(place[0], {"oid": parent}, [place[1]])
    return rows[0][0] if rows else None


async def hand_down(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """All stories below show the new portfolio item too."""
    feature = found.type.attributes["Feature"]
    if feature in changed:
        await context.unit.spread(found.type, found.type.attributes["Parent"], feature, found.oid, changed[feature][1])


async def show_place_again(context: Context, found: Located, values: Mapping[AttributeDef, Any]) -> None:
    """A story that comes back may find another portfolio item above it."""
    from banneret.operations.marking import note_change

    above, portfolio, shown = (
        values.get(found.type.attributes[name]) for name in ("Parent", "PortfolioItem", "Feature")
    )
    feature = await _feature(context, found.type, above, portfolio)
    if feature != shown:
        attribute = found.type.attributes["Feature"]
        context.unit.writer.change_object(found.type, found.oid, values={attribute: feature}, custom_fields=None)
        note_change(context, found.type, found.oid, values, {attribute: (shown, feature)})


async def keep_made_of_children(
    _context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    changes: Changes,
) -> None:
    """What a parent's children make it cannot be said of it; to schedule it is refused, since its children are scheduled."""
    item = found.type
    if changes.derived or not old.get(item.attributes["DirectChildrenCount"]):
        return
    moved = values.get(item.attributes["Project"], old.get(item.attributes["Project"])) != old.get(
        item.attributes["Project"]
    )
    for name in (*_MADE_OF_CHILDREN, *(() if moved else _COLUMN)):
        values.pop(item.attributes[name], None)
    for name in _OF_LEAVES:
        attribute = item.attributes[name]
        if values.get(attribute) is not None:
            reason = f"{attribute.display_name} cannot be set on a story that has children."
            raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)


async def become_child(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """A story's first child takes over its tasks, and its place in iteration and release is given up (KB 47753)."""
    parent = values.get(item.attributes["Parent"])
    if parent is not None:
        await _take_over(context, item, oid, parent)


async def become_child_later(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """The same for a story that finds a parent later."""
    parent = changed.get(found.type.attributes["Parent"], (None, None))[1]
    if parent is not None:
        await _take_over(context, found.type, found.oid, parent)


async def _take_over(context: Context, item: TypeDef, oid: int, parent: int) -> None:
    from banneret.operations.changes import Changes
    from banneret.operations.locate import Located
    from banneret.operations.references import Target
    from banneret.operations.update import apply, current

    row = await current(context, item, parent)
    counted = await context.unit.groups((item,), Members(via="Parent"), (), (), [parent])
    if row is None or counted[0][1] > 1:
        return
    tasks = context.schema.get("Task")
    work = tasks.attributes["WorkProduct"]
    held = await context.unit.writer.fetch(
        "artifact", {"workproduct_oid": parent, "concrete_type": tasks.name}, ["oid", "name", "project_oid"]
    )
    child = (await context.unit.reader.references([oid], ALL)).get(oid) if held else None
    for task, name, project in held:
        if child is not None:
            target = Target(oid, child[1], child[3] or "", child[4], child[5])
            moved = Located(task, tasks, row.workspace, project, name or "")
            await apply(context, moved, Changes(values={work: oid}, targets={oid: target}, derived=True))
    leaving = {item.attributes[name]: None for name in _OF_LEAVES if row.values.get(item.attributes[name]) is not None}
    if leaving:
        above = Located(parent, item, row.workspace, row.project, row.values.get(item.attributes["Name"]) or "")
        await apply(context, above, Changes(values=dict(leaving), derived=True))


_CHILDREN = Source(
    "HierarchicalRequirement",
    via="Parent",
    by=("ScheduleState",),
    figures=("sum:PlanEstimate", "min:InProgressDate", "max:AcceptedDate"),
)

RULES = {
    "story_place": Rule(
        before_create=begin_below, before_update=hang_elsewhere, after_update=hand_down, after_restore=show_place_again
    ),
    "story_children_count": Rule(rollup=Rollup((_CHILDREN,), _children_count, silent=True)),
    "story_state": Rule(rollup=Rollup((_CHILDREN,), _story_state), before_update=keep_made_of_children),
    "first_child": Rule(after_create=become_child, after_update=become_child_later),
}
