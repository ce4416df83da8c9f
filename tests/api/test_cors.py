"""Pages of other origins: what the subscription's CORSEnabled and CORSAllowedDomains let a browser do (wsapi.md 3.2, design 7)."""

from __future__ import annotations

import pytest

from tests import harness
from tests.harness import Answer, World

APP = "https://app.example.com"
EVIL = "https://evil.example"


async def allow(
    world: World, domains: str | None = "app.example.com, https://other.example:8443", *, enabled: bool = True
) -> None:
    path = f"subscription/{world.ids['subscription']}"
    body = {"CORSEnabled": enabled, "CORSAllowedDomains": domains, "JSONPEnabled": False}
    assert (await world.post(path, {"x": body})).errors == []


def grants(answer: Answer) -> tuple[str | None, str | None]:
    return answer.headers.get("access-control-allow-origin"), answer.headers.get("access-control-allow-credentials")


PLACES = [
    ("GET", "defect", "editor", 200),
    ("GET", "defect/4711", "editor", 200),
    ("POST", "defect/create", "editor", 200),
    ("GET", "nonsense", "editor", 200),
    ("GET", "defect", None, 401),
    ("GET", "/slm/webservice/1.43/defect", "editor", 404),
    ("GET", "/slm/schema/v2.0/workspace/{main}", "editor", 302),
    ("OPTIONS", "defect", None, 200),
]


async def test_an_allowed_origin_may_read_every_answer(world: World) -> None:
    """401s too, or a page could not tell that its key has ended."""
    await allow(world)
    for method, path, user, status in PLACES:
        target = path.format(**world.ids)
        answer = await world.call(method, target, {"x": {"Name": "n"}}, user=user, headers={"origin": APP})
        assert (answer.status, *grants(answer)) == (status, APP, "true"), path
        for other in (EVIL, "null", "junk", "http://app.example.com"):
            answer = await world.call(method, target, {"x": {"Name": "n"}}, user=user, headers={"origin": other})
            assert (answer.status, *grants(answer)) == (status, None, None), path
            assert "origin" in answer.headers["vary"].lower()


async def test_a_preflight_needs_no_credential(world: World) -> None:
    asked = {"access-control-request-method": "PUT", "access-control-request-headers": "zsessionid,content-type"}
    for enabled, origin in ((False, APP), (True, APP), (True, "https://other.example:8443"), (True, EVIL)):
        await allow(world, enabled=enabled)
        for path in ("defect/create", "security/authorize", f"/slm/schema/v2.0/workspace/{world.ids['main']}"):
            answer = await world.call("OPTIONS", path, headers={"origin": origin, **asked})
            assert (answer.status, answer.body) == (200, b"")
            told = answer.headers.get("access-control-allow-headers", "").lower().split(", ")
            methods = answer.headers.get("access-control-allow-methods", "").split(", ")
            if not enabled or origin == EVIL:
                assert (told, methods, grants(answer)) == ([""], [""], (None, None))
                continue
            assert grants(answer) == (origin, "true")
            assert {"GET", "POST", "PUT", "DELETE"} <= set(methods)
            wanted = {"authorization", "content-type", "zsessionid", "x-requested-by", "x-trace-id"}
            assert wanted | {f"x-rallyintegration{name}" for name in ("name", "vendor", "version", "os")} <= set(told)


async def test_settings_hold_from_the_next_request_on_in_every_process(world: World) -> None:
    other = harness.enter_world(world.store, world.ids)
    for domains, enabled, granted in ((None, True, False), ("app.example.com", False, False), ("app.example.com", True, True), ("x.test", True, False)):  # fmt: skip
        await allow(world, domains, enabled=enabled)
        for process in (world, other):
            answer = await process.get("user", headers={"origin": APP})
            assert (grants(answer)[0] == APP) is granted


async def test_what_programs_send_is_answered_as_ever(world: World) -> None:
    await allow(world)
    for headers in ({}, {"origin": "http://rally.test"}):
        answer = await world.get("user", headers=headers)
        assert (answer.root, grants(answer)) == ("User", (None, None))


@pytest.mark.parametrize("carrier", ["session", "basic"])
async def test_writes_of_other_sites_need_the_same_permission(world: World, carrier: str) -> None:
    """A browser sends cookies and remembered Basic by itself: only our own pages and allowed ones may write with them."""
    begun = await world.call("GET", "security/authorize", headers=world.basic("editor"))
    token = begun.inner["SecurityToken"]
    cookies = "; ".join(text.partition(";")[0] for text in begun.cookies)
    sent = {"cookie": cookies} | (world.basic("editor") if carrier == "basic" else {})
    cases = [
        (APP, "cross-site", False, False),
        (APP, "cross-site", True, True),
        (APP, "", True, True),
        (EVIL, "cross-site", True, False),
        (EVIL, "", True, False),
        ("null", "cross-site", True, False),
        ("", "cross-site", True, False),
        ("http://rally.test", "same-origin", True, True),
        ("", "", True, True),
    ]
    for origin, site, enabled, done in cases:
        await allow(world, enabled=enabled)
        headers = sent | {"origin": origin, "sec-fetch-site": site}
        answer = await world.call("POST", f"defect/create?key={token}", {"x": {"Name": "n"}}, headers=headers)
        refusal = "Not authorized to perform action: the request came from another site"
        assert answer.errors == ([] if done else [refusal]), (origin, site)
        unsigned = await world.call("POST", "defect/create", {"x": {"Name": "n"}}, headers=headers)
        assert unsigned.errors == (["Not authorized to perform action: Invalid key"] if done else [refusal])


async def test_a_key_in_a_header_writes_from_anywhere(world: World) -> None:
    """No browser adds it by itself, so the page that sends it holds it."""
    answer = await world.post(
        "tag/create", {"x": {"Name": "n"}}, headers={"origin": EVIL, "sec-fetch-site": "cross-site"}
    )
    assert answer.errors == []
