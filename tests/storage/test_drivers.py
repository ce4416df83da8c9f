"""The promises of the two drivers: shared commits, waiting for locks, slow reads elsewhere, connections that are lost, several processes."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import apsw
import asyncpg
import pytest

from banneret.catalogue.loader import stock_schema
from banneret.kernel.errors import BanneretError, Conflict, RunTimeExceeded, ValueNotAllowed
from banneret.storage import sqlite
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.sqlite import SqliteDriver
from banneret.storage.statements import Statement
from banneret.storage.unit import Store
from tests import databases, harness, stored
from tests.harness import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from banneret.storage.unit import Transaction


@pytest.fixture
async def sqlite_world(tmp_path: Path) -> AsyncIterator[World]:
    store = await harness.open_sqlite(tmp_path)
    yield await harness.build_world(store)
    await store.close()


@pytest.fixture
async def postgresql_world() -> AsyncIterator[World]:
    url = databases.make_postgres_url()
    store = await harness.open_postgresql(url)
    yield await harness.build_world(store)
    await store.close()
    databases.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[World, World]]:
    """The same world as two processes see it: two stores on one database."""
    opener: Callable[[], Store]
    if request.param == "sqlite":
        first, url = await harness.open_sqlite(tmp_path), ""
        opener = lambda: harness.reopen_sqlite(tmp_path)  # noqa: E731
    else:
        url = databases.make_postgres_url()
        first = await harness.open_postgresql(url)
        opener = lambda: harness.reopen_postgresql(url)  # noqa: E731
    one = await harness.build_world(first)
    second = opener()
    yield one, harness.enter_world(second, one.ids)
    await first.close()
    await second.close()
    if url:
        databases.drop_database(url)


def count_commits(store: Store) -> list[None]:
    commits: list[None] = []

    def hook() -> bool:
        commits.append(None)
        return False

    store.driver._writer.set_commit_hook(hook)  # type: ignore[attr-defined]
    return commits


# ---------------------------------------------------------------------- SQLite


async def test_writers_that_arrive_together_share_a_commit(sqlite_world: World) -> None:
    commits = count_commits(sqlite_world.store)
    answers = await asyncio.gather(*(sqlite_world.post("defect/create", {"x": {"Name": f"n{n}"}}) for n in range(12)))
    assert [answer.errors for answer in answers] == [[]] * 12
    assert len(commits) == 1
    await sqlite_world.make("Defect", Name="alone")
    assert len(commits) == 2


async def test_a_failing_write_does_not_hurt_its_group(sqlite_world: World) -> None:
    commits = count_commits(sqlite_world.store)
    bodies: list[dict[str, Any]] = [
        {"Name": f"n{n}"} if n % 3 else {"Name": f"bad{n}", "State": "Nonsense"} for n in range(12)
    ]
    answers = await asyncio.gather(*(sqlite_world.post("defect/create", {"x": body}) for body in bodies))
    assert [bool(answer.errors) for answer in answers] == [n % 3 == 0 for n in range(12)]
    assert len(commits) == 1
    names = {row[0] for row in await sqlite_world.rows("artifact", "name")}
    assert names == {body["Name"] for body in bodies if "State" not in body}
    assert await stored.faults(sqlite_world.store) == []


async def test_a_full_disk_loses_no_answered_write(sqlite_world: World) -> None:
    """SQLite undoes the whole transaction then, and with it what others of the group had written: none may be answered."""
    store = sqlite_world.store
    raw: apsw.Connection = store.driver._writer  # type: ignore[attr-defined]
    pages: Any
    ((pages,),) = raw.execute("pragma page_count").fetchall()

    def writes(name: str, size: int) -> Any:
        async def work(unit: Transaction) -> None:
            unit.writer.insert("epoch", {"name": name + "x" * size, "value": 1})

        return store.write(work)

    raw.execute("pragma cache_size = 5")  # so that pages must be found a place before the commit
    raw.execute(f"pragma max_page_count = {pages + 20}").fetchall()
    names = ["one", "two", "big", "three"]
    done = await asyncio.gather(
        *(writes(name, 2_000_000 if name == "big" else 1) for name in names), return_exceptions=True
    )
    raw.execute("pragma max_page_count = 1073741823").fetchall()
    answered = {name for name, result in zip(names, done, strict=True) if result is None}
    kept = {row[0].rstrip("x") for row in await sqlite_world.rows("epoch", "name") if row[0].rstrip("x") in names}
    assert "big" not in answered
    assert kept == answered
    await writes("after", 1)
    assert ("afterx",) in {tuple(row) for row in await sqlite_world.rows("epoch", "name")}


async def test_a_write_that_fails_late_leaves_nothing(sqlite_world: World) -> None:
    """The second of two creates in one unit fails: neither is there, nor is anything that belongs to the first."""
    before = await stored.dump(sqlite_world.store)

    async def work(unit: Transaction) -> None:
        unit.writer.insert("link", {"relation": "r", "left_oid": 1, "right_oid": 2})
        await unit.writer.flush()
        raise ValueNotAllowed("Defect", "State", "State", "x", ())

    with pytest.raises(ValueNotAllowed):
        await sqlite_world.store.write(work)
    assert await stored.dump(sqlite_world.store) == before


async def test_a_lock_of_another_process_is_waited_for(sqlite_world: World, tmp_path: Path) -> None:
    other = apsw.Connection(str(tmp_path / "banneret.db"))
    other.execute("begin immediate")
    other.execute("insert into link values ('x', 1, 2)")
    threading.Timer(0.5, other.execute, ["commit"]).start()
    ticks = 0
    waiting = asyncio.create_task(sqlite_world.post("defect/create", {"x": {"Name": "x"}}))
    reading = await sqlite_world.get("defect")
    assert reading.errors == []
    while not waiting.done():
        ticks += 1
        await asyncio.sleep(0.01)
    assert (await waiting).errors == []
    assert ticks > 10
    other.close()


async def test_a_lock_that_is_never_given_back_is_told(
    sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_LOCK_WAIT", 0.2)
    other = apsw.Connection(str(tmp_path / "banneret.db"))
    other.execute("begin immediate")
    answers = await asyncio.gather(*(sqlite_world.post("defect/create", {"x": {"Name": "x"}}) for _ in range(3)))
    assert all(answer.errors[0].startswith("The database is busy") for answer in answers)
    with pytest.raises(Conflict):
        await sqlite_world.store.write(lambda unit: unit.landscape())
    other.execute("rollback")
    assert (await sqlite_world.post("defect/create", {"x": {"Name": "x"}})).errors == []
    other.close()


SLOW = Statement(
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT count(*), sum(x) FROM c",
    (),
    {},
)


async def test_a_slow_read_leaves_the_event_loop_and_gives_the_same_answer(sqlite_world: World) -> None:
    threads = set()
    runs = 0

    async def work(connection: Any) -> Any:
        nonlocal runs
        runs += 1
        threads.add(threading.current_thread())
        return await connection.fetch(SLOW, {})

    ticks = 0
    reading = asyncio.create_task(sqlite_world.store.driver.read(work))
    longest, last = 0.0, time.perf_counter()
    while not reading.done():
        await asyncio.sleep(0.001)
        ticks += 1
        longest = max(longest, time.perf_counter() - last)
        last = time.perf_counter()
        if ticks == 5:
            await sqlite_world.make("Defect", Name="meanwhile")
    assert [tuple(row) for row in await reading] == [(3_000_000, 4_500_001_500_000)]
    assert (runs, len(threads)) == (2, 2)
    assert ticks > 5


async def test_an_interrupted_read_does_not_spoil_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever statement is the one that is interrupted, the end of the transaction among them."""
    monkeypatch.setattr(sqlite, "_READ_BUDGET", -1.0)
    for steps in range(1, 40):
        monkeypatch.setattr(sqlite, "_STEPS", steps)
        path = tmp_path / str(steps)
        path.mkdir()
        store = await harness.open_sqlite(path)
        for _ in range(20):
            assert await store.read(lambda unit: unit.writer.fetch("counter", {}, ["name"])) == []
        await store.close()


