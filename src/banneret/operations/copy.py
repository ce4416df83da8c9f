"""Copy an object: a new one with what the caller sees of the old one (wsapi.md 6.8).

What Rally copies beside the fields is not recorded; we take along what describes the work and leave what has happened to it:

- fields that a client could set, with tags and milestones, go along, but for what is the original's own, as a user's picture;
  the work itself begins anew (`_BEGUN_ANEW`);
- tasks, test cases and test steps, which say how the work is to be done, are copied with it;
- child stories and portfolio items, defects, predecessors, results, discussion, attachments, changesets and the revision
  history stay with the original.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from banneret.catalogue.model import AttributeType
from banneret.kernel.errors import ObjectNotFound, UnsupportedOperation
from banneret.operations.create import create
from banneret.operations.locate import Located, locate
from banneret.operations.rank import UNRANKED, Ranking
from banneret.operations.update import current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context

_BEGUN_ANEW = frozenset(
    {
        *("ScheduleState", "FlowState", "State", "Resolution", "Blocked", "BlockedReason", "Ready", "Actuals", "ToDo"),
        *("OpenedDate", "ClosedDate", "TargetBuild", "FixedInBuild", "VerifiedInBuild", "SubmittedBy", "AcceptedDate"),
    }
)
"""What tells how far the original has got."""

_LABELS = frozenset({"Tags", "Milestones"})
_CONTENTS = {"DefectSuite": frozenset({"Defects"}), "TestSet": frozenset({"TestCases"})}
"""Collections whose members the copy shares with the original: its labels, and what a suite or set is made of."""

_TAKEN_ALONG = ("Tasks", "TestCases", "Steps")
"""Collections whose members are copied with what they belong to."""

_DECODED = frozenset({AttributeType.WEB_LINK, AttributeType.RAW, AttributeType.MAP})


async def copy(
    context: Context,
    item: TypeDef,
    ref: Ref,
    body: Mapping[str, object],
    root: str,
    ranking: Ranking = UNRANKED,
) -> int:
    """Copy the object that `ref` names and give the ObjectID of the copy, called `(Copy of) <name>`.

    Attributes of `body` replace those of the original.

    Raises:
        ObjectNotFound: missing, of another type, or not to be seen.
        UnsupportedOperation: a type that cannot be copied.
        What `create` raises; a value that is no longer allowed is refused, as KB 102900 says. Then nothing is stored.

    """
    found = await locate(context, item, ref)
    if found is None:
        raise ObjectNotFound
    if "copy" not in found.type.operations:
        raise UnsupportedOperation(found.type.element_name, "copy")
    local = context.in_workspace(found.workspace)
    naming = found.type.naming_attribute
    named: dict[str, object] = {}
    if naming is not None and found.name:
        limit = found.type.attributes[naming].max_length
        named[naming] = f"(Copy of) {found.name}"[:limit]
    return await _copy(local, found, {**named, **body}, root, ranking)


async def _copy(
    context: Context, found: Located, instead: Mapping[str, object], root: str, ranking: Ranking = UNRANKED
) -> int:
    body = await _body(context, found)
    said = {name.lower() for name in instead}
    body = {name: value for name, value in body.items() if name.lower() not in said}
    made = await create(context, found.type, {**body, **instead}, root, ranking=ranking)
    await context.unit.writer.flush()
    for name in _TAKEN_ALONG:
        attribute = found.type.attributes.get(name)
        via = attribute.members.via if attribute is not None and attribute.members is not None else None
        if attribute is None or via is None or name.lower() in said:
            continue
        for member in await _members(context, found, attribute, via):
            await _copy(context, member, {via: f"/{found.type.path}/{made}"}, root)
    return made


async def _body(context: Context, found: Located) -> dict[str, object]:
    """Give the attributes that a create may set, as a client that sees the object would send them."""
    row = await current(context, found.type, found.oid)
    if row is None:
        raise ObjectNotFound
    values = {
        attribute: value
        for attribute, value in row.values.items()
        if value is not None
        and not (attribute.read_only or attribute.owned or attribute.alias or attribute.name in _BEGUN_ANEW)
    }
    seen = await context.unit.reader.references(
        [value for attribute, value in values.items() if attribute.is_object], context.sight
    )
    body: dict[str, object] = {}
    for attribute, value in values.items():
        if attribute.is_object:
            if value in seen or attribute.of is None or context.schema.get(attribute.of).virtual:
                body[attribute.name] = f"/{(attribute.of or seen[value][1]).lower()}/{value}"
        else:
            body[attribute.name] = _sent(attribute, value)
    if "Estimate" in body and "ToDo" in found.type.attributes:
        body["ToDo"] = body["Estimate"]
    for name in _LABELS | _CONTENTS.get(found.type.name, frozenset()):
        collection = found.type.attributes.get(name)
        if collection is not None and collection.members is not None and collection.members.link is not None:
            members = collection.members
            linked = await context.unit.writer.links(members.link or "", found.oid, reverse=members.reverse)
            visible = await context.unit.reader.references(linked, context.sight) if linked else {}
            body[name] = [{"_ref": f"/{row[1].lower()}/{oid}"} for oid, row in sorted(visible.items())]
    return body


def _sent(attribute: AttributeDef, value: Any) -> object:
    if attribute.type in _DECODED and isinstance(value, str):
        return msgspec.json.decode(value)
    if attribute.is_collection:
        return [{"StringValue": text} for text in value]
    return value


async def _members(context: Context, found: Located, attribute: AttributeDef, via: str) -> list[Located]:
    """Give the members that the caller sees, oldest first."""
    members: list[Located] = []
    for candidate in context.schema.concrete(context.schema.get(attribute.of or "")):
        parent = candidate.attributes.get(via)
        column = context.unit.writer.column_of(candidate, parent) if parent is not None else None
        if column is None:
            continue
        oids = [row[0] for row in await context.unit.writer.fetch(column[0], {column[1]: found.oid}, ["oid"])]
        rows = await context.unit.reader.references(oids, context.sight) if oids else {}
        members += [
            Located(oid, candidate, row[4], row[5], row[3] or "")
            for oid, row in sorted(rows.items())
            if row[1] == candidate.name
        ]
    return members
