"""What the pages show, made of a schema alone: the index, a search in it, one type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.catalogue.endpoints import PARAMETERS, Endpoint, Parameter, endpoints
from banneret.catalogue.families import FAMILIES
from banneret.operations.metadata import query_operators
from banneret.wsapi.documentation.snippets import body_text, curl

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema

VERBS = ("query", "read", "create", "update", "delete", "copy")


@dataclass(frozen=True, slots=True)
class Hit:
    """A type that a search found; `attributes` are the attributes of it that match, empty when the type itself does."""

    item: TypeDef
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One line of a type's table."""

    attribute: AttributeDef
    target: TypeDef | None
    inherited: bool
    operators: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointView:
    """One end point, with what a form and a sample for it need. `anchor` is its id on the page."""

    endpoint: Endpoint
    anchor: str
    parameters: tuple[Parameter, ...]
    sample: str
    body: str


@dataclass(frozen=True, slots=True)
class TypeView:
    """One type's page."""

    item: TypeDef
    family: str
    ancestors: tuple[TypeDef, ...]
    subtypes: tuple[TypeDef, ...]
    verbs: tuple[tuple[str, bool], ...]
    endpoints: tuple[EndpointView, ...]
    rows: tuple[AttributeRow, ...]


def families(schema: Schema) -> list[tuple[str, list[TypeDef]]]:
    """Give the types by family, each family in the order of the alphabet."""
    found: dict[str, list[TypeDef]] = {name: [] for name in FAMILIES}
    for item in schema.types.values():
        found.setdefault(item.family, []).append(item)
    return [
        (FAMILIES.get(name, name), sorted(items, key=lambda item: item.name.lower()))
        for name, items in found.items()
        if items
    ]


def search(schema: Schema, words: str) -> list[Hit]:
    """Find types by a part of their name or label, and by the name or label of an attribute that they introduce.

    Types that match themselves come first.
    """
    wanted = words.strip().lower()
    if not wanted:
        return []
    themselves, through = [], []
    for item in sorted(schema.types.values(), key=lambda each: each.name.lower()):
        if any(wanted in text.lower() for text in (item.name, item.display_name, item.prefix or "")):
            themselves.append(Hit(item, ()))
            continue
        names = tuple(
            each.name
            for each in item.attributes.values()
            if not _is_inherited(schema, item, each) and wanted in f"{each.name}\n{each.display_name}".lower()
        )
        if names:
            through.append(Hit(item, names))
    return themselves + through


def type_view(schema: Schema, item: TypeDef, origin: str) -> TypeView:
    """Give a type's page; `origin` is where the reader reaches the server, for samples that can be pasted."""
    return TypeView(
        item=item,
        family=FAMILIES.get(item.family, item.family),
        ancestors=tuple(schema.get(name) for name in item.lineage[:-1]),
        subtypes=tuple(other for other in schema.types.values() if other.parent == item.name),
        verbs=tuple((verb, verb in item.operations) for verb in VERBS),
        endpoints=tuple(endpoint_view(schema, item, endpoint, origin) for endpoint in endpoints(item)),
        rows=tuple(
            _row(schema, item, each) for each in sorted(item.attributes.values(), key=lambda each: each.name.lower())
        ),
    )


def endpoint_view(schema: Schema, item: TypeDef, endpoint: Endpoint, origin: str) -> EndpointView:
    """Give what the page shows of one end point."""
    body = body_text(schema, item, endpoint)
    return EndpointView(
        endpoint,
        f"{endpoint.verb}",
        tuple(PARAMETERS[name] for name in endpoint.parameters),
        curl(origin, item, endpoint, body),
        body,
    )


def _row(schema: Schema, item: TypeDef, attribute: AttributeDef) -> AttributeRow:
    said = {
        "required": attribute.required and not attribute.read_only,
        "read-only": attribute.read_only,
        "create only": attribute.create_only and not attribute.read_only,
        "hidden": attribute.hidden,
        "custom": attribute.custom,
        "for administrators": attribute.admins_only,
        "not sortable": not attribute.sortable and not attribute.is_collection,
    }
    return AttributeRow(
        attribute,
        schema.find(attribute.of) if attribute.of else None,
        _is_inherited(schema, item, attribute),
        query_operators(attribute),
        tuple(rule for rule, holds in said.items() if holds),
    )


def _is_inherited(schema: Schema, item: TypeDef, attribute: AttributeDef) -> bool:
    parent = schema.types.get(item.parent or "")
    held = parent.attributes.get(attribute.name) if parent is not None else None
    return held is not None and held.owner == attribute.owner
