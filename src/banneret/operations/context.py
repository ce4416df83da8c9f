"""Who asks, as of when, and where: what every operation is handed beside its own arguments."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from banneret.access.identity import AuthMethod
from banneret.access.rules import narrowed, reaching
from banneret.access.sight import ALL
from banneret.kernel.errors import RelationRefused, UnknownScope
from banneret.kernel.refs import Ref, find_ref
from banneret.kernel.values import from_wire, to_wire
from banneret.query.literals import QueryContext
from banneret.query.selection import Scope

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from banneret.access.identity import Identity
    from banneret.access.landscape import Landscape
    from banneret.access.sight import Sight
    from banneret.catalogue.schema import Schema
    from banneret.kernel.ids import Identifiers
    from banneret.operations.ports import Transaction


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request came from: `name` is the integration or library that it says it is, `address` the peer's."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ScopeRequest:
    """The scope parameters as sent (wsapi.md 3.1): None where absent; `project` may be the word `null`."""

    workspace: str | None = None
    project: str | None = None
    up: bool = False
    down: bool = True


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings.

    `identity` is None for the server itself (scenarios, the command line), which may do anything. `workspace` is the
    workspace that the request is about; None only while the installation has none. `warnings` gathers what the answer says
    beside its result.
    """

    unit: Transaction
    landscape: Landscape
    sight: Sight
    identity: Identity | None
    now: datetime
    identifiers: Identifiers
    workspace: int | None
    project: int | None = None
    scope: Scope = field(default_factory=Scope)
    client: Client = field(default_factory=Client)
    warnings: list[str] = field(default_factory=list)

    @property
    def schema(self) -> Schema:
        """The types as the request's workspace has them."""
        return self.landscape.schema(self.workspace)

    @property
    def zone(self) -> ZoneInfo:
        """The request's workspace's time zone."""
        return self.landscape.zone(self.workspace)

    @property
    def moment(self) -> str:
        """Now, in wire form."""
        return to_wire(self.now)

    @property
    def user(self) -> int | None:
        """ObjectID of who asks; None for the server itself."""
        return self.identity.user.oid if self.identity is not None else None

    @property
    def credential(self) -> str:
        """What the request was made with, for the event: `key:<id>`, `basic`, `session` or `server`."""
        if self.identity is None:
            return "server"
        if self.identity.method is AuthMethod.KEY and self.identity.key is not None:
            return f"key:{self.identity.key.oid}"
        return self.identity.method.value

    @property
    def query(self) -> QueryContext:
        """What the query language needs to know of the surroundings."""
        me = Ref("User", object_id=self.user) if self.user is not None else None
        return QueryContext(zone=self.zone, now=self.now, current_user_ref=me)

    def in_workspace(self, workspace: int | None) -> Context:
        """Give the same surroundings in another workspace."""
        return self if workspace is None or workspace == self.workspace else replace(self, workspace=workspace)

    def as_of(self, moment: str) -> Context:
        """Give the same surroundings at another time, in wire form."""
        return replace(self, now=from_wire(moment))


def server_context(unit: Transaction, landscape: Landscape, now: datetime, identifiers: Identifiers) -> Context:
    """Give the surroundings of the server's own doing, in its first workspace."""
    workspace = min(landscape.workspaces, default=None)
    return Context(unit, landscape, ALL, None, now, identifiers, workspace)


