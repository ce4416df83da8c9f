"""Large contents on their way in: stored piece by piece as they arrive, under nobody's name until their object is made.

A body that is small is read whole, like any other. Of a larger one nothing but a few pieces is ever in memory, no unit of work
stores more than a few, and who may not come in is told so without any of it being stored (ADR 0007).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.credentials import find_credential, http_session
from banneret.access.decide import check_method
from banneret.kernel.errors import BanneretError, MalformedBody, RequestTooLarge
from banneret.operations import contents
from banneret.operations.context import Client
from banneret.wsapi.addresses import PREFIX, split
from banneret.wsapi.base64_text import ContentText
from banneret.wsapi.bodies import chunks
from banneret.wsapi.limits import ClientGone
from banneret.wsapi.requests import Request, parse_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store, Transaction
    from banneret.wsapi.limits import Receive

LARGEST_UPLOAD = 96 * 1024 * 1024
"""Bytes of a body: 50 MB in base64, with the line breaks and escapes that clients put in."""

IN_MEMORY = 1024 * 1024
"""Bytes of a body that is read whole, and of what a unit of work stores of a larger one."""

_LARGEST_REST = 1024 * 1024
"""Bytes of a body beside the content."""

_WINDOW = 64 * 1024
"""Bytes that are looked at before anybody else has a turn."""


def is_upload(path: str) -> bool:
    """Whether an address takes bodies that may be larger than others: `/attachmentcontent/create`."""
    if not path.startswith(PREFIX):
        return False
    return [segment.lower() for segment in split(path)[1]] == ["attachmentcontent", "create"]


class Uploads:
    """Takes contents in."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self._store = store
        self._gate = gate

    async def request(self, scope: Mapping[str, Any], receive: Receive) -> tuple[Request, int | None]:
        """Read a request, and give it with the id of what is stored of it already; call `settle` with that in the end.

        Raises:
            RequestTooLarge, MalformedBody, InvalidValue: at the end of a body that is refused; then nothing is left of it.
            ClientGone: the client went away in the middle; the same.

        """
        body = chunks(receive)
        held: list[bytes] = []
        size = 0
        async for chunk in body:
            held.append(chunk)
            size += len(chunk)
            if size > IN_MEMORY:
                break
        else:
            return Request(scope, b"".join(held)), None
        request = Request(scope, b"")
        moment = await self._admit(request)
        if moment is None:
            # The service says why, and whoever sends on is heard to the end first.
            async for _ in body:
                continue
            return request, None
        upload = _Upload(self._store, moment)
        try:
            request.content = await upload.read(held, body)
        except (BanneretError, ClientGone):
            await self.settle(upload.stored)
            raise
        return request, upload.stored

    async def settle(self, stored: int | None) -> None:
        """Remove what was stored of a request, unless an object has it now."""
        if stored is not None:
            await self._store.write(lambda unit: contents.discard_unclaimed(unit, stored))

    async def _admit(self, request: Request) -> str | None:
        """Give the present moment to who may come in and write at all; whether he may write this is seen to by the create."""

        async def work(unit: Transaction) -> str:
            client = Client(request.client_name, request.address)
            session = http_session(request.raw_header)
            context = await self._gate.admit(unit, credential, client, proof=proof, http_session=session)
            if context.identity is not None:
                check_method(context.identity, "POST", path_is_write=True)
            self._gate.require_token(context, request.params.get("key"))
            return context.moment

        try:
            credential = find_credential(request.raw_header)
            proof = await self._gate.prove(credential, request.address)
            return await self._store.read(work)
        except BanneretError:
            return None


class _Upload:
    """One body."""

    def __init__(self, store: Store, moment: str) -> None:
        self._store = store
        self._moment = moment
        self._text = ContentText()
        self._number = 0
        self.stored: int | None = None

    async def read(self, held: list[bytes], body: AsyncIterator[bytes]) -> Any:
        """Read what came and what is still to come, and give the document with an Upload for `Content`."""
        size = 0
        while held:
            size += len(held[0])
            await self._feed(held.pop(0))
        async for chunk in body:
            size += len(chunk)
            if size <= LARGEST_UPLOAD:
                await self._feed(chunk)
        if size > LARGEST_UPLOAD:
            raise RequestTooLarge(LARGEST_UPLOAD)
        if len(self._text.rest) > _LARGEST_REST:
            raise RequestTooLarge(_LARGEST_REST)
        self._text.finish()
        document = parse_json(bytes(self._text.rest))
        if not self._text.found:
            return document
        await self._store_pieces(everything=True)
        return _with_upload(document, contents.Upload(self._text.size, stored=self.stored))

    async def _feed(self, chunk: bytes) -> None:
        for start in range(0, len(chunk), _WINDOW):
            if len(self._text.rest) > _LARGEST_REST:
                return
            self._text.feed(chunk[start : start + _WINDOW])
            if self._text.ready >= IN_MEMORY:
                await self._store_pieces()

    async def _store_pieces(self, *, everything: bool = False) -> None:
        pieces = self._text.take(everything=everything)
        if self._text.size > contents.LARGEST:
            return
        moment, stored, number = self._moment, self.stored, self._number
        self.stored = await self._store.write(lambda unit: contents.stage(unit, stored, moment, number, pieces))
        self._number += len(pieces)


def _with_upload(document: Any, upload: contents.Upload) -> Any:
    """Put an upload where its text stood in a body."""
    content = next(iter(document.values()), None) if isinstance(document, dict) else None
    if not isinstance(content, dict):
        reason = "a JSON object was expected"
        raise MalformedBody(reason)
    root = next(iter(document))
    named = {name: upload if name.lower() == "content" else value for name, value in content.items()}
    return {root: named}
