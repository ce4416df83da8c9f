"""Rules of the newest: last results of test cases, last builds of build definitions (object-model.md 6)."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.api.test_rules_blocking import now
from tests.api.test_rules_figures import figures, result
from tests.api.test_rules_states import change, path_of
from tests.harness import World

LAST = ("LastVerdict", "LastBuild", "LastRun")


async def last(world: World, case: dict[str, Any]) -> tuple[Any, ...]:
    found = await now(world, case)
    latest = found["LastResult"]
    return *figures(found, "LastVerdict", "LastBuild"), latest and latest["_ref"]


async def test_the_newest_result_by_date_is_the_last_one(world: World) -> None:
    case = await world.make("TestCase", Name="c")
    assert figures(case, *LAST, "LastResult") == (None, None, None, None)
    second = await result(world, case, "Pass", 2)
    assert await last(world, case) == ("Pass", "b2", second["_ref"])
    assert (await now(world, case))["LastRun"] == "2026-01-02T08:00:00.000Z"
    first = await result(world, case, "Fail", 1)
    assert await last(world, case) == ("Pass", "b2", second["_ref"]), "it came later and is older"
    await change(world, second, Verdict="Error", Build="x")
    assert await last(world, case) == ("Error", "x", second["_ref"])
    await change(world, first, Date="2026-01-03T08:00:00.000Z")
    assert await last(world, case) == ("Fail", "b1", first["_ref"])
    await world.delete(path_of(first))
    assert await last(world, case) == ("Error", "x", second["_ref"])
    await world.delete(path_of(second))
    assert await last(world, case) == (None, None, None)


async def test_a_result_that_changes_test_case_counts_there(world: World) -> None:
    one, two = [await world.make("TestCase", Name=name) for name in ("one", "two")]
    moved = await result(world, one, "Pass", 1)
    await change(world, moved, TestCase=two["_ref"])
    assert await last(world, one) == (None, None, None)
    assert await last(world, two) == ("Pass", "b1", moved["_ref"])


async def test_results_are_of_the_work_product_of_their_test_case(world: World) -> None:
    story, defect = [await world.make(kind, Name="x") for kind in ("HierarchicalRequirement", "Defect")]
    case = await world.make("TestCase", Name="c", WorkProduct=story["_ref"])
    made = await result(world, case, "Pass", 1)
    assert made["WorkProduct"]["_ref"] == story["_ref"]
    await change(world, case, WorkProduct=defect["_ref"])
    assert (await now(world, made))["WorkProduct"]["_ref"] == defect["_ref"]


async def test_results_that_come_at_once_leave_the_newest(world: World) -> None:
    case = await world.make("TestCase", Name="c")
    made = await asyncio.gather(*(result(world, case, "Pass", day) for day in (3, 1, 4, 2)))
    newest = next(row for row in made if row["Build"] == "b4")
    assert await last(world, case) == ("Pass", "b4", newest["_ref"])


async def test_the_last_build_is_the_one_that_started_last(world: World) -> None:
    definition = await world.make("BuildDefinition", Name="ci", Project=f"/project/{world.ids['engines']}")
    assert (definition["LastBuild"], definition["LastStatus"]) == (None, "NO BUILDS")

    async def build(day: int, **more: Any) -> dict[str, Any]:
        start = f"2026-01-{day:02}T08:00:00.000Z"
        return await world.make("Build", BuildDefinition=definition["_ref"], Start=start, Number=str(day), **more)

    async def last_build() -> tuple[Any, ...]:
        found = await now(world, definition)
        return found["LastBuild"] and found["LastBuild"]["_ref"], found["LastStatus"]

    second = await build(2)
    assert second["Status"] == "UNKNOWN"
    assert await last_build() == (second["_ref"], "UNKNOWN")
    first = await build(1, Status="FAILURE")
    assert await last_build() == (second["_ref"], "UNKNOWN")
    await change(world, second, Status="SUCCESS")
    assert await last_build() == (second["_ref"], "SUCCESS")
    await world.delete(path_of(second))
    assert await last_build() == (first["_ref"], "FAILURE")
    await world.delete(path_of(first))
    assert await last_build() == (None, "NO BUILDS")
