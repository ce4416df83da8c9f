"""Empty a database, and fill it anew: the same scenario then gives the same ObjectIDs again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.scenarios.load import load

if TYPE_CHECKING:
    from banneret.access.passwords import Passwords
    from banneret.catalogue.schema import Schema
    from banneret.kernel.clock import Clock
    from banneret.operations.ports import Store, Transaction
    from banneret.scenarios.load import Loaded, Progress
    from banneret.scenarios.scenario import Scenario

KEPT = frozenset({"epoch"})
"""What every process compares with what it remembers, and so only ever grows."""

_BESIDE_OBJECTS = (
    *(
        "api_key",
        "changed_attribute",
        "content",
        "content_piece",
        "counter",
        "custom_attribute",
        "custom_type",
        "directory",
        "event",
        "invitation",
        "key_client",
        "key_hour",
        "key_request",
        "link",
        "object_id_block",
    ),
    *("appearance", "password", "recovery_code", "recycled", "search", "second_factor", "session"),
    *("sign_in_policy", "spent_challenge", "stray_login"),
)


def emptied(stock: Schema) -> frozenset[str]:
    """Give the names of the tables that a reset empties: those of objects, and those beside them."""
    return frozenset({item.table.lower() for item in stock.types.values() if item.table is not None}) | set(
        _BESIDE_OBJECTS
    )


async def clear(unit: Transaction) -> None:
    """Remove everything, the subscription too."""
    for name in sorted(emptied(unit.stock)):
        unit.writer.delete(name, {})
    await unit.touch()
    await unit.writer.flush()


async def reset(
    store: Store,
    scenario: Scenario | None,
    *,
    secret: bytes,
    clock: Clock,
    hasher: Passwords | None = None,
    progress: Progress | None = None,
) -> Loaded | None:
    """Empty a database and load a scenario, in one unit of work; without a scenario it stays empty.

    The store's process may hold ObjectIDs that it has not handed out yet; whoever calls sees to it that it lets go of them.

    Raises:
        ScenarioError: the scenario was refused; then nothing was removed.

    """
    if scenario is None:
        await store.write(clear)
        return None
    return await load(store, scenario, secret=secret, clock=clock, hasher=hasher, progress=progress, before=clear)
