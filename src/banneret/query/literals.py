"""Texts to values, as the attribute on the other side wants them."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from banneret.catalogue.model import NUMERIC, AttributeDef, AttributeType, TypeDef
from banneret.kernel.errors import QuerySyntax, UnreadableDate
from banneret.kernel.refs import Ref, parse_identifier
from banneret.kernel.values import parse_date
from banneret.query.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from banneret.query.condition import Step

LARGEST_INTEGER = 2**63 - 1
"""Beyond it, in either direction, a number is taken for it: no attribute is that large."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_MACRO = re.compile(r"(?i)(?P<day>today|yesterday|tomorrow)\s*(?:(?P<sign>[+-])\s*(?P<days>[0-9]{1,9}))?")
_FORMATTED_ID = re.compile(r"(?P<prefix>[^\d]*)(?P<number>\d{1,15})", re.ASCII)
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What values mean here and now.

    `zone` is the workspace's time zone, `now` the present moment, time zone aware, `current_user_ref` what
    `currentuser` stands for: None where there is none.
    """

    zone: tzinfo
    now: datetime
    current_user_ref: Ref | None = None


class Never(Enum):
    """The value is legal, and no object can have it."""

    NEVER = "never"


NEVER: Final = Never.NEVER
Scalar: TypeAlias = str | int | float | bool | None


def kind_of(attribute: AttributeDef) -> Kind:
    """Tell how an attribute that is neither OBJECT nor COLLECTION compares."""
    match attribute.type:
        case AttributeType.BOOLEAN:
            return Kind.BOOLEAN
        case AttributeType.DATE:
            return Kind.DATE
        case _ if attribute.type in NUMERIC:
            return Kind.NUMBER
        case _ if attribute.name == "FormattedID":
            return Kind.FORMATTED_ID
        case _:
            return Kind.EXACT if attribute.values or attribute.name == "ObjectUUID" else Kind.TEXT


def is_null(text: str) -> bool:
    """Whether a literal is null: the word, or nothing between quotes."""
    return text == "" or text.lower() == "null"


def convert(text: str, kind: Kind, step: Step, context: QueryContext) -> Scalar | Never:
    """Convert a literal to what an attribute of that kind holds.

    Raises:
        QuerySyntax: it is no number or boolean.
        UnreadableDate: it is no date.

    """
    value: Scalar | Never = text
    match kind:
        case _ if is_null(text):
            value = None
        case Kind.NUMBER:
            value = _number(text, step.attribute)
        case Kind.BOOLEAN:
            value = _boolean(text, step.attribute)
        case Kind.DATE:
            value = read_date(text, context)
        case Kind.FORMATTED_ID:
            number = formatted_number(text, step.candidates)
            value = NEVER if number is None else number
        case Kind.EXACT:
            value = canonical(text, step.attribute) if step.attribute.values else _uuid(text)
    return value


def canonical(text: str, attribute: AttributeDef) -> str:
    """Give the allowed value that the text spells in whatever case, or the text itself when it is none."""
    lowered = text.lower()
    return next((value for value in attribute.values if value.lower() == lowered), text)


def formatted_number(text: str, candidates: Sequence[TypeDef]) -> int | None:
    """Give the number in a FormattedID or a bare number; None where there is none.

    On one type a foreign prefix gives None too. Among several the number alone counts, as Rally has it.
    """
    found = _FORMATTED_ID.fullmatch(text.strip())
    if found is None:
        return None
    given, own = found["prefix"].strip().lower(), [(item.prefix or "").lower() for item in candidates]
    foreign = len(own) == 1 and own[0] and given and own[0] != given
    return None if foreign else int(found["number"])


def read_date(text: str, context: QueryContext) -> str:
    """Read an ISO date or date-time, or `today`, `yesterday`, `tomorrow`, with days added or taken away.

    Gives the wire form. A bare date, and a named day, is its start in the workspace's time zone.

    Raises:
        UnreadableDate: it is none of these.

    """
    stripped = text.strip()
    macro = _MACRO.fullmatch(stripped)
    if macro is not None:
        days = int(macro["days"] or 0) * (-1 if macro["sign"] == "-" else 1) + _DAYS[macro["day"].lower()]
        try:
            stripped = (context.now.astimezone(context.zone).date() + timedelta(days=days)).isoformat()
        except OverflowError:
            raise UnreadableDate(text) from None
    date = parse_date(stripped, context.zone)
    if date is None:
        raise UnreadableDate(text)
    return date


def whole(number: float, *, up: bool) -> int:
    """Round to an integer that a database holds."""
    rounded = math.ceil(number) if up else math.floor(number)
    return max(min(rounded, LARGEST_INTEGER), -LARGEST_INTEGER)


def _number(text: str, attribute: AttributeDef) -> int | float:
    """Give an int when the attribute is INTEGER and the text has no fraction, else a float."""
    stripped = text.strip()
    if _NUMBER.fullmatch(stripped) is None:
        raise _inconvertible(text, attribute, "a number")
    if attribute.type is AttributeType.INTEGER and stripped.lstrip("+-").isdigit() and len(stripped) < 20:
        return max(min(int(stripped), LARGEST_INTEGER), -LARGEST_INTEGER)
    return max(min(float(stripped), sys.float_info.max), -sys.float_info.max)


def _boolean(text: str, attribute: AttributeDef) -> bool:
    lowered = text.strip().lower()
    if lowered not in {"true", "false"}:
        raise _inconvertible(text, attribute, "a boolean")
    return lowered == "true"


def _uuid(text: str) -> str | Never:
    ref = parse_identifier("", text.strip())
    return NEVER if ref is None or ref.uuid is None else ref.uuid


def _inconvertible(text: str, attribute: AttributeDef, what: str) -> QuerySyntax:
    message = f'Could not parse: Cannot convert "{text}" into {what}, as attribute "{attribute.name}" has it.'
    return QuerySyntax(message)
