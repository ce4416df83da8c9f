"""A workspace's own definitions, merged into the stock catalogue: custom fields, portfolio types, what it says of stock fields."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import AttributeDef, AttributeType, Members, make_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.schema import Schema

_REAL_TYPES = {"DROP_DOWN": AttributeType.STRING, "MULTI_VALUE": AttributeType.COLLECTION, "USER": AttributeType.OBJECT}
"""RealAttributeType has three values that AttributeType lacks (object-model.md 4)."""

CUSTOM_REAL_TYPES = frozenset(
    {"BOOLEAN", "DATE", "DECIMAL", "DROP_DOWN", "INTEGER", "MULTI_VALUE", "QUANTITY", "RATING", "STATE", "STRING"}
    | {"TEXT", "USER", "WEB_LINK", "RAW", "BINARY_DATA", "OBJECT", "COLLECTION"}
)


Choices = tuple[tuple[int, str], ...]
"""Allowed values in order: the ObjectID of each AllowedAttributeValue and its text."""


@dataclass(frozen=True, slots=True)
class CustomType:
    """What a workspace says of a type.

    A portfolio type that it defined (`type_path` is `PortfolioItem/<ElementName>`), a stock level with another name or
    prefix, or without (`deleted`), or any other stock type with a prefix of the workspace's own.
    """

    oid: int
    uuid: str
    type_path: str
    name: str
    prefix: str | None
    ordinal: int | None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class CustomAttribute:
    """A custom field: `elementname` begins with `c_`, `typepath` is the type that it was defined on."""

    oid: int
    uuid: str
    elementname: str
    name: str
    typepath: str
    realattributetype: str
    maxlength: int | None = None
    required: bool = False
    hidden: bool = False
    note: str | None = None
    allowed_values: Choices = ()
    default_value: str | None = None
    link_url: str | None = None
    visibleonlytoadmins: bool = False


@dataclass(frozen=True, slots=True)
class ChangedAttribute:
    """What a workspace says of a stock attribute; None where it says nothing."""

    definition_id: int
    required: bool | None = None
    hidden: bool | None = None
    note: str | None = None
    visibleonlytoadmins: bool | None = None
    allowed_values: Choices | None = None


def custom_attribute(field: CustomAttribute) -> AttributeDef:
    """Give the attribute of a custom field.

    A multi-value field is a collection of AllowedAttributeValue, a user field an OBJECT of User, a drop-down a constrained
    STRING (KB 75112, object-model.md 6).
    """
    kind = _REAL_TYPES.get(field.realattributetype) or AttributeType(field.realattributetype)
    of = {AttributeType.OBJECT: "User", AttributeType.COLLECTION: "AllowedAttributeValue"}.get(kind)
    return AttributeDef(
        name=field.elementname,
        type=kind,
        owner=field.typepath,
        definition_id=field.oid,
        definition_uuid=field.uuid,
        display_name=field.name,
        of=of,
        required=field.required,
        hidden=field.hidden,
        max_length=field.maxlength if field.maxlength and field.maxlength > 0 else None,
        values=tuple(text for _, text in field.allowed_values),
        value_ids=tuple(oid for oid, _ in field.allowed_values),
        editable=bool(field.allowed_values),
        default=field.default_value,
        note=field.note or "",
        custom=True,
        members=Members(derived="custom_values") if kind is AttributeType.COLLECTION else None,
        real_type=field.realattributetype,
        link_url=field.link_url,
        admins_only=field.visibleonlytoadmins,
    )


_latest: dict[int, tuple[tuple[object, ...], Schema]] = {}
"""Each workspace's schema as it was last asked for, with what it was made of."""


def workspace_schema(
    stock: Schema,
    workspace: int,
    types: tuple[CustomType, ...],
    attributes: tuple[CustomAttribute, ...],
    changes: tuple[ChangedAttribute, ...],
    schedule_states: Choices,
    prefixes: tuple[tuple[str, str], ...],
) -> Schema:
    """Give a workspace's schema, the same one for as long as its definitions are the same.

    Its version (SchemaVersion, 32 hex digits) is a digest of the definitions, alike in every process. `schedule_states` are
    the enabled ones with the ObjectIDs of their ScheduleStates, `prefixes` FormattedID prefixes by type name.
    """
    said = (stock, types, attributes, changes, schedule_states, prefixes)
    known = _latest.get(workspace)
    if known is not None:
        if known[0] == said:
            return known[1]
        # Who still holds the old one can make anew what hangs on it, which is large.
        known[1].derived.clear()
    made = _merged(stock, workspace, types, attributes, changes, schedule_states, prefixes)
    _latest[workspace] = said, made
    return made


