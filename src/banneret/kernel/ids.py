"""ObjectIDs, UUIDs and random secrets. The only place that draws random numbers."""

from __future__ import annotations

import random
import secrets
import string
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banneret.kernel.clock import Clock

BLOCK_SIZE = 1000
"""ObjectIDs are handed out in aligned blocks of this many, each of which belongs to one workspace."""

FIRST_BLOCK = 1_000_000_000
"""Number of the first block: ObjectIDs begin at 10**12, above what Rally exports carry, below 2**53."""

LARGEST_OBJECT_ID = 2**53 - 1

_STOCK = uuid.UUID("6f6e3f0a-5c53-4f0e-9a53-62616e6e6572")

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def stock_uuid(name: str) -> str:
    """Give the fixed UUID of a stock definition, the same in every installation."""
    return str(uuid.uuid5(_STOCK, name))


class Identifiers:
    """Makes version 7 UUIDs (RFC 9562 5.7) from a clock; with `seed` the same ones every time."""

    def __init__(self, clock: Clock, seed: int | None = None) -> None:
        self._clock = clock
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311

    def uuid(self) -> str:
        """Give a new UUID, 36 characters, lower case."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        bits = self._random.getrandbits(74)
        value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (bits >> 62) << 64
        value |= 0b10 << 62 | (bits & 0x3FFFFFFFFFFFFFFF)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def random_base62(length: int) -> str:
    """Give `length` random base62 characters from the system's secure source."""
    return "".join(secrets.choice(BASE62) for _ in range(length))


def random_token() -> str:
    """Give an unguessable token of 128 random bits in UUID form, as Rally's security tokens look."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16)))


def random_bytes(length: int) -> bytes:
    """Give `length` random bytes from the system's secure source."""
    return secrets.token_bytes(length)


def base62(number: int, width: int) -> str:
    """Write a non-negative number in base62, padded with zeros to `width`; sorts like the number."""
    digits = []
    while number:
        number, rest = divmod(number, 62)
        digits.append(BASE62[rest])
    return "".join(reversed(digits)).rjust(width, "0")
