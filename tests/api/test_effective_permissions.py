"""What `operations.effective` says of a key is what WSAPI lets it do: every read and write is tried (access.md 1.7, 1.15)."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from banneret.access.keys import Grant
from banneret.access.limits import KeyLimits
from banneret.kernel.errors import ObjectNotFound
from banneret.operations import effective, keys
from banneret.operations.context import Client
from tests.harness import SECRET, START, USERS, World
from tests.signing_on import as_user, flag_user, settings

if TYPE_CHECKING:
    from banneret.operations.effective import EffectivePermissions

PROJECTS = ("engines", "pistons", "valves", "wheels", "elsewhere")
LIMITS: dict[str, tuple[tuple[str, ...], bool, tuple[str, ...]]] = {
    "none": ((), False, ()),
    "a project": (("engines",), False, ()),
    "a project and those below": (("engines",), True, ()),
    "two projects": (("pistons", "elsewhere"), False, ()),
    "defects": ((), False, ("Defect",)),
    "artifacts in a project": (("pistons",), False, ("Artifact",)),
    "tags": ((), False, ("Tag",)),
    "definitions": ((), False, ("Workspace", "Project", "Subscription")),
}
"""Projects, whether with those below them, and types that a key is limited to."""

numbers = count()
"""What is written is new each time: a write that changes nothing is nobody's to refuse."""


async def furnish(world: World) -> None:
    """A defect in each project, in the closed one too."""
    for name in PROJECTS:
        if name != "valves":
            await world.make("Defect", Name=f"in {name}", Project=f"/project/{world.ids[name]}")
    await state(world, "valves", "Open")
    await world.make("Defect", Name="in valves", Project=f"/project/{world.ids['valves']}")
    await state(world, "valves", "Closed")


async def state(world: World, project: str, value: str) -> None:
    answer = await world.post(f"project/{world.ids[project]}", {"Project": {"State": value}})
    assert answer.errors == []


async def issue(world: World, user: str, limits: KeyLimits) -> tuple[int, str]:
    """Make a key that reads: every user may have one."""
    made: tuple[int, str] = await world.server(
        lambda context: keys.issue(
            context, world.ids[user], "tried", Grant.READ_ONLY, secret=SECRET, value=fixed(user), limits=limits
        )
    )
    return made


def fixed(user: str) -> str:
    return f"_TRIED{user}".ljust(44, "0")


async def grant(world: World, oid: int, wanted: Grant) -> None:
    """Give it another grant, also where its user could not: grants outlive roles."""

    async def work(context: Any) -> None:
        context.unit.writer.update("api_key", {"oid": oid}, {"grant_name": wanted.value})

    await world.server(work)


async def said(world: World, oid: int) -> EffectivePermissions:
    found: EffectivePermissions = await world.server(lambda context: effective.of_key(context, oid))
    return found


