"""Iterations and releases add up the work that is scheduled there, as it is when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.test_rollups_stories import change, make, show

if TYPE_CHECKING:
    from tests.harness import World


async def test_figures_are_those_of_what_is_scheduled(world: World) -> None:
    dates = {"ReleaseStartDate": "2026-01-01", "ReleaseDate": "2026-02-01", "State": "Planning"}
    release = await make(world, "Release", **dates)
    sprint, empty = [
        await make(world, "Iteration", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning") for _ in range(2)
    ]
    both = {"Iteration": f"/{sprint}", "Release": f"/{release}"}
    story = await make(world, PlanEstimate=3, **both)
    await make(world, "Task", WorkProduct=f"/{story}", Estimate=4, ToDo=1.5, Actuals=2)
    await make(world, "Defect", PlanEstimate=2, ScheduleState="Accepted", **both)
    await make(world, "TestSet", Release=f"/{release}")
    shown = await show(world, sprint)
    totals = ("TaskEstimateTotal", "TaskRemainingTotal", "TaskActualTotal", "PlanEstimate")
    assert [shown[name] for name in totals] == [4, 1.5, 2, 5]
    assert shown["UnplannedWorkItemCount"] == 0
    shown = await show(world, release)
    assert [shown[name] for name in (*totals, "Accepted", "ReleaseBacklogItemsCount")] == [4, 1.5, 2, 5, 2, 1]
    assert (await show(world, empty))["PlanEstimate"] == 0
    await change(world, story, Iteration=f"/{empty}")
    found = (await world.get("iteration", fetch="Name,TaskEstimateTotal,PlanEstimate", order="ObjectID")).results
    assert [(item["TaskEstimateTotal"], item["PlanEstimate"]) for item in found] == [(0, 2), (4, 3)]


async def test_they_show_in_expanded_refs_where_they_are_asked_for(world: World) -> None:
    """A plain list of attributes asks for the story's estimate, and does not add up its iteration."""
    sprint = await make(world, "Iteration", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning")
    story = await make(world, PlanEstimate=3, Iteration=f"/{sprint}")
    shown = (await world.get(story, fetch="Iteration[PlanEstimate]")).inner
    assert shown["Iteration"]["PlanEstimate"] == 3
    shown = (await world.get(story, fetch="PlanEstimate,Iteration,Name")).inner
    assert shown["PlanEstimate"] == 3
    assert "PlanEstimate" not in shown["Iteration"]
