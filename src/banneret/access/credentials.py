"""What a request brings to prove who sends it: the carriers in their order of precedence (design 5.2).

The first carrier that is present decides; what it carries holds or fails by itself, nothing falls through to
the next. Keys begin with `_`; every other token is a session's or an OAuth client's. Query strings carry
nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

GetHeader = Callable[[str], str | bytes | None]
"""Gives a header's value by its lower-case name, or None; several Cookie headers come joined by `; `."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Carrier(StrEnum):
    """Where a credential came from."""

    HEADER = "zsessionid"
    BEARER = "bearer"
    BASIC = "basic"
    COOKIE = "cookie"

    @property
    def is_ambient(self) -> bool:
        """Whether browsers send it by themselves, so that a write needs a look at its origin (design 7)."""
        return self in {Carrier.BASIC, Carrier.COOKIE}


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """An API key's value, not yet looked up."""

    value: str = field(repr=False)
    carrier: Carrier


@dataclass(frozen=True, slots=True)
class SessionCredential:
    """The token of a session or of an OAuth client, not yet looked up."""

    token: str = field(repr=False)
    carrier: Carrier


@dataclass(frozen=True, slots=True)
class BasicCredential:
    """A user name and a password."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """A passkey that was verified already, and found to be this user's; no header carries one."""

    user_oid: int


@dataclass(frozen=True, slots=True)
class MalformedCredential:
    """Something unreadable was presented: refused like what is wrong, and no failed log-in of anybody's."""

    carrier: Carrier


Credential = KeyCredential | SessionCredential | BasicCredential | ShownPasskey | MalformedCredential


def find_credential(header: GetHeader) -> Credential | None:
    """Read what came with a request, or None when nothing did. Never raises, whatever the headers hold."""
    value = _text(header("zsessionid")).strip()
    if value:
        return _token(value, Carrier.HEADER)
    authorization = _text(header("authorization")).strip()
    if authorization:
        return _authorization(authorization)
    cookies = parse_cookies(header("cookie"))
    value = cookies.get("ZSESSIONID") or cookies.get("JSESSIONID") or ""
    return _token(value, Carrier.COOKIE) if value else None


def http_session(header: GetHeader) -> str | None:
    """Give the `JSESSIONID` cookie: the HTTP session that a security token belongs to (KB 57528), or None."""
    return parse_cookies(header("cookie")).get("JSESSIONID") or None


def parse_cookies(raw: str | bytes | None) -> dict[str, str]:
    """Read a Cookie header; of a name that comes twice the first counts (RFC 6265 5.4)."""
    cookies: dict[str, str] = {}
    for pair in _text(raw).split(";"):
        name, equals, value = pair.partition("=")
        if equals and name.strip():
            cookies.setdefault(name.strip(), value.strip().strip('"'))
    return cookies


def is_key(value: str) -> bool:
    """Whether a token is to be looked up among keys (access.md 1.2)."""
    return value.startswith("_")


def _authorization(value: str) -> Credential:
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "bearer":
        return _token(rest.strip(), Carrier.BEARER)
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    return MalformedCredential(Carrier.BEARER)


def _basic(encoded: str) -> Credential:
    try:
        raw = base64.b64decode(encoded.encode("utf-8", "surrogatepass"), validate=True)
    except (binascii.Error, ValueError):
        return MalformedCredential(Carrier.BASIC)
    user, colon, password = _decode(raw).partition(":")
    # RFC 7617 2 forbids control characters; a NUL would not even get past PostgreSQL.
    if not colon or _CONTROL.search(user) or _CONTROL.search(password):
        return MalformedCredential(Carrier.BASIC)
    if not user:
        # After an SSO log-in the .NET tool kit sends the session id as nobody's password (access.md 1.4).
        return _token(password, Carrier.BASIC)
    return BasicCredential(user, password)


def _token(value: str, carrier: Carrier) -> Credential:
    if not value or _CONTROL.search(value):
        return MalformedCredential(carrier)
    return KeyCredential(value, carrier) if is_key(value) else SessionCredential(value, carrier)


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _text(value: str | bytes | None) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""
