"""Twelve at once a user, the others in their turn; what runs too long is interrupted (wsapi.md 10, design 5.9)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from banneret.wsapi import limits
from banneret.wsapi.app import WsapiApp
from banneret.wsapi.files import Files
from banneret.wsapi.limits import Limits
from banneret.wsapi.service import Service
from banneret.wsapi.uploads import Uploads
from tests import harness, stored
from tests.harness import Answer, World


class Held:
    """A store whose units of work begin when `go` is set; `waiting` counts those that have not."""

    def __init__(self, world: World) -> None:
        self.store = world.store
        self.go = asyncio.Event()
        self.waiting = 0

    async def read(self, work: Any) -> Any:
        await self._hold()
        return await self.store.read(work)

    async def write(self, work: Any) -> Any:
        await self._hold()
        return await self.store.write(work)

    async def _hold(self) -> None:
        self.waiting += 1
        await self.go.wait()
        self.waiting -= 1


async def held(world: World, requests: int = 2, writes: int = 24) -> Held:
    """Give a server that has seen everybody once, and then holds whatever begins."""
    store = Held(world)
    service = Service(store, world.gate, world.clock, world.usage, Limits(requests, writes))
    files = Files(store, world.gate, world.usage)
    world.app = WsapiApp(service, Uploads(store, world.gate), files)
    store.go.set()
    for user in world.keys:
        await world.get("user", user)
    store.go.clear()
    return store


async def begin(*calls: Any) -> list[asyncio.Task[Answer]]:
    tasks = [asyncio.create_task(call) for call in calls]
    for _ in range(20):
        await asyncio.sleep(0)
    return tasks


async def test_more_than_so_many_wait_and_all_are_answered(world: World) -> None:
    store = await held(world)
    editor = await begin(*(world.post("tag/create", {"x": {"Name": f"t{n}"}}, "editor") for n in range(5)))
    assert store.waiting == 2
    admin = await begin(world.get("user"), world.get("defect"))
    assert store.waiting == 4
    store.go.set()
    for answer in await asyncio.gather(*editor, *admin):
        assert (answer.status, answer.errors) == (200, [])
    assert (await world.get("tag")).inner["TotalResultCount"] == 5


async def test_writes_of_all_are_counted_together(world: World) -> None:
    store = await held(world, requests=3, writes=4)
    writes = [
        world.post("tag/create", {"x": {"Name": f"{user}{n}"}}, user) for user in ("editor", "admin") for n in range(3)
    ]
    tasks = await begin(*writes, world.get("user", "viewer"))
    assert store.waiting == 5
    store.go.set()
    assert [answer.errors for answer in await asyncio.gather(*tasks)] == [[]] * 7


async def test_who_cannot_say_who_he_is_neither_waits_nor_keeps_others_waiting(world: World) -> None:
    store = await held(world)
    editor = await begin(*(world.get("user", "editor") for _ in range(4)))
    assert store.waiting == 2
    strangers = await begin(
        *(world.call("GET", "user", key="_WRONG".ljust(44, "0")) for _ in range(20)),
        *(world.call("POST", "tag/create", {}) for _ in range(20)),
        *(world.call("GET", "user", headers={"zsessionid": "nonsense"}) for _ in range(20)),
    )
    assert store.waiting == 2 + 60
    store.go.set()
    assert {answer.status for answer in await asyncio.gather(*strangers)} == {401}
    assert {answer.status for answer in await asyncio.gather(*editor)} == {200}


async def test_a_key_that_ends_while_its_request_waits_is_refused(world: World) -> None:
    store = await held(world, requests=1)
    first, second = await begin(world.get("user", "editor"), world.post("tag/create", {"x": {"Name": "t"}}, "editor"))
    path = f"user/{world.ids['editor']}"
    world.app, app = harness.enter_world(world.store, world.ids).app, world.app
    assert (await world.post(path, {"x": {"Disabled": True}})).errors == []
    world.app = app
    store.go.set()
    assert {answer.status for answer in await asyncio.gather(first, second)} == {401}
    assert await world.rows("tag", "oid") == []


async def test_a_client_that_leaves_while_it_waits_has_asked_for_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WATCHED_AFTER", 0)
    store = await held(world, requests=1)
    (first,) = await begin(world.get("user", "editor"))
    gone = asyncio.Event()
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": json.dumps({"x": {"Name": "left"}}).encode(), "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"{harness.BASE}/tag/create", "query_string": b"", "client": None,
        "scheme": "http", "headers": [(b"host", b"rally.test"), (b"zsessionid", world.keys["editor"].encode())],
    }  # fmt: skip
    leaver = asyncio.create_task(world.app(scope, receive, send))
    (last,) = await begin(world.post("tag/create", {"x": {"Name": "stayed"}}, "editor"))
    gone.set()
    await begin()
    assert leaver.done()
    store.go.set()
    assert {answer.status for answer in await asyncio.gather(first, last)} == {200}
    assert sent == []
    assert await world.rows("tag", "name") == [("stayed",)]


async def test_past_the_bound_comes_a_clear_refusal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WAITING", 3)
    store = await held(world, requests=1)
    tasks = await begin(*(world.post("tag/create", {"x": {"Name": f"t{n}"}}, "editor") for n in range(6)))
    refused = [task.result() for task in tasks if task.done()]
    assert len(refused) == 2
    for answer in refused:
        assert (answer.status, answer.headers["retry-after"], answer.root) == (429, "1", "CreateResult")
        assert answer.errors == ["3 requests wait for their turn already; wait for their answers before sending more."]
    store.go.set()
    answers = await asyncio.gather(*tasks)
    assert [answer.status for answer in answers].count(200) == 4
    assert (await world.get("tag")).inner["TotalResultCount"] == 4


async def test_a_burst_of_a_user_never_seen_before(world: World) -> None:
    """Nothing hints at who they are; each finds out in its own unit of work, and those too many begin anew."""
    answers = await asyncio.gather(*(world.post("tag/create", {"x": {"Name": f"t{n}"}}, "editor") for n in range(40)))
    assert [answer.errors for answer in answers] == [[]] * 40
    assert (await world.get("tag")).inner["TotalResultCount"] == 40
    assert await stored.faults(world.store) == []


async def test_past_its_run_time_a_request_is_answered_502_and_stores_nothing(world: World) -> None:
    """As the gateway before Rally answers (wsapi.md 7.1); .NET takes the beginning of the page for an unavailable server."""
    made = await world.make("Tag", Name="t")
    before = await stored.dump(world.store)
    driver: Any = world.store.driver
    allowed, driver.run_time = driver.run_time, 1e-9
    entries = [{"Entry": {"Path": "/tag/create", "Method": "POST", "Body": {"x": {"Name": "b"}}}}] * 2
    for path, body in (
        ("tag/create", {"x": {"Name": "n"}}),
        (f"tag/{made['ObjectID']}", {"x": {"Name": "n"}}),
        ("batch", {"Batch": entries}),
    ):
        answer = await world.post(path, body)
        assert (answer.status, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
        assert answer.body.startswith(b"<!DOCTYPE HTML")
        assert b"Nothing of it was stored." in answer.body
    driver.run_time = allowed
    assert await stored.dump(world.store) == before
    assert (await world.post("tag/create", {"x": {"Name": "n"}})).errors == []
