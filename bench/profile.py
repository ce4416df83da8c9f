"""Where the time of one request goes: the product in this process, without sockets, under a profiler.

`python -m bench.profile DATABASE FACTS [operation …]`. First the time per request without a profiler, and how much of it the
statements took (by CPU time on SQLite); then the functions that cost most by their own time, whose sum a profiler inflates.
"""

from __future__ import annotations

import asyncio
import cProfile
import os
import pstats
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from banneret.bootstrap import application, open_installation
from banneret.settings import Settings
from bench.data import SECRET, Facts, read_facts
from bench.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Sequence

OPERATIONS = ("read", "page", "expanded", "everything", "create", "update")
_ROUNDS = {"read": 1000, "page": 200, "expanded": 100, "everything": 60, "create": 500, "update": 500}
_SHOWN = 40


def to_scope(raw: bytes) -> tuple[dict[str, Any], bytes]:
    """Turn a request as it goes over the wire into an ASGI scope and its body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, target, _ = first.split(b" ")
    path, _, query = target.partition(b"?")
    headers = [line.split(b": ", 1) for line in lines]
    scope = {
        "type": "http",
        "method": method.decode(),
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
    }
    return scope, body


async def call(app: Any, raw: bytes) -> bytes:
    """Give the body of the answer to one request."""
    scope, body = to_scope(raw)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answer: bytes = sent[1]["body"]
    assert b'"Errors":[]' in answer, answer[:2000]
    return answer


class _Timed:
    """A connection whose statements are timed and counted."""

    def __init__(self, inner: Any, spent: Counter[str], counted: Counter[str]) -> None:
        self._inner = inner
        self._spent = spent
        self._counted = counted
        # SQLite computes in this thread, PostgreSQL elsewhere.
        self._clock = time.thread_time if hasattr(inner, "_execute") else time.perf_counter

    @property
    def queries(self) -> int:
        return int(self._inner.queries)

    async def fetch(self, statement: Any, values: dict[str, Any]) -> Any:
        started = self._clock()
        found = await self._inner.fetch(statement, values)
        key = statement.sql
        self._spent[key] += self._clock() - started  # type: ignore[assignment]
        self._counted[key] += 1
        return found

    async def write_all(self, writes: Sequence[Any]) -> None:
        for write in writes:
            started = self._clock()
            await self._inner.write_all([write])
            self._spent[write[0].sql] += self._clock() - started  # type: ignore[assignment]
            self._counted[write[0].sql] += 1


def watch(store: Any, spent: Counter[str], counted: Counter[str]) -> Any:
    """Time the statements of a store from now on; give what stops it."""
    driver = store.driver
    read, write = driver.read, driver.write
    driver.read = lambda work: read(lambda raw: work(_Timed(raw, spent, counted)))
    driver.write = lambda work: write(lambda raw: work(_Timed(raw, spent, counted)))

    def stop() -> None:
        driver.read, driver.write = read, write

    return stop


async def _profile(facts: Facts, operations: Sequence[str]) -> None:
    async with open_installation(Settings()) as installation:
        app = application(installation)
        requests = Requests(facts)
        for operation in operations:
            rounds = _ROUNDS[operation]
            some = requests.some(operation)
            for raw in some[: max(20, len(some) // 40)]:
                await call(app, raw)
            some = requests.some(operation)
            started, computed = time.perf_counter(), time.process_time()
            size = 0
            for n in range(rounds):
                size = len(await call(app, some[n % len(some)]))
            plain = (time.perf_counter() - started) / rounds * 1e6
            cpu = (time.process_time() - computed) / rounds * 1e6
            spent: Counter[str] = Counter()
            counted: Counter[str] = Counter()
            some = requests.some(operation)
            stop = watch(installation.store, spent, counted)
            for n in range(rounds):
                await call(app, some[n % len(some)])
            stop()
            sql = sum(spent.values()) / rounds * 1e6
            print(
                f"\n=== {operation}: {plain:.0f} us a request, {cpu:.0f} us of CPU, statements {sql:.0f} us, {size} bytes"
            )
            for text, seconds in spent.most_common(14):
                short = " ".join(text.split())
                print(
                    f"  {seconds / rounds * 1e6:8.1f} us  x{counted[text] / rounds:.2f}  {short[:60]} … {short[-110:]}"
                )
            some = requests.some(operation)
            profiler = cProfile.Profile(time.process_time)
            profiler.enable()
            for n in range(rounds):
                await call(app, some[n % len(some)])
            profiler.disable()
            _show(profiler, rounds)


def _show(profiler: cProfile.Profile, rounds: int) -> None:
    stats: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    rows = [
        (own / rounds * 1e6, whole / rounds * 1e6, calls / rounds, place)
        for place, (_, calls, own, whole, _) in stats.items()
    ]
    print("  own us   whole us   calls   function (under cProfile)")
    for own, whole, calls, (file, line, name) in sorted(rows, reverse=True, key=lambda row: row[0])[:_SHOWN]:
        print(f"  {own:8.1f} {whole:9.1f} {calls:8.1f}   {'/'.join(Path(file).parts[-2:])}:{line} {name}")


def main() -> None:
    """Profile the operations that the command line names, or all."""
    database, facts, *operations = sys.argv[1:]
    os.environ["BANNERET_DATABASE"] = database
    os.environ["BANNERET_SECRET_KEY"] = SECRET
    known = read_facts(facts)
    asyncio.run(_profile(known, operations or OPERATIONS))


if __name__ == "__main__":
    main()
