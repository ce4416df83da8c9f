"""Summaries of collections: how many members there are by the values of their attributes (`Tasks:summary[State;State+Owner]`).

A statement a collection and set of attributes serves a whole page, and one more finds the names of all objects that members are
counted by. Whom the reader may not see is neither counted nor named.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import AttributeDef, AttributeType
from banneret.operations import metadata
from banneret.operations.members import member_types
from banneret.query.check import own_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.query.condition import Condition

    Asked = tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]

NO_ENTRY = "-- No Entry --"
"""What members without a value are counted by, as Rally's mobile client knows it."""

_UNCOUNTABLE = frozenset(
    {
        *(AttributeType.COLLECTION, AttributeType.BINARY_DATA, AttributeType.RAW, AttributeType.MAP),
        AttributeType.WEB_LINK,
    }
)


@dataclass(frozen=True, slots=True)
class Grouping:
    """One set of attributes. `key` is its key in the answer; each part is one attribute, as the types of members have it."""

    key: str
    parts: tuple[tuple[AttributeDef, ...], ...]


@dataclass(frozen=True, slots=True)
class Summarised:
    """A collection that is summed up; `where` is its own condition."""

    attribute: AttributeDef
    members: tuple[TypeDef, ...]
    where: Condition | None
    groupings: tuple[Grouping, ...]


@lru_cache(maxsize=2048)
def summarised(schema: Schema, item: TypeDef, asked: Asked) -> tuple[Summarised, ...]:
    """Give what can be summed up of a type; names that it or its members do not have are ignored."""
    found: list[Summarised] = []
    for name, sets in asked:
        attribute = item.find(name)
        members = member_types(schema, attribute) if attribute is not None and attribute.is_collection else ()
        if attribute is None or not members:
            continue
        groupings = {grouping.key: grouping for names in sets if (grouping := _grouping(members, names)) is not None}
        where = own_condition(schema, attribute)
        found.append(Summarised(attribute, members, where, tuple(groupings.values())))
    return tuple(found)


def _grouping(members: Sequence[TypeDef], names: Sequence[str]) -> Grouping | None:
    parts = [_variants(members, name) for name in names]
    if not all(parts):
        return None
    key = "+".join(part[0].name for part in parts)
    return Grouping(key.lower() if len(parts) > 1 else key, tuple(parts))


def _variants(members: Sequence[TypeDef], name: str) -> tuple[AttributeDef, ...]:
    """Give an attribute as the members have it: text here and an object there, it is read from two places."""
    found: dict[tuple[str, AttributeType], AttributeDef] = {}
    for item in members:
        attribute = item.find(name)
        if attribute is not None and attribute.type not in _UNCOUNTABLE and (attribute.is_stored or attribute.alias):
            found.setdefault((attribute.name, attribute.type), attribute)
    return tuple(found.values())


async def summarise(context: Context, item: TypeDef, asked: Asked, owners: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Give the `Summary` of each owner; all are of one type."""
    counted: list[tuple[Summarised, Grouping | None, Sequence[Sequence[Any]]]] = []
    for one in summarised(context.schema, item, asked):
        for grouping in one.groupings or (None,):
            parts = grouping.parts if grouping is not None else ()
            by = tuple(attribute for part in parts for attribute in part)
            rows = await context.unit.reader.summary(one.attribute, one.members, one.where, by, owners, context.sight)
            counted.append((one, grouping, rows))
    names = await _names(context, counted)
    found: dict[int, dict[str, Any]] = {owner: {} for owner in owners}
    for one, grouping, rows in counted:
        totals: dict[int, int] = {}
        groups: dict[int, dict[str, int]] = {}
        types = {item.name: item for item in one.members}
        for owner, count, kind, *values in rows:
            totals[owner] = totals.get(owner, 0) + count
            if grouping is not None:
                key = "+".join(_texts(grouping, types[kind], values, names))
                held = groups.setdefault(owner, {})
                held[key] = held.get(key, 0) + count
        for owner, summary in found.items():
            # Every object of the type is a member where the collection has all; then the owner is not looked at.
            at = 0 if one.attribute.members is not None and one.attribute.members.everything else owner
            entry = summary.setdefault(one.attribute.name, {"Count": totals.get(at, 0)})
            if grouping is not None:
                entry[grouping.key] = groups.get(at, {})
    return found


async def _names(
    context: Context, counted: Sequence[tuple[Summarised, Grouping | None, Sequence[Sequence[Any]]]]
) -> Mapping[int, str]:
    """Give the names of the objects that members are counted by."""
    oids: set[int] = set()
    for _, grouping, rows in counted:
        by = [attribute for part in grouping.parts for attribute in part] if grouping is not None else []
        for place, attribute in enumerate(by, 3):
            if attribute.is_object:
                oids.update(int(row[place]) for row in rows if row[place] is not None)
    if not oids:
        return {}
    definitions = metadata.definitions(context).by_oid
    names = {oid: definitions[oid].name or str(oid) for oid in oids if oid in definitions}
    rest = oids - names.keys()
    if rest:
        refs = await context.unit.reader.references(rest, context.sight)
        names |= {oid: row[3] or str(oid) for oid, row in refs.items()}
    return names


def _texts(grouping: Grouping, item: TypeDef, values: Sequence[Any], names: Mapping[int, str]) -> list[str]:
    """Say each part of a set, for members of a type that may lack some of them."""
    places = iter(values)
    texts: list[str] = []
    for part in grouping.parts:
        held = {(attribute.name, attribute.type): next(places) for attribute in part}
        own = item.find(part[0].name)
        known = own is not None and (own.name, own.type) in held
        texts.append(_text(own, held[own.name, own.type], names) if own is not None and known else NO_ENTRY)
    return texts


def _text(attribute: AttributeDef, value: Any, names: Mapping[int, str]) -> str:
    """Say a value as an answer says it."""
    if attribute.is_object:
        return names.get(int(value), NO_ENTRY) if value is not None else NO_ENTRY
    if value is None and attribute.custom and attribute.type is AttributeType.BOOLEAN:
        return "false"
    if value is None or value == "":
        return "None" if attribute.type is AttributeType.RATING and "None" in attribute.values else NO_ENTRY
    match attribute.type:
        case AttributeType.BOOLEAN:
            return "true" if value else "false"
        case AttributeType.DECIMAL | AttributeType.QUANTITY:
            return str(float(value))
        case _:
            return str(value)
