"""The `order` parameter.

order := key ("," key)*
key   := path direction?        direction is "asc" or "desc" in any letter case, anything else is "asc"
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from banneret.catalogue.model import AttributeType
from banneret.kernel.errors import InvalidQuery, UnknownSortAttribute
from banneret.query.condition import Path, Step
from banneret.query.parser import MAX_PATH
from banneret.query.paths import resolve, step_to

if TYPE_CHECKING:
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema

MAX_KEYS = 20
"""Keys that an order may have; more are left out, for they decide nothing any more."""

_RANK = {"rank": "DragAndDropRank"}


@dataclass(frozen=True, slots=True)
class SortKey:
    """Sort by the attribute at the end of a path through objects, which is no OBJECT and no COLLECTION.

    Text goes without regard to letter case, allowed values (`attribute.values`) in their order.
    """

    path: Path
    descending: bool = False


def parse_order(
    text: str, schema: Schema, type: TypeDef, *, candidates: tuple[TypeDef, ...] | None = None
) -> tuple[SortKey, ...]:
    """Read the `order` parameter. The last key is always ObjectID, so that the order is total.

    Args:
        text: the parameter; blank is no order but the last key.
        schema: the workspace's types.
        type: the type that is queried, abstract or not.
        candidates: the concrete types in question, where `types=` leaves only some of an abstract type's.

    Raises:
        UnknownSortAttribute: an attribute is not on every candidate, or nothing can be sorted by it.

    """
    keys: dict[Path, SortKey] = {}
    parts = [part.split() for part in text.strip().strip('"').split(",")]
    for words in [*[*filter(None, parts)][:MAX_KEYS], ["ObjectID"]]:
        path = _path(words[0], schema, type, candidates)
        keys.setdefault(path, SortKey(path, descending=words[1:2] != [] and words[1].lower() == "desc"))
        if len(path) == 1 and path[0].attribute.name == "ObjectID":
            break
    return tuple(keys.values())


def _path(name: str, schema: Schema, type: TypeDef, candidates: tuple[TypeDef, ...] | None) -> Path:
    names = name.split(".")
    if len(names) > MAX_PATH:
        raise UnknownSortAttribute(name)
    try:
        path = _resolved(names, schema, type, candidates)
    except InvalidQuery:
        raise UnknownSortAttribute(name) from None
    if any(step.attribute.is_collection for step in path) or not all(_in_reach(*pair) for pair in pairwise(path)):
        raise UnknownSortAttribute(name)
    return path


def _in_reach(step: Step, following: Step) -> bool:
    """Whether a database can sort by what follows a step: of a definition, which is in none, it has the id alone."""
    if following.attribute.name == "ObjectID" or step.owner.virtual:
        return True
    return not any(item.virtual for item in step.targets)


def _resolved(names: list[str], schema: Schema, type: TypeDef, candidates: tuple[TypeDef, ...] | None) -> Path:
    """Resolve a path. `Rank` is DragAndDropRank, and an object is sorted by what shows it: its name."""
    path = resolve([_RANK.get(name.lower(), name) for name in names], schema, type, candidates)
    last = path[-1]
    if last.attribute.type is not AttributeType.OBJECT or not last.targets:
        return path
    shown = {item.naming_attribute for item in last.targets}
    defined = any(item.virtual for item in last.targets) and not type.virtual
    by = shown.pop() if len(shown) == 1 and not defined else None
    return (*path, step_to(by or "ObjectID", schema, last.targets[0], last.targets))
