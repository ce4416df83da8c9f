"""What goes out: an answer whole, or a body that is made while it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

JSON = b"application/json; charset=utf-8"
HTML = b"text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Stream:
    """A body of `length` bytes that `pieces` gives bit by bit, each time from the beginning."""

    length: int
    pieces: Callable[[], AsyncIterator[bytes]]


@dataclass(slots=True)
class Response:
    """An answer on its way out; a `stream` is sent instead of the body."""

    body: bytes
    status: int = 200
    content_type: bytes = JSON
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    stream: Stream | None = None
