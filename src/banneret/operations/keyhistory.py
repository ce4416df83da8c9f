"""What was done to a key, by whom: read from its events, which outlive it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.sight import ALL
from banneret.operations import keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.operations.context import Context


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One change. `at` is in wire form, `kind` is `created`, `updated` or `deleted`, `changes` are old and new by element name.

    `by` is the name of who did it, empty for the server itself.
    """

    at: str
    kind: str
    by: str
    address: str
    client: str
    changes: Mapping[str, tuple[Any, Any]]


async def history(context: Context, oid: int) -> list[KeyChange]:
    """Give the changes of a key, the newest first.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may know of.

    """
    await keys.found(context, oid, ended=True)
    columns = ("seq", "at", "kind", "user_oid", "address", "client", "diff")
    found = await context.unit.writer.fetch("event", {"oid": oid, "type": "ApiKey"}, columns)
    rows = sorted(found, key=lambda row: row[0], reverse=True)
    actors = {row[3] for row in rows} - {None}
    names = await context.unit.reader.references(actors, ALL) if actors else {}
    return [
        KeyChange(
            at=row[1],
            kind=row[2],
            by=(names[row[3]][3] or "") if row[3] in names else "",
            address=row[4] or "",
            client=row[5] or "",
            changes={name: (old, new) for name, (old, new) in msgspec.json.decode(row[6]).items()},
        )
        for row in rows
    ]
