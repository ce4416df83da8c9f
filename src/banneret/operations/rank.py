"""Ranking: where an item stands among the ranked items of the installation (wsapi.md 6.6).

A DragAndDropRank is a number written with a fixed width, so that it sorts as text; a rank between two others is a number
between theirs. A new item gets its moment of creation and its ObjectID for a rank, so creates ask nobody and land at the
bottom. Between two items created in different milliseconds there is room for 142 halvings; where it runs out at last, the
nearest ranks are spread anew over the room around them. What lies elsewhere is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from banneret.kernel.errors import MalformedReference, RelationRefused, ValueNotAllowed
from banneret.kernel.ids import BASE62, base62
from banneret.kernel.refs import find_ref
from banneret.kernel.values import from_wire
from banneret.operations.references import fitting, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context

ATTRIBUTE = "DragAndDropRank"

_MOMENT, _OBJECT, _ROOM = 8, 9, 15
_WIDTH = _MOMENT + _OBJECT + _ROOM
"""Digits of a rank: the milliseconds of a creation, the ObjectID, and room for what comes between."""

_STEP = 62 ** (_OBJECT + _ROOM)
_DIGITS = {digit: value for value, digit in enumerate(BASE62)}
_WINDOW = 64
"""Ranks on either side that are spread anew when there is no room left, at first; then twice as many, and so on."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where an item is asked to go: the refs and the word as sent, each None where absent."""

    above: str | None = None
    below: str | None = None
    to: str | None = None

    def __bool__(self) -> bool:
        return self.above is not None or self.below is not None or self.to is not None


UNRANKED = Ranking()


def bottom_rank(moment: str, oid: int) -> str:
    """Give a rank below everything ranked before `moment` (wire form): the later, the lower; unique by ObjectID."""
    return written((int(from_wire(moment).timestamp() * 1000) * 62**_OBJECT + oid) * 62**_ROOM)


def written(number: int) -> str:
    """Write a rank as Rally's look: `P!…~`."""
    return f"P!{base62(number, _WIDTH)}~"


def number_of(rank: str) -> int | None:
    """Read a rank; None for one that was made elsewhere (a scenario may state any text)."""
    digits = rank[2:-1]
    if len(digits) != _WIDTH or not rank.startswith("P!") or not rank.endswith("~"):
        return None
    number = 0
    for digit in digits:
        value = _DIGITS.get(digit)
        if value is None:
            return None
        number = number * 62 + value
    return number


async def place_ranked(context: Context, item: TypeDef, oid: int | None, ranking: Ranking, changes: Changes) -> None:
    """Add to `changes` the rank that puts an object where it is asked to go; `oid` is None for one that is yet to be.

    Nothing is added when it stands there already. Requests that rank wait for each other until their units of work end.

    Raises:
        ValueNotAllowed: `rankTo` is neither TOP nor BOTTOM, or more than one place is asked for.
        RelationRefused: the type has no rank, or the neighbour is not ranked with it.
        MalformedReference, ReferencedObjectNotFound: of the neighbour.

    """
    attribute = item.attributes.get(ATTRIBUTE)
    if attribute is None:
        raise RelationRefused(item.element_name, ATTRIBUTE, "Rank", f"{item.element_name} is not ranked.")
    if sum(asked is not None for asked in (ranking.above, ranking.below, ranking.to)) > 1:
        raise ValueNotAllowed(
            item.element_name, ATTRIBUTE, "Rank", "of several parameters", ("one of rankAbove, rankBelow and rankTo",)
        )
    await context.unit.writer.next_number(0, "ranking")
    scale = _Scale(context, item)
    rank: str | None
    if ranking.to is not None:
        rank = await _at_end(scale, item, oid, ranking.to.strip().upper())
    else:
        rank = await _beside(scale, context, item, attribute, oid, ranking)
    if rank is not None:
        changes.values[attribute] = rank


async def _at_end(scale: _Scale, item: TypeDef, oid: int | None, word: str) -> str | None:
    if word not in {"TOP", "BOTTOM"}:
        raise ValueNotAllowed(item.element_name, ATTRIBUTE, "Rank", word, ("TOP", "BOTTOM"))
    down = word == "TOP"
    end = await scale.next_to(None, down=down)
    if end is not None and end[1] == oid:
        return None
    return await (scale.between(None, end) if down else scale.between(end, None))


