"""Change and remove definitions: fields, their allowed values, portfolio types (object-model.md 5, 6, 10).

What is stock is changed for one workspace: that which the request names, in its body or its parameters, or the caller's
default one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.access.rules import may
from banneret.access.sight import ALL
from banneret.kernel.errors import (
    NotAuthorized,
    ObjectToDeleteNotFound,
    ObjectToUpdateNotFound,
    RelationRefused,
    RequiredValueMissing,
    UnsupportedOperation,
    ValueAlreadyUsed,
    ValueNotAllowed,
)
from banneret.operations import choices
from banneret.operations.changes import Changes, settable
from banneret.operations.context import redefining
from banneret.operations.locate import Located
from banneret.operations.metadata import find_definition
from banneret.operations.prefixes import PREFIXES, check_prefix, renumber
from banneret.operations.recording import record_event
from banneret.operations.update import apply
from banneret.operations.values import to_stored
from banneret.query.selection import Scope, Selection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context
    from banneret.operations.metadata import Virtual

_FLAGS = {"Required": "required", "Hidden": "hidden", "VisibleOnlyToAdmins": "visibleonlytoadmins"}
"""What an administrator may change of any field, though the metadata calls the first two read-only."""

_SHORTEST_NAME = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Held:
    """A definition that is about to change, and the surroundings of its workspace, read anew under the schema's lock."""

    context: Context
    virtual: Virtual


async def hold_definition(context: Context, item: TypeDef, ref: Ref, action: str) -> Held | None:
    """Find a definition that the caller may change, and keep others from changing any until the unit of work ends.

    Raises:
        UnsupportedOperation: the type does not offer the action.
        NotAuthorized: only workspace administrators define.

    """
    if action not in item.operations:
        raise UnsupportedOperation(item.element_name, action)
    found = find_definition(context, item, ref)
    if found is None:
        return None
    home, virtual = found
    if context.identity is not None and not may(
        context.identity,
        "delete" if action == "delete" else "update",
        virtual.type.name,
        virtual.type.lineage,
        workspace=home.workspace,
        project=None,
    ):
        raise NotAuthorized(action, virtual.type.element_name, virtual.oid)
    current = (await redefining(context)).in_workspace(home.workspace)
    again = find_definition(current, item, ref)
    return Held(current, again[1]) if again is not None else None


async def redefine(context: Context, item: TypeDef, ref: Ref, body: Mapping[str, object], root: str) -> int:
    """Update a definition and give its ObjectID.

    Raises:
        ObjectToUpdateNotFound: missing, of another type, or not to be seen.
        UnsupportedOperation, NotAuthorized: as `hold_definition`.
        RelationRefused, InvalidValue: what may not change, or not to this.

    """
    held = await hold_definition(context, item, ref, "update")
    if held is None:
        raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
    settable(held.virtual.type, body, root, context, creating=False)  # warns of names that there are not
    if held.virtual.type.name == "TypeDefinition":
        await _redefine_type(held.context, held.virtual, body)
    elif held.virtual.type.name == "AllowedAttributeValue":
        await choices.update_choice(held.context, held.virtual, body)
    else:
        await _redefine_attribute(held.context, held.virtual, body)
    await context.unit.writer.flush()
    return held.virtual.oid


async def undefine(context: Context, item: TypeDef, ref: Ref) -> None:
    """Delete an allowed value or a portfolio type. Custom fields cannot be deleted (KB 47600).

    Raises:
        ObjectToDeleteNotFound: missing, of another type, or not to be seen.
        UnsupportedOperation, NotAuthorized: as `hold_definition`.
        RelationRefused: it is needed.

    """
    held = await hold_definition(context, item, ref, "delete")
    if held is None:
        raise ObjectToDeleteNotFound
    if held.virtual.type.name == "AllowedAttributeValue":
        await choices.delete_choice(held.context, held.virtual)
    else:
        await _undefine_type(held.context, held.virtual)
    await context.unit.writer.flush()


