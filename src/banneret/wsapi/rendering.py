"""From loaded rows to JSON, column by column.

Rows are transposed once, each attribute turns its whole column into wire values, and structs of the page's shape are encoded
in one go. What the answer looks like is wsapi.md 2; the order of keys is that of captures.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.catalogue.model import AttributeDef, AttributeType
from banneret.kernel.values import from_wire, to_wire
from banneret.operations.fetch import SHALLOW
from banneret.operations.fetching import PERSONAL
from banneret.operations.ports import HEAD

if TYPE_CHECKING:
    from banneret.access.landscape import Landscape
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.fetch import Fetch
    from banneret.operations.fetching import Group, Level
    from banneret.operations.metadata import Definitions, Virtual
    from banneret.operations.permitted import Permitted

_encoder = msgspec.json.Encoder()
encode = _encoder.encode

MAJOR, MINOR = "2", "0"


class RefView(msgspec.Struct, gc=False):
    """A nested object ref: six keys, or five for a nameless type."""

    rallyAPIMajor: str = msgspec.field(name="_rallyAPIMajor")
    rallyAPIMinor: str = msgspec.field(name="_rallyAPIMinor")
    ref: str = msgspec.field(name="_ref")
    uuid: str = msgspec.field(name="_refObjectUUID")
    name: str | msgspec.UnsetType | None = msgspec.field(name="_refObjectName")
    type: str = msgspec.field(name="_type")


class PermittedRefView(msgspec.Struct, gc=False):
    """The same with what the reader may do with its object, where `includePermissions` asks for it."""

    rallyAPIMajor: str = msgspec.field(name="_rallyAPIMajor")
    rallyAPIMinor: str = msgspec.field(name="_rallyAPIMinor")
    ref: str = msgspec.field(name="_ref")
    uuid: str = msgspec.field(name="_refObjectUUID")
    name: str | msgspec.UnsetType | None = msgspec.field(name="_refObjectName")
    permitted: str = msgspec.field(name="_p")
    type: str = msgspec.field(name="_type")


class SummaryView(msgspec.Struct, gc=False):
    """A collection: where its members are, their type and number; Tags and Milestones with names."""

    rallyAPIMajor: str = msgspec.field(name="_rallyAPIMajor")
    rallyAPIMinor: str = msgspec.field(name="_rallyAPIMinor")
    ref: str = msgspec.field(name="_ref")
    type: str = msgspec.field(name="_type")
    Count: int
    names: list[Any] | msgspec.UnsetType = msgspec.field(name="_tagsNameArray")


@lru_cache(maxsize=1024)
def _struct(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """Give the struct whose fields are these JSON keys in this order."""
    fields = [(f"f{n}", Any) for n in range(len(names))]
    return msgspec.defstruct(
        "Item", fields, rename={f"f{n}": name for n, name in enumerate(names)}, gc=False, omit_defaults=False
    )


class Step(Enum):
    """What becomes of a column on its way to the wire."""

    PLAIN = "as it is"
    BOOLEAN = "SQLite has no booleans"
    NUMBER = "a whole one as 0.0"
    RATING = "unset reads back as None"
    TEXT = "empty rather than null"
    VERSION = "a number as text"
    ODD = "binary data, web links, raw values"
    OBJECT = "a ref, or the expanded object"
    COLLECTION = "a summary"
    CUSTOM = "out of the custom fields"
    CREATED = "in words, relative to now"
    SUBSCRIPTION = "the same for every object"
    SCHEMA_VERSION = "that of the workspace's schema"


_CONVERSIONS: dict[Step, Callable[[AttributeDef, Sequence[Any]], Iterable[Any]]] = {
    Step.BOOLEAN: lambda _, column: [None if value is None else bool(value) for value in column],
    Step.NUMBER: lambda _, column: [None if value is None else float(value) for value in column],
    Step.RATING: lambda _, column: [value or "None" for value in column],
    Step.TEXT: lambda _, column: [value or "" for value in column],
    Step.VERSION: lambda _, column: map(str, column),
    Step.ODD: lambda attribute, column: [_scalar(attribute, value) for value in column],
}
_STEPS = {
    AttributeType.BOOLEAN: Step.BOOLEAN,
    AttributeType.OBJECT: Step.OBJECT,
    AttributeType.COLLECTION: Step.COLLECTION,
    AttributeType.DECIMAL: Step.NUMBER,
    AttributeType.QUANTITY: Step.NUMBER,
    AttributeType.TEXT: Step.TEXT,
    AttributeType.BINARY_DATA: Step.ODD,
    AttributeType.WEB_LINK: Step.ODD,
    AttributeType.RAW: Step.ODD,
    AttributeType.MAP: Step.ODD,
}
_PROJECT, _WORKSPACE = 4, 5
"""Where project and workspace stand in a row's head."""

