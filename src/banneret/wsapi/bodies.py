"""Request bodies as they come in, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.kernel.errors import RequestTooLarge
from banneret.wsapi.limits import ClientGone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from banneret.wsapi.limits import Receive


async def chunks(receive: Receive) -> AsyncIterator[bytes]:
    """Give a body chunk by chunk.

    Raises:
        ClientGone: the client went away in the middle.

    """
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def whole(receive: Receive, limit: int) -> bytes:
    """Read a whole body; what is too much is thrown away as it comes.

    Raises:
        RequestTooLarge: at the end of a body of more than `limit` bytes.
        ClientGone: the client went away in the middle.

    """
    held: list[bytes] = []
    size = 0
    async for chunk in chunks(receive):
        size += len(chunk)
        if size <= limit:
            held.append(chunk)
        else:
            held.clear()
    if size > limit:
        raise RequestTooLarge(limit)
    return b"".join(held)
