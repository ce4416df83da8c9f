"""API keys on the wire: behaviours A2-A8, A10, B3, B5-B7, B9-B13, C2, C4, and the acceptance list of access.md 1.16."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from banneret.access.identity import Edition
from banneret.access.keys import Grant, lookup_hash, make_key
from banneret.kernel.errors import KeysDisabled, NotAuthorized, ObjectNotFound
from banneret.operations import keys, passwords
from banneret.operations.context import Context
from banneret.operations.create import Given, create
from tests import stored
from tests.harness import PASSWORD, SECRET, World, enter_world
from tests.signing_on import as_user, flag_user, log_in, refused, settings

DEFECT = {"Defect": {"Name": "made by key"}}


async def defects(world: World, name: str = "made by key") -> int:
    return len(await world.rows("artifact", "oid", name=name))


# ---------------------------------------------------------------------- what a key is


async def test_a2_a_key_reads_and_writes_without_user_name_and_password(world: World) -> None:
    made = await world.make("Defect", "editor", Name="x")
    assert (await world.get(f"defect/{made['ObjectID']}", "editor")).inner["Name"] == "x"
    answer = await world.post(f"defect/{made['ObjectID']}", {"Defect": {"Name": "y"}}, "editor")
    assert answer.object["Name"] == "y"
    assert (await world.delete(f"defect/{made['ObjectID']}", "editor")).errors == []
    assert await world.rows("artifact", "oid") == []


async def test_a3_a_key_outlives_every_session(world: World) -> None:
    session = await log_in(world, "editor")
    assert (await world.call("GET", "user", headers=session.cookie)).status == 200
    world.clock.advance(timedelta(days=3650))
    refused(await world.call("GET", "user", headers=session.cookie), None)
    assert (await world.get("user", "editor")).status == 200


async def test_a4_a_key_follows_its_users_permissions_at_the_time_of_each_request(world: World) -> None:
    wheels = f"/project/{world.ids['wheels']}"
    body = {"Defect": {"Name": "x", "Project": wheels}}
    assert (await world.post("defect/create", body, "editor")).errors != []
    grant = await world.make("ProjectPermission", User=f"/user/{world.ids['editor']}", Project=wheels, Role="Editor")
    assert (await world.post("defect/create", body, "editor")).errors == []
    assert (await world.get("defect", "editor", project=wheels)).inner["TotalResultCount"] == 1
    assert (await world.delete(f"projectpermission/{grant['ObjectID']}")).errors == []
    assert (await world.post("defect/create", body, "editor")).errors != []
    assert (await world.get("defect", "editor")).inner["TotalResultCount"] == 0
    assert (await world.get("defect", "admin")).inner["TotalResultCount"] == 1


@pytest.mark.parametrize("role", ["admin", "wsadmin", "padmin", "editor", "viewer", "stranger", "nobody"])
async def test_a4_a_key_may_exactly_what_its_user_may_with_a_password(world: World, role: str) -> None:
    session = await log_in(world, role)
    for project in ("engines", "pistons", "wheels", "elsewhere"):
        body = {"Defect": {"Name": "x", "Project": f"/project/{world.ids[project]}"}}
        by_key = await world.post("defect/create", body, role)
        by_password = await session.call("POST", "defect/create", body)
        assert by_key.errors == by_password.errors
    for path in ("defect", "project", "projectpermission", "workspace", "user"):
        by_key, by_password = [
            await world.call("GET", path, headers=sent, key=key, query="(ObjectID > 0)", pagesize=200, fetch="Name")
            for sent, key in ((world.basic(role), None), ({}, world.keys[role]))
        ]
        assert by_key.inner == by_password.inner


async def test_a5_a_key_ends_when_it_is_reset_or_deleted(world: World) -> None:
    async def issue(context: Context) -> tuple[int, str]:
        return await keys.issue(context, world.ids["editor"], "ci", Grant.FULL, secret=SECRET)

    oid, first = await as_user(world, "editor", issue)
    assert (await world.get("defect", key=first)).status == 200
    before = await world.rows("api_key", "oid", "last_reset_at", oid=oid)
    world.clock.advance(timedelta(minutes=1))
    second = await as_user(world, "editor", lambda context: keys.reset(context, oid, secret=SECRET))
    refused(await world.get("defect", key=first), None)
    assert (await world.get("defect", key=second)).status == 200
    after = await world.rows("api_key", "oid", "last_reset_at", oid=oid)
    assert before[0][1] is None
    assert after == [(oid, "2026-01-05T09:01:00.000Z")]
    await as_user(world, "editor", lambda context: keys.revoke(context, oid))
    refused(await world.get("defect", key=second), "key_revoked")


async def test_a5_a_deleted_key_says_nothing_to_its_former_holder_and_others_go_on(world: World) -> None:
    await world.server(lambda context: _delete_key(context, world.keys["editor"]))
    refused(await world.get("defect", "editor"), None)
    assert (await world.get("defect", key=world.readers["editor"])).status == 200
    assert (await world.get("defect", "viewer")).status == 200


async def _delete_key(context: Context, value: str) -> None:
    context.unit.writer.delete("api_key", {"lookup": lookup_hash(SECRET, value)})


async def test_a7_what_a_key_does_is_tracked_like_a_log_in(world: World) -> None:
    session = await log_in(world, "editor")
    by_key = await world.make("Defect", "editor", Name="x")
    made = await session.call("POST", "defect/create", {"Defect": {"Name": "x"}})
    by_password = made.object
    for item in (by_key, by_password):
        assert item["CreatedBy"]["_refObjectName"] == "Editor"
        assert item["SubmittedBy"]["_refObjectName"] == "Editor"
        history = await revisions(world, item)
        assert [(entry["User"]["_refObjectName"], entry["Description"]) for entry in history] == [
            ("Editor", "Original revision")
        ]
    events = await world.rows("event", "user_oid", "credential", "kind", type="Defect")
    assert [event[0] for event in events] == [world.ids["editor"]] * 2
    key_oid = (await world.rows("api_key", "oid", lookup=lookup_hash(SECRET, world.keys["editor"])))[0][0]
    assert sorted(event[1] for event in events) == ["basic", f"key:{key_oid}"]


async def test_a7_using_a_key_counts_as_activity_and_not_as_a_log_in(world: World) -> None:
    before = await world.rows("user", "lastlogindate", oid=world.ids["editor"])
    world.clock.advance(timedelta(hours=2))
    await world.get("defect", "editor")
    await world.usage.flush(world.store, everything=True)
    assert await world.rows("user", "lastactivedate", "lastlogindate", oid=world.ids["editor"]) == [
        ("2026-01-05T11:00:00.000Z", before[0][0])
    ]
    used = await world.rows("api_key", "last_used_at", lookup=lookup_hash(SECRET, world.keys["editor"]))
    assert used == [("2026-01-05T11:00:00.000Z",)]
    unused = await world.rows("api_key", "last_used_at", lookup=lookup_hash(SECRET, world.keys["viewer"]))
    assert unused == [(None,)]


async def test_a8_keys_take_no_seat(world: World) -> None:
    path = f"subscription/{world.ids['subscription']}"
    names = ("PaidSeats", "UnpaidSeats", "SeatsCount", "UserCount")
    before = (await world.get(path)).inner
    for n in range(3):
        await as_user(
            world,
            "editor",
            lambda context, n=n: keys.issue(context, world.ids["editor"], f"k{n}", Grant.FULL, secret=SECRET),
        )
    after = (await world.get(path)).inner
    assert [after[name] for name in names] == [before[name] for name in names]
    assert len(await world.rows("api_key", "oid", user_oid=world.ids["editor"])) == 5


# ---------------------------------------------------------------------- the switch


async def test_a10_with_keys_disabled_every_key_gets_401_and_with_keys_enabled_works_again(world: World) -> None:
    assert (await world.get("defect", "editor")).status == 200
    await settings(world, ApiKeysEnabled=False)
    for value in (*world.keys.values(), *world.readers.values()):
        refused(await world.get("defect", key=value), "keys_disabled")
    refused(await world.post("defect/create", DEFECT, "editor"), "keys_disabled")
    assert await defects(world) == 0
    assert (await world.call("GET", "defect", headers=world.basic("editor"))).status == 200
    session = await log_in(world, "admin")
    path = f"subscription/{world.ids['subscription']}"
    answer = await session.call("POST", path, {"Subscription": {"ApiKeysEnabled": True}})
    assert answer.errors == []
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []


async def test_a10_with_keys_disabled_a_wrong_key_learns_nothing(world: World) -> None:
    await settings(world, ApiKeysEnabled=False)
    refused(await world.get("defect", key="_nosuchkeyatall0000000000"), None)


async def test_a10_with_keys_disabled_deleting_one_is_all_that_is_left(world: World) -> None:
    oid = (await world.rows("api_key", "oid", lookup=lookup_hash(SECRET, world.keys["editor"])))[0][0]
    await settings(world, ApiKeysEnabled=False)
    tries = [
        lambda context: keys.issue(context, world.ids["editor"], "x", Grant.READ_ONLY, secret=SECRET),
        lambda context: keys.change(context, oid, display_name="x"),
        lambda context: keys.reset(context, oid, secret=SECRET),
        lambda context: keys.disable(context, oid),
        lambda context: keys.enable(context, oid),
    ]
    before = await world.rows("api_key", "oid", "display_name", "lookup")
    for attempt in tries:
        with pytest.raises(KeysDisabled):
            await as_user(world, "editor", attempt)
    assert await world.rows("api_key", "oid", "display_name", "lookup") == before
    await as_user(world, "editor", lambda context: keys.revoke(context, oid))
    assert await world.rows("api_key", "deleted_by", oid=oid) == [(world.ids["editor"],)]


async def test_b4_only_a_subscription_administrator_turns_the_switch(world: World) -> None:
    path = f"subscription/{world.ids['subscription']}"
    others = [user for user in world.keys if user != "admin"]
    for user in others:
        answer = await world.post(path, {"Subscription": {"ApiKeysEnabled": False}}, user)
        assert answer.errors == [f"Not authorized to update: Subscription {world.ids['subscription']}"]
        assert (await world.get("defect", user)).status == 200
    assert (await world.post(path, {"Subscription": {"ApiKeysEnabled": False}}, "admin")).errors == []
    for user in others:
        refused(await world.get("defect", user), "keys_disabled")


# ---------------------------------------------------------------------- editions, other credentials


@pytest.mark.parametrize("edition", [Edition.ON_PREM, Edition.SANDBOX])
async def test_b1_b2_editions_without_keys_leave_basic_with_a_security_token(world: World, edition: Edition) -> None:
    there = enter_world(world.store, world.ids, edition)
    refused(await there.get("defect", "editor"), "keys_not_in_edition")
    refused(await there.get("defect", key="_nosuchkeyatall0000000000"), None)
    refused(await there.post("defect/create", DEFECT, "editor"), "keys_not_in_edition")
    session = await log_in(there, "editor")
    without = await there.call("POST", "defect/create", DEFECT, headers=session.headers)
    assert without.errors == ["Not authorized to perform action: Invalid key"]
    assert await defects(world) == 0
    made = await session.call("POST", "defect/create", DEFECT)
    assert made.object["Name"] == "made by key"
    assert (await world.get("defect", "editor")).status == 200


async def test_b3_other_tokens_are_no_keys_and_keys_are_no_other_tokens(world: World) -> None:
    session = await log_in(world, "editor")
    assert not session.value.startswith("_")
    # A session's value in the header acts as that session, with its rules, and never as a key.
    answer = await world.post("defect/create", DEFECT, key=session.value)
    assert answer.errors == ["Not authorized to perform action: Invalid key"]
    refused(await world.get("defect", key=session.token), None)
    refused(await world.get("defect", key="_" + session.value), None)
    refused(await world.get("defect", key=world.keys["editor"][1:]), None)
    assert await defects(world) == 0


async def test_b3_a_key_is_nobodys_password(world: World) -> None:
    refused(await world.call("GET", "defect", headers=world.basic("editor", world.keys["editor"])), None)
    twice = base64.b64encode(f"{world.keys['editor']}:{world.keys['editor']}".encode()).decode()
    refused(await world.call("GET", "defect", headers={"authorization": f"Basic {twice}"}), None)
    assert (await world.call("GET", "defect", headers=world.basic("editor"))).status == 200


async def test_a_key_in_the_query_string_is_none(world: World) -> None:
    for name in ("key", "zsessionid", "apikey", "access_token"):
        answer = await world.call("GET", f"defect?{name}={world.keys['editor']}")
        refused(answer, None)
        assert b"Full authentication is required" in answer.body


# ---------------------------------------------------------------------- who makes which keys


@pytest.mark.parametrize(
    ("user", "grant", "allowed"),
    [
        ("admin", Grant.FULL, True),
        ("wsadmin", Grant.FULL, True),
        ("padmin", Grant.FULL, True),
        ("editor", Grant.FULL, True),
        ("editor", Grant.READ_ONLY, True),
        ("viewer", Grant.READ_ONLY, True),
        ("viewer", Grant.FULL, False),
        ("nobody", Grant.FULL, False),
    ],
)
async def test_b5_everybody_makes_keys_and_a_viewer_none_that_writes(
    world: World, user: str, grant: Grant, *, allowed: bool
) -> None:
    async def issue(context: Context) -> tuple[int, str]:
        return await keys.issue(context, world.ids[user], "new", grant, secret=SECRET)

    before = len(await world.rows("api_key", "oid"))
    if not allowed:
        with pytest.raises(NotAuthorized):
            await as_user(world, user, issue)
        assert len(await world.rows("api_key", "oid")) == before
        return
    _, value = await as_user(world, user, issue)
    assert (await world.get("user", key=value)).inner["UserName"] == f"{user}@acme.test"
    answer = await world.post("defect/create", DEFECT, key=value)
    assert (answer.status == 401) is (grant is Grant.READ_ONLY)


async def test_b5_a_viewers_key_is_not_switched_to_full_access(world: World) -> None:
    oid, value = await as_user(
        world, "viewer", lambda context: keys.issue(context, world.ids["viewer"], "new", Grant.READ_ONLY, secret=SECRET)
    )
    with pytest.raises(NotAuthorized):
        await as_user(world, "viewer", lambda context: keys.change(context, oid, grant=Grant.FULL))
    assert await world.rows("api_key", "grant_name", oid=oid) == [("read_only",)]
    await as_user(world, "viewer", lambda context: keys.change(context, oid, display_name="other"))
    assert await world.rows("api_key", "display_name", oid=oid) == [("other",)]
    assert (await world.get("defect", key=value)).status == 200


async def test_b5_a_demoted_users_full_key_stays_and_writes_no_more(world: World) -> None:
    """1.7: every request checks the key's grant and the user's roles of now."""
    assert (await world.post("defect/create", DEFECT, "stranger")).errors == []
    (held,) = await world.rows("userpermission", "oid", user_oid=world.ids["stranger"])
    await world.make(
        "ProjectPermission",
        User=f"/user/{world.ids['stranger']}",
        Project=f"/project/{world.ids['wheels']}",
        Role="Viewer",
    )
    await world.make(
        "ProjectPermission",
        User=f"/user/{world.ids['stranger']}",
        Project=f"/project/{world.ids['engines']}",
        Role="Viewer",
    )
    await world.server(lambda context: _drop_permission(context, held[0]))
    answer = await world.post(
        "defect/create", {"Defect": {"Name": "later", "Project": f"/project/{world.ids['wheels']}"}}, "stranger"
    )
    assert answer.errors == ["Not authorized to create Defect"]
    assert (await world.get("defect", "stranger")).status == 200


async def _drop_permission(context: Context, oid: int) -> None:
    context.unit.writer.remove_object(context.schema.get("ProjectPermission"), oid)
    await context.unit.touch()


async def test_keys_do_not_mint_keys(world: World) -> None:
    """access.md 3.3: what a key may not do, its user may when he logs in."""

    async def issue(context: Context) -> tuple[int, str]:
        return await keys.issue(context, world.ids["editor"], "new", Grant.READ_ONLY, secret=SECRET)

    oid = (await world.rows("api_key", "oid", lookup=lookup_hash(SECRET, world.readers["editor"])))[0][0]
    before = await world.rows("api_key", "oid", "lookup", "display_name")
    with pytest.raises(NotAuthorized):
        await as_user(world, "editor", issue, interactive=False)
    for attempt in (
        lambda context: keys.reset(context, oid, secret=SECRET),
        lambda context: keys.revoke(context, oid),
        lambda context: keys.change(context, oid, display_name="x"),
    ):
        with pytest.raises((NotAuthorized, ObjectNotFound)):
            await as_user(world, "editor", attempt, interactive=False)
    assert await world.rows("api_key", "oid", "lookup", "display_name") == before
    await as_user(world, "editor", issue)


async def test_an_administrator_manages_every_key_and_others_their_own(world: World) -> None:
    """1.16 r."""
    mine, his = [
        (await world.rows("api_key", "oid", lookup=lookup_hash(SECRET, world.keys[name])))[0][0]
        for name in ("viewer", "editor")
    ]
    listed = await as_user(world, "admin", keys.listed)
    assert {entry.oid for entry in listed} >= {mine, his}
    own = await as_user(world, "viewer", lambda context: keys.listed(context, world.ids["viewer"]))
    assert {entry.user_oid for entry in own} == {world.ids["viewer"]}
    for user in (None, world.ids["editor"]):
        with pytest.raises(NotAuthorized):
            await as_user(world, "viewer", lambda context, user=user: keys.listed(context, user))
    with pytest.raises(ObjectNotFound):
        await as_user(world, "viewer", lambda context: keys.revoke(context, his))
    with pytest.raises(ObjectNotFound):
        await as_user(world, "viewer", lambda context: keys.reset(context, his, secret=SECRET))
    await as_user(world, "viewer", lambda context: keys.revoke(context, mine))
    await as_user(world, "admin", lambda context: keys.revoke(context, his))
    refused(await world.get("defect", "editor"), "key_revoked")
    refused(await world.get("defect", "viewer"), "key_revoked")


# ---------------------------------------------------------------------- history and the FAQ's requests


async def revisions(world: World, item: dict[str, Any]) -> list[dict[str, Any]]:
    history = item["RevisionHistory"]["_ref"].partition("/v2.0/")[2]
    return (await world.get(f"{history}/Revisions", fetch="User,Description,RevisionNumber")).results


async def test_b6_c4_the_revision_history_names_the_keys_user(world: World) -> None:
    """1.16 t: a key's user is the author, no different from the same user with a password."""
    made = await world.make("Defect", "admin", Name="x")
    path = f"defect/{made['ObjectID']}"
    await world.post(path, {"Defect": {"Name": "y"}}, "editor")
    session = await log_in(world, "editor")
    await session.call("POST", path, {"Defect": {"Name": "z"}})
    by_password, by_key, original = await revisions(world, made)
    assert original["User"]["_refObjectName"] == "Admin"
    assert by_key["User"] == by_password["User"]
    assert by_key["User"]["_refObjectName"] == "Editor"
    assert by_key["Description"] == "NAME changed from [x] to [y]"
    assert by_password["Description"] == "NAME changed from [y] to [z]"
    assert set(by_key) == set(by_password)


