"""Fields and their allowed values are edited over WSAPI, for one workspace, and everything follows at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests import stored
from tests.harness import Answer, World


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def definition(world: World, type_name: str, element: str, home: str = "main") -> dict[str, Any]:
    query = f'((ElementName = "{element}") AND (TypeDefinition.TypePath = "{type_name}"))'
    found = await world.get(
        "attributedefinition", query=query, fetch="true", workspace=ref(world, "workspace", home), pagesize=200
    )
    (only,) = found.results
    return only


def path(definition: dict[str, Any]) -> str:
    return f"attributedefinition/{definition['ObjectID']}"


async def texts(world: World, address: str, home: str = "main") -> list[str]:
    found = await world.get(f"{address}/AllowedValues", pagesize=200, workspace=ref(world, "workspace", home))
    assert [value["ValueIndex"] for value in found.results] == list(range(len(found.results)))
    return [value["StringValue"] for value in found.results]


async def value(world: World, address: str, text: str, home: str = "main") -> dict[str, Any]:
    found = await world.get(f"{address}/AllowedValues", pagesize=200, workspace=ref(world, "workspace", home))
    (only,) = [each for each in found.results if each["StringValue"] == text]
    return only


async def version(world: World, home: str = "main") -> str:
    return (await world.get(f"workspace/{world.ids[home]}", fetch="SchemaVersion")).inner["SchemaVersion"]


async def in_schema(world: World, type_name: str, element: str, home: str = "main") -> list[str]:
    """The values of a field as the schema document has them."""
    address = f"/slm/schema/v2.0/workspace/{world.ids[home]}/{await version(world, home)}"
    document = await world.get(address)
    (found,) = [each for each in document.results if each["TypePath"] == type_name]
    (field,) = [each for each in found["Attributes"] if each["ElementName"] == element]
    return [each["StringValue"] for each in field["AllowedValues"]]


def refused(answer: Answer, *words: str) -> None:
    assert answer.status == 200
    (text,) = answer.errors
    for word in words:
        assert word in text
    assert "Object" not in answer.inner


PRIORITIES = ["None", "Resolve Immediately", "High Attention", "Normal", "Low"]


@pytest.fixture
async def field(world: World) -> dict[str, Any]:
    """A drop-down of the workspace's own."""
    return await world.make(
        "attributedefinition",
        Name="Root Cause",
        TypeDefinition="Defect",
        RealAttributeType="DROP_DOWN",
        AllowedValues=["Design", "Wear", "Weather"],
        Workspace=ref(world, "workspace", "main"),
    )


# ---------------------------------------------------------------------- lists of values


async def test_a_value_is_added_to_a_stock_field_of_one_workspace(world: World) -> None:
    """Validation, introspection and the schema document follow in that workspace; the other keeps its list and version."""
    priority = await definition(world, "Defect", "Priority")
    before = {home: await version(world, home) for home in ("main", "other")}
    project = ref(world, "project", "engines")
    body = {"Name": "x", "Project": project, "Priority": "Someday"}
    refused(await world.post("defect/create", {"Defect": body}), "Someday is invalid.  Valid values are: None, Resolve")

    made = await world.make("allowedattributevalue", AttributeDefinition=priority["_ref"], StringValue="Someday")
    assert (made["StringValue"], made["ValueIndex"], made["AttributeDefinition"]["_refObjectName"]) == (
        "Someday",
        5,
        "Priority",
    )
    assert (await world.get(f"allowedattributevalue/{made['ObjectID']}")).inner["StringValue"] == "Someday"
    assert (await world.post("defect/create", {"Defect": body})).object["Priority"] == "Someday"
    assert (
        await texts(world, path(priority)) == await in_schema(world, "Defect", "Priority") == [*PRIORITIES, "Someday"]
    )
    assert await version(world) != before["main"]

    foreign = {**body, "Project": ref(world, "project", "elsewhere")}
    refused(await world.post("defect/create", {"Defect": foreign}), "Someday is invalid")
    assert await texts(world, path(priority), "other") == PRIORITIES
    assert await version(world, "other") == before["other"]


