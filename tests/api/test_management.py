"""`/api/v1`: the key's own view, keys managed by people, and never by keys (design 4.2, 5.3, 7; hub.md 1.5)."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from banneret import __version__
from banneret.access.identity import Edition
from banneret.api.refusals import KEYS_DISABLED
from banneret.api.service import LARGEST_BODY
from banneret.api.table import ENDPOINTS, NOT_BUILT
from banneret.operations import sessions
from tests import harness
from tests.management import Api
from tests.signing_on import as_user, flag_user, log_in, settings

if TYPE_CHECKING:
    from tests.harness import Answer, World


@pytest.fixture
def api(world: World) -> Api:
    return Api(world)


def refused(answer: Answer, status: int, reason: str, field: str | None = None) -> None:
    """A refusal as every one is: JSON that names the reason, and the reason in a header where it is about who asks."""
    document = answer.document
    assert (answer.status, document["reason"], document["field"]) == (status, reason, field), document
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert document["message"]
    if status in {401, 403}:
        assert answer.headers.get("x-auth-reason") == (None if reason == "unauthorized" else reason)
    assert ("www-authenticate" in answer.headers) is (status == 401)


# ---------------------------------------------------------------------- ping and key


async def test_ping_tells_a_wrong_address_from_a_wrong_key(api: Api) -> None:
    for key in (None, "_WRONG".ljust(44, "0")):
        answer = await api.get("/ping", key=key)
        assert (answer.status, answer.document) == (200, {"ok": True, "product": "Banneret", "version": __version__})


@pytest.mark.parametrize("grant", ["full", "read_only"])
async def test_a_key_sees_what_it_is(api: Api, world: World, grant: str) -> None:
    """hub.md 1.5: any grant may ask, through each of the three carriers, and never gets the value back."""
    value = (world.keys if grant == "full" else world.readers)["editor"]
    await api.get("/ping", key=value)
    await world.get("user", key=value, headers={"user-agent": "earlier/1"})
    await world.usage.flush(world.store)
    answers = [
        await api.get("/key", key=value),
        await api.get("/key", headers={"authorization": f"Bearer {value}"}),
        await api.get("/key", headers={"cookie": f"ZSESSIONID={value}"}),
    ]
    for answer in answers:
        assert answer.status == 200
        assert value.encode() not in answer.body
        assert answer.document == answers[0].document
    found = answers[0].document
    assert (found["active"], found["credential"]) == (True, "key")
    assert {name: found["key"][name] for name in ("name", "grant", "state", "expires_at")} == {
        "name": f"editor {grant}",
        "grant": grant,
        "state": "active",
        "expires_at": None,
    }
    assert found["key"]["prefix"] == f"{value[:6]}…{value[-4:]}"
    assert (found["key"]["last_used_at"], found["key"]["last_used_client"]) == ("2026-01-05T09:00:00.000Z", "earlier/1")
    assert (found["user"]["UserName"], found["user"]["role"]) == ("editor@acme.test", "editor")
    assert found["subscription"]["Name"] == "Acme"
    (home,) = found["workspaces"]
    assert (home["Name"], home["default"]) == ("main", True)
    assert home["permission"] == ("editor" if grant == "full" else "viewer")
    assert found["permissions"] == {
        "reads": 2,
        "writes": 2 if grant == "full" else 0,
        "administers_subscription": False,
    }
    assert found["scopes"] == (["wsapi:read", "wsapi:write"] if grant == "full" else ["wsapi:read"])
    assert found["links"]["wsapi"] == "http://rally.test/slm/webservice/v2.0/"


async def test_a_key_sees_its_limits(api: Api, world: World) -> None:
    limits = {"projects": [world.ids["pistons"]], "types": ["Defect"], "addresses": ["127.0.0.0/8"]}
    _, value = await api.make(limits=limits | {"expires_at": "2026-02-01T00:00:00Z"})
    found = (await api.get("/key", key=value)).document
    assert found["key"]["limits"] == limits | {"expires_at": "2026-02-01T00:00:00Z", "scope_down": False}
    assert found["key"]["expires_at"] == "2026-02-01T00:00:00.000Z"
    assert (found["permissions"]["reads"], found["permissions"]["writes"]) == (1, 0)


async def test_whoever_has_logged_in_is_told_that_no_key_was(api: Api) -> None:
    found = (await api.get("/key", user="editor")).document
    assert (found["credential"], found["key"]) == ("basic", None)


@pytest.mark.parametrize("value", ["_WRONG".ljust(44, "0"), "no-key-at-all", ""])
async def test_garbage_is_not_active(api: Api, value: str) -> None:
    """A hub looks at the status alone, or at `active`; what is nobody's gets no reason (access.md 1.12)."""
    answer = await api.get("/key", key=value)
    refused(answer, 401, "unauthorized")
    assert (answer.document["active"], answer.document["code"]) == (False, "unauthorized")


