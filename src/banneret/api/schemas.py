"""JSON Schemas of the catalogue's types, as answers show them and as requests set them.

A type's schema adds to its parent's what the type introduces or has otherwise, so that each attribute stands in the document once.
What answers show is never `required` beyond the ref: `fetch` decides. Schemas are open: a later release may add attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import AttributeType

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema

PREFIX = "#/components/schemas/"
_SETTLED = frozenset({"Project", "Workspace"})
"""Required attributes that a create may leave out, because its parameters or the user's defaults say them."""

_TEXT = {"type": ["string", "null"]}
_SCALARS: dict[AttributeType, dict[str, Any]] = {
    AttributeType.STRING: _TEXT,
    AttributeType.TEXT: _TEXT,
    AttributeType.RATING: _TEXT,
    AttributeType.STATE: _TEXT,
    AttributeType.INTEGER: {"type": ["integer", "null"]},
    AttributeType.DECIMAL: {"type": ["number", "null"]},
    AttributeType.QUANTITY: {"type": ["number", "null"]},
    AttributeType.BOOLEAN: {"type": ["boolean", "null"]},
    AttributeType.DATE: {"type": ["string", "null"], "format": "date-time"},
    AttributeType.BINARY_DATA: {"type": ["string", "null"], "contentEncoding": "base64"},
    AttributeType.WEB_LINK: {"$ref": PREFIX + "_WebLink"},
    AttributeType.RAW: {},
    AttributeType.MAP: {},
}
COMMON: dict[str, dict[str, Any]] = {
    "_Head": {
        "description": "What every answer holds. With `Errors` in it, nothing was changed.",
        "type": "object",
        "required": ["_rallyAPIMajor", "_rallyAPIMinor", "Errors", "Warnings"],
        "properties": {
            "_rallyAPIMajor": {"type": "string"},
            "_rallyAPIMinor": {"type": "string"},
            "Errors": {"type": "array", "items": {"type": "string"}},
            "Warnings": {"type": "array", "items": {"type": "string"}},
        },
    },
    "_Page": {
        "allOf": [{"$ref": PREFIX + "_Head"}],
        "required": ["TotalResultCount", "StartIndex", "PageSize", "Results"],
        "properties": {
            "TotalResultCount": {"description": "Everything that was found.", "type": "integer", "minimum": 0},
            "StartIndex": {"description": "Echo of `start`.", "type": "integer", "minimum": 0},
            "PageSize": {"description": "Echo of `pagesize`.", "type": "integer", "minimum": 0},
            "Results": {"type": "array", "items": {"type": "object"}},
        },
    },
    "_Failure": {
        "description": "How a request fails whose object or type cannot be found.",
        "allOf": [{"$ref": PREFIX + "_Head"}],
        "properties": {"Errors": {"minItems": 1}},
    },
    "_Object": {
        "description": "What every object shows, also where it stands as a ref only.",
        "type": "object",
        "required": ["_rallyAPIMajor", "_rallyAPIMinor", "_ref"],
        "properties": {
            "_rallyAPIMajor": {"type": "string"},
            "_rallyAPIMinor": {"type": "string"},
            "_ref": {"description": "The object's address.", "type": "string", "format": "uri"},
            "_refObjectUUID": {"type": "string"},
            "_objectVersion": {"type": "string"},
            "_refObjectName": {"type": ["string", "null"]},
            "_p": {"description": "What you may do: 1 read, 2 update, 4 delete, added up.", "enum": list("01234567")},
            "_CreatedAt": {"description": "CreationDate in words.", "type": "string"},
            "_type": {"description": "The type path; absent at the root of a read.", "type": "string"},
        },
    },
    "_Collection": {
        "description": "A collection: follow `_ref` to list the members.",
        "type": "object",
        "required": ["_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_type", "Count"],
        "properties": {
            "_rallyAPIMajor": {"type": "string"},
            "_rallyAPIMinor": {"type": "string"},
            "_ref": {"type": "string", "format": "uri"},
            "_type": {"description": "Type of the members.", "type": "string"},
            "Count": {"type": "integer", "minimum": 0},
            "_tagsNameArray": {"type": "array", "items": {"type": "object"}},
        },
    },
    "_WebLink": {
        "type": ["object", "null"],
        "properties": {"LinkID": {"type": ["string", "null"]}, "DisplayString": {"type": ["string", "null"]}},
    },
    "_Input": {"description": "Attributes to set. Unknown ones give a warning.", "type": "object"},
    "_Ref": {
        "description": "An object to refer to: its address in full, or `/type/ObjectID`. `null` clears.",
        "anyOf": [
            {"type": ["string", "null"]},
            {"type": "object", "required": ["_ref"], "properties": {"_ref": {"type": "string"}}},
        ],
        "examples": ["/user/12345"],
    },
    "_Members": {
        "description": "Refs of members; one with attributes instead of `_ref` makes a new member.",
        "type": "array",
        "items": {"type": "object", "properties": {"_ref": {"type": "string"}}},
    },
}


