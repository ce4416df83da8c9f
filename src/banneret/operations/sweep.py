"""Housekeeping: uploads that never ended, and contents that nothing uses a day after they came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from banneret.catalogue.model import HOLDERS
from banneret.kernel.values import to_wire
from banneret.operations import contents
from banneret.operations.context import server_context
from banneret.operations.delete import remove
from banneret.operations.locate import Located

if TYPE_CHECKING:
    from banneret.kernel.clock import Clock
    from banneret.kernel.ids import Identifiers
    from banneret.operations.ports import Store, Transaction

KEPT = timedelta(days=1)

MOST = 1000
"""Contents of one sweep; the next one goes on."""


async def sweep(store: Store, clock: Clock, identifiers: Identifiers) -> int:
    """Remove what was left for more than a day, one content a unit of work, and give how many there were."""
    now = clock.now()
    before = to_wire(now - KEPT)

    async def step(unit: Transaction) -> bool:
        for stored in await unit.abandoned(before, 1):
            contents.discard(unit, stored)
            return True
        landscape = await unit.landscape()
        if landscape is None:
            return False
        for name in sorted(HOLDERS):
            item = unit.stock.get(name)
            for oid, workspace in await unit.unused(item, before, 1):
                context = server_context(unit, landscape, now, identifiers).in_workspace(workspace)
                return await remove(context, Located(oid, item, workspace, None))
        return False

    swept = 0
    while swept < MOST and await store.write(step):
        swept += 1
    return swept