async def test_b7_the_three_requests_of_the_faq(world: World) -> None:
    """Create with the custom state `Custom 1`, update, delete with the method in lower case; the header alone."""

    async def state(context: Context) -> int:
        item = context.schema.get("ScheduleState")
        body = {
            "Workspace": f"/workspace/{world.ids['main']}",
            "Name": "Custom 1",
            "ShortName": "1",
            "Enabled": True,
            "OrderIndex": 25,
        }
        return await create(context, item, body, "ScheduleState", Given(internal=True))

    await world.server(state)
    headers = {"zsessionid": world.keys["editor"], "content-type": "application/json"}
    body = {"Defect": {"Name": "Created with an API key", "ScheduleState": "Custom 1"}}
    made = await world.call("POST", "Defect/create", body, headers=headers)
    assert made.object["ScheduleState"] == "Custom 1"
    path = f"Defect/{made.object['ObjectID']}"
    changed = await world.call("POST", path, {"Defect": {"Name": "Changed"}}, headers=headers)
    assert changed.object["Name"] == "Changed"
    gone = await world.call("delete", path, headers=headers)
    assert gone.errors == []
    assert gone.cookies == []
    assert (await world.get(path, "editor")).errors == ["Cannot find object to read"]


async def test_b7_a_security_token_beside_a_key_says_nothing(world: World) -> None:
    for value in ("None", "", "wrong", "00000000-0000-0000-0000-000000000000"):
        answer = await world.post(f"defect/create?key={value}", DEFECT, "editor")
        assert answer.errors == []
    assert await defects(world) == 4


