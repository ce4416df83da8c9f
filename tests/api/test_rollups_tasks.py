"""Tasks drive the totals, the status and the state of their work (object-model.md 6, "Tasks and rollups")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.harness import World

_SHOWN = "TaskEstimateTotal,TaskRemainingTotal,TaskActualTotal,TaskStatus,ScheduleState,VersionId"


async def _story(world: World, kind: str = "HierarchicalRequirement", **more: Any) -> int:
    made = await world.make(kind, Name="Quiet", Project=f"/project/{world.ids['engines']}", **more)
    oid: int = made["ObjectID"]
    return oid


async def _task(world: World, work: int, kind: str = "hierarchicalrequirement", **more: Any) -> int:
    made = await world.make("Task", Name="Measure", WorkProduct=f"/{kind}/{work}", **more)
    oid: int = made["ObjectID"]
    return oid


async def _shown(world: World, work: int, kind: str = "hierarchicalrequirement") -> dict[str, Any]:
    return (await world.get(f"{kind}/{work}", fetch=_SHOWN)).inner


async def _update(world: World, task: int, **changes: Any) -> dict[str, Any]:
    return (await world.post(f"task/{task}", {"Task": changes})).object


@pytest.mark.parametrize("kind", ["HierarchicalRequirement", "Defect", "DefectSuite", "TestSet"])
async def test_totals_add_up_the_tasks(world: World, kind: str) -> None:
    """Estimate, ToDo and Actuals of all tasks, on everything that has tasks, through create, update, move and delete."""
    work, other = await _story(world, kind), await _story(world, kind)
    assert (await _shown(world, work, kind))["TaskEstimateTotal"] == 0
    first = await _task(world, work, kind, Estimate=4, ToDo=2.25, Actuals=1)
    second = await _task(world, work, kind, Estimate=0.1, ToDo=0.2)
    shown = await _shown(world, work, kind)
    assert (shown["TaskEstimateTotal"], shown["TaskRemainingTotal"], shown["TaskActualTotal"]) == (4.1, 2.45, 1)
    await _update(world, first, ToDo=1)
    assert (await _shown(world, work, kind))["TaskRemainingTotal"] == 1.2
    await _update(world, first, WorkProduct=f"/{kind}/{other}")
    assert (await _shown(world, work, kind))["TaskEstimateTotal"] == 0.1
    assert (await _shown(world, other, kind))["TaskEstimateTotal"] == 4
    await world.delete(f"task/{second}")
    assert (await _shown(world, work, kind))["TaskEstimateTotal"] == 0


async def test_states_of_tasks_drive_their_work(world: World) -> None:
    """All Defined, all Completed, any mixture; a new task puts a completed story back in progress."""
    story = await _story(world)
    first, second = await _task(world, story), await _task(world, story)
    seen = []
    for task, state in ((first, "In-Progress"), (first, "Completed"), (second, "Completed")):
        await _update(world, task, State=state)
        shown = await _shown(world, story)
        seen.append((shown["ScheduleState"], shown["TaskStatus"]))
    assert seen == [("In-Progress", "IN_PROGRESS"), ("In-Progress", "IN_PROGRESS"), ("Completed", "COMPLETED")]
    third = await _task(world, story)
    assert (await _shown(world, story))["ScheduleState"] == "In-Progress"
    await _update(world, third, Blocked=True)
    assert (await _shown(world, story))["TaskStatus"] == "IN_PROGRESS_BLOCKED"
    await world.delete(f"task/{third}")
    assert (await _shown(world, story))["ScheduleState"] == "Completed"


async def test_accepted_work_is_not_pulled_back(world: World) -> None:
    story = await _story(world)
    task = await _task(world, story)
    await world.post(f"hierarchicalrequirement/{story}", {"HierarchicalRequirement": {"ScheduleState": "Accepted"}})
    await _update(world, task, State="In-Progress")
    shown = await _shown(world, story)
    assert (shown["ScheduleState"], shown["TaskStatus"]) == ("Accepted", "IN_PROGRESS")


@pytest.mark.parametrize(("enabled", "state"), [(True, "In-Progress"), (False, "Defined")])
async def test_a_project_may_keep_tasks_from_driving_states(world: World, enabled: bool, state: str) -> None:
    await world.post(f"project/{world.ids['engines']}", {"Project": {"TaskStateRollupEnabled": enabled}})
    story = await _story(world)
    task = await _task(world, story)
    await _update(world, task, State="In-Progress")
    assert (await _shown(world, story))["ScheduleState"] == state


async def test_completing_a_task_leaves_nothing_to_do(world: World) -> None:
    story = await _story(world)
    task = await _task(world, story, Estimate=4, ToDo=3)
    assert (await _update(world, task, State="Completed"))["ToDo"] == 0
    other = await _task(world, story, Estimate=4, ToDo=3)
    assert (await _update(world, other, ToDo=0))["State"] == "Completed"
    unestimated = await _task(world, story, ToDo=3)
    assert (await _update(world, unestimated, ToDo=0))["State"] == "Defined"


async def test_the_work_remembers_who_changed_its_tasks(world: World) -> None:
    """Rally's revisions of a story speak of task totals; one revision tells all of it, and it is the editor's."""
    story = await _story(world)
    task = await _task(world, story, Estimate=4, ToDo=4)
    before = await _shown(world, story)
    await world.post(f"task/{task}", {"Task": {"State": "Completed"}}, "editor")
    after = await _shown(world, story)
    assert int(after["VersionId"]) == int(before["VersionId"]) + 1
    found = await world.get(f"hierarchicalrequirement/{story}", fetch="RevisionHistory")
    history = found.inner["RevisionHistory"]["_ref"].rpartition("/")[2]
    revisions = (
        await world.get(f"revisionhistory/{history}/Revisions", fetch="Description,User,RevisionNumber")
    ).results
    told = revisions[0]["Description"]
    assert told.startswith("FLOW STATE changed from [Defined] to [Completed], IN PROGRESS DATE changed from [] to [")
    assert told.endswith(
        "SCHEDULE STATE changed from [Defined] to [Completed], TASK REMAINING TOTAL changed from [4.0] to [0.0]"
    )
    assert revisions[0]["User"]["_refObjectName"] == "Editor"
    numbers = [revision["RevisionNumber"] for revision in revisions]
    assert numbers == list(reversed(range(len(numbers))))


async def test_a_batch_costs_its_story_one_change(world: World) -> None:
    """A hundred tasks of one story make one new version of it; what a later entry reads is right already."""
    story = await _story(world)
    body = {"Task": {"Name": "Measure", "WorkProduct": f"/hierarchicalrequirement/{story}", "Estimate": 1}}
    entries: list[dict[str, Any]] = [{"Entry": {"Path": "/task/create", "Method": "POST", "Body": body}}] * 100
    reading = {"Entry": {"Path": f"/hierarchicalrequirement/{story}", "Method": "GET"}}
    answer = await world.post("batch", {"Batch": [*entries, reading]})
    assert answer.inner["Results"][-1]["Object"]["TaskEstimateTotal"] == 100
    assert (await _shown(world, story))["VersionId"] == "2"


async def test_a_failed_entry_leaves_no_figures(world: World) -> None:
    story = await _story(world)
    good = {"Task": {"Name": "One", "WorkProduct": f"/hierarchicalrequirement/{story}", "Estimate": 1}}
    bad = {
        "Task": {"Name": "Two", "WorkProduct": f"/hierarchicalrequirement/{story}", "Estimate": 2, "State": "Nowhere"}
    }
    entries = [{"Entry": {"Path": "/task/create", "Method": "POST", "Body": body}} for body in (good, bad)]
    await world.post("batch", {"Batch": entries})
    assert (await _shown(world, story))["TaskEstimateTotal"] == 1
