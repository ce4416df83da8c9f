"""The API Keys tab (A1-A5, A9, A10, B4-B6, C1-C3, E1, E2; access.md 1.16)."""

from __future__ import annotations

import csv
import io
import re

import pytest

from banneret.manager.key_list import as_csv
from banneret.manager.messages import KEYS_DISABLED
from banneret.manager.one_key import VIEWER_REFUSED
from tests.harness import World
from tests.signing_on import settings
from tests.visitor import Page, Visitor

KEY = re.compile(r"_BK[0-9A-Za-z]{41}")
KEYS = "/login/accounts/keys"


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


async def create(visitor: Visitor, name: str, *, full: bool = False) -> Page:
    page = await visitor.get(f"{KEYS}/create")
    return await visitor.submit(page, DisplayName=name, FullAccess="on" if full else None)


def secret(page: Page) -> str:
    found = KEY.search(page.body)
    assert found, page.text
    return found[0]


def key_path(page: Page) -> str:
    return page.path.rpartition("/")[0]


async def status(world: World, value: str, method: str = "GET") -> int:
    path = "defect?pagesize=1" if method == "GET" else "defect/create"
    body = (
        None
        if method == "GET"
        else {"Defect": {"Name": "made with a key", "Project": f"/project/{world.ids['engines']}"}}
    )
    return (await world.call(method, path, body, key=value)).status


async def test_e1_a_key_is_made_shown_once_and_works(visitor: Visitor, world: World) -> None:
    """Avatar, My Settings, Access, API Key, Create, Display Name, Full Access, Save, copied, Close."""
    await visitor.log_in("editor")
    assert (await visitor.get("/settings/access/api-keys")).path == KEYS
    page = await create(visitor, "nightly import", full=True)
    value = secret(page)
    assert page.path.endswith("/secret")
    assert page.headers["cache-control"] == "no-store"
    assert value not in page.path
    assert await status(world, value) == 200
    assert await status(world, value, "POST") == 200
    for path in (page.path, key_path(page), KEYS, f"{KEYS}.csv"):
        assert value not in (await visitor.get(path)).body
    assert "was shown once" in (await visitor.get(page.path)).text


async def test_c1_a_key_reads_only_unless_asked_otherwise(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "dashboard")
    value = secret(page)
    assert (await status(world, value), await status(world, value, "POST")) == (200, 401)
    edit = await visitor.get(f"{key_path(page)}/edit")
    assert edit.value("DisplayName") == "dashboard"
    await visitor.submit(edit, DisplayName="importer", FullAccess="on")
    assert await status(world, value, "POST") == 200
    shown = await visitor.get(key_path(page))
    assert "importer" in shown.text
    assert "Full Access" in shown.text
    await visitor.submit(await visitor.get(f"{key_path(page)}/edit"), FullAccess=None)
    assert await status(world, value, "POST") == 401


async def test_e2_reset_gives_a_new_value_and_ends_the_old_one(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    old = secret(page)
    shown = await visitor.submit(await visitor.get(f"{key_path(page)}/reset"))
    new = secret(shown)
    assert new != old
    assert key_path(shown) == key_path(page)
    assert (await status(world, old), await status(world, new)) == (401, 200)
    assert "just now" in (await visitor.get(key_path(page))).text


async def test_a5_a_deleted_key_is_gone(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    value = secret(page)
    confirm = await visitor.get(f"{key_path(page)}/delete")
    refused = await visitor.submit(confirm, DisplayName="imported")
    assert (refused.status, refused.beside("DisplayName")) == (422, "This is not the name of the key.")
    assert refused.value("DisplayName") == "imported"
    assert await status(world, value) == 200
    assert (await visitor.submit(confirm, DisplayName=" importer ")).path == KEYS
    assert await status(world, value) == 401
    for action in ("/edit", "/reset", "/disable", "/enable", "/delete", "/secret"):
        assert (await visitor.get(key_path(page) + action)).status == (200 if action == "/enable" else 404)
    assert "Deleted just now by Editor" in (await visitor.get(key_path(page))).text


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Display Name is needed."), ("  ", "Display Name is needed."), ("x" * 257, "has more than 256")],
)
async def test_a_bad_name_is_told_beside_its_field_and_nothing_is_lost(visitor: Visitor, name: str, said: str) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, name, full=True)
    assert page.status == 422
    assert said in page.beside("DisplayName")
    assert page.value("DisplayName") == name
    assert page.value("FullAccess") == "on"
    assert "editor full" in (await visitor.get(KEYS)).text


async def test_b5_a_viewer_makes_reading_keys_only(visitor: Visitor, world: World) -> None:
    await visitor.log_in("viewer")
    page = await create(visitor, "mine", full=True)
    assert page.beside("FullAccess") == VIEWER_REFUSED
    page = await visitor.submit(page, FullAccess=None)
    assert await status(world, secret(page)) == 200
    refused = await visitor.submit(await visitor.get(f"{key_path(page)}/edit"), FullAccess="on")
    assert refused.beside("FullAccess") == VIEWER_REFUSED
    await visitor.log_in("editor")
    assert secret(await create(visitor, "mine", full=True))