@pytest.mark.parametrize("name", ["zsessionid", "ZSESSIONID", "ZSessionId"])
async def test_b11_any_client_that_sends_the_header_gets_in(world: World, name: str) -> None:
    assert (await world.call("GET", "defect", headers={name: world.keys["editor"]})).status == 200
    made = await world.call(
        "POST", "defect/create", DEFECT, headers={name: world.keys["editor"], "user-agent": "anything"}
    )
    assert made.object["CreatedBy"]["_refObjectName"] == "Editor"
    refused(await world.call("GET", "defect", headers={f"x-{name}": world.keys["editor"]}), None)


async def test_b13_without_credentials_a_browser_is_asked_and_with_a_key_the_address_answers(world: World) -> None:
    answer = await world.call("GET", "defect", headers={"accept": "text/html"})
    refused(answer, None)
    assert b"Full authentication is required to access this resource" in answer.body
    assert (await world.get("defect", "editor")).inner["TotalResultCount"] == 0
    assert not [row for row in await world.rows("password", "failures") if row != ("[]",)]


# ---------------------------------------------------------------------- passwords, SSO, users


async def test_a6_b9_without_sso_an_expired_password_stops_the_key_until_it_is_reset(world: World) -> None:
    """1.16 h."""
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=29, hours=23))
    assert (await world.get("defect", "editor")).status == 200
    world.clock.advance(timedelta(hours=1))
    refused(await world.get("defect", "editor"), "password_expired")
    refused(await world.post("defect/create", DEFECT, "editor"), "password_expired")
    assert await defects(world) == 0
    (hashed,) = await world.rows("password", "hash", user_oid=world.ids["editor"])
    await world.server(lambda context: passwords.set_password(context, world.ids["editor"], hashed[0]))
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []
    refused(await world.get("defect", "viewer"), "password_expired")


