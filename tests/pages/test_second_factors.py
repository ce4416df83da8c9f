"""Second factors in the browser: an authenticator app, recovery codes, and the demand for one (ASVS 5 6.3, 6.5)."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from banneret.access.sealing import seal
from banneret.kernel.errors import NotAuthorized
from banneret.operations import second_factors
from tests import stored
from tests.harness import PASSWORD, SECRET, World
from tests.signing_on import as_user, log_in, refused, settings
from tests.visitor import Page, Visitor

ROOT = "/settings/second-factor"


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def secret_on(page: Page) -> str:
    """Give what an app reads from the page."""
    found = re.search(r"type the secret: <code>([A-Z2-7 ]+)</code>", page.body)
    assert found, page.text
    return found[1].replace(" ", "")


def code(world: World, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(world.clock.now(), steps)


async def enrol(visitor: Visitor, name: str = "telephone") -> tuple[str, list[str]]:
    """Add an app; give its secret and the recovery codes."""
    page = await visitor.get(f"{ROOT}/app")
    secret = secret_on(page)
    shown = await visitor.submit(page, into="Setup", Code=code(visitor.world, secret), Name=name)
    assert "Keep these recovery codes" in shown.text, shown.text
    visitor.world.clock.advance(timedelta(seconds=30))
    return secret, re.findall(r"[a-z2-7]{6}(?:-[a-z2-7]{6}){3}", shown.text)


async def demand(world: World, who: str, secret: str | None = None) -> None:
    """Demand a second factor, as an administrator does who may have one."""
    visitor = Visitor(world)
    page = await visitor.log_in("admin")
    if secret is not None:
        await visitor.submit(page, Code=code(world, secret))
        world.clock.advance(timedelta(seconds=30))
    page = await visitor.get("/admin/passwords")
    await visitor.submit(page, into="PasswordMinimumLength", SecondFactor=who, Understood="on")


async def test_a_log_in_asks_for_the_app_once_there_is_one(visitor: Visitor, world: World) -> None:
    other = Visitor(world)
    await other.log_in("editor")
    await visitor.log_in("editor")
    secret, codes = await enrol(visitor)
    assert len(codes) == 10
    assert (await visitor.get("/settings")).status == 200
    assert (await other.get("/settings")).path.startswith("/login?")
    page = await other.log_in("editor")
    assert page.path == "/login/second-factor"
    waiting = dict(other.cookies)
    assert (await other.get("/settings")).path.startswith("/login?")
    assert secret not in page.body
    wrong = await other.submit(page, Code="000000")
    assert (wrong.status, "This code is wrong" in wrong.beside("Code")) == (422, True)
    assert "needed" in (await other.submit(page, Code=" ")).beside("Code")
    done = await other.submit(page, Code=f" {code(world, secret)[:3]} {code(world, secret)[3:]} ")
    assert done.path == "/login/accounts/keys"
    assert other.cookies != waiting
    other.cookies = waiting
    assert (await other.get("/login/second-factor")).path == "/login"


async def test_a_code_lets_in_once(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    secret, _ = await enrol(visitor)
    now = code(world, secret)
    assert (await visitor.submit(await visitor.log_in("editor"), Code=now)).path == "/login/accounts/keys"
    again = await visitor.submit(await visitor.log_in("editor"), Code=now)
    assert (again.status, "used already" in again.beside("Code")) == (422, True)
    before = await visitor.submit(await visitor.log_in("editor"), Code=code(world, secret, -1))
    assert before.status == 422
    assert (await visitor.submit(before, Code=code(world, secret, 1))).path == "/login/accounts/keys"


async def test_the_code_that_confirmed_an_app_lets_nobody_in(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(f"{ROOT}/app")
    now = code(world, secret_on(page))
    await visitor.submit(page, into="Setup", Code=now, Name="telephone")
    assert (await visitor.submit(await visitor.log_in("editor"), Code=now)).status == 422


async def test_a_code_of_another_user_is_wrong(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    own, _ = await enrol(visitor)
    stranger = Visitor(world)
    await stranger.log_in("stranger")
    theirs, codes = await enrol(stranger)
    page = await visitor.log_in("editor")
    for each in (code(world, theirs), codes[0]):
        assert (await visitor.submit(page, Code=each)).status == 422
    assert (await visitor.submit(page, Code=code(world, own))).path == "/login/accounts/keys"


async def test_guessing_codes_is_slowed_wherever_it_comes_from(visitor: Visitor, world: World) -> None:
    """Who guesses codes knows the password, so there is no innocent address to spare; keys go on all the same."""
    await visitor.log_in("editor")
    secret, codes = await enrol(visitor)
    for _ in range(5):
        assert (await visitor.submit(await visitor.log_in("editor"), Code="000000")).status == 422
    page = await visitor.log_in("editor")
    waits = await visitor.submit(page, Code=code(world, secret))
    assert (waits.status, "Too many wrong codes" in waits.text) == (422, True)
    assert "Too many" in (await visitor.submit(page, Code=codes[0])).text
    assert (await world.get("user", "editor")).status == 200
    world.clock.advance(timedelta(seconds=31))
    assert (await visitor.submit(page, Code=code(world, secret))).path == "/login/accounts/keys"


async def test_a_recovery_code_lets_in_once_however_it_is_typed(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    _, codes = await enrol(visitor)
    typed = codes[3].upper().replace("-", " ")
    assert (await visitor.submit(await visitor.log_in("editor"), Code=typed)).path == "/login/accounts/keys"
    assert (await visitor.submit(await visitor.log_in("editor"), Code=codes[3])).status == 422
    assert (await visitor.submit(await visitor.log_in("editor"), Code=codes[4])).path == "/login/accounts/keys"
    page = await visitor.get(ROOT)
    assert "8 of 10 are left" in page.text
    new = await visitor.submit(page, into="token", codes="new", factor=None)
    assert "Keep these recovery codes" in new.text
    assert "shown once" in (await visitor.get(f"{ROOT}/codes")).text
    assert (await visitor.submit(await visitor.log_in("editor"), Code=codes[5])).status == 422


async def test_neither_secret_nor_recovery_code_lies_in_the_database(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    secret, codes = await enrol(visitor)
    held = repr(await stored.dump(world.store))
    for text in (secret, *codes, *(each.replace("-", "") for each in codes)):
        assert text not in held


async def test_a_wrong_first_code_keeps_the_secret_that_was_scanned(visitor: Visitor, world: World) -> None:
    """And the name, too; nothing was added."""
    await visitor.log_in("editor")
    page = await visitor.get(f"{ROOT}/app")
    again = await visitor.submit(page, into="Setup", Code="000000", Name="mine")
    assert (again.status, "what the app should show" in again.beside("Code")) == (422, True)
    assert (secret_on(again), again.value("Name")) == (secret_on(page), "mine")
    nameless = await visitor.submit(again, into="Setup", Code=code(world, secret_on(page)), Name=" ")
    assert nameless.beside("Name") == "Name is needed."
    assert not await world.rows("second_factor", "oid")
    stranger = Visitor(world)
    await stranger.log_in("stranger")
    theirs = await stranger.get(f"{ROOT}/app")
    swapped = await stranger.submit(theirs, into="Setup", Setup=page.value("Setup"), Code=code(world, secret_on(page)))
    assert "somebody else" in swapped.beside("Code")
    done = await visitor.submit(page, into="Setup", Code=code(world, secret_on(page)), Name="mine")
    assert "Keep these" in done.text


async def test_second_factors_are_changed_by_a_fresh_log_in_only(visitor: Visitor, world: World) -> None:
    """ASVS 5 7.5.1: who finds an open browser neither adds nor removes one."""
    await visitor.log_in("editor")
    page = await visitor.get(f"{ROOT}/app")
    world.clock.advance(timedelta(minutes=31))
    for path in (ROOT, f"{ROOT}/app"):
        assert (await visitor.get(path)).path.startswith("/login?next=")
    late = await visitor.submit(page, into="Setup", Code=code(world, secret_on(page)), Name="mine")
    assert (late.path.startswith("/login?"), "Confirm that it is you" in late.text) == (True, True)
    assert not await world.rows("second_factor", "oid")
    back = await visitor.submit(late, UserName="editor@acme.test", Password=PASSWORD)
    assert back.path == f"{ROOT}/app"


async def test_a_new_password_does_not_stand_in_for_a_fresh_second_factor(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    await enrol(visitor)
    world.clock.advance(timedelta(hours=1))
    page = await visitor.get("/settings/password")
    new = {"NewPassword": "seven quiet lanterns", "Repeated": "seven quiet lanterns"}
    done = await visitor.submit(page, Password=PASSWORD, **new)
    assert done.path == "/settings/access?done=password"
    assert (await visitor.get(ROOT)).path.startswith("/login?")


async def test_with_a_user_go_his_second_factors(visitor: Visitor, world: World) -> None:
    await visitor.log_in("stranger")
    await enrol(visitor)
    assert (await world.delete(f"user/{world.ids['stranger']}")).errors == []
    for table in ("second_factor", "recovery_code", "password", "session"):
        assert not await world.rows(table, "user_oid", user_oid=world.ids["stranger"]), table


async def test_renaming_and_removing_ones_own(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    await enrol(visitor)
    stranger = Visitor(world)
    await stranger.log_in("stranger")
    await enrol(stranger)
    ((foreign,),) = await world.rows("second_factor", "oid", user_oid=world.ids["stranger"])
    page = await visitor.get(ROOT)
    named = await visitor.submit(page, into="factor", Name="old telephone", do="rename")
    assert "old telephone" in named.text
    nameless = await visitor.submit(page, into="factor", Name="", do="rename")
    assert (nameless.status, "Name is needed." in nameless.body) == (422, True)
    for what in ("rename", "remove"):
        assert (await visitor.submit(page, into="factor", factor=str(foreign), Name="mine", do=what)).status == 404
    assert "removed" in (await visitor.submit(page, into="factor", do="remove")).text
    assert not await world.rows("recovery_code", "user_oid", user_oid=world.ids["editor"])
    assert (await visitor.log_in("editor")).path == "/login/accounts/keys"
    assert (await stranger.log_in("stranger")).path == "/login/second-factor"


# ---------------------------------------------------------------------- programs


async def test_a_password_alone_lets_no_program_in_once_there_is_a_second_factor(
    visitor: Visitor, world: World
) -> None:
    """ADR 0012: Basic is refused, with the reason for who knows the password; HTTP sessions end; keys go on."""
    session = await log_in(world, "editor")
    assert (await world.call("GET", "defect", headers=session.cookie)).status == 200
    await visitor.log_in("editor")
    await enrol(visitor)
    refused(await world.call("GET", "defect", headers=session.cookie), None)
    refused(await world.call("GET", "defect", headers=world.basic("editor")), "second_factor_required")
    refused(await world.call("GET", "defect", headers=world.basic("editor", "wrong")), None)
    refused(await world.call("GET", "security/authorize", headers=world.basic("editor")), "second_factor_required")
    assert (await world.get("defect", "editor")).status == 200
    assert (await world.call("GET", "defect", headers=world.basic("viewer"))).status == 200


async def test_a_key_is_made_with_a_fresh_second_factor_by_who_has_one(visitor: Visitor, world: World) -> None:
    """Keys are not asked for a second factor, so that making one is (access.md 3.5). Who has none makes them at any time."""
    other = Visitor(world)
    await other.log_in("viewer")
    await visitor.log_in("editor")
    secret, _ = await enrol(visitor)
    path = "/login/accounts/keys/create"
    made = await visitor.submit(await visitor.get(path), into="DisplayName", DisplayName="first")
    assert "Copy your key now" in made.text
    page = await visitor.get(path)
    world.clock.advance(timedelta(minutes=31))
    for opened in (path, "/login/accounts/keys/pair"):
        assert (await visitor.get(opened)).path.startswith("/login?")
    late = await visitor.submit(page, into="DisplayName", DisplayName="second")
    assert (late.path.startswith("/login?"), "Confirm that it is you" in late.text) == (True, True)
    assert (
        "Copy your key now" in (await other.submit(await other.get(path), into="DisplayName", DisplayName="mine")).text
    )
    page = await visitor.submit(late, into="UserName", UserName="editor@acme.test", Password=PASSWORD)
    page = await visitor.submit(page, Code=code(world, secret))
    assert page.path == path
    made = await visitor.submit(page, into="DisplayName", DisplayName="second")
    assert "Copy your key now" in made.text
    assert len(await world.rows("api_key", "oid", user_oid=world.ids["editor"], display_name="second")) == 1


# ---------------------------------------------------------------------- the demand


async def test_an_administrator_demands_one_from_everybody(visitor: Visitor, world: World) -> None:
    """Log-ins lead to getting one; those that there are end at the next click; programs need keys."""
    await visitor.log_in("editor")
    session = await log_in(world, "editor")
    await demand(world, "everybody")
    assert (await visitor.get("/settings")).path.startswith("/login?")
    refused(await world.call("GET", "defect", headers=session.cookie), None)
    refused(await world.call("GET", "defect", headers=world.basic("editor")), "second_factor_required")
    assert (await world.get("defect", "editor")).status == 200
    page = await visitor.get("/login?next=/settings")
    page = await visitor.submit(page, UserName="editor@acme.test", Password=PASSWORD)
    assert (page.path, "Your subscription demands" in page.text) == ("/login/second-factor/app", True)
    assert (await visitor.get("/settings")).path.startswith("/login?")
    secret = secret_on(page)
    assert (await visitor.submit(page, into="Setup", Code="000000")).status == 422
    shown = await visitor.submit(page, into="Setup", Code=code(world, secret), Name="telephone")
    assert "Keep these recovery codes" in shown.text
    assert 'href="/settings"' in shown.body
    world.clock.advance(timedelta(seconds=30))
    assert (await visitor.get("/settings")).status == 200
    page = await visitor.get(ROOT)
    kept = await visitor.submit(page, into="factor", do="remove")
    assert (kept.status, "demands a second factor" in kept.text) == (422, True)
    page = await visitor.log_in("editor")
    assert (await visitor.submit(page, Code=code(world, secret))).path == "/login/accounts/keys"


async def test_who_has_one_cannot_get_another_at_the_log_in(visitor: Visitor, world: World) -> None:
    """Or the password alone would be enough to put a new one in the place of the old."""
    await visitor.log_in("editor")
    await enrol(visitor)
    await demand(world, "everybody")
    await visitor.log_in("editor")
    page = await visitor.get("/login/second-factor/app")
    assert page.path == "/login/second-factor"
    fresh = pyotp.random_base32()
    setup = seal(SECRET, f"app of {world.ids['editor']}", fresh)
    forged = {**page.forms[0][2], "Name": "mine", "Code": code(world, fresh), "Setup": setup}
    assert (await visitor.post("/login/second-factor/app", forged)).path == "/login/second-factor"
    assert len(await world.rows("second_factor", "oid")) == 1
    assert (await visitor.get("/settings")).path.startswith("/login?")


async def test_it_may_be_demanded_from_administrators_alone(visitor: Visitor, world: World) -> None:
    await demand(world, "administrators")
    assert (await visitor.log_in("editor")).path == "/login/accounts/keys"
    assert (await visitor.log_in("admin")).path == "/login/second-factor/app"
    assert (await world.call("GET", "defect", headers=world.basic("editor"))).status == 200
    refused(await world.call("GET", "defect", headers=world.basic("admin")), "second_factor_required")


async def test_the_demand_says_whom_it_shuts_out_before_it_is_made(visitor: Visitor, world: World) -> None:
    await visitor.log_in("admin")
    page = await visitor.get("/admin/passwords")
    told = await visitor.submit(page, into="PasswordMinimumLength", SecondFactor="everybody")
    assert "7 users have no second factor" in told.beside("Understood")
    assert (await Visitor(world).log_in("editor")).path == "/login/accounts/keys"


async def test_an_expired_password_is_replaced_after_the_second_factor(visitor: Visitor, world: World) -> None:
    """Who knows an old password alone does not get to set the new one."""
    await visitor.log_in("editor")
    secret, _ = await enrol(visitor)
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=31))
    page = await visitor.log_in("editor")
    assert (await visitor.get("/login/password")).path == "/login/second-factor"
    new = {"NewPassword": "seven quiet lanterns", "Repeated": "seven quiet lanterns"}
    forged = await visitor.post("/login/password", {"token": page.value("token"), **new})
    assert forged.path == "/login/second-factor"
    assert (await Visitor(world).log_in("editor", "seven quiet lanterns")).status == 422
    page = await visitor.submit(page, Code=code(world, secret))
    assert page.path == "/login/password"
    assert (await visitor.submit(page, **new)).path == "/login/accounts/keys"


async def test_an_administrator_takes_a_lost_one_away(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    await enrol(visitor)
    path = f"/admin/users/{world.ids['editor']}/second-factor"
    assert (await visitor.get(path)).status == 403
    administrator = Visitor(world)
    await administrator.log_in("admin")
    assert f'href="{path}"' in (await administrator.get(path.removesuffix("/second-factor"))).body
    page = await administrator.get(path)
    assert "telephone" in page.text
    forged = await visitor.post(path, {"token": (await visitor.get(ROOT)).value("token")})
    assert forged.status == 403
    assert (await Visitor(world).log_in("editor")).path == "/login/second-factor"
    done = await administrator.submit(page, into="token")
    assert ("They are taken away." in done.text, "has none" in done.text) == (True, True)
    assert (await visitor.get("/settings")).path.startswith("/login?")
    assert (await visitor.log_in("editor")).path == "/login/accounts/keys"
    assert not await world.rows("recovery_code", "user_oid")
    assert (await administrator.get("/admin/users/1/second-factor")).status == 404
    own = f"/admin/users/{world.ids['admin']}/second-factor"
    assert (await administrator.get(own)).path == ROOT


@pytest.mark.parametrize("interactive", [True, False])
async def test_neither_a_key_nor_an_editor_takes_anybodys_away(
    visitor: Visitor, world: World, interactive: bool
) -> None:
    await visitor.log_in("editor")
    await enrol(visitor)
    who = "viewer" if interactive else "admin"
    with pytest.raises(NotAuthorized):
        await as_user(
            world,
            who,
            lambda context: second_factors.remove_all(context, world.ids["editor"]),
            interactive=interactive,
        )
    assert await world.rows("second_factor", "oid")
