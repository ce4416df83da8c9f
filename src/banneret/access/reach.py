"""What a credential comes to: which projects and workspaces it reads, writes and administers, limits and all, as of now.

The same predicates that admit single requests, asked about every project at once; `tests/api/test_effective_permissions.py` holds
the two equal by trying each read and write over WSAPI.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from banneret.access.predicates import Subject
from banneret.access.roles import Role
from banneret.access.rules import (
    Permission,
    allowed,
    can_administer_project,
    can_administer_workspace,
    can_edit_project,
    needed,
    reaches_type,
    within_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from banneret.access.identity import Identity
    from banneret.access.landscape import Landscape, ProjectFacts, WorkspaceFacts
    from banneret.access.sight import Sight
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema

_WRITES = frozenset({"create", "update", "delete"})
_ANYWHERE = Subject(0, 0)
_SHARED = Subject(0, None)


@dataclass(frozen=True, slots=True)
class ProjectReach:
    """A project whose Project object is seen.

    `reads`: its items are seen, or those of them that the key's types are. `writes`: items can be created, changed and deleted.
    `administers`: its own settings can be changed. A closed project's items are neither read nor written (access.md 3.4).
    `role` is the owner's, whatever the key makes of it.
    """

    oid: int
    name: str
    parent: int | None
    is_open: bool
    role: Role
    reads: bool
    writes: bool
    administers: bool


@dataclass(frozen=True, slots=True)
class WorkspaceReach:
    """A workspace that is seen, with those of its projects that are, in order of their names.

    `writes`: what the workspace shares among its projects, such as tags, can be created and changed.
    """

    oid: int
    uuid: str
    name: str
    is_open: bool
    writes: bool
    administers: bool
    projects: tuple[ProjectReach, ...]

    @property
    def permission(self) -> Literal["viewer", "editor", "admin"]:
        """In a word, as hubs show it: `admin`, `editor` of this or of any of its projects, else `viewer` (hub.md 1.5)."""
        if self.administers:
            return "admin"
        return "editor" if self.writes or any(project.writes for project in self.projects) else "viewer"


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a credential reaches, workspaces in order of their names; `administers`: the subscription itself."""

    workspaces: tuple[WorkspaceReach, ...]
    administers: bool

    @property
    def projects(self) -> list[ProjectReach]:
        """Every project that is seen."""
        return [project for workspace in self.workspaces for project in workspace.projects]

    @property
    def reads(self) -> int:
        """How many projects are read."""
        return sum(project.reads for project in self.projects)

    @property
    def writes(self) -> int:
        """How many projects are written."""
        return sum(project.writes for project in self.projects)


def reach(identity: Identity, sight: Sight, landscape: Landscape) -> Reach:
    """Say what an identity reaches. `sight` is its own, narrowed by its key (`rules.narrowed`)."""
    inside: dict[int, list[ProjectFacts]] = {}
    for project in landscape.projects.values():
        if sight.sees_project(project.oid):
            inside.setdefault(project.workspace, []).append(project)
    workspaces = [
        _workspace(identity, sight, facts, inside.get(facts.oid, ()))
        for facts in landscape.workspaces.values()
        if sight.sees(facts.oid, None)
    ]
    administers = (
        not identity.read_only
        and within_key(identity, landscape.stock.get("Subscription").lineage, None)
        and allowed(identity, Permission.ADMINISTER_SUBSCRIPTION)
    )
    return Reach(tuple(sorted(workspaces, key=_in_order)), administers)


def _workspace(
    identity: Identity, sight: Sight, facts: WorkspaceFacts, projects: Iterable[ProjectFacts]
) -> WorkspaceReach:
    items, shared = in_projects(facts.schema), shared_in_workspaces(facts.schema)
    reads = sight.types is None or any(item.name in sight.types for item in items)
    writes = any(reaches_type(identity, item.lineage) for item in items)
    subject = Subject(facts.oid)
    settings = reaches_type(identity, facts.schema.get("Project").lineage)
    found = [_project(identity, sight, each, reads=reads, writes=writes, settings=settings) for each in projects]
    return WorkspaceReach(
        oid=facts.oid,
        uuid=facts.uuid,
        name=facts.name,
        is_open=facts.is_open,
        writes=facts.is_open
        and not identity.read_only
        and any(within_key(identity, item.lineage, None) for item in shared)
        and allowed(identity, Permission.EDIT_IN_WORKSPACE, subject),
        administers=within_key(identity, facts.schema.get("Workspace").lineage, None)
        and can_administer_workspace(identity, facts.oid),
        projects=tuple(sorted(found, key=_in_order)),
    )


def _project(
    identity: Identity, sight: Sight, facts: ProjectFacts, *, reads: bool, writes: bool, settings: bool
) -> ProjectReach:
    """`reads`, `writes` and `settings`: the key's types let it do so anywhere in the workspace."""
    seen = sight.sees(facts.workspace, facts.oid)
    return ProjectReach(
        oid=facts.oid,
        name=facts.name,
        parent=facts.parent,
        is_open=facts.is_open,
        role=identity.permissions.project_role(facts.oid, facts.workspace),
        reads=reads and seen,
        writes=writes and seen and can_edit_project(identity, facts.oid, facts.workspace),
        administers=settings and can_administer_project(identity, facts.oid, facts.workspace),
    )


@lru_cache(maxsize=64)
def in_projects(schema: Schema) -> tuple[TypeDef, ...]:
    """Give the types whose objects belong to a project, and are written by whoever edits it."""
    return tuple(
        item
        for item in _written(schema, Permission.EDIT_PROJECT, _ANYWHERE)
        if "Project" in item.attributes or item.scope
    )


@lru_cache(maxsize=64)
def shared_in_workspaces(schema: Schema) -> tuple[TypeDef, ...]:
    """Give the types whose objects the projects of a workspace share."""
    return tuple(
        item
        for item in _written(schema, Permission.EDIT_IN_WORKSPACE, _SHARED)
        if "Workspace" in item.attributes and "Project" not in item.attributes and not item.scope
    )


def _written(schema: Schema, permission: Permission, subject: Subject) -> list[TypeDef]:
    return [
        item
        for item in schema.types.values()
        if not item.abstract
        and not item.virtual
        and not _WRITES.isdisjoint(item.operations)
        and needed("create", item.lineage, subject, None) is permission
    ]


def _in_order(found: ProjectReach | WorkspaceReach) -> tuple[str, int]:
    return found.name.lower(), found.oid
