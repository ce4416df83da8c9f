"""A server that is killed while files come in: those that it answered for are whole, and of the others there is nothing to see."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import random
import signal
import threading
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from banneret.kernel.clock import SystemClock
from banneret.kernel.ids import Identifiers
from banneret.operations import contents
from banneret.operations.sweep import sweep
from tests import databases, harness, stored
from tests.harness import BASE
from tests.storage.test_crash import _reopened, start

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 6 * 1024 * 1024
ROUNDS = 3
CLIENTS = 3


def content(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest() * (SIZE // 32)


@dataclass
class Uploader:
    """One connection that uploads files as fast as it is answered, and remembers what was answered."""

    port: int
    name: str
    done: dict[int, bytes] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    sent: int = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            for turn in range(1000):
                self._upload(connection, content(f"{self.name} {turn}"))
        except (OSError, http.client.HTTPException):
            connection.close()

    def _upload(self, connection: http.client.HTTPConnection, raw: bytes) -> None:
        def body() -> Iterator[bytes]:
            yield b'{"AttachmentContent":{"Content":"'
            for place in range(0, len(raw), 96 * 1024):
                self.sent += 1
                yield b64encode(raw[place : place + 96 * 1024])
            yield b'"}}'

        headers = {"ZSESSIONID": harness.KEYS["admin"]}
        connection.request(
            "POST", f"{BASE}/attachmentcontent/create?fetch=ObjectID", body(), headers, encode_chunked=True
        )
        (inner,) = json.loads(connection.getresponse().read()).values()
        self.failures += inner["Errors"]
        self.done[inner["Object"]["ObjectID"]] = raw


def hammer(where: str, ids: dict[str, int], script: Path, seed: int) -> list[Uploader]:
    """Start a server, upload to it from several sides, and kill it while some uploads are under way."""
    dice = random.Random(seed)
    process, port = start(where, ids, script)
    clients = [Uploader(port, f"{seed} {n}") for n in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    enough = dice.randrange(80, 400)
    deadline = time.monotonic() + 120
    while sum(client.sent for client in clients) < enough and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for thread in threads:
        thread.join()
    assert sum(client.sent for client in clients) >= enough
    return clients


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_an_upload_is_there_whole_or_not_at_all(kind: str, tmp_path: Path) -> None:
    where = str(tmp_path) if kind == "sqlite" else databases.make_postgres_url()
    first = await harness.open_sqlite(tmp_path) if kind == "sqlite" else await harness.open_postgresql(where)
    ids = (await harness.build_world(first)).ids
    await first.close()
    clients: list[Uploader] = []
    for seed in range(ROUNDS):
        clients += await asyncio.to_thread(hammer, where, ids, tmp_path / "server.py", seed)
        store = await _reopened(where)
        world = harness.enter_world(store, ids)
        assert await stored.faults(store) == []
        assert [failure for client in clients for failure in client.failures] == []
        answered = {oid: raw for client in clients for oid, raw in client.done.items()}
        for oid, raw in answered.items():
            assert await store.read(lambda unit, oid=oid: contents.whole(unit, oid)) == raw
        visible = {row[0] for row in await world.rows("attachmentcontent", "oid")}
        owned = {row[0] for row in await world.rows("content", "owner_oid")} - {None}
        # One a client may have been made without its answer having arrived.
        assert answered.keys() <= visible == owned
        assert len(visible) <= len(answered) + len(clients)
        await store.close()
    store = await _reopened(where)
    world = harness.enter_world(store, ids)
    abandoned = await store.read(lambda unit: unit.abandoned("9999", 1000))
    assert abandoned
    world.clock.set(SystemClock().now() + timedelta(days=2))
    await sweep(store, world.clock, Identifiers(world.clock))
    assert not {"content", "content_piece", "attachmentcontent"} & (await stored.dump(store)).keys()
    await store.close()
    if kind == "postgresql":
        databases.drop_database(where)