async def test_a_renamed_value_is_renamed_in_the_objects_of_its_workspace(world: World) -> None:
    names = {}
    for project, text in (("engines", "Normal"), ("wheels", "Low"), ("elsewhere", "Normal")):
        made = await world.make("Defect", Name=project, Project=ref(world, "project", project), Priority=text)
        names[project] = f"defect/{made['ObjectID']}"
    case = await world.make("TestCase", Name="c", Project=ref(world, "project", "engines"), Priority="Useful")
    priority = await definition(world, "Defect", "Priority")
    held = await value(world, path(priority), "Normal")
    answer = await world.post(f"allowedattributevalue/{held['ObjectID']}", {"x": {"StringValue": "Usual"}})
    assert (answer.root, answer.object["StringValue"], answer.object["_ref"]) == (
        "OperationResult",
        "Usual",
        held["_ref"],
    )
    shown = {name: (await world.get(path)).inner["Priority"] for name, path in names.items()}
    assert shown == {"engines": "Usual", "wheels": "Low", "elsewhere": "Normal"}
    assert (await world.get(f"testcase/{case['ObjectID']}")).inner["Priority"] == "Useful"
    assert await texts(world, path(priority)) == ["None", "Resolve Immediately", "High Attention", "Usual", "Low"]


@pytest.mark.parametrize("kind", ["DROP_DOWN", "MULTI_VALUE", "RATING"])
async def test_a_value_of_a_custom_field_is_renamed_in_objects(world: World, kind: str) -> None:
    field = await world.make(
        "attributedefinition",
        Name="Cause",
        TypeDefinition="Artifact",
        RealAttributeType=kind,
        AllowedValues=["one", "two", 'it\'s "3"'],
        Workspace=ref(world, "workspace", "main"),
    )
    several = kind == "MULTI_VALUE"
    project = ref(world, "project", "engines")

    def given(*wanted: str) -> Any:
        return [{"StringValue": text} for text in wanted] if several else wanted[0]

    def shown(item: dict[str, Any]) -> list[str]:
        held = item["c_Cause"]
        return [entry["Name"] for entry in held["_tagsNameArray"]] if several else [held]

    defect = await world.make("Defect", Name="d", Project=project, c_Cause=given('it\'s "3"', "one"))
    story = await world.make("HierarchicalRequirement", Name="s", Project=project, c_Cause=given("two"))
    held = await value(world, path(field), 'it\'s "3"')
    answer = await world.post(f"allowedattributevalue/{held['ObjectID']}", {"x": {"StringValue": "thr\"ee'"}})
    assert answer.errors == []
    expected = ["one", "thr\"ee'"] if several else ["thr\"ee'"]
    assert shown((await world.get(f"defect/{defect['ObjectID']}")).inner) == expected
    assert shown((await world.get(f"hierarchicalrequirement/{story['ObjectID']}")).inner) == ["two"]
    found = await world.get("defect", query='(c_Cause = "thr\\"ee\'")')
    assert [item["_ref"] for item in found.results] == [defect["_ref"]]


async def test_a_value_in_use_that_is_deleted_stays_where_it_is_and_cannot_be_set_again(
    world: World, field: dict[str, Any]
) -> None:
    """KB 102900."""
    project = ref(world, "project", "engines")
    body = {"Defect": {"Name": "x", "Project": project, "c_RootCause": "Wear"}}
    made = (await world.post("defect/create", body)).object
    held = await value(world, path(field), "Wear")
    answer = await world.delete(f"allowedattributevalue/{held['ObjectID']}")
    assert (answer.root, answer.errors) == ("OperationResult", [])
    assert (await world.get(f"defect/{made['ObjectID']}")).inner["c_RootCause"] == "Wear"
    refused(await world.post("defect/create", body), "Wear is invalid.  Valid values are: Design, Weather")
    assert (await world.post(f"defect/{made['ObjectID']}", {"Defect": {"Name": "y"}})).errors == []
    refused(await world.delete(f"allowedattributevalue/{held['ObjectID']}"), "Object to delete cannot be null")
    assert (await world.get(f"allowedattributevalue/{held['ObjectID']}")).errors == ["Cannot find object to read"]


