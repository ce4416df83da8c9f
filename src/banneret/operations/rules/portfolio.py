"""Portfolio items: how far the work below them has got, and what is computed of their own figures (object-model.md 6).

The lowest type counts the stories without children anywhere below it and the defects that name it; upper types add up the items
below them. The figures follow every step of the work below, so they change silently: without a version, a Revision or an
event of the item, and LastRollupDate says when. Rally computes them apart from changes too, as the name of that date shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.rules.rule import Rollup, Rule, Source, follows
from banneret.operations.rules.tasks import DIGITS, is_accepted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context
    from banneret.operations.locate import Located
    from banneret.operations.rules.rule import Parent

    Group = Mapping[str, Any]

_STORY_FIGURES = (
    "LeafStoryCount",
    "AcceptedLeafStoryCount",
    "LeafStoryPlanEstimateTotal",
    "AcceptedLeafStoryPlanEstimateTotal",
    "UnEstimatedLeafStoryCount",
)
_DEFECT_FIGURES = (
    "DefectCountRollup",
    "AcceptedDefectCountRollup",
    "DefectPlanEstimateTotalRollup",
    "AcceptedDefectEstimateTotalRollup",
    "UnEstimatedDefectCountRollup",
)
_TOTAL_FIGURES = (
    "TotalCountRollup",
    "AcceptedTotalCountRollup",
    "TotalEstimateRollup",
    "AcceptedTotalEstimateRollup",
    "UnEstimatedTotalCountRollup",
)
"""Each family in the same order: how many there are, are accepted, their estimates, those accepted, and how many have none."""

_PERCENT = {
    "PercentDoneByStoryCount": ("AcceptedLeafStoryCount", "LeafStoryCount"),
    "PercentDoneByStoryPlanEstimate": ("AcceptedLeafStoryPlanEstimateTotal", "LeafStoryPlanEstimateTotal"),
    "PercentDoneByDefectCountRollup": ("AcceptedDefectCountRollup", "DefectCountRollup"),
    "PercentDoneByDefectEstimateRollup": ("AcceptedDefectEstimateTotalRollup", "DefectPlanEstimateTotalRollup"),
    "PercentDoneByTotalCountRollup": ("AcceptedTotalCountRollup", "TotalCountRollup"),
    "PercentDoneByTotalEstimateRollup": ("AcceptedTotalEstimateRollup", "TotalEstimateRollup"),
}
"""Shares from 0 to 1, by what is divided by what."""

_SHARE_DIGITS = 4
_WSJF = ("RROEValue", "TimeCriticality", "UserBusinessValue")


def _progress(
    parent: Parent, stories: Sequence[Group], defects: Sequence[Group], items: Sequence[Group]
) -> dict[str, Any]:
    """Counts, estimates and shares of both families, and when the work began and ended."""
    leaves = [group for group in stories if not group["DirectChildrenCount"]]
    values: dict[str, Any] = {}
    for names, groups in ((_STORY_FIGURES, leaves), (_DEFECT_FIGURES, defects)):
        for name, own in zip(names, _five(parent, groups), strict=True):
            values[name] = own + sum(group[f"sum:{name}"] or 0 for group in items)
    for total, story, defect in zip(_TOTAL_FIGURES, _STORY_FIGURES, _DEFECT_FIGURES, strict=True):
        values[total] = values[story] + values[defect]
    values = {name: round(value, DIGITS) if isinstance(value, float) else value for name, value in values.items()}
    for name, (part, whole) in _PERCENT.items():
        values[name] = round(values[part] / values[whole], _SHARE_DIGITS) if values[whole] else 0.0
    begun = [group["min:InProgressDate"] for group in leaves] + [group["min:ActualStartDate"] for group in items]
    ended = [group["max:AcceptedDate"] for group in leaves] + [group["max:ActualEndDate"] for group in items]
    over = bool(values["LeafStoryCount"]) and values["LeafStoryCount"] == values["AcceptedLeafStoryCount"]
    values["ActualStartDate"] = min(filter(None, begun), default=None)
    values["ActualEndDate"] = max(filter(None, ended), default=None) if over else None
    return values


def _five(parent: Parent, groups: Sequence[Group]) -> tuple[int, int, float, float, int]:
    accepted = [
        group for group in groups if parent.schema is not None and is_accepted(parent.schema, group["ScheduleState"])
    ]
    return (
        sum(group["count"] for group in groups),
        sum(group["count"] for group in accepted),
        float(sum(group["sum:PlanEstimate"] or 0 for group in groups)),
        float(sum(group["sum:PlanEstimate"] or 0 for group in accepted)),
        sum(group["count"] - group["count:PlanEstimate"] for group in groups),
    )


def _children(_parent: Parent, stories: Sequence[Group], items: Sequence[Group]) -> dict[str, Any]:
    """The number of direct stories or portfolio items."""
    return {"DirectChildrenCount": sum(group["count"] for group in (*stories, *items))}


def _late(_parent: Parent, stories: Sequence[Group]) -> dict[str, Any]:
    """The number of stories without children whose release or iteration ends after the item's release."""
    return {"LateChildCount": sum(group["count"] for group in stories)}