_FROM_HEAD = {"ObjectID": (Step.PLAIN, 0), "ObjectUUID": (Step.PLAIN, 1), "VersionId": (Step.VERSION, 2)}


@dataclass(frozen=True, slots=True)
class _Layout:
    """How rows of one shape become structs: made once, used for every page of that shape."""

    struct: type[msgspec.Struct]
    steps: tuple[tuple[Step, AttributeDef, int], ...]
    naming: int | None
    identifier: int
    owner: int | None


@lru_cache(maxsize=4096)
def _layout(
    item: TypeDef,
    attributes: tuple[AttributeDef, ...],
    shown: tuple[AttributeDef, ...],
    root: bool,  # noqa: FBT001 - a cached function takes its arguments by position
    permitted: bool,  # noqa: FBT001
    summed: bool,  # noqa: FBT001
) -> _Layout:
    places = {attribute.slot: n for n, attribute in enumerate(attributes, HEAD)}
    by_name = {attribute.name: n for n, attribute in enumerate(attributes, HEAD)}
    keys = ["_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_objectVersion"]
    naming = item.naming_attribute
    if naming is not None:
        keys.append("_refObjectName")
    if permitted:
        keys.append("_p")
    steps: list[tuple[Step, AttributeDef, int]] = []
    for attribute in shown:
        keys.append(attribute.name)
        steps.append(_step(attribute, places))
        if attribute.name == "CreationDate":
            keys.append("_CreatedAt")
            steps.append((Step.CREATED, attribute, by_name["CreationDate"]))
    if summed:
        keys.append("Summary")
    keys += ["Errors", "Warnings"] if root else ["_type"]
    return _Layout(
        struct=_struct(tuple(keys)),
        steps=tuple(steps),
        naming=by_name[naming] if naming is not None else None,
        identifier=by_name.get("CustomObjectID", 0) if "CustomObjectID" in item.attributes else 0,
        owner=by_name.get("User") if item.name in PERSONAL else None,
    )


def _step(attribute: AttributeDef, places: dict[tuple[str, str, str], int]) -> tuple[Step, AttributeDef, int]:
    if attribute.name in _FROM_HEAD:
        step, place = _FROM_HEAD[attribute.name]
        return step, attribute, place
    if attribute.name == "Subscription":
        return Step.SUBSCRIPTION, attribute, 0
    if attribute.name == "SchemaVersion":
        return Step.SCHEMA_VERSION, attribute, _WORKSPACE
    if attribute.custom:
        return Step.CUSTOM, attribute, places[attribute.slot]
    if attribute.type is AttributeType.RATING and "None" in attribute.values:
        return Step.RATING, attribute, places[attribute.slot]
    return _STEPS.get(attribute.type, Step.PLAIN), attribute, places.get(attribute.slot, 0)


