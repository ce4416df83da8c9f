"""Copy on the wire (wsapi.md 6.8): what goes along, what begins anew, what stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.api.test_writing_update import path_of, revisions
from tests.harness import READERS, World


async def make_story(world: World) -> dict[str, Any]:
    """A story in progress with everything around it."""
    project = f"/project/{world.ids['engines']}"
    tag = await world.make("Tag", Name="red")
    iteration = await world.make(
        "Iteration", Name="S1", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning", Project=project
    )
    story = await world.make(
        "HierarchicalRequirement",
        Name="Ride",
        Description="<b>how</b>",
        Project=project,
        Owner=f"/user/{world.ids['editor']}",
        PlanEstimate=5,
        Iteration=iteration["_ref"],
        ScheduleState="In-Progress",
        Tags=[{"_ref": tag["_ref"]}],
    )
    await world.make("HierarchicalRequirement", Name="child", Project=project, Parent=story["_ref"])
    await world.make("Task", Name="dig", WorkProduct=story["_ref"], Estimate=3, ToDo=1, Actuals=2, State="In-Progress")
    await world.make("Task", Name="fill", WorkProduct=story["_ref"])
    case = await world.make("TestCase", Name="rides", WorkProduct=story["_ref"], Method="Manual", Type="Acceptance")
    await world.make("TestCaseStep", TestCase=case["_ref"], Input="push", ExpectedResult="rolls")
    await world.make("Defect", Name="squeak", Project=project, Requirement=story["_ref"])
    await world.make("ConversationPost", Artifact=story["_ref"], Text="hello")
    return story


async def names(world: World, item: dict[str, Any], collection: str, *attributes: str) -> list[Any]:
    fetch = ",".join(["Name", *attributes])
    found = (await world.get(f"{path_of(item)}/{collection}", fetch=fetch, pagesize=50)).results
    return [one["Name"] if not attributes else tuple(one[name] for name in ("Name", *attributes)) for one in found]


async def test_a_copy_describes_the_same_work_and_begins_anew(world: World) -> None:
    story = await make_story(world)
    before = (await world.get(path_of(story))).inner
    answer = await world.post(f"{path_of(story)}/copy", {"HierarchicalRequirement": {}})
    assert answer.root == "CreateResult"
    copied = answer.object
    assert copied["Name"] == "(Copy of) Ride"
    assert copied["ObjectID"] != story["ObjectID"]
    assert copied["FormattedID"] != story["FormattedID"]
    for name in ("Description", "Owner", "Project", "Tags"):
        shown = {key: copied[name][key] for key in ("_refObjectName", "Count") if key in copied[name]}
        assert copied[name] == before[name] or shown == {key: before[name][key] for key in shown}
    assert await names(world, copied, "Tags") == ["red"]
    assert copied["ScheduleState"] == "Defined"
    assert copied["VersionId"] == "2"  # one for the story, one for the totals of the tasks that came along
    totals = "TASK ESTIMATE TOTAL changed from [0.0] to [3.0], TASK REMAINING TOTAL changed from [0.0] to [3.0]"
    assert await revisions(world, copied) == [totals, "Original revision"]
    assert sorted(await names(world, copied, "Tasks", "State", "Estimate", "ToDo", "Actuals")) == [
        ("dig", "Defined", 3, 3, None),
        ("fill", "Defined", None, None, None),
    ]
    (case,) = (await world.get(f"{path_of(copied)}/TestCases", fetch="Name,Type,Steps")).results
    assert (case["Name"], case["Type"], case["Steps"]["Count"]) == ("rides", "Acceptance", 1)
    for stays in ("Children", "Defects", "Discussion"):
        assert copied[stays]["Count"] == 0
        assert before[stays]["Count"] == 1


async def test_the_body_says_what_shall_be_different(world: World) -> None:
    story = await make_story(world)
    body = {"Name": "Walk", "planestimate": 8, "Tags": [], "Nane": "typo"}
    answer = await world.post(f"{path_of(story)}/copy", {"HierarchicalRequirement": body}, rankTo="TOP")
    assert (answer.object["Name"], answer.object["PlanEstimate"], answer.object["Tags"]["Count"]) == ("Walk", 8, 0)
    assert answer.warnings == ["Ignored JSON element HierarchicalRequirement.Nane during processing of this request."]
    first = (await world.get("hierarchicalrequirement", order="Rank", pagesize=1, fetch="Name")).results[0]
    assert first["Name"] == "Walk"


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("Defect", {"Severity": "Cosmetic", "Priority": "Low"}),
        ("TestSet", {}),
        ("TestFolder", {}),
        ("PortfolioItem/Feature", {"RiskScore": 3}),
        ("Risk", {}),
    ],
)
async def test_every_copyable_work_item_copies(world: World, kind: str, attributes: dict[str, Any]) -> None:
    made = await world.make(kind, Name="x", Project=f"/project/{world.ids['engines']}", **attributes)
    answer = await world.post(f"{path_of(made)}/copy", {kind: {}})
    assert not answer.errors
    assert answer.object["Name"] == "(Copy of) x"
    assert answer.object["_type"] == kind
    assert {name: answer.object[name] for name in attributes} == attributes


async def test_a_test_set_shares_its_test_cases_with_its_copy(world: World) -> None:
    case = await world.make("TestCase", Name="c")
    tests = await world.make("TestSet", Name="s", TestCases=[{"_ref": case["_ref"]}])
    answer = await world.post(f"{path_of(tests)}/copy", {})
    assert await names(world, answer.object, "TestCases", "ObjectID") == [("c", case["ObjectID"])]


async def test_custom_fields_go_along_and_a_value_that_is_gone_is_refused(world: World) -> None:
    """KB 102900: an item keeps a value that its field has no more, and cannot be copied with it."""
    definition = (await world.get("typedefinition", query='(TypePath = "Defect")')).results[0]["_ref"]
    values = [{"StringValue": text} for text in ("red", "green")]
    for kind in ("DROP_DOWN", "MULTI_VALUE", "STRING", "WEB_LINK", "USER"):
        body: dict[str, Any] = {"Name": f"My {kind}", "RealAttributeType": kind, "TypeDefinition": definition}
        body |= {"AllowedValues": values} if kind in {"DROP_DOWN", "MULTI_VALUE"} else {}
        assert not (await world.post("attributedefinition/create", {"AttributeDefinition": body})).errors
    item = await world.make(
        "Defect",
        Name="x",
        c_MyDROP_DOWN="green",
        c_MyMULTI_VALUE=[{"StringValue": "red"}],
        c_MySTRING="blue",
        c_MyWEB_LINK={"LinkID": "7", "DisplayString": "seven"},
        c_MyUSER=f"/user/{world.ids['editor']}",
    )
    copied = (await world.post(f"{path_of(item)}/copy", {"Defect": {}})).object
    for name in ("c_MyDROP_DOWN", "c_MySTRING", "c_MyWEB_LINK", "c_MyUSER"):
        assert copied[name] == item[name]
    assert copied["c_MyMULTI_VALUE"]["Count"] == 1

    async def outdate(unit: Any) -> None:
        unit.writer.update("artifact", {"oid": item["ObjectID"]}, {"custom_fields": '{"c_MyDROP_DOWN":"gone"}'})

    await world.store.write(outdate)
    refused = await world.post(f"{path_of(item)}/copy", {"Defect": {}})
    assert "gone is invalid.  Valid values are: red, green" in refused.errors[0]
    assert not (await world.post(f"{path_of(item)}/copy", {"Defect": {"c_MyDROP_DOWN": "red"}})).errors


async def test_what_the_caller_does_not_see_is_not_copied(world: World) -> None:
    """A defect of a project that the editor sees, on a story of one that he does not."""
    story = await world.make("HierarchicalRequirement", Name="secret", Project=f"/project/{world.ids['wheels']}")
    defect = await world.make("Defect", Name="d", Project=f"/project/{world.ids['engines']}", Requirement=story["_ref"])
    assert not (await world.get(path_of(story), "editor")).document.get("HierarchicalRequirement")
    answer = await world.post(f"{path_of(defect)}/copy", {"Defect": {}}, "editor")
    assert answer.object["Name"] == "(Copy of) d"
    copied = (await world.get(path_of(answer.object), "admin")).inner
    assert copied["Requirement"] is None
    assert (await world.post(f"{path_of(defect)}/copy", {})).object["Requirement"]["_refObjectName"] == "secret"


async def test_copies_are_refused_to_whom_creates_are_and_change_nothing(world: World) -> None:
    """C2: a read-only key gets 401; a viewer an error."""
    item = await world.make("Defect", Name="x", Project=f"/project/{world.ids['engines']}")
    where = f"{path_of(item)}/copy"
    before = await stored.dump(world.store)
    refused = await world.call("POST", where, {"Defect": {}}, user=None, headers={"zsessionid": READERS["admin"]})
    assert refused.status == 401
    assert (await world.post(where, {"Defect": {}}, "viewer")).errors[0].startswith("Not authorized to create Defect")
    assert (await world.post(where, {"Defect": {}}, "stranger")).errors == ["Cannot find object to read"]
    assert (await world.get(where)).errors == ["Not authorized to GET defect: the type does not offer it"]
    assert (await world.post("defect/1/copy", {"Defect": {}})).errors == ["Cannot find object to read"]
    assert (await world.post(where, {"Defect": {"Severity": "no"}})).errors
    assert (await world.post(f"project/{world.ids['engines']}/copy", {})).errors == [
        "Not authorized to copy Project: the type does not offer it"
    ]
    assert await stored.dump(world.store) == before
    assert not (await world.post(where, {"Defect": {}}, "editor")).errors
