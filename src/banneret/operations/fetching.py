"""Loading what a fetch names: refs, expanded objects, sizes and summaries of collections.

Objects are loaded level by level, so that a page of 200 costs a handful of statements whatever is fetched: one a table for the
rows of a level, one for all refs of a level, one for all collection sizes of a type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.operations import timeboxes
from banneret.operations.fetch import DEEPEST, EVERYTHING, Fetch
from banneret.operations.members import member_types
from banneret.operations.ports import HEAD
from banneret.operations.summaries import summarise, summarised
from banneret.query.check import own_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.query.condition import Condition

IN_HEAD = frozenset({"ObjectID", "ObjectUUID", "VersionId", "Subscription"})
"""Attributes that the head, or the landscape, gives."""


@dataclass(slots=True)
class Group:
    """Objects of one concrete type. A row is the head (`HEAD`) and then a value for each of `attributes`.

    `shown` are the attributes to render in wire order, collections among them; `places` the objects' places in the page.
    `summaries` are what their collections come to by ObjectID, None where nobody asked.
    """

    type: TypeDef
    attributes: tuple[AttributeDef, ...]
    shown: tuple[AttributeDef, ...]
    rows: list[Sequence[Any]]
    places: list[int]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    names: dict[str, Mapping[int, Sequence[Sequence[Any]]]] = field(default_factory=dict)
    summaries: Mapping[int, dict[str, Any]] | None = None


@dataclass(slots=True)
class Level:
    """Loaded objects of one level.

    `refs` has the directory entry `(oid, type, uuid, name, workspace, project)` of every ref that the reader may see; `below`
    the next level's objects by attribute name, for the attributes that are expanded. `rendered` is for whoever renders
    a level that several attributes share.
    """

    groups: list[Group] = field(default_factory=list)
    refs: dict[int, Sequence[Any]] = field(default_factory=dict)
    below: dict[str, Level] = field(default_factory=dict)
    fetch: Fetch = EVERYTHING
    rendered: dict[int, Any] | None = None


@lru_cache(maxsize=4096)
def plan(item: TypeDef, fetch: Fetch) -> tuple[tuple[AttributeDef, ...], tuple[AttributeDef, ...]]:
    """Give the attributes to show of a type and those of them whose values a row must hold."""
    shown = tuple(attribute for attribute in item.attributes.values() if fetch.wants(attribute))
    return shown, tuple(
        attribute
        for attribute in shown
        if (not attribute.is_collection or attribute.custom) and attribute.name not in IN_HEAD
    )


PERSONAL = frozenset({"Preference"})
"""Types that others' objects of are seen too, so that a row must say whose it is for `operations.permitted`."""


@lru_cache(maxsize=4096)
def stored_attributes(candidates: tuple[TypeDef, ...], fetch: Fetch) -> tuple[AttributeDef, ...]:
    """Give what rows of several types must hold: each one's naming attribute first, then all that is shown."""
    wanted: dict[tuple[str, str, str], AttributeDef] = {}
    for item in candidates:
        naming = item.naming_attribute
        extra = [item.attributes[naming]] if naming else []
        extra += [item.attributes[name] for name in ("CustomObjectID",) if name in item.attributes]
        extra += [item.attributes["User"]] if item.name in PERSONAL else []
        for attribute in (*extra, *plan(item, fetch)[1]):
            wanted.setdefault(attribute.slot, attribute)
    return tuple(wanted.values())


async def load(
    context: Context,
    candidates: Sequence[TypeDef],
    attributes: tuple[AttributeDef, ...],
    rows: Sequence[Sequence[Any]],
    fetch: Fetch,
) -> Level:
    """Complete rows of one table into a level: refs, expanded objects, collection sizes."""
    return await _level(context, [(candidates, attributes, rows)], fetch, 0)


async def _level(
    context: Context,
    parts: Sequence[tuple[Sequence[TypeDef], tuple[AttributeDef, ...], Sequence[Sequence[Any]]]],
    fetch: Fetch,
    depth: int,
) -> Level:
    level = Level(fetch=fetch)
    place = 0
    for candidates, attributes, rows in parts:
        by_name = {item.name: item for item in candidates}
        groups: dict[str, Group] = {}
        for row in rows:
            group = groups.get(row[3])
            if group is None:
                item = by_name[row[3]]
                group = groups[row[3]] = Group(item, attributes, plan(item, fetch)[0], [], [])
            group.rows.append(row)
            group.places.append(place)
            place += 1
        level.groups.extend(groups.values())
    for group in level.groups:
        if computed := timeboxes.places(group.type, group.attributes):
            await _compute(context, group, computed, asked=not depth or not fetch.flat)
    await _load_refs(context, level, depth)
    for group in level.groups:
        await _load_collections(context, group)
        if fetch.summaries and (depth == 0 or summarised(context.schema, group.type, fetch.summaries)):
            owners = [row[0] for row in group.rows]
            group.summaries = await summarise(context, group.type, fetch.summaries, owners)
    return level


