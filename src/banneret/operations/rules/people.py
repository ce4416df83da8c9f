"""Users and what they are granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import RelationRefused, ValueAlreadyUsed, ValueNotAllowed
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

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


async def keep_an_administrator(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """The last active subscription administrator cannot be disabled: nobody could let anybody in again (access.md 3.3)."""
    attributes = found.type.attributes
    if values.get(attributes["Disabled"]) and old.get(attributes["SubscriptionAdmin"]):
        await _require_other_administrator(context, found, "disabled")


async def keep_one_administrator(context: Context, found: Located) -> None:
    """Nor can he be deleted."""
    rows = await context.unit.writer.fetch("user", {"oid": found.oid}, ["subscriptionadmin"])
    if rows and rows[0][0]:
        await _require_other_administrator(context, found, "deleted")


async def _require_other_administrator(context: Context, found: Located, done: str) -> None:
    await context.unit.touch()  # and so wait for whoever is about to do the same to another one
    rows = await context.unit.writer.fetch("user", {"subscriptionadmin": True}, ["oid", "disabled"])
    if not [row for row in rows if row[0] != found.oid and not row[1]]:
        attribute = found.type.attributes["Disabled"]
        reason = f"The last active subscription administrator cannot be {done}."
        raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)


async def end_sessions(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Who is disabled loses his sessions and tokens for good; his keys rest until he is enabled (design 5.8)."""
    if changed.get(found.type.attributes["Disabled"], (None, False))[1]:
        context.unit.writer.delete("session", {"user_oid": found.oid})


async def end_credentials(context: Context, found: Located) -> None:
    """With a user go his keys, his password and his sessions (access.md 1.1)."""
    for table in ("api_key", "password", "session"):
        context.unit.writer.delete(table, {"user_oid": found.oid})


async def complete_permission(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """A permission's role fits its scope, its id is made of user and scope, and there is one a user and scope."""
    role = item.attributes["Role"]
    roles = _ROLES[item.name]
    asked = changes.get("Role")
    if asked not in roles:
        raise ValueNotAllowed(item.element_name, role.name, role.display_name, asked, roles)
    kind, letter = ("Project", "p") if item.name == "ProjectPermission" else ("Workspace", "w")
    scope, user = values.get(item.attributes[kind]), values.get(item.attributes["User"])
    composite = f"{user}u{scope}{letter}1"
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
    from banneret.operations.locate import Located

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
    "workspace_leaving": Rule(before_delete=leave_workspace),
}
