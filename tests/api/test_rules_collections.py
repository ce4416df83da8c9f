"""Derived collections: what belongs to an item, who works on a portfolio item (object-model.md 7.1, 7.3, 7.4)."""

from __future__ import annotations

from typing import Any

from tests.api.test_rules_blocking import now
from tests.api.test_rules_states import change, path_of
from tests.harness import World


async def named(world: World, item: dict[str, Any], collection: str) -> list[str]:
    """Give the names of a collection's members, having seen that its count agrees."""
    page = await world.get(f"{path_of(item)}/{collection}", fetch="Name,DisplayName")
    found = [row["_refObjectName"] for row in page.results]
    assert (await now(world, item))[collection]["Count"] == len(found)
    return sorted(found)


async def test_mixed_children_are_of_every_type(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="story")
    await world.make("HierarchicalRequirement", Name="child", Parent=story["_ref"])
    defect = await world.make("Defect", Name="defect", Requirement=story["_ref"])
    await world.make("Task", Name="task", WorkProduct=story["_ref"])
    await world.make("TestCase", Name="case", WorkProduct=story["_ref"])
    suite = await world.make("DefectSuite", Name="suite", Defects=[{"_ref": defect["_ref"]}])
    assert await named(world, story, "MixedChildren") == ["case", "child", "defect", "task"]
    assert await named(world, suite, "MixedChildren") == ["defect"]
    assert await named(world, defect, "MixedChildren") == []


async def test_a_test_set_schedules_its_test_cases_and_tasks(world: World) -> None:
    case = await world.make("TestCase", Name="case")
    test_set = await world.make("TestSet", Name="set", TestCases=[{"_ref": case["_ref"]}])
    await world.make("Task", Name="task", WorkProduct=test_set["_ref"])
    assert await named(world, test_set, "ScheduledChildren") == ["case", "task"]


async def test_collaborators_own_or_have_changed_something_below(world: World) -> None:
    theme = await world.make("PortfolioItem/Initiative", Name="i")
    feature = await world.make("PortfolioItem/Feature", Name="f", Parent=theme["_ref"])
    assert await named(world, feature, "Collaborators") == ["Admin"]
    project = f"/project/{world.ids['engines']}"
    story = await world.make("HierarchicalRequirement", Name="s", PortfolioItem=feature["_ref"], Project=project)
    child = await world.make("HierarchicalRequirement", Name="c", Parent=story["_ref"], Project=project)
    await world.make("Task", Name="t", WorkProduct=child["_ref"], Owner=f"/user/{world.ids['padmin']}")
    await world.post(path_of(child), {"HierarchicalRequirement": {"Name": "d"}}, "editor")
    for item in (feature, theme):
        assert await named(world, item, "Collaborators") == ["Admin", "Editor", "Padmin"]
    await change(world, story, PortfolioItem=None)
    assert await named(world, feature, "Collaborators") == ["Admin"]
