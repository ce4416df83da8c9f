"""Renders a room's templates on top of the shared layout, and the headers that every page is sent with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from banneret.web.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from banneret.web.assets import Assets

HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
"""No inline script or style, nothing from elsewhere, no frame around it (design 7)."""


_CODE = re.compile(r"`([^`]+)`")


def prose(text: str) -> Markup:
    """Escape a text and set what stands in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


class Pages:
    """The templates of one room: those of its own `templates/` before the shared ones. Everything is escaped."""

    def __init__(self, room: str, assets: Assets, **filters: Callable[..., Any]) -> None:
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(room), PackageLoader("banneret.web")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(asset=assets.url, frame=None, path="", theme=Theme.SYSTEM, themes=tuple(Theme))
        self._environment.filters["prose"] = prose
        self._environment.filters.update(filters)

    def render(self, template: str, **values: Any) -> bytes:
        """Give a page. A name that the template uses and nobody gave is an error, not a blank."""
        return self._environment.get_template(template).render(values).encode()
