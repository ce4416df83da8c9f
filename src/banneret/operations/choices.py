"""Allowed values of a workspace's fields: a list is one thing, whichever of its entries a request names.

A value that is renamed is renamed in the objects that have it; one that is removed stays in them, and cannot be set again
(KB 102900).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from banneret.catalogue.definitions import choices_of
from banneret.kernel.errors import (
    MalformedReference,
    ObjectToUpdateNotFound,
    ReferencedObjectNotFound,
    RelationRefused,
    RequiredValueMissing,
    TextTooLong,
    ValueAlreadyUsed,
    ValueNotConvertible,
)
from banneret.operations import metadata
from banneret.operations.recording import record_event
from banneret.operations.values import to_ref, to_stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from banneret.catalogue.definitions import Choices
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context
    from banneret.operations.metadata import Virtual

_json = msgspec.json.Encoder()
_LONGEST = 256
"""Characters of a value, where its attribute does not say less."""


async def create_choice(context: Context, body: Mapping[str, object]) -> int:
    """Add a value to the list of the AttributeDefinition that the body names, last unless ValueIndex says where.

    Raises:
        RequiredValueMissing, ReferencedObjectNotFound: no AttributeDefinition, or no StringValue.
        What `change_list` raises.

    """
    item = context.schema.get("AllowedAttributeValue")
    given = {str(name).lower(): value for name, value in body.items()}
    owner = item.attributes["AttributeDefinition"]
    ref = to_ref(item, owner, given.get("attributedefinition"))
    if ref is None:
        raise RequiredValueMissing(item.element_name, owner.name, owner.display_name)
    held = metadata.definitions(context).find(context.schema.get("AttributeDefinition"), ref)
    if held is None:
        raise ReferencedObjectNotFound(ref.identifier)
    attribute = attribute_of(context, held)
    listed = list(choices_of(attribute))
    entry = (await context.unit.writer.next_object_id(context.workspace), text_of(context, given.get("stringvalue")))
    place = _place(context, attribute, given)
    listed.insert(len(listed) if place is None else place, entry)
    await change_list(context, attribute, listed)
    return entry[0]


async def update_choice(context: Context, held: Virtual, body: Mapping[str, object]) -> None:
    """Rename a value (StringValue), or move it within its list (ValueIndex).

    Raises:
        What `change_list` raises.

    """
    attribute = attribute_of(context, held.values["AttributeDefinition"])
    given = {str(name).lower(): value for name, value in body.items()}
    listed = list(choices_of(attribute))
    places = [n for n, (oid, _) in enumerate(listed) if oid == held.oid]
    if not places:
        raise _refused(attribute, "The entry for no value cannot be changed.")
    entry = listed.pop(places[0])
    if given.get("stringvalue") is not None:
        entry = (entry[0], text_of(context, given["stringvalue"]))
    place = _place(context, attribute, given)
    listed.insert(places[0] if place is None else place, entry)
    await change_list(context, attribute, listed)


async def delete_choice(context: Context, held: Virtual) -> None:
    """Take a value out of its list; the objects that have it keep it.

    Raises:
        What `change_list` raises.

    """
    attribute = attribute_of(context, held.values["AttributeDefinition"])
    listed = [entry for entry in choices_of(attribute) if entry[0] != held.oid]
    if len(listed) == len(choices_of(attribute)):
        raise _refused(attribute, "The entry for no value cannot be deleted; it goes when the field is required.")
    await change_list(context, attribute, listed)


async def set_choices(context: Context, attribute: AttributeDef, items: object) -> list[int]:
    """Make a list hold these values in this order, refs to its own and new ones, and give the ObjectIDs of the new.

    Raises:
        What `entries` and `change_list` raise.

    """
    wanted, added = await entries(context, attribute, items)
    await change_list(context, attribute, wanted)
    return added


async def add_choices(context: Context, attribute: AttributeDef, items: object) -> list[int]:
    """Add values at the end of a list and give the ObjectIDs of those that were not in it.

    Raises:
        What `entries` and `change_list` raise.

    """
    wanted, added = await entries(context, attribute, items)
    present = choices_of(attribute)
    await change_list(context, attribute, [*present, *(entry for entry in wanted if entry not in present)])
    return added


async def remove_choices(context: Context, attribute: AttributeDef, items: object) -> None:
    """Take values out of a list.

    Raises:
        What `entries` and `change_list` raise.

    """
    gone, _ = await entries(context, attribute, items)
    await change_list(context, attribute, [entry for entry in choices_of(attribute) if entry not in gone])


async def entries(context: Context, attribute: AttributeDef, items: object) -> tuple[list[tuple[int, str]], list[int]]:
    """Read a list of allowed values: refs to the attribute's own, objects with a StringValue, or bare texts.

    A text that the list has already names that value, any other is a new one; the ObjectIDs of the new come second.

    Raises:
        ReferencedObjectNotFound, MalformedReference, ValueNotConvertible: as each says.

    """
    definition = context.schema.get("AttributeDefinition")
    collection = definition.attributes["AllowedValues"]
    if not isinstance(items, list):
        raise ValueNotConvertible(
            definition.element_name, collection.name, collection.display_name, items, "COLLECTION"
        )
    present = choices_of(attribute)
    found: dict[int, str] = {}
    added: list[int] = []
    for item in items:
        if isinstance(item, dict) and item.get("_ref"):
            oid = _own(context, attribute, item["_ref"])
            if oid is not None:
                found[oid] = dict(present)[oid]
            continue
        text = text_of(context, item.get("StringValue") if isinstance(item, dict) else item)
        known = next((oid for oid, held in present if held == text), None)
        if known is None:
            known = await context.unit.writer.next_object_id(context.workspace)
            added.append(known)
        found[known] = text
    return list(found.items()), added


def _own(context: Context, attribute: AttributeDef, ref: object) -> int | None:
    """Give the ObjectID of a value of this attribute; None for its entry for no value, which is not kept."""
    definition = context.schema.get("AttributeDefinition")
    named = to_ref(definition, definition.attributes["AllowedValues"], ref)
    if named is None:
        raise MalformedReference(str(ref))
    held = metadata.definitions(context).find(context.schema.get("AllowedAttributeValue"), named)
    if held is None or held.values["AttributeDefinition"].oid != attribute.definition_id:
        raise ReferencedObjectNotFound(named.identifier)
    return held.oid if held.values["StringValue"] else None


def attribute_of(context: Context, definition: Virtual) -> AttributeDef:
    """Give the attribute that an AttributeDefinition describes, as the context's workspace has it."""
    for item in context.schema.types.values():
        for attribute in item.attributes.values():
            if attribute.definition_id == definition.oid:
                return attribute
    raise ObjectToUpdateNotFound(definition.type.element_name, str(definition.oid))


