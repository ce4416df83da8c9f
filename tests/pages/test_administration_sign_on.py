"""The mode of sign-on and the exceptions list (B9, B12; access.md 1.10, 3.6)."""

from __future__ import annotations

from typing import Any

import pytest

from banneret.access.identity import AuthenticationPolicy
from banneret.operations.sign_on import LONGEST_LIST
from tests.harness import USERS, World
from tests.signing_on import settings
from tests.visitor import Page, Visitor

AT = "/admin/sign-on"
MODE = "AuthenticationPolicy"


@pytest.fixture
async def visitor(world: World) -> Visitor:
    return await logged_in(world, "admin")


async def logged_in(world: World, user: str) -> Visitor:
    found = Visitor(world)
    await found.log_in(user)
    return found


async def choose(visitor: Visitor, mode: str) -> Page:
    """Choose a mode, and confirm it where that is asked for."""
    page = await visitor.submit(await visitor.get(AT), into=MODE, do="mode", **{MODE: mode})
    if page.value("Understood"):
        page = await visitor.submit(page, do="mode")
    return page


async def enlist(visitor: Visitor, names: str) -> Page:
    return await visitor.submit(await visitor.get(AT), into="names", do="add", names=names)


async def may_log_in(world: World, user: str) -> bool:
    return (await Visitor(world).log_in(user)).status == 200


async def test_b9_b12_the_mode_decides_passwords_and_what_their_expiry_does_to_keys(
    visitor: Visitor, world: World
) -> None:
    """access.md 1.10, 1.16 h-j, 3.6: administrators may always use a password, keys need no exception."""
    await settings(world, PasswordExpirationDays=30)
    await enlist(visitor, "viewer@acme.test")
    logins = {
        "Rally Only": {"admin": True, "editor": True, "viewer": True},
        "Rally or SSO": {"admin": True, "editor": True, "viewer": True},
        "SSO With Exceptions": {"admin": True, "editor": False, "viewer": True},
        "SSO Only": {"admin": True, "editor": False, "viewer": False},
    }
    for mode, expected in logins.items():
        page = await choose(visitor, mode)
        assert "Saved." in page.text, mode
        assert {user: await may_log_in(world, user) for user in expected} == expected, mode
        for user in expected:
            assert (await world.get("defect", user)).status == 200

    async def expire(context: Any) -> None:
        from banneret.operations.passwords import expire_password

        for user in ("editor", "viewer"):
            await expire_password(context, world.ids[user])

    await world.server(expire)
    for mode in logins:
        await choose(visitor, mode)
        alive = {user: (await world.get("defect", user)).status == 200 for user in ("editor", "viewer")}
        assert alive == {"editor": mode != "Rally Only", "viewer": False}, mode


async def test_a_mode_that_keeps_users_out_is_asked_about_with_how_many(visitor: Visitor, world: World) -> None:
    page = await visitor.submit(await visitor.get(AT), into=MODE, do="mode", **{MODE: "SSO Only"})
    assert f"{len(USERS) - 1} active users who have a password could not log in" in page.text
    assert "is not built yet" in page.text
    assert await may_log_in(world, "editor")
    assert (await world.rows("subscription", "authenticationpolicy")) == [("Rally Only",)]
    done = await visitor.submit(page, do="mode")
    assert "Saved." in done.text
    assert not await may_log_in(world, "editor")
    back = await visitor.submit(await visitor.get(AT), into=MODE, do="mode", **{MODE: "Rally Only"})
    assert "Saved." in back.text
    assert await may_log_in(world, "editor")


async def test_a_mode_in_which_nobody_could_log_in_is_refused(visitor: Visitor, world: World) -> None:
    """An administrator's password is the last way in while there is no single sign-on."""

    async def forget(context: Any) -> None:
        context.unit.writer.delete("password", {"user_oid": world.ids["admin"]})

    await world.server(forget)
    page = await choose(visitor, "SSO Only")
    assert page.status == 422
    assert "Nobody could log in any more" in page.beside(MODE)
    assert page.value(MODE) == "SSO Only"
    assert (await world.rows("subscription", "authenticationpolicy")) == [("Rally Only",)]
    assert "Saved." in (await choose(visitor, "Rally or SSO")).text


