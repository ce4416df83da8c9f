"""Conditions and ranges of a download (RFC 9110 13, 14): what is still in hand is not sent again, and what broke off goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banneret.wsapi.requests import Request

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes from `first` to `last`, both included; nothing where `last` is before `first`."""

    first: int
    last: int
    partial: bool = False

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


def matches(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names an entity tag."""
    listed = {part.strip().removeprefix("W/") for part in header.split(",")}
    return tag in listed or "*" in listed


def wanted_range(request: Request, size: int, tag: str) -> Range | None:
    """Give what to send of `size` bytes: all, or the single range that is asked for; None where that lies beyond the end.

    Several ranges, a unit other than bytes, a range of what was another content: all of it is sent, as the RFC allows.
    """
    everything = Range(0, size - 1)
    match = _RANGE.fullmatch(request.header("range").strip())
    condition = request.header("if-range")
    if match is None or request.method != "GET" or (condition and condition.strip() != tag):
        return everything
    first, last = match[1], match[2]
    if first:
        if last and int(last) < int(first):
            return everything
        if int(first) >= size:
            return None
        return Range(int(first), min(int(last), size - 1) if last else size - 1, partial=True)
    if not last:
        return everything
    if int(last) == 0 or size == 0:
        return None
    return Range(max(0, size - int(last)), size - 1, partial=True)