async def test_b9_b12_with_sso_on_the_password_policy_is_nothing_to_a_key(world: World) -> None:
    """1.16 i."""
    await settings(world, AuthenticationPolicy="SSO Only")
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=400))
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []


@pytest.mark.parametrize("name", ["Rally or SSO", "SSO Only", "SSO With Exceptions"])
async def test_b9_on_the_exceptions_list_the_policy_counts_again(world: World, name: str) -> None:
    """1.16 j."""
    await settings(world, AuthenticationPolicy=name)
    await flag_user(world, "editor", isonssoexceptionlist=True)
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=31))
    refused(await world.get("defect", "editor"), "password_expired")
    assert (await world.get("defect", "viewer")).status == 200
    await flag_user(world, "editor", isonssoexceptionlist=False)
    assert (await world.get("defect", "editor")).status == 200


async def test_b12_keys_work_for_a_user_without_a_password_and_without_an_exception(world: World) -> None:
    await settings(world, AuthenticationPolicy="SSO With Exceptions")
    await flag_user(world, "admin", isonssoexceptionlist=True)

    async def forget(context: Context) -> None:
        context.unit.writer.delete("password", {"user_oid": world.ids["editor"]})

    await world.server(forget)
    await settings(world, PasswordExpirationDays=30)
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []
    refused(await world.call("GET", "defect", headers=world.basic("editor")), None)
    refused(await world.call("GET", "defect", headers=world.basic("viewer")), "password_not_allowed")
    assert (await world.call("GET", "defect", headers=world.basic("admin"))).status == 200


