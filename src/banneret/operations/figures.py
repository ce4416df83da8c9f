"""What every roll-up should be, from the bare facts: plain Python over objects in memory, sharing nothing with the roll-ups.

`check.py` compares it with what is stored. Where `rules/` adds up figures that are stored below, this adds up the leaves themselves.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from banneret.catalogue.schema import Schema

Facts = dict[str, Any]

READ = {
    "Task": ("WorkProduct", "State", "Blocked", "Estimate", "ToDo", "Actuals"),
    "SchedulableArtifact": (
        *("ScheduleState", "PlanEstimate", "InProgressDate", "AcceptedDate", "Iteration", "Release"),
        *("Parent", "PortfolioItem", "Feature", "DirectChildrenCount"),
        *("TaskEstimateTotal", "TaskRemainingTotal", "TaskActualTotal", "TaskStatus"),
    ),
    "PortfolioItem": (
        *("Parent", "Release", "DirectChildrenCount", "LateChildCount", "ActualStartDate", "ActualEndDate"),
        *("LeafStoryCount", "AcceptedLeafStoryCount", "UnEstimatedLeafStoryCount", "PercentDoneByStoryCount"),
        *("LeafStoryPlanEstimateTotal", "AcceptedLeafStoryPlanEstimateTotal", "PercentDoneByStoryPlanEstimate"),
        *("DefectCountRollup", "AcceptedDefectCountRollup", "UnEstimatedDefectCountRollup"),
        *("DefectPlanEstimateTotalRollup", "AcceptedDefectEstimateTotalRollup", "PercentDoneByDefectCountRollup"),
        *("TotalCountRollup", "AcceptedTotalCountRollup", "UnEstimatedTotalCountRollup", "TotalEstimateRollup"),
        *("AcceptedTotalEstimateRollup", "PercentDoneByTotalCountRollup", "PercentDoneByTotalEstimateRollup"),
        "PercentDoneByDefectEstimateRollup",
    ),
    "Release": ("ReleaseDate",),
    "Iteration": ("EndDate",),
}
"""The attributes that are looked at, by type (which may be abstract)."""


class Figures:
    """One workspace's objects, by ObjectID; each has its `type` and the attributes of `READ`."""

    def __init__(self, schema: Schema, objects: Mapping[int, Facts]) -> None:
        self._objects = objects
        self._states = schema.get("SchedulableArtifact").attributes["ScheduleState"].values
        self._levels = {item.name for item in schema.concrete(schema.get("PortfolioItem"))}

    def right(self) -> Iterator[tuple[int, str, Any]]:
        """Give ObjectID, attribute and right value of every figure there is."""
        for oid, held in self._objects.items():
            if held["type"] in self._levels:
                figures = self._portfolio(oid, held)
            elif held["type"] in {"Task", "Release", "Iteration"}:
                continue
            else:
                figures = self._work(oid, held)
            yield from ((oid, name, value) for name, value in figures.items() if name in held)

    # ------------------------------------------------------------------ who belongs to whom

    def _by(self, attribute: str, *types: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for oid, held in self._objects.items():
            if held["type"] in types and held.get(attribute) is not None:
                found[held[attribute]].append(oid)
        return found

    @cached_property
    def _tasks(self) -> dict[int, list[int]]:
        return self._by("WorkProduct", "Task")

    @cached_property
    def _stories(self) -> dict[int, list[int]]:
        return self._by("Parent", "HierarchicalRequirement")

    @cached_property
    def _roots(self) -> dict[int, list[int]]:
        return self._by("PortfolioItem", "HierarchicalRequirement")

    @cached_property
    def _items(self) -> dict[int, list[int]]:
        return self._by("Parent", *self._levels)

    @cached_property
    def _defects(self) -> dict[int, list[int]]:
        return self._by("PortfolioItem", "Defect")

    def _below(self, oid: int) -> list[int]:
        """Give a story and all stories below it."""
        found, waiting = [], [oid]
        while waiting:
            story = waiting.pop()
            found.append(story)
            waiting += self._stories.get(story, [])
        return found

    # ------------------------------------------------------------------ work

    def _work(self, oid: int, held: Facts) -> Facts:
        tasks = [self._objects[task] for story in self._below(oid) for task in self._tasks.get(story, [])]
        found: Facts = {
            "TaskEstimateTotal": _sum(tasks, "Estimate"),
            "TaskRemainingTotal": _sum(tasks, "ToDo"),
            "TaskActualTotal": _sum(tasks, "Actuals"),
            "TaskStatus": _status(tasks),
        }
        if held["type"] == "HierarchicalRequirement":
            found |= self._story(oid)
        return found

    def _story(self, oid: int) -> Facts:
        top = oid
        for _ in self._objects:
            above = self._objects[top].get("Parent")
            if above is None or above not in self._objects:
                break
            top = above
        found: Facts = {
            "Feature": self._objects[top]["PortfolioItem"],
            "DirectChildrenCount": len(self._stories.get(oid, [])),
        }
        if found["DirectChildrenCount"]:
            made = self._made_of_children(oid)
            found |= {name: made[name] for name in ("PlanEstimate", "ScheduleState", "InProgressDate", "AcceptedDate")}
        return found

    def _made_of_children(self, oid: int) -> Facts:
        """Give what a story's leaves make of it; the state climbs level by level."""
        below = self._stories.get(oid, [])
        if not below:
            return self._objects[oid]
        children = [self._made_of_children(story) for story in below]
        places = [self._place(child["ScheduleState"]) for child in children]
        begun, accepted = self._place("In-Progress"), self._place("Accepted")
        mixed = min(places) < begun and max(places) >= begun
        place = begun if mixed else min(places)
        estimates = [child["PlanEstimate"] for child in children if child["PlanEstimate"] is not None]
        started = [child["InProgressDate"] for child in children if child["InProgressDate"]]
        ended = [child["AcceptedDate"] for child in children if child["AcceptedDate"]]
        return {
            "PlanEstimate": round(sum(estimates), 2) if estimates else None,
            "ScheduleState": self._states[place],
            "InProgressDate": min(started) if started and place >= begun else None,
            "AcceptedDate": max(ended) if ended and place >= accepted else None,
        }

    def _place(self, state: str) -> int:
        return self._states.index(state)

    # ------------------------------------------------------------------ portfolio items

    def _portfolio(self, oid: int, held: Facts) -> Facts:
        inside = [oid]
        for item in inside:
            inside += self._items.get(item, [])
        roots = [story for item in inside for story in self._roots.get(item, [])]
        below = [story for root in roots for story in self._below(root)]
        leaves = [self._objects[story] for story in below if not self._stories.get(story)]
        defects = [self._objects[defect] for item in inside for defect in self._defects.get(item, [])]
        done = [leaf for leaf in leaves if self._is_accepted(leaf)]
        fixed = [defect for defect in defects if self._is_accepted(defect)]
        started = [leaf["InProgressDate"] for leaf in leaves if leaf["InProgressDate"]]
        ended = [leaf["AcceptedDate"] for leaf in leaves if leaf["AcceptedDate"]]
        return {
            "DirectChildrenCount": len(self._roots.get(oid, [])) + len(self._items.get(oid, [])),
            "LateChildCount": sum(self._is_late(leaf, held) for leaf in leaves),
            "LeafStoryCount": len(leaves),
            "AcceptedLeafStoryCount": len(done),
            "LeafStoryPlanEstimateTotal": _sum(leaves, "PlanEstimate"),
            "AcceptedLeafStoryPlanEstimateTotal": _sum(done, "PlanEstimate"),
            "UnEstimatedLeafStoryCount": _unestimated(leaves),
            "PercentDoneByStoryCount": _share(len(done), len(leaves)),
            "PercentDoneByStoryPlanEstimate": _share(_sum(done, "PlanEstimate"), _sum(leaves, "PlanEstimate")),
            "DefectCountRollup": len(defects),
            "AcceptedDefectCountRollup": len(fixed),
            "DefectPlanEstimateTotalRollup": _sum(defects, "PlanEstimate"),
            "AcceptedDefectEstimateTotalRollup": _sum(fixed, "PlanEstimate"),
            "UnEstimatedDefectCountRollup": _unestimated(defects),
            "PercentDoneByDefectCountRollup": _share(len(fixed), len(defects)),
            "PercentDoneByDefectEstimateRollup": _share(_sum(fixed, "PlanEstimate"), _sum(defects, "PlanEstimate")),
            "TotalCountRollup": len(leaves) + len(defects),
            "AcceptedTotalCountRollup": len(done) + len(fixed),
            "TotalEstimateRollup": _sum(leaves + defects, "PlanEstimate"),
            "AcceptedTotalEstimateRollup": _sum(done + fixed, "PlanEstimate"),
            "UnEstimatedTotalCountRollup": _unestimated(leaves + defects),
            "PercentDoneByTotalCountRollup": _share(len(done + fixed), len(leaves + defects)),
            "PercentDoneByTotalEstimateRollup": _share(
                _sum(done + fixed, "PlanEstimate"), _sum(leaves + defects, "PlanEstimate")
            ),
            "ActualStartDate": min(started, default=None),
            "ActualEndDate": max(ended, default=None) if leaves and len(done) == len(leaves) else None,
        }

    def _is_accepted(self, held: Facts) -> bool:
        return self._place(held["ScheduleState"]) >= self._place("Accepted")

    def _is_late(self, leaf: Facts, item: Facts) -> bool:
        due = self._date(item.get("Release"), "ReleaseDate")
        planned = (self._date(leaf["Release"], "ReleaseDate"), self._date(leaf["Iteration"], "EndDate"))
        return bool(due) and any(date > due for date in planned if date)

    def _date(self, timebox: int | None, name: str) -> str:
        return (self._objects.get(timebox or 0) or {}).get(name) or ""


def _sum(objects: Sequence[Facts], name: str) -> float:
    return round(float(sum(held[name] or 0 for held in objects)), 2)


def _unestimated(objects: Sequence[Facts]) -> int:
    return sum(held["PlanEstimate"] is None for held in objects)


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _status(tasks: Sequence[Facts]) -> str:
    if not tasks:
        return "NONE"
    blocked = any(task["Blocked"] for task in tasks)
    if all(task["State"] == "Completed" for task in tasks):
        return "COMPLETED_BLOCKED" if blocked else "COMPLETED"
    if blocked:
        return "IN_PROGRESS_BLOCKED"
    return "DEFINED" if all(task["State"] == "Defined" for task in tasks) else "IN_PROGRESS"
