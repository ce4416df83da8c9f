"""Figures: attributes that are made of other objects, and are worked out when they are read.

Each is one expression in the statement that reads the object, on indexes, so it is right whatever was written, deleted, restored
or moved by whom and how, and a write that changes it costs nothing. Queries and orders take the same expressions. What sums up
many objects, and is often searched for, is stored instead (`operations/rules`).

Figures count what there is, whether or not the reader may see it, as Rally's do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from banneret.catalogue.model import TypeDef
    from banneret.storage.tables import Layout

    Expression = sa.ColumnElement[Any]
    Make = Callable[[Layout, sa.FromClause], Expression]
    Cases = Callable[[Layout, sa.FromClause], sa.Select[Any]]


def figure(layout: Layout, table: sa.FromClause, name: str, candidates: Sequence[TypeDef]) -> Expression:
    """Give the value of a figure in a row of `table`, which holds objects of `candidates`."""
    made = FIGURES[name]
    if not isinstance(made, dict):
        return made(layout, table)
    known = [(item.name, made[item.name]) for item in candidates if item.name in made]
    if len(known) == len(candidates) == 1:
        return known[0][1](layout, table)
    cases = [(table.c.concrete_type == kind, make(layout, table)) for kind, make in known]
    return sa.case(*cases, else_=sa.null()) if cases else sa.null()


STORY, TEST_CASE, TEST_SET = "HierarchicalRequirement", "TestCase", "TestSet"


def _is_type(table: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    """Rows of a type that something else leads to: the index on the type is of no use."""
    return table.c.concrete_type.concat(sa.literal_column("''")) == name


def _scalar(query: sa.Select[Any], table: sa.FromClause) -> Expression:
    return query.correlate(table).scalar_subquery()


def _exists(query: sa.Select[Any], table: sa.FromClause) -> Expression:
    return query.correlate(table).exists()


def _truth(condition: Expression) -> Expression:
    """A condition as a value."""
    return sa.case((condition, sa.true()), else_=sa.false())


# ---------------------------------------------------------------------- stories and what is below them


def _story_and_below(layout: Layout, table: sa.FromClause) -> sa.CTE:
    """The item itself and, for a story, all stories below it."""
    top, story = layout.table("artifact").alias(), layout.table("artifact").alias()
    first = sa.select(top.c.oid.label("oid")).where(top.c.oid == table.c.oid).correlate_except(top)
    tree = first.cte(recursive=True, nesting=True)
    return tree.union(sa.select(story.c.oid).join(tree, story.c.parent_oid == tree.c.oid))


def _with_stories_below(of_item: Make, of_tree: Make) -> Make:
    """A figure of a story: most have no stories below, and following them costs more than the figure."""

    def make(layout: Layout, table: sa.FromClause) -> Expression:
        child = layout.table("artifact").alias()
        below = _exists(sa.select(child.c.oid).where(child.c.parent_oid == table.c.oid), table)
        return sa.case((below, of_tree(layout, table)), else_=of_item(layout, table))

    return make


def _has_parent(_layout: Layout, table: sa.FromClause) -> Expression:
    return _truth(table.c.parent_oid.is_not(None))


# ---------------------------------------------------------------------- test cases


def _cases_of_item(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    """The verdicts of the test cases of a work item."""
    case = layout.table("artifact").alias()
    query = sa.select(case.c.lastverdict.label("verdict"))
    return query.where(case.c.workproduct_oid == table.c.oid, _is_type(case, TEST_CASE))


def _cases_below(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    """The verdicts of the test cases of a story and of the stories below it."""
    tree, case = _story_and_below(layout, table), layout.table("artifact").alias()
    query = sa.select(case.c.lastverdict.label("verdict")).select_from(tree)
    return query.join(case, case.c.workproduct_oid == tree.c.oid).where(_is_type(case, TEST_CASE))


def _cases_of_set(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    """The verdicts of a test set's test cases: of each the newest result in the set."""
    link, result = layout.table("link").alias(), layout.table("testcaseresult").alias()
    newest = sa.select(result.c.verdict).where(
        result.c.testcase_oid == link.c.right_oid, result.c.testset_oid == table.c.oid
    )
    newest = newest.order_by(result.c.date.desc(), result.c.oid.desc()).limit(1)
    verdict = newest.correlate(link, table).scalar_subquery()
    query = sa.select(verdict.label("verdict")).select_from(link)
    return query.where(link.c.relation == "test_set_cases", link.c.left_oid == table.c.oid).correlate(table)


