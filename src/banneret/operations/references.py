"""From refs to objects: what they name, whether the caller may see it, and whether it fits where it is put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import HOLDERS
from banneret.kernel.errors import MalformedReference, ReferencedObjectNotFound, RelationRefused
from banneret.kernel.ids import LARGEST_OBJECT_ID
from banneret.operations.metadata import definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context


@dataclass(frozen=True, slots=True)
class Target:
    """An object that a ref leads to. `name` is what revisions call it."""

    oid: int
    type: str
    name: str
    workspace: int | None
    project: int | None


async def resolve(context: Context, refs: Iterable[Ref]) -> dict[Ref, Target]:
    """Give the targets of refs, those of ObjectIDs in one statement. Refs that lead nowhere visible are left out."""
    wanted = list(dict.fromkeys(refs))
    found: dict[Ref, Target] = {}
    schema = context.schema
    rows: Mapping[int, Sequence[Any]] = {}
    oids = {ref.object_id for ref in wanted if ref.object_id is not None and 0 < ref.object_id <= LARGEST_OBJECT_ID}
    if oids:
        await context.unit.writer.flush()
        rows = await context.unit.reader.references(oids, context.sight)
    for ref in wanted:
        if ref.composite is not None:
            continue
        named = schema.find(ref.type_name) or schema.find_plural(ref.type_name)
        if named is not None and named.virtual:
            defined = definitions(context).find(named, ref)
            if defined is not None:
                found[ref] = Target(defined.oid, defined.type.name, defined.name or "", None, None)
            continue
        row = rows.get(ref.object_id) if ref.object_id is not None else None
        if row is None and ref.uuid is not None:
            row = await context.unit.reader.reference_by_uuid(ref.uuid, context.sight)
        if row is None:
            continue
        # A ref names its object by id; the type in it may be an alias or abstract, but not another one.
        if named is None or schema.is_a(row[1], named.name):
            found[ref] = Target(row[0], row[1], row[3] or "", row[4], row[5])
    if any(target.type in HOLDERS for target in found.values()):
        return await _without_others_uploads(context, found)
    return found


async def _without_others_uploads(context: Context, found: dict[Ref, Target]) -> dict[Ref, Target]:
    """The directory does not know that what nothing uses yet is its uploader's alone; its own table does."""
    hidden: set[int] = set()
    for name in HOLDERS:
        oids = {target.oid for target in found.values() if target.type == name}
        seen = await context.unit.reader.rows((context.schema.get(name),), (), oids, context.sight) if oids else ()
        hidden |= oids - {row[0] for row in seen}
    return {ref: target for ref, target in found.items() if target.oid not in hidden}


def fitting(
    context: Context, item: TypeDef, attribute: AttributeDef, ref: Ref, found: dict[Ref, Target], workspace: int | None
) -> Target:
    """Give the target of a ref that is to become the value, or a member, of an attribute.

    Raises:
        MalformedReference: the ref names a type that there is none of.
        ReferencedObjectNotFound: it leads nowhere, or to what the caller may not see.
        RelationRefused: to the wrong type, or to another workspace (the texts of wsapi.md 6.5).

    """
    schema = context.schema
    target = found.get(ref)
    if target is None:
        if schema.find(ref.type_name) is None and schema.find_plural(ref.type_name) is None:
            raise MalformedReference(f"{ref.type_name}/{ref.identifier}")
        raise ReferencedObjectNotFound(ref.identifier)
    wanted = attribute.of or ""
    if attribute.of is not None and not schema.is_a(target.type, wanted):
        reason = f"Cannot connect object to value, {target.type} {target.oid} is not of type {wanted}."
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason, ref.identifier)
    if workspace is not None and target.workspace is not None and target.workspace != workspace:
        reason = (
            f"Cannot connect object to value, {attribute.display_name} value is in a different workspace. "
            f"[object workspace OID={workspace}, value workspace OID={target.workspace}]"
        )
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason, ref.identifier)
    moves_in = attribute.name == "Project" and item.name != "ProjectPermission"
    if (moves_in or (item.name, attribute.name) == ("Project", "Parent")) and context.identity is not None:
        project = context.landscape.projects.get(target.oid)
        if project is not None and not project.is_open:
            reason = "Cannot connect object to value, the project is closed."
            raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason, ref.identifier)
    return target


async def hold(context: Context, item: TypeDef, attribute: AttributeDef, ref: Ref) -> Target:
    """Give the target of a ref that decides where an object belongs; it stays there until the unit of work ends.

    Raises:
        As `fitting`.

    """
    target = fitting(context, item, attribute, ref, await resolve(context, [ref]), None)
    table = context.schema.get(target.type).table
    if table is not None and await context.unit.writer.lock(table.lower(), target.oid):
        return fitting(context, item, attribute, ref, await resolve(context, [ref]), None)
    return target
