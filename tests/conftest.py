"""What every test below may ask for: an empty store or the world on either database; and how property tests draw."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import databases, harness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from banneret.storage.unit import Store

# No deadline: a slow moment of a busy machine is no failure.
settings.register_profile("here", deadline=None)
# The same examples every time, so that a change is blamed only for what it breaks itself.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("BANNERET_TEST_ALL") == "1" or "CI" in os.environ else "here")


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store on either database."""
    if request.param == "sqlite":
        opened = await harness.open_sqlite(tmp_path)
    else:
        opened = await harness.open_postgresql(databases.make_postgres_url())
    yield opened
    await opened.close()
    if request.param == "postgresql":
        databases.drop_database(opened.driver.url)  # type: ignore[attr-defined]


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
        if "postgresql" not in _templates:
            url = databases.make_postgres_url()
            first = await harness.open_postgresql(url)
            ids = (await harness.build_world(first)).ids
            await first.close()
            _templates["postgresql"] = url, ids
        url, ids = _templates["postgresql"]
        opened = harness.reopen_postgresql(databases.copy_database(url))
    yield harness.enter_world(opened, ids)
    await opened.close()
    if request.param == "postgresql":
        databases.drop_database(opened.driver.url)  # type: ignore[attr-defined]
