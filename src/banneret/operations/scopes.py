"""Workspaces and projects as administrators change them: by the same writer as over WSAPI, and against a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.access.predicates import Subject
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import ConcurrencyConflict, ObjectNotFound
from banneret.kernel.refs import Ref
from banneret.operations.create import create
from banneret.operations.inherit import inherit
from banneret.operations.update import update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context
    from banneret.operations.inherit import Inheritance

_COLUMNS = ("versionid", "concrete_type", "name", "description", "state", "parent_oid", "workspace_oid", "creationdate")


@dataclass(frozen=True, slots=True)
class Facts:
    """A workspace (`kind` Workspace, `workspace` its own ObjectID) or project; `parent` is None at the top."""

    oid: int
    version: int
    kind: str
    name: str
    description: str
    is_open: bool
    parent: int | None
    workspace: int
    created_at: str


async def found(context: Context, oid: int) -> Facts:
    """Give a workspace or project.

    Raises:
        ObjectNotFound: there is none that the caller sees.

    """
    landscape, sight = context.landscape, context.sight
    seen = sight.sees(oid, None) if oid in landscape.workspaces else sight.sees_project(oid)
    rows = await context.unit.writer.fetch("scope", {"oid": oid}, _COLUMNS) if seen else ()
    if not rows:
        raise ObjectNotFound
    version, kind, name, description, state, parent, workspace, created = rows[0]
    home = oid if kind == "Workspace" else workspace
    return Facts(oid, version, kind, name, description or "", state == "Open", parent, home, created)


async def change(context: Context, oid: int, version: int | None, values: Mapping[str, Any]) -> None:
    """Give attributes of a workspace or project new values; without a `version` whatever others did meanwhile.

    Raises:
        ObjectNotFound: there is none that the caller sees.
        ConcurrencyConflict: somebody changed it since that version.
        NotAuthorized, InvalidValue: as `update`.

    """
    held = await found(context, oid)
    if version is not None and held.version != version:
        raise ConcurrencyConflict(held.kind, oid)
    local = context.in_workspace(held.workspace)
    await update(local, local.schema.get(held.kind), Ref(held.kind, object_id=oid), values, held.kind)


async def create_workspace(context: Context, values: Mapping[str, Any]) -> int:
    """Make a workspace, furnished as a fresh one is.

    Raises:
        NotAuthorized, InvalidValue: as `create`.

    """
    return await create(context, context.schema.get("Workspace"), {"Style": "HTML", **values}, "Workspace")


async def create_project(context: Context, workspace: int, values: Mapping[str, Any], wanted: Inheritance) -> int:
    """Make a project, which takes over from its parent what is `wanted`.

    Raises:
        NotAuthorized, InvalidValue: as `create`.

    """
    local = context.in_workspace(workspace)
    body = {"Workspace": f"/workspace/{workspace}", **values}
    oid = await create(local, local.schema.get("Project"), body, "Project")
    if wanted:
        await inherit(local, oid, wanted)
    return oid


def permitted(context: Context, workspace: int, project: int | None = None) -> frozenset[Permission]:
    """Say which of the permissions that are about workspaces and projects the caller has about this one."""
    asked = (
        *(Permission.ADMINISTER_WORKSPACE, Permission.CREATE_WORKSPACE, Permission.CREATE_PROJECT),
        *(Permission.ADMINISTER_PROJECT, Permission.MOVE_PROJECT),
    )
    identity, subject = context.identity, Subject(workspace, project)
    return frozenset(each for each in asked if identity is None or allowed(identity, each, subject))
