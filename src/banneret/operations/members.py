"""Whose objects a collection can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema

FOLLOWED = frozenset(
    {
        *("ancestors", "mixed_children", "test_folder_hierarchy", "recursive_test_cases"),
        *("scheduled_children", "collaborators"),
    }
)
"""Derived collections that the database can follow (`storage/chains.py`); the others are not built and stay empty."""


def member_types(schema: Schema, attribute: AttributeDef) -> tuple[TypeDef, ...]:
    """Give the concrete types of a collection's members; none where these are in no table or cannot be followed."""
    members = attribute.members
    if members is None or (members.derived is not None and members.derived not in FOLLOWED):
        return ()
    types = schema.concrete(schema.get(members.only or attribute.of or ""))
    return types if types and types[0].table is not None else ()
