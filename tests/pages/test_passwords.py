"""Passwords in the browser: what the subscription asks of them, and how people change their own (access.md 3.5; B9)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.harness import PASSWORD, World
from tests.visitor import Page, Visitor

NEW = "seven quiet lanterns over water"
NEWER = "eleven mossy bridges at dusk"


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


async def policy(world: World, **fields: str) -> Page:
    """Change the policy as an administrator does."""
    visitor = Visitor(world)
    await visitor.log_in("admin")
    page = await visitor.get("/admin/passwords")
    done = await visitor.submit(page, into="PasswordMinimumLength", **fields)
    assert "Saved." in done.text, done.text
    return done


async def change(visitor: Visitor, old: str, new: str, repeated: str | None = None) -> Page:
    page = await visitor.get("/settings/password")
    return await visitor.submit(page, Password=old, NewPassword=new, Repeated=new if repeated is None else repeated)


# ---------------------------------------------------------------------- one's own


async def test_a_user_changes_the_password_that_he_knows(visitor: Visitor, world: World) -> None:
    """His other log-ins and the HTTP sessions of his programs end; his keys go on, and so does the log-in that did it."""
    other, before = Visitor(world), {}
    await other.log_in("editor")
    await visitor.log_in("editor")
    before = dict(visitor.cookies)
    wsapi = await world.get("security/authorize", None, headers=world.basic("editor"))
    cookie = {"cookie": next(text for text in wsapi.cookies if text.startswith("ZSESSIONID")).partition(";")[0]}
    assert (await world.get("user", None, headers=cookie)).status == 200
    done = await change(visitor, PASSWORD, NEW)
    assert (done.path, "Your password is changed" in done.text) == ("/settings/access?done=password", True)
    assert visitor.cookies != before
    assert (await other.get("/settings")).path.startswith("/login?")
    assert (await world.get("user", None, headers=cookie)).status == 401
    assert (await world.get("user", "editor")).status == 200
    again = Visitor(world)
    assert (await again.log_in("editor")).status == 422
    assert (await again.log_in("editor", NEW)).path == "/login/accounts/keys"
    visitor.cookies = before
    assert (await visitor.get("/settings")).path.startswith("/login?")


@pytest.mark.parametrize(
    ("fields", "name", "text"),
    [
        ({"Password": "mistaken"}, "Password", "not your present password"),
        ({"Password": ""}, "Password", "present password is needed"),
        ({"NewPassword": "", "Repeated": ""}, "NewPassword", "is needed"),
        ({"Repeated": "otherwise"}, "Repeated", "not the same"),
        ({"NewPassword": PASSWORD, "Repeated": PASSWORD}, "NewPassword", "the password that you have now"),
        ({"NewPassword": "fjw9(xQ", "Repeated": "fjw9(xQ"}, "NewPassword", "at least 12 characters"),
        ({"NewPassword": "editor@acme.test", "Repeated": "editor@acme.test"}, "NewPassword", "easy to guess"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_changes_nothing(
    visitor: Visitor, world: World, fields: dict[str, str], name: str, text: str
) -> None:
    await visitor.log_in("editor")
    held = await world.rows("password", "hash", user_oid=world.ids["editor"])
    page = await visitor.get("/settings/password")
    refused = await visitor.submit(page, **{"Password": PASSWORD, "NewPassword": NEW, "Repeated": NEW, **fields})
    assert (refused.status, text in refused.beside(name)) == (422, True), refused.text
    assert NEW not in refused.body
    assert await world.rows("password", "hash", user_oid=world.ids["editor"]) == held
    assert (await change(visitor, PASSWORD, NEW)).path == "/settings/access?done=password"


async def test_guessing_the_present_password_of_a_forgotten_log_in_is_slowed(visitor: Visitor, world: World) -> None:
    """Who finds an open browser does not get to try words: after five wrong ones the right one waits, too."""
    await visitor.log_in("editor")
    for _ in range(5):
        await change(visitor, "mistaken", NEW)
    assert (await change(visitor, PASSWORD, NEW)).status == 422
    world.clock.advance(timedelta(hours=2))
    assert (await change(visitor, PASSWORD, NEW)).path == "/settings/access?done=password"


async def test_a_change_from_another_site_or_an_old_form_is_refused(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/settings/password")
    fields = {"Password": PASSWORD, "NewPassword": NEW, "Repeated": NEW}
    visitor.headers["origin"] = "https://evil.test"
    assert "another site" in (await visitor.submit(page, **fields)).text
    del visitor.headers["origin"]
    assert "waited too long" in (await visitor.submit(page, **fields, token="old")).text
    assert (await visitor.submit(page, **fields)).path == "/settings/access?done=password"


async def test_log_out_everywhere_ends_every_log_in_and_no_key(visitor: Visitor, world: World) -> None:
    other, stranger = Visitor(world), Visitor(world)
    for one, name in ((visitor, "editor"), (other, "editor"), (stranger, "stranger")):
        await one.log_in(name)
    page = await visitor.get("/settings/access")
    gone = await visitor.submit(page, into="token", everywhere="1")
    assert (gone.path, visitor.cookies) == ("/login", {})
    assert (await other.get("/settings")).path.startswith("/login?")
    assert (await stranger.get("/settings")).status == 200
    assert (await world.get("user", "editor")).status == 200


# ---------------------------------------------------------------------- the policy


@pytest.mark.parametrize("user", ["wsadmin", "editor"])
async def test_the_policy_is_for_subscription_administrators(visitor: Visitor, user: str) -> None:
    await visitor.log_in(user)
    assert (await visitor.get("/admin/passwords")).status == 403
    administrator = Visitor(visitor.world)
    await administrator.log_in("admin")
    page = await administrator.get("/admin/passwords")
    assert page.status == 200
    fields = next(fields for _, _, fields in page.forms if "PasswordMinimumLength" in fields)
    refused = await visitor.post("/admin/passwords", {**fields, "PasswordMinimumLength": "8"})
    assert refused.status in {403, 422}
    assert (await administrator.get("/admin/passwords")).value("PasswordMinimumLength") == "12"


async def test_the_policy_is_changed_by_a_fresh_log_in_only(visitor: Visitor, world: World) -> None:
    """Access.md 3.3: who finds an administrator's open browser does not let everybody choose `password`."""
    await visitor.log_in("admin")
    page = await visitor.get("/admin/passwords")
    world.clock.advance(timedelta(minutes=31))
    assert (await visitor.get("/admin/passwords")).path.startswith("/login?")
    late = await visitor.submit(page, into="PasswordMinimumLength", PasswordMinimumLength="8")
    assert "Confirm that it is you" in late.text
    back = await visitor.submit(late, into="UserName", UserName="admin@acme.test", Password=PASSWORD)
    assert (back.path, back.value("PasswordMinimumLength")) == ("/admin/passwords", "12")


