"""`banneret check`: figures agree with what they are made of, after anything; and what does not agree is told."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from banneret.kernel.ids import Identifiers
from banneret.operations.check import Finding, check, repair
from banneret.operations.context import server_context

if TYPE_CHECKING:
    from banneret.operations.context import Context
    from banneret.operations.ports import Transaction
    from tests.harness import World

KINDS = {
    "PortfolioItem/Theme": 1,
    "PortfolioItem/Initiative": 1,
    "PortfolioItem/Feature": 2,
    "HierarchicalRequirement": 6,
    "Defect": 3,
    "DefectSuite": 1,
    "TestSet": 1,
    "TestCase": 1,
    "Task": 8,
}
STATES = ("Defined", "In-Progress", "Completed", "Accepted")


async def find(world: World) -> list[Finding]:
    """Check everything in a reading unit of work, as the command does."""

    async def work(unit: Transaction) -> list[Finding]:
        landscape = await unit.landscape()
        assert landscape is not None
        return await check(server_context(unit, landscape, world.clock.now(), Identifiers(world.clock)))

    return await world.store.read(work)


class Storm:
    """Random requests of one seed: some are refused, as they should be; what matters is what is left."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)
        self.made: dict[str, list[str]] = {kind: [] for kind in (*KINDS, "Iteration", "Release")}
        self.refused = 0

    async def furnish(self) -> None:
        for n in range(3):
            day = f"2026-0{n + 2}-"
            dates = {"StartDate": day + "01", "EndDate": day + "20", "State": "Planning"}
            await self.create("Iteration", Name=f"I{n}", **dates)
            dates = {"ReleaseStartDate": day + "01", "ReleaseDate": day + "20", "State": "Planning"}
            await self.create("Release", Name=f"R{n}", **dates)

    async def create(self, kind: str, **body: Any) -> None:
        project = self.dice.choice(["engines", "engines", "wheels"])
        if kind != "Task":
            body["Project"] = f"/project/{self.world.ids[project]}"
        answer = await self.world.post(f"{kind.lower()}/create", {kind: body})
        if answer.errors:
            self.refused += 1
        else:
            self.made[kind].append(f"/{kind.lower()}/{answer.object['ObjectID']}")

    def any(self, *kinds: str) -> str | None:
        known = [ref for kind in kinds for ref in self.made[kind]]
        return self.dice.choice(known) if known else None

    def body(self, kind: str) -> dict[str, Any]:
        """Give a random body: anything that figures are made of, and who belongs to whom."""
        dice = self.dice
        number = [None, 0, 1, 2.5, 3.25]
        values: dict[str, Any]
        found: dict[str, Any]
        if kind == "Task":
            work = self.any("HierarchicalRequirement", "HierarchicalRequirement", "Defect", "DefectSuite", "TestSet")
            values = {"Estimate": dice.choice(number), "ToDo": dice.choice(number), "Actuals": dice.choice(number)}
            values |= {"State": dice.choice(STATES[:3]), "Blocked": dice.random() < 0.2}
            found = {"WorkProduct": work} if work else {}
        elif kind.startswith("PortfolioItem"):
            above = {"Feature": "Initiative", "Initiative": "Theme"}.get(kind.rpartition("/")[2])
            values = {"Parent": self.any(f"PortfolioItem/{above}")} if above else {}
            values |= {"Release": self.any("Release")} if above == "Initiative" else {}
            found = {}
        elif kind in {"Iteration", "Release", "TestCase"}:
            end = "EndDate" if kind == "Iteration" else "ReleaseDate"
            return {end: f"2026-0{dice.randint(4, 8)}-20"} if kind != "TestCase" else {}
        else:
            values = {"PlanEstimate": dice.choice(number), "ScheduleState": dice.choice(STATES)}
            values |= {"Iteration": self.any("Iteration"), "Release": self.any("Release")}
            found = {}
        if kind == "HierarchicalRequirement":
            found = dice.choice(
                [{"Parent": self.any(kind)}, {"PortfolioItem": self.any("PortfolioItem/Feature")}, {"Parent": None}, {}]
            )
        if kind == "Defect":
            values |= {"State": dice.choice(["Open", "Fixed", "Closed"])}
            values |= {"Requirement": self.any("HierarchicalRequirement"), "TestCase": self.any("TestCase")}
            suites = dice.sample(self.made["DefectSuite"], dice.randint(0, len(self.made["DefectSuite"])))
            values |= {"PortfolioItem": self.any("PortfolioItem/Feature"), "DefectSuites": suites}
        return found | {name: value for name, value in values.items() if dice.random() < 0.5}

    def request(self) -> tuple[str, str, dict[str, Any]]:
        """Give method, address and body of a random write."""
        kind = self.dice.choices(list(KINDS), list(KINDS.values()))[0]
        fate = self.dice.random()
        if fate < 0.08 and (ref := self.any(kind, kind)) is not None:
            self.made[kind].remove(ref)
            return "DELETE", ref, {}
        if fate < 0.2:
            kind = self.dice.choice([kind, "Iteration", "Release"])
        ref = self.any(kind)
        if ref is None or fate > 0.6:
            return "POST", f"/{kind.lower()}/create", {kind: {"Name": "x", **self.body(kind)}}
        return "POST", ref, {kind: self.body(kind)}

    async def blow(self, steps: int) -> None:
        for _ in range(steps):
            self.world.clock.advance(timedelta(minutes=7))
            if self.dice.random() < 0.15:
                requests = [self.request() for _ in range(5)]
                entries = [{"Entry": {"Path": path, "Method": method, "Body": body}} for method, path, body in requests]
                results = (await self.world.post("batch", {"Batch": entries})).inner["Results"]
                for (_, path, body), result in zip(requests, results, strict=True):
                    self.note(path, body, result.get("Object"), result["Errors"])
                continue
            method, path, body = self.request()
            if path.endswith("/create"):
                (kind,) = body
                await self.create(kind, **body[kind])
            else:
                answer = await self.world.call(method, path, body, user="admin")
                self.refused += bool(answer.errors)
            if self.dice.random() < 0.05:
                await self.restore()

    def note(self, path: str, body: dict[str, Any], made: dict[str, Any] | None, errors: list[str]) -> None:
        self.refused += bool(errors)
        if path.endswith("/create") and made is not None and not errors:
            (kind,) = body
            self.made[kind].append(f"/{kind.lower()}/{made['ObjectID']}")

    async def restore(self) -> None:
        entries = (await self.world.get("recyclebinentry", fetch="ObjectID")).results
        if entries:
            oid = self.dice.choice(entries)["ObjectID"]
            await self.world.post(f"recyclebinentry/{oid}/restore", {})


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_differs_after_a_storm(world: World, seed: int) -> None:
    """Creates, updates, moves, new parents, deletes, restores and batches at random leave every figure right."""
    storm = Storm(world, seed)
    await storm.furnish()
    await storm.blow(150)
    assert [str(found) for found in await find(world)] == []
    assert storm.refused < 75  # else the storm says little
    assert all(storm.made[kind] for kind in KINDS)


