"""`search`: full text over FormattedID, Name, Description and Notes, the same on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from banneret.scenarios.dump import dump
from banneret.scenarios.reset import reset
from banneret.scenarios.scenario import read_text
from tests.harness import SECRET

if TYPE_CHECKING:
    from tests.harness import World


def project(world: World, name: str = "engines") -> str:
    return f"/project/{world.ids[name]}"


async def story(world: World, name: str, **attributes: Any) -> dict[str, Any]:
    return await world.make("hierarchicalrequirement", **{"Name": name, "Project": project(world), **attributes})


async def found(world: World, search: str, path: str = "artifact", user: str = "admin", **params: Any) -> list[str]:
    answer = await world.get(path, user, search=search, fetch="Name", **params)
    assert answer.inner["TotalResultCount"] == len(answer.results)
    return [item["Name"] for item in answer.results]


@pytest.mark.parametrize(
    ("search", "hit"),
    [
        ("burndown", True),
        ("BURNDOWN", True),
        ("burn", True),
        ("urndown", False),
        ("chart burndown", True),
        ("chart velocity", False),
        ('"burndown chart"', True),
        ('"chart burndown"', False),
        ('"burn"', False),
        ("Crêpe", True),
        ("crepe", True),
        ("STRASSE", True),
        ("straße", True),
        ("soren", True),
        ("bold", True),
        ("li", False),
        ("strong", False),
        ("boldface", True),
        ("first second", True),
        ("firstsecond", False),
        ("R&D", True),
        ("amp", False),
        ("nbsp", False),
        ("x1", True),
        ("x", False),
        ("note", True),
        ("東京", True),
        ("京東", False),
        ("e-mail", True),
        ("mail-e", False),
    ],
)
async def test_words_are_found_folded_and_without_mark_up(world: World, search: str, hit: bool) -> None:
    await story(
        world,
        "Burndown chart of Crêpes, Straße, Søren",
        Description="<ul><li>first</li><li>second</li></ul><strong>bold</strong>face R&amp;D&nbsp;x1",
        Notes="<p>A note: 東京, e-mail</p>",
    )
    await story(world, "Something else")
    assert await found(world, search) == (["Burndown chart of Crêpes, Straße, Søren"] if hit else [])


async def test_a_formatted_id_is_found_exactly_and_first(world: World) -> None:
    made = [await story(world, f"number {n}") for n in range(12)]
    answer = await world.get("artifact", search=made[0]["FormattedID"], fetch="FormattedID")
    assert [item["FormattedID"] for item in answer.results] == [made[0]["FormattedID"]]
    await story(world, f"after {made[0]['FormattedID']}")
    for search in (made[0]["FormattedID"].lower(), made[0]["FormattedID"].lstrip("US")):
        assert (await found(world, search))[0] == "number 0"


async def test_the_index_follows_every_change(world: World) -> None:
    made = await story(world, "quartz", Description="basalt")
    path = f"hierarchicalrequirement/{made['ObjectID']}"
    await world.post(path, {"s": {"Name": "marble"}})
    assert await found(world, "quartz") == []
    assert await found(world, "marble basalt") == ["marble"]
    await world.post(path, {"s": {"Description": "", "Notes": "<b>gneiss</b>"}})
    assert await found(world, "basalt") == []
    assert await found(world, "gneiss marble") == ["marble"]
    refused = await world.post(path, {"s": {"Name": "slate", "Owner": "/user/1"}})
    assert refused.errors
    assert await found(world, "slate") == []
    await world.post(f"{path}/copy", {})
    assert await found(world, "gneiss") == ["(Copy of) marble", "marble"]
    await world.delete(path)
    assert await found(world, "marble") == ["(Copy of) marble"]
    (entry,) = (await world.get("recyclebinentry")).results
    await world.post(f"recyclebinentry/{entry['_ref'].rpartition('/')[2]}/restore")
    assert await found(world, "gneiss") == ["(Copy of) marble", "marble"]
    assert len(await world.rows("search", "oid")) == len(await world.rows("artifact", "oid"))


async def test_a_scenario_is_indexed_and_a_reset_forgets(world: World) -> None:
    await story(world, "quartz", Description="<i>basalt</i>")
    before = await world.rows("search", "label", "title", "description")
    scenario = read_text(await dump(world.store), "dumped.yaml")
    for loaded, held in ((scenario, before), (None, [])):
        await reset(world.store, loaded, secret=SECRET, clock=world.clock)
        assert await world.rows("search", "label", "title", "description") == held


async def test_a_refused_create_leaves_nothing_in_the_index(world: World) -> None:
    refused = await world.post("defect/create", {"d": {"Name": "granite", "Project": project(world), "State": "?"}})
    assert refused.errors
    assert await world.rows("search", "oid") == []


@pytest.mark.parametrize(("user", "names"), [("editor", ["ore in pistons", "ore in engines"]), ("stranger", [])])
async def test_only_what_may_be_seen_is_found_and_counted(world: World, user: str, names: list[str]) -> None:
    for name in ("engines", "pistons", "wheels"):
        await story(world, f"ore in {name}", Project=project(world, name))
    answer = await world.get("artifact", user, search="ore", fetch="Name", pagesize=1, workspace="/workspace/1")
    if user == "stranger":
        assert await found(world, "ore", user=user) == []
        return
    assert await found(world, "ore", user=user) == names
    assert answer.errors
    page = await world.get("artifact", user, search="ore", fetch="Name", pagesize=1, start=2)
    assert (page.inner["TotalResultCount"], [item["Name"] for item in page.results]) == (2, names[1:])


async def test_search_goes_with_query_types_scope_order_and_paging(world: World) -> None:
    first = await story(world, "zinc c")
    await story(world, "zinc a", Project=project(world, "wheels"))
    await world.make("defect", Name="zinc b", Project=project(world, "pistons"), Requirement=first["_ref"])
    await world.make("task", Name="d", Description="about zinc", WorkProduct=first["_ref"])
    await story(world, "lead")
    assert await found(world, "zinc") == ["zinc b", "zinc a", "zinc c", "d"]
    assert await found(world, "zinc", order="Name") == ["d", "zinc a", "zinc b", "zinc c"]
    assert await found(world, "zinc", order="ObjectID DESC") == ["d", "zinc b", "zinc a", "zinc c"]
    assert await found(world, "zinc", query="(Name != d)", order="Name desc") == ["zinc c", "zinc b", "zinc a"]
    assert await found(world, "zinc", types="Task,Defect") == ["zinc b", "d"]
    assert await found(world, "zinc", "defect") == ["zinc b"]
    assert await found(world, "zinc", "schedulableartifact") == ["zinc b", "zinc a", "zinc c"]
    assert await found(world, "zinc", "portfolioitem") == []
    scope = {"project": project(world), "projectScopeDown": "false"}
    assert await found(world, "zinc", **scope) == ["zinc c", "d"]
    assert await found(world, "zinc", project=project(world)) == ["zinc b", "zinc c", "d"]
    assert await found(world, "zinc", f"hierarchicalrequirement/{first['ObjectID']}/Tasks") == ["d"]
    assert await found(world, "lead", f"hierarchicalrequirement/{first['ObjectID']}/Tasks") == []
    page = await world.get("artifact", search="zinc", fetch="Name", start=2, pagesize=2)
    assert page.inner["TotalResultCount"] == 4
    assert [item["Name"] for item in page.results] == ["zinc a", "zinc c"]


async def test_names_come_before_texts_and_the_newest_first(world: World) -> None:
    for name, text in (("one", "opal"), ("opal one", ""), ("two", "opal opal opal"), ("opal two", "")):
        await story(world, name, Description=text)
    assert await found(world, "opal") == ["opal two", "opal one", "two", "one"]
    assert await found(world, "opal one") == ["opal one", "one"]


@pytest.mark.parametrize(
    "search", ["---", '""', '"', "*", "%", "'", "\\", "&|!()<->:*", "AND", "NEAR(a, b)", "title:x", "\x00"]
)
async def test_no_text_is_an_error(world: World, search: str) -> None:
    """AND, NEAR and the columns' names are words like any others."""
    await story(world, "something")
    assert await found(world, search) == []


@pytest.mark.parametrize("search", ["", "  "])
async def test_an_empty_search_is_none(world: World, search: str) -> None:
    await story(world, "something")
    assert await found(world, search) == ["something"]


@pytest.mark.parametrize("path", ["tag", "typedefinition", "iteration"])
async def test_a_type_without_an_index_says_so(world: World, path: str) -> None:
    answer = await world.get(path, search="x")
    assert not answer.errors
    assert any(text.startswith("Ignored search: ") for text in answer.warnings)


async def test_items_are_found_under_a_new_prefix(world: World) -> None:
    made = await story(world, "quartz")
    number = made["FormattedID"].removeprefix("US")
    definition = world.store.stock.get("HierarchicalRequirement").definition_id
    changed = await world.post(f"typedefinition/{definition}", {"t": {"IDPrefix": "STORY"}})
    assert not changed.errors, changed.errors
    assert await found(world, f"story{number}") == ["quartz"]
    assert await found(world, f"us{number}") == []
