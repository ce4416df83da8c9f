"""The cookies that pages set, and how they are named."""

from __future__ import annotations


def session_cookie(scheme: str) -> str:
    """Give the name of the log-in's cookie: bound to this very host where TLS is on (design 7)."""
    return "__Host-banneret" if scheme == "https" else "banneret"
