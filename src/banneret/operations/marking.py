"""Notes whose figures a write makes stale. A write of what no roll-up reads notes nothing and costs nothing.

What is noted waits in the unit of work, so that a hundred tasks of one story cost one roll-up; `settling.py` makes it right
before the unit ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from banneret.operations.rules import rollups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.operations.rules.rule import Source


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a type's objects do to others: they belong to whom `source` says, for the roll-ups called `names`."""

    names: frozenset[str]
    source: Source
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Triggers:
    """All of one type; `own` maps attributes of its objects to the roll-ups of their own that depend on them."""

    upward: tuple[Trigger, ...] = ()
    own: tuple[tuple[str, frozenset[str]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.upward or self.own)


def triggers(schema: Schema, item: TypeDef) -> Triggers:
    """Give what writes of a type's objects make stale."""
    known: dict[str, Triggers] = schema.derived.setdefault("triggers", {})  # type: ignore[assignment]
    if item.name not in known:
        known[item.name] = Triggers(_upward(schema, item), _own(item))
    return known[item.name]


def _upward(schema: Schema, item: TypeDef) -> tuple[Trigger, ...]:
    found: dict[str, list[tuple[str, Source]]] = {}
    for parent in schema.types.values():
        for name, rollup in rollups(parent.rules).items():
            for source in rollup.sources:
                if source.children in item.lineage and _reaches(item, parent, source):
                    found.setdefault(source.via, []).append((name, source))
    merged: dict[tuple[Source, frozenset[str]], set[str]] = {}
    for named in found.values():
        for name, source in named:
            merged.setdefault((source, source.reads), set()).add(name)
    return tuple(Trigger(frozenset(names), source, reads) for (source, reads), names in merged.items())


def _reaches(item: TypeDef, parent: TypeDef, source: Source) -> bool:
    """Whether objects of a type can be children of a parent's."""
    attribute = item.attributes.get(source.via)
    return attribute is not None and attribute.of is not None and (attribute.of in parent.lineage)


def _own(item: TypeDef) -> tuple[tuple[str, frozenset[str]], ...]:
    found: dict[str, set[str]] = {}
    for name, rollup in rollups(item.rules).items():
        for attribute in rollup.own:
            if attribute in item.attributes:
                found.setdefault(attribute, set()).add(name)
    return tuple((attribute, frozenset(names)) for attribute, names in found.items())


def mark(context: Context, oid: int | None, names: Iterable[str]) -> None:
    """Say that figures of an object are stale."""
    stale = set(names)
    if oid is None or not stale:
        return
    from banneret.operations.settling import settle

    context.unit.stale.setdefault(oid, set()).update(stale)
    context.unit.concluding = partial(settle, context)


def note_created(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """Note whom a new object concerns."""
    found = triggers(context.schema, item)
    for trigger in found.upward:
        mark(context, values.get(item.attributes[trigger.source.via]), trigger.names)
    for name, names in found.own:
        if values.get(item.attributes[name]) is not None:
            mark(context, oid, names)


def note_change(
    context: Context,
    item: TypeDef,
    oid: int,
    old: Mapping[AttributeDef, Any],
    changed: Mapping[AttributeDef, tuple[Any, Any]],
) -> None:
    """Note whom a change concerns: the parent, and where there is another one now, both."""
    found = triggers(context.schema, item)
    if not found or not changed:
        return
    names = {attribute.name for attribute in changed}
    for trigger in found.upward:
        if not names & trigger.reads:
            continue
        parent = item.attributes[trigger.source.via]
        for owner in changed.get(parent, (old.get(parent),)):
            mark(context, owner, trigger.names)
    for name, stale in found.own:
        if name in names:
            mark(context, oid, stale)


def note_deleted(context: Context, item: TypeDef, values: Mapping[AttributeDef, Any]) -> None:
    """Note whom the end of an object concerns."""
    for trigger in triggers(context.schema, item).upward:
        mark(context, values.get(item.attributes[trigger.source.via]), trigger.names)


def note_restored(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """Note whom the return of an object concerns, itself among them: not all that belonged to it may be back."""
    note_deleted(context, item, values)
    mark(context, oid, [name for name, rollup in rollups(item.rules).items() if not rollup.coupling])