async def test_its_holder_is_told_why_a_key_is_not_active(api: Api, world: World) -> None:
    oid, value = await api.make()
    assert (await api.get("/key", key=value)).status == 200
    await api.post(f"/keys/{oid}/disable", user="editor")
    answer = await api.get("/key", key=value)
    refused(answer, 401, "key_suspended")
    assert (answer.document["active"], answer.document["code"]) == (False, "key_suspended")
    await api.post(f"/keys/{oid}/enable", user="editor")
    await flag_user(world, "editor", disabled=True)
    refused(await api.get("/key", key=value), 401, "owner_disabled")
    await flag_user(world, "editor", disabled=False)
    await settings(world, ApiKeysEnabled=False)
    refused(await api.get("/key", key=value), 401, "keys_disabled")


async def test_the_address_filter_holds_here_too(api: Api, world: World) -> None:
    await settings(world, IPAddressRestrictionEnabled=True, RestrictedIPAddresses="192.0.2.1")
    refused(await api.get("/key", key=world.keys["editor"]), 403, "address_not_allowed")
    api.address = "192.0.2.1"
    assert (await api.get("/key", key=world.keys["editor"])).status == 200


# ---------------------------------------------------------------------- keys make no keys


LOGGED_IN = [each for each in ENDPOINTS if each.access.name == "LOGGED_IN"]


@pytest.mark.parametrize("endpoint", LOGGED_IN, ids=lambda each: each.name)
async def test_no_key_manages_keys(api: Api, world: World, endpoint: Any) -> None:
    """Design 7: a browser session or Basic only. A Read-Only key that would write is told that first (design 5.3)."""
    oid, _ = await api.make("admin")
    path = endpoint.path.format(id=oid)
    body = {"name": "x"} if endpoint.body is not None else None
    before = (await api.get("/keys", user="admin", of="all")).document
    refused(await api.call(endpoint.method, path, body, key=world.keys["admin"]), 403, "login_required")
    reason = "read_only_key" if endpoint.writes else "login_required"
    refused(await api.call(endpoint.method, path, body, key=world.readers["admin"]), 403, reason)
    refused(await api.call(endpoint.method, path, body), 401, "unauthorized")
    after = (await api.get("/keys", user="admin", of="all")).document
    assert [each["id"] for each in after["items"]] == [each["id"] for each in before["items"]]
    allowed = await api.call(endpoint.method, path, body, user="admin")
    assert allowed.status == endpoint.status, allowed.body


async def test_a_key_beside_a_log_in_counts_as_the_key(api: Api, world: World) -> None:
    """The first carrier decides (design 5.2), so the log-in lends the key nothing."""
    session = await log_in(world, "admin")
    answer = await api.get("/keys", key=world.keys["viewer"], headers=session.cookie)
    refused(answer, 403, "login_required")


async def browser(world: World, user: str) -> dict[str, str]:
    """Log in through the pages and give what a browser sends from then on."""
    value = await as_user(world, user, sessions.begin)
    return {"cookie": f"banneret={value}"}


