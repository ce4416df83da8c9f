"""Delete an object: it and what hangs on it go to the recycle bin, and nothing is left that points at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.rules import may
from banneret.access.sight import ALL
from banneret.catalogue.model import HOLDERS
from banneret.kernel.errors import NotAuthorized, ObjectToDeleteNotFound, UnsupportedOperation
from banneret.operations import contents
from banneret.operations.changes import Changes
from banneret.operations.create import TOUCHING
from banneret.operations.locate import Located, locate
from banneret.operations.marking import note_deleted
from banneret.operations.recording import record_event
from banneret.operations.rules import before_delete
from banneret.operations.update import apply, current

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context

_json = msgspec.json.Encoder()


async def delete(context: Context, item: TypeDef, ref: Ref) -> None:
    """Delete the object that `ref` names.

    Raises:
        ObjectToDeleteNotFound: missing, of another type, or not to be seen.
        NotAuthorized, UnsupportedOperation: then nothing is deleted.

    """
    found = await locate(context, item, ref)
    if found is None:
        raise ObjectToDeleteNotFound
    if "delete" not in found.type.operations:
        raise UnsupportedOperation(found.type.element_name, "delete")
    if context.identity is not None and not may(
        context.identity,
        "delete",
        found.type.name,
        found.type.lineage,
        workspace=found.workspace,
        project=found.project,
        target_user=found.oid if found.type.name == "User" else found.user,
    ):
        raise NotAuthorized("delete", found.type.element_name, found.oid)
    local = context.in_workspace(found.workspace)
    await before_delete(local, found)
    if not await remove(local, found):
        raise ObjectToDeleteNotFound


async def remove(context: Context, found: Located) -> bool:
    """Remove an object and what hangs on it, without asking who may; say whether it was there at all."""
    return await _remove(context, found, set(), None)


@dataclass(slots=True)
class _Kept:
    """What a RecycleBinEntry keeps beside its own object `item`: what went along, with an entry of its own or as a part."""

    item: int
    parts: list[dict[str, Any]] = field(default_factory=list)
    along: list[int] = field(default_factory=list)


async def _remove(context: Context, found: Located, gone: set[int], outer: _Kept | None) -> bool:
    """Remove one object: first what cannot be without it, then what merely points at it lets go.

    `outer` is what the entry of the object that it goes along with keeps.
    """
    gone.add(found.oid)
    binned = "FormattedID" in found.type.attributes and found.workspace is not None
    inner = _Kept(found.oid) if binned else outer
    row = await current(context, found.type, found.oid)
    if row is None:
        return False
    version, values = row.version, row.values
    await _let_go(context, found, gone, inner)
    for attribute, value in values.items():
        if attribute.owned and value is not None and value not in gone:
            owned = (await context.unit.reader.references([value], ALL)).get(value)
            if owned is not None:
                item = context.schema.get(owned[1])
                await _remove(context, Located(owned[0], item, owned[4], owned[5], owned[3] or ""), gone, inner)
    if binned and inner is not None:
        entry = await _bin(context, found, values, version, inner)
        if outer is not None:
            outer.along.append(entry)
    elif outer is not None:
        outer.parts.append(await _part(context, found))
    if found.type.table in TOUCHING:
        await context.unit.touch()
    note_deleted(context, found.type, values)
    context.unit.writer.remove_object(found.type, found.oid)
    if found.type.name == "RecycleBinEntry":
        await _forget(context, found.oid)
    if found.type.name in HOLDERS:
        await contents.drop(context.unit, found.oid, outer.item if outer is not None else None)
    record_event(
        context,
        found.type,
        found.oid,
        "deleted",
        version=version,
        workspace=found.workspace,
        project=found.project,
        diff={},
    )
    return True


async def _let_go(context: Context, found: Located, gone: set[int], kept: _Kept | None) -> None:
    """Remove what cannot be without an object; what else refers to it does so no longer."""
    inbound = await context.unit.writer.inbound(found.oid, _columns(context, context.schema, found.type))
    holders = await context.unit.reader.references({entry[2] for entry in inbound}, ALL) if inbound else {}
    for table, column, oid in inbound:
        if oid in gone or oid not in holders:
            continue
        holder = holders[oid]
        item = context.schema.get(holder[1])
        attribute = _attribute_of(context, item, table, column)
        if attribute is None:
            continue
        held = Located(oid, item, holder[4], holder[5], holder[3] or "")
        if attribute.on_delete == "cascade":
            await _remove(context, held, gone, kept)
        else:
            await apply(context, held, Changes(values={attribute: None}))


def _columns(context: Context, schema: Schema, item: TypeDef) -> tuple[tuple[str, str], ...]:
    """Give (table, column) of every OBJECT attribute that can refer to an object of this type."""
    found: dict[tuple[str, str], None] = {}
    for other in schema.types.values():
        for attribute in other.attributes.values():
            if attribute.is_object and attribute.is_stored and not attribute.custom and attribute.of in item.lineage:
                if attribute.on_delete == "follow":
                    continue
                column = context.unit.writer.column_of(other, attribute)
                if column is not None:
                    found[column] = None
    return tuple(found)


def _attribute_of(context: Context, item: TypeDef, table: str, column: str) -> AttributeDef | None:
    for attribute in item.attributes.values():
        if (
            attribute.is_object
            and attribute.is_stored
            and context.unit.writer.column_of(item, attribute) == (table, column)
        ):
            return attribute
    return None


async def _part(context: Context, found: Located) -> dict[str, Any]:
    """Give what it takes to bring an object back: its type, row, directory name and links."""
    links = [
        (relation, left, right)
        for side in ("left_oid", "right_oid")
        for relation, left, right in await context.unit.writer.fetch(
            "link", {side: found.oid}, ["relation", "left_oid", "right_oid"]
        )
    ]
    row = await context.unit.writer.stored_row(found.type, found.oid)
    return {"type": found.type.name, "row": row, "name": found.name or None, "links": links}


async def _forget(context: Context, entry: int) -> None:
    """With its entry goes for good what a deleted object has left behind: what would bring it back, and its history."""
    writer = context.unit.writer
    for (content,) in await writer.fetch("recycled", {"oid": entry}, ["content"]):
        row = msgspec.json.decode(content)["row"]
        await contents.purge(context.unit, row["oid"])
        history = row.get("revisionhistory_oid")
        if history is not None:
            writer.delete("revision", {"revisionhistory_oid": history})
            writer.remove_object(context.schema.get("RevisionHistory"), history)
    writer.delete("recycled", {"oid": entry})


async def _bin(context: Context, found: Located, values: dict[AttributeDef, Any], version: int, kept: _Kept) -> int:
    """Leave a RecycleBinEntry with everything that a restore needs, and give its ObjectID."""
    item = found.type
    label = item.attributes["FormattedID"]
    entry = context.schema.get("RecycleBinEntry")
    oid = await context.unit.writer.next_object_id(found.workspace)
    part = await _part(context, found)
    content = {"row": part["row"], "links": part["links"], "parts": kept.parts, "along": kept.along}
    context.unit.writer.insert(
        "recycled",
        {
            "oid": oid,
            "item_oid": found.oid,
            "type": item.name,
            "version": version,
            "content": _json.encode(content).decode(),
        },
    )
    attributes = entry.attributes
    naming = item.naming_attribute
    name = values.get(item.attributes[naming]) if naming else None
    context.unit.writer.add_object(
        entry,
        oid=oid,
        uuid=context.identifiers.uuid(),
        values={
            attributes["CreationDate"]: context.moment,
            attributes["VersionId"]: 1,
            attributes["DeletionDate"]: context.moment,
            attributes["DeletedBy"]: context.user,
            attributes["ID"]: values.get(label),
            attributes["ItemOID"]: found.oid,
            attributes["Name"]: name,
            attributes["Type"]: item.definition_id,
        },
        custom_fields="{}",
        workspace=found.workspace,
        project=found.project,
        name=name,
        directory_project=found.project,
    )
    return oid
