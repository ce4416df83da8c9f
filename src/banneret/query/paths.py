"""Names to attributes: dotted paths, resolved against the catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from banneret.catalogue.model import NUMERIC, TEXTUAL, AttributeDef, AttributeType, TypeDef
from banneret.kernel.errors import AttributeNotShared, UnknownQueryAttribute
from banneret.query.condition import Path, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from banneret.catalogue.schema import Schema


def resolve(names: Sequence[str], schema: Schema, type: TypeDef, candidates: Sequence[TypeDef] | None) -> Path:
    """Find each name on the type that the name before it leads to.

    Args:
        names: the path.
        schema: the workspace's types.
        type: where the path begins.
        candidates: the concrete types in question there; None where they are all of `type`.

    Raises:
        UnknownQueryAttribute: no candidate has the attribute, or the name before it leads nowhere.
        AttributeNotShared: some have, or they disagree about what it is.

    """
    steps: list[Step] = []
    owner, among = type, tuple(candidates or schema.concrete(type) or (type,))
    for name in names:
        if steps and not steps[-1].targets:
            raise UnknownQueryAttribute(".".join(names), type.name)
        step = step_to(name, schema, owner, among)
        steps.append(step)
        owner, among = schema.get(step.attribute.of or owner.name), step.targets
    return tuple(steps)


def step_to(name: str, schema: Schema, owner: TypeDef, candidates: tuple[TypeDef, ...]) -> Step:
    """Make the step to the attribute of that name, which all candidates must have."""
    found = [attribute for item in candidates if (attribute := item.find(name)) is not None]
    if not found or any(attribute.type is AttributeType.BINARY_DATA for attribute in found):
        raise UnknownQueryAttribute(name, candidates[0].name if len(candidates) == 1 else owner.name)
    if len(found) < len(candidates) or len({_likeness(attribute) for attribute in found}) > 1:
        raise AttributeNotShared(name, owner.name)
    return Step(_merged(found), owner, candidates, tuple(_targets(schema, found)))


_NAMED_BY = {"User": "UserName", "AllowedAttributeValue": "StringValue"}


def naming(targets: Sequence[TypeDef]) -> str | None:
    """Give the attribute by which text names objects: UserName of users; None where they share none."""
    names = {_NAMED_BY.get(item.name) or item.naming_attribute for item in targets}
    return names.pop() if len(names) == 1 else None


def _likeness(attribute: AttributeDef) -> object:
    """Give what attributes of one name must have in common, to be compared and read as one."""
    group = next((group for group in (NUMERIC, TEXTUAL) if attribute.type in group), attribute.type)
    return group, attribute.custom, attribute.alias, attribute.figure, attribute.members


def _merged(found: list[AttributeDef]) -> AttributeDef:
    """Give one attribute for all; its allowed values are everybody's, or none where one takes anything."""
    first = found[0]
    if all(attribute.values == first.values for attribute in found):
        return first
    free = any(not attribute.values for attribute in found)
    values = () if free else tuple(dict.fromkeys(value for attribute in found for value in attribute.values))
    return replace(first, values=values)


def _targets(schema: Schema, found: list[AttributeDef]) -> Iterable[TypeDef]:
    """Give the concrete types of what the attribute leads to, each once."""
    names = {(attribute.members.only if attribute.members else None) or attribute.of for attribute in found}
    roots = [schema.get(name) for name in sorted(filter(None, names))]
    return {item.name: item for root in roots for item in schema.concrete(root)}.values()
