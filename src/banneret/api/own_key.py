"""`ping` and `key`: is the server there, and what is the credential that I hold (hub.md 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret import __version__
from banneret.access.identity import AuthMethod
from banneret.api import resources
from banneret.api.key_resources import shown
from banneret.operations import effective, keys
from banneret.operations.context import default_project, default_workspace

if TYPE_CHECKING:
    from banneret.api.endpoints import Call

PRODUCT = "Banneret"


async def ping(_call: Call) -> resources.Pong:
    """Tell a wrong address from a wrong key."""
    return resources.Pong(PRODUCT, __version__)


async def introspect(call: Call) -> resources.Introspection:
    """Say what the credential is and may do, at the price of a few statements."""
    context, identity, origin = call.context, call.identity, call.origin
    user, landscape = identity.user, context.landscape
    by_key = identity.method is AuthMethod.KEY
    entry = await keys.in_hand(context) if by_key else None
    ((email,),) = await context.unit.writer.fetch("user", {"oid": user.oid}, ["emailaddress"])
    ((number,),) = await context.unit.writer.fetch(
        "subscription", {"oid": landscape.subscription_oid}, ["subscriptionid"]
    )
    reach = effective.in_hand(context)
    home = default_workspace(context)
    project = landscape.projects.get(default_project(context.in_workspace(home)) or 0)
    return resources.Introspection(
        credential=identity.method.value,
        key=shown(entry) if entry is not None else None,
        user=resources.UserInHand(
            user.oid, user.uuid, user.user_name, user.display_name, email, identity.permissions.highest.value
        ),
        subscription=resources.SubscriptionInHand(landscape.subscription_oid, landscape.subscription_name, number),
        workspaces=[
            resources.WorkspaceInHand(each.oid, each.uuid, each.name, each.permission, each.oid == home)
            for each in reach.workspaces
        ],
        default_project=resources.ProjectInHand(project.oid, project.name) if project is not None else None,
        permissions=resources.PermissionCounts(reach.reads, reach.writes, reach.administers),
        scopes=["wsapi:read"] if identity.read_only else ["wsapi:read", "wsapi:write"],
        server=resources.Server(PRODUCT, __version__, context.moment, ["v2.0", "v2.x"]),
        links=resources.Links(
            wsapi=f"{origin}/slm/webservice/v2.0/",
            openapi=f"{origin}/openapi.json",
            docs=f"{origin}/slm/doc/webservice/",
            account=f"{origin}/login/accounts/",
        ),
    )
