"""A workspace's own definitions, custom fields and portfolio types, merged into the stock catalogue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from banneret.catalogue.model import AttributeDef, AttributeType, Members, make_type

if TYPE_CHECKING:
    from banneret.catalogue.schema import Schema

_REAL_TYPES = {"DROP_DOWN": AttributeType.STRING, "MULTI_VALUE": AttributeType.COLLECTION, "USER": AttributeType.OBJECT}
"""RealAttributeType has three values that AttributeType lacks (object-model.md 4)."""

CUSTOM_REAL_TYPES = frozenset(
    {"BOOLEAN", "DATE", "DECIMAL", "DROP_DOWN", "INTEGER", "MULTI_VALUE", "QUANTITY", "RATING", "STATE", "STRING"}
    | {"TEXT", "USER", "WEB_LINK", "RAW", "BINARY_DATA", "OBJECT", "COLLECTION"}
)


@dataclass(frozen=True, slots=True)
class CustomType:
    """A portfolio type that a workspace defined; `type_path` is `PortfolioItem/<ElementName>`."""

    oid: int
    uuid: str
    type_path: str
    name: str
    prefix: str | None
    ordinal: int | None


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
    allowed_values: tuple[str, ...] = ()
    default_value: str | None = None
    link_url: str | None = None


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
        values=field.allowed_values,
        default=field.default_value,
        note=field.note or "",
        custom=True,
        members=Members(derived="custom_values") if kind is AttributeType.COLLECTION else None,
        real_type=field.realattributetype,
        link_url=field.link_url,
    )


@lru_cache(maxsize=256)
def workspace_schema(
    stock: Schema,
    workspace: int,
    types: tuple[CustomType, ...],
    attributes: tuple[CustomAttribute, ...],
    schedule_states: tuple[str, ...],
    prefixes: tuple[tuple[str, str], ...],
) -> Schema:
    """Give a workspace's schema, the same one for as long as its definitions are the same.

    Its version (SchemaVersion, 32 hex digits) is a digest of the definitions, alike in every process. `prefixes` are
    FormattedID prefixes by type name.
    """
    root = stock.get("PortfolioItem")
    levels = [
        make_type(
            item.type_path,
            parent=root,
            own={},
            definition_id=item.oid,
            definition_uuid=item.uuid,
            prefix=item.prefix,
            ordinal=item.ordinal if item.ordinal is not None else len(stock.portfolio_levels()),
            custom=True,
            label=item.name,
        )
        for item in types
    ]
    by_type: dict[str, list[AttributeDef]] = {}
    for field in attributes:
        by_type.setdefault(field.typepath, []).append(custom_attribute(field))
    values = {("SchedulableArtifact", "ScheduleState"): schedule_states} if schedule_states else {}
    content = repr((stock.version, workspace, types, attributes, schedule_states, prefixes))
    return stock.extended(
        version=hashlib.md5(content.encode(), usedforsecurity=False).hexdigest(),
        levels=levels,
        attributes=by_type,
        values=values,
        prefixes=dict(prefixes),
    )
