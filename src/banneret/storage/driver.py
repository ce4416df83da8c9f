"""What the two databases offer alike: run statements inside one unit of work.

`Store.read` and `Store.write` take a function of a transaction and run it. On SQLite that function never suspends; on PostgreSQL
it waits for the network. A read may be run twice (see `sqlite.py`), so it must change nothing outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from banneret.storage.statements import Statement

T = TypeVar("T")
Row = tuple[Any, ...]


DEFAULT_RUN_TIME = 300.0
"""Seconds that a unit of work may take before it is interrupted with `RunTimeExceeded`; Rally's own limit (KB 125586)."""


class Connection(Protocol):
    """One transaction's way to the database."""

    queries: int
    """How many statements ran, for the guards on hot paths."""

    async def fetch(self, statement: Statement, values: dict[str, Any]) -> Sequence[Row]:
        """Run one statement and give its rows."""
        ...

    async def write_all(self, writes: Sequence[tuple[Statement, dict[str, Any]]]) -> None:
        """Run statements that do not depend on each other's effects and whose rows nobody wants."""
        ...

    async def script(self, sql: str) -> None:
        """Run several statements without parameters, as one text (migrations)."""
        ...


class Driver(Protocol):
    """A database that runs units of work."""

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work` on a snapshot."""
        ...

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `work` in a transaction: all of it is kept, and on disk, before this returns, or none of it."""
        ...

    async def script(self, sql: str) -> None:
        """Run several statements without parameters, in one transaction (migrations)."""
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...
