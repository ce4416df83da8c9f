"""Both databases, empty or with the tables of this release."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from banneret.catalogue.loader import stock_schema
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.sqlite import SqliteDriver
from banneret.storage.unit import Store
from tests import databases

if TYPE_CHECKING:
    from pathlib import Path

    from banneret.storage.driver import Driver

Opener = Callable[[], "Driver"]


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def open_empty(dialect_name: str, tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens one empty database, each time with a driver of its own, as several processes would."""
    url = databases.make_empty_postgres_url() if dialect_name == "postgresql" else ""
    async with AsyncExitStack() as opened:

        def open_it() -> Driver:
            path = tmp_path / "empty.db"
            driver = PostgresDriver(url, 2) if url else SqliteDriver(path, synchronous="OFF")
            opened.push_async_callback(driver.close)
            return driver

        yield open_it
    if url:
        databases.drop_database(url)


@pytest.fixture
def empty(open_empty: Opener) -> Driver:
    """An empty database."""
    return open_empty()


@pytest.fixture
async def store(dialect_name: str, tmp_path: Path) -> AsyncIterator[Store]:
    """A store with every table and no row."""
    if dialect_name == "sqlite":
        driver = SqliteDriver(databases.make_sqlite_path(tmp_path), synchronous="OFF")
        store = Store(driver, stock_schema(), postgresql=False)
        yield store
        await store.close()
    else:
        url = databases.make_postgres_url()
        store = Store(PostgresDriver(url, 4), stock_schema(), postgresql=True)
        yield store
        await store.close()
        databases.drop_database(url)
