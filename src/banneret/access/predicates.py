"""The named conditions of the table in `rules`: each a sentence about an identity and a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.roles import Role, at_least, may_hold_full_key

if TYPE_CHECKING:
    from banneret.access.identity import Identity


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about, as ObjectIDs; None where there is none, or where it is unknown.

    `target_role` is the highest role of the user `target_user`.
    """

    workspace: int | None = None
    project: int | None = None
    target_user: int | None = None
    target_role: Role | None = None


def is_subscription_admin(identity: Identity, _subject: Subject) -> bool:
    """He administers the subscription."""
    return identity.permissions.subscription_admin


def administers_workspace(identity: Identity, subject: Subject) -> bool:
    """He administers the workspace."""
    return subject.workspace in identity.permissions.admin_workspaces


def administers_some_workspace(identity: Identity, _subject: Subject) -> bool:
    """He administers a workspace, whichever."""
    return bool(identity.permissions.admin_workspaces)


def belongs_to_workspace(identity: Identity, subject: Subject) -> bool:
    """He is a user of the workspace."""
    return subject.workspace in identity.permissions.user_workspaces


def edits_in_workspace(identity: Identity, subject: Subject) -> bool:
    """He edits at least one project of the workspace."""
    return subject.workspace in identity.permissions.editor_workspaces


def views_project(identity: Identity, subject: Subject) -> bool:
    """He is at least a Viewer of the project."""
    return at_least(_role(identity, subject), Role.VIEWER)


def edits_project(identity: Identity, subject: Subject) -> bool:
    """He is at least an Editor of the project."""
    return at_least(_role(identity, subject), Role.EDITOR)


def administers_project(identity: Identity, subject: Subject) -> bool:
    """He is Project Admin of the project; when a project is created, of its parent."""
    return at_least(_role(identity, subject), Role.PROJECT_ADMIN)


def administers_some_project(identity: Identity, _subject: Subject) -> bool:
    """He is Project Admin of a project, whichever."""
    return Role.PROJECT_ADMIN in identity.permissions.projects.values()


def is_himself(identity: Identity, subject: Subject) -> bool:
    """The user in question is he."""
    return subject.target_user == identity.user.oid


def outranks_target(identity: Identity, subject: Subject) -> bool:
    """The user in question is known to stand below him: nobody is delegated to touch equals or betters."""
    target = subject.target_role
    return target is not None and not at_least(target, identity.permissions.highest)


def is_interactive(identity: Identity, _subject: Subject) -> bool:
    """He logged in; a key or an OAuth token makes no credential (design 7; access.md T16)."""
    return identity.is_interactive


def is_editor_somewhere(identity: Identity, _subject: Subject) -> bool:
    """He is more than a viewer (KB 11568; behaviours B5)."""
    return may_hold_full_key(identity.permissions)


def may_have_keys(identity: Identity, _subject: Subject) -> bool:
    """His User.CanCreateApiKey was not taken away: ours, everybody's at first (behaviours B4)."""
    return identity.user.can_create_api_key


def workspace_admins_create_users(identity: Identity, _subject: Subject) -> bool:
    """The subscription lets workspace administrators create users, and disable them."""
    return identity.permissions.delegations.workspace_admins_create_users


def project_admins_create_users(identity: Identity, _subject: Subject) -> bool:
    """The subscription lets project administrators create users."""
    return identity.permissions.delegations.project_admins_create_users


def project_admins_toggle_users(identity: Identity, _subject: Subject) -> bool:
    """The subscription lets project administrators disable and enable users."""
    return identity.permissions.delegations.project_admins_toggle_users


def project_admins_create_projects(identity: Identity, _subject: Subject) -> bool:
    """The subscription lets project administrators create projects below their own."""
    return identity.permissions.delegations.project_admins_create_projects


def _role(identity: Identity, subject: Subject) -> Role:
    if subject.project is None:
        return Role.NO_ACCESS
    return identity.permissions.projects.get(subject.project, Role.NO_ACCESS)
