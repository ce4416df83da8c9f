"""The neighbours of a rank, over all types of a table, by its index: a look a type, whatever the number of items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import TypeDef
    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout


async def nearest(
    connection: Connection,
    layout: Layout,
    statements: Statements,
    types: tuple[TypeDef, ...],
    mark: tuple[str, int] | None,
    *,
    down: bool,
    count: int,
) -> Sequence[Row]:
    """Give `(rank, oid)` of those next to a mark, nearest first; without a mark, from the top (`down`) or the bottom.

    `types` are concrete types of one table. Equal ranks are in the order of their ObjectIDs.
    """
    table = layout.of(types[0]).table
    names = tuple(item.name for item in types)
    rank, oid = table.c.draganddroprank, table.c.oid

    def build() -> sa.ClauseElement:
        parts = []
        for name in names:
            query = sa.select(rank, oid)
            if "concrete_type" in table.c:
                query = query.where(table.c.concrete_type == sa.literal(name))
            if mark is not None:
                bound = sa.bindparam("rank", type_=rank.type), sa.bindparam("oid", type_=sa.BigInteger())
                outside = rank > bound[0] if down else rank < bound[0]
                beside = oid > bound[1] if down else oid < bound[1]
                query = query.where(
                    rank >= bound[0] if down else rank <= bound[0],
                    sa.or_(outside, sa.and_(rank == bound[0], beside)),
                )
            else:
                query = query.where(rank.is_not(None))
            order = (rank, oid) if down else (rank.desc(), oid.desc())
            near = query.order_by(*order).limit(sa.bindparam("count", type_=sa.BigInteger())).subquery()
            parts.append(sa.select(near.c.draganddroprank, near.c.oid))
        every = sa.union_all(*parts).subquery()
        columns = every.c.draganddroprank, every.c.oid
        nearest_first = columns if down else tuple(column.desc() for column in columns)
        return sa.select(*columns).order_by(*nearest_first).limit(sa.bindparam("count", type_=sa.BigInteger()))

    statement = statements.get(("ranks", table.name, names, mark is not None, down), build)
    values: dict[str, object] = {"count": count}
    if mark is not None:
        values |= {"rank": mark[0], "oid": mark[1]}
    return await connection.fetch(statement, values)