async def test_a9_an_administrator_has_all_keys_and_others_their_own(visitor: Visitor, world: World) -> None:
    editor = Visitor(world)
    await editor.log_in("editor")
    page = await create(editor, "editor's own")
    value = secret(page)
    await visitor.log_in("viewer")
    assert "editor's own" not in (await visitor.get(f"{KEYS}?of=all")).text
    for action in ("", "/edit", "/reset", "/delete"):
        assert (await visitor.get(key_path(page) + action)).status == 404
        refused = await visitor.post(key_path(page) + (action or "/delete"), {"DisplayName": "editor's own"})
        assert refused.status in {403, 404, 405, 422}
    assert await status(world, value) == 200
    await visitor.log_in("admin")
    assert "editor's own" in (await visitor.get(f"{KEYS}?of=all")).text
    assert "editor's own" not in (await visitor.get(KEYS)).text
    reset = await visitor.submit(await visitor.get(f"{key_path(page)}/reset"))
    assert not KEY.search(reset.body)
    assert await status(world, value) == 401
    await visitor.submit(await visitor.get(f"{key_path(page)}/delete"), DisplayName="editor's own")
    assert "Deleted just now by Admin" in (await editor.get(key_path(page))).text


async def test_a10_disabled_keys_can_be_deleted_and_nothing_else(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "importer")
    value = secret(page)
    doomed = await create(visitor, "doomed")
    form = await visitor.get(f"{KEYS}/create")
    await settings(world, ApiKeysEnabled=False)
    assert await status(world, value) == 401
    assert KEYS_DISABLED in (await visitor.get(KEYS)).text
    for path in (f"{KEYS}/create", f"{key_path(page)}/edit", f"{key_path(page)}/reset"):
        refused = await visitor.get(path)
        assert refused.status == 403
        assert KEYS_DISABLED in refused.text
    assert KEYS_DISABLED in (await visitor.submit(form, DisplayName="late")).text
    listed = (await visitor.get(KEYS)).text
    assert "Edit" not in listed
    assert "Create New API Key" not in listed
    await visitor.submit(await visitor.get(f"{key_path(doomed)}/delete"), DisplayName="doomed")
    assert "Deleted just now by Editor" in (await visitor.get(key_path(doomed))).text
    await settings(world, ApiKeysEnabled=True)
    assert await status(world, value) == 200
    assert await status(world, secret(doomed)) == 401


async def test_a_form_that_is_sent_twice_makes_one_key(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/create")
    first = await visitor.submit(form, DisplayName="once")
    second = await visitor.submit(form, DisplayName="once")
    assert first.path == second.path
    assert KEY.search(first.body)
    assert not KEY.search(second.body)
    assert (await visitor.get(KEYS)).text.count("once") == 1


async def test_two_tabs_make_two_keys(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    one, two = [await visitor.get(f"{KEYS}/create") for _ in range(2)]
    assert secret(await visitor.submit(one, DisplayName="one")) != secret(await visitor.submit(two, DisplayName="two"))


async def test_a_form_without_its_token_or_from_elsewhere_does_nothing(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/create")
    for token in (None, "", "x" * 64):
        page = await visitor.submit(form, DisplayName="typed", token=token)
        assert page.status == 422
        assert "send it again" in page.text
        assert page.value("DisplayName") == "typed"
    visitor.headers["origin"] = "https://evil.test"
    assert "came from another site" in (await visitor.submit(form, DisplayName="typed")).text
    del visitor.headers["origin"]
    assert "typed" not in (await visitor.get(KEYS)).text
    assert secret(await visitor.submit(form, DisplayName="typed"))


async def test_a_pasted_key_finds_its_row_without_standing_in_an_address(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "needle")
    await create(visitor, "other")
    found = await visitor.submit(await visitor.get(KEYS), q=secret(page), into="q")
    assert found.path == key_path(page)
    words = await visitor.submit(await visitor.get(KEYS), q="NEED", into="q")
    assert "needle" in words.text
    assert "other" not in words.text
    unknown = await visitor.submit(await visitor.get(KEYS), q="_BK" + "a" * 41, into="q")
    assert unknown.status == 422
    assert "No key that you may see has this value." in unknown.text
    assert "aaaa" not in unknown.body
    await visitor.submit(await visitor.get(f"{found.path}/delete"), DisplayName="needle")
    ended = await visitor.submit(await visitor.get(KEYS), q=secret(page), into="q")
    assert ended.path == key_path(page)
    assert "Deleted just now" in ended.text
    await visitor.log_in("viewer")
    assert (await visitor.submit(await visitor.get(KEYS), q=secret(page), into="q")).status == 422


async def test_the_csv_holds_no_secret_and_no_formula(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    value = secret(await create(visitor, '=HYPERLINK("x")'))
    page = await visitor.get(f"{KEYS}.csv")
    assert value not in page.body
    rows = list(csv.reader(io.StringIO(page.body)))
    assert rows[0][0] == "Display Name"
    assert '\'=HYPERLINK("x")' in [row[0] for row in rows]
    assert as_csv([]).count("\n") == 1


async def test_names_are_shown_as_text(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await create(visitor, "<script>alert(1)</script>")
    for path in (page.path, key_path(page), KEYS):
        assert "<script>alert" not in (await visitor.get(path)).body


async def test_a_value_is_nowhere_in_clear(visitor: Visitor, world: World) -> None:
    """Not while it waits for its page either."""
    await visitor.log_in("editor")
    form = await visitor.get(f"{KEYS}/create")
    _, _, held = next(one for one in form.forms if "DisplayName" in one[2])
    await visitor._send(
        "POST", f"{KEYS}/create", "&".join(f"{k}={v}" for k, v in {**held, "DisplayName": "x"}.items()).encode(), 0
    )
    (notes,) = [row[0] for row in await world.rows("session", "notes") if row[0]]
    oid = max(row[0] for row in await world.rows("api_key", "oid"))
    page = await visitor.get(f"{KEYS}/{oid}/secret")
    value = secret(page)
    assert value not in notes
    assert value[3:] not in str(await world.rows("api_key", *("hint", "display_name", "limits")))
    assert "reveal" not in str(await world.rows("session", "notes"))
