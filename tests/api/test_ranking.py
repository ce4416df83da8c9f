"""Ranking on the wire (wsapi.md 6.6): rankAbove, rankBelow, rankTo, on create and on update."""

from __future__ import annotations

import random
from typing import Any

import pytest

from banneret.operations import rank
from tests.api.test_writing_update import path_of, revisions
from tests.harness import World

NAMES = "abcdef"


async def make_six(world: World) -> dict[str, dict[str, Any]]:
    """Stories and defects by turns, which share one backlog; `a` on top."""
    kinds = ["Defect", "HierarchicalRequirement"]
    return {name: await world.make(kinds[n % 2], Name=name) for n, name in enumerate(NAMES)}


async def order(world: World, **params: Any) -> str:
    """Give the names of the six in order of rank."""
    found = await world.get("schedulableartifact", order="Rank", pagesize=200, fetch="Name", **params)
    return "".join(item["Name"] for item in found.results if item["Name"] in NAMES)


async def move(world: World, item: dict[str, Any], **params: Any) -> Any:
    kind = item["_type"].lower()
    return await world.post(path_of(item), {kind: {"_ref": item["_ref"]}}, **params)


async def test_new_items_stand_at_the_bottom(world: World) -> None:
    items = await make_six(world)
    assert await order(world) == NAMES
    ranks = [item["DragAndDropRank"] for item in items.values()]
    assert ranks == sorted(ranks)
    assert all(text.startswith("P!") and text.endswith("~") and len(text) <= 64 for text in ranks)


@pytest.mark.parametrize(
    ("moved", "where", "expected"),
    [
        ("e", {"rankAbove": "b"}, "aebcdf"),
        ("b", {"rankAbove": "e"}, "acdbef"),
        ("e", {"rankBelow": "b"}, "abecdf"),
        ("b", {"rankBelow": "e"}, "acdebf"),
        ("d", {"rankTo": "TOP"}, "dabcef"),
        ("d", {"rankTo": "bottom"}, "abcefd"),
        ("a", {"rankBelow": "f"}, "bcdefa"),
        ("f", {"rankAbove": "a"}, "fabcde"),
        ("b", {"rankAbove": "c"}, NAMES),
        ("c", {"rankBelow": "b"}, NAMES),
        ("c", {"rankBelow": "c"}, NAMES),
        ("a", {"rankTo": "TOP"}, NAMES),
    ],
)
async def test_an_item_goes_where_it_is_asked_to(
    world: World, moved: str, where: dict[str, str], expected: str
) -> None:
    """Moved items say so in their revision history; one that stands there already is not touched."""
    items = await make_six(world)
    params = {name: items[word]["_ref"] if word in items else word for name, word in where.items()}
    answer = await move(world, items[moved], **params)
    assert answer.root == "OperationResult"
    assert not answer.errors
    assert not answer.warnings
    assert await order(world) == expected
    if expected == NAMES:
        assert answer.object["VersionId"] == "1"
    else:
        up = expected.index(moved) < NAMES.index(moved)
        assert answer.object["VersionId"] == "2"
        assert (await revisions(world, items[moved]))[0] == f"RANK moved {'up' if up else 'down'}"
        assert answer.object["DragAndDropRank"] != items[moved]["DragAndDropRank"]


async def test_an_item_is_created_where_it_is_asked_to_be(world: World) -> None:
    items = await make_six(world)
    made = await world.post("defect/create", {"Defect": {"Name": "x"}}, rankAbove=items["c"]["_ref"])
    assert made.root == "CreateResult"
    found = await world.get("schedulableartifact", order="Rank", pagesize=200, fetch="Name")
    names = "".join(item["Name"] for item in found.results if item["Name"] in NAMES + "x")
    assert names == "abxcdef"
    assert await revisions(world, made.object) == ["Original revision"]


async def test_a_move_with_other_changes_is_one_version(world: World) -> None:
    items = await make_six(world)
    answer = await world.post(path_of(items["f"]), {"Defect": {"Name": "f", "Notes": "n"}}, rankTo="TOP")
    assert answer.object["VersionId"] == "2"
    assert (await revisions(world, items["f"]))[0] == "NOTES changed from [] to [n], RANK moved up"


