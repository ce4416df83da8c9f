"""Fills a database with believable defects and stories, quickly.

Whatever is small (subscription, projects, users, timeboxes, tags) is created by the product. One defect and one story are
created by it too, and their rows, noted on the way, are the pattern for all the others: so an item here leaves the rows that a
create leaves (artifact, directory, revision history, revision 0, event), and every second one those of one update beside them.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw
import asyncpg
import msgspec

from banneret.access.keys import hint, lookup_hash
from banneret.bootstrap import is_postgresql
from banneret.catalogue.loader import stock_schema
from banneret.kernel.clock import SystemClock
from banneret.kernel.ids import Identifiers, base62
from banneret.kernel.values import to_wire
from banneret.operations.context import server_context
from banneret.operations.create import Given, create
from banneret.operations.install import install
from banneret.storage import schema_version
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.sqlite import SqliteDriver
from banneret.storage.unit import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from banneret.storage.driver import Connection
    from banneret.storage.unit import Transaction

SECRET = "a secret of the benchmark alone"
KEY = "_BENCH".ljust(44, "7")
LAST = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When the last item was touched; all others before it, a minute apart."""

PROJECTS, USERS, ITERATIONS, RELEASES, TAGS = 24, 60, 6, 2, 40
HIDDEN = 2
"""Projects that the user who sends the requests may not see, so that permissions have something to do."""

POLLED = 1000
"""Open or not, the defects that a poll for changes finds in its window."""

