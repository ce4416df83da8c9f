"""Makes stale figures right before a unit of work ends: bottom-up, each object once, a handful of statements a level.

A level is what is stale of the types that depend on nothing else stale: work products, then suites and stories (the deepest first),
then portfolio items from the lowest type up. Its objects are locked, in the order of their ObjectIDs, before what they are
made of is added up; so of two writers below the same parent the second one adds up what the first one has written. Locks are
taken in the same order everywhere; where two units meet in a circle all the same (each has locked objects before it came
here), PostgreSQL gives one of them up and the driver runs it again.

Figures that have changed are written as any change is, with version, event and Revision (Rally's revisions of stories speak of
task totals too), by the request's user. Figures that are `silent` change in the row alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.catalogue.model import Members
from banneret.operations.locate import Located
from banneret.operations.marking import note_change
from banneret.operations.rules import rollups
from banneret.operations.rules.rule import Parent, Rollup, Source
from banneret.operations.update import currents, derive, same

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.operations.update import Current


async def settle(context: Context, *, quietly: bool = False) -> None:
    """Make every stale figure of the unit of work right.

    `quietly`: nothing is recorded, couplings stay as they are, and dates are those of each object's last change. So a
    scenario's figures are made once at its end, what it says of states holds, and it loads to the same dates every time.
    """
    stale = context.unit.stale
    while stale:
        await context.unit.writer.flush()
        rows = await context.unit.reader.references(stale, ALL)
        for oid in stale.keys() - rows.keys():
            del stale[oid]
        located: dict[TypeDef, list[Located]] = {}
        for oid in sorted(stale):
            _, kind, _, name, workspace, project = rows[oid]
            item = context.landscape.schema(workspace).get(kind)
            located.setdefault(item, []).append(Located(oid, item, workspace, project, name or ""))
        for item, objects in await _lowest(context, located):
            wanted = {found.oid: stale.pop(found.oid) for found in objects}
            local = context.in_workspace(objects[0].workspace)
            await _recompute(local, item, objects, wanted, quietly=quietly)


async def _lowest(
    context: Context, located: Mapping[TypeDef, Sequence[Located]]
) -> list[tuple[TypeDef, Sequence[Located]]]:
    """Give the objects that nothing else stale stands below."""
    ranked = {item: rank(context.in_workspace(objects[0].workspace).schema, item) for item, objects in located.items()}
    level = min(ranked.values(), default=0)
    chosen: list[tuple[TypeDef, Sequence[Located]]] = []
    for item, objects in located.items():
        nesting = _nesting(item) if ranked[item] == level else None
        if nesting is not None and len(objects) > 1:
            above = await context.unit.depths(item, nesting, [found.oid for found in objects])
            deepest = max(above.values())
            chosen.append((item, [found for found in objects if above.get(found.oid, 0) == deepest]))
        elif ranked[item] == level:
            chosen.append((item, objects))
    return chosen


def rank(schema: Schema, item: TypeDef) -> int:
    """Give how many types of roll-ups lie below a type: 0 for one that has none of its own."""
    ranks: dict[str, int] = schema.derived.setdefault("ranks", {})  # type: ignore[assignment]
    if item.name not in ranks:
        below = {child for child in _children(schema, item) if child is not item}
        ranks[item.name] = 1 + max((rank(schema, child) for child in below), default=-1)
    return ranks[item.name]


def _children(schema: Schema, item: TypeDef) -> set[TypeDef]:
    """Give the types whose objects' figures or states a type's figures are made of."""
    found = set()
    for rollup in rollups(item.rules).values():
        for source in rollup.sources:
            for child in schema.concrete(schema.get(source.children)):
                attribute = child.attributes.get(source.via)
                if attribute is not None and attribute.of in item.lineage:
                    found.add(child)
    return found


def _nesting(item: TypeDef) -> AttributeDef | None:
    """Give the attribute by which objects of a type are children of others of that type, as stories are."""
    for rollup in rollups(item.rules).values():
        for source in rollup.sources:
            if source.children == item.name:
                return item.attributes[source.via]
    return None


async def _recompute(
    context: Context, item: TypeDef, objects: Sequence[Located], stale: Mapping[int, set[str]], *, quietly: bool
) -> None:
    held = await currents(context, item, [found.oid for found in objects])
    known = rollups(item.rules)
    if quietly:
        known = {name: rollup for name, rollup in known.items() if not rollup.coupling}
    named = [name for name in known if any(name in names for names in stale.values())]
    gathered: dict[Source, dict[int, list[dict[str, Any]]]] = {}
    for source in dict.fromkeys(source for name in named for source in known[name].sources):
        owners = [oid for oid, names in stale.items() if any(source in known[n].sources for n in names if n in known)]
        gathered[source] = await add_up(context, item, source, owners)
    for found in objects:
        row = held.get(found.oid)
        if row is not None:
            wanted = [known[name] for name in named if name in stale[found.oid]]
            await _write(context, found, row, wanted, gathered, quietly=quietly)


async def add_up(
    context: Context, item: TypeDef, source: Source, owners: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """Give the groups of a source by owner, in one statement."""
    schema = context.schema
    children = schema.concrete(schema.get(source.children))
    children = tuple(
        child
        for child in children
        if source.via in child.attributes and child.attributes[source.via].of in item.lineage
    )
    found: dict[int, list[dict[str, Any]]] = {}
    if not children or not owners:
        return found
    members = Members(via=source.via) if not source.chain else Members(derived=source.chain)
    names = (*source.by, "count", *source.figures)
    for owner, *values in await context.unit.groups(children, members, source.by, source.figures, owners):
        found.setdefault(owner, []).append(dict(zip(names, values, strict=True)))
    return found


async def _write(
    context: Context,
    found: Located,
    row: Current,
    wanted: Sequence[Rollup],
    gathered: Mapping[Source, Mapping[int, list[dict[str, Any]]]],
    *,
    quietly: bool,
) -> None:
    item = found.type
    changed = row.values.get(item.attributes["LastUpdateDate"]) if quietly else None
    if changed is not None:
        context = context.as_of(changed)
    home = context.landscape.projects.get(row.project or 0)
    values = {key.name: value for key, value in row.values.items()}
    parent = Parent(item, values, context.schema, rolls_task_states=home is not None and home.rolls_task_states)
    loud: dict[AttributeDef, Any] = {}
    silent: dict[AttributeDef, Any] = {}
    for rollup in wanted:
        figures = rollup.compute(parent, *(gathered[source].get(found.oid, []) for source in rollup.sources))
        kept = silent if rollup.silent else loud
        if rollup.stamp and any(not same(parent.values.get(key), value) for key, value in figures.items()):
            figures[rollup.stamp] = context.moment
        parent.values |= figures
        kept |= {item.attributes[key]: value for key, value in figures.items() if key in item.attributes}
    loud = {key: value for key, value in loud.items() if not same(row.values.get(key), value)}
    silent = {key: value for key, value in silent.items() if not same(row.values.get(key), value)}
    if silent:
        context.unit.writer.change_object(item, found.oid, values=silent, custom_fields=None)
        pairs = {key: (row.values.get(key), value) for key, value in silent.items()}
        note_change(context, item, found.oid, row.values, pairs)
    if loud:
        await derive(context, found, row, loud, quietly=quietly)
