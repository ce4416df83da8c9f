"""What a subscription administrator grants a user in one request: the flags and the permission map of KB 374424."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.roles import Role
from banneret.kernel.errors import (
    NotAuthorized,
    ObjectNotFound,
    ObjectToUpdateNotFound,
    ReferencedObjectNotFound,
    RelationRefused,
    ValueNotConvertible,
)
from banneret.kernel.refs import find_ref
from banneret.operations import collect
from banneret.operations.changes import Changes
from banneret.operations.context import refreshed
from banneret.operations.create import create
from banneret.operations.delete import remove
from banneret.operations.locate import Located, locate
from banneret.operations.rules import before_delete
from banneret.operations.update import apply
from banneret.operations.values import to_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from banneret.catalogue.model import TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context

_WORKSPACE_LISTS = {"AdminWorkspaces": "Admin", "UserWorkspaces": "User", "NoAccessWorkspaces": None}
_PROJECT_LISTS = {
    "AdminProjects": "Admin",
    "EditorProjects": "Editor",
    "ViewerProjects": "Viewer",
    "NoAccessProjects": None,
}
_TEAM_LISTS = {"MembershipProjects": True, "NoMembershipProjects": False}
LISTS = (*_WORKSPACE_LISTS, *_PROJECT_LISTS, *_TEAM_LISTS)
"""The lists of a permission map, each of ObjectIDs."""

_PROJECT_ROLES = {Role.VIEWER: "ViewerProjects", Role.EDITOR: "EditorProjects", Role.PROJECT_ADMIN: "AdminProjects"}
_FLAG = "SubscriptionAdmin"


async def set_flags(context: Context, item: TypeDef, ref: Ref, body: Mapping[str, object], root: str) -> Located:
    """Make a user a subscription administrator, or an ordinary user again: the one flag that is known.

    Raises:
        ObjectToUpdateNotFound: there is no such user.
        NotAuthorized: only subscription administrators.
        RelationRefused: the last active one stays.

    """
    found = await _user(context, item, ref)
    attribute = found.type.attributes[_FLAG]
    for name, value in body.items():
        if name.lower() != _FLAG.lower():
            _ignore(context, root, name)
            continue
        flag = to_stored(found.type, attribute, value, context.zone)
        await apply(context, found, Changes(values={attribute: bool(flag)}))
    return found


async def read_map(context: Context, item: TypeDef, ref: Ref) -> dict[str, list[int]]:
    """Give every open workspace and project, each in the list that says what the user may do there.

    Raises:
        ObjectNotFound: there is no such user.
        NotAuthorized: only subscription administrators.

    """
    found = await locate(context, item, ref)
    if found is None or found.type.name != "User":
        raise ObjectNotFound
    _require_administrator(context, found, "read")
    return await _map(context, found)


async def change_map(
    context: Context, item: TypeDef, ref: Ref, body: Mapping[str, object], root: str
) -> dict[str, list[int]]:
    """Give a user the roles that the lists say, leave all others as they are, and give the whole map as it is then.

    Grants come before memberships, and what is taken away comes last.

    Raises:
        ObjectToUpdateNotFound: there is no such user.
        NotAuthorized: only subscription administrators.
        ReferencedObjectNotFound: an ObjectID of no workspace or project.
        RelationRefused: an ObjectID in two lists that contradict each other, a team of a project that the user may not
            edit, or the last project of a workspace.

    """
    found = await _user(context, item, ref)
    given = _lists(context, item, body, root)
    workspaces = _asked(found, given, _WORKSPACE_LISTS, context.landscape.workspaces)
    projects = _asked(found, given, _PROJECT_LISTS, context.landscape.projects)
    teams = _asked(found, given, _TEAM_LISTS, context.landscape.projects)
    for kind, wanted in (("Workspace", workspaces), ("Project", projects)):
        for oid, role in wanted.items():
            if role is not None:
                await _grant(context, found, kind, oid, role)
    await context.unit.writer.flush()
    await _teams(await refreshed(context), found, teams)
    for kind, wanted in (("Project", projects), ("Workspace", workspaces)):
        for oid, role in wanted.items():
            if role is None:
                await _revoke(context, found, kind, oid)
    await context.unit.writer.flush()
    return await _map(await refreshed(context), found)


async def _user(context: Context, item: TypeDef, ref: Ref) -> Located:
    found = await locate(context, item, ref)
    if found is None or found.type.name != "User":
        raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
    _require_administrator(context, found, "update")
    return found


def _require_administrator(context: Context, found: Located, action: str) -> None:
    """A key that is narrowed to some projects or types is no administrator's either."""
    identity = context.identity
    narrow = identity is not None and identity.key is not None and bool(identity.key.projects or identity.key.types)
    if identity is not None and (narrow or not identity.permissions.subscription_admin):
        raise NotAuthorized(action, found.type.element_name, found.oid)


