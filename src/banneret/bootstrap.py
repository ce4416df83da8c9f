"""Puts an installation together: settings in, object graph out."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from starlette.routing import Route

from banneret.access.identity import Edition
from banneret.api.description import OpenApi
from banneret.api.endpoints import ROOT
from banneret.api.service import METHODS, Management
from banneret.catalogue.loader import stock_schema
from banneret.front_door import FrontDoor
from banneret.kernel.clock import SystemClock
from banneret.kernel.ids import Identifiers
from banneret.manager.rooms import ROOMS
from banneret.manager.site import site
from banneret.operations.identify import Gate
from banneret.operations.journal import Journal
from banneret.operations.rules import check_rules
from banneret.operations.sweep import sweep
from banneret.operations.usage import Usage
from banneret.storage import schema_version
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.sqlite import SqliteDriver
from banneret.storage.unit import Store
from banneret.web.assets import shared_assets
from banneret.web.form_tokens import FormTokens
from banneret.wsapi.app import WsapiApp
from banneret.wsapi.documentation.site import Documentation
from banneret.wsapi.files import Files
from banneret.wsapi.limits import Limits
from banneret.wsapi.service import Service
from banneret.wsapi.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from banneret.kernel.clock import Clock
    from banneret.settings import Settings
    from banneret.storage.driver import Driver

_USAGE_PERIOD = 5.0
"""Seconds between looks at what keys were used for and when, to write it down."""

_log = structlog.get_logger("banneret.keys")
_SWEEP_PERIOD = 3600.0
"""Seconds between looks at which uploads nothing uses."""


@dataclass(slots=True)
class Installation:
    """One opened installation."""

    store: Store
    clock: Clock
    identifiers: Identifiers
    secret: bytes
    settings: Settings
    journal: Journal
    usage: Usage = field(default_factory=Usage)


def is_postgresql(url: str) -> bool:
    """Whether a database setting names PostgreSQL."""
    return url.startswith(("postgresql:", "postgres:"))


@asynccontextmanager
async def open_installation(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Installation]:
    """Open the database that the settings name, bring its schema up to date where that is safe, and close it at the end.

    An ephemeral SQLite database lives in a temporary directory that is removed.

    Raises:
        ConfigurationError: the database cannot be opened, or needs `banneret migrate`.
        CatalogueError: the catalogue contradicts itself, or names rules that there are none of.

    """
    scratch = (
        Path(tempfile.mkdtemp(prefix="banneret-")) if settings.ephemeral and not settings.uses_postgresql else None
    )
    try:
        driver = _driver(settings, scratch)
        dialect = "postgresql" if settings.uses_postgresql else "sqlite"
        try:
            # A new database is filled; one that holds data is migrated by `banneret migrate` alone.
            if await schema_version.current(driver) is None:
                await schema_version.migrate(driver, dialect)
            await schema_version.require_current(driver)
            held = clock or SystemClock()
            check_rules(stock_schema())
            store = Store(driver, stock_schema(), postgresql=settings.uses_postgresql)
            journal = Journal(held, rows=settings.journal_rows, days=settings.journal_days)
            yield Installation(store, held, Identifiers(held), settings.secret(), settings, journal)
        finally:
            await driver.close()
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def _driver(settings: Settings, scratch: Path | None) -> Driver:
    if settings.uses_postgresql:
        return PostgresDriver(settings.database_url(), settings.connections, run_time=settings.run_time)
    path = scratch / "banneret.db" if scratch is not None else settings.sqlite_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteDriver(path, synchronous=settings.sqlite_synchronous, run_time=settings.run_time)


def _limits(settings: Settings) -> Limits:
    """Give this process's share of what runs at once (design 5.9)."""
    return Limits(
        requests=max(1, settings.requests_per_user // settings.workers),
        writes=max(1, settings.writes_at_once // settings.workers),
    )


class Application:
    """The ASGI application of an installation, with what runs beside requests."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        gate = Gate(
            installation.store,
            installation.clock,
            installation.identifiers,
            installation.secret,
            Edition(installation.settings.edition),
        )
        service = Service(
            installation.store, gate, installation.clock, installation.usage, _limits(installation.settings)
        )
        documentation = Documentation(
            service,
            installation.store,
            gate,
            installation.clock,
            stock_schema(),
            FormTokens(installation.secret),
            shared_assets(),
            ROOMS,
        )
        pages = site(
            installation.store,
            gate,
            installation.clock,
            installation.secret,
            FormTokens(installation.secret),
            shared_assets(),
        )
        uploads = Uploads(installation.store, gate)
        files = Files(installation.store, gate, installation.usage)
        management = Management(
            installation.store,
            gate,
            installation.clock,
            installation.identifiers,
            installation.secret,
            Edition(installation.settings.edition),
            installation.usage,
            installation.journal,
        )
        openapi = OpenApi(installation.store, gate, stock_schema())
        self._door = FrontDoor(
            WsapiApp(service, uploads, files, documentation, installation.journal),
            installation.store,
            shared_assets(),
            [
                Route("/openapi.json", openapi.answer),
                Route(f"{ROOT}/{{rest:path}}", management.answer, methods=METHODS),
                *pages.routes,
            ],
            pages,
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start what runs beside requests."""
        self._tasks.append(asyncio.create_task(self._write_usage()))
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def stop(self) -> None:
        """Stop it, and write what it still holds."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._installation.usage.flush(self._installation.store, everything=True)
        await self._installation.journal.flush(self._installation.store)

    async def _write_usage(self) -> None:
        installation = self._installation
        while True:
            await asyncio.sleep(_USAGE_PERIOD)
            try:
                await installation.usage.flush(installation.store)
                await installation.journal.flush(installation.store)
            except Exception:  # noqa: BLE001 - the edge of a task that goes on: what is to be written waits for the next time
                _log.exception("use of keys was not written down yet")

    async def _sweep(self) -> None:
        installation = self._installation
        while True:
            await sweep(installation.store, installation.clock, installation.identifiers)
            await installation.journal.forget(installation.store)
            await asyncio.sleep(_SWEEP_PERIOD)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a connection."""
        await self._door(scope, receive, send)


def application(installation: Installation) -> Application:
    """Give the ASGI application of an installation; call `start` before it serves and `stop` after."""
    return Application(installation)
