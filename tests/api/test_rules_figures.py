"""Figures that are worked out when they are read (object-model.md 6): tests, defects, predecessors, timeboxes, milestones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_rules_blocking import now
from tests.api.test_rules_states import change, path_of, timebox
from tests.harness import World


async def result(world: World, case: dict[str, Any], verdict: str, day: int, **more: Any) -> dict[str, Any]:
    date = f"2026-01-{day:02}T08:00:00.000Z"
    return await world.make(
        "TestCaseResult", TestCase=case["_ref"], Build=f"b{day}", Date=date, Verdict=verdict, **more
    )


def figures(item: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(item[name] for name in names)


TESTED = ("TestCaseStatus", "TestCaseCount", "PassingTestCaseCount")


@pytest.mark.parametrize("kind", ["HierarchicalRequirement", "Defect"])
async def test_a_work_item_sums_up_its_test_cases(world: World, kind: str) -> None:
    item = await world.make(kind, Name="x")
    assert figures(item, *TESTED, "LastRun", "LastBuild") == ("NONE", 0, 0, None, None)
    cases = [await world.make("TestCase", Name=f"c{n}", WorkProduct=item["_ref"]) for n in range(2)]
    assert figures(await now(world, item), *TESTED) == ("NONE_RUN", 2, 0)
    expected = (
        (0, "Fail", ("SOME_RUN_NONE_PASSING", 2, 0)),
        (0, "Pass", ("SOME_RUN_ALL_PASSING", 2, 1)),
        (1, "Error", ("ALL_RUN_SOME_NOT_PASSING", 2, 1)),
        (1, "Pass", ("ALL_RUN_ALL_PASSING", 2, 2)),
        (0, "Blocked", ("ALL_RUN_SOME_NOT_PASSING", 2, 1)),
        (1, "Inconclusive", ("ALL_RUN_NONE_PASSING", 2, 0)),
    )
    for day, (which, verdict, wanted) in enumerate(expected, 1):
        await result(world, cases[which], verdict, day)
        found = await now(world, item)
        assert figures(found, *TESTED) == wanted, verdict
        assert figures(found, "LastRun", "LastBuild") == (f"2026-01-{day:02}T08:00:00.000Z", f"b{day}")
    await world.delete(path_of(cases[0]))
    assert figures(await now(world, item), *TESTED) == ("ALL_RUN_NONE_PASSING", 1, 0)
    await change(world, cases[1], WorkProduct=None)
    assert figures(await now(world, item), *TESTED) == ("NONE", 0, 0)


async def test_a_story_counts_the_test_cases_and_defects_of_the_stories_below_it(world: World) -> None:
    top = await world.make("HierarchicalRequirement", Name="top")
    child = await world.make("HierarchicalRequirement", Name="child", Parent=top["_ref"])
    await world.make("TestCase", Name="own", WorkProduct=top["_ref"])
    below = await world.make("TestCase", Name="below", WorkProduct=child["_ref"])
    await result(world, below, "Pass", 1)
    defect = await world.make("Defect", Name="d", Requirement=child["_ref"])
    found = await now(world, top)
    assert figures(found, *TESTED) == ("SOME_RUN_ALL_PASSING", 2, 1)
    assert figures(found, "TotalDirectTestCaseCount", "DirectPassingTestCaseCount") == (1, 0)
    assert figures(found, "DefectStatus", "HasParent") == ("NONE_CLOSED", False)
    await change(world, defect, State="Closed")
    assert (await now(world, top))["DefectStatus"] == "ALL_CLOSED"
    found = await now(world, child)
    assert figures(found, "DirectPassingTestCaseCount", "HasParent") == (1, True)
    await change(world, child, Parent=None)
    assert (await now(world, top))["DefectStatus"] == "NONE"


async def test_suites_test_cases_and_test_sets_tell_of_their_defects(world: World) -> None:
    case = await world.make("TestCase", Name="c")
    test_set = await world.make("TestSet", Name="s", TestCases=[{"_ref": case["_ref"]}])
    suite = await world.make("DefectSuite", Name="u")
    assert (suite["DefectStatus"], suite["TotalDefectCount"], suite["ClosedDefectCount"]) == ("NONE", 0, 0)
    defects = [await world.make("Defect", Name=f"d{n}", TestCase=case["_ref"]) for n in range(2)]
    await world.post(f"{path_of(suite)}/Defects/add", {"CollectionItems": [{"_ref": d["_ref"]} for d in defects]})
    await change(world, defects[0], State="Closed")
    for item in (case, test_set, suite):
        assert (await now(world, item))["DefectStatus"] == "SOME_CLOSED", item["_type"]
    assert figures(await now(world, suite), "TotalDefectCount", "ClosedDefectCount") == (2, 1)
    await world.delete(path_of(defects[1]))
    for item in (case, test_set, suite):
        assert (await now(world, item))["DefectStatus"] == "ALL_CLOSED", item["_type"]


async def test_a_test_set_goes_by_the_results_in_it(world: World) -> None:
    cases = [await world.make("TestCase", Name=f"c{n}") for n in range(2)]
    test_set = await world.make("TestSet", Name="s", TestCases=[{"_ref": case["_ref"]} for case in cases])
    await result(world, cases[0], "Pass", 1)
    assert figures(await now(world, test_set), *TESTED) == ("NONE_RUN", 2, 0)
    await result(world, cases[0], "Fail", 2, TestSet=test_set["_ref"])
    await result(world, cases[0], "Pass", 3, TestSet=test_set["_ref"])
    await result(world, cases[0], "Fail", 4)
    found = await now(world, test_set)
    assert figures(found, *TESTED) == ("SOME_RUN_ALL_PASSING", 2, 1)
    assert figures(found, "LastRun", "LastBuild") == ("2026-01-03T08:00:00.000Z", "b3")


async def test_figures_are_queried_and_sorted_by(world: World) -> None:
    bare = await world.make("HierarchicalRequirement", Name="bare")
    tested = await world.make("HierarchicalRequirement", Name="tested")
    await world.make("TestCase", Name="c", WorkProduct=tested["_ref"])
    await world.make("Defect", Name="d", Requirement=bare["_ref"])
    for query, wanted in (
        ('(TestCaseStatus = "NONE")', ["bare"]),
        ('(TestCaseStatus != "NONE")', ["tested"]),
        ('(DefectStatus = "NONE_CLOSED")', ["bare"]),
        ("(PredecessorNotScheduled = true)", []),
        ("(PredecessorNotScheduled = false)", ["bare", "tested"]),
    ):
        page = await world.get("hierarchicalrequirement", query=query, order="Name")
        assert [row["_refObjectName"] for row in page.results] == wanted, query
    for order, wanted in (("TestCaseStatus", ["bare", "tested"]), ("TestCaseStatus desc", ["tested", "bare"])):
        page = await world.get("hierarchicalrequirement", order=order, fetch="TestCaseStatus")
        assert [row["_refObjectName"] for row in page.results] == wanted, order
    page = await world.get("defect", query='(Requirement.DefectStatus = "NONE_CLOSED")')
    assert [row["_refObjectName"] for row in page.results] == ["d"]


LATE = ("PredecessorNotScheduled", "PredecessorScheduledInSameOrLaterIteration")


async def test_predecessors_are_scheduled_in_time_or_not(world: World) -> None:
    project = f"/project/{world.ids['engines']}"
    first, second = [
        await world.make("Iteration", Name=n, Project=project, StartDate=f"2026-0{m}-01", EndDate=f"2026-0{m}-20")
        for n, m in (("I1", 2), ("I2", 3))
    ]
    feature = await world.make("PortfolioItem/Feature", Name="f")
    before = await world.make("HierarchicalRequirement", Name="before", Project=project)
    story = await world.make(
        "HierarchicalRequirement",
        Name="story",
        Project=project,
        Iteration=second["_ref"],
        Predecessors=[{"_ref": before["_ref"]}],
        PortfolioItem=feature["_ref"],
    )
    seen = (f"Child{'Story'}{name}" for name in LATE)
    above = tuple(seen)
    for iteration, wanted in ((None, (True, False)), (first, (False, False)), (second, (False, True))):
        await change(world, before, Iteration=iteration and iteration["_ref"])
        assert figures(await now(world, story), *LATE) == wanted
        assert figures(await now(world, feature), *above) == wanted
    await change(world, first, StartDate="2026-01-01")
    await change(world, before, Iteration=first["_ref"])
    assert figures(await now(world, story), *LATE) == (False, False)
    await change(world, second, StartDate="2026-01-01", EndDate="2026-01-02")
    assert figures(await now(world, story), *LATE) == (False, True), "iterations moved"
    await change(world, story, Predecessors=[])
    assert figures(await now(world, story), *LATE) == (False, False)
    assert figures(await now(world, before), *LATE) == (False, False)


@pytest.mark.parametrize("kind", ["Iteration", "Release"])
async def test_timeboxes_know_their_like_above_and_below(world: World, kind: str) -> None:
    names = ("SyncedWithParent", "CascadedToChildren")
    above = await timebox(world, kind, "engines", "T1", "2026-02-14")
    assert figures(await now(world, above), *names) == (False, False)
    below = await timebox(world, kind, "pistons", "T1", "2026-02-14")
    assert figures(await now(world, above), *names) == (False, True)
    assert figures(await now(world, below), *names) == (True, False)
    await change(world, below, Name="T2")
    assert figures(await now(world, below), *names) == (False, False)


async def test_a_milestone_sums_up_what_it_holds(world: World) -> None:
    projects = [{"_ref": f"/project/{world.ids[name]}"} for name in ("engines", "wheels")]
    milestone = await world.make("Milestone", Name="m", Projects=projects)
    for points, state in ((3, "Accepted"), (5, "Defined")):
        await world.make(
            "HierarchicalRequirement",
            Name="s",
            PlanEstimate=points,
            ScheduleState=state,
            Milestones=[{"_ref": milestone["_ref"]}],
        )
    await world.make("PortfolioItem/Feature", Name="f", Milestones=[{"_ref": milestone["_ref"]}])
    found = await now(world, milestone)
    assert figures(found, "TotalArtifactCount", "TotalProjectCount", "ClosedProjectCount") == (3, 2, 0)
    assert figures(found, "TotalWorkItemCount", "AcceptedWorkItemCount") == (2, 1)
    assert figures(found, "TotalWorkItemPoints", "AcceptedWorkItemPoints") == (8.0, 3.0)
    assert figures(found, "PercentDoneByWorkItemCount", "PercentDoneByWorkItemPoints") == (0.5, 0.375)
    page = await world.get("milestone", query="(PercentDoneByWorkItemCount > 0.4)")
    assert page.inner["TotalResultCount"] == 1
    empty = await world.make("Milestone", Name="e")
    assert figures(empty, "TotalWorkItemPoints", "PercentDoneByWorkItemCount") == (0.0, 0.0)


async def test_small_figures_of_other_types(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    story = await world.make("HierarchicalRequirement", Name="s", Tags=[{"_ref": tag["_ref"]}])
    assert (await now(world, tag))["UsageCount"] == 1
    await world.delete(path_of(story))
    assert (await now(world, tag))["UsageCount"] == 0
    size = (await world.get("preliminaryestimate", query='(Name = "M")')).results[0]
    feature = await world.make("PortfolioItem/Feature", Name="f", PreliminaryEstimate=size["_ref"])
    assert feature["PreliminaryEstimateValue"] == 5
    await change(world, size, Value=7)
    assert (await now(world, feature))["PreliminaryEstimateValue"] == 7


async def test_a_capacity_knows_its_load_and_a_task_its_time(world: World) -> None:
    project, user = f"/project/{world.ids['engines']}", f"/user/{world.ids['editor']}"
    iteration = await timebox(world, "Iteration", "engines", "I1", "2026-02-14")
    capacity = await world.make(
        "UserIterationCapacity", Iteration=iteration["_ref"], User=user, Project=project, Capacity=10
    )
    story = await world.make("HierarchicalRequirement", Name="s", Project=project, Iteration=iteration["_ref"])
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"], Estimate=4, Owner=user)
    await world.make("Task", Name="other", WorkProduct=story["_ref"], Estimate=1)
    assert figures(await now(world, capacity), "TaskEstimates", "Load") == (4.0, 0.4)
    entry = await world.make(
        "TimeEntryItem", Project=project, User=user, Task=task["_ref"], WeekStartDate="2026-01-04T00:00:00.000Z"
    )
    for day, hours in ((5, 2), (6, 1.5)):
        date = f"2026-01-0{day}T00:00:00.000Z"
        await world.make("TimeEntryValue", TimeEntryItem=entry["_ref"], DateVal=date, Hours=hours)
    assert (await now(world, task))["TimeSpent"] == 3.5
