import inspect
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.access import predicates
from banneret.access.identity import AuthMethod, Identity, SessionKind, SubscriptionState
from banneret.access.keys import Grant
from banneret.access.landscape import Landscape, ProjectFacts, WorkspaceFacts
from banneret.access.predicates import Subject
from banneret.access.roles import Delegations, Permissions, Role
from banneret.access.rules import (
    PROFILE,
    RULES,
    SSO_SETTINGS,
    WRITES,
    Action,
    Permission,
    allowed,
    can_administer_project,
    can_administer_workspace,
    can_edit_project,
    can_read_project,
    can_read_workspace,
    may,
    narrowed,
    reaches_type,
    why,
)
from banneret.catalogue.loader import stock_schema
from tests.unit.access.factories import (
    ABROAD,
    ADA,
    EDIE,
    ENGINES,
    MAIN,
    OTHER,
    WHEELS,
    by_key,
    identity,
    roles,
    session,
    user,
)

ROLES = ["subscription_admin", "workspace_admin", "project_admin", "editor", "viewer", "no_access"]
DEFECT = ("PersistableObject", "DomainObject", "WorkspaceDomainObject", "Artifact", "Defect")
SCHEMA = stock_schema()


def lineage(type_name: str) -> tuple[str, ...]:
    return SCHEMA.get(type_name).lineage


def may_do(
    who: Identity,
    action: Action,
    type_name: str,
    *,
    workspace: int | None = MAIN,
    project: int | None = None,
    **facts: Any,
) -> bool:
    return may(who, action, type_name, lineage(type_name), workspace=workspace, project=project, **facts)


TABLE = [
    # what, with its facts, and the weakest role of access.md 3.3 that may
    ("create", "Defect", {"project": ENGINES}, "editor"),
    ("update", "HierarchicalRequirement", {"project": ENGINES}, "editor"),
    ("delete", "PortfolioItem/Feature", {"project": ENGINES}, "editor"),
    ("create", "Iteration", {"project": ENGINES}, "editor"),
    ("create", "Attachment", {"project": ENGINES}, "editor"),
    ("update", "Defect", {"project": WHEELS}, "workspace_admin"),
    ("update", "Defect", {"project": ABROAD, "workspace": OTHER}, "subscription_admin"),
    ("create", "Tag", {}, "editor"),
    ("update", "Milestone", {}, "editor"),
    ("create", "Tag", {"workspace": OTHER}, "subscription_admin"),
    ("update", "TypeDefinition", {}, "workspace_admin"),
    ("create", "AttributeDefinition", {}, "workspace_admin"),
    ("create", "WebLinkDefinition", {}, "workspace_admin"),
    ("update", "ScheduleState", {}, "workspace_admin"),
    ("update", "ScopedAttributeDefinition", {"project": ENGINES}, "workspace_admin"),
    ("create", "AllowedAttributeValue", {}, "workspace_admin"),
    ("update", "Subscription", {"attributes": ["EmailEnabled"]}, "subscription_admin"),
    ("update", "User", {"project": ENGINES, "target_user": ADA}, "subscription_admin"),
    ("create", "State", {}, "workspace_admin"),
    ("update", "WorkspaceConfiguration", {}, "workspace_admin"),
    ("delete", "RecycleBinEntry", {"project": ENGINES}, "workspace_admin"),
    ("create", "FlowState", {"project": ENGINES}, "project_admin"),
    ("create", "Project", {"project": ENGINES}, "workspace_admin"),
    ("update", "Project", {"project": ENGINES, "attributes": ["Name"]}, "project_admin"),
    ("update", "Project", {"project": ENGINES, "attributes": ["Name", "State"]}, "workspace_admin"),
    ("update", "Project", {"project": ENGINES, "attributes": ["Parent"]}, "workspace_admin"),
    ("update", "Project", {"project": ENGINES, "attributes": ["state"]}, "workspace_admin"),
    ("update", "Project", {"project": ENGINES}, "workspace_admin"),
    ("create", "Workspace", {"workspace": None}, "subscription_admin"),
    ("update", "Workspace", {}, "workspace_admin"),
    ("update", "Subscription", {"workspace": None, "attributes": ["ApiKeysEnabled"]}, "subscription_admin"),
    ("create", "ProjectPermission", {"project": ENGINES, "target_user": ADA}, "project_admin"),
    ("delete", "ProjectPermission", {"project": WHEELS, "target_user": ADA}, "workspace_admin"),
    ("create", "WorkspacePermission", {"target_user": ADA}, "workspace_admin"),
    ("create", "User", {"workspace": None}, "subscription_admin"),
    ("delete", "User", {"workspace": None, "target_user": EDIE}, "subscription_admin"),
    (
        "update",
        "User",
        {"workspace": None, "target_user": EDIE, "attributes": ["phone", "Role"]},
        "no_access",
    ),
    ("update", "User", {"workspace": None, "target_user": EDIE, "attributes": []}, "no_access"),
    (
        "update",
        "User",
        {"workspace": None, "target_user": ADA, "attributes": ["Phone"]},
        "subscription_admin",
    ),
    ("update", "User", {"workspace": None, "target_user": EDIE}, "subscription_admin"),
    (
        "update",
        "User",
        {"workspace": None, "target_user": EDIE, "attributes": ["Disabled"]},
        "subscription_admin",
    ),
    (
        "update",
        "User",
        {"workspace": None, "target_user": EDIE, "attributes": ["Phone", "EmailAddress"]},
        "subscription_admin",
    ),
    ("update", "UserProfile", {"workspace": None, "target_user": EDIE}, "no_access"),
    ("update", "UserProfile", {"workspace": None, "target_user": ADA}, "subscription_admin"),
    ("create", "ProfileImage", {"workspace": None, "target_user": EDIE}, "no_access"),
    ("update", "Preference", {"target_user": EDIE}, "no_access"),
    ("update", "Preference", {"target_user": ADA, "project": ENGINES}, "subscription_admin"),
    ("create", "Preference", {"project": ENGINES}, "editor"),
    ("create", "Preference", {}, "workspace_admin"),
    ("create", "Preference", {"workspace": None}, "subscription_admin"),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("action", "type_name", "facts", "weakest"), TABLE)
