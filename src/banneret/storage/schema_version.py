"""Which revision a database is at, and the way to the one that this release needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import asyncpg

from banneret.kernel.errors import SchemaOutOfDate
from banneret.storage.statements import PostgresDialect, SqliteDialect, Statement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from banneret.storage.driver import Connection, Driver, Row
    from banneret.storage.statements import Dialect

HEAD = "0015_administration"
"""The revision that this release needs: the last one below `migrations/versions`."""

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x42414E4E4552
"""The number by which processes that migrate one PostgreSQL database wait for each other."""

_VERSION_TABLE = (
    "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


async def current(driver: Driver) -> str | None:
    """Give the revision that a database is at, or None where it is empty."""
    try:
        return await driver.read(_revision)
    except asyncpg.UndefinedTableError:
        return None
    except apsw.SQLError as error:
        if "no such table" in str(error):
            return None
        raise


async def require_current(driver: Driver) -> None:
    """Refuse a database that is not at the revision that this release needs.

    Raises:
        SchemaOutOfDate: saying where the database is, where it should be, and what to do.

    """
    found = await current(driver)
    if found is None:
        raise SchemaOutOfDate("the database is empty: run `banneret migrate`")
    _refuse_newer(found)
    if found != HEAD:
        raise SchemaOutOfDate(
            f"the database is at revision {found}, this release needs {HEAD}: back it up, then run `banneret migrate`"
        )


async def migrate(driver: Driver, dialect_name: str, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Bring a database to `HEAD` in one transaction and give the revisions that it took, oldest first.

    `progress` is told how many steps are done and how many there are: an empty database takes a step a revision, one
    that holds data a step a statement, and one for what a revision fills in. Processes that migrate the same database at
    once wait for each other, and all but the first find nothing to do.

    Raises:
        SchemaOutOfDate: a newer release migrated the database.

    """
    if await current(driver) == HEAD:
        return []
    dialect = PostgresDialect() if dialect_name == "postgresql" else SqliteDialect()

    async def whole(connection: Connection) -> list[str]:
        if dialect_name == "postgresql":
            await _fetch(connection, f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.script(_VERSION_TABLE)
        found = await _revision(connection)
        _refuse_newer(found)
        pending = [] if found == HEAD else list(_render(dialect, found))
        steps = [step for revision in pending for step in revision.steps(dialect, filled=found is not None)]
        for done, step in enumerate(steps):
            if progress is not None:
                progress(done, len(steps))
            await step(connection)
        if pending:
            await connection.script(f"DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('{HEAD}')")
        if progress is not None:
            progress(len(steps), len(steps))
        return [revision.name for revision in pending]

    return await driver.write(whole)


async def _fetch(connection: Connection, sql: str) -> Sequence[Row]:
    return await connection.fetch(Statement(sql, (), {}), {})


async def _revision(connection: Connection) -> str | None:
    rows = await _fetch(connection, "SELECT version_num FROM alembic_version")
    return str(rows[0][0]) if rows else None


def _refuse_newer(found: str | None) -> None:
    # Revisions are numbered, so their names sort by age.
    if found is not None and found > HEAD:
        raise SchemaOutOfDate(
            f"the database is at revision {found}, this release knows none after {HEAD}: install the newer release"
        )


@dataclass(frozen=True, slots=True)
class _Revision:
    """One revision: its statements, and what it fills in beside them."""

    name: str
    statements: tuple[str, ...]
    fill: Callable[[Connection, Dialect], Awaitable[None]] | None

    def steps(self, dialect: Dialect, *, filled: bool) -> Iterator[Callable[[Connection], Awaitable[None]]]:
        """Give what is to be done: for a database that is empty all at once."""
        for sql in self.statements if filled else (";\n".join(self.statements),):
            yield partial(_script, sql)
        if self.fill is not None and filled:
            yield partial(_fill, self.fill, dialect)


async def _script(sql: str, connection: Connection) -> None:
    await connection.script(sql)


async def _fill(
    fill: Callable[[Connection, Dialect], Awaitable[None]], dialect: Dialect, connection: Connection
) -> None:
    await fill(connection, dialect)


def _render(dialect: Dialect, found: str | None) -> Iterator[_Revision]:
    """Give each revision after `found`, oldest first."""
    # Wanted by a database that is behind only; it would cost every start a tenth of a second.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    class Collected(StringIO):
        """Alembic writes one statement at a time."""

        def __init__(self) -> None:
            super().__init__()
            self.statements: list[str] = []

        def write(self, text: str) -> int:
            self.statements.append(text.strip().removesuffix(";"))
            return len(text)

    pending = list(ScriptDirectory(str(_FOLDER)).iterate_revisions(HEAD, found or "base"))
    for script in reversed(pending):
        buffer = Collected()
        context = MigrationContext.configure(
            dialect=dialect.sql, opts={"as_sql": True, "output_buffer": buffer, "literal_binds": True}
        )
        with Operations.context(context):
            script.module.upgrade()
        yield _Revision(script.revision, tuple(buffer.statements), getattr(script.module, "fill", None))
