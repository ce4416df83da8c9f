"""Update on the wire (wsapi.md 6.1, 6.3, 6.11): what changes, what does not, and what it leaves behind."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests import stored
from tests.harness import BASE, World


def path_of(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def revisions(world: World, item: dict[str, Any], user: str = "admin") -> list[str]:
    """Give the descriptions of an object's revisions, newest first, and see that their numbers have no gap."""
    history = (await world.get(path_of(item), user, fetch="RevisionHistory")).document
    (inner,) = history.values()
    found = (await world.get(f"{path_of(inner['RevisionHistory'])}/Revisions", user, pagesize=200)).results
    assert [one["RevisionNumber"] for one in found] == list(range(len(found)))[::-1]
    return [one["Description"] for one in found]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("suffix", ["", ".js"])
async def test_put_and_post_update(world: World, method: str, suffix: str) -> None:
    made = await world.make("Defect", Name="x", Description="kept", Priority="Low")
    answer = await world.call(method, path_of(made) + suffix, {"Defect": {"Name": "y"}}, user="admin")
    assert answer.root == "OperationResult"
    assert answer.object["Name"] == "y"
    assert answer.object["Description"] == "kept"
    assert answer.object["Priority"] == "Low"
    assert answer.object["VersionId"] == answer.object["_objectVersion"] == "2"
    assert len(answer.warnings) == bool(suffix)


async def test_only_what_really_changes_makes_a_version(world: World) -> None:
    made = await world.make("Defect", Name="x", PlanEstimate=3)
    before = await stored.dump(world.store)
    world.clock.advance(timedelta(hours=1))
    for body in (
        {},
        {"Name": "x"},
        {"PlanEstimate": 3},
        {"PlanEstimate": "3.0"},
        {"Owner": None},
        {"Owner": ""},
        {"Description": None},
    ):
        answer = await world.post(path_of(made), {"Defect": body})
        assert answer.object["VersionId"] == "1"
        assert answer.object["LastUpdateDate"] == made["LastUpdateDate"]
    assert await stored.dump(world.store) == before


async def test_ids_in_the_body_are_harmless(world: World) -> None:
    made = await world.make("Defect", Name="x")
    await world.make("Defect", Name="other")
    body = {
        "FormattedID": "DE2",
        "Name": "y",
        "ObjectID": 50,
        "ObjectUUID": "z",
        "_ref": "defect/50",
        "VersionId": "9",
        "CreationDate": "2000-01-01",
    }
    answer = await world.post(path_of(made), {"Defect": body})
    assert answer.warnings == []
    kept = {name: answer.object[name] for name in ("FormattedID", "ObjectID", "ObjectUUID", "CreationDate")}
    assert kept == {name: made[name] for name in kept}
    assert answer.object["VersionId"] == "2"


@pytest.mark.parametrize("nothing", [None, ""])
async def test_null_and_empty_text_clear(world: World, nothing: str | None) -> None:
    sprint = await world.make(
        "Iteration", Name="i", Project=ref(world, "project", "engines"), StartDate="2026-01-01", EndDate="2026-01-14"
    )
    full = {
        "Owner": ref(world, "user", "editor"), "Iteration": sprint["_ref"], "PlanEstimate": 3, "TargetDate": "2026-01-01",
        "FoundInBuild": "b", "Description": "d", "Priority": "Low", "Package": "Package A", "DisplayColor": "#fff",
        "Project": ref(world, "project", "engines"),
    }  # fmt: skip
    made = await world.make("Defect", Name="x", **full)
    names = [name for name in full if name != "Project"]
    answer = await world.post(path_of(made), {"Defect": dict.fromkeys(names, nothing)})
    cleared = {name: answer.object[name] for name in names}
    assert cleared == {**dict.fromkeys(names), "Description": "", "Priority": "None"}


async def test_a_boolean_that_is_cleared_is_false(world: World) -> None:
    made = await world.make("Defect", Name="x", Ready=True, Blocked=None)
    assert made["Blocked"] is False
    answer = await world.post(path_of(made), {"Defect": {"Ready": None}})
    assert answer.object["Ready"] is False
    assert (await revisions(world, made))[0] == "READY changed from [true] to [false]"


