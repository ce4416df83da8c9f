"""Rules of blocked work (object-model.md 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from banneret.kernel.values import to_wire
from tests.api.test_rules_states import change, path_of
from tests.harness import World


async def now(world: World, item: dict[str, Any]) -> dict[str, Any]:
    (found,) = (await world.get(path_of(item))).document.values()
    return dict(found)


async def test_blocked_work_knows_by_whom_and_since_when(world: World) -> None:
    item = await world.make("HierarchicalRequirement", Name="x", BlockedReason="waiting")
    assert (item["Blocked"], item["Blocker"], item["BlockedReason"]) == (False, None, "waiting")
    world.clock.advance(timedelta(hours=1))
    blocked = (await world.post(path_of(item), {"HierarchicalRequirement": {"Blocked": True}}, "editor")).object
    blocker = await now(world, blocked["Blocker"])
    assert blocker["BlockedBy"]["_refObjectName"] == "Editor"
    assert blocker["WorkProduct"]["_ref"] == item["_ref"]
    assert blocker["CreationDate"] == to_wire(world.clock.now())
    again = await change(world, item, Blocked=True, Name="y", BlockedReason="still")
    assert again["Blocker"]["_ref"] == blocked["Blocker"]["_ref"]
    free = await change(world, item, Blocked=False)
    assert (free["Blocked"], free["Blocker"], free["BlockedReason"]) == (False, None, None)
    assert (await world.get("blocker")).inner["TotalResultCount"] == 0


async def test_a_new_item_may_be_blocked_from_the_start(world: World) -> None:
    for kind in ("Defect", "PortfolioItem/Feature"):
        item = await now(world, await world.make(kind, Name="x", Blocked=True))
        assert (await now(world, item["Blocker"]))["WorkProduct"]["_ref"] == item["_ref"]
        await world.delete(path_of(item))
    assert (await world.get("blocker")).inner["TotalResultCount"] == 0, "it goes with what was blocked"


async def test_a_blocked_task_blocks_what_is_above_it_and_leaves_it_so(world: World) -> None:
    grand = await world.make("HierarchicalRequirement", Name="grand")
    parent = await world.make("HierarchicalRequirement", Name="parent", Parent=grand["_ref"])
    story = await world.make("HierarchicalRequirement", Name="story", Parent=parent["_ref"])
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"])
    await change(world, task, Blocked=True, BlockedReason="no power")
    for item in (story, parent, grand):
        found = await now(world, item)
        assert (found["Blocked"], found["BlockedReason"]) == (True, "no power")
        assert (await now(world, found["Blocker"]))["BlockedBy"]["_refObjectName"] == "Admin"
    await change(world, task, Blocked=False)
    assert (await now(world, task))["BlockedReason"] is None
    assert (await now(world, story))["Blocked"] is True
    await change(world, story, Blocked=False)
    assert (await now(world, parent))["Blocked"] is True


async def test_what_is_blocked_blocks_what_it_comes_to_belong_to(world: World) -> None:
    parent = await world.make("HierarchicalRequirement", Name="parent")
    blocked = await world.make("HierarchicalRequirement", Name="child", Blocked=True)
    assert (await now(world, parent))["Blocked"] is False
    await change(world, blocked, Parent=parent["_ref"])
    assert (await now(world, parent))["Blocked"] is True
    defect = await world.make("Defect", Name="d")
    await world.make("Task", Name="t", WorkProduct=defect["_ref"], Blocked=True)
    assert (await now(world, defect))["Blocked"] is True
