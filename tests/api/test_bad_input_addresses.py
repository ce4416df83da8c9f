"""Addresses, parameters and headers that are wrong: a clear error each, in the envelope of the operation, and nothing stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import stored
from tests.harness import BASE, World


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "NONSENSE", "é"])
async def test_any_method_on_any_address(world: World, verb: str) -> None:
    before = await stored.dump(world.store)
    addresses = (
        "", "/", "unicorn", "unicorn/1", "unicorn/create", "defect/abc", "defect/1/Nonsense", "defect/1/Tags/nonsense", "defect/1/2/3/4",
        "defect/create/create", "batch/1", "security", "security/authorize/now", "portfolioitem/unicorn", "portfolioitem/unicorn/1", ":current",
        "defect:current", "user:current/x", "defect/create/1", "typedefinition/-1", "revision/1", "defect/1.js.js", ".js", "defect/.js", "..", "../..",
    )  # fmt: skip
    for address in addresses:
        answer = await world.call(verb, f"{BASE}/{address}", user="admin")
        assert answer.status == 200, address
        if verb in {"HEAD", "OPTIONS"}:
            assert answer.body == b""
            continue
        assert len(answer.errors) <= 1, address
        if address not in {"typedefinition/-1", "security/authorize/now"} and "current" not in address:
            assert answer.errors, address
    assert await stored.dump(world.store) == before


PATHS = [
    "defect/%", "defect/%zz", "defect/%00", "defect/%ff%fe", "defect/\u0000", "defect/é", "d\u202eefect", "defect/" + "9" * 5000,
    "defect/-", "defect/--1", "defect/1u2p", "defect/1u2p1", "projectpermission/1u2p1", "projectpermission/" + "9" * 500 + "u1p1",
    "x" * 100_000, "defect/" + "/".join("x" * 1000), "defect//create", "//", "defect/create\n", "defect/1;DROP TABLE artifact", "defect/1'--", "defect/1 ",
    "defect/00000000-0000-0000-0000-00000000000", "defect/" + "0" * 32, "defect/¹", "defect/١٢", "%2e%2e/%2e%2e/etc/passwd", "${jndi:ldap://x}",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
async def test_junk_in_paths(world: World, path: str) -> None:
    before = await stored.dump(world.store)
    for method in ("GET", "POST", "DELETE"):
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b'{"x":{"Name":"x"}}', "more_body": False}

        async def send(message: dict[str, Any], messages: list[dict[str, Any]] = messages) -> None:
            messages.append(message)

        whole = f"{BASE}/{path}"
        scope = {
            "type": "http", "method": method, "path": whole, "raw_path": whole.encode("utf-8", "surrogatepass"), "query_string": b"",
            "headers": [(b"host", b"rally.test"), (b"zsessionid", world.keys["admin"].encode())], "client": None, "scheme": "http",
        }  # fmt: skip
        await world.app(scope, receive, send)
        assert messages[0]["status"] == 200
        (inner,) = json.loads(messages[1]["body"]).values()
        if "//create" not in path or method == "GET":
            assert len(inner["Errors"]) == 1
            assert len(messages[1]["body"]) < 2000
    after = await stored.dump(world.store)
    assert "//create" in path or "create\n" in path or after == before


@pytest.mark.parametrize(
    "path",
    [BASE.replace("2.0", version) + "/defect" for version in ("1.43", "2", "3.0", "0", "\ud800", "x" * 1000, "")],
)
async def test_versions_that_are_not_served(world: World, path: str) -> None:
    if "\ud800" in path:
        path = path.replace("\ud800", "é")
    answer = await world.get(path)
    assert answer.status == 404
    assert answer.body.startswith(b"Could not determine Web Services Version from '")


JUNK = [
    b"\xff", "é".encode("latin-1"), b"\x01\x02", b"x" * 60_000, b"%s%s%n", b"' or 1=1 --", b"", b" ", b"\x7f", "☃".encode(),
]  # fmt: skip
HEADERS = [
    "host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "user-agent", "x-rallyintegrationname", "accept", "accept-encoding", "content-type",
    "content-length", "cookie", "origin", "sec-fetch-site", "x-http-method-override", "expect", "transfer-encoding", "if-none-match",
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
async def test_junk_in_headers(world: World, header: str) -> None:
    for junk in JUNK:
        for method, address, body in (("GET", "defect", None), ("POST", "defect/create", {"x": {"Name": "x"}})):
            answer = await world.call(method, address, body, user="admin", headers={header: junk.decode("latin-1")})
            assert answer.status == 200, junk
            answer.body.decode()
    assert await stored.faults(world.store) == []


@pytest.mark.parametrize("header", ["zsessionid", "authorization", "cookie"])
async def test_junk_in_credentials(world: World, header: str) -> None:
    before = await stored.dump(world.store)
    for junk in (
        *JUNK,
        b"Basic",
        b"Basic !!!",
        b"Basic /////w==",
        b"Bearer",
        b"Bearer \xff",
        b"Digest x",
        b"ZSESSIONID=\xff; JSESSIONID=\x00",
        b"ZSESSIONID=" + b"x" * 9000,
    ):
        for method in ("GET", "POST"):
            answer = await world.call(
                method,
                "defect/create" if method == "POST" else "defect",
                {"x": {"Name": "x"}},
                headers={header: junk.decode("latin-1")},
            )
            assert answer.status == 401, junk
            assert answer.headers["www-authenticate"].startswith("Basic ")
    assert await stored.dump(world.store) == before


PARAMETERS = {
    "fetch": ["\ud800", "[", "]", "a[b", "a]b", "[" * 1000 + "]" * 1000, "Tasks:summary", "x" * 100_000, ",".join(["Name"] * 10_000), "Owner.Name", "\x00"],
    "shallowFetch": ["[", "a[b[c[d[e[f[g[h]]]]]]]", "Name;;,,[]", "[" * 5000],
    "order": ["Nonsense", "Name foo", "Name desc desc", ",", "Name,,", "Owner.Nonsense", "\x00", "x" * 10_000, "Tags", ",".join(["Name"] * 1000)],
    "start": ["0", "-1", "x", "9" * 12, "9" * 30, "1.5", "\x00"],
    "pagesize": ["0", "-1", "x", "9" * 12, "9" * 30, "2000/create?"],
    "workspace": ["x", "/workspace/1", "/project/1", "workspace/" + "9" * 19, "workspace/\x00", "undefined"],
    "project": ["x", "/project/1", "/workspace/1", "project/" + "9" * 40, "undefined"],
    "types": ["Nonsense", "Defect,Nonsense", ",", "\x00"],
    "pretty": ["true", "x"],
    "rankTo": ["SIDEWAYS", ""],
    "rankAbove": ["x", "/defect/1"],
    "Key": ["x", "\x00", "None"],
    "search": ["x", "'\"%_\\"],
    "jsonp": ["alert(1)//", "x"],
    "projectScopeUp": ["maybe", ""],
}  # fmt: skip


@pytest.mark.parametrize("name", PARAMETERS)
async def test_junk_in_parameters(world: World, name: str) -> None:
    made = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    for value in PARAMETERS[name]:
        value = value.encode("utf-8", "surrogatepass").decode("latin-1") if "\ud800" in value else value  # noqa: PLW2901
        for address in ("defect", "artifact", f"defect/{made['ObjectID']}", f"defect/{made['ObjectID']}/Tags"):
            answer = await world.get(address, **{name: value})
            assert answer.status == 200, (address, value[:50])
            assert len(answer.body) < 30_000
            assert len(answer.errors) <= 1
        answer = await world.post(f"defect/{made['ObjectID']}", {"x": {"Name": "x"}}, **{name: value})
        assert answer.status == 200, value[:50]
    assert await stored.dump(world.store) == before


@pytest.mark.parametrize(
    "query",
    [
        "=", "&&&&", "%", "%zz", "fetch", "=x", "fetch=%ff", "fetch=" + "%00" * 100, "&".join(f"a{n}=1" for n in range(900)), "x" * 100_000, ";;;", "?a=b?",
        "&".join(f"a{n}=1" for n in range(5000)),
    ],
    ids=range(13),
)  # fmt: skip
async def test_junk_as_query_string(world: World, query: str) -> None:
    answer = await world.get(f"defect?{query}")
    assert answer.status == 200
    answer = await world.post(f"defect/create?{query}", {"x": {"Name": "x"}})
    assert answer.status == 200


def nested(depth: int) -> str:
    return "(" * depth + '(Name = "x")' + " AND (Name = y))" * depth


QUERIES = {
    "10,000 deep": "(" * 10_000 + "Name = x" + ")" * 10_000,
    "10,000 conditions to the left": nested(10_000),
    "10,000 conditions to the right": '((Name = "x") AND ' * 10_000 + "(Name = y)" + ")" * 10_000,
    "open": "(" * 10_000,
    "closed": ")" * 10_000,
    "long value": '(Name = "' + "x" * 1_000_000 + '")',
    "long word": "x" * 1_000_000,
    "many quotes": '"' * 10_000,
    "many escapes": '(Name = "' + "\\" * 9_999 + '")',
    "NUL": "(Name = \x00)",
    "NUL in quotes": '(Name contains "\x00")',
    "long path": "(" + ".".join(["Parent"] * 10_000) + " = null)",
    "unknown attribute": "(Nonsense = 1)",
    "unknown operator": "(Name zobolts 1)",
    "no operator": "(Name)",
    "no value": "(Name = )",
    "flat": "(Name = a AND Name = b)",
    "huge number": "(ObjectID = " + "9" * 1000 + ")",
    "number beyond 64 bits": "(ObjectID = 9223372036854775808)",
    "huge estimate": "(PlanEstimate > 1e999)",
    "no date": "(CreationDate > never)",
    "far date": "(CreationDate > today+99999999999)",
    "huge ref": "(Owner = /user/" + "9" * 19 + ")",
    "no ref": "(Owner = ///)",
    "SQL": '(Name = "\'; drop table artifact; --")',
    "like": '(Name contains "%_\\")',
    "collection": "(Tags = null)",
}


@pytest.mark.parametrize("name", QUERIES)
async def test_strange_queries(world: World, name: str) -> None:
    await world.make("Defect", Name="x")
    for address in ("defect", "artifact", "hierarchicalrequirement"):
        form = b"_method=GET&pagesize=20&query=" + __import__("urllib.parse").parse.quote(QUERIES[name]).encode()
        answer = await world.post(address, form, headers={"content-type": "application/x-www-form-urlencoded"})
        assert (answer.status, answer.root) == (200, "QueryResult")
        assert len(answer.errors) <= 1
        assert len(answer.body) < 30_000


async def test_five_thousand_alternatives(world: World) -> None:
    await world.make("Defect", Name="n4999")
    for joined in (
        balanced([f"(Name = n{n})" for n in range(5000)]),
        balanced([f"(ObjectID = {n})" for n in range(5000)]),
    ):
        form = b"_method=GET&query=" + __import__("urllib.parse").parse.quote(joined).encode()
        answer = await world.post("defect", form, headers={"content-type": "application/x-www-form-urlencoded"})
        assert (answer.status, answer.root) == (200, "QueryResult")
        assert answer.errors or answer.inner["TotalResultCount"] == ("Name" in joined)


def balanced(parts: list[str]) -> str:
    while len(parts) > 1:
        pairs = [f"({parts[n]} OR {parts[n + 1]})" for n in range(0, len(parts) - 1, 2)]
        parts = pairs + parts[len(pairs) * 2 :]
    return parts[0]


@pytest.mark.parametrize(
    "path", ["/slm/schema/v2.0/workspace/" + tail for tail in ("1", "9" * 18, "9" * 30, "x", "", "1/2/3", "\x00")]
)
async def test_junk_in_schema_addresses(world: World, path: str) -> None:
    answer = await world.get(path)
    assert answer.status in {200, 302}
    if answer.status == 200:
        assert len(answer.errors) == 1