async def test_the_order_of_ratings_in_queries_follows_the_list(world: World) -> None:
    project = ref(world, "project", "engines")
    for text in PRIORITIES[1:]:
        await world.make("Defect", Name=text, Project=project, Priority=text)
    priority = await definition(world, "Defect", "Priority")

    async def below(text: str) -> list[str]:
        found = await world.get("defect", query=f'(Priority < "{text}")', order="Priority", fetch="Name")
        return [item["Name"] for item in found.results]

    assert await below("Normal") == ["Resolve Immediately", "High Attention"]
    low = await value(world, path(priority), "Low")
    answer = await world.post(f"allowedattributevalue/{low['ObjectID']}", {"x": {"ValueIndex": 1}})
    assert answer.object["ValueIndex"] == 1
    assert await texts(world, path(priority)) == ["None", "Low", "Resolve Immediately", "High Attention", "Normal"]
    assert await below("Normal") == ["Low", "Resolve Immediately", "High Attention"]
    added = await world.make(
        "allowedattributevalue", AttributeDefinition=priority["_ref"], StringValue="Now", ValueIndex=1
    )
    assert added["ValueIndex"] == 1
    assert await below("Low") == []
    await world.make("Defect", Name="now", Project=project, Priority="Now")
    assert await below("Low") == ["now"]


async def test_the_whole_list_is_set_through_its_attribute(world: World, field: dict[str, Any]) -> None:
    """Order, new values, and what is left out; ObjectIDs stay with their values."""
    held = {text: await value(world, path(field), text) for text in ("Design", "Wear", "Weather")}
    wanted = [{"_ref": held["Weather"]["_ref"]}, {"StringValue": "Vandalism"}, {"_ref": held["Design"]["_ref"]}]
    answer = await world.post(path(field), {"AttributeDefinition": {"AllowedValues": wanted}})
    assert answer.object["AllowedValues"]["Count"] == 4
    assert await texts(world, path(field)) == ["", "Weather", "Vandalism", "Design"]
    for text in ("Weather", "Design"):
        assert (await value(world, path(field), text))["ObjectID"] == held[text]["ObjectID"]
    again = await world.post(
        f"{path(field)}/AllowedValues/add?fetch=StringValue",
        {"CollectionItems": [{"StringValue": "Rust"}, {"_ref": held["Design"]["_ref"]}]},
    )
    assert [item["StringValue"] for item in again.results] == ["Rust"]
    gone = await world.post(
        f"{path(field)}/AllowedValues/remove", {"CollectionItems": [{"_ref": held["Weather"]["_ref"]}]}
    )
    assert gone.results == []
    assert await texts(world, path(field)) == ["", "Vandalism", "Design", "Rust"]
    # A summary that is sent back as it was read changes nothing (wsapi.md 6.1).
    before = await version(world)
    read = (await world.get(path(field))).inner
    assert (await world.post(path(field), {"AttributeDefinition": read})).errors == []
    assert await version(world) == before


async def test_lists_that_follow_another_follow_it(world: World) -> None:
    """Verdicts of results are the last verdicts of test cases, and the default of the workspace."""
    verdict = await definition(world, "TestCaseResult", "Verdict")
    held = await value(world, path(verdict), "Error")
    await world.post(f"allowedattributevalue/{held['ObjectID']}", {"x": {"StringValue": "Broken"}})
    expected = ["Blocked", "Broken", "Fail", "Inconclusive", "Pass"]
    assert await in_schema(world, "TestCaseResult", "Verdict") == expected
    assert await in_schema(world, "WorkspaceConfiguration", "DefaultTestCaseVerdict") == expected
    assert await in_schema(world, "TestCase", "LastVerdict") == ["", *expected]
    follower = await definition(world, "TestCase", "LastVerdict")
    body = {"AttributeDefinition": follower["_ref"], "StringValue": "Odd"}
    refused(await world.post("allowedattributevalue/create", {"x": body}), "fixed")


async def test_a_default_is_renamed_with_its_value_and_goes_with_it(world: World) -> None:
    method = await definition(world, "TestCase", "Method")
    project = ref(world, "project", "engines")
    held = await value(world, path(method), "Manual")
    await world.post(f"allowedattributevalue/{held['ObjectID']}", {"x": {"StringValue": "By hand"}})
    assert (await world.make("TestCase", Name="c", Project=project))["Method"] == "By hand"
    await world.delete(f"allowedattributevalue/{held['ObjectID']}")
    assert (await world.make("TestCase", Name="c", Project=project))["Method"] == "Automated"