async def test_exceptions_without_a_name_keep_nobody_out(visitor: Visitor, world: World) -> None:
    """KB 110946."""
    assert "Saved." in (await choose(visitor, "SSO With Exceptions")).text
    assert await may_log_in(world, "editor")
    await enlist(visitor, "viewer@acme.test")
    assert not await may_log_in(world, "editor")
    page = await visitor.get(AT)
    await visitor.submit(page, into="user", do="remove")
    assert await may_log_in(world, "editor")


async def test_names_are_put_on_the_list_all_or_none(visitor: Visitor, world: World) -> None:
    page = await enlist(visitor, "viewer@acme.test\nEDITOR@acme.test, editor@acme.test")
    assert "2 users" in page.text
    refused = await enlist(visitor, "nobody@acme.test x@acme.test")
    assert refused.status == 422
    assert refused.beside("names") == "Nobody has the user name x@acme.test."
    assert refused.value("names") == "nobody@acme.test x@acme.test"
    assert "2 users" in refused.text
    assert (await enlist(visitor, "  ")).beside("names") == "User names are needed."
    removed = await visitor.submit(await visitor.get(AT), into="user", do="remove", user=str(world.ids["viewer"]))
    assert "1 user " in removed.text
    for odd in ("1", "x", "9" * 30):
        assert (await visitor.submit(await visitor.get(AT), into="user", do="remove", user=odd)).status == 404


async def test_the_list_has_an_end(visitor: Visitor, world: World) -> None:
    async def many(context: Any) -> None:
        from banneret.operations.people import create_user

        for number in range(LONGEST_LIST):
            oid = await create_user(context, {"UserName": f"u{number}@acme.test"})
            context.unit.writer.update("user", {"oid": oid}, {"isonssoexceptionlist": number > 0})

    await world.server(many)
    assert "1000 users" in (await enlist(visitor, "u0@acme.test")).text
    refused = await enlist(visitor, "editor@acme.test")
    assert "takes 1000 users" in refused.beside("names")
    assert not (await world.rows("user", "isonssoexceptionlist", username="editor@acme.test"))[0][0]


@pytest.mark.parametrize("bad", ["", "Nonsense", "x" * 300])
async def test_a_mode_that_is_none_is_refused(visitor: Visitor, bad: str) -> None:
    page = await visitor.submit(await visitor.get(AT), into=MODE, do="mode", **{MODE: bad})
    assert page.beside(MODE) == "Choose one of these."


async def test_two_administrators_do_not_undo_each_other(visitor: Visitor, world: World) -> None:
    page = await visitor.get(AT)
    await choose(await logged_in(world, "admin"), "Rally or SSO")
    refused = await visitor.submit(page, into=MODE, do="mode", **{MODE: "SSO With Exceptions"})
    assert "Somebody else changed it" in refused.text
    assert refused.value(MODE) == "SSO With Exceptions"
    assert await world.rows("subscription", "authenticationpolicy") == [("Rally or SSO",)]
    assert "Saved." in (await visitor.submit(refused, into=MODE, do="mode")).text


@pytest.mark.parametrize("user", ["admin", "wsadmin", "padmin", "editor", "viewer", "nobody"])
async def test_only_subscription_administrators_see_and_change_it(world: World, user: str) -> None:
    form = await (await logged_in(world, "admin")).get(AT)
    visitor = await logged_in(world, user)
    may = user == "admin"
    token = (await visitor.get("/settings/access")).value("token")
    assert (await visitor.get(AT)).status == (200 if may else 403)
    sent = {"token": token, "version": form.value("version"), "do": "mode", MODE: "Rally or SSO"}
    assert (await visitor.post(AT, sent)).status == (200 if may else 403)
    sent = {"token": token, "do": "add", "names": "viewer@acme.test"}
    assert (await visitor.post(AT, sent)).status == (200 if may else 403)
    assert await world.rows("subscription", "authenticationpolicy") == [("Rally or SSO" if may else "Rally Only",)]
    assert bool((await world.rows("user", "isonssoexceptionlist", oid=world.ids["viewer"]))[0][0]) is may


def test_every_mode_is_explained() -> None:
    from banneret.manager.administration.sign_on import MODES

    assert set(MODES) == set(AuthenticationPolicy)
