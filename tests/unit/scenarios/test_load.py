"""What becomes of a scenario in a database, on both of them."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from banneret.access.passwords import Passwords
from banneret.catalogue.loader import stock_schema
from banneret.kernel.clock import SystemClock
from banneret.kernel.errors import ScenarioError
from banneret.kernel.ids import Identifiers
from banneret.operations import contents
from banneret.operations.context import server_context
from banneret.operations.define import define
from banneret.scenarios.dump import dump
from banneret.scenarios.load import CLIENTS_NOTICE, Loaded, load
from banneret.scenarios.reset import KEPT, emptied, reset
from banneret.scenarios.scenario import read, read_text
from banneret.storage.writing import ObjectIds
from tests import harness, stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from banneret.storage.unit import Store

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text()
SECRET = b"a server secret for tests"
HASHER = Passwords(kibibytes=64, passes=1)


async def into(store: Store, text: str, **more: Any) -> Loaded:
    return await load(store, read_text(text, "x.yaml"), secret=SECRET, clock=SystemClock(), hasher=HASHER, **more)


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[Store]:
    """For what does not depend on the database."""
    opened = await harness.open_sqlite(tmp_path)
    yield opened
    await opened.close()


async def rows(store: Store, table: str, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
    found = await store.read(lambda unit: unit.writer.fetch(table, where, columns))
    return sorted(map(tuple, found), key=str)


async def test_makes_what_the_file_says(store: Store) -> None:
    loaded = await into(store, EXAMPLE)
    assert loaded.notices == [CLIENTS_NOTICE]
    artifacts = dict(await rows(store, "artifact", "formattedid", "name", workspace_oid=(await main(store))))
    assert artifacts["US10"] == "Quieter at idle"
    assert artifacts["US11"] == "Rounder"
    assert artifacts["E1"] == "Silence"
    defects = await rows(
        store,
        "artifact",
        "state",
        "resolution",
        "creationdate",
        "lastupdatedate",
        "versionid",
        "custom_fields",
        oid=777,
    )
    state, resolution, created, updated, version, custom = defects[0]
    assert (state, resolution, version) == ("Fixed", "Code Change", 3)
    assert (created, updated) == ("2025-12-01T08:00:00.000Z", "2025-12-02T16:30:00.000Z")
    (viewer,) = await rows(store, "user", "oid", username="viewer@acme.test")
    assert json.loads(custom) == {"c_RootCause": "Wear", "c_SeenIn": ["Alpha", "Beta"], "c_Finder": viewer[0]}


async def main(store: Store) -> int:
    ((oid,),) = await rows(store, "scope", "oid", name="Acme Workspace")
    return int(oid)


async def test_changes_become_history_by_their_users_and_keys(store: Store) -> None:
    await into(store, EXAMPLE)
    ((editor,),) = await rows(store, "user", "oid", username="editor@acme.test")
    ((key,),) = await rows(store, "api_key", "oid", display_name="ci")
    events = await rows(store, "event", "version", "kind", "at", "user_oid", "credential", oid=777)
    assert events[1] == (2, "updated", "2025-12-01T08:00:00.000Z", editor, "session")
    assert events[2] == (3, "updated", "2025-12-02T16:30:00.000Z", editor, f"key:{key}")
    ((history,),) = await rows(store, "artifact", "revisionhistory_oid", oid=777)
    revisions = await rows(store, "revision", "revisionnumber", "description", "user_oid", revisionhistory_oid=history)
    assert revisions[2] == (
        2,
        "STATE changed from [Open] to [Fixed], RESOLUTION changed from [None] to [Code Change]",
        editor,
    )


async def test_the_same_file_gives_the_same_everything(store: Store, tmp_path: Path) -> None:
    """On SQLite and PostgreSQL alike: ObjectIDs, UUIDs, FormattedIDs and dates."""
    await into(store, EXAMPLE)
    home = tmp_path / "again"
    home.mkdir()
    again = await harness.open_sqlite(home)
    await into(again, EXAMPLE)
    for table in ("directory", "revision", "artifact"):
        columns = ("oid", "uuid", *(("formattedid", "creationdate", "lastupdatedate") if table == "artifact" else ()))
        assert await rows(store, table, *columns) == await rows(again, table, *columns)
    assert await dump(store) == await dump(again)
    await again.close()


async def test_a_reset_gives_the_same_ids_again(store: Store) -> None:
    await into(store, EXAMPLE)
    before = await rows(store, "directory", "oid", "uuid", "type", "name")
    store.object_ids = ObjectIds()
    await reset(store, read_text(EXAMPLE, "x.yaml"), secret=SECRET, clock=SystemClock(), hasher=HASHER)
    assert await rows(store, "directory", "oid", "uuid", "type", "name") == before
    await reset(store, None, secret=SECRET, clock=SystemClock())
    assert await rows(store, "directory", "oid") == []
    assert await store.read(lambda unit: unit.landscape()) is None


def test_a_reset_leaves_no_table_out() -> None:
    assert emptied(stock_schema()) | KEPT == set(harness.LAYOUT.metadata.tables)


async def test_a_dump_loads_back_to_the_same_objects(store: Store, tmp_path: Path) -> None:
    await into(store, EXAMPLE)
    text = await dump(store)
    home = tmp_path / "again"
    home.mkdir()
    again = await harness.open_sqlite(home)
    await into(again, text)
    history = {"revisionhistory_oid"}
    for table in (
        "directory",
        "artifact",
        "scope",
        "user",
        "userpermission",
        "iteration",
        "link",
        "workspaceconfiguration",
    ):
        columns = [column.name for column in harness.LAYOUT.table(table).c if column.name not in history]
        kept = [row for row in await rows(store, table, *columns) if "RevisionHistory" not in row]
        assert [row for row in await rows(again, table, *columns) if "RevisionHistory" not in row] == kept, table
    await again.close()


async def test_the_dump_of_a_dump_is_the_same_but_for_keys(store: Store, tmp_path: Path) -> None:
    await load(store, read("demo"), secret=SECRET, clock=SystemClock(), hasher=HASHER)
    first = await dump(store)
    store.object_ids = ObjectIds()
    await reset(store, read_text(first, "first.yaml"), secret=SECRET, clock=SystemClock(), hasher=HASHER)
    second = await dump(store)
    assert [line for line in first.splitlines() if not line.startswith("#")] == [
        line for line in second.splitlines() if not line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'Requirement: "quiet"',
            'Requirement: "quite"',
            "x.yaml:62: there is no HierarchicalRequirement quite; did you mean quiet?",
        ),
        (
            'PortfolioItem: "feature"',
            'Predecessors: ["Rounder"]',
            "x.yaml:47: this object refers to one that refers back to it",
        ),
        (
            'Requirement: "quiet"',
            'Requirement: "noise"',
            "x.yaml:62: Defect.Requirement: Cannot connect object to value",
        ),
        (
            'c_RootCause: "Wear"',
            'c_RootCause: "Waer"',
            "x.yaml:59: Defect.c_RootCause cannot be Waer; it can be Wear, Design; did you mean Wear?",
        ),
        ('Severity: "Minor Problem"', 'Severity: "Minor"', "x.yaml:58: Defect.Severity cannot be Minor"),
        ('State: "Fixed"', 'State: "Fixt"', "x.yaml:65: Defect.State cannot be Fixt"),
        ('key: "ci"', 'key: "cd"', "x.yaml:65: there is no key cd"),
        (
            'by: "editor@acme.test", key',
            'by: "viewer@acme.test", key',
            "x.yaml:65: the key ci is editor@acme.test's, not viewer@acme.test's",
        ),
        (
            'Owner: "editor@acme.test"',
            'Owner: "editr@acme.test"',
            "there is no User editr@acme.test; did you mean editor@acme.test?",
        ),
        (
            'Iteration: "Sprint 1", Pre',
            'Iteration: "Sprint 2", Pre',
            "there is no Iteration Sprint 2; did you mean Sprint 1?",
        ),
        (
            'FormattedID: "US10"',
            'FormattedID: "DE10"',
            "DE10 is no FormattedID of HierarchicalRequirement: that is US and a number",
        ),
        ('PortfolioItem: "feature"', 'Parent: "quiet"', "x.yaml:48: an object cannot refer to itself when it is made"),
        ('Name: "Measure at 800 rpm", ', "", "x.yaml:51: Task.Name is needed"),
        (
            '_id: "noise"',
            '_id: "noise", ObjectID: 141184568124',
            "x.yaml:46: ObjectID 141184568124 stands on line 22 too",
        ),
        (
            '_type: "PortfolioItem/Epic"',
            '_type: "PortfolioItem/Epoch"',
            "x.yaml:41: there is no type PortfolioItem/Epoch",
        ),
    ],
)
async def test_refuses_the_whole_file(sqlite_store: Store, old: str, new: str, told: str) -> None:
    """Told is file, line and what is wrong, and nothing of the file is there."""
    assert old in EXAMPLE
    with pytest.raises(ScenarioError) as caught:
        await into(sqlite_store, EXAMPLE.replace(old, new, 1))
    assert told in str(caught.value)
    assert await rows(sqlite_store, "directory", "oid") == []


async def test_a_second_file_adds_to_what_is_there(sqlite_store: Store) -> None:
    await into(sqlite_store, EXAMPLE)
    added = """