async def test_a_log_in_through_the_pages_manages_keys(api: Api, world: World) -> None:
    cookies = await browser(world, "editor")
    made = await api.post("/keys", {"name": "by cookie"}, headers=cookies)
    assert made.status == 201
    listed = (await api.get("/keys", headers=cookies)).document["items"]
    assert listed[0]["name"] == "by cookie"


@pytest.mark.parametrize(
    "sent",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"referer": "https://evil.test/page"},
    ],
)
async def test_another_site_makes_a_browser_write_nothing(api: Api, world: World, sent: dict[str, str]) -> None:
    """With a cookie and with remembered Basic; from our own pages it works (design 7; access.md 1.3)."""
    for proof in (await browser(world, "editor"), world.basic("editor")):
        refused(await api.post("/keys", {"name": "x"}, headers=proof | sent), 403, "cross_site_request")
        own = {"origin": "http://rally.test", "sec-fetch-site": "same-origin", "referer": "http://rally.test/x"}
        assert (await api.post("/keys", {"name": "x"}, headers=proof | own)).status == 201
    assert (await api.post("/keys", {"name": "x"}, headers=world.basic("editor"))).status == 201


async def test_an_origin_that_the_subscription_allows_may_write(api: Api, world: World) -> None:
    sent = world.basic("editor") | {"origin": "https://app.test", "sec-fetch-site": "cross-site"}
    refused(await api.post("/keys", {"name": "x"}, headers=sent), 403, "cross_site_request")
    await settings(world, CORSEnabled=True, CORSAllowedDomains="https://app.test")
    assert (await api.post("/keys", {"name": "x"}, headers=sent)).status == 201


# ---------------------------------------------------------------------- keys


async def test_a_key_is_made_shown_once_changed_and_deleted(api: Api, world: World) -> None:
    made = await api.post("/keys", {"name": " Nightly ", "grant": "full", "purpose": "imports"}, user="editor")
    assert made.status == 201
    secret, key = made.document["secret"], made.document["key"]
    assert made.headers["location"] == f"/api/v1/keys/{key['id']}"
    assert (key["name"], key["grant"], key["purpose"], key["state"]) == ("Nightly", "full", "imports", "active")
    assert (await world.get("user", key=secret)).status == 200
    place = f"/keys/{key['id']}"
    read = await api.get(place, user="editor")
    assert read.document == key
    assert secret.encode() not in read.body
    changed = await api.patch(place, {"name": "Weekly", "grant": "read_only"}, user="editor")
    assert {name for name, value in changed.document.items() if value != key[name]} == {"name", "grant"}
    limited = await api.patch(place, {"limits": {"types": ["Defect"]}}, user="editor")
    assert limited.document["limits"]["types"] == ["Defect"]
    assert (await api.delete(place, user="editor")).status == 204
    assert (await world.get("user", key=secret)).status == 401
    assert (await api.get(place, user="editor")).document["state"] == "ended"
    refused(await api.delete(place, user="editor"), 404, "object_not_found")


async def test_a_reset_ends_the_old_value_and_shows_the_new_one_once(api: Api, world: World) -> None:
    oid, old = await api.make()
    answer = await api.post(f"/keys/{oid}/reset", user="editor")
    new = answer.document["secret"]
    assert answer.document["key"]["id"] == oid
    assert answer.document["key"]["rotated_at"] == "2026-01-05T09:00:00.000Z"
    assert (await world.get("user", key=old)).status == 401
    assert (await world.get("user", key=new)).status == 200


async def test_an_administrator_resets_another_ones_key_without_seeing_its_value(api: Api, world: World) -> None:
    oid, old = await api.make()
    answer = await api.post(f"/keys/{oid}/reset", user="admin")
    assert (answer.document["secret"], answer.document["key"]["state"]) == (None, "renewal")
    assert (await world.get("user", key=old)).status == 401