async def test_b10_a_user_disabled_here_loses_the_key_and_enabled_has_it_again(world: World) -> None:
    """1.16 f."""
    path = f"user/{world.ids['editor']}"
    assert (await world.get("defect", "editor")).status == 200
    assert (await world.post(path, {"User": {"Disabled": True}})).errors == []
    refused(await world.get("defect", "editor"), "owner_disabled")
    refused(await world.post("defect/create", DEFECT, "editor"), "owner_disabled")
    refused(await world.call("GET", "defect", headers=world.basic("editor")), "owner_disabled")
    refused(await world.call("GET", "defect", headers=world.basic("editor", "wrong")), None)
    assert (await world.get("defect", "viewer")).status == 200
    assert (await world.post(path, {"User": {"Disabled": False}})).errors == []
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []
    assert await defects(world) == 1


async def test_b16_disabling_ends_sessions_for_good(world: World) -> None:
    """Enabling brings the keys back and not the sessions."""
    session = await log_in(world, "editor")
    cookie = session.cookie
    other = await log_in(world, "viewer")
    assert (await world.call("GET", "defect", headers=cookie)).status == 200
    path = f"user/{world.ids['editor']}"
    for disabled in (True, False):
        await world.post(path, {"User": {"Disabled": disabled}})
        refused(await world.call("GET", "defect", headers=cookie), None)
    assert (await world.get("defect", "editor")).status == 200
    assert (await world.call("GET", "defect", headers=other.cookie)).status == 200


