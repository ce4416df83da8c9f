"""Content as base64 in a JSON answer, encoded piece by piece while it is sent."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import TYPE_CHECKING

from banneret.operations import contents
from banneret.wsapi.responses import Stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from banneret.operations.contents import Held
    from banneret.operations.ports import Store

_PLACES = (b'"Content":null', b'"Content": null')
"""Where content belongs. A quote inside a string is escaped, so these bytes are never part of one."""


def spliced(store: Store, held: Held, body: bytes) -> Stream | None:
    """Give a JSON document with content in place of the null that stands there; None where `Content` was not asked for."""
    for place in _PLACES:
        head, found, tail = body.partition(place)
        if found:
            return _stream(store, held, head + place.removesuffix(b"null") + b'"', b'"' + tail)
    return None


def _stream(store: Store, held: Held, head: bytes, tail: bytes) -> Stream:
    async def pieces() -> AsyncIterator[bytes]:
        yield head
        if held.size:
            async for piece in contents.read(store, held, 0, held.size - 1):
                yield b64encode(piece)
                await asyncio.sleep(0)  # others have their turn between two pieces
        yield tail

    return Stream(len(head) + (held.size + 2) // 3 * 4 + len(tail), pieces)
