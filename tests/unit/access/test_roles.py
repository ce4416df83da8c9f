import pytest

from banneret.access.roles import Permissions, Role, at_least, may_hold_full_key, project_role
from tests.unit.access.factories import ENGINES, MAIN, OTHER, PISTONS, roles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Admin", Role.PROJECT_ADMIN),
        ("Project Admin", Role.PROJECT_ADMIN),
        ("Editor", Role.EDITOR),
        ("Viewer", Role.VIEWER),
        ("No Access", Role.NO_ACCESS),
        (None, Role.NO_ACCESS),
    ],
)
def test_project_roles_are_read_as_written(text: str | None, expected: Role) -> None:
    assert project_role(text) is expected


def test_permissions_are_put_together_from_records() -> None:
    held = Permissions.of(
        [(MAIN, "User"), (OTHER, "Admin")],
        [(ENGINES, MAIN, "Editor"), (PISTONS, MAIN, "Viewer"), (7, 300, "Viewer"), (8, 400, "No Access")],
    )
    assert held.admin_workspaces == {OTHER}
    assert held.user_workspaces == {MAIN, OTHER, 300}, "a project permission makes a workspace user"
    assert held.editor_workspaces == {MAIN}
    assert held.projects == {ENGINES: Role.EDITOR, PISTONS: Role.VIEWER, 7: Role.VIEWER}


@pytest.mark.parametrize(
    ("role", "full_key", "label"),
    [
        (Role.SUBSCRIPTION_ADMIN, True, "Subscription Admin"),
        (Role.WORKSPACE_ADMIN, True, "Workspace Admin"),
        (Role.PROJECT_ADMIN, True, "Project Admin"),
        (Role.EDITOR, True, "Workspace User"),
        (Role.VIEWER, False, "Workspace User"),
        (Role.NO_ACCESS, False, "No Access"),
    ],
)
def test_the_highest_role_and_what_follows(role: Role, full_key: bool, label: str) -> None:
    """Behaviours B5: a viewer cannot make a key that writes."""
    held = roles(role)
    assert held.highest is role
    assert may_hold_full_key(held) is full_key
    assert held.label == label


def test_an_editor_anywhere_is_no_viewer() -> None:
    assert may_hold_full_key(Permissions.of(projects=[(1, MAIN, "Viewer"), (2, MAIN, "Editor")]))


def test_a_role_above_a_project_counts_in_it() -> None:
    assert roles("workspace_admin").project_role(ENGINES, MAIN) is Role.WORKSPACE_ADMIN
    assert roles("workspace_admin").project_role(ENGINES, OTHER) is Role.NO_ACCESS
    assert roles("subscription_admin").project_role(None, None) is Role.SUBSCRIPTION_ADMIN
    assert roles("viewer").project_role(ENGINES, MAIN) is Role.VIEWER


def test_roles_have_one_order() -> None:
    assert at_least(Role.EDITOR, Role.VIEWER)
    assert not at_least(Role.VIEWER, Role.EDITOR)
