"""How pages look to a user and which keys they listen to: his own choice, on every browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banneret.operations.context import Context


@dataclass(frozen=True, slots=True)
class Appearance:
    """A user's choice. `theme` is `system`, `light` or `dark`; `shortcuts`: whether single letters do something (WCAG 2.1.4)."""

    theme: str = "system"
    shortcuts: bool = True


async def appearance(context: Context) -> Appearance:
    """Give the caller's choice."""
    rows = await context.unit.writer.fetch("appearance", {"user_oid": context.user}, ["theme", "shortcuts"])
    return Appearance(rows[0][0], bool(rows[0][1])) if rows else Appearance()


async def choose(context: Context, chosen: Appearance) -> None:
    """Keep the caller's choice."""
    writer, key = context.unit.writer, {"user_oid": context.user}
    # Two forms sent at once wait for each other here, or both would insert.
    await writer.lock("user", context.user or 0)
    values = {"theme": chosen.theme, "shortcuts": chosen.shortcuts}
    if await writer.fetch("appearance", key, ["theme"]):
        writer.update("appearance", key, values)
    else:
        writer.insert("appearance", key | values)
