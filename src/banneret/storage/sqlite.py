"""SQLite in the event loop: one writer, one reader, and reader threads for what takes long.

A statement takes microseconds, a thread costs more than it saves; so work runs where it is called. Writers that arrive
together share one commit and so one fsync: each has a savepoint of its own, and none is answered before the commit. A
read that runs past its budget of virtual machine steps is interrupted and run again on a thread.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar, cast

import apsw

from banneret.kernel.errors import ConfigurationError, Conflict, RunTimeExceeded
from banneret.storage.driver import DEFAULT_RUN_TIME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from pathlib import Path

    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statement

T = TypeVar("T")

_READ_BUDGET = 0.005
"""Seconds of computing, not of waiting for a busy machine, after which a read leaves the event loop."""

_STEPS = 20_000
"""Virtual machine steps between looks at the time, well under a millisecond."""

_ATTEMPTS = 5
"""How often a write is tried whose group was given up for another one's sake."""

_LOCK_WAIT = 10.0
"""Seconds that a write waits for another process's lock before it fails."""


class _GroupLostError(Exception):
    """SQLite gave up the transaction that several writes shared, because it interrupted one of them."""


class _SqliteConnection:
    def __init__(self, raw: apsw.Connection, until: float, run_time: float) -> None:
        self._execute = raw.execute
        self._until = until
        self._run_time = run_time
        self.queries = 0

    async def fetch(self, statement: Statement, values: dict[str, Any]) -> Sequence[Row]:
        self.queries += 1
        if time.monotonic() > self._until:
            raise RunTimeExceeded(self._run_time)
        return self._execute(statement.sql, statement.bind(values)).fetchall()

    async def write_all(self, writes: Sequence[tuple[Statement, dict[str, Any]]]) -> None:
        execute = self._execute
        self.queries += len(writes)
        for statement, values in writes:
            execute(statement.sql, statement.bind(values))

    async def script(self, sql: str) -> None:
        self._execute(sql).fetchall()


def _run(work: Awaitable[T]) -> T:
    """Run a coroutine that never suspends."""
    coroutine: Coroutine[object, None, T] = work  # type: ignore[assignment]
    try:
        coroutine.send(None)
    except StopIteration as finished:
        return finished.value  # type: ignore[no-any-return]
    coroutine.close()
    message = "a unit of work on SQLite waited for something that is not the database"
    raise RuntimeError(message)


