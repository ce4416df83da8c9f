"""`banneret serve`: the server, with a scenario in it where one is named."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from banneret.access.identity import Edition
from banneret.cli.opening import bar
from banneret.cli.options import Database, DataDir, LogLevel, Synchronous, described
from banneret.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from banneret.bootstrap import Installation
    from banneret.cli.certificates import Certificates
    from banneret.scenarios.scenario import Scenario
    from banneret.settings import Settings

_START_LIMIT = 60.0
"""Seconds that workers may take until they answer."""


def serve(  # noqa: PLR0913, PLR0917 - the settings of a server
    host: Annotated[str | None, described("host")] = None,
    port: Annotated[int | None, described("port", min=0, max=65535)] = None,
    workers: Annotated[int | None, described("workers", min=1)] = None,
    database: Database = None,
    data_dir: DataDir = None,
    tls: Annotated[bool | None, described("tls", "--tls")] = None,
    tls_cert: Annotated[Path | None, described("tls_cert", metavar="FILE")] = None,
    tls_key: Annotated[Path | None, described("tls_key", metavar="FILE")] = None,
    scenario: Annotated[str | None, described("scenario", metavar="NAME|FILE")] = None,
    ephemeral: Annotated[bool | None, described("ephemeral", "--ephemeral")] = None,
    edition: Annotated[Edition | None, described("edition")] = None,
    ready_file: Annotated[Path | None, described("ready_file", metavar="FILE")] = None,
    allow_reset: Annotated[bool | None, described("allow_reset", "--allow-reset")] = None,
    sqlite_synchronous: Annotated[Synchronous | None, described("sqlite_synchronous")] = None,
    requests_per_user: Annotated[int | None, described("requests_per_user", min=1)] = None,
    writes_at_once: Annotated[int | None, described("writes_at_once", min=1)] = None,
    run_time: Annotated[float | None, described("run_time", metavar="SECONDS")] = None,
    journal_rows: Annotated[int | None, described("journal_rows", min=1, max=100_000)] = None,
    journal_days: Annotated[int | None, described("journal_days", min=1)] = None,
    log_level: Annotated[LogLevel | None, described("log_level")] = None,
) -> None:
    """Serve."""
    given = dict(locals())
    settings = read_settings(**given)
    _refuse_contradictions(settings)
    from banneret.cli.logs import configure
    from banneret.scenarios.scenario import read

    configure(settings.log_level)
    if settings.ready_file is not None:
        # Whoever waits for the file must not find that of an earlier run.
        settings.ready_file.unlink(missing_ok=True)
    wanted = read(settings.scenario) if settings.scenario else None
    Server(settings, wanted).run()


def _refuse_contradictions(settings: Settings) -> None:
    if settings.workers > 1 and not settings.uses_postgresql:
        raise typer.BadParameter(
            "SQLite is served by one process: leave --workers out, or name a PostgreSQL database with --database"
        )
    if settings.ephemeral and settings.uses_postgresql:
        raise typer.BadParameter(
            "--ephemeral makes a throw-away SQLite database: leave it out, or name no PostgreSQL database"
        )
    if settings.ephemeral and settings.database:
        raise typer.BadParameter("--ephemeral makes a database of its own: leave --database out")
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise typer.BadParameter("--tls-cert and --tls-key go together")


class Server:
    """One run of the server."""

    def __init__(self, settings: Settings, scenario: Scenario | None) -> None:
        self._settings = settings
        self._scenario = scenario

    def run(self) -> None:
        """Serve until a signal says stop."""
        import uvloop

        from banneret.cli.certificates import certificates

        found = certificates(self._settings)
        try:
            if self._settings.workers > 1:
                self._run_workers(found)
            else:
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    runner.run(self._serve(found))
        finally:
            if found is not None and found.key is None:
                found.chain.unlink(missing_ok=True)

    # ------------------------------------------------------------------ one process

    async def _serve(self, found: Certificates | None) -> None:
        import uvicorn

        from banneret.bootstrap import application, open_installation
        from banneret.kernel.clock import VirtualClock

        start = self._scenario.start if self._scenario is not None else None
        clock = VirtualClock(start) if start is not None else None
        with _listening(self._settings) as listener:
            async with open_installation(self._settings, clock) as installation:
                await self._load(installation)
                app = application(installation)
                await app.start()
                server = _quiet(uvicorn.Config(app, **self._config(found), lifespan="off"))
                loop = asyncio.get_running_loop()
                for number in (signal.SIGINT, signal.SIGTERM):
                    loop.add_signal_handler(number, server.handle_exit, number, None)
                try:
                    serving = loop.create_task(server.serve(sockets=[listener]))
                    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
                        await asyncio.sleep(0.005)
                    if server.started:
                        self._tell(listener, found)
                    await serving
                finally:
                    await app.stop()

    async def _load(self, installation: Installation) -> None:
        from banneret.kernel.errors import ConfigurationError
        from banneret.operations.install import installed
        from banneret.scenarios.load import load

        if self._scenario is None:
            return
        if await installation.store.read(installed):
            raise ConfigurationError(
                "the database is not empty: serve it without --scenario, or empty it with `banneret reset` before"
            )
        with bar("Loading the scenario") as tell:
            loaded = await load(
                installation.store,
                self._scenario,
                secret=installation.secret,
                clock=installation.clock,
                progress=tell,
            )
        for notice in loaded.notices:
            typer.echo(f"Notice: {notice}.", err=True)

    # ------------------------------------------------------------------ several processes

    def _run_workers(self, found: Certificates | None) -> None:
        """Let a supervisor start the processes, each of which reads its settings from the environment."""
        import uvicorn
        from uvicorn.supervisors import Multiprocess

        from banneret.bootstrap import open_installation
        from banneret.kernel.errors import ConfigurationError

        if self._scenario is not None and self._scenario.start is not None:
            raise ConfigurationError("a scenario with a clock of its own is served by one process: leave --workers out")

        async def prepare() -> None:
            async with open_installation(self._settings) as installation:
                await self._load(installation)

        asyncio.run(prepare())
        os.environ.update(self._settings.environment())
        config = uvicorn.Config(
            "banneret.asgi:app", **self._config(found), lifespan="on", workers=self._settings.workers
        )
        with _listening(self._settings) as listener:
            telling = threading.Thread(target=self._tell_when_ready, args=(listener, found), daemon=True)
            telling.start()
            Multiprocess(config, sockets=[listener]).run()

    def _tell_when_ready(self, listener: socket.socket, found: Certificates | None) -> None:
        deadline = time.monotonic() + _START_LIMIT
        context = ssl._create_unverified_context()  # noqa: S323, SLF001 - asks this very process whether it answers
        while time.monotonic() < deadline:
            with (
                suppress(OSError),
                urllib.request.urlopen(f"{self._url(listener, found)}/healthz", timeout=1, context=context),  # noqa: S310
            ):
                self._tell(listener, found)
                return
            time.sleep(0.05)

    # ------------------------------------------------------------------ both

    def _config(self, found: Certificates | None) -> dict[str, Any]:
        return {
            "loop": "uvloop",
            "http": "banneret.cli.protocol:BoundedProtocol",
            "ws": "none",
            "access_log": False,
            "log_config": None,
            "server_header": False,
            "proxy_headers": False,
            "timeout_graceful_shutdown": 5,
            "ssl_certfile": str(found.chain) if found is not None else None,
            "ssl_keyfile": str(found.key) if found is not None and found.key is not None else None,
        }

    def _url(self, listener: socket.socket, found: Certificates | None) -> str:
        address, port = listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - shown, not bound
        return f"{'https' if found is not None else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"

    def _tell(self, listener: socket.socket, found: Certificates | None) -> None:
        from banneret.access.identity import Edition
        from banneret.cli.greeting import greet, ready, write_ready

        settings = self._settings
        authority = found.authority if found is not None else None
        content = ready(self._url(listener, found), authority, settings.edition, self._scenario)
        greet(content, self._scenario, has_keys=Edition(settings.edition).has_keys)
        if settings.ready_file is not None:
            write_ready(settings.ready_file, content)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port at once, so that a taken one is told before anything else is done."""
    from banneret.kernel.errors import ConfigurationError

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(2048)
        except OSError as error:
            raise ConfigurationError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from error
        listener.set_inheritable(True)
        yield listener


def _quiet(config: Any) -> Any:
    """Give a server that leaves signals to whoever runs it, who has a database to close after them."""
    import uvicorn

    class Quiet(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Quiet(config)