@pytest.mark.parametrize("name", ["Name", "State", "ScheduleState", "Project"])
async def test_what_is_required_cannot_be_cleared(world: World, name: str) -> None:
    made = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    for nothing in (None, ""):
        answer = await world.post(path_of(made), {"Defect": {name: nothing, "Notes": "n"}})
        label = "Schedule State" if name == "ScheduleState" else name
        assert answer.errors == [f"Validation error: Defect.{label} should not be null"]
    assert await stored.dump(world.store) == before


async def test_a_missing_object(world: World) -> None:
    made = await world.make("Defect", Name="x")
    task = f"task/{made['ObjectID']}"
    answer = await world.post("defect/4711", {"Defect": {"Name": "y"}})
    assert (answer.root, answer.errors) == (
        "OperationResult",
        ["Could not read: Could not read Defect 4711 to update."],
    )
    assert (await world.post(task, {"Task": {"Name": "y"}})).errors == [
        f"Could not read: Could not read Task {made['ObjectID']} to update."
    ]
    hidden = await world.post(path_of(made), {"Defect": {"Name": "y"}}, "stranger")
    assert hidden.errors == [f"Could not read: Could not read Defect {made['ObjectID']} to update."]


async def test_the_object_by_any_address(world: World) -> None:
    made = await world.make("PortfolioItem/Feature", Name="x")
    oid, uuid = made["ObjectID"], made["ObjectUUID"]
    addresses = (
        f"portfolioitem/{oid}", f"artifact/{oid}", f"feature/{oid}", f"PortfolioItem/Feature/{oid}",
        f"portfolioitem/feature/{uuid}", f"portfolioitem/feature/{uuid.replace('-', '').upper()}",
        f"/slm/webservice/v2.x/feature/{oid}",
    )  # fmt: skip
    for n, address in enumerate(addresses):
        answer = await world.post(address, {"x": {"Name": f"n{n}"}})
        assert answer.object["Name"] == f"n{n}"
    assert answer.object["_ref"] == f"http://rally.test/slm/webservice/v2.x/portfolioitem/feature/{oid}"


async def test_a_create_only_attribute_stays(world: World) -> None:
    made = await world.make(
        "Iteration", Name="i", Project=ref(world, "project", "engines"), StartDate="2026-01-01", EndDate="2026-01-14"
    )
    answer = await world.post(path_of(made), {"Iteration": {"Project": ref(world, "project", "wheels"), "Name": "j"}})
    assert answer.object["Project"]["_refObjectName"] == "Engines"
    assert answer.object["Name"] == "j"


async def test_fetch_says_what_the_answer_shows(world: World) -> None:
    made = await world.make("Defect", Name="x")
    answer = await world.post(path_of(made) + "?fetch=FormattedID", {"Defect": {"Name": "y"}})
    assert answer.object["FormattedID"] == "DE1"
    assert "Name" not in answer.object


# ---------------------------------------------------------------------- whole objects


async def furnish(world: World) -> list[dict[str, Any]]:
    """Make an object of many types, with as much set as a client can set."""
    project = ref(world, "project", "engines")
    tag = await world.make("Tag", Name="t")
    sprint = await world.make(
        "Iteration", Name="i", Project=project, StartDate="2026-01-01", EndDate="2026-01-14", PlannedVelocity=3.25
    )
    release = await world.make(
        "Release", Name="r", Project=project, ReleaseStartDate="2026-01-01", ReleaseDate="2026-03-31", Theme="<p>x</p>"
    )
    feature = await world.make("PortfolioItem/Feature", Name="f", Project=project)
    mile = await world.make("Milestone", Name="m", Projects=[project], TargetDate="2026-06-01")
    common = {"Project": project, "Owner": ref(world, "user", "editor"), "Tags": [tag["_ref"]], "Milestones": [mile["_ref"]], "Ready": True,
              "Description": "<b>a</b> & é ☃", "DisplayColor": "#21a2e0"}  # fmt: skip
    story = await world.make("HierarchicalRequirement", Name="s", Iteration=sprint["_ref"], Release=release["_ref"], PortfolioItem=feature["_ref"],
                             PlanEstimate=2.5, Blocked=True, BlockedReason="why", **common)  # fmt: skip
    defect = await world.make(
        "Defect",
        Name="d",
        Requirement=story["_ref"],
        Severity="Cosmetic",
        TargetDate="2026-02-03T04:05:06.789Z",
        **common,
    )
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"], Estimate=1.25, ToDo=0.5)
    case = await world.make("TestCase", Name="c", WorkProduct=story["_ref"], **common)
    step = await world.make("TestCaseStep", TestCase=case["_ref"], Input="in")
    result = await world.make("TestCaseResult", TestCase=case["_ref"], Build="1", Date="2026-01-01", Verdict="Pass")
    content = await world.make("AttachmentContent", Content="aGVsbG8=")
    attachment = await world.make(
        "Attachment", Artifact=defect["_ref"], Content=content["_ref"], Name="a.txt", ContentType="text/plain"
    )
    post = await world.make("ConversationPost", Artifact=defect["_ref"], Text="hello")
    others = [
        await world.make("DefectSuite", Name="ds", Defects=[defect["_ref"]], **common),
        await world.make("TestSet", Name="ts", TestCases=[case["_ref"]], **common),
        await world.make("TestFolder", Name="tf", Project=project),
        await world.make("Risk", Name="rk", Project=project),
        await world.make("Preference", Name="p", Value="{}", User=ref(world, "user", "admin")),
        await world.make("SCMRepository", Name="repo", SCMType="git", Projects=[project]),
        await world.make("BuildDefinition", Name="bd", Project=project),
    ]
    return [tag, sprint, release, feature, mile, story, defect, task, case, step, result, attachment, post, *others]


