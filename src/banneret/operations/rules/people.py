"""Users and what they are granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.roles import Role, at_least
from banneret.access.rules import can_administer_project
from banneret.kernel.errors import (
    NotAuthorized,
    RelationRefused,
    UnsupportedOperation,
    ValueAlreadyUsed,
    ValueNotAllowed,
)
from banneret.operations.changes import Changes
from banneret.operations.locate import Located
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

_ROLES = {"ProjectPermission": ("Admin", "Editor", "Viewer"), "WorkspacePermission": ("Admin", "User")}


async def complete_user(context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes) -> None:
    """User names are unique in any case; the display name is made of the others where none is given."""
    attributes = item.attributes
    name = values.get(attributes["UserName"])
    await _require_free(context, item, name)
    full = " ".join(part for part in (values.get(attributes["FirstName"]), values.get(attributes["LastName"])) if part)
    fallback = {
        "EmailAddress": name,
        "DisplayName": full or name,
        "Language": "US English",
        "Locale": "US English",
        "LastPasswordUpdateDate": context.moment,
        "sessionTimeout": 28800,
        "SubscriptionID": 1,
        "subscriptionOid": context.landscape.subscription_oid,
        "CanCreateApiKey": True,
        "CanCreateOAuthClient": True,
    }
    for key, value in fallback.items():
        if values.get(attributes[key]) in (None, "", False):
            values[attributes[key]] = value


async def _require_free(context: Context, item: TypeDef, name: str | None) -> None:
    await context.unit.touch()  # and so wait for whoever is about to take the same name
    if name and await context.unit.accounts.user(name) is not None:
        raise ValueAlreadyUsed(item.element_name, "UserName", item.attributes["UserName"].display_name, name)


async def keep_user_names_unique(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """A new user name must be free too; a mere change of case is no new name."""
    attribute = found.type.attributes["UserName"]
    name = values.get(attribute)
    if name and name.lower() != str(old.get(attribute)).lower():
        await _require_free(context, found.type, name)


async def granted_before(context: Context, item: TypeDef, values: Mapping[AttributeDef, Any]) -> Located | None:
    """Give the permission that a user has for a scope already, or None.

    There is one a user and scope, and a create gives it another role: permissions know no update, and the public tools for
    user management change roles so.
    """
    composite = _composite(item, values)
    await context.unit.touch()  # and so wait for whoever is about to grant the same
    columns = ["oid", "workspace_oid", "project_oid", "user_oid"]
    for oid, workspace, project, user in await context.unit.writer.fetch(
        "userpermission", {"customobjectid": composite}, columns
    ):
        return Located(oid, item, workspace, project, user=user)
    return None


async def change_role(context: Context, held: Located, changes: Changes) -> int:
    """Give a permission another role and its ObjectID."""
    from banneret.operations.update import apply

    role = held.type.attributes["Role"]
    asked = _fitting_role(held.type, changes)
    await apply(context, held, Changes(values={role: asked}))
    return held.oid


def _composite(item: TypeDef, values: Mapping[AttributeDef, Any]) -> str:
    kind, letter = ("Project", "p") if item.name == "ProjectPermission" else ("Workspace", "w")
    return f"{values.get(item.attributes['User'])}u{values.get(item.attributes[kind])}{letter}1"


def _fitting_role(item: TypeDef, changes: Changes) -> str:
    role = item.attributes["Role"]
    asked = changes.get("Role")
    if asked not in _ROLES[item.name]:
        raise ValueNotAllowed(item.element_name, role.name, role.display_name, asked, _ROLES[item.name])
    return str(asked)


async def keep_an_administrator(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """The last active subscription administrator stays one: nobody could let anybody in again (access.md 3.3)."""
    attributes = found.type.attributes
    if not old.get(attributes["SubscriptionAdmin"]):
        return
    if values.get(attributes["Disabled"]):
        await _require_other_administrator(context, found, "disabled")
    if values.get(attributes["SubscriptionAdmin"]) is False:
        await _require_other_administrator(context, found, "made an ordinary user", "SubscriptionAdmin")


async def keep_one_administrator(context: Context, found: Located) -> None:
    """Nor can he be deleted."""
    rows = await context.unit.writer.fetch("user", {"oid": found.oid}, ["subscriptionadmin"])
    if rows and rows[0][0]:
        await _require_other_administrator(context, found, "deleted")


async def _require_other_administrator(context: Context, found: Located, done: str, changed: str = "Disabled") -> None:
    await context.unit.touch()  # and so wait for whoever is about to do the same to another one
    rows = await context.unit.writer.fetch("user", {"subscriptionadmin": True}, ["oid", "disabled"])
    if not [row for row in rows if row[0] != found.oid and not row[1]]:
        attribute = found.type.attributes[changed]
        reason = f"The last active subscription administrator cannot be {done}."
        raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)


async def end_sessions(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Who is disabled loses his sessions and tokens for good; his keys rest until he is enabled (design 5.8)."""
    if changed.get(found.type.attributes["Disabled"], (None, False))[1]:
        context.unit.writer.delete("session", {"user_oid": found.oid})


