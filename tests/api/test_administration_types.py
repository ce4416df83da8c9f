"""Portfolio item types and FormattedID prefixes of a workspace (KB 113749, object-model.md 3, 6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.api.test_administration_fields import ref, refused, version
from tests.harness import World


async def types(world: World, home: str = "main") -> list[str]:
    """The portfolio levels of a workspace from the bottom up."""
    found = await world.get(
        "typedefinition",
        query='((Parent.Name = "Portfolio Item") AND (Ordinal >= 0))',
        order="Ordinal",
        fetch="Name,Ordinal",
        workspace=ref(world, "workspace", home),
    )
    assert [item["Ordinal"] for item in found.results] == list(range(len(found.results)))
    return [item["Name"] for item in found.results]


async def type_of(world: World, type_path: str) -> dict[str, Any]:
    found = await world.get(
        "typedefinition",
        query=f'(TypePath = "{type_path}")',
        fetch="true",
        workspace=ref(world, "workspace", "main"),
    )
    (only,) = found.results
    return only


def path(definition: dict[str, Any]) -> str:
    return f"typedefinition/{definition['ObjectID']}"


@pytest.fixture
async def epic(world: World) -> dict[str, Any]:
    parent = (await type_of(world, "PortfolioItem"))["_ref"]
    return await world.make(
        "typedefinition",
        Name="Epic",
        Parent=parent,
        Ordinal=1,
        IDPrefix="E",
        Workspace=ref(world, "workspace", "main"),
    )


async def test_a_new_type_becomes_an_end_point_of_its_workspace(world: World, epic: dict[str, Any]) -> None:
    assert {name: epic[name] for name in ("Name", "TypePath", "IDPrefix", "Ordinal")} == {
        "Name": "Epic",
        "TypePath": "PortfolioItem/Epic",
        "IDPrefix": "E",
        "Ordinal": 1,
    }
    assert await types(world) == ["Feature", "Epic", "Initiative", "Theme"]
    assert await types(world, "other") == ["Feature", "Initiative", "Theme"]
    project = ref(world, "project", "engines")
    made = await world.make("portfolioitem/epic", Name="x", Project=project)
    assert (made["_type"], made["FormattedID"]) == ("PortfolioItem/Epic", "E1")
    feature = await world.make("portfolioitem/feature", Name="f", Project=project, Parent=made["_ref"])
    assert feature["Parent"]["_ref"] == made["_ref"]
    for address in (f"epic/{made['ObjectID']}", f"portfolioitem/{made['ObjectID']}"):
        assert (await world.get(address)).root == "Epic"
    assert [item["_ref"] for item in (await world.get("portfolioitem/epics")).results] == [made["_ref"]]
    states = await world.get("state", query='(TypeDef.Name = "Epic")', fetch="Name", order="OrderIndex")
    assert [state["Name"] for state in states.results] == ["Discovering", "Developing", "Measuring", "Done"]
    held = {"Name": "y", "Project": project, "State": states.results[1]["_ref"]}
    assert (await world.make("portfolioitem/epic", **held))["State"]["_refObjectName"] == "Developing"
    elsewhere = {"Name": "x", "Project": ref(world, "project", "elsewhere")}
    assert (await world.post("portfolioitem/epic/create", {"x": elsewhere}, "stranger")).errors == [
        'Requested type name "portfolioitem/epic" is unknown.'
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"Name": "Feature"},
        {"Name": "epic"},
        {"Name": "Defect"},
        {"Name": "Defects"},
        {"Name": "User Story"},
        {"Name": "Story"},
        {"Name": "  "},
        {"Name": "!?"},
        {"IDPrefix": "DE"},
        {"IDPrefix": "e"},
        {"IDPrefix": "A1"},
        {"IDPrefix": "ABCDEFGHIJK"},
        {"Parent": "/typedefinition/-51035"},
        {"Parent": "/typedefinition/4711"},
        {"Ordinal": "high"},
    ],
)
async def test_names_and_prefixes_that_collide_are_refused(
    world: World, epic: dict[str, Any], wrong: dict[str, Any]
) -> None:
    """KB 113749: a new type is a new end point."""
    body = {"Name": "Saga", "IDPrefix": "SA", "Workspace": ref(world, "workspace", "main")}
    before = await stored.dump(world.store)
    answer = await world.post("typedefinition/create", {"TypeDefinition": {**body, **wrong}})
    assert len(answer.errors) == 1
    assert await stored.dump(world.store) == before
    assert (await world.post("typedefinition/create", {"TypeDefinition": body})).errors == []
    assert await types(world) == ["Feature", "Epic", "Initiative", "Theme", "Saga"]


async def test_a_type_without_prefix_gets_a_free_one(world: World) -> None:
    made = [await world.make("typedefinition", Name=name) for name in ("Defence", "Tasking", "Ux")]
    assert [item["IDPrefix"] for item in made] == ["DEF", "TAS", "UX"]


async def test_a_type_is_renamed_and_keeps_its_end_point(world: World, epic: dict[str, Any]) -> None:
    project = ref(world, "project", "engines")
    made = await world.make("portfolioitem/feature", Name="f", Project=project)
    before = await version(world)
    feature = await type_of(world, "PortfolioItem/Feature")
    answer = await world.post(path(feature), {"TypeDefinition": {"Name": "Capability"}})
    shown = {name: answer.object[name] for name in ("Name", "TypePath", "ElementName", "ObjectID")}
    assert shown == {
        "Name": "Capability",
        "TypePath": "PortfolioItem/Feature",
        "ElementName": "Feature",
        "ObjectID": feature["ObjectID"],
    }
    await world.post(path(epic), {"TypeDefinition": {"Name": "Saga"}})
    assert await types(world) == ["Capability", "Saga", "Initiative", "Theme"]
    assert await types(world, "other") == ["Feature", "Initiative", "Theme"]
    assert await version(world) != before
    assert (await world.get(f"portfolioitem/feature/{made['ObjectID']}")).inner["FormattedID"] == "F1"
    refused(await world.post(path(epic), {"TypeDefinition": {"Name": "capability"}}), "already in use")
    refused(await world.post(path(epic), {"TypeDefinition": {"Name": " "}}), "should not be null")
    defect = await type_of(world, "Defect")
    refused(await world.post(path(defect), {"TypeDefinition": {"Name": "Bug"}}), "standard type")


async def test_a_prefix_is_shown_on_old_and_new_items(world: World, epic: dict[str, Any]) -> None:
    project = ref(world, "project", "engines")
    for prefix_of, body in (
        ("PortfolioItem/Epic", {"Name": "x", "Project": project}),
        ("PortfolioItem/Feature", {"Name": "x", "Project": project}),
        ("TestSet", {"Name": "x", "Project": project}),
        ("Defect", {"Name": "x", "Project": project}),
    ):
        kind = prefix_of.lower()
        first = await world.make(kind, **body)
        held = await type_of(world, prefix_of)
        number = first["FormattedID"].removeprefix(held["IDPrefix"])
        answer = await world.post(path(held), {"TypeDefinition": {"IDPrefix": f"Q{held['IDPrefix']}"}})
        assert answer.object["IDPrefix"] == f"Q{held['IDPrefix']}"
        shown = (await world.get(f"{kind}/{first['ObjectID']}")).inner["FormattedID"]
        assert shown == f"Q{held['IDPrefix']}{number}"
        assert (await world.make(kind, **body))["FormattedID"] == f"Q{held['IDPrefix']}{int(number) + 1}"
        found = await world.get(kind, query=f"(FormattedID = {shown})")
        assert [item["_ref"] for item in found.results] == [first["_ref"]]
    configuration = (await world.get("workspaceconfiguration", fetch="DefectPrefix")).results[0]
    assert configuration["DefectPrefix"] == "QDE"
    foreign = await world.make("Defect", Name="x", Project=ref(world, "project", "elsewhere"))
    assert foreign["FormattedID"] == "DE1"


async def test_prefixes_of_the_configuration(world: World) -> None:
    """Five of them are settings of the workspace; two types never share one."""
    (held,) = (await world.get("workspaceconfiguration", fetch="true")).results
    address = f"workspaceconfiguration/{held['ObjectID']}"
    story = await world.make("HierarchicalRequirement", Name="x", Project=ref(world, "project", "engines"))
    before = await stored.dump(world.store)
    for wrong in ("DE", "de", "", "S1", "TOOLONGTOOLONG", None):
        answer = await world.post(address, {"WorkspaceConfiguration": {"HierarchicalRequirementPrefix": wrong}})
        assert len(answer.errors) == 1, wrong
        assert await stored.dump(world.store) == before
    answer = await world.post(address, {"WorkspaceConfiguration": {"HierarchicalRequirementPrefix": "S"}})
    assert answer.object["HierarchicalRequirementPrefix"] == "S"
    assert (await world.get(f"hierarchicalrequirement/{story['ObjectID']}")).inner["FormattedID"] == "S1"
    assert (await type_of(world, "HierarchicalRequirement"))["IDPrefix"] == "S"
    assert (await world.post(address, {"WorkspaceConfiguration": {"DefectPrefix": "US"}})).errors == []


async def test_a_type_with_items_stays(world: World, epic: dict[str, Any]) -> None:
    """Nor does one go whose items wait in the recycle bin: they could never come back."""
    made = await world.make("portfolioitem/epic", Name="x", Project=ref(world, "project", "engines"))
    await world.make(
        "attributedefinition", Name="Size", TypeDefinition="PortfolioItem/Epic", RealAttributeType="INTEGER"
    )
    refused(await world.delete(path(epic)), "Epic has portfolio items")
    await world.delete(f"portfolioitem/epic/{made['ObjectID']}")
    refused(await world.delete(path(epic)), "Epic has portfolio items")
    (binned,) = (await world.get("recyclebinentry", query="(Name = x)")).results
    assert (await world.delete(binned["_ref"].removeprefix("http://rally.test"))).errors == []
    answer = await world.delete(path(epic))
    assert (answer.root, answer.errors) == ("OperationResult", [])
    assert await types(world) == ["Feature", "Initiative", "Theme"]
    assert (await world.get(path(epic))).errors == ["Cannot find object to read"]
    assert (await world.get("portfolioitem/epic")).errors == ['Requested type name "portfolioitem/epic" is unknown.']
    assert await world.rows("basekanbanstate", "oid", typedef_oid=epic["ObjectID"]) == []
    assert (await world.get("attributedefinition", query="(ElementName = c_Size)")).results == []
    again = await world.make("typedefinition", Name="Epic", IDPrefix="E")
    assert again["ObjectID"] != epic["ObjectID"]


async def test_a_stock_level_goes_from_one_workspace(world: World) -> None:
    theme = await type_of(world, "PortfolioItem/Theme")
    assert (await world.delete(path(theme))).errors == []
    assert await types(world) == ["Feature", "Initiative"]
    assert await types(world, "other") == ["Feature", "Initiative", "Theme"]
    project = ref(world, "project", "engines")
    top = await world.make("portfolioitem/initiative", Name="x", Project=project)
    assert (await world.get(f"portfolioitem/initiative/{top['ObjectID']}", fetch="true")).errors == []
    feature = await type_of(world, "PortfolioItem/Feature")
    assert (await world.delete(path(feature))).errors == []
    assert await types(world) == ["Initiative"]
    story = await world.make("HierarchicalRequirement", Name="s", Project=project, PortfolioItem=top["_ref"])
    assert story["PortfolioItem"]["_ref"] == top["_ref"]
    initiative = await type_of(world, "PortfolioItem/Initiative")
    refused(await world.delete(path(initiative)), "portfolio items")
    defect = await type_of(world, "Defect")
    refused(await world.delete(path(defect)), "Not authorized to delete the type Defect")
    document = await world.get(f"/slm/schema/v2.0/workspace/{world.ids['main']}/{await version(world)}")
    assert {item["TypePath"] for item in document.results} >= {"PortfolioItem/Initiative", "Defect"}


@pytest.mark.parametrize("user", ["admin", "wsadmin", "padmin", "editor", "viewer"])
async def test_types_are_the_workspace_administrators(world: World, epic: dict[str, Any], user: str) -> None:
    main, other = ref(world, "workspace", "main"), ref(world, "workspace", "other")
    for method, address, body in (
        ("POST", "typedefinition/create", {"Name": "Saga"}),
        ("POST", path(epic), {"Name": "Tale"}),
        ("POST", path(epic), {"IDPrefix": "TL"}),
        ("DELETE", path(epic), None),
    ):
        before = await stored.dump(world.store)
        answer = await world.call(method, address, body and {"x": body}, user=user, workspace=main)
        assert (answer.errors == []) is (user in {"admin", "wsadmin"}), (address, answer.errors)
        if answer.errors:
            assert await stored.dump(world.store) == before
    answer = await world.post("typedefinition/create", {"x": {"Name": "Saga", "Workspace": other}}, user)
    assert (answer.errors == []) is (user == "admin")


async def test_states_and_estimates_of_portfolio_items_are_editable(world: World) -> None:
    """They are objects, a list a type for states (object-model.md 5)."""
    feature = await type_of(world, "PortfolioItem/Feature")
    made = await world.make("state", Name="Parked", TypeDef=feature["_ref"], OrderIndex=9, Enabled=True)
    estimate = await world.make("preliminaryestimate", Name="XXL", Value=21)
    item = await world.make(
        "portfolioitem/feature",
        Name="x",
        Project=ref(world, "project", "engines"),
        State=made["_ref"],
        PreliminaryEstimate=estimate["_ref"],
    )
    assert (item["State"]["_refObjectName"], item["PreliminaryEstimate"]["_refObjectName"]) == ("Parked", "XXL")
    await world.post(f"state/{made['ObjectID']}", {"State": {"Name": "On ice"}})
    shown = (await world.get(f"portfolioitem/feature/{item['ObjectID']}")).inner
    assert shown["State"]["_refObjectName"] == "On ice"
    for kind, held in (("state", made), ("preliminaryestimate", estimate)):
        address = f"{kind}/{held['ObjectID']}"
        for user in ("padmin", "editor"):
            refused(await world.post(address, {"x": {"Name": "y"}}, user), "Not authorized to update")
            refused(await world.delete(address, user), "Not authorized to delete")
        assert (await world.post(address, {"x": {"Name": "y"}}, "wsadmin")).errors == []
        assert (await world.delete(address, "wsadmin")).errors == []
