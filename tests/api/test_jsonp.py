"""`jsonp=name`: answers as scripts, where the subscription allows them and more than a cookie stands behind the request (wsapi.md 3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.harness import Answer, World

DISABLED = "JSONP is disabled for this subscription; an administrator enables it with the attribute JSONPEnabled"
INVALID = "jsonp must be the name of a JavaScript function"
NO_KEY = "Not authorized to perform action: Invalid key"


async def enable(world: World, *, enabled: bool = True) -> None:
    body = {"JSONPEnabled": enabled}
    assert (await world.post(f"subscription/{world.ids['subscription']}", {"x": body})).errors == []


def unwrapped(answer: Answer, name: str) -> dict[str, Any]:
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    text = answer.body.decode()
    assert text.startswith(f"{name}(")
    assert text.endswith(");")
    (inner,) = json.loads(text[len(name) + 1 : -2]).values()
    found: dict[str, Any] = inner
    return found


async def test_answers_and_errors_are_wrapped_alike(world: World) -> None:
    await enable(world)
    made = await world.make("defect", Name="</script>\u2028\u2029")
    paths = (
        "defect",
        f"defect/{made['ObjectID']}",
        f"defect/{made['ObjectID']}/Tags",
        "user",
        "defect?pretty=true&x=1",
    )
    for path in paths:
        inner = unwrapped(await world.get(path, jsonp="Ext.data.JsonP.callback1"), "Ext.data.JsonP.callback1")
        assert inner["Errors"] == []
    errors = {
        "defect/4711": "Cannot find object to read",
        "unicorn": 'Requested type name "unicorn" is unknown.',
        "defect/abc": 'Cannot parse object reference from "defect/abc"',
    }
    for path, error in errors.items():
        assert unwrapped(await world.get(path, jsonp="f"), "f")["Errors"] == [error]
    body = (await world.get(f"defect/{made['ObjectID']}", jsonp="f")).body
    assert b"\\u2028\\u2029" in body
    assert b"</script>" not in body


async def test_disabled_it_says_so(world: World) -> None:
    for enabled in (False, True, False):
        await enable(world, enabled=enabled)
        answer = await world.get("defect", jsonp="f")
        if enabled:
            assert unwrapped(answer, "f")["Errors"] == []
        else:
            assert answer.headers["content-type"].startswith("application/json")
            assert (answer.root, answer.errors) == ("QueryResult", [DISABLED])


VALID = ["f", "_", "$", "jQuery123_4", "Ext.data.JsonP.callback12", "stk[3]", "a.b[0].c", "a" * 128]
INVALID_NAMES = [
    "alert(1)//",
    "a b",
    "1a",
    "a.",
    ".a",
    "a..b",
    "a[b]",
    "a['b']",
    "a;b",
    "a%0ab",
    "é",
    "a\u2028",
    "a" * 129,
    "a-b",
    "<x>",
]


async def test_only_names_of_functions(world: World) -> None:
    await enable(world)
    for name in VALID:
        unwrapped(await world.get("user", jsonp=name), name)
    for name in INVALID_NAMES:
        answer = await world.get("user", jsonp=name)
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.errors == [INVALID], name
    assert (await world.get("user", jsonp="")).root == "User"


async def test_only_reads(world: World) -> None:
    await enable(world)
    made = await world.post("tag/create", {"x": {"Name": "n"}}, jsonp="f")
    assert made.headers["content-type"].startswith("application/json")
    assert (made.root, made.errors) == ("CreateResult", [])


@pytest.mark.parametrize("carrier", ["session", "basic", "key cookie"])
async def test_a_cookie_or_a_remembered_password_alone_reads_nothing(world: World, carrier: str) -> None:
    """A `<script>` of any page sends these by itself; the security token is what only our own session's page knows."""
    await enable(world)
    begun = await world.call("GET", "security/authorize", headers=world.basic("editor"))
    token, cookies = begun.inner["SecurityToken"], "; ".join(text.partition(";")[0] for text in begun.cookies)
    sent = {
        "session": {"cookie": cookies},
        "basic": {"cookie": cookies, **world.basic("editor")},
        "key cookie": {"cookie": f"ZSESSIONID={world.keys['editor']}"},
    }[carrier]
    assert (await world.call("GET", "user", headers=sent)).root == "User"
    for key in (None, "x", "None"):
        answer = await world.call("GET", "user?jsonp=f" + (f"&key={key}" if key else ""), headers=sent)
        assert (answer.headers["content-type"][:16], answer.errors) == ("application/json", [NO_KEY])
    answer = await world.call("GET", f"user?jsonp=f&key={token}", headers=sent)
    if carrier == "key cookie":
        assert answer.errors == [NO_KEY]
    else:
        assert unwrapped(answer, "f")["UserName"] == "editor@acme.test"
    unwrapped(await world.get("user", "editor", jsonp="f"), "f")
    bearer = {"authorization": f"Bearer {world.keys['editor']}"}
    unwrapped(await world.call("GET", "user?jsonp=f", headers=bearer), "f")


async def test_no_credential_is_still_a_401(world: World) -> None:
    await enable(world)
    assert (await world.call("GET", "user?jsonp=f")).status == 401
