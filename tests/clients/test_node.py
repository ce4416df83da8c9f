"""npm `rally` 2.1.3, unmodified, with a key and with a password: all that it offers."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.live import Live

HERE = Path(__file__).parent / "node"
EDITOR = "editor@acme.test"


pytestmark = [pytest.mark.node, pytest.mark.parametrize("how", ["key", "password"])]


def drive(live: Live, how: str, script: str) -> Any:
    """Run a script and give what it said."""
    credentials = [live.key(EDITOR)] if how == "key" else [EDITOR, live.password(EDITOR)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RALLY_")}
    done = subprocess.run(
        ["node", script, live.url, *credentials],
        cwd=HERE,
        env={**environment, "NODE_EXTRA_CA_CERTS": live.ca, "NO_PROXY": "localhost,127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_toolkit_works_as_its_users_use_it(live: Live, how: str) -> None:
    said = drive(live, how, "drive.js")
    assert said["project"] == "Rider App"
    assert len(said["page"]) == len(set(said["page"])) == min(5, said["total"])
    assert said["made"] == "made by node"
    assert said["read"] == ["made by node", "Open"]
    assert said["changed"] == "Fixed"
    assert (said["tagged"], said["untagged"]) == (1, 0)
    assert said["gone"] == "Cannot find object to read"


def test_the_toolkit_does_everything_it_offers(live: Live, how: str) -> None:
    """Each check of the script stands for one thing that the toolkit's users can do."""
    said = drive(live, how, "everything.js")
    assert len(said) >= 17
    assert {name: fault for name, fault in said.items() if fault} == {}
