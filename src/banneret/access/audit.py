"""What the audit log tells of: events by the kind of thing that they are about. Work items have their Revision History instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GROUPS: Mapping[str, Sequence[str]] = {
    "API keys": ("ApiKey",),
    "Log-ins and passwords": ("Session", "Login", "Password", "SecondFactor", "Invitation"),
    "Users": ("User", "UserProfile"),
    "Permissions": ("WorkspacePermission", "ProjectPermission"),
    "Subscription": ("Subscription", "SignInPolicy"),
    "Workspaces and projects": ("Workspace", "WorkspaceConfiguration", "Project"),
    "Types and fields": ("TypeDefinition", "AttributeDefinition", "ScheduleState", "FlowState", "PreliminaryEstimate"),
    "OAuth": ("OAuthClient", "AuthorizedApplication"),
}
"""Types of events by what people call them, in the order in which a list offers them."""

AUDITED: Sequence[str] = tuple(name for names in GROUPS.values() for name in names)
"""All of them. An index of the database is made of this very list: a change of it needs a migration."""

WITHHELD = frozenset({"HMACSecret"})
"""Attributes whose values no page and no file shows: only that they changed."""
