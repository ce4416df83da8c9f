"""A parent story is what its children make it, and all of them show the portfolio item above (object-model.md 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.harness import World

STORY = "hierarchicalrequirement"


async def make(world: World, kind: str = "HierarchicalRequirement", **more: Any) -> str:
    """Make an object in Engines and give its address."""
    body = {"Name": "Quiet", "Project": f"/project/{world.ids['engines']}", **more}
    if kind == "Task":
        del body["Project"]
    return f"{kind.lower()}/{(await world.make(kind, **body))['ObjectID']}"


async def show(world: World, path: str) -> dict[str, Any]:
    return (await world.get(path)).inner


async def change(world: World, path: str, **changes: Any) -> dict[str, Any]:
    return (await world.post(path, {path.split("/", maxsplit=1)[0]: changes})).object


async def test_a_parent_is_made_of_its_children(world: World) -> None:
    parent = await make(world, PlanEstimate=40)
    first = await make(world, Parent=f"/{parent}", PlanEstimate=3)
    second = await make(world, Parent=f"/{parent}", PlanEstimate=2.5)
    shown = await show(world, parent)
    assert (shown["PlanEstimate"], shown["ScheduleState"], shown["DirectChildrenCount"]) == (5.5, "Defined", 2)
    seen = []
    for story, state in ((first, "In-Progress"), (first, "Accepted"), (second, "Completed"), (second, "Accepted")):
        world.clock.advance(timedelta(hours=1))
        await change(world, story, ScheduleState=state)
        seen.append((await show(world, parent))["ScheduleState"])
    assert seen == ["In-Progress", "In-Progress", "Completed", "Accepted"]
    await world.delete(second)
    assert (await show(world, parent))["PlanEstimate"] == 3
    await change(world, first, Parent=None)
    shown = await show(world, parent)
    assert (shown["PlanEstimate"], shown["DirectChildrenCount"]) == (3, 0)


async def test_task_totals_climb_to_the_top(world: World) -> None:
    top = await make(world)
    middle = await make(world, Parent=f"/{top}")
    leaf, other = [await make(world, Parent=f"/{middle}") for _ in range(2)]
    for story, hours in ((leaf, 3), (other, 4)):
        await make(world, "Task", WorkProduct=f"/{story}", Estimate=hours, ToDo=1, State="In-Progress")
    for story in (middle, top):
        shown = await show(world, story)
        assert (shown["TaskEstimateTotal"], shown["TaskRemainingTotal"], shown["TaskStatus"]) == (7, 2, "IN_PROGRESS")
        assert shown["ScheduleState"] == "In-Progress"


async def test_the_first_child_takes_over_the_tasks(world: World) -> None:
    """KB 47753: the parent's place in iteration and release is given up, and cannot be set again."""
    sprint = await make(world, "Iteration", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning")
    parent = await make(world, Iteration=f"/{sprint}")
    task = await make(world, "Task", WorkProduct=f"/{parent}", Estimate=2)
    assert (await show(world, task))["Iteration"]["_ref"].endswith(sprint)
    first = await make(world, Parent=f"/{parent}")
    await make(world, Parent=f"/{parent}")
    shown = await show(world, task)
    assert shown["WorkProduct"]["_ref"].endswith(first)
    assert shown["Iteration"] is None
    assert (await show(world, first))["TaskEstimateTotal"] == 2
    shown = await show(world, parent)
    assert (shown["Iteration"], shown["Tasks"]["Count"], shown["TaskEstimateTotal"]) == (None, 0, 2)


@pytest.mark.parametrize(("parenthood", "refused"), [(False, False), (True, True)])
async def test_only_leaves_are_scheduled(world: World, parenthood: bool, refused: bool) -> None:
    sprint = await make(world, "Iteration", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning")
    story = await make(world)
    if parenthood:
        await make(world, Parent=f"/{story}")
    answer = await world.post(story, {STORY: {"Iteration": f"/{sprint}"}})
    assert bool(answer.errors) is refused


async def test_tasks_are_scheduled_where_their_work_is(world: World) -> None:
    sprint = await make(world, "Iteration", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning")
    story = await make(world)
    tasks = [await make(world, "Task", WorkProduct=f"/{story}") for _ in range(3)]
    await change(world, story, Iteration=f"/{sprint}")
    for task in tasks:
        assert (await show(world, task))["Iteration"]["_ref"].endswith(sprint)


async def test_what_children_make_of_a_parent_is_not_said_of_it(world: World) -> None:
    """Clients send whole objects back, so it is passed over and not refused."""
    parent = await make(world)
    await make(world, Parent=f"/{parent}", PlanEstimate=3)
    before = await show(world, parent)
    shown = await change(world, parent, PlanEstimate=8, ScheduleState="Accepted", Name="Quieter")
    assert (shown["PlanEstimate"], shown["ScheduleState"], shown["Name"]) == (3, "Defined", "Quieter")
    assert int(shown["VersionId"]) == int(before["VersionId"]) + 1


async def test_a_story_shows_the_portfolio_item_above_all_others(world: World) -> None:
    feature, other = [await make(world, "PortfolioItem/Feature") for _ in range(2)]
    top = await make(world, PortfolioItem=f"/{feature}")
    middle = await make(world, Parent=f"/{top}")
    leaf = await make(world, Parent=f"/{middle}")
    assert (await show(world, leaf))["Feature"]["_ref"].endswith(feature)
    await change(world, top, PortfolioItem=f"/{other}")
    for story in (top, middle, leaf):
        assert (await show(world, story))["Feature"]["_ref"].endswith(other)
    found = (await world.get(STORY, query=f'(Feature = "/{other}")')).inner["TotalResultCount"]
    assert found == 3
    assert (await show(world, feature))["LeafStoryCount"] == 0
    await world.delete(other)
    for story in (top, middle, leaf):
        assert (await show(world, story))["Feature"] is None


@pytest.mark.parametrize(("portfolio", "refused"), [(False, False), (True, True)])
async def test_parent_and_portfolio_item_exclude_each_other(world: World, portfolio: bool, refused: bool) -> None:
    feature, parent = await make(world, "PortfolioItem/Feature"), await make(world)
    body = {"Name": "Child", "Parent": f"/{parent}"} | ({"PortfolioItem": f"/{feature}"} if portfolio else {})
    assert bool((await world.post(f"{STORY}/create", {STORY: body})).errors) is refused
    story = await make(world, PortfolioItem=f"/{feature}")
    shown = await change(world, story, Parent=f"/{parent}")
    assert (shown["PortfolioItem"], shown["HasParent"]) == (None, True)


async def test_defects_show_in_story_suite_and_test_case(world: World) -> None:
    story, suite, case = await make(world), await make(world, "DefectSuite"), await make(world, "TestCase")
    bugs = [
        await make(world, "Defect", Requirement=f"/{story}", TestCase=f"/{case}", DefectSuites=[f"/{suite}"])
        for _ in range(2)
    ]
    seen = []
    for state in ("Open", "Closed"):
        for bug in bugs:
            await change(world, bug, State=state)
            seen.append([(await show(world, each))["DefectStatus"] for each in (story, suite, case)])
    assert seen == [["NONE_CLOSED"] * 3, ["NONE_CLOSED"] * 3, ["SOME_CLOSED"] * 3, ["ALL_CLOSED"] * 3]
    await world.post(f"{suite}/Defects/remove", {"CollectionItems": [{"_ref": f"/{bugs[0]}"}]})
    await world.delete(bugs[1])
    shown = await show(world, suite)
    assert (shown["DefectStatus"], shown["TotalDefectCount"], shown["ClosedDefectCount"]) == ("NONE", 0, 0)


async def test_what_comes_back_counts_again(world: World) -> None:
    """A restored story is found by its parent and portfolio item, with what its restored tasks add up to."""
    feature, parent = await make(world, "PortfolioItem/Feature"), await make(world)
    story = await make(world, Parent=f"/{parent}", PlanEstimate=3)
    await make(world, "Task", WorkProduct=f"/{story}", Estimate=2)
    await make(world, Parent=f"/{parent}", PlanEstimate=1)
    await world.delete(story)
    await change(world, parent, PortfolioItem=f"/{feature}")
    entries = (await world.get("recyclebinentry", fetch="ObjectID,ItemOID")).results
    (entry,) = [each["ObjectID"] for each in entries if story.endswith(str(each["ItemOID"]))]
    assert not (await world.post(f"recyclebinentry/{entry}/restore", {})).errors
    assert (await show(world, feature))["LeafStoryPlanEstimateTotal"] == 4
    shown = await show(world, parent)
    assert (shown["PlanEstimate"], shown["TaskEstimateTotal"]) == (4, 2)
    assert (await show(world, story))["Feature"]["_ref"].endswith(feature)
