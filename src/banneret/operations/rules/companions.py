"""What comes into being along with workspaces, projects and users."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from banneret.access.rules import can_administer_workspace
from banneret.access.sight import ALL
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

SCHEDULE_STATES = (("Defined", "D"), ("In-Progress", "P"), ("Completed", "C"), ("Accepted", "A"))
OPTIONAL_STATES = (("Custom 1", "1", 5), ("Custom 2", "2", 50))
"""One before and one after the fixed ones, to be named and enabled by an administrator; with OrderIndex."""

PORTFOLIO_STATES = ("Discovering", "Developing", "Measuring", "Done")
ESTIMATES = (("XS", 1), ("S", 3), ("M", 5), ("L", 8), ("XL", 13))
"""Values of a fresh workspace (object-model.md 5)."""


async def make(context: Context, type_name: str, workspace: int | None, body: dict[str, Any]) -> int:
    """Make an object on the server's own account; `body` may set what clients cannot."""
    from banneret.operations.create import Given, create

    server = replace(context, identity=None, sight=ALL, workspace=workspace, project=None)
    await context.unit.writer.flush()
    return await create(server, context.landscape.stock.get(type_name), body, type_name, Given(internal=True))


async def furnish_workspace(context: Context, _item: TypeDef, oid: int, _values: Mapping[AttributeDef, Any]) -> None:
    """A workspace has a configuration, schedule states, portfolio states and estimates from the start."""
    owner = {"Workspace": f"/workspace/{oid}"}
    numbers = {
        "PurgeRecycleBinAfterNumberOfDays": 30,
        "AutoUnblockPortfolioItem": False,
        "BuildandChangesetEnabled": True,
        "DragDropRankingEnabled": True,
        "ProjectAdminsCanManageWorkRules": False,
        "RestrictTimeboxEdit": False,
        "TimeTrackerEnabled": False,
    }
    made = await make(context, "WorkspaceConfiguration", oid, {**owner, **numbers})
    context.unit.writer.update("scope", {"oid": oid}, {"workspaceconfiguration_oid": made})
    for n, (name, letter) in enumerate(SCHEDULE_STATES):
        body = {"Name": name, "ShortName": letter, "Enabled": True, "Editable": False, "OrderIndex": (n + 1) * 10}
        await make(context, "ScheduleState", oid, {**owner, **body})
    for name, letter, index in OPTIONAL_STATES:
        body = {"Name": name, "ShortName": letter, "Enabled": False, "Editable": True, "OrderIndex": index}
        await make(context, "ScheduleState", oid, {**owner, **body})
    for level in context.landscape.stock.portfolio_levels():
        await furnish_level(context, level.definition_id, oid)
    for name, value in ESTIMATES:
        await make(context, "PreliminaryEstimate", oid, {**owner, "Name": name, "Value": value, "Enabled": True})


async def furnish_level(context: Context, definition: int, workspace: int) -> None:
    """A portfolio type has the same states as every other one, to begin with."""
    for n, name in enumerate(PORTFOLIO_STATES):
        body = {
            "Workspace": f"/workspace/{workspace}",
            "Name": name,
            "TypeDef": f"/typedefinition/{definition}",
            "OrderIndex": n + 1,
            "Enabled": True,
            "InProgressMarker": n == 1,
            "AcceptedMarker": n == len(PORTFOLIO_STATES) - 1,
        }
        await make(context, "State", workspace, body)


async def furnish_project(context: Context, _item: TypeDef, oid: int, _values: Mapping[AttributeDef, Any]) -> None:
    """A project has a flow state for each fixed schedule state; who may create it only below his own administers it too."""
    workspace = context.workspace
    for n, (name, _letter) in enumerate(SCHEDULE_STATES):
        body = {
            "Project": f"/project/{oid}",
            "Workspace": f"/workspace/{workspace}",
            "Name": name,
            "OrderIndex": n + 1,
            "ScheduleStateMapping": name,
        }
        await make(context, "FlowState", workspace, body)
    identity = context.identity
    if identity is not None and workspace is not None and not can_administer_workspace(identity, workspace):
        body = {"User": f"/user/{identity.user.oid}", "Project": f"/project/{oid}", "Role": "Admin"}
        await make(context, "ProjectPermission", workspace, body)


async def furnish_user(context: Context, _item: TypeDef, oid: int, _values: Mapping[AttributeDef, Any]) -> None:
    """A user has a profile; one whom an administrator made through WSAPI may view that administrator's project (KB 138717)."""
    profile: dict[str, Any] = {
        "User": f"/user/{oid}",
        "EmailNotificationEnabled": False,
        "SessionTimeoutSeconds": 28800,
        "SessionTimeoutWarning": False,
        "WelcomePageHidden": True,
    }
    if context.identity is not None:
        from banneret.operations.context import default_project

        project = default_project(context)
        if project is not None and context.workspace is not None:
            profile |= {
                "DefaultProject": f"/project/{project}",
                "DefaultWorkspace": f"/workspace/{context.workspace}",
            }
            grants = (
                ("WorkspacePermission", {"Workspace": f"/workspace/{context.workspace}", "Role": "User"}),
                ("ProjectPermission", {"Project": f"/project/{project}", "Role": "Viewer"}),
            )
            for name, body in grants:
                await make(context, name, context.workspace, {"User": f"/user/{oid}", **body})
    made = await make(context, "UserProfile", None, profile)
    context.unit.writer.update("user", {"oid": oid}, {"userprofile_oid": made})


async def join_workspace(context: Context, item: TypeDef, _oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """With the first role in one of its projects a user becomes a user of the workspace (access.md 3.1)."""
    if context.identity is None:
        return
    user, workspace = (values.get(item.attributes[name]) for name in ("User", "Workspace"))
    where = {"user_oid": user, "workspace_oid": workspace, "concrete_type": "WorkspacePermission"}
    if not await context.unit.writer.fetch("userpermission", where, ["oid"]):
        body = {"User": f"/user/{user}", "Workspace": f"/workspace/{workspace}", "Role": "User"}
        await make(context, "WorkspacePermission", workspace, body)


RULES = {
    "workspace_companions": Rule(after_create=furnish_workspace),
    "project_companions": Rule(after_create=furnish_project),
    "user_companions": Rule(after_create=furnish_user),
    "workspace_membership": Rule(after_create=join_workspace),
}
