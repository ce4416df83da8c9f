"""What operations need of a database, said as protocols; `storage` satisfies them, `bootstrap` joins the two.

The docstrings are with the implementations: `storage/reading.py`, `writing.py`, `accounts.py` and `unit.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

    from banneret.access.identity import KeyRecord, SessionRecord, UserRecord
    from banneret.access.landscape import Landscape
    from banneret.access.roles import Permissions
    from banneret.access.sight import Sight
    from banneret.catalogue.model import AttributeDef, Members, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.query.condition import Condition
    from banneret.query.selection import Selection

T = TypeVar("T")
Row: TypeAlias = Sequence[Any]

HEAD = 6
"""What every row of `Reader.page` and `Reader.rows` begins with: oid, uuid, version, type, project, workspace."""


class Reader(Protocol):
    """Questions about objects."""

    async def count(self, selection: Selection, sight: Sight, *, most: int | None = None) -> int:
        """See `storage.reading.Reader`."""
        ...

    async def page(self, selection: Selection, attributes: Sequence[AttributeDef], sight: Sight) -> Sequence[Row]:
        """See `storage.reading.Reader`."""
        ...

    async def rows(
        self,
        candidates: tuple[TypeDef, ...],
        attributes: Sequence[AttributeDef],
        oids: Iterable[int],
        sight: Sight,
        *,
        lock: bool = False,
    ) -> Sequence[Row]:
        """See `storage.reading.Reader`."""
        ...

    async def references(self, oids: Iterable[int], sight: Sight) -> Mapping[int, Row]:
        """See `storage.reading.Reader`."""
        ...

    async def reference_by_uuid(self, uuid: str, sight: Sight) -> Row | None:
        """See `storage.reading.Reader`."""
        ...

    async def member_counts(
        self,
        collections: Sequence[tuple[AttributeDef, tuple[TypeDef, ...], Condition | None]],
        owners: Iterable[int],
        sight: Sight,
    ) -> dict[str, dict[int, int]]:
        """See `storage.reading.Reader`."""
        ...

    async def summary(
        self,
        attribute: AttributeDef,
        members: tuple[TypeDef, ...],
        where: Condition | None,
        by: tuple[AttributeDef, ...],
        owners: Iterable[int],
        sight: Sight,
    ) -> Sequence[Row]:
        """See `storage.reading.Reader`."""
        ...

    async def linked_names(
        self,
        attribute: AttributeDef,
        members: tuple[TypeDef, ...],
        owners: Iterable[int],
        extra: Sequence[AttributeDef],
        sight: Sight,
    ) -> Mapping[int, Sequence[Row]]:
        """See `storage.reading.Reader`."""
        ...


class Writer(Protocol):
    """Changes, gathered until `flush`."""

    async def flush(self) -> None:
        """See `storage.writing.Writer`."""
        ...

    async def next_object_id(self, workspace: int | None) -> int:
        """See `storage.writing.Writer`."""
        ...

    async def next_number(self, scope: int, name: str) -> int:
        """See `storage.writing.Writer`."""
        ...

    async def lock(self, table: str, oid: int) -> bool:
        """See `storage.writing.Writer`."""
        ...

    async def raise_number(self, scope: int, name: str, least: int) -> None:
        """See `storage.writing.Writer`."""
        ...

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """See `storage.writing.Writer`."""
        ...

    def update(self, table: str, key: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """See `storage.writing.Writer`."""
        ...

    def delete(self, table: str, key: Mapping[str, Any]) -> None:
        """See `storage.writing.Writer`."""
        ...

    async def fetch(self, table: str, key: Mapping[str, Any], columns: Sequence[str]) -> Sequence[Row]:
        """See `storage.writing.Writer`."""
        ...

    def add_object(  # noqa: PLR0913 - as the implementation
        self,
        item: TypeDef,
        *,
        oid: int,
        uuid: str,
        values: Mapping[AttributeDef, Any],
        custom_fields: str,
        workspace: int | None,
        project: int | None,
        name: str | None,
        directory_project: int | None,
    ) -> None:
        """See `storage.writing.Writer`."""
        ...

    def change_object(
        self,
        item: TypeDef,
        oid: int,
        *,
        values: Mapping[AttributeDef, Any],
        custom_fields: str | None,
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        """See `storage.writing.Writer`."""
        ...

    def replace_value(self, item: TypeDef, attribute: AttributeDef, workspace: int | None, old: str, new: str) -> None:
        """See `storage.writing.Writer`."""
        ...

    async def replace_prefix(self, item: TypeDef, workspace: int | None, old: str, new: str) -> None:
        """See `storage.writing.Writer`."""
        ...

    def remove_object(self, item: TypeDef, oid: int) -> None:
        """See `storage.writing.Writer`."""
        ...

    async def stored_row(self, item: TypeDef, oid: int) -> dict[str, Any] | None:
        """See `storage.writing.Writer`."""
        ...

    def put_back(self, item: TypeDef, row: Mapping[str, Any], name: str | None) -> None:
        """See `storage.writing.Writer`."""
        ...

    async def inbound(self, oid: int, references: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
        """See `storage.writing.Writer`."""
        ...

    def column_of(self, item: TypeDef, attribute: AttributeDef) -> tuple[str, str] | None:
        """See `storage.writing.Writer`."""
        ...

    async def links(self, relation: str, owner: int, *, reverse: bool) -> list[int]:
        """See `storage.writing.Writer`."""
        ...

    def add_link(self, relation: str, owner: int, member: int, *, reverse: bool) -> None:
        """See `storage.writing.Writer`."""
        ...

    def remove_link(self, relation: str, owner: int, member: int, *, reverse: bool) -> None:
        """See `storage.writing.Writer`."""
        ...


class Accounts(Protocol):
    """Look-ups that authentication makes."""

    async def user(self, user_name: str) -> UserRecord | None:
        """See `storage.accounts.Accounts`."""
        ...

    async def user_by_oid(self, oid: int) -> UserRecord | None:
        """See `storage.accounts.Accounts`."""
        ...

    async def strays(self, name: bytes) -> list[str]:
        """See `storage.accounts.Accounts`."""
        ...

    async def forget_strays(self, before: str) -> None:
        """See `storage.accounts.Accounts`."""
        ...

    async def forget_challenges(self, before: str) -> None:
        """See `storage.accounts.Accounts`."""
        ...

    async def key(self, lookup: bytes) -> tuple[KeyRecord, UserRecord, int] | None:
        """See `storage.accounts.Accounts`."""
        ...

    async def key_by_oid(self, oid: int) -> tuple[KeyRecord, UserRecord] | None:
        """See `storage.accounts.Accounts`."""
        ...

    async def keys(self, user: int | None) -> list[dict[str, Any]]:
        """See `storage.accounts.Accounts`."""
        ...

    async def keys_ended_before(self, moment: str) -> list[int]:
        """See `storage.accounts.Accounts`."""
        ...

    async def forget_sessions(self, user: int, ended_before: str) -> None:
        """See `storage.accounts.Accounts`."""
        ...

    async def session(self, identifier: bytes) -> tuple[SessionRecord, UserRecord, str] | None:
        """See `storage.accounts.Accounts`."""
        ...


class JournalRows(Protocol):
    """What keys were used for."""

    async def add(self, requests: Sequence[Sequence[Any]]) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def count(self, hours: Sequence[Sequence[int]]) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def refuse(self, counts: Mapping[int, int]) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def keep_latest(self, keys: Iterable[int], rows: int) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def meet(self, clients: Sequence[Sequence[Any]]) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def keep_last_met(self, keys: Iterable[int], rows: int) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def clients(self, key: int, since: int) -> Sequence[Row]:
        """See `storage.journal.Journal`."""
        ...

    async def forget_before(self, number: int, hour: int, moment: int) -> None:
        """See `storage.journal.Journal`."""
        ...

    async def requests(self, key: int, before: int, count: int, wanted: Mapping[str, Any]) -> Sequence[Row]:
        """See `storage.journal.Journal`."""
        ...

    async def hours(self, key: int, since: int) -> Sequence[Row]:
        """See `storage.journal.Journal`."""
        ...


class Roster(Protocol):
    """Lists of users."""

    async def page(
        self, where: Mapping[str, Any], order: str, *, descending: bool, start: int, count: int
    ) -> Sequence[Row]:
        """See `storage.roster.Roster`."""
        ...

    async def count(self, where: Mapping[str, Any]) -> int:
        """See `storage.roster.Roster`."""
        ...


class Transaction(Protocol):
    """One unit of work."""

    @property
    def stock(self) -> Schema:
        """The stock catalogue."""
        ...

    @property
    def reader(self) -> Reader:
        """Questions about objects."""
        ...

    @property
    def writer(self) -> Writer:
        """Changes."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Keys, passwords and sessions."""
        ...

    @property
    def journal(self) -> JournalRows:
        """What keys were used for."""
        ...

    @property
    def roster(self) -> Roster:
        """Lists of users."""
        ...

    async def landscape(self, epoch: int | None = None) -> Landscape | None:
        """See `storage.unit.Transaction`."""
        ...

    async def permissions(
        self, user: int, landscape: Landscape, *, subscription_admin: bool
    ) -> tuple[Permissions, Sight]:
        """See `storage.unit.Transaction`."""
        ...

    async def ranks(
        self, types: tuple[TypeDef, ...], mark: tuple[str, int] | None, *, down: bool, count: int
    ) -> Sequence[Row]:
        """See `storage.unit.Transaction`."""
        ...

    async def trail(self, *, where: Mapping[str, Any], kinds: Collection[str], count: int) -> Sequence[Row]:
        """See `storage.unit.Transaction`."""
        ...

    async def groups(
        self,
        children: tuple[TypeDef, ...],
        members: Members,
        by: tuple[str, ...],
        figures: tuple[str, ...],
        owners: Iterable[int],
    ) -> Sequence[Row]:
        """See `storage.unit.Transaction`."""
        ...

    async def events(self, oid: int, *, after: int, upto: int) -> Sequence[Row]:
        """See `storage.unit.Transaction`."""
        ...

    async def depths(self, item: TypeDef, attribute: AttributeDef, oids: Iterable[int]) -> dict[int, int]:
        """See `storage.unit.Transaction`."""
        ...

    stale: dict[int, set[str]]
    concluding: Callable[[], Awaitable[None]] | None

    @property
    def touched(self) -> bool:
        """Whether this unit changed what the landscape or permissions are made of."""
        ...

    async def spread(
        self, item: TypeDef, parent: AttributeDef, attribute: AttributeDef, oid: int, value: int | None
    ) -> None:
        """See `storage.unit.Transaction`."""
        ...

    async def conclude(self) -> None:
        """See `storage.unit.Transaction`."""
        ...

    async def attempt(self, work: Callable[[], Awaitable[T]]) -> T:
        """See `storage.unit.Transaction`."""
        ...

    async def abandoned(self, before: str, count: int) -> list[int]:
        """See `storage.unit.Transaction`."""
        ...

    async def unused(self, item: TypeDef, before: str, count: int) -> list[tuple[int, int | None]]:
        """See `storage.unit.Transaction`."""
        ...

    async def touch(self) -> None:
        """See `storage.unit.Transaction`."""
        ...


class Store(Protocol):
    """Runs units of work."""

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """See `storage.unit.Store`."""
        ...

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """See `storage.unit.Store`."""
        ...
