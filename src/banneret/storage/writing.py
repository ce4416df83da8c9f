"""Writing rows. Writes are gathered and sent together at `flush`: on PostgreSQL as one statement, on SQLite one by one."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.kernel.ids import BLOCK_SIZE, FIRST_BLOCK
from banneret.storage import search
from banneret.storage.tables import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statement, Statements
    from banneret.storage.tables import Layout


class ObjectIds:
    """The blocks of ObjectIDs that this process holds, one a workspace (0: none).

    A block taken inside a unit of work belongs to that unit alone until it commits: were it shared before, a rollback would
    give its numbers away twice.
    """

    def __init__(self) -> None:
        self._shared: dict[int, range] = {}

    def take(self, workspace: int) -> int | None:
        """Give the next free ObjectID of a workspace, or None when its block is used up."""
        block = self._shared.get(workspace)
        if not block:
            return None
        self._shared[workspace] = block[1:]
        return block[0]

    def publish(self, blocks: Mapping[int, range]) -> None:
        """Share what a committed unit of work has left over."""
        for workspace, block in blocks.items():
            if not self._shared.get(workspace):
                self._shared[workspace] = block


_LARGEST_BATCH = 100
"""Writes: PostgreSQL takes 32,767 parameters a statement."""


class _Batch:
    """Writes that may be sent as one statement, in which none would see the effect of another (PostgreSQL)."""

    def __init__(self) -> None:
        self.writes: list[tuple[Statement, dict[str, Any]]] = []
        self._verbs: dict[str, set[str]] = {}
        self._rows: set[tuple[str, int]] = set()

    def admits(self, verb: str, table: str, oid: int | None) -> bool:
        """Whether a write meets no row that the batch writes already; one without ObjectID may meet any of its table."""
        if len(self.writes) >= _LARGEST_BATCH:
            return False
        earlier = self._verbs.get(table)
        if not earlier or (verb == "delete" and earlier == {"delete"}):
            return True
        if verb == "insert":
            return "delete" not in earlier
        return oid is not None and "wide" not in earlier and (table, oid) not in self._rows

    def add(self, verb: str, table: str, oid: int | None, statement: Statement, values: dict[str, Any]) -> None:
        """Take a write in."""
        self.writes.append((statement, values))
        self._verbs.setdefault(table, set()).add("wide" if verb == "update" and oid is None else verb)
        if oid is not None:
            self._rows.add((table, oid))


class Writer:
    """Changes of one unit of work. Nothing is sent before `flush`, which the unit of work calls at its end."""

    def __init__(self, connection: Connection, layout: Layout, statements: Statements, ids: ObjectIds) -> None:
        self._connection = connection
        self._layout = layout
        self._statements = statements
        self._ids = ids
        self._pending = _Batch()
        self._full: list[_Batch] = []
        self.blocks: dict[int, range] = {}

    async def flush(self) -> None:
        """Send what is gathered."""
        if self._pending.writes:
            batches, self._full, self._pending = [*self._full, self._pending], [], _Batch()
            for batch in batches:
                await self._connection.write_all(batch.writes)

    def discard(self) -> None:
        """Forget what is gathered."""
        self._full, self._pending = [], _Batch()

    def _gather(
        self, verb: str, table: str, key: Mapping[str, Any], statement: Statement, values: dict[str, Any]
    ) -> None:
        oid = key.get("oid") if verb == "insert" or len(key) == 1 else None
        if not self._pending.admits(verb, table, oid):
            self._full.append(self._pending)
            self._pending = _Batch()
        self._pending.add(verb, table, oid, statement, values)

    # ------------------------------------------------------------------ numbers

    async def next_object_id(self, workspace: int | None) -> int:
        """Give a new ObjectID out of the workspace's block."""
        scope = workspace or 0
        own = self.blocks.get(scope)
        if own:
            self.blocks[scope] = own[1:]
            return own[0]
        taken = self._ids.take(scope)
        if taken is not None:
            return taken
        block = FIRST_BLOCK + await self.next_number(0, "object_id_block")
        self.insert("object_id_block", {"block": block, "workspace_oid": scope})
        self.blocks[scope] = range(block * BLOCK_SIZE + 1, (block + 1) * BLOCK_SIZE)
        return block * BLOCK_SIZE

    async def next_number(self, scope: int, name: str) -> int:
        """Raise a counter by one and give its new value; the first is 1."""
        counter = self._layout.table("counter")

        def build() -> sa.ClauseElement:
            return sa.text(
                "INSERT INTO counter (scope, name, value) VALUES (:scope, :name, 1)"
                " ON CONFLICT (scope, name) DO UPDATE SET value = counter.value + 1 RETURNING value"
            ).bindparams(
                sa.bindparam("scope", type_=counter.c.scope.type), sa.bindparam("name", type_=counter.c.name.type)
            )

        statement = self._statements.get("next_number", build)
        rows = await self._connection.fetch(statement, {"scope": scope, "name": name})
        return int(rows[0][0])

    async def lock(self, table: str, oid: int) -> bool:
        """Hold a row until the unit of work ends, and say whether it may have changed while we waited for it.

        SQLite has one writer at a time, who holds everything.
        """
        if self._statements.dialect.name != "postgresql":
            return False
        held = self._layout.table(table)
        statement = self._statements.get(
            ("lock", table),
            lambda: (
                sa.select(held.c.oid).where(held.c.oid == sa.bindparam("oid", type_=sa.BigInteger())).with_for_update()
            ),
        )
        await self.flush()
        await self._connection.fetch(statement, {"oid": oid})
        return True

    async def raise_number(self, scope: int, name: str, least: int) -> None:
        """Move a counter up to `least`, never down: what was fixed by hand is not handed out again."""

        def build() -> sa.ClauseElement:
            return sa.text(
                "INSERT INTO counter (scope, name, value) VALUES (:scope, :name, :least)"
                " ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value"
                " WHERE counter.value < excluded.value"
            ).bindparams(
                sa.bindparam("scope", type_=sa.BigInteger()),
                sa.bindparam("name", type_=sa.Text()),
                sa.bindparam("least", type_=sa.BigInteger()),
            )

        statement = self._statements.get("raise_number", build)
        await self._connection.fetch(statement, {"scope": scope, "name": name, "least": least})

    async def advance_epoch(self, name: str) -> None:
        """Say that what is remembered under that name is out of date, in every process."""

        def build() -> sa.ClauseElement:
            return sa.text(
                "INSERT INTO epoch (name, value) VALUES (:name, 1)"
                " ON CONFLICT (name) DO UPDATE SET value = epoch.value + 1"
            ).bindparams(sa.bindparam("name", type_=sa.Text()))

        await self._connection.fetch(self._statements.get("advance_epoch", build), {"name": name})

    # ------------------------------------------------------------------ any table

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """Add a row, and what the full-text index holds of it."""
        if table == search.INDEXED:
            self.insert(search.TABLE, {"oid": row["oid"], **search.entry(self._statements.dialect, row)})
        held = self._layout.table(table)
        columns = tuple(row)
        statement = self._statements.get(
            ("insert", table, columns),
            lambda: (
                sa.insert(held)
                .values({name: sa.bindparam(f"v_{name}", type_=held.c[name].type) for name in columns})
                .inline()
            ),
        )
        self._gather("insert", table, row, statement, {f"v_{name}": value for name, value in row.items()})

    def update(self, table: str, key: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """Change the rows whose columns equal `key`; texts that are searched change by ObjectID only."""
        if table == search.INDEXED and not search.COLUMNS.keys().isdisjoint(changes):
            self.update(search.TABLE, {"oid": key["oid"]}, search.changed(self._statements.dialect, changes))
        held = self._layout.table(table)
        columns, keys = tuple(changes), tuple(key)
        statement = self._statements.get(
            ("update", table, keys, columns),
            lambda: (
                sa.update(held)
                .where(*(held.c[name] == sa.bindparam(f"k_{name}", type_=held.c[name].type) for name in keys))
                .values({name: sa.bindparam(f"v_{name}", type_=held.c[name].type) for name in columns})
            ),
        )
        values = {f"v_{name}": value for name, value in changes.items()}
        values |= {f"k_{name}": value for name, value in key.items()}
        self._gather("update", table, key, statement, values)

    def delete(self, table: str, key: Mapping[str, Any]) -> None:
        """Remove the rows whose columns equal `key`, one or all where the full-text index holds them."""
        if table == search.INDEXED:
            self.delete(search.TABLE, {"oid": key["oid"]} if key else {})
        held = self._layout.table(table)
        keys = tuple(key)
        statement = self._statements.get(
            ("delete", table, keys),
            lambda: sa.delete(held).where(
                *(held.c[name] == sa.bindparam(f"k_{name}", type_=held.c[name].type) for name in keys)
            ),
        )
        self._gather("delete", table, key, statement, {f"k_{name}": value for name, value in key.items()})

    async def fetch(self, table: str, key: Mapping[str, Any], columns: Sequence[str]) -> Sequence[Row]:
        """Give columns of the rows whose columns equal `key`; what is gathered is sent first."""
        await self.flush()
        held = self._layout.table(table)
        keys, wanted = tuple(key), tuple(columns)
        statement = self._statements.get(
            ("fetch", table, keys, wanted),
            lambda: sa.select(*(held.c[name] for name in wanted)).where(
                *(held.c[name] == sa.bindparam(f"k_{name}", type_=held.c[name].type) for name in keys)
            ),
        )
        return await self._connection.fetch(statement, {f"k_{name}": value for name, value in key.items()})

    # ------------------------------------------------------------------ objects

    def add_object(  # noqa: PLR0913 - an object is all of these
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
        """Add an object and its directory entry. `values` are stored values, CreationDate and VersionId among them."""
        family = self._layout.of(item)
        row: dict[str, Any] = {"oid": oid, "uuid": uuid}
        if family.several:
            row["concrete_type"] = item.name
        for attribute, value in values.items():
            column = family.column_name(attribute)
            if column is not None and value is not None:
                row[column] = value
        row["workspace_oid"] = workspace
        row["project_oid"] = project
        if custom_fields != "{}":
            row["custom_fields"] = custom_fields
        self.insert(family.table.name, row)
        self.insert(
            "directory",
            {
                "oid": oid,
                "type": item.name,
                "uuid": uuid,
                "name": name,
                "workspace_oid": workspace,
                "project_oid": directory_project,
            },
        )

    def change_object(
        self,
        item: TypeDef,
        oid: int,
        *,
        values: Mapping[AttributeDef, Any],
        custom_fields: str | None,
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        """Change an object's row; `columns` are columns beside the attributes (`project_oid`)."""
        family = self._layout.of(item)
        row: dict[str, Any] = dict(columns or {})
        for attribute, value in values.items():
            column = family.column_name(attribute)
            if column is not None:
                row[column] = value
        if custom_fields is not None:
            row["custom_fields"] = custom_fields
        if row:
            self.update(family.table.name, {"oid": oid}, row)

    def replace_value(self, item: TypeDef, attribute: AttributeDef, workspace: int | None, old: str, new: str) -> None:
        """Put one text in the place of another, in every object of a concrete type in a workspace that has it.

        In a multi-value field it is one of several. Versions and histories do not speak of it: the value is the same, its
        name is another one.
        """
        family = self._layout.of(item)
        table = family.table
        column = family.column_name(attribute)

        def build() -> sa.ClauseElement:
            before, after = (sa.bindparam(name, type_=sa.Text()) for name in ("old", "new"))
            if column is not None:
                query = sa.update(table).where(table.c[column] == before).values({column: after})
            else:
                held, replaced = self._statements.dialect.custom_value(
                    table.c.custom_fields, attribute.name, before, after, several=attribute.is_collection
                )
                query = sa.update(table).where(held).values(custom_fields=replaced)
            query = query.where(table.c.workspace_oid == sa.bindparam("workspace", type_=sa.BigInteger()))
            return query.where(table.c.concrete_type == item.name) if family.several else query

        shape = ("replace_value", table.name, item.name, column or attribute.name, attribute.is_collection)
        values = {"old": old, "new": new, "workspace": workspace}
        self._gather("update", table.name, {}, self._statements.get(shape, build), values)

    async def replace_prefix(self, item: TypeDef, workspace: int | None, old: str, new: str) -> None:
        """Give the objects of a concrete type in a workspace another FormattedID prefix; their numbers stay."""
        family = self._layout.of(item)
        table = family.table

        def build() -> sa.ClauseElement:
            before, after = (sa.bindparam(name, type_=sa.Text()) for name in ("old", "new"))
            values: dict[str, Any] = {
                "formattedid": after.concat(sa.func.substr(table.c.formattedid, sa.func.length(before) + 1))
            }
            if "FormattedIDPrefix" in item.attributes:
                values["formattedidprefix"] = after
            start = sa.func.substr(table.c.formattedid, 1, sa.func.length(before))
            query = sa.update(table).where(start == before).values(values)
            query = query.where(table.c.workspace_oid == sa.bindparam("workspace", type_=sa.BigInteger()))
            return query.where(table.c.concrete_type == item.name) if family.several else query

        statement = self._statements.get(("replace_prefix", table.name, item.name), build)
        self._gather("update", table.name, {}, statement, {"old": old, "new": new, "workspace": workspace})
        if table.name == search.INDEXED:
            key = {"workspace_oid": workspace, "concrete_type": item.name}
            for oid, label in await self.fetch(table.name, key, ["oid", "formattedid"]):
                self.update(
                    search.TABLE, {"oid": oid}, search.changed(self._statements.dialect, {"formattedid": label})
                )

    def remove_object(self, item: TypeDef, oid: int) -> None:
        """Remove an object, its directory entry and its links."""
        self.delete(self._layout.of(item).table.name, {"oid": oid})
        self.delete("directory", {"oid": oid})
        self.delete("link", {"left_oid": oid})
        self.delete("link", {"right_oid": oid})

    async def stored_row(self, item: TypeDef, oid: int) -> dict[str, Any] | None:
        """Give an object's whole row by column, for the recycle bin; None when there is none."""
        family = self._layout.of(item)
        names = [column.name for column in family.table.c]
        rows = await self.fetch(family.table.name, {"oid": oid}, names)
        return dict(zip(names, rows[0], strict=True)) if rows else None

    def put_back(self, item: TypeDef, row: Mapping[str, Any], name: str | None) -> None:
        """Add an object again from what `stored_row` gave, after its journey through JSON; `name` is for the directory.

        Columns that are gone meanwhile stay away.
        """
        table = self._layout.of(item).table
        whole = {
            column: b64decode(value)
            if isinstance(value, str) and isinstance(table.c[column].type, sa.LargeBinary)
            else value
            for column, value in row.items()
            if column in table.c
        }
        self.insert(table.name, whole)
        entry = {column: row[column] for column in ("oid", "uuid", "workspace_oid", "project_oid")}
        self.insert("directory", {**entry, "type": item.name, "name": name})

    async def inbound(self, oid: int, references: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
        """Give `(table, column, oid)` of every row that refers to an object by one of these columns."""
        await self.flush()
        wanted = tuple(references)
        if not wanted:
            return []

        def build() -> sa.ClauseElement:
            parts = []
            for table, column in wanted:
                held = self._layout.table(table)
                parts.append(
                    sa.select(sa.literal(table), sa.literal(column), held.c.oid).where(
                        held.c[column] == sa.bindparam("target", type_=sa.BigInteger())
                    )
                )
            return sa.union_all(*parts)

        statement = self._statements.get(("inbound", wanted), build)
        return [(row[0], row[1], row[2]) for row in await self._connection.fetch(statement, {"target": oid})]

    def column_of(self, item: TypeDef, attribute: AttributeDef) -> tuple[str, str] | None:
        """Give (table, column) of a stored attribute, or None."""
        if item.table is None:
            return None
        family = self._layout.of(item)
        name = family.column_name(attribute)
        return None if name is None or attribute.name in BUILT_IN else (family.table.name, name)

    # ------------------------------------------------------------------ links

    async def links(self, relation: str, owner: int, *, reverse: bool) -> list[int]:
        """Give the ObjectIDs at the other end of a relation."""
        near, far = ("right_oid", "left_oid") if reverse else ("left_oid", "right_oid")
        rows = await self.fetch("link", {"relation": relation, near: owner}, [far])
        return [row[0] for row in rows]

    def add_link(self, relation: str, owner: int, member: int, *, reverse: bool) -> None:
        """Link two objects that are not linked yet."""
        left, right = (member, owner) if reverse else (owner, member)
        self.insert("link", {"relation": relation, "left_oid": left, "right_oid": right})

    def remove_link(self, relation: str, owner: int, member: int, *, reverse: bool) -> None:
        """Unlink two objects."""
        left, right = (member, owner) if reverse else (owner, member)
        self.delete("link", {"relation": relation, "left_oid": left, "right_oid": right})