def test_who_may_write_what(role: str, action: Action, type_name: str, facts: dict[str, Any], weakest: str) -> None:
    expected = ROLES.index(role) <= ROLES.index(weakest)
    assert may_do(identity(role), action, type_name, **facts) is expected
    assert may_do(by_key(role), action, type_name, **facts) is expected, "a key may what its owner may"
    assert not may_do(by_key(role, grant=Grant.READ_ONLY), action, type_name, **facts)


@pytest.mark.parametrize("item", [item for item in SCHEMA.types.values() if not item.abstract])
@pytest.mark.parametrize("action", ["create", "update", "delete"])
def test_nobody_without_a_role_writes_any_type(item: Any, action: Action) -> None:
    who = identity("no_access")
    assert not may(who, action, item.name, item.lineage, workspace=MAIN, project=ENGINES, target_user=ADA)
    assert not may(who, action, item.name, item.lineage, workspace=None, project=None)


def test_the_table_names_types_and_attributes_that_exist() -> None:
    assert {*WRITES} <= {*SCHEMA.types}
    assert {*SCHEMA.get("User").attributes} >= PROFILE
    assert {*SCHEMA.get("Subscription").attributes} >= SSO_SETTINGS


def test_every_permission_has_a_rule_and_every_predicate_a_use() -> None:
    assert {*RULES} == {*Permission}
    used = {predicate for lines in RULES.values() for line in lines for predicate in line}
    named = {
        function
        for name, function in inspect.getmembers(predicates, inspect.isfunction)
        if function.__module__ == predicates.__name__ and not name.startswith("_")
    }
    assert used == named


def test_single_sign_on_is_out_of_a_keys_reach() -> None:
    """Design 7: no credential can make a stronger one."""
    about: dict[str, Any] = {"workspace": None, "attributes": ["AuthenticationPolicy"]}
    assert may_do(identity("subscription_admin"), "update", "Subscription", **about)
    assert not may_do(by_key("subscription_admin"), "update", "Subscription", **about)
    about["attributes"] = ["authenticationpolicy"]
    assert not may_do(by_key("subscription_admin"), "update", "Subscription", **about)
    assert not may_do(by_key("subscription_admin"), "update", "Subscription", workspace=None)