async def test_b10_a_key_goes_by_itself_and_its_user_stays(world: World) -> None:
    oid = (await world.rows("api_key", "oid", lookup=lookup_hash(SECRET, world.keys["editor"])))[0][0]
    await as_user(world, "admin", lambda context: keys.revoke(context, oid))
    refused(await world.get("defect", "editor"), "key_revoked")
    assert (await world.call("GET", "defect", headers=world.basic("editor"))).status == 200


async def test_an_administrators_lock_stops_keys_and_the_automatic_one_does_not(world: World) -> None:
    """1.16 g, design 5.7."""
    for _ in range(6):
        refused(await world.call("GET", "defect", headers=world.basic("editor", "wrong")), None)
    assert (await world.get("defect", "editor")).status == 200
    await as_user(world, "admin", lambda context: passwords.lock(context, world.ids["editor"]))
    refused(await world.get("defect", "editor"), "owner_locked")
    await as_user(world, "admin", lambda context: passwords.unlock(context, world.ids["editor"]))
    assert (await world.get("defect", "editor")).status == 200


async def test_a_user_locked_for_inactivity_has_no_key(world: World) -> None:
    """A6: what an expired user name means here (design 5.8)."""
    await flag_user(world, "editor", accountlockeduntil="3000-01-01T00:00:00.000Z")
    refused(await world.get("defect", "editor"), "owner_locked")
    await flag_user(world, "editor", accountlockeduntil=None)
    assert (await world.get("defect", "editor")).status == 200


async def test_deleting_a_user_deletes_the_keys(world: World) -> None:
    """1.1 rule 9."""
    session = await log_in(world, "stranger")
    assert (await world.get("defect", "stranger")).status == 200
    assert (await world.delete(f"user/{world.ids['stranger']}")).errors == []
    refused(await world.get("defect", "stranger"), None)
    refused(await world.call("GET", "defect", headers=world.basic("stranger")), None)
    refused(await world.call("GET", "defect", headers=session.cookie), None)
    for table in ("api_key", "password", "session"):
        assert await world.rows(table, "user_oid", user_oid=world.ids["stranger"]) == []
    assert await stored.faults(world.store) == []


# ---------------------------------------------------------------------- read-only keys

WRITES: list[tuple[str, str, Any]] = [
    ("POST", "defect/create", {"Defect": {"Name": "x"}}),
    ("PUT", "defect/create", {"Defect": {"Name": "x"}}),
    ("GET", "defect/create", None),
    ("POST", "defect/{oid}", {"Defect": {"Name": "y"}}),
    ("PUT", "defect/{oid}", {"Defect": {"Name": "y"}}),
    ("DELETE", "defect/{oid}", None),
    ("delete", "defect/{oid}", None),
    ("PATCH", "defect/{oid}", {"Defect": {"Name": "y"}}),
    ("POST", "defect/{oid}/copy", {"Defect": {}}),
    ("GET", "defect/{oid}/copy", None),
    ("POST", "defect/{oid}/Tags/add", {"CollectionItems": [{"Name": "t"}]}),
    ("POST", "defect/{oid}/Tags/remove", {"CollectionItems": []}),
    ("GET", "defect/{oid}/Tags/add", None),
    ("POST", "batch", {"Batch": []}),
    ("POST", "defect", {"Defect": {"Name": "x"}}),
    ("POST", "security/authorize", None),
    ("POST", "user/{user}", {"User": {"DisplayName": "x"}}),
]