def _ignore(context: Context, root: str, name: str) -> None:
    context.warnings.append(f"Ignored JSON element {root[:200]}.{name[:200]} during processing of this request.")


def _lists(context: Context, item: TypeDef, body: Mapping[str, object], root: str) -> dict[str, list[int]]:
    """Read the lists of a body: of ObjectIDs, as numbers or texts, or of refs."""
    known = {name.lower(): name for name in LISTS}
    found: dict[str, list[int]] = {}
    for name, value in body.items():
        if name.startswith("_") or name.lower() in {"errors", "warnings"}:
            continue
        if name.lower() not in known:
            _ignore(context, root, name)
            continue
        if not isinstance(value, list):
            raise ValueNotConvertible(item.element_name, known[name.lower()], known[name.lower()], value, "COLLECTION")
        found[known[name.lower()]] = [_object_id(entry) for entry in value]
    return found


def _object_id(entry: object) -> int:
    text = str(entry.get("_ref") if isinstance(entry, dict) else entry).strip()
    if text.isdigit() and text.isascii():
        return int(text)
    ref = find_ref(text)
    if ref is None or ref.object_id is None:
        raise ReferencedObjectNotFound(text)
    return ref.object_id


def _asked(
    found: Located, given: Mapping[str, list[int]], lists: Mapping[str, Any], known: Mapping[int, object]
) -> dict[int, Any]:
    """Give what the lists of one kind ask for, by ObjectID."""
    asked: dict[int, Any] = {}
    for name, meaning in lists.items():
        for oid in given.get(name, ()):
            if oid not in known:
                raise ReferencedObjectNotFound(str(oid))
            if asked.setdefault(oid, meaning) != meaning:
                reason = f"{oid} stands in two lists that contradict each other."
                raise RelationRefused(found.type.element_name, name, name, reason)
    return asked


async def _grant(context: Context, found: Located, kind: str, oid: int, role: str) -> None:
    item = context.schema.get(f"{kind}Permission")
    body = {"User": f"/user/{found.oid}", kind: f"/{kind.lower()}/{oid}", "Role": role}
    await create(context, item, body, item.element_name)


async def _revoke(context: Context, found: Located, kind: str, oid: int) -> None:
    item = context.schema.get(f"{kind}Permission")
    where = {"user_oid": found.oid, "concrete_type": item.name, f"{kind.lower()}_oid": oid}
    columns = ["oid", "workspace_oid", "project_oid"]
    for held, workspace, project in await context.unit.writer.fetch("userpermission", where, columns):
        permission = Located(held, item, workspace, project, user=found.oid)
        await before_delete(context, permission)
        await remove(context, permission)


async def _teams(context: Context, found: Located, wanted: Mapping[int, bool]) -> None:
    attribute = found.type.attributes["TeamMemberships"]
    joining = [{"_ref": f"/project/{oid}"} for oid, joins in wanted.items() if joins]
    leaving = [{"_ref": f"/project/{oid}"} for oid, joins in wanted.items() if not joins]
    if joining:
        await collect.add(context, found, attribute, joining)
    if leaving:
        await collect.remove(context, found, attribute, leaving)


async def _map(context: Context, found: Located) -> dict[str, list[int]]:
    rows = await context.unit.writer.fetch("user", {"oid": found.oid}, ["subscriptionadmin"])
    administrator = bool(rows and rows[0][0])
    held, _ = await context.unit.permissions(found.oid, context.landscape, subscription_admin=administrator)
    teams = set(await context.unit.writer.links("team_memberships", found.oid, reverse=False))
    lists: dict[str, list[int]] = {name: [] for name in LISTS}
    for workspace in _open(context.landscape.workspaces.values()):
        of_user = "UserWorkspaces" if workspace.oid in held.user_workspaces else "NoAccessWorkspaces"
        lists["AdminWorkspaces" if workspace.oid in held.admin_workspaces else of_user].append(workspace.oid)
    for project in _open(context.landscape.projects.values()):
        role = held.projects.get(project.oid, Role.NO_ACCESS)
        lists[_PROJECT_ROLES.get(role, "NoAccessProjects")].append(project.oid)
        lists["MembershipProjects" if project.oid in teams else "NoMembershipProjects"].append(project.oid)
    return lists


def _open(found: Iterable[Any]) -> list[Any]:
    return sorted((each for each in found if each.is_open), key=lambda each: each.oid)
