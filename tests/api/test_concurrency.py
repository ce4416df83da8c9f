"""Many writers at once, on either database: nothing is lost, histories have no gap, and no client hears of a lock."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from tests import stored
from tests.harness import Answer, World

WRITERS = 16


def path_of(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


def unwrapped(answers: list[Answer]) -> list[Answer]:
    for answer in answers:
        assert answer.status == 200
        assert answer.errors == []
    return answers


async def test_creates_get_numbers_of_their_own(world: World) -> None:
    answers = unwrapped(
        await asyncio.gather(*(world.post("defect/create", {"x": {"Name": f"n{n}"}}) for n in range(5 * WRITERS)))
    )
    numbers = sorted(int(answer.object["FormattedID"][2:]) for answer in answers)
    assert numbers == list(range(1, 5 * WRITERS + 1))
    assert len({answer.object["ObjectID"] for answer in answers}) == 5 * WRITERS
    assert len({answer.object["DragAndDropRank"] for answer in answers}) == 5 * WRITERS
    assert await stored.faults(world.store) == []


async def test_updates_of_one_item_follow_each_other(world: World) -> None:
    """Each changes an attribute of its own, several times: no change of another's is lost, and each is one revision."""
    made = await world.make("Defect", Name="x")
    names = ["Name", "FoundInBuild", "FixedInBuild", "TargetBuild", "VerifiedInBuild", "Description", "Notes", "BlockedReason", "DisplayColor",
             "SalesforceCaseNumber", "SalesforceCaseID", "FinancialWorkType", "PlanEstimate", "TargetDate", "Priority", "Severity"]  # fmt: skip

    async def write(name: str) -> Answer:
        last: Answer | None = None
        for n in range(1, 6):
            value: Any = f"{name[:3]}{n}"
            value = {
                "PlanEstimate": n,
                "TargetDate": f"2026-01-0{n}",
                "Priority": ["Low", "Normal"][n % 2],
                "Severity": ["Cosmetic", "None"][n % 2],
            }.get(name, value)
            last = await world.post(path_of(made), {"x": {name: value}})
            assert last.errors == []
        assert last is not None
        return last

    await asyncio.gather(*(write(name) for name in names))
    final = (await world.get(path_of(made))).inner
    for name in names:
        if name not in {"PlanEstimate", "TargetDate", "Priority", "Severity"}:
            assert final[name] == f"{name[:3]}5"
    assert (final["PlanEstimate"], final["Priority"], final["Severity"]) == (5.0, "Normal", "None")
    history = path_of(final["RevisionHistory"])
    numbers = [one["RevisionNumber"] for one in (await world.get(f"{history}/Revisions", pagesize=200)).results]
    assert numbers == list(range(int(final["VersionId"])))[::-1]
    assert await stored.faults(world.store) == []


async def test_writers_on_the_same_items_in_any_order(world: World) -> None:
    """Updates, members, moves, deletes and creates against each other: the one case where databases give up transactions."""
    dice = random.Random(7)
    projects = [f"/project/{world.ids[name]}" for name in ("engines", "pistons", "wheels")]
    stories = [await world.make("HierarchicalRequirement", Name=f"s{n}", Project=projects[0]) for n in range(6)]
    tags = [(await world.make("Tag", Name=f"t{n}"))["_ref"] for n in range(4)]

    async def act(seed: int) -> list[Answer]:
        own = random.Random(seed)
        answers = []
        for _ in range(6):
            one, other = own.sample(stories, 2)
            path = path_of(one)
            match own.randrange(8):
                case 0:
                    answers.append(await world.post(path, {"x": {"Name": f"n{own.random()}"}}))
                case 1:
                    answers.append(await world.post(f"{path}/Tags/add", {"x": own.sample(tags, 3)}))
                case 2:
                    answers.append(await world.post(f"{path}/Tags/remove", {"x": own.sample(tags, 2)}))
                case 3:
                    answers.append(await world.post(path, {"x": {"Project": own.choice(projects)}}))
                case 4:
                    answers.append(await world.post("task/create", {"x": {"Name": "t", "WorkProduct": one["_ref"]}}))
                case 5:
                    answers.append(await world.post(f"{path}/Predecessors/add", {"x": [other["_ref"]]}))
                case 6:
                    answers.append(await world.post(path, {"x": {"Parent": other["_ref"]}}))
                case _:
                    answers.append(
                        await world.post("conversationpost/create", {"x": {"Artifact": one["_ref"], "Text": "p"}})
                    )
        return answers

    done = await asyncio.gather(*(act(dice.randrange(10**9)) for _ in range(WRITERS)))
    for answer in (answer for answers in done for answer in answers):
        assert answer.status == 200
        assert all("own ancestor" in text for text in answer.errors), answer.errors
    assert await stored.faults(world.store) == []
    await _no_cycles(world)
    places = {row[0]: row[1] for row in await world.rows("artifact", "oid", "project_oid")}
    for oid, work_product in await world.rows("artifact", "oid", "workproduct_oid", concrete_type="Task"):
        assert places[oid] == places[work_product]
    for table, column in (("conversationpost", "artifact_oid"),):
        for owner, project in await world.rows(table, column, "project_oid"):
            assert project == places[owner]