async def mark_late_work(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """With the end of a timebox it changes what is late in it, and what is late for it."""
    from banneret.operations.marking import mark

    if not {"EndDate", "ReleaseDate"} & {attribute.name for attribute in changed}:
        return
    column = f"{found.type.name.lower()}_oid"
    for kind, feature, item in await context.unit.writer.fetch(
        "artifact", {column: found.oid}, ["concrete_type", "feature_oid", "oid"]
    ):
        mark(context, item if kind.startswith("PortfolioItem/") else feature, ("late_children",))


def score(item: TypeDef, old: Mapping[AttributeDef, Any], values: dict[AttributeDef, Any]) -> None:
    """WSJFScore is what is gained divided by the size of the job."""
    attributes = item.attributes
    inputs = [attributes[name] for name in (*_WSJF, "JobSize")]
    if any(key in values and values[key] != old.get(key) for key in inputs):
        *gains, size = (values.get(key, old.get(key)) for key in inputs)
        known = [gain for gain in gains if gain is not None]
        values[attributes["WSJFScore"]] = round(sum(known) / size, DIGITS) if known and size else None


_LEAVES = Source(
    "HierarchicalRequirement",
    via="Feature",
    by=("DirectChildrenCount", "ScheduleState"),
    figures=("sum:PlanEstimate", "count:PlanEstimate", "min:InProgressDate", "max:AcceptedDate"),
)
_DEFECTS = Source(
    "Defect", via="PortfolioItem", by=("ScheduleState",), figures=("sum:PlanEstimate", "count:PlanEstimate")
)
_ITEMS = Source(
    "PortfolioItem",
    via="Parent",
    figures=(
        *(f"sum:{name}" for name in (*_STORY_FIGURES, *_DEFECT_FIGURES)),
        "min:ActualStartDate",
        "max:ActualEndDate",
    ),
)

RULES = {
    "portfolio_progress": Rule(
        rollup=Rollup((_LEAVES, _DEFECTS, _ITEMS), _progress, silent=True, stamp="LastRollupDate")
    ),
    "portfolio_children_count": Rule(
        rollup=Rollup(
            (Source("HierarchicalRequirement", via="PortfolioItem"), Source("PortfolioItem", via="Parent")),
            _children,
            silent=True,
        )
    ),
    "late_children": Rule(
        rollup=Rollup(
            (
                Source(
                    "HierarchicalRequirement",
                    via="Feature",
                    chain="late_leaf_stories",
                    watched=("Iteration", "Release", "DirectChildrenCount"),
                ),
            ),
            _late,
            own=("Release",),
            silent=True,
        )
    ),
    "timebox_lateness": Rule(after_update=mark_late_work),
    "wsjf_score": follows(score),
}
