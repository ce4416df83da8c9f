"""Change who belongs to a collection: add, remove, or set the whole of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import (
    ObjectToUpdateNotFound,
    RelationRefused,
    RequiredValueMissing,
    UnsupportedOperation,
)
from banneret.kernel.refs import Ref
from banneret.operations.changes import Changes
from banneret.operations.recording import describe_members
from banneret.operations.references import Target, fitting, resolve
from banneret.operations.rules.people import check_team
from banneret.operations.values import to_members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

Entry = Target | dict[str, Any]


async def add(context: Context, found: Located, attribute: AttributeDef, items: object) -> list[int]:
    """Add members, creating those that have no `_ref`, and give the ObjectIDs that this call added.

    Raises:
        UnsupportedOperation: the collection is derived and cannot be written.
        What `fitting` raises; then nothing is stored.

    """
    members = await _entries(context, found, attribute, items)
    return await _change(context, found, attribute, add=members, remove=[])


async def remove(context: Context, found: Located, attribute: AttributeDef, items: object) -> None:
    """Remove members; those that are none are passed over.

    Raises:
        As `add`.

    """
    members = await _entries(context, found, attribute, items)
    await _change(context, found, attribute, add=[], remove=[entry for entry in members if isinstance(entry, Target)])


@dataclass(slots=True)
class Linked:
    """What became of link collections: by element name the ObjectIDs that left and joined, in words, and all that joined."""

    members: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


async def set_links(context: Context, found: Located, collections: Mapping[AttributeDef, Sequence[Entry]]) -> Linked:
    """Make link collections hold these members and no others. The caller, who holds the object, records it."""
    linked = Linked()
    for attribute, members in collections.items():
        if _is_link(attribute):
            await _link(context, found, attribute, members, await _leaving(context, found, attribute, members), linked)
    return linked


async def set_owned(context: Context, found: Located, collections: Mapping[AttributeDef, Sequence[Entry]]) -> None:
    """Make collections that are the other end of a parent attribute hold these members and no others."""
    await context.unit.writer.flush()
    for attribute, members in collections.items():
        if not _is_link(attribute):
            leaving = await _leaving(context, found, attribute, members)
            await _change(context, found, attribute, add=members, remove=leaving)


async def _leaving(context: Context, found: Located, attribute: AttributeDef, members: Sequence[Entry]) -> list[Target]:
    """Give the members that are not to stay, as far as the caller sees them."""
    wanted = {entry.oid for entry in members if isinstance(entry, Target)}
    others = set(await _present(context, found, attribute)) - wanted
    gone = await context.unit.reader.references(others, context.sight) if others else {}
    return [
        Target(row[0], row[1], row[3] or "", row[4], row[5])
        for row in gone.values()
        if attribute.of is None or context.schema.is_a(row[1], attribute.of)
    ]


def _is_link(attribute: AttributeDef) -> bool:
    return attribute.members is not None and attribute.members.link is not None


async def _entries(context: Context, found: Located, attribute: AttributeDef, items: object) -> list[Entry]:
    listed = to_members(found.type, attribute, items) or []
    targets = await resolve(context, [entry for entry in listed if isinstance(entry, Ref)])
    return [
        fitting(context, found.type, attribute, entry, targets, found.workspace) if isinstance(entry, Ref) else entry
        for entry in listed
    ]


def _require_writable(found: Located, attribute: AttributeDef) -> None:
    members = attribute.members
    if members is None or not members.editable:
        raise UnsupportedOperation(f"{found.type.element_name}.{attribute.name}", "update")


async def _present(context: Context, found: Located, attribute: AttributeDef) -> list[int]:
    members = attribute.members
    if members is not None and members.link is not None:
        return await context.unit.writer.links(members.link, found.oid, reverse=members.reverse)
    if members is not None and members.via is not None:
        target = context.schema.get(members.only or attribute.of or "")
        for candidate in context.schema.concrete(target):
            parent = candidate.attributes.get(members.via)
            column = context.unit.writer.column_of(candidate, parent) if parent is not None else None
            if column is not None:
                rows = await context.unit.writer.fetch(column[0], {column[1]: found.oid}, ["oid"])
                return [row[0] for row in rows]
    return []


async def _change(
    context: Context, found: Located, attribute: AttributeDef, *, add: Sequence[Entry], remove: Sequence[Target]
) -> list[int]:
    from banneret.operations.update import current, store

    _require_writable(found, attribute)
    row = await current(context, found.type, found.oid)
    if row is None:
        raise ObjectToUpdateNotFound(found.type.element_name, str(found.oid))
    if not _is_link(attribute):
        return await _adopt(context, found, attribute, add, remove)
    linked = Linked()
    await _link(context, found, attribute, add, remove, linked)
    if linked.members:
        await store(
            context, found, row.version, row.values, {}, described=", ".join(linked.words), members=linked.members
        )
    return linked.added


async def _adopt(
    context: Context, found: Located, attribute: AttributeDef, add: Sequence[Entry], remove: Sequence[Target]
) -> list[int]:
    """An owned collection is the other end of a parent attribute, so that attribute is what changes."""
    via = attribute.members.via if attribute.members is not None else None
    if via is None:
        raise UnsupportedOperation(f"{found.type.element_name}.{attribute.name}", "update")
    present = set(await _present(context, found, attribute))
    added = []
    for entry in add:
        if not isinstance(entry, Target):
            added.append(await _make(context, found, attribute, {**entry, via: f"/{found.type.path}/{found.oid}"}))
        elif entry.oid not in present:
            await _set_parent(context, found, attribute, via, entry, found.oid)
            present.add(entry.oid)
            added.append(entry.oid)
    for entry in {entry.oid: entry for entry in remove if entry.oid in present}.values():
        await _set_parent(context, found, attribute, via, entry, None)
    return added


async def _set_parent(
    context: Context, found: Located, attribute: AttributeDef, via: str, member: Target, parent: int | None
) -> None:
    from banneret.operations.locate import Located
    from banneret.operations.update import apply, require_update

    item = context.schema.get(member.type)
    held = item.attributes.get(via)
    if held is None:
        reason = f"Cannot connect object to value, {member.type} {member.oid} has no {via}."
        raise RelationRefused(found.type.element_name, attribute.name, attribute.display_name, reason)
    if held.create_only or held.read_only:
        raise UnsupportedOperation(f"{found.type.element_name}.{attribute.name}", "update")
    if parent is None and held.required:
        raise RequiredValueMissing(item.element_name, held.name, held.display_name)
    child = Located(member.oid, item, member.workspace, member.project, member.name)
    require_update(context, child, (held.name,))
    target = Target(found.oid, found.type.name, found.name, found.workspace, found.project)
    targets = {found.oid: target} if parent is not None else {}
    await apply(context, child, Changes(values={held: parent}, targets=targets))


async def _make(context: Context, found: Located, attribute: AttributeDef, body: Mapping[str, Any]) -> int:
    from banneret.operations.create import create

    await context.unit.writer.flush()
    item = context.schema.get((attribute.members.only if attribute.members else None) or attribute.of or "")
    body = dict(body)
    if "Workspace" in item.attributes and found.workspace is not None:
        body.setdefault("Workspace", f"/workspace/{found.workspace}")
    if "Project" in item.attributes and found.project is not None and not item.attributes["Project"].read_only:
        body.setdefault("Project", f"/project/{found.project}")
    return await create(context, item, body, item.element_name)


async def _link(
    context: Context,
    found: Located,
    attribute: AttributeDef,
    add: Sequence[Entry],
    remove: Sequence[Target],
    linked: Linked,
) -> None:
    members = attribute.members
    if members is None or members.link is None:
        raise UnsupportedOperation(f"{found.type.element_name}.{attribute.name}", "update")
    writer = context.unit.writer
    present = set(await _present(context, found, attribute))
    coming: dict[int, str] = {}
    for entry in add:
        if not isinstance(entry, Target):
            coming[await _make(context, found, attribute, entry)] = str(entry.get("Name", ""))
        elif entry.oid not in present:
            coming[entry.oid] = entry.name
    going = {entry.oid: entry.name for entry in remove if entry.oid in present}
    await check_team(context, found, attribute, coming, going)
    for member in coming:
        writer.add_link(members.link, found.oid, member, reverse=members.reverse)
    for member in going:
        writer.remove_link(members.link, found.oid, member, reverse=members.reverse)
    if coming or going:
        linked.members[attribute.name] = (sorted(going), sorted(coming))
        linked.words.append(describe_members(attribute, list(coming.values()), list(going.values())))
        linked.added += coming
