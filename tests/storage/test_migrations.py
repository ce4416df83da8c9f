"""The revisions lead to the tables of the catalogue, once, whole or not at all."""

from __future__ import annotations

import asyncio
import shutil
import sys
from typing import TYPE_CHECKING, Any

import apsw
import asyncpg
import pytest
from alembic.script import ScriptDirectory

from banneret.catalogue.loader import stock_schema
from banneret.kernel.errors import SchemaOutOfDate
from banneret.storage import schema_version
from banneret.storage.migrations import snapshot
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.schema_version import HEAD, current, migrate, require_current
from banneret.storage.sqlite import SqliteDriver
from banneret.storage.statements import PostgresDialect, SqliteDialect, Statement
from banneret.storage.tables import ONLY, Layout
from tests import databases

if TYPE_CHECKING:
    from pathlib import Path

    from banneret.storage.driver import Driver
    from banneret.storage.unit import Store
    from tests.storage.conftest import Opener

LAYOUT = Layout(stock_schema())
REVISIONS = sorted(path.stem for path in schema_version._FOLDER.glob("versions/[0-9]*.py"))

REVISION = """
from alembic import op

revision = "{name}"
down_revision = "{before}"


def upgrade() -> None:
{body}
"""


async def fetch(driver: Driver, sql: str) -> list[tuple[Any, ...]]:
    rows = await driver.read(lambda connection: connection.fetch(Statement(sql, (), {}), {}))
    return [tuple(row) for row in rows]


async def run(driver: Driver, sql: str) -> None:
    await driver.write(lambda connection: connection.script(sql))


async def structure(driver: Driver) -> set[tuple[Any, ...]]:
    """Everything that matters of each table, column and index, whatever the order in which it was made."""
    if isinstance(driver, PostgresDriver):
        queries = [
            (
                "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name, identity_generation "
                "FROM information_schema.columns WHERE table_schema = 'public'"
            ),
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            (
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace"
            ),
        ]
    else:
        queries = [
            "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
            (
                'SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master t '
                "JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'"
            ),
            (
                'SELECT t.name, i.name, i."unique", i.origin, i.partial, c.seqno, c.name, c."desc", c.coll FROM sqlite_master t '
                "JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) c WHERE t.type = 'table'"
            ),
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        ]
    return {row for query in queries for row in await fetch(driver, query) if "alembic_version" not in row}


async def names(driver: Driver) -> dict[str, set[tuple[str, ...]]]:
    """The names of columns and indexes, with their tables."""
    if isinstance(driver, PostgresDriver):
        columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        indexes = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix\\_%'"
    else:
        # Beside a virtual table's own columns there are its hidden ones, and tables of its engine.
        columns = (
            "SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c WHERE t.schema = 'main' "
            "AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%' AND c.hidden = 0"
        )
        indexes = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    found = {"columns": await fetch(driver, columns), "indexes": await fetch(driver, indexes)}
    return {what: {row for row in rows if row[0] != "alembic_version"} for what, rows in found.items()}


def says(error: SchemaOutOfDate, *words: str) -> bool:
    return all(word in str(error) for word in words)


async def test_the_last_revision_is_the_one_that_this_release_needs() -> None:
    assert ScriptDirectory(str(schema_version._FOLDER)).get_heads() == [HEAD]


async def test_an_empty_database_is_at_no_revision(empty: Driver) -> None:
    assert await current(empty) is None
    with pytest.raises(SchemaOutOfDate) as refused:
        await require_current(empty)
    assert says(refused.value, "empty", "banneret migrate")


async def test_migrating_gives_the_tables_columns_and_indexes_of_the_catalogue(
    empty: Driver, dialect_name: str
) -> None:
    await migrate(empty, dialect_name)
    tables = LAYOUT.metadata.tables.values()
    columns = {(table.name, column.name) for table in tables for column in table.columns}
    if dialect_name == "sqlite":
        columns.remove(("search", "oid"))
    assert await names(empty) == {
        "columns": columns,
        "indexes": {
            (table.name, str(index.name))
            for table in tables
            for index in table.indexes
            if index.info.get(ONLY, dialect_name) == dialect_name
        },
    }


