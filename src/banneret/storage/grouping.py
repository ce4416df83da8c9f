"""What a parent's children add up to: one statement whatever the number of parents and children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.storage.chains import CHAINS
from banneret.storage.columns import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from banneret.catalogue.model import Members, TypeDef
    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Dialect, Statements
    from banneret.storage.tables import Layout

_FUNCTIONS: dict[str, Any] = {"sum": sa.func.sum, "count": sa.func.count, "min": sa.func.min, "max": sa.func.max}


async def groups(
    connection: Connection,
    layout: Layout,
    statements: Statements,
    children: tuple[TypeDef, ...],
    members: Members,
    by: tuple[str, ...],
    figures: tuple[str, ...],
    owners: Iterable[int],
) -> Sequence[Row]:
    """Give `(owner, *by, number of children, *figures)` for each group of each owner that has children.

    `children` are concrete types of one table; `members` says by which attribute or chain they belong to their owner. `by` are names of
    their attributes, `figures` are written `sum:Estimate`.
    """
    wanted = sorted(owners)
    single = len(wanted) == 1
    shape = ("groups", tuple(item.name for item in children), members, by, figures, single)
    dialect = statements.dialect
    statement = statements.get(shape, lambda: _select(layout, dialect, children, members, by, figures, single=single))
    return await connection.fetch(statement, {"owners": dialect.listed(wanted)})


def _select(
    layout: Layout,
    dialect: Dialect,
    children: tuple[TypeDef, ...],
    members: Members,
    by: tuple[str, ...],
    figures: tuple[str, ...],
    *,
    single: bool,
) -> sa.Select[Any]:
    family = layout.of(children[0])
    table = family.table.alias()

    def column(name: str) -> sa.ColumnElement[Any]:
        attribute = next(item.attributes[name] for item in children if name in item.attributes)
        return table.c[family.column_name(attribute) or ""]

    def among(owner: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return dialect.among(owner, "owners", single=single)

    source: sa.FromClause = table
    demands: list[sa.ColumnElement[bool]] = []
    if members.via is not None:
        owner = column(members.via)
        demands.append(among(owner))
    else:
        chain = CHAINS[members.derived or ""](layout, among).subquery()
        owner = chain.c.owner
        source = chain.join(table, table.c.oid == chain.c.member)
    if family.several:
        demands.append(typed(table, children, indexed=False))
    keys = [owner, *(column(name) for name in by)]
    computed = []
    for figure in figures:
        function, _, name = figure.partition(":")
        computed.append(_FUNCTIONS[function](column(name)))
    return sa.select(*keys, sa.func.count(), *computed).select_from(source).where(*demands).group_by(*keys)


async def spread(
    connection: Connection,
    layout: Layout,
    statements: Statements,
    table: str,
    up: str,
    column: str,
    oid: int,
    value: int | None,
) -> None:
    """Give a column of everything below an object, by the column `up` that leads to the parent, the same value.

    It goes on until nothing is left to change: while the rows are locked, others may have put more below them.
    """

    def build() -> sa.ClauseElement:
        held, child = layout.table(table), layout.table(table).alias()
        new = sa.bindparam("value", type_=held.c[column].type)
        first = sa.select(child.c.oid).where(child.c[up] == sa.bindparam("top", type_=sa.BigInteger()))
        chain = first.cte(recursive=True)
        further = layout.table(table).alias()
        chain = chain.union(sa.select(further.c.oid).join(chain, further.c[up] == chain.c.oid))
        below = sa.select(chain.c.oid)
        other = held.c[column].is_distinct_from(new)
        return sa.update(held).where(held.c.oid.in_(below), other).values({column: new}).returning(held.c.oid)

    statement = statements.get(("spread", table, up, column), build)
    while await connection.fetch(statement, {"top": oid, "value": value}):
        continue


async def climb(
    connection: Connection,
    layout: Layout,
    statements: Statements,
    table: str,
    column: str,
    oids: Iterable[int],
) -> dict[int, int]:
    """Give how many objects stand above each of these, following one parent column of one table upwards."""

    def build() -> sa.ClauseElement:
        lower, upper = layout.table(table).alias(), layout.table(table).alias()
        first = sa.select(lower.c.oid.label("owner"), lower.c[column].label("member"))
        first = first.where(statements.dialect.any_of(lower.c.oid, "oids"))
        chain = first.correlate_except(lower).cte(recursive=True, nesting=True)
        chain = chain.union(sa.select(chain.c.owner, upper.c[column]).join(upper, upper.c.oid == chain.c.member))
        return sa.select(chain.c.owner, sa.func.count(chain.c.member)).group_by(chain.c.owner)

    statement = statements.get(("climb", table, column), build)
    values = {"oids": statements.dialect.integers(sorted(oids))}
    return {row[0]: row[1] for row in await connection.fetch(statement, values)}
