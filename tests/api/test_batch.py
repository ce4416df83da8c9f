"""Batch on the wire (wsapi.md 6.7): several operations, one request, one transaction, each entry for itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from banneret.wsapi.batch import MOST_ENTRIES
from tests import stored
from tests.api.test_writing_update import path_of, revisions
from tests.harness import READERS, World


def create(name: str, **attributes: Any) -> dict[str, Any]:
    return {"Path": "/defect/create", "Method": "PUT", "Body": {"defect": {"Name": name, **attributes}}}


async def batch(world: World, *entries: Any, user: str = "admin", **params: Any) -> Any:
    return await world.post("batch", {"Batch": [{"Entry": entry} for entry in entries]}, user, **params)


async def test_a_batch_creates_as_pyral_and_custom_agile_toolkit_send_it(world: World) -> None:
    workspace, project = f"/workspace/{world.ids['main']}", f"/project/{world.ids['wheels']}"
    answer = await batch(
        world, create("one"), create("two"), workspace=workspace, project=project, fetch="FormattedID,Name"
    )
    assert answer.status == 200
    assert answer.root == "BatchResult"
    assert not answer.errors
    assert [sorted(item) for item in answer.results] == [
        ["Errors", "Object", "Warnings", "_rallyAPIMajor", "_rallyAPIMinor"]
    ] * 2
    made = [item["Object"] for item in answer.results]
    assert [item["Name"] for item in made] == ["one", "two"]
    assert all(item["FormattedID"].startswith("DE") and "Owner" not in item for item in made)
    found = await world.get("defect", query='((Name = "one") OR (Name = "two"))', fetch="Project", order="Name")
    assert [item["Project"]["_refObjectName"] for item in found.results] == ["Wheels", "Wheels"]


async def test_entries_of_every_kind_run_in_order(world: World) -> None:
    """With and without the `Entry` around them, with paths as clients and refs write them."""
    first, second = await world.make("Defect", Name="first"), await world.make("Defect", Name="second")
    tag = await world.make("Tag", Name="t")
    entries: list[Any] = [
        {"Entry": {"Path": f"/defect/{first['ObjectID']}", "Method": "POST", "Body": {"Defect": {"Name": "renamed"}}}},
        {"Path": f"{second['_ref']}.js", "Method": "DELETE"},
        {"Path": f"defect/{first['ObjectID']}/Tags/add", "Method": "POST", "Body": {"Tags": [{"_ref": tag["_ref"]}]}},
        {"Path": f"/defect/{first['ObjectID']}?fetch=Name,Tags", "Method": "GET"},
        {"Path": "/defect?query=(Name = renamed)&fetch=Name"},
        {"Path": f"/defect/{first['ObjectID']}?rankTo=TOP", "Method": "POST"},
    ]
    answer = await world.post("batch", {"Batch": entries})
    assert not [item for item in answer.results if item["Errors"]]
    updated, deleted, added, read, queried, ranked = answer.results
    assert updated["Object"]["Name"] == "renamed"
    assert "Object" not in deleted
    assert [item["_refObjectName"] for item in added["Results"]] == ["t"]
    assert (read["Object"]["Name"], read["Object"]["Tags"]["Count"]) == ("renamed", 1)
    assert (queried["TotalResultCount"], queried["Results"][0]["Name"]) == (1, "renamed")
    assert ranked["Object"]["VersionId"] == "3"  # it stood on top already
    assert (await world.get(path_of(second))).errors == ["Cannot find object to read"]
    assert len(await revisions(world, first)) == 3


async def test_an_entry_that_fails_leaves_nothing_and_the_others_stand(world: World) -> None:
    """The second creates its defect before a duplicate of it turns out to be impossible."""
    answer = await batch(
        world,
        create("good"),
        create("half", Duplicates=[{"Name": "fine"}, {"Name": "bad", "Severity": "none of them"}]),
        {"Path": "/defect/1", "Method": "POST", "Body": {"Defect": {}}},
        {"Path": "/nothing/create", "Method": "POST", "Body": {}},
        create("after", Nane="typo"),
    )
    assert not answer.errors
    good, half, missing, unknown, after = answer.results
    assert [good["Errors"], after["Errors"]] == [[], []]
    assert "none of them is invalid" in half["Errors"][0]
    assert "Object" not in half
    assert missing["Errors"] == ["Could not read: Could not read Defect 1 to update."]
    assert unknown["Errors"] == ['Requested type name "nothing" is unknown.']
    assert after["Warnings"] == ["Ignored JSON element defect.Nane during processing of this request."]
    assert good["Warnings"] == []
    names = {row[0] for row in await world.rows("artifact", "name")}
    assert names == {"good", "after"}
    events = {row[0] for row in await world.rows("event", "oid", type="Defect")}
    assert events == {good["Object"]["ObjectID"], after["Object"]["ObjectID"]}
    numbers = [int(item["Object"]["FormattedID"][2:]) for item in (good, after)]
    assert numbers[1] == numbers[0] + 1


async def test_an_entry_that_fails_gives_its_ids_back_and_none_twice(world: World) -> None:
    """The first entry takes a new block of ObjectIDs and fails; the next must not be given one of a block that was undone."""
    world.store.object_ids._shared.clear()
    answer = await batch(world, create("x", Duplicates=[{"Name": "y", "Severity": "wrong"}]), create("a"), create("b"))
    assert [bool(item["Errors"]) for item in answer.results] == [True, False, False]
    world.store.object_ids._shared.clear()  # as another process begins
    made = [await world.make("Defect", Name=name) for name in "cde"]
    ids = [row[0] for row in await world.rows("directory", "oid")]
    assert len(set(ids)) == len(ids)
    assert {item["ObjectID"] for item in made} <= set(ids)


async def test_a_later_entry_can_use_what_an_earlier_one_made(world: World) -> None:
    """A new project counts from the next entry on, also for who may see and use it."""
    workspace = f"/workspace/{world.ids['main']}"
    answer = await batch(
        world,
        {"Path": "/project/create", "Method": "POST", "Body": {"Project": {"Name": "Fresh", "Workspace": workspace}}},
        {"Path": "/project?query=(Name = Fresh)", "Method": "GET"},
    )
    assert answer.results[1]["TotalResultCount"] == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"Batch": {"Entry": {}}}, "a list of batch entries was expected"),
        ([], "a JSON object was expected"),
        ({"Batch": [create("x")] * (MOST_ENTRIES + 1)}, f"a batch takes {MOST_ENTRIES} entries at most"),
    ],
)
async def test_a_body_that_is_no_batch_is_refused_whole(world: World, body: Any, text: str) -> None:
    before = await stored.dump(world.store)
    answer = await world.post("batch", body)
    assert answer.root == "BatchResult"
    assert text in answer.errors[0]
    assert await stored.dump(world.store) == before
    assert not (await batch(world, create("x"))).results[0]["Errors"]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("rubbish", 'a batch entry is an object with a "Path"'),
        ({"Entry": {"Method": "GET"}}, 'a batch entry is an object with a "Path"'),
        ({"Path": "/batch", "Method": "POST", "Body": {"Batch": []}}, "Not authorized to batch batch"),
        ({"Path": "/security/authorize", "Method": "GET"}, "Not authorized to authorize batch"),
        ({"Path": "/defect/create", "Method": "PATCH"}, "Not authorized to PATCH batch"),
        ({"Path": "/defect/create", "Method": "PUT", "Body": "text"}, "a JSON object was expected"),
        ({"Path": "", "Method": "GET"}, "Cannot find object to read"),
        ({"Path": "/defect?project=/project/1"}, "no such project"),
    ],
)
async def test_an_entry_that_is_none_says_so(world: World, entry: Any, text: str) -> None:
    answer = await world.post("batch", {"Batch": [entry, create("stands")]})
    assert text in answer.results[0]["Errors"][0]
    assert answer.results[1]["Object"]["Name"] == "stands"


async def test_what_a_user_may_not_do_alone_he_may_not_do_in_a_batch(world: World) -> None:
    """C2: a read-only key gets 401 and changes nothing; a viewer's entries are refused one by one."""
    item = await world.make("Defect", Name="x", Project=f"/project/{world.ids['engines']}")
    entries = [{"Path": path_of(item), "Method": "GET"}, {"Path": path_of(item), "Method": "DELETE"}]
    body = json.dumps({"Batch": entries}).encode()
    refused = await world.call("POST", "batch", body, user=None, headers={"zsessionid": READERS["admin"]})
    assert refused.status == 401
    answer = await world.post("batch", {"Batch": entries}, "viewer")
    assert answer.results[0]["Object"]["Name"] == "x"
    assert answer.results[1]["Errors"][0].startswith("Not authorized to delete")
    answer = await world.post("batch", {"Batch": entries}, "admin")
    assert [item["Errors"] for item in answer.results] == [[], []]


async def test_basic_needs_the_security_token(world: World) -> None:
    body = {"Batch": [create("x")]}
    answer = await world.call("POST", "batch", body, user=None, headers=world.basic("editor"))
    assert answer.errors == ["Not authorized to perform action: Invalid key"]
    assert not await world.rows("artifact", "oid", name="x")
