"""From what a client sends to what is stored, attribute by attribute, with the refusals of wsapi.md 7.2."""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.catalogue.model import NUMERIC, AttributeDef, AttributeType
from banneret.kernel.errors import (
    InvalidValue,
    MalformedReference,
    MarkupRefused,
    RequiredValueMissing,
    TextTooLong,
    ValueNotAllowed,
    ValueNotConvertible,
)
from banneret.kernel.refs import Ref, parse_ref
from banneret.kernel.values import parse_date
from banneret.operations.contents import LARGEST, Upload

if TYPE_CHECKING:
    from datetime import tzinfo

    from banneret.catalogue.model import TypeDef

_REFUSED_MARKUP = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|applet|meta|link|base|frameset)\b|\bjavascript:", re.IGNORECASE
)
_OBJECT_ID = re.compile(r"-?[0-9]{1,18}")
_LARGEST_NUMBER = 1e15
_TRUE, _FALSE = {"true"}, {"false"}


def to_stored(item: TypeDef, attribute: AttributeDef, value: object, zone: tzinfo) -> Any:
    """Give the stored form of a scalar value: str, int, float, bool, an Upload, a date in wire form, or None.

    Raises:
        InvalidValue: one of its kinds, naming type, attribute and rule.

    """
    match attribute.type:
        case AttributeType.BOOLEAN:
            stored: Any = _boolean(item, attribute, value)
        case AttributeType.DATE:
            stored = _date(item, attribute, value, zone)
        case AttributeType.BINARY_DATA:
            stored = _binary(item, attribute, value)
        case AttributeType.WEB_LINK:
            stored = _web_link(item, attribute, value)
        case AttributeType.RAW | AttributeType.MAP:
            stored = None if value is None else msgspec.json.encode(value).decode()
        case _:
            stored = _number(item, attribute, value) if attribute.type in NUMERIC else _text(item, attribute, value)
    if stored is None and attribute.required:
        raise RequiredValueMissing(item.element_name, attribute.name, attribute.display_name)
    return stored


def _not_convertible(item: TypeDef, attribute: AttributeDef, value: object) -> InvalidValue:
    return ValueNotConvertible(item.element_name, attribute.name, attribute.display_name, value, attribute.type.value)


def _boolean(item: TypeDef, attribute: AttributeDef, value: object) -> bool | None:
    if value is None or value == "":
        # A cleared one is false, as one that was never set is.
        return None if attribute.required else False
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUE | _FALSE:
        return value.strip().lower() in _TRUE
    raise _not_convertible(item, attribute, value)


def _number(item: TypeDef, attribute: AttributeDef, value: object) -> int | float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _not_convertible(item, attribute, value)
    try:
        # The .NET serialiser writes decimals by the culture of its machine: 1,5 (wsapi.md 11.5).
        number = float(value.strip().replace(",", ".")) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        raise _not_convertible(item, attribute, value) from None
    if not math.isfinite(number) or abs(number) > _LARGEST_NUMBER:
        raise _not_convertible(item, attribute, value)
    if attribute.type is AttributeType.INTEGER:
        if number != int(number):
            raise _not_convertible(item, attribute, value)
        checked: int | float = int(number)
    else:
        checked = round(number, attribute.digits if attribute.digits is not None else 10)
    if attribute.values and str(checked) not in attribute.values:
        raise ValueNotAllowed(item.element_name, attribute.name, attribute.display_name, value, attribute.values)
    return checked


def _date(item: TypeDef, attribute: AttributeDef, value: object, zone: tzinfo) -> str | None:
    if value is None or value == "":
        return None
    parsed = parse_date(value, zone) if isinstance(value, str) else None
    if parsed is None:
        raise _not_convertible(item, attribute, value)
    return parsed


def _binary(item: TypeDef, attribute: AttributeDef, value: object) -> Upload | None:
    if value is None or isinstance(value, Upload):
        return value
    if not isinstance(value, str):
        raise _not_convertible(item, attribute, value)
    try:
        content = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _not_convertible(item, attribute, value) from None
    if len(content) > LARGEST:
        raise TextTooLong(item.element_name, attribute.name, attribute.display_name, LARGEST)
    return Upload.of(content)


def _web_link(item: TypeDef, attribute: AttributeDef, value: object) -> str | None:
    if value is None or value in ("", {}):
        return None
    if not isinstance(value, dict):
        raise _not_convertible(item, attribute, value)
    found = {str(key).lower(): part for key, part in value.items()}
    link, label = found.get("linkid"), found.get("displaystring")
    if link is None and label is None:
        return None
    return msgspec.json.encode({"LinkID": link, "DisplayString": label}).decode()


