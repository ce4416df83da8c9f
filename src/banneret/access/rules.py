"""Who may do what: one table, permission by permission, that can be read aloud (access.md 3.3).

A permission is granted when one of its lines holds; a line holds when each predicate in it does. A move
between projects asks twice, once for either project. Closed projects are no matter of roles: their items are
invisible to everybody, so that nothing in them is ever found to be asked about, while the Project object
itself stays visible to those who hold a role in it or above it, who may open it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from banneret.access import predicates as when
from banneret.access.predicates import Subject

if TYPE_CHECKING:
    from banneret.access.identity import Identity, KeyRecord
    from banneret.access.landscape import Landscape
    from banneret.access.roles import Role
    from banneret.access.sight import Sight
    from banneret.catalogue.schema import Schema

Action = Literal["create", "update", "delete"]


class Permission(Enum):
    """What can be permitted. The value is the sentence for people."""

    READ_PROJECT = "see a project and the items in it"
    EDIT_PROJECT = "create, change and delete items of a project"
    ADMINISTER_PROJECT = "change a project's own settings and flow states"
    READ_WORKSPACE = "see a workspace and what is shared in it"
    EDIT_IN_WORKSPACE = "create, change and delete what a workspace shares among its projects, such as tags"
    ADMINISTER_WORKSPACE = "change a workspace, its types, fields, states and configuration"
    ADMINISTER_SUBSCRIPTION = "change the subscription and whatever no other line covers"
    CHANGE_SSO = "change how the subscription signs its users on"
    CREATE_WORKSPACE = "create a workspace"
    CREATE_PROJECT = "create a project in a workspace, below a parent or at the top"
    MOVE_PROJECT = "close a project, open it again, or give it another parent"
    GRANT_PROJECT_ROLE = "give or take a role in a project"
    GRANT_WORKSPACE_ROLE = "give or take a role in a workspace"
    GRANT_SUBSCRIPTION_ROLE = "make or unmake a subscription administrator"
    CREATE_USER = "create a user"
    UPDATE_USER = "change any attribute of a user"
    UPDATE_PROFILE = "change what a user may change about himself"
    MAKE_TEAM = "say which projects a user is a team member of"
    TOGGLE_USER = "disable or enable a user"
    DELETE_USER = "delete a user"
    UNLOCK_USER = "unlock a user"
    MANAGE_KEYS = "create, edit, reset and delete API keys of a user"
    HOLD_FULL_KEY = "create a Full Access key or switch a key to Full Access"
    SEE_ALL_KEYS = "see, reset and delete every key of the subscription"
    MANAGE_CLIENTS = "create and change OAuth clients of a user"


Predicate = Callable[["Identity", Subject], bool]
Lines = Sequence[Sequence[Predicate]]

_ROOT = (when.is_subscription_admin,)
_WORKSPACE: Lines = [_ROOT, [when.administers_workspace]]

RULES: Mapping[Permission, Lines] = {
    Permission.READ_PROJECT: [*_WORKSPACE, [when.views_project]],
    Permission.EDIT_PROJECT: [*_WORKSPACE, [when.edits_project]],
    Permission.ADMINISTER_PROJECT: [*_WORKSPACE, [when.administers_project]],
    Permission.READ_WORKSPACE: [*_WORKSPACE, [when.belongs_to_workspace]],
    Permission.EDIT_IN_WORKSPACE: [*_WORKSPACE, [when.edits_in_workspace]],
    Permission.ADMINISTER_WORKSPACE: _WORKSPACE,
    Permission.ADMINISTER_SUBSCRIPTION: [_ROOT],
    Permission.CHANGE_SSO: [[when.is_interactive, when.is_subscription_admin]],
    Permission.CREATE_WORKSPACE: [_ROOT],
    Permission.CREATE_PROJECT: [*_WORKSPACE, [when.administers_project, when.project_admins_create_projects]],
    Permission.MOVE_PROJECT: _WORKSPACE,
    Permission.GRANT_PROJECT_ROLE: [*_WORKSPACE, [when.administers_project]],
    Permission.GRANT_WORKSPACE_ROLE: _WORKSPACE,
    Permission.GRANT_SUBSCRIPTION_ROLE: [_ROOT],
    Permission.CREATE_USER: [
        _ROOT,
        [when.administers_some_workspace, when.workspace_admins_create_users],
        [when.administers_some_project, when.project_admins_create_users],
    ],
    Permission.UPDATE_USER: [_ROOT],
    Permission.UPDATE_PROFILE: [_ROOT, [when.is_himself]],
    Permission.MAKE_TEAM: [_ROOT, [when.administers_some_workspace], [when.administers_some_project]],
    Permission.TOGGLE_USER: [
        _ROOT,
        [when.administers_some_workspace, when.workspace_admins_create_users, when.outranks_target],
        [when.administers_some_project, when.project_admins_toggle_users, when.outranks_target],
    ],
    Permission.DELETE_USER: [_ROOT],
    Permission.UNLOCK_USER: [_ROOT, [when.administers_some_workspace, when.outranks_target]],
    Permission.MANAGE_KEYS: [[when.is_interactive, when.is_himself, when.may_have_keys]],
    Permission.HOLD_FULL_KEY: [[when.is_interactive, when.is_himself, when.may_have_keys, when.is_editor_somewhere]],
    Permission.SEE_ALL_KEYS: [[when.is_interactive, when.is_subscription_admin]],
    Permission.MANAGE_CLIENTS: [[when.is_interactive, when.is_himself]],
}

_TYPES: Mapping[Permission, Sequence[str]] = {
    Permission.ADMINISTER_SUBSCRIPTION: ("Subscription",),
    Permission.ADMINISTER_WORKSPACE: (
        *("Workspace", "WorkspaceConfiguration", "TypeDefinition", "AttributeDefinition"),
        *("ScopedAttributeDefinition", "AllowedAttributeValue", "ScheduleState", "BaseKanbanState"),
        *("PreliminaryEstimate", "RecycleBinEntry"),
    ),
    Permission.ADMINISTER_PROJECT: ("Project", "FlowState"),
    Permission.GRANT_WORKSPACE_ROLE: ("WorkspacePermission",),
    Permission.GRANT_PROJECT_ROLE: ("ProjectPermission",),
    Permission.UPDATE_USER: ("User",),
    Permission.UPDATE_PROFILE: ("UserProfile", "ProfileImage"),
}

WRITES: Mapping[str, Permission] = {name: needs for needs, names in _TYPES.items() for name in names}
"""What a write of these types, or of types below them, needs; all other types are items."""

EXCEPTIONS: Mapping[tuple[str, Action], Permission] = {
    ("Workspace", "create"): Permission.CREATE_WORKSPACE,
    ("Project", "create"): Permission.CREATE_PROJECT,
    ("User", "create"): Permission.CREATE_USER,
    ("User", "delete"): Permission.DELETE_USER,
}

PROFILE = frozenset(
    {
        *("DisplayName", "FirstName", "MiddleName", "LastName", "ShortDisplayName", "ProfileImage"),
        *("Phone", "OfficeLocation", "Department", "CostCenter", "Language", "Locale", "DefaultProject"),
        *("DateFormat", "DateTimeFormat", "LastSystemTimeZoneName", "ProjectScopeUp", "ProjectScopeDown"),
        *("DefaultDetailPageToViewingMode", "EmailNotificationEnabled"),
        *("Role", "sessionTimeout", "SessionTimeoutWarning"),
    }
)


"""What a user may change about himself. Not EmailAddress: whoever reads that mail can set a new password."""

SSO_SETTINGS = frozenset(
    {
        *("AuthenticationPolicy", "AuthenticationPolicyUrl", "CustomSSOLogoutURL", "UsingCustomSsoLogoutUrl"),
        *("DirectSSOIDPEntityID", "DirectSSOIDPSigningCert", "SSOExceptionUsernames", "SSORedirectEnabled"),
        *("MtlsPolicy", "HMACSecret"),
    }
)
"""What of a Subscription neither a key nor an OAuth token changes (design 7)."""

SURROUNDINGS = frozenset(
    {
        *("Subscription", "Workspace", "WorkspaceConfiguration", "Project", "User", "UserProfile"),
        *("TypeDefinition", "AttributeDefinition", "AllowedAttributeValue", "AllowedQueryOperator"),
        *("ScheduleState", "FlowState", "BaseKanbanState", "PreliminaryEstimate"),
    }
)
"""What a key that is limited to some types still reads: tool kits ask for it before anything else."""

_MOVES = frozenset({"State", "Parent"})


def why(identity: Identity, permission: Permission, subject: Subject | None = None) -> str | None:
    """Give the line of the table that grants the permission, in words, or None."""
    about = subject or Subject()
    for line in RULES[permission]:
        if all(holds(identity, about) for holds in line):
            return " and ".join(holds.__name__.replace("_", " ") for holds in line)
    return None


def allowed(identity: Identity, permission: Permission, subject: Subject | None = None) -> bool:
    """Whether the owner's roles grant the permission now. A key's own limits are `within_key`'s."""
    return why(identity, permission, subject) is not None


