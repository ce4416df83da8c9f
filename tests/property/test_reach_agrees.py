"""What `access.reach` says of whole landscapes is what the single questions of `access.rules` and `access.sight` answer."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from banneret.access.identity import AuthMethod, Identity, KeyRecord, SubscriptionState, UserRecord
from banneret.access.keys import Grant
from banneret.access.landscape import Landscape, ProjectFacts, WorkspaceFacts
from banneret.access.reach import in_projects, reach, shared_in_workspaces
from banneret.access.roles import Delegations, Permissions
from banneret.access.rules import may, narrowed, reaching
from banneret.catalogue.loader import stock_schema

SCHEMA = stock_schema()
ME = 1
WORKSPACES, PROJECTS = (100, 101, 102), tuple(range(200, 208))
NAMES = ("Artifact", "Defect", "Tag", "Workspace", "Project", "Subscription", "Attachment", "FlowState", "Milestone")


@st.composite
def landscapes(draw: st.DrawFn) -> Landscape:
    """Workspaces and trees of projects, open and closed."""
    workspaces = {
        oid: WorkspaceFacts(oid, f"w{oid}", draw(st.sampled_from("abc")), draw(st.booleans()), ZoneInfo("UTC"), SCHEMA)
        for oid in WORKSPACES
    }
    projects: dict[int, ProjectFacts] = {}
    for oid in PROJECTS:
        parent = draw(st.none() | st.sampled_from(sorted(projects))) if projects else None
        home = projects[parent].workspace if parent is not None else draw(st.sampled_from(WORKSPACES))
        projects[oid] = ProjectFacts(oid, f"p{oid}", draw(st.sampled_from("abc")), parent, home, draw(st.booleans()))
    return Landscape(1, 9, "s", "Acme", SubscriptionState(), Delegations(), SCHEMA, workspaces, projects)


@st.composite
def holders(draw: st.DrawFn) -> tuple[Landscape, Permissions, KeyRecord]:
    """A landscape, what a user was granted in it, and a key of his with limits."""
    landscape = draw(landscapes())
    roles = st.sampled_from(["Admin", "Editor", "Viewer", "No Access"])
    granted = draw(st.dictionaries(st.sampled_from(PROJECTS), roles, max_size=5))
    permissions = Permissions.of(
        draw(st.lists(st.tuples(st.sampled_from(WORKSPACES), st.sampled_from(["Admin", "User"])), max_size=2)),
        [(project, landscape.projects[project].workspace, role) for project, role in granted.items()],
        subscription_admin=draw(st.booleans()),
    )
    key = KeyRecord(
        oid=1,
        user_oid=ME,
        display_name="k",
        grant=draw(st.sampled_from(Grant)),
        created_at=datetime(2026, 1, 5, tzinfo=UTC),
        projects=tuple(draw(st.sets(st.sampled_from(PROJECTS), max_size=2))),
        scope_down=draw(st.booleans()),
        types=tuple(draw(st.sets(st.sampled_from(NAMES), max_size=2))),
    )
    return landscape, permissions, key


@given(holders())
def test_reach_agrees_with_every_single_question(held: tuple[Landscape, Permissions, KeyRecord]) -> None:
    """For each project and workspace of the landscape, asked one by one, as `create`, `update` and a page would ask."""
    landscape, permissions, plain = held
    key = reaching(plain, landscape)
    me = Identity(UserRecord(ME, "u", "me@acme.test"), AuthMethod.KEY, permissions, key=key, grant=key.grant)
    sight = narrowed(landscape.sight(permissions, ME), key, landscape)
    found = reach(me, sight, landscape)

    def writes(name: str, workspace: int, project: int | None) -> bool:
        return may(me, "create", name, SCHEMA.types[name].lineage, workspace=workspace, project=project)

    projects = {project.oid: project for project in found.projects}
    assert set(projects) == {
        oid
        for oid, facts in landscape.projects.items()
        if sight.sees_project(oid) and sight.sees(facts.workspace, None)
    }
    for oid, said in projects.items():
        home = landscape.projects[oid].workspace
        seen = sight.sees(home, oid)
        assert said.reads == (
            seen and any(sight.types is None or item.name in sight.types for item in in_projects(SCHEMA))
        )
        assert said.writes == (seen and any(writes(item.name, home, oid) for item in in_projects(SCHEMA)))
        lineage = SCHEMA.get("Project").lineage
        assert said.administers == may(
            me, "update", "Project", lineage, workspace=home, project=oid, attributes=("Description",)
        )
    assert {each.oid for each in found.workspaces} == {oid for oid in WORKSPACES if sight.sees(oid, None)}
    for each in found.workspaces:
        shared = any(writes(item.name, each.oid, None) for item in shared_in_workspaces(SCHEMA))
        assert each.writes == (shared and each.is_open)
        lineage = SCHEMA.get("Workspace").lineage
        assert each.administers == may(me, "update", "Workspace", lineage, workspace=each.oid, project=None)
    lineage = SCHEMA.get("Subscription").lineage
    assert found.administers == may(
        me, "update", "Subscription", lineage, workspace=None, project=None, attributes=("PasswordExpirationDays",)
    )


@given(holders())
def test_a_limit_only_ever_takes_away(held: tuple[Landscape, Permissions, KeyRecord]) -> None:
    """A key reaches nothing that its user does not (behaviours A4)."""
    landscape, permissions, plain = held
    key = reaching(plain, landscape)
    user = UserRecord(ME, "u", "me@acme.test")
    whole = landscape.sight(permissions, ME)
    own = reach(Identity(user, AuthMethod.BASIC, permissions), whole, landscape)
    limited = Identity(user, AuthMethod.KEY, permissions, key=key, grant=key.grant)
    left = reach(limited, narrowed(whole, key, landscape), landscape)
    for kind in ("reads", "writes", "administers"):
        assert {each.oid for each in left.projects if getattr(each, kind)} <= {
            each.oid for each in own.projects if getattr(each, kind)
        }
    assert left.administers <= own.administers
    if key.grant is Grant.READ_ONLY:
        assert not left.writes
        assert not left.administers
        assert not any(each.administers for each in left.projects)
        assert not any(each.administers for each in left.workspaces)
