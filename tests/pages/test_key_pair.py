"""Two keys in one go, one to read and one to write (KB 98242; behaviours C3)."""

from __future__ import annotations

import pytest

from banneret.operations.context import Context
from tests.harness import World
from tests.pages.test_keys import KEY, KEYS, status
from tests.visitor import Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


async def test_c3_a_pair_is_made_in_one_go_and_shown_once(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/pair")
    page = await visitor.submit(form, DisplayName="sync", Expires="90")
    reader, writer = dict.fromkeys(KEY.findall(page.body))
    assert page.headers["cache-control"] == "no-store"
    assert reader not in page.path
    assert (await status(world, reader), await status(world, reader, "POST")) == (200, 401)
    assert (await status(world, writer), await status(world, writer, "POST")) == (200, 200)
    for snippet in ("curl -H", "from pyral import Rally", "require('rally')", "RallyRestJson.new", "new RallyRestApi"):
        assert snippet in page.text
    assert not KEY.search((await visitor.get(page.path)).body)
    listed = (await visitor.get(KEYS)).text
    assert "sync, read" in listed
    assert "sync, write" in listed
    again = await visitor.submit(form, DisplayName="sync")
    assert again.path == page.path
    assert not KEY.search(again.body)
    assert len(await world.rows("api_key", "oid", display_name="sync, read")) == 1


async def test_a_pair_that_is_refused_leaves_neither(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/pair")
    before = len(await world.rows("api_key", "oid"))
    for name, said in (("", "Display Name is needed."), ("x" * 251, "more than 256")):
        refused = await visitor.submit(form, DisplayName=name)
        assert said in refused.beside("DisplayName")
        assert refused.value("DisplayName") == name
    assert len(await world.rows("api_key", "oid")) == before


async def test_b5_a_viewer_is_offered_no_pair(visitor: Visitor) -> None:
    await visitor.log_in("viewer")
    page = await visitor.get(f"{KEYS}/pair")
    assert "a key of yours cannot write" in page.text
    assert "A viewer cannot create a Full Access key." in (await visitor.submit(page, DisplayName="sync")).text


async def test_the_first_visit_teaches(visitor: Visitor, world: World) -> None:
    await visitor.log_in("stranger")

    async def clear(context: Context) -> None:
        context.unit.writer.delete("api_key", {"user_oid": world.ids["stranger"]})

    await world.server(clear)
    page = await visitor.get(KEYS)
    assert "No keys yet" in page.text
    assert "A read-only key is the safe way to start" in page.text
    assert f'href="{KEYS}/pair"' in page.body
