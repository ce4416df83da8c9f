"""What of a query changes the SQL, and the values that the SQL binds: one statement serves every query of the same shape.

A comparison's values are parameters named after its place among the comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import NUMERIC, AttributeType
from banneret.query.condition import And, NameValue, Or, RefValue
from banneret.query.evaluate import fold_needle
from banneret.query.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from banneret.catalogue.model import AttributeDef
    from banneret.query.condition import Comparison, Condition, Step


class Counter:
    """Names the comparisons of a condition in the order in which they are met."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._next = 0

    def next(self) -> str:
        """Give the next name."""
        self._next += 1
        return f"{self._prefix}{self._next - 1}"


def path_shape(path: Sequence[Step]) -> Hashable:
    """Give what of a path changes the SQL."""
    return tuple(
        (
            step.attribute.owner,
            step.attribute.name,
            step.attribute.type,
            step.attribute.of,
            step.attribute.values if step.attribute.type in {AttributeType.RATING, AttributeType.STATE} else None,
            tuple(item.name for item in step.targets),
        )
        for step in path
    )


def condition_shape(condition: Condition | None, prefix: str, values: dict[str, Any]) -> Hashable:
    """Give the shape of a condition and put its values under the names that the SQL gives them."""
    counter = Counter(prefix)

    def visit(part: Condition) -> Hashable:
        if isinstance(part, And):
            return ("and", *(visit(inner) for inner in part.parts))
        if isinstance(part, Or):
            return ("or", *(visit(inner) for inner in part.parts))
        place = counter.next()
        marks = tuple(_bind(part, value, f"{place}_{n}", values) for n, value in enumerate(part.values))
        for step in part.path:
            if step.where is not None:
                condition_shape(step.where, own_prefix(step.attribute), values)
        return (path_shape(part.path), part.operator.value, part.kind.name, marks)

    return None if condition is None else visit(condition)


def own_prefix(collection: AttributeDef) -> str:
    """Give how the values of a collection's own condition are named; they are the catalogue's, so always the same."""
    return f"own{abs(collection.definition_id)}_"


def _bind(comparison: Comparison, value: object, name: str, values: dict[str, Any]) -> Hashable:
    """Put one value under its name, and give what of it changes the SQL."""
    if value is None:
        return "null"
    if isinstance(value, RefValue):
        by_uuid = value.ref.uuid is not None
        values[name] = value.ref.uuid if by_uuid else value.ref.object_id
        return "uuid" if by_uuid else "oid"
    if isinstance(value, NameValue):
        values[name] = fold_needle(value.text)
        if value.number is not None:
            values[f"{name}_number"] = value.number
        return (value.attribute.name, value.text.isascii(), value.number is not None)
    if comparison.kind is Kind.TEXT:
        values[name] = fold_needle(str(value))
        return ("text", str(value).isascii())
    attribute = comparison.attribute
    values[name] = (
        float(value)
        if attribute.type in NUMERIC and attribute.type is not AttributeType.INTEGER and isinstance(value, int)
        else value
    )
    return "value"
