"""What a workspace's configuration can hold, and what follows from a change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from banneret.kernel.errors import RelationRefused, ValueNotAllowed, ValueNotConvertible
from banneret.operations.context import redefining
from banneret.operations.prefixes import PREFIXES, check_prefix, renumber
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

FIRST_FIXED_STATE = 10
"""OrderIndex of Defined: the optional schedule state that may come before it has a lower one."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


async def check_configuration(
    _context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes
) -> None:
    """A time zone that nobody knows would leave the workspace's dates unreadable."""
    _check_zone(item, values.get(item.attributes["TimeZone"]))
    _check_days(item, values)


async def recheck_configuration(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    changes: Changes,
) -> None:
    """As on create, and a prefix must be free: FormattedIDs would be ambiguous otherwise."""
    await check_configuration(context, found.type, values, changes)
    current = None
    for name, attribute_name in PREFIXES.items():
        attribute = found.type.attributes[attribute_name]
        if attribute in values and values[attribute] != old.get(attribute):
            current = current or (await redefining(context)).in_workspace(found.workspace)
            check_prefix(current, current.schema.get(name), values[attribute] or "")


async def follow_prefixes(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """FormattedIDs are shown with the new prefix, old ones too."""
    for name, attribute_name in PREFIXES.items():
        before, after = changed.get(found.type.attributes[attribute_name], (None, None))
        if before and after:
            await renumber(context, context.schema.get(name), before, after)


def _check_zone(item: TypeDef, zone: object) -> None:
    attribute = item.attributes["TimeZone"]
    if zone is None:
        return
    try:
        ZoneInfo(str(zone))
    except (KeyError, ValueError, OSError):
        raise ValueNotConvertible(item.element_name, attribute.name, attribute.display_name, zone, "STRING") from None


def _check_days(item: TypeDef, values: dict[AttributeDef, Any]) -> None:
    """WorkDays is a list of English names, kept in the order of the week."""
    attribute = item.attributes["WorkDays"]
    if values.get(attribute) is None:
        return
    named = [part.strip().lower() for part in str(values[attribute]).split(",") if part.strip()]
    unknown = [day for day in named if day not in {each.lower() for each in _DAYS}]
    if unknown or not named:
        raise ValueNotAllowed(item.element_name, attribute.name, attribute.display_name, values[attribute], _DAYS)
    values[attribute] = ",".join(day for day in _DAYS if day.lower() in named)


# ---------------------------------------------------------------------- schedule states


async def place_schedule_state(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """A state of the workspace's own takes the place of the optional one that stands there unused (only scenarios make one).

    It comes after the others unless it says where.
    """
    index = item.attributes["OrderIndex"]
    columns = ["oid", "orderindex", "enabled", "editable"]
    rows = await context.unit.writer.fetch("schedulestate", {"workspace_oid": context.workspace}, columns)
    if not changes.sets("OrderIndex"):
        values[index] = max((row[1] for row in rows if row[1] is not None and row[2]), default=0) + 10
    if not values.get(item.attributes["Enabled"]):
        return
    for oid, at, enabled, editable in rows:
        if editable and not enabled and (at < FIRST_FIXED_STATE) is (values[index] < FIRST_FIXED_STATE):
            context.unit.writer.remove_object(item, oid)


async def keep_fixed_state(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """Of six schedule states the four in the middle are fixed; the first and last can be enabled and named."""
    item = found.type
    wanted = {key: value for key, value in values.items() if value != old.get(key)}
    if not wanted:
        return
    name = item.attributes["Name"]
    if not old.get(item.attributes["Editable"]):
        reason = f"{old.get(name)} is one of the four fixed schedule states."
        raise RelationRefused(item.element_name, name.name, name.display_name, reason)
    await context.unit.touch()
    where = {"workspace_oid": found.workspace}
    others = await context.unit.writer.fetch("schedulestate", where, ["oid", "name"])
    if name in wanted and any(
        oid != found.oid and str(other).lower() == str(wanted[name]).lower() for oid, other in others
    ):
        reason = f"There is a schedule state {wanted[name]} already."
        raise RelationRefused(item.element_name, name.name, name.display_name, reason)


async def rename_in_items(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Items and flow states go along when their schedule state is renamed."""
    before, after = changed.get(found.type.attributes["Name"], (None, None))
    if not before or not after:
        return
    for item in context.schema.types.values():
        attribute = item.attributes.get("ScheduleState")
        if attribute is not None and not item.abstract and attribute.owner == "SchedulableArtifact":
            context.unit.writer.replace_value(item, attribute, context.workspace, before, after)
    flow = context.schema.get("FlowState")
    context.unit.writer.replace_value(flow, flow.attributes["ScheduleStateMapping"], context.workspace, before, after)


RULES = {
    "schedule_state_order": Rule(before_create=place_schedule_state),
    "fixed_schedule_states": Rule(before_update=keep_fixed_state),
    "renamed_schedule_states": Rule(after_update=rename_in_items),
    "workspace_configuration": Rule(before_create=check_configuration, before_update=recheck_configuration),
    "prefixes": Rule(after_update=follow_prefixes),
}
