"""Moments as people say them: `3 minutes ago`, with the exact one for who looks closer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup

from banneret.kernel.values import from_wire

if TYPE_CHECKING:
    from datetime import datetime

_UNITS = ((31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"))


def ago(text: str | None, now: datetime) -> Markup:
    """Give a moment (wire form; None: never) relative to `now`, exact in the element's title, in UTC."""
    if not text:
        return Markup('<span class="quiet-text">never</span>')
    seconds = (now - from_wire(text)).total_seconds()
    exact = f"{text[:10]} {text[11:16]} UTC"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(text, exact, _words(seconds))


def _words(seconds: float) -> str:
    ahead, distance = seconds < 0, abs(seconds)
    for size, name in _UNITS:
        if distance >= size:
            # What is ahead is rounded up: a key made to hold for 7 days ends in 7 days, not in 6.
            count = math.ceil(distance / size) if ahead else int(distance // size)
            words = f"{count} {name}{'' if count == 1 else 's'}"
            return f"in {words}" if ahead else f"{words} ago"
    return "just now"