async def _no_cycles(world: World) -> None:
    parents = dict(await world.rows("artifact", "oid", "parent_oid"))
    for start in parents:
        seen, current = set(), start
        while current is not None:
            assert current not in seen
            seen.add(current)
            current = parents.get(current)


async def test_no_two_become_each_other_s_parent(world: World) -> None:
    for _ in range(6):
        one, two = [await world.make("HierarchicalRequirement", Name="x") for _ in range(2)]
        answers = await asyncio.gather(
            world.post(path_of(one), {"x": {"Parent": two["_ref"]}}),
            world.post(path_of(two), {"x": {"Parent": one["_ref"]}}),
        )
        assert [len(answer.errors) for answer in answers].count(0) == 1
    await _no_cycles(world)


async def test_the_same_member_added_by_all_is_added_once(world: World) -> None:
    tag = await world.make("Tag", Name="t")
    made = await world.make("Defect", Name="x")
    answers = unwrapped(
        await asyncio.gather(*(world.post(f"{path_of(made)}/Tags/add", {"x": [tag["_ref"]]}) for _ in range(WRITERS)))
    )
    assert sum(len(answer.results) for answer in answers) == 1
    final = (await world.get(path_of(made))).inner
    assert (final["Tags"]["Count"], final["VersionId"]) == (1, "2")
    assert await stored.faults(world.store) == []


async def test_a_relation_edited_from_both_ends(world: World) -> None:
    one, two = [await world.make("HierarchicalRequirement", Name="x") for _ in range(2)]
    for verb in ("add", "remove"):
        ends = [world.post(f"{path_of(one)}/Successors/{verb}", {"x": [two["_ref"]]}) for _ in range(WRITERS // 2)]
        ends += [world.post(f"{path_of(two)}/Predecessors/{verb}", {"x": [one["_ref"]]}) for _ in range(WRITERS // 2)]
        unwrapped(await asyncio.gather(*ends))
        assert len(await world.rows("link", "relation")) == (verb == "add")
    assert await stored.faults(world.store) == []


async def test_tasks_and_posts_are_numbered_without_gap(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="x")
    tasks = unwrapped(
        await asyncio.gather(
            *(world.post("task/create", {"x": {"Name": "t", "WorkProduct": story["_ref"]}}) for _ in range(WRITERS))
        )
    )
    assert sorted(answer.object["TaskIndex"] for answer in tasks) == list(range(WRITERS))
    posts = unwrapped(
        await asyncio.gather(
            *(
                world.post("conversationpost/create", {"x": {"Text": "t", "Artifact": story["_ref"]}})
                for _ in range(WRITERS)
            )
        )
    )
    assert sorted(answer.object["PostNumber"] for answer in posts) == list(range(WRITERS))


async def test_a_user_name_is_given_once(world: World) -> None:
    answers = await asyncio.gather(
        *(world.post("user/create", {"x": {"UserName": f"{'Nn'[n % 2]}ew@acme.test"}}) for n in range(WRITERS))
    )
    assert [len(answer.errors) for answer in answers].count(0) == 1
    body = {"User": f"/user/{world.ids['nobody']}", "Project": f"/project/{world.ids['wheels']}", "Role": "Editor"}
    answers = await asyncio.gather(*(world.post("projectpermission/create", {"x": body}) for _ in range(WRITERS)))
    assert [answer.errors for answer in answers] == [[]] * WRITERS
    assert len({answer.object["_ref"] for answer in answers}) == 1
    assert await stored.faults(world.store) == []


async def test_one_of_many_deletes_is_the_delete(world: World) -> None:
    made = await world.make("Defect", Name="x")
    answers = await asyncio.gather(*(world.delete(path_of(made)) for _ in range(WRITERS)))
    assert [answer.errors for answer in answers].count([]) == 1
    assert all(answer.errors in ([], ["Object to delete cannot be null"]) for answer in answers)
    assert len(await world.rows("recycled", "oid")) == 1
    assert len(await world.rows("event", "seq", oid=made["ObjectID"], kind="deleted")) == 1


async def test_updates_against_a_delete(world: World) -> None:
    for n in range(5):
        made = await world.make("Defect", Name="x")
        calls = [world.post(path_of(made), {"x": {"Name": f"n{m}"}}) for m in range(WRITERS)]
        calls.insert(n * 3, world.delete(path_of(made)))
        for answer in await asyncio.gather(*calls):
            assert answer.status == 200
            assert answer.errors in ([], [f"Could not read: Could not read Defect {made['ObjectID']} to update."])
        assert (await world.get(path_of(made))).errors == ["Cannot find object to read"]
        assert await world.rows("artifact", "oid", oid=made["ObjectID"]) == []
    assert await stored.faults(world.store) == []


async def test_reads_meanwhile_see_whole_objects(world: World) -> None:
    made = await world.make("Defect", Name="0", FoundInBuild="0")
    stop = False

    async def read() -> None:
        while not stop:
            found = (await world.get(path_of(made), fetch="Name,FoundInBuild")).inner
            assert found["Name"] == found["FoundInBuild"]
            await asyncio.sleep(0)

    readers = [asyncio.create_task(read()) for _ in range(4)]
    for n in range(30):
        unwrapped([await world.post(path_of(made), {"x": {"Name": str(n), "FoundInBuild": str(n)}})])
    stop = True
    await asyncio.gather(*readers)
