"""The recycle bin (wsapi.md 6.4, object-model.md 6): what is kept of a deleted item, and how it comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.api.test_writing_update import path_of, revisions
from tests.harness import READERS, World


async def entry_of(world: World, item: dict[str, Any], user: str = "admin") -> str:
    """Give the path of an item's RecycleBinEntry."""
    found = await world.get("recyclebinentry", user, query=f"(ItemOID = {item['ObjectID']})", fetch="ItemOID")
    (entry,) = found.results
    return path_of(entry)


async def seen(world: World, item: dict[str, Any]) -> bool:
    return (await world.get(path_of(item), fetch="Name")).root != "OperationResult"


async def test_a_restored_item_is_what_it_was(world: World) -> None:
    """Ids, values, custom ones too, labels, posts, attachments and history; one version more, and a revision that says so."""
    project = f"/project/{world.ids['engines']}"
    tag = await world.make("Tag", Name="red")
    item = await world.make("Defect", Name="squeak", Notes="n", Project=project, Tags=[{"_ref": tag["_ref"]}])
    await world.post(path_of(item), {"Defect": {"Name": "squeaks"}})
    await world.make("ConversationPost", Artifact=item["_ref"], Text="hello")
    content = await world.make("AttachmentContent", Content="aGVsbG8=")
    await world.make(
        "Attachment", Name="a.txt", ContentType="text/plain", Content=content["_ref"], Artifact=item["_ref"]
    )
    before = (await world.get(path_of(item))).inner
    assert not (await world.delete(path_of(item))).errors
    assert not await seen(world, item)
    entry = await entry_of(world, item)
    answer = await world.post(f"{entry}/restore", {})
    assert answer.root == "OperationResult"
    assert not answer.errors
    after = (await world.get(path_of(item))).inner
    changing = {"VersionId", "_objectVersion", "LastUpdateDate", "_CreatedAt"}
    assert {key: value for key, value in after.items() if key not in changing} == {
        key: value for key, value in before.items() if key not in changing
    }
    assert after["VersionId"] == str(int(before["VersionId"]) + 1)
    assert answer.object["FormattedID"] == item["FormattedID"]
    assert (await revisions(world, item))[0] == "RECYCLED changed from [true] to [false]"
    assert [post["Text"] for post in (await world.get(f"{path_of(item)}/Discussion")).results] == ["hello"]
    (attachment,) = (await world.get(f"{path_of(item)}/Attachments", fetch="Content")).results
    assert (await world.get(path_of(attachment["Content"]))).inner["Content"] == "aGVsbG8="
    assert [one["Name"] for one in (await world.get(f"{path_of(item)}/Tags")).results] == ["red"]
    assert not (await world.get("recyclebinentry", query=f"(ItemOID = {item['ObjectID']})")).results
    assert (
        (await world.post(f"{entry}/restore", {}))
        .errors[0]
        .startswith("Could not read: Could not read RecycleBinEntry")
    )
    assert not (await world.post(path_of(item), {"Defect": {"Name": "again"}})).errors


async def make_family(world: World) -> dict[str, dict[str, Any]]:
    project = f"/project/{world.ids['engines']}"
    feature = await world.make("PortfolioItem/Feature", Name="feature", Project=project)
    other = await world.make("HierarchicalRequirement", Name="other", Project=project)
    story = await world.make("HierarchicalRequirement", Name="story", Project=project, PortfolioItem=feature["_ref"])
    child = await world.make("HierarchicalRequirement", Name="child", Project=project, Parent=story["_ref"])
    task = await world.make("Task", Name="task", WorkProduct=child["_ref"])
    case = await world.make("TestCase", Name="case", WorkProduct=story["_ref"])
    build_definition = await world.make("BuildDefinition", Name="b", Project=project)
    build = await world.make("Build", Number="1", BuildDefinition=build_definition["_ref"], Status="SUCCESS")
    result = await world.make(
        "TestCaseResult", TestCase=case["_ref"], Build=build["Number"], Date="2026-01-05", Verdict="Pass"
    )
    defect = await world.make("Defect", Name="defect", Project=project, Requirement=story["_ref"])
    await world.post(f"{path_of(story)}/Predecessors/add", {"CollectionItems": [{"_ref": other["_ref"]}]})
    return {
        "feature": feature, "story": story, "child": child, "task": task, "case": case, "result": result,
        "defect": defect, "other": other,
    }  # fmt: skip


async def test_a_parent_story_comes_back_with_children_tasks_tests_and_runs(world: World) -> None:
    """And without child defects and predecessors, as the help page on the recycle bin says."""
    family = await make_family(world)
    assert not (await world.delete(path_of(family["story"]))).errors
    went = ("story", "child", "task", "case", "result")
    assert not any([await seen(world, family[name]) for name in went])
    assert await seen(world, family["defect"])
    assert not (await world.post(f"{await entry_of(world, family['story'])}/restore", {})).errors
    assert all([await seen(world, family[name]) for name in went])
    story = (await world.get(path_of(family["story"]))).inner
    assert [story[name]["Count"] for name in ("Children", "TestCases", "Defects", "Predecessors")] == [1, 1, 0, 0]
    assert story["PortfolioItem"]["_refObjectName"] == "feature"
    assert (await world.get(path_of(family["child"]))).inner["Tasks"]["Count"] == 1
    assert (await world.get(path_of(family["case"]))).inner["Results"]["Count"] == 1
    assert not (await world.get("recyclebinentry")).results


