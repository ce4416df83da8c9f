"""The frame around every page: which rooms its header leads to, for whom, and what it calls the visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.web.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from banneret.access.roles import Permissions


def anybody(_permissions: Permissions) -> bool:
    """Whether a room is for who holds these permissions: it is for everybody who has logged in."""
    return True


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the site that the header leads to.

    `address` is where its link goes, `below` how the addresses of its pages begin, `letter` the key that leads there after `g`;
    `new` is what is made in it, as label and address. `admits` says for whom the link is there; what the room's pages may show
    they decide themselves.
    """

    label: str
    address: str
    below: str
    letter: str
    admits: Callable[[Permissions], bool] = anybody
    new: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the header; `current` where the page belongs to its room."""

    label: str
    address: str
    letter: str
    current: bool
    new: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame shows of a visitor who has logged in. `token` is for its forms, `here` the address to come back to.

    `shortcuts`: whether single letters may do something.
    """

    name: str
    user_name: str
    token: str
    entries: tuple[Entry, ...]
    here: str = "/"
    theme: Theme = Theme.SYSTEM
    shortcuts: bool = True

    @property
    def initials(self) -> str:
        """One or two letters that stand for the visitor."""
        words = [word for word in self.name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
        if not words:
            return "?"
        first, last = words[0], words[-1]
        return (first[0] if first is last else first[0] + last[0]).upper()


def entries(rooms: Sequence[Room], permissions: Permissions, path: str) -> tuple[Entry, ...]:
    """Give the links for who holds these permissions, on the page at `path`."""
    return tuple(
        Entry(room.label, room.address, room.letter, path.startswith(room.below), room.new)
        for room in rooms
        if room.admits(permissions)
    )
