"""npm `rally` 2.1.3, unmodified, with a key and with a password: query, get, create, update, del, add, remove."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.clients.conftest import Live

HERE = Path(__file__).parent / "node"
EDITOR = "editor@acme.test"


@pytest.mark.node
@pytest.mark.parametrize("how", ["key", "password"])
def test_the_toolkit_does_everything_it_offers(live: Live, how: str) -> None:
    credentials = [live.key(EDITOR)] if how == "key" else [EDITOR, live.password(EDITOR)]
    done = subprocess.run(
        ["node", "drive.js", live.url, *credentials],
        cwd=HERE,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": live.ca, "NO_PROXY": "localhost,127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.strip().splitlines()[-1])
    assert said["project"] == "Rider App"
    assert len(said["page"]) == len(set(said["page"])) == min(5, said["total"])
    assert said["made"] == "made by node"
    assert said["read"] == ["made by node", "Open"]
    assert said["changed"] == "Fixed"
    assert (said["tagged"], said["untagged"]) == (1, 0)
    assert said["gone"] == "Cannot find object to read"
