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
    """What belongs to an item: stories and defects to a story, defects to a suite, test cases to a set, tasks and test cases to any."""
    return _together(
        _referring(layout, start, "parent_oid"),
        _referring(layout, start, "requirement_oid"),
        _referring(layout, start, "workproduct_oid"),
        _linked(layout, start, "suite_defects"),
        _linked(layout, start, "test_set_cases"),
    )


def scheduled_children(layout: Layout, start: Start) -> sa.Select[Any]:
    """The test cases that a test set schedules, and its tasks."""
    return _together(_linked(layout, start, "test_set_cases"), _referring(layout, start, "workproduct_oid"))


def collaborators(layout: Layout, start: Start) -> sa.Select[Any]:
    """Who owns a portfolio item or anything below it, or has changed any of it."""
    owners, item = _portfolio_and_below(layout, start)
    owners = owners.add_columns(item.c.owner_oid.label("member")).where(item.c.owner_oid.is_not(None))
    authors, item = _portfolio_and_below(layout, start)
    revision = layout.table("revision").alias()
    authors = authors.join(revision, revision.c.revisionhistory_oid == item.c.revisionhistory_oid)
    authors = authors.add_columns(revision.c.user_oid.label("member")).where(revision.c.user_oid.is_not(None))
    parts = [part.subquery() for part in (owners, authors)]
    both = sa.union(*(sa.select(part.c.owner, part.c.member) for part in parts)).subquery()
    return sa.select(both.c.owner, both.c.member)


def _portfolio_and_below(layout: Layout, start: Start) -> tuple[sa.Select[Any], sa.FromClause]:
    """A portfolio item and all artifacts below it, to add what is wanted of them; the second is the artifact."""
    top, below, item = (layout.table("artifact").alias() for _ in range(3))
    first = sa.select(top.c.oid.label("owner"), top.c.oid.label("member")).where(start(top.c.oid))
    tree = first.correlate_except(top).cte(recursive=True, nesting=True)
    links = (below.c.parent_oid, below.c.portfolioitem_oid, below.c.requirement_oid, below.c.workproduct_oid)
    hangs = sa.or_(*(link == tree.c.member for link in links))
    tree = tree.union(sa.select(tree.c.owner, below.c.oid).select_from(tree).join(below, hangs))
    return sa.select(tree.c.owner).select_from(tree).join(item, item.c.oid == tree.c.member), item


def _referring(layout: Layout, start: Start, column: str) -> sa.Select[Any]:
    artifact = layout.table("artifact").alias()
    query = sa.select(artifact.c[column].label("owner"), artifact.c.oid.label("member"))
    return query.where(start(artifact.c[column])).correlate_except(artifact)


def _linked(layout: Layout, start: Start, relation: str) -> sa.Select[Any]:
    link = layout.table("link").alias()
    query = sa.select(link.c.left_oid.label("owner"), link.c.right_oid.label("member"))
    return query.where(link.c.relation == relation, start(link.c.left_oid)).correlate_except(link)


def _together(*parts: sa.Select[Any]) -> sa.Select[Any]:
    every = sa.union_all(*parts).subquery()
    return sa.select(every.c.owner, every.c.member)


def late_leaf_stories(layout: Layout, start: Start) -> sa.Select[Any]:
    """The stories without children below a portfolio item whose release or iteration ends after the item's release."""
    item, story = layout.table("artifact").alias(), layout.table("artifact").alias()
    due, planned, iteration = (layout.table(name).alias() for name in ("release", "release", "iteration"))
    late = sa.or_(planned.c.releasedate > due.c.releasedate, iteration.c.enddate > due.c.releasedate)
    query = sa.select(item.c.oid.label("owner"), story.c.oid.label("member"))
    query = query.join(due, due.c.oid == item.c.release_oid).join(story, story.c.feature_oid == item.c.oid)
    query = query.outerjoin(planned, planned.c.oid == story.c.release_oid)
    query = query.outerjoin(iteration, iteration.c.oid == story.c.iteration_oid)
    return query.where(start(item.c.oid), sa.func.coalesce(story.c.directchildrencount, 0) == 0, late)


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
    "late_leaf_stories": late_leaf_stories,
    "mixed_children": mixed_children,
    "scheduled_children": scheduled_children,
    "collaborators": collaborators,
    "test_folder_hierarchy": test_folder_hierarchy,
    "recursive_test_cases": recursive_test_cases,
}
"""By the catalogue's name. What is missing is not built, and empty: see docs/limits.md."""