def _text(item: TypeDef, attribute: AttributeDef, value: object) -> str | None:
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, (str, int, float)):
        text = str(value)
    else:
        raise _not_convertible(item, attribute, value)
    if "\x00" in text:
        raise _not_convertible(item, attribute, value)
    if attribute.is_drop_down:
        return _choice(item, attribute, text)
    if attribute.required and not text.strip():
        return None
    if attribute.max_length is not None and len(text) > attribute.max_length:
        raise TextTooLong(item.element_name, attribute.name, attribute.display_name, attribute.max_length)
    if attribute.type is AttributeType.TEXT and _REFUSED_MARKUP.search(text):
        raise MarkupRefused(item.element_name, attribute.name, attribute.display_name)
    # Null and empty text are one (wsapi.md 4.2); TEXT reads back as empty, STRING as null.
    return text or None


_ALSO_CALLED = {
    ("ProjectPermission", "Role", "project admin"): "Admin",
    ("WorkspacePermission", "Role", "workspace admin"): "Admin",
    ("WorkspacePermission", "Role", "workspace user"): "User",
}
"""What clients say for an allowed value: a create names a role in full, which reads back short (KB 47760)."""


def _choice(item: TypeDef, attribute: AttributeDef, text: str) -> str | None:
    text = _ALSO_CALLED.get((item.name, attribute.name, text.lower()), text)
    if not attribute.values:
        return text or None
    if not text:
        return "None" if "None" in attribute.values else None
    if text in attribute.values:
        return text
    same = [allowed for allowed in attribute.values if allowed.lower() == text.lower()]
    if not same:
        raise ValueNotAllowed(item.element_name, attribute.name, attribute.display_name, text, attribute.values)
    return same[0]


def to_ref(item: TypeDef, attribute: AttributeDef, value: object) -> Ref | None:
    """Read the value of an OBJECT attribute: a ref in any form, an object with `_ref`, a bare ObjectID, or None.

    Raises:
        MalformedReference: text that is no ref.
        ValueNotConvertible: something else.

    """
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        inner = value.get("_ref")
        if isinstance(inner, dict) or (value and "_ref" not in value):
            raise _not_convertible(item, attribute, value)
        return to_ref(item, attribute, inner)
    if isinstance(value, bool):
        raise _not_convertible(item, attribute, value)
    if isinstance(value, int):
        return Ref(attribute.of or "", object_id=value)
    if isinstance(value, str):
        if _OBJECT_ID.fullmatch(value.strip()):
            return Ref(attribute.of or "", object_id=int(value))
        return parse_ref(value)
    raise _not_convertible(item, attribute, value)


def to_members(item: TypeDef, attribute: AttributeDef, value: object) -> list[Ref | dict[str, Any]] | None:
    """Read the value of a collection: a list of refs, and of objects without `_ref` that are to be created.

    None means that the attribute is left alone: a summary (`{"_ref":…, "Count":2}`) that was sent back as it was read.

    Raises:
        MalformedReference, ValueNotConvertible: as it says.

    """
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        if "Count" in value or "_ref" in value:
            return None
        if len(value) == 1:
            # The form {"Projects": {"Project": "/project/1"}} exists for SCMRepository (KB 10740).
            (inner,) = value.values()
            return to_members(item, attribute, inner if isinstance(inner, list) else [inner])
        raise _not_convertible(item, attribute, value)
    if not isinstance(value, list):
        raise _not_convertible(item, attribute, value)
    members: list[Ref | dict[str, Any]] = []
    for entry in value:
        if isinstance(entry, dict) and not entry.get("_ref") and entry:
            members.append(entry)
            continue
        ref = to_ref(item, attribute, entry)
        if ref is None:
            raise MalformedReference(str(entry))
        members.append(ref)
    return members


def default_value(attribute: AttributeDef) -> Any:
    """Give the stored value that a new object has where the request says nothing."""
    if attribute.default is not None:
        if attribute.type in NUMERIC:
            return float(str(attribute.default))
        if attribute.type is AttributeType.BOOLEAN:
            return str(attribute.default).lower() == "true"
        return attribute.default
    match attribute.type:
        case AttributeType.BOOLEAN:
            return False
        case AttributeType.RATING | AttributeType.STATE:
            return "None" if "None" in attribute.values else (attribute.values[0] if attribute.required else None)
        case _:
            return "NONE" if attribute.read_only and "NONE" in attribute.values else None
