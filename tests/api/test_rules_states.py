"""Rules of states and dates (object-model.md 6): ScheduleState, FlowState, Defect.State, Ready."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from banneret.kernel.values import to_wire
from banneret.operations.create import Given, create
from tests.harness import World


def path_of(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


async def change(world: World, item: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Update an object an hour later, and give it as answered."""
    world.clock.advance(timedelta(hours=1))
    return (await world.post(path_of(item), {item["_type"].rpartition("/")[2]: values})).object


async def own_states(world: World) -> None:
    """Give the workspace a state before the four and one after them."""

    async def work(context: Any) -> None:
        for name, index in (("Idea", 5), ("Released", 99)):
            body = {"Name": name, "ShortName": name[0], "Enabled": True, "OrderIndex": index}
            item = context.schema.get("ScheduleState")
            body["Workspace"] = f"/workspace/{world.ids['main']}"
            await create(context, item, body, "ScheduleState", Given(internal=True))

    await world.server(work)


@pytest.mark.parametrize("kind", ["HierarchicalRequirement", "Defect", "DefectSuite"])
async def test_dates_follow_the_schedule_state_in_both_directions(world: World, kind: str) -> None:
    await own_states(world)
    item = await world.make(kind, Name="x", ScheduleState="Idea")
    assert (item["InProgressDate"], item["AcceptedDate"], item["ScheduleStatePrefix"]) == (None, None, "I")
    item = await change(world, item, ScheduleState="In-Progress")
    begun = to_wire(world.clock.now())
    assert (item["InProgressDate"], item["AcceptedDate"], item["ScheduleStatePrefix"]) == (begun, None, "P")
    item = await change(world, item, ScheduleState="Released")
    accepted = to_wire(world.clock.now())
    assert (item["InProgressDate"], item["AcceptedDate"]) == (begun, accepted)
    item = await change(world, item, ScheduleState="Accepted")
    assert (item["InProgressDate"], item["AcceptedDate"]) == (begun, accepted), "it has been accepted before"
    item = await change(world, item, ScheduleState="Completed")
    assert (item["InProgressDate"], item["AcceptedDate"]) == (begun, None)
    item = await change(world, item, ScheduleState="Defined")
    assert (item["InProgressDate"], item["AcceptedDate"]) == (None, None)


async def test_an_item_that_is_created_far_on_has_its_dates(world: World) -> None:
    item = await world.make("HierarchicalRequirement", Name="x", ScheduleState="Accepted")
    assert item["AcceptedDate"] == item["InProgressDate"] == item["CreationDate"]
    item = await world.make("TestSet", Name="x", ScheduleState="Accepted")
    assert item["AcceptedDate"] == item["CreationDate"]


async def flow_states(world: World, project: str) -> dict[str, dict[str, Any]]:
    found = await world.get("flowstate", query=f"(Project = /project/{world.ids[project]})", fetch="true")
    return {row["Name"]: row for row in found.results}


async def test_flow_state_and_schedule_state_move_each_other(world: World) -> None:
    project = f"/project/{world.ids['engines']}"
    await world.make("FlowState", Name="Review", Project=project, ScheduleStateMapping="In-Progress", OrderIndex=3)
    columns = await flow_states(world, "engines")
    item = await world.make("Defect", Name="x", Project=project)
    assert item["FlowState"]["_refObjectName"] == "Defined"
    assert item["FlowStateChangedDate"] == item["CreationDate"]
    item = await change(world, item, ScheduleState="In-Progress")
    assert item["FlowState"]["_refObjectName"] == "In-Progress", "the first of the two that are mapped to it"
    assert item["FlowStateChangedDate"] == to_wire(world.clock.now())
    item = await change(world, item, FlowState=columns["Review"]["_ref"])
    assert (item["ScheduleState"], item["FlowStateChangedDate"]) == ("In-Progress", to_wire(world.clock.now()))
    item = await change(world, item, FlowState=columns["Completed"]["_ref"])
    assert (item["ScheduleState"], item["ScheduleStatePrefix"]) == ("Completed", "C")
    moved = item["FlowStateChangedDate"]
    item = await change(world, item, Name="y", FlowState=None)
    assert (item["FlowState"]["_refObjectName"], item["FlowStateChangedDate"]) == ("Completed", moved)
    item = await change(world, item, FlowState=columns["Defined"]["_ref"], ScheduleState="Accepted")
    assert (item["FlowState"]["_refObjectName"], item["ScheduleState"]) == ("Defined", "Accepted"), "the pair may drift"
    item = await world.make("Defect", Name="z", Project=project, FlowState=columns["Accepted"]["_ref"])
    assert (item["ScheduleState"], item["AcceptedDate"]) == ("Accepted", item["CreationDate"])


async def test_a_schedule_state_without_column_leaves_the_flow_state(world: World) -> None:
    await own_states(world)
    item = await world.make("Defect", Name="x", ScheduleState="Idea")
    assert item["FlowState"] is None
    item = await change(world, item, ScheduleState="Completed")
    assert item["FlowState"]["_refObjectName"] == "Completed"
    item = await change(world, item, ScheduleState="Released")
    assert item["FlowState"]["_refObjectName"] == "Completed"


