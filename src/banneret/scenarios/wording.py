"""What operations refuse, in words for whoever wrote the file."""

from __future__ import annotations

import difflib

from banneret.kernel.errors import (
    BanneretError,
    InvalidValue,
    KeysDisabled,
    MalformedReference,
    MarkupRefused,
    NotAuthorized,
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
        case InvalidValue():
            return f"{error.type_name}.{error.attribute}{_fault(error)}"
        case UnsupportedOperation():
            return f"{error.type_name} does not offer {error.operation}"
        case MalformedReference():
            return f"{error.text} is no object's ref"
        case KeysDisabled():
            return "API Keys are disabled. Contact your Subscription Administrator to enable this functionality."
        case NotAuthorized():
            return f"not authorized to {error.action} {error.type_name}"
        case NotFound():
            return str(error) if error.args else "there is no such object"
        case _:
            return str(error)


def _fault(error: InvalidValue) -> str:
    match error:
        case ValueNotAllowed():
            near = difflib.get_close_matches(str(error.value), error.allowed, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            return f" cannot be {error.value}; it can be {', '.join(error.allowed)}{hint}"
        case RequiredValueMissing():
            return " is needed"
        case TextTooLong():
            return f" has at most {error.maximum} characters"
        case ValueNotConvertible():
            return f" cannot be {error.value}: it is of type {error.wanted}"
        case MarkupRefused():
            return " holds markup that is not accepted"
        case ValueAlreadyUsed():
            return f" {error.value} is taken" if error.value is not None else " is taken"
        case RelationRefused():
            return f": {error.reason}"
        case _:
            return " is refused"


def at_fault(error: BanneretError) -> str:
    """Give the attribute that was refused, or nothing."""
    return error.attribute if isinstance(error, InvalidValue) else ""