async def test_each_rule_of_the_policy_holds_for_the_next_password(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    await policy(world, PasswordMinimumLength="40")
    assert "at least 40 characters" in (await change(visitor, PASSWORD, NEW)).beside("NewPassword")
    assert "At least 40 characters" in (await visitor.get("/settings/password")).beside("NewPassword")
    await policy(world, PasswordMinimumLength="8", MinimumPasswordScore="4")
    assert "easy to guess" in (await change(visitor, PASSWORD, "summer 2026!")).beside("NewPassword")
    await policy(world, MinimumPasswordScore="0", NumberofPasswordRules="4")
    assert "at least 4 of these" in (await change(visitor, PASSWORD, "summer 2026!")).beside("NewPassword")
    await policy(world, NumberofPasswordRules="3", PreviousPasswordCount="2")
    assert (await change(visitor, PASSWORD, "summer 2026!")).path == "/settings/access?done=password"
    assert "differ from the last 2" in (await change(visitor, "summer 2026!", PASSWORD)).beside("NewPassword")


async def test_former_passwords_come_again_once_they_are_old_enough(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    await policy(world, PreviousPasswordCount="2")
    held = PASSWORD
    for new in (NEW, NEWER):
        assert (await change(visitor, held, new)).path == "/settings/access?done=password"
        assert "differ" in (await change(visitor, new, held)).beside("NewPassword")
        held = new
    assert (await change(visitor, held, PASSWORD)).path == "/settings/access?done=password"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PasswordMinimumLength", "7"),
        ("PasswordMinimumLength", ""),
        ("PasswordExpirationDays", "366"),
        ("PasswordExpirationDays", "0"),
        ("PreviousPasswordCount", "-1"),
        ("Maximumloginattempts", "2"),
        ("SessionHours", "nine"),
        ("MinimumPasswordScore", "5"),
        ("UserLockoutTime", "61"),
    ],
)
async def test_a_figure_out_of_bounds_is_refused_beside_its_field(world: World, name: str, value: str) -> None:
    visitor = Visitor(world)
    await visitor.log_in("admin")
    page = await visitor.get("/admin/passwords")
    refused = await visitor.submit(page, into="PasswordMinimumLength", **{name: value, "SessionHours": "nine"})
    assert refused.status == 422
    assert refused.beside(name)
    assert 'value="nine"' in refused.body
    assert not await world.rows("sign_in_policy", "subscription_oid")


