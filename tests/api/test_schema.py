"""The schema end point and what it says of types and attributes (wsapi.md 9)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.harness import BASE, World

PYRAL_TYPE = [
    *("_ref", "_refObjectName", "ElementName", "Name", "DisplayName", "TypePath", "IDPrefix", "Abstract", "Parent"),
    *("Creatable", "Queryable", "ReadOnly", "Deletable", "Restorable", "Ordinal", "RevisionHistory", "Attributes"),
]
PYRAL_ATTRIBUTE = [
    *("_ref", "_refObjectName", "ElementName", "Name", "AttributeType", "Custom", "Required", "ReadOnly", "Filterable"),
    *("Hidden", "SchemaType", "Constrained", "AllowedValueType", "AllowedValues", "MaxLength", "MaxFractionalDigits"),
    *("Subscription", "Workspace"),
]
"""Keys whose absence makes pyral fail when it connects."""

EXPORTED_TYPE = [
    *("Abstract", "Attributes", "Copyable", "Creatable", "Deletable", "DisplayName", "ElementName", "IDPrefix", "Name"),
    *(
        "Note",
        "Ordinal",
        "Parent",
        "Queryable",
        "ReadOnly",
        "Restorable",
        "RevisionHistory",
        "TypePath",
        "UserListable",
    ),
]
EXPORTED_ATTRIBUTE = [
    *("AllowedQueryOperators", "AllowedValueType", "AllowedValues", "AttributeType", "Constrained", "Custom"),
    *("DetailedType", "ElementName", "Filterable", "Hidden", "Hideable", "MaxFractionalDigits", "MaxLength", "Name"),
    *("Note", "Owned", "ReadOnly", "RealAttributeType", "Required", "SchemaType", "Sortable", "SystemRequired", "Type"),
    *("TypeDefinition", "VisibleOnlyToAdmins"),
]
ATTRIBUTE_TYPES = {
    *("BINARY_DATA", "BOOLEAN", "COLLECTION", "DATE", "DECIMAL", "INTEGER", "OBJECT", "QUANTITY", "RATING", "RAW"),
    *("STATE", "STRING", "TEXT", "WEB_LINK"),
}


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def version(world: World, path: str) -> str:
    return str((await world.get(path, fetch="SchemaVersion")).inner["SchemaVersion"])


async def document(world: World, workspace: str = "main") -> dict[str, dict[str, Any]]:
    """Give the types of a workspace's schema by TypePath."""
    plain = await world.get(f"/slm/schema/v2.0/workspace/{world.ids[workspace]}")
    answer = await world.get(plain.headers["location"].removeprefix("http://rally.test"))
    return {item["TypePath"]: item for item in answer.results}


def attributes(item: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["ElementName"]: each for each in item["Attributes"]}


@pytest.mark.parametrize(("scope", "name"), [("workspace", "main"), ("project", "engines")])
async def test_the_plain_address_redirects_to_the_version(world: World, scope: str, name: str) -> None:
    oid = world.ids[name]
    current = await version(world, f"{scope}/{oid}")
    assert re.fullmatch("[0-9a-f]{32}", current)
    for segment in ("v2.0", "v2.x"):
        plain = await world.get(f"/slm/schema/{segment}/{scope}/{oid}?pageSize=2000")
        assert plain.status == 302
        assert plain.headers["location"] == f"http://rally.test/slm/schema/{segment}/{scope}/{oid}/{current}"
        answer = await world.get(plain.headers["location"].removeprefix("http://rally.test"))
        assert (answer.status, answer.root) == (200, "QueryResult")
        assert answer.results[0]["_ref"].startswith(f"http://rally.test/slm/webservice/{segment}/typedefinition/-")


async def test_the_document_is_whole_whatever_page_is_asked_for(world: World) -> None:
    scope = f"workspace/{world.ids['main']}"
    path = f"/slm/schema/v2.0/{scope}/{await version(world, scope)}"
    whole, page = await world.get(path), await world.get(f"{path}?pagesize=1&start=3&pageSize=2000")
    assert page.document == whole.document
    assert whole.inner["TotalResultCount"] == len(whole.results) > 50
    assert [item["TypePath"] for item in whole.results if item["Abstract"]] == []
    assert {"HierarchicalRequirement", "Defect", "PortfolioItem/Feature"} <= {
        each["TypePath"] for each in whole.results
    }


async def test_the_document_may_be_kept(world: World) -> None:
    scope = f"workspace/{world.ids['main']}"
    path = f"/slm/schema/v2.0/{scope}/{await version(world, scope)}"
    answer = await world.get(path, headers={"accept": "text/plain"})
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert int(answer.headers["cache-control"].partition("max-age=")[2]) >= 24 * 60 * 60


async def test_the_keys_that_pyral_must_have_are_there(world: World) -> None:
    found = await document(world)
    for item in found.values():
        assert set(PYRAL_TYPE) <= set(item), item["TypePath"]
        assert item["Parent"] is None or item["Parent"]["_refObjectName"]
        assert "ObjectID" in attributes(item), item["TypePath"]
        for each in item["Attributes"]:
            assert set(PYRAL_ATTRIBUTE) <= set(each), (item["TypePath"], each["ElementName"])
            for value in each["AllowedValues"] if isinstance(each["AllowedValues"], list) else []:
                assert {"StringValue", "_ref"} <= set(value)
    for name in ("HierarchicalRequirement", "Defect", "Task", "TestCase", "PortfolioItem/Feature"):
        assert "FormattedID" in attributes(found[name])
    severity = attributes(found["Defect"])["Severity"]["AllowedValues"]
    assert [value["StringValue"] for value in severity][:2] == ["None", "Crash/Data Loss"]


