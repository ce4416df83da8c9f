"""Change who belongs to a collection: add, remove, or set the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.kernel.errors import RelationRefused, RequiredValueMissing, UnsupportedOperation
from banneret.kernel.refs import Ref
from banneret.operations.changes import Changes
from banneret.operations.recording import describe_members
from banneret.operations.references import Target, fitting, resolve
from banneret.operations.values import to_members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
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


async def set_members(
    context: Context,
    item: TypeDef,
    oid: int,
    attribute: AttributeDef,
    members: Sequence[Entry],
    *,
    place_workspace: int | None,
) -> None:
    """Make a collection hold these members and no others."""
    from banneret.operations.locate import Located

    await context.unit.writer.flush()
    rows = await context.unit.reader.references([oid], ALL)
    project = rows[oid][5] if oid in rows else None
    found = Located(oid, item, place_workspace, project)
    wanted = {entry.oid for entry in members if isinstance(entry, Target)}
    present = await _present(context, found, attribute)
    gone = await context.unit.reader.references(set(present) - wanted, context.sight) if set(present) - wanted else {}
    leaving = [Target(row[0], row[1], row[3] or "", row[4], row[5]) for row in gone.values()]
    await _change(context, found, attribute, add=list(members), remove=leaving)


async def _entries(context: Context, found: Located, attribute: AttributeDef, items: object) -> list[Entry]:
    listed = to_members(found.type, attribute, items) or []
    targets = await resolve(context, [entry for entry in listed if isinstance(entry, Ref)])
    return [
        fitting(context, found.type, attribute, entry, targets, found.workspace) if isinstance(entry, Ref) else entry
        for entry in listed
    ]


def _require_writable(found: Located, attribute: AttributeDef) -> None:
    members = attribute.members
    if members is None or members.derived or members.through or members.everything or members.where:
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
    _require_writable(found, attribute)
    present = set(await _present(context, found, attribute))
    coming = [entry for entry in add if not isinstance(entry, Target) or entry.oid not in present]
    going = [entry for entry in remove if entry.oid in present]
    if not coming and not going:
        return []
    if attribute.members is not None and attribute.members.via is not None:
        return await _adopt(context, found, attribute, attribute.members.via, coming, going)
    return await _link(context, found, attribute, coming, going)


async def _adopt(
    context: Context,
    found: Located,
    attribute: AttributeDef,
    via: str,
    coming: Sequence[Entry],
    going: Sequence[Target],
) -> list[int]:
    """An owned collection is the other end of a parent attribute, so that attribute is what changes."""
    added = []
    for entry in coming:
        if isinstance(entry, Target):
            await _set_parent(context, found, attribute, via, entry, found.oid)
            added.append(entry.oid)
        else:
            added.append(await _make(context, found, attribute, {**entry, via: f"/{found.type.path}/{found.oid}"}))
    for entry in going:
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
    if parent is None and held.required:
        raise RequiredValueMissing(item.element_name, held.name, held.display_name)
    child = Located(member.oid, item, member.workspace, member.project, member.name)
    require_update(context, child)
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
    context: Context, found: Located, attribute: AttributeDef, coming: Sequence[Entry], going: Sequence[Target]
) -> list[int]:
    from banneret.operations.update import current, store

    relation = attribute.members.link if attribute.members is not None else None
    if relation is None:
        raise UnsupportedOperation(f"{found.type.element_name}.{attribute.name}", "update")
    writer = context.unit.writer
    reverse = attribute.members.reverse if attribute.members is not None else False
    added, names = [], []
    for entry in coming:
        if isinstance(entry, Target):
            member, name = entry.oid, entry.name
        else:
            member, name = await _make(context, found, attribute, entry), str(entry.get("Name", ""))
        if member in added:
            continue
        writer.add_link(relation, found.oid, member, reverse=reverse)
        added.append(member)
        names.append(name)
    for entry in going:
        writer.remove_link(relation, found.oid, entry.oid, reverse=reverse)
    row = await current(context, found.type, found.oid)
    if row is not None:
        version, old = row
        await store(
            context,
            found,
            version,
            old,
            {},
            described=describe_members(attribute, names, [entry.name for entry in going]),
            members={attribute.name: (sorted(entry.oid for entry in going), sorted(added))},
        )
    return added
