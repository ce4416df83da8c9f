"""How often one address may ask what anybody may ask, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_MOST_ADDRESSES = 10_000


class Pace:
    """Counts requests by address and window: `count` in `seconds`, then none until the window ends."""

    def __init__(self, count: int, seconds: int) -> None:
        self._count = count
        self._seconds = seconds
        self._window = 0
        self._seen: dict[str, int] = {}

    def admits(self, address: str, now: datetime) -> bool:
        """Count a request, and say whether it may be answered. Past very many addresses all others share one count."""
        window = int(now.timestamp()) // self._seconds
        if window != self._window:
            self._window = window
            self._seen.clear()
        name = address if address in self._seen or len(self._seen) < _MOST_ADDRESSES else ""
        self._seen[name] = self._seen.get(name, 0) + 1
        return self._seen[name] <= self._count