def within_key(identity: Identity, lineage: Collection[str], project: int | None) -> bool:
    """Whether the key in hand, if limited, writes an object of these types in that project. For reads `narrowed` sees to both."""
    return _reaches_project(identity, project) and reaches_type(identity, lineage)


def reaches_type(identity: Identity, lineage: Collection[str]) -> bool:
    """Whether the key in hand, if narrowed to types, reaches this type or one that it descends from."""
    if identity.key is None or not identity.key.types:
        return True
    return not {name.lower() for name in identity.key.types}.isdisjoint(name.lower() for name in lineage)


def needed(action: Action, lineage: Sequence[str], subject: Subject, attributes: Collection[str] | None) -> Permission:
    """Tell which permission a write needs; `lineage` runs from the root down to the type itself."""
    special = _by_attributes(action, lineage[-1], attributes) or _of_preference(lineage[-1], subject)
    if special is not None:
        return special
    for name in reversed(lineage):
        permission = EXCEPTIONS.get((name, action)) or WRITES.get(name)
        if permission is not None:
            return permission
    if subject.project is not None:
        return Permission.EDIT_PROJECT
    return Permission.ADMINISTER_SUBSCRIPTION if subject.workspace is None else Permission.EDIT_IN_WORKSPACE


def _by_attributes(action: Action, type_name: str, attributes: Collection[str] | None) -> Permission | None:
    """Updates that need more or less than usual because of what they change; names count in any case."""
    if action != "update":
        return None
    changed = None if attributes is None else {name.lower() for name in attributes}
    if type_name == "Project" and _touches(_MOVES, changed):
        return Permission.MOVE_PROJECT
    if type_name == "Subscription" and _touches(SSO_SETTINGS, changed):
        return Permission.CHANGE_SSO
    if type_name == "User" and changed is not None:
        if changed == {"disabled"}:
            return Permission.TOGGLE_USER
        if changed == {"teammemberships"}:
            # Of which projects, each has to be asked about by itself.
            return Permission.MAKE_TEAM
        return Permission.UPDATE_PROFILE if changed <= _folded(PROFILE) else None
    return None