def component(item: TypeDef) -> str:
    """Give the name under which a type's schema stands: its path without the slash."""
    return item.name.replace("/", "")


def reference(name: str) -> dict[str, Any]:
    """Give a `$ref` to a schema."""
    return {"$ref": PREFIX + name}


def type_schemas(schema: Schema) -> dict[str, dict[str, Any]]:
    """Give all schemas: of each type as shown, of each that can be written as `<Type>Input`, and of allowed values."""
    made = dict(COMMON)
    shown = {item.name: _attributes(schema, item, _shown) for item in schema.types.values()}
    taken = {item.name: _attributes(schema, item, _taken) for item in schema.types.values()}
    for item in schema.types.values():
        for attribute in item.attributes.values():
            if attribute.values and not attribute.is_collection:
                made.setdefault(_values_name(attribute), {"enum": [*dict.fromkeys([*attribute.wire_values, None])]})
        parent = component(schema.types[item.parent]) if item.parent else None
        made[component(item)] = _described(item) | _extending(parent or "_Object", _own(item, shown))
        if any("create" in each.operations or "update" in each.operations for each in _below(schema, item)):
            made[component(item) + "Input"] = _extending(f"{parent}Input" if parent else "_Input", _own(item, taken))
    return made


def required_for_create(item: TypeDef) -> list[str]:
    """Give the attributes without which an object of a type cannot be made."""
    return [
        each.name
        for each in item.attributes.values()
        if each.required and not each.read_only and each.default is None and each.name not in _SETTLED
    ]


def _attributes(schema: Schema, item: TypeDef, kind: Any) -> dict[str, Any]:
    made = {attribute.name: kind(schema, item, attribute) for attribute in item.attributes.values()}
    return {name: each for name, each in made.items() if each is not None}


def _own(item: TypeDef, made: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Give what a type says otherwise than its parent."""
    inherited = made.get(item.parent or "", {})
    return {name: each for name, each in made[item.name].items() if inherited.get(name) != each}


def _extending(base: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [reference(base)]} | ({"properties": properties} if properties else {})


def _described(item: TypeDef) -> dict[str, Any]:
    return {"title": item.display_name} | ({"description": item.note} if item.note else {})


def _shown(schema: Schema, item: TypeDef, attribute: AttributeDef) -> dict[str, Any]:
    said = {"description": attribute.note} if attribute.note else {}
    if attribute.is_collection:
        return reference("_Collection") | said
    if attribute.is_object:
        target = schema.get(attribute.of or "")
        return {"anyOf": [reference(component(target)), {"type": "null"}]} | said
    return _scalar(schema, item, attribute) | said


def _taken(schema: Schema, item: TypeDef, attribute: AttributeDef) -> dict[str, Any] | None:
    if attribute.read_only:
        return None
    if attribute.is_collection:
        return reference("_Members")
    if attribute.is_object:
        return reference("_Ref")
    limit = {"maxLength": attribute.max_length} if attribute.max_length and not attribute.values else {}
    return _scalar(schema, item, attribute) | limit


def _scalar(schema: Schema, item: TypeDef, attribute: AttributeDef) -> dict[str, Any]:
    if attribute.values and not _differs_below(schema, item, attribute):
        return reference(_values_name(attribute))
    return _SCALARS[attribute.type]


def _differs_below(schema: Schema, item: TypeDef, attribute: AttributeDef) -> bool:
    """Whether a subtype allows other values, so that the type itself cannot say which."""
    return any(other.attributes[attribute.name].values != attribute.values for other in _below(schema, item))


def _below(schema: Schema, item: TypeDef) -> list[TypeDef]:
    return [other for other in schema.types.values() if item.name in other.lineage]


def _values_name(attribute: AttributeDef) -> str:
    return f"{attribute.owner.replace('/', '')}.{attribute.name}"
