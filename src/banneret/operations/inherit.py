"""What a new project takes over from its parent, if its creator says so (KB 267108)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.kernel.refs import Ref
from banneret.operations import collect
from banneret.operations.create import create
from banneret.operations.locate import locate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context

_TIMEBOXES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Iteration": ("EndDate", ("Name", "StartDate", "EndDate", "State", "Theme", "Notes", "PlannedVelocity")),
    "Release": (
        "ReleaseDate",
        ("Name", "ReleaseStartDate", "ReleaseDate", "State", "Theme", "Notes", "PlannedVelocity"),
    ),
}
"""Timeboxes by their last day, and what of them is copied."""


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What to take over: the parameters `copyMilestones`, `copyTimeboxes`, `copyUserPermissions`, `copySharedPages`."""

    milestones: bool = False
    timeboxes: bool = False
    user_permissions: bool = False
    shared_pages: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to take over."""
        return self.milestones or self.timeboxes or self.user_permissions or self.shared_pages


async def inherit(context: Context, project: int, wanted: Inheritance) -> None:
    """Give a project that was just created what its parent has, on behalf of the server: its creator may create projects."""
    await context.unit.writer.flush()
    landscape = await context.unit.landscape()
    facts = landscape.projects.get(project) if landscape is not None else None
    if landscape is None or facts is None:
        return
    if facts.parent is None:
        context.warnings.append("There is nothing to copy: the project has no parent.")
        return
    server = replace(context, landscape=landscape, identity=None, sight=ALL).in_workspace(facts.workspace)
    if wanted.milestones:
        await _milestones(server, facts.parent, project)
    if wanted.timeboxes:
        await _timeboxes(server, facts.parent, project)
    if wanted.user_permissions:
        await _permissions(server, facts.parent, project)
    if wanted.shared_pages:
        context.warnings.append("Ignored copySharedPages: there are no shared pages.")


async def _milestones(context: Context, parent: int, project: int) -> None:
    """Milestones span projects; those of the parent reach the new one too."""
    item = context.schema.get("Project")
    attribute = item.attributes["Milestones"]
    relation = attribute.members.link if attribute.members is not None else None
    found = await locate(context, item, Ref("Project", object_id=project))
    if relation is None or found is None:
        return
    held = await context.unit.writer.links(relation, parent, reverse=True)
    await collect.add(context, found, attribute, [{"_ref": f"/milestone/{oid}"} for oid in sorted(held)])


async def _timeboxes(context: Context, parent: int, project: int) -> None:
    """Those that are under way or still to come; a timebox belongs to one project, so the new one gets copies."""
    for name, (last, copied) in _TIMEBOXES.items():
        item = context.schema.get(name)
        columns = [(context.unit.writer.column_of(item, item.attributes[each]) or ("", ""))[1] for each in copied]
        rows = await context.unit.writer.fetch(item.name.lower(), {"project_oid": parent}, ["oid", *columns])
        for row in sorted(rows, key=lambda row: int(row[0])):
            held: dict[str, Any] = dict(zip(copied, row[1:], strict=True))
            if held[last] >= context.moment:
                body = {key: value for key, value in held.items() if value is not None}
                await create(context, item, {**body, "Project": f"/project/{project}"}, name)


async def _permissions(context: Context, parent: int, project: int) -> None:
    where = {"concrete_type": "ProjectPermission", "project_oid": parent}
    rows = await context.unit.writer.fetch("userpermission", where, ["user_oid", "role"])
    for user, role in sorted(rows, key=lambda row: int(row[0])):
        body = {"User": f"/user/{user}", "Project": f"/project/{project}", "Role": role}
        await create(context, context.schema.get("ProjectPermission"), body, "ProjectPermission")
