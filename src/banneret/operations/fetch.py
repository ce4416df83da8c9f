"""What a request wants to see of objects: the `fetch` and `shallowFetch` parameters (wsapi.md 2.4, 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from banneret.kernel.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef

DEEPEST = 6
"""Levels below the root that a fetch expands; what lies deeper comes as refs."""

_TOKEN = re.compile(r"[^,;\[\]]+|[,;\[\]]")
_SUMMARY = ":summary"
_MOST_SETS = 50
"""Sets of attributes by which one collection is counted; each costs a statement."""


@dataclass(frozen=True, eq=False)
class Fetch:
    """What to show of the objects of one level.

    `names` are lower-case attribute names, None for all. `nested` says what to show of expanded refs: of every one that
    `names` asks for something of (`flat`), or of those in `inner` by attribute. `summaries` are the collections that are summed up,
    in lower case, each with the sets of attributes by whose values members are counted.
    """

    names: frozenset[str] | None
    flat: bool = True
    inner: tuple[tuple[str, Fetch], ...] = ()
    summaries: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()

    def wants(self, attribute: AttributeDef) -> bool:
        """Whether an attribute is shown."""
        if self.names is None:
            return True
        name = attribute.name.lower()
        return name in self.names or (attribute.custom and name.removeprefix("c_") in self.names)

    def below(self, attribute: AttributeDef, targets: Sequence[TypeDef]) -> Fetch | None:
        """Give what to show of an attribute's target, or None when it stays a ref."""
        if self.names is None:
            return None
        if not self.flat:
            return dict(self.inner).get(attribute.name.lower())
        asked = any(name in item.folded or "c_" + name in item.folded for item in targets for name in self.names)
        return self if asked else None


EVERYTHING = Fetch(None)
SHALLOW = Fetch(frozenset())


@lru_cache(maxsize=2048)
def parse_fetch(fetch: str | None, shallow: str | None, absent: Fetch) -> Fetch:
    """Read the parameters: `shallowFetch` replaces `fetch`; `absent` holds when neither says anything.

    Raises:
        InvalidRequest: brackets that do not match.

    """
    if shallow and shallow.strip():
        return _List(shallow, flat=False).read()
    text = (fetch or "").strip().strip('"').strip()
    if not text:
        return absent
    if text.lower() == "true":
        return EVERYTHING
    if text.lower() == "false":
        return SHALLOW
    return _List(text, flat=True).read()


class _List:
    """One list on its way to a `Fetch`; `flat` says what it means as long as no bracket stands in it."""

    def __init__(self, text: str, *, flat: bool) -> None:
        self._text = text
        self._flat = flat
        self._tokens = _TOKEN.findall(text.strip().strip('"'))
        self._place = 0

    def read(self) -> Fetch:
        """Give what the whole list means."""
        found = self._level(0)
        if self._place < len(self._tokens):
            raise self._malformed()
        return found

    def _level(self, depth: int) -> Fetch:
        names: set[str] = set()
        inner: dict[str, Fetch] = {}
        summaries: dict[str, tuple[tuple[str, ...], ...]] = {}
        name = ""
        while self._place < len(self._tokens) and self._tokens[self._place] != "]":
            part = self._next()
            if part == "[":
                if not name or depth >= DEEPEST:
                    raise self._malformed()
                self._flat = False
                inner[name] = self._level(depth + 1)
                self._close()
            elif part in ",;":
                name = ""
            else:
                name = part.strip().strip('"').lower()
                if name.endswith(_SUMMARY):
                    summaries[name.removesuffix(_SUMMARY).rstrip()] = self._sets()
                    name = ""
                elif name:
                    names.add(name)
        shown = None if not depth and "true" in names else frozenset(names)
        return Fetch(shown, flat=self._flat, inner=tuple(inner.items()), summaries=tuple(summaries.items()))

    def _sets(self) -> tuple[tuple[str, ...], ...]:
        """Read what a collection is summed up by; a plus that was not percent-encoded has become a blank."""
        if self._place >= len(self._tokens) or self._tokens[self._place] != "[":
            return ()
        self._place += 1
        found: dict[tuple[str, ...], None] = {}
        while self._place < len(self._tokens) and self._tokens[self._place] != "]":
            part = self._next()
            if part == "[":
                raise self._malformed()
            names = tuple(name for name in re.split(r"[+\s]+", part.lower()) if name)
            if part not in ",;" and names:
                found[names] = None
        self._close()
        return tuple(found)[:_MOST_SETS]

    def _next(self) -> str:
        self._place += 1
        return str(self._tokens[self._place - 1])

    def _close(self) -> None:
        if self._place >= len(self._tokens):
            raise self._malformed()
        self._place += 1

    def _malformed(self) -> InvalidRequest:
        return InvalidRequest(f"Could not parse: fetch list is not well formed: {self._text}")