class Renderer:
    """Renders for one request: `base` is the address under which the client reached us, up to and with the version.

    With `permitted` everything that has a ref says what the reader may do with it.
    """

    def __init__(
        self,
        base: str,
        landscape: Landscape,
        schema: Schema,
        definitions: Definitions,
        now: datetime,
        permitted: Permitted | None = None,
    ) -> None:
        self._base = base
        self._schema = schema
        self._landscape = landscape
        self._definitions = definitions
        self._words = Words(now)
        self._permitted = permitted
        self._refs: dict[int, Any] = {}
        self._inline: dict[int, msgspec.Raw] = {}
        self._paths: dict[str, tuple[str, bool]] = {}

    # ------------------------------------------------------------------ refs

    def _path(self, type_name: str) -> tuple[str, bool]:
        held = self._paths.get(type_name)
        if held is None:
            item = self._schema.find(type_name)
            named = item is None or item.naming_attribute is not None
            held = self._paths[type_name] = (f"{self._base}/{type_name.lower()}/", named)
        return held

    def ref(
        self,
        type_name: str,
        identifier: int,
        uuid: str,
        name: str | None,
        workspace: int | None = None,
        project: int | None = None,
    ) -> RefView | PermittedRefView:
        """Give the ref of an object."""
        path, named = self._path(type_name)
        ref, shown = f"{path}{identifier}", name if named else msgspec.UNSET
        if self._permitted is None:
            return RefView(MAJOR, MINOR, ref, uuid, shown, type_name)
        item = self._schema.find(type_name) or self._landscape.schema(workspace).get(type_name)
        mask = self._permitted.mask(item, identifier, workspace, project)
        return PermittedRefView(MAJOR, MINOR, ref, uuid, shown, mask, type_name)

    def _masks(
        self, permitted: Permitted, item: TypeDef, columns: Sequence[tuple[Any, ...]], owner: int | None
    ) -> list[str]:
        oids, projects, workspaces = columns[0], columns[_PROJECT], columns[_WORKSPACE]
        users: Iterable[int | None] = columns[owner] if owner is not None else repeat(None, len(oids))
        return [
            permitted.mask(item, oid, workspace, project, user)
            for oid, workspace, project, user in zip(oids, workspaces, projects, users, strict=True)
        ]

    def _subscription(self) -> RefView | PermittedRefView:
        facts = self._landscape
        return self.ref("Subscription", facts.subscription_oid, facts.subscription_uuid, facts.subscription_name)

    # ------------------------------------------------------------------ levels

    def items(self, level: Level) -> list[Any]:
        """Render the objects of a level in the order of the page."""
        if len(level.groups) == 1:
            return self._group(level, level.groups[0], root=False)
        placed: list[tuple[int, Any]] = []
        for group in level.groups:
            placed.extend(zip(group.places, self._group(level, group, root=False), strict=True))
        placed.sort(key=lambda pair: pair[0])
        return [item for _, item in placed]

    def root(self, level: Level, warnings: list[str]) -> tuple[str, Any]:
        """Render the one object of a level as the root of a single read: no `_type`, but Errors and Warnings."""
        group = level.groups[0]
        (item,) = self._group(level, group, root=True, warnings=warnings)
        return group.type.element_name, item

    def _group(self, level: Level, group: Group, *, root: bool, warnings: list[str] | None = None) -> list[Any]:
        item = group.type
        columns = list(zip(*group.rows, strict=True))
        count = len(group.rows)
        permitted = self._permitted
        layout = _layout(item, group.attributes, group.shown, root, permitted is not None, group.summaries is not None)
        path = self._path(item.name)[0]
        refs = [f"{path}{oid}" for oid in columns[layout.identifier]]
        names = columns[layout.naming] if layout.naming is not None else repeat(msgspec.UNSET, count)
        masks = self._masks(permitted, item, columns, layout.owner) if permitted is not None else None
        if level.fetch is SHALLOW and not root:
            if masks is not None:
                names = names if layout.naming is not None else repeat(msgspec.UNSET)
                shallow = map(
                    PermittedRefView, repeat(MAJOR), repeat(MINOR), refs, columns[1], names, masks, repeat(item.name)
                )
                return list(shallow)
            return list(map(RefView, repeat(MAJOR), repeat(MINOR), refs, columns[1], names, repeat(item.name)))
        values: list[Iterable[Any]] = [
            repeat(MAJOR, count),
            repeat(MINOR, count),
            refs,
            columns[1],
            map(str, columns[2]),
        ]
        if layout.naming is not None:
            values.append(names)
        if masks is not None:
            values.append(masks)
        values += [self._column(level, group, columns, *step) for step in layout.steps]
        if group.summaries is not None:
            values.append([group.summaries[oid] for oid in columns[0]])
        if root:
            values += [repeat([], count), repeat(warnings or [], count)]
        else:
            values.append(repeat(item.name, count))
        return list(map(layout.struct, *values))

    def _column(
        self,
        level: Level,
        group: Group,
        columns: Sequence[tuple[Any, ...]],
        step: Step,
        attribute: AttributeDef,
        place: int,
    ) -> Iterable[Any]:
        match step:
            case Step.PLAIN:
                return columns[place]
            case Step.COLLECTION:
                return self._collection(group, attribute, columns[0])
            case Step.OBJECT:
                return self._objects(level, attribute, columns[place])
            case Step.CREATED:
                return map(self._words, columns[place])
            case Step.CUSTOM:
                return self._custom(level, group, attribute, [msgspec.json.decode(text) for text in columns[place]])
            case Step.SUBSCRIPTION:
                return repeat(self._subscription(), len(group.rows))
            case Step.SCHEMA_VERSION:
                return [self._landscape.schema(workspace).version for workspace in columns[place]]
            case _:
                return _CONVERSIONS[step](attribute, columns[place])

    def _objects(self, level: Level, attribute: AttributeDef, column: Sequence[int | None]) -> list[Any]:
        target = self._schema.find(attribute.of or "")
        if target is not None and target.virtual:
            inner = level.fetch.below(attribute, (target,))
            return [None if oid is None else self._virtual_target(oid, inner) for oid in column]
        below = level.below.get(attribute.name)
        if below is not None:
            # Objects of a lower level are rendered once and shared by all that refer to them.
            expanded = self._expanded(below)
            return [None if oid is None else expanded.get(oid) or self._known(level, oid) for oid in column]
        known, refs = self._refs, level.refs
        return [None if oid is None or oid not in refs else known.get(oid) or self._known(level, oid) for oid in column]

    def _known(self, level: Level, oid: int) -> Any:
        row = level.refs.get(oid)
        if row is None:
            return None
        held = self._refs[oid] = self.ref(row[1], oid, row[2], row[3], row[4], row[5])
        return held

    def _virtual_target(self, oid: int, below: Fetch | None) -> Any:
        found = self._definitions.by_oid.get(oid)
        if found is None:
            return None
        return (
            self.ref(found.type.name, found.oid, found.uuid, found.name, found.values.get("Workspace"))
            if below is None
            else self.virtual(found, below)
        )

    def _expanded(self, below: Level) -> dict[int, Any]:
        if below.rendered is None:
            below.rendered = {}
            for group in below.groups:
                oids = (row[0] for row in group.rows)
                below.rendered.update(zip(oids, self._group(below, group, root=False), strict=True))
        return below.rendered

    # ------------------------------------------------------------------ collections and custom fields

    def _collection(self, group: Group, attribute: AttributeDef, oids: Sequence[int]) -> list[Any]:
        """Summaries: a ref to the members, their type and number; never the members themselves (wsapi.md 2.2)."""
        counts = group.counts.get(attribute.name, {})
        if attribute.members is not None and attribute.members.everything:
            counts = dict.fromkeys(oids, counts.get(0, 0))
        elif attribute.members is not None and attribute.members.derived == "type_definitions":
            counts = {oid: len(self._landscape.schema(oid).types) for oid in oids}
        head = f"{self._base}/{group.type.name}/"
        refs = [f"{head}{oid}/{attribute.name}" for oid in oids]
        sizes = [counts.get(oid, 0) for oid in oids]
        named = group.names.get(attribute.name)
        names: Iterable[Any] = repeat(msgspec.UNSET)
        if named is not None:
            names = [[self._named_member(attribute, member) for member in named.get(oid, ())] for oid in oids]
        return list(map(SummaryView, repeat(MAJOR), repeat(MINOR), refs, repeat(attribute.of), sizes, names))

    @staticmethod
    def _named_member(attribute: AttributeDef, member: Sequence[Any]) -> dict[str, Any]:
        entry = {"Name": member[1], "_ref": f"/{(attribute.of or '').lower()}/{member[0]}"}
        if attribute.of == "Milestone":
            entry |= {"DisplayColor": member[2], "TargetDate": member[3]}
        return entry

    def _custom(
        self, level: Level, group: Group, attribute: AttributeDef, customs: Sequence[dict[str, Any]]
    ) -> list[Any]:
        values = [fields.get(attribute.name) for fields in customs]
        oids = [row[0] for row in group.rows]
        match attribute.type:
            case AttributeType.COLLECTION:
                return [
                    self._choices(group, attribute, oid, value or []) for oid, value in zip(oids, values, strict=True)
                ]
            case AttributeType.BOOLEAN:
                return [bool(value) for value in values]
            case AttributeType.OBJECT:
                return self._objects(level, attribute, values)
            case AttributeType.TEXT:
                return [value or "" for value in values]
            case AttributeType.DECIMAL | AttributeType.QUANTITY:
                return [None if value is None else float(value) for value in values]
            case _:
                return [_scalar(attribute, value) for value in values]

    def _choices(self, group: Group, attribute: AttributeDef, oid: int, chosen: list[str]) -> dict[str, Any]:
        definition = self._definitions.attributes.get(attribute.definition_id)
        entries = definition.members["AllowedValues"] if definition is not None else ()
        return {
            "_rallyAPIMajor": MAJOR,
            "_rallyAPIMinor": MINOR,
            "_ref": f"{self._base}/{group.type.name}/{oid}/{attribute.name}",
            "_type": "AllowedAttributeValue",
            "Count": len(chosen),
            "_tagsNameArray": [
                {"Name": entry.values["StringValue"], "_ref": f"/allowedattributevalue/{entry.oid}"}
                for entry in entries
                if entry.values["StringValue"] in chosen
            ],
        }

    # ------------------------------------------------------------------ objects without a table

    def virtual(self, found: Virtual, fetch: Fetch, *, root: bool = False, inline: bool = False) -> dict[str, Any]:
        """Render a definition. `inline` embeds Attributes and AllowedValues, as the schema end point does (wsapi.md 9.2)."""
        path, named = self._path(found.type.name)
        shown: dict[str, Any] = {
            "_rallyAPIMajor": MAJOR,
            "_rallyAPIMinor": MINOR,
            "_ref": f"{path}{found.oid}",
            "_refObjectUUID": found.uuid,
        }
        if fetch is not SHALLOW:
            shown["_objectVersion"] = "1"
        if named or found.name:
            shown["_refObjectName"] = found.name
        if self._permitted is not None:
            shown["_p"] = self._permitted.mask(found.type, found.oid, found.values.get("Workspace"), None)
        if fetch is not SHALLOW:
            for attribute in found.type.attributes.values():
                if fetch.wants(attribute):
                    shown[attribute.name] = self._virtual_value(found, attribute, fetch, inline=inline)
                    if attribute.name == "CreationDate":
                        shown["_CreatedAt"] = self._words(found.values["CreationDate"])
        if not root:
            shown["_type"] = found.type.name
        return shown

    def _virtual_value(self, found: Virtual, attribute: AttributeDef, fetch: Fetch, *, inline: bool) -> Any:
        if attribute.name == "Subscription":
            return self._subscription()
        if attribute.name == "Workspace":
            facts = self._landscape.workspaces.get(found.values.get("Workspace") or 0)
            return None if facts is None else self.ref("Workspace", facts.oid, facts.uuid, facts.name, facts.oid)
        if attribute.is_collection:
            members = found.members.get(attribute.name, ())
            if inline and attribute.name == "Attributes":
                return [self._inlined(member, fetch) for member in members]
            if inline and attribute.name == "AllowedValues":
                if found.values["AttributeType"] != "COLLECTION" or members:
                    return [self.virtual(member, fetch) for member in members]
                # A collection of objects of a type of its own must be a ref; pyral breaks on a list (wsapi.md 15).
                return {"_rallyAPIMajor": MAJOR, "_rallyAPIMinor": MINOR, "_ref": self._members_ref(found, attribute)}
            return {
                "_rallyAPIMajor": MAJOR,
                "_rallyAPIMinor": MINOR,
                "_ref": self._members_ref(found, attribute),
                "_type": attribute.of,
                "Count": len(members),
            }
        value = found.values.get(attribute.name)
        if attribute.is_object:
            if value is None or isinstance(value, int):
                return None
            below = fetch.below(attribute, (value.type,))
            if below is not None and fetch.names is not None:
                return self.virtual(value, below)
            return self.ref(value.type.name, value.oid, value.uuid, value.name, value.values.get("Workspace"))
        return value

    def _inlined(self, member: Virtual, fetch: Fetch) -> msgspec.Raw:
        """An attribute that many types inherit is rendered and encoded once."""
        held = self._inline.get(member.oid)
        if held is None:
            held = self._inline[member.oid] = msgspec.Raw(encode(self.virtual(member, fetch, inline=True)))
        return held

    def _members_ref(self, found: Virtual, attribute: AttributeDef) -> str:
        return f"{self._base}/{found.type.name}/{found.oid}/{attribute.name}"


