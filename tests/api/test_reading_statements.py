"""How many statements a page costs: a handful, whatever its size."""

from __future__ import annotations

from typing import Any

from banneret.operations.create import Given, create
from tests.harness import World

FIFTEEN = (
    "FormattedID,Name,State,Severity,Priority,Owner,UserName,Project,Iteration,Release,Tags,CreationDate,LastUpdateDate,"
    "ScheduleState,PlanEstimate"
)


async def fill(world: World, count: int) -> None:
    """Defects with everything that costs a look: owners, iterations, requirements, tags, milestones, tasks."""

    async def work(context: Any) -> None:
        async def make(kind: str, **body: Any) -> int:
            return await create(context, context.schema.get(kind), body, kind, Given(internal=True))

        project = f"/project/{world.ids['engines']}"
        dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14", "State": "Planning"}
        iterations = [await make("Iteration", Name=f"i{n}", Project=project, **dates) for n in range(5)]
        tags = [await make("Tag", Name=f"t{n}") for n in range(5)]
        stories = [await make("HierarchicalRequirement", Name=f"s{n}", Project=project) for n in range(5)]
        users = [world.ids[name] for name in ("admin", "editor", "viewer")]
        for n in range(count):
            defect = await make(
                "Defect",
                Name=f"d{n}",
                Project=project,
                Owner=f"/user/{users[n % 3]}",
                Iteration=f"/iteration/{iterations[n % 5]}",
                Requirement=f"/hierarchicalrequirement/{stories[n % 5]}",
                Tags=[{"_ref": f"/tag/{tags[n % 5]}"}, {"_ref": f"/tag/{tags[(n + 1) % 5]}"}],
            )
            if n % 10 == 0:
                await make("Task", Name=f"t{n}", WorkProduct=f"/defect/{defect}")

    await world.server(work)


async def cost(world: World, path: str, user: str = "admin", **params: Any) -> int:
    """Count the statements of one request, that of finding out who asks among them."""
    ran: list[int] = []
    store = world.store
    plain = store.read

    async def counting(work: Any) -> Any:
        async def counted(unit: Any) -> Any:
            before = unit.queries
            result = await work(unit)
            ran.append(unit.queries - before)
            return result

        return await plain(counted)

    store.read = counting
    try:
        answer = await world.get(path, user, **params)
    finally:
        store.read = plain
    assert answer.errors == []
    return sum(ran)


async def test_a_page_costs_the_same_whatever_its_size(world: World) -> None:
    """Who asks, the page, its total; a level that is fetched costs one for its refs and one a table and named collection."""
    await fill(world, 210)
    requests: dict[str, tuple[dict[str, Any], int]] = {
        "shallow": ({}, 3),
        "fifteen attributes": ({"fetch": FIFTEEN}, 10),
        "everything": ({"fetch": "true"}, 8),
        "three levels": ({"fetch": "Name,Owner,UserName,Requirement,Iteration,StartDate,Project,Parent,Tags"}, 14),
        "ordered and asked": (
            {"fetch": "Name", "order": "Owner.UserName desc", "query": '(Tags.Name contains "t")'},
            3,
        ),
    }
    for user in ("admin", "viewer"):
        for name, (params, most) in requests.items():
            await cost(world, "defect", user, pagesize=2, **params)  # what is read once and then known
            costs = {size: await cost(world, "defect", user, pagesize=size, **params) for size in (2, 20, 200, 2000)}
            # A page that holds everything needs no count.
            assert costs[2] == costs[20] == costs[200], (user, name, costs)
            assert costs[2000] == costs[200] - 1, (user, name, costs)
            assert costs[200] <= most, (user, name, costs)


async def test_other_reads(world: World) -> None:
    await fill(world, 30)
    defect = (await world.get("defect", fetch="ObjectID", order="ObjectID")).results[0]["ObjectID"]
    story = (await world.get("hierarchicalrequirement", fetch="ObjectID")).results[0]["ObjectID"]
    requests = {
        f"defect/{defect}": 7,
        f"defect/{defect}?fetch=Name": 2,
        f"artifact/{defect}?fetch=Name": 3,
        f"defect/{defect}/Tags": 6,
        f"hierarchicalrequirement/{story}/Defects?fetch=true&pagesize=200": 8,
        "artifact?fetch=true&pagesize=200": 20,
        "typedefinition?fetch=true&pagesize=200": 1,
        "user": 5,
    }
    for path, most in requests.items():
        await cost(world, path)
        assert await cost(world, path) <= most, path
