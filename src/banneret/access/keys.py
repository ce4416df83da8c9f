"""API keys as text: their form, their checksum, and what is stored of them (design 5.1)."""

from __future__ import annotations

import hmac
import re
import zlib
from enum import StrEnum

from banneret.kernel.ids import base62, random_base62

PREFIX = "_BK"
SHORTEST, LONGEST = 20, 255
PATTERN = re.compile(r"(?<![0-9A-Za-z_])_BK[0-9A-Za-z]{41}(?![0-9A-Za-z_])")
"""Finds keys in logs and texts; `checksum_holds` then rules out false hits."""

_RANDOM_DIGITS = 35
_CHECK_DIGITS = 6
_VISIBLE = re.compile(r"_[!-~]*")


class Grant(StrEnum):
    """What a key may do: all that its owner may, or only read (KB 98242)."""

    FULL = "full"
    READ_ONLY = "read_only"


def make_key() -> str:
    """Make a key: `_BK`, 35 random base62 characters (208 bits), 6 of CRC-32 over the 38 before them."""
    body = PREFIX + random_base62(_RANDOM_DIGITS)
    return body + _checksum(body)


def looks_like_key(value: str) -> bool:
    """Whether a scenario may fix it as a key: `_`, 20 to 255 characters in all, fit for a header."""
    return SHORTEST <= len(value) <= LONGEST and _VISIBLE.fullmatch(value) is not None


def checksum_holds(value: str) -> bool:
    """Whether the value is one that `make_key` could have made: for scanners, never for deciding access."""
    return PATTERN.fullmatch(value) is not None and value[-_CHECK_DIGITS:] == _checksum(value[:-_CHECK_DIGITS])


def hint(value: str) -> str:
    """Give what lists show of a key: its first 6 and last 4 characters."""
    return f"{value[:6]}…{value[-4:]}"


def lookup_hash(secret: bytes, value: str) -> bytes:
    """Give what is stored instead of the value: 32 bytes of HMAC-SHA-256 under the server's secret."""
    return hmac.digest(secret, value.encode("utf-8", "surrogatepass"), "sha256")


def _checksum(body: str) -> str:
    return base62(zlib.crc32(body.encode("ascii")), _CHECK_DIGITS)
