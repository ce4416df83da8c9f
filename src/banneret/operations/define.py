"""Define custom fields and portfolio types of a workspace (KB 75112, KB 47600, KB 113749).

They are definitions, not rows of a typed table: what is written here becomes part of the workspace's schema with the next
request, in every process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.rules import may
from banneret.catalogue.definitions import CUSTOM_REAL_TYPES, stock_choice_id
from banneret.kernel.errors import (
    NotAuthorized,
    RelationRefused,
    RequiredValueMissing,
    UnsupportedOperation,
    ValueAlreadyUsed,
    ValueNotAllowed,
    ValueNotConvertible,
)
from banneret.operations.choices import create_choice, set_choices, store_change
from banneret.operations.context import redefining, require_open
from banneret.operations.metadata import find_definition
from banneret.operations.prefixes import check_prefix
from banneret.operations.recording import record_event
from banneret.operations.references import resolve
from banneret.operations.rules.companions import furnish_level
from banneret.operations.values import to_ref, to_stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_]")
_CHOICES = frozenset({"DROP_DOWN", "MULTI_VALUE", "RATING", "STATE"})


async def define(context: Context, item: TypeDef, body: Mapping[str, object], root: str, oid: int | None = None) -> int:
    """Create a definition and give its ObjectID.

    Raises:
        UnsupportedOperation: AllowedQueryOperator, which nobody makes.
        NotAuthorized: only workspace administrators define.
        InvalidValue: one of its kinds.
    """
    given = {str(key).lower(): value for key, value in body.items()}
    workspace = await _workspace(context, item, given)
    if context.identity is not None and not may(
        context.identity, "create", item.name, item.lineage, workspace=workspace, project=None, target_user=None
    ):
        raise NotAuthorized("create", item.element_name)
    require_open(context, item.element_name, workspace)
    local = (await redefining(context)).in_workspace(workspace)
    match item.name:
        case "TypeDefinition":
            return await _define_type(local, item, given, workspace, oid)
        case "AttributeDefinition" | "WebLinkDefinition":
            return await _define_attribute(local, item, given, workspace, oid)
        case "AllowedAttributeValue":
            return await create_choice(local, body)
        case _:
            raise UnsupportedOperation(item.element_name, f"create {root}".strip())


async def _workspace(context: Context, item: TypeDef, given: Mapping[str, object]) -> int:
    if item.name == "AllowedAttributeValue":
        owner = to_ref(item, item.attributes["AttributeDefinition"], given.get("attributedefinition"))
        found = (
            find_definition(context, context.schema.get("AttributeDefinition"), owner) if owner is not None else None
        )
        return (found[0] if found is not None else context).workspace or 0
    ref = to_ref(item, item.attributes["Workspace"], given.get("workspace"))
    target = (await resolve(context, [ref])).get(ref) if ref is not None else None
    workspace = target.oid if target is not None else context.workspace
    if workspace is None:
        raise RequiredValueMissing(item.element_name, "Workspace", "Workspace")
    return workspace


def _text(item: TypeDef, given: Mapping[str, object], name: str, *, required: bool = False) -> str | None:
    value = given.get(name.lower())
    attribute = item.attributes[name]
    if value in (None, ""):
        if required:
            raise RequiredValueMissing(item.element_name, name, attribute.display_name)
        return None
    if not isinstance(value, str):
        raise ValueNotConvertible(item.element_name, name, attribute.display_name, value, "STRING")
    return value.strip()


async def _define_attribute(
    context: Context, item: TypeDef, given: Mapping[str, object], workspace: int, oid: int | None
) -> int:
    if context.identity is None and given.get("custom") is False:
        return await _change_stock(context, item, given)
    name = _text(item, given, "Name", required=True) or ""
    kind = (_text(item, given, "RealAttributeType") or _text(item, given, "AttributeType") or "").upper()
    if item.name == "WebLinkDefinition":
        kind = "WEB_LINK"
    if kind not in CUSTOM_REAL_TYPES:
        label = item.attributes["RealAttributeType"].display_name
        allowed = tuple(sorted(CUSTOM_REAL_TYPES))
        raise ValueNotAllowed(item.element_name, "RealAttributeType", label, kind, allowed)
    owner = await _owner(context, item, given)
    element = _text(item, given, "ElementName") or name
    element = "c_" + _FORBIDDEN.sub("", element.removeprefix("c_"))
    labels = {attribute.display_name.lower() for attribute in owner.attributes.values() if attribute.custom}
    if element == "c_" or name.lower() in labels or _is_taken(context, owner, element):
        raise ValueAlreadyUsed(item.element_name, "Name", item.attributes["Name"].display_name, name)
    values = _values(item, given)
    if kind in _CHOICES and not values:
        raise RequiredValueMissing(item.element_name, "AllowedValues", item.attributes["AllowedValues"].display_name)
    if kind == "STRING" and values:
        kind = "DROP_DOWN"
    length = given.get("maxlength")
    made = oid if oid is not None else await context.unit.writer.next_object_id(workspace)
    row: dict[str, Any] = {
        "elementname": element,
        "name": name,
        "typepath": owner.name,
        "realattributetype": kind,
        "maxlength": length if isinstance(length, int) and length > 0 else None,
        "required": _flag(context, item, given, "Required"),
        "hidden": _flag(context, item, given, "Hidden"),
        "visibleonlytoadmins": _flag(context, item, given, "VisibleOnlyToAdmins"),
        "note": _text(item, given, "Note"),
        "allowed_values": msgspec.json.encode(
            [(stock_choice_id(made, n), text) for n, text in enumerate(values)]
        ).decode(),
        "default_value": given.get("default") if isinstance(given.get("default"), str) else None,
        "link_url": given.get("url") if isinstance(given.get("url"), str) else None,
    }
    return await _store(context, item, "custom_attribute", row, workspace, made)


async def _change_stock(context: Context, item: TypeDef, given: Mapping[str, object]) -> int:
    """Say something of a stock field for the workspace, as a scenario does that lists it with `Custom: false`."""
    owner = await _owner(context, item, given)
    name = _text(item, given, "ElementName", required=True) or ""
    attribute = owner.attributes.get(name)
    if attribute is None:
        label = item.attributes["ElementName"].display_name
        raise ValueNotAllowed(item.element_name, "ElementName", label, name, tuple(owner.attributes))
    row: dict[str, Any] = {
        flag.lower(): _flag(context, item, given, flag)
        for flag in ("Required", "Hidden", "VisibleOnlyToAdmins")
        if flag.lower() in given
    }
    if "note" in given:
        row["note"] = _text(item, given, "Note")
    if row:
        await store_change(context, attribute, row)
    if given.get("allowedvalues") is not None:
        await set_choices(context, attribute, given["allowedvalues"])
    await context.unit.writer.flush()
    return attribute.definition_id


def _is_taken(context: Context, owner: TypeDef, element: str) -> bool:
    """Whether the type, one that it inherits from or one that inherits from it has a field of that name."""
    return any(
        other.find(element) is not None for other in context.schema.types.values() if owner.name in other.lineage
    )


def _flag(context: Context, item: TypeDef, given: Mapping[str, object], name: str) -> bool:
    value = given.get(name.lower())
    return value is not None and bool(to_stored(item, item.attributes[name], value, context.zone))


async def _owner(context: Context, item: TypeDef, given: Mapping[str, object]) -> TypeDef:
    """Give the type that a custom field is for."""
    attribute = item.attributes["TypeDefinition"]
    found = await _named_type(context, item, attribute, given.get("typedefinition"))
    if found is None:
        raise RequiredValueMissing(item.element_name, "TypeDefinition", attribute.display_name)
    return found


async def _named_type(context: Context, item: TypeDef, attribute: AttributeDef, value: object) -> TypeDef | None:
    """Give the type that a value names: by ref, or by its name as scenarios do; None where it names none."""
    if isinstance(value, str) and (found := context.schema.find(value.replace(" ", ""))) is not None:
        return found
    ref = to_ref(item, attribute, value)
    target = (await resolve(context, [ref])).get(ref) if ref is not None else None
    if target is not None:
        for found in context.schema.types.values():
            if found.definition_id == target.oid:
                return found
    return None


def _values(item: TypeDef, given: Mapping[str, object]) -> list[str]:
    listed = given.get("allowedvalues") or []
    attribute = item.attributes["AllowedValues"]
    if not isinstance(listed, list):
        raise ValueNotConvertible(item.element_name, attribute.name, attribute.display_name, listed, "COLLECTION")
    texts = [entry.get("StringValue") if isinstance(entry, dict) else entry for entry in listed]
    if not all(isinstance(text, str) for text in texts):
        raise ValueNotConvertible(item.element_name, attribute.name, attribute.display_name, listed, "COLLECTION")
    return [str(text) for text in dict.fromkeys(texts) if text]


async def _define_type(
    context: Context, item: TypeDef, given: Mapping[str, object], workspace: int, oid: int | None
) -> int:
    name = _text(item, given, "Name", required=True) or ""
    element = _FORBIDDEN.sub("", _text(item, given, "ElementName") or name)
    path = f"PortfolioItem/{element}"
    clash = context.schema.find(element)
    plural = context.schema.find_plural(element)
    # In a scenario a level named like a stock one takes its place; any other name must be free, for it becomes an end point.
    replaces = context.identity is None and clash is not None and clash.name == path and not clash.custom
    if not element or plural is not None or (clash is not None and not replaces):
        raise ValueAlreadyUsed(item.element_name, "Name", item.attributes["Name"].display_name, name)
    await _below_portfolio_item(context, item, given)
    prefix = given.get("idprefix")
    row = {
        "typepath": path,
        "name": name,
        "idprefix": check_prefix(context, clash, prefix) if prefix else _free_prefix(context, clash, element),
        "ordinal": to_stored(item, item.attributes["Ordinal"], given.get("ordinal"), context.zone),
    }
    made = oid if oid is not None else await context.unit.writer.next_object_id(workspace)
    await _store(context, item, "custom_type", row, workspace, made)
    if context.identity is not None:
        await furnish_level(await redefining(context), made, workspace)
    return made


async def _below_portfolio_item(context: Context, item: TypeDef, given: Mapping[str, object]) -> None:
    """New types are portfolio items (KB 113749); whoever names their Parent can name nothing else."""
    attribute = item.attributes["Parent"]
    parent = given.get("parent")
    if parent is None:
        return
    if (await _named_type(context, item, attribute, parent)) is not context.schema.get("PortfolioItem"):
        reason = "New types can be made below PortfolioItem only."
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)


def _free_prefix(context: Context, clash: TypeDef | None, element: str) -> str:
    """Give the shortest beginning of a name, of two letters at least, that no other type has as its prefix."""
    letters = "".join(letter for letter in element.upper() if letter.isascii() and letter.isalpha())
    for length in range(2, 11):
        try:
            return check_prefix(context, clash, letters[:length])
        except ValueAlreadyUsed:
            continue
    return check_prefix(context, clash, None)


async def _store(context: Context, item: TypeDef, table: str, row: dict[str, Any], workspace: int, made: int) -> int:
    context.unit.writer.insert(
        table, {"oid": made, "uuid": context.identifiers.uuid(), "workspace_oid": workspace, **row}
    )
    record_event(
        context,
        item,
        made,
        "created",
        version=1,
        workspace=workspace,
        project=None,
        diff={name: (None, value) for name, value in row.items() if value not in (None, False, "[]")},
    )
    await context.unit.writer.flush()
    return made