async def test_what_a_list_does_not_take(world: World, field: dict[str, Any]) -> None:
    """Each refusal stands beside the same request that is allowed."""
    design = await value(world, path(field), "Design")
    none = await value(world, path(field), "")
    priority = await definition(world, "Defect", "Priority")
    state = await definition(world, "Defect", "State")
    unset = await value(world, path(priority), "None")
    closed, fixed = await value(world, path(state), "Closed"), await value(world, path(state), "Fixed")
    before = await stored.dump(world.store)

    async def rename(held: dict[str, Any], text: Any) -> Answer:
        return await world.post(f"allowedattributevalue/{held['ObjectID']}", {"x": {"StringValue": text}})

    refused(await rename(design, "wear"), "is already in use")
    refused(await rename(design, "x" * 257), "256")
    refused(await rename(design, 7), "Could not convert")
    refused(await rename(none, "x"), "The entry for no value")
    refused(await rename(unset, "x"), "None cannot be renamed or removed")
    refused(await rename(closed, "x"), "Closed cannot be renamed or removed")
    refused(await world.delete(f"allowedattributevalue/{closed['ObjectID']}"), "Closed cannot be renamed or removed")
    refused(await world.delete(f"allowedattributevalue/{none['ObjectID']}"), "The entry for no value")
    refused(await world.post(path(field), {"x": {"AllowedValues": []}}), "At least one value")
    foreign = [{"_ref": fixed["_ref"]}]
    refused(await world.post(path(field), {"x": {"AllowedValues": foreign}}), "Could not read referenced object")
    create = {"AttributeDefinition": field["_ref"]}
    refused(await world.post("allowedattributevalue/create", {"x": create}), "should not be null")
    create = {"StringValue": "x"}
    refused(await world.post("allowedattributevalue/create", {"x": create}), "should not be null")
    for type_name, element in (("Task", "State"), ("Iteration", "State"), ("Project", "State"), ("User", "Role")):
        of = await definition(world, type_name, element)
        create = {"AttributeDefinition": of["_ref"], "StringValue": "x"}
        refused(
            await world.post("allowedattributevalue/create", {"x": create}), "The values of this attribute are fixed"
        )
    assert await stored.dump(world.store) == before

    assert (await rename(design, "Wearing")).errors == []
    assert (await rename(fixed, "Mended")).errors == []
    create = {"AttributeDefinition": field["_ref"], "StringValue": "x"}
    assert (await world.post("allowedattributevalue/create", {"x": create})).errors == []


# ---------------------------------------------------------------------- fields


async def test_what_may_change_of_a_custom_field(world: World, field: dict[str, Any]) -> None:
    body = {"Name": "Why", "Required": True, "Note": "the reason", "VisibleOnlyToAdmins": True, "Hidden": False}
    answer = await world.post(path(field), {"AttributeDefinition": body})
    assert {name: answer.object[name] for name in body} == body
    assert answer.object["ElementName"] == "c_RootCause"
    project = ref(world, "project", "engines")
    refused(
        await world.post("defect/create", {"Defect": {"Name": "x", "Project": project}}),
        "Validation error: Defect.Why should not be null",
    )
    assert (await world.make("Defect", Name="x", Project=project, c_RootCause="Wear"))["c_RootCause"] == "Wear"
    assert await texts(world, path(field)) == ["Design", "Wear", "Weather"]
    elsewhere = {"Defect": {"Name": "x", "Project": ref(world, "project", "elsewhere")}}
    assert (await world.post("defect/create", elsewhere)).errors == []


