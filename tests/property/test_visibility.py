"""One rule of sight in three forms: roles (`access.rules`), sets (`Sight.sees`) and SQL (`storage/visibility.py`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banneret.access.identity import AuthMethod, Identity, KeyRecord, SubscriptionState, UserRecord
from banneret.access.keys import Grant
from banneret.access.landscape import Landscape, ProjectFacts, WorkspaceFacts
from banneret.access.roles import Delegations, Permissions
from banneret.access.rules import can_read_project, can_read_workspace, narrowed, reaching
from banneret.access.sight import ALL, Sight
from banneret.catalogue.loader import stock_schema
from banneret.query.selection import Scope, Selection
from tests import harness

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from banneret.storage.unit import Store, Transaction

SCHEMA = stock_schema()
ME, ANOTHER = 1, 2
MOMENT = "2026-01-05T09:00:00.000Z"
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ITEM, SHARED, LOOSE = 1000, 2000, 3000
"""What is added to a project's ObjectID for its defect, to a workspace's for its tag; and where preferences begin."""

ROLES = (None, "", "No Access", "Viewer", "Editor", "Admin", "Project Admin", "User", "Workspace Admin")


@dataclass(frozen=True)
class Case:
    """A random installation as one user, with one key, meets it."""

    landscape: Landscape
    identity: Identity
    sight: Sight


@st.composite
def cases(draw: st.DrawFn) -> Case:
    count = draw(st.integers(1, 3))
    workspaces = {
        oid: WorkspaceFacts(oid, f"w{oid}", f"w{oid}", draw(st.integers(0, 5)) > 0, ZoneInfo("UTC"), SCHEMA)
        for oid in range(100, 100 + count)
    }
    projects: dict[int, ProjectFacts] = {}
    for oid in range(200, 200 + draw(st.integers(0, 6))):
        home = draw(st.sampled_from(sorted(workspaces)))
        above = [other for other, facts in projects.items() if facts.workspace == home]
        parent = draw(st.sampled_from([None, *above]))
        projects[oid] = ProjectFacts(oid, f"p{oid}", f"p{oid}", parent, home, is_open=draw(st.booleans()))
    roles = st.sampled_from(ROLES)
    permissions = Permissions.of(
        [(oid, draw(roles)) for oid in workspaces if draw(st.booleans())],
        [(oid, facts.workspace, draw(roles)) for oid, facts in projects.items() if draw(st.booleans())],
        subscription_admin=draw(st.integers(0, 4)) == 0,
    )
    landscape = Landscape(1, 9, "s", "s", SubscriptionState(), Delegations(), SCHEMA, workspaces, projects)
    reach = draw(st.none() | st.lists(st.sampled_from([*projects, 999]), max_size=3, unique=True))
    key = None
    if reach is not None:
        limits = {"projects": tuple(reach), "scope_down": draw(st.booleans())}
        types = tuple(draw(st.lists(st.sampled_from(["defect", "Artifact", "Tag", "Iteration"]), max_size=2)))
        key = reaching(KeyRecord(1, ME, "k", Grant.FULL, NOW, types=types, **limits), landscape)
    identity = Identity(UserRecord(ME, "u", "u"), AuthMethod.KEY if key else AuthMethod.BASIC, permissions, key=key)
    return Case(landscape, identity, narrowed(landscape.sight(permissions, ME), key, landscape))


def in_reach(case: Case, workspace: int) -> bool:
    """Whether the key, if limited to projects, has one in that workspace."""
    key, projects = case.identity.key, case.landscape.projects
    return (
        key is None
        or not key.projects
        or workspace in {projects[oid].workspace for oid in key.projects if oid in projects}
    )


def sees_type(sight: Sight, kind: str) -> bool:
    return sight.types is None or kind in sight.types


@given(cases())
def test_sets_say_what_roles_say(case: Case) -> None:
    landscape, identity, sight = case.landscape, case.identity, case.sight
    for facts in landscape.projects.values():
        readable = can_read_project(identity, facts.oid, facts.workspace)
        stands = facts.is_open and landscape.workspaces[facts.workspace].is_open
        assert sight.sees_project(facts.oid) is readable
        assert sight.sees(facts.workspace, facts.oid) is (readable and stands)
    for workspace in landscape.workspaces:
        readable = can_read_workspace(identity, workspace) and in_reach(case, workspace)
        assert sight.sees(workspace, None) is readable
    assert sight.sees(None, None)


@given(cases())
def test_a_key_never_sees_more_than_its_user(case: Case) -> None:
    whole = case.landscape.sight(case.identity.permissions, ME)
    for facts in case.landscape.projects.values():
        assert whole.sees(facts.workspace, facts.oid) or not case.sight.sees(facts.workspace, facts.oid)
        assert whole.sees_project(facts.oid) or not case.sight.sees_project(facts.oid)
    for workspace in case.landscape.workspaces:
        assert case.sight.sees(workspace, None) is (whole.sees(workspace, None) and in_reach(case, workspace))


# ---------------------------------------------------------------------- against the database


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("sight")
    opened = asyncio.run(harness.open_sqlite(path))
    yield opened
    asyncio.run(opened.close())


class _Undo(Exception):
    pass


def _add(unit: Transaction, kind: str, oid: int, *, workspace: int | None, project: int | None, **columns: Any) -> None:
    table = SCHEMA.get(kind).table
    assert table is not None
    row = {"oid": oid, "uuid": f"{kind}{oid}", "creationdate": MOMENT, "versionid": 1, **columns}
    if harness.LAYOUT.families[table].several:
        row["concrete_type"] = kind
    place = {"workspace_oid": workspace, "project_oid": project}
    unit.writer.insert(table.lower(), {**row, **place})
    unit.writer.insert("directory", {"oid": oid, "type": kind, "uuid": f"{kind}{oid}", "name": "x", **place})


def _furnish(unit: Transaction, landscape: Landscape) -> dict[str, dict[int, tuple[int | None, int | None]]]:
    """Store what the landscape says, an item in each project and a tag in each workspace; give their places by type."""
    places: dict[str, dict[int, tuple[int | None, int | None]]] = {
        "Project": {},
        "Workspace": {},
        "Defect": {},
        "Tag": {},
    }
    for oid in landscape.workspaces:
        places["Workspace"][oid] = oid, None
        places["Tag"][SHARED + oid] = oid, None
    for facts in landscape.projects.values():
        places["Project"][facts.oid] = facts.workspace, facts.oid
        places["Defect"][ITEM + facts.oid] = facts.workspace, facts.oid
    for kind, held in places.items():
        for oid, (workspace, project) in held.items():
            _add(unit, kind, oid, workspace=workspace, project=project)
    return places


async def _seen_by_sql(unit: Transaction, kind: str, oids: set[int], sight: Sight) -> set[int]:
    """Ask in each way that there is: rows, a page, a count; they must agree."""
    item = SCHEMA.get(kind)
    rows = {row[0] for row in await unit.reader.rows((item,), (), oids, sight)}
    selection = Selection((item,), Scope(), pagesize=2000)
    assert {row[0] for row in await unit.reader.page(selection, (), sight)} == rows
    assert await unit.reader.count(selection, sight) == len(rows)
    return rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_sql_says_what_sets_say(store: Store, case: Case) -> None:
    landscape, sight = case.landscape, case.sight

    async def work(unit: Transaction) -> None:
        places = _furnish(unit, landscape)
        await unit.writer.flush()
        for kind, held in places.items():
            expected = {
                oid
                for oid, (workspace, project) in held.items()
                if sees_type(sight, kind)
                and (sight.sees_project(oid) if kind == "Project" else sight.sees(workspace, project))
            }
            assert await _seen_by_sql(unit, kind, set(held), sight) == expected
            assert set(await unit.reader.references(held, sight)) == expected
            for oid in held:
                found = await unit.reader.reference_by_uuid(f"{kind}{oid}", sight)
                assert (found is not None) is (oid in expected)
            assert await _seen_by_sql(unit, kind, set(held), ALL) == set(held)
        raise _Undo

    with pytest.raises(_Undo):
        asyncio.run(store.write(work))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases(), data=st.data())
def test_personal_things_are_seen_by_their_user_and_where_he_sees_their_place(
    store: Store, case: Case, data: st.DataObject
) -> None:
    landscape, sight = case.landscape, case.sight
    homes = [(None, None), *((oid, None) for oid in landscape.workspaces)]
    homes += [(facts.workspace, facts.oid) for facts in landscape.projects.values()]
    things = data.draw(st.lists(st.tuples(st.sampled_from([None, ME, ANOTHER]), st.sampled_from(homes)), max_size=5))

    async def work(unit: Transaction) -> None:
        expected = set()
        for oid, (owner, (workspace, project)) in enumerate(things, LOOSE):
            _add(unit, "Preference", oid, workspace=workspace, project=project, user_oid=owner)
            if (
                sees_type(sight, "Preference")
                and sight.sees(workspace, project)
                and (owner in {None, ME} or sight.everything)
            ):
                expected.add(oid)
        await unit.writer.flush()
        assert await _seen_by_sql(unit, "Preference", set(range(LOOSE, LOOSE + len(things))), sight) == expected
        raise _Undo

    with pytest.raises(_Undo):
        asyncio.run(store.write(work))
