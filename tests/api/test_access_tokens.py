"""Security tokens and HTTP sessions (B8, KB 57528, KB 127054), writes from other sites, and the filter of addresses."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from banneret.access.identity import Edition
from banneret.access.passwords import Passwords
from banneret.operations import passwords
from tests import stored
from tests.harness import PASSWORD, World, enter_world
from tests.signing_on import as_user, log_in, refused, settings

DEFECT = {"Defect": {"Name": "x"}}
INVALID = ["Not authorized to perform action: Invalid key"]


async def count(world: World) -> int:
    return len(await world.rows("artifact", "oid"))


# ---------------------------------------------------------------------- tokens


async def test_b8_authorize_begins_a_session_and_gives_its_token(world: World) -> None:
    answer = await world.call("GET", "security/authorize", headers=world.basic("editor"))
    assert answer.status == 200
    assert answer.root == "OperationResult"
    assert set(answer.inner) == {"_rallyAPIMajor", "_rallyAPIMinor", "Errors", "Warnings", "SecurityToken"}
    assert len(answer.cookies) == 2
    for cookie in answer.cookies:
        assert "Path=/" in cookie
        assert "HttpOnly" in cookie
        assert "Secure" not in cookie
        assert "Domain" not in cookie
    assert len(await world.rows("session", "id")) == 1


async def test_b8_over_tls_the_sessions_cookies_are_secure(world: World) -> None:
    answer = await world.call(
        "GET", "security/authorize", headers={**world.basic("editor"), "x-forwarded-proto": "https"}
    )
    assert all("Secure" in cookie for cookie in answer.cookies)


async def test_b8_a_write_by_basic_needs_the_token_of_its_session(world: World) -> None:
    session = await log_in(world, "editor")
    other = await log_in(world, "editor")
    stranger = await log_in(world, "viewer")
    before = await stored.dump(world.store)
    for query in (
        "",
        "?key=",
        "?key=None",
        "?key=wrong",
        f"?key={other.token}",
        f"?key={stranger.token}",
        f"?key={session.token}x",
    ):
        answer = await world.call("POST", f"defect/create{query}", DEFECT, headers=session.headers)
        assert answer.status == 200
        assert answer.root == "CreateResult"
        assert answer.errors == INVALID
        assert "Object" not in answer.inner
    assert await stored.dump(world.store) == before
    answer = await session.call("POST", "defect/create", DEFECT)
    assert answer.object["CreatedBy"]["_refObjectName"] == "Editor"


async def test_b1_b8_every_kind_of_write_needs_it(world: World) -> None:
    made = await world.make("Defect", Name="x")
    session = await log_in(world, "editor")
    path = f"defect/{made['ObjectID']}"
    writes: list[tuple[str, str, Any]] = [
        ("POST", "defect/create", DEFECT),
        ("PUT", "defect/create", DEFECT),
        ("POST", path, {"Defect": {"Name": "y"}}),
        ("PUT", path, {"Defect": {"Name": "z"}}),
        ("POST", f"{path}/Tags/add", {"CollectionItems": [{"Name": "t"}]}),
        ("DELETE", path, None),
    ]
    for method, target, body in writes:
        before = await stored.dump(world.store)
        assert (await world.call(method, target, body, headers=session.headers)).errors == INVALID
        assert (await session.call(method, target, body, token="wrong")).errors == INVALID
        assert await stored.dump(world.store) == before
        assert (await session.call(method, target, body)).errors == []
        assert await stored.dump(world.store) != before


async def test_b8_reading_needs_no_token_and_minds_none(world: World) -> None:
    session = await log_in(world, "editor")
    for path in ("defect", "defect?key=wrong", "user"):
        assert (await world.call("GET", path, headers=session.headers)).errors == []
        assert (await world.call("GET", path, headers=world.basic("editor"))).errors == []
        assert (await world.call("GET", path, headers=session.cookie)).errors == []


async def test_b8_a_token_without_its_cookie_is_none(world: World) -> None:
    session = await log_in(world, "editor")
    path = f"defect/create?key={session.token}"
    assert (await world.call("POST", path, DEFECT, headers=world.basic("editor"))).errors == INVALID
    assert await count(world) == 0
    assert (await world.call("POST", path, DEFECT, headers=session.headers)).errors == []


async def test_b8_another_users_session_lends_its_token_to_nobody(world: World) -> None:
    """Basic of one user beside the cookie of another's session: Basic says who it is, and its session has no token."""
    session = await log_in(world, "admin")
    sent = {**world.basic("editor"), **session.cookie}
    answer = await world.call("POST", f"defect/create?key={session.token}", DEFECT, headers=sent)
    assert answer.errors == INVALID
    assert await count(world) == 0
    assert (await world.call("GET", "user", headers=sent)).inner["UserName"] == "editor@acme.test"