async def change_members(context: Context, item: TypeDef, ref: Ref, name: str, verb: str, items: object) -> list[int]:
    """Add to (`verb` is `add`) or remove from a definition's collection, and give the ObjectIDs of what was added.

    Only AllowedValues can be written; what else a definition holds follows from it.

    Raises:
        ObjectToUpdateNotFound: missing, of another type, or not to be seen.
        UnsupportedOperation: another collection.
        As `redefine`.

    """
    held = await hold_definition(context, item, ref, "update")
    if held is None:
        raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
    collection = held.virtual.type.find(name)
    if collection is None or collection.name != "AllowedValues":
        raise UnsupportedOperation(f"{item.element_name}.{name}", "update")
    attribute = choices.attribute_of(held.context, held.virtual)
    if verb == "add":
        return await choices.add_choices(held.context, attribute, items)
    await choices.remove_choices(held.context, attribute, items)
    return []


# ---------------------------------------------------------------------- attributes


async def _redefine_attribute(context: Context, held: Virtual, body: Mapping[str, object]) -> None:
    item = held.type
    given = {str(name).lower(): value for name, value in body.items()}
    attribute = choices.attribute_of(context, held)
    _keep_type(item, attribute, given)
    row: dict[str, Any] = {
        column: bool(to_stored(item, item.attributes[name], given[name.lower()], context.zone))
        for name, column in _FLAGS.items()
        if given.get(name.lower()) is not None
    }
    if "note" in given:
        row["note"] = to_stored(item, item.attributes["Note"], given["note"], context.zone)
    if attribute.system_required:
        for name in ("required", "hidden"):
            if row.get(name, name == "required") is not (name == "required"):
                reason = f"{attribute.name} is required by the system: it can neither be optional nor hidden."
                raise RelationRefused(item.element_name, name.title(), name.title(), reason)
    if given.get("name") is not None:
        row |= _renamed(context, item, attribute, str(given["name"]).strip())
    if attribute.custom and isinstance(given.get("url"), str):
        row["link_url"] = given["url"]
    before = {"required": attribute.required, "hidden": attribute.hidden, "note": attribute.note or None}
    before |= {"visibleonlytoadmins": attribute.admins_only, "name": attribute.display_name}
    before["link_url"] = attribute.link_url
    row = {name: value for name, value in row.items() if before[name] != value}
    if row and attribute.custom:
        context.unit.writer.update("custom_attribute", {"oid": attribute.definition_id}, row)
    elif row:
        await choices.store_change(context, attribute, row)
    if row:
        _record(context, item, held.oid, {name: (before[name], value) for name, value in row.items()})
    if isinstance(given.get("allowedvalues"), list):
        await choices.set_choices(context, attribute, given["allowedvalues"])


def _keep_type(item: TypeDef, attribute: AttributeDef, given: Mapping[str, object]) -> None:
    """A field's type cannot change (KB 47600); saying again what it is does no harm."""
    asked = given.get("realattributetype")
    if isinstance(asked, str) and asked.upper() != attribute.real_type:
        told = item.attributes["RealAttributeType"]
        raise ValueNotAllowed(item.element_name, told.name, told.display_name, asked, (attribute.real_type,))


def _renamed(context: Context, item: TypeDef, attribute: AttributeDef, name: str) -> dict[str, Any]:
    """The label changes; ElementName, by which clients know the field, stays."""
    if name == attribute.display_name:
        return {}
    told = item.attributes["Name"]
    if not _SHORTEST_NAME.search(name):
        raise RequiredValueMissing(item.element_name, told.name, told.display_name)
    if not attribute.custom:
        reason = f"{attribute.name} is a standard field; its name cannot be changed."
        raise RelationRefused(item.element_name, told.name, told.display_name, reason)
    owner = context.schema.get(attribute.owner)
    if any(
        other.display_name.lower() == name.lower() and other is not attribute for other in owner.attributes.values()
    ):
        raise ValueAlreadyUsed(item.element_name, told.name, told.display_name, name)
    return {"name": name}


def _record(context: Context, item: TypeDef, oid: int, diff: dict[str, tuple[Any, Any]]) -> None:
    record_event(context, item, oid, "updated", version=1, workspace=context.workspace, project=None, diff=diff)


# ---------------------------------------------------------------------- types


