"""The servers that are measured, as a server process runs them: `uvicorn bench.app:product` and `uvicorn bench.app:ceiling`.

Both take the database from the environment, as `banneret serve` does. `banneret serve` itself adds nothing to a request.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import banneret
from banneret.asgi import LazyApplication
from bench.data import SECRET

if TYPE_CHECKING:
    from types import TracebackType

product = LazyApplication()
ROOT = Path(__file__).parents[1]


async def ceiling(scope: Any, receive: Any, send: Any) -> None:
    """Answer through the prototype, made when the server starts."""
    from bench.ceiling import prototype  # the product's process need not hold it

    await prototype(scope, receive, send)


@dataclass
class Server:
    """One server in processes of its own."""

    name: str
    database: str
    workers: int
    facts: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        """Start it and wait until it accepts connections."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(Path(banneret.__file__).parents[1]), str(ROOT))),
            "BANNERET_DATABASE": self.database,
            "BANNERET_SECRET_KEY": SECRET,
            "BENCH_FACTS": str(self.facts),
        }
        arguments = ["--port", str(self.port), "--workers", str(self.workers), "--loop", "uvloop", "--http", "httptools"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", f"bench.app:{self.name}", *arguments]
            + ["--no-access-log", "--log-level", "warning", "--no-server-header", "--no-date-header"],
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise RuntimeError(f"{self.name} did not start")

    def memory(self) -> float:
        """Give the largest resident size of its processes in MB."""
        assert self.process is not None
        found = [0.0]
        for folder in Path("/proc").iterdir():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
                if fields and int(fields[2]) == self.process.pid:
                    found.append(int(fields[21]) * os.sysconf("SC_PAGESIZE") / 1e6)
            except OSError:
                continue
        return max(found)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