async def test_what_was_read_can_be_saved_as_it_is(world: World) -> None:
    made = await furnish(world)
    made += (await world.get("project", fetch="true", pagesize=20)).results[:1]
    made += (await world.get("workspace", fetch="true", pagesize=20)).results[:1]
    made += (await world.get("users", fetch="true", pagesize=20)).results[:1]
    made += (await world.get("workspaceconfiguration", fetch="true")).results[:1]
    made += (await world.get("schedulestate", fetch="true")).results[:1]
    made += (await world.get("flowstate", fetch="true")).results[:1]
    made += (await world.get("state", fetch="true")).results[:1]
    made += (await world.get("preliminaryestimate", fetch="true")).results[:1]
    before = await stored.dump(world.store)
    for item in made:
        read = (await world.get(path_of(item))).document
        for body in (read, {item["_type"]: item}):
            answer = await world.call("PUT", path_of(item), body, user="admin")
            assert answer.errors == [], item["_type"]
            assert answer.warnings == [], item["_type"]
            assert answer.object["VersionId"] == next(iter(read.values()))["VersionId"], item["_type"]
    after = await stored.dump(world.store)
    assert after.keys() == before.keys()
    for table in before:
        assert after[table] == before[table]
    assert await stored.faults(world.store) == []


async def test_a_whole_object_with_one_change_changes_that(world: World) -> None:
    for item in await furnish(world):
        name = next((name for name in ("Name", "Input", "Text", "Build") if name in item), None)
        assert name is not None
        body = {**next(iter((await world.get(path_of(item))).document.values())), name: "other"}
        answer = await world.call("PUT", path_of(item), {"x": body}, user="admin")
        assert answer.object[name] == "other"
        assert int(answer.object["VersionId"]) == int(body["VersionId"]) + 1
        if "RevisionHistory" in item:
            assert (await revisions(world, item))[0] == f"NAME changed from [{item['Name']}] to [other]"
    assert await stored.faults(world.store) == []


# ---------------------------------------------------------------------- revisions and events


