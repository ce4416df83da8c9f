"""What the subscription asks of whoever logs in: the figures of its password policy and of its sessions (access.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a figure may be; `optional` ones may be left out, which switches off what they limit."""

    least: int
    most: int
    optional: bool = False

    def hold(self, value: int | None) -> bool:
        """Whether the figure may be this."""
        return self.optional if value is None else self.least <= value <= self.most

    @property
    def sentence(self) -> str:
        """Say it to people."""
        return f"Give a whole number from {self.least} to {self.most}{', or nothing' if self.optional else ''}."


BOUNDS: Mapping[str, Bounds] = {
    "PasswordMinimumLength": Bounds(8, 254),
    "NumberofPasswordRules": Bounds(1, 4),
    "PreviousPasswordCount": Bounds(0, 24),
    "PasswordExpirationDays": Bounds(1, 365, optional=True),
    "Maximumloginattempts": Bounds(3, 99),
}
"""Rally's, by the Subscription's attributes (access.md 3.5). The most remembered passwords are ours: each costs a hash to compare."""


class Demand(StrEnum):
    """From whom a second factor is demanded at a log-in with a password; whoever has one is asked for it in any case."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """What Rally's Subscription has no attribute for.

    `minimum_score`: the least that zxcvbn has to say of a new password, 0 to 4; 0 leaves it out. `session_hours`: how long a log-in
    holds at most, however busy its user is. The administrators of `second_factor` are the subscription's.
    """

    minimum_score: int = 3
    session_hours: int = 24
    second_factor: Demand = Demand.NOBODY

    @property
    def session_life(self) -> timedelta:
        """How long a log-in holds at most."""
        return timedelta(hours=self.session_hours)


OWN_BOUNDS: Mapping[str, Bounds] = {"MinimumPasswordScore": Bounds(0, 4), "SessionHours": Bounds(1, 336)}
"""The same of `SignInPolicy`, by the names of the fields on its page."""