async def test_migrating_gives_the_very_structure_of_the_catalogue(
    empty: Driver, dialect_name: str, tmp_path: Path
) -> None:
    """Types, defaults, keys, collations and conditions of indexes too."""
    await migrate(empty, dialect_name)
    if dialect_name == "postgresql":
        derived: Driver = PostgresDriver(databases.make_empty_postgres_url(), 1)
    else:
        derived = SqliteDriver(tmp_path / "derived.db", synchronous="OFF")
    dialect = PostgresDialect() if dialect_name == "postgresql" else SqliteDialect()
    try:
        await run(derived, ";\n".join(snapshot.render(LAYOUT, dialect)))
        assert await structure(empty) == await structure(derived)
    finally:
        await derived.close()


async def test_migrating_says_what_it_did_and_how_far_it_is(empty: Driver, dialect_name: str) -> None:
    told: list[tuple[int, int]] = []
    assert await migrate(empty, dialect_name, lambda done, of: told.append((done, of))) == REVISIONS
    assert told[0] == (0, told[0][1])
    assert told[-1] == (told[0][1], told[0][1])
    assert await current(empty) == HEAD
    await require_current(empty)


async def test_migrating_twice_changes_nothing_and_needs_no_alembic(
    empty: Driver, dialect_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty, dialect_name)
    before = await structure(empty)
    for name in [name for name in sys.modules if name.partition(".")[0] == "alembic"]:
        monkeypatch.setitem(sys.modules, name, None)
    assert await migrate(empty, dialect_name) == []
    assert await structure(empty) == before


async def test_of_two_that_migrate_at_once_one_does_it(open_empty: Opener, dialect_name: str) -> None:
    done = await asyncio.gather(*(migrate(open_empty(), dialect_name) for _ in range(2)))
    assert sorted(done) == [[], REVISIONS]


