"""What a key was used for, on its page: a week by hours, the requests behind it, who would miss it, what it may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.harness import World
from tests.pages.test_keys import KEYS, create, key_path, secret
from tests.visitor import Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


async def use(world: World, value: str, *requests: tuple[str, str], client: str = "nightly import") -> None:
    for method, path in requests:
        await world.call(method, path, {} if method == "POST" else None, key=value, headers={"user-agent": client})
    await world.journal.flush(world.store)


async def test_an_unused_key_says_so(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "idle")
    shown = await visitor.get(key_path(page))
    assert "No request yet" in shown.text
    assert "It was never used" in (await visitor.get(f"{key_path(page)}/delete")).text


async def test_every_figure_leads_to_the_requests_behind_it(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "reader")
    at, value = key_path(page), secret(page)
    await use(world, value, ("GET", "defect"), ("GET", "task"), ("POST", "defect/create"))
    shown = await visitor.get(at)
    assert "2 read" in shown.text
    assert "1 refused" in shown.text
    assert "Monday" in shown.body
    assert shown.body.count('class="level-4"') == 1
    refused = await visitor.get(f"{at}?show=refused")
    assert "defect/create" in refused.text
    assert "read_only_key" in refused.text
    assert "v2.0/task" not in refused.text
    named = await visitor.get(f"{at}?path=TASK")
    assert "v2.0/task" in named.text
    assert "defect/create" not in named.text
    link = shown.body.partition('class="level-4"><a href="')[2].partition("#")[0].replace("&amp;", "&")
    assert "Mondays from" in (await visitor.get(at + link)).text
    assert "No request is like that" in (await visitor.get(f"{at}?day=3&hour=4")).text
    for filter_ in (
        "show=writes",
        "path=nothing",
        "status=5",
        "client=weekly",
        "address=10.",
        "show=reads&status=failed",
    ):
        assert "No request is like that" in (await visitor.get(f"{at}?{filter_}")).text
    both = await visitor.get(f"{at}?show=reads&status=2&client=NIGHT&address=127.&path=v2.0")
    assert ("v2.0/defect" in both.text, "v2.0/task" in both.text, "defect/create" in both.text) == (True, True, False)
    assert both.value("client") == "NIGHT"
    for nonsense in (
        "?day=x&hour=y",
        "?before=x",
        f"?before={'9' * 30}",
        "?day=99&hour=99",
        "?show=nothing",
        "?status=x",
    ):
        assert (await visitor.get(at + nonsense)).status == 200


async def test_the_journal_has_pages(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "busy")
    await use(world, secret(page), *[("GET", f"defect/{n}") for n in range(40)])
    first = await visitor.get(key_path(page))
    assert "Older requests" in first.text
    assert "defect/39 " in first.text
    older = first.body.partition('<a href="?before=')[2].partition('"')[0]
    second = await visitor.get(f"{key_path(page)}?before={older.partition('#')[0]}")
    assert "defect/0 " in second.text
    assert "defect/39 " not in second.text
    assert "Older requests" not in second.text


async def test_who_used_a_key_is_told_before_it_is_stopped(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "shared")
    value = secret(page)
    await use(world, value, ("GET", "defect"), client="old script")
    world.clock.advance(timedelta(days=8))
    await use(world, value, ("GET", "defect"), ("GET", "task"), client="<b>nightly</b>")
    await visitor.log_in("editor")
    for action in ("reset", "disable", "delete"):
        shown = await visitor.get(f"{key_path(page)}/{action}")
        assert "<b>nightly</b> from 127.0.0.1, the last time just now ; 2 requests since 2026-01-13" in shown.text
        assert "<b>nightly" not in shown.body
        assert "old script" not in shown.text


async def test_what_a_key_may_do_is_counted(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "counted", full=True)
    may = (await visitor.get(key_path(page))).text.replace(" ,", ",")
    seen = {"Engines", "Pistons"}
    assert "Reads 2 projects, writes 2" in may
    assert all(name in may for name in seen)
    await visitor.submit(await visitor.get(f"{key_path(page)}/disable"))
    assert "At present it is refused: it is disabled ( key_suspended )" in (await visitor.get(key_path(page))).text
    reader = await create(visitor, "reader")
    assert "writes none" in (await visitor.get(key_path(reader))).text


async def test_an_ended_key_keeps_its_journal(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "ended")
    await use(world, secret(page), ("GET", "defect"))
    await visitor.submit(await visitor.get(f"{key_path(page)}/delete"), DisplayName="ended")
    shown = await visitor.get(key_path(page))
    assert "v2.0/defect" in shown.text
    assert "Reads" not in shown.text.partition("Activity")[0].partition("What it may do")[2]


async def test_a_busy_keys_page_costs_as_many_statements_as_an_idle_ones(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "busy")
    idle = key_path(await create(visitor, "idle"))
    await use(world, secret(page), *[("GET", f"defect/{n}") for n in range(30)])
    assert await cost(world, visitor, key_path(page)) == await cost(world, visitor, idle)


async def test_a_long_list_costs_as_many_statements_as_a_short_one(visitor: Visitor, world: World) -> None:
    await visitor.log_in("admin")
    before = await cost(world, visitor, f"{KEYS}?of=all")
    for n in range(5):
        await create(visitor, f"key {n}")
    assert await cost(world, visitor, f"{KEYS}?of=all") == before


async def cost(world: World, visitor: Visitor, path: str) -> int:
    """Count the statements of a page."""
    ran: list[int] = []
    plain = world.store.read

    async def counting(work: Any) -> Any:
        async def counted(unit: Any) -> Any:
            before = unit.queries
            result = await work(unit)
            ran.append(unit.queries - before)
            return result

        return await plain(counted)

    world.store.read = counting
    try:
        assert (await visitor.get(path)).status == 200
    finally:
        world.store.read = plain
    return sum(ran)
