"""The theme: chosen once, there on every page and every browser, before scripts and without them (interface.md)."""

from __future__ import annotations

import pytest

from tests.harness import World
from tests.visitor import Page, Visitor

BROWSER = {"accept": "text/html"}


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world, headers=dict(BROWSER))


def theme(page: Page) -> str:
    tag = page.body.partition("<html")[2].partition(">")[0]
    return tag.partition('data-theme="')[2].partition('"')[0] or "system"


async def test_a_user_chooses_once_for_all_his_browsers(visitor: Visitor, world: World) -> None:
    page = await visitor.log_in("editor")
    assert theme(page) == "system"
    page = await visitor.submit(page, into="next", theme="dark")
    assert (page.path, theme(page)) == ("/login/accounts/keys", "dark")
    assert (theme(await visitor.get("/settings")), theme(await visitor.get("/nosuch"))) == ("dark", "dark")
    other = Visitor(world)
    assert theme(await other.log_in("editor")) == "dark"
    assert other.cookies["banneret-theme"] == "dark"
    page = await other.submit(await other.get("/settings/appearance"), into="shortcuts_form", theme="system")
    assert (theme(page), "banneret-theme" in other.cookies) == ("system", False)
    page = await visitor.get("/settings")
    assert (theme(page), "banneret-theme" in visitor.cookies) == ("system", False)


async def test_a_strangers_browser_keeps_the_choice(visitor: Visitor) -> None:
    page = await visitor.get("/nosuch")
    page = await visitor.submit(page, into="next", theme="light")
    assert theme(page) == "light"
    assert theme(await visitor.get("/neither")) == "light"


async def test_the_account_menu_leaves_the_keys_as_they_are(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await visitor.submit(await visitor.get("/settings/appearance"), into="shortcuts_form", shortcuts=None)
    assert 'data-shortcuts="off"' in page.body
    page = await visitor.submit(page, into="next", theme="dark")
    assert theme(page) == "dark"
    assert 'data-shortcuts="off"' in page.body
    page = await visitor.submit(page, into="shortcuts_form", shortcuts="on", theme="dark")
    assert 'data-shortcuts="off"' not in page.body


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/\\evil.test"])
async def test_a_choice_never_leads_to_another_site(visitor: Visitor, target: str) -> None:
    page = await visitor.log_in("editor")
    assert (await visitor.submit(page, into="next", theme="dark", next=target)).path == "/login/accounts/keys"
    assert (await visitor.post("/theme", {"theme": "dark", "next": target})).path == "/login/accounts/keys"


async def test_another_site_changes_nothing(visitor: Visitor) -> None:
    page = await visitor.log_in("editor")
    visitor.headers["origin"] = "https://evil.test"
    await visitor.submit(page, into="next", theme="dark")
    refused = await visitor.post("/theme", {"theme": "dark"})
    assert refused.status == 403
    assert "banneret-theme" not in visitor.cookies
    del visitor.headers["origin"]
    assert theme(await visitor.get("/settings")) == "system"


async def test_what_is_no_theme_is_none(visitor: Visitor) -> None:
    page = await visitor.log_in("editor")
    page = await visitor.submit(page, into="next", theme='dark" onload="alert(1)')
    assert theme(page) == "system"
    assert "onload" not in page.body
