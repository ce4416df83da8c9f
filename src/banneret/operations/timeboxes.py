"""Figures of iterations and releases, added up when they are read.

Rally neither filters nor sorts by them. Were they kept, everybody who works in an iteration or release would wait for its one row;
so they are made of what is scheduled there, by one statement a page, and only where they are asked for: of iterations and
releases themselves, or of those of other objects by name (`Iteration[PlanEstimate]`). A plain list that happens to name
PlanEstimate and Iteration would otherwise add up whole iterations for a page of stories.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import Members
from banneret.operations.rules.tasks import DIGITS, is_accepted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

_TOTALS = ("TaskEstimateTotal", "TaskRemainingTotal", "TaskActualTotal", "PlanEstimate")
_FIGURES = {
    "Iteration": frozenset({*_TOTALS, "UnplannedWorkItemCount"}),
    "Release": frozenset({*_TOTALS, "Accepted", "ReleaseBacklogItemsCount"}),
}
_SUMS = (*(f"sum:{name}" for name in _TOTALS), "count:PlanEstimate", "count:Iteration")


@lru_cache(maxsize=256)
def places(item: TypeDef, attributes: tuple[AttributeDef, ...]) -> tuple[tuple[int, str], ...]:
    """Give the places among a row's attributes that are added up, with their names; none for types without such figures."""
    names = _FIGURES.get(item.name, frozenset())
    return tuple((place, attribute.name) for place, attribute in enumerate(attributes) if attribute.name in names)


async def add_up(context: Context, item: TypeDef, owners: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """Give the figures of iterations or releases: of all work that is scheduled there, whoever may see it."""
    schema = context.schema
    work = schema.concrete(schema.get("SchedulableArtifact"))
    members = Members(via=item.name)
    found: dict[int, dict[str, Any]] = {}
    for owner, state, count, *values in await context.unit.groups(work, members, ("ScheduleState",), _SUMS, owners):
        *sums, estimated, planned = values
        held = found.setdefault(owner, dict.fromkeys(_FIGURES[item.name], 0))
        for name, value in zip(_TOTALS, sums, strict=True):
            held[name] = round(held[name] + (value or 0), DIGITS)
        if item.name == "Iteration":
            held["UnplannedWorkItemCount"] += count - estimated
            continue
        held["ReleaseBacklogItemsCount"] += count - planned
        if is_accepted(schema, state):
            held["Accepted"] = round(held["Accepted"] + (sums[-1] or 0), DIGITS)
    return {owner: found.get(owner) or dict.fromkeys(_FIGURES[item.name], 0) for owner in owners}
