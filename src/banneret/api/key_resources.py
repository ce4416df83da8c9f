"""From keys as operations give them to keys as the management API shows them, and back."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from banneret.access.limits import KeyLimits
from banneret.api import resources
from banneret.kernel.errors import RelationRefused

if TYPE_CHECKING:
    from banneret.access.reach import ProjectReach, WorkspaceReach
    from banneret.operations.effective import EffectivePermissions
    from banneret.operations.journal import JournalEntry, KeyClient, KeyUsage
    from banneret.operations.keys import KeyEntry


def shown(entry: KeyEntry) -> resources.Key:
    """Give a key as it is shown."""
    limits = entry.limits
    return resources.Key(
        id=entry.oid,
        name=entry.display_name,
        prefix=entry.hint,
        grant=entry.grant.value,
        state=entry.state.value,
        user=resources.KeyOwner(entry.user_oid, entry.user_name),
        purpose=entry.purpose,
        limits=resources.Limits(
            limits.expires_at, list(limits.projects), limits.scope_down, list(limits.types), list(limits.ip_allow)
        ),
        created_at=entry.created_at,
        rotated_at=entry.last_reset_at,
        last_used_at=entry.last_used_at,
        last_used_address=entry.last_used_address,
        last_used_client=entry.last_used_client,
        expires_at=entry.expires_at,
        disabled_at=entry.disabled_at,
        disabled_by=entry.disabled_by,
        ended_at=entry.ended_at,
        ended_by=entry.ended_by,
    )


def limits_of(given: resources.Limits) -> KeyLimits:
    """Give limits as operations take them.

    Raises:
        RelationRefused: a moment that UTC has no date for.

    """
    try:
        expires = given.expires_at.astimezone(UTC) if given.expires_at is not None else None
    except OverflowError:
        raise RelationRefused("ApiKey", "ExpirationDate", "Expires", "There is no such moment.") from None
    return KeyLimits(
        expires_at=expires,
        projects=tuple(dict.fromkeys(given.projects)),
        scope_down=given.scope_down,
        types=tuple(dict.fromkeys(given.types)),
        ip_allow=tuple(dict.fromkeys(given.addresses)),
    )


def permissions(found: EffectivePermissions) -> resources.Permissions:
    """Give what a key may do."""
    reach = found.reach
    return resources.Permissions(
        reads=reach.reads,
        writes=reach.writes,
        administers_subscription=reach.administers,
        refusal=found.refusal,
        workspaces=[_workspace(each) for each in reach.workspaces],
    )


def _workspace(found: WorkspaceReach) -> resources.WorkspaceReached:
    return resources.WorkspaceReached(
        ObjectID=found.oid,
        ObjectUUID=found.uuid,
        Name=found.name,
        open=found.is_open,
        permission=found.permission,
        writes=found.writes,
        administers=found.administers,
        projects=[_project(each) for each in found.projects],
    )


def _project(found: ProjectReach) -> resources.ProjectReached:
    return resources.ProjectReached(
        ObjectID=found.oid,
        Name=found.name,
        Parent=found.parent,
        open=found.is_open,
        role=found.role.value,
        reads=found.reads,
        writes=found.writes,
        administers=found.administers,
    )


def line(entry: JournalEntry) -> resources.JournalLine:
    """Give a request of a key."""
    return resources.JournalLine(
        at=entry.at,
        method=entry.method,
        path=entry.path,
        status=entry.status,
        reason=entry.reason,
        address=entry.address,
        client=entry.client,
        milliseconds=entry.microseconds / 1000,
    )


def client(found: KeyClient) -> resources.Client:
    """Give a program that uses a key."""
    return resources.Client(found.client, found.address, found.first_at, found.last_at, found.requests, found.refused)


def usage(found: KeyUsage) -> resources.Usage:
    """Give counts of a key."""
    hours = [
        resources.HourOfWeek(each.weekday, each.hour, each.reads, each.writes, each.refused) for each in found.hours
    ]
    return resources.Usage(found.zone, found.since, found.reads, found.writes, found.refused, hours)
