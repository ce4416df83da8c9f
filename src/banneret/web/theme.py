"""Light or dark: what somebody chose. Without a choice the system decides, in the style sheet alone."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from banneret.access.credentials import parse_cookies

if TYPE_CHECKING:
    from starlette.responses import Response

COOKIE = "banneret-theme"
"""Keeps the choice in a browser, so that pages before the log-in, and cached ones, need not ask for it."""

_YEAR = 365 * 24 * 3600


class Theme(StrEnum):
    """A choice."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def read_theme(text: str | None) -> Theme:
    """Read a choice; what is none leaves it to the system."""
    return Theme(text) if text in set(Theme) else Theme.SYSTEM


def theme_of(cookies: str | bytes | None) -> Theme:
    """Give the choice that a browser brings in its Cookie header."""
    return read_theme(parse_cookies(cookies).get(COOKIE))


def keep_theme(response: Response, theme: Theme, *, secure: bool) -> None:
    """Let the browser keep a choice."""
    if theme is Theme.SYSTEM:
        response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="lax")
    else:
        response.set_cookie(COOKIE, theme, max_age=_YEAR, path="/", secure=secure, httponly=True, samesite="lax")
