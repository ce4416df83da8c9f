"""What holds for the subscription as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sign_in import BOUNDS
from banneret.kernel.errors import RelationRefused
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located


async def keep_policy_in_bounds(
    _context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """A figure of the password policy that changes stays within its bounds, whoever sets it and in whatever way."""
    for name, bounds in BOUNDS.items():
        attribute = found.type.attributes[name]
        if attribute in values and values[attribute] != old.get(attribute) and not bounds.hold(values[attribute]):
            raise RelationRefused(found.type.element_name, name, attribute.display_name, bounds.sentence)


RULES = {"policy_bounds": Rule(before_update=keep_policy_in_bounds)}
