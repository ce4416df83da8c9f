"""Passkeys in the browser: beside a password, and in its place (WebAuthn; ASVS 5 6.3)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from banneret.operations.passkeys import REFUSED
from tests.authenticator import Authenticator
from tests.harness import World
from tests.pages.test_second_factors import ROOT, demand, enrol
from tests.signing_on import flag_user, refused, settings
from tests.visitor import Page, Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def options(page: Page) -> str:
    """Give what the page wants of the browser."""
    found = re.search(r'data-passkey="([^"]*)"', page.body)
    assert found, page.text
    return html.unescape(found[1])


async def add(visitor: Visitor, passkey: Authenticator, name: str = "laptop") -> Page:
    page = await visitor.get(f"{ROOT}/passkey")
    return await visitor.submit(page, into="Credential", Credential=passkey.make(options(page)), Name=name)


async def alone(visitor: Visitor, passkey: Authenticator, goal: str = "") -> Page:
    """Log in with a passkey in place of name and password."""
    page = await visitor.get(f"/login?next={goal}")
    return await visitor.submit(page, into="Credential", Credential=passkey.show(options(page)))


async def test_a_passkey_is_asked_for_after_the_password(visitor: Visitor, world: World) -> None:
    passkey = Authenticator(verifies=False)
    await visitor.log_in("editor")
    assert "Keep these recovery codes" in (await add(visitor, passkey)).text
    refused(await world.call("GET", "defect", headers=world.basic("editor")), "second_factor_required")
    page = await visitor.log_in("editor")
    assert page.path == "/login/second-factor"
    done = await visitor.submit(page, into="Credential", Credential=passkey.show(options(page)))
    assert done.path == "/login/accounts/keys"
    assert "laptop" in (await visitor.get("/settings/access")).text


async def test_a_passkey_that_knows_its_user_stands_for_name_and_password(visitor: Visitor, world: World) -> None:
    passkey, weak = Authenticator(), Authenticator(verifies=False)
    await visitor.log_in("editor")
    for each in (passkey, weak):
        await add(visitor, each)
    fresh = Visitor(world)
    assert (await alone(fresh, passkey, "/settings")).path == "/settings"
    assert "editor@acme.test" in (await fresh.get("/settings")).body
    other = Visitor(world)
    told = await alone(other, weak)
    assert (told.status, REFUSED in told.text, other.cookies) == (422, True, {})
    stranger = await alone(other, Authenticator())
    assert (stranger.status, REFUSED in stranger.text, other.cookies) == (422, True, {})


@pytest.mark.parametrize(
    "change", ["another key", "another site", "a copy", "too late", "another purpose", "twice", "junk"]
)
async def test_an_answer_that_does_not_hold_lets_nobody_in(visitor: Visitor, world: World, change: str) -> None:
    passkey = Authenticator(counts=change != "twice")
    await visitor.log_in("editor")
    await add(visitor, passkey)
    page = await visitor.get("/login")
    asked = options(page)
    shown = passkey.show(asked)
    match change:
        case "another key":
            shown = Authenticator(credential=passkey.credential, user=passkey.user).show(asked)
        case "another site":
            shown = Authenticator(
                "http://evil.test", key=passkey.key, credential=passkey.credential, user=passkey.user
            ).show(asked)
        case "a copy":
            await alone(Visitor(world), passkey)
            passkey.counter -= 1
            shown = passkey.show(asked)
        case "too late":
            world.clock.advance(timedelta(minutes=16))
        case "another purpose":
            shown = passkey.show(options(await visitor.log_in("editor")))
        case "twice":
            await visitor.submit(page, into="Credential", Credential=shown)
        case _:
            shown = '{"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30"}}'
    thief = Visitor(world)
    told = await thief.submit(page, into="Credential", Credential=shown)
    assert (told.status, REFUSED in told.text, thief.cookies) == (422, True, {})
    assert (await alone(thief, passkey)).status == 200


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"id": 1}', "x" * 5000, '{"id":"","rawId":"","type":"public-key","response":{}}']
)
async def test_what_is_no_answer_at_all_is_refused_beside_the_button(visitor: Visitor, text: str) -> None:
    page = await visitor.get("/login")
    told = await visitor.submit(page, into="Credential", Credential=text)
    assert (told.status, REFUSED in told.text) == (422, True)
    await visitor.log_in("editor")
    page = await visitor.get(f"{ROOT}/passkey")
    told = await visitor.submit(page, into="Credential", Credential=text, Name="mine")
    assert (told.status, REFUSED in told.text, told.value("Name")) == (422, True, "mine")


async def test_a_passkey_of_another_user_is_no_second_factor(visitor: Visitor, world: World) -> None:
    own, theirs = Authenticator(), Authenticator()
    await visitor.log_in("editor")
    await add(visitor, own)
    stranger = Visitor(world)
    await stranger.log_in("stranger")
    await add(stranger, theirs)
    page = await visitor.log_in("editor")
    told = await visitor.submit(page, into="Credential", Credential=theirs.show(options(page)))
    assert (told.status, REFUSED in told.text) == (422, True)
    assert (
        await visitor.submit(page, into="Credential", Credential=own.show(options(page)))
    ).path == "/login/accounts/keys"


async def test_one_passkey_is_added_once(visitor: Visitor, world: World) -> None:
    passkey = Authenticator()
    await visitor.log_in("editor")
    await add(visitor, passkey)
    assert REFUSED in (await add(visitor, passkey)).text
    assert len(await world.rows("second_factor", "oid")) == 1


@pytest.mark.parametrize("state", ["disabled", "locked", "single sign-on"])
async def test_a_passkey_opens_no_account_that_a_password_would_not(visitor: Visitor, world: World, state: str) -> None:
    passkey = Authenticator()
    await visitor.log_in("editor")
    await add(visitor, passkey)
    if state == "disabled":
        await flag_user(world, "editor", disabled=True)
    elif state == "locked":
        await flag_user(world, "editor", accountlockeduntil="3000-01-01T00:00:00.000Z")
    else:
        await settings(world, AuthenticationPolicy="SSO Only")
    told = await alone(Visitor(world), passkey)
    assert (told.status, state in told.text) == (422, True)


async def test_the_demand_is_met_with_a_passkey(visitor: Visitor, world: World) -> None:
    passkey = Authenticator()
    await demand(world, "everybody")
    await visitor.log_in("editor")
    page = await visitor.get("/login/second-factor/passkey")
    shown = await visitor.submit(page, into="Credential", Credential=passkey.make(options(page)), Name="laptop")
    assert "Keep these recovery codes" in shown.text
    assert (await visitor.get("/settings")).status == 200


async def test_who_has_a_second_factor_makes_no_passkey_at_the_log_in(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    await enrol(visitor)
    await demand(world, "everybody")
    page = await visitor.log_in("editor")
    assert (await visitor.get("/login/second-factor/passkey")).path == "/login/second-factor"
    forged = {"token": page.value("token"), "Credential": "{}", "Name": "mine"}
    assert (await visitor.post("/login/second-factor/passkey", forged)).path == "/login/second-factor"


async def test_a_passkey_log_in_from_another_site_is_refused(visitor: Visitor, world: World) -> None:
    passkey = Authenticator()
    await visitor.log_in("editor")
    await add(visitor, passkey)
    other = Visitor(world, headers={"origin": "https://evil.test"})
    assert "another site" in (await alone(other, passkey)).text
    assert not other.cookies
