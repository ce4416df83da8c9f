"""Find the object that an address names, if the caller may see it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from banneret.operations.references import resolve

if TYPE_CHECKING:
    from banneret.catalogue.model import TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context

_COMPOSITE = re.compile(r"(?P<user>\d+)u(?P<scope>\d+)[wp]\d+")


@dataclass(frozen=True, slots=True)
class Located:
    """An object that exists and may be seen; `type` is its concrete type as its workspace has it.

    `user` is whose it is, for permissions, profiles, preferences and pictures, else None.
    """

    oid: int
    type: TypeDef
    workspace: int | None
    project: int | None
    name: str = ""
    user: int | None = None


async def locate(context: Context, item: TypeDef, ref: Ref) -> Located | None:
    """Give the object of type `item` (concrete or abstract) that a ref names, or None: missing, other type, or hidden."""
    if item.virtual:
        return None
    if ref.composite is not None:
        return await _permission(context, item, ref.composite)
    if item.name == "Revision" or "Revision" in item.lineage:
        return await _by_table(context, item, ref)
    target = (await resolve(context, [ref])).get(ref)
    if target is None or not context.schema.is_a(target.type, item.name):
        local = context.landscape.schema(target.workspace) if target is not None else context.schema
        if target is None or not local.is_a(target.type, item.name):
            return None
    workspace = target.oid if target.type == "Workspace" else target.workspace
    found = context.landscape.schema(workspace).get(target.type)
    return await _confirmed(context, Located(target.oid, found, workspace, target.project, target.name))


async def _confirmed(context: Context, located: Located) -> Located | None:
    """The directory does not know whose personal objects are; their own table does."""
    if located.type.name == "ProfileImage":
        return replace(located, user=await _pictured(context, located.oid))
    user = located.type.attributes.get("User")
    if user is None or located.type.table is None:
        return located
    rows = await context.unit.reader.rows((located.type,), (user,), [located.oid], context.sight)
    if not rows:
        return None
    return replace(located, user=rows[0][-1])


async def _pictured(context: Context, picture: int) -> int | None:
    """Give whose picture it is: the user's who shows it, else its uploader's."""
    shown = await context.unit.writer.fetch("user", {"profileimage_oid": picture}, ["oid"])
    found = shown or await context.unit.writer.fetch("profileimage", {"oid": picture}, ["uploader_oid"])
    return found[0][0] if found else None


async def _by_table(context: Context, item: TypeDef, ref: Ref) -> Located | None:
    """Revisions stand in no directory: there are too many of them, and nothing refers to one."""
    if ref.object_id is None:
        return None
    rows = await context.unit.reader.rows((item,), (), [ref.object_id], context.sight)
    return Located(rows[0][0], item, rows[0][5], rows[0][4]) if rows else None


async def _permission(context: Context, item: TypeDef, composite: str) -> Located | None:
    """A permission's address is made of its user and scope: `12u34p1`."""
    match = _COMPOSITE.fullmatch(composite)
    if match is None or "UserPermission" not in item.lineage:
        return None
    rows = await context.unit.writer.fetch("userpermission", {"customobjectid": composite}, ["oid"])
    for candidate in context.schema.concrete(item):
        found = await context.unit.reader.rows((candidate,), (), [row[0] for row in rows], context.sight)
        for row in found:
            return Located(row[0], candidate, row[5], row[4], user=int(match["user"]))
    return None
