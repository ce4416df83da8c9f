"""`:summary` in fetch lists: how many members a collection has, by the values of their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.test_reading_statements import cost

if TYPE_CHECKING:
    from tests.harness import World


async def furnish(world: World) -> dict[str, Any]:
    """A story with four tasks and two defects, one of which lies where the editor cannot look."""
    project = f"/project/{world.ids['engines']}"
    made = await world.make("hierarchicalrequirement", Name="s", Project=project)
    editor = f"/user/{world.ids['editor']}"
    for body in (
        {"State": "Completed", "Owner": editor, "Estimate": 2},
        {"State": "Completed", "Estimate": 2.5},
        {"State": "Defined", "Blocked": True, "BlockedReason": "rain", "Owner": editor},
        {"State": "Defined"},
    ):
        await world.make("task", Name="t", WorkProduct=made["_ref"], **body)
    for place, state in (("pistons", "Open"), ("wheels", "Fixed")):
        body = {"State": state, "Project": f"/project/{world.ids[place]}", "Severity": "Cosmetic"}
        await world.make("defect", Name="d", Requirement=made["_ref"], **body)
    return made


TASKS = {
    "Count": 4,
    "State": {"Completed": 2, "Defined": 2},
    "Blocked": {"true": 1, "false": 3},
    "state+blocked": {"Completed+false": 2, "Defined+true": 1, "Defined+false": 1},
}


@pytest.mark.parametrize("parameter", ["fetch", "shallowFetch"])
async def test_members_are_counted_by_their_values(world: World, parameter: str) -> None:
    """On queries, reads, members of collections and answers to writes alike; a plus may come as it is."""
    made = await furnish(world)
    path = f"hierarchicalrequirement/{made['ObjectID']}"
    for plus in ("+", "%2B", " "):
        asked = {parameter: f"Name,Tasks:summary[State;Blocked;State{plus}Blocked]".replace("%2B", "+")}
        query = f"{parameter}=Name,Tasks:summary[State;Blocked;State{plus}Blocked]".replace(" ", "%20")
        (item,) = (await world.get(f"hierarchicalrequirement?{query}")).results
        assert item["Summary"] == {"Tasks": TASKS}
        assert list(item)[-2:] == ["Summary", "_type"]
        assert "Tasks" not in item
    read = (await world.get(path, **asked)).inner
    assert read["Summary"] == {"Tasks": TASKS}
    changed = await world.post(f"{path}?{query}", {"s": {"Name": "x"}})
    assert changed.object["Summary"] == {"Tasks": TASKS}
    created = await world.post(f"hierarchicalrequirement/create?{query}", {"s": {"Name": "y"}})
    assert created.object["Summary"] == {"Tasks": {"Count": 0, "State": {}, "Blocked": {}, "state+blocked": {}}}
    parent = await world.make("hierarchicalrequirement", Name="above", Project=made["Project"]["_ref"])
    await world.post(path, {"s": {"Parent": parent["_ref"]}})
    (member,) = (await world.get(f"hierarchicalrequirement/{parent['ObjectID']}/Children", **asked)).results
    assert member["Summary"] == {"Tasks": TASKS}


@pytest.mark.parametrize(
    ("asked", "summary"),
    [
        ("Tasks:summary", {"Tasks": {"Count": 4}}),
        ("Tasks:summary[]", {"Tasks": {"Count": 4}}),
        ("tasks:SUMMARY[owner]", {"Tasks": {"Count": 4, "Owner": {"Editor": 2, "-- No Entry --": 2}}}),
        ("Tasks:summary[Estimate]", {"Tasks": {"Count": 4, "Estimate": {"2.0": 1, "2.5": 1, "-- No Entry --": 2}}}),
        ("Tasks:summary[BlockedReason]", {"Tasks": {"Count": 4, "BlockedReason": {"rain": 1, "-- No Entry --": 3}}}),
        ("Tasks:summary[Nonsense;State+Nonsense;Tags]", {"Tasks": {"Count": 4}}),
        ("Nonsense:summary[State],Name:summary,Tasks:summary", {"Tasks": {"Count": 4}}),
        (
            "Defects:summary[State;Priority;State+Severity],Tasks:summary",
            {
                "Defects": {
                    "Count": 2,
                    "State": {"Open": 1, "Fixed": 1},
                    "Priority": {"None": 2},
                    "state+severity": {"Open+Cosmetic": 1, "Fixed+Cosmetic": 1},
                },
                "Tasks": {"Count": 4},
            },
        ),
        ("Discussion:summary,Tags:summary[Name]", {"Discussion": {"Count": 0}, "Tags": {"Count": 0, "Name": {}}}),
        (
            "MixedChildren:summary[State;Severity]",
            {
                "MixedChildren": {
                    "Count": 6,
                    "State": {"Open": 1, "Fixed": 1, "Defined": 2, "Completed": 2},
                    "Severity": {"Cosmetic": 2, "-- No Entry --": 4},
                }
            },
        ),
    ],
)
async def test_what_can_be_asked(world: World, asked: str, summary: dict[str, Any]) -> None:
    made = await furnish(world)
    answer = await world.get(f"hierarchicalrequirement/{made['ObjectID']}", fetch=asked)
    assert answer.inner["Summary"] == summary


async def test_what_may_not_be_seen_is_not_counted_or_named(world: World) -> None:
    made = await furnish(world)
    path, fetch = f"hierarchicalrequirement/{made['ObjectID']}", "Defects:summary[Project]"
    every = (await world.get(path, fetch=fetch)).inner["Summary"]["Defects"]
    assert every == {"Count": 2, "Project": {"Pistons": 1, "Wheels": 1}}
    seen = (await world.get(path, "editor", fetch=fetch)).inner["Summary"]["Defects"]
    assert seen == {"Count": 1, "Project": {"Pistons": 1}}


async def test_an_expanded_object_has_summaries_too(world: World) -> None:
    await furnish(world)
    flat = await world.get("task", fetch="WorkProduct,Name,Tasks:summary[State]")
    nested = await world.get("task", shallowFetch="WorkProduct[Name;Tasks:summary[State]]")
    for answer in (flat, nested):
        for item in answer.results:
            assert item["WorkProduct"]["Summary"] == {"Tasks": {"Count": 4, "State": TASKS["State"]}}
    assert flat.results[0]["Summary"] == {}
    assert "Summary" not in nested.results[0]


async def test_of_several_types_each_has_its_own(world: World) -> None:
    """An item without the collection has an empty Summary, which clients look into without asking."""
    await furnish(world)
    answer = await world.get("artifact", fetch="Defects:summary[State],Tasks:summary[State]", order="ObjectID")
    shown = {item["_type"]: item["Summary"] for item in answer.results}
    assert shown["HierarchicalRequirement"]["Defects"] == {"Count": 2, "State": {"Open": 1, "Fixed": 1}}
    assert shown["Defect"] == {"Tasks": {"Count": 0, "State": {}}}
    assert shown["Task"] == {}


async def test_all_attributes_may_come_along(world: World) -> None:
    made = await furnish(world)
    answer = await world.get(f"hierarchicalrequirement/{made['ObjectID']}", fetch="true,Tasks:summary")
    assert answer.inner["Summary"] == {"Tasks": {"Count": 4}}
    assert answer.inner["Tasks"]["Count"] == 4
    assert answer.inner["PlanEstimate"] is None


async def test_a_page_costs_a_statement_a_set_whatever_its_size(world: World) -> None:
    made = await furnish(world)
    for _ in range(5):
        other = await world.make("hierarchicalrequirement", Name="o", Project=f"/project/{world.ids['engines']}")
        await world.make("task", Name="t", WorkProduct=other["_ref"])
    plain = await cost(world, "hierarchicalrequirement", fetch="Name", pagesize=3)
    summed = "Name,Tasks:summary[State;Owner;State+Blocked],Defects:summary"
    for size in (1, 3, 6):
        many = await cost(world, "hierarchicalrequirement", fetch=summed, pagesize=size)
        assert many - plain <= 5, "three sets, one count, one for the owners' names"
    assert made


@pytest.mark.parametrize(
    "fetch", ["Tasks:summary[State", "Tasks:summary[State[Name]]", "Tasks:summary]", "[State]", "Owner[Name"]
)
async def test_brackets_must_match(world: World, fetch: str) -> None:
    answer = await world.get("hierarchicalrequirement", fetch=fetch)
    assert answer.errors == [f"Could not parse: fetch list is not well formed: {fetch}"]


async def test_custom_fields_are_counted_by_too(world: World) -> None:
    for body in (
        {"Name": "Pick", "AttributeType": "DROP_DOWN", "AllowedValues": ["red", "blue"]},
        {"Name": "Flag", "AttributeType": "BOOLEAN"},
        {"Name": "Size", "AttributeType": "DECIMAL"},
    ):
        await world.make("attributedefinition", TypeDefinition="Defect", **body)
    story = await world.make("hierarchicalrequirement", Name="s")
    for own in ({"c_Pick": "red", "c_Flag": True}, {"c_Pick": "red", "c_Size": 2}, {}):
        await world.make("defect", Name="d", Requirement=story["_ref"], **own)
    path = f"hierarchicalrequirement/{story['ObjectID']}"
    answer = await world.get(path, fetch="Defects:summary[c_Pick;Flag;Size;Pick+Flag]")
    assert answer.inner["Summary"]["Defects"] == {
        "Count": 3,
        "c_Pick": {"red": 2, "-- No Entry --": 1},
        "c_Flag": {"true": 1, "false": 2},
        "c_Size": {"2.0": 1, "-- No Entry --": 2},
        "c_pick+c_flag": {"red+true": 1, "red+false": 1, "-- No Entry --+false": 1},
    }


async def test_every_kind_of_collection_is_summed_up(world: World) -> None:
    """By a ref, by links, through permissions, along a chain, or all there are."""
    tag = await world.make("tag", Name="a")
    story = await world.make("hierarchicalrequirement", Name="s", Tags=[{"_ref": tag["_ref"]}])
    answer = await world.get(f"hierarchicalrequirement/{story['ObjectID']}", fetch="Tags:summary[Archived;Name]")
    assert answer.inner["Summary"] == {"Tags": {"Count": 1, "Archived": {"false": 1}, "Name": {"a": 1}}}
    answer = await world.get("subscription", fetch="Workspaces:summary[State;Name]")
    names = {"Main": 1, "Other": 1}
    assert {name.title(): n for name, n in answer.inner["Summary"]["Workspaces"]["Name"].items()} == names
    assert answer.inner["Summary"]["Workspaces"]["State"] == {"Open": 2}
    answer = await world.get(
        f"project/{world.ids['engines']}", fetch="Editors:summary[Disabled],Children:summary[State]"
    )
    plain = await world.get(f"project/{world.ids['engines']}", fetch="Editors,Children")
    summary = answer.inner["Summary"]
    assert summary["Editors"]["Count"] == plain.inner["Editors"]["Count"] > 0
    assert summary["Editors"]["Disabled"] == {"false": summary["Editors"]["Count"]}
    assert summary["Children"]["Count"] == plain.inner["Children"]["Count"] > 0
