"""Names and values of WSAPI as people read them."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 120


def spaced(name: str) -> str:
    """Divide a name of the catalogue into words: `ProjectPermission` is a `Project Permission`."""
    return _PARTS.sub(" ", name).replace("O Auth", "OAuth")


def brief(text: str) -> str:
    """Shorten a text for a line in a list."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