async def test_everybodys_keys_are_for_subscription_administrators(api: Api, world: World) -> None:
    """access.md 1.16 r; A9."""
    oid, _ = await api.make()
    names = {each["name"] for each in (await api.get("/keys", user="editor")).document["items"]}
    assert names == {"made", "editor full", "editor read_only"}
    everybody = (await api.get("/keys", user="admin", of="all", limit=200)).document["items"]
    assert {each["user"]["UserName"] for each in everybody} == {f"{name}@acme.test" for name in harness.USERS}
    refused(await api.get("/keys", user="wsadmin", of="all"), 403, "not_authorized")
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/reset"),
        ("GET", "/journal"),
        ("GET", "/clients"),
        ("GET", "/permissions"),
    ):
        refused(await api.call(method, f"/keys/{oid}{path}", user="wsadmin"), 404, "object_not_found")
    assert (await api.delete(f"/keys/{oid}", user="admin")).status == 204


async def test_a_viewer_makes_read_only_keys_alone(api: Api) -> None:
    """B5, access.md 1.16 b."""
    answer = await api.post("/keys", {"name": "x", "grant": "full"}, user="viewer")
    refused(answer, 422, "relation_refused", "grant")
    assert answer.document["message"] == "A viewer cannot create a Full Access key."
    oid, _ = await api.make("viewer")
    refused(await api.patch(f"/keys/{oid}", {"grant": "full"}, user="viewer"), 422, "relation_refused", "grant")


async def test_while_keys_are_disabled_deleting_is_all_that_is_left(api: Api, world: World) -> None:
    """A10, word for word; access.md 1.8 and 1.16 k, l."""
    oid, value = await api.make()
    off = await api.patch("/subscription", {"ApiKeysEnabled": False}, user="admin")
    assert off.document["ApiKeysEnabled"] is False
    for method, path, body in (
        ("POST", "/keys", {"name": "x"}),
        ("PATCH", f"/keys/{oid}", {"name": "y"}),
        ("POST", f"/keys/{oid}/reset", None),
        ("POST", f"/keys/{oid}/disable", None),
    ):
        answer = await api.call(method, path, body, user="editor")
        refused(answer, 403, "keys_disabled")
        assert answer.document["message"] == KEYS_DISABLED
    other, _ = oid, value
    on = await api.patch("/subscription", {"ApiKeysEnabled": True}, user="admin")
    assert on.document["ApiKeysEnabled"] is True
    assert (await world.get("user", key=value)).status == 200
    await api.patch("/subscription", {"ApiKeysEnabled": False}, user="admin")
    assert (await api.delete(f"/keys/{other}", user="editor")).status == 204


async def test_keys_are_listed_in_pages_that_grow_without_leaving_any_out(api: Api) -> None:
    made = [(await api.make(name=f"k{number}"))[0] for number in range(5)]
    first = (await api.get("/keys", user="editor", limit=3)).document
    assert [each["id"] for each in first["items"]] == made[:1:-1]
    await api.make(name="meanwhile")
    await api.delete(f"/keys/{made[2]}", user="editor")
    rest = (await api.get("/keys", user="editor", limit=100, cursor=first["next"])).document
    assert [each["name"] for each in rest["items"][:2]] == ["k1", "k0"]
    assert rest["next"] is None
    ended = (await api.get("/keys", user="editor", state="ended")).document["items"]
    assert [each["id"] for each in ended] == [made[2]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"name": 5}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "x", "purpose": "y" * 2001}, "purpose"),
        ({"name": "x", "purpose": "a\0b"}, "purpose"),
        ({"name": "x", "grant": "all"}, "grant"),
        ({"name": "x", "limit": {}}, None),
        ({"name": "x", "limits": {"expires_at": "2025-01-01T00:00:00Z"}}, "limits.expires_at"),
        ({"name": "x", "limits": {"expires_at": "9999-12-31T23:59:59-12:00"}}, "limits.expires_at"),
        ({"name": "x", "limits": {"expires_at": "2027-01-01T00:00:00"}}, "limits.expires_at"),
        ({"name": "x", "limits": {"expires_at": "tomorrow"}}, "limits.expires_at"),
        ({"name": "x", "limits": {"projects": [1]}}, "limits.projects"),
        ({"name": "x", "limits": {"projects": ["1"]}}, "limits.projects[0]"),
        ({"name": "x", "limits": {"types": ["Nonsense"]}}, "limits.types"),
        ({"name": "x", "limits": {"addresses": ["nowhere"]}}, "limits.addresses"),
        ([], None),
        ("text", None),
    ],
)
async def test_what_is_wrong_with_a_key_stands_beside_its_field(api: Api, body: Any, field: str | None) -> None:
    answer = await api.post("/keys", body, user="editor")
    assert (answer.status, answer.document["field"]) == (422, field), answer.document
    listed = (await api.get("/keys", user="editor")).document["items"]
    assert len(listed) == 2


