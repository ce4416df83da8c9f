"""Which objects a request wants: type, condition, order, page, scope. What operations ask and storage answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.query.condition import Condition
    from banneret.query.ordering import SortKey
    from banneret.query.search import Term


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: one workspace (None: all that may be seen) and a set of its projects (None: all)."""

    workspace: int | None = None
    projects: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """The members of one object's collection. `where` is the collection's own condition, if it has one."""

    owner: int
    attribute: AttributeDef
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Objects of `candidates` (concrete types that share one table) that satisfy everything.

    `search` are the terms of a full-text search, which only artifacts have; None where there is none, and nothing is found where
    it has no term. Without `order` what is found comes by relevance. `start` counts from 1. With `walks` so many objects match that
    going through all of them in their order finds a page sooner than finding and sorting them.
    """

    candidates: tuple[TypeDef, ...]
    scope: Scope
    condition: Condition | None = None
    order: tuple[SortKey, ...] = ()
    start: int = 1
    pagesize: int = 20
    member_of: Membership | None = None
    search: tuple[Term, ...] | None = None
    walks: bool = False

    @property
    def by_age(self) -> bool:
        """Whether the order is that of ObjectIDs alone, which is the table's own."""
        return bool(self.order) and self.order[0].path[-1].attribute.name == "ObjectID" and len(self.order[0].path) == 1
