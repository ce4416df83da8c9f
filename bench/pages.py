"""`python -m bench.pages`: time to first byte of the pages of work items, as a ratio to a bare page of the same server.

The bare page is one that a visitor who has logged in sees too, with the frame and nothing in it: what it costs, every page costs.
Pages are asked for in turn, on one connection, so that what disturbs the machine disturbs all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from banneret.access.identity import SessionKind
from banneret.access.keys import lookup_hash
from banneret.kernel.clock import SystemClock
from banneret.kernel.values import to_wire
from banneret.operations.sessions import identifier
from bench.__main__ import _database
from bench.app import Server
from bench.data import KEY, SECRET, Facts, open_store, read_facts

if TYPE_CHECKING:
    from banneret.storage.unit import Transaction

BARE = "/login/accounts/clients"
SESSION = "a session of the benchmark alone"


def addresses(facts: Facts) -> dict[str, str]:
    """Give what is measured, by name."""
    defect, story = facts.defects[len(facts.defects) // 2], facts.stories[len(facts.stories) // 2]
    project = facts.projects[0]
    return {
        "bare page": BARE,
        "list, newest first": "/items/",
        "list of a project": f"/items/?in=project/{project}",
        "list of defects by rank": "/items/?type=defect&order=DragAndDropRank",
        "list by last update": "/items/?order=LastUpdateDate+desc",
        "list by name": "/items/?order=Name",
        "list, page 1,000": "/items/?page=1000",
        "list, words": "/items/?q=webhook+timeout",
        "list, WSAPI query": "/items/?type=defect&query=" + quote('((Priority = "High Attention") AND (State = Open))'),
        "one defect": f"/items/defect/{defect}",
        "one defect out of a list": f"/items/defect/{defect}?list=type%3Ddefect&at=500",
        "one story": f"/items/hierarchicalrequirement/{story}",
        "edit form": f"/items/defect/{defect}/edit",
        "form of one field": f"/items/defect/{defect}/edit?only=State",
    }


async def _log_in(database: str) -> None:
    """Begin a log-in of the user whose key the other benchmarks use."""
    store = open_store(database)
    moment = SystemClock().now()

    async def work(unit: Transaction) -> None:
        (user,) = (await unit.writer.fetch("api_key", {"lookup": lookup_hash(SECRET.encode(), KEY)}, ["user_oid"]))[0]
        unit.writer.delete("session", {"id": identifier(SESSION)})
        unit.writer.insert(
            "session",
            {
                "id": identifier(SESSION),
                "user_oid": user,
                "kind": SessionKind.BROWSER.value,
                "created_at": to_wire(moment),
                "last_used_at": to_wire(moment),
                "expires_at": to_wire(moment + timedelta(hours=24)),
            },
        )

    try:
        await store.write(work)
    finally:
        await store.close()


def measure(port: int, wanted: dict[str, str], rounds: int) -> dict[str, tuple[float, int]]:
    """Give the median milliseconds to the first byte of each page, and its bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    taken: dict[str, list[float]] = {name: [] for name in wanted}
    sizes: dict[str, int] = {}
    for number in range(rounds + 2):
        for name, path in wanted.items():
            connection.request("GET", path, headers={"cookie": f"banneret={SESSION}"})
            begun = time.perf_counter()
            answer = connection.getresponse()
            passed = time.perf_counter() - begun
            body = answer.read()
            if answer.status != 200:
                message = f"{path}: {answer.status} {answer.getheader('location')}"
                raise RuntimeError(message)
            sizes[name] = len(body)
            # The first rounds compile statements and templates.
            if number > 1:
                taken[name].append(passed * 1000)
    return {name: (median(times), sizes[name]) for name, times in taken.items()}


def main() -> None:
    """Fill a database, or take a filled one, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument(
        "--filled", type=Path, help="a SQLite file that is filled already, its facts beside it as .json"
    )
    asked = parser.parse_args()
    with ExitStack() as stack:
        if asked.filled:
            url, facts = str(asked.filled), asked.filled.with_suffix(".json")
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url, facts = stack.enter_context(_database(asked.database, asked.items, folder))
        asyncio.run(_log_in(url))
        server = stack.enter_context(Server("product", url if "://" in url else f"sqlite:///{url}", 1, facts))
        found = measure(server.port, addresses(read_facts(facts)), asked.rounds)
    bare = found["bare page"][0]
    print(f"{'page':28} {'ms':>8} {'ratio':>7} {'bytes':>8}")
    for name, (milliseconds, size) in found.items():
        print(f"{name:28} {milliseconds:8.1f} {milliseconds / bare:7.1f} {size:8}")


if __name__ == "__main__":
    main()
