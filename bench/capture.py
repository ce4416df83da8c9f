"""Notes the statements that the product runs for a request, as the driver gets them: SQL text and values in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Ran:
    """One call to the database: one statement that is fetched from, or writes that go together."""

    statements: list[tuple[str, list[Any]]]
    fetched: bool
    rows: Sequence[Sequence[Any]] = ()


@dataclass
class Notes:
    """Everything that one request asked of the database, in order; `counted` are the collections of each count statement."""

    ran: list[Ran] = field(default_factory=list)
    counted: list[list[str]] = field(default_factory=list)


class _Noting:
    def __init__(self, inner: Any, notes: Notes) -> None:
        self._inner = inner
        self._notes = notes

    @property
    def queries(self) -> int:
        return int(self._inner.queries)

    async def fetch(self, statement: Any, values: dict[str, Any]) -> Any:
        rows = await self._inner.fetch(statement, values)
        self._notes.ran.append(Ran([(statement.sql, statement.bind(values))], fetched=True, rows=rows))
        return rows

    async def write_all(self, writes: Sequence[Any]) -> None:
        if writes:
            statements = [(statement.sql, statement.bind(values)) for statement, values in writes]
            self._notes.ran.append(Ran(statements, fetched=False))
        await self._inner.write_all(writes)


class Recorder:
    """Stands between a store and its driver."""

    def __init__(self, store: Any) -> None:
        self.notes = Notes()
        driver = store.driver
        read, write = driver.read, driver.write

        def begin(raw: Any, work: Any) -> Any:
            # A read that took long is run again from the start.
            self.notes.ran.clear()
            return work(_Noting(raw, self.notes))

        driver.read = lambda work: read(lambda raw: begin(raw, work))
        driver.write = lambda work: write(lambda raw: begin(raw, work))

    def take(self) -> list[Ran]:
        """Give what was noted since the last time."""
        found = list(self.notes.ran)
        self.notes.ran.clear()
        return found
