"""Loaded objects as templates read them: values by element name, refs with their names, sizes of collections."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.catalogue.model import AttributeType
from banneret.operations.fetch import EVERYTHING, Fetch
from banneret.operations.ports import HEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.query import Page


@dataclass(frozen=True, slots=True)
class Link:
    """The target of a ref, as far as the directory knows it. `name` is empty for a nameless one."""

    oid: int
    type: str
    name: str


@dataclass(slots=True)
class Record:
    """One object.

    By element name, `values` has what is stored (dates in wire form, None: not set), `links` the visible targets of refs,
    `counts` the sizes of collections, `names` ObjectID and name of the members of those that show them.
    """

    type: TypeDef
    oid: int
    version: int
    project: int | None
    workspace: int | None
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """The object's ref, as bodies of operations take it."""
        return f"/{self.type.path}/{self.oid}"

    @property
    def label(self) -> str:
        """The FormattedID, empty where the type has none."""
        return str(self.values.get("FormattedID") or "")

    @property
    def title(self) -> str:
        """The name."""
        return str(self.values.get(self.type.naming_attribute or "") or "")

    def get(self, name: str) -> Any:
        """Give a stored value, or None."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Give a value as one line of text: the name of a ref's target, a list's members, else what is stored."""
        link = self.links.get(name)
        if link is not None:
            return link.name
        attribute = self.type.attributes.get(name)
        value = self.values.get(name)
        if attribute is None or value is None or attribute.is_object:
            return ""
        return shown(attribute, value)


def shown(attribute: AttributeDef, value: Any) -> str:
    """Write a stored value of no ref as one line of text."""
    if attribute.type is AttributeType.BOOLEAN:
        return "Yes" if value else "No"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else str(value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if attribute.type is AttributeType.WEB_LINK:
        link = web_link(value)
        return link.get("DisplayString") or link.get("LinkID") or ""
    return str(value)


def web_link(value: Any) -> dict[str, str]:
    """Give the two parts of a WEB_LINK, which is kept as JSON."""
    parts = msgspec.json.decode(value) if isinstance(value, str) else value
    return {name: str(parts.get(name) or "") for name in ("LinkID", "DisplayString")} if isinstance(parts, dict) else {}


@lru_cache(maxsize=256)
def fetch_of(names: tuple[str, ...]) -> Fetch:
    """Give a fetch of these attributes; refs come with their names and nothing more. The same one each time: plans hang on it."""
    return Fetch(frozenset(name.lower() for name in names), flat=False)


_CALLED = {"HierarchicalRequirement": "User Story"}


def kind_of(item: TypeDef) -> str:
    """Give what people call a type: Rally's pages say User Story, its catalogue Hierarchical Requirement."""
    return _CALLED.get(item.name) or item.display_name


WHOLE = EVERYTHING
"""A fetch of every attribute; refs come with their names."""


def records(page: Page) -> list[Record]:
    """Give the objects of a page in its order."""
    found: list[tuple[int, Record]] = []
    refs = page.level.refs
    for group in page.level.groups:
        for place, row in zip(group.places, group.rows, strict=True):
            record = Record(group.type, row[0], int(row[2]), row[4], row[5])
            _fill(record, group.attributes, row, refs)
            for name, sizes in group.counts.items():
                record.counts[name] = sizes.get(record.oid, 0)
            for name, members in group.names.items():
                record.names[name] = [(member[0], member[1]) for member in members.get(record.oid, ())]
            found.append((place, record))
    return [record for _, record in sorted(found, key=lambda pair: pair[0])]


def _fill(record: Record, attributes: Sequence[AttributeDef], row: Sequence[Any], refs: Any) -> None:
    own = record.type.attributes
    for attribute, value in zip(attributes, row[HEAD:], strict=True):
        held = own.get(attribute.name)
        if held is None or held.type is not attribute.type:
            continue
        stored = msgspec.json.decode(value).get(attribute.name) if attribute.custom else value
        if attribute.type is AttributeType.BOOLEAN and stored is not None:
            stored = bool(stored)
        record.values[attribute.name] = stored
        if attribute.is_object and stored is not None:
            entry = refs.get(stored)
            if entry is not None:
                record.links[attribute.name] = Link(entry[0], entry[1], entry[3] or "")
