"""Which requests of a key are found again, and who uses it (access.md 1.14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from banneret.kernel.errors import ObjectNotFound
from banneret.operations import journal
from banneret.operations.journal import JournalFilter
from tests.api.test_journal import key_of, read
from tests.harness import START, World
from tests.signing_on import as_user, flag_user


async def met(world: World, oid: int, **kwargs: Any) -> list[journal.KeyClient]:
    await world.journal.flush(world.store)
    found: list[journal.KeyClient] = await world.server(lambda context: journal.clients(context, oid, **kwargs))
    return found


def named(name: str) -> dict[str, str]:
    return {"X-RallyIntegrationName": name}


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        (JournalFilter(), ["user", "create", "task", "defect"]),
        (JournalFilter(path="TAS"), ["task"]),
        (JournalFilter(path="%"), []),
        (JournalFilter(client="night"), ["task", "defect"]),
        (JournalFilter(address="127.0"), ["user", "create", "task", "defect"]),
        (JournalFilter(address="10.0"), []),
        (JournalFilter(failed=True), ["user", "create"]),
        (JournalFilter(failed=False), ["task", "defect"]),
        (JournalFilter(statuses=(400, 499)), ["user"]),
        (JournalFilter(kind="reads"), ["task", "defect"]),
        (JournalFilter(kind="writes"), ["create"]),
        (JournalFilter(kind="refused"), ["user"]),
        (JournalFilter(weekday=0, hour=3), ["task"]),
        (JournalFilter(weekday=1, hour=3), []),
        (JournalFilter(since=START + timedelta(hours=2)), ["user", "create"]),
        (JournalFilter(until=START + timedelta(hours=2)), ["task", "defect"]),
        (JournalFilter(client="night", since=START + timedelta(hours=1)), ["task"]),
    ],
)
async def test_requests_are_found_by_what_they_are(world: World, wanted: JournalFilter, paths: list[str]) -> None:
    """One an hour; `create` comes to nothing with 200, `user` is refused with 401."""
    oid = await key_of(world, "editor")
    await world.get("defect", "editor", headers=named("Nightly"))
    world.clock.advance(timedelta(hours=1))
    await world.get("task", "editor", headers=named("Nightly"))
    world.clock.advance(timedelta(hours=1))
    place = f"/project/{world.ids['wheels']}"
    await world.post("defect/create", {"Defect": {"Name": "x", "Project": place}}, "editor")
    world.clock.advance(timedelta(hours=1))
    await flag_user(world, "editor", disabled=True)
    await world.get("user", "editor")
    found = await read(world, oid, wanted=wanted)
    assert [each.path.rpartition("/")[2] for each in found] == paths
    assert [each.path.rpartition("/")[2] for each in await read(world, oid, wanted=wanted, count=1)] == paths[:1]
    if paths:
        rest = await read(world, oid, wanted=wanted, before=found[0].number)
        assert [each.path.rpartition("/")[2] for each in rest] == paths[1:]


async def test_who_uses_a_key_is_told_with_the_last_time(world: World) -> None:
    """Each program from each address, refused or not; whoever was not there in the last days is left out."""
    oid = await key_of(world, "editor")
    await world.get("defect", "editor", headers=named("Old"))
    world.clock.advance(timedelta(days=7, seconds=1))
    for _ in range(2):
        await world.get("defect", "editor", headers=named("Nightly"))
        await world.journal.flush(world.store)
        world.clock.advance(timedelta(minutes=1))
    await flag_user(world, "editor", disabled=True)
    await world.get("defect", "editor", headers=named("Nightly"))
    await flag_user(world, "editor", disabled=False)
    world.clock.advance(timedelta(minutes=1))
    await world.get("defect", "editor", headers=named("Import"))
    first, second = await met(world, oid)
    assert (first.client, first.address, first.requests, first.refused) == ("Import", "127.0.0.1", 1, 0)
    assert (second.client, second.requests, second.refused) == ("Nightly", 3, 1)
    assert (second.first_at[11:16], second.last_at[11:16]) == ("09:00", "09:02")
    assert [each.client for each in await met(world, oid, days=8)] == ["Import", "Nightly", "Old"]
    world.clock.advance(timedelta(days=journal.KEPT_DAYS, seconds=1))
    await world.journal.forget(world.store)
    assert await world.rows("key_client", "client") == []


async def test_a_client_is_known_when_the_journal_has_forgotten_it(world: World) -> None:
    """A busy program does not hide that a quiet one is still there."""
    world.journal._rows = 2
    oid = await key_of(world, "editor")
    await world.get("defect", "editor", headers=named("Quiet"))
    for _ in range(3):
        await world.get("defect", "editor", headers=named("Busy"))
    assert {each.client for each in await read(world, oid)} == {"Busy"}
    assert {each.client for each in await met(world, oid)} == {"Busy", "Quiet"}


async def test_names_without_end_are_bounded(world: World) -> None:
    """A program that calls itself something else each time costs no more memory or rows than a hundred programs."""
    oid = await key_of(world, "editor")
    for number in range(230):
        one = str(number) if number < 150 else f"later {number}"
        world.journal.note(
            oid,
            method="GET",
            path="/",
            query=b"",
            status=200,
            reason=None,
            address="",
            client=one,
            seconds=0,
            writes=False,
        )
        if number == 149:
            world.clock.advance(timedelta(seconds=1))
            before = await met(world, oid)
    assert (len(before), sum(each.requests for each in before)) == (100, 150)
    assert next(each.requests for each in before if not each.client) == 51
    after = await met(world, oid)
    assert (len(after), after[0].client.startswith("later") or not after[0].client) == (100, True)


async def test_other_peoples_clients_are_for_administrators(world: World) -> None:
    oid = await key_of(world, "editor")
    await world.get("defect", "editor")
    await world.journal.flush(world.store)
    for user in ("editor", "admin"):
        assert len(await as_user(world, user, lambda context: journal.clients(context, oid))) == 1
    for user in ("viewer", "wsadmin"):
        with pytest.raises(ObjectNotFound):
            await as_user(world, user, lambda context: journal.clients(context, oid))
