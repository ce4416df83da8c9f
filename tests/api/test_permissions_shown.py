"""`includePermissions=true`: `_p` says of each object what the caller may do: 1 read, 2 update, 4 delete (docs/wire.md)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_reading_statements import cost
from tests.harness import World


async def make_items(world: World) -> dict[str, dict[str, Any]]:
    made = {}
    for name in ("engines", "wheels"):
        project = f"/project/{world.ids[name]}"
        made[name] = await world.make("Defect", Name=name, Project=project, Owner=f"/user/{world.ids['editor']}")
    return made


ITEMS = {
    "admin": {"engines": "7", "wheels": "7"},
    "wsadmin": {"engines": "7", "wheels": "7"},
    "padmin": {"engines": "7"},
    "editor": {"engines": "7"},
    "viewer": {"engines": "1"},
}


@pytest.mark.parametrize("user", ITEMS)
async def test_each_object_of_a_page_says_what_its_reader_may(world: World, user: str) -> None:
    await make_items(world)
    for fetch in ("true", "Name", "false"):
        page = (await world.get("defect", user, fetch=fetch, includePermissions="true")).results
        assert {item["_refObjectName"]: item["_p"] for item in page} == ITEMS[user]
        for item in page:
            keys = list(item)
            assert keys.index("_p") == keys.index("_refObjectName") + 1


async def test_reads_members_writes_and_batches_say_it_too(world: World) -> None:
    defect = (await make_items(world))["engines"]
    tag = await world.make("Tag", Name="t")
    path = f"defect/{defect['ObjectID']}"
    for user, mask in (("editor", "7"), ("viewer", "1")):
        assert (await world.get(path, user, includePermissions="true")).inner["_p"] == mask
    added = await world.post(f"{path}/Tags/add", {"x": [tag["_ref"]]}, "editor", includePermissions="true")
    assert [item["_p"] for item in added.results] == ["7"]
    members = await world.get(f"{path}/Tags", "viewer", includePermissions="true")
    assert [item["_p"] for item in members.results] == ["1"]
    assert (await world.post(path, {"x": {"Name": "n"}}, "editor", includePermissions="true")).object["_p"] == "7"
    entry = {"Entry": {"Path": f"/{path}", "Method": "GET"}}
    batch = await world.post("batch", {"Batch": [entry]}, "editor", includePermissions="true")
    assert batch.results[0]["Object"]["_p"] == "7"


async def test_refs_say_it_of_their_own_object(world: World) -> None:
    defect = (await make_items(world))["engines"]
    path = f"defect/{defect['ObjectID']}"
    found = (await world.get(path, "editor", includePermissions="true")).inner
    assert [found[name]["_p"] for name in ("Project", "Owner", "Workspace", "Subscription", "RevisionHistory")] == [
        "1",
        "3",
        "1",
        "1",
        "1",
    ]
    admins = (await world.get(path, "padmin", includePermissions="true")).inner
    assert (admins["Project"]["_p"], admins["Owner"]["_p"]) == ("3", "1")
    expanded = (await world.get(path, "editor", fetch="Project,Name,Owner,UserName", includePermissions="true")).inner
    assert (expanded["Project"]["_p"], expanded["Owner"]["_p"]) == ("1", "3")


async def test_read_only_keys_say_what_the_key_may(world: World) -> None:
    await make_items(world)
    for user in ("admin", "editor"):
        page = (await world.get("defect", key=world.readers[user], fetch="true", includePermissions="true")).results
        assert {item["_p"] for item in page} == {"1"}
        assert {item["Project"]["_p"] for item in page} == {"1"}


async def test_what_nobody_may_change(world: World) -> None:
    await make_items(world)
    for name in ("revision", "typedefinition", "attributedefinition", "revisionhistory"):
        page = (await world.get(name, fetch="true", includePermissions="true", pagesize=5)).results
        assert page
        assert {int(item["_p"]) & 4 for item in page} <= {0, 4}
        if name.startswith("revision"):
            assert {item["_p"] for item in page} == {"1"}


async def test_it_agrees_with_what_happens(world: World) -> None:
    """For every role and every kind of object: an update and a delete are refused exactly where `_p` says so."""
    items = await make_items(world)
    tag = await world.make("Tag", Name="t")
    mine = await world.make("Preference", "editor", Name="p", Value="v", User=f"/user/{world.ids['editor']}")
    shared = await world.make("Preference", Name="q", Value="v", Project=f"/project/{world.ids['engines']}")
    changed = {
        items["engines"]["_ref"]: "Name",
        items["wheels"]["_ref"]: "Name",
        tag["_ref"]: "Name",
        mine["_ref"]: "Value",
        shared["_ref"]: "Value",
        f"/project/{world.ids['pistons']}": "Notes",
        f"/user/{world.ids['editor']}": "Phone",
        f"/user/{world.ids['viewer']}": "Phone",
        f"/workspace/{world.ids['main']}": "Notes",
    }
    asked = 0
    for user in ("viewer", "stranger", "nobody", "editor", "padmin", "wsadmin", "admin"):
        for ref, attribute in changed.items():
            path = ref.partition("/v2.0/")[2] or ref.lstrip("/")
            read = await world.get(path, user, includePermissions="true")
            if read.errors:
                continue
            mask = read.inner["_p"]
            query = f"(ObjectID = {read.inner['ObjectID']})"
            listed = await world.get(path.partition("/")[0], user, includePermissions="true", query=query)
            assert {item["_p"] for item in listed.results} <= {mask}
            answer = await world.post(path, {"x": {attribute: f"n{asked}"}}, user)
            assert bool(int(mask) & 2) is (answer.errors == []), (user, path, answer.errors)
            asked += 1
    assert asked > 30


async def test_deletes_are_refused_where_it_says_so(world: World) -> None:
    for user in ("viewer", "editor", "padmin", "wsadmin", "admin"):
        made = [(await make_items(world))["engines"], await world.make("Tag", Name=f"t{user}")]
        for item in made:
            path = item["_ref"].partition("/v2.0/")[2]
            mask = int((await world.get(path, user, includePermissions="true")).inner["_p"])
            answer = await world.delete(path, user)
            assert bool(mask & 4) is (answer.errors == []), (user, path)


async def test_without_it_nothing_is_said(world: World) -> None:
    await make_items(world)
    for value in (None, "false", "", "x"):
        params = {} if value is None else {"includePermissions": value}
        assert b'"_p"' not in (await world.get("defect", fetch="true", **params)).body


async def test_it_costs_no_statement(world: World) -> None:
    await make_items(world)
    await world.get("defect", "editor")
    costs = [
        await cost(world, "defect", "editor", fetch="true", includePermissions=value) for value in ("false", "true")
    ]
    assert costs[0] == costs[1]
