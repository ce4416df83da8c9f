"""PostgreSQL through asyncpg: held connections, prepared statements, writes of one unit joined into one statement.

Reads run statement by statement without a transaction around them: a round trip is what a read costs. Writes run in a
transaction and lock the rows that they change.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from banneret.kernel.errors import ConcurrencyConflict, ConfigurationError, RunTimeExceeded
from banneret.storage.driver import DEFAULT_RUN_TIME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statement

T = TypeVar("T")

_NUMBERED = re.compile(r"\$(\d+)")
_CACHED_CHAINS = 2000
_SETTINGS = {"plan_cache_mode": "force_generic_plan"}
"""A statement of ours is prepared once and run often: planning it anew costs several times what running it does."""
_ATTEMPTS = 5
_CARELESS = 0.01
"""The part of the run time that passes before a unit of work looks at it more closely than PostgreSQL does."""

_GIVEN_UP = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.UniqueViolationError)
"""What a transaction fails with when another one was in its way; tried again, it finds what the other one did."""

_LOST = (
    *(asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError),
    *(asyncpg.InterfaceError, asyncpg.InternalClientError, OSError),
)
"""What a statement fails with when its connection is gone."""


_INTERRUPTED = (TimeoutError, asyncpg.QueryCanceledError)


class _PostgresConnection:
    def __init__(self, raw: asyncpg.Connection, chains: dict[tuple[str, ...], str], run_time: float) -> None:
        self._raw = raw
        self._chains = chains
        self._run_time = run_time
        self._began = time.monotonic()
        self.queries = 0

    def _left(self) -> float | None:
        """Give the seconds that a statement may take; None while the server's own limit for each is near enough, and cheaper.

        Raises:
            RunTimeExceeded: no more are left.

        """
        used = time.monotonic() - self._began
        if used < self._run_time * _CARELESS:
            return None
        if used >= self._run_time:
            raise RunTimeExceeded(self._run_time)
        return self._run_time - used

    async def fetch(self, statement: Statement, values: dict[str, Any]) -> Sequence[Row]:
        self.queries += 1
        try:
            found: Sequence[Any] = await self._raw.fetch(statement.sql, *statement.bind(values), timeout=self._left())
        except _INTERRUPTED as error:
            raise RunTimeExceeded(self._run_time) from error
        return found

    async def write_all(self, writes: Sequence[tuple[Statement, dict[str, Any]]]) -> None:
        if not writes:
            return
        self.queries += 1
        key = tuple(statement.sql for statement, _ in writes)
        sql = self._chains.get(key)
        if sql is None:
            sql = _chain(writes)
            if len(self._chains) > _CACHED_CHAINS:
                self._chains.clear()
            self._chains[key] = sql
        arguments = [value for statement, values in writes for value in statement.bind(values)]
        try:
            await self._raw.execute(sql, *arguments, timeout=self._left())
        except _INTERRUPTED as error:
            raise RunTimeExceeded(self._run_time) from error

    async def script(self, sql: str) -> None:
        await self._raw.execute(sql)


def _chain(writes: Sequence[tuple[Statement, dict[str, Any]]]) -> str:
    """Join writes into one statement, `with w0 as (…), w1 as (…) …`, their parameters numbered anew."""
    parts = []
    offset = 0
    for statement, _ in writes:
        shift = offset
        parts.append(_NUMBERED.sub(lambda match, shift=shift: f"${int(match[1]) + shift}", statement.sql))  # type: ignore[misc]
        offset += len(statement.names)
    *heads, last = parts
    if not heads:
        return last
    return "WITH " + ", ".join(f"w{n} AS ({part})" for n, part in enumerate(heads)) + " " + last


def _give_up(raw: asyncpg.Connection, error: Exception) -> None:
    """Close a connection that is lost. Values that do not fit their parameters are InterfaceErrors too, and ours to mend."""
    if isinstance(error, ValueError):
        raise error
    raw.terminate()


class PostgresDriver:
    """A pool of connections that are kept open."""

    def __init__(self, url: str, size: int, *, run_time: float = DEFAULT_RUN_TIME) -> None:
        self.url = url
        self.run_time = run_time
        self._settings = {**_SETTINGS, "statement_timeout": str(max(1, int(run_time * 1000)))}
        self._free: asyncio.LifoQueue[asyncpg.Connection | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)
        self._open: set[asyncpg.Connection] = set()
        self._chains: dict[tuple[str, ...], str] = {}

    async def _take(self) -> asyncpg.Connection:
        raw = self._free.get_nowait() if not self._free.empty() else await self._wait_for_one()
        if raw is not None and not raw.is_closed():
            return raw
        if raw is not None:
            self._open.discard(raw)
        try:
            made = await asyncpg.connect(self.url, statement_cache_size=1000, server_settings=self._settings)
        except (OSError, asyncpg.PostgresError) as error:
            self._free.put_nowait(None)
            message = f"cannot connect to PostgreSQL: {error}"
            raise ConfigurationError(message) from error
        except BaseException:
            self._free.put_nowait(None)
            raise
        self._open.add(made)
        return made

    async def _wait_for_one(self) -> asyncpg.Connection | None:
        try:
            return await asyncio.wait_for(self._free.get(), self.run_time)
        except TimeoutError as error:
            raise RunTimeExceeded(self.run_time) from error

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work` on a connection, each statement by itself; once more where the connection turns out to be lost."""
        lost: Exception | None = None
        for _ in range(_ATTEMPTS):
            raw = await self._take()
            try:
                return await work(_PostgresConnection(raw, self._chains, self.run_time))
            except _LOST as error:
                _give_up(raw, error)
                lost = error
            finally:
                self._free.put_nowait(raw)
        message = f"lost the connection to PostgreSQL: {lost}"
        raise ConfigurationError(message) from lost

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work` in a transaction; once more where PostgreSQL gave it up for another one's sake, or was lost before its end."""
        cause: Exception | None = None
        for _ in range(_ATTEMPTS):
            raw = await self._take()
            finished = False
            try:
                async with raw.transaction():
                    result = await work(_PostgresConnection(raw, self._chains, self.run_time))
                    finished = True
                return result
            except _GIVEN_UP as error:
                cause = error
            except _LOST as error:
                _give_up(raw, error)
                if finished:
                    # Whether the commit arrived cannot be known, so it must not be done twice.
                    message = "lost the connection to PostgreSQL while it was committing"
                    raise ConfigurationError(message) from error
                cause = error
            finally:
                self._free.put_nowait(raw)
        if isinstance(cause, asyncpg.UniqueViolationError):
            raise cause
        raise ConcurrencyConflict("PersistableObject", 0) from cause

    async def script(self, sql: str) -> None:
        """Run several statements in one transaction."""
        raw = await self._take()
        try:
            async with raw.transaction():
                # A migration takes as long as there is data.
                await raw.execute("SET LOCAL statement_timeout = 0")
                await raw.execute(sql)
        finally:
            self._free.put_nowait(raw)

    async def close(self) -> None:
        """Close every connection."""
        for raw in self._open:
            await raw.close()