async def _beside(
    scale: _Scale, context: Context, item: TypeDef, attribute: AttributeDef, oid: int | None, ranking: Ranking
) -> str | None:
    """Put an item right above or right below its neighbour."""
    text = ranking.above if ranking.above is not None else ranking.below or ""
    ref = find_ref(text)
    if ref is None:
        raise MalformedReference(text)
    target = fitting(context, item, attribute, ref, await resolve(context, [ref]), context.workspace)
    if target.oid == oid:
        return None
    neighbour = await scale.rank_of(target.oid)
    if neighbour is None:
        reason = f"Cannot connect object to value, {target.type} {target.oid} is not ranked with {item.element_name}."
        raise RelationRefused(item.element_name, ATTRIBUTE, "Rank", reason)
    mark = (neighbour, target.oid)
    down = ranking.above is None
    beyond = await scale.next_to(mark, down=down)
    if beyond is not None and beyond[1] == oid:
        return None
    return await (scale.between(mark, beyond) if down else scale.between(beyond, mark))


@lru_cache(maxsize=256)
def _ranked_with(schema: Schema, item: TypeDef) -> tuple[TypeDef, ...]:
    """Give the types whose objects share a type's table and so its scale."""
    return tuple(
        other
        for other in schema.types.values()
        if other.table == item.table and not other.abstract and ATTRIBUTE in other.attributes
    )


Mark = tuple[str, int]
"""A rank and whose it is."""


class _Scale:
    """The ranks of everything that is ranked with a type, top first."""

    def __init__(self, context: Context, item: TypeDef) -> None:
        self._context = context
        self._table = (item.table or "").lower()
        self._types = _ranked_with(context.schema, item)

    async def rank_of(self, oid: int) -> str | None:
        """Give the rank of an object, or None where it has none on this scale."""
        rows = await self._context.unit.writer.fetch(self._table, {"oid": oid}, [ATTRIBUTE.lower()])
        return rows[0][0] if rows else None

    async def nearest(self, mark: Mark | None, *, down: bool, count: int) -> Sequence[Mark]:
        """Give the marks next to one, or from the end where there is none, nearest first; `down` is towards the bottom."""
        rows = await self._context.unit.ranks(self._types, mark, down=down, count=count)
        return [(row[0], row[1]) for row in rows]

    async def next_to(self, mark: Mark | None, *, down: bool) -> Mark | None:
        """Give the nearest mark, or None where there is no other."""
        found = await self.nearest(mark, down=down, count=1)
        return found[0] if found else None

    async def between(self, upper: Mark | None, lower: Mark | None) -> str:
        """Give a rank below `upper` and above `lower`; None is the end of the scale."""
        found = _midpoint(upper, lower)
        if found is not None:
            return written(found)
        count = _WINDOW
        while True:
            spread = await self._spread(upper, lower, count)
            if spread is not None:
                return spread
            count *= 2

    async def _spread(self, upper: Mark | None, lower: Mark | None, count: int) -> str | None:
        """Spread the marks around a place evenly and give the rank that is left free there; None where room is short."""
        above = [] if upper is None else [upper, *await self.nearest(upper, down=False, count=count)]
        below = [] if lower is None else [lower, *await self.nearest(lower, down=True, count=count)]
        first, last = 0, _STEP * 62**_MOMENT
        if len(above) > count:
            edge = number_of(above.pop()[0])
            if edge is None:
                return None
            first = edge
        if len(below) > count:
            edge = number_of(below.pop()[0])
            if edge is None:
                return None
            last = edge
        marks = [*reversed(above), None, *below]
        step = (last - first) // (len(marks) + 1)
        if step < 62**_ROOM:
            return None
        free = ""
        for place, mark in enumerate(marks, 1):
            rank = written(first + step * place)
            if mark is None:
                free = rank
            else:
                self._context.unit.writer.update(self._table, {"oid": mark[1]}, {ATTRIBUTE.lower(): rank})
        return free


def _midpoint(upper: Mark | None, lower: Mark | None) -> int | None:
    """Give a number between two marks, a step away from an end that is open; None where there is no room."""
    first = number_of(upper[0]) if upper is not None else None
    last = number_of(lower[0]) if lower is not None else None
    if (upper is not None and first is None) or (lower is not None and last is None):
        return None
    if first is None:
        found = _STEP * 62 ** (_MOMENT - 1) if last is None else last - _STEP
        return found if found > 0 else None
    if last is None:
        found = first + _STEP
        return found if found < _STEP * 62**_MOMENT else None
    found = (first + last) // 2
    return found if first < found < last else None