async def test_bodies_are_json_of_a_bounded_size(api: Api) -> None:
    good = json.dumps({"name": "x"}).encode()
    assert (await api.post("/keys", good, user="editor")).status == 201
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        refused(await api.post("/keys", good, user="editor", headers={"content-type": kind}), 415, "not_json")
    for raw in (b"", b"{", b"\xff", b'{"name": "\xed\xa0\x80"}'):
        refused(await api.post("/keys", raw, user="editor"), 422, "malformed_body")
    assert (await api.post("/keys", b"[" * 20_000, user="editor")).status == 422
    refused(await api.post("/keys", b" " * (LARGEST_BODY + 1), user="editor"), 413, "request_too_large")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/keys?limit=0", "limit"),
        ("/keys?limit=201", "limit"),
        ("/keys?limit=many", "limit"),
        ("/keys?limit=9999999999999999999999", "limit"),
        ("/keys?of=them", "of"),
        ("/keys?state=odd", "state"),
        ("/keys?cursor=!!", "cursor"),
        ("/keys?cursor=" + base64.b64encode(b"x y").decode(), "cursor"),
        ("/keys?cursor=" + "x" * 201, "cursor"),
        ("/keys/{id}/usage?days=0", "days"),
        ("/keys/{id}/clients?days=92", "days"),
        ("/keys/{id}/journal?kind=deletes", "kind"),
        ("/keys/{id}/journal?status=99", "status"),
        ("/keys/{id}/journal?since=yesterday", "since"),
        ("/keys/{id}/journal?until=0001-01-01T00:00:00%2B10:00", "until"),
        ("/keys/{id}/usage?zone=Nowhere/Else", "zone"),
        ("/keys/{id}/usage?zone=../../etc/passwd", "zone"),
    ],
)
async def test_parameters_are_bounded(api: Api, path: str, field: str) -> None:
    oid, _ = await api.make()
    answer = await api.get(path.format(id=oid), user="editor")
    assert (answer.status, answer.document["field"]) == (422, field)
    assert (await api.get(path.partition("?")[0].format(id=oid), user="editor")).status == 200


# ---------------------------------------------------------------------- journal, usage, permissions