async def test_c2_a_read_only_key_writes_nothing_by_any_verb(world: World) -> None:
    for method, path, body in WRITES:
        made = await world.make("Defect", Name="x")
        target = path.format(oid=made["ObjectID"], user=world.ids["admin"])
        before = await stored.dump(world.store)
        refused(await world.call(method, target, body, key=world.readers["admin"]), "read_only_key")
        assert await stored.dump(world.store) == before
        full = await world.call(method, target, body, user="admin")
        assert full.status == 200, target


@pytest.mark.parametrize(
    ("content_type", "raw", "extra"),
    [
        ("application/x-www-form-urlencoded", b"_method=PUT&Name=y", {}),
        ("application/x-www-form-urlencoded", b"_method=DELETE", {}),
        ("application/json", b'{"Defect":{"Name":"y"}}', {"x-http-method-override": "PUT"}),
        ("application/json", b"", {"x-http-method-override": "DELETE"}),
    ],
)
async def test_c2_no_override_makes_a_read_only_key_write(
    world: World, content_type: str, raw: bytes, extra: dict[str, str]
) -> None:
    made = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    headers = {"content-type": content_type, **extra}
    answer = await world.call("POST", f"defect/{made['ObjectID']}", raw, key=world.readers["admin"], headers=headers)
    refused(answer, "read_only_key")
    assert await stored.dump(world.store) == before


async def test_c2_a_read_only_key_reads_by_get_and_by_a_form_that_says_get(world: World) -> None:
    """1.16 c, v: GetAsPost of the .NET kit."""
    made = await world.make("Defect", Name="x")
    reader = world.readers["editor"]
    for path in (
        "defect",
        f"defect/{made['ObjectID']}",
        f"defect/{made['ObjectID']}/Tags",
        "user",
        "security/authorize",
    ):
        assert (await world.get(path, key=reader)).errors == []
    form = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    raw = b"_method=GET&query=%28Name+%3D+x%29&fetch=Name"
    answer = await world.call("POST", "defect", raw, key=reader, headers=form)
    assert [item["Name"] for item in answer.results] == ["x"]
    assert (await world.call("HEAD", "defect", key=reader)).status == 200
    sneaky = await world.call("POST", "defect/create", b"_method=GET&Name=y", key=reader, headers=form)
    refused(sneaky, "read_only_key")


async def test_c2_a_read_only_key_sees_no_less_than_a_full_one(world: World) -> None:
    await world.make("Defect", Name="x")
    full = await world.get("defect", "viewer", fetch="true")
    assert (await world.get("defect", key=world.readers["viewer"], fetch="true")).inner == full.inner
    assert full.inner["TotalResultCount"] == 1


async def test_c2_c3_two_keys_of_one_user_read_with_one_and_write_with_the_other(world: World) -> None:
    refused(await world.post("defect/create", DEFECT, key=world.readers["editor"]), "read_only_key")
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []
    assert (await world.get("defect", key=world.readers["editor"])).inner["TotalResultCount"] == 1


# ---------------------------------------------------------------------- carriers beside each other


async def test_m_a_key_beside_a_wrong_password_counts(world: World) -> None:
    """1.16 m, wsapi.md 8 rule 3: .NET sends both."""
    headers = {**world.basic("editor", "wrong"), "zsessionid": world.keys["editor"]}
    assert (await world.call("POST", "defect/create", DEFECT, headers=headers)).errors == []
    refused(await world.call("GET", "defect", headers=world.basic("editor", "wrong")), None)
    failures = await world.rows("password", "failures", user_oid=world.ids["editor"])
    assert len(msgspec.json.decode(failures[0][0])) == 1


async def test_n_a_wrong_key_beside_a_right_password_fails(world: World) -> None:
    """1.16 n: nothing falls through."""
    headers = world.basic("editor")
    assert (await world.call("GET", "defect", headers=headers)).status == 200
    refused(await world.call("GET", "defect", headers={**headers, "zsessionid": "_wrongkey0000000000000000"}), None)
    refused(await world.call("GET", "defect", headers={**headers, "zsessionid": "neither key nor session"}), None)
    refused(
        await world.call("GET", "defect", headers={**headers, "authorization": "Bearer _wrongkey0000000000000000"}),
        None,
    )


async def test_o_a_key_beside_somebody_elses_session_acts_as_the_keys_user(world: World) -> None:
    """1.16 o, KB 127054: no session wins over the header, none is refreshed."""
    session = await log_in(world, "admin")
    sent = {**session.cookie, "zsessionid": world.keys["editor"]}
    made = await world.call("POST", "defect/create", DEFECT, headers=sent)
    assert made.object["CreatedBy"]["_refObjectName"] == "Editor"
    assert made.cookies == []
    refused(
        await world.call(
            "POST",
            f"defect/create?key={session.token}",
            DEFECT,
            headers={**sent, "zsessionid": world.readers["editor"]},
        ),
        "read_only_key",
    )
    wheels = {"Defect": {"Name": "w", "Project": f"/project/{world.ids['wheels']}"}}
    answer = await world.call("POST", f"defect/create?key={session.token}", wheels, headers=sent)
    assert answer.errors != []
    assert await defects(world, "w") == 0