async def _compute(context: Context, group: Group, computed: Sequence[tuple[int, str]], *, asked: bool) -> None:
    """Put in what is not kept but added up on reading; leave it out where nobody has `asked` for it of these objects."""
    if not asked:
        names = {name for _, name in computed}
        group.shown = tuple(attribute for attribute in group.shown if attribute.name not in names)
        return
    figures = await timeboxes.add_up(context, group.type, [row[0] for row in group.rows])
    for n, row in enumerate(group.rows):
        values = list(row)
        for place, name in computed:
            values[HEAD + place] = figures[row[0]][name]
        group.rows[n] = values


@dataclass(frozen=True, slots=True)
class _RefColumn:
    """A column of refs: where it stands in a row, its attribute, and what to show of its targets if they are expanded."""

    place: int
    attribute: AttributeDef
    below: Fetch | None


@lru_cache(maxsize=4096)
def _ref_columns(
    schema: Schema, attributes: tuple[AttributeDef, ...], shown: tuple[AttributeDef, ...], fetch: Fetch
) -> tuple[_RefColumn, ...]:
    names = {attribute.name for attribute in shown}
    found = []
    for place, attribute in enumerate(attributes, HEAD):
        if not attribute.is_object or attribute.name not in names:
            continue
        target = schema.get(attribute.of or "")
        if not target.virtual:
            found.append(_RefColumn(place, attribute, fetch.below(attribute, schema.concrete(target))))
    return tuple(found)


async def _load_refs(context: Context, level: Level, depth: int) -> None:
    wanted: set[int | None] = set()
    expanding: dict[str, tuple[Fetch, set[int | None]]] = {}
    schema = context.schema
    for group in level.groups:
        columns = list(zip(*group.rows, strict=True))
        for column in _ref_columns(schema, group.attributes, group.shown, level.fetch):
            held = columns[column.place]
            found = (
                {_custom_target(column.attribute, value) for value in held} if column.attribute.custom else set(held)
            )
            wanted |= found
            if column.below is not None and depth < DEEPEST:
                expanding.setdefault(column.attribute.name, (column.below, set()))[1].update(found)
    wanted.discard(None)
    if not wanted:
        return
    level.refs = dict(await context.unit.reader.references([oid for oid in wanted if oid is not None], context.sight))
    # One load for all attributes that show the same: with a flat fetch list, one a level.
    together: dict[Fetch, set[int]] = {}
    for below, oids in expanding.values():
        together.setdefault(below, set()).update(level.refs.keys() & oids)
    loaded = {below: await _objects(context, level, oids, below, depth + 1) for below, oids in together.items()}
    level.below = {name: loaded[below] for name, (below, _) in expanding.items()}


def _custom_target(attribute: AttributeDef, fields: str) -> int | None:
    """Give the ObjectID that custom fields, which stand together as JSON, hold for an OBJECT attribute."""
    found: int | None = msgspec.json.decode(fields).get(attribute.name)
    return found


async def _objects(context: Context, level: Level, oids: set[int], fetch: Fetch, depth: int) -> Level:
    schema = context.schema
    tables: dict[str, tuple[list[TypeDef], list[int]]] = {}
    for oid in oids:
        item = schema.find(level.refs[oid][1])
        if item is None or item.table is None:
            continue
        held = tables.setdefault(item.table, ([], []))
        if item not in held[0]:
            held[0].append(item)
        held[1].append(oid)
    parts = []
    for types, members in tables.values():
        candidates = tuple(sorted(types, key=lambda item: item.name))
        attributes = stored_attributes(candidates, fetch)
        rows = await context.unit.reader.rows(candidates, attributes, members, context.sight)
        parts.append((candidates, attributes, rows))
    return await _level(context, parts, fetch, depth)


NAMED_COLLECTIONS = {"Tag": (), "Milestone": ("DisplayColor", "TargetDate")}
"""Member types whose collections also show `_tagsNameArray`, with what stands in it beside the name (wsapi.md 2.2)."""


@dataclass(frozen=True, slots=True)
class _Collections:
    """The collections of a type that are shown: those that are counted, and those whose members' names are shown too."""

    counted: tuple[tuple[AttributeDef, tuple[TypeDef, ...], Condition | None], ...]
    named: tuple[tuple[AttributeDef, tuple[TypeDef, ...], tuple[AttributeDef, ...]], ...]


@lru_cache(maxsize=4096)
def _collections(schema: Schema, shown: tuple[AttributeDef, ...]) -> _Collections:
    counted, named = [], []
    for attribute in shown:
        types = member_types(schema, attribute)
        members = attribute.members
        if not types or members is None:
            continue
        target = schema.get(members.only or attribute.of or "")
        if target.name in NAMED_COLLECTIONS and members.link is not None:
            named.append((attribute, types, tuple(target.attributes[name] for name in NAMED_COLLECTIONS[target.name])))
        else:
            counted.append((attribute, types, own_condition(schema, attribute)))
    return _Collections(tuple(counted), tuple(named))


async def _load_collections(context: Context, group: Group) -> None:
    asked = _collections(context.schema, group.shown)
    if not asked.counted and not asked.named:
        return
    owners = [row[0] for row in group.rows]
    reader = context.unit.reader
    for attribute, types, extra in asked.named:
        names = await reader.linked_names(attribute, types, owners, extra, context.sight)
        group.names[attribute.name] = names
        group.counts[attribute.name] = {owner: len(found) for owner, found in names.items()}
    if asked.counted:
        group.counts.update(await reader.member_counts(asked.counted, owners, context.sight))
