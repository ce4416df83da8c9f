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
from typing import TYPE_CHECKING, Any, Self

import banneret
from banneret.asgi import LazyApplication
from bench.data import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

product = LazyApplication()
ROOT = Path(__file__).parents[1]
_OPTIONS = "--loop uvloop --http httptools --no-access-log --log-level warning --no-server-header --no-date-header"


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
    started: float = 0.0

    def __enter__(self) -> Self:
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
        command = f"-m uvicorn bench.app:{self.name} --port {self.port} --workers {self.workers} {_OPTIONS}"
        self.process = subprocess.Popen(
            [sys.executable, *command.split()],
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        begun = time.monotonic()
        deadline = begun + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                self.started = time.monotonic() - begun
                return self
        raise RuntimeError(f"{self.name} did not start")

    def settle(self, request: bytes) -> None:
        """Wait until every process answers: each connection goes to whichever of them takes it first."""
        from bench.load import load

        deadline = time.monotonic() + 90
        while True:
            try:
                load(self.port, [request], 1 if self.workers == 1 else 4 * self.workers, 0.2)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                break
        time.sleep(3.0 if self.workers > 1 else 0.0)

    def _processes(self) -> Iterator[Path]:
        """Give the folders of its processes: it leads a session of its own."""
        assert self.process is not None
        for folder in Path("/proc").iterdir():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
            except OSError:
                continue
            if fields and int(fields[3]) == self.process.pid:
                yield folder

    def memory(self) -> float:
        """Give the most memory in MB that one of its processes has for itself; pages of a mapped database file are not that."""
        texts = [(folder / "status").read_text() for folder in self._processes()]
        return max(int(text.partition("RssAnon:")[2].split()[0]) for text in texts) / 1000

    def cpu(self) -> float:
        """Give the seconds that its processes have computed so far, all threads together."""
        tasks = [task for folder in self._processes() for task in (folder / "task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

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
