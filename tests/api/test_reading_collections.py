"""Collections by their own addresses (wsapi.md 2.2, 2.4, 9.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import BASE, World


async def make_story(world: World) -> dict[str, Any]:
    """A story with five tasks, two of them done, and two tags."""
    tags = [await world.make("tag", Name=name) for name in ("Zeta", "alpha")]
    story = await world.make("hierarchicalrequirement", Name="Story", Tags=[{"_ref": tag["_ref"]} for tag in tags])
    for name, state in [("c", "Defined"), ("A", "Completed"), ("b", "Defined"), ("e", "Completed"), ("D", "Defined")]:
        await world.make("task", Name=name, State=state, WorkProduct=story["_ref"])
    return story


def names(items: list[dict[str, Any]]) -> list[str]:
    return [item["Name"] for item in items]


def address(ref: str) -> str:
    return ref.removeprefix("http://rally.test")


async def test_members_are_full_objects_in_a_query_result(world: World) -> None:
    story = await make_story(world)
    answer = await world.get(f"hierarchicalrequirement/{story['ObjectID']}/Tasks")
    assert answer.root == "QueryResult"
    assert (answer.inner["TotalResultCount"], answer.inner["StartIndex"], answer.inner["PageSize"]) == (5, 1, 20)
    item = answer.results[0]
    assert {"Name", "State", "WorkProduct", "Estimate", "ObjectID", "_type"} <= set(item)
    assert item["WorkProduct"]["_refObjectName"] == "Story"


async def test_the_ref_of_a_summary_leads_to_its_members(world: World) -> None:
    story = await make_story(world)
    for name in ("Tasks", "Tags"):
        summary = story[name] if name == "Tags" else (await world.get(address(story["_ref"]))).inner[name]
        assert (await world.get(address(summary["_ref"]))).inner["TotalResultCount"] == summary["Count"]


async def test_query_order_and_pages_in_a_collection(world: World) -> None:
    story = await make_story(world)
    path = f"hierarchicalrequirement/{story['ObjectID']}/Tasks"
    done = await world.get(path, query="(State = Completed)", fetch="Name", order="Name")
    assert names(done.results) == ["A", "e"]
    assert names((await world.get(path, fetch="Name", order="Name desc")).results) == ["e", "D", "c", "b", "A"]
    page = await world.get(path, fetch="Name", order="Name", start=3, pagesize=2)
    assert (names(page.results), page.inner["TotalResultCount"], page.inner["StartIndex"]) == (["c", "D"], 5, 3)
    assert (await world.get(path, query="(Nonsense = 1)")).errors


async def test_open_workspaces_as_pyral_asks(world: World) -> None:
    path = f"subscription/{world.ids['subscription']}/Workspaces"
    found = await world.get(path, query="(State = Open)", fetch="true", pagesize=200, start=1)
    assert names(found.results) == ["main", "other"]
    found = await world.get(path, query='((Name = "main") AND (State = Open))', fetch="true")
    assert names(found.results) == ["main"]
    # Ruby reads Name and State without fetch.
    assert (await world.get(path)).results[0]["State"] == "Open"
    seen = await world.get(path, "stranger", query="(State = Open)", fetch="Name")
    assert names(seen.results) == ["other"]


async def test_projects_of_a_workspace(world: World) -> None:
    path = f"workspace/{world.ids['main']}/Projects"
    found = await world.get(path, fetch='"ObjectID,Name,State"', pagesize=200, start=1)
    assert {(item["Name"], item["State"]) for item in found.results} == {
        ("Engines", "Open"),
        ("Pistons", "Open"),
        ("Wheels", "Open"),
    }
    open_ones = await world.get(path, query="(State = Open)", fetch="Name", order="Name")
    assert names(open_ones.results) == ["Engines", "Pistons", "Wheels"]
    assert names((await world.get(path, "viewer", fetch="Name", order="Name")).results) == ["Engines", "Pistons"]


async def test_children_of_a_project(world: World) -> None:
    found = await world.get(f"project/{world.ids['engines']}/Children", fetch="Name,State", order="Name")
    assert names(found.results) == ["Pistons", "Valves"]


async def test_a_collection_of_several_types(world: World) -> None:
    project = f"/project/{world.ids['engines']}"
    iteration = await world.make(
        "iteration", Name="S", Project=project, StartDate="2026-01-01", EndDate="2026-01-14", State="Planning"
    )
    for kind in ("hierarchicalrequirement", "defect", "testset"):
        await world.make(kind, Name=kind, Project=project, Iteration=iteration["_ref"])
    found = (await world.get(f"iteration/{iteration['ObjectID']}/WorkProducts", order="ObjectID")).results
    assert [item["_type"] for item in found] == ["HierarchicalRequirement", "Defect", "TestSet"]
    read = (await world.get(f"iteration/{iteration['ObjectID']}", fetch="WorkProducts")).inner["WorkProducts"]
    assert (read["_type"], read["Count"]) == ("SchedulableArtifact", 3)


async def test_tags_come_by_name_in_the_summary(world: World) -> None:
    story = await make_story(world)
    assert names(story["Tags"]["_tagsNameArray"]) == ["alpha", "Zeta"]
    assert story["Tags"]["Count"] == 2


async def test_revisions_come_newest_first(world: World) -> None:
    story = await world.make("hierarchicalrequirement", Name="a")
    for name in ("b", "c"):
        await world.post(f"hierarchicalrequirement/{story['ObjectID']}", {"x": {"Name": name}})
    history = address(story["RevisionHistory"]["_ref"])
    found = (await world.get(f"{history}/Revisions")).results
    assert [item["RevisionNumber"] for item in found] == [2, 1, 0]


async def test_hidden_members_neither_show_nor_count(world: World) -> None:
    tag = await world.make("tag", Name="Urgent")
    for project in ("engines", "wheels"):
        await world.make("defect", Name=project, Project=f"/project/{world.ids[project]}", Tags=[{"_ref": tag["_ref"]}])
    parent = await world.make("defect", Name="parent", Project=f"/project/{world.ids['engines']}")
    hidden = (await world.get("defect", query="(Name = wheels)", fetch="Name")).results[0]
    await world.post(f"defect/{parent['ObjectID']}/Duplicates/add", {"CollectionItems": [{"_ref": hidden["_ref"]}]})
    assert (await world.get(f"defect/{parent['ObjectID']}")).inner["Duplicates"]["Count"] == 1
    assert (await world.get(f"defect/{parent['ObjectID']}", "viewer")).inner["Duplicates"]["Count"] == 0
    assert (await world.get(f"defect/{parent['ObjectID']}/Duplicates", "viewer")).results == []


@pytest.mark.parametrize("path", ["Tasks", "tasks", "TASKS", "Tasks.js"])
async def test_the_name_of_a_collection_takes_any_case(world: World, path: str) -> None:
    story = await make_story(world)
    assert (await world.get(f"hierarchicalrequirement/{story['ObjectID']}/{path}")).inner["TotalResultCount"] == 5


@pytest.mark.parametrize("path", ["Nonsense", "Name", "Owner"])
async def test_what_is_no_collection_has_no_members(world: World, path: str) -> None:
    story = await make_story(world)
    answer = await world.get(f"hierarchicalrequirement/{story['ObjectID']}/{path}")
    assert (answer.root, answer.errors) == ("OperationResult", ["Cannot find object to read"])


async def test_the_collection_of_a_hidden_object(world: World) -> None:
    secret = await world.make("defect", Name="x", Project=f"/project/{world.ids['wheels']}")
    answer = await world.get(f"defect/{secret['ObjectID']}/Tags", "viewer")
    assert answer.errors == ["Cannot find object to read"]


async def test_allowed_values_by_both_addresses(world: World) -> None:
    (definition,) = (
        await world.get("attributedefinition", query='((ElementName = "Severity") AND (TypeDefinition.Name = Defect))')
    ).results
    made = await world.make("defect", Name="x")
    by_definition = await world.get(f"{address(definition['_ref'])}/AllowedValues")
    through_object = await world.get(f"defect/{made['ObjectID']}/Severity/AllowedValues")
    assert by_definition.document == through_object.document
    texts = [item["StringValue"] for item in by_definition.results]
    assert texts == ["None", "Crash/Data Loss", "Major Problem", "Minor Problem", "Cosmetic"]
    first = by_definition.results[0]
    assert {"LocalizedStringValue", "IntegerValue", "ValueIndex", "AttributeDefinition", "_ref"} <= set(first)
    assert [item["ValueIndex"] for item in by_definition.results] == [0, 1, 2, 3, 4]
    page = await world.get(f"{address(definition['_ref'])}/AllowedValues", start=2, pagesize=2, fetch="StringValue")
    assert [item["StringValue"] for item in page.results] == texts[1:3]
    assert page.inner["TotalResultCount"] == 5
    unknown = await world.get(f"defect/{made['ObjectID']}/Nonsense/AllowedValues")
    assert unknown.errors == ["Cannot find object to read"]


async def test_the_attributes_of_a_type(world: World) -> None:
    (definition,) = (await world.get("typedefinition", query='(TypePath = "Defect")', fetch="Attributes")).results
    summary = definition["Attributes"]
    assert summary["_ref"].startswith(f"http://rally.test{BASE}/TypeDefinition/-")
    found = await world.get(address(summary["_ref"]), pagesize=2000)
    assert found.inner["TotalResultCount"] == summary["Count"] == len(found.results)
    elements = {item["ElementName"] for item in found.results}
    assert {"ObjectID", "FormattedID", "Name", "Severity", "Tags", "Owner", "Workspace"} <= elements
    rated = await world.get(address(summary["_ref"]), query="(AttributeType = RATING)", order="ElementName")
    assert "Severity" in {item["ElementName"] for item in rated.results}
    assert {item["AttributeType"] for item in rated.results} == {"RATING"}
