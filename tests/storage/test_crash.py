"""A server process that is killed without warning: all that it answered is there, and nothing is half written."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from banneret.storage.sqlite import SqliteDriver
from tests import databases, harness, stored
from tests.harness import BASE, World

if TYPE_CHECKING:
    from banneret.storage.unit import Store

ROOT = Path(__file__).parents[2]
ROUNDS = 4
CLIENTS = 4

SERVER = '''
"""Serve the world of tests/harness.py on a database that holds it: as a server process does, on real sockets, with every commit on disk."""
import json, sys
from pathlib import Path
import uvicorn
from banneret.kernel.clock import SystemClock
from banneret.storage.sqlite import SqliteDriver
from tests import harness

where, port, ids = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])

async def app(scope, receive, send):
    if scope["type"] == "http":
        await world.app(scope, receive, send)

if where.startswith("postgresql:"):
    store = harness.reopen_postgresql(where)
else:
    store = harness.reopen_sqlite(Path(where))
    store.driver = SqliteDriver(Path(where) / "banneret.db", synchronous="FULL")
world = harness.enter_world(store, ids)
world.clock.set(SystemClock().now())
uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
'''


@dataclass
class Client:
    """One connection that creates and updates as fast as it is answered, and remembers every answer."""

    port: int
    dice: random.Random
    created: dict[int, str] = field(default_factory=dict)
    names: dict[int, list[str]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    answered: int = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            while True:
                self._act(connection)
        except (OSError, http.client.HTTPException):
            connection.close()

    def _call(self, connection: http.client.HTTPConnection, method: str, path: str, body: Any) -> dict[str, Any]:
        connection.request(method, f"{BASE}/{path}", json.dumps(body), {"ZSESSIONID": harness.KEYS["admin"]})
        response = connection.getresponse()
        raw = response.read()
        if response.status != http.client.OK:
            self.failures.append(f"{response.status} {raw[:200]!r}")
            return {}
        (inner,) = json.loads(raw).values()
        self.failures += inner["Errors"]
        self.answered += 1
        return dict(inner)

    def _act(self, connection: http.client.HTTPConnection) -> None:
        alive = [oid for oid in self.created if oid not in self.gone]
        choice = self.dice.random()
        if not alive or choice < 0.4:
            name = f"n{self.dice.random()}"
            made = self._call(
                connection,
                "POST",
                "defect/create?fetch=FormattedID,ObjectID",
                {"x": {"Name": name, "Tags": [{"Name": "t"}]}},
            )
            if made.get("Object"):
                oid = made["Object"]["ObjectID"]
                self.created[oid], self.names[oid], self.versions[oid] = made["Object"]["FormattedID"], [name], 1
        elif choice < 0.9:
            oid = self.dice.choice(alive)
            name = f"n{self.dice.random()}"
            self.names[oid].append(name)  # the last one may or may not have arrived
            made = self._call(connection, "POST", f"defect/{oid}?fetch=VersionId", {"x": {"Name": name}})
            if made.get("Object"):
                self.names[oid] = [name]
                self.versions[oid] = int(made["Object"]["VersionId"])
        else:
            oid = self.dice.choice(alive)
            self.names[oid].append("")
            if self._call(connection, "DELETE", f"defect/{oid}", {}):
                self.gone.add(oid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(where: str, ids: dict[str, int], script: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    script.write_text(SERVER, encoding="utf-8")
    command = [sys.executable, str(script), where, str(port), json.dumps(ids)]
    process = subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": ""})
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "the server did not start"
            time.sleep(0.05)
        else:
            return process, port
    process.kill()
    raise AssertionError("the server does not listen")


def hammer(where: str, ids: dict[str, int], script: Path, seed: int) -> list[Client]:
    """Start a server, write to it, and kill it after some answers: in the middle of whatever it does then."""
    dice = random.Random(seed)
    process, port = start(where, ids, script)
    clients = [Client(port, random.Random(dice.random())) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    enough = dice.randrange(30, 200)
    deadline = time.monotonic() + 60
    while sum(client.answered for client in clients) < enough and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(dice.random() * 0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for thread in threads:
        thread.join()
    assert sum(client.answered for client in clients) >= enough
    return clients


async def check(world: World, clients: list[Client]) -> None:
    assert await stored.faults(world.store) == []
    rows = {row[0]: row[1:] for row in await world.rows("artifact", "oid", "formattedid", "name", "versionid")}
    deleted = {row[0] for row in await world.rows("event", "oid", kind="deleted")}
    recycled = {row[0] for row in await world.rows("recycled", "item_oid")}
    assert deleted == recycled
    links = {row[0] for row in await world.rows("link", "left_oid", relation="artifact_tags")}
    for client in clients:
        assert client.failures == []
        for oid, formatted in client.created.items():
            if oid in client.gone or (oid in deleted and "" in client.names[oid]):
                assert oid in deleted
                assert oid not in rows
                continue
            assert rows[oid][0] == formatted
            assert rows[oid][1] in client.names[oid]
            assert rows[oid][2] >= client.versions[oid]
            assert oid in links
    formatted = [row[0] for row in rows.values()]
    assert len(set(formatted)) == len(formatted)


async def _reopened(where: str) -> Store:
    if not where.startswith("postgresql:"):
        store = harness.reopen_sqlite(Path(where))
        store.driver = SqliteDriver(Path(where) / "banneret.db", synchronous="FULL")
        return store
    # What the dead process had sent is finished or rolled back when its connections are gone.
    watch = await asyncpg.connect(where)
    while await watch.fetchval(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    ):
        await asyncio.sleep(0.05)
    await watch.close()
    return harness.reopen_postgresql(where)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_all_that_was_answered_survives(kind: str, tmp_path: Path) -> None:
    where = str(tmp_path) if kind == "sqlite" else databases.make_postgres_url()
    first = await harness.open_sqlite(tmp_path) if kind == "sqlite" else await harness.open_postgresql(where)
    ids = (await harness.build_world(first)).ids
    await first.close()
    clients: list[Client] = []
    for seed in range(ROUNDS):
        clients += await asyncio.to_thread(hammer, where, ids, tmp_path / "server.py", seed)
        store = await _reopened(where)
        world = harness.enter_world(store, ids)
        await check(world, clients)
        # And it can be worked with as if nothing had been.
        made = await world.make("Defect", Name="after")
        assert (await world.get(f"defect/{made['ObjectID']}")).inner["Name"] == "after"
        await store.close()
    if kind == "postgresql":
        databases.drop_database(where)
