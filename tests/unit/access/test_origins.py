"""Which origins a list of domains allows."""

from __future__ import annotations

import pytest

from banneret.access.origins import origin_allowed

LISTED = (
    "https://app.example.com",
    "example.org",
    "*.acme.test",
    "http://localhost:3000",
    "http://*.dev.test:8080",
    "*",
)

ALLOWED = [
    "https://app.example.com",
    "https://app.example.com:443",
    "HTTPS://APP.example.com",
    "https://example.org",
    "https://a.acme.test",
    "https://a.b.acme.test",
    "http://localhost:3000",
    "http://x.dev.test:8080",
]
REFUSED = [
    "",
    "null",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.test",
    "https://evil-app.example.com",
    "https://evilacme.test",
    "https://acme.test",
    "https://.acme.test.evil",
    "http://a.acme.test",
    "http://example.org",
    "https://www.example.org",
    "http://localhost",
    "http://localhost:3001",
    "https://app.example.com/path",
    "https://user@app.example.com",
    "file://app.example.com",
    "https://app.example.com:port",
    "https://evil.test",
    "https://*.acme.test.",
]


@pytest.mark.parametrize("origin", ALLOWED)
def test_listed_origins_are_allowed_while_cors_is_enabled(origin: str) -> None:
    assert origin_allowed(origin, LISTED)
    assert not origin_allowed(origin, ())
    assert not origin_allowed(origin, None)


@pytest.mark.parametrize("origin", REFUSED)
def test_other_origins_are_not(origin: str) -> None:
    """A bare `*` lists nobody."""
    assert not origin_allowed(origin, LISTED)


@pytest.mark.parametrize("entry", ["a*.test", "*", "*.*", "https://", "://", "https://x:y", "**.test", "https://*"])
def test_unreadable_entries_allow_nobody(entry: str) -> None:
    for origin in ("https://ab.test", "https://x", "https://a.b", "https://test"):
        assert not origin_allowed(origin, (entry,))
