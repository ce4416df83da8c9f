"""Long lists in pages, whose number stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.manager.visits import Visit

_FARTHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list of `total` entries; `number` counts from 1. Addresses of other pages keep the parameters `kept`."""

    address: str
    kept: tuple[tuple[str, str], ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first entry on this page, from 1; 0 where there is none."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last entry on this page."""
        return min(self.number * self.size, self.total)

    def to(self, number: int) -> str:
        """Give the address of a page."""
        return self.link(page=str(number) if number > 1 else "")

    def link(self, **changes: str) -> str:
        """Give the address of this list with other parameters; empty ones are left out."""
        found = {name: value for name, value in {**dict(self.kept), **changes}.items() if value}
        return self.address + (f"?{urlencode(found)}" if found else "")


def page_number(visit: Visit) -> int:
    """Read the number of the page that is asked for; what is no number is the first."""
    text = visit.query.get("page", "")
    return min(max(1, int(text)), _FARTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def paging(visit: Visit, names: Sequence[str], size: int, total: int, *, address: str = "") -> Paging:
    """Give the page that is asked for; `names` are the parameters that its links keep."""
    kept = tuple((name, visit.query[name]) for name in names if visit.query.get(name))
    return Paging(address or visit.request.url.path, kept, page_number(visit), size, total)