async def test_revisions_in_rally_s_words(world: World) -> None:
    project = ref(world, "project", "engines")
    made = await world.make("Defect", "editor", Name="old", Project=project)
    dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14"}
    sprint = await world.make("Iteration", Name="Sprint 1", Project=project, **dates)
    steps: list[tuple[dict[str, Any], str]] = [
        ({"Name": "new"}, "NAME changed from [old] to [new]"),
        ({"Iteration": sprint["_ref"]}, "ITERATION added [Sprint 1]"),
        ({"Iteration": None}, "ITERATION changed from [Sprint 1] to []"),
        ({"Owner": ref(world, "user", "editor")}, "OWNER added [Editor]"),
        ({"Owner": ref(world, "user", "admin")}, "OWNER changed from [Editor] to [Admin]"),
        ({"Owner": ""}, "OWNER changed from [Admin] to []"),
        ({"Ready": True}, "READY changed from [false] to [true]"),
        ({"PlanEstimate": 3}, "PLAN ESTIMATE changed from [] to [3.0]"),
        (
            {"PlanEstimate": 2.5, "Priority": "Low"},
            "PLAN ESTIMATE changed from [3.0] to [2.5], PRIORITY changed from [None] to [Low]",
        ),
        ({"TargetDate": "2026-07-01T12:00:00Z"}, "TARGET DATE changed from [] to [Wed Jul 01 06:00:00 MDT 2026]"),
        (
            {"TargetDate": "2026-12-01T12:00:00Z"},
            "TARGET DATE changed from [Wed Jul 01 06:00:00 MDT 2026] to [Tue Dec 01 05:00:00 MST 2026]",
        ),
        ({"Tags": [{"Name": "one"}, {"Name": "two"}]}, "TAGS added [one], TAGS added [two]"),
        ({"Tags": []}, "TAGS removed [one], TAGS removed [two]"),
    ]
    for body, _ in steps:
        assert (await world.post(path_of(made), {"Defect": body}, "editor")).errors == []
    said = await revisions(world, made)
    assert said == [*(words for _, words in reversed(steps)), "Original revision"]
    assert await stored.faults(world.store) == []


