"""Make an empty database an installation: the one subscription and what it says about access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.identity import SubscriptionState
from banneret.access.landscape import Landscape
from banneret.access.roles import Delegations
from banneret.operations.context import server_context
from banneret.operations.create import Given, create

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from banneret.kernel.ids import Identifiers
    from banneret.operations.context import Context
    from banneret.operations.ports import Transaction

_DEFAULTS: Mapping[str, Any] = {
    "Name": "Banneret",
    "ApiKeysEnabled": True,
    "AttachmentFilenameExtensionsEnabled": False,
    "AttachmentFilenameExtensionWhitelist": "any",
    "AuthenticationPolicy": "Rally Only",
    "CmkEncryptionOnly": False,
    "CORSEnabled": False,
    "EmailEnabled": False,
    "FailedUserLoginEmailEnabled": False,
    "IPAddressRestrictionEnabled": False,
    "JSONPEnabled": False,
    "LicenseType": "Standard",
    "MaximumCustomUserFields": -1,
    "MaximumCustomViews": -1,
    "Maximumloginattempts": 5,
    "MaximumPrivateTabs": -1,
    "MaximumProjects": -1,
    "MaximumSharedTabs": -1,
    "MaximumWorkspaces": -1,
    "NumberofPasswordRules": 1,
    "PaidSeats": 0,
    "PasswordChangeRequired": False,
    "PasswordMinimumLength": 12,
    "PreviousPasswordCount": 0,
    "ProjectAdminsCanCreateProjects": False,
    "ProjectAdminsCanCreateUsers": False,
    "ProjectAdminsCanEnableAndDisableTaskStateWorkflow": False,
    "ProjectAdminsCanEnableAndDisableUsers": False,
    "ProjectHierarchyEnabled": True,
    "RestrictedIPAddresses": "none",
    "SiteId": "banneret",
    "StoryHierarchyEnabled": True,
    "StoryHierarchyType": "Unlimited",
    "SubscriptionID": 1,
    "SubscriptionState": "Active",
    "SubscriptionType": "Unlimited",
    "UnpaidSeats": 0,
    "UserDeactivationEmailEnabled": False,
    "UserLockoutTime": 60,
    "UsingCustomSsoLogoutUrl": False,
    "WebhooksEnabled": False,
    "WorkspaceAdminsCanConfigureRecycleBinPurgeTime": True,
    "WorkspaceAdminsCanCreateUsers": False,
}

_BY_THE_SERVER = Given(internal=True)


async def installed(unit: Transaction) -> bool:
    """Whether there is a subscription."""
    return await unit.landscape() is not None


async def install(
    unit: Transaction,
    now: datetime,
    identifiers: Identifiers,
    subscription: Mapping[str, Any],
    given: Given = _BY_THE_SERVER,
) -> Context:
    """Create the subscription, with these attributes beside the defaults, and give the server's context in it.

    `given` is what a scenario fixes of it.
    """
    stock = unit.stock
    empty = Landscape(0, 0, "", "", SubscriptionState(), Delegations(), stock, {}, {})
    context = server_context(unit, empty, now, identifiers)
    body = {**_DEFAULTS, **subscription}
    await create(context, stock.get("Subscription"), body, "Subscription", given)
    landscape = await unit.landscape()
    if landscape is None:
        message = "the subscription that was just created is not there"
        raise RuntimeError(message)
    return server_context(unit, landscape, now, identifiers)
