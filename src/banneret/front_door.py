"""Sends `/slm/` to WSAPI past every layer that it does not need, and everything else to Starlette's routing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from banneret.web import assets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence
    from typing import Protocol

    from starlette.routing import BaseRoute

    from banneret.manager.site import Site

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

    class Readable(Protocol):
        """A store that can be asked whether it answers."""

        async def alive(self) -> bool:
            """Whether the database answers."""
            ...


_WSAPI = "/slm/webservice/"
_log = structlog.get_logger("banneret.web")
_FAILURE = (
    b"<html><body><h1>HTTP ERROR 500</h1><p>The server failed to answer; the failure was logged.</p></body></html>\n"
)


def _is_read(request: Request) -> bool:
    """Whether a person reads the answer: only browsers ask for HTML by name."""
    return "text/html" in request.headers.get("accept", "")


class FrontDoor:
    """The ASGI application that a server process runs. `routes` are those of the surfaces beside WSAPI."""

    def __init__(
        self, wsapi: App, store: Readable, files: App, routes: Sequence[BaseRoute] = (), site: Site | None = None
    ) -> None:
        self._wsapi = wsapi
        self._files = files
        self._store = store
        self._site = site
        self._pages = Starlette(
            exception_handlers={404: self._absent, 405: self._absent, 500: self._failed},
            routes=[
                Route("/", self._front),
                Route("/healthz", self._healthy),
                Route("/readyz", self._ready),
                Route("/login/key.js", self._no_single_sign_on, methods=["GET", "PUT", "POST"]),
                *routes,
            ],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a connection. The one place where a failure of ours that nobody foresaw becomes an answer."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._pages(scope, receive, send)
            return
        started = False

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if scope["path"].startswith("/slm/"):
                await self._wsapi(scope, receive, noting)
            elif scope["path"].startswith(assets.PREFIX):
                await self._files(scope, receive, noting)
            else:
                await self._pages(scope, receive, noting)
        except Exception:  # noqa: BLE001 - the edge of a request
            _log.exception("request failed", method=scope["method"], path=scope["path"])
            if not started:
                answer = await self._failure(Request(scope))
                await answer(scope, receive, send)

    async def _failed(self, request: Request, _error: Exception) -> Response:
        return await self._failure(request)

    async def _failure(self, request: Request) -> Response:
        """Say that we failed: to a person on a page with the ways out, as long as that much works."""
        if self._site is not None and _is_read(request) and not request.url.path.startswith(_WSAPI):
            for known in (True, False):
                with suppress(Exception):
                    return await self._site.trouble(request, 500, known=known)
        return Response(_FAILURE, 500, media_type="text/html")

    async def _absent(self, request: Request, error: Exception) -> Response:
        """Answer for an address that is none, or not for this method."""
        status, headers = getattr(error, "status_code", 404), getattr(error, "headers", None)
        if self._site is None or not _is_read(request):
            return PlainTextResponse(getattr(error, "detail", "Not Found"), status, headers)
        answer = await self._site.trouble(request, status)
        answer.headers.update(headers or {})
        return answer

    async def _front(self, request: Request) -> Response:
        """Lead people to the pages; tell programs where the service is."""
        if self._site is not None and _is_read(request):
            return RedirectResponse(self._site.home, 302)
        return PlainTextResponse(
            "Banneret serves Rally's Web Services API at /slm/webservice/v2.0/. "
            "It is documented at /slm/doc/webservice/, and for programs at /openapi.json.\n"
        )

    @staticmethod
    async def _no_single_sign_on(_request: Request) -> PlainTextResponse:
        """The .NET tool kit puts a user's password here before anything else; 405 is how it knows that it need not (wsapi.md 1)."""
        return PlainTextResponse("Log in with Basic authentication or an API key.\n", 405, headers={"Allow": ""})

    @staticmethod
    async def _healthy(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    async def _ready(self, _request: Request) -> JSONResponse:
        alive = await self._store.alive()
        return JSONResponse({"ready": alive}, 200 if alive else 503)
