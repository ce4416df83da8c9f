"""What a server process runs: `uvicorn banneret.asgi:app` with settings from the environment."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from banneret.bootstrap import Application, application, open_installation
from banneret.settings import Settings


class LazyApplication:
    """Opens the installation when the server says that it starts, in the process and event loop that serve."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._app: Application | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a connection, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        installation = await self._stack.enter_async_context(open_installation(Settings()))
        self._app = application(installation)
        await self._app.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._app.stop()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})


app = LazyApplication()