@pytest.mark.parametrize("names", [("JSESSIONID", "ZSESSIONID"), ("JSESSIONID",), ("ZSESSIONID",)])
async def test_b8_a_session_writes_by_its_cookie_and_token_alone(world: World, names: tuple[str, ...]) -> None:
    session = await log_in(world, "editor")
    cookie = {"cookie": "; ".join(f"{name}={session.value}" for name in names)}
    assert (await world.call("POST", "defect/create", DEFECT, headers=cookie)).errors == INVALID
    made = await world.call("POST", f"defect/create?key={session.token}", DEFECT, headers=cookie)
    assert made.object["CreatedBy"]["_refObjectName"] == "Editor"


@pytest.mark.parametrize("carrier", ["header", "bearer", "cookie", "basic"])
async def test_a_session_gets_a_token_wherever_its_value_came(world: World, carrier: str) -> None:
    """.NET's ZSessionID mode: the value as the password of nobody, or as a cookie, then `security/authorize`, then the write."""
    session = await log_in(world, "editor")
    nobody = base64.b64encode(f":{session.value}".encode()).decode()
    headers = {
        "header": {"zsessionid": session.value},
        "bearer": {"authorization": f"Bearer {session.value}"},
        "cookie": {"cookie": f"ZSESSIONID={session.value}"},
        "basic": {"authorization": f"Basic {nobody}"},
    }[carrier]
    answer = await world.call("GET", "security/authorize", headers=headers)
    assert answer.cookies == []
    assert len(await world.rows("session", "id")) == 1
    assert (await world.call("POST", "defect/create", DEFECT, headers=headers)).errors == INVALID
    made = await world.call("POST", f"defect/create?key={answer.inner['SecurityToken']}", DEFECT, headers=headers)
    assert made.object["CreatedBy"]["_refObjectName"] == "Editor"


async def test_b8_the_newest_token_of_a_session_counts(world: World) -> None:
    session = await log_in(world, "editor")
    answer = await world.call("GET", "security/authorize", headers=session.headers)
    assert answer.cookies == []
    newer = answer.inner["SecurityToken"]
    assert newer != session.token
    assert (await session.call("POST", "defect/create", DEFECT, token=newer)).errors == []
    assert (await session.call("POST", "defect/create", DEFECT)).errors == INVALID
    assert len(await world.rows("session", "id")) == 1


@pytest.mark.parametrize("hours", [24, 24 * 30])
async def test_b8_a_token_ends_with_its_session(world: World, hours: int) -> None:
    session = await log_in(world, "editor")
    assert (await session.call("POST", "defect/create", DEFECT)).errors == []
    world.clock.advance(timedelta(hours=hours))
    assert (await session.call("POST", "defect/create", DEFECT)).errors == INVALID
    refused(await world.call("GET", "defect", headers=session.cookie))
    assert (await (await log_in(world, "editor")).call("POST", "defect/create", DEFECT)).errors == []


async def test_b8_a_new_password_ends_sessions_and_their_tokens(world: World) -> None:
    session = await log_in(world, "editor")
    hashed = Passwords(kibibytes=64, passes=1).hash("another long pass phrase")
    await as_user(world, "editor", lambda context: passwords.set_password(context, world.ids["editor"], hashed))
    refused(await world.call("GET", "defect", headers=session.cookie))
    refused(await session.call("POST", "defect/create", DEFECT))
    sent = {**world.basic("editor", "another long pass phrase"), **session.cookie}
    assert (await world.call("POST", f"defect/create?key={session.token}", DEFECT, headers=sent)).errors == INVALID
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []


async def test_a_session_that_is_none_does_not_spoil_a_right_password(world: World) -> None:
    sent = {**world.basic("editor"), "cookie": "JSESSIONID=stale; ZSESSIONID=stale; other=1"}
    assert (await world.call("GET", "defect", headers=sent)).status == 200
    answer = await world.call("GET", "security/authorize", headers=sent)
    assert len(answer.cookies) == 2
    refused(await world.call("GET", "defect", headers={"cookie": "JSESSIONID=stale"}))
    refused(await world.call("GET", "defect", headers={"cookie": "ZSESSIONID=stale"}))
    assert (await world.call("GET", "defect", headers={"cookie": "unrelated=1"})).headers["www-authenticate"]


async def test_a_guessed_session_value_is_not_taken_over(world: World) -> None:
    """A session's value is the server's own: what a client proposes never becomes one."""
    proposed = "A" * 43
    sent = {**world.basic("editor"), "cookie": f"JSESSIONID={proposed}"}
    answer = await world.call("GET", "security/authorize", headers=sent)
    assert all(proposed not in cookie for cookie in answer.cookies)
    refused(await world.call("GET", "defect", headers={"cookie": f"JSESSIONID={proposed}"}))


async def test_the_bare_challenge_is_no_failed_log_in(world: World) -> None:
    """wsapi.md 8 rules 4 and 5: rally-node sends each request bare first."""
    for _ in range(20):
        refused(await world.call("GET", "defect"))
    session = await log_in(world, "editor")
    assert (await world.call("POST", "defect/create", DEFECT)).status == 401
    assert (await session.call("POST", "defect/create", DEFECT)).errors == []
    assert {row[0] for row in await world.rows("password", "failures")} == {"[]"}


async def test_many_wrong_passwords_slow_that_users_log_ins_and_leave_keys_alone(world: World) -> None:
    """Design 5.7: else any stranger could stop an integration."""
    for _ in range(5):
        refused(await world.call("GET", "defect", headers=world.basic("editor", "wrong")))
    refused(await world.call("GET", "defect", headers=world.basic("editor")))
    assert (await world.get("defect", "editor")).status == 200
    assert (await world.call("GET", "defect", headers=world.basic("viewer"))).status == 200
    world.clock.advance(timedelta(hours=1))
    assert (await world.call("GET", "defect", headers=world.basic("editor"))).status == 200


# ---------------------------------------------------------------------- other sites

FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "http://rally.test.evil.example"},
    {"origin": "http://rally.test:8080"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://rally.test", "sec-fetch-site": "cross-site"},
]
OWN: list[dict[str, str]] = [
    {},
    {"origin": "http://rally.test"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"origin": "http://rally.test", "sec-fetch-site": "same-origin"},
]


async def test_a_write_from_another_site_needs_more_than_what_a_browser_sends_by_itself(world: World) -> None:
    session = await log_in(world, "editor")
    key_cookie = {"cookie": f"ZSESSIONID={world.keys['editor']}"}
    path = f"defect/create?key={session.token}"
    for site in FOREIGN:
        for ambient in (session.headers, session.cookie, key_cookie):
            answer = await world.call("POST", path, DEFECT, headers={**ambient, **site})
            assert answer.errors == ["Not authorized to perform action: the request came from another site"]
    assert await count(world) == 0
    for site in FOREIGN:
        for own in ({"zsessionid": world.keys["editor"]}, {"authorization": f"Bearer {world.keys['editor']}"}):
            assert (await world.call("POST", "defect/create", DEFECT, headers={**own, **site})).errors == []
    assert await count(world) == 2 * len(FOREIGN)


async def test_a_write_from_our_own_pages_or_from_no_browser_goes_through(world: World) -> None:
    session = await log_in(world, "editor")
    key_cookie = {"cookie": f"ZSESSIONID={world.keys['editor']}"}
    for site in OWN:
        for ambient in (session.headers, session.cookie, key_cookie):
            answer = await world.call("POST", f"defect/create?key={session.token}", DEFECT, headers={**ambient, **site})
            assert answer.errors == []
    assert await count(world) == 3 * len(OWN)