async def test_the_journal_of_a_key_in_pages(api: Api, world: World) -> None:
    oid, value = await api.make(grant="full")
    await world.get("defect", key=value, query="(Name = secret)")
    await api.get("/key", key=value, headers={"X-RallyIntegrationName": "Hub"})
    await api.post("/keys", {"name": "x"}, key=value)
    first = (await api.get(f"/keys/{oid}/journal", user="editor", limit=2)).document
    rest = (await api.get(f"/keys/{oid}/journal", user="editor", limit=2, cursor=first["next"])).document
    lines = [*first["items"], *rest["items"]]
    assert [(each["method"], each["path"], each["status"], each["reason"]) for each in lines] == [
        ("POST", "/api/v1/keys", 403, "login_required"),
        ("GET", "/api/v1/key", 200, None),
        ("GET", "/slm/webservice/v2.0/defect?query", 200, None),
    ]
    assert lines[1]["client"] == "Hub"
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ({}, ["keys", "key", "defect"]),
        ({"kind": "reads"}, ["key", "defect"]),
        ({"kind": "refused"}, ["keys"]),
        ({"outcome": "worked", "path": "API/"}, ["key"]),
        ({"outcome": "failed"}, ["keys"]),
        ({"status": 403}, ["keys"]),
        ({"client": "hub"}, ["key"]),
        ({"address": "10.0"}, []),
        ({"path": "a\0b"}, []),
        ({"since": "2026-01-05T10:00:00+01:00"}, ["keys", "key", "defect"]),
        ({"since": "2026-01-05T09:00:01"}, []),
        ({"until": "2026-01-05T09:00:00Z"}, []),
        ({"since": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59Z"}, ["keys", "key", "defect"]),
        ({"since": "9999-12-31T23:59:59Z"}, []),
        ({"until": "0001-01-01T00:00:00Z"}, []),
    ],
)
async def test_the_journal_of_a_key_is_searched(
    api: Api, world: World, wanted: dict[str, Any], paths: list[str]
) -> None:
    oid, value = await api.make(grant="full")
    await world.get("defect", key=value)
    await api.get("/key", key=value, headers={"X-RallyIntegrationName": "Hub"})
    await api.post("/keys", {"name": "x"}, key=value)
    found = (await api.get(f"/keys/{oid}/journal?{urlencode(wanted)}", user="editor")).document
    assert [each["path"].rpartition("/")[2] for each in found["items"]] == paths


async def test_the_programs_that_use_a_key(api: Api, world: World) -> None:
    oid, value = await api.make()
    await world.get("defect", key=value, headers={"X-RallyIntegrationName": "Import"})
    world.clock.advance(timedelta(minutes=1))
    await api.post("/keys", {"name": "x"}, key=value, headers={"X-RallyIntegrationName": "Hub"})
    first, second = (await api.get(f"/keys/{oid}/clients", user="editor")).document["items"]
    assert (first["client"], first["requests"], first["refused"]) == ("Hub", 1, 1)
    assert (second["client"], second["refused"], second["last_used_at"]) == ("Import", 0, "2026-01-05T09:00:00.000Z")
    world.clock.advance(timedelta(days=8))
    assert (await api.get(f"/keys/{oid}/clients", user="editor")).document["items"] == []


async def test_the_usage_of_a_key_by_hour(api: Api, world: World) -> None:
    oid, value = await api.make()
    for _ in range(3):
        await world.get("defect", key=value)
    found = (await api.get(f"/keys/{oid}/usage", user="editor", zone="UTC")).document
    assert found["hours"] == [{"weekday": 0, "hour": 9, "reads": 3, "writes": 0, "refused": 0}]
    assert (found["reads"], found["zone"]) == (3, "UTC")
    world.clock.advance(timedelta(days=8))
    assert (await api.get(f"/keys/{oid}/usage", user="editor", days=7)).document["reads"] == 0


async def test_the_permissions_of_a_key(api: Api, world: World) -> None:
    oid, _ = await api.make(grant="full", limits={"projects": [world.ids["engines"]]})
    found = (await api.get(f"/keys/{oid}/permissions", user="editor")).document
    assert (found["reads"], found["writes"], found["refusal"]) == (1, 1, None)
    (workspace,) = found["workspaces"]
    (project,) = workspace["projects"]
    assert (project["Name"], project["reads"], project["writes"], project["role"]) == ("Engines", True, True, "editor")
    await api.post(f"/keys/{oid}/disable", user="editor")
    assert (await api.get(f"/keys/{oid}/permissions", user="editor")).document["refusal"] == "key_suspended"


