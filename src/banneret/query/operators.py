"""The operators, one row each. `storage` holds the SQL twin of `test`."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Operator(StrEnum):
    """An operator; the value is its symbol in lower case."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    CONTAINS = "contains"
    NOT_CONTAINS = "!contains"
    IN = "in"
    NOT_IN = "!in"


class Kind(Enum):
    """How a bound comparison compares. The value says it for people."""

    TEXT = "text, both sides folded (`evaluate.fold`)"
    EXACT = "text that has one spelling only: allowed values, UUIDs; compared as it is"
    NUMBER = "numbers"
    BOOLEAN = "booleans"
    DATE = "dates in wire form, compared as text"
    FORMATTED_ID = "the number in a FormattedID, without its prefix"
    IDENTITY = "the related object, or a member of the collection, by its id"
    NAME = "the related object, or a member of the collection, by its name or FormattedID"


_EVERY = frozenset(Kind)
_ORDERED = frozenset({Kind.TEXT, Kind.EXACT, Kind.NUMBER, Kind.DATE, Kind.FORMATTED_ID})
_TEXTS = frozenset({Kind.TEXT, Kind.EXACT, Kind.FORMATTED_ID, Kind.IDENTITY, Kind.NAME})


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operator accepts and means.

    `kinds` are the kinds of attribute that may stand on its left, `on_null` its answer where the attribute is
    null and the value is not, `test` its answer otherwise, given both alike in kind and folded where `Kind`
    says so.
    """

    symbol: Operator
    kinds: frozenset[Kind]
    on_null: bool
    test: Callable[[Any, Any], bool]
    sentence: str


def _among(value: object, wanted: tuple[object, ...]) -> bool:
    return value in wanted


def _not_among(value: object, wanted: tuple[object, ...]) -> bool:
    return value not in wanted


def _lacks(value: str, part: str) -> bool:
    return part not in value


_ROWS = (
    Rule(Operator.EQUAL, _EVERY, False, operator.eq, "is the value; letter case makes no difference"),
    Rule(Operator.NOT_EQUAL, _EVERY, True, operator.ne, "is not the value, or is null"),
    Rule(Operator.LESS, _ORDERED, False, operator.lt, "comes before the value"),
    Rule(Operator.AT_MOST, _ORDERED, False, operator.le, "comes before the value or is it"),
    Rule(Operator.GREATER, _ORDERED, False, operator.gt, "comes after the value"),
    Rule(Operator.AT_LEAST, _ORDERED, False, operator.ge, "comes after the value or is it"),
    Rule(Operator.CONTAINS, _TEXTS, False, operator.contains, "has the value in it, as a part or as a member"),
    Rule(Operator.NOT_CONTAINS, _TEXTS, True, _lacks, "does not have the value in it, or is null"),
    Rule(Operator.IN, _EVERY, False, _among, "is one of the values, which commas separate"),
    Rule(Operator.NOT_IN, _EVERY, True, _not_among, "is none of the values, or is null"),
)

OPERATORS: Mapping[Operator, Rule] = {rule.symbol: rule for rule in _ROWS}
