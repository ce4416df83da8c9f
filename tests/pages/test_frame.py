"""The frame around pages: where its header leads, for whom, and what is shown where there is no page (issue 4)."""

from __future__ import annotations

import re

import pytest

from banneret.access.roles import Permissions
from banneret.manager.rooms import ROOMS
from banneret.web.frame import Frame, Room, entries
from tests.harness import World
from tests.visitor import HOST, Page, Visitor

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world, headers=dict(BROWSER))


def rooms_of(page: Page) -> list[str]:
    nav = page.body.partition('<nav aria-label="Banneret">')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]+)"', nav)


async def test_every_room_of_the_header_answers(visitor: Visitor) -> None:
    """A link leads to what the build has; the documentation stands outside of the pages and has tests of its own."""
    page = await visitor.log_in("admin")
    assert rooms_of(page) == [room.address for room in ROOMS]
    for address in rooms_of(page):
        if not address.startswith("/slm/"):
            assert (await visitor.get(address)).status == 200, address


async def test_a_room_is_shown_to_whom_it_admits(visitor: Visitor, world: World) -> None:
    room = Room("Vault", "/vault/", "/vault", "v", admits=lambda held: held.subscription_admin)
    visitor.app._site.visits.rooms = (room, *ROOMS)
    assert "/vault/" in rooms_of(await visitor.log_in("admin"))
    assert "/vault/" not in rooms_of(await visitor.log_in("editor"))


async def test_the_room_of_a_page_is_marked(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/login/accounts/keys/create")
    assert '<a href="/login/accounts/" aria-current="true"' in page.body
    assert 'aria-current="true"' not in (await visitor.get("/settings")).body


async def test_each_page_has_a_title_of_its_own_one_main_part_and_a_way_past_the_header(visitor: Visitor) -> None:
    await visitor.log_in("admin")
    titles = []
    for path in (
        "/login/accounts/keys",
        "/login/accounts/keys/create",
        "/login/accounts/clients",
        "/settings",
        "/nosuch",
    ):
        page = await visitor.get(path)
        titles.append(page.body.partition("<title>")[2].partition("</title>")[0])
        assert (page.body.count("<main"), page.body.count("<h1")) == (1, 1)
        assert page.body.index('href="#main"') < page.body.index("<header")
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nosuch", "GET", 404),
        ("/login/accounts/keys/1", "GET", 404),
        ("/logout", "GET", 405),
        ("/settings", "POST", 405),
    ],
)
async def test_who_has_logged_in_finds_the_way_out_of_a_dead_end(
    visitor: Visitor, path: str, method: str, status: int
) -> None:
    await visitor.log_in("editor")
    page = await (visitor.get(path) if method == "GET" else visitor.post(path, {}))
    assert page.status == status
    assert rooms_of(page)
    assert page.headers["cache-control"] == "no-store"
    visitor.cookies.clear()
    if path == "/nosuch":
        page = await visitor.get(path)
        assert (page.status, rooms_of(page)) == (404, [])


async def test_programs_get_no_page_where_there_is_none(visitor: Visitor) -> None:
    visitor.headers["accept"] = "*/*"
    for path, status, text in (("/nosuch", 404, "Not Found"), ("/logout", 405, "Method Not Allowed")):
        page = await visitor.get(path)
        assert (page.status, page.body) == (status, text)
    assert "/slm/webservice/v2.0/" in (await visitor.get("/")).body
    visitor.headers |= BROWSER
    assert (await visitor.get("/")).path.startswith("/login?")


async def test_a_form_too_large_is_refused_in_the_frame(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await visitor.post("/login/accounts/keys/create", {"DisplayName": "x" * 1_100_000})
    assert page.status == 413
    assert rooms_of(page)


async def test_a_failure_of_ours_says_nothing_of_itself_and_keeps_the_ways_out(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.log_in("editor")

    async def fail(*_: object) -> None:
        message = "secret-detail"
        raise RuntimeError(message)

    monkeypatch.setattr("banneret.operations.keys.listed", fail)
    page = await visitor.get("/login/accounts/keys")
    assert (page.status, "secret-detail" in page.body) == (500, False)
    assert rooms_of(page)
    assert page.headers["content-security-policy"]
    # A database that does not answer takes the ways out along, but not the page.
    monkeypatch.setattr(type(visitor.world.store), "read", fail)
    page = await visitor.get("/login/accounts/keys")
    assert (page.status, rooms_of(page)) == (500, [])
    assert "Something failed here" in page.text
    visitor.headers["accept"] = "*/*"
    assert "HTTP ERROR 500" in (await visitor.get("/login/accounts/keys")).body


async def test_the_documentation_knows_who_has_logged_in(world: World, visitor: Visitor) -> None:
    """The session of the pages reads the documentation, and nothing else of WSAPI."""
    await visitor.log_in("editor")
    cookie = f"banneret={visitor.cookies['banneret']}"
    answer = await world.call("GET", "/slm/doc/webservice/", headers={"cookie": cookie, "host": HOST[7:]})
    body = answer.body.decode()
    assert "/logout" in body
    assert '<a href="/slm/doc/webservice/" aria-current="true"' in body
    answer = await world.call("GET", "/slm/doc/webservice/")
    assert b"/logout" not in answer.body
    assert (await world.call("GET", "user", headers={"cookie": cookie})).status == 401


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ada Root", "AR"), ("Ada", "A"), ("ada@acme.test", "AT"), ("Ana de la Cruz", "AC"), ("", "?"), ("...", "?")],
)
def test_initials_stand_for_a_name(name: str, initials: str) -> None:
    assert Frame(name, "", "", ()).initials == initials


def test_a_room_has_a_letter_of_its_own() -> None:
    letters = [room.letter for room in ROOMS]
    assert len(set(letters)) == len(letters)
    assert entries(ROOMS, Permissions(), "/")
