"""FormattedID prefixes: each is a type's alone within a workspace, and what is shown follows it (object-model.md 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from banneret.kernel.errors import RelationRefused, RequiredValueMissing, ValueAlreadyUsed, ValueNotConvertible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import TypeDef
    from banneret.operations.context import Context

PREFIXES: Mapping[str, str] = {
    "Defect": "DefectPrefix",
    "DefectSuite": "DefectSuitePrefix",
    "HierarchicalRequirement": "HierarchicalRequirementPrefix",
    "Task": "TaskPrefix",
    "TestCase": "TestCasePrefix",
}
"""The types whose prefix is an attribute of WorkspaceConfiguration; all others have theirs in TypeDefinition.IDPrefix."""

_WELL_FORMED = re.compile(r"[A-Za-z]{1,10}")


def check_prefix(context: Context, target: TypeDef | None, value: object) -> str:
    """Give a prefix that a type (None: one that is about to be defined) can have in the context's workspace.

    Raises:
        RequiredValueMissing, ValueNotConvertible: no text of one to ten letters.
        ValueAlreadyUsed: another type has it, in any case.
        RelationRefused: objects of the type have no FormattedID.

    """
    item = context.schema.get("TypeDefinition")
    attribute = item.attributes["IDPrefix"]
    if value == "":
        raise RequiredValueMissing(item.element_name, attribute.name, attribute.display_name)
    if not isinstance(value, str) or not _WELL_FORMED.fullmatch(value):
        raise ValueNotConvertible(item.element_name, attribute.name, attribute.display_name, value, "STRING")
    if target is not None and (target.abstract or "FormattedID" not in target.attributes or target.prefix is None):
        reason = f"Objects of type {target.element_name} have no prefix of their own."
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)
    for other in context.schema.types.values():
        taken = other is not target and not other.abstract and (other.prefix or "").lower() == value.lower()
        if taken and "FormattedID" in other.attributes:
            raise ValueAlreadyUsed(item.element_name, attribute.name, attribute.display_name, value)
    return value


async def renumber(context: Context, target: TypeDef, old: str, new: str) -> None:
    """Show the objects of a type under another prefix. Their numbers stay, and new ones go on from there."""
    writer = context.unit.writer
    await writer.replace_prefix(target, context.workspace, old, new)
    where = {"scope": context.workspace, "name": f"id:{old}"}
    for (last,) in await writer.fetch("counter", where, ["value"]):
        await writer.raise_number(context.workspace or 0, f"id:{new}", last)
