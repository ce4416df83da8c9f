"""Reads the catalogue's files and checks them whole; a contradiction refuses to start.

A file under `types/` holds one family, which is called like the file. A table a type:

    id          ObjectID of its stock TypeDefinition, negative, never used again
    parent      the type that it inherits from
    abstract    true: has no objects of its own
    table       true: its descendants share one table, because they are queried or referenced as one
    virtual     true: has no table; its objects are made from the catalogue and the workspaces' definitions
    prefix      FormattedID prefix
    operations  out of query, read, create, update, delete, copy, restore (from the recycle bin)
    rules       names of the business rules that hold for its objects, and for those of its descendants
    scope       the attributes whose target's project is this object's too: who may not see the one may not see the other

and under `attributes` one line an attribute: id, type, of (target type), required, read_only, create_only, hidden,
max_length, values, default, filterable, sortable, indexed, digits, note, alias, figure, on_delete (`cascade`, `clear`, or
`follow`: a rule sees to it; left out: cascade where required), owned, editable, fixed, like; a collection says where its members
come from: via, link (reverse), through
(near, far), all, derived; where, members. `model.AttributeDef` and `model.Members` explain each.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any, NoReturn

from banneret.catalogue.model import AttributeDef, AttributeType, Members, TypeDef, display_name, make_type
from banneret.catalogue.schema import Schema
from banneret.kernel.errors import CatalogueError
from banneret.kernel.ids import stock_uuid

_TYPE_KEYS = {
    "id",
    "parent",
    "abstract",
    "table",
    "prefix",
    "ordinal",
    "label",
    "operations",
    "note",
    "scope",
    "virtual",
    "family",
    "rules",
    "attributes",
}
_MEMBER_KEYS = {"via", "link", "reverse", "through", "near", "far", "all", "derived", "where", "members"}
_ATTRIBUTE_KEYS = {
    *("id", "type", "of", "required", "read_only", "create_only", "hidden", "max_length", "values", "default"),
    *("filterable", "sortable", "indexed", "digits", "note", "alias", "figure", "on_delete", "owned", "display"),
    *("editable", "fixed", "like"),
}
_OPERATIONS = {"query", "read", "create", "update", "delete", "copy", "restore"}


@lru_cache(maxsize=1)
def stock_schema() -> Schema:
    """Give the stock catalogue, read and checked once a process.

    Raises:
        CatalogueError: the files contradict each other or themselves.

    """
    raw: dict[str, dict[str, Any]] = {}
    for entry in sorted(resources.files("banneret.catalogue").joinpath("types").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".toml"):
            continue
        for name, body in tomllib.loads(entry.read_text(encoding="utf-8")).items():
            if name in raw:
                message = f"{entry.name}: {name} is declared twice"
                raise CatalogueError(message)
            raw[name] = {"family": entry.name.removesuffix(".toml"), **body}
    return build(raw)


def build(raw: dict[str, dict[str, Any]]) -> Schema:
    """Make a schema out of the parsed files and check it.

    Raises:
        CatalogueError: naming the type or attribute that is wrong and why.

    """
    types: dict[str, TypeDef] = {}
    for name in raw:
        _make(name, raw, types, ())
    # Files are read family by family; the wire order of types is that of the tree, parents first.
    schema = Schema(sorted(types.values(), key=lambda item: (len(item.lineage), item.name)))
    _check(schema)
    return schema


def _make(name: str, raw: dict[str, dict[str, Any]], types: dict[str, TypeDef], below: tuple[str, ...]) -> TypeDef:
    if name in types:
        return types[name]
    if name not in raw:
        _refuse(below[-1] if below else name, f"inherits from {name}, which is declared nowhere")
    if name in below:
        _refuse(name, "inherits from itself")
    body = raw[name]
    if unknown := set(body) - _TYPE_KEYS:
        _refuse(name, f"unknown keys {sorted(unknown)}")
    if unknown := set(body.get("operations", ())) - _OPERATIONS:
        _refuse(name, f"unknown operations {sorted(unknown)}")
    parent = _make(body["parent"], raw, types, (*below, name)) if "parent" in body else None
    own = {key: _attribute(name, key, value) for key, value in body.get("attributes", {}).items()}
    types[name] = make_type(
        name,
        parent=parent,
        own=own,
        definition_id=body["id"],
        definition_uuid=stock_uuid(name),
        abstract=body.get("abstract", False),
        operations=frozenset(body.get("operations", ())),
        table=body.get("table", False),
        virtual=body.get("virtual", False),
        prefix=body.get("prefix"),
        ordinal=body.get("ordinal", -1),
        note=body.get("note", ""),
        label=body.get("label", ""),
        scope=tuple(body.get("scope", ())),
        family=body.get("family", ""),
        rules=tuple(body.get("rules", ())),
    )
    return types[name]


def _attribute(owner: str, name: str, body: dict[str, Any]) -> AttributeDef:
    where = f"{owner}.{name}"
    if unknown := set(body) - _ATTRIBUTE_KEYS - _MEMBER_KEYS:
        _refuse(where, f"unknown keys {sorted(unknown)}")
    try:
        kind = AttributeType(body["type"])
    except (KeyError, ValueError):
        _refuse(where, f"no such type: {body.get('type')}")
    members = None
    if kind is AttributeType.COLLECTION:
        members = Members(
            via=body.get("via"),
            link=body.get("link"),
            through=body.get("through"),
            everything=body.get("all", False),
            derived=body.get("derived"),
            reverse=body.get("reverse", False),
            near=body.get("near"),
            far=body.get("far"),
            where=body.get("where"),
            only=body.get("members"),
        )
        sources = [members.via, members.link, members.through, members.everything or None, members.derived]
        if sum(source is not None for source in sources) != 1:
            _refuse(where, "a collection needs exactly one of via, link, through, all, derived")
    elif set(body) & _MEMBER_KEYS:
        _refuse(where, "only a collection has members")
    required = body.get("required", False)
    return AttributeDef(
        name=name,
        type=kind,
        owner=owner,
        definition_id=body["id"],
        definition_uuid=stock_uuid(where),
        display_name=body.get("display") or display_name(name),
        of=body.get("of"),
        required=required,
        read_only=body.get("read_only", False),
        create_only=body.get("create_only", False),
        hidden=body.get("hidden", False),
        max_length=body.get("max_length"),
        values=tuple(body.get("values", ())),
        default=body.get("default"),
        filterable=body.get("filterable", True),
        sortable=body.get("sortable", True),
        indexed=body.get("indexed", False),
        digits=body.get("digits"),
        note=body.get("note", ""),
        alias=tuple(body.get("alias", ())),
        figure=body.get("figure", ""),
        on_delete=body.get("on_delete", "cascade" if required else "clear"),
        owned=body.get("owned", False),
        members=members,
        real_type=kind.value,
        editable=body.get("editable", False),
        fixed=tuple(body.get("fixed", ())),
        like=body.get("like", ""),
        system_required=required,
    )


def _refuse(where: str, why: str) -> NoReturn:
    message = f"{where}: {why}"
    raise CatalogueError(message)


def _check(schema: Schema) -> None:
    ids: dict[int, str] = {}
    for item in schema.types.values():
        if ids.setdefault(item.definition_id, item.name) != item.name:
            _refuse(item.name, f"shares id {item.definition_id} with {ids[item.definition_id]}")
        for name in item.scope:
            if name not in item.attributes or not item.attributes[name].is_object:
                _refuse(item.name, f"takes its scope from {name}, which is no OBJECT attribute of it")
        for attribute in item.attributes.values():
            where = f"{attribute.owner}.{attribute.name}"
            if ids.setdefault(attribute.definition_id, where) != where:
                _refuse(where, f"shares id {attribute.definition_id} with {ids[attribute.definition_id]}")
            _check_attribute(schema, item, attribute)


def _check_attribute(schema: Schema, item: TypeDef, attribute: AttributeDef) -> None:
    where = f"{item.name}.{attribute.name}"
    if attribute.is_object or attribute.is_collection:
        if attribute.of is None or attribute.of not in schema.types:
            _refuse(where, f"refers to {attribute.of}, which is no type")
    elif attribute.of is not None:
        _refuse(where, "only OBJECT and COLLECTION have a target type")
    for name in attribute.alias:
        if name not in item.attributes:
            _refuse(where, f"is an alias of {name}, which {item.name} lacks")
    default = attribute.default
    if attribute.values and isinstance(default, str) and default not in attribute.values:
        _refuse(where, f"default {default!r} is none of its values")
    if not set(attribute.fixed) <= set(attribute.values):
        _refuse(where, "fixes values that it does not have")
    owner, _, like = attribute.like.partition(".")
    if like and (owner not in schema.types or not schema.types[owner].attributes[like].editable):
        _refuse(where, f"is like {attribute.like}, which has no editable list")
    if attribute.members is not None:
        _check_members(schema, where, attribute, attribute.members)


def _check_members(schema: Schema, where: str, attribute: AttributeDef, members: Members) -> None:
    target = members.through or members.only or attribute.of or ""
    if target not in schema.types:
        _refuse(where, f"has members of {target}, which is no type")
    for name in (members.via, members.near, members.far):
        held = name and any(name in item.attributes for item in schema.concrete(schema.types[target]))
        if name and not held:
            _refuse(where, f"goes by {target}.{name}, which does not exist")
