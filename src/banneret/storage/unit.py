"""The unit of work: one request, one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from banneret.kernel.errors import BanneretError
from banneret.storage import contents
from banneret.storage.accounts import Accounts
from banneret.storage.audit import trail
from banneret.storage.events import of_object
from banneret.storage.grouping import climb, groups, spread
from banneret.storage.journal import Journal
from banneret.storage.landscape import LandscapeReader
from banneret.storage.ranking import nearest
from banneret.storage.reading import Reader
from banneret.storage.roster import Roster
from banneret.storage.statements import PostgresDialect, SqliteDialect, Statements
from banneret.storage.tables import Layout
from banneret.storage.writing import ObjectIds, Writer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence

    from banneret.access.landscape import Landscape
    from banneret.access.roles import Permissions
    from banneret.access.sight import Sight
    from banneret.catalogue.model import AttributeDef, Members, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.storage.driver import Connection, Driver, Row

T = TypeVar("T")

_REMEMBERED_USERS = 10_000


class _Remembered:
    """What this process read of one epoch."""

    def __init__(self) -> None:
        self.landscape: Landscape | None = None
        self.permissions: dict[int, tuple[Permissions, Sight]] = {}


class Transaction:
    """One unit of work: everything that operations may ask of the database or change in it.

    `stale` are objects whose figures, by the name of the rule, are to be made anew before the unit ends; `concluding` does that.
    """

    def __init__(self, connection: Connection, store: Store) -> None:
        self._connection = connection
        self._store = store
        self.touched = False
        self.stale: dict[int, set[str]] = {}
        self.concluding: Callable[[], Awaitable[None]] | None = None
        self.stock = store.stock
        self.reader = Reader(connection, store.layout, store.statements)
        self.writer = Writer(connection, store.layout, store.statements, store.object_ids)
        self.accounts = Accounts(connection, store.layout, store.statements)
        self.journal = Journal(connection, store.layout, store.statements)
        self.roster = Roster(connection, store.layout, store.statements)
        self._landscapes = LandscapeReader(connection, store.layout, store.statements, store.stock)

    @property
    def queries(self) -> int:
        """How many statements ran so far."""
        return self._connection.queries

    async def landscape(self, epoch: int | None = None) -> Landscape | None:
        """Give the landscape as of now; `epoch` spares the question when the caller knows it already."""
        await self.writer.flush()
        current = await self._landscapes.epoch() if epoch is None or self.touched else epoch
        remembered = self._store.remembered
        if remembered.landscape is not None and remembered.landscape.epoch == current and not self.touched:
            return remembered.landscape
        read = await self._landscapes.read(current)
        if read is not None and not self.touched:
            fresh = _Remembered()
            fresh.landscape = read
            self._store.remembered = fresh
        return read

    async def permissions(
        self, user: int, landscape: Landscape, *, subscription_admin: bool
    ) -> tuple[Permissions, Sight]:
        """Give what a user was granted and what he sees by it."""
        remembered = self._store.remembered
        fresh = remembered.landscape is landscape and not self.touched
        held = remembered.permissions.get(user) if fresh else None
        if held is not None and held[0].subscription_admin == subscription_admin:
            return held
        granted = await self._landscapes.permissions(user, landscape, subscription_admin=subscription_admin)
        held = granted, landscape.sight(granted, user)
        if fresh:
            if len(remembered.permissions) >= _REMEMBERED_USERS:
                remembered.permissions.clear()
            remembered.permissions[user] = held
        return held

    async def ranks(
        self, types: tuple[TypeDef, ...], mark: tuple[str, int] | None, *, down: bool, count: int
    ) -> Sequence[Row]:
        """Give `(rank, ObjectID)` of objects next to a mark, nearest first; see `storage.ranking`."""
        await self.writer.flush()
        layout, statements = self._store.layout, self._store.statements
        return await nearest(self._connection, layout, statements, types, mark, down=down, count=count)

    async def events(self, oid: int, *, after: int, upto: int) -> Sequence[Row]:
        """Give who made an object's versions above `after` up to `upto`; see `storage.events`."""
        await self.writer.flush()
        layout, statements = self._store.layout, self._store.statements
        return await of_object(self._connection, layout, statements, oid, after=after, upto=upto)

    async def trail(self, *, where: Mapping[str, Any], kinds: Collection[str], count: int) -> Sequence[Row]:
        """Give events of administration, newest first; see `storage.audit`."""
        await self.writer.flush()
        return await trail(
            self._connection, self._store.layout, self._store.statements, where=where, kinds=kinds, count=count
        )

    async def groups(
        self,
        children: tuple[TypeDef, ...],
        members: Members,
        by: tuple[str, ...],
        figures: tuple[str, ...],
        owners: Iterable[int],
    ) -> Sequence[Row]:
        """Give what the children of objects add up to; see `storage.grouping`."""
        await self.writer.flush()
        layout, statements = self._store.layout, self._store.statements
        return await groups(self._connection, layout, statements, children, members, by, figures, owners)

    async def depths(self, item: TypeDef, attribute: AttributeDef, oids: Iterable[int]) -> dict[int, int]:
        """Give how many objects stand above each of these by an attribute that refers to their own kind."""
        await self.writer.flush()
        place = self.writer.column_of(item, attribute)
        if place is None:
            return {}
        layout, statements = self._store.layout, self._store.statements
        return await climb(self._connection, layout, statements, *place, oids)

    async def spread(
        self, item: TypeDef, parent: AttributeDef, attribute: AttributeDef, oid: int, value: int | None
    ) -> None:
        """Give everything below an object the same value of an attribute, in the row alone; see `storage.grouping`."""
        await self.writer.flush()
        up, column = self.writer.column_of(item, parent), self.writer.column_of(item, attribute)
        if up is not None and column is not None:
            layout, statements = self._store.layout, self._store.statements
            await spread(self._connection, layout, statements, *up, column[1], oid, value)

    async def conclude(self) -> None:
        """Do what is left to do before the unit ends: operations say what that is (`concluding`)."""
        if self.concluding is not None:
            await self.concluding()
        await self.writer.flush()

    async def abandoned(self, before: str, count: int) -> list[int]:
        """Give uploads that never ended; see `storage.contents`."""
        await self.writer.flush()
        return await contents.abandoned(self._connection, self._store.layout, self._store.statements, before, count)

    async def unused(self, item: TypeDef, before: str, count: int) -> list[tuple[int, int | None]]:
        """Give holders of content that nothing uses; see `storage.contents`."""
        await self.writer.flush()
        layout, statements = self._store.layout, self._store.statements
        return await contents.unused(self._connection, layout, statements, item, before, count)

    async def attempt(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run a part of the unit: when it raises, nothing of it was ever done and the unit goes on without it."""
        await self.writer.flush()
        touched, blocks = self.touched, dict(self.writer.blocks)
        stale = {oid: set(names) for oid, names in self.stale.items()}
        await self._connection.script("SAVEPOINT attempt")
        try:
            result = await work()
            await self.writer.flush()
        except BaseException:
            self.writer.discard()
            await self._connection.script("ROLLBACK TO attempt; RELEASE attempt")
            self.touched, self.writer.blocks, self.stale = touched, blocks, stale
            raise
        await self._connection.script("RELEASE attempt")
        return result

    async def touch(self) -> None:
        """Say that this unit changes what the landscape or somebody's permissions are made of."""
        if not self.touched:
            self.touched = True
            await self.writer.advance_epoch("access")


class Store:
    """The database of an installation. `layout` and `statements` may be shared by stores of one schema and dialect."""

    def __init__(
        self,
        driver: Driver,
        stock: Schema,
        *,
        postgresql: bool,
        layout: Layout | None = None,
        statements: Statements | None = None,
    ) -> None:
        self.driver = driver
        self.stock = stock
        self.layout = layout or Layout(stock)
        self.statements = statements or Statements(PostgresDialect() if postgresql else SqliteDialect())
        self.object_ids = ObjectIds()
        self.remembered = _Remembered()

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run a reading unit of work. It may be run twice, so it must change nothing outside."""
        return await self.driver.read(lambda connection: work(Transaction(connection, self)))

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run a writing unit of work: when this returns, all of it is on disk; when it raises, nothing of it ever was."""
        blocks: dict[int, range] = {}
        units: list[Transaction] = []

        async def whole(connection: Connection) -> T:
            unit = Transaction(connection, self)
            units.append(unit)
            result = await work(unit)
            await unit.conclude()
            blocks.update(unit.writer.blocks)
            return result

        try:
            result = await self.driver.write(whole)
        except BaseException:
            if any(unit.touched for unit in units):
                # What others read of a unit that came to nothing was never true.
                self.remembered = _Remembered()
            raise
        self.object_ids.publish(blocks)
        return result

    async def alive(self) -> bool:
        """Whether the database answers and holds an installation."""
        try:
            return await self.read(lambda unit: unit.landscape()) is not None
        except (BanneretError, OSError):
            return False

    async def close(self) -> None:
        """Give the database back."""
        await self.driver.close()
