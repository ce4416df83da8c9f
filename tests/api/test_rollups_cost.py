"""Roll-ups under many writers, and what they cost: a handful of statements a level, whatever the number of children."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from banneret.kernel.refs import Ref
from banneret.operations.update import update
from tests import stored
from tests.api.test_check import find
from tests.api.test_rollups_stories import make, show

if TYPE_CHECKING:
    from banneret.operations.context import Context
    from tests.harness import World

WRITERS = 12


async def tree(world: World, stories: int, tasks: int) -> tuple[str, str, list[str], list[str]]:
    """Give a feature, a parent story, its children, and the tasks of the first child."""
    feature = await make(world, "PortfolioItem/Feature")
    parent = await make(world, PortfolioItem=f"/{feature}")
    below = [await make(world, Parent=f"/{parent}", PlanEstimate=1) for _ in range(stories)]
    held = [await make(world, "Task", WorkProduct=f"/{below[0]}", Estimate=1, ToDo=1) for _ in range(tasks)]
    return feature, parent, below, held


async def test_writers_below_one_parent_lose_nothing(world: World) -> None:
    """Each moves, changes and completes tasks and stories of the same parents at once; every figure is right in the end."""
    feature, parent, below, tasks = await tree(world, 4, WRITERS)

    async def write(n: int) -> None:
        task, story = tasks[n], below[n % len(below)]
        for path, changes in (
            (task, {"ToDo": n, "State": "In-Progress"}),
            (story, {"PlanEstimate": n + 1}),
            (task, {"WorkProduct": f"/{below[(n + 1) % len(below)]}"}),
            (task, {"State": "Completed"}),
            (story, {"ScheduleState": "Accepted"}),
        ):
            answer = await world.post(path, {"x": changes})
            assert answer.errors == []
        await make(world, Parent=f"/{parent}", PlanEstimate=1)

    await asyncio.gather(*(write(n) for n in range(WRITERS)))
    assert [str(found) for found in await find(world)] == []
    assert (await show(world, parent))["DirectChildrenCount"] == 4 + WRITERS
    assert (await show(world, feature))["LeafStoryCount"] == 4 + WRITERS
    assert (await show(world, parent))["TaskEstimateTotal"] == WRITERS
    assert await stored.faults(world.store) == []


async def cost(world: World, path: str, **changes: Any) -> int:
    """Give how many statements an update runs, its roll-ups among them."""
    kind, oid = path.split("/")
    ran = 0

    async def work(context: Context) -> None:
        nonlocal ran
        item = context.schema.get(kind)
        before = context.unit.queries  # type: ignore[attr-defined]
        await update(context, item, Ref(item.name, object_id=int(oid)), changes, kind)
        await context.unit.conclude()
        ran = context.unit.queries - before  # type: ignore[attr-defined]

    await world.server(work)
    return ran


async def test_the_number_of_children_costs_no_statement(world: World) -> None:
    """A task's hours and state climb through story, parent story and feature at the same price below few and many."""
    spent = []
    for children in (10, 200):
        _, _, _, tasks = await tree(world, children, children)
        hours = await cost(world, tasks[0], ToDo=5)
        state = await cost(world, tasks[0], State="In-Progress")
        spent.append((hours, state))
    assert spent[0] == spent[1]


async def test_what_no_rollup_reads_costs_nothing_more(world: World) -> None:
    """Notes are nobody's figure: to change them costs the same with a parent as without, and less than to change hours."""
    _, _, below, tasks = await tree(world, 1, 2)
    alone = await make(world)
    renamed = [await cost(world, path, Notes="x") for path in (tasks[0], below[0], alone)]
    changed = await cost(world, tasks[0], ToDo=7)
    assert max(renamed) < changed
    assert len(set(renamed)) == 1