def text_of(context: Context, value: object) -> str:
    """Give the text of a value.

    Raises:
        RequiredValueMissing, ValueNotConvertible: it has none.

    """
    item = context.schema.get("AllowedAttributeValue")
    attribute = item.attributes["StringValue"]
    if value is None or value == "":
        raise RequiredValueMissing(item.element_name, attribute.name, attribute.display_name)
    if not isinstance(value, str):
        raise ValueNotConvertible(item.element_name, attribute.name, attribute.display_name, value, "STRING")
    return value.strip()


def _place(context: Context, attribute: AttributeDef, given: Mapping[str, object]) -> int | None:
    """Give where ValueIndex puts a value among those that can be moved; the entry for no value counts too."""
    if given.get("valueindex") is None:
        return None
    item = context.schema.get("AllowedAttributeValue")
    index = int(to_stored(item, item.attributes["ValueIndex"], given["valueindex"], context.zone) or 0)
    has_no_value_entry = not attribute.required and "None" not in attribute.values
    return max(0, index - has_no_value_entry)


def _refused(attribute: AttributeDef, reason: str) -> RelationRefused:
    return RelationRefused("AttributeDefinition", "AllowedValues", "Allowed Values", f"{attribute.name}: {reason}")


def _check(attribute: AttributeDef, wanted: Sequence[tuple[int, str]]) -> None:
    if attribute.name == "ScheduleState" and attribute.owner == "SchedulableArtifact":
        raise _refused(attribute, "Enable or rename the workspace's first or last ScheduleState instead.")
    if not attribute.editable:
        raise _refused(attribute, "The values of this attribute are fixed.")
    if not wanted:
        raise _refused(attribute, "At least one value must stay.")
    kept = {*attribute.fixed, *({"None"} if "None" in attribute.values else ())}
    for oid, text in choices_of(attribute):
        if text in kept and (oid, text) not in wanted:
            raise _refused(attribute, f"The value {text} cannot be renamed or removed.")
    if "None" in attribute.values and wanted[0][1] != "None":
        raise _refused(attribute, "None stays the first value.")
    seen: set[str] = set()
    for _, text in wanted:
        if len(text) > (attribute.max_length or _LONGEST):
            longest = attribute.max_length or _LONGEST
            raise TextTooLong("AllowedAttributeValue", "StringValue", "String Value", longest)
        if text.lower() in seen:
            raise ValueAlreadyUsed("AllowedAttributeValue", "StringValue", "String Value", text)
        seen.add(text.lower())


