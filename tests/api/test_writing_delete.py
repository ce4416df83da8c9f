"""Delete on the wire (wsapi.md 6.4, object-model.md 6): the recycle bin, what goes along, and what lets go."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests import stored
from tests.harness import World


def path_of(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


@pytest.mark.parametrize("method", ["DELETE", "delete"])
async def test_delete(world: World, method: str) -> None:
    made = await world.make("Defect", "editor", Name="x", Project=ref(world, "project", "engines"))
    world.clock.advance(timedelta(hours=1))
    answer = await world.call(method, path_of(made) + "?key=None", user="padmin")
    assert answer.status == 200
    assert answer.document == {
        "OperationResult": {"_rallyAPIMajor": "2", "_rallyAPIMinor": "0", "Errors": [], "Warnings": []}
    }
    (entry,) = (await world.get("recyclebinentry", fetch="true")).results
    assert (entry["ID"], entry["ItemOID"], entry["Name"], entry["Type"]["_refObjectName"]) == (
        "DE1",
        made["ObjectID"],
        "x",
        "Defect",
    )
    assert (entry["DeletedBy"]["_refObjectName"], entry["DeletionDate"]) == ("Padmin", "2026-01-05T10:00:00.000Z")
    rows = await world.rows("event", "kind", "type", "version", "user_oid", "project_oid", oid=made["ObjectID"])
    assert rows[-1] == ("deleted", "Defect", 1, world.ids["padmin"], world.ids["engines"])
    ((content,),) = await world.rows("recycled", "content", item_oid=made["ObjectID"])
    assert json.loads(content)["row"]["name"] == "x"


async def test_nothing_finds_it_afterwards(world: World) -> None:
    made = await world.make("Defect", Name="x", Tags=[{"Name": "t"}])
    await world.delete(path_of(made))
    for address in (path_of(made), f"artifact/{made['ObjectID']}", f"defect/{made['ObjectUUID']}"):
        answer = await world.get(address)
        assert (answer.root, answer.errors) == ("OperationResult", ["Cannot find object to read"])
        assert (await world.delete(address)).errors == ["Object to delete cannot be null"]
        assert (await world.post(address, {"x": {"Name": "y"}})).errors[0].endswith(" to update.")
        assert (await world.post(f"{address}/Tags/add", {"x": []})).errors[0].endswith(" to update.")
    assert (await world.get("defect")).results == []
    assert (await world.get("artifact")).results == []
    assert (await world.get(f"defect/{made['ObjectID']}/Tags")).errors
    assert (await world.post("conversationpost/create", {"x": {"Artifact": made["_ref"], "Text": "t"}})).errors == [
        f"Could not read: Could not read referenced object {made['ObjectID']}"
    ]
    assert (await world.get("recyclebinentry", "editor")).inner["TotalResultCount"] <= 1
    assert await stored.faults(world.store) == []


async def test_what_is_missing_or_hidden(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    before = await stored.dump(world.store)
    for address, user in (("defect/4711", "admin"), (f"task/{made['ObjectID']}", "admin"), (path_of(made), "stranger")):
        answer = await world.delete(address, user)
        assert (answer.root, answer.errors) == ("OperationResult", ["Object to delete cannot be null"])
    assert (await world.delete(path_of(made), "viewer")).errors == [
        f"Not authorized to delete: Defect {made['ObjectID']}"
    ]
    for address in (
        f"project/{world.ids['wheels']}",
        f"workspace/{world.ids['main']}",
        f"subscription/{world.ids['subscription']}",
    ):
        assert (await world.delete(address)).errors[0].startswith("Not authorized to delete")
    assert await stored.dump(world.store) == before


async def test_a_story_takes_its_children_tasks_and_test_cases_along(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="s")
    child = await world.make("HierarchicalRequirement", Name="c", Parent=story["_ref"])
    grandchild = await world.make("HierarchicalRequirement", Name="g", Parent=child["_ref"])
    task = await world.make("Task", Name="t", WorkProduct=child["_ref"])
    case = await world.make("TestCase", Name="tc", WorkProduct=grandchild["_ref"])
    step = await world.make("TestCaseStep", TestCase=case["_ref"], Input="i")
    result = await world.make("TestCaseResult", TestCase=case["_ref"], Build="1", Date="2026-01-01", Verdict="Pass")
    post = await world.make("ConversationPost", Artifact=task["_ref"], Text="p")
    content = await world.make("AttachmentContent", Content="aGVsbG8=")
    file = await world.make(
        "Attachment", Artifact=story["_ref"], Content=content["_ref"], Name="a", ContentType="text/plain"
    )
    defect = await world.make("Defect", Name="d", Requirement=child["_ref"])
    other = await world.make("HierarchicalRequirement", Name="o", Predecessors=[child["_ref"]])
    assert (await world.delete(path_of(story))).errors == []
    for item in (story, child, grandchild, task, case, step, result, post, content, file):
        assert (await world.get(path_of(item))).errors == ["Cannot find object to read"], item["_ref"]
        rows = await world.rows("event", "kind", oid=item["ObjectID"])
        assert rows[-1] == ("deleted",), item["_ref"]
    bin_ = (await world.get("recyclebinentry", fetch="ID", pagesize=200)).results
    assert sorted(entry["ID"] for entry in bin_) == ["TA1", "TC1", "US1", "US2", "US3"]
    left = (await world.get(path_of(defect))).inner
    assert (left["Requirement"], left["VersionId"]) == (None, "2")
    assert (await world.get(path_of(other))).inner["Predecessors"]["Count"] == 0
    history = path_of(left["RevisionHistory"])
    newest = (await world.get(f"{history}/Revisions")).results[0]
    assert newest["Description"] == "REQUIREMENT changed from [c] to []"
    assert await stored.faults(world.store) == []


@pytest.mark.parametrize(
    ("kind", "dates", "field"),
    [
        ("Iteration", {"StartDate": "2026-01-01", "EndDate": "2026-01-14"}, "Iteration"),
        ("Release", {"ReleaseStartDate": "2026-01-01", "ReleaseDate": "2026-01-14"}, "Release"),
    ],
)
async def test_a_timebox_is_let_go_of(world: World, kind: str, dates: dict[str, str], field: str) -> None:
    project = ref(world, "project", "engines")
    box = await world.make(kind, Name="box", Project=project, **dates)
    story = await world.make("HierarchicalRequirement", Name="s", Project=project, **{field: box["_ref"]})
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"])
    assert (await world.delete(path_of(box))).errors == []
    for item in (story, task):
        left = (await world.get(path_of(item))).inner
        assert left[field] is None
        newest = (await world.get(f"{path_of(left['RevisionHistory'])}/Revisions")).results[0]
        assert newest["Description"] == f"{field.upper()} changed from [box] to []"
        rows = await world.rows("event", "kind", "version", "diff", oid=item["ObjectID"])
        assert rows[-1] == ("updated", 2, f'{{"{field}":[{box["ObjectID"]},null]}}')
    assert (await world.get("recyclebinentry")).results == []
    assert await stored.faults(world.store) == []


async def test_links_go(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    suite = await world.make("DefectSuite", Name="ds")
    defect = await world.make("Defect", Name="x", Tags=[tag["_ref"]])
    await world.post(f"{path_of(suite)}/Defects/add", {"x": [defect["_ref"]]})
    await world.delete(path_of(tag))
    assert (await world.get(path_of(defect))).inner["Tags"]["Count"] == 0
    await world.delete(path_of(defect))
    assert (await world.get(path_of(suite))).inner["Defects"]["Count"] == 0
    assert await world.rows("link", "relation") == []


async def test_a_feature_is_let_go_of(world: World) -> None:
    top = await world.make("PortfolioItem/Initiative", Name="i")
    feature = await world.make("PortfolioItem/Feature", Name="f", Parent=top["_ref"])
    story = await world.make("HierarchicalRequirement", Name="s", PortfolioItem=feature["_ref"])
    await world.delete(f"portfolioitem/{feature['ObjectID']}")
    left = (await world.get(path_of(story))).inner
    assert left["PortfolioItem"] is None
    assert left["Feature"] is None
    assert (await world.get(path_of(top))).errors == []


async def test_small_things_leave_no_entry(world: World) -> None:
    defect = await world.make("Defect", Name="x")
    post = await world.make("ConversationPost", Artifact=defect["_ref"], Text="p")
    assert (await world.delete(path_of(post))).errors == []
    assert (await world.get(f"{path_of(defect)}/Discussion")).results == []
    assert (await world.get("recyclebinentry")).results == []
    assert await stored.faults(world.store) == []


async def test_an_attachment_takes_its_content_along(world: World) -> None:
    defect = await world.make("Defect", Name="x")
    content = await world.make("AttachmentContent", Content="aGVsbG8=")
    file = await world.make(
        "Attachment", Artifact=defect["_ref"], Content=content["_ref"], Name="a", ContentType="text/plain"
    )
    assert (await world.delete(path_of(file))).errors == []
    assert (await world.get(path_of(content))).errors == ["Cannot find object to read"]
    assert await world.rows("attachmentcontent", "oid") == []


async def test_only_a_workspace_s_administrators_empty_the_bin(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    await world.delete(path_of(made))
    (entry,) = (await world.get("recyclebinentry")).results
    assert (await world.delete(path_of(entry), "editor")).errors
    assert (await world.post(path_of(entry), {"x": {"Name": "y"}})).errors
    assert (await world.delete(path_of(entry), "wsadmin")).errors == []
    assert (await world.get("recyclebinentry")).results == []
    assert await world.rows("recycled", "oid") == []


async def test_a_deleted_permission_is_gone_with_the_next_request(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "pistons"))
    assert (await world.get(path_of(made), "editor")).errors == []
    permission = f"projectpermission/{world.ids['editor']}u{world.ids['pistons']}p1"
    assert (await world.delete(permission)).errors == []
    assert (await world.get(path_of(made), "editor")).errors == ["Cannot find object to read"]
    assert (await world.delete(permission)).errors == ["Object to delete cannot be null"]
