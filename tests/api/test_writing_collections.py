"""Collections on the wire (wsapi.md 6.1, 6.5): set whole, add, remove, and what an owned collection really changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.harness import World


def path_of(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def members(world: World, item: dict[str, Any], name: str) -> list[str]:
    return sorted(
        one["Name"] for one in (await world.get(f"{path_of(item)}/{name}", fetch="Name", pagesize=200)).results
    )


async def version(world: World, item: dict[str, Any]) -> int:
    (inner,) = (await world.get(path_of(item))).document.values()
    return int(inner["VersionId"])


async def revisions(world: World, item: dict[str, Any]) -> list[str]:
    (inner,) = (await world.get(path_of(item), fetch="RevisionHistory")).document.values()
    return [one["Description"] for one in (await world.get(f"{path_of(inner['RevisionHistory'])}/Revisions")).results]


async def test_an_array_sets_the_whole_content(world: World) -> None:
    tags = [await world.make("Tag", Name=name) for name in "abc"]
    made = await world.make("Defect", Name="x", Tags=[tag["_ref"] for tag in tags[:2]])
    assert made["Tags"]["Count"] == 2
    assert [entry["Name"] for entry in made["Tags"]["_tagsNameArray"]] == ["a", "b"]
    answer = await world.post(
        path_of(made), {"x": {"Tags": [{"_ref": tags[1]["_ref"]}, {"_ref": f"Tag/{tags[2]['ObjectID']}"}]}}
    )
    assert [entry["Name"] for entry in answer.object["Tags"]["_tagsNameArray"]] == ["b", "c"]
    assert answer.object["VersionId"] == "2"
    assert (await revisions(world, made))[0] == "TAGS added [c], TAGS removed [a]"
    again = await world.post(path_of(made), {"x": {"Tags": [tags[2]["_ref"], tags[1]["_ref"], tags[1]["_ref"]]}})
    assert again.object["VersionId"] == "2"
    for nothing in ([], None, ""):
        await world.post(path_of(made), {"x": {"Tags": [tags[0]["_ref"]]}})
        assert (await world.post(path_of(made), {"x": {"Tags": nothing}})).object["Tags"]["Count"] == 0
    assert await stored.faults(world.store) == []


async def test_values_and_members_of_one_update(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    made = await world.make("Defect", Name="x")
    answer = await world.post(path_of(made), {"x": {"Name": "y", "Tags": [tag["_ref"]]}})
    assert (answer.object["Name"], answer.object["Tags"]["Count"]) == ("y", 1)
    assert answer.object["VersionId"] == "2"
    assert (await revisions(world, made))[0] == "NAME changed from [x] to [y], TAGS added [t]"
    assert await stored.faults(world.store) == []


async def test_a_summary_is_left_alone(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    made = await world.make("Defect", Name="x", Tags=[tag["_ref"]])
    before = await stored.dump(world.store)
    for summary in (made["Tags"], {"_ref": made["Tags"]["_ref"], "Count": 0}, {"Count": 7}):
        answer = await world.post(path_of(made), {"x": {"Tags": summary}})
        assert (answer.errors, answer.warnings) == ([], [])
    assert await stored.dump(world.store) == before


async def test_a_bare_string_is_refused(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    before = await stored.dump(world.store)
    answer = await world.post("defect/create", {"x": {"Name": "x", "Tags": tag["_ref"]}})
    assert len(answer.errors) == 1
    assert await stored.dump(world.store) == before


@pytest.mark.parametrize(
    "form",
    [lambda ref: {"Project": ref}, lambda ref: {"Project": [ref]}, lambda ref: {"Project": {"_ref": ref}}],
    ids=["one", "list", "object"],
)
async def test_the_form_of_repositories(world: World, form: Any) -> None:
    made = await world.make("SCMRepository", Name="r", SCMType="git", Projects=form(ref(world, "project", "engines")))
    assert await members(world, made, "Projects") == ["Engines"]


@pytest.mark.parametrize("root", ["Tags", "CollectionItems", "tags", "x"])
@pytest.mark.parametrize("suffix", ["", ".js"])
async def test_add_and_remove(world: World, root: str, suffix: str) -> None:
    tags = [await world.make("Tag", Name=name) for name in "abc"]
    made = await world.make("Defect", Name="x", Tags=[tags[0]["_ref"]])
    items = [{"_ref": f"Tag/{tag['ObjectID']}"} for tag in tags]
    answer = await world.post(f"{path_of(made)}/Tags/add{suffix}?fetch=Name&key=None", {root: items})
    assert answer.root == "OperationResult"
    assert [one["Name"] for one in answer.results] == ["b", "c"]
    assert all(one["_type"] == "Tag" and "_rallyAPIMajor" in one for one in answer.results)
    assert await members(world, made, "Tags") == ["a", "b", "c"]
    assert await version(world, made) == 2
    again = await world.post(f"{path_of(made)}/tags/add{suffix}", {root: items})
    assert again.results == []
    assert await version(world, made) == 2
    gone = await world.post(f"{path_of(made)}/Tags/remove{suffix}", {root: items[:2]})
    assert gone.results == []
    assert await members(world, made, "Tags") == ["c"]
    assert await version(world, made) == 3
    gone = await world.post(f"{path_of(made)}/Tags/remove{suffix}", {root: items[:2]})
    assert (gone.errors, gone.results) == ([], [])
    assert await version(world, made) == 3
    assert (await revisions(world, made))[:2] == [
        "TAGS removed [a], TAGS removed [b]",
        "TAGS added [b], TAGS added [c]",
    ]
    assert await stored.faults(world.store) == []


async def test_the_same_member_twice_is_one(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    made = await world.make("Defect", Name="x")
    answer = await world.post(
        f"{path_of(made)}/Tags/add", {"Tags": [tag["_ref"], f"/tag/{tag['ObjectUUID']}", {"_ref": tag["_ref"]}]}
    )
    assert len(answer.results) == 1
    gone = await world.post(f"{path_of(made)}/Tags/remove", {"Tags": [tag["_ref"], tag["_ref"]]})
    assert gone.errors == []
    assert (await revisions(world, made))[0] == "TAGS removed [t]"


async def test_items_with_a_name_alone_are_created(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    answer = await world.post(f"{path_of(made)}/Tags/add", {"Tags": [{"Name": "new"}]}, fetch="Name")
    assert [one["Name"] for one in answer.results] == ["new"]
    tasks = await world.post(
        f"{path_of(made)}/Tasks/add",
        {"x": [{"Name": "one"}, {"Name": "two", "Estimate": 2}]},
        fetch="Name,Estimate,WorkProduct,Project",
    )
    assert [(one["Name"], one["Estimate"]) for one in tasks.results] == [("one", None), ("two", 2.0)]
    assert [one["WorkProduct"]["_refObjectName"] for one in tasks.results] == ["x", "x"]
    assert [one["Project"]["_refObjectName"] for one in tasks.results] == ["Engines", "Engines"]
    assert await members(world, made, "Tasks") == ["one", "two"]
    assert await stored.faults(world.store) == []


async def test_an_owned_collection_sets_the_child_s_parent(world: World) -> None:
    top, other, child = [await world.make("HierarchicalRequirement", Name=name) for name in ("top", "other", "child")]
    answer = await world.post(f"{path_of(top)}/Children/add", {"Children": [{"_ref": child["_ref"]}]}, fetch="Name")
    assert [one["Name"] for one in answer.results] == ["child"]
    assert (await world.get(path_of(child))).inner["Parent"]["_refObjectName"] == "top"
    assert (await revisions(world, child))[0] == "PARENT added [top]"
    await world.post(f"{path_of(other)}/Children/add", {"x": [child["_ref"]]})
    assert await members(world, top, "Children") == []
    assert await members(world, other, "Children") == ["child"]
    gone = await world.post(f"{path_of(other)}/Children/remove", {"x": [child["_ref"]]})
    assert gone.errors == []
    assert (await world.get(path_of(child))).inner["Parent"] is None
    assert (await revisions(world, child))[0] == "PARENT changed from [other] to []"
    assert await version(world, child) == 4
    assert await stored.faults(world.store) == []


async def test_a_child_that_must_have_a_parent_is_not_let_go(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="s")
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"])
    before = await stored.dump(world.store)
    answer = await world.post(f"{path_of(story)}/Tasks/remove", {"x": [task["_ref"]]})
    assert answer.errors == ["Validation error: Task.Work Product should not be null"]
    assert await stored.dump(world.store) == before


async def test_a_task_is_taken_over_by_another_story(world: World) -> None:
    one = await world.make("HierarchicalRequirement", Name="one", Project=ref(world, "project", "engines"))
    two = await world.make("HierarchicalRequirement", Name="two", Project=ref(world, "project", "wheels"))
    task = await world.make("Task", Name="t", WorkProduct=one["_ref"])
    refused = await world.post(f"{path_of(two)}/Tasks/add", {"x": [task["_ref"]]}, "editor")
    assert refused.errors
    answer = await world.post(f"{path_of(two)}/Tasks/add", {"x": [task["_ref"]]}, fetch="Project")
    assert answer.results[0]["Project"]["_refObjectName"] == "Wheels"
    assert (await world.get(path_of(task), "editor")).errors == ["Cannot find object to read"]
    assert await stored.faults(world.store) == []


async def test_both_ends_of_a_relation(world: World) -> None:
    one, two = [await world.make("HierarchicalRequirement", Name=name) for name in ("one", "two")]
    await world.post(f"{path_of(two)}/Predecessors/add", {"x": [one["_ref"]]})
    assert await members(world, one, "Successors") == ["two"]
    await world.post(f"{path_of(one)}/Successors/remove", {"x": [two["_ref"]]})
    assert await members(world, two, "Predecessors") == []
    mile = await world.make("Milestone", Name="m")
    await world.post(f"{path_of(mile)}/Artifacts/add", {"x": [one["_ref"], two["_ref"]]})
    assert await members(world, one, "Milestones") == ["m"]
    assert (await world.get(path_of(one))).inner["Milestones"]["_tagsNameArray"][0]["Name"] == "m"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("workspace", "Projects"),
        ("workspace", "Children"),
        ("subscription", "Workspaces"),
        ("defect", "Ancestors"),
        ("defect", "Nonsense"),
        ("defect", "Name"),
    ],
)
async def test_what_cannot_be_edited(world: World, kind: str, name: str) -> None:
    made = await world.make("Defect", Name="x")
    oid = {"workspace": world.ids["main"], "subscription": world.ids["subscription"], "defect": made["ObjectID"]}[kind]
    before = await stored.dump(world.store)
    for verb in ("add", "remove"):
        answer = await world.post(f"{kind}/{oid}/{name}/{verb}", {"x": [ref(world, "project", "engines")]})
        assert answer.root == "OperationResult"
        assert len(answer.errors) == 1
    assert await stored.dump(world.store) == before


@pytest.mark.parametrize(
    ("owner", "name", "kind", "member"),
    [("workspace/main", "Tags", "tag", None), ("user/nobody", "UserPermissions", "projectpermission", None)],
)
async def test_a_collection_does_not_set_what_an_update_may_not(
    world: World, owner: str, name: str, kind: str, member: None
) -> None:
    """Neither moves a tag to another workspace nor a permission to another user: both are settled on create."""
    where, who = owner.split("/")
    if kind == "tag":
        thing = (await world.make("Tag", Name="t", Workspace=ref(world, "workspace", "other")))["_ref"]
    else:
        thing = f"/projectpermission/{world.ids['padmin']}u{world.ids['engines']}p1"
        found = (await world.get("projectpermission", query=f"(User = {ref(world, 'user', 'padmin')})")).results
        thing = found[0]["_ref"] if found else thing
    (oid,) = [row[0] for row in await world.rows("userpermission", "oid", user_oid=world.ids["padmin"])]
    before = await stored.dump(world.store)
    for sent in (thing, f"/{kind}/{oid}"):
        assert (await world.post(f"{where}/{world.ids[who]}/{name}/add", {"x": [sent]})).errors
    assert await stored.dump(world.store) == before


async def test_the_items_must_be_a_list(world: World) -> None:
    made = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    for body in (
        b"",
        b"{}",
        {"x": {}},
        {"x": "tag/1"},
        {"x": None},
        [],
        {"x": {"_ref": "/tag/1"}},
        b"[",
        b'{"x":[1.5]}',
        {"x": [None]},
        {"x": [{}]},
        {"x": [[]]},
    ):
        for verb in ("add", "remove"):
            answer = await world.post(f"{path_of(made)}/Tags/{verb}", body)
            assert answer.root == "OperationResult", body
            assert len(answer.errors) == 1, body
    assert (await world.post(f"{path_of(made)}/Tags/add", {"x": []})).results == []
    assert await stored.dump(world.store) == before


async def test_a_failing_item_leaves_none(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    made = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    for items in ([tag["_ref"], "/tag/4711"], [{"Name": "new"}, {"Name": "x" * 33}], [tag["_ref"], {"Name": ""}]):
        assert (await world.post(f"{path_of(made)}/Tags/add", {"x": items})).errors
        assert (await world.post(path_of(made), {"x": {"Name": "z", "Tags": items}})).errors
        assert (await world.post("defect/create", {"x": {"Name": "z", "Tags": items}})).errors
    assert (await world.post(f"{path_of(made)}/Tasks/add", {"x": [{"Name": "good"}, {"Estimate": 1}]})).errors
    assert await stored.dump(world.store) == before


async def test_editing_a_collection_needs_the_right_to_edit(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"), Tags=[tag["_ref"]])
    before = await stored.dump(world.store)
    for verb in ("add", "remove"):
        answer = await world.post(f"{path_of(made)}/Tags/{verb}", {"x": [tag["_ref"]]}, "viewer")
        assert answer.errors == [f"Not authorized to update: Defect {made['ObjectID']}"]
        answer = await world.post(f"{path_of(made)}/Tags/{verb}", {"x": [tag["_ref"]]}, "stranger")
        assert answer.errors == [f"Could not read: Could not read Defect {made['ObjectID']} to update."]
    assert await stored.dump(world.store) == before


async def test_what_is_hidden_stays_a_member(world: World) -> None:
    """Setting the whole content cannot remove what its author does not see."""
    hidden = await world.make("HierarchicalRequirement", Name="hidden", Project=ref(world, "project", "wheels"))
    seen = await world.make("HierarchicalRequirement", Name="seen", Project=ref(world, "project", "engines"))
    made = await world.make(
        "HierarchicalRequirement",
        Name="x",
        Project=ref(world, "project", "engines"),
        Predecessors=[hidden["_ref"], seen["_ref"]],
    )
    answer = await world.post(path_of(made), {"x": {"Predecessors": []}}, "editor")
    assert answer.object["Predecessors"]["Count"] == 0
    assert await members(world, made, "Predecessors") == ["hidden"]
    refused = await world.post(f"{path_of(made)}/Predecessors/remove", {"x": [hidden["_ref"]]}, "editor")
    assert refused.errors == [f"Could not read: Could not read referenced object {hidden['ObjectID']}"]


async def test_many_members_at_once(world: World) -> None:
    made = await world.make("Defect", Name="x")
    names = [{"Name": f"t{n:03}"} for n in range(300)]
    answer = await world.post(f"{path_of(made)}/Tags/add", {"x": names})
    assert len(answer.results) == 300
    refs = [one["_ref"] for one in answer.results]
    other = await world.make("Defect", Name="y", Tags=refs)
    assert other["Tags"]["Count"] == 300
    gone = await world.post(f"{path_of(other)}/Tags/remove", {"x": refs})
    assert gone.errors == []
    assert await members(world, other, "Tags") == []
    assert await stored.faults(world.store) == []
