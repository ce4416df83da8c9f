"""Rules of the object model, by name (object-model.md 6). The catalogue says which types they hold for (`rules`).

Each module of this package declares its rules in `RULES`; a rule of a type runs after those of its ancestors.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import CatalogueError
from banneret.operations.rules import (
    blocking,
    companions,
    derivations,
    holders,
    latest,
    people,
    portfolio,
    scheduling,
    states,
    stories,
    subscriptions,
    tasks,
    timeboxes,
    workspaces,
)
from banneret.operations.rules.rule import Parent, Rule
from banneret.operations.rules.stories import MIRRORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located
    from banneret.operations.rules.rule import Rollup

_MODULES = (
    *(blocking, companions, derivations, holders, latest, people, scheduling, subscriptions, workspaces),
    *(states, timeboxes, tasks, stories, portfolio),
)

RULES: dict[str, Rule] = {name: rule for module in _MODULES for name, rule in module.RULES.items()}


def check_rules(schema: Schema) -> None:
    """See that catalogue and rules know each other.

    Raises:
        CatalogueError: a type names a rule that there is none of, or nobody names one that there is.

    """
    named = {name: item.name for item in schema.types.values() for name in item.rules}
    for name, item in named.items():
        if name not in RULES:
            message = f"{item}: there is no rule {name}"
            raise CatalogueError(message)
    if idle := sorted(RULES.keys() - named.keys()):
        message = f"no type names the rules {', '.join(idle)}"
        raise CatalogueError(message)


@lru_cache(maxsize=2048)
def _hooks(names: tuple[str, ...], moment: str) -> tuple[Any, ...]:
    found = (getattr(RULES[name], moment) for name in names)
    return tuple(hook for hook in found if hook is not None)


@lru_cache(maxsize=512)
def rollups(names: tuple[str, ...]) -> dict[str, Rollup]:
    """Give the roll-ups among the rules of a type, in order."""
    return {name: rollup for name in names if (rollup := RULES[name].rollup) is not None}


def childless(item: TypeDef) -> dict[str, Any]:
    """Give the figures of an object that has no children, as a new one has none."""
    found: dict[str, Any] = {}
    for rollup in rollups(item.rules).values():
        if not rollup.coupling:
            found |= rollup.compute(Parent(item), *([] for _ in rollup.sources))
    return {name: value for name, value in found.items() if name in item.attributes}


@lru_cache(maxsize=4)
def figures(schema: Schema) -> frozenset[str]:
    """Give the names of attributes that always follow from other objects, so that there is no use in stating them."""
    concrete = [item for item in schema.types.values() if not item.abstract]
    found = {name for item in concrete for name in childless(item)}
    stamps = {rollup.stamp for item in concrete for rollup in rollups(item.rules).values() if rollup.stamp}
    return frozenset(found | stamps | MIRRORS)


async def before_create(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """Run what holds before an object of this type comes into being."""
    for rule in _hooks(item.rules, "before_create"):
        await rule(context, item, values, changes)


async def after_create(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """Run what follows from a create."""
    for rule in _hooks(item.rules, "after_create"):
        await rule(context, item, oid, values)


async def before_update(
    context: Context, found: Located, old: Mapping[AttributeDef, Any], values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """Run what holds before an object changes; `values` may be completed."""
    for rule in _hooks(found.type.rules, "before_update"):
        await rule(context, found, old, values, changes)


async def after_update(
    context: Context, found: Located, old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Run what follows from a change."""
    for rule in _hooks(found.type.rules, "after_update"):
        await rule(context, found, old, changed)


async def before_delete(context: Context, found: Located) -> None:
    """Run what holds before somebody deletes an object of this type; not for what merely goes along with another one."""
    for rule in _hooks(found.type.rules, "before_delete"):
        await rule(context, found)


async def after_restore(context: Context, found: Located, values: Mapping[AttributeDef, Any]) -> None:
    """Run what follows from the return of an object from the recycle bin."""
    for rule in _hooks(found.type.rules, "after_restore"):
        await rule(context, found, values)
