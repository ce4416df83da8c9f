"""Conditions tried on objects in plain Python: the meaning that the SQL of `storage` has to have.

Where an attribute is null, or the path to it goes through a null object or one that the reader may not see:

    operator            value                   answer
    =                   null                    true
    !=                  null                    false
    in                  null among the values   true
    !in                 null among the values   false
    = < <= > >= in      otherwise               false
    contains            otherwise               false
    != !in !contains    otherwise               true

Where it is not null, `= null` is false and `!= null` true; `in ()` is never true and `!in ()` always.

A path through a collection asks for some member that satisfies the rest; without members it is false,
whatever the operator. Each comparison looks for a member of its own. A path that ends in a collection, or an
object, asks of all that it leads to: `=`, `in` and `contains` whether one of them is meant, the opposites
whether none is; to be empty is to be null.

Text is compared folded, see `fold`; `<` and its kin then go by code points. The values of kinds EXACT and
DATE are compared as they are, and FormattedIDs by their numbers.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from banneret.query.condition import And, Comparison, Condition, NameValue, Or, RefValue
from banneret.query.operators import OPERATORS, Kind, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from banneret.catalogue.model import AttributeDef
    from banneret.query.condition import Literal

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NUMBER_AT_END = re.compile(r"\d+$", re.ASCII)
_OPPOSITES = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
}

T = TypeVar("T")


class View(Protocol[T]):
    """What the evaluator may ask about an object: the reader's own view of the world."""

    def value(self, obj: T, attribute: AttributeDef) -> str | float | bool | None:
        """Give the stored value of an attribute that is neither OBJECT nor COLLECTION; dates in wire form."""
        ...

    def follow(self, obj: T, attribute: AttributeDef) -> T | None:
        """Give the object that an OBJECT attribute refers to."""
        ...

    def members(self, obj: T, attribute: AttributeDef) -> Iterable[T]:
        """Give the members of a collection."""
        ...

    def identity(self, obj: T) -> tuple[int, str, str]:
        """Give ObjectID, UUID and the name of the concrete type."""
        ...


def fold(text: str, needle: str) -> str:
    """Fold a text that is compared with `needle`: A-Z alone where the needle is ASCII, else all letters."""
    if not needle.isascii() or text.isascii():
        return text.lower()
    return text.translate(_ASCII_LOWER)


def fold_needle(needle: str) -> str:
    """Fold the value of a comparison."""
    return needle.lower()


def matches(condition: Condition, obj: T, view: View[T]) -> bool:
    """Whether an object satisfies a condition, in the reader's view."""
    if isinstance(condition, And):
        return all(matches(part, obj, view) for part in condition.parts)
    if isinstance(condition, Or):
        return any(matches(part, obj, view) for part in condition.parts)
    return _holds(condition, 0, obj, view)


def _holds(comparison: Comparison, at: int, obj: T, view: View[T]) -> bool:
    """Whether what the path leads to from its step number `at` on satisfies the comparison."""
    attribute = comparison.path[at].attribute
    if at == len(comparison.path) - 1:
        return _compare(comparison, obj, view)
    if attribute.is_collection:
        return any(_holds(comparison, at + 1, member, view) for member in view.members(obj, attribute))
    target = view.follow(obj, attribute)
    if target is not None:
        return _holds(comparison, at + 1, target, view)
    crossed = comparison.path[at + 1 : -1]
    return not any(step.attribute.is_collection for step in crossed) and _on_null(comparison)


def _on_null(comparison: Comparison) -> bool:
    """Answer for an attribute that is null."""
    rule = OPERATORS[comparison.operator]
    return rule.on_null is not (None in comparison.values)


def _compare(comparison: Comparison, obj: T, view: View[T]) -> bool:
    if comparison.kind in {Kind.IDENTITY, Kind.NAME}:
        return _compare_related(comparison, obj, view)
    value = view.value(obj, comparison.attribute)
    if value is None:
        return _on_null(comparison)
    if comparison.value is None:
        return comparison.operator is Operator.NOT_EQUAL
    return _test(comparison.operator, comparison.kind, value, comparison.value)


def _test(operator: Operator, kind: Kind, value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        found = any(_test(Operator.EQUAL, kind, value, one) for one in wanted if one is not None)
        return found is (operator is Operator.IN)
    test = OPERATORS[operator].test
    if kind is Kind.TEXT:
        return test(fold(value, wanted), fold_needle(wanted))
    if kind is Kind.FORMATTED_ID:
        number = _NUMBER_AT_END.search(value)
        return test(int(number[0]), wanted) if number else OPERATORS[operator].on_null
    return test(value, wanted)


def _compare_related(comparison: Comparison, obj: T, view: View[T]) -> bool:
    attribute = comparison.attribute
    related: Iterable[T]
    if attribute.is_collection:
        related = view.members(obj, attribute)
    else:
        target = view.follow(obj, attribute)
        related = () if target is None else (target,)
    positive = _OPPOSITES.get(comparison.operator, comparison.operator)
    if comparison.value is None:
        found = not any(True for _ in related)
    else:
        by = Operator.CONTAINS if positive is Operator.CONTAINS else Operator.EQUAL
        found = any(_is_meant(one, wanted, by, view) for one in related for wanted in comparison.values)
    return found is (positive is comparison.operator)


def _is_meant(obj: T, wanted: Literal, operator: Operator, view: View[T]) -> bool:
    """Whether an object is the one of that ref, or one of that name."""
    if isinstance(wanted, RefValue):
        object_id, uuid, _ = view.identity(obj)
        return object_id == wanted.ref.object_id or uuid == wanted.ref.uuid
    if not isinstance(wanted, NameValue):
        return False
    name = view.value(obj, wanted.attribute)
    if name is not None and _test(operator, Kind.TEXT, name, wanted.text):
        return True
    if wanted.formatted_id is None or operator is Operator.CONTAINS:
        return False
    formatted = view.value(obj, wanted.formatted_id)
    return formatted is not None and _test(Operator.EQUAL, Kind.FORMATTED_ID, formatted, wanted.number)
