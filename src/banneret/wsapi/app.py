"""WSAPI as an ASGI application: reads the body within bounds, hands the request to the service, sends the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import BanneretError, RequestTooLarge
from banneret.wsapi.addresses import action, split
from banneret.wsapi.cors import METHODS
from banneret.wsapi.limits import ClientGone
from banneret.wsapi.requests import LARGEST_BODY, Request
from banneret.wsapi.service import HTML, Response, failed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from banneret.wsapi.addresses import Action
    from banneret.wsapi.documentation.site import Documentation
    from banneret.wsapi.service import Service

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_SCHEMA = re.compile(
    r"/slm/schema/v2\.[0x]/(?P<scope>workspace|project)/(?P<oid>\d{1,18})(?:/(?P<version>\w{1,64}))?/?", re.IGNORECASE
)
_DOCUMENTATION = "/slm/doc/"
_LOG_OUT = "/slm/resources/jsp/security/clear.jsp"
_NO_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"vary", b"accept-encoding, origin")]


class WsapiApp:
    """Serves everything below `/slm/`."""

    def __init__(self, service: Service, documentation: Documentation | None = None) -> None:
        self._service = service
        self._documentation = documentation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        body = b""
        if scope["method"].upper() not in _NO_BODY:
            try:
                body = await _body(receive)
            except RequestTooLarge as error:
                request = Request(scope, b"")
                response = failed(request, _wanted(request), error, [])
                response.headers.append((b"connection", b"close"))
                await _send(scope, send, response)
                return
            except ClientGone:
                return
        request = Request(scope, body)
        request.receive = receive
        try:
            response = await self._answer(request)
        except ClientGone:
            return
        if b"origin" in request.headers:
            response.headers += await self._service.cross_origin(request)
        await _send(scope, send, response)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            # Browsers ask without credentials, and get the same for every address: nothing of what is behind it.
            return Response(b"", 200, HTML, [(b"allow", METHODS)])
        if request.path.startswith("/slm/webservice/"):
            return await self._service.answer(request)
        if request.path.startswith(_DOCUMENTATION) and self._documentation is not None:
            return await self._documentation.answer(request)
        if request.path == _LOG_OUT and request.method in {"GET", "HEAD", "POST"}:
            return await self._service.log_out(request)
        schema = _SCHEMA.fullmatch(request.path)
        if schema is not None:
            return await self._service.schema(request, schema["scope"].lower(), int(schema["oid"]), schema["version"])
        # An unknown path below /slm leads to the front door (wsapi.md 15).
        return Response(b"", 302, HTML, [(b"location", f"{request.origin}/login".encode())])


async def _body(receive: Receive) -> bytes:
    """Read the whole body; what is too much is thrown away as it comes.

    Raises:
        RequestTooLarge: at the end of a body that is larger than is taken.
        ClientGone: the connection ended before the body did; who knows what the rest would have said.

    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= LARGEST_BODY:
            chunks.append(chunk)
        else:
            chunks.clear()
        if not message.get("more_body", False):
            if size > LARGEST_BODY:
                raise RequestTooLarge(LARGEST_BODY)
            return b"".join(chunks)


def _wanted(request: Request) -> Action | None:
    """Give what a request asks for, as far as its address says."""
    try:
        return action(split(request.path)[1], request.method)
    except BanneretError:
        return None


async def _send(scope: Scope, send: Send, response: Response) -> None:
    headers = [
        (b"content-type", response.content_type),
        (b"content-length", str(len(response.body)).encode()),
        *_ALWAYS,
        *response.headers,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body = b"" if scope["method"].upper() == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})
