"""A real server process for tests that come from outside: client libraries and browsers."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 60.0


@dataclass(frozen=True)
class Live:
    """A running server: its address, CA file, and the scenario's users and keys as the ready file lists them."""

    url: str
    ca: str
    users: list[dict[str, str]]
    keys: list[dict[str, str]]

    @property
    def host(self) -> str:
        return self.url.removeprefix("https://").removeprefix("http://")

    def key(self, user: str, grant: str = "full") -> str:
        return next(key["secret"] for key in self.keys if key["user"] == user and key["grant"] == grant)

    def password(self, user: str) -> str:
        return next(entry["Password"] for entry in self.users if entry["UserName"] == user)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(home: Path, *options: str) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start `banneret serve` and wait until its ready file says that it answers."""
    ready = home / "ready.json"
    command = [
        sys.executable,
        "-c",
        "from banneret.cli import app; app()",
        "serve",
        "--port",
        str(free_port()),
        "--data-dir",
        str(home),
    ]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, "--ready-file", str(ready), *options], stdout=log, stderr=log)
    deadline = time.monotonic() + _PATIENCE
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail("the server did not start:\n" + (home / "server.log").read_text())
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    return process, json.loads(ready.read_text())
