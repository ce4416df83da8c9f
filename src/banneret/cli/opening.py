"""What commands share: the opened installation, the server's own context in it, and a bar for what takes long."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from banneret.kernel.errors import ConfigurationError, ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from banneret.access.identity import UserRecord
    from banneret.bootstrap import Installation
    from banneret.operations.context import Context
    from banneret.operations.ports import Transaction
    from banneret.settings import Settings

T = TypeVar("T")
_PATIENCE = 1.0
"""Seconds after which a bar is shown."""


def run(settings: Settings, work: Callable[[Installation], Awaitable[T]]) -> T:
    """Open the installation, do something with it, and close it."""
    from banneret.bootstrap import open_installation

    async def whole() -> T:
        async with open_installation(settings) as installation:
            return await work(installation)

    return asyncio.run(whole())


async def as_server(installation: Installation, work: Callable[[Context], Awaitable[T]], *, reading: bool = False) -> T:
    """Do something in one unit of work as the server itself, which may do anything.

    `reading`: it changes nothing, may be run twice, and keeps nobody from writing.

    Raises:
        ConfigurationError: there is no installation in the database yet.

    """
    from banneret.operations.context import server_context

    async def unit_of_work(unit: Transaction) -> T:
        landscape = await unit.landscape()
        if landscape is None:
            raise ConfigurationError(
                "the database is empty: `banneret load` a scenario, or `banneret users create` first"
            )
        return await work(server_context(unit, landscape, installation.clock.now(), installation.identifiers))

    return await (installation.store.read if reading else installation.store.write)(unit_of_work)


async def user_named(context: Context, name: str) -> UserRecord:
    """Give the user of that name, in any case.

    Raises:
        ObjectNotFound: there is none.

    """
    user = await context.unit.accounts.user(name)
    if user is None or user.deleted:
        raise ObjectNotFound(f"there is no user {name}")
    return user


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done out of how much; a bar is drawn on a terminal once it takes long."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), transient=True)
    begun = time.perf_counter()
    task = progress.add_task(label, total=None)

    def tell(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)
        if not progress.live.is_started and time.perf_counter() - begun > _PATIENCE:
            progress.start()

    try:
        yield tell
    finally:
        progress.stop()
