"""The subscription's own settings in the browser (B4, A10; access.md 1.8, 1.13, 3.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from banneret.kernel.values import to_wire
from banneret.manager.messages import KEYS_DISABLED
from tests.harness import USERS, World
from tests.visitor import Page, Visitor

AT = "/admin/subscription"
KEYS = "/login/accounts/keys"


@pytest.fixture
async def visitor(world: World) -> Visitor:
    found = Visitor(world)
    await found.log_in("admin")
    return found


async def status(world: World) -> int:
    return (await world.get("defect?pagesize=1", "editor")).status


async def disabled(visitor: Visitor) -> Page:
    """Ask for keys to be disabled: the page that says what that stops."""
    return await visitor.submit(await visitor.get(AT), ApiKeysEnabled=None)


async def test_b4_one_flag_stops_every_key_and_brings_the_same_ones_back(visitor: Visitor, world: World) -> None:
    asked = await disabled(visitor)
    assert asked.text.count("Disable all API keys") == 2
    assert (asked.status, await status(world)) == (200, 200)
    done = await visitor.submit(asked)
    assert "Saved" in done.text
    assert done.value("ApiKeysEnabled") == ""
    assert await status(world) == 401
    assert KEYS_DISABLED in (await visitor.get(KEYS)).text
    assert (await visitor.get(f"{KEYS}/create")).status == 403
    await visitor.submit(await visitor.get(AT), ApiKeysEnabled="on")
    assert await status(world) == 200
    assert (await visitor.get(f"{KEYS}/create")).status == 200


async def test_what_stops_is_said_before(visitor: Visitor, world: World) -> None:
    """Keys used in the last week, those used in the last month, and how many others."""

    async def use(context: Any) -> None:
        rows = await world.rows("api_key", "oid", "display_name")
        by_name = {name: oid for oid, name in rows}
        for name, day in (("editor full", "03"), ("viewer full", "01")):
            moment = f"2026-01-{day}T10:00:00.000Z" if day == "03" else "2025-12-15T10:00:00.000Z"
            changes = {"last_used_at": moment, "last_used_client": f"{name}'s client", "last_used_address": "192.0.2.9"}
            context.unit.writer.update("api_key", {"oid": by_name[name]}, changes)

    await world.server(use)
    text = (await disabled(visitor)).text
    week, _, month = text.partition("not in the last 7")
    assert "editor full" in week
    assert "editor full's client 192.0.2.9" in week
    assert "editor@acme.test" in week
    assert "viewer full" in month
    assert f"{2 * len(USERS) - 2} other keys were not used" in month


@pytest.mark.parametrize("user", ["admin", "wsadmin", "padmin", "editor", "viewer", "nobody"])
async def test_only_subscription_administrators_see_and_change_it(world: World, user: str) -> None:
    owner = Visitor(world)
    await owner.log_in("admin")
    form = await owner.get(AT)
    visitor = Visitor(world)
    await visitor.log_in(user)
    assert (await visitor.get(AT)).status == (200 if user == "admin" else 403)
    _, _, fields = next(one for one in form.forms if "version" in one[2])
    own = await visitor.get("/settings/access")
    token = next(found["token"] for _, _, found in own.forms if "token" in found)
    sent = await visitor.post(AT, {**fields, "token": token, "JSONPEnabled": "on"})
    assert sent.status == (200 if user == "admin" else 403)
    held = await world.rows("subscription", "jsonpenabled")
    assert [bool(row[0]) for row in held] == [user == "admin"]


async def test_who_is_demoted_meanwhile_changes_nothing(visitor: Visitor, world: World) -> None:
    form = await visitor.get(AT)
    path = f"user/{world.ids['wsadmin']}/setpermissionflags"
    await world.post(path, {"SetPermissionFlags": {"SubscriptionAdmin": True}})
    path = f"user/{world.ids['admin']}/setpermissionflags"
    await world.post(path, {"SetPermissionFlags": {"SubscriptionAdmin": False}}, "wsadmin")
    assert (await visitor.submit(form, JSONPEnabled="on")).status == 403
    assert (await visitor.get(AT)).status == 403
    assert [bool(row[0]) for row in await world.rows("subscription", "jsonpenabled")] == [False]


async def test_two_administrators_do_not_undo_each_other(visitor: Visitor, world: World) -> None:
    """What another saved since the form was opened is named beside its field; sent again, the form counts."""
    form = await visitor.get(AT)
    other = Visitor(world)
    await other.log_in("admin")
    await other.submit(await other.get(AT), JSONPEnabled="on", CORSAllowedDomains="app.example.com")
    page = await visitor.submit(form, ProjectAdminsCanCreateUsers="on")
    assert page.status == 422
    assert "Somebody else changed" in page.text
    assert page.value("ProjectAdminsCanCreateUsers") == "on"
    assert "Saved is: on." in page.beside("JSONPEnabled")
    assert "Saved is" not in page.beside("CORSEnabled")
    done = await visitor.submit(page, JSONPEnabled="on", CORSAllowedDomains="app.example.com")
    assert "Saved" in done.text
    held = await world.rows("subscription", *("jsonpenabled", "projectadminscancreateusers", "corsalloweddomains"))
    assert [(bool(row[0]), bool(row[1]), row[2]) for row in held] == [(True, True, "app.example.com")]


@pytest.mark.parametrize(
    ("field", "bad", "said", "good"),
    [
        ("CORSAllowedDomains", "a b/c", "b/c: It is no origin.", "a *.b.example https://localhost:8443"),
        ("CORSAllowedDomains", "*", "act as its readers", ""),
        ("CORSAllowedDomains", "javascript:alert(1)//", "It is no origin.", "a"),
        (
            "RestrictedIPAddresses",
            "10.0.0.0/8 300.1.1.1",
            "300.1.1.1 is no address",
            "127.0.0.0/8, ::1\n10.0.0.1-10.0.0.9",
        ),
        ("RestrictedIPAddresses", "<b>", "<b> is no address", ""),
    ],
)
async def test_a_bad_entry_is_told_beside_its_list(
    visitor: Visitor, world: World, field: str, bad: str, said: str, good: str
) -> None:
    page = await visitor.submit(await visitor.get(AT), **{field: bad}, ProjectAdminsCanCreateUsers="on")
    assert page.status == 422
    assert said in page.beside(field)
    assert page.value(field) == bad
    assert page.value("ProjectAdminsCanCreateUsers") == "on"
    assert not any(row[0] for row in await world.rows("subscription", "projectadminscancreateusers"))
    done = await visitor.submit(page, **{field: good})
    assert "Saved" in done.text
    assert done.value(field).split() == good.replace(",", " ").split()


async def test_addresses_that_keep_out_who_sets_them_are_refused(visitor: Visitor, world: World) -> None:
    """access.md 3.6; without him they are taken, and hold at once."""
    wanted = {"IPAddressRestrictionEnabled": "on", "RestrictedIPAddresses": "192.0.2.0/24"}
    page = await visitor.submit(await visitor.get(AT), **wanted, ApplyIpAddressRestrictionToSubAdmins="on")
    assert "127.0.0.1, is not among them" in page.beside("RestrictedIPAddresses")
    assert await status(world) == 200
    await visitor.submit(page, ApplyIpAddressRestrictionToSubAdmins=None)
    assert await status(world) == 403
    assert (await visitor.get(AT)).status == 200


async def test_every_change_leaves_an_event_with_old_and_new(visitor: Visitor, world: World) -> None:
    await visitor.submit(await disabled(visitor))
    events = await world.rows("event", "type", "user_oid", "credential", "diff", "at", type="Subscription")
    kind, user, credential, diff, at = events[-1]
    assert (kind, user, credential) == ("Subscription", world.ids["admin"], "session")
    assert diff == '{"ApiKeysEnabled":[true,false]}'
    assert at == to_wire(world.clock.now())


async def test_a_form_without_its_token_or_from_elsewhere_does_nothing(visitor: Visitor, world: World) -> None:
    form = await visitor.get(AT)
    for token in (None, "x" * 40):
        page = await visitor.submit(form, token=token, JSONPEnabled="on")
        assert (page.status, page.value("JSONPEnabled")) == (422, "on")
    visitor.headers["origin"] = "https://evil.test"
    assert "another site" in (await visitor.submit(form, JSONPEnabled="on")).text
    del visitor.headers["origin"]
    assert not any(row[0] for row in await world.rows("subscription", "jsonpenabled"))
    assert "Saved" in (await visitor.submit(form, JSONPEnabled="on")).text


async def test_what_decides_who_may_do_what_asks_for_a_fresh_log_in(visitor: Visitor, world: World) -> None:
    """access.md 3.3, ASVS 5 7.5.3."""
    user = f"/admin/users/{world.ids['editor']}"
    guarded = (AT, "/admin/permissions", "/admin/sign-on", "/admin/users/create", f"{user}/edit", f"{user}/disable")
    assert [(await visitor.get(path)).path for path in guarded] == list(guarded)
    world.clock.advance(timedelta(minutes=16))
    assert all([(await visitor.get(path)).path.startswith("/login") for path in guarded])
    for path in ("/admin/users", user, "/admin/workspaces", "/admin/audit"):
        assert (await visitor.get(path)).path == path


async def test_the_way_in_leads_to_what_one_may_see(world: World) -> None:
    for user, found in (("admin", (200, "/admin/users")), ("viewer", (403, "/admin/"))):
        visitor = Visitor(world)
        await visitor.log_in(user)
        page = await visitor.get("/admin/")
        assert (page.status, page.path) == found
        assert ("/admin/" in (await visitor.get("/settings")).body) is (user == "admin")
