"""A reader's sight as SQL. The filter form of `access.sight.Sight`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.catalogue.model import HOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from banneret.access.sight import Sight
    from banneret.catalogue.model import TypeDef
    from banneret.storage.statements import Dialect

PROJECTS, KNOWN, WORKSPACES, READER = "sight_projects", "sight_known", "sight_workspaces", "sight_user"
_PERSONAL = frozenset({"UserProfile", "Preference"})
"""Types whose objects belong to one user."""


def shape(sight: Sight) -> tuple[object, ...]:
    """Give what of a sight changes the SQL, for statement caches."""
    nowhere = (sight.projects is None, sight.known_projects is None, sight.workspaces is None)
    return (*nowhere, sight.everything, sight.user is None, sight.types)


@lru_cache(maxsize=1024)
def values(dialect: Dialect, sight: Sight) -> dict[str, Any]:
    """Give the values that the filters bind; not to be changed, for it is kept."""
    bound: dict[str, Any] = {READER: sight.user}
    if sight.projects is not None:
        bound[PROJECTS] = dialect.integers(sight.projects)
    if sight.known_projects is not None:
        bound[KNOWN] = dialect.integers(sight.known_projects)
    if sight.workspaces is not None:
        bound[WORKSPACES] = dialect.integers(sight.workspaces)
    return bound


def of_type(
    dialect: Dialect, sight: Sight, table: sa.FromClause, candidates: tuple[TypeDef, ...]
) -> sa.ColumnElement[bool] | None:
    """Filter rows of a table that hold objects of `candidates`; None where nothing is hidden."""
    seen = _owned(dialect, sight, table.c, candidates)
    if sight.types is None:
        return seen
    reached = [item.name for item in candidates if item.name in sight.types]
    if not reached:
        return sa.false()
    if "concrete_type" not in table.c:
        return seen
    # As an expression: it narrows what something better than the index on the type has found.
    typed = _one_of(table.c.concrete_type.concat(sa.literal_column("''")), reached)
    return typed if seen is None else sa.and_(typed, seen)


def _one_of(column: sa.ColumnElement[Any], names: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column == name for name in sorted(names)))


def _owned(
    dialect: Dialect, sight: Sight, columns: sa.ColumnCollection[str, Any], candidates: tuple[TypeDef, ...]
) -> sa.ColumnElement[bool] | None:
    root = candidates[0].table
    if root == "Scope":
        return _scopes(dialect, sight, columns)
    placed = _placed(dialect, sight, columns, candidates)
    if root in HOLDERS and sight.user is not None:
        whose = columns.uploader_oid
    elif root in _PERSONAL and not sight.everything:
        whose = columns.user_oid
    else:
        return placed
    own = whose == sa.bindparam(READER, type_=sa.BigInteger())
    mine = own if root == "UserProfile" else sa.or_(whose.is_(None), own)
    return mine if placed is None else sa.and_(mine, placed)


def _placed(
    dialect: Dialect, sight: Sight, columns: sa.ColumnCollection[str, Any], candidates: tuple[TypeDef, ...]
) -> sa.ColumnElement[bool] | None:
    """What has a project is seen through it, all else through its workspace."""
    has_project = all(
        "Project" in item.attributes and (item.attributes["Project"].required or item.scope) for item in candidates
    )
    conditions = []
    if sight.projects is not None:
        inside = dialect.any_of(columns.project_oid, PROJECTS)
        if has_project:
            return inside
        conditions.append(inside)
    else:
        if sight.workspaces is None:
            return None
        conditions.append(columns.project_oid.is_not(None))
    outside: list[sa.ColumnElement[bool]] = [columns.project_oid.is_(None)]
    if sight.workspaces is not None:
        outside.append(sa.or_(columns.workspace_oid.is_(None), dialect.any_of(columns.workspace_oid, WORKSPACES)))
    return sa.or_(*conditions, sa.and_(*outside))


def _scopes(dialect: Dialect, sight: Sight, columns: sa.ColumnCollection[str, Any]) -> sa.ColumnElement[bool] | None:
    if sight.known_projects is None and sight.workspaces is None:
        return None
    project: sa.ColumnElement[bool] = columns.concrete_type == "Project"
    workspace: sa.ColumnElement[bool] = columns.concrete_type == "Workspace"
    if sight.known_projects is not None:
        project = sa.and_(project, dialect.any_of(columns.oid, KNOWN))
    if sight.workspaces is not None:
        workspace = sa.and_(workspace, dialect.any_of(columns.oid, WORKSPACES))
    return sa.or_(project, workspace)


def of_directory(dialect: Dialect, sight: Sight, directory: sa.FromClause) -> sa.ColumnElement[bool] | None:
    """Filter the directory, so that refs to what the reader may not see come out as nothing."""
    placed = _placed_in_directory(dialect, sight, directory.c)
    if sight.types is None:
        return placed
    typed = _one_of(directory.c.type, sight.types)
    return typed if placed is None else sa.and_(typed, placed)


def _placed_in_directory(
    dialect: Dialect, sight: Sight, columns: sa.ColumnCollection[str, Any]
) -> sa.ColumnElement[bool] | None:
    if sight.projects is None and sight.workspaces is None:
        return None
    conditions: list[sa.ColumnElement[bool]] = []
    if sight.known_projects is not None:
        conditions.append(sa.and_(columns.type == "Project", dialect.any_of(columns.oid, KNOWN)))
    else:
        conditions.append(columns.type == "Project")
    if sight.projects is not None:
        conditions.append(dialect.any_of(columns.project_oid, PROJECTS))
    else:
        conditions.append(columns.project_oid.is_not(None))
    outside: list[sa.ColumnElement[bool]] = [columns.project_oid.is_(None)]
    if sight.workspaces is not None:
        outside.append(sa.or_(columns.workspace_oid.is_(None), dialect.any_of(columns.workspace_oid, WORKSPACES)))
    conditions.append(sa.and_(*outside))
    return sa.or_(*conditions)
