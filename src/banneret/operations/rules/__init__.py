"""Rules of the object model, by name, attached to types (object-model.md 6).

`before_*` rules look at a write and may refuse or complete it; `after_*` rules do what follows from it, in the same unit of
work. A rule is a module function; the tables below say which types it holds for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.rules import companions, people, scheduling, workspaces

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

    BeforeCreate = Callable[[Context, TypeDef, dict[AttributeDef, Any], Changes], Awaitable[None]]
    AfterCreate = Callable[[Context, TypeDef, int, Mapping[AttributeDef, Any]], Awaitable[None]]
    BeforeUpdate = Callable[
        [Context, Located, Mapping[AttributeDef, Any], dict[AttributeDef, Any], Changes], Awaitable[None]
    ]
    AfterUpdate = Callable[
        [Context, Located, Mapping[AttributeDef, Any], Mapping[AttributeDef, tuple[Any, Any]]], Awaitable[None]
    ]
    BeforeDelete = Callable[[Context, Located], Awaitable[None]]

BEFORE_CREATE: tuple[tuple[str, BeforeCreate], ...] = (
    ("User", people.complete_user),
    ("UserPermission", people.complete_permission),
    ("SchedulableArtifact", scheduling.name_state),
    ("Task", scheduling.follow_work_product),
    ("Defect", scheduling.submitted_by_author),
    ("Task", scheduling.next_task_index),
    ("TestCaseStep", scheduling.next_step_index),
    ("ConversationPost", scheduling.number_post),
    ("ScheduleState", workspaces.place_schedule_state),
    ("WorkspaceConfiguration", workspaces.check_configuration),
    ("Attachment", scheduling.size_attachment),
    ("Changeset", scheduling.name_changeset),
    ("Iteration", scheduling.bound_timebox),
    ("Release", scheduling.bound_timebox),
)
AFTER_CREATE: tuple[tuple[str, AfterCreate], ...] = (
    ("Workspace", companions.furnish_workspace),
    ("Project", companions.furnish_project),
    ("User", companions.furnish_user),
    ("ProjectPermission", companions.join_workspace),
)
BEFORE_UPDATE: tuple[tuple[str, BeforeUpdate], ...] = (
    ("User", people.keep_an_administrator),
    ("User", people.keep_user_names_unique),
    ("SchedulableArtifact", scheduling.rename_state),
    ("HierarchicalRequirement", scheduling.refuse_cycles),
    ("PortfolioItem", scheduling.refuse_cycles),
    ("Project", scheduling.refuse_cycles),
    ("Task", scheduling.follow_new_work_product),
    ("TestFolder", scheduling.refuse_cycles),
    ("Iteration", scheduling.rebound_timebox),
    ("Release", scheduling.rebound_timebox),
    ("WorkspaceConfiguration", workspaces.recheck_configuration),
    ("ScheduleState", workspaces.keep_fixed_state),
)
AFTER_UPDATE: tuple[tuple[str, AfterUpdate], ...] = (
    ("User", people.end_sessions),
    ("WorkspaceConfiguration", workspaces.follow_prefixes),
    ("ScheduleState", workspaces.rename_in_items),
)
BEFORE_DELETE: tuple[tuple[str, BeforeDelete], ...] = (
    ("User", people.keep_one_administrator),
    ("User", people.end_credentials),
    ("ProjectPermission", people.keep_one_project),
    ("WorkspacePermission", people.leave_workspace),
)


async def before_create(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """Run what holds before an object of this type comes into being."""
    for name, rule in BEFORE_CREATE:
        if name in item.lineage:
            await rule(context, item, values, changes)


async def after_create(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """Run what follows from a create."""
    for name, rule in AFTER_CREATE:
        if name in item.lineage:
            await rule(context, item, oid, values)


async def before_update(
    context: Context, found: Located, old: Mapping[AttributeDef, Any], values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """Run what holds before an object changes; `values` may be completed."""
    for name, rule in BEFORE_UPDATE:
        if name in found.type.lineage:
            await rule(context, found, old, values, changes)


async def after_update(
    context: Context, found: Located, old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Run what follows from a change."""
    for name, rule in AFTER_UPDATE:
        if name in found.type.lineage:
            await rule(context, found, old, changed)


async def before_delete(context: Context, found: Located) -> None:
    """Run what holds before somebody deletes an object of this type; not for what merely goes along with another one."""
    for name, rule in BEFORE_DELETE:
        if name in found.type.lineage:
            await rule(context, found)
