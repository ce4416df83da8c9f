"""Roles, and what a user holds of them by his permission records (access.md 3.1, 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(StrEnum):
    """A role, weakest first. The values are those of the ready file (design 4.1)."""

    NO_ACCESS = "no_access"
    VIEWER = "viewer"
    EDITOR = "editor"
    PROJECT_ADMIN = "project_admin"
    WORKSPACE_USER = "workspace_user"
    WORKSPACE_ADMIN = "workspace_admin"
    SUBSCRIPTION_ADMIN = "subscription_admin"


_RANK = {
    Role.NO_ACCESS: 0,
    Role.WORKSPACE_USER: 1,
    Role.VIEWER: 2,
    Role.EDITOR: 3,
    Role.PROJECT_ADMIN: 4,
    Role.WORKSPACE_ADMIN: 5,
    Role.SUBSCRIPTION_ADMIN: 6,
}
_PROJECT_ROLES = {
    "Viewer": Role.VIEWER,
    "Editor": Role.EDITOR,
    "Project Admin": Role.PROJECT_ADMIN,
    "Admin": Role.PROJECT_ADMIN,
}
_NOTHING: Mapping[int, Role] = {}


def at_least(role: Role, wanted: Role) -> bool:
    """Whether `role` reaches `wanted` in the one order of all roles."""
    return _RANK[role] >= _RANK[wanted]


def project_role(text: str | None) -> Role:
    """Read ProjectPermission.Role, where `Project Admin` and `Admin` are one (KB 47760)."""
    return _PROJECT_ROLES.get(text or "", Role.NO_ACCESS)


@dataclass(frozen=True, slots=True)
class Delegations:
    """What the subscription lets lower administrators do; Subscription has attributes of such names."""

    workspace_admins_create_users: bool = False
    project_admins_create_users: bool = False
    project_admins_toggle_users: bool = False
    project_admins_create_projects: bool = False


@dataclass(frozen=True, slots=True)
class Permissions:
    """All that one user was granted, as ObjectIDs. `of()` makes one out of permission records.

    `users` are the workspaces that the user belongs to, `admin_workspaces` those that he administers (also in
    `users`), `projects` the project roles, `editor_workspaces` the workspaces where he edits at least one
    project. Projects that are closed count like others: whether their items are seen is not a matter of roles
    (see `rules`).
    """

    subscription_admin: bool = False
    admin_workspaces: frozenset[int] = frozenset()
    user_workspaces: frozenset[int] = frozenset()
    projects: Mapping[int, Role] = field(default_factory=lambda: _NOTHING)
    editor_workspaces: frozenset[int] = frozenset()
    delegations: Delegations = Delegations()

    @classmethod
    def of(
        cls,
        workspaces: Iterable[tuple[int, str | None]] = (),
        projects: Iterable[tuple[int, int, str | None]] = (),
        *,
        subscription_admin: bool = False,
        delegations: Delegations | None = None,
    ) -> Permissions:
        """Put together permission records `(workspace, Role)` and `(project, workspace, Role)`.

        A project permission makes its holder a Workspace User by itself (access.md 3.1).
        """
        of_workspaces = list(workspaces)
        of_projects = [(project, home, project_role(role)) for project, home, role in projects]
        held = [entry for entry in of_projects if entry[2] is not Role.NO_ACCESS]
        admin = frozenset(workspace for workspace, role in of_workspaces if role in {"Admin", "Workspace Admin"})
        named = frozenset(workspace for workspace, role in of_workspaces if role not in {None, "", "No Access"})
        return cls(
            subscription_admin=subscription_admin,
            admin_workspaces=admin,
            user_workspaces=named | frozenset(home for _, home, _ in held),
            projects={project: role for project, _, role in held},
            editor_workspaces=frozenset(home for _, home, role in held if at_least(role, Role.EDITOR)),
            delegations=delegations or Delegations(),
        )

    def project_role(self, project: int | None, workspace: int | None) -> Role:
        """Give the role in a project of that workspace; an administrator above the project is one in it."""
        if self.subscription_admin:
            return Role.SUBSCRIPTION_ADMIN
        if workspace is not None and workspace in self.admin_workspaces:
            return Role.WORKSPACE_ADMIN
        return Role.NO_ACCESS if project is None else self.projects.get(project, Role.NO_ACCESS)

    @property
    def highest(self) -> Role:
        """The strongest role held anywhere."""
        if self.subscription_admin:
            return Role.SUBSCRIPTION_ADMIN
        if self.admin_workspaces:
            return Role.WORKSPACE_ADMIN
        floor = Role.WORKSPACE_USER if self.user_workspaces else Role.NO_ACCESS
        return max(self.projects.values(), key=_RANK.__getitem__, default=floor)

    @property
    def label(self) -> str:
        """User.SubscriptionPermission: `Subscription Admin` down to `No Access` (object-model.md 5)."""
        highest = self.highest
        if highest in {Role.VIEWER, Role.EDITOR}:
            highest = Role.WORKSPACE_USER
        return highest.value.replace("_", " ").title()


def may_hold_full_key(permissions: Permissions) -> bool:
    """Whether a key of this user may write: not if a viewer everywhere (KB 11568; access.md 1.7)."""
    return at_least(permissions.highest, Role.EDITOR)