async def _redefine_type(context: Context, held: Virtual, body: Mapping[str, object]) -> None:
    item = held.type
    given = {str(name).lower(): value for name, value in body.items()}
    target = context.schema.get(str(held.values["TypePath"]))
    row: dict[str, Any] = {}
    name = given.get("name")
    if isinstance(name, str) and name.strip() != target.display_name:
        row["name"] = _type_name(context, item, target, name.strip())
    prefix = given.get("idprefix")
    if prefix is not None and prefix != target.prefix:
        row["idprefix"] = check_prefix(context, target, prefix)
    if not row:
        return
    if target.name in PREFIXES:
        await _configure_prefix(context, PREFIXES[target.name], row["idprefix"])
    else:
        if "idprefix" in row:
            await renumber(context, target, target.prefix or "", row["idprefix"])
        await _store_type(context, target, row)
    before = {"name": target.display_name, "idprefix": target.prefix}
    _record(context, item, held.oid, {field: (before[field], value) for field, value in row.items()})


async def _configure_prefix(context: Context, name: str, prefix: str) -> None:
    item = context.schema.get("WorkspaceConfiguration")
    for (oid,) in await context.unit.writer.fetch(
        "workspaceconfiguration", {"workspace_oid": context.workspace}, ["oid"]
    ):
        found = Located(oid, item, context.workspace, None)
        await apply(context, found, Changes(values={item.attributes[name]: prefix}))


def _type_name(context: Context, item: TypeDef, target: TypeDef, name: str) -> str:
    told = item.attributes["Name"]
    if not _SHORTEST_NAME.search(name):
        raise RequiredValueMissing(item.element_name, told.name, told.display_name)
    if "PortfolioItem" not in target.lineage or target.abstract or target.ordinal < 0:
        reason = f"{target.element_name} is a standard type; its name cannot be changed."
        raise RelationRefused(item.element_name, told.name, told.display_name, reason)
    if any(
        other.display_name.lower() == name.lower() for other in context.schema.types.values() if other is not target
    ):
        raise ValueAlreadyUsed(item.element_name, told.name, told.display_name, name)
    return name


async def _store_type(context: Context, target: TypeDef, row: dict[str, Any]) -> None:
    """Keep what the workspace says of a type; of a stock one it may be the first word."""
    writer = context.unit.writer
    where = {"workspace_oid": context.workspace, "typepath": target.name}
    if await writer.fetch("custom_type", where, ["oid"]):
        writer.update("custom_type", where, row)
        return
    oid = await writer.next_object_id(context.workspace)
    whole = {"name": target.display_name, "idprefix": target.prefix, "ordinal": target.ordinal, **row}
    writer.insert("custom_type", {"oid": oid, "uuid": context.identifiers.uuid(), **where, **whole})


async def _undefine_type(context: Context, held: Virtual) -> None:
    """A level goes with its states and its fields, if no item was ever left in it (object-model.md 6)."""
    item = held.type
    target = context.schema.get(str(held.values["TypePath"]))
    if "PortfolioItem" not in target.lineage or target.abstract or target.ordinal < 0:
        raise UnsupportedOperation(target.element_name, "delete the type")
    selection = Selection(candidates=(target,), scope=Scope(context.workspace), pagesize=1)
    binned = {"workspace_oid": context.workspace, "type_oid": target.definition_id}
    writer = context.unit.writer
    if await context.unit.reader.count(selection, ALL) or await writer.fetch("recyclebinentry", binned, ["oid"]):
        reason = f"{target.display_name} has portfolio items, in the workspace or in its recycle bin."
        raise RelationRefused(item.element_name, "TypePath", "Type Path", reason)
    if len(context.schema.portfolio_levels()) == 1:
        raise RelationRefused(item.element_name, "TypePath", "Type Path", "A workspace keeps one portfolio item type.")
    for (oid,) in await writer.fetch(
        "basekanbanstate", {"workspace_oid": context.workspace, "typedef_oid": target.definition_id}, ["oid"]
    ):
        writer.remove_object(context.schema.get("State"), oid)
    writer.delete("custom_attribute", {"workspace_oid": context.workspace, "typepath": target.name})
    if target.custom:
        writer.delete("custom_type", {"oid": target.definition_id})
    else:
        await _store_type(context, target, {"deleted": True})
    record_event(context, item, held.oid, "deleted", version=1, workspace=context.workspace, project=None, diff={})
