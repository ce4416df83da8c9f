"""Codes of a second factor: those of an authenticator app (TOTP, RFC 6238), and those for the day when it is lost."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

import pyotp

from banneret.kernel.ids import random_bytes

if TYPE_CHECKING:
    from datetime import datetime

_SECRET_BYTES = 20
_WINDOW = 1
"""Steps of 30 seconds by which a telephone's clock may be off, either way (RFC 6238 5.2)."""

_CODES, _CODE_BYTES, _GROUP = 10, 15, 6


def new_totp_secret() -> str:
    """Make the secret that an app and we share: 160 bits in base32."""
    return base64.b32encode(random_bytes(_SECRET_BYTES)).decode("ascii")


def totp_address(secret: str, user_name: str, issuer: str) -> str:
    """Give what the QR code says: an `otpauth://` address that apps know."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer)


def totp_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """Give the step of time that a code is of; None when it is of none around now, or not of one after `after`.

    What is taken once is remembered as `after`, so that no code is taken twice.
    """
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    current = totp.timecode(now)
    for step in range(max(current - _WINDOW, after + 1), current + _WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode("utf-8", "replace")):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Make ten codes of 120 random bits each, in base32 and groups, such as `k3f9x2-…`."""
    texts = (base64.b32encode(random_bytes(_CODE_BYTES)).decode("ascii").lower() for _ in range(_CODES))
    return ["-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP)) for text in texts]


def recovery_digest(secret: bytes, user: int, code: str) -> bytes:
    """Give what is stored of a recovery code, however it was typed: case, blanks and hyphens do not count."""
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hmac.digest(secret, f"recovery {user} {plain}".encode("utf-8", "surrogatepass"), "sha256")
