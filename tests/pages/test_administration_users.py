"""Users in the browser: list, create, edit, disable, lock, links (A4, B10, B16; access.md 1.1, 3.3, 3.5; design 5.7, 5.8)."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from banneret.operations.invitations import LIFE
from tests.harness import PASSWORD, USERS, World
from tests.signing_on import settings
from tests.visitor import Page, Visitor

AT = "/admin/users"
ROLES = ("admin", "wsadmin", "padmin", "editor", "viewer", "stranger", "nobody")
DELEGATIONS = {
    "WorkspaceAdminsCanCreateUsers": True,
    "ProjectAdminsCanCreateUsers": True,
    "ProjectAdminsCanEnableAndDisableUsers": True,
}
LINK = re.compile(r"http://rally\.test(/login/welcome/[0-9A-Za-z]{43})")


@pytest.fixture
async def visitor(world: World) -> Visitor:
    return await logged_in(world, "admin")


async def logged_in(world: World, user: str) -> Visitor:
    found = Visitor(world)
    await found.log_in(user)
    return found


def names(page: Page) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/admin/users/\d+">([^<]+)</a>', page.body)


async def press(visitor: Visitor, path: str, do: str) -> Page:
    page = await visitor.get(path)
    return await visitor.submit(page, do=do)


# ---------------------------------------------------------------------- list


async def test_who_administers_something_sees_the_users(world: World) -> None:
    for user in ROLES:
        visitor = await logged_in(world, user)
        expected = 200 if user in {"admin", "wsadmin", "padmin"} else 403
        for path in (AT, f"{AT}.csv", f"{AT}/{world.ids['editor']}"):
            assert (await visitor.get(path)).status == expected, (user, path)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", set(USERS)),
        ("q=EDIT", {"editor"}),
        ("q=%25", set()),
        ("q=_", set()),
        ("q=acme.test", set(USERS)),
        ("state=administrators", {"admin"}),
        ("state=disabled", {"stranger"}),
        ("state=locked", {"viewer"}),
        ("state=enabled", set(USERS) - {"stranger"}),
        ("state=nonsense", set(USERS)),
        ("state=enabled&q=viewer", {"viewer"}),
        ("page=2", set()),
        ("page=x&sort=nonsense", set(USERS)),
    ],
)
async def test_the_list_is_searched_and_filtered(visitor: Visitor, world: World, query: str, found: set[str]) -> None:
    await press(visitor, f"{AT}/{world.ids['viewer']}", "lock")
    await visitor.submit(await visitor.get(f"{AT}/{world.ids['stranger']}/disable"))
    page = await visitor.get(f"{AT}?{query}")
    assert {name.partition("@")[0] for name in names(page)} == found
    rows = list(csv.reader(io.StringIO((await visitor.get(f"{AT}.csv?{query}")).body)))
    if "page" not in query:
        assert {row[0].partition("@")[0] for row in rows[1:]} == found


async def test_long_lists_come_in_pages_and_in_order(visitor: Visitor, world: World) -> None:
    async def many(context: Any) -> None:
        from banneret.operations.people import create_user

        for number in range(120):
            await create_user(context, {"UserName": f"u{number:03}@acme.test", "LastName": f"{999 - number}"})

    await world.server(many)
    page = await visitor.get(f"{AT}?q=u")
    seen = names(page)
    assert f"{120 + sum('u' in name for name in USERS)} users" in page.text
    while 'rel="next"' in page.body:
        page = await visitor.get(re.search(r'rel="next" href="([^"]+)"', page.body)[1].replace("&amp;", "&"))
        seen += names(page)
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) >= 120
    by_name = names(await visitor.get(f"{AT}?q=u0&sort=name"))
    assert by_name == sorted(by_name, reverse=True)


async def test_lists_cost_the_same_number_of_statements_for_any_number_of_users(world: World) -> None:
    from banneret.operations.roster import listed

    async def cost(count: int) -> int:
        async def ask(context: Any) -> int:
            before = context.unit.queries
            found, _ = await listed(context, count=count)
            assert len(found) == min(count, len(USERS))
            return int(context.unit.queries - before)

        return int(await world.server(ask))

    assert await cost(2) == 2
    assert await cost(50) == 1


async def test_names_are_shown_as_text_and_files_hold_no_formula(visitor: Visitor) -> None:
    page = await visitor.get(f"{AT}/create")
    await visitor.submit(page, UserName="x@acme.test", DisplayName="<script>alert(1)</script>")
    page = await visitor.get(f"{AT}/create")
    await visitor.submit(page, UserName="=1+1@acme.test")
    assert "<script>alert" not in (await visitor.get(AT)).body
    rows = list(csv.reader(io.StringIO((await visitor.get(f"{AT}.csv")).body)))
    assert "'=1+1@acme.test" in [row[0] for row in rows]


# ---------------------------------------------------------------------- create


async def test_a_new_user_sets_his_password_by_a_one_time_link(visitor: Visitor, world: World) -> None:
    page = await visitor.get(f"{AT}/create")
    shown = await visitor.submit(page, UserName="new@acme.test", FirstName="New", LastName="One")
    link = LINK.search(shown.body)[1]
    assert shown.headers["cache-control"] == "no-store"
    assert "shown once" in (await visitor.get(shown.path)).text
    assert link.rpartition("/")[2] not in str(await world.rows("invitation", "user_oid", "id"))
    fresh = Visitor(world)
    for _ in range(2):
        opened = await fresh.get(link)
        assert "Welcome, New One" in opened.text
    for new, again, field, said in (
        ("", "", "NewPassword", "needed"),
        ("short", "short", "NewPassword", "12 characters"),
        (PASSWORD, "other", "Repeated", "not the same"),
        ("new@acme.test", "new@acme.test", "NewPassword", "guess"),
    ):
        refused = await fresh.submit(opened, NewPassword=new, Repeated=again)
        assert refused.status == 422
        assert said in refused.beside(field)
        assert "short" not in refused.body
    done = await fresh.submit(opened, NewPassword=PASSWORD, Repeated=PASSWORD)
    assert "Your password is set" in done.text
    assert (await fresh.log_in("new")).status == 200
    for page in (await fresh.get(link), await fresh.submit(opened, NewPassword=PASSWORD, Repeated=PASSWORD)):
        assert (page.status, "used, has ended" in page.text) == (404, True)


async def test_a_link_ends_with_time_with_a_newer_one_and_with_its_user(visitor: Visitor, world: World) -> None:
    path = f"{AT}/{world.ids['editor']}"

    async def made() -> str:
        page = await visitor.get(path)
        token = next(held["token"] for _, _, held in page.forms if "token" in held)
        return str(LINK.search((await visitor.post(f"{path}/link", {"token": token})).body)[1])

    first, second = await made(), await made()
    fresh = Visitor(world)
    assert [(await fresh.get(link)).status for link in (first, second)] == [404, 200]
    await visitor.submit(await visitor.get(f"{path}/disable"))
    assert (await fresh.get(second)).status == 404
    await press(visitor, path, "enable")
    assert (await fresh.get(second)).status == 200
    world.clock.advance(LIFE)
    assert (await fresh.get(second)).status == 404
    assert (await fresh.get("/login/welcome/x")).status == 404


async def test_a_new_user_is_given_a_first_password(visitor: Visitor, world: World) -> None:
    page = await visitor.get(f"{AT}/create")
    fields = {"UserName": "new@acme.test", "Access": "password", "NewPassword": "shorty", "Repeated": "shorty"}
    refused = await visitor.submit(page, **fields)
    assert "12 characters" in refused.beside("NewPassword")
    assert "shorty" not in refused.body
    assert (refused.value("UserName"), refused.value("Access")) == ("new@acme.test", "password")
    made = await visitor.submit(refused, **{**fields, "NewPassword": PASSWORD, "Repeated": PASSWORD})
    assert "Created" in made.text
    assert (await Visitor(world).log_in("new")).path == "/login/accounts/keys"


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"UserName": ""}, "UserName", "User name is needed"),
        ({"UserName": "  "}, "UserName", "User name is needed"),
        ({"UserName": "EDITOR@acme.test"}, "UserName", "in use already"),
        ({"UserName": "x" * 300}, "UserName", "more than"),
        ({"UserName": "x@acme.test", "FirstName": "f" * 200}, "FirstName", "more than"),
        ({"UserName": "x@acme.test", "LastName": "l" * 200}, "LastName", "more than"),
        ({"UserName": "x@acme.test", "DisplayName": "d" * 300}, "DisplayName", "more than"),
        ({"UserName": "x@acme.test", "EmailAddress": "e" * 300}, "EmailAddress", "more than"),
    ],
)
async def test_what_is_wrong_with_a_new_user_stands_beside_its_field(
    visitor: Visitor, world: World, fields: dict[str, str], field: str, said: str
) -> None:
    count = len(await world.rows("user", "oid"))
    page = await visitor.submit(await visitor.get(f"{AT}/create"), **fields)
    assert page.status == 422
    assert said in page.beside(field)
    assert all(page.value(name) == value for name, value in fields.items())
    assert len(await world.rows("user", "oid")) == count
    good = {"UserName": "good@acme.test", "FirstName": "", "LastName": "", "DisplayName": "", "EmailAddress": ""}
    assert LINK.search((await visitor.submit(page, **good)).body)


async def test_a_form_that_is_sent_twice_makes_one_user(visitor: Visitor, world: World) -> None:
    page = await visitor.get(f"{AT}/create")
    first, second = [await visitor.submit(page, UserName="once@acme.test") for _ in range(2)]
    assert first.path == second.path
    assert LINK.search(first.body)
    assert "shown once" in second.text


@pytest.mark.parametrize("delegated", [False, True])
async def test_who_may_create_users(world: World, *, delegated: bool) -> None:
    """access.md 3.3; passwords are set by subscription administrators alone, and so are further ones made."""
    if delegated:
        await settings(world, **DELEGATIONS)
    form = await (await logged_in(world, "admin")).get(f"{AT}/create")
    _, _, held = next(found for found in form.forms if "UserName" in found[2])
    for user in ROLES:
        visitor = await logged_in(world, user)
        may = user == "admin" or (delegated and user in {"wsadmin", "padmin"})
        assert (await visitor.get(f"{AT}/create")).status == (200 if may else 403)
        own = await visitor.get("/settings/access")
        sent = {**held, "once": user, "token": own.value("token"), "UserName": f"by-{user}@acme.test"}
        done = await visitor.post(f"{AT}/create", sent)
        assert bool(LINK.search(done.body)) is may, user
        assert len(await world.rows("user", "oid", username=f"by-{user}@acme.test")) == may
        sent |= {"Access": "password", "NewPassword": PASSWORD, "Repeated": PASSWORD, "once": f"{user} 2"}
        done = await visitor.post(f"{AT}/create", {**sent, "UserName": f"p-{user}@acme.test"})
        assert len(await world.rows("user", "oid", username=f"p-{user}@acme.test")) == (user == "admin")
        sent |= {"Access": "link", "SubscriptionAdmin": "on", "once": f"{user} 3"}
        await visitor.post(f"{AT}/create", {**sent, "UserName": f"a-{user}@acme.test"})
        rows = await world.rows("user", "subscriptionadmin", username=f"a-{user}@acme.test")
        assert any(row[0] for row in rows) is (user == "admin"), user


# ---------------------------------------------------------------------- edit


async def test_names_and_flags_are_changed(visitor: Visitor, world: World) -> None:
    path = f"{AT}/{world.ids['editor']}"
    page = await visitor.get(f"{path}/edit")
    assert page.value("UserName") == "editor@acme.test"
    shown = await visitor.submit(page, DisplayName="Edda", CanCreateApiKey=None)
    assert "Saved" in shown.text
    assert "Edda" in shown.text
    assert "may make none" in shown.text
    editor = await logged_in(world, "editor")
    assert (await world.get("defect?pagesize=1", "editor")).status == 200
    refused = await editor.submit(await editor.get("/login/accounts/keys/create"), DisplayName="new")
    assert "may not" in refused.text
    await visitor.submit(await visitor.get(f"{path}/edit"), SubscriptionAdmin="on")
    assert (await editor.get("/admin/subscription")).status == 200
    await visitor.submit(await visitor.get(f"{path}/edit"), SubscriptionAdmin=None)
    assert (await editor.get("/admin/subscription")).status == 403


async def test_the_last_administrator_stays_one(visitor: Visitor, world: World) -> None:
    path = f"{AT}/{world.ids['admin']}"
    for form, fields in ((f"{path}/edit", {"SubscriptionAdmin": None}), (f"{path}/disable", {})):
        refused = await visitor.submit(await visitor.get(form), **fields)
        assert "last active subscription administrator" in refused.text + refused.body
        assert refused.status == 422
    await visitor.submit(await visitor.get(f"{AT}/{world.ids['wsadmin']}/edit"), SubscriptionAdmin="on")
    await visitor.submit(await visitor.get(f"{path}/edit"), SubscriptionAdmin=None)
    assert (await visitor.get("/admin/subscription")).status == 403


async def test_two_administrators_do_not_undo_each_other(visitor: Visitor, world: World) -> None:
    path = f"{AT}/{world.ids['editor']}/edit"
    mine = await visitor.get(path)
    other = await logged_in(world, "admin")
    await other.submit(await other.get(path), DisplayName="Theirs")
    refused = await visitor.submit(mine, FirstName="Mine")
    assert (refused.status, refused.value("FirstName")) == (422, "Mine")
    assert "Somebody else changed" in refused.text
    assert (await visitor.submit(refused, DisplayName="Ours")).status == 200
    assert (await world.get(f"user/{world.ids['editor']}")).inner["DisplayName"] == "Ours"


async def test_a_user_who_was_deleted_meanwhile_is_not_there(visitor: Visitor, world: World) -> None:
    path = f"{AT}/{world.ids['nobody']}"
    edit, disable = await visitor.get(f"{path}/edit"), await visitor.get(f"{path}/disable")
    page = await visitor.get(path)
    await world.delete(f"user/{world.ids['nobody']}")
    assert (await visitor.submit(edit, DisplayName="x")).status == 404
    assert (await visitor.submit(disable)).status == 404
    assert (await visitor.submit(page, do="lock")).status == 404
    for found in (path, f"{path}/edit", f"{path}/disable", f"{path}/link", f"{AT}/1", f"{AT}/x", f"{AT}/{'9' * 30}"):
        assert (await visitor.get(found)).status == 404


# ---------------------------------------------------------------------- state


async def test_b16_disabling_says_what_ends_and_enabling_brings_the_keys_back(visitor: Visitor, world: World) -> None:
    """B10, B16, design 5.8; access.md 1.16 f."""
    path = f"{AT}/{world.ids['editor']}"
    editor = await logged_in(world, "editor")
    ask = await visitor.get(f"{path}/disable")
    assert "Keys that rest: 2" in ask.text
    assert "editor full" in ask.text
    assert "Sessions that end: 1" in ask.text
    done = await visitor.submit(ask)
    assert "Disabled." in done.text
    assert (await world.get("defect", "editor")).status == 401
    assert (await editor.get("/settings")).path.startswith("/login")
    assert "Enabled." in (await press(visitor, path, "enable")).text
    assert (await world.get("defect", "editor")).status == 200
    assert (await editor.get("/settings")).path.startswith("/login")


async def test_the_keys_of_who_is_disabled_are_deleted_if_so_wished(visitor: Visitor, world: World) -> None:
    """access.md 1.1: the box is not ticked at first."""
    path = f"{AT}/{world.ids['editor']}"
    ask = await visitor.get(f"{path}/disable")
    assert ask.value("DeleteKeys") == ""
    assert "all keys were deleted" in (await visitor.submit(ask, DeleteKeys="on")).text
    await press(visitor, path, "enable")
    assert (await world.get("defect", "editor")).status == 401
    assert (await world.get("defect", "viewer")).status == 200


async def test_an_administrators_lock_stops_log_ins_and_keys(visitor: Visitor, world: World) -> None:
    """access.md 1.16 g, design 5.7."""
    path = f"{AT}/{world.ids['editor']}"
    editor = await logged_in(world, "editor")
    assert "Locked." in (await press(visitor, path, "lock")).text
    assert (await world.get("defect", "editor")).status == 401
    assert (await editor.get("/settings")).path.startswith("/login")
    assert (await editor.log_in("editor")).status == 422
    assert "Unlocked." in (await press(visitor, path, "unlock")).text
    assert (await world.get("defect", "editor")).status == 200
    assert (await editor.log_in("editor")).status == 200


async def test_an_expired_password_stops_the_keys_until_it_is_reset(visitor: Visitor, world: World) -> None:
    """B9; access.md 1.16 h."""
    path = f"{AT}/{world.ids['editor']}"
    assert "Expire the password" not in (await visitor.get(path)).text
    assert "do not expire" in (await press(visitor, path, "expire")).text
    await settings(world, PasswordExpirationDays=90)
    assert "Expire the password" in (await visitor.get(path)).text
    assert "has expired" in (await press(visitor, path, "expire")).text
    assert (await world.get("defect", "editor")).status == 401


async def test_nobody_locks_himself_out(visitor: Visitor, world: World) -> None:
    path = f"{AT}/{world.ids['admin']}"
    for verb in ("lock", "expire"):
        assert f"may not {verb} your own account" in (await press(visitor, path, verb)).text
    assert (await visitor.get(path)).status == 200


async def test_a_log_in_of_somebody_is_ended(visitor: Visitor, world: World) -> None:
    editor = await logged_in(world, "editor")
    page = await visitor.get(f"{AT}/{world.ids['editor']}")
    handle = page.value("handle")
    other = await visitor.get(f"{AT}/{world.ids['viewer']}")
    assert (await visitor.submit(other, do="end", handle=handle)).status == 404
    assert (await editor.get("/settings")).path == "/settings"
    assert "has ended" in (await visitor.submit(page, do="end", handle=handle)).text
    assert (await editor.get("/settings")).path.startswith("/login")


@pytest.mark.parametrize("delegated", [False, True])
async def test_who_may_change_the_state_of_a_user(world: World, *, delegated: bool) -> None:
    """Whoever is delegated to touches users below him only (access.md 3.3)."""
    if delegated:
        await settings(world, **DELEGATIONS)
    target, above = world.ids["editor"], world.ids["admin"]
    for user in ROLES:
        visitor = await logged_in(world, user)
        token = (await visitor.get("/settings/access")).value("token")
        full, some = user == "admin", user in {"admin", "wsadmin"} or (delegated and user == "padmin")

        async def done(path: str, visitor: Visitor = visitor, token: str = token, **fields: str) -> bool:
            page = await visitor.post(f"{AT}/{path}", {"token": token, **fields})
            assert page.status in {200, 403, 404, 422}
            return page.status == 200

        toggles = some if delegated else full
        assert await done(f"{target}/disable") is toggles, user
        assert await done(f"{target}", do="enable") is toggles
        assert await done(f"{target}", do="lock") is full
        assert await done(f"{target}", do="unlock") is (user in {"admin", "wsadmin"})
        assert await done(f"{target}/link") is full
        assert await done(f"{target}/edit", version="1", DisplayName="x") is False
        if user != "admin":
            assert await done(f"{above}/disable") is False
            assert await done(f"{above}", do="unlock") is False
    assert (await world.get("defect", "admin")).status == 200


async def test_the_page_shows_permissions_keys_and_what_lately_happened(visitor: Visitor, world: World) -> None:
    await visitor.submit(await visitor.get(f"{AT}/{world.ids['editor']}/edit"), DisplayName="Edda")
    page = await visitor.get(f"{AT}/{world.ids['editor']}")
    assert "Engines Editor" in page.text
    assert "main Workspace User" in page.text
    assert "/login/accounts/keys?of=all&amp;q=editor%40acme.test" in page.body
    assert "Display Name Editor → Edda" in page.text
    assert (await visitor.get(f"{AT}/{world.ids['editor']}/second-factor")).status == 200
    assert f"{AT}/{world.ids['editor']}/second-factor" in page.body
    below = await (await logged_in(world, "padmin")).get(f"{AT}/{world.ids['editor']}")
    assert "Engines Editor" in below.text
    assert "Lately" not in below.text
    assert "Pistons" not in below.text
