"""The small print of wsapi.md 1, 3 and 8 that no other file holds: versions, methods, headers, logging out."""

from __future__ import annotations

import gzip
from typing import Any

from banneret.catalogue.loader import stock_schema
from banneret.front_door import FrontDoor
from banneret.web.assets import shared_assets
from tests.harness import Answer, World


def cookies_of(answer: Answer) -> str:
    return "; ".join(text.partition(";")[0] for text in answer.cookies)


async def test_v3_says_who_one_is_and_nothing_else(world: World) -> None:
    """A public sample asks it (design 5.11); the refs lead where there is more."""
    for path in ("user", "User", "user.js?fetch=UserName", "user:current"):
        answer = await world.get(f"/slm/webservice/v3.0/{path}", "editor")
        assert (answer.root, answer.inner["UserName"]) == ("User", "editor@acme.test")
        assert answer.inner["_ref"].startswith("http://rally.test/slm/webservice/v2.0/user/")
    assert (await world.call("GET", "/slm/webservice/v3.0/user")).status == 401
    for path in ("", "users", "defect", f"user/{world.ids['editor']}", "user/create", "security/authorize"):
        answer = await world.get(f"/slm/webservice/v3.0/{path}")
        assert answer.status == 404
        assert answer.body == b"Could not determine Web Services Version from 'v3.0'\n"


async def test_every_type_has_a_plural(world: World) -> None:
    types = [item for item in stock_schema().types.values() if "query" in item.operations]
    assert len(types) > 100
    for item in types:
        name = item.element_name.lower()
        plurals = {f"{name}s", f"{name[:-1]}ies" if name.endswith("y") else f"{name}es"}
        answers = [await world.get(plural, pagesize=1) for plural in plurals]
        assert any(answer.root == "QueryResult" and "unknown" not in str(answer.errors) for answer in answers), name


async def test_any_accept_is_answered_with_json(world: World) -> None:
    for accept in (
        "*/*",
        "application/json",
        "text/plain",
        "text/html",
        "image/png",
        "application/xml;q=1",
        "",
        "junk",
    ):
        answer = await world.get("user", headers={"accept": accept})
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")


async def test_head_is_get_without_the_body(world: World) -> None:
    for path in ("defect", "user", "defect/4711", "/slm/webservice/1.43/user", "/slm/nonsense"):
        full, head = await world.get(path), await world.call("HEAD", path, user="admin")
        assert (head.status, head.body) == (full.status, b"")
        same = ("content-type", "content-length")
        assert [head.headers[name] for name in same] == [full.headers[name] for name in same]
    assert (await world.call("HEAD", "defect")).status == 401


async def test_gzip_only_for_who_takes_it(world: World) -> None:
    for accepted, packed in (
        ("gzip", True),
        ("gzip, deflate", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, deflate", False),
        ("deflate", False),
        ("", False),
        ("gzipped", False),
    ):
        answer = await world.get("typedefinition?fetch=true&pagesize=20", headers={"accept-encoding": accepted})
        assert (answer.headers.get("content-encoding") == "gzip") is packed, accepted
        body = gzip.decompress(answer.body) if packed else answer.body
        assert body.startswith(b'{"QueryResult"')
        assert "accept-encoding" in answer.headers["vary"]


async def test_pretty_indents_and_compact_changes_nothing(world: World) -> None:
    plain = await world.get("user", fetch="UserName")
    assert b"\n" not in plain.body
    for compact in ("true", "false"):
        assert (await world.get("user", fetch="UserName", compact=compact)).body == plain.body
    pretty = await world.get("user", fetch="UserName", pretty="true")
    assert (b'\n    "User": {\n' in pretty.body, pretty.document) == (True, plain.document)


async def test_a_header_overrides_the_method_of_a_post(world: World) -> None:
    made = await world.make("tag", Name="n")
    path = f"tag/{made['ObjectID']}"
    for said in ("GET", "get", " Get "):
        assert (await world.post(path, headers={"X-HTTP-Method-Override": said})).root == "Tag"
    put = await world.post(path, {"x": {"Name": "m"}}, headers={"X-HTTP-Method-Override": "PUT"})
    assert put.object["Name"] == "m"
    ignored = await world.get(path, headers={"X-HTTP-Method-Override": "DELETE"})
    assert ignored.inner["Name"] == "m"
    gone = await world.post(path, headers={"X-HTTP-Method-Override": "DELETE"})
    assert (gone.root, gone.errors) == ("OperationResult", [])
    assert (await world.get(path)).errors == ["Cannot find object to read"]


async def test_an_override_is_a_write_for_a_read_only_key_too(world: World) -> None:
    """A form that reads may come by POST; a write in disguise may not."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    key = world.readers["editor"]
    read = await world.post("tag", b"_method=GET&fetch=Name", headers=form, key=key)
    assert (read.root, read.errors) == ("QueryResult", [])
    for headers in ({"X-HTTP-Method-Override": "DELETE"}, {"X-HTTP-Method-Override": "PUT"}, {}):
        assert (await world.post("tag/1", {}, headers=headers, key=key)).status == 401


async def test_logging_out_ends_the_session_and_clears_its_cookies(world: World) -> None:
    begun = await world.call("GET", "security/authorize", headers=world.basic("editor"))
    cookies = cookies_of(begun)
    other = cookies_of(await world.call("GET", "security/authorize", headers=world.basic("editor")))
    assert (await world.call("GET", "user", headers={"cookie": cookies})).status == 200
    out = await world.call("GET", "/slm/resources/jsp/security/clear.jsp", headers={"cookie": cookies})
    assert out.status == 200
    assert [text.partition("=")[0] for text in out.cookies] == ["JSESSIONID", "ZSESSIONID"]
    assert all("Max-Age=0" in text and "Path=/" in text and "=;" in text for text in out.cookies)
    assert (await world.call("GET", "user", headers={"cookie": cookies})).status == 401
    assert (await world.call("GET", "user", headers={"cookie": other})).status == 200
    stale = {"cookie": cookies, **world.basic("editor")}
    token = begun.inner["SecurityToken"]
    refused = await world.call("POST", f"tag/create?key={token}", {"x": {"Name": "n"}}, headers=stale)
    assert refused.errors == ["Not authorized to perform action: Invalid key"]


async def test_logging_out_without_a_session_does_nothing(world: World) -> None:
    for sent in ({}, {"cookie": f"ZSESSIONID={world.keys['editor']}"}, {"cookie": "JSESSIONID=nonsense"}):
        assert (await world.call("GET", "/slm/resources/jsp/security/clear.jsp", headers=sent)).status == 200
    assert (await world.get("user", "editor")).root == "User"


async def test_the_probe_of_dot_net_hears_that_there_is_no_single_sign_on(world: World) -> None:
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b'{"username":"u","password":"p"}', "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "PUT", "path": "/login/key.js", "query_string": b"", "headers": []}
    await FrontDoor(world.app, world.store, shared_assets())(scope, receive, send)
    assert messages[0]["status"] == 405
