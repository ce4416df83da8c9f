"""Browsers as people know them: `Firefox on Windows` says more than what the browser calls itself."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LONGEST = 60


def browser_of(client: str | None) -> str:
    """Give a browser's name and where it runs; of a program what it calls itself, and `unknown` of what said nothing.

    The order counts: most browsers name those that they want to be taken for, too.
    """
    if not client:
        return "unknown"
    name = next((label for mark, label in _BROWSERS if mark in client), None)
    if name is None:
        return client[:_LONGEST]
    system = next((label for mark, label in _SYSTEMS if mark in client), None)
    return f"{name} on {system}" if system else name