async def test_over_wsapi_the_same_bounds_hold(world: World) -> None:
    path = f"subscription/{world.ids['subscription']}"
    refused = await world.post(path, {"Subscription": {"PasswordMinimumLength": 3}})
    assert "whole number from 8 to 254" in refused.errors[0]
    assert (await world.post(path, {"Subscription": {"PasswordMinimumLength": 8}})).errors == []


async def test_a_change_of_the_policy_is_on_record_with_what_it_changed(world: World) -> None:
    await policy(world, PasswordMinimumLength="15", MinimumPasswordScore="4", SessionHours="12")
    rows = await world.rows("event", "type", "user_oid", "credential", "diff")
    found = {row[0]: row[1:] for row in rows if row[0] in {"Subscription", "SignInPolicy"} and row[1] is not None}
    assert found["SignInPolicy"][:2] == found["Subscription"][:2] == (world.ids["admin"], "session")
    assert msgspec.json.decode(found["SignInPolicy"][2]) == {"MinimumPasswordScore": [3, 4], "SessionHours": [24, 12]}
    assert msgspec.json.decode(found["Subscription"][2])["PasswordMinimumLength"] == [12, 15]


async def test_b9_an_age_that_ends_passwords_at_once_is_set_only_when_that_was_understood(world: World) -> None:
    world.clock.advance(timedelta(days=40))
    visitor = Visitor(world)
    await visitor.log_in("admin")
    page = await visitor.get("/admin/passwords")
    warned = await visitor.submit(page, into="PasswordMinimumLength", PasswordExpirationDays="30")
    assert "7 passwords are older than that" in warned.beside("Understood")
    assert (await world.get("user", "editor")).status == 200
    done = await visitor.submit(warned, into="PasswordMinimumLength", Understood="on")
    assert "Saved." in done.text
    assert (await world.get("user", "editor")).status == 401
    assert "Saved." in (await visitor.submit(done, into="PasswordMinimumLength", PasswordExpirationDays="")).text
    assert (await world.get("user", "editor")).status == 200


async def test_the_longest_life_and_idle_time_of_a_log_in_are_the_subscriptions(visitor: Visitor, world: World) -> None:
    await policy(world, SessionTimeoutSeconds="600", SessionHours="1")
    await visitor.log_in("editor")
    for _ in range(7):
        world.clock.advance(timedelta(minutes=8))
        assert (await visitor.get("/settings")).path == "/settings"
    world.clock.advance(timedelta(minutes=8))
    assert (await visitor.get("/settings")).path.startswith("/login?")
    await visitor.log_in("editor")
    world.clock.advance(timedelta(minutes=11))
    assert (await visitor.get("/settings")).path.startswith("/login?")


async def test_the_number_of_free_attempts_is_the_subscriptions(visitor: Visitor, world: World) -> None:
    await policy(world, Maximumloginattempts="3")
    for _ in range(2):
        await visitor.log_in("editor", "wrong")
    assert (await visitor.log_in("editor")).path == "/login/accounts/keys"
    for _ in range(3):
        await visitor.log_in("viewer", "wrong")
    assert (await visitor.log_in("viewer")).status == 429