async def test_what_cannot_be_done_is_refused_and_changes_nothing(world: World) -> None:
    items = await make_six(world)
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"rankTo": "MIDDLE"}, "admin", "Rank value MIDDLE is invalid.  Valid values are: TOP, BOTTOM"),
        ({"rankTo": "TOP", "rankAbove": items["a"]["_ref"]}, "admin", "one of rankAbove, rankBelow and rankTo"),
        ({"rankAbove": "rubbish"}, "admin", 'Cannot parse object reference from "rubbish"'),
        ({"rankAbove": "/defect/1"}, "admin", "Could not read: Could not read referenced object 1"),
        ({"rankAbove": f"/project/{world.ids['engines']}"}, "admin", "is not ranked with Defect"),
        ({"rankTo": "TOP"}, "viewer", "Not authorized to update"),
    ]
    for params, user, text in cases:
        answer = await world.post(path_of(items["c"]), {"Defect": {"Name": "other"}}, user, **params)
        assert text in answer.errors[0], answer.errors
        assert "Object" not in answer.inner
    assert await order(world) == NAMES
    assert not (await move(world, items["c"], rankTo="TOP")).errors


async def test_a_type_without_rank_is_not_ranked(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    answer = await world.post(path_of(tag), {"Tag": {}}, rankTo="TOP")
    assert answer.errors == ["Could not set value for Rank: Tag is not ranked."]


async def test_room_is_made_where_it_runs_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Always the same neighbour: each move halves what is left, so in the end the ranks around are spread anew."""
    monkeypatch.setattr(rank, "_WINDOW", 2)
    items = await make_six(world)
    for n in range(200):
        assert not (await move(world, items["ab"[n % 2]], rankAbove=items["d"]["_ref"])).errors
        assert await order(world) == ("bcadef" if n == 0 else "cbadef" if n % 2 == 0 else "cabdef")
    assert await order(world) == "cabdef"
    ranks = [row[0] for row in await world.rows("artifact", "draganddroprank")]
    assert all(rank.number_of(text) is not None for text in ranks)
    versions = {name: (await world.get(path_of(item))).inner["VersionId"] for name, item in items.items()}
    assert {name: version for name, version in versions.items() if name not in "ab"} == dict.fromkeys("cdef", "1")


async def test_ranks_that_were_made_elsewhere_are_taken_in(world: World) -> None:
    """A scenario may state any text as rank: it sorts as it stands, and beside it there is room all the same."""
    items = await make_six(world)

    async def foreign(unit: Any) -> None:
        for name, text in (("a", "P!!$K"), ("b", "P!!$L"), ("c", "P!!$M")):
            unit.writer.update("artifact", {"oid": items[name]["ObjectID"]}, {"draganddroprank": text})

    await world.store.write(foreign)
    assert await order(world) == NAMES
    assert not (await move(world, items["f"], rankAbove=items["b"]["_ref"])).errors
    assert await order(world) == "afbcde"
    assert not (await move(world, items["e"], rankTo="TOP")).errors
    assert await order(world) == "eafbcd"


async def test_any_series_of_moves_gives_the_order_of_a_list(world: World) -> None:
    items = await make_six(world)
    model, dice = list(NAMES), random.Random(5)
    for _ in range(60):
        moved, neighbour = dice.sample(model, 2)
        model.remove(moved)
        match dice.choice(["rankAbove", "rankBelow", "TOP", "BOTTOM"]):
            case "rankAbove":
                model.insert(model.index(neighbour), moved)
                params = {"rankAbove": items[neighbour]["_ref"]}
            case "rankBelow":
                model.insert(model.index(neighbour) + 1, moved)
                params = {"rankBelow": items[neighbour]["_ref"]}
            case "TOP":
                model.insert(0, moved)
                params = {"rankTo": "TOP"}
            case _:
                model.append(moved)
                params = {"rankTo": "BOTTOM"}
        assert not (await move(world, items[moved], **params)).errors
        assert await order(world) == "".join(model)