ENDLESS = Statement(
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    (),
    {},
)
ENDLESS_CHANGE = Statement(
    "INSERT INTO link (relation, left_oid, right_oid) "
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT 'r', x, x FROM c",
    (),
    {},
)


@pytest.fixture(params=["sqlite", "postgresql"])
async def impatient(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose requests may run for a quarter of a second."""
    url = ""
    if request.param == "sqlite":
        first = await harness.open_sqlite(tmp_path)
        ids = (await harness.build_world(first)).ids
        await first.close()
        driver: Any = SqliteDriver(tmp_path / "banneret.db", synchronous="OFF", run_time=0.25)
    else:
        url = databases.make_postgres_url()
        first = await harness.open_postgresql(url)
        ids = (await harness.build_world(first)).ids
        await first.close()
        driver = PostgresDriver(url, 2, run_time=0.25)
    store = Store(driver, stock_schema(), postgresql=bool(url), layout=harness.LAYOUT)
    yield harness.enter_world(store, ids)
    await store.close()
    if url:
        databases.drop_database(url)


@pytest.mark.parametrize("statement", [ENDLESS, ENDLESS_CHANGE], ids=["select", "insert"])
async def test_what_runs_too_long_is_really_interrupted(impatient: World, statement: Statement) -> None:
    """The statement ends in the database; a write of the same unit is undone, and what others wrote meanwhile stands."""
    driver = impatient.store.driver

    async def writing(unit: Transaction) -> None:
        unit.writer.insert("link", {"relation": "before", "left_oid": 1, "right_oid": 2})
        await unit.writer.flush()
        await unit._connection.fetch(statement, {})

    others = [asyncio.create_task(impatient.post("tag/create", {"x": {"Name": f"t{n}"}})) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(RunTimeExceeded):
        await impatient.store.write(writing)
    answers = await asyncio.gather(*others)
    assert [answer.errors for answer in answers] == [[]] * 3
    if statement is ENDLESS:
        with pytest.raises(RunTimeExceeded):
            await driver.read(lambda connection: connection.fetch(statement, {}))
    assert await impatient.rows("link", "relation") == []
    assert {row[0] for row in await impatient.rows("tag", "name")} == {"t0", "t1", "t2"}
    assert (await impatient.post("tag/create", {"x": {"Name": "after"}})).errors == []
    if isinstance(driver, PostgresDriver):
        busy = Statement(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%RECURSIVE c%'",
            (),
            {},
        )
        assert [tuple(row) for row in await driver.read(lambda connection: connection.fetch(busy, {}))] == [(0,)]


async def test_many_short_statements_together_are_too_long_as_well(impatient: World) -> None:
    async def endless(unit: Transaction) -> None:
        while True:
            await unit.writer.fetch("counter", {}, ["name"])

    with pytest.raises(RunTimeExceeded):
        await impatient.store.write(endless)
    assert (await impatient.get("user")).errors == []


async def test_an_error_of_a_slow_read_comes_through(sqlite_world: World) -> None:
    async def work(connection: Any) -> None:
        await connection.fetch(SLOW, {})
        raise ValueNotAllowed("Defect", "State", "State", "x", ())

    with pytest.raises(ValueNotAllowed):
        await sqlite_world.store.driver.read(work)
    assert (await sqlite_world.get("defect")).errors == []


async def test_many_slow_reads_at_once(sqlite_world: World) -> None:
    reads = [sqlite_world.store.driver.read(lambda connection: connection.fetch(SLOW, {})) for _ in range(5)]
    found = await asyncio.gather(*reads)
    assert {tuple(rows[0]) for rows in found} == {(3_000_000, 4_500_001_500_000)}


async def test_a_unit_of_work_that_waits_for_something_else_is_refused(sqlite_world: World) -> None:
    async def work(_unit: Transaction) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError):
        await sqlite_world.store.write(work)
    with pytest.raises(RuntimeError):
        await sqlite_world.store.read(work)
    assert (await sqlite_world.post("defect/create", {"x": {"Name": "x"}})).errors == []


async def test_what_was_answered_is_in_the_file(sqlite_world: World, tmp_path: Path) -> None:
    made = await sqlite_world.make("Defect", Name="x")
    other = apsw.Connection(str(tmp_path / "banneret.db"))
    assert other.execute("select name from artifact where oid = ?", [made["ObjectID"]]).fetchall() == [("x",)]
    other.close()


# ---------------------------------------------------------------------- PostgreSQL


async def _terminate(world: World) -> None:
    """End every connection of the world's store, as a restart of the server does."""
    url = world.store.driver.url  # type: ignore[attr-defined]
    admin = await asyncpg.connect(url)
    await admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    await admin.close()


async def test_lost_connections_are_made_anew(postgresql_world: World) -> None:
    world = postgresql_world
    for _ in range(3):
        await asyncio.gather(*(world.get("defect") for _ in range(8)))
        await _terminate(world)
        answers = await asyncio.gather(*(world.get("defect") for _ in range(16)))
        assert [answer.errors for answer in answers] == [[]] * 16
        await _terminate(world)
        answers = await asyncio.gather(*(world.post("defect/create", {"x": {"Name": "x"}}) for _ in range(16)))
        assert [answer.errors for answer in answers] == [[]] * 16
    assert (await world.get("defect")).inner["TotalResultCount"] == 48
    assert await stored.faults(world.store) == []


async def test_connections_lost_in_the_middle(postgresql_world: World) -> None:
    """Each write is either done once or told as failed; no request hangs, none gets an exception."""
    world = postgresql_world
    stop = False

    async def disturb() -> None:
        while not stop:
            await asyncio.sleep(0.3)
            await _terminate(world)

    disturbing = asyncio.create_task(disturb())
    done = 0
    for n in range(10):
        answers = await asyncio.gather(*(world.post("defect/create", {"x": {"Name": f"n{n}"}}) for _ in range(8)))
        assert {answer.status for answer in answers} == {200}
        done += sum(not answer.errors for answer in answers)
    stop = True
    await disturbing
    there = (await world.get("defect")).inner["TotalResultCount"]
    assert done > 0
    assert there >= done
    assert await stored.faults(world.store) == []


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    store = harness.reopen_postgresql(f"postgresql://nobody@127.0.0.1:1/nothing?host={tmp_path}")
    with pytest.raises(BanneretError):
        await store.read(lambda unit: unit.landscape())
    assert await store.alive() is False
    await store.close()


async def test_transactions_that_lock_each_other_out_are_run_again(postgresql_world: World) -> None:
    world = postgresql_world
    one, two = [await world.make("Defect", Name=name) for name in "ab"]
    runs = 0

    async def both(first: int, second: int) -> None:
        met = asyncio.Event()

        async def work(unit: Transaction) -> None:
            nonlocal runs
            runs += 1
            await unit.writer.lock("artifact", first)
            met.set()
            await asyncio.sleep(0.2)
            await unit.writer.lock("artifact", second)

        await world.store.write(work)

    await asyncio.gather(both(one["ObjectID"], two["ObjectID"]), both(two["ObjectID"], one["ObjectID"]))
    assert runs >= 3


async def test_many_writes_of_one_unit(postgresql_world: World) -> None:
    """Rows that are inserted, then changed, then changed again in one unit end up as said last, whatever was joined."""

    async def work(unit: Transaction) -> None:
        for n in range(500):
            unit.writer.insert("counter", {"scope": n, "name": "n", "value": 0})
            unit.writer.update("counter", {"scope": n, "name": "n"}, {"value": 1})
            unit.writer.insert("object_id_block", {"block": n, "workspace_oid": 0})
        for n in range(500):
            unit.writer.update("counter", {"scope": n}, {"value": n})
            unit.writer.insert("link", {"relation": "r", "left_oid": n, "right_oid": 1})
            if n % 2:
                unit.writer.delete("link", {"left_oid": n})

    await postgresql_world.store.write(work)
    rows = await postgresql_world.rows("counter", "scope", "value", name="n")
    assert sorted(rows) == [(n, n) for n in range(500)]
    assert len(await postgresql_world.rows("link", "left_oid", relation="r")) == 250


# ---------------------------------------------------------------------- two processes


async def test_two_processes_give_numbers_of_their_own(two: tuple[World, World]) -> None:
    calls = [world.post("defect/create", {"x": {"Name": "x"}}) for _ in range(30) for world in two]
    answers = await asyncio.gather(*calls)
    assert [answer.errors for answer in answers] == [[]] * 60
    assert sorted(int(answer.object["FormattedID"][2:]) for answer in answers) == list(range(1, 61))
    assert len({answer.object["ObjectID"] for answer in answers}) == 60
    assert len({answer.object["ObjectUUID"] for answer in answers}) == 60
    for world in two:
        assert (await world.get("defect")).inner["TotalResultCount"] == 60
    assert await stored.faults(two[1].store) == []


async def test_a_block_of_a_rolled_back_unit_is_not_given_twice(two: tuple[World, World]) -> None:
    for n in range(5):
        for world in two:
            world.store.object_ids._shared.clear()
            bad = {"Name": "x", "Tags": [{"Name": f"t{n}"}, {"Name": "n" * 33}]}
            assert (await world.post("defect/create", {"x": bad})).errors
        calls = [
            world.post("defect/create", {"x": {"Name": "x", "Tags": [{"Name": f"t{n}"}]}}) for world in (*two, *two)
        ]
        for answer in await asyncio.gather(*calls):
            assert answer.errors == []
    oids = [row[0] for row in await two[0].rows("directory", "oid")]
    assert len(oids) == len(set(oids))
    assert await stored.faults(two[0].store) == []


async def test_each_process_sees_the_other_s_writes_at_once(two: tuple[World, World]) -> None:
    one, other = two
    made = await one.make("Defect", Name="x")
    path = f"defect/{made['ObjectID']}"
    assert (await other.get(path)).inner["Name"] == "x"
    for n in range(10):
        assert (await two[n % 2].post(path, {"x": {"Name": f"n{n}"}})).object["VersionId"] == str(n + 2)
        assert (await two[(n + 1) % 2].get(path)).inner["Name"] == f"n{n}"


async def test_a_permission_that_changes_in_one_process_counts_in_the_other(two: tuple[World, World]) -> None:
    one, other = two
    made = await one.make("Defect", Name="x", Project=f"/project/{one.ids['pistons']}")
    path = f"defect/{made['ObjectID']}"
    permission = f"projectpermission/{one.ids['editor']}u{one.ids['pistons']}p1"
    for _ in range(3):
        assert (await other.post(path, {"x": {"Name": "y"}}, "editor")).errors == []
        assert (await one.delete(permission)).errors == []
        assert (await other.get(path, "editor")).errors == ["Cannot find object to read"]
        assert (await other.post(path, {"x": {"Name": "z"}}, "editor")).errors
        body = {"User": f"/user/{one.ids['editor']}", "Project": f"/project/{one.ids['pistons']}", "Role": "Viewer"}
        await one.make("ProjectPermission", **body)
        assert (await other.get(path, "editor")).errors == []
        assert (await other.post(path, {"x": {"Name": "z"}}, "editor")).errors == [
            f"Not authorized to update: Defect {made['ObjectID']}"
        ]
        assert (await one.delete(permission)).errors == []
        await one.make("ProjectPermission", **{**body, "Role": "Editor"})


async def test_a_key_that_is_reset_in_one_process_is_dead_in_the_other(two: tuple[World, World]) -> None:
    one, other = two
    assert (await other.get("defect", "editor")).status == 200

    async def reset(unit: Transaction) -> None:
        unit.writer.update("api_key", {"user_oid": one.ids["editor"]}, {"suspended_at": "2026-01-01T00:00:00.000Z"})

    await one.store.write(reset)
    assert (await other.get("defect", "editor")).status == 401
    assert (await one.get("defect", "editor")).status == 401


async def test_a_user_who_is_disabled_in_one_process_is_out_of_the_other(two: tuple[World, World]) -> None:
    one, other = two
    for disabled in (True, False, True):
        assert (await one.post(f"user/{one.ids['viewer']}", {"x": {"Disabled": disabled}})).errors == []
        assert (await other.get("defect", "viewer")).status == (401 if disabled else 200)


async def test_a_project_that_is_closed_in_one_process_is_hidden_in_the_other(two: tuple[World, World]) -> None:
    one, other = two
    made = await one.make("Defect", Name="x", Project=f"/project/{one.ids['wheels']}")
    path = f"defect/{made['ObjectID']}"
    assert (await other.get(path)).errors == []
    await one.post(f"project/{one.ids['wheels']}", {"x": {"State": "Closed"}})
    assert (await other.get(path)).errors == ["Cannot find object to read"]
    await other.post(f"project/{one.ids['wheels']}", {"x": {"State": "Open"}})
    assert (await one.get(path)).errors == []


async def test_a_field_that_is_defined_in_one_process_is_taken_by_the_other(two: tuple[World, World]) -> None:
    one, other = two
    definition = (await one.get("typedefinition", query='(TypePath = "Defect")')).results[0]["_ref"]
    assert (await other.post("defect/create", {"x": {"Name": "x", "c_New": "v"}})).warnings
    body = {"Name": "New", "RealAttributeType": "STRING", "TypeDefinition": definition}
    assert (await one.post("attributedefinition/create", {"AttributeDefinition": body})).errors == []
    assert (await other.make("Defect", Name="x", c_New="v"))["c_New"] == "v"


async def test_allowed_values_that_are_edited_in_one_process_are_those_of_the_other(two: tuple[World, World]) -> None:
    one, other = two
    priority = "/attributedefinition/-10391"
    for text in ("v1", "v2"):
        version = (await other.get(f"workspace/{one.ids['main']}")).inner["SchemaVersion"]
        made = await one.make("allowedattributevalue", AttributeDefinition=priority, StringValue=text)
        assert (await other.make("Defect", Name="x", Priority=text))["Priority"] == text
        assert (await other.get(f"workspace/{one.ids['main']}")).inner["SchemaVersion"] != version
        await one.delete(f"allowedattributevalue/{made['ObjectID']}")
        assert (await other.post("defect/create", {"x": {"Name": "x", "Priority": text}})).errors != []
