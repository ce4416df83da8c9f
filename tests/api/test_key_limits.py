"""A key's own limits on the wire (access.md 1.15): projects, types, addresses, an end; and keys that rest or have ended."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from banneret.access.keys import Grant, lookup_hash
from banneret.access.limits import KeyLimits
from banneret.kernel.errors import ObjectNotFound, RelationRefused
from banneret.operations import keys
from banneret.operations.keys import SHOWN_AFTER_END, KeyState
from tests.harness import SECRET, START, World
from tests.signing_on import as_user, refused

EVERYTHING = "(ObjectID > 0)"


async def issue(world: World, user: str = "editor", grant: Grant = Grant.FULL, **limits: Any) -> tuple[int, str]:
    made: tuple[int, str] = await as_user(
        world,
        user,
        lambda context: keys.issue(
            context, world.ids[user], "limited", grant, secret=SECRET, limits=KeyLimits(**limits)
        ),
    )
    return made


async def change(world: World, user: str, oid: int, **limits: Any) -> None:
    await as_user(world, user, lambda context: keys.change(context, oid, limits=KeyLimits(**limits)))


async def furnish(world: World) -> None:
    """A story with a task, tagged and planned, and a defect, in a project and in the one below it."""
    for project in ("engines", "pistons"):
        place = f"/project/{world.ids[project]}"
        tag = await world.make("Tag", Name=f"tag {project}", Workspace=f"/workspace/{world.ids['main']}")
        sprint = await world.make(
            "Iteration",
            Name=f"sprint {project}",
            Project=place,
            State="Planning",
            StartDate="2026-01-05",
            EndDate="2026-01-09",
        )
        story = await world.make(
            "HierarchicalRequirement",
            Name=f"story {project}",
            Project=place,
            Iteration=sprint["_ref"],
            Tags=[tag["_ref"]],
        )
        await world.make("Task", Name=f"task {project}", WorkProduct=story["_ref"])
        await world.make("Defect", Name=f"defect {project}", Project=place, Requirement=story["_ref"])


async def names(world: World, kind: str, key: str, **params: Any) -> set[str]:
    answer = await world.get(kind, key=key, query=EVERYTHING, fetch="Name", pagesize=200, **params)
    assert answer.inner["TotalResultCount"] == len(answer.results)
    return {item["_refObjectName"] for item in answer.results}


async def test_projects_below_count_where_the_key_says_so_and_as_they_are_at_each_request(world: World) -> None:
    await furnish(world)
    oid, key = await issue(world, "wsadmin", projects=(world.ids["engines"],), scope_down=True)
    assert await names(world, "defect", key) == {"defect engines", "defect pistons"}
    assert await names(world, "project", key) >= {"Engines", "Pistons"}
    assert "Wheels" not in await names(world, "project", key)
    made = await world.make(
        "Project", Name="Rings", Workspace=f"/workspace/{world.ids['main']}", Parent=f"/project/{world.ids['pistons']}"
    )
    assert "Rings" in await names(world, "project", key)
    body = {"Defect": {"Name": "x", "Project": made["_ref"]}}
    assert (await world.post("defect/create", body, key=key)).errors == []
    await change(world, "wsadmin", oid, projects=(world.ids["engines"],))
    assert await names(world, "defect", key) == {"defect engines"}
    assert (await world.post("defect/create", body, key=key)).errors != []


async def test_a_key_limited_to_projects_writes_nothing_that_all_projects_share(world: World) -> None:
    body = {"Tag": {"Name": "shared", "Workspace": f"/workspace/{world.ids['main']}"}}
    _, key = await issue(world, "wsadmin", projects=(world.ids["engines"],))
    assert (await world.post("tag/create", body, key=key)).errors == ["Not authorized to create Tag"]
    _, free = await issue(world, "wsadmin")
    assert (await world.post("tag/create", body, key=free)).errors == []


async def test_a_key_limited_to_a_project_sees_no_other_workspace(world: World) -> None:
    _, key = await issue(world, "admin", projects=(world.ids["engines"],))
    assert await names(world, "workspace", key) == {"main"}
    _, free = await issue(world, "admin")
    assert await names(world, "workspace", free) == {"main", "other"}


@pytest.mark.parametrize("user", ["admin", "wsadmin", "editor"])
async def test_what_is_of_another_type_is_hidden_like_what_one_has_no_permission_for(world: World, user: str) -> None:
    await furnish(world)
    _, key = await issue(world, user, types=("Defect",))
    place = {"workspace": f"/workspace/{world.ids['main']}"}
    assert "defect engines" in await names(world, "defect", key, **place)
    for kind in ("hierarchicalrequirement", "task", "iteration", "tag", "revisionhistory"):
        assert await names(world, kind, key, **place) == set()
    assert await names(world, "artifact", key, **place) == await names(world, "defect", key, **place)
    answer = await world.get(
        "defect", key=key, fetch="Requirement,Tags,Tasks", **place, query='(Name = "defect engines")'
    )
    (item,) = answer.results
    assert item["Requirement"] is None
    assert item["Tags"]["Count"] == 0
    story = (await world.get("hierarchicalrequirement", "admin", **place)).results[0]["_ref"].rpartition("/")[2]
    assert (await world.get(f"hierarchicalrequirement/{story}", key=key)).errors == ["Cannot find object to read"]
    for query in ('(Requirement.Name contains "story")', "(Requirement != null)"):
        assert (await world.get("defect", key=key, query=query, **place)).inner["TotalResultCount"] == 0
        assert (await world.get("defect", "admin", query=query, **place)).inner["TotalResultCount"] == 2


async def test_a_key_limited_to_types_writes_those_only(world: World) -> None:
    await furnish(world)
    engines = f"/project/{world.ids['engines']}"
    _, key = await issue(world, "editor", types=("Defect",))
    made = await world.post("defect/create", {"Defect": {"Name": "new", "Project": engines}}, key=key)
    assert made.errors == []
    story = {"HierarchicalRequirement": {"Name": "new", "Project": engines}}
    assert (await world.post("hierarchicalrequirement/create", story, key=key)).errors != []
    assert (await world.post("hierarchicalrequirement/create", story, "editor")).errors == []
    oid = (await world.get("task", "admin")).results[0]["_ref"].rpartition("/")[2]
    assert (await world.post(f"task/{oid}", {"Task": {"Name": "y"}}, key=key)).errors != []
    assert (await world.delete(f"task/{oid}", key=key)).errors != []
    assert (await world.post(f"task/{oid}", {"Task": {"Name": "y"}}, "editor")).errors == []


async def test_a_key_limited_to_types_still_finds_its_way(world: World) -> None:
    """What every tool kit asks for first: subscription, workspaces, projects, the user, the types."""
    _, key = await issue(world, "editor", types=("Defect",))
    for path in ("subscription", "workspace", "project", "user", "typedefinition", "schedulestate"):
        answer = await world.get(path, key=key, query="(ObjectID != 0)")
        assert (path, answer.inner["TotalResultCount"]) != (path, 0)
    assert (await world.get("user", key=key)).inner["UserName"] == "editor@acme.test"


async def test_a_type_brings_its_descendants(world: World) -> None:
    await furnish(world)
    _, key = await issue(world, "editor", types=("SchedulableArtifact", "Tag"))
    assert await names(world, "artifact", key) == {"story engines", "defect engines", "story pistons", "defect pistons"}
    assert "tag engines" in await names(world, "tag", key)


async def test_no_way_around_a_limit(world: World) -> None:
    """Searches, orders, collections, files: each goes through the same sight."""
    await furnish(world)
    story = (await world.get("hierarchicalrequirement", "admin", query='(Name = "story engines")')).results[0]["_ref"]
    content = await world.make("AttachmentContent", Content="aGVsbG8=")
    file = await world.make(
        "Attachment", Name="a.txt", ContentType="text/plain", Size=5, Content=content["_ref"], Artifact=story
    )
    path = f"/slm/attachment/{file['ObjectID']}/a.txt"
    _, key = await issue(world, "editor", types=("Defect",))
    _, elsewhere = await issue(world, "editor", projects=(world.ids["pistons"],))
    for held, name in ((key, "story"), (elsewhere, "engines")):
        assert (await world.get("artifact", key=held, search=name, fetch="Name")).results == []
        assert (await world.get("artifact", "editor", search=name, fetch="Name")).results != []
        assert (await world.get(path, key=held)).status != 200
        assert (await world.get(f"{story.partition('/v2.0/')[2]}/Tasks", key=held)).errors != []
    assert (await world.get(path, "editor")).body == b"hello"
    ordered = await world.get("defect", key=key, order="Requirement.Name DESC", fetch="Name", project="null")
    assert {item["Name"] for item in ordered.results} == {"defect engines", "defect pistons"}


async def test_a_key_may_end_by_itself_and_goes_on_when_its_end_is_moved(world: World) -> None:
    oid, key = await issue(world, "editor", expires_at=START + timedelta(days=7))
    assert (await world.get("defect", key=key)).status == 200
    world.clock.advance(timedelta(days=7))
    refused(await world.get("defect", key=key), "key_expired")
    await change(world, "editor", oid, expires_at=START + timedelta(days=30))
    assert (await world.get("defect", key=key)).status == 200


async def test_a_key_limited_to_addresses_is_refused_elsewhere_and_says_so_to_its_holder(world: World) -> None:
    oid, key = await issue(world, "editor", ip_allow=("10.0.0.0/8", "2001:db8::/32"))
    refused(await world.get("defect", key=key), "ip_not_allowed")
    refused(await world.get("defect", key=f"{key[:-1]}0"), None)
    await change(world, "editor", oid, ip_allow=("127.0.0.0-127.0.0.9",))
    assert (await world.get("defect", key=key)).status == 200


@pytest.mark.parametrize(
    ("limits", "element"),
    [
        ({"expires_at": START}, "ExpirationDate"),
        ({"projects": (424242,)}, "Projects"),
        ({"types": ("Nonsense",)}, "Types"),
        ({"ip_allow": ("10.0.0.0/8", "10.0.0.0/64")}, "Addresses"),
        ({"ip_allow": tuple(f"10.0.0.{n}" for n in range(201))}, "Addresses"),
    ],
)
async def test_limits_that_say_nothing_are_refused(world: World, limits: dict[str, Any], element: str) -> None:
    oid, key = await issue(world, "editor")
    for attempt in (issue(world, "editor", **limits), change(world, "editor", oid, **limits)):
        with pytest.raises(RelationRefused) as caught:
            await attempt
        assert caught.value.attribute == element
    assert (await world.get("defect", key=key)).status == 200


async def test_a_project_that_one_does_not_see_cannot_be_named_and_what_was_named_before_stays(world: World) -> None:
    wheels = world.ids["wheels"]
    with pytest.raises(RelationRefused):
        await issue(world, "editor", projects=(wheels,))
    oid, _ = await issue(world, "editor", projects=(world.ids["engines"],))

    async def put(context: Any) -> None:
        context.unit.writer.update("api_key", {"oid": oid}, {"limits": f'{{"projects":[{wheels}]}}'})

    await world.server(put)
    await change(world, "editor", oid, projects=(wheels,), ip_allow=("127.0.0.1",))
    (entry,) = [
        each
        for each in await as_user(world, "editor", lambda context: keys.listed(context, context.user))
        if each.oid == oid
    ]
    assert entry.limits == KeyLimits(projects=(wheels,), ip_allow=("127.0.0.1",))


# ---------------------------------------------------------------------- at rest, reset by another, ended


async def test_a_disabled_key_rests_until_it_is_enabled(world: World) -> None:
    oid, key = await issue(world)
    await as_user(world, "editor", lambda context: keys.disable(context, oid))
    refused(await world.get("defect", key=key), "key_suspended")
    await as_user(world, "editor", lambda context: keys.enable(context, oid))
    assert (await world.get("defect", key=key)).status == 200


@pytest.mark.parametrize("by", ["admin", "server"])
async def test_who_was_stopped_by_an_administrator_does_not_start_again_by_himself(world: World, by: str) -> None:
    oid, key = await issue(world)
    if by == "admin":
        await as_user(world, "admin", lambda context: keys.disable(context, oid))
    else:
        await world.server(lambda context: keys.disable(context, oid))
    with pytest.raises(RelationRefused):
        await as_user(world, "editor", lambda context: keys.enable(context, oid))
    refused(await world.get("defect", key=key), "key_suspended")
    await as_user(world, "admin", lambda context: keys.enable(context, oid))
    assert (await world.get("defect", key=key)).status == 200


async def test_an_administrators_reset_ends_the_old_value_and_tells_nobody_a_new_one(world: World) -> None:
    """access.md 1.6, 1.16 d and r."""
    oid, old = await issue(world)
    lookup = (await world.rows("api_key", "lookup", oid=oid))[0][0]
    assert await as_user(world, "admin", lambda context: keys.reset(context, oid, secret=SECRET)) is None
    refused(await world.get("defect", key=old), None)
    assert (await world.rows("api_key", "lookup", oid=oid))[0][0] != lookup
    (waiting,) = await as_user(world, "editor", keys.awaiting)
    assert (waiting.oid, waiting.state, waiting.renewal_by) == (oid, KeyState.RENEWAL, "Admin")
    assert await as_user(world, "viewer", keys.awaiting) == []
    new = await as_user(world, "editor", lambda context: keys.reset(context, oid, secret=SECRET))
    assert (await world.get("defect", key=new)).status == 200
    assert await as_user(world, "editor", keys.awaiting) == []


async def test_an_ended_key_is_listed_for_a_month_with_who_ended_it(world: World) -> None:
    oid, key = await issue(world)

    async def shown() -> list[tuple[str, str | None, str | None]]:
        entries = await as_user(world, "editor", lambda context: keys.listed(context, context.user, ended=True))
        return [(each.state, each.ended_at, each.ended_by) for each in entries if each.oid == oid]

    await as_user(world, "admin", lambda context: keys.revoke(context, oid))
    assert await shown() == [("ended", "2026-01-05T09:00:00.000Z", "Admin")]
    refused(await world.get("defect", key=key), "key_revoked")
    for attempt in (keys.revoke, keys.disable, keys.enable):
        with pytest.raises(ObjectNotFound):
            await as_user(world, "editor", lambda context, attempt=attempt: attempt(context, oid))
    world.clock.advance(SHOWN_AFTER_END + timedelta(seconds=1))
    assert await shown() == []
    other, _ = await issue(world)
    await as_user(world, "editor", lambda context: keys.revoke(context, other))
    assert await world.rows("api_key", "oid", oid=oid) == []
    refused(await world.get("defect", key=key), None)


async def test_a_value_that_a_scenario_fixes_may_come_back_after_its_key_ended(world: World) -> None:
    value = world.keys["editor"]
    oid = (await world.rows("api_key", "oid", lookup=lookup_hash(SECRET, value)))[0][0]
    await as_user(world, "editor", lambda context: keys.revoke(context, oid))
    await world.server(
        lambda context: keys.issue(context, world.ids["editor"], "again", Grant.FULL, secret=SECRET, value=value)
    )
    assert (await world.get("defect", "editor")).status == 200


async def test_every_change_of_a_key_leaves_an_event(world: World) -> None:
    oid, _ = await issue(world, projects=(world.ids["engines"],))
    await change(world, "editor", oid, ip_allow=("127.0.0.1",))
    await change(world, "editor", oid, ip_allow=("127.0.0.1",))
    for attempt in (keys.disable, keys.disable, keys.enable, keys.revoke):
        await as_user(world, "editor", lambda context, attempt=attempt: attempt(context, oid))
    diffs = [set(json.loads(row[0])) for row in await world.rows("event", "diff", oid=oid, type="ApiKey")]
    made = {"User", "DisplayName", "Grant", "Projects"}
    assert diffs == [made, {"Projects", "Addresses"}, {"Disabled"}, {"Disabled"}, {"User", "DisplayName"}]