async def change_list(context: Context, attribute: AttributeDef, wanted: Sequence[tuple[int, str]]) -> None:
    """Give an attribute this list. The caller has touched the schema and read it anew, and asked whether the caller may.

    Raises:
        RelationRefused: a fixed list, an empty one, or one without a value that must stay.
        ValueAlreadyUsed: a text that is in it twice, in any case.

    """
    before = choices_of(attribute)
    if tuple(wanted) == before:
        return
    _check(attribute, wanted)
    held = dict(wanted)
    renamed = {text: held[oid] for oid, text in before if held.get(oid, text) != text}
    await _store(context, attribute, tuple(wanted), renamed)
    for follower, item in _followers(context, attribute):
        for old, new in renamed.items():
            context.unit.writer.replace_value(item, follower, context.workspace, old, new)
    record_event(
        context,
        context.schema.get("AttributeDefinition"),
        attribute.definition_id,
        "updated",
        version=1,
        workspace=context.workspace,
        project=None,
        diff={"AllowedValues": ([text for _, text in before], [text for _, text in wanted])},
    )
    await context.unit.writer.flush()


async def _store(context: Context, attribute: AttributeDef, wanted: Choices, renamed: Mapping[str, str]) -> None:
    text = _json.encode(wanted).decode()
    if not attribute.custom:
        await store_change(context, attribute, {"allowed_values": text})
        return
    row: dict[str, Any] = {"allowed_values": text}
    if isinstance(attribute.default, str) and attribute.default not in dict(wanted).values():
        row["default_value"] = renamed.get(attribute.default)
    context.unit.writer.update("custom_attribute", {"oid": attribute.definition_id}, row)


async def store_change(context: Context, attribute: AttributeDef, row: Mapping[str, Any]) -> None:
    """Keep what the workspace says of a stock attribute."""
    key = {"workspace_oid": context.workspace, "definition_id": attribute.definition_id}
    if await context.unit.writer.fetch("changed_attribute", key, ["definition_id"]):
        context.unit.writer.update("changed_attribute", key, row)
    else:
        context.unit.writer.insert("changed_attribute", {**key, **row})


def _followers(context: Context, attribute: AttributeDef) -> Iterator[tuple[AttributeDef, TypeDef]]:
    """Give the attribute and those that are like it, each with every concrete type that has it."""
    path = f"{attribute.owner}.{attribute.name}"
    for item in context.schema.types.values():
        for other in item.attributes.values() if not item.abstract and not item.virtual else ():
            if other.definition_id == attribute.definition_id or other.like == path:
                yield other, item
