"""What operations refuse, in words for whoever wrote the file."""

from __future__ import annotations

import difflib

from banneret.kernel.errors import (
    BanneretError,
    InvalidValue,
    MalformedReference,
    MarkupRefused,
    NotFound,
    RelationRefused,
    RequiredValueMissing,
    TextTooLong,
    UnsupportedOperation,
    ValueAlreadyUsed,
    ValueNotAllowed,
    ValueNotConvertible,
)


def explain(error: BanneretError) -> str:
    """Give a sentence that says what was refused and why."""
    match error:
        case ValueNotAllowed():
            near = difflib.get_close_matches(str(error.value), error.allowed, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            return f"{_label(error)} cannot be {error.value}; it can be {', '.join(error.allowed)}{hint}"
        case RequiredValueMissing():
            return f"{_label(error)} is needed"
        case TextTooLong():
            return f"{_label(error)} has at most {error.maximum} characters"
        case ValueNotConvertible():
            return f"{_label(error)} cannot be {error.value}: it is of type {error.wanted}"
        case MarkupRefused():
            return f"{_label(error)} holds markup that is not accepted"
        case ValueAlreadyUsed():
            return f"{_label(error)} {error.value or ''} is taken".replace("  ", " ")
        case RelationRefused():
            return f"{_label(error)}: {error.reason}"
        case UnsupportedOperation():
            return f"{error.type_name} does not offer {error.operation}"
        case MalformedReference():
            return f"{error.text} is no object's ref"
        case NotFound():
            return str(error) if error.args else "there is no such object"
        case _:
            return str(error)


def at_fault(error: BanneretError) -> str:
    """Give the attribute that was refused, or nothing."""
    return error.attribute if isinstance(error, InvalidValue) else ""


def _label(error: InvalidValue) -> str:
    return f"{error.type_name}.{error.attribute}"
