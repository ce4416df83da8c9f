"""Define custom fields and portfolio types of a workspace (KB 75112, KB 47600, KB 113749).

They are definitions, not rows of a typed table: what is written here becomes part of the workspace's schema with the next
request, in every process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.rules import may
from banneret.catalogue.definitions import CUSTOM_REAL_TYPES
from banneret.kernel.errors import (
    NotAuthorized,
    RequiredValueMissing,
    UnsupportedOperation,
    ValueAlreadyUsed,
    ValueNotAllowed,
    ValueNotConvertible,
)
from banneret.operations.recording import record_event
from banneret.operations.references import resolve
from banneret.operations.values import to_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import TypeDef
    from banneret.operations.context import Context

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_]")
_CHOICES = frozenset({"DROP_DOWN", "MULTI_VALUE", "RATING", "STATE"})


async def define(context: Context, item: TypeDef, body: Mapping[str, object], root: str, oid: int | None = None) -> int:
    """Create a definition and give its ObjectID.

    Raises:
        UnsupportedOperation: AllowedAttributeValue and the like, which belong to their attribute.
        NotAuthorized: only workspace administrators define.
        InvalidValue: one of its kinds.
    """
    given = {str(key).lower(): value for key, value in body.items()}
    workspace = await _workspace(context, item, given)
    if context.identity is not None and not may(
        context.identity, "create", item.name, item.lineage, workspace=workspace, project=None, target_user=None
    ):
        raise NotAuthorized("create", item.element_name)
    local = context.in_workspace(workspace)
    match item.name:
        case "TypeDefinition":
            return await _define_type(local, item, given, workspace, oid)
        case "AttributeDefinition" | "WebLinkDefinition":
            return await _define_attribute(local, item, given, workspace, oid)
        case _:
            raise UnsupportedOperation(item.element_name, f"create {root}".strip())


async def _workspace(context: Context, item: TypeDef, given: Mapping[str, object]) -> int:
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
    if element == "c_" or owner.find(element) is not None:
        raise ValueAlreadyUsed(item.element_name, "Name", item.attributes["Name"].display_name, name)
    values = _values(item, given)
    if kind in _CHOICES and not values:
        raise RequiredValueMissing(item.element_name, "AllowedValues", item.attributes["AllowedValues"].display_name)
    if kind == "STRING" and values:
        kind = "DROP_DOWN"
    length = given.get("maxlength")
    row: dict[str, Any] = {
        "elementname": element,
        "name": name,
        "typepath": owner.name,
        "realattributetype": kind,
        "maxlength": length if isinstance(length, int) and length > 0 else None,
        "required": given.get("required") is True,
        "hidden": given.get("hidden") is True,
        "note": _text(item, given, "Note"),
        "allowed_values": msgspec.json.encode(values).decode(),
        "default_value": given.get("default") if isinstance(given.get("default"), str) else None,
        "link_url": given.get("url") if isinstance(given.get("url"), str) else None,
    }
    return await _store(context, item, "custom_attribute", row, workspace, oid)


async def _owner(context: Context, item: TypeDef, given: Mapping[str, object]) -> TypeDef:
    """Give the type that a custom field is for: named by ref, or by its name as scenarios do."""
    value = given.get("typedefinition")
    attribute = item.attributes["TypeDefinition"]
    if isinstance(value, str) and (found := context.schema.find(value.replace(" ", ""))) is not None:
        return found
    ref = to_ref(item, attribute, value)
    target = (await resolve(context, [ref])).get(ref) if ref is not None else None
    if target is not None:
        for found in context.schema.types.values():
            if found.definition_id == target.oid:
                return found
    raise RequiredValueMissing(item.element_name, "TypeDefinition", attribute.display_name)


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
    # A level named like a stock one takes its place; any other name must be free, for it becomes an end point.
    if not element or (clash is not None and (clash.name != path or clash.custom)):
        raise ValueAlreadyUsed(item.element_name, "Name", item.attributes["Name"].display_name, name)
    ordinal = given.get("ordinal")
    row = {
        "typepath": path,
        "name": name,
        "idprefix": _text(item, given, "IDPrefix") or element[:2].upper(),
        "ordinal": ordinal if isinstance(ordinal, int) else None,
    }
    return await _store(context, item, "custom_type", row, workspace, oid)


async def _store(
    context: Context, item: TypeDef, table: str, row: dict[str, Any], workspace: int, oid: int | None
) -> int:
    made = oid if oid is not None else await context.unit.writer.next_object_id(workspace)
    await context.unit.touch()
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