async def test_a_database_behind_is_refused(empty: Driver, dialect_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await migrate(empty, dialect_name)
    monkeypatch.setattr(schema_version, "HEAD", "9001_next")
    with pytest.raises(SchemaOutOfDate) as refused:
        await require_current(empty)
    assert says(refused.value, HEAD, "9001_next", "banneret migrate")


async def test_a_database_of_a_newer_release_is_refused_and_left_alone(empty: Driver, dialect_name: str) -> None:
    await migrate(empty, dialect_name)
    await run(empty, "UPDATE alembic_version SET version_num = '9999_far'")
    for refusing in (require_current(empty), migrate(empty, dialect_name)):
        with pytest.raises(SchemaOutOfDate) as refused:
            await refusing
        assert says(refused.value, "9999_far", "newer release")
    assert await current(empty) == "9999_far"


@pytest.fixture
def revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes further revisions beside copies of the real ones: `revisions(name, *lines of upgrade())`."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema_version._FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema_version, "_FOLDER", folder)
    last = [HEAD]

    def add(name: str, *lines: str) -> None:
        body = "\n".join(f"    {line}" for line in lines)
        text = REVISION.format(name=name, before=last[-1], body=body)
        (folder / "versions" / f"{name}.py").write_text(text, encoding="utf-8")
        last.append(name)
        monkeypatch.setattr(schema_version, "HEAD", name)

    return add


async def test_later_revisions_move_data_statement_by_statement(
    empty: Driver, dialect_name: str, revisions: Any
) -> None:
    await migrate(empty, dialect_name)
    await run(empty, "INSERT INTO epoch (name, value) VALUES ('a', 1)")
    revisions("9001_note", "import sqlalchemy as sa", 'op.add_column("epoch", sa.Column("note", sa.Text()))')
    # A colon would start a parameter; Alembic wants a backslash before it. Nothing else has a meaning of its own.
    revisions("9002_fill", r"""op.execute("UPDATE epoch SET note = '100% of it; 10\\:30?'")""")
    told: list[tuple[int, int]] = []
    done = await migrate(empty, dialect_name, lambda done, of: told.append((done, of)))
    assert done == ["9001_note", "9002_fill"]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert await fetch(empty, "SELECT note FROM epoch") == [("100% of it; 10:30?",)]
    assert await current(empty) == "9002_fill"


async def test_an_empty_database_takes_all_revisions_at_once(empty: Driver, dialect_name: str, revisions: Any) -> None:
    revisions("9001_note", "import sqlalchemy as sa", 'op.add_column("epoch", sa.Column("note", sa.Text()))')
    assert await migrate(empty, dialect_name) == [*REVISIONS, "9001_note"]
    assert await fetch(empty, "SELECT note FROM epoch") == []


@pytest.mark.parametrize("held", [False, True], ids=["empty", "in use"])
async def test_a_revision_that_fails_leaves_nothing_behind(
    empty: Driver, dialect_name: str, revisions: Any, held: bool
) -> None:
    if held:
        await migrate(empty, dialect_name)
    before = await structure(empty), await current(empty)
    revisions("9001_good", 'op.execute("CREATE TABLE extra (a INTEGER)")')
    revisions("9002_bad", 'op.execute("CREATE TABLE more (a INTEGER)")', 'op.execute("UPDATE nowhere SET a = 1")')
    with pytest.raises((apsw.SQLError, asyncpg.UndefinedTableError)):
        await migrate(empty, dialect_name)
    assert (await structure(empty), await current(empty)) == before
    assert before[1] == (HEAD if held else None)


async def test_a_database_whose_tables_come_from_elsewhere_is_left_alone(empty: Driver, dialect_name: str) -> None:
    await run(empty, "CREATE TABLE epoch (mine INTEGER)")
    with pytest.raises((apsw.SQLError, asyncpg.DuplicateTableError)):
        await migrate(empty, dialect_name)
    assert await current(empty) is None


FOUND = {
    "sqlite": "SELECT oid FROM search WHERE search MATCH '{word}'",
    "postgresql": "SELECT oid FROM search WHERE label || title || description || notes @@ '{word}'",
}


async def test_items_of_an_older_database_come_into_the_index(
    empty: Driver, dialect_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema_version, "HEAD", "0003_edited_definitions")
        await migrate(empty, dialect_name)
    for oid in range(1, 251):
        values = f"{oid}, 'u{oid}', '', 1, 'Defect', 'DE{oid}', 'name{oid}', '<p>one</p><p>two</p>'"
        names = "oid, uuid, creationdate, versionid, concrete_type, formattedid, name, description"
        await run(empty, f"INSERT INTO artifact ({names}) VALUES ({values})")
    told: list[tuple[int, int]] = []
    await migrate(empty, dialect_name, lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] == len(told) - 1
    for word, oids in (("de1", [1]), ("name250", [250]), ("250", [250]), ("two", list(range(1, 251))), ("onetwo", [])):
        assert sorted(row[0] for row in await fetch(empty, FOUND[dialect_name].format(word=word))) == oids


async def test_a_copied_database_is_at_the_revision_of_this_release(store: Store) -> None:
    await require_current(store.driver)


async def test_the_snapshot_is_refused_once_there_is_a_later_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr(snapshot, "__file__", str(tmp_path / "snapshot.py"))
    assert snapshot.main() == 0
    written = (tmp_path / "versions" / "0001_core.sqlite.sql").read_text(encoding="utf-8")
    (tmp_path / "versions" / "0002_next.py").touch()
    (tmp_path / "versions" / "0001_core.sqlite.sql").write_text("the past", encoding="utf-8")
    assert snapshot.main() == 1
    assert "0001_core is the past" in capsys.readouterr().err
    assert written.startswith("CREATE TABLE")
    assert (tmp_path / "versions" / "0001_core.sqlite.sql").read_text(encoding="utf-8") == "the past"
