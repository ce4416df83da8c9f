"""Many writers on the same items of a real server: `python -m bench.storm`, in small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import storm
from tests import databases

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_after_a_storm_every_answered_write_is_there_once_and_sums_are_right(kind: str, tmp_path: Path) -> None:
    size = storm.Size(seconds=120, writers=32, most=600)
    if kind == "sqlite":
        outcome = storm.run(kind, str(tmp_path / "storm.db"), 1, size, tmp_path)
    else:
        url = databases.make_postgres_url()
        try:
            outcome = storm.run(kind, url, 2, size, tmp_path)
        finally:
            databases.drop_database(url)
    assert outcome.faults == []
    assert outcome.counts["done"] > size.most // 2