def _count(cases: Cases, *, passing: bool = False) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        found = cases(layout, table).correlate(table).subquery()
        query = sa.select(sa.func.count()).select_from(found)
        return _scalar(query.where(found.c.verdict == "Pass") if passing else query, table)

    return make


def _passing(cases: Cases) -> Make:
    return _count(cases, passing=True)


def _test_case_status(cases: Cases) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        found = cases(layout, table).correlate(table).subquery()
        every, run = sa.func.count(), sa.func.count(found.c.verdict)
        passed = sa.func.count(sa.case((found.c.verdict == "Pass", 1)))
        how_many = sa.case((run == every, "ALL_RUN_"), else_="SOME_RUN_")
        outcome = sa.case((passed == 0, "NONE_PASSING"), (passed == run, "ALL_PASSING"), else_="SOME_NOT_PASSING")
        status = sa.case((every == 0, "NONE"), (run == 0, "NONE_RUN"), else_=how_many.concat(outcome))
        return _scalar(sa.select(status).select_from(found), table)

    return make


def _newest_result(column: str, owner: str) -> Make:
    """Of the newest result, by its Date, that names the item as its `owner`."""

    def make(layout: Layout, table: sa.FromClause) -> Expression:
        result = layout.table("testcaseresult").alias()
        query = sa.select(result.c[column]).where(result.c[owner] == table.c.oid)
        return _scalar(query.order_by(result.c.date.desc(), result.c.oid.desc()).limit(1), table)

    return make


def _for_work(of_items: Make, of_stories: Make, of_sets: Make) -> dict[str, Make]:
    """The same figure of each type of work."""
    stories = _with_stories_below(of_items, of_stories)
    return {**dict.fromkeys(("Defect", "DefectSuite", "Risk"), of_items), STORY: stories, TEST_SET: of_sets}


def _of_cases(make: Callable[[Cases], Make]) -> dict[str, Make]:
    return _for_work(make(_cases_of_item), make(_cases_below), make(_cases_of_set))


def _of_results(column: str) -> dict[str, Make]:
    own, in_set = _newest_result(column, "workproduct_oid"), _newest_result(column, "testset_oid")
    return {**dict.fromkeys((STORY, "Defect", "DefectSuite", "Risk"), own), TEST_SET: in_set}


# ---------------------------------------------------------------------- defects


