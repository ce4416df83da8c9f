"""A request's body, read against a type: what it sets, what it links, what it may not touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import RequiredValueMissing
from banneret.kernel.refs import Ref
from banneret.operations.references import Target, fitting, resolve
from banneret.operations.values import to_members, to_ref, to_stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

_MOST_WARNINGS, _LONGEST_NAME = 100, 200
_ENVELOPE = frozenset({"errors", "warnings"})


@dataclass(slots=True)
class Changes:
    """What a body asks for. `values` are stored values (an ObjectID for an OBJECT attribute, whose target is in `targets`).

    `derived`: the server found these values in other objects (a roll-up); rules that guard what a client may say pass them over.
    """

    values: dict[AttributeDef, Any] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    collections: dict[AttributeDef, list[Target | dict[str, Any]]] = field(default_factory=dict)
    derived: bool = False

    def get(self, name: str) -> Any:
        """Give the stored value that is set for an attribute, or None."""
        return next((value for attribute, value in self.values.items() if attribute.name == name), None)

    def sets(self, name: str) -> bool:
        """Whether the body says anything about an attribute."""
        return any(attribute.name == name for attribute in self.values)


def settable(
    item: TypeDef, body: Mapping[str, object], root: str, context: Context, *, creating: bool
) -> dict[AttributeDef, object]:
    """Give the attributes that a body may set, with the values as sent.

    An unknown name gives a warning; what is read-only (or settled by the create) is passed over in silence, for clients
    send whole objects back (wsapi.md 6.1).
    """
    found: dict[AttributeDef, object] = {}
    for name, value in body.items():
        if name.startswith("_") or name.lower() in _ENVELOPE:
            continue
        attribute = item.find(name)
        if attribute is None:
            if len(context.warnings) < _MOST_WARNINGS:
                shown = f"{root[:_LONGEST_NAME]}.{name[:_LONGEST_NAME]}"
                context.warnings.append(f"Ignored JSON element {shown} during processing of this request.")
        elif not attribute.read_only and (creating or not attribute.create_only):
            found[attribute] = value
    return found


async def read_changes(
    context: Context, item: TypeDef, raw: Mapping[AttributeDef, object], workspace: int | None
) -> Changes:
    """Convert values and resolve refs, all refs in one statement.

    Raises:
        InvalidValue, MalformedReference, ReferencedObjectNotFound: as each says.

    """
    changes = Changes()
    refs: dict[AttributeDef, Ref | None] = {}
    members: dict[AttributeDef, list[Ref | dict[str, Any]]] = {}
    zone = context.landscape.zone(workspace)
    for attribute, value in raw.items():
        if attribute.is_collection:
            listed = to_members(item, attribute, value)
            if listed is None:
                continue
            if attribute.custom:
                changes.values[attribute] = _choices(context, item, attribute, listed)
            else:
                members[attribute] = listed
        elif attribute.is_object:
            refs[attribute] = to_ref(item, attribute, value)
        else:
            changes.values[attribute] = to_stored(item, attribute, value, zone)
    wanted = [ref for ref in refs.values() if ref is not None]
    wanted += [entry for listed in members.values() for entry in listed if isinstance(entry, Ref)]
    found = await resolve(context, wanted) if wanted else {}
    for attribute, ref in refs.items():
        if ref is None:
            if attribute.required:
                raise RequiredValueMissing(item.element_name, attribute.name, attribute.display_name)
            changes.values[attribute] = None
            continue
        target = fitting(context, item, attribute, ref, found, workspace)
        changes.values[attribute] = target.oid
        changes.targets[target.oid] = target
    for attribute, listed in members.items():
        changes.collections[attribute] = [
            fitting(context, item, attribute, entry, found, workspace) if isinstance(entry, Ref) else entry
            for entry in listed
        ]
    return changes


def _choices(context: Context, item: TypeDef, attribute: AttributeDef, listed: list[Ref | dict[str, Any]]) -> list[str]:
    """Read a multi-value field: refs to allowed values, or their names."""
    from banneret.operations.metadata import allowed_value_of

    chosen = {allowed_value_of(context, item, attribute, entry) for entry in listed}
    return sorted(chosen, key=attribute.values.index)
