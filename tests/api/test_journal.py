"""The journal of a key: what it was used for, with which end, and nothing that is secret (access.md 1.14, 1.16 w)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from banneret.access.identity import Edition
from banneret.kernel.errors import ObjectNotFound
from banneret.operations import journal, keys
from banneret.operations.journal import USAGE_DAYS, Journal, harmless
from tests import harness
from tests.harness import START, World
from tests.signing_on import as_user, flag_user, settings


async def key_of(world: World, user: str, kind: str = "full") -> int:
    (row,) = await world.rows("api_key", "oid", display_name=f"{user} {kind}")
    return int(row[0])


async def read(world: World, oid: int, **kwargs: Any) -> list[journal.JournalEntry]:
    await world.journal.flush(world.store)
    found: list[journal.JournalEntry] = await world.server(lambda context: journal.entries(context, oid, **kwargs))
    return found


async def used(world: World, oid: int, **kwargs: Any) -> journal.KeyUsage:
    await world.journal.flush(world.store)
    found: journal.KeyUsage = await world.server(lambda context: journal.usage(context, oid, **kwargs))
    return found


async def test_each_request_of_a_key_is_written_down_with_its_end(world: World) -> None:
    headers = {"X-RallyIntegrationName": "Nightly", "X-RallyIntegrationVersion": "7"}
    await world.get("defect", "editor", query='(Name = "x")', pagesize=5, headers=headers)
    world.clock.advance(timedelta(seconds=1))
    place = f"/project/{world.ids['engines']}"
    await world.post("defect/create", {"Defect": {"Name": "Broken", "Project": place}}, "editor")
    world.clock.advance(timedelta(seconds=1))
    await world.post("defect/create", {"Defect": {"Name": "x", "Project": f"/project/{world.ids['wheels']}"}}, "editor")
    first, second, third = reversed(await read(world, await key_of(world, "editor")))
    assert (first.method, first.path, first.status, first.reason) == (
        "GET",
        "/slm/webservice/v2.0/defect?query&pagesize",
        200,
        None,
    )
    assert (first.address, first.client, first.at) == ("127.0.0.1", "Nightly 7", "2026-01-05T09:00:00.000Z")
    assert first.microseconds > 0
    assert (second.method, second.path, second.reason) == ("POST", "/slm/webservice/v2.0/defect/create", None)
    # Rally answers 200 to what comes to nothing; the journal says that it did.
    assert (third.status, third.reason) == (200, "referenced_object_not_found")


async def test_what_is_written_down_holds_no_value_of_a_parameter_no_body_and_no_key(world: World) -> None:
    secret = world.keys["admin"]
    body = {"Defect": {"Name": "confidential", "Project": f"/project/{world.ids['engines']}"}}
    await world.post("defect/create", body, "editor", fetch="confidential", key=world.keys["editor"], jsonp=secret)
    await world.get(f"defect/{secret}", "editor", **{secret: "confidential"})
    await world.get(f"/slm/attachment/1/{secret[:30]}", "editor")
    await world.get("defect/" + "x" * 278 + secret, "editor")
    await read(world, await key_of(world, "editor"))
    rows = await world.rows("key_request", "method", "path", "reason", "address", "client")
    assert len(rows) == 4
    text = json.dumps(rows)
    for value in (secret, secret[:8], world.keys["editor"], "confidential"):
        assert value not in text


@pytest.mark.parametrize(
    ("path", "query", "shown"),
    [
        ("/a", b"", "/a"),
        ("/a", b"b=1&c=2&b=3&d", "/a?b&c&d"),
        ("/a", quote('(Name = "confidential")').encode(), "/a?…"),
        ("/a/_BK0123456789abcdefghij/b", b"", "/a/_…/b"),
        ("/a/_BK", b"", "/a/_…"),
        ("/a_b/c", b"_BK0123456789abcdefghij=1", "/a_b/c?…"),
        ("/a\x00b", b"=", "/a�b?…"),
    ],
)
def test_what_stays_of_an_address(path: str, query: bytes, shown: str) -> None:
    assert harmless(path, query) == shown


async def test_why_a_key_was_refused_is_written_down_too(world: World) -> None:
    """With the reason that its holder was told; who presents a value that is no key's leaves no trace in anybody's journal."""
    oid, key = await key_of(world, "editor"), world.keys["editor"]
    reader = await key_of(world, "editor", "read_only")
    await world.post("defect/create", {"Defect": {"Name": "x"}}, key=world.readers["editor"])
    (written,) = await read(world, reader)
    assert (written.status, written.reason) == (401, "read_only_key")
    await flag_user(world, "editor", disabled=True)
    answers = [await world.get("defect", key=key)]
    await flag_user(world, "editor", disabled=False)
    await settings(world, ApiKeysEnabled=False)
    answers.append(await world.get("defect", key=key))
    await settings(world, ApiKeysEnabled=True, IPAddressRestrictionEnabled=True, RestrictedIPAddresses="192.0.2.1")
    kept_out = await world.get("defect", key=key)
    assert kept_out.status == 403
    await settings(world, IPAddressRestrictionEnabled=False)
    await world.server(lambda context: keys.revoke(context, oid))
    answers.append(await world.get("/slm/attachment/1", key=key))
    await world.get("defect", key="_WRONG".ljust(44, "0"))
    written_down = list(reversed(await read(world, oid)))
    assert [(each.status, each.reason) for each in written_down] == [
        (401, "owner_disabled"),
        (401, "keys_disabled"),
        (403, "address_not_allowed"),
        (401, "key_revoked"),
    ]
    assert [answer.headers["x-auth-reason"] for answer in answers] == ["owner_disabled", "keys_disabled", "key_revoked"]
    assert {row[0] for row in await world.rows("key_request", "key_oid")} <= {oid, reader, await key_of(world, "admin")}
    assert await world.rows("api_key", "refused_count", oid=oid) == [(4,)]


async def test_others_than_keys_leave_no_lines(world: World) -> None:
    assert (await world.call("GET", "user", headers=world.basic("editor"))).status == 200
    assert (await world.call("GET", "user")).status == 401
    await world.journal.flush(world.store)
    assert await world.rows("key_request", "number") == []


async def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    oid = await key_of(world, "editor")
    for number in range(7):
        await world.get(f"defect/{number}", "editor")
    first = await read(world, oid, count=4)
    rest = await read(world, oid, before=first[-1].number, count=4)
    assert [each.path[-1] for each in (*first, *rest)] == list("6543210")


async def test_as_many_requests_are_kept_as_the_settings_say_and_all_are_counted(world: World) -> None:
    """The latest ones, of each key for itself, whether they come in one writing or in several."""
    world.journal._rows = 3
    mine, other = await key_of(world, "editor"), await key_of(world, "viewer")
    await world.get("defect/99", "viewer")
    for number in range(9):
        await world.get(f"defect/{number}", "editor")
        if number in {1, 6}:
            await world.journal.flush(world.store)
    assert [each.path[-1] for each in await read(world, mine)] == list("876")
    assert len(await read(world, other)) == 1
    assert (await used(world, mine)).reads == 9


async def test_what_is_too_old_is_removed(world: World) -> None:
    oid = await key_of(world, "editor")
    await world.get("defect", "editor")
    world.clock.advance(timedelta(days=journal.KEPT_DAYS - 1))
    await world.get("user", "editor")
    assert len(await read(world, oid)) == 2
    world.clock.advance(timedelta(days=1, seconds=1))
    await world.journal.forget(world.store)
    assert [each.path for each in await read(world, oid)] == ["/slm/webservice/v2.0/user"]
    assert (await used(world, oid, days=USAGE_DAYS)).reads == 2
    world.clock.advance(timedelta(days=USAGE_DAYS, hours=1))
    await world.journal.forget(world.store)
    assert await world.rows("key_hour", "hour") == []


async def test_counts_fall_into_hours_of_the_week_where_the_readers_are(world: World) -> None:
    """Monday 9 h UTC is Monday 2 h in Denver, the workspace's zone, and Monday 18 h in Tokyo; weeks are summed."""
    oid = await key_of(world, "editor")
    for _ in range(2):
        await world.get("defect", "editor")
        await world.post("defect/create", {"Defect": {"Name": "x"}}, "editor")
        await flag_user(world, "editor", disabled=True)
        await world.get("defect", "editor")
        await flag_user(world, "editor", disabled=False)
        await world.journal.flush(world.store)
        world.clock.advance(timedelta(days=7))
    for zone, hour in (("America/Denver", 2), ("Asia/Tokyo", 18)):
        found = await used(world, oid, zone=zone)
        assert found.hours == (journal.UsageHour(0, hour, 2, 2, 2),)
        assert (found.reads, found.writes, found.refused, found.zone) == (2, 2, 2, zone)
        grid = list(journal.cells(found))
        assert [len(day) for day in grid] == [24] * 7
        assert sum(each.total for day in grid for each in day) == grid[0][hour].total == 6
    assert (await used(world, oid)).zone == "America/Denver"
    assert (await used(world, oid, days=10)).reads == 1


