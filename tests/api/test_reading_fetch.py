"""What `fetch` and `shallowFetch` bring (wsapi.md 3, 15)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import World

REF = {"_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_objectVersion", "_refObjectName", "_type"}
NESTED = REF - {"_objectVersion"}


def shown(item: dict[str, Any]) -> set[str]:
    """Give the attributes that an item shows beside its metadata."""
    assert set(item) >= REF
    return set(item) - REF


async def make(world: World) -> dict[str, Any]:
    """A defect in an iteration, owned by the editor, found by a story's owner."""
    project = f"/project/{world.ids['engines']}"
    editor = f"/user/{world.ids['editor']}"
    story = await world.make("hierarchicalrequirement", Name="Story", Project=project, Owner=editor)
    iteration = await world.make(
        "iteration", Name="Sprint", Project=project, StartDate="2026-01-01", EndDate="2026-01-14", State="Planning"
    )
    return await world.make(
        "defect", Name="Crash", Project=project, Owner=editor, Iteration=iteration["_ref"], Requirement=story["_ref"]
    )


async def fetched(world: World, fetch: str, **more: Any) -> dict[str, Any]:
    (item,) = (await world.get("defect", fetch=fetch, **more)).results
    return item


async def test_a_list_shows_what_it_names(world: World) -> None:
    await make(world)
    item = await fetched(world, "Name,Owner,PlanEstimate")
    assert shown(item) == {"Name", "Owner", "PlanEstimate"}
    # Named alone, an object stays a ref; and Name does not expand what has no more to show than its ref.
    assert "UserName" not in item["Owner"]


async def test_name_alone_shows_no_object_id(world: World) -> None:
    await make(world)
    assert shown(await fetched(world, "Name")) == {"Name"}


async def test_an_object_named_alone_stays_a_ref(world: World) -> None:
    await make(world)
    assert set((await fetched(world, "Iteration"))["Iteration"]) == NESTED


async def test_an_object_named_with_an_attribute_of_its_own_is_expanded(world: World) -> None:
    await make(world)
    item = await fetched(world, "Owner,UserName")
    assert shown(item) == {"Owner"}
    assert shown(item["Owner"]) == {"UserName"}
    assert item["Owner"]["UserName"] == "editor@acme.test"
    assert list(item["Owner"])[-1] == "_type"


async def test_every_name_holds_on_every_level(world: World) -> None:
    await make(world)
    item = await fetched(world, "Name,ObjectID,Requirement,Owner,UserName,Iteration,StartDate")
    assert shown(item) == {"Name", "ObjectID", "Requirement", "Owner", "Iteration"}
    assert shown(item["Requirement"]) >= {"Name", "ObjectID", "Owner"}
    assert shown(item["Requirement"]["Owner"]) == {"ObjectID", "UserName"}
    assert shown(item["Iteration"]) == {"Name", "ObjectID", "StartDate"}
    assert item["Requirement"]["Owner"]["UserName"] == item["Owner"]["UserName"] == "editor@acme.test"


FORMS = [
    '"Name,Owner"',
    '"Name","Owner"',
    " Name , Owner ",
    "name,OWNER",
    "Name,,Owner,",
    "Name,Nonsense,Owner,Owner.UserName",
    "Name,Owner,Name",
]


async def test_forms_of_one_list(world: World) -> None:
    await make(world)
    for fetch in FORMS:
        assert shown(await fetched(world, fetch)) == {"Name", "Owner"}


async def test_true_is_everything_at_the_first_level(world: World) -> None:
    made = await make(world)
    for text in ("true", "True", '"true"'):
        item = await fetched(world, text)
        assert set(item) == set(made)
        assert set(item["Owner"]) == NESTED
        assert set(item["Tags"]) >= {"_ref", "_type", "Count"}


async def test_false_is_shallow(world: World) -> None:
    made = await make(world)
    assert set(await fetched(world, "false")) == NESTED
    read = await world.get(f"defect/{made['ObjectID']}", fetch="false")
    assert set(read.inner) == REF - {"_type"} | {"Errors", "Warnings"}


async def test_a_read_follows_the_same_list(world: World) -> None:
    made = await make(world)
    inner = (await world.get(f"defect/{made['ObjectID']}", fetch="Name,Owner,UserName")).inner
    assert set(inner) == REF - {"_type"} | {"Name", "Owner", "Errors", "Warnings"}
    assert inner["Owner"]["UserName"] == "editor@acme.test"


async def test_unknown_names_alone_show_only_metadata(world: World) -> None:
    await make(world)
    assert shown(await fetched(world, "Nonsense")) == set()


