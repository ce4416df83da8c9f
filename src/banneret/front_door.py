"""Sends `/slm/` to WSAPI past every layer that it does not need, and everything else to Starlette's routing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from banneret.web import assets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence
    from typing import Protocol

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

    class Readable(Protocol):
        """A store that can be asked whether it answers."""

        async def alive(self) -> bool:
            """Whether the database answers."""
            ...


_log = structlog.get_logger("banneret.web")
_FAILURE = (
    b"<html><body><h1>HTTP ERROR 500</h1><p>The server failed to answer; the failure was logged.</p></body></html>\n"
)


class FrontDoor:
    """The ASGI application that a server process runs. `routes` are those of the surfaces beside WSAPI."""

    def __init__(self, wsapi: App, store: Readable, files: App, routes: Sequence[BaseRoute] = ()) -> None:
        self._wsapi = wsapi
        self._files = files
        self._store = store
        self._pages = Starlette(
            routes=[
                Route("/", self._front),
                Route("/healthz", self._healthy),
                Route("/readyz", self._ready),
                Route("/login/key.js", self._no_single_sign_on, methods=["GET", "PUT", "POST"]),
                *routes,
            ]
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
                await send(
                    {
                        "type": "http.response.start",
                        "status": 500,
                        "headers": [(b"content-type", b"text/html"), (b"content-length", str(len(_FAILURE)).encode())],
                    }
                )
                await send({"type": "http.response.body", "body": _FAILURE})

    @staticmethod
    async def _front(_request: Request) -> PlainTextResponse:
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