async def test_what_may_not_change_of_a_field(world: World, field: dict[str, Any]) -> None:
    """Its type (KB 47600), a name that another has, the name of a standard field, what the system requires."""
    await world.make(
        "attributedefinition",
        Name="Other",
        TypeDefinition="Defect",
        RealAttributeType="STRING",
        Workspace=ref(world, "workspace", "main"),
    )
    severity, name = await definition(world, "Defect", "Severity"), await definition(world, "Artifact", "Name")
    before = await stored.dump(world.store)
    refused(await world.post(path(field), {"x": {"RealAttributeType": "STRING"}}), "Real Attribute Type value STRING")
    refused(await world.post(path(field), {"x": {"Name": "other"}}), "is already in use")
    refused(await world.post(path(severity), {"x": {"Name": "Badness"}}), "standard field")
    refused(await world.post(path(name), {"x": {"Required": False}}), "required by the system")
    refused(await world.post(path(name), {"x": {"Hidden": True}}), "required by the system")
    refused(await world.post(path(field), {"x": {"Hidden": "perhaps"}}), "Could not convert")
    refused(await world.delete(path(field)), "Not authorized to delete AttributeDefinition")
    assert await stored.dump(world.store) == before
    assert (await world.post(path(field), {"x": {"RealAttributeType": "DROP_DOWN", "Name": "Third"}})).errors == []


async def test_a_standard_field_is_required_and_hidden_in_one_workspace(world: World) -> None:
    environment = await definition(world, "Defect", "TargetBuild")
    answer = await world.post(path(environment), {"x": {"Required": True, "Hidden": True}})
    assert (answer.object["Required"], answer.object["Hidden"], answer.object["SystemRequired"]) == (True, True, False)
    body = {"Name": "x", "Project": ref(world, "project", "engines")}
    refused(await world.post("defect/create", {"Defect": body}), "Target Build should not be null")
    assert (await world.post("defect/create", {"Defect": {**body, "TargetBuild": "7"}})).errors == []
    foreign = {**body, "Project": ref(world, "project", "elsewhere")}
    assert (await world.post("defect/create", {"Defect": foreign})).errors == []


@pytest.mark.parametrize("user", ["admin", "wsadmin", "padmin", "editor", "viewer", "stranger", "nobody"])
async def test_fields_are_edited_by_administrators_of_their_workspace(
    world: World, field: dict[str, Any], user: str
) -> None:
    """Both the stock list and the workspace's own; a workspace's administrator has no say in another one."""
    main, other = ref(world, "workspace", "main"), ref(world, "workspace", "other")
    priority = await definition(world, "Defect", "Priority")
    held = await value(world, path(field), "Wear")
    attempts = [
        ("POST", "allowedattributevalue/create", {"AttributeDefinition": priority["_ref"], "StringValue": user}),
        ("POST", f"allowedattributevalue/{held['ObjectID']}", {"StringValue": f"x{user}"}),
        ("POST", path(field), {"Note": user}),
        ("POST", f"{path(field)}/AllowedValues/add", [{"StringValue": f"y{user}"}]),
        ("DELETE", f"allowedattributevalue/{held['ObjectID']}", None),
        (
            "POST",
            "attributedefinition/create",
            {"Name": f"z{user}", "TypeDefinition": "Defect", "RealAttributeType": "STRING"},
        ),
    ]
    for method, address, body in attempts:
        before = await stored.dump(world.store)
        answer = await world.call(method, address, None if body is None else {"x": body}, user=user, workspace=main)
        assert (answer.errors == []) is (user in {"admin", "wsadmin"}), (address, answer.errors)
        if answer.errors:
            assert await stored.dump(world.store) == before
    body = {"x": {"AttributeDefinition": priority["_ref"], "StringValue": "there"}}
    answer = await world.post("allowedattributevalue/create", body, user, workspace=other)
    assert (answer.errors == []) is (user == "admin")


async def test_a_read_only_key_edits_no_field(world: World, field: dict[str, Any]) -> None:
    held = await value(world, path(field), "Wear")
    for key, status in ((world.readers["admin"], 401), (world.keys["admin"], 200)):
        answer = await world.post(f"allowedattributevalue/{held['ObjectID']}", {"x": {"StringValue": "y"}}, key=key)
        assert answer.status == status
        assert await texts(world, path(field)) == ["", "Design", "Wear" if status == 401 else "y", "Weather"]