async def test_a_portfolio_item_comes_back_without_its_children(world: World) -> None:
    family = await make_family(world)
    assert not (await world.delete(path_of(family["feature"]))).errors
    assert not (await world.post(f"{await entry_of(world, family['feature'])}/restore", {})).errors
    assert await seen(world, family["feature"])
    assert (await world.get(path_of(family["story"]))).inner["PortfolioItem"] is None


async def test_what_went_along_can_come_back_alone_but_not_without_its_parent(world: World) -> None:
    family = await make_family(world)
    await world.delete(path_of(family["story"]))
    task, child = [await entry_of(world, family[name]) for name in ("task", "child")]
    before = await stored.dump(world.store)
    refused = await world.post(f"{task}/restore", {})
    assert refused.errors[0].startswith("Could not set value for Work Product: Cannot connect object to value")
    assert await stored.dump(world.store) == before
    assert not (await world.post(f"{child}/restore", {})).errors
    assert await seen(world, family["task"])
    assert (await world.get(path_of(family["child"]))).inner["Parent"] is None
    assert not (await world.post(f"{await entry_of(world, family['story'])}/restore", {})).errors
    assert await seen(world, family["case"])


async def test_refs_to_what_is_gone_meanwhile_are_cleared(world: World) -> None:
    project = f"/project/{world.ids['engines']}"
    dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14", "State": "Planning"}
    iteration = await world.make("Iteration", Name="S1", Project=project, **dates)
    item = await world.make("Defect", Name="x", Project=project, Iteration=iteration["_ref"])
    await world.delete(path_of(item))
    await world.delete(path_of(iteration))
    assert (await world.post(f"{await entry_of(world, item)}/restore", {})).object["Iteration"] is None


async def test_defect_suites_do_not_come_back(world: World) -> None:
    suite = await world.make("DefectSuite", Name="s")
    await world.delete(path_of(suite))
    answer = await world.post(f"{await entry_of(world, suite)}/restore", {})
    assert answer.errors == ["Not authorized to restore DefectSuite: the type does not offer it"]
    definitions = (await world.get("typedefinition", fetch="Name,Restorable", pagesize=200)).results
    restorable = {one["Name"] for one in definitions if one["Restorable"]}
    assert {"Defect", "Hierarchical Requirement", "Task", "Test Case"} <= restorable
    assert not {"Defect Suite", "Tag"} & restorable


async def test_who_may_create_it_may_restore_it(world: World) -> None:
    """C2: a read-only key gets 401; a viewer of the project an error; who does not see it finds nothing."""
    item = await world.make("Defect", Name="x", Project=f"/project/{world.ids['engines']}")
    await world.delete(path_of(item))
    where = f"{await entry_of(world, item)}/restore"
    before = await stored.dump(world.store)
    assert (await world.call("POST", where, {}, user=None, headers={"zsessionid": READERS["editor"]})).status == 401
    assert (await world.post(where, {}, "viewer")).errors[0].startswith("Not authorized to restore")
    assert (await world.post(where, {}, "stranger")).errors[0].startswith("Could not read: ")
    assert (await world.post(f"defect/{item['ObjectID']}/restore", {})).errors[0].startswith("Could not read: ")
    assert (await world.get(where)).errors[0].startswith("Not authorized to GET")
    other = await world.make("Defect", Name="y")
    refused = await world.post(f"{path_of(other)}/restore", {})
    assert refused.errors == ["Not authorized to restore Defect: the type does not offer it"]
    await world.delete(path_of(other))
    assert len(await stored.dump(world.store)) == len(before)
    assert not (await world.post(where, {}, "editor")).errors


@pytest.mark.parametrize("user", ["wsadmin", "admin"])
async def test_only_a_workspace_administrator_deletes_for_good(world: World, user: str) -> None:
    """With the entry goes the history of the item too."""
    item = await world.make("Defect", Name="x", Project=f"/project/{world.ids['engines']}")
    history = (await world.get(path_of(item))).inner["RevisionHistory"]
    await world.delete(path_of(item))
    entry = await entry_of(world, item)
    assert (await world.delete(entry, "editor")).errors[0].startswith("Not authorized to delete")
    assert (await world.get(path_of(history))).root == "RevisionHistory"
    assert not (await world.delete(entry, user)).errors
    assert not await world.rows("recycled", "oid")
    assert (await world.get(path_of(history))).errors == ["Cannot find object to read"]
    assert not await world.rows("revision", "oid", revisionhistory_oid=int(history["_ref"].rpartition("/")[2]))
