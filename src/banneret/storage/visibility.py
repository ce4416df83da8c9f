"""A reader's sight as SQL. The filter form of `access.sight.Sight`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from banneret.access.sight import Sight
    from banneret.catalogue.model import TypeDef
    from banneret.storage.statements import Dialect

PROJECTS, KNOWN, WORKSPACES, READER = "sight_projects", "sight_known", "sight_workspaces", "sight_user"
_PERSONAL = frozenset({"UserProfile", "Preference"})
"""Types whose objects belong to one user."""


def shape(sight: Sight) -> tuple[bool, bool, bool]:
    """Give what of a sight changes the SQL, for statement caches."""
    return (sight.projects is None, sight.workspaces is None, sight.everything)


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
    columns = table.c
    root = candidates[0].table
    if root == "Scope":
        return _scopes(dialect, sight, columns)
    if root in _PERSONAL:
        if sight.everything:
            return None
        own = columns.user_oid == sa.bindparam(READER, type_=sa.BigInteger())
        return own if root == "UserProfile" else sa.or_(columns.user_oid.is_(None), own)
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
    if sight.known_projects is None or sight.workspaces is None:
        return None
    return sa.or_(
        sa.and_(columns.concrete_type == "Project", dialect.any_of(columns.oid, KNOWN)),
        sa.and_(columns.concrete_type == "Workspace", dialect.any_of(columns.oid, WORKSPACES)),
    )


def of_directory(dialect: Dialect, sight: Sight, directory: sa.FromClause) -> sa.ColumnElement[bool] | None:
    """Filter the directory, so that refs to what the reader may not see come out as nothing."""
    columns = directory.c
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