async def test_collections_stay_summaries(world: World) -> None:
    made = await make(world)
    await world.make("task", Name="t", WorkProduct=made["_ref"])
    item = await fetched(world, "Tasks,Name,State,Owner")
    assert (item["Tasks"]["Count"], item["Tasks"]["_type"]) == (1, "Task")
    assert "Results" not in item["Tasks"]


async def test_what_a_ref_may_not_show_stays_null(world: World) -> None:
    """An object of a project that the caller may not see shows neither as a ref nor expanded."""
    hidden = await world.make("hierarchicalrequirement", Name="Secret", Project=f"/project/{world.ids['wheels']}")
    await world.make("defect", Name="x", Project=f"/project/{world.ids['engines']}", Requirement=hidden["_ref"])
    for fetch in ("Requirement", "Requirement,Name", "true"):
        answer = await world.get("defect", "viewer", fetch=fetch)
        assert answer.results[0]["Requirement"] is None
        assert b"Secret" not in answer.body


@pytest.mark.parametrize("parameter", ["shallowFetch", "fetch"])
async def test_brackets_say_what_each_level_shows(world: World, parameter: str) -> None:
    await make(world)
    text = "Name,Owner[UserName;EmailAddress],Requirement[Name;Owner[DisplayName]],Iteration,Tasks[Name;State]"
    (item,) = (await world.get("defect", **{parameter: text})).results
    assert shown(item) == {"Name", "Owner", "Requirement", "Iteration", "Tasks"}
    assert shown(item["Owner"]) == {"UserName", "EmailAddress"}
    assert shown(item["Requirement"]) == {"Name", "Owner"}
    assert shown(item["Requirement"]["Owner"]) == {"DisplayName"}
    assert set(item["Iteration"]) == NESTED
    assert item["Tasks"]["Count"] == 0


async def test_shallow_fetch_replaces_fetch(world: World) -> None:
    await make(world)
    assert shown(await fetched(world, "true", shallowFetch="Name")) == {"Name"}
    assert shown(await fetched(world, "Name,Owner", shallowFetch="")) == {"Name", "Owner"}


UNBALANCED = ["Owner[UserName", "Owner]", "[Name]", "Owner[A[B[C[D[E[F[G[H]]]]]]]]"]


async def test_brackets_that_do_not_match_are_refused(world: World) -> None:
    for text in UNBALANCED:
        answer = await world.get("defect", shallowFetch=text)
        assert len(answer.errors) == 1
        assert answer.errors[0].startswith("Could not parse: ")


async def test_custom_names_with_and_without_their_prefix(world: World) -> None:
    await world.make("attributedefinition", Name="Root Cause", TypeDefinition="Defect", AttributeType="STRING")
    made = await world.make("defect", Name="x", c_RootCause="rust")
    for fetch in ("c_RootCause", "RootCause", "rootcause", "C_ROOTCAUSE"):
        item = (await world.get("defect", fetch=fetch)).results[0]
        assert (shown(item), item["c_RootCause"]) == ({"c_RootCause"}, "rust")
    assert made["c_RootCause"] == "rust"


async def test_a_custom_attribute_expands_its_object(world: World) -> None:
    await world.make("attributedefinition", Name="Root Cause", TypeDefinition="Defect", AttributeType="STRING")
    await world.make("attributedefinition", Name="Inspector", TypeDefinition="Defect", AttributeType="USER")
    defect = await world.make("defect", Name="x", RootCause="rust", c_Inspector=f"/user/{world.ids['editor']}")
    await world.make("defect", Name="y", Duplicates=[{"_ref": defect["_ref"]}])
    item = (await world.get("defect", fetch="c_Inspector,UserName", query="(Name = x)")).results[0]
    assert item["c_Inspector"]["UserName"] == "editor@acme.test"
    task = await world.make("task", Name="t", WorkProduct=defect["_ref"])
    (found,) = (await world.get("task", fetch="WorkProduct,RootCause")).results
    assert found["WorkProduct"]["c_RootCause"] == "rust"
    assert task["WorkProduct"]["_type"] == "Defect"


async def test_fetch_on_the_answer_of_a_write(world: World) -> None:
    answer = await world.post("defect/create?fetch=Name,FormattedID", {"Defect": {"Name": "x"}})
    assert shown(answer.object) == {"Name", "FormattedID"}
    updated = await world.post(f"defect/{answer.object['_ref'].rpartition('/')[2]}?fetch=false", {"Defect": {}})
    assert set(updated.object) == NESTED


async def test_several_types_show_what_each_has(world: World) -> None:
    await make(world)
    found = (await world.get("artifact", fetch="Name,Severity,Iteration,Blocked", order="ObjectID")).results
    assert [(item["_type"], shown(item)) for item in found] == [
        ("HierarchicalRequirement", {"Name", "Iteration", "Blocked"}),
        ("Defect", {"Name", "Severity", "Iteration", "Blocked"}),
    ]