async def test_what_cannot_be_written_waits_for_the_next_time(world: World) -> None:
    """Nothing is lost and nothing counted twice when the database fails in between."""
    oid = await key_of(world, "editor")
    for number in range(450):
        world.journal.note(
            oid,
            method="GET",
            path=f"/{number}",
            query=b"",
            status=200,
            reason=None,
            address="",
            client="",
            seconds=0,
            writes=False,
        )
    write, calls = world.store.write, 0

    async def failing(work: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError
        return await write(work)

    world.store.write = failing
    with pytest.raises(OSError):  # noqa: PT011 - made here
        await world.journal.flush(world.store)
    await world.get("defect", "editor")
    world.store.write = write
    found = await read(world, oid, count=1000)
    assert [each.path for each in reversed(found)] == [*(f"/{n}" for n in range(450)), "/slm/webservice/v2.0/defect"]
    assert (await used(world, oid)).reads == 451


async def test_other_peoples_journals_are_for_administrators(world: World) -> None:
    oid = await key_of(world, "editor")
    await world.get("defect", "editor")
    await world.journal.flush(world.store)
    for user in ("editor", "admin"):
        assert await as_user(world, user, lambda context: journal.entries(context, oid))
        assert (await as_user(world, user, lambda context: journal.usage(context, oid))).reads == 1
    for user in ("viewer", "wsadmin"):
        for look in (journal.entries, journal.usage):
            with pytest.raises(ObjectNotFound):
                await as_user(world, user, lambda context, look=look: look(context, oid))


async def test_two_processes_write_into_one_journal(world: World) -> None:
    oid, other = await key_of(world, "editor"), Journal(world.clock)
    for one in (world.journal, other):
        one.note(oid, method="GET", path="/", query=b"", status=200, reason=None, address="", client="", seconds=0, writes=False)  # fmt: skip
        await one.flush(world.store)
    assert (len(await read(world, oid)), (await used(world, oid)).reads) == (2, 2)


async def test_editions_without_keys_write_down_who_tries_one(world: World) -> None:
    oid = await key_of(world, "editor")
    without = harness.enter_world(world.store, world.ids, Edition.ON_PREM)
    without.journal = world.journal
    without.app._journal = world.journal
    assert (await without.get("defect", "editor")).status == 401
    (written,) = await read(world, oid)
    assert written.reason == "keys_not_in_edition"
    assert written.at.startswith(START.isoformat()[:19])
