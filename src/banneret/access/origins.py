"""Which origins of the web a subscription lets read and write through a browser: its CORSAllowedDomains (wsapi.md 3.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]
"""Scheme, host in lower case, port."""


def origin_allowed(origin: str, listed: Iterable[str] | None) -> bool:
    """Whether an `Origin` header's value is one that the list allows; None, CORS is disabled, allows none.

    An entry is an origin (`https://app.example.com:8443`), or a domain, which means https on its usual port; `*.` before the
    domain stands for all names below it. A bare `*` allows nobody: answers to other sites carry the user's own rights. An
    entry that is unreadable allows nobody either.
    """
    asked = read_origin(origin)
    if asked is None or listed is None:
        return False
    return any(_matches(asked, entry) for entry in listed)


@lru_cache(maxsize=256)
def read_origin(text: str) -> Origin | None:
    """Read an origin, or give None for what is none, such as `null`."""
    try:
        parts = urlsplit(text.lower())
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        return None
    if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port


def _matches(asked: Origin, entry: str) -> bool:
    allowed = read_origin(entry if "://" in entry else f"https://{entry}")
    if allowed is None or (allowed[0], allowed[2]) != (asked[0], asked[2]):
        return False
    host = allowed[1]
    if host.startswith("*."):
        return asked[1].endswith(host[1:]) and len(asked[1]) > len(host) - 1 and "*" not in host[1:]
    return "*" not in host and asked[1] == host
