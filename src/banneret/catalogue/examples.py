"""Values and bodies to show: what a request for a type looks like when somebody writes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import AttributeType

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef

OBJECT_ID = 12345
"""An ObjectID that stands for one of the reader's own."""

_BY_TYPE: dict[AttributeType, object] = {
    AttributeType.INTEGER: 1,
    AttributeType.DECIMAL: 1.5,
    AttributeType.QUANTITY: 3.0,
    AttributeType.BOOLEAN: True,
    AttributeType.DATE: "2026-01-31T12:00:00.000Z",
    AttributeType.BINARY_DATA: "SGVsbG8sIHdvcmxkIQ==",
    AttributeType.TEXT: "<b>Seen</b> on the second try",
    AttributeType.WEB_LINK: {"LinkID": "42", "DisplayString": "Ticket 42"},
    AttributeType.RAW: "text",
    AttributeType.MAP: {},
}
_BY_NAME: dict[str, object] = {
    "UserName": "ada@example.com",
    "EmailAddress": "ada@example.com",
    "Url": "https://example.com/42",
    "Uri": "https://example.com/42",
    "URL": "https://example.com/${id}",
    "Locale": "en-US",
    "Language": "en",
    "Revision": "9fceb02",
    "PathAndFilename": "src/main.c",
    "Build": "1.0.42",
    "ContentType": "text/plain",
    "sessionTimeout": 3600,
    "RealAttributeType": "STRING",
    "EndDate": "2026-02-14T12:00:00.000Z",
    "ReleaseDate": "2026-04-30T12:00:00.000Z",
}
_LIVELY = ("Role", "Description", "Priority", "Severity", "PlanEstimate", "Owner", "Message")
"""Optional attributes that make a body look like one that people send."""

_MOST_LIVELY = 3
_CHANGED: tuple[str, ...] = ("State", "ScheduleState", "Name", "Notes", "Owner")
"""What people change most."""


def example_value(attribute: AttributeDef) -> Any:
    """Give a value that a request may send for an attribute."""
    if attribute.is_object:
        return f"/{(attribute.of or '').lower()}/{OBJECT_ID}"
    if attribute.is_collection:
        return [{"_ref": f"/{(attribute.of or '').lower()}/{OBJECT_ID}"}]
    offered = [value for value in attribute.wire_values if value not in {"", "None"}]
    if offered:
        return offered[0]
    if attribute.name in _BY_NAME:
        return _BY_NAME[attribute.name]
    if attribute.type in _BY_TYPE:
        return _BY_TYPE[attribute.type]
    return f"A {attribute.display_name.lower()}"[: attribute.max_length or None]


def create_body(item: TypeDef) -> dict[str, Any]:
    """Give attributes for a create: what is required and has no default, and a little that is usual."""
    writable = {each.name: each for each in item.attributes.values() if not each.read_only}
    names = [each.name for each in writable.values() if each.required and each.default is None]
    if "Name" in writable and "Name" not in names:
        names.insert(0, "Name")
    lively = [name for name in _LIVELY if name in writable and name not in names]
    return {name: example_value(writable[name]) for name in [*names, *lively[:_MOST_LIVELY]]}


def update_body(item: TypeDef) -> dict[str, Any]:
    """Give attributes for an update: one or two that people change."""
    writable = {each.name: each for each in item.attributes.values() if not each.read_only and not each.create_only}
    usual = [name for name in _CHANGED if name in writable]
    chosen = usual or [name for name, each in writable.items() if not each.is_collection and not each.is_object]
    return {name: example_value(writable[name]) for name in chosen[:2]}