async def test_a_new_column_counts_from_the_next_request_on(world: World) -> None:
    await own_states(world)
    project = f"/project/{world.ids['engines']}"
    item = await world.make("Defect", Name="x", Project=project)
    made = await world.make("FlowState", Name="Out", Project=project, ScheduleStateMapping="Released", OrderIndex=9)
    item = await change(world, item, ScheduleState="Released")
    assert item["FlowState"]["_refObjectName"] == "Out"
    await world.delete(path_of(made))
    assert (await world.get(path_of(item), fetch="FlowState")).document["Defect"]["FlowState"] is None


async def test_the_revision_names_both_states(world: World) -> None:
    item = await change(world, await world.make("Defect", Name="x"), ScheduleState="Completed")
    history = (await world.get(f"{path_of(item['RevisionHistory'])}/Revisions")).results[0]["Description"]
    assert "SCHEDULE STATE changed from [Defined] to [Completed]" in history
    assert "FLOW STATE changed from [Defined] to [Completed]" in history


async def test_ready_is_over_with_the_next_state(world: World) -> None:
    item = await world.make("HierarchicalRequirement", Name="x", Ready=True)
    assert (await change(world, item, Name="y"))["Ready"] is True
    assert (await change(world, item, ScheduleState="In-Progress", Ready=True))["Ready"] is False
    assert (await change(world, item, ScheduleState="Completed", Ready=True))["Ready"] is True, "newly ready"


async def test_a_closed_defect_has_a_date_until_it_is_reopened(world: World) -> None:
    item = await world.make("Defect", Name="x")
    assert (item["OpenedDate"], item["ClosedDate"]) == (item["CreationDate"], None)
    item = await change(world, item, State="Closed")
    closed = to_wire(world.clock.now())
    assert (item["ClosedDate"], item["ScheduleState"], item["AcceptedDate"]) == (closed, "Defined", None)
    assert (await change(world, item, ScheduleState="Accepted"))["ClosedDate"] == closed
    item = await change(world, item, State="Open")
    assert (item["ClosedDate"], item["ScheduleState"]) == (None, "Accepted")
    item = await world.make("Defect", Name="y", State="Closed")
    assert item["ClosedDate"] == item["CreationDate"]


async def test_a_portfolio_item_knows_when_it_came_into_its_state(world: World) -> None:
    states = (await world.get("state", query='(Name = "Developing")', fetch="Name,TypeDef")).results
    state = next(row for row in states if "Feature" in row["TypeDef"]["_refObjectName"])
    item = await world.make("PortfolioItem/Feature", Name="x")
    assert item["StateChangedDate"] is None
    item = await change(world, item, State=state["_ref"])
    assert item["StateChangedDate"] == to_wire(world.clock.now())


async def timebox(world: World, kind: str, project: str, name: str, last: str) -> dict[str, Any]:
    dates = ("StartDate", "EndDate") if kind == "Iteration" else ("ReleaseStartDate", "ReleaseDate")
    values = dict(zip(dates, ("2026-02-01", last), strict=True))
    return await world.make(kind, Name=name, Project=f"/project/{world.ids[project]}", **values)


async def test_in_another_project_an_item_finds_its_column_and_timeboxes(world: World) -> None:
    engines, pistons = (f"/project/{world.ids[name]}" for name in ("engines", "pistons"))
    for project, mapping, index in (("engines", "In-Progress", 3), ("pistons", "In-Progress", 2)):
        await world.make(
            "FlowState",
            Name="Review",
            Project=f"/project/{world.ids[project]}",
            ScheduleStateMapping=mapping,
            OrderIndex=index,
        )
    first = await timebox(world, "Iteration", "engines", "I1", "2026-02-14")
    release = await timebox(world, "Release", "engines", "R1", "2026-03-14")
    there = await timebox(world, "Iteration", "pistons", "I1", "2026-02-14")
    await timebox(world, "Release", "pistons", "R1", "2026-03-15")
    review = (await flow_states(world, "engines"))["Review"]
    item = await world.make(
        "HierarchicalRequirement",
        Name="x",
        Project=engines,
        Iteration=first["_ref"],
        Release=release["_ref"],
    )
    task = await world.make("Task", Name="t", WorkProduct=item["_ref"])
    await change(world, item, FlowState=review["_ref"])
    item = await change(world, item, Project=pistons, Iteration=first["_ref"], FlowState=review["_ref"])
    assert item["Iteration"]["_ref"] == there["_ref"], "the same name and dates"
    assert item["Release"] is None, "another end"
    assert item["FlowState"]["_ref"] == (await flow_states(world, "pistons"))["Review"]["_ref"]
    assert item["ScheduleState"] == "In-Progress"
    task = (await world.get(path_of(task))).document["Task"]
    assert task["Project"]["_refObjectName"] == "Pistons"
    assert (task["Iteration"]["_ref"], task["Release"]) == (there["_ref"], None)
    item = await change(world, item, Project=engines, Iteration=None)
    assert (item["Iteration"], item["Project"]["_refObjectName"]) == (None, "Engines")


async def test_tasks_follow_their_work_product_into_its_timeboxes(world: World) -> None:
    first = await timebox(world, "Iteration", "engines", "I1", "2026-02-14")
    item = await world.make("Defect", Name="x", Project=f"/project/{world.ids['engines']}")
    task = await world.make("Task", Name="t", WorkProduct=item["_ref"])
    assert task["Iteration"] is None
    await change(world, item, Iteration=first["_ref"])
    assert (await world.get(path_of(task))).document["Task"]["Iteration"]["_ref"] == first["_ref"]
    await change(world, item, Iteration=None)
    assert (await world.get(path_of(task))).document["Task"]["Iteration"] is None
