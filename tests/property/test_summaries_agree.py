"""A summary counts what a plain look at each member counts, whoever asks, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banneret.access.sight import ALL, Sight
from banneret.kernel.ids import Identifiers
from banneret.operations.context import server_context
from banneret.operations.fetch import EVERYTHING, parse_fetch
from banneret.operations.summaries import NO_ENTRY, summarise
from tests import databases, harness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from banneret.storage.unit import Transaction

OWNERS = (101, 102, 103)
MEMBER = 200


class Ground:
    """The world on one database, and the loop that its connections belong to."""

    def __init__(self, opening: Any) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = self.run(harness.build_world(self.run(opening)))

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    if request.param == "sqlite":
        made = Ground(harness.open_sqlite(tmp_path_factory.mktemp("summaries")))
    else:
        made = Ground(harness.open_postgresql(databases.make_postgres_url()))
    yield made
    made.run(made.world.store.close())
    made.loop.close()


class _Undo(Exception):
    pass


MEMBERS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["Task", "Defect"]),
            "above": st.sampled_from([*OWNERS, None]),
            "place": st.sampled_from(["engines", "pistons", "wheels"]),
            "State": st.sampled_from(["Defined", "Completed", "a+b", "", None]),
            "Blocked": st.sampled_from([True, False, None]),
            "Owner": st.sampled_from(["editor", "viewer", None]),
            "Estimate": st.sampled_from([1.0, 2.5, None]),
            "Severity": st.sampled_from(["Cosmetic", None]),
        }
    ),
    max_size=8,
)
NAMES = ("State", "Blocked", "Owner", "Estimate", "Severity", "Project")
SETS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True), max_size=3)
COLUMNS = {"State": "state", "Blocked": "blocked", "Estimate": "estimate", "Severity": "severity"}
HAS = {
    "Task": {"State", "Blocked", "Owner", "Estimate", "Project"},
    "Defect": {"State", "Blocked", "Owner", "Severity", "Project"},
}
HELD = {"Tasks": {"Task"}, "Defects": {"Defect"}, "MixedChildren": {"Task", "Defect"}}
KNOWN = {"Tasks": HAS["Task"], "Defects": HAS["Defect"], "MixedChildren": set(NAMES)}
"""What some member can have: any artifact can be a mixed child."""


def said(member: dict[str, Any], name: str) -> str:
    if name not in HAS[member["kind"]]:
        return NO_ENTRY
    if name in {"Owner", "Project"}:
        value = member["Owner"] if name == "Owner" else member["place"]
        return NO_ENTRY if value is None else str(value.title())
    value = member[name]
    if value is None or value == "":
        return "None" if name == "Severity" else NO_ENTRY
    return str(value).lower() if isinstance(value, bool) else str(value)


def counted(members: list[dict[str, Any]], known: set[str], sets: list[list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {"Count": len(members)}
    for names in sets:
        if known.issuperset(names):
            key = "+".join(names)
            values = ("+".join(said(member, name) for name in names) for member in members)
            found[key.lower() if len(names) > 1 else key] = dict(Counter(values))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=MEMBERS, sets=SETS, everything=st.booleans())
def test_summaries_count_members(
    ground: Ground, members: list[dict[str, Any]], sets: list[list[str]], everything: bool
) -> None:
    world = ground.world
    ids = world.ids
    seen = {"engines", "pistons"}
    projects = frozenset(ids[name] for name in seen)
    sight = ALL if everything else Sight(ids["editor"], projects, projects, frozenset({ids["main"]}))
    done: list[int] = []

    async def work(unit: Transaction) -> None:
        landscape = await unit.landscape()
        assert landscape is not None
        context = replace(
            server_context(unit, landscape, world.clock.now(), Identifiers(world.clock)),
            sight=sight,
            workspace=ids["main"],
        )

        def add(oid: int, kind: str, place: str, **columns: Any) -> None:
            fixed = {"oid": oid, "uuid": f"u{oid}", "creationdate": "", "versionid": 1, "concrete_type": kind}
            where = {"workspace_oid": ids["main"], "project_oid": ids[place]}
            unit.writer.insert("artifact", {**fixed, **where, **columns})
            entry = {"oid": oid, "type": kind, "uuid": f"u{oid}", "name": "", **where}
            unit.writer.insert("directory", entry)

        for owner in OWNERS:
            add(owner, "HierarchicalRequirement", "engines", name="s")
        for oid, member in enumerate(members, MEMBER):
            link = "workproduct_oid" if member["kind"] == "Task" else "requirement_oid"
            own = {column: member[name] for name, column in COLUMNS.items() if name in HAS[member["kind"]]}
            owner = ids[member["Owner"]] if member["Owner"] else None
            add(oid, member["kind"], member["place"], owner_oid=owner, **{link: member["above"]}, **own)
        await unit.writer.flush()
        brackets = ";".join("+".join(names) for names in sets)
        fetch = parse_fetch(",".join(f"{name}:summary[{brackets}]" for name in HELD), None, EVERYTHING)
        item = context.schema.get("HierarchicalRequirement")
        found = await summarise(context, item, fetch.summaries, OWNERS)
        for owner in OWNERS:
            for name, kinds in HELD.items():
                below = [
                    member
                    for member in members
                    if member["above"] == owner and member["kind"] in kinds and (everything or member["place"] in seen)
                ]
                assert found[owner][name] == counted(below, KNOWN[name], sets)
        done.append(1)
        raise _Undo

    with pytest.raises(_Undo):
        ground.run(world.store.write(work))
    assert done
