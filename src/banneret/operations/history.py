"""Who made each version of an object, and with what: what the Revision History, which is Rally's, does not tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context


@dataclass(frozen=True, slots=True)
class Step:
    """One event. Revision n of an object tells of its version n + 1.

    `key` and `key_name` are None where it was no API key; `credential` says what it was (`context.Context.credential`).
    `diff` has old and new stored value by element name, of a collection the ObjectIDs that left and joined.
    """

    version: int
    at: str
    kind: str
    user: int | None
    credential: str
    client: str
    key: int | None
    key_name: str | None
    diff: Mapping[str, tuple[Any, Any]]


async def steps(context: Context, oid: int, *, after: int, upto: int) -> list[Step]:
    """Give the events of an object's versions above `after` up to `upto`, oldest first. Whoever calls has seen the object."""
    rows = await context.unit.events(oid, after=after, upto=upto)
    return [
        Step(int(row[0]), row[1], row[2], row[3], row[4] or "", row[5] or "", row[6], row[7], _diff(row[8]))
        for row in rows
    ]


def _diff(text: str) -> dict[str, tuple[Any, Any]]:
    return {name: (pair[0], pair[1]) for name, pair in msgspec.json.decode(text).items()}