async def test_two_administrators_at_once_lose_nothing(world: World, field: dict[str, Any]) -> None:
    answers = await asyncio.gather(
        *(
            world.post(
                "allowedattributevalue/create", {"x": {"AttributeDefinition": field["_ref"], "StringValue": f"v{n}"}}
            )
            for n in range(6)
        )
    )
    assert [answer.errors for answer in answers] == [[]] * 6
    assert sorted(await texts(world, path(field))) == ["", "Design", "Wear", "Weather", *(f"v{n}" for n in range(6))]


async def test_a_field_is_found_from_another_workspace(world: World, field: dict[str, Any]) -> None:
    """A custom field's ObjectID says which workspace it is of, whatever the request's own is."""
    other = {"workspace": ref(world, "workspace", "other")}
    assert (await world.get(path(field), **other)).inner["ElementName"] == "c_RootCause"
    assert len((await world.get(f"{path(field)}/AllowedValues", **other)).results) == 4
    assert (await world.get(path(field), "stranger")).errors == ["Cannot find object to read"]


# ---------------------------------------------------------------------- schedule states


async def schedule_state(world: World, name: str) -> dict[str, Any]:
    found = await world.get(
        "schedulestate", query=f'(Name = "{name}")', fetch="true", workspace=ref(world, "workspace", "main")
    )
    return found.results[0]


async def test_the_optional_schedule_states_are_named_and_enabled(world: World) -> None:
    """One before Defined, one after Accepted; the four between stay as they are (object-model.md 5)."""
    project = ref(world, "project", "engines")
    before = {home: await version(world, home) for home in ("main", "other")}
    refused(
        await world.post("defect/create", {"Defect": {"Name": "x", "Project": project, "ScheduleState": "Idea"}}),
        "Idea is invalid",
    )
    for old, new, letter in (("Custom 1", "Idea", "I"), ("Custom 2", "Released", "R")):
        held = await schedule_state(world, old)
        assert (held["Enabled"], held["Editable"]) == (False, True)
        body = {"Name": new, "ShortName": letter, "Enabled": True}
        answer = await world.post(f"schedulestate/{held['ObjectID']}", {"ScheduleState": body})
        assert {name: answer.object[name] for name in body} == body
    expected = ["Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"]
    assert await in_schema(world, "Defect", "ScheduleState") == expected
    made = await world.make("HierarchicalRequirement", Name="x", Project=project, ScheduleState="Idea")
    assert (made["ScheduleState"], made["ScheduleStatePrefix"]) == ("Idea", "I")
    found = await world.get("hierarchicalrequirement", query="(ScheduleState < Defined)")
    assert [item["_ref"] for item in found.results] == [made["_ref"]]
    assert await version(world) != before["main"]
    assert await version(world, "other") == before["other"]

    idea = await schedule_state(world, "Idea")
    await world.post(f"schedulestate/{idea['ObjectID']}", {"ScheduleState": {"Name": "Dream"}})
    assert (await world.get(f"hierarchicalrequirement/{made['ObjectID']}")).inner["ScheduleState"] == "Dream"
    refused(await world.post(f"schedulestate/{idea['ObjectID']}", {"ScheduleState": {"Name": "accepted"}}), "already")
    defined = await schedule_state(world, "Defined")
    for body in ({"Name": "Ready"}, {"Enabled": False}, {"ShortName": "X"}):
        answer = await world.post(f"schedulestate/{defined['ObjectID']}", {"ScheduleState": body})
        refused(answer, "four fixed schedule states")
    field = await definition(world, "SchedulableArtifact", "ScheduleState")
    create = {"AttributeDefinition": field["_ref"], "StringValue": "x"}
    refused(await world.post("allowedattributevalue/create", {"x": create}), "first or last ScheduleState")


@pytest.mark.parametrize("user", ["admin", "wsadmin", "padmin", "editor"])
async def test_schedule_states_are_the_workspace_administrators(world: World, user: str) -> None:
    held = await schedule_state(world, "Custom 1")
    answer = await world.post(f"schedulestate/{held['ObjectID']}", {"ScheduleState": {"Enabled": True}}, user)
    assert (answer.errors == []) is (user in {"admin", "wsadmin"})
    assert (await in_schema(world, "Defect", "ScheduleState"))[0] == ("Defined" if answer.errors else "Custom 1")