async def test_each_change_has_its_author_and_moment(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    world.clock.advance(timedelta(minutes=5))
    await world.post(path_of(made), {"Defect": {"Name": "y"}}, "padmin")
    history = path_of(made["RevisionHistory"])
    newest = (await world.get(f"{history}/Revisions")).results[0]
    assert newest["User"]["_refObjectName"] == "Padmin"
    assert newest["CreationDate"] == "2026-01-05T09:05:00.000Z"
    assert newest["RevisionHistory"]["_ref"] == made["RevisionHistory"]["_ref"]
    read = (await world.get(path_of(made))).inner
    assert read["LastUpdateDate"] == "2026-01-05T09:05:00.000Z"
    assert read["CreatedBy"]["_refObjectName"] == "Admin"


async def test_revisions_cannot_be_written(world: World) -> None:
    made = await world.make("Defect", Name="x")
    history = path_of(made["RevisionHistory"])
    revision = path_of((await world.get(f"{history}/Revisions")).results[0])
    before = await stored.dump(world.store)
    assert (await world.post(revision, {"Revision": {"Description": "forged"}})).errors
    assert (await world.post(history, {"x": {"Revisions": []}})).errors
    assert (await world.post(f"{history}/Revisions/add", {"x": [{"Description": "forged"}]})).errors
    assert (await world.post(f"{history}/Revisions/remove", {"x": [revision]})).errors
    assert (await world.delete(revision)).errors
    assert (await world.delete(history)).errors
    assert await stored.dump(world.store) == before


async def test_the_event_of_an_update(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    headers = {"User-Agent": "curl/8"}
    await world.post(path_of(made), {"Defect": {"Name": "y", "PlanEstimate": 2}}, "editor", headers=headers)
    ((kind, version, user, client, diff),) = (
        await world.rows("event", "kind", "version", "user_oid", "client", "diff", oid=made["ObjectID"])
    )[1:]
    assert (kind, version, user, client) == ("updated", 2, world.ids["editor"], "curl/8")
    assert json.loads(diff) == {"Name": ["x", "y"], "PlanEstimate": [None, 2.0]}


async def test_the_event_of_a_change_of_members(world: World) -> None:
    made = await world.make("Defect", Name="x")
    tag = await world.make("Tag", Name="t")
    await world.post(f"{path_of(made)}/Tags/add", {"Tags": [{"_ref": tag["_ref"]}]})
    rows = await world.rows("event", "kind", "version", "diff", oid=made["ObjectID"])
    assert rows[-1] == ("updated", 2, json.dumps({"Tags": [[], [tag["ObjectID"]]]}, separators=(",", ":")))


async def test_an_update_by_basic_says_so(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    asked = await world.call("GET", "security/authorize", headers=world.basic("editor"))
    token = asked.inner["SecurityToken"]
    cookie = "; ".join(text.partition(";")[0] for text in asked.cookies)
    headers = {**world.basic("editor"), "cookie": cookie}
    answer = await world.call("POST", path_of(made), {"Defect": {"Name": "y"}}, headers=headers, key_=token)
    assert answer.errors == ["Not authorized to perform action: Invalid key"]
    answer = await world.call("POST", f"{path_of(made)}?key={token}", {"Defect": {"Name": "y"}}, headers=headers)
    assert answer.object["Name"] == "y"
    rows = await world.rows("event", "user_oid", "credential", oid=made["ObjectID"])
    assert rows[-1] == (world.ids["editor"], "basic")


# ---------------------------------------------------------------------- places


async def test_what_hangs_on_an_item_moves_with_it(world: World) -> None:
    project = ref(world, "project", "engines")
    story = await world.make("HierarchicalRequirement", Name="s", Project=project)
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"])
    posts = [await world.make("ConversationPost", Artifact=item["_ref"], Text="p") for item in (story, task)]
    files = []
    for item in (story, task):
        content = await world.make("AttachmentContent", Content="aGVsbG8=")
        files += [
            content,
            await world.make(
                "Attachment", Artifact=item["_ref"], Content=content["_ref"], Name="a", ContentType="text/plain"
            ),
        ]
    all_of_it = [story, task, *posts, *files, story["RevisionHistory"], task["RevisionHistory"]]
    for item in all_of_it:
        assert (await world.get(path_of(item), "editor")).errors == []
    answer = await world.post(path_of(story), {"x": {"Project": ref(world, "project", "wheels")}})
    assert answer.object["Project"]["_refObjectName"] == "Wheels"
    for item in all_of_it:
        hidden = await world.get(path_of(item), "editor")
        assert hidden.errors == ["Cannot find object to read"], item["_ref"]
    assert (await world.get(path_of(task))).inner["Project"]["_refObjectName"] == "Wheels"
    moved = "PROJECT changed from [Engines] to [Wheels], FLOW STATE changed from [Defined] to [Defined]"
    assert (await revisions(world, story))[0].startswith(moved)
    assert (
        await world.get(
            "revision", "editor", query=f"(RevisionHistory.ObjectID = {path_of(task['RevisionHistory']).split('/')[1]})"
        )
    ).results == []
    assert await stored.faults(world.store) == []


async def test_results_and_steps_move_with_their_test_case(world: World) -> None:
    case = await world.make("TestCase", Name="c", Project=ref(world, "project", "engines"))
    step = await world.make("TestCaseStep", TestCase=case["_ref"], Input="in")
    result = await world.make("TestCaseResult", TestCase=case["_ref"], Build="1", Date="2026-01-01", Verdict="Pass")
    content = await world.make("AttachmentContent", Content="aGVsbG8=")
    file = await world.make(
        "Attachment", TestCaseResult=result["_ref"], Content=content["_ref"], Name="a", ContentType="text/plain"
    )
    await world.post(path_of(case), {"x": {"Project": ref(world, "project", "wheels")}})
    for item in (case, step, result, file, content):
        assert (await world.get(path_of(item), "editor")).errors == ["Cannot find object to read"], item["_ref"]


async def test_a_task_goes_to_the_project_of_its_new_work_product(world: World) -> None:
    here, there = [
        await world.make("HierarchicalRequirement", Name=name, Project=ref(world, "project", name))
        for name in ("engines", "wheels")
    ]
    task = await world.make("Task", Name="t", WorkProduct=here["_ref"])
    post = await world.make("ConversationPost", Artifact=task["_ref"], Text="p")
    refused = await world.post(path_of(task), {"x": {"WorkProduct": there["_ref"]}}, "editor")
    assert refused.errors == [f"Could not read: Could not read referenced object {there['ObjectID']}"]
    answer = await world.post(path_of(task), {"x": {"WorkProduct": there["_ref"]}})
    assert answer.object["Project"]["_refObjectName"] == "Wheels"
    for item in (task, post):
        assert (await world.get(path_of(item), "editor")).errors == ["Cannot find object to read"]


async def test_a_post_goes_to_the_project_of_its_new_artifact(world: World) -> None:
    here, there = [
        await world.make("Defect", Name=name, Project=ref(world, "project", name)) for name in ("engines", "wheels")
    ]
    post = await world.make("ConversationPost", Artifact=here["_ref"], Text="p")
    await world.post(path_of(post), {"x": {"Artifact": there["_ref"]}})
    assert (await world.get(path_of(post), "editor")).errors == ["Cannot find object to read"]
    assert (await world.get(f"{path_of(there)}/Discussion")).inner["TotalResultCount"] == 1


async def test_what_hangs_on_an_item_does_not_move_where_its_author_may_not_write(world: World) -> None:
    """The viewer of `pistons` edits nothing there, also not by way of a child that he may edit elsewhere."""
    body = {"User": ref(world, "user", "viewer"), "Project": ref(world, "project", "wheels"), "Role": "Editor"}
    await world.make("ProjectPermission", **body)
    here, there = [
        await world.make("Defect", Name=name, Project=ref(world, "project", name)) for name in ("wheels", "pistons")
    ]
    post = await world.make("ConversationPost", "viewer", Artifact=here["_ref"], Text="p")
    before = await stored.dump(world.store)
    answer = await world.post(path_of(post), {"x": {"Artifact": there["_ref"]}}, "viewer")
    assert answer.errors == [f"Not authorized to update: ConversationPost {post['ObjectID']}"]
    answer = await world.post(path_of(here), {"x": {"Project": ref(world, "project", "pistons")}}, "viewer")
    assert answer.errors == [f"Not authorized to update: Defect {here['ObjectID']}"]
    assert await stored.dump(world.store) == before


async def test_an_item_stays_in_its_workspace(world: World) -> None:
    made = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    answer = await world.post(path_of(made), {"x": {"Project": ref(world, "project", "elsewhere")}})
    assert answer.errors == [
        "Could not set value for Project: Cannot connect object to value, Project value is in a different workspace. "
        f"[object workspace OID={world.ids['main']}, value workspace OID={world.ids['other']}]"
    ]
    assert await stored.dump(world.store) == before


@pytest.mark.parametrize("kind", ["HierarchicalRequirement", "TestFolder", "Project"])
async def test_nothing_is_its_own_ancestor(world: World, kind: str) -> None:
    extra = {"Workspace": ref(world, "workspace", "main")} if kind == "Project" else {}
    top = await world.make(kind, Name="a", **extra)
    middle = await world.make(kind, Name="b", Parent=top["_ref"], **extra)
    bottom = await world.make(kind, Name="c", Parent=middle["_ref"], **extra)
    before = await stored.dump(world.store)
    for below in (top, middle, bottom):
        answer = await world.post(path_of(top), {kind: {"Parent": below["_ref"]}})
        assert answer.errors == [
            "Could not set value for Parent: Cannot connect object to value, an object cannot be its own ancestor."
        ]
    if kind != "Project":
        answer = await world.post(f"{path_of(bottom)}/Children/add", {"x": [top["_ref"]]})
        assert answer.errors
    assert await stored.dump(world.store) == before


async def test_a_project_is_closed_and_opened_again(world: World) -> None:
    path = f"project/{world.ids['valves']}"
    assert (await world.post(path, {"Project": {"State": "Open"}}, "padmin")).errors
    for user in ("wsadmin", "admin"):
        assert (await world.post(path, {"Project": {"State": "Open"}}, user)).object["State"] == "Open"
        assert (await world.make("Defect", Name="x", Project="/" + path))["Project"]["_refObjectName"] == "Valves"
        assert (await world.post(path, {"Project": {"State": "Closed"}}, user)).object["State"] == "Closed"
        assert (await world.post("defect/create", {"x": {"Name": "x", "Project": "/" + path}})).errors


async def test_users_are_changed_by_administrators(world: World) -> None:
    path = f"user/{world.ids['viewer']}"
    answer = await world.post(path, {"User": {"UserName": "other@acme.test", "Disabled": True}})
    assert (answer.object["UserName"], answer.object["Disabled"]) == ("other@acme.test", True)
    assert (await world.get("user", "viewer")).status == 401
    taken = await world.post(path, {"User": {"UserName": "EDITOR@acme.test"}})
    assert taken.errors == ["Validation error: User.User Name EDITOR@acme.test is already in use"]
    last = await world.post(f"user/{world.ids['admin']}", {"User": {"Disabled": True}})
    assert last.errors
    assert (await world.post(path, {"User": {"SubscriptionAdmin": True}})).object["SubscriptionAdmin"] is False


async def test_the_answer_s_refs_are_as_the_client_reached_us(world: World) -> None:
    made = await world.make("Defect", Name="x")
    headers = {"host": "other.test:8443", "x-forwarded-proto": "https"}
    answer = await world.post(path_of(made), {"x": {"Name": "y"}}, headers=headers)
    assert answer.object["_ref"] == f"https://other.test:8443{BASE}/defect/{made['ObjectID']}"