@pytest.mark.parametrize("damage", [False, True])
async def test_a_wrong_figure_is_found_and_mended(world: World, damage: bool) -> None:
    storm = Storm(world, 1)
    await storm.furnish()
    await storm.blow(40)
    story = int(storm.made["HierarchicalRequirement"][0].rpartition("/")[2])
    feature = int(storm.made["PortfolioItem/Feature"][0].rpartition("/")[2])
    wrong = {story: {"taskestimatetotal": 99.0, "feature_oid": 7}, feature: {"leafstorycount": 99}}

    async def spoil(context: Context) -> None:
        for oid, columns in wrong.items():
            context.unit.writer.update("artifact", {"oid": oid}, columns)

    if damage:
        await world.server(spoil)
    found = await find(world)
    named = {(each.oid, each.attribute) for each in found}
    expected = {(story, "TaskEstimateTotal"), (story, "Feature"), (feature, "LeafStoryCount")} if damage else set()
    assert named >= expected
    assert bool(found) is damage
    await world.server(lambda context: repair(context, found))
    assert await find(world) == []


@pytest.mark.parametrize("table", ["artifact", "directory", "revision"])
async def test_what_is_missing_is_found(world: World, table: str) -> None:
    """An object without an entry, an entry without an object, a gap in a history, a ref that leads nowhere."""
    made = await world.make("HierarchicalRequirement", Name="x", Project=f"/project/{world.ids['engines']}")
    oid = made["ObjectID"]
    await world.post(f"hierarchicalrequirement/{oid}", {"HierarchicalRequirement": {"Name": "y"}})
    assert await find(world) == []
    (row,) = await world.rows("artifact", "revisionhistory_oid", oid=oid)
    where = {"revisionhistory_oid": row[0], "revisionnumber": 0} if table == "revision" else {"oid": oid}

    async def spoil(context: Context) -> None:
        context.unit.writer.delete(table, where)

    await world.server(spoil)
    assert {found.oid for found in await find(world)} == {oid}