def _touches(guarded: frozenset[str], changed: Collection[str] | None) -> bool:
    return changed is None or not _folded(guarded).isdisjoint(changed)


@cache
def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _of_preference(type_name: str, subject: Subject) -> Permission | None:
    """Preferences are a user's own, or what an app keeps for a project, a workspace or the subscription."""
    if type_name != "Preference" or (subject.target_user is None and subject.project is not None):
        return None
    if subject.target_user is not None:
        return Permission.UPDATE_PROFILE
    above = Permission.ADMINISTER_SUBSCRIPTION
    return above if subject.workspace is None else Permission.ADMINISTER_WORKSPACE


def may(  # noqa: PLR0913 - the one question of all writers; every fact has its name
    identity: Identity,
    action: Action,
    type_name: str,
    lineage: Sequence[str],
    *,
    workspace: int | None,
    project: int | None,
    target_user: int | None = None,
    target_role: Role | None = None,
    attributes: Collection[str] | None = None,
) -> bool:
    """Whether the identity may do this: the key's grant and its owner's present roles, both.

    `project` is the object's, or that of what it belongs to (an Attachment's artifact); for a Project itself
    its own ObjectID, on create its parent's. `target_user` is the user that a User, UserProfile, ProfileImage
    or Preference is of. `attributes` are the names that the write changes; None, unknown, is judged as the
    most that they could be.
    """
    line = (*lineage, type_name) if type_name not in lineage else tuple(lineage)
    if identity.read_only or not within_key(identity, line, project):
        return False
    subject = Subject(workspace, project, target_user, target_role)
    return allowed(identity, needed(action, line, subject, attributes), subject)


