"""The picture of a user who has none: initials on a colour of his own."""

from __future__ import annotations

from html import escape

SMALLEST, WIDEST = 16, 512
"""Pixels a side."""

_COLOURS = ("#1f5f8b", "#2e6b4f", "#7a4a1d", "#6b2f5c", "#3d4f7c", "#8a3324", "#2f6f73", "#5a5a2c")
"""Dark enough for white letters on them (contrast 5 to 1 and more)."""


def initials(name: str) -> str:
    """Give the first letters of the first and last word of a name; a mail address counts up to its `@`."""
    words = [word for word in name.partition("@")[0].replace(".", " ").replace("_", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()[:2]


def draw(name: str, oid: int, size: int) -> bytes:
    """Draw a user's initials as SVG, `size` pixels a side within bounds; the same user has the same colour everywhere."""
    side = min(WIDEST, max(SMALLEST, size))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 100 100" role="img">'
        f'<rect width="100" height="100" fill="{_COLOURS[oid % len(_COLOURS)]}"/>'
        '<text x="50" y="50" dy="0.35em" text-anchor="middle" font-family="sans-serif" font-size="42" fill="#fff">'
        f"{escape(initials(name))}</text></svg>\n"
    ).encode()