async def end_credentials(context: Context, found: Located) -> None:
    """With a user go his keys, his password, his second factors and his sessions (access.md 1.1)."""
    for table in ("api_key", "password", "second_factor", "recovery_code", "session"):
        context.unit.writer.delete(table, {"user_oid": found.oid})


async def complete_permission(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """A permission's role fits its scope, its id is made of user and scope, and there is one a user and scope."""
    _fitting_role(item, changes)
    kind = "Project" if item.name == "ProjectPermission" else "Workspace"
    scope = values.get(item.attributes[kind])
    composite = _composite(item, values)
    await context.unit.touch()  # and so wait for whoever is about to grant the same
    rows = await context.unit.writer.fetch("userpermission", {"customobjectid": composite}, ["oid"])
    if rows:
        raise ValueAlreadyUsed(item.element_name, kind, item.attributes[kind].display_name, composite)
    values[item.attributes["CustomObjectID"]] = composite
    if scope in changes.targets:
        values[item.attributes["Name"]] = changes.targets[scope].name
    if item.name == "ProjectPermission" and scope in changes.targets:
        values[item.attributes["Workspace"]] = changes.targets[scope].workspace
        values[item.attributes["ProjectState"]] = "Open"


async def check_team(
    context: Context, found: Located, attribute: AttributeDef, joining: Iterable[int], leaving: Iterable[int]
) -> None:
    """Teams are made by the administrators of their projects, of users who may edit there at least (KB 111601).

    Clients do so through User.TeamMemberships (KB 47760); Project.TeamMembers is its read-only other side.
    """
    if attribute.name == "TeamMembers":
        raise UnsupportedOperation(f"{found.type.element_name}.{attribute.name}", "update")
    if attribute.name != "TeamMemberships" or context.identity is None:
        return
    projects = context.landscape.projects
    for project in (*joining, *leaving):
        if not can_administer_project(context.identity, project, projects[project].workspace):
            raise NotAuthorized("update", found.type.element_name, found.oid)
    rows = await context.unit.writer.fetch("user", {"oid": found.oid}, ["subscriptionadmin"])
    administrator = bool(rows and rows[0][0])
    held, _ = await context.unit.permissions(found.oid, context.landscape, subscription_admin=administrator)
    for project in joining:
        if not at_least(held.project_role(project, projects[project].workspace), Role.EDITOR):
            reason = f"Only an Editor or Project Admin of {projects[project].name} can be a member of its team."
            raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)


async def leave_team(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Who may no longer edit in a project is no longer of its team."""
    _, role = changed.get(found.type.attributes["Role"], (None, None))
    if found.type.name == "ProjectPermission" and role == "Viewer":
        await drop_from_team(context, found)


async def drop_from_team(context: Context, found: Located) -> None:
    """Nor is who has no role in it at all."""
    if found.project is not None and found.user is not None:
        where = {"relation": "team_memberships", "left_oid": found.user, "right_oid": found.project}
        context.unit.writer.delete("link", where)


async def keep_one_project(context: Context, found: Located) -> None:
    """A user of a workspace keeps a role in one of its projects at least (access.md 3.2)."""
    writer = context.unit.writer
    where = {"user_oid": found.user, "workspace_oid": found.workspace}
    held = await writer.fetch("userpermission", where, ["oid", "concrete_type", "role"])
    if ("WorkspacePermission", "User") not in {(kind, role) for _, kind, role in held}:
        return
    if not [oid for oid, kind, _ in held if kind == "ProjectPermission" and oid != found.oid]:
        attribute = found.type.attributes["Project"]
        reason = "A workspace user must keep a permission for at least one project of the workspace."
        raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)


async def leave_workspace(context: Context, found: Located) -> None:
    """Who leaves a workspace leaves its projects: any role in one would make him a user of the workspace again."""
    from banneret.operations.delete import remove

    where = {"user_oid": found.user, "workspace_oid": found.workspace, "concrete_type": "ProjectPermission"}
    item = context.schema.get("ProjectPermission")
    for oid, project in await context.unit.writer.fetch("userpermission", where, ["oid", "project_oid"]):
        await remove(context, Located(oid, item, found.workspace, project, user=found.user))


RULES = {
    "user_names": Rule(before_create=complete_user, before_update=keep_user_names_unique),
    "last_administrator": Rule(before_update=keep_an_administrator, before_delete=keep_one_administrator),
    "end_of_sessions": Rule(after_update=end_sessions),
    "end_of_credentials": Rule(before_delete=end_credentials),
    "permission_scopes": Rule(before_create=complete_permission),
    "last_project": Rule(before_delete=keep_one_project),
    "team_editors": Rule(after_update=leave_team, before_delete=drop_from_team),
    "workspace_leaving": Rule(before_delete=leave_workspace),
}
