"""Tokens that prove that a form came from a page of ours which this very user had asked for."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_PERIOD = 12 * 3600
"""Seconds. A token holds until the end of the period after its own: between 12 and 24 hours."""


class FormTokens:
    """Makes and checks tokens. Nothing is stored: a token is a digest of user and time under the server's secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def issue(self, user: int | None, now: datetime) -> str:
        """Give the token for a user's ObjectID (None: nobody is signed in)."""
        return self._token(user, int(now.timestamp()) // _PERIOD)

    def holds(self, token: str, user: int | None, now: datetime) -> bool:
        """Whether a token is this user's and not too old."""
        period = int(now.timestamp()) // _PERIOD
        sent = token.encode("utf-8", "replace")
        return any(hmac.compare_digest(sent, self._token(user, each).encode()) for each in (period, period - 1))

    def _token(self, user: int | None, period: int) -> str:
        return hmac.new(self._secret, f"form {user} {period}".encode(), hashlib.sha256).hexdigest()
