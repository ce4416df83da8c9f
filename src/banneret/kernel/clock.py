"""Time, as something that is handed in: a virtual clock makes the same scenario give the same dates."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present moment, time zone aware, in UTC, to the millisecond."""
        ...


def _whole_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the present moment in UTC, cut to the millisecond, as WSAPI dates are."""
        return _whole_milliseconds(datetime.now(UTC))


class VirtualClock:
    """A clock that starts at `start` and then runs with the machine's monotonic clock.

    `hold()` stops it, `advance()` moves it; both are what scenarios and tests need.
    """

    def __init__(self, start: datetime, *, running: bool = True) -> None:
        self._base = _whole_milliseconds(start.astimezone(UTC))
        self._started = time.monotonic() if running else None

    def now(self) -> datetime:
        """Give the virtual moment in UTC."""
        if self._started is None:
            return self._base
        return _whole_milliseconds(self._base + timedelta(seconds=time.monotonic() - self._started))

    def set(self, moment: datetime) -> None:
        """Jump to `moment`; a stopped clock stays stopped."""
        running = self._started is not None
        self._base = _whole_milliseconds(moment.astimezone(UTC))
        self._started = time.monotonic() if running else None

    def advance(self, by: timedelta) -> None:
        """Move by `by`, which may be negative."""
        self.set(self.now() + by)

    def hold(self) -> None:
        """Stop at the present virtual moment."""
        self._base = self.now()
        self._started = None
