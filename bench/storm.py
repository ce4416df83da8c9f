"""`python -m bench.storm`: many writers on the same few items of a real server, and a look at everything afterwards.

The server is `banneret serve` with a scenario: two workers on PostgreSQL, one process on SQLite. Writers rename, tag, rank, plan, move,
create and delete, hang stories below each other and below features, and note what was answered; `aftermath` holds the answers against
what can be read when the storm is over, and `banneret check` makes every figure anew and compares.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop

import banneret
from bench.aftermath import faults
from bench.line import Line, Lost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USERS = 4
STORIES, DEFECTS, FEATURES = 35, 15, 3
_MOST_TASKS = 120
_START = 90.0
_STOP = 20.0

_EXPECTED = (
    "Concurrency conflict",
    "to update.",
    "Object to delete cannot be null",
    "Could not read referenced object",
    "cannot be its own ancestor",
)
"""What may be answered to who comes second: a conflict, a task that somebody just deleted, a story that is above the other by now."""


def _scenario() -> dict[str, Any]:
    """Give the scene: four editors with keys, 50 items, a few tags."""
    users = [f"writer{n}@storm.test" for n in range(USERS)]
    kinds = ["HierarchicalRequirement"] * STORIES + ["Defect"] * DEFECTS
    return {
        "subscription": {"Name": "Storm"},
        "users": [{"UserName": user, "Password": f"St0rm-{user}", "role": "editor"} for user in users],
        "workspaces": [{"_id": "main", "Name": "Storm", "projects": [{"_id": "sea", "Name": "Sea"}]}],
        "permissions": [{"User": user, "Project": "sea", "Role": "Editor"} for user in users],
        "objects": [
            *({"_type": "Tag", "Workspace": "main", "Name": f"tag{n}"} for n in range(4)),
            *({"_type": kind, "Project": "sea", "Name": f"item {n}"} for n, kind in enumerate(kinds)),
            *({"_type": "PortfolioItem/Feature", "Project": "sea", "Name": f"feature {n}"} for n in range(FEATURES)),
        ],
        "keys": [
            {"name": f"key{n}", "user": user, "grant": "full", "Secret": f"_STORM{n}".ljust(44, "0")}
            for n, user in enumerate(users)
        ],
    }


@contextmanager
def serving(database: str, workers: int, folder: Path) -> Iterator[dict[str, Any]]:
    """Serve the scene from an empty database and give what the ready file says."""
    scene, ready = folder / "storm.yaml", folder / "ready.json"
    scene.write_text(json.dumps(_scenario()), encoding="utf-8")  # JSON is YAML
    command = [sys.executable, "-c", "from banneret.cli import app; app()", "serve", "--port", "0"]
    options = {"--database": database, "--workers": str(workers), "--scenario": str(scene), "--ready-file": str(ready)}
    process = subprocess.Popen(
        [*command, *(part for option in options.items() for part in option)],
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _START
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)
        yield json.loads(ready.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def differences(database: str, folder: Path) -> list[str]:
    """Give what `banneret check` finds; empty when every figure is what its parts add up to."""
    command = [sys.executable, "-c", "from banneret.cli import app; app()", "check", "--database", database]
    found = subprocess.run(command, env=_environment(folder), capture_output=True, text=True, check=False)
    return [] if found.returncode == 0 else (found.stdout or found.stderr).splitlines()


def _environment(folder: Path) -> dict[str, str]:
    source = str(Path(banneret.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": source, "BANNERET_DATA_DIR": str(folder / "data")}


@dataclass(slots=True)
class Write:
    """One write as its writer saw it.

    `outcome` is done, conflict, refused or unknown (no answer). `version` is the VersionId answered; for tags how many members the
    answer says came or went. `text` is what a rename wrote, or the error.
    """

    kind: str
    oid: int
    outcome: str = "unknown"
    version: int = 0
    text: str = ""
    seconds: float = 0.0


@dataclass
class Sea:
    """What writers share: the items, the tags, the tasks that are known to exist; until when, and how many writes at most."""

    items: list[str]
    features: list[str]
    tags: list[str]
    until: float
    most: int
    tasks: list[str] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)

    @property
    def calm(self) -> bool:
        """Whether the storm is over."""
        return time.monotonic() >= self.until or len(self.writes) >= self.most


class Writer:
    """Writes until the storm is over."""

    def __init__(self, number: int, again: int, line: Line, sea: Sea) -> None:
        self._name = f"w{number}-{again}"
        self._line = line
        self._sea = sea
        self._chance = random.Random(f"{number} {again}")
        self._serial = 0

    async def run(self) -> None:
        """Write."""
        kinds, weights = zip(*_KINDS.items(), strict=True)
        while not self._sea.calm:
            (kind,) = self._chance.choices(kinds, weights)
            if kind in {"plan", "move", "delete"} and not self._sea.tasks:
                kind = "create"
            if kind == "create" and len(self._sea.tasks) >= _MOST_TASKS:
                kind = "delete"
            await getattr(self, f"_{kind}")()

    async def _write(self, kind: str, method: str, path: str, body: Any = None, **params: object) -> dict[str, Any]:
        """Send a write and note what came of it."""
        tail = path.split("/")[1]
        write = Write(kind, int(tail) if tail.isdigit() else 0, text=params.pop("text", ""))  # type: ignore[arg-type]
        self._sea.writes.append(write)
        began = time.perf_counter()
        try:
            inner = await self._line.call(method, path, body, **params)
        except Lost as lost:
            write.text = write.text or str(lost)
            raise
        write.seconds = time.perf_counter() - began
        if inner["Errors"]:
            (error,) = inner["Errors"]
            write.outcome = "conflict" if error.startswith(_EXPECTED[0]) else "refused"
            write.text = write.text if kind == "rename" and write.outcome == "conflict" else error
            return {}
        write.outcome = "done"
        found: dict[str, Any] = inner.get("Object", {})
        if kind == "create":
            write.oid = found["ObjectID"]
        write.version = len(inner["Results"]) if "Results" in inner else int(found.get("VersionId", 0))
        return found

    async def _rename(self) -> None:
        self._serial += 1
        name = f"{self._name}-{self._serial}"
        item = self._chance.choice(self._sea.items)
        found = await self._write("rename", "POST", item, {"x": {"Name": name}}, fetch="Name,VersionId", text=name)
        if found and found["Name"] != name:
            self._sea.writes[-1].text = f"{name}, answered as {found['Name']}"

    async def _tag(self) -> None:
        item, tag = self._chance.choice(self._sea.items), self._chance.choice(self._sea.tags)
        await self._write("tag", "POST", f"{item}/Tags/add", {"CollectionItems": [{"_ref": tag}]})

    async def _untag(self) -> None:
        item, tag = self._chance.choice(self._sea.items), self._chance.choice(self._sea.tags)
        await self._write("untag", "POST", f"{item}/Tags/remove", {"CollectionItems": [{"_ref": tag}]})

    async def _rank(self) -> None:
        one, other = self._chance.sample(self._sea.items, 2)
        place = self._chance.choice(
            ({"rankAbove": other}, {"rankBelow": other}, {"rankTo": "TOP"}, {"rankTo": "BOTTOM"})
        )
        await self._write("rank", "POST", one, {"x": {}}, **place, fetch="VersionId")

    async def _plan(self) -> None:
        values = {name: self._chance.randrange(10) for name in ("Estimate", "ToDo", "Actuals")}
        await self._write("plan", "POST", self._chance.choice(self._sea.tasks), {"x": values}, fetch="VersionId")

    async def _estimate(self) -> None:
        values = {"PlanEstimate": self._chance.randrange(10), "ScheduleState": self._chance.choice(_STATES)}
        await self._write("estimate", "POST", self._chance.choice(self._sea.items), {"x": values}, fetch="VersionId")

    async def _hang(self) -> None:
        one, other = self._chance.sample([item for item in self._sea.items if item.startswith("hier")], 2)
        feature = self._chance.choice(self._sea.features)
        values = self._chance.choice(({"Parent": other}, {"Parent": None}, {"PortfolioItem": feature}))
        await self._write("hang", "POST", one, {"x": values}, fetch="VersionId")

    async def _move(self) -> None:
        body = {"x": {"WorkProduct": self._chance.choice(self._sea.items)}}
        await self._write("move", "POST", self._chance.choice(self._sea.tasks), body, fetch="VersionId")

    async def _create(self) -> None:
        owner = self._chance.choice(self._sea.items)
        body = {"Name": "task", "WorkProduct": owner, "Estimate": self._chance.randrange(10), "ToDo": 1}
        found = await self._write("create", "POST", "task/create", {"x": body}, fetch="ObjectID,VersionId")
        if found:
            self._sea.tasks.append(f"task/{found['ObjectID']}")

    async def _delete(self) -> None:
        task = self._chance.choice(self._sea.tasks)
        await self._write("delete", "DELETE", task)
        if task in self._sea.tasks:
            self._sea.tasks.remove(task)


_STATES = ("Defined", "In-Progress", "Completed", "Accepted")
_KINDS = {
    "rename": 50,
    "tag": 6,
    "untag": 4,
    "rank": 6,
    "plan": 20,
    "move": 6,
    "create": 6,
    "delete": 4,
    "estimate": 8,
    "hang": 4,
}
"""What writers do, and how often."""


@dataclass
class Outcome:
    """What a storm left: `faults` is empty where everything held."""

    database: str
    seconds: float
    writes: list[Write]
    faults: list[str]

    @property
    def counts(self) -> Counter[str]:
        """How many writes ended how."""
        return Counter(write.outcome for write in self.writes)

    def line(self) -> str:
        """Give the line of the table."""
        counts = self.counts
        ordered = sorted(write.seconds for write in self.writes if write.outcome == "done")
        p50, p99 = (ordered[int(share * (len(ordered) - 1))] * 1000 if ordered else 0.0 for share in (0.5, 0.99))
        return (
            f"| {self.database} | {counts['done']:,} | {counts['done'] / self.seconds:,.0f} | {p50:.0f} | {p99:.0f} "
            f"| {counts['conflict']} | {counts['refused']} | {counts['unknown']} | {len(self.faults)} |"
        )


HEAD = (
    "| database | answered writes | a second | p50 ms | p99 ms | conflicts | came second | unanswered | faults |\n"
    "| --- |" + " ---: |" * 8
)


async def storm(url: str, keys: Sequence[str], size: Size) -> tuple[list[Write], list[str]]:
    """Let writers loose on a server that serves the scene; give what they did and what is wrong afterwards."""
    async with Line(url, keys[0]) as line:
        items = [await line.all(name, fetch="ObjectID") for name in ("HierarchicalRequirement", "Defect")]
        features = [_path(item) for item in await line.all("PortfolioItem/Feature", fetch="ObjectID")]
        tags = [_path(tag) for tag in await line.all("tag")]
    sea = Sea(
        [_path(item) for page in items for item in page], features, tags, time.monotonic() + size.seconds, size.most
    )

    async def write(number: int) -> None:
        again = 0
        while not sea.calm:
            try:
                async with Line(url, keys[number % len(keys)]) as own:
                    await Writer(number, again, own, sea).run()
            except (Lost, OSError):
                again += 1
                await asyncio.sleep(0.1)

    await asyncio.gather(*(write(number) for number in range(size.writers)))
    async with Line(url, keys[0]) as line:
        told = await faults(line, sea.writes)
    for one in sea.writes:
        if one.outcome == "refused" and not any(text in one.text for text in _EXPECTED):
            told.append(f"{one.kind} of {one.oid} was refused: {one.text}")
        if one.outcome == "unknown":
            told.append(f"{one.kind} of {one.oid} was not answered: {one.text}")
    return sea.writes, told


def _path(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


@dataclass(frozen=True)
class Size:
    """How large a storm is: it ends after so many seconds, or so many writes."""

    seconds: float
    writers: int
    most: int = sys.maxsize


def run(name: str, database: str, workers: int, size: Size, folder: Path) -> Outcome:
    """Serve, storm and look."""
    with serving(database, workers, folder) as ready:
        keys = [entry["secret"] for entry in ready["keys"]]
        writes, told = uvloop.run(storm(ready["url"], keys, size))
    told += differences(database, folder)
    return Outcome(name, size.seconds, writes, told)


def main() -> None:
    """Run what the command line asks for."""
    from bench.__main__ import empty_postgresql  # only a run with PostgreSQL needs it

    parser = argparse.ArgumentParser(prog="python -m bench.storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--database", default="sqlite,postgresql")
    asked = parser.parse_args()
    size = Size(asked.seconds, asked.writers)
    failed = False
    print(HEAD)
    for kind in asked.database.split(","):
        with tempfile.TemporaryDirectory(prefix="banneret-storm-") as place:
            folder = Path(place)
            if kind == "sqlite":
                outcome = run("SQLite", str(folder / "storm.db"), 1, size, folder)
            else:
                with empty_postgresql(folder / "postgresql", "storm") as url:
                    outcome = run("PostgreSQL", url, 2, size, folder)
        print(outcome.line(), flush=True)
        for told in outcome.faults[:50]:
            print(f"  {told}", flush=True)
        failed = failed or bool(outcome.faults)
    raise SystemExit(int(failed))


if __name__ == "__main__":
    main()