def _defects_of_item(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    defect = layout.table("artifact").alias()
    return sa.select(defect.c.state).where(defect.c.requirement_oid == table.c.oid)


def _defects_below(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    tree, defect = _story_and_below(layout, table), layout.table("artifact").alias()
    return sa.select(defect.c.state).select_from(tree).join(defect, defect.c.requirement_oid == tree.c.oid)


def _defects_of_suite(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    defect, link = layout.table("artifact").alias(), layout.table("link").alias()
    query = sa.select(defect.c.state).select_from(link).join(defect, defect.c.oid == link.c.right_oid)
    return query.where(link.c.relation == "suite_defects", link.c.left_oid == table.c.oid)


def _defects_of_case(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    defect = layout.table("artifact").alias()
    return sa.select(defect.c.state).where(defect.c.testcase_oid == table.c.oid, _is_type(defect, "Defect"))


def _defects_of_set(layout: Layout, table: sa.FromClause) -> sa.Select[Any]:
    defect, link = layout.table("artifact").alias(), layout.table("link").alias()
    query = sa.select(defect.c.state).select_from(link).join(defect, defect.c.testcase_oid == link.c.right_oid)
    return query.where(link.c.relation == "test_set_cases", link.c.left_oid == table.c.oid, _is_type(defect, "Defect"))


def _defect_status(defects: Cases) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        found = defects(layout, table).correlate(table).subquery()
        every, closed = sa.func.count(), sa.func.count(sa.case((found.c.state == "Closed", 1)))
        status = sa.case(
            (every == 0, "NONE"), (closed == 0, "NONE_CLOSED"), (closed == every, "ALL_CLOSED"), else_="SOME_CLOSED"
        )
        return _scalar(sa.select(status).select_from(found), table)

    return make


def _suite_count(*, closed: bool) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        found = _defects_of_suite(layout, table).correlate(table).subquery()
        query = sa.select(sa.func.count()).select_from(found)
        return _scalar(query.where(found.c.state == "Closed") if closed else query, table)

    return make


# ---------------------------------------------------------------------- predecessors


def _predecessors(layout: Layout, story: sa.FromClause) -> tuple[sa.Select[Any], sa.FromClause]:
    link, before = layout.table("link").alias(), layout.table("artifact").alias()
    query: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).select_from(link).join(before, before.c.oid == link.c.right_oid)
    )
    return query.where(link.c.relation == "story_predecessors", link.c.left_oid == story.c.oid), before


def _unscheduled_predecessor(layout: Layout, story: sa.FromClause) -> Expression:
    query, before = _predecessors(layout, story)
    return _exists(query.where(before.c.iteration_oid.is_(None)), story)


def _late_predecessor(layout: Layout, story: sa.FromClause) -> Expression:
    """A predecessor is done in the same iteration or in one that begins no sooner."""
    query, before = _predecessors(layout, story)
    mine, theirs = layout.table("iteration").alias(), layout.table("iteration").alias()
    query = query.join(theirs, theirs.c.oid == before.c.iteration_oid)
    query = query.join(mine, sa.and_(mine.c.oid == story.c.iteration_oid, theirs.c.startdate >= mine.c.startdate))
    return _exists(query, story)


def _of_any_story_below(condition: Make) -> Make:
    """For a portfolio item: whether it is so of any story below."""

    def make(layout: Layout, table: sa.FromClause) -> Expression:
        top, below, story = (layout.table("artifact").alias() for _ in range(3))
        first = sa.select(top.c.oid.label("oid")).where(top.c.oid == table.c.oid).correlate_except(top)
        tree = first.cte(recursive=True, nesting=True)
        hangs = sa.or_(below.c.parent_oid == tree.c.oid, below.c.portfolioitem_oid == tree.c.oid)
        tree = tree.union(sa.select(below.c.oid).select_from(tree).join(below, hangs))
        query: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(tree).join(story, story.c.oid == tree.c.oid)
        )
        query = query.where(_is_type(story, "HierarchicalRequirement"), condition(layout, story))
        return _truth(_exists(query, table))

    return make


# ---------------------------------------------------------------------- timeboxes

_TIMEBOX_DATES = {"iteration": ("startdate", "enddate"), "release": ("releasestartdate", "releasedate")}


def _namesake(layout: Layout, table: sa.FromClause, kind: str) -> tuple[sa.FromClause, sa.ColumnElement[bool]]:
    """A timebox of the same name and dates (in whatever project)."""
    other = layout.table(kind).alias()
    columns = ("name", *_TIMEBOX_DATES[kind])
    return other, sa.and_(*(other.c[column] == table.c[column] for column in columns))


def _synced_with_parent(kind: str) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        other, same = _namesake(layout, table, kind)
        project = layout.table("scope").alias()
        query: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(project)
        query = query.join(other, sa.and_(other.c.project_oid == project.c.parent_oid, same))
        return _truth(_exists(query.where(project.c.oid == table.c.project_oid), table))

    return make


def _cascaded_to_children(kind: str) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        other, same = _namesake(layout, table, kind)
        project = layout.table("scope").alias()
        query: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(project)
        query = query.join(other, sa.and_(other.c.project_oid == project.c.oid, same))
        return _truth(_exists(query.where(project.c.parent_oid == table.c.project_oid), table))

    return make


def _owned_tasks(layout: Layout, table: sa.FromClause) -> Expression:
    """The estimates of the user's tasks in the iteration and the project."""
    task = layout.table("artifact").alias()
    query = sa.select(sa.func.coalesce(sa.func.sum(task.c.estimate), 0.0)).where(
        task.c.iteration_oid == table.c.iteration_oid,
        task.c.owner_oid == table.c.user_oid,
        task.c.project_oid == table.c.project_oid,
        _is_type(task, "Task"),
    )
    return _scalar(query, table)


def _load(layout: Layout, table: sa.FromClause) -> Expression:
    return _owned_tasks(layout, table) / sa.func.nullif(table.c.capacity, 0.0)


# ---------------------------------------------------------------------- milestones, tags, others


def _linked(relation: str, *, reverse: bool = False, table_name: str = "artifact") -> Callable[..., Any]:
    """Count or add up what is linked to the object; `of` gives what is computed, `where` which ones count."""

    def make(
        of: Callable[[sa.FromClause], Expression], where: Callable[[sa.FromClause], Expression] | None = None
    ) -> Make:
        def expression(layout: Layout, table: sa.FromClause) -> Expression:
            link, other = layout.table("link").alias(), layout.table(table_name).alias()
            near, far = (link.c.right_oid, link.c.left_oid) if reverse else (link.c.left_oid, link.c.right_oid)
            query = sa.select(of(other)).select_from(link).join(other, other.c.oid == far)
            query = query.where(link.c.relation == relation, near == table.c.oid)
            return _scalar(query if where is None else query.where(where(other)), table)

        return expression

    return make


_WORK_ITEMS = ("HierarchicalRequirement", "Defect", "DefectSuite", "TestSet")
_in_milestone = _linked("artifact_milestones", reverse=True)
_of_milestone = _linked("milestone_projects", table_name="scope")


def _is_work(item: sa.FromClause) -> Expression:
    return sa.or_(*(_is_type(item, name) for name in _WORK_ITEMS))


def _number(_item: sa.FromClause) -> Expression:
    return sa.func.count()


def _points(item: sa.FromClause) -> Expression:
    return sa.func.coalesce(sa.func.sum(item.c.planestimate), 0.0)


def _is_accepted(item: sa.FromClause) -> Expression:
    return sa.and_(_is_work(item), item.c.accepteddate.is_not(None))


def _share(part: Make, whole: Make) -> Make:
    """0 to 1; 0 where there is nothing."""

    def make(layout: Layout, table: sa.FromClause) -> Expression:
        total = sa.func.nullif(whole(layout, table), 0)
        return sa.func.coalesce(sa.cast(part(layout, table), sa.Double()) / total, 0.0)

    return make


_WORK_COUNT, _WORK_POINTS = _in_milestone(_number, _is_work), _in_milestone(_points, _is_work)
_ACCEPTED_COUNT, _ACCEPTED_POINTS = _in_milestone(_number, _is_accepted), _in_milestone(_points, _is_accepted)


def _of_estimate(column: str) -> Make:
    def make(layout: Layout, table: sa.FromClause) -> Expression:
        size = layout.table("preliminaryestimate").alias()
        return _scalar(sa.select(size.c[column]).where(size.c.oid == table.c.preliminaryestimate_oid), table)

    return make


def _hours(layout: Layout, table: sa.FromClause) -> Expression:
    item, value = layout.table("timeentryitem").alias(), layout.table("timeentryvalue").alias()
    query = sa.select(sa.func.coalesce(sa.func.sum(value.c.hours), 0.0)).select_from(item)
    query = query.join(value, value.c.timeentryitem_oid == item.c.oid).where(item.c.task_oid == table.c.oid)
    return _scalar(query, table)


FIGURES: dict[str, Make | dict[str, Make]] = {
    "has_parent": _has_parent,
    "test_case_count": _of_cases(_count),
    "passing_test_case_count": _of_cases(_passing),
    "test_case_status": _of_cases(_test_case_status),
    "direct_test_case_count": _count(_cases_of_item),
    "direct_passing_test_case_count": _passing(_cases_of_item),
    "last_build": _of_results("build"),
    "last_run": _of_results("date"),
    "defect_status": {
        STORY: _with_stories_below(_defect_status(_defects_of_item), _defect_status(_defects_below)),
        "DefectSuite": _defect_status(_defects_of_suite),
        TEST_CASE: _defect_status(_defects_of_case),
        TEST_SET: _defect_status(_defects_of_set),
    },
    "defect_count": _suite_count(closed=False),
    "closed_defect_count": _suite_count(closed=True),
    "unscheduled_predecessor": lambda layout, table: _truth(_unscheduled_predecessor(layout, table)),
    "late_predecessor": lambda layout, table: _truth(_late_predecessor(layout, table)),
    "unscheduled_predecessor_below": _of_any_story_below(_unscheduled_predecessor),
    "late_predecessor_below": _of_any_story_below(_late_predecessor),
    "iteration_synced_with_parent": _synced_with_parent("iteration"),
    "iteration_cascaded_to_children": _cascaded_to_children("iteration"),
    "release_synced_with_parent": _synced_with_parent("release"),
    "release_cascaded_to_children": _cascaded_to_children("release"),
    "owned_task_estimates": _owned_tasks,
    "load": _load,
    "milestone_artifacts": _in_milestone(_number),
    "milestone_work_items": _WORK_COUNT,
    "milestone_points": _WORK_POINTS,
    "milestone_accepted_items": _ACCEPTED_COUNT,
    "milestone_accepted_points": _ACCEPTED_POINTS,
    "milestone_done_by_items": _share(_ACCEPTED_COUNT, _WORK_COUNT),
    "milestone_done_by_points": _share(_ACCEPTED_POINTS, _WORK_POINTS),
    "milestone_projects": _of_milestone(_number),
    "milestone_closed_projects": _of_milestone(_number, lambda project: project.c.state == "Closed"),
    "tag_usage": _linked("artifact_tags", reverse=True)(_number),
    "preliminary_estimate_value": _of_estimate("value"),
    "preliminary_estimate_count": _of_estimate("countvalue"),
    "hours": _hours,
}
"""By the catalogue's name for them; what is made differently for each type, by type."""
