"""A load generator that costs little: raw sockets, HTTP/1.1 kept alive, one request in flight a connection.

Every answer's status is looked at; of every tenth the body too: it must say that there are no errors.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, cast

import uvloop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHECKED = 10
_PATIENCE = 30.0
_NO_ERRORS = b'"Errors":[]'


@dataclass
class Measured:
    """What one slice of load took: latencies in seconds, and how long it ran."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def join(self, other: Measured) -> None:
        """Add another slice."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.cpu += other.cpu

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """Give a latency in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


class WrongAnswer(Exception):
    """The server answered something else than was to be measured."""


class _Client(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], until: float, done: asyncio.Future[None], *, check: bool) -> None:
        self.latencies: list[float] = []
        self._requests = requests
        self._until = until
        self._done = done
        self._check = check
        self._buffer = b""
        self._need = 0
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        assert self._transport is not None
        request = next(self._requests)
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer = self._buffer + data if self._buffer else data
        if not self._need:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            place = buffer.lower().find(b"content-length:", 0, end)
            self._need = end + 4 + int(buffer[place + 15 : buffer.find(b"\r\n", place)])
        if len(buffer) < self._need:
            return
        now = time.perf_counter()
        self.latencies.append(now - self._sent)
        wrong = not buffer.startswith(b"HTTP/1.1 200")
        if wrong or (self._check and len(self.latencies) % _CHECKED == 1 and _NO_ERRORS not in buffer):
            self._finish(WrongAnswer(buffer[:2000].decode(errors="replace")))
            return
        self._buffer = b""
        self._need = 0
        if now < self._until:
            self._next()
        else:
            self._finish(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish(exc or WrongAnswer("the server closed the connection"))

    def _finish(self, error: Exception | None) -> None:
        if not self._done.done():
            if error is None:
                self._done.set_result(None)
            else:
                self._done.set_exception(error)
        if self._transport is not None:
            self._transport.close()


async def _load(port: int, requests: Sequence[bytes], connections: int, seconds: float, *, check: bool) -> Measured:
    loop = asyncio.get_running_loop()
    source = cycle(requests)
    started = time.perf_counter()
    clients: list[_Client] = []
    waits: list[asyncio.Future[None]] = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        waits.append(done)
        client = _Client(source, started + seconds, done, check=check)
        clients.append(client)
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*waits), seconds + _PATIENCE)
    measured = Measured(time.perf_counter() - started)
    for client in clients:
        measured.latencies += client.latencies
    return measured


def load(port: int, requests: Sequence[bytes], connections: int, seconds: float, *, check: bool = True) -> Measured:
    """Send requests, one after the other on each connection, for so many seconds."""
    return uvloop.run(_load(port, requests, connections, seconds, check=check))