def delegated(role: str, **on: bool) -> Identity:
    return identity(replace(roles(role), delegations=Delegations(**on)))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (delegated("workspace_admin", workspace_admins_create_users=True), True),
        (delegated("workspace_admin", project_admins_create_users=True), False),
        (delegated("project_admin", project_admins_create_users=True), True),
        (delegated("editor", workspace_admins_create_users=True, project_admins_create_users=True), False),
    ],
)
def test_creating_users_can_be_delegated(who: Identity, expected: bool) -> None:
    assert may_do(who, "create", "User", workspace=None) is expected


WORKSPACE, PROJECT = {"workspace_admins_create_users": True}, {"project_admins_toggle_users": True}


@pytest.mark.parametrize(
    ("role", "on", "target", "toggles", "unlocks"),
    [
        ("workspace_admin", WORKSPACE, Role.EDITOR, True, True),
        ("workspace_admin", WORKSPACE, Role.WORKSPACE_ADMIN, False, False),
        ("workspace_admin", WORKSPACE, Role.SUBSCRIPTION_ADMIN, False, False),
        ("workspace_admin", WORKSPACE, None, False, False),
        ("workspace_admin", PROJECT, Role.EDITOR, False, True),
        ("project_admin", PROJECT, Role.EDITOR, True, False),
        ("project_admin", PROJECT, Role.PROJECT_ADMIN, False, False),
        ("project_admin", WORKSPACE, Role.EDITOR, False, False),
        ("editor", {**WORKSPACE, **PROJECT}, Role.VIEWER, False, False),
        ("subscription_admin", {}, None, True, True),
    ],
)
def test_delegates_touch_only_users_below_them(
    role: str, on: dict[str, bool], target: Role | None, toggles: bool, unlocks: bool
) -> None:
    who, about = delegated(role, **on), Subject(target_user=ADA, target_role=target)
    facts: dict[str, Any] = {"target_user": ADA, "target_role": target, "attributes": ["Disabled"]}
    assert may_do(who, "update", "User", workspace=None, **facts) is toggles
    assert allowed(who, Permission.UNLOCK_USER, about) is unlocks


def test_project_administrators_can_be_let_create_projects_below_their_own() -> None:
    who = delegated("project_admin", project_admins_create_projects=True)
    assert may_do(who, "create", "Project", project=ENGINES)
    assert not may_do(who, "create", "Project", project=WHEELS)
    assert not may_do(who, "create", "Project")


@pytest.mark.parametrize("role", ROLES)
def test_a_viewer_makes_no_key_that_writes(role: str) -> None:
    """Behaviours B5 and access.md 1.16 a, b."""
    own = Subject(target_user=EDIE)
    assert allowed(identity(role), Permission.MANAGE_KEYS, own)
    assert allowed(identity(role), Permission.HOLD_FULL_KEY, own) is (role not in {"viewer", "no_access"})
    others = (Permission.MANAGE_KEYS, Permission.HOLD_FULL_KEY, Permission.MANAGE_CLIENTS)
    assert not any(allowed(identity(role), permission, Subject(target_user=ADA)) for permission in others)
    assert allowed(identity(role), Permission.SEE_ALL_KEYS) is (role == "subscription_admin")


@pytest.mark.parametrize(
    "who",
    [
        by_key("subscription_admin"),
        identity("subscription_admin", AuthMethod.SESSION, session=session(kind=SessionKind.APPLICATION)),
    ],
)
def test_keys_and_tokens_make_no_credentials(who: Identity) -> None:
    own = Subject(target_user=EDIE)
    credentials = (Permission.MANAGE_KEYS, Permission.HOLD_FULL_KEY, Permission.MANAGE_CLIENTS)
    assert not any(allowed(who, permission, own) for permission in credentials)
    assert not allowed(who, Permission.SEE_ALL_KEYS)


def test_keys_can_be_taken_from_one_user() -> None:
    who = replace(identity("editor"), user=user(can_create_api_key=False))
    assert not allowed(who, Permission.MANAGE_KEYS, Subject(target_user=EDIE))
    assert not allowed(who, Permission.HOLD_FULL_KEY, Subject(target_user=EDIE))


