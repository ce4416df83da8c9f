"""What stands still between two administrators' writes: the subscription, its workspaces with their schemas, its projects.

Read whole and kept for as long as the database says that nothing of it changed (`epoch`), so that scope and
sight cost no query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from banneret.access.roles import Delegations, Permissions, Role
from banneret.access.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.access.identity import SubscriptionState
    from banneret.catalogue.schema import Schema


@dataclass(frozen=True, slots=True)
class WorkspaceFacts:
    """A workspace: `zone` is its time zone, `schema` its types with its own custom fields and values."""

    oid: int
    uuid: str
    name: str
    is_open: bool
    zone: ZoneInfo
    schema: Schema
    short_states: Mapping[str, str] = field(default_factory=dict)
    default_project_access: str = "Editor"


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """A flow state: a column of a project's board. `schedule_state` is what an item's ScheduleState becomes in it."""

    oid: int
    name: str
    schedule_state: str


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project; `parent` is None for a top-level one.

    `rolls_task_states`: states of tasks drive those of their work. `flow_states` stand in the order of the board.
    """

    oid: int
    uuid: str
    name: str
    parent: int | None
    workspace: int
    is_open: bool
    rolls_task_states: bool = True
    flow_states: tuple[FlowFacts, ...] = ()


@dataclass(frozen=True)
class Landscape:
    """The subscription as of `epoch`. `stock` is the schema where no workspace applies."""

    epoch: int
    subscription_oid: int
    subscription_uuid: str
    subscription_name: str
    subscription: SubscriptionState
    delegations: Delegations
    stock: Schema
    workspaces: Mapping[int, WorkspaceFacts]
    projects: Mapping[int, ProjectFacts]

    @cached_property
    def children(self) -> Mapping[int, tuple[int, ...]]:
        """The child projects by parent."""
        found: dict[int, tuple[int, ...]] = {}
        for project in self.projects.values():
            if project.parent is not None:
                found[project.parent] = (*found.get(project.parent, ()), project.oid)
        return found

    @cached_property
    def _flow_states(self) -> Mapping[int, FlowFacts]:
        return {found.oid: found for project in self.projects.values() for found in project.flow_states}

    def flow_state(self, oid: int | None) -> FlowFacts | None:
        """Give a flow state of any project, or None."""
        return self._flow_states.get(oid) if oid is not None else None

    @cached_property
    def open_projects(self) -> frozenset[int]:
        """The projects whose items may be seen at all: open ones of open workspaces."""
        return frozenset(
            item.oid
            for item in self.projects.values()
            if item.is_open and (home := self.workspaces.get(item.workspace)) is not None and home.is_open
        )

    def schema(self, workspace: int | None) -> Schema:
        """Give the schema of a workspace, or the stock one."""
        found = self.workspaces.get(workspace) if workspace is not None else None
        return found.schema if found is not None else self.stock

    def zone(self, workspace: int | None) -> ZoneInfo:
        """Give the time zone of a workspace; UTC where none applies."""
        found = self.workspaces.get(workspace) if workspace is not None else None
        return found.zone if found is not None else ZoneInfo("UTC")

    def below(self, project: int) -> frozenset[int]:
        """Give a project and all below it."""
        found: set[int] = set()
        waiting = [project]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self.children.get(current, ()))
        return frozenset(found)

    def above(self, project: int) -> frozenset[int]:
        """Give a project and all above it."""
        found: set[int] = set()
        current: int | None = project
        while current is not None and current not in found:
            found.add(current)
            held = self.projects.get(current)
            current = held.parent if held is not None else None
        return frozenset(found)

    def sight(self, permissions: Permissions, user: int) -> Sight:
        """Give what a user with these permissions may see."""
        if permissions.subscription_admin:
            hidden = len(self.open_projects) != len(self.projects)
            return Sight(user, self.open_projects if hidden else None, None, None, everything=True)
        known = frozenset(
            item.oid
            for item in self.projects.values()
            if permissions.project_role(item.oid, item.workspace) not in {Role.NO_ACCESS, Role.WORKSPACE_USER}
        )
        workspaces = permissions.user_workspaces | permissions.admin_workspaces
        return Sight(user, known & self.open_projects, known, workspaces)
