"""Users and what they are granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import RelationRefused, ValueAlreadyUsed, ValueNotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

_ROLES = {
    "ProjectPermission": {"Project Admin": "Admin", "Admin": "Admin", "Editor": "Editor", "Viewer": "Viewer"},
    "WorkspacePermission": {"Workspace Admin": "Admin", "Admin": "Admin", "Workspace User": "User", "User": "User"},
}
"""What a create may say, and what is stored and shown: a project administrator reads back as `Admin` (KB 47760)."""


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
    if not values.get(attributes["Disabled"]) or not old.get(attributes["SubscriptionAdmin"]):
        return
    rows = await context.unit.writer.fetch("user", {"subscriptionadmin": True}, ["oid", "disabled"])
    if not [row for row in rows if row[0] != found.oid and not row[1]]:
        attribute = attributes["Disabled"]
        reason = "The last active subscription administrator cannot be disabled."
        raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)


async def complete_permission(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """A permission's role fits its scope, its id is made of user and scope, and there is one a user and scope."""
    role = item.attributes["Role"]
    roles = _ROLES[item.name]
    asked = changes.get("Role")
    if asked not in roles:
        raise ValueNotAllowed(item.element_name, role.name, role.display_name, asked, tuple(roles))
    kind, letter = ("Project", "p") if item.name == "ProjectPermission" else ("Workspace", "w")
    scope, user = values.get(item.attributes[kind]), values.get(item.attributes["User"])
    composite = f"{user}u{scope}{letter}1"
    rows = await context.unit.writer.fetch("userpermission", {"customobjectid": composite}, ["oid"])
    if rows:
        raise ValueAlreadyUsed(item.element_name, kind, item.attributes[kind].display_name, composite)
    values[role] = roles[asked]
    values[item.attributes["CustomObjectID"]] = composite
    if scope in changes.targets:
        values[item.attributes["Name"]] = changes.targets[scope].name
    if item.name == "ProjectPermission" and scope in changes.targets:
        values[item.attributes["Workspace"]] = changes.targets[scope].workspace
        values[item.attributes["ProjectState"]] = "Open"