async def test_reading_from_another_site_is_not_refused(world: World) -> None:
    """Browsers keep the answer from a foreign page; links from mails must work."""
    session = await log_in(world, "editor")
    for site in FOREIGN:
        assert (await world.call("GET", "defect", headers={**session.cookie, **site})).status == 200


async def test_no_answer_opens_itself_to_other_sites(world: World) -> None:
    answer = await world.get("defect", "editor", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


# ---------------------------------------------------------------------- addresses


async def test_an_address_outside_the_list_gets_403_whatever_the_credential(world: World) -> None:
    session = await log_in(world, "editor")
    assert (await world.get("defect", "editor")).status == 200
    await settings(world, IPAddressRestrictionEnabled=True, RestrictedIPAddresses="10.0.0.0/8, 192.168.1.7")
    before = await stored.dump(world.store)
    answers = [
        await world.get("defect", "editor"),
        await world.post("defect/create", DEFECT, "editor"),
        await world.call("GET", "defect", headers=world.basic("editor")),
        await world.call("GET", "defect", headers=session.cookie),
        await world.get("security/authorize", "editor"),
        await world.get("nosuchtype/1/2/3/4", "editor"),
        await world.get(f"/slm/schema/v2.0/workspace/{world.ids['main']}", "editor"),
    ]
    for answer in answers:
        assert answer.status == 403
        assert b"Your IP address, 127.0.0.1, is not within the allowed range" in answer.body
    assert await stored.dump(world.store) == before
    refused(await world.get("defect", key="_wrongkey0000000000000000"))
    refused(await world.get("defect", user=None))
    assert (await world.get("defect", "admin")).status == 200
    await settings(world, RestrictedIPAddresses="10.0.0.0/8, 127.0.0.1")
    assert (await world.post("defect/create", DEFECT, "editor")).errors == []


async def test_administrators_are_let_in_unless_the_list_covers_them(world: World) -> None:
    await settings(world, IPAddressRestrictionEnabled=True, RestrictedIPAddresses="10.0.0.0/8")
    assert (await world.get("defect", "admin")).status == 200
    assert (await world.get("defect", "wsadmin")).status == 403
    await settings(world, ApplyIpAddressRestrictionToSubAdmins=True)
    assert (await world.get("defect", "admin")).status == 403


@pytest.mark.parametrize("edition", [Edition.ON_PREM, Edition.SANDBOX])
async def test_b1_b2_basic_with_a_token_is_the_only_way_in(world: World, edition: Edition) -> None:
    there = enter_world(world.store, world.ids, edition)
    session = await log_in(there, "editor")
    for sent in ({"cookie": f"ZSESSIONID={world.keys['editor']}"}, {"authorization": f"Bearer {world.keys['editor']}"}):
        assert (await there.call("GET", "defect", headers=sent)).status == 401
        assert (await world.call("GET", "defect", headers=sent)).status == 200
    made = await session.call("POST", "defect/create", DEFECT)
    path = f"defect/{made.object['ObjectID']}"
    assert (await there.call("POST", path, {"Defect": {"Name": "y"}}, headers=session.headers)).errors == INVALID
    assert (await there.call("DELETE", path, headers=session.headers)).errors == INVALID
    assert (await session.call("POST", path, {"Defect": {"Name": "y"}})).object["Name"] == "y"
    assert (await session.call("DELETE", path)).errors == []


async def test_b9_who_knows_an_expired_password_learns_that_it_expired(world: World) -> None:
    await settings(world, PasswordExpirationDays=30)
    world.clock.advance(timedelta(days=30))
    refused(await world.call("GET", "defect", headers=world.basic("editor")), "password_expired")
    refused(await world.call("GET", "defect", headers=world.basic("editor", PASSWORD + "x")))


async def test_sso_settings_are_changed_by_log_in_and_by_no_key(world: World) -> None:
    """Design 7: no credential can make a stronger one."""
    path = f"subscription/{world.ids['subscription']}"
    body = {"Subscription": {"AuthenticationPolicy": "SSO Only"}}
    answer = await world.post(path, body)
    assert answer.errors == [f"Not authorized to update: Subscription {world.ids['subscription']}"]
    assert await world.rows("subscription", "authenticationpolicy") == [("Rally Only",)]
    session = await log_in(world, "admin")
    assert (await session.call("POST", path, body)).errors == []