_WORDS = (
    "login",
    "page",
    "export",
    "report",
    "filter",
    "burndown",
    "import",
    "sync",
    "webhook",
    "timeout",
    "attachment",
    "calendar",
    "widget",
    "permission",
    "session",
    "upload",
    "archive",
    "comment",
    "search",
    "index",
    "dashboard",
    "backlog",
    "planning",
    "velocity",
    "milestone",
    "release",
    "portfolio",
    "editor",
    "preview",
    "history",
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7")


class Facts(msgspec.Struct):
    """What requests need to know of a filled database."""

    items: int
    workspace: int
    projects: list[int]
    users: list[int]
    defects: list[int]
    stories: list[int]
    since: str
    seconds: float = 0.0


def read_facts(path: str | Path) -> Facts:
    """Read what was noted when a database was filled."""
    return msgspec.json.decode(Path(path).read_bytes(), type=Facts)


@dataclass
class _Small:
    workspace: int
    projects: list[int]
    users: list[int]
    iterations: dict[int, list[int]]
    releases: dict[int, list[int]]
    tags: list[int]


@dataclass
class _Pattern:
    """The rows that one create left, and the values in them that differ from item to item."""

    rows: list[tuple[str, dict[str, Any]]]
    oid: int
    history: int
    revision: int
    uuids: list[str]


def open_store(database: str) -> Store:
    """Give a store on a database that need not reach the disk while it is filled."""
    if is_postgresql(database):
        return Store(PostgresDriver(database, 2), stock_schema(), postgresql=True)
    return Store(SqliteDriver(Path(database), synchronous="OFF"), stock_schema(), postgresql=False)


def fill(database: str, items: int) -> Facts:
    """Fill an empty database (a SQLite path or a PostgreSQL URL) with `items` defects and stories, half and half."""
    started = time.perf_counter()
    facts = asyncio.run(_fill(database, items))
    facts.seconds = time.perf_counter() - started
    return facts


async def _fill(database: str, items: int) -> Facts:
    store = open_store(database)
    try:
        await schema_version.migrate(store.driver, "postgresql" if is_postgresql(database) else "sqlite")
        clock = SystemClock()
        identifiers = Identifiers(clock, seed=7)
        small = await store.write(lambda unit: _furnish(unit, LAST - timedelta(days=400), identifiers))
        patterns = {}
        for name in ("HierarchicalRequirement", "Defect"):
            patterns[name] = await _pattern(store, name, small, identifiers)
        oids = await store.write(lambda unit: _reserve(unit, small.workspace, items))
        tables, facts = _rows(small, patterns, oids, items)
    finally:
        await store.close()
    if is_postgresql(database):
        await _copy(database, tables)
    else:
        _insert(database, tables)
    await _index(database)
    return facts


async def _index(database: str) -> None:
    """Fill the full-text index as a database of an older release gets it."""
    fill = import_module("banneret.storage.migrations.versions.0007_search").fill
    store = open_store(database)

    async def work(connection: Connection) -> None:
        await connection.script("DELETE FROM search")
        await fill(connection, store.statements.dialect)

    try:
        await store.driver.write(work)
    finally:
        await store.close()


async def _furnish(unit: Transaction, now: datetime, identifiers: Identifiers) -> _Small:
    await install(unit, now, identifiers, {"Name": "Bench"})

    async def make(type_name: str, **body: Any) -> int:
        landscape = await unit.landscape()
        assert landscape is not None
        local = server_context(unit, landscape, now, identifiers)
        return await create(local, local.schema.get(type_name), body, type_name, Given(internal=True))

    workspace = await make("Workspace", Name="Bench", Style="HTML", Description="")
    place = {"Workspace": f"/workspace/{workspace}"}
    projects: list[int] = []
    for number in range(PROJECTS):
        above = {"Parent": f"/project/{projects[number % 4]}"} if number >= 4 else {}
        projects.append(await make("Project", Name=f"Team {number}", **place, **above))
    iterations: dict[int, list[int]] = {}
    releases: dict[int, list[int]] = {}
    for project in projects:
        local = {**place, "Project": f"/project/{project}"}
        iterations[project] = [
            await make(
                "Iteration",
                Name=f"Sprint {number}",
                StartDate=to_wire(LAST - timedelta(days=14 * (ITERATIONS - number))),
                EndDate=to_wire(LAST - timedelta(days=14 * (ITERATIONS - number) - 13)),
                State="Committed",
                **local,
            )
            for number in range(ITERATIONS)
        ]
        releases[project] = [
            await make(
                "Release",
                Name=f"2026.{number}",
                ReleaseStartDate=to_wire(LAST - timedelta(days=90 * (RELEASES - number))),
                ReleaseDate=to_wire(LAST - timedelta(days=90 * (RELEASES - number) - 89)),
                State="Active",
                **local,
            )
            for number in range(RELEASES)
        ]
    users = [
        await make("User", UserName=f"user{number}@acme.test", DisplayName=f"User Number {number}")
        for number in range(USERS)
    ]
    for project in projects[:-HIDDEN]:
        await make("ProjectPermission", User=f"/user/{users[0]}", Project=f"/project/{project}", Role="Editor")
    tags = [await make("Tag", Name=f"tag {number}", **place) for number in range(TAGS)]
    unit.writer.insert(
        "api_key",
        {
            "oid": await unit.writer.next_object_id(None),
            "lookup": lookup_hash(SECRET.encode(), KEY),
            "user_oid": users[0],
            "display_name": "bench",
            "grant_name": "full",
            "hint": hint(KEY),
            "created_at": to_wire(now),
        },
    )
    return _Small(workspace, projects, users, iterations, releases, tags)


async def _pattern(store: Store, type_name: str, small: _Small, identifiers: Identifiers) -> _Pattern:
    """Create one item in the ordinary way and note the rows that it leaves."""
    project = small.projects[0]
    body = {
        "Name": "Pattern",
        "Description": "x",
        "Notes": "x",
        "Project": f"/project/{project}",
        "Owner": f"/user/{small.users[1]}",
        "Iteration": f"/iteration/{small.iterations[project][0]}",
        "Release": f"/release/{small.releases[project][0]}",
        "PlanEstimate": 1,
    }
    if type_name == "Defect":
        body |= {"TargetBuild": "1", "State": "Open", "Priority": "Normal", "Severity": "Cosmetic"}
        body |= {"SubmittedBy": f"/user/{small.users[1]}", "FoundInBuild": "1"}

    async def work(unit: Transaction) -> _Pattern:
        rows: list[tuple[str, dict[str, Any]]] = []
        insert = unit.writer.insert

        def noting(table: str, row: dict[str, Any]) -> None:
            rows.append((table, dict(row)))
            insert(table, row)

        unit.writer.insert = noting  # type: ignore[method-assign, assignment]
        landscape = await unit.landscape()
        assert landscape is not None
        context = server_context(unit, landscape, LAST, identifiers)
        oid = await create(context, context.schema.get(type_name), body, type_name)
        held = dict(rows)
        uuids = [row["uuid"] for table, row in rows if table in {"artifact", "revisionhistory", "revision"}]
        assert all(_UUID.match(uuid) for uuid in uuids)
        artifact, revision = held["artifact"], held["revision"]
        uuids = [artifact["uuid"], held["revisionhistory"]["uuid"], revision["uuid"]]
        kept = [(table, row) for table, row in rows if table not in {"object_id_block", "search"}]
        return _Pattern(kept, oid, artifact["revisionhistory_oid"], revision["oid"], uuids)

    return await store.write(work)


async def _reserve(unit: Transaction, workspace: int, items: int) -> list[int]:
    """Take the ObjectIDs of all items out of the workspace's blocks, and move its counters on."""
    oids = [await unit.writer.next_object_id(workspace) for _ in range(4 * items)]
    for prefix in ("DE", "US"):
        await unit.writer.raise_number(workspace, f"id:{prefix}", items // 2 + 1)
    return oids


class _Uuids:
    """UUIDs of version 7, made quickly."""

    def __init__(self) -> None:
        self._random = random.Random(11)

    def at(self, milliseconds: int) -> str:
        bits = self._random.getrandbits(74)
        value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (bits >> 62) << 64
        value |= 0b10 << 62 | (bits & 0x3FFFFFFFFFFFFFFF)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _rows(
    small: _Small, patterns: dict[str, _Pattern], oids: list[int], items: int
) -> tuple[dict[str, list[dict[str, Any]]], Facts]:
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("artifact", "directory", "revisionhistory", "revision", "event", "link")
    }
    chance = random.Random(5)
    uuids = _Uuids()
    fresh = iter(oids)
    defects: list[int] = []
    stories: list[int] = []
    for number in range(items):
        defect = number % 2 == 1
        pattern = patterns["Defect" if defect else "HierarchicalRequirement"]
        moment = LAST - timedelta(minutes=items - number)
        own = _values(small, chance, number, moment, stories, defect=defect)
        oid = _item(tables, pattern, own, fresh, uuids, moment)
        for tag in chance.sample(small.tags, chance.choice((0, 0, 1, 1, 2, 3))):
            tables["link"].append({"relation": _tag_relation(), "left_oid": oid, "right_oid": tag})
        (defects if defect else stories).append(oid)
    since = to_wire(LAST - timedelta(minutes=2 * POLLED))
    hidden = set(small.projects[-HIDDEN:])
    places = {row["oid"]: row["project_oid"] for row in tables["artifact"]}
    facts = Facts(
        items=items,
        workspace=small.workspace,
        projects=small.projects[:-HIDDEN],
        users=small.users,
        defects=[oid for oid in defects if places[oid] not in hidden],
        stories=[oid for oid in stories if places[oid] not in hidden],
        since=since,
    )
    return tables, facts


def _tag_relation() -> str:
    members = stock_schema().get("Defect").attributes["Tags"].members
    assert members is not None
    assert members.link is not None
    return members.link


def _values(
    small: _Small, chance: random.Random, number: int, moment: datetime, stories: list[int], *, defect: bool
) -> dict[str, Any]:
    project = chance.choice(small.projects)
    words = chance.choices(_WORDS, k=6)
    done = chance.random() < 0.6
    own: dict[str, Any] = {
        "name": f"{' '.join(words[:4]).capitalize()} {number}",
        "description": f"<p>{' '.join(chance.choices(_WORDS, k=40))}</p>",
        "notes": f"<p>{' '.join(words)}</p>",
        "project_oid": project,
        "owner_oid": chance.choice(small.users),
        "createdby_oid": chance.choice(small.users),
        "iteration_oid": chance.choice(small.iterations[project]),
        "release_oid": chance.choice(small.releases[project]),
        "planestimate": float(chance.choice((1, 2, 3, 5, 8))),
        "schedulestate": "Accepted" if done else chance.choice(("Defined", "In-Progress", "Completed")),
        "creationdate": to_wire(moment),
    }
    if defect:
        own |= {
            "state": chance.choice(("Fixed", "Closed")) if done else chance.choice(("Submitted", "Open")),
            "priority": chance.choice(("Resolve Immediately", "High Attention", "Normal", "Low")),
            "severity": chance.choice(("Crash/Data Loss", "Major Problem", "Minor Problem", "Cosmetic")),
            "submittedby_oid": chance.choice(small.users),
            "foundinbuild": f"1.{number % 97}",
            "targetbuild": f"2.{number % 97}",
            "requirement_oid": chance.choice(stories) if stories and chance.random() < 0.5 else None,
        }
    return own


def _item(
    tables: dict[str, list[dict[str, Any]]],
    pattern: _Pattern,
    own: dict[str, Any],
    fresh: Iterator[int],
    uuids: _Uuids,
    moment: datetime,
) -> int:
    oid, history, revision = next(fresh), next(fresh), next(fresh)
    number = len(tables["artifact"]) // 2 + 2
    updated = number % 2 == 0
    later = to_wire(moment + timedelta(seconds=20)) if updated else own["creationdate"]
    milliseconds = int(moment.timestamp() * 1000)
    swap: dict[Any, Any] = {pattern.oid: oid, pattern.history: history, pattern.revision: revision}
    swap |= {uuid: uuids.at(milliseconds) for uuid in pattern.uuids}
    first: dict[str, Any] | None = None
    for table, row in pattern.rows:
        made = {key: swap.get(value, value) if key != "versionid" else value for key, value in row.items()}
        made["project_oid"] = own["project_oid"]
        if table == "artifact":
            made |= own
            made["formattedid"] = f"{row['formattedidprefix']}{number}"
            made["formattedidid"] = number
            made["versionid"] = 2 if updated else 1
            made["draganddroprank"] = base62(milliseconds, 8) + base62(oid, 9)
            made |= {key: later for key in ("lastupdatedate", "lastupdateddate") if key in row}
            first = made
        elif table == "directory":
            made["name"] = own["name"] if made["oid"] == oid else None
        elif table == "revision":
            made |= {"creationdate": own["creationdate"], "user_oid": own["createdby_oid"]}
        elif table == "event":
            made |= {"at": own["creationdate"], "user_oid": own["createdby_oid"], "credential": "key:1"}
            made["diff"] = msgspec.json.encode({"Name": (None, own["name"]), "Notes": (None, own["notes"])}).decode()
        else:
            made["creationdate"] = own["creationdate"]
        tables[table].append(made)
    assert first is not None
    if updated:
        note = tables["revision"][-1]
        changed = {
            "oid": next(fresh),
            "uuid": uuids.at(milliseconds),
            "creationdate": later,
            "description": "STATE changed from [Submitted] to [Open]",
            "revisionnumber": 1,
        }
        tables["revision"].append({**note, **changed})
        told = tables["event"][-1]
        tables["event"].append({**told, "at": later, "kind": "updated", "version": 2})
    return oid


# ---------------------------------------------------------------------- into the database


def _shapes(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    found: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(tuple(row), []).append(tuple(row.values()))
    return found


def _insert(path: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    raw = apsw.Connection(path)
    raw.execute("pragma synchronous = off")
    raw.execute("pragma cache_size = -500000")
    raw.execute("begin immediate")
    listed: list[Any] = raw.execute(
        "select name, sql from sqlite_master where type = 'index' and sql is not null"
    ).fetchall()
    indexes = [(name, sql) for name, sql in listed if any(f" ON {table} " in sql for table in tables)]
    for name, _ in indexes:
        raw.execute(f"drop index {name}")
    for table, rows in tables.items():
        for columns, values in _shapes(rows).items():
            marks = ", ".join("?" * len(columns))
            raw.executemany(f"insert into {table} ({', '.join(columns)}) values ({marks})", values)
    for _, sql in indexes:
        raw.execute(sql)
    raw.execute("commit")
    raw.execute("pragma wal_checkpoint(truncate)").fetchall()
    raw.close()


async def _copy(url: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    raw = await asyncpg.connect(url)
    try:
        async with raw.transaction():
            await raw.execute("set local synchronous_commit = off")
            listed = await raw.fetch(
                "select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1)"
                " and indexname not like '%pkey' and indexname not like 'pk_%'",
                list(tables),
            )
            for name, _ in listed:
                await raw.execute(f'drop index "{name}"')
            for table, rows in tables.items():
                for columns, values in _shapes(rows).items():
                    await raw.copy_records_to_table(table, records=values, columns=columns)
            for _, sql in listed:
                await raw.execute(sql)
        await raw.execute("vacuum analyze")
        await raw.execute("checkpoint")
    finally:
        await raw.close()
