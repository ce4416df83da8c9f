"""Everything that a database holds, as a dump needs it: objects with their stored values and the members of their links."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.sight import ALL
from banneret.catalogue.loader import stock_schema
from banneret.catalogue.model import HOLDERS, AttributeType
from banneret.operations import contents
from banneret.operations.ports import HEAD
from banneret.operations.rules import figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.access.landscape import Landscape
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.ports import Row, Transaction

_UNTOLD = frozenset({"RevisionHistory", "Revision", "RecycleBinEntry", "Blocker"})
_UNWRITTEN = frozenset(
    {
        *("ObjectID", "ObjectUUID", "CreationDate", "VersionId", "Subscription", "RevisionHistory"),
        *("FormattedID", "FormattedIDID", "FormattedIDPrefix", "LastUpdateDate", "LastUpdatedDate", "Style"),
        *("Blocker", "LastResult", "LastVerdict", "LastRun", "LastBuild", "LastStatus"),
    }
)
"""What an entry says otherwise, or what comes by itself."""


@dataclass(slots=True, eq=False)
class Stored:
    """One object. `values` are stored values, `members` the far ends of its links, for collections that can be written."""

    oid: int
    uuid: str
    type: TypeDef
    workspace: int | None
    project: int | None
    values: dict[AttributeDef, Any] = field(default_factory=dict)
    members: dict[AttributeDef, list[int]] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Give the stored value of an attribute, or None."""
        return next((value for attribute, value in self.values.items() if attribute.name == name), None)


class Everything:
    """All objects, in the order of their ObjectIDs, and what they are called in the file."""

    def __init__(self, objects: Mapping[int, Stored], definitions: Mapping[int, str]) -> None:
        self.objects = objects
        self._definitions = definitions
        self.users = [item.oid for item in objects.values() if item.type.name == "User"]

    def label(self, oid: int) -> str:
        """Give what an object is called: a user by his name, a type by its path, anything else by its ObjectID."""
        if oid in self._definitions:
            return self._definitions[oid]
        item = self.objects.get(oid)
        return str(item.get("UserName")) if item is not None and item.type.name == "User" else f"o{oid}"

    def knows(self, oid: int) -> bool:
        """Whether the file describes that object."""
        return oid in self.objects or oid in self._definitions

    @staticmethod
    def is_written(attribute: AttributeDef) -> bool:
        """Whether an attribute stands in an entry."""
        return attribute.is_stored and attribute.name not in _UNWRITTEN | figures(stock_schema())

    def written(self, attribute: AttributeDef, value: Any) -> Any:
        """Give a stored value as the file has it."""
        if value is None:
            return None
        if attribute.is_object:
            return self.label(value)
        if attribute.type in {AttributeType.WEB_LINK, AttributeType.RAW, AttributeType.MAP}:
            return msgspec.json.decode(value)
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if attribute.type is AttributeType.BOOLEAN:
            return bool(value)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def fixed(self, item: Stored) -> dict[str, Any]:
        """Give what an entry fixes."""
        found: dict[str, Any] = {"FormattedID": item.get("FormattedID"), "ObjectID": item.oid, "ObjectUUID": item.uuid}
        found["CreationDate"] = item.get("CreationDate")
        if item.type.name == "Workspace":
            found["Style"] = item.get("Style")
        return {name: value for name, value in found.items() if value is not None}


async def read_all(unit: Transaction, landscape: Landscape) -> Everything:
    """Read everything."""
    entries = await unit.writer.fetch("directory", {}, ["oid", "type", "workspace_oid"])
    groups: dict[tuple[str, int | None], list[int]] = {}
    for oid, kind, workspace in entries:
        if kind not in _UNTOLD:
            groups.setdefault((kind, oid if kind == "Workspace" else workspace), []).append(oid)
    found: dict[int, Stored] = {}
    for (kind, workspace), oids in groups.items():
        item = landscape.schema(workspace).get(kind)
        attributes = tuple(attribute for attribute in item.attributes.values() if attribute.is_stored)
        for row in await unit.reader.rows((item,), attributes, oids, ALL):
            found[row[0]] = made = _stored(item, attributes, row)
            if kind in HOLDERS:
                made.values[item.attributes["Content"]] = await contents.whole(unit, made.oid)
    await _link(unit, found)
    definitions = {
        item.definition_id: item.name
        for schema in [landscape.stock, *(facts.schema for facts in landscape.workspaces.values())]
        for item in schema.types.values()
    }
    return Everything(dict(sorted(found.items())), definitions)


def _stored(item: TypeDef, attributes: Sequence[AttributeDef], row: Row) -> Stored:
    made = Stored(row[0], row[1], item, row[5], row[4])
    for attribute, value in zip(attributes, row[HEAD:], strict=True):
        held = msgspec.json.decode(value).get(attribute.name) if attribute.custom else value
        made.values[attribute] = bool(held) if attribute.type is AttributeType.BOOLEAN and held is not None else held
    return made


async def _link(unit: Transaction, found: Mapping[int, Stored]) -> None:
    """Give each link to the object at its left, where a collection of its type can be written."""
    for relation, left, right in sorted(
        map(tuple, await unit.writer.fetch("link", {}, ["relation", "left_oid", "right_oid"]))
    ):
        for oid, member, reverse in ((left, right, False), (right, left, True)):
            owner = found.get(oid)
            attribute = _writable(owner.type, relation, reverse=reverse) if owner is not None else None
            if owner is not None and attribute is not None and member in found:
                owner.members.setdefault(attribute, []).append(member)
                break


def _writable(item: TypeDef, relation: str, *, reverse: bool) -> AttributeDef | None:
    for attribute in item.attributes.values():
        members = attribute.members
        if members is not None and members.link == relation and members.reverse is reverse and not attribute.read_only:
            return attribute
    return None
