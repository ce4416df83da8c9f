"""WSAPI as an ASGI application: reads the body within bounds, hands the request to the service, sends the answer."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import BanneretError, InvalidRequest, ObjectNotFound, RequestTooLarge
from banneret.wsapi.addresses import action, split
from banneret.wsapi.bodies import whole
from banneret.wsapi.cors import METHODS
from banneret.wsapi.limits import ClientGone
from banneret.wsapi.requests import LARGEST_BODY, Request
from banneret.wsapi.responses import HTML, Response
from banneret.wsapi.service import failed
from banneret.wsapi.uploads import is_upload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from banneret.operations.journal import Journal
    from banneret.wsapi.addresses import Action
    from banneret.wsapi.documentation.site import Documentation
    from banneret.wsapi.files import Files
    from banneret.wsapi.limits import Receive
    from banneret.wsapi.service import Service
    from banneret.wsapi.uploads import Uploads

    Scope = MutableMapping[str, Any]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_SCHEMA = re.compile(
    r"/slm/schema/v2\.[0x]/(?P<scope>workspace|project)/(?P<oid>\d{1,18})(?:/(?P<version>\w{1,64}))?/?", re.IGNORECASE
)
_DOCUMENTATION = "/slm/doc/"
_LOG_OUT = "/slm/resources/jsp/security/clear.jsp"
_NO_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_CLIENT_GONE = 499
"""What journals call a request whose client did not wait for its answer, as web servers' logs do."""

_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"vary", b"accept-encoding, origin")]


class WsapiApp:
    """Serves everything below `/slm/`."""

    def __init__(
        self,
        service: Service,
        uploads: Uploads,
        files: Files,
        documentation: Documentation | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._service = service
        self._uploads = uploads
        self._files = files
        self._documentation = documentation
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        began = time.perf_counter()
        stored = None
        try:
            if scope["method"].upper() in _NO_BODY:
                request = Request(scope, b"")
            elif is_upload(scope["path"]):
                request, stored = await self._uploads.request(scope, receive)
            else:
                request = Request(scope, await whole(receive, LARGEST_BODY))
        except (RequestTooLarge, InvalidRequest) as error:
            request = Request(scope, b"")
            response = failed(request, _wanted(request), error, [])
            response.headers.append((b"connection", b"close"))
            await _send(scope, send, response)
            return
        except ClientGone:
            return
        request.receive = receive
        status = 500
        try:
            response = await self._answer(request)
            status = response.status
        except ClientGone:
            status = _CLIENT_GONE
            return
        finally:
            await self._uploads.settle(stored)
            self._note(request, status, began)
        if b"origin" in request.headers:
            response.headers += await self._service.cross_origin(request)
        await _send(scope, send, response)

    def _note(self, request: Request, status: int, began: float) -> None:
        """Write down what a key was used for."""
        if self._journal is not None and request.key is not None:
            self._journal.note(
                request.key,
                method=request.method,
                path=request.path,
                query=request.query,
                status=status,
                reason=request.reason,
                address=request.address,
                client=request.client_name,
                seconds=time.perf_counter() - began,
                writes=request.method not in _NO_BODY,
            )

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
        file = self._files.wanted(request.path)
        if file is not None:
            return await self._files.answer(request, file)
        # An unknown path below /slm leads to the front door (wsapi.md 15).
        return Response(b"", 302, HTML, [(b"location", f"{request.origin}/login".encode())])


def _wanted(request: Request) -> Action | None:
    """Give what a request asks for, as far as its address says."""
    try:
        return action(split(request.path)[1], request.method)
    except BanneretError:
        return None


async def _send(scope: Scope, send: Send, response: Response) -> None:
    stream = response.stream
    headers = [
        (b"content-type", response.content_type),
        (b"content-length", str(len(response.body) if stream is None else stream.length).encode()),
        *_ALWAYS,
        *response.headers,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if stream is None or scope["method"].upper() == "HEAD":
        body = b"" if scope["method"].upper() == "HEAD" else response.body
        await send({"type": "http.response.body", "body": body})
        return
    try:
        async for piece in stream.pieces():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except ObjectNotFound:
        # It was deleted while it was sent. An answer without its end tells the client so: the server closes the connection.
        return
    await send({"type": "http.response.body", "body": b""})