def can_read_workspace(identity: Identity, workspace: int) -> bool:
    """Whether the workspace is visible to the user himself; a limited key sees those that its projects are in."""
    return allowed(identity, Permission.READ_WORKSPACE, Subject(workspace))


def can_read_project(identity: Identity, project: int, workspace: int) -> bool:
    """Whether the project is visible, and so are its items while it is open."""
    readable = allowed(identity, Permission.READ_PROJECT, Subject(workspace, project))
    return readable and _reaches_project(identity, project)


def can_edit_project(identity: Identity, project: int, workspace: int) -> bool:
    """Whether items of the project may be created, changed and deleted."""
    return _may_change(identity, Permission.EDIT_PROJECT, Subject(workspace, project))


def can_administer_project(identity: Identity, project: int, workspace: int) -> bool:
    """Whether the project's settings may be changed."""
    return _may_change(identity, Permission.ADMINISTER_PROJECT, Subject(workspace, project))


def can_administer_workspace(identity: Identity, workspace: int) -> bool:
    """Whether the workspace, its types and its configuration may be changed."""
    return _may_change(identity, Permission.ADMINISTER_WORKSPACE, Subject(workspace))


def reaching(key: KeyRecord, landscape: Landscape) -> KeyRecord:
    """Give a key that is limited to projects with those below them, where it says so, as they are now."""
    if not key.projects or not key.scope_down:
        return key
    found: frozenset[int] = frozenset().union(*(landscape.below(project) for project in key.projects))
    return replace(key, projects=tuple(found))


def narrowed(sight: Sight, key: KeyRecord | None, landscape: Landscape) -> Sight:
    """Give what is left of an owner's sight to a key that is limited to projects or types (see `reaching`)."""
    if key is None or not key.is_narrowed:
        return sight
    left = replace(sight, everything=False)
    if key.projects:
        reach = frozenset(key.projects)
        homes = frozenset(landscape.projects[oid].workspace for oid in reach if oid in landscape.projects)
        left = replace(
            left,
            projects=reach if sight.projects is None else sight.projects & reach,
            known_projects=reach if sight.known_projects is None else sight.known_projects & reach,
            workspaces=homes if sight.workspaces is None else sight.workspaces & homes,
        )
    if key.types:
        schemas = [facts.schema for facts in landscape.workspaces.values()] or [landscape.stock]
        left = replace(left, types=frozenset().union(*(_reached(schema, key.types) for schema in schemas)))
    return left


@lru_cache(maxsize=64)
def _reached(schema: Schema, types: tuple[str, ...]) -> frozenset[str]:
    """Give the names of the types that objects can have which a key limited to `types` sees."""
    named = {name.lower() for name in types} | {name.lower() for name in SURROUNDINGS}
    return frozenset(
        item.name
        for item in schema.types.values()
        if not item.abstract and not named.isdisjoint(name.lower() for name in item.lineage)
    )


def _may_change(identity: Identity, permission: Permission, subject: Subject) -> bool:
    reached = _reaches_project(identity, subject.project)
    return not identity.read_only and reached and allowed(identity, permission, subject)


def _reaches_project(identity: Identity, project: int | None) -> bool:
    return identity.key is None or not identity.key.projects or project in identity.key.projects
