"""Attachments in the browser: taken in, given out without harm, removed; by who may, for who sees the item."""

from __future__ import annotations

from typing import Any

import pytest

from banneret.operations.contents import PIECE
from tests.harness import World
from tests.visitor import Page, Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
async def defect(world: World) -> dict[str, Any]:
    return await world.make("Defect", Name="Pump leaks", Project=f"/project/{world.ids['engines']}")


def path(item: dict[str, Any], end: str = "") -> str:
    return f"/items/{item['FormattedID']}{end}"


async def attach(visitor: Visitor, item: dict[str, Any], name: str, kind: str, content: bytes) -> Page:
    token = (await visitor.get(path(item))).value("token")
    return await visitor.upload(path(item, "/attachments"), {"token": token}, (name, kind, content))


def address(page: Page) -> str:
    return "/items/attachments/" + page.body.partition('href="/items/attachments/')[2].partition('"')[0]


@pytest.mark.parametrize("size", [1, 5, PIECE, 6 * PIECE + 7])
async def test_a_file_is_attached_and_comes_back_as_it_was(
    visitor: Visitor, world: World, defect: dict[str, Any], size: int
) -> None:
    content = bytes(number % 100 + 20 for number in range(size))
    await visitor.log_in("editor")
    page = await attach(visitor, defect, "notes.txt", "text/plain", content)
    assert page.path.partition("#")[0] == path(defect), page.text
    assert "notes.txt" in page.text
    assert "Editor" in page.text
    got = await visitor.get(address(page))
    same = got.body.encode() == content
    assert same  # a difference would take pytest long to show
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    (stored,) = (await world.get(f"defect/{defect['ObjectID']}/Attachments?fetch=Name,Size,ContentType")).results
    assert (stored["Name"], stored["Size"], stored["ContentType"]) == ("notes.txt", size, "text/plain")


@pytest.mark.parametrize(
    ("name", "kind"), [("x.html", "text/html"), ("x.svg", "image/svg+xml"), ("../../x", "nonsense")]
)
async def test_what_could_act_is_saved_and_not_shown(
    visitor: Visitor, defect: dict[str, Any], name: str, kind: str
) -> None:
    await visitor.log_in("editor")
    got = await visitor.get(address(await attach(visitor, defect, name, kind, b"<script>alert(1)</script>")))
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "/" not in got.headers["content-disposition"]


async def test_nothing_and_too_much_are_told_beside_the_field(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    await visitor.log_in("editor")
    assert "Choose a file." in (await attach(visitor, defect, "", "text/plain", b"")).beside("File")
    assert "The file is empty." in (await attach(visitor, defect, "x.txt", "text/plain", b"")).beside("File")
    page = await attach(visitor, defect, "x.bin", "application/octet-stream", bytes(50 * 1024 * 1024 + 1))
    assert "larger than 50 MB" in page.beside("File")
    assert (await attach(visitor, defect, "x.bin", "application/octet-stream", bytes(52 * 1024 * 1024))).status == 413
    assert await world.rows("content", "id") == []


async def test_who_may_not_edit_attaches_and_removes_nothing(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    editor = Visitor(world)
    await editor.log_in("editor")
    page = await attach(editor, defect, "notes.txt", "text/plain", b"secret")
    oid = address(page).split("/")[3]
    await visitor.log_in("viewer")
    shown = await visitor.get(path(defect))
    assert "notes.txt" in shown.text
    assert 'name="File"' not in shown.body
    token = (await visitor.get("/settings/access")).value("token")
    for answer in (
        await visitor.upload(path(defect, "/attachments"), {"token": token}, ("more.txt", "text/plain", b"more")),
        await visitor.post(path(defect, "/attachments"), {"token": token, "remove": oid}),
    ):
        assert answer.status in {403, 422}
        assert "You may not" in answer.text
    assert len(await world.rows("content", "id")) == 1
    stranger = Visitor(world)
    await stranger.log_in("stranger")
    assert (await stranger.get(address(page))).status == 404
    assert (await visitor.get(address(page))).body == "secret"
    await editor.post(path(defect, "/attachments"), {"token": page.value("token"), "remove": oid})
    assert (await editor.get(address(page))).status == 404
