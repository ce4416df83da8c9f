"""Roles of users in workspaces and projects: read many at once, and give or take several as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.predicates import Subject
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import ConcurrencyConflict, ObjectNotFound
from banneret.kernel.refs import Ref
from banneret.operations.create import create
from banneret.operations.delete import delete

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from banneret.operations.context import Context

PROJECT_ROLES = ("", "Viewer", "Editor", "Admin")
WORKSPACE_ROLES = ("", "User", "Admin")
"""Role of a permission, as it is read; empty for no access."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the role of a user in a scope, the ObjectID of a workspace or project, is to be; `was` is what it is taken to be now."""

    user: int
    scope: int
    role: str
    was: str


async def of_scope(context: Context, scope: int) -> dict[int, str]:
    """Give the roles that users were given in a project or workspace itself, by user."""
    kind, column = _kind(context, scope)
    rows = await context.unit.writer.fetch(
        "userpermission", {column: scope, "concrete_type": kind}, ["user_oid", "role"]
    )
    return {user: _plain(role) for user, role in rows}


async def of_user(context: Context, user: int) -> dict[int, str]:
    """Give the roles that a user was given, by workspace and project."""
    columns = ["concrete_type", "workspace_oid", "project_oid", "role"]
    rows = await context.unit.writer.fetch("userpermission", {"user_oid": user}, columns)
    return {
        (project if kind == "ProjectPermission" else workspace): _plain(role) for kind, workspace, project, role in rows
    }


def _plain(role: str | None) -> str:
    return {"Project Admin": "Admin", "Workspace Admin": "Admin", "No Access": ""}.get(role or "", role or "")


def may_assign(context: Context, scope: int) -> bool:
    """Whether the caller gives and takes roles in this workspace or project."""
    identity, landscape = context.identity, context.landscape
    if identity is None:
        return True
    if scope in landscape.workspaces:
        return allowed(identity, Permission.GRANT_WORKSPACE_ROLE, Subject(scope))
    project = landscape.projects.get(scope)
    return project is not None and allowed(
        identity, Permission.GRANT_PROJECT_ROLE, Subject(project.workspace, project.oid)
    )


def spread(context: Context, wanted: Sequence[Assignment]) -> list[Assignment]:
    """Give the assignments with those for all open projects below each; what is wanted of one of these itself goes before."""
    landscape = context.landscape
    own = {(one.user, one.scope): one for one in wanted}
    found = dict(own)
    deepest_last = sorted(wanted, key=lambda one: len(landscape.above(one.scope)))
    for one in deepest_last:
        if one.scope not in landscape.projects:
            continue
        for project in sorted(landscape.below(one.scope) & landscape.open_projects):
            if (one.user, project) not in own and may_assign(context, project):
                found[one.user, project] = Assignment(one.user, project, one.role, one.role)
    return list(found.values())


async def assign(context: Context, one: Assignment, *, below: bool = False) -> None:
    """Give a user a role, or take it away. Of projects `below` another what somebody else did meanwhile does not count.

    Raises:
        ConcurrencyConflict: somebody changed the role meanwhile.
        ObjectNotFound: there is no such scope that the caller sees.
        NotAuthorized, RelationRefused: not the caller's to give, or the last project of a workspace's user.

    """
    kind, _ = _kind(context, one.scope)
    what = kind.removesuffix("Permission")
    column = f"{what.lower()}_oid"
    where = {"user_oid": one.user, "concrete_type": kind, column: one.scope}
    rows = await context.unit.writer.fetch("userpermission", where, ["oid", "role"])
    now = _plain(rows[0][1]) if rows else ""
    if now == one.role:
        return
    if not below and now != one.was:
        raise ConcurrencyConflict(kind, one.scope)
    item = context.schema.get(kind)
    if one.role:
        body = {"User": f"/user/{one.user}", what: f"/{what.lower()}/{one.scope}", "Role": one.role}
        await create(context, item, body, kind)
    elif rows:
        await delete(context, item, Ref(kind, object_id=rows[0][0]))
    await context.unit.writer.flush()


def in_order(wanted: Iterable[Assignment]) -> list[Assignment]:
    """Put what is given before what is taken away, so that nobody is left without a project on the way."""
    return sorted(wanted, key=lambda one: not one.role)


def _kind(context: Context, scope: int) -> tuple[str, str]:
    landscape, sight = context.landscape, context.sight
    if scope in landscape.workspaces and sight.sees(scope, None):
        return "WorkspacePermission", "workspace_oid"
    if scope in landscape.projects and sight.sees_project(scope):
        return "ProjectPermission", "project_oid"
    raise ObjectNotFound