async def tried(world: World, key: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    """Try everything with a key. `kinds` are the types that it is limited to, any where there are none."""
    ids = world.ids
    sample = "Defect" if not kinds or {"Defect", "Artifact"} & set(kinds) else kinds[0]
    found: dict[str, Any] = {"projects": {}, "workspaces": {}}
    for name in PROJECTS:
        place = f"/project/{ids[name]}"
        if not (await world.get(place, key=key)).document.get("Project"):
            continue
        seen = await world.get("defect", key=key, project=place, projectScopeDown="false", pagesize=1)
        body = {sample: {"Name": "tried", "Project": place}}
        made = await world.post(f"{sample}/create", body, key=key)
        # The types of this world that live in a project are all artifacts; others cannot be tried in one.
        tries_items = sample == "Defect"
        settled = await world.post(place, {"Project": {"Description": f"tried {next(numbers)}"}}, key=key)
        found["projects"][ids[name]] = (
            bool(seen.inner["TotalResultCount"]),
            tries_items and worked(made),
            worked(settled),
        )
    for name in ("main", "other"):
        place = f"/workspace/{ids[name]}"
        if not (await world.get(place, key=key)).document.get("Workspace"):
            continue
        tag = await world.post("tag/create", {"Tag": {"Name": f"tried {next(numbers)}", "Workspace": place}}, key=key)
        settled = await world.post(place, {"Workspace": {"Description": f"tried {next(numbers)}"}}, key=key)
        found["workspaces"][ids[name]] = worked(tag), worked(settled)
    place = f"/subscription/{ids['subscription']}"
    found["subscription"] = worked(
        await world.post(place, {"Subscription": {"PasswordExpirationDays": 300 + next(numbers) % 60}}, key=key)
    )
    return found


def worked(answer: Any) -> bool:
    return answer.status == 200 and answer.errors == []


def as_tried(found: EffectivePermissions) -> dict[str, Any]:
    return {
        "projects": {each.oid: (each.reads, each.writes, each.administers) for each in found.reach.projects},
        "workspaces": {each.oid: (each.writes, each.administers) for each in found.reach.workspaces},
        "subscription": found.reach.administers,
    }


@pytest.mark.parametrize("chosen", LIMITS)
async def test_what_is_said_is_what_can_be_done(world: World, chosen: str) -> None:
    """Every role, with and without write access, limited and not: nothing is said that does not hold, and nothing is left out."""
    await furnish(world)
    names, down, kinds = LIMITS[chosen]
    limits = KeyLimits(projects=tuple(world.ids[name] for name in names), scope_down=down, types=kinds)
    for user in USERS:
        oid, key = await issue(world, user, limits)
        for wanted in Grant:
            await grant(world, oid, wanted)
            assert as_tried(await said(world, oid)) == await tried(world, key, kinds), (user, wanted)
        own = await world.store.read(lambda unit, key=key: admitted(world, unit, key))
        assert effective.in_hand(own) == (await said(world, oid)).reach


async def admitted(world: World, unit: Any, key: str) -> Any:
    from banneret.access.credentials import Carrier, KeyCredential

    return await world.gate.admit(unit, KeyCredential(key, Carrier.HEADER), Client("", "127.0.0.1"))


async def test_counts_are_those_of_a_sentence(world: World) -> None:
    """`reads 2 projects, writes 1`: an Editor of one and Viewer of another; the closed one counts as neither."""
    body = {"User": f"/user/{world.ids['editor']}", "Project": f"/project/{world.ids['wheels']}", "Role": "Viewer"}
    await world.make("ProjectPermission", **body)
    oid, _ = await issue(world, "editor", KeyLimits(projects=(world.ids["engines"], world.ids["wheels"])))
    await grant(world, oid, Grant.FULL)
    found = await said(world, oid)
    assert (found.reach.reads, found.reach.writes) == (2, 1)
    assert [each.permission for each in found.reach.workspaces] == ["editor"]
    await grant(world, oid, Grant.READ_ONLY)
    found = await said(world, oid)
    assert (found.reach.reads, found.reach.writes) == (2, 0)
    assert [each.permission for each in found.reach.workspaces] == ["viewer"]


async def test_it_costs_the_same_number_of_statements_however_much_is_reached(world: World) -> None:
    oid, _ = await issue(world, "wsadmin", KeyLimits())

    async def cost() -> int:
        async def work(context: Any) -> int:
            await effective.of_key(context, oid)
            before = context.unit.queries
            await effective.of_key(context, oid)
            return int(context.unit.queries - before)

        return int(await world.server(work))

    few = await cost()
    for number in range(20):
        await world.make("Project", Name=f"P{number}", Workspace=f"/workspace/{world.ids['main']}")
    assert await cost() == few <= 6


async def test_a_key_that_is_refused_says_why(world: World) -> None:
    """The reason is that of the next request, and what the key would reach stays to be seen."""
    oid, key = await issue(world, "editor", KeyLimits())
    before = await said(world, oid)
    assert before.refusal is None
    assert (await world.get("user", key=key)).status == 200
    await flag_user(world, "editor", disabled=True)
    stopped = await said(world, oid)
    assert stopped.refusal == (await world.get("user", key=key)).headers["x-auth-reason"] == "owner_disabled"
    assert stopped.reach == before.reach
    await flag_user(world, "editor", disabled=False)
    await settings(world, ApiKeysEnabled=False)
    assert (await said(world, oid)).refusal == "keys_disabled"


async def test_the_end_of_a_key_is_its_reason(world: World) -> None:
    oid, key = await issue(world, "editor", KeyLimits(expires_at=START + timedelta(days=1)))
    assert (await said(world, oid)).refusal is None
    world.clock.advance(timedelta(days=1))
    assert (await said(world, oid)).refusal == (await world.get("user", key=key)).headers["x-auth-reason"]


async def test_other_peoples_keys_are_for_administrators(world: World) -> None:
    oid, _ = await issue(world, "editor", KeyLimits())
    for user in ("editor", "admin"):
        found: Any = await as_user(world, user, lambda context: effective.of_key(context, oid))
        assert found.entry.user_name == "editor@acme.test"
    for user in ("viewer", "wsadmin"):
        with pytest.raises(ObjectNotFound):
            await as_user(world, user, lambda context: effective.of_key(context, oid))
    with pytest.raises(ObjectNotFound):
        await as_user(world, "admin", lambda context: effective.of_key(context, oid), interactive=False)
