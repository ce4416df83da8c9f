"""Collections that follow a chain of parents, as pairs (owner, member): what the catalogue calls `derived`.

Each is one recursive statement, whatever the depth and the number of owners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

    from banneret.storage.tables import Layout

    Start = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]


def ancestors(layout: Layout, start: Start) -> sa.Select[Any]:
    """The portfolio items above an artifact, through the stories above it."""
    return _climb(
        layout, "artifact", start, lambda columns: sa.func.coalesce(columns.parent_oid, columns.portfolioitem_oid)
    )


def mixed_children(layout: Layout, start: Start) -> sa.Select[Any]:
    """The stories below a story and the defects that belong to it."""
    artifact = layout.table("artifact").alias()
    stories = sa.select(artifact.c.parent_oid.label("owner"), artifact.c.oid.label("member"))
    defects = sa.select(artifact.c.requirement_oid.label("owner"), artifact.c.oid.label("member"))
    both = sa.union_all(
        stories.where(start(artifact.c.parent_oid)).correlate_except(artifact),
        defects.where(start(artifact.c.requirement_oid)).correlate_except(artifact),
    ).subquery()
    return sa.select(both.c.owner, both.c.member)


def test_folder_hierarchy(layout: Layout, start: Start) -> sa.Select[Any]:
    """The folders that a test case lies in, its own and all above."""
    case, folder = layout.table("artifact").alias(), layout.table("testfolder").alias()
    first = sa.select(case.c.oid.label("owner"), case.c.testfolder_oid.label("member")).where(start(case.c.oid))
    chain = first.correlate_except(case).cte(recursive=True, nesting=True)
    chain = chain.union(sa.select(chain.c.owner, folder.c.parent_oid).join(folder, folder.c.oid == chain.c.member))
    return sa.select(chain.c.owner, chain.c.member).where(chain.c.member.is_not(None))


def recursive_test_cases(layout: Layout, start: Start) -> sa.Select[Any]:
    """The test cases in a folder and in all folders below it."""
    top, folder, case = (layout.table(name).alias() for name in ("testfolder", "testfolder", "artifact"))
    first = sa.select(top.c.oid.label("owner"), top.c.oid.label("member")).where(start(top.c.oid))
    chain = first.correlate_except(top).cte(recursive=True, nesting=True)
    chain = chain.union(sa.select(chain.c.owner, folder.c.oid).join(folder, folder.c.parent_oid == chain.c.member))
    return sa.select(chain.c.owner, case.c.oid.label("member")).join(case, case.c.testfolder_oid == chain.c.member)


def _climb(layout: Layout, table: str, start: Start, above: Callable[[Any], sa.ColumnElement[Any]]) -> sa.Select[Any]:
    lower, upper = layout.table(table).alias(), layout.table(table).alias()
    first = sa.select(lower.c.oid.label("owner"), above(lower.c).label("member")).where(start(lower.c.oid))
    chain = first.correlate_except(lower).cte(recursive=True, nesting=True)
    chain = chain.union(sa.select(chain.c.owner, above(upper.c)).join(upper, upper.c.oid == chain.c.member))
    return sa.select(chain.c.owner, chain.c.member).where(chain.c.member.is_not(None))


CHAINS: dict[str, Callable[[Layout, Start], sa.Select[Any]]] = {
    "ancestors": ancestors,
    "mixed_children": mixed_children,
    "test_folder_hierarchy": test_folder_hierarchy,
    "recursive_test_cases": recursive_test_cases,
}
"""By the catalogue's name. What is missing is not built, and empty: see docs/limits.md."""
