"""Refs: how WSAPI names an object, read in every form that clients send (wsapi.md 1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from banneret.kernel.errors import MalformedReference

_UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
_ID = rf"-?\d{{1,18}}|\d+u\d+[wp]\d+|{_UUID}"
_REF = re.compile(
    rf"(?:https?://[^/\s]+)?(?:/?slm/webservice/[^/\s]+)?/?"
    rf"(?P<type>[A-Za-z]\w*(?:/[A-Za-z]\w*)?)/(?P<id>{_ID})(?:\.js)?/?"
)
_IDENTIFIER = re.compile(_ID)


@dataclass(frozen=True, slots=True)
class Ref:
    """A type as written (any case, alias or abstract) and an identifier.

    `object_id` is the ObjectID, or None when the identifier is a UUID (`uuid`, dashed, lower case) or a permission's
    composite id (`composite`, such as `12u34p1`).
    """

    type_name: str
    object_id: int | None = None
    uuid: str | None = None
    composite: str | None = None

    @property
    def identifier(self) -> str:
        """The identifier as text, for messages."""
        return str(self.object_id) if self.object_id is not None else (self.uuid or self.composite or "")


def parse_identifier(type_name: str, text: str) -> Ref | None:
    """Read the id part of an address: ObjectID (may be negative), UUID with or without dashes, or permission id."""
    if _IDENTIFIER.fullmatch(text) is None:
        return None
    if text.lstrip("-").isdigit() and len(text) < 20:
        return Ref(type_name, object_id=int(text))
    if "u" in text.lower() and "-" not in text and not re.fullmatch(_UUID, text):
        return Ref(type_name, composite=text)
    bare = text.replace("-", "").lower()
    return Ref(type_name, uuid=f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}")


def find_ref(text: str) -> Ref | None:
    """Read a ref in any incoming form, or give None when the text is none."""
    match = _REF.fullmatch(text.strip())
    return None if match is None else parse_identifier(match["type"], match["id"])


def parse_ref(text: str) -> Ref:
    """Read a ref in any incoming form.

    Raises:
        MalformedReference: the text is none.

    """
    ref = find_ref(text)
    if ref is None:
        raise MalformedReference(text)
    return ref
