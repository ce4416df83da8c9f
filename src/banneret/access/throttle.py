"""Slows the guessing of a user's password, and never that user's keys (design 5.7; access.md 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from banneret.access.credentials import BasicCredential, Credential
from banneret.kernel.values import from_wire, to_wire

_FREE_ATTEMPTS = 5
_LONGEST = timedelta(hours=1)
FOREVER = timedelta(days=36500)
"""How long a lock-out lasts that only an administrator ends."""


@dataclass(frozen=True, slots=True)
class FailedLogin:
    """One wrong password for a user, from one source address, at one aware moment.

    Attempts that the throttle turned away are not recorded: nothing was guessed. A successful log-in forgets
    the source's.
    """

    at: datetime
    source: str

    @classmethod
    def read(cls, line: str) -> FailedLogin:
        """Read what `line` gave."""
        moment, _, source = line.partition(" ")
        return cls(from_wire(moment), source)

    @property
    def line(self) -> str:
        """What is stored: `moment address`."""
        return f"{to_wire(self.at)} {self.source}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password may be tried now; `until` is the moment from which it may, where it may not."""

    allowed: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoginThrottle:
    """The settings: `attempts` are free, then each failure doubles `first_delay`, up to `longest`.

    When all sources together fail `distributed` times as often as one may, the delay holds for all of them.
    Failures older than `longest` are forgotten.
    """

    attempts: int = _FREE_ATTEMPTS
    first_delay: timedelta = timedelta(seconds=30)
    longest: timedelta = _LONGEST
    distributed: int = 4

    @classmethod
    def of(cls, maximum_attempts: int | None, lockout_minutes: int | None) -> LoginThrottle:
        """Make one of Maximumloginattempts and UserLockoutTime, where -1 means forever (KB 47769)."""
        longest = _LONGEST if lockout_minutes is None else timedelta(minutes=lockout_minutes)
        return cls(
            attempts=_FREE_ATTEMPTS if maximum_attempts is None else max(1, maximum_attempts),
            longest=FOREVER if longest <= timedelta(0) else longest,
        )

    def verdict(self, failures: Sequence[FailedLogin], source: str, now: datetime) -> Verdict:
        """Decide from a user's failures, in any order, whether `source` may try now."""
        recent = [failure for failure in failures if now - failure.at < self.longest]
        own = [failure.at for failure in recent if failure.source == source]
        until = (
            self._until(own, self.attempts),
            self._until([failure.at for failure in recent], self.attempts * self.distributed),
        )
        pending = [moment for moment in until if moment is not None and moment > now]
        return Verdict(allowed=not pending, until=max(pending, default=None))

    def _until(self, moments: Sequence[datetime], free: int) -> datetime | None:
        if len(moments) < free:
            return None
        doublings = min(len(moments) - free, 32)
        return max(moments) + min(self.first_delay * (1 << doublings), self.longest)


def counts_as_failure(credential: Credential | None) -> bool:
    """Whether a refused request was a failed log-in: a bare 401 challenge, a key or a token is none."""
    return isinstance(credential, BasicCredential)
