"""Keys at rest, ended, reset by an administrator, and what a late Continue asks for (access.md 1.6)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from banneret.operations.context import Context
from tests.harness import PASSWORD, World
from tests.pages.test_keys import KEY, KEYS, create, key_path, secret, status
from tests.signing_on import flag_user
from tests.visitor import Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


async def test_a_key_is_disabled_and_enabled(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    value = secret(page)
    shown = await visitor.submit(await visitor.get(f"{key_path(page)}/disable"))
    assert "Disabled just now by Editor" in shown.text
    assert await status(world, value) == 401
    assert "disabled" in (await visitor.get(KEYS)).text
    shown = await visitor.submit(shown)
    assert await status(world, value) == 200
    assert "Disabled just now by" not in shown.text
    assert [words in shown.text for words in ("Enabled", "Disabled", "Created as Read-Only")] == [True, True, True]


async def test_what_an_administrator_disabled_its_user_does_not_enable(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    admin = Visitor(world)
    await admin.log_in("admin")
    shown = await admin.submit(await admin.get(f"{key_path(page)}/disable"))
    refused = await visitor.submit(await visitor.get(key_path(page)))
    assert refused.status == 422
    assert "only an administrator enables it" in refused.text
    assert await status(world, secret(page)) == 401
    await admin.submit(shown)
    assert await status(world, secret(page)) == 200


async def test_ended_keys_stay_in_the_list_for_a_month(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    await visitor.submit(await visitor.get(f"{key_path(page)}/delete"), DisplayName="importer")
    assert "Ended in the last 30 days" in (await visitor.get(KEYS)).text
    assert "importer" not in (await visitor.get(f"{KEYS}.csv")).body
    world.clock.advance(timedelta(days=31))
    await visitor.log_in("editor")
    assert "importer" not in (await visitor.get(KEYS)).text
    assert (await visitor.get(key_path(page))).status == 404


async def test_cards_count_what_is_worth_a_look_and_filter(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/create")
    ending = secret(await visitor.submit(form, DisplayName="ending", Expires="365"))
    await status(world, ending)
    await world.usage.flush(world.store, everything=True)
    shown = await visitor.get(f"{KEYS}?show=endless")
    assert "ending" not in shown.text
    assert "2 never expire" in shown.text
    assert "editor full" in shown.text
    assert "ending" not in (await visitor.get(f"{KEYS}?show=unused")).text
    assert "is among those" in (await visitor.get(f"{KEYS}?show=idle")).text
    world.clock.advance(timedelta(days=91))
    await visitor.log_in("editor")
    assert "3 idle for 90 days" in (await visitor.get(f"{KEYS}?show=idle")).text
    assert "ending" in (await visitor.get(f"{KEYS}.csv?show=idle")).body
    assert "ending" not in (await visitor.get(f"{KEYS}.csv?show=unused")).body


async def test_the_list_sorts_both_ways(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    for name in ("beta", "alpha"):
        await create(visitor, name)
    up, down = [(await visitor.get(f"{KEYS}?sort={sort}")).text for sort in ("name", "-name")]
    assert up.index("alpha") < up.index("beta")
    assert down.index("beta") < down.index("alpha")


# ---------------------------------------------------------------------- an administrator's reset


async def test_what_an_administrator_reset_its_user_opens_at_the_next_log_in(visitor: Visitor, world: World) -> None:
    """access.md 1.6: the old value dies at once, nobody sees the new one but its user, once."""
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    old = secret(page)
    admin = Visitor(world)
    await admin.log_in("admin")
    shown = await admin.submit(await admin.get(f"{key_path(page)}/reset"))
    assert not KEY.search(shown.body)
    assert "no value until" in shown.text
    assert await status(world, old) == 401
    assert (await admin.get(f"{key_path(page)}/secret")).text.startswith("Application Manager")
    assert not KEY.search((await admin.get(f"{key_path(page)}/secret")).body)
    later = Visitor(world)
    waiting = await later.log_in("editor")
    assert waiting.path.startswith(f"{KEYS}/waiting")
    assert "A key of yours was reset" in waiting.text
    assert "reset, not opened yet" in (await later.get(KEYS)).text
    opened = await later.submit(await later.get(f"{key_path(page)}/reset"))
    new = secret(opened)
    assert await status(world, new) == 200
    assert not KEY.search((await later.get(opened.path)).body)
    assert (await Visitor(world).log_in("editor")).path == KEYS


async def test_the_page_after_a_log_in_leads_nowhere_else(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    for target in ("https://evil.test/", "//evil.test", "javascript:alert(1)"):
        page = await visitor.get(f"{KEYS}/waiting?next={target}")
        assert not re.search(r'href="[^"]*(evil|javascript)', page.body)
    assert 'href="/settings"' in (await visitor.get(f"{KEYS}/waiting?next=/settings")).body.partition("<main")[2]


async def test_a_value_waits_a_quarter_of_an_hour_for_its_page(visitor: Visitor, world: World) -> None:
    """access.md 1.6."""
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/create")
    fields = {**form.forms[-1][2], "DisplayName": "late"}
    await visitor._send("POST", f"{KEYS}/create", "&".join(f"{k}={v}" for k, v in fields.items()).encode(), 0)
    oid = max(row[0] for row in await world.rows("api_key", "oid"))
    world.clock.advance(timedelta(minutes=15, seconds=1))
    assert not KEY.search((await visitor.get(f"{KEYS}/{oid}/secret")).body)


# ---------------------------------------------------------------------- a late reset


async def test_a_reset_long_after_the_log_in_asks_to_log_in_again(visitor: Visitor, world: World) -> None:
    """access.md 1.6: 15 minutes."""
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    old = secret(page)
    assert (await visitor.get(f"{key_path(page)}/reset")).path.endswith("/reset")
    world.clock.advance(timedelta(minutes=15, seconds=1))
    asked = await visitor.get(f"{key_path(page)}/reset")
    assert asked.path.startswith("/login?")
    assert (await visitor.get(f"{key_path(page)}/edit")).path.endswith("/edit")
    assert await status(world, old) == 200
    back = await visitor.submit(asked, UserName="editor@acme.test", Password=PASSWORD)
    assert back.path == f"{key_path(page)}/reset"
    assert await status(world, secret(await visitor.submit(back))) == 200
    assert await status(world, old) == 401


# ---------------------------------------------------------------------- what happens meanwhile


async def test_a_key_deleted_while_it_is_edited_is_told_so(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    forms = [await visitor.get(f"{key_path(page)}/{action}") for action in ("edit", "reset", "disable", "delete")]
    admin = Visitor(world)
    await admin.log_in("admin")
    await admin.submit(await admin.get(f"{key_path(page)}/delete"), DisplayName="importer")
    for form in forms:
        gone = await visitor.submit(form, DisplayName="importer")
        assert gone.status == 404
        assert "It is not there any more" in gone.text
    assert await status(world, secret(page)) == 401


async def test_back_after_the_secret_shows_no_secret(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    assert page.headers["cache-control"] == "no-store"
    assert KEY.search(page.body)
    assert not KEY.search((await visitor.get(page.path)).body)


async def test_a_reset_that_is_sent_twice_resets_once(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    form = await visitor.get(f"{key_path(page)}/reset")
    value = secret(await visitor.submit(form))
    assert not KEY.search((await visitor.submit(form)).body)
    assert await status(world, value) == 200


async def test_a_user_demoted_meanwhile_makes_no_key_that_writes(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer", full=True)
    form, pair = await visitor.get(f"{KEYS}/create"), await visitor.get(f"{KEYS}/pair")

    async def demote(context: Context) -> None:
        for (oid,) in await context.unit.writer.fetch("userpermission", {"user_oid": world.ids["editor"]}, ["oid"]):
            context.unit.writer.update("userpermission", {"oid": oid}, {"role": "Viewer"})
        await context.unit.touch()

    await world.server(demote)
    refused = await visitor.submit(form, DisplayName="late", FullAccess="on")
    assert (refused.status, refused.beside("FullAccess")) == (422, "A viewer cannot create a Full Access key.")
    refused = await visitor.submit(pair, DisplayName="late")
    assert "A viewer cannot create a Full Access key." in refused.text
    assert await world.rows("api_key", "oid", display_name="late") == []
    assert await world.rows("api_key", "oid", display_name="late, read") == []
    assert await status(world, secret(page)) == 200


async def test_a_user_disabled_meanwhile_is_sent_to_log_in(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/create")
    await flag_user(world, "editor", disabled=True)
    assert (await visitor.submit(form, DisplayName="late")).path.startswith("/login")
    assert await world.rows("api_key", "oid", display_name="late") == []


async def test_an_administrator_demoted_meanwhile_sees_his_own_keys(visitor: Visitor, world: World) -> None:
    await visitor.log_in("admin")
    assert "editor full" in (await visitor.get(f"{KEYS}?of=all")).text
    await flag_user(world, "admin", subscriptionadmin=False)
    assert "editor full" not in (await visitor.get(f"{KEYS}?of=all")).text
    assert "editor full" not in (await visitor.get(f"{KEYS}.csv?of=all")).body
