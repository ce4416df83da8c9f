"""Bytes that objects hold: the content of attachments and profile images.

They stand apart from the rows of their objects, in pieces of one size (ADR 0007). `content` says which object they are of
(none while they arrive, or when that never ended), how many there are, and for which binned item they are kept. Content
never changes: another one is another object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.kernel.errors import ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from banneret.operations.context import Context
    from banneret.operations.ports import Store, Transaction

PIECE = 192 * 1024
"""Bytes of a piece, all but the last of a content. A multiple of three, so that pieces are encoded in base64 one by one."""

LARGEST = 50 * 1024 * 1024
"""Bytes of a content (KB 47770)."""


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """Content on its way in: in memory, in pieces, or under the id where it is stored already, for nobody yet."""

    size: int
    pieces: Sequence[bytes] = ()
    stored: int | None = None

    @classmethod
    def of(cls, content: bytes) -> Upload:
        """Give content that came whole."""
        return cls(len(content), [content[start : start + PIECE] for start in range(0, len(content), PIECE)])


@dataclass(frozen=True, slots=True)
class Held:
    """An object's content: where it is stored, and its size in bytes."""

    id: int
    size: int


async def find(unit: Transaction, oid: int) -> Held | None:
    """Give the content of an object; None where it has none."""
    rows = await unit.writer.fetch("content", {"owner_oid": oid}, ["id", "size", "kept_for"])
    return next((Held(row[0], row[1]) for row in rows if row[2] is None), None)


async def read(store: Store, held: Held, first: int, last: int) -> AsyncIterator[bytes]:
    """Give the bytes from `first` to `last` (both included) as they are wanted, piece by piece, each in a unit of work of its own.

    Raises:
        ObjectNotFound: the object was deleted meanwhile.

    """
    for number in range(first // PIECE, last // PIECE + 1):
        held_bytes: bytes = await store.read(lambda unit, number=number: piece(unit, held, number))  # type: ignore[misc]
        start = number * PIECE
        inside = first <= start and start + PIECE <= last + 1
        yield held_bytes if inside else held_bytes[max(0, first - start) : last + 1 - start]


async def whole(unit: Transaction, oid: int) -> bytes | None:
    """Give all bytes of an object's content at once; None where it has none."""
    held = await find(unit, oid)
    if held is None:
        return None
    return b"".join([await piece(unit, held, number) for number in range(-(-held.size // PIECE))])


async def piece(unit: Transaction, held: Held, number: int) -> bytes:
    """Give one piece, by its number from 0 on.

    Raises:
        ObjectNotFound: it was deleted.

    """
    rows = await unit.writer.fetch("content_piece", {"content_id": held.id, "number": number}, ["bytes"])
    if not rows:
        raise ObjectNotFound
    found: bytes = rows[0][0]
    return found


# ---------------------------------------------------------------------- writing


async def stage(unit: Transaction, stored: int | None, moment: str, first: int, pieces: Sequence[bytes]) -> int:
    """Store pieces, from number `first` on, of content that is arriving, and give the id that it has; None begins a new one."""
    if stored is None:
        stored = await unit.writer.next_number(0, "content")
        unit.writer.insert("content", {"id": stored, "size": 0, "begun_at": moment})
    _add(unit, stored, first, pieces)
    return stored


def _add(unit: Transaction, stored: int, first: int, pieces: Sequence[bytes]) -> None:
    for number, piece in enumerate(pieces, first):
        unit.writer.insert("content_piece", {"content_id": stored, "number": number, "bytes": piece})


async def keep(context: Context, table: str, oid: int, upload: Upload) -> None:
    """Make an upload the content of a new object, which is its uploader's until something uses it."""
    unit = context.unit
    if upload.stored is None:
        stored = await unit.writer.next_number(0, "content")
        row = {"id": stored, "owner_oid": oid, "size": upload.size, "begun_at": context.moment}
        unit.writer.insert("content", row)
        _add(unit, stored, 0, upload.pieces)
    else:
        unit.writer.update("content", {"id": upload.stored}, {"owner_oid": oid, "size": upload.size})
    leave(context, table, oid)


def leave(context: Context, table: str, oid: int) -> None:
    """Say that nothing uses an object that holds content: it is the caller's alone, and goes after a day."""
    if context.user is not None:
        context.unit.writer.update(table, {"oid": oid}, {"uploader_oid": context.user})


async def drop(unit: Transaction, oid: int, kept_for: int | None) -> None:
    """Let go of the content of an object that is removed; with `kept_for`, when the bin lets go of that item for good."""
    held = await find(unit, oid)
    if held is None:
        return
    if kept_for is not None:
        unit.writer.update("content", {"id": held.id}, {"kept_for": kept_for})
    else:
        discard(unit, held.id)


def take_back(unit: Transaction, item: int) -> None:
    """Give back what is kept for an item that comes back, with the objects that hold it."""
    unit.writer.update("content", {"kept_for": item}, {"kept_for": None})


async def purge(unit: Transaction, item: int) -> None:
    """Remove what is kept for an item that will not come back."""
    for (stored,) in await unit.writer.fetch("content", {"kept_for": item}, ["id"]):
        discard(unit, stored)


async def discard_unclaimed(unit: Transaction, stored: int) -> None:
    """Remove an upload, unless it has become an object's content."""
    for (owner,) in await unit.writer.fetch("content", {"id": stored}, ["owner_oid"]):
        if owner is None:
            discard(unit, stored)


def discard(unit: Transaction, stored: int) -> None:
    """Remove content."""
    unit.writer.delete("content_piece", {"content_id": stored})
    unit.writer.delete("content", {"id": stored})