subscription: {Name: "Other", PasswordMinimumLength: 14}
objects:
  - {_type: "Defect", Project: "Pistons", Name: "Leaks", Owner: "editor@acme.test", c_RootCause: "Design"}
"""
    loaded = await into(sqlite_store, added)
    assert loaded.notices == ["the subscription keeps its name, Acme"]
    assert await rows(sqlite_store, "subscription", "name", "passwordminimumlength") == [("Acme", 14)]
    assert await rows(sqlite_store, "artifact", "custom_fields", name="Leaks") == [('{"c_RootCause":"Design"}',)]


async def test_passwords_are_as_old_as_the_file_says(sqlite_store: Store) -> None:
    await into(sqlite_store, EXAMPLE)
    dates = dict(await rows(sqlite_store, "user", "username", "lastpasswordupdatedate"))
    assert dates == {
        "admin@acme.test": "2026-01-05T09:00:00.000Z",
        "editor@acme.test": "2026-01-05T09:00:00.000Z",
        "viewer@acme.test": "2025-01-01T00:00:00.000Z",
    }


async def test_progress_is_told_to_the_end(sqlite_store: Store) -> None:
    told: list[tuple[int, int]] = []
    await into(sqlite_store, EXAMPLE, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] == told[-1][1]


async def test_the_demo_has_what_is_promised_of_it(store: Store) -> None:
    await load(store, read("demo"), secret=SECRET, clock=SystemClock(), hasher=HASHER)
    assert await rows(store, "artifact", "concrete_type", oid=777) == [("Defect",)]
    assert len(await rows(store, "schedulestate", "oid", name="Custom 1", enabled=True)) == 1
    assert len(await rows(store, "scope", "oid", concrete_type="Workspace")) == 2
    assert len(await rows(store, "artifact", "oid")) > 200
    names = {name for (name,) in await rows(store, "user", "username")}
    assert {f"{name}@acme.test" for name in ("admin", "wsadmin", "padmin", "editor", "viewer", "noaccess")} <= names


async def test_a_dump_holds_what_a_workspace_says_of_stock_fields(store: Store, tmp_path: Path) -> None:
    """Values that its objects have would be refused otherwise."""
    await into(store, EXAMPLE)
    fields = {"Priority": ["None", "Now", "Later"], "TargetBuild": None}

    async def edit(unit: Any) -> None:
        landscape = await unit.landscape()
        context = server_context(unit, landscape, SystemClock().now(), Identifiers(SystemClock()))
        item = context.schema.get("AttributeDefinition")
        for name, values in fields.items():
            body = {"Custom": False, "TypeDefinition": "Defect", "ElementName": name, "AllowedValues": values}
            await define(context, item, {**body, "Hidden": True}, "AttributeDefinition")

    await store.write(edit)
    text = await dump(store)
    home = tmp_path / "again"
    home.mkdir()
    again = await harness.open_sqlite(home)
    await into(again, text)
    landscape = await again.read(lambda unit: unit.landscape())
    assert landscape is not None
    attributes = landscape.schema(min(landscape.workspaces)).get("Defect").attributes
    assert attributes["Priority"].values == ("None", "Now", "Later")
    assert [attributes[name].hidden for name in ("Priority", "TargetBuild", "Severity")] == [True, True, False]
    await again.close()


async def test_files_and_pictures_are_in_a_dump_and_load_back(world: harness.World, tmp_path: Path) -> None:
    """Of every size, replaced ones and such that nothing uses among them."""
    place = {"Workspace": f"/workspace/{world.ids['main']}"}
    home = await world.make("Defect", Name="d", Project=f"/project/{world.ids['engines']}")
    expected: dict[int, bytes] = {}
    for n, raw in enumerate((b"", b"hello", b"x" * 500_000, b"unused")):
        content = await world.make("AttachmentContent", "editor", Content=b64encode(raw).decode(), **place)
        expected[content["ObjectID"]] = raw
        if n < 3:
            body = {"Name": f"{n}", "ContentType": "text/plain", "Content": content["_ref"], "Artifact": home["_ref"]}
            file = await world.make("Attachment", "editor", **body)
    replaced = {"Attachment": {"Name": "renamed", "Content": content["_ref"]}}
    assert (await world.post(f"attachment/{file['ObjectID']}", replaced, "editor")).errors == []
    gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
    picture = (await world.post("profileimage/create", {"x": {"Content": b64encode(gif).decode()}}, "editor")).object
    expected[picture["ObjectID"]] = gif
    shown = await world.post(f"user/{world.ids['editor']}", {"User": {"ProfileImage": picture["_ref"]}}, "editor")
    assert shown.errors == []
    text = await dump(world.store)
    (tmp_path / "again").mkdir()
    again = await harness.open_sqlite(tmp_path / "again")
    try:
        await into(again, text)
        for oid, raw in expected.items():
            assert await again.read(lambda unit, oid=oid: contents.whole(unit, oid)) == raw
        for table in ("attachment", "attachmentcontent", "profileimage"):
            columns = [column.name for column in harness.LAYOUT.metadata.tables[table].c if column.name != "versionid"]
            assert await rows(again, table, *columns) == await rows(world.store, table, *columns)
        assert await stored.faults(again) == []
        assert (await rows(again, "user", "profileimage_oid", oid=world.ids["editor"])) == [(picture["ObjectID"],)]
        assert (await dump(again)).partition("subscription:")[2] == text.partition("subscription:")[2]
    finally:
        await again.close()