class SqliteDriver:
    """A database file, or a throw-away one in memory is not offered: use a file in a temporary directory."""

    def __init__(
        self, path: Path, *, synchronous: str = "FULL", readers: int = 2, run_time: float = DEFAULT_RUN_TIME
    ) -> None:
        self._path = path
        self._synchronous = synchronous
        self.run_time = run_time
        self._writer = self._open()
        self._until = math.inf
        self._writer.set_progress_handler(lambda: time.monotonic() > self._until, _STEPS)
        self._reader = self._open()
        self._deadline = math.inf
        self._reader.set_progress_handler(lambda: time.thread_time() > self._deadline, _STEPS)
        self._group: asyncio.Future[None] | None = None
        self._turn = asyncio.Lock()
        self._threads = ThreadPoolExecutor(readers, "sqlite-reader")
        self._local = threading.local()
        self._all: list[apsw.Connection] = [self._writer, self._reader]

    def _open(self) -> apsw.Connection:
        try:
            raw = apsw.Connection(str(self._path), statementcachesize=1000)
            raw.execute("pragma journal_mode = wal").fetchall()
            raw.execute(f"pragma synchronous = {self._synchronous}")
            raw.execute("pragma cache_size = -65536")
            raw.execute("pragma mmap_size = 1073741824").fetchall()
            raw.execute("pragma temp_store = memory")
            raw.execute("pragma foreign_keys = off")
        except apsw.Error as error:
            message = f"cannot open {self._path}: {error}"
            raise ConfigurationError(message) from error
        raw.create_scalar_function("lower_text", cast("Any", _lower_text), 1, deterministic=True)
        return raw

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work` on a snapshot, in the loop while it is quick, on a thread when it is not."""
        try:
            return self._snapshot(work)
        except apsw.InterruptError:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._on_thread, work)

    def _on_thread(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        local = self._local
        raw: apsw.Connection | None = getattr(local, "raw", None)
        if raw is None:
            local.until = math.inf
            raw = local.raw = self._open()
            raw.set_progress_handler(lambda: time.monotonic() > local.until, _STEPS)
            self._all.append(raw)
        raw.execute("begin")
        until = local.until = time.monotonic() + self.run_time
        try:
            return _run(work(_SqliteConnection(raw, until, self.run_time)))
        except apsw.InterruptError as error:
            raise RunTimeExceeded(self.run_time) from error
        finally:
            local.until = math.inf
            raw.execute("rollback")

    def _snapshot(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        raw = self._reader
        raw.execute("begin")
        # SQLite counts a kept statement's steps over all its runs, so that any run of any statement may be
        # interrupted; those that begin and end the transaction must not be.
        self._deadline = time.thread_time() + _READ_BUDGET
        try:
            return _run(work(_SqliteConnection(raw, math.inf, self.run_time)))
        finally:
            self._deadline = math.inf
            raw.execute("rollback")

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work` under a savepoint and answer when the group that it belongs to is on disk."""
        for _ in range(_ATTEMPTS):
            try:
                return await self._write(work)
            except _GroupLostError:
                continue
        message = "Other writes that shared a transaction with this one were interrupted."
        raise Conflict(message)

    async def _write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        if self._group is None:
            async with self._turn:
                if self._group is None:
                    await self._begin()
        group = self._group
        if group is None:
            message = "the group of writes ended before it began"
            raise RuntimeError(message)
        execute = self._writer.execute
        execute("savepoint w")
        until = self._until = time.monotonic() + self.run_time
        try:
            result = _run(work(_SqliteConnection(self._writer, until, self.run_time)))
        except BaseException as error:
            self._until = math.inf
            if self._writer.get_autocommit():
                # An interrupted change takes the whole transaction with it: the group's other writes begin anew.
                self._group = None
                group.set_exception(_GroupLostError())
            else:
                execute("rollback to w")
                execute("release w")
            if isinstance(error, apsw.InterruptError):
                raise RunTimeExceeded(self.run_time) from error
            raise
        self._until = math.inf
        execute("release w")
        await asyncio.shield(group)
        return result

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _LOCK_WAIT
        pause = 0.001
        while True:
            try:
                self._writer.execute("begin immediate")
                break
            except apsw.BusyError as error:
                if loop.time() > deadline:
                    message = f"The database is busy: another process has held it for {_LOCK_WAIT:g} seconds."
                    raise Conflict(message) from error
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.05)
        self._group = loop.create_future()
        # A failure is told to each writer of the group; nobody may be left to hear it.
        self._group.add_done_callback(lambda group: group.exception())
        loop.call_soon(self._commit)

    def _commit(self) -> None:
        group, self._group = self._group, None
        if group is None:
            return
        try:
            self._writer.execute("commit")
        except apsw.Error as error:
            if not self._writer.get_autocommit():
                self._writer.execute("rollback")
            group.set_exception(error)
        else:
            group.set_result(None)

    async def script(self, sql: str) -> None:
        """Run several statements in one transaction."""
        self._writer.execute("begin immediate")
        try:
            self._writer.execute(sql).fetchall()
        except BaseException:
            self._writer.execute("rollback")
            raise
        self._writer.execute("commit")

    async def close(self) -> None:
        """Commit what is open, stop the threads and close the file."""
        self._commit()
        self._threads.shutdown(wait=True)
        for raw in self._all:
            raw.close()


def _lower_text(text: Any = None) -> Any:
    return text.lower() if isinstance(text, str) else text
