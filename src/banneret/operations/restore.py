"""Restore from the recycle bin: the object of an entry, and what went into the bin along with it (object-model.md 6).

How a client asks Rally for it is not recorded; here it is `POST recyclebinentry/<id>/restore`. ObjectID, FormattedID and
history are those of before, and a revision tells of the return. What had merely pointed at the object does not point at it
again, and stories do not become predecessors again: so it is with Rally.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.rules import may
from banneret.access.sight import ALL
from banneret.kernel.errors import NotAuthorized, ObjectToUpdateNotFound, RelationRefused, UnsupportedOperation
from banneret.operations import contents
from banneret.operations.locate import Located, locate
from banneret.operations.marking import note_restored
from banneret.operations.recording import record_event, record_revision
from banneret.operations.rules import after_restore
from banneret.operations.update import current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context

_LOST = frozenset({"story_predecessors"})
"""Links that do not come back."""


@dataclass(frozen=True, slots=True)
class Binned:
    """What an entry keeps. `along` are the entries of what was deleted with its object, `parts` what has none of its own."""

    type: str
    version: int
    row: dict[str, Any]
    links: list[tuple[str, int, int]]
    parts: list[dict[str, Any]]
    along: list[int]


async def restore(context: Context, item: TypeDef, ref: Ref) -> Located:
    """Restore the object of the RecycleBinEntry that `ref` names, and say what and where it is.

    Raises:
        ObjectToUpdateNotFound: no such entry, or not to be seen.
        UnsupportedOperation: not an entry of the bin, or an entry of a type that does not come back.
        NotAuthorized: who may not create such an object where it was.
        RelationRefused: what it belonged to is gone; then nothing is restored.

    """
    entry = await locate(context, item, ref)
    if entry is None:
        raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
    if entry.type.name != "RecycleBinEntry":
        raise UnsupportedOperation(entry.type.element_name, "restore")
    local = context.in_workspace(entry.workspace)
    await local.unit.writer.lock("recycled", entry.oid)
    binned = await _binned(local, entry.oid)
    if binned is None:
        raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
    found = _place(local, binned)
    if "restore" not in found.type.operations:
        raise UnsupportedOperation(found.type.element_name, "restore")
    if local.identity is not None and not may(
        local.identity,
        "create",
        found.type.name,
        found.type.lineage,
        workspace=found.workspace,
        project=found.project,
    ):
        raise NotAuthorized("restore", found.type.element_name, found.oid)
    await _bring_back(local, entry.oid, binned, found)
    await local.unit.writer.flush()
    return found


def _place(context: Context, binned: Binned) -> Located:
    item, row = context.schema.get(binned.type), binned.row
    naming = item.naming_attribute
    column = context.unit.writer.column_of(item, item.attributes[naming]) if naming is not None else None
    name = row.get(column[1]) if column is not None else None
    return Located(row["oid"], item, row["workspace_oid"], row["project_oid"], name or "")


async def _binned(context: Context, entry: int) -> Binned | None:
    rows = await context.unit.writer.fetch("recycled", {"oid": entry}, ["type", "version", "content"])
    if not rows:
        return None
    kind, version, text = rows[0]
    content = msgspec.json.decode(text)
    links = [(relation, left, right) for relation, left, right in content["links"]]
    return Binned(kind, version, content["row"], links, content.get("parts", []), content.get("along", []))


async def _bring_back(context: Context, entry: int, binned: Binned, found: Located) -> None:
    """Bring one object back with its parts, and then what went along."""
    writer = context.unit.writer
    row = await _with_what_is_left(context, found.type, binned.row)
    row["versionid"] = binned.version + 1
    for name in ("lastupdatedate", "lastupdateddate"):
        if name in row:
            row[name] = context.moment
    writer.put_back(found.type, row, found.name or None)
    for part in binned.parts:
        item = context.schema.get(part["type"])
        writer.put_back(item, part["row"], part["name"])
        await _link(context, part["links"])
    contents.take_back(context.unit, found.oid)
    await _link(context, binned.links)
    there = await current(context, found.type, found.oid)
    if there is not None:
        note_restored(context, found.type, found.oid, there.values)
        await after_restore(context, found, there.values)
    writer.remove_object(context.schema.get("RecycleBinEntry"), entry)
    writer.delete("recycled", {"oid": entry})
    record_event(
        context,
        found.type,
        found.oid,
        "restored",
        version=binned.version + 1,
        workspace=found.workspace,
        project=found.project,
        diff={},
    )
    history = row.get("revisionhistory_oid")
    if found.type.has_revisions and history is not None:
        await record_revision(
            context,
            history,
            binned.version,
            "RECYCLED changed from [true] to [false]",
            workspace=found.workspace,
            project=found.project,
        )
    for other in binned.along:
        kept = await _binned(context, other)
        if kept is not None:
            await _bring_back(context, other, kept, _place(context, kept))


async def _with_what_is_left(context: Context, item: TypeDef, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the row without refs to what is gone meanwhile.

    Raises:
        RelationRefused: the object cannot be without it.

    """
    writer = context.unit.writer
    refs: dict[AttributeDef, str] = {}
    for attribute in item.attributes.values():
        place = writer.column_of(item, attribute) if attribute.is_object and attribute.is_stored else None
        if place is not None and row.get(place[1]) is not None and not context.schema.get(attribute.of or "").virtual:
            refs[attribute] = place[1]
    await writer.flush()
    present = await context.unit.reader.references({row[column] for column in refs.values()}, ALL)
    left = dict(row)
    for attribute, column in refs.items():
        if row[column] in present or attribute.name == "RevisionHistory":
            continue
        if attribute.required or attribute.name in item.scope or attribute.name == "Project":
            reason = f"Cannot connect object to value, {attribute.of} {row[column]} does not exist any more."
            raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)
        left[column] = None
    return left


async def _link(context: Context, links: list[tuple[str, int, int]]) -> None:
    """Put links back whose other end is there."""
    wanted = [link for link in links if link[0] not in _LOST]
    if not wanted:
        return
    writer = context.unit.writer
    await writer.flush()
    present = await context.unit.reader.references({oid for _, left, right in wanted for oid in (left, right)}, ALL)
    for relation, left, right in wanted:
        if left in present and right in present and right not in await writer.links(relation, left, reverse=False):
            writer.add_link(relation, left, right, reverse=False)
