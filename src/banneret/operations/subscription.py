"""The subscription's own settings, read and changed as one, and what switching its API keys off will stop (KB 11568)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from banneret.access.addresses import is_list_entry, is_listed
from banneret.access.origins import read_origin
from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import ConcurrencyConflict, NotAuthorized, RelationRefused
from banneret.kernel.refs import Ref
from banneret.kernel.values import to_wire
from banneret.operations import keys
from banneret.operations.update import update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.operations.context import Context
    from banneret.operations.keys import KeyEntry

_TYPE = "Subscription"

FLAGS = (
    *("ApiKeysEnabled", "JSONPEnabled", "CORSEnabled", "WorkspaceAdminsCanCreateUsers", "ProjectAdminsCanCreateUsers"),
    *("ProjectAdminsCanEnableAndDisableUsers", "ProjectAdminsCanCreateProjects", "IPAddressRestrictionEnabled"),
    "ApplyIpAddressRestrictionToSubAdmins",
)
LISTS = ("CORSAllowedDomains", "RestrictedIPAddresses")
"""Texts that hold a list, divided by blanks, commas or ends of lines."""

_NO_ADDRESSES = "none"
"""What RestrictedIPAddresses, which is never empty, says where there are none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings at one version of the Subscription: booleans by `FLAGS`, lists of entries by `LISTS`."""

    version: int
    name: str
    flags: Mapping[str, bool]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Stopping:
    """What ends when keys are disabled: those used in the last week, those used in the month before that, and how many others."""

    week: Sequence[KeyEntry]
    month: Sequence[KeyEntry]
    others: int


async def read_settings(context: Context) -> Settings:
    """Give the settings as they are.

    Raises:
        NotAuthorized: for subscription administrators.

    """
    _require_administrator(context, "read")
    columns = ["versionid", "name", *(name.lower() for name in (*FLAGS, *LISTS))]
    rows = await context.unit.writer.fetch("subscription", {"oid": context.landscape.subscription_oid}, columns)
    version, name, *values = rows[0]
    held = dict(zip((*FLAGS, *LISTS), values, strict=True))
    lists = {name: entries_of(held[name] or "") for name in LISTS}
    if lists["RestrictedIPAddresses"] == (_NO_ADDRESSES,):
        lists["RestrictedIPAddresses"] = ()
    return Settings(version, name, {name: bool(held[name]) for name in FLAGS}, lists)


def entries_of(text: str) -> tuple[str, ...]:
    """Divide the text of a list into its entries."""
    return tuple(text.replace(",", " ").split())


async def change_settings(context: Context, wanted: Settings) -> None:
    """Set all settings; they hold from the next request on.

    Raises:
        NotAuthorized: for subscription administrators.
        ConcurrencyConflict: somebody changed them since the version that `wanted` was made from.
        RelationRefused: an entry of a list that is unreadable, or addresses that keep out who sets them.

    """
    before = await read_settings(context)
    if before.version != wanted.version:
        raise ConcurrencyConflict(_TYPE, context.landscape.subscription_oid)
    _check_origins(wanted)
    _check_addresses(context, wanted)
    body: dict[str, Any] = {name: value for name, value in wanted.flags.items() if value != before.flags[name]}
    for name in LISTS:
        if wanted.lists[name] != before.lists[name]:
            empty = _NO_ADDRESSES if name == "RestrictedIPAddresses" else ""
            body[name] = " ".join(wanted.lists[name]) or empty
    if body:
        ref = Ref(_TYPE, object_id=context.landscape.subscription_oid)
        await update(context, context.schema.get(_TYPE), ref, body, _TYPE)


async def stopping(context: Context) -> Stopping:
    """Say which keys would be refused, were keys disabled: the latest used first.

    Raises:
        NotAuthorized: for subscription administrators who have logged in.

    """
    week, month = (to_wire(context.now - timedelta(days=days)) for days in (7, 30))
    found = sorted(await keys.listed(context), key=lambda key: key.last_used_at or "", reverse=True)
    recent = [key for key in found if (key.last_used_at or "") >= month]
    return Stopping(
        week=[key for key in recent if (key.last_used_at or "") >= week],
        month=[key for key in recent if (key.last_used_at or "") < week],
        others=len(found) - len(recent),
    )


def _check_origins(wanted: Settings) -> None:
    for entry in wanted.lists["CORSAllowedDomains"]:
        whole = entry if "://" in entry else f"https://{entry}"
        if entry == "*" or read_origin(whole) is None:
            reason = "Every site would be allowed to act as its readers." if entry == "*" else "It is no origin."
            raise RelationRefused(_TYPE, "CORSAllowedDomains", "Allowed origins", f"{entry[:100]}: {reason}")


def _check_addresses(context: Context, wanted: Settings) -> None:
    listed = wanted.lists["RestrictedIPAddresses"]
    attribute = "RestrictedIPAddresses"
    for entry in listed:
        if not is_list_entry(entry):
            raise RelationRefused(
                _TYPE, attribute, "Addresses", f"{entry[:100]} is no address, block (10.0.0.0/8) or range."
            )
    covered = wanted.flags["IPAddressRestrictionEnabled"] and wanted.flags["ApplyIpAddressRestrictionToSubAdmins"]
    if covered and context.identity is not None and not is_listed(context.client.address or None, listed):
        reason = (
            f"Your own address, {context.client.address or 'unknown'}, is not among them: you would lock yourself out."
        )
        raise RelationRefused(_TYPE, attribute, "Addresses", reason)


def _require_administrator(context: Context, action: str) -> None:
    if context.identity is not None and not allowed(context.identity, Permission.ADMINISTER_SUBSCRIPTION):
        raise NotAuthorized(action, _TYPE)