async def test_p_authorize_with_a_key_gives_a_token_and_no_session(world: World) -> None:
    """1.16 p."""
    for value in (world.keys["editor"], world.readers["editor"]):
        answer = await world.get("security/authorize", key=value)
        assert answer.root == "OperationResult"
        assert answer.inner["SecurityToken"]
        assert answer.cookies == []
    assert await world.rows("session", "id") == []
    refused(await world.get("security/authorize", user=None), None)


async def test_q_a_key_in_the_cookie_alone_works(world: World) -> None:
    """1.16 q."""
    cookie = {"cookie": f"ZSESSIONID={world.keys['editor']}"}
    assert (await world.call("GET", "defect", headers=cookie)).status == 200
    assert (await world.call("POST", "defect/create", DEFECT, headers=cookie)).errors == []
    refused(await world.call("GET", "defect", headers={"cookie": "ZSESSIONID=_wrongkey0000000000000000"}), None)


async def test_a_key_as_bearer_works(world: World) -> None:
    headers = {"authorization": f"Bearer {world.keys['editor']}"}
    made = await world.call("POST", "defect/create", DEFECT, headers=headers)
    assert made.object["CreatedBy"]["_refObjectName"] == "Editor"
    both = {**headers, "zsessionid": world.keys["admin"]}
    made = await world.call("POST", "defect/create", DEFECT, headers=both)
    assert made.object["CreatedBy"]["_refObjectName"] == "Admin"


async def test_s_two_users_keys_in_one_process_do_not_mix(world: World) -> None:
    """1.16 s."""
    await world.make("Defect", Name="e", Project=f"/project/{world.ids['engines']}")
    await world.make("Defect", Name="o", Project=f"/project/{world.ids['elsewhere']}")
    wanted = {"editor": (["e"], "main"), "stranger": (["o"], "other")}

    async def ask(user: str, n: int) -> None:
        names, workspace = wanted[user]
        answer = await world.get("defect", user, fetch="Name,Workspace")
        assert [item["Name"] for item in answer.results] == names
        assert answer.results[0]["Workspace"]["_refObjectName"] == workspace
        assert (await world.get("user", user)).inner["UserName"] == f"{user}@acme.test"
        made = await world.make("Tag", user, Name=f"{user} {n}")
        assert made["Workspace"]["_refObjectName"] == workspace

    await asyncio.gather(*(ask(user, n) for n in range(10) for user in wanted))


async def test_w_no_secret_stands_in_the_database_or_in_an_answer(world: World) -> None:
    """1.16 w: keys, passwords, sessions and security tokens are kept as hashes, and no answer repeats one."""
    _, fresh = await as_user(
        world, "editor", lambda context: keys.issue(context, world.ids["editor"], "ci", Grant.FULL, secret=SECRET)
    )
    session = await log_in(world, "editor")
    unknown = make_key()
    answers = [
        await world.get("defect", key=fresh),
        await world.post("defect/create", DEFECT, key=fresh),
        await world.get("defect", key=unknown),
        await world.get("user", key=fresh, fetch="true"),
        await world.post("defect/create", {fresh: {"Name": "x"}}, key=unknown),
        await session.call("POST", "defect/create", DEFECT),
        await session.call("POST", "defect/create", DEFECT, token="wrong" + session.token),
        await world.post("defect/create", DEFECT, key=world.readers["editor"]),
    ]
    await world.usage.flush(world.store, everything=True)
    secrets = [fresh, unknown, session.token, session.value, PASSWORD, *world.keys.values(), *world.readers.values()]
    held = repr(await stored.dump(world.store))
    for secret in secrets:
        assert secret not in held
        for answer in answers:
            assert secret.encode() not in answer.body
            assert not [value for value in (*answer.headers.values(), *answer.cookies) if secret in value]
    assert lookup_hash(SECRET, fresh) in [row[0] for row in await world.rows("api_key", "lookup")]


async def test_what_a_wrong_credential_is_told_is_always_the_same(world: World) -> None:
    """ASVS 5 6.3.8: unknown user, wrong password, wrong password of a disabled user and unknown key look alike."""
    await world.post(f"user/{world.ids['viewer']}", {"User": {"Disabled": True}})
    answers = [
        await world.call("GET", "defect", headers=world.basic("nosuchuser")),
        await world.call("GET", "defect", headers=world.basic("editor", "wrong")),
        await world.call("GET", "defect", headers=world.basic("viewer", "wrong")),
        await world.call("GET", "defect", key="_wrongkey0000000000000000"),
        await world.call("GET", "defect", headers={"authorization": "Basic !!!"}),
    ]
    for answer in answers:
        refused(answer, None)
        assert b"Error 401 The username or password you entered is incorrect." in answer.body
    assert len({(answer.body, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