def place(context: Context, asked: ScopeRequest) -> Context:
    """Settle workspace and project of a request.

    A `project` decides the workspace (rally-node sends it alone); without either the user's default workspace counts,
    workspace-wide. `null` as project means the whole workspace.

    Raises:
        UnknownScope: a workspace or project that is none, or that the caller may not see.

    """
    landscape, sight = context.landscape, context.sight
    workspace: int | None = None
    if asked.workspace and asked.workspace.strip("'\"").lower() != "null":
        workspace = _scope_id(asked.workspace, "workspace", landscape)
        if workspace not in landscape.workspaces or not sight.sees(workspace, None):
            raise UnknownScope("workspace", asked.workspace)
    project: int | None = None
    if asked.project and asked.project.strip("'\"").lower() != "null":
        project = _scope_id(asked.project, "project", landscape)
        facts = landscape.projects.get(project) if project is not None else None
        if project is None or facts is None or not sight.sees_project(project):
            raise UnknownScope("project", asked.project)
        if workspace is not None and facts.workspace != workspace:
            raise UnknownScope("project", asked.project)
        workspace = facts.workspace
    if workspace is None:
        workspace = default_workspace(context)
    projects: frozenset[int] | None = None
    if project is not None:
        projects = frozenset({project})
        if asked.up:
            projects |= landscape.above(project)
        if asked.down:
            projects |= landscape.below(project)
    return replace(context, workspace=workspace, project=project, scope=Scope(workspace, projects))


async def refreshed(context: Context) -> Context:
    """Give the same surroundings as they are after what this unit of work has changed of workspaces, projects and roles."""
    landscape = await context.unit.landscape()
    if landscape is None or context.identity is None:
        return context
    identity, user, key = context.identity, context.identity.user, context.identity.key
    _, sight = await context.unit.permissions(user.oid, landscape, subscription_admin=user.subscription_admin)
    if key is None or not key.is_narrowed:
        return replace(context, landscape=landscape, sight=sight)
    key = reaching(key, landscape)
    return replace(
        context, landscape=landscape, sight=narrowed(sight, key, landscape), identity=replace(identity, key=key)
    )


def require_open(context: Context, type_name: str, workspace: int | None) -> None:
    """Refuse what is to come into a closed workspace; the server itself may (scenarios tell what happened before).

    Raises:
        RelationRefused: the workspace is closed.

    """
    home = context.landscape.workspaces.get(workspace or 0)
    if context.identity is not None and home is not None and not home.is_open:
        reason = "Cannot connect object to value, the workspace is closed."
        raise RelationRefused(type_name, "Workspace", "Workspace", reason)


async def redefining(context: Context) -> Context:
    """Give the same surroundings with the workspaces' definitions as they are now.

    Others who want to change definitions, roles or settings wait until the unit of work ends.
    """
    await context.unit.touch()
    landscape = await context.unit.landscape()
    if landscape is None:
        return context
    return replace(context, landscape=replace(context.landscape, workspaces=landscape.workspaces))


def default_workspace(context: Context) -> int | None:
    """Give the workspace that applies when none is named: the user's default one, else the first that he sees."""
    landscape, sight = context.landscape, context.sight
    chosen = context.identity.user.default_workspace if context.identity is not None else context.workspace
    if chosen in landscape.workspaces and sight.sees(chosen, None):
        return chosen
    seen = [oid for oid, facts in landscape.workspaces.items() if sight.sees(oid, None) and facts.is_open]
    return min(seen, default=None)


def default_project(context: Context) -> int | None:
    """Give the project that applies to a create that names none: the user's default one, else the first that he sees."""
    landscape, sight = context.landscape, context.sight
    chosen = context.identity.user.default_project if context.identity is not None else None
    facts = landscape.projects.get(chosen) if chosen is not None else None
    if facts is not None and facts.workspace == context.workspace and sight.sees(facts.workspace, facts.oid):
        return chosen
    seen = [
        item
        for item in landscape.projects.values()
        if item.workspace == context.workspace and item.is_open and sight.sees(item.workspace, item.oid)
    ]
    return min(seen, key=lambda item: (item.name, item.oid)).oid if seen else None


def _scope_id(text: str, parameter: str, landscape: Landscape) -> int | None:
    ref: Ref | None = find_ref(text.strip("'\""))
    if ref is None or ref.type_name.lower() != parameter:
        raise UnknownScope(parameter, text)
    if ref.object_id is not None:
        return ref.object_id
    entries = landscape.workspaces if parameter == "workspace" else landscape.projects
    return next((oid for oid, facts in entries.items() if facts.uuid == ref.uuid), None)
