"""What a key may be limited to beyond its user's permissions (access.md 1.15): all off at first, and never a widening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """A key's own limits; what is None or empty limits nothing.

    `expires_at` is an aware moment from which the key does not hold. `projects` are ObjectIDs, with `scope_down` those below
    them too, as they are at each request. `types` are type names, whose descendants count. `ip_allow` are addresses, CIDR
    blocks and ranges `first-last`.
    """

    expires_at: datetime | None = None
    projects: tuple[int, ...] = ()
    scope_down: bool = False
    types: tuple[str, ...] = ()
    ip_allow: tuple[str, ...] = ()


UNLIMITED = KeyLimits()
"""As Rally's keys are."""
