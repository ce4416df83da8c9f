"""Log-in, log-out, sessions and expired passwords in the browser (A1, A6, B9, B10; design 5.7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from banneret.access.throttle import FOREVER
from banneret.manager.login import REFUSED
from banneret.manager.messages import patience
from banneret.operations.sessions import identifier
from tests.harness import PASSWORD, World
from tests.signing_on import flag_user, settings
from tests.visitor import Visitor

NEW = "seven quiet lanterns over water"


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


async def test_a1_the_application_manager_is_reached_by_logging_in(visitor: Visitor) -> None:
    page = await visitor.get("/login/accounts/")
    assert page.path == "/login?next=%2Flogin%2Faccounts%2Fkeys"
    page = await visitor.submit(page, UserName="editor@acme.test", Password=PASSWORD)
    assert (page.status, page.path) == (200, "/login/accounts/keys")
    tabs = [page.text.index(tab) for tab in ("Authorized Applications", "API Keys", "OAuth Clients")]
    assert tabs == sorted(tabs)
    for path in ("/login/accounts/index.html", "/login/accounts/applications", "/login/accounts/clients", "/settings"):
        assert (await visitor.get(path)).status == 200


@pytest.mark.parametrize(
    ("name", "password"), [("editor@acme.test", "mistaken"), ("nosuch@acme.test", PASSWORD), ("x" * 3000, "y" * 3000)]
)
async def test_what_is_wrong_gets_one_answer_and_keeps_the_name(visitor: Visitor, name: str, password: str) -> None:
    page = await visitor.submit(await visitor.get("/login"), UserName=name, Password=password)
    assert (page.status, page.value("UserName")) == (422, name)
    assert REFUSED in page.text
    assert password not in page.body
    assert not visitor.cookies


async def test_empty_fields_say_so_beside_themselves(visitor: Visitor) -> None:
    page = await visitor.submit(await visitor.get("/login"), UserName=" ", Password="")
    assert page.beside("UserName") == "User name is needed."
    assert page.beside("Password") == "Password is needed."


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "nowhere"]
)
async def test_a_log_in_never_leads_to_another_site(visitor: Visitor, target: str) -> None:
    page = await visitor.get("/login")
    found = await visitor.submit(page, UserName="editor@acme.test", Password=PASSWORD, next=target)
    assert found.path == "/login/accounts/keys"


async def test_a_form_from_another_site_is_refused(visitor: Visitor) -> None:
    page = await visitor.get("/login")
    visitor.headers["origin"] = "https://evil.test"
    refused = await visitor.submit(page, UserName="editor@acme.test", Password=PASSWORD)
    assert "came from another site" in refused.text
    assert not visitor.cookies
    del visitor.headers["origin"]
    assert (await visitor.log_in("editor")).path == "/login/accounts/keys"


async def test_who_logs_out_is_out_also_with_the_old_cookie(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    kept = dict(visitor.cookies)
    await visitor.post("/logout", {})
    assert not visitor.cookies
    visitor.cookies = kept
    assert (await visitor.get("/settings")).path.startswith("/login?")


async def test_each_log_in_has_a_value_of_its_own_and_ends_the_one_before(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    first = dict(visitor.cookies)
    await visitor.log_in("editor")
    assert visitor.cookies != first
    visitor.cookies = first
    assert (await visitor.get("/settings")).path.startswith("/login?")


async def test_a_session_ends_when_unused_and_however_busy_after_a_day(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    for _ in range(3):
        world.clock.advance(timedelta(hours=7))
        assert (await visitor.get("/settings")).path == "/settings"
    world.clock.advance(timedelta(hours=4))
    assert (await visitor.get("/settings")).path.startswith("/login?")
    await visitor.log_in("editor")
    world.clock.advance(timedelta(hours=9))
    assert (await visitor.get("/settings")).path.startswith("/login?")


async def test_a_user_sees_and_ends_his_own_log_ins(visitor: Visitor, world: World) -> None:
    other = Visitor(world)
    stranger = Visitor(world)
    for one, name in ((visitor, "editor"), (other, "editor"), (stranger, "stranger")):
        await one.log_in(name)
    page = await visitor.get("/settings/access")
    handles = [fields["handle"] for _, _, fields in page.forms if "handle" in fields]
    assert len(handles) == 2
    foreign = [
        fields["handle"] for _, _, fields in (await stranger.get("/settings/access")).forms if "handle" in fields
    ]
    refused = await visitor.submit(page, into="handle", handle=foreign[0])
    assert refused.status == 404
    assert (await stranger.get("/settings")).path == "/settings"
    (theirs,) = [handle for handle in handles if handle != identifier(visitor.cookies["banneret"]).hex()]
    await visitor.submit(page, into="handle", handle=theirs)
    assert (await other.get("/settings")).path.startswith("/login?")
    assert (await visitor.get("/settings")).path == "/settings"


@pytest.mark.parametrize("state", ["disabled", "locked"])
async def test_who_is_disabled_or_locked_is_out_at_the_next_click(visitor: Visitor, world: World, state: str) -> None:
    await visitor.log_in("editor")
    assert (await visitor.get("/settings")).status == 200
    if state == "disabled":
        await flag_user(world, "editor", disabled=True)
    else:

        async def lock(context: object) -> None:
            unit = context.unit  # type: ignore[attr-defined]
            unit.writer.update("password", {"user_oid": world.ids["editor"]}, {"locked_by_admin": True})

        await world.server(lock)
    assert (await visitor.get("/settings")).path.startswith("/login?")
    told = await visitor.log_in("editor")
    assert (told.status, f"This account is {state}" in told.text) == (422, True)
    guessed = await visitor.log_in("editor", "wrong")
    assert (guessed.status, REFUSED in guessed.text, state in guessed.text) == (422, True, False)


async def test_a6_b9_an_expired_password_is_replaced_and_the_key_works_again(visitor: Visitor, world: World) -> None:
    assert (await world.get("user", "editor")).status == 200
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=31))
    assert (await world.get("user", "editor")).status == 401
    page = await visitor.log_in("editor")
    assert (page.path, "Set a new password" in page.text) == ("/login/password", True)
    assert (await visitor.get("/settings")).path.startswith("/login?")
    for new, repeated, field, text in (
        (NEW, "other", "Repeated", "This is not the same password."),
        ("short", "short", "NewPassword", "at least"),
        (PASSWORD, PASSWORD, "NewPassword", "must differ from the present one"),
        ("", "", "NewPassword", "A new password is needed."),
    ):
        refused = await visitor.submit(page, NewPassword=new, Repeated=repeated)
        assert text in refused.beside(field)
        assert refused.status == 422
    assert (await world.get("user", "editor")).status == 401
    assert REFUSED in (await Visitor(world).log_in("editor", "wrong")).text
    done = await visitor.submit(page, NewPassword=NEW, Repeated=NEW)
    assert done.path == "/login/accounts/keys"
    assert (await world.get("user", "editor")).status == 200
    assert REFUSED in (await Visitor(world).log_in("editor")).text


async def test_the_steps_of_a_log_in_are_for_who_has_typed_the_password(visitor: Visitor, world: World) -> None:
    """Nobody gets to them without, who has logged in has nothing to do there, and they wait no longer than 15 minutes."""
    for path in ("/login/password", "/login/second-factor", "/login/second-factor/app"):
        assert (await visitor.get(path)).path == "/login"
    await visitor.log_in("editor")
    for path in ("/login/password", "/login/second-factor", "/login/second-factor/app"):
        assert (await visitor.get(path)).path == "/login"
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=31))
    page = await visitor.log_in("editor")
    world.clock.advance(timedelta(minutes=16))
    assert (await visitor.submit(page, NewPassword=NEW, Repeated=NEW)).path == "/login"
    assert (await world.get("user", "editor")).status == 401


async def test_a_log_in_of_which_a_step_is_to_come_opens_nothing_on_the_wire(visitor: Visitor, world: World) -> None:
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=31))
    await visitor.log_in("editor")
    value = visitor.cookies["banneret"]
    for headers in ({"zsessionid": value}, {"cookie": f"ZSESSIONID={value}"}, {"authorization": f"Bearer {value}"}):
        assert (await world.get("user", None, headers=headers)).status == 401


@pytest.mark.parametrize("name", ["editor", "nosuch"])
async def test_guessing_slows_that_source_and_leaves_keys_alone(visitor: Visitor, world: World, name: str) -> None:
    """Design 5.7: after five wrong passwords the next waits, be it right, and no integration stops.

    A name that nobody has is answered the same, wait for wait, so that it cannot be told from one that somebody has.
    """
    for _ in range(5):
        refused = await visitor.log_in(name, "wrong")
        assert (refused.status, REFUSED in refused.text) == (422, True)
    waits = await visitor.log_in(name)
    assert (waits.status, "at 2026-01-05 09:00:30 UTC" in waits.text) == (429, True), waits.text
    assert (await world.get("user", "editor")).status == 200
    world.clock.advance(timedelta(seconds=31))
    assert (await visitor.log_in(name, "wrong")).status == 422
    longer = await visitor.log_in(name)
    assert (longer.status, "at 2026-01-05 09:01:31 UTC" in longer.text) == (429, True), longer.text
    world.clock.advance(timedelta(hours=2))
    assert (await visitor.log_in(name, "wrong")).status == 422
    found = await visitor.log_in(name)
    assert found.path == ("/login/accounts/keys" if name == "editor" else "/login")


async def test_guesses_sent_at_once_are_looked_at_one_after_the_other(world: World) -> None:
    """Or all of them would be looked at before the first wrong one is on record."""
    visitors = [Visitor(world) for _ in range(12)]
    pages = await asyncio.gather(*(visitor.log_in("editor", "wrong") for visitor in visitors))
    assert sorted(page.status for page in pages) == [422] * 5 + [429] * 7


async def test_a_password_that_a_program_uses_is_no_easier_to_guess(visitor: Visitor, world: World) -> None:
    """What was verified before is remembered for speed; that must not let the right guess past those that wait."""
    assert (await world.call("GET", "user", headers=world.basic("editor"))).status == 200
    for _ in range(5):
        await visitor.log_in("editor", "wrong")
    assert (await visitor.log_in("editor")).status == 429
    assert (await world.call("GET", "user", headers=world.basic("editor"))).status == 401
    world.clock.advance(timedelta(seconds=31))
    assert (await world.call("GET", "user", headers=world.basic("editor"))).status == 200


async def test_old_wrong_passwords_for_names_that_nobody_has_are_forgotten(visitor: Visitor, world: World) -> None:
    await visitor.log_in("nosuch", "wrong")
    world.clock.advance(timedelta(days=2))
    await visitor.log_in("another", "wrong")
    rows = await world.rows("stray_login", "name", "source")
    assert len(rows) == 1
    assert b"another" not in bytes(rows[0][0])


def test_how_long_a_wait_is_told() -> None:
    now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    for wait, told in (
        (timedelta(seconds=30), "in 1 minute, at 2026-01-05 09:00:30 UTC"),
        (timedelta(minutes=90), "in 90 minutes, at"),
        (timedelta(hours=30), "in 30 hours, at 2026-01-06 15:00:00 UTC"),
        (timedelta(days=9), "in 9 days, at"),
    ):
        assert told in patience("passwords", now + wait, now)
    forever = patience("passwords", now + FOREVER, now)
    assert "Try again" not in forever
    assert "administrator can unlock" in forever


async def test_a_wsapi_session_or_a_key_is_no_log_in(visitor: Visitor, world: World) -> None:
    answer = await world.get("security/authorize", None, headers=world.basic("editor"))
    cookie = next(text for text in answer.cookies if text.startswith("JSESSIONID="))
    for value in (cookie.partition(";")[0].partition("=")[2], world.keys["editor"], "rubbish"):
        visitor.cookies = {"banneret": value}
        assert (await visitor.get("/settings")).path.startswith("/login?")