def _scalar(attribute: AttributeDef, value: Any) -> Any:
    match attribute.type:
        case AttributeType.BINARY_DATA:
            return None if value is None else base64.b64encode(value).decode()
        case AttributeType.WEB_LINK:
            return {} if value is None else msgspec.Raw(value.encode())
        case AttributeType.RAW | AttributeType.MAP:
            return None if value is None else msgspec.Raw(value.encode())
        case _:
            return value


_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {f"{n:02d}": name for n, name in enumerate(_NAMES, 1)}


class Words:
    """Says when something was created, relative to now, as `_CreatedAt` does.

    `just now`, `27 minutes ago`, `today at 3:13 am`, `yesterday at …`, `Dec 5, 2013`; all in UTC. Wire dates compare as texts, so
    most of it needs no calendar.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._minute = to_wire(self._now - timedelta(minutes=1))
        self._hour = to_wire(self._now - timedelta(hours=1))
        self._today = to_wire(self._now)[:10]
        self._yesterday = to_wire(self._now - timedelta(days=1))[:10]

    def __call__(self, moment: str) -> str:
        """Give the words for a moment in wire form."""
        if moment > self._minute:
            return "just now"
        if moment > self._hour:
            minutes = int((self._now - from_wire(moment)).total_seconds() // 60)
            return "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"
        day = moment[:10]
        if day in {self._today, self._yesterday}:
            hour = int(moment[11:13])
            name = "today" if day == self._today else "yesterday"
            return f"{name} at {hour % 12 or 12}:{moment[14:16]} {'am' if hour < 12 else 'pm'}"
        return f"{_MONTHS[moment[5:7]]} {int(moment[8:10])}, {moment[:4]}"