async def test_an_edition_without_keys_says_so(world: World) -> None:
    oid, _ = await Api(world).make()
    api = Api(world, Edition.ON_PREM)
    assert (await api.get(f"/keys/{oid}/permissions", user="editor")).document["refusal"] == "keys_not_in_edition"


# ---------------------------------------------------------------------- leaked keys


async def test_who_found_a_key_has_it_stopped(api: Api, world: World) -> None:
    """Possession proves the right to it (access.md T2): nobody logs in, and it works while keys are switched off too."""
    oid, value = await api.make()
    already, stopped = await api.make()
    await api.post(f"/keys/{already}/disable", user="editor")
    await settings(world, ApiKeysEnabled=False)
    unknown = "_BK".ljust(44, "x")
    answer = await api.post("/keys/leaked", {"keys": [value, stopped, unknown]})
    assert answer.status == 200
    found = [(each["outcome"], each["id"]) for each in answer.document["results"]]
    assert found == [("disabled", oid), ("stopped", already), ("unknown", None)]
    for each in (value, stopped, unknown):
        assert each.encode() not in answer.body
    await settings(world, ApiKeysEnabled=True)
    refused(await api.get("/key", key=value), 401, "key_suspended")
    renewed = (await api.post(f"/keys/{oid}/reset", user="editor")).document["secret"]
    await api.post(f"/keys/{oid}/enable", user="editor")
    assert (await api.get("/key", key=renewed)).status == 200
    rows = await world.rows("event", "diff", "credential", oid=oid)
    assert any("Leaked" in diff and credential == "server" for diff, credential in rows)