def test_a_narrowed_key_reaches_no_further() -> None:
    narrow = by_key("workspace_admin", projects=(ENGINES,), types=("artifact",))
    assert may_do(narrow, "update", "Defect", project=ENGINES)
    assert not may_do(narrow, "update", "Defect", project=WHEELS)
    assert not may_do(narrow, "update", "Iteration", project=ENGINES)
    assert not may_do(narrow, "create", "Tag")
    assert can_read_project(narrow, ENGINES, MAIN)
    assert not can_read_project(narrow, WHEELS, MAIN)
    assert not can_edit_project(narrow, WHEELS, MAIN)
    assert reaches_type(narrow, lineage("Defect"))
    assert not reaches_type(narrow, lineage("Tag"))


def test_a_type_counts_among_its_own_ancestors() -> None:
    who, above = by_key("editor", types=("Defect",)), lineage("Defect")[:-1]
    assert may(who, "update", "Defect", above, workspace=MAIN, project=ENGINES)
    assert not may(identity("editor"), "update", "FlowState", above, workspace=MAIN, project=ENGINES)


def test_a_narrowed_key_is_never_wider_than_its_owner() -> None:
    assert not can_read_project(by_key("viewer", projects=(WHEELS,)), WHEELS, MAIN)


@pytest.mark.parametrize("role", ROLES)
def test_plain_questions(role: str) -> None:
    who, rank = identity(role), ROLES.index(role)
    assert can_read_workspace(who, MAIN) is (rank <= 4)
    assert can_read_project(who, ENGINES, MAIN) is (rank <= 4)
    assert can_edit_project(who, ENGINES, MAIN) is (rank <= 3)
    assert can_administer_project(who, ENGINES, MAIN) is (rank <= 2)
    assert can_administer_workspace(who, MAIN) is (rank <= 1)
    assert can_read_workspace(who, OTHER) is (rank == 0)


def test_why_reads_aloud() -> None:
    assert why(identity("editor"), Permission.EDIT_PROJECT, Subject(MAIN, ENGINES)) == "edits project"
    assert why(identity("viewer"), Permission.EDIT_PROJECT, Subject(MAIN, ENGINES)) is None


PROJECTS = st.lists(
    st.builds(
        ProjectFacts,
        oid=st.integers(1, 8),
        uuid=st.just("u"),
        name=st.just("n"),
        parent=st.none(),
        workspace=st.integers(100, 102),
        is_open=st.booleans(),
    ),
    unique_by=lambda project: project.oid,
)
GRANTED = st.builds(
    Permissions.of,
    st.lists(st.tuples(st.integers(100, 102), st.sampled_from(["Admin", "User"]))),
    st.lists(st.tuples(st.integers(1, 8), st.integers(100, 102), st.sampled_from(["Admin", "Editor", "Viewer"]))),
    subscription_admin=st.booleans(),
)


@given(GRANTED, PROJECTS, st.lists(st.integers(1, 8)), st.sampled_from(Grant))
def test_the_set_and_the_single_answer_are_one(
    held: Permissions, projects: list[ProjectFacts], reach: list[int], grant: Grant
) -> None:
    who = by_key(held, projects=tuple(reach), grant=grant)
    homes = {oid: WorkspaceFacts(oid, "u", "n", True, ZoneInfo("UTC"), SCHEMA) for oid in range(100, 103)}
    land = Landscape(
        epoch=1,
        subscription_oid=1,
        subscription_uuid="u",
        subscription_name="n",
        subscription=SubscriptionState(),
        delegations=Delegations(),
        stock=SCHEMA,
        workspaces=homes,
        projects={project.oid: project for project in projects},
    )
    sight = narrowed(land.sight(held, EDIE), who.key, land)
    homes_reached = {project.workspace for project in projects if project.oid in reach}
    for project in projects:
        readable = can_read_project(who, project.oid, project.workspace)
        assert sight.sees_project(project.oid) is readable
        assert sight.sees(project.workspace, project.oid) is (readable and project.is_open)
        reached = not reach or project.workspace in homes_reached
        assert sight.sees(project.workspace, None) is (reached and can_read_workspace(who, project.workspace))


@given(GRANTED, st.integers(1, 8), st.integers(100, 102))
def test_who_edits_also_reads_and_who_administers_also_edits(held: Permissions, project: int, workspace: int) -> None:
    who = identity(held)
    read, edit = can_read_project(who, project, workspace), can_edit_project(who, project, workspace)
    assert can_administer_project(who, project, workspace) <= edit <= read
    assert can_administer_workspace(who, workspace) <= can_administer_project(who, project, workspace)