def _merged(
    stock: Schema,
    workspace: int,
    types: tuple[CustomType, ...],
    attributes: tuple[CustomAttribute, ...],
    changes: tuple[ChangedAttribute, ...],
    schedule_states: Choices,
    prefixes: tuple[tuple[str, str], ...],
) -> Schema:
    root = stock.get("PortfolioItem")
    portfolio = [item for item in types if item.type_path.startswith("PortfolioItem/")]
    levels = [
        make_type(
            item.type_path,
            parent=root,
            own={},
            definition_id=item.oid,
            definition_uuid=item.uuid,
            prefix=item.prefix,
            ordinal=item.ordinal if item.ordinal is not None else _TOP,
            custom=True,
            label=item.name,
        )
        for item in portfolio
        if not item.deleted
    ]
    by_type: dict[str, list[AttributeDef]] = {}
    for field in attributes:
        by_type.setdefault(field.typepath, []).append(custom_attribute(field))
    content = repr((stock.version, workspace, types, attributes, changes, schedule_states, prefixes))
    return stock.extended(
        version=hashlib.md5(content.encode(), usedforsecurity=False).hexdigest(),
        levels=levels,
        without=frozenset(item.type_path for item in portfolio if item.deleted),
        attributes=by_type,
        changes=_changes(stock, changes, schedule_states),
        prefixes=dict(prefixes) | {item.type_path: item.prefix for item in types if item.prefix},
    )


def _changes(
    stock: Schema, changes: tuple[ChangedAttribute, ...], schedule_states: Choices
) -> Mapping[int, Mapping[str, Any]]:
    """Give what differs from the stock attributes, by the ObjectID of the AttributeDefinition and field of `AttributeDef`."""
    known = {each.definition_id: each for item in stock.types.values() for each in item.attributes.values()}
    found: dict[int, dict[str, Any]] = {}
    for change in changes:
        attribute = known.get(change.definition_id)
        if attribute is None:
            continue
        said = {
            "required": change.required,
            "hidden": change.hidden,
            "note": change.note,
            "admins_only": change.visibleonlytoadmins,
        }
        found[change.definition_id] = {name: value for name, value in said.items() if value is not None}
        if change.allowed_values is not None:
            found[change.definition_id] |= _listed(attribute, attribute, change.allowed_values)
            path = f"{attribute.owner}.{attribute.name}"
            for other in known.values():
                if other.like == path:
                    found.setdefault(other.definition_id, {}).update(_listed(other, attribute, change.allowed_values))
    if schedule_states:
        attribute = stock.get("SchedulableArtifact").attributes["ScheduleState"]
        mapping = stock.get("FlowState").attributes["ScheduleStateMapping"]
        for stated in (attribute, mapping):
            found.setdefault(stated.definition_id, {}).update(_listed(stated, attribute, schedule_states))
    return found


def _listed(attribute: AttributeDef, leader: AttributeDef, choices: Choices) -> dict[str, Any]:
    """Give an attribute the list of its leader, itself or the one that it is like.

    A default that was renamed stays the default; one that was removed is none any more.
    """
    texts = tuple(text for _, text in choices)
    default = attribute.default
    if isinstance(default, str) and default not in texts:
        default = dict(choices).get(stock_choice_id(leader.definition_id, attribute.values.index(default)))
    ids = tuple(oid for oid, _ in choices) if attribute is leader else ()
    return {"values": texts, "value_ids": ids, "default": default}


_TOP = 1000
"""A new level comes above the others unless it says where."""

_CHOICES_PER_ATTRIBUTE = 1000


def stock_choice_id(definition_id: int, place: int) -> int:
    """Give the ObjectID of the AllowedAttributeValue that came with an attribute; place -1 is the entry for no value."""
    number = definition_id * _CHOICES_PER_ATTRIBUTE
    return number - place - 1 if definition_id < 0 else number + place + 1


def choices_of(attribute: AttributeDef) -> Choices:
    """Give an attribute's allowed values with their ObjectIDs."""
    ids = attribute.value_ids or tuple(
        stock_choice_id(attribute.definition_id, n) for n in range(len(attribute.values))
    )
    return tuple(zip(ids, attribute.values, strict=True))
