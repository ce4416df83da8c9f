"""What has to be read again and must not lie in the database in clear: encrypted under the server's secret."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(secret: bytes, purpose: str, text: str) -> str:
    """Encrypt a text. It opens for the same purpose only, so that nothing that is sealed passes for something else."""
    return _cipher(secret, purpose).encrypt(text.encode()).decode()


def unseal(secret: bytes, purpose: str, sealed: str) -> str | None:
    """Give the text, or None where it was sealed for another purpose, under another secret, or not by us."""
    try:
        return _cipher(secret, purpose).decrypt(sealed.encode("utf-8", "replace")).decode()
    except InvalidToken:
        return None


def _cipher(secret: bytes, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"banneret " + purpose.encode()).derive(secret)
    return Fernet(base64.urlsafe_b64encode(derived))
