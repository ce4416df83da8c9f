"""Files beside the API: attachments as they are (`/slm/attachment/…`) and users' pictures (`/slm/profile/image/…`).

Who may read the object may have its file. Browsers load these addresses, so nothing here trusts what was uploaded.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.credentials import find_credential, http_session
from banneret.kernel.errors import AddressNotAllowed, BanneretError, ObjectNotFound, Unauthenticated
from banneret.kernel.refs import Ref
from banneret.operations import attachments, contents
from banneret.operations.context import Client
from banneret.web.file_headers import HARMLESS, disposition, media_type
from banneret.wsapi import errors
from banneret.wsapi.avatars import draw
from banneret.wsapi.ranges import Range, matches, wanted_range
from banneret.wsapi.responses import HTML, Response, Stream
from banneret.wsapi.service import challenge, kept_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from banneret.operations.contents import Held
    from banneret.operations.context import Context
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store, Transaction
    from banneret.operations.usage import Usage
    from banneret.wsapi.requests import Request

_ADDRESS = re.compile(
    r"/slm/(?:attachment/(?P<attachment>\d{1,18})(?:/[^/]*)?|profile/image/(?P<user>\d{1,18})/(?P<size>\d{1,6})(?:\.sp)?)/?",
    re.IGNORECASE,
)
_READS = frozenset({"GET", "HEAD"})
_PICTURE_AGE = 300
"""Seconds that a browser shows a picture before it asks again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address names: an attachment, or a user's picture of `size` pixels a side."""

    oid: int
    size: int | None = None


class Files:
    """Serves files."""

    def __init__(self, store: Store, gate: Gate, usage: Usage) -> None:
        self._store = store
        self._gate = gate
        self._usage = usage

    @staticmethod
    def wanted(path: str) -> Wanted | None:
        """Read an address; None for all others. The file's name in it is decoration: any will do, and none."""
        match = _ADDRESS.fullmatch(path)
        if match is None:
            return None
        if match["attachment"] is not None:
            return Wanted(int(match["attachment"]))
        return Wanted(int(match["user"]), int(match["size"]))

    async def answer(self, request: Request, file: Wanted) -> Response:
        """Answer a request for a file."""
        if request.method not in _READS:
            return Response(b"", 405, HTML, [(b"allow", b"GET, HEAD")])
        work = self._attachment if file.size is None else self._picture
        try:
            return await self._admitted(request, lambda context: work(request, context, file))
        except Unauthenticated as error:
            return challenge(request, error)
        except AddressNotAllowed as error:
            return kept_out(request, error)
        except ObjectNotFound as error:
            request.reason = error.code
            return Response(errors.missing_page(request.path), 404, HTML)
        except BanneretError as error:
            request.reason = error.code
            return Response(errors.text_of(error).encode(), 400, b"text/plain; charset=utf-8")

    async def _admitted(self, request: Request, work: Callable[[Context], Awaitable[Response]]) -> Response:
        credential = find_credential(request.raw_header)
        proof = await self._gate.prove(credential, request.address)
        client = Client(request.client_name, request.address)

        async def unit_of_work(unit: Transaction) -> Response:
            session = http_session(request.raw_header)
            context = await self._gate.admit(unit, credential, client, proof=proof, http_session=session)
            identity = context.identity
            if identity is not None and identity.key is not None:
                request.key = identity.key.oid
                self._usage.used(identity.key.oid, identity.user.oid, context.moment, client.address, client.name)
            return await work(context)

        return await self._store.read(unit_of_work)

    # ------------------------------------------------------------------ attachments

    async def _attachment(self, request: Request, context: Context, file: Wanted) -> Response:
        found = await attachments.find(context, Ref("Attachment", object_id=file.oid))
        kind = media_type(found.content_type)
        headers = [(b"content-disposition", disposition(kind, found.name)), (b"accept-ranges", b"bytes")]
        # It may be taken away from who may see it now, so it is asked for each time, at the price of a 304.
        headers.append((b"cache-control", b"private, no-cache"))
        return self._send(request, found.held, kind, found.tag, headers)

    def _send(self, request: Request, held: Held, kind: str, tag: str, headers: list[tuple[bytes, bytes]]) -> Response:
        headers = [*headers, (b"etag", tag.encode()), *HARMLESS]
        if matches(request.header("if-none-match"), tag):
            return Response(b"", 304, kind.encode(), headers)
        span = wanted_range(request, held.size, tag)
        if span is None:
            return Response(b"", 416, HTML, [*headers, (b"content-range", f"bytes */{held.size}".encode())])
        response = Response(b"", 200, kind.encode(), headers)
        if span.partial:
            response.status = 206
            headers.append((b"content-range", f"bytes {span.first}-{span.last}/{held.size}".encode()))
        response.stream = self._stream(held, span)
        return response

    def _stream(self, held: Held, span: Range) -> Stream:
        async def pieces() -> AsyncIterator[bytes]:
            if span.length:
                async for piece in contents.read(self._store, held, span.first, span.last):
                    yield piece
                    await asyncio.sleep(0)  # others have their turn between two pieces

        return Stream(span.length, pieces)

    # ------------------------------------------------------------------ pictures

    async def _picture(self, request: Request, context: Context, file: Wanted) -> Response:
        found = await attachments.portrait(context, Ref("User", object_id=file.oid))
        headers = [(b"cache-control", f"private, max-age={_PICTURE_AGE}".encode())]
        if found.held is not None and found.content_type is not None:
            return self._send(request, found.held, found.content_type, found.tag, headers)
        headers += [(b"etag", found.tag.encode()), *HARMLESS]
        if matches(request.header("if-none-match"), found.tag):
            return Response(b"", 304, b"image/svg+xml", headers)
        drawn = draw(found.name, found.oid, file.size or 0)
        return Response(drawn, 200, b"image/svg+xml", headers)