async def test_leaked_keys_are_taken_in_at_a_bounded_pace(api: Api, world: World) -> None:
    body = {"keys": ["_BK".ljust(44, "x")]}
    statuses = [(await api.post("/keys/leaked", body)).status for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    again = await api.post("/keys/leaked", body)
    refused(again, 429, "too_many_requests")
    assert again.headers["retry-after"] == "60"
    api.address = "192.0.2.7"
    assert (await api.post("/keys/leaked", body)).status == 200
    api.address = "127.0.0.1"
    world.clock.advance(timedelta(minutes=1))
    assert (await api.post("/keys/leaked", body)).status == 200
    for wrong in ({"keys": []}, {"keys": ["short"]}, {"keys": ["_" * 44] * 101}):
        assert (await api.post("/keys/leaked", wrong)).status == 422


# ---------------------------------------------------------------------- users


async def test_users_are_listed_for_who_administers_something(api: Api, world: World) -> None:
    first = (await api.get("/users", user="wsadmin", limit=3)).document
    rest = (await api.get("/users", key=world.readers["padmin"], limit=200, cursor=first["next"])).document
    names = [each["UserName"] for each in (*first["items"], *rest["items"])]
    assert names == sorted(f"{name}@acme.test" for name in harness.USERS)
    assert (first["total"], rest["next"]) == (len(names), None)
    editor = (await api.get("/users", user="admin", words="edit")).document["items"]
    assert [(each["UserName"], each["keys"], each["locked"]) for each in editor] == [("editor@acme.test", 2, False)]
    one = (await api.get(f"/users/{world.ids['editor']}", user="admin")).document
    assert one == editor[0]
    for user in ("editor", "viewer", "nobody"):
        refused(await api.get("/users", user=user), 403, "not_authorized")
        refused(await api.get(f"/users/{world.ids['editor']}", user=user), 403, "not_authorized")


@pytest.mark.parametrize(("stop", "go", "reason"), [("lock", "unlock", "owner_locked"), ("disable", "enable", "owner_disabled")])  # fmt: skip
async def test_who_may_stops_a_user_and_lets_him_in_again(
    api: Api, world: World, stop: str, go: str, reason: str
) -> None:
    """access.md 1.16 f, g: his keys stop with the next request and work again afterwards."""
    place, key = f"/users/{world.ids['editor']}", world.keys["editor"]
    for user in ("editor", "viewer", "wsadmin"):
        refused(await api.post(f"{place}/{stop}", user=user), 403, "not_authorized")
    refused(await api.post(f"{place}/{stop}", key=world.readers["admin"]), 403, "read_only_key")
    assert (await api.get("/key", key=key)).status == 200
    stopped = await api.post(f"{place}/{stop}", key=world.keys["admin"])
    assert (stopped.document["locked"], stopped.document["Disabled"]) == (stop == "lock", stop == "disable")
    refused(await api.get("/key", key=key), 401, reason)
    again = await api.post(f"{place}/{go}", user="admin")
    assert (again.document["locked"], again.document["Disabled"]) == (False, False)
    assert (await api.get("/key", key=key)).status == 200


async def test_the_last_administrator_is_not_disabled(api: Api, world: World) -> None:
    answer = await api.post(f"/users/{world.ids['admin']}/disable", user="admin")
    assert answer.status == 422
    assert (await api.get("/key", key=world.keys["admin"])).status == 200


async def test_a_key_with_limits_manages_no_users(api: Api, world: World) -> None:
    """Not even to look at locks: nothing of that is in its projects, or among its types (access.md 1.15)."""
    place = f"/users/{world.ids['editor']}"
    for limits in ({"projects": [world.ids["engines"]]}, {"types": ["Defect"]}):
        _, value = await api.make("admin", grant="full", limits=limits)
        for method, path in (
            ("GET", "/users"),
            ("GET", place),
            ("POST", f"{place}/lock"),
            ("POST", f"{place}/disable"),
        ):
            refused(await api.call(method, path, key=value), 403, "not_authorized")
    _, value = await api.make("admin", grant="full", limits={"types": ["User"]})
    assert (await api.post(f"{place}/lock", key=value)).status == 200


# ---------------------------------------------------------------------- subscription


async def test_the_subscription_is_read_by_all_and_changed_by_its_administrators(api: Api, world: World) -> None:
    found = (await api.get("/subscription", key=world.readers["viewer"])).document
    assert (found["Name"], found["ApiKeysEnabled"], found["AuthenticationPolicy"]) == ("Acme", True, "Rally Only")
    refused(await api.patch("/subscription", {"JSONPEnabled": True}, user="wsadmin"), 403, "not_authorized")
    refused(await api.patch("/subscription", {"JSONPEnabled": True}, key=world.readers["admin"]), 403, "read_only_key")
    changed = await api.patch("/subscription", {"JSONPEnabled": True}, user="admin")
    assert changed.document == found | {"JSONPEnabled": True}
    assert (await api.patch("/subscription", {}, user="admin")).document == changed.document
    answer = await api.patch("/subscription", {"AuthenticationPolicy": "SSO Only"}, user="admin")
    refused(answer, 422, "invalid_value")


# ---------------------------------------------------------------------- addresses


@pytest.mark.parametrize("name", sorted(NOT_BUILT))
async def test_what_is_not_built_says_so(api: Api, world: World, name: str) -> None:
    refused(await api.get(f"/{name}", key=world.keys["admin"]), 404, "not_built")
    refused(await api.post(f"/{name}/5", {}, key=world.keys["admin"]), 404, "not_built")


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/keys/x", "/keys/12345678901234567890", "/keys/1/2", "/keyss"])
async def test_what_is_no_address_is_refused_as_json(api: Api, path: str) -> None:
    refused(await api.get(path or "/api/v1/", user="admin"), 404, "unknown_address")


async def test_methods_that_an_address_does_not_answer(api: Api) -> None:
    answer = await api.call("PUT", "/keys", {}, user="admin")
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    asked = await api.call("OPTIONS", "/keys/5")
    assert (asked.status, asked.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")
    assert (await api.call("HEAD", "/ping")).status == 200


async def test_a_slash_at_the_end_changes_nothing(api: Api) -> None:
    assert (await api.get("/keys/", user="editor")).status == 200
