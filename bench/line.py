"""One kept-alive HTTP connection of a WSAPI client with a key, for what `load` is too blunt for: answers that are read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode, urlsplit

import msgspec

if TYPE_CHECKING:
    from types import TracebackType

BASE = "/slm/webservice/v2.0"
_PATIENCE = 60.0


class Lost(Exception):
    """No answer, or none of WSAPI: whether the request was carried out is not known."""


class Line:
    """A connection; `call` gives what is under the root key of an answer."""

    def __init__(self, url: str, key: str) -> None:
        place = urlsplit(url)
        self._place = place.hostname or "", place.port or 80
        self._head = f"Host: {place.netloc}\r\nzsessionid: {key}\r\nX-RallyIntegrationName: storm\r\n"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(*self._place)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()

    async def call(self, method: str, path: str, body: Any = None, **params: object) -> dict[str, Any]:
        """Send one request and wait for its answer.

        Raises:
            Lost: the connection broke, or the answer was no WSAPI answer with status 200.

        """
        try:
            status, raw = await asyncio.wait_for(self._exchange(method, path, body, params), _PATIENCE)
        except (OSError, EOFError, TimeoutError) as error:
            raise Lost(repr(error)) from error
        if status != 200:
            raise Lost(f"{status} {raw[:200].decode(errors='replace')}")
        (inner,) = msgspec.json.decode(raw).values()
        found: dict[str, Any] = inner
        return found

    async def _exchange(self, method: str, path: str, body: Any, params: dict[str, object]) -> tuple[int, bytes]:
        assert self._reader is not None
        assert self._writer is not None
        raw = b"" if body is None else msgspec.json.encode(body)
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        head = f"{method} {BASE}/{path}{query} HTTP/1.1\r\n{self._head}Content-Length: {len(raw)}\r\n\r\n"
        self._writer.write(head.encode() + raw)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        place = answered.index(b"content-length:") + 15
        length = int(answered[place : answered.index(b"\r\n", place)])
        return int(answered.split(b" ", 2)[1]), await self._reader.readexactly(length)

    async def all(self, path: str, **params: object) -> list[dict[str, Any]]:
        """Give all pages of a query."""
        found: list[dict[str, Any]] = []
        while True:
            page = await self.call("GET", path, **params, pagesize=2000, start=len(found) + 1)
            if page["Errors"]:
                raise Lost(str(page["Errors"]))
            found += page["Results"]
            if len(found) >= page["TotalResultCount"] or not page["Results"]:
                return found