async def test_refs_to_allowed_values_are_as_pyral_wants_them(world: World) -> None:
    """Of a collection of objects they must be a ref: pyral breaks on a list (wsapi.md 15)."""
    found = await document(world)
    milestones = attributes(found["Defect"])["Milestones"]["AllowedValues"]
    assert set(milestones) >= {"_ref"}
    given = [each["AllowedValues"] for item in found.values() for each in item["Attributes"]]
    refs = {each["_ref"] for each in given if isinstance(each, dict)}
    assert milestones["_ref"] in refs
    for one in refs:
        assert re.fullmatch(r"^https?://.*/\w+/-?\d+/AllowedValues$", one)
    address = milestones["_ref"].removeprefix("http://rally.test")
    asked = f"pagesize=1000&start=1&workspace=workspace/{world.ids['main']}&project=project/{world.ids['engines']}"
    assert (await world.get(f"{address}?{asked}")).root == "QueryResult"


async def test_what_must_be_given_is_the_name(world: World) -> None:
    """What is required, writable and not constrained, as the Clojure library's tests find it in the live service."""
    found = await document(world)
    for kind, names in (("Defect", ["Name"]), ("HierarchicalRequirement", ["Name"]), ("TestCase", ["Name"])):
        given = attributes(found[kind]).values()
        needed = [each["ElementName"] for each in given if each["Required"] and not each["ReadOnly"]]
        free = [name for name in needed if not attributes(found[kind])[name]["Constrained"]]
        assert free == names
        assert (await world.post(f"{kind}/create", {kind: {"Name": "x"}})).errors == []


async def test_attribute_types_are_rally_s_words(world: World) -> None:
    found = await document(world)
    words = {each["AttributeType"] for item in found.values() for each in item["Attributes"]}
    assert words <= ATTRIBUTE_TYPES | {"MAP"}


async def test_definitions_have_the_attributes_of_the_export(world: World) -> None:
    (item,) = (await world.get("typedefinition", query="(TypePath = Defect)", fetch="true")).results
    assert set(EXPORTED_TYPE) <= set(item)
    query = "((ElementName = Severity) AND (TypeDefinition.ElementName = Defect))"
    (each,) = (await world.get("attributedefinition", query=query, fetch="true")).results
    assert set(EXPORTED_ATTRIBUTE) <= set(each)


async def test_a_new_field_changes_the_version_and_is_in_the_document(world: World) -> None:
    """And only in the workspace that it is for."""
    here, there = (f"workspace/{world.ids[name]}" for name in ("main", "other"))
    before = await version(world, here), await version(world, there)
    made = await world.make(
        "attributedefinition",
        Name="Blood Type",
        TypeDefinition="Defect",
        RealAttributeType="DROP_DOWN",
        AllowedValues=[{"StringValue": "A"}, {"StringValue": "B"}],
        Workspace=ref(world, "workspace", "main"),
    )
    assert made["ElementName"] == "c_BloodType"
    after = await version(world, here), await version(world, there)
    assert (after[0] != before[0], after[1] == before[1]) == (True, True)
    field = attributes((await document(world))["Defect"])["c_BloodType"]
    assert (field["AttributeType"], field["Custom"]) == ("STRING", True)
    assert [value["StringValue"] for value in field["AllowedValues"]] == ["", "A", "B"]
    assert "c_BloodType" not in attributes((await document(world, "other"))["Defect"])
    # The address with the old version shows what is so now, for a client that kept it too long.
    old = await world.get(f"/slm/schema/v2.0/{here}/{before[0]}")
    assert "c_BloodType" in {each["ElementName"] for item in old.results for each in item["Attributes"]}


async def test_allowed_values_follow_the_workspace(world: World) -> None:
    state = {"Name": "Custom 1", "ShortName": "1", "OrderIndex": 9, "Enabled": True}

    async def define(context: Any) -> None:
        from banneret.operations.create import Given, create

        local = context.in_workspace(world.ids["other"])
        body = {**state, "Workspace": ref(world, "workspace", "other")}
        await create(local, local.schema.get("ScheduleState"), body, "ScheduleState", Given(internal=True))

    await world.server(define)
    (defect,) = (await world.get("typedefinition", query="(TypePath = Defect)", fetch="Attributes")).results
    path = defect["Attributes"]["_ref"].partition(BASE)[2]
    said = {}
    for name in ("main", "other"):
        workspace = ref(world, "workspace", name)
        (each,) = (await world.get(path, query="(ElementName = ScheduleState)", workspace=workspace)).results
        values = await world.get(f"{each['_ref'].partition(BASE)[2]}/AllowedValues", workspace=workspace)
        said[name] = [value["StringValue"] for value in values.results]
        inline = attributes((await document(world, name))["Defect"])["ScheduleState"]["AllowedValues"]
        assert [value["StringValue"] for value in inline] == said[name]
    assert "Custom 1" in said["other"]
    assert "Custom 1" not in said["main"]
