"""Create on the wire (wsapi.md 6.1, 6.2): places, defaults, numbers, authors, ranks, warnings."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests import stored
from tests.harness import BASE, World


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


@pytest.mark.parametrize("method", ["PUT", "POST", "put", "post"])
async def test_put_and_post_create(world: World, method: str) -> None:
    answer = await world.call(method, "defect/create", {"Defect": {"Name": "x"}}, user="admin")
    assert answer.root == "CreateResult"
    assert answer.errors == []
    assert answer.warnings == []
    assert answer.inner["_rallyAPIMajor"] == "2"
    assert answer.object["Name"] == "x"
    assert answer.object["_type"] == "Defect"
    assert answer.object["_ref"] == f"http://rally.test{BASE}/defect/{answer.object['ObjectID']}"


@pytest.mark.parametrize("root", ["Defect", "defect", "model", "HierarchicalRequirement", "Portfolioitem/Feature", ""])
async def test_the_root_key_says_nothing(world: World, root: str) -> None:
    answer = await world.post("defect/create", {root: {"Name": "x"}})
    assert answer.object["_type"] == "Defect"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain; charset=UTF-8",
        "application/json",
        "application/x-www-form-urlencoded",
        "application/xml",
        "☃",
    ],
)
async def test_the_content_type_says_nothing(world: World, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type.encode("utf-8").decode("latin-1")}
    answer = await world.post("defect/create", {"Defect": {"Name": "x"}}, headers=headers)
    assert answer.object["Name"] == "x"


async def test_workspace_and_project_in_the_query_string(world: World) -> None:
    answer = await world.post(
        "defect/create",
        {"Defect": {"Name": "x"}},
        workspace=ref(world, "workspace", "main"),
        project=f"project/{world.ids['wheels']}",
    )
    assert answer.object["Project"]["_refObjectName"] == "Wheels"
    assert answer.object["Workspace"]["_refObjectName"] == "main"


async def test_workspace_and_project_in_the_body(world: World) -> None:
    body = {"Name": "x", "Workspace": ref(world, "workspace", "main"), "Project": ref(world, "project", "pistons")}
    answer = await world.post("defect/create", {"defect": body})
    assert answer.object["Project"]["_refObjectName"] == "Pistons"


async def test_the_body_wins_over_the_query_string(world: World) -> None:
    body = {"Name": "x", "Project": ref(world, "project", "elsewhere")}
    answer = await world.post("defect/create", {"defect": body}, project=ref(world, "project", "pistons"))
    assert answer.object["Project"]["_refObjectName"] == "Elsewhere"
    assert answer.object["Workspace"]["_refObjectName"] == "other"


async def test_without_a_place_the_user_s_default_project_counts(world: World) -> None:
    profile = (await world.get(f"user/{world.ids['editor']}", fetch="UserProfile")).inner["UserProfile"]["_ref"]
    path = profile.partition("/v2.0/")[2]
    places = {"DefaultWorkspace": ref(world, "workspace", "main"), "DefaultProject": ref(world, "project", "pistons")}
    assert (await world.post(path, {"UserProfile": places})).errors == []
    assert (await world.make("Defect", "editor", Name="x"))["Project"]["_refObjectName"] == "Pistons"


async def test_without_a_place_nor_defaults_the_first_project_that_is_seen_counts(world: World) -> None:
    assert (await world.make("Defect", "editor", Name="x"))["Project"]["_refObjectName"] == "Engines"
    assert (await world.make("Defect", "stranger", Name="x"))["Project"]["_refObjectName"] == "Elsewhere"


async def test_defaults(world: World) -> None:
    made = await world.make("Defect", Name="x")
    assert made["State"] == "Submitted"
    assert made["ScheduleState"] == "Defined"
    assert made["ScheduleStatePrefix"] == "D"
    assert [made[name] for name in ("Priority", "Severity", "Environment", "Resolution")] == ["None"] * 4
    assert made["Ready"] is False
    assert made["Blocked"] is False
    assert made["Description"] == ""
    assert made["TaskStatus"] == "NONE"
    assert made["Owner"] is None
    assert made["PlanEstimate"] is None
    assert made["VersionId"] == "1"
    assert made["_objectVersion"] == "1"
    assert made["SubmittedBy"]["_refObjectName"] == "Admin"
    assert made["Tags"]["Count"] == 0
    assert made["OpenedDate"] == "2026-01-05T09:00:00.000Z"


async def test_dates_and_author(world: World) -> None:
    world.clock.advance(timedelta(hours=1))
    made = await world.make(
        "Defect", "editor", Name="x", CreationDate="1999-01-01", CreatedBy=ref(world, "user", "admin"), ObjectID=5
    )
    assert made["CreationDate"] == made["LastUpdateDate"] == "2026-01-05T10:00:00.000Z"
    assert made["CreatedBy"]["_refObjectName"] == "Editor"
    assert made["ObjectID"] > 10**12
    assert made["_CreatedAt"] == "just now"


@pytest.mark.parametrize("nothing", [{}, {"Name": None}, {"Name": ""}, {"Name": "   "}])
async def test_a_required_attribute_must_be_given(world: World, nothing: dict[str, Any]) -> None:
    before = await stored.dump(world.store)
    answer = await world.post("defect/create", {"Defect": nothing})
    assert answer.root == "CreateResult"
    assert "Object" not in answer.inner
    assert answer.errors == ["Validation error: Defect.Name should not be null"]
    assert await stored.dump(world.store) == before


async def test_a_required_reference_must_be_given(world: World) -> None:
    answer = await world.post("task/create", {"Task": {"Name": "x"}})
    assert answer.errors == ["Validation error: Task.Work Product should not be null"]


async def test_no_body_is_an_empty_object(world: World) -> None:
    answer = await world.post("defect/create", b"")
    assert answer.errors == ["Validation error: Defect.Name should not be null"]


async def test_numbers_run_by_prefix_and_workspace(world: World) -> None:
    async def number(type_name: str, project: str) -> str:
        return str((await world.make(type_name, Name="x", Project=ref(world, "project", project)))["FormattedID"])

    assert [await number("Defect", "engines") for _ in range(3)] == ["DE1", "DE2", "DE3"]
    assert await number("HierarchicalRequirement", "pistons") == "US1"
    assert await number("Defect", "pistons") == "DE4"
    assert await number("Defect", "elsewhere") == "DE1"
    assert await number("TestCase", "engines") == "TC1"
    assert await number("DefectSuite", "engines") == "DS1"
    assert await number("TestSet", "engines") == "TS1"
    assert await number("TestFolder", "engines") == "TF1"
    assert await number("PortfolioItem/Feature", "engines") == "F1"
    assert await number("PortfolioItem/Initiative", "engines") == "I1"
    assert await number("PortfolioItem/Theme", "engines") == "T1"


async def test_a_number_is_never_used_again(world: World) -> None:
    first = await world.make("Defect", Name="x")
    await world.delete(f"defect/{first['ObjectID']}")
    await world.post("defect/create", {"Defect": {"Name": "y", "State": "Nonsense"}})
    assert (await world.make("Defect", Name="z"))["FormattedID"] == "DE2"


async def test_a_formatted_id_in_the_body_is_not_taken(world: World) -> None:
    assert (await world.make("Defect", Name="x", FormattedID="DE77"))["FormattedID"] == "DE1"


async def test_new_items_rank_below_the_others(world: World) -> None:
    for name in ("a", "b", "c"):
        world.clock.advance(timedelta(seconds=1))
        await world.make("Defect", Name=name)
    found = await world.get("defect", fetch="Name", order="DragAndDropRank")
    assert [item["Name"] for item in found.results] == ["a", "b", "c"]
    await world.make("Defect", Name="d")
    await world.make("Defect", Name="e")
    found = await world.get("defect", fetch="Name", order="Rank")
    assert [item["Name"] for item in found.results] == ["a", "b", "c", "d", "e"]


async def test_an_unknown_element_gives_a_warning(world: World) -> None:
    answer = await world.post("defect/create", {"deFECT": {"Name": "x", "c_Foo": 1, "Nane": None}})
    assert answer.object["Name"] == "x"
    assert answer.warnings == [
        "Ignored JSON element deFECT.c_Foo during processing of this request.",
        "Ignored JSON element deFECT.Nane during processing of this request.",
    ]


async def test_attribute_names_count_in_any_case(world: World) -> None:
    answer = await world.post("defect/create", {"Defect": {"nAME": "x", "schedulestate": "Completed"}})
    assert (answer.object["Name"], answer.object["ScheduleState"]) == ("x", "Completed")


async def test_what_a_client_reads_and_sends_back_gives_no_warning(world: World) -> None:
    body = {
        "Name": "x",
        "_ref": "/defect/7",
        "_type": "Defect",
        "_p": "7",
        "Errors": [],
        "Warnings": ["w"],
        "Tags": {"Count": 3},
    }
    answer = await world.post("defect/create", {"Defect": body})
    assert answer.warnings == []


async def test_the_suffix_js_is_taken_with_a_warning(world: World) -> None:
    answer = await world.post("defect/create.js", {"Defect": {"Name": "x"}})
    assert answer.warnings == ['It is no longer necessary to append ".js" to WSAPI resources.']
    assert answer.object["Name"] == "x"


async def test_fetch_says_what_the_answer_shows(world: World) -> None:
    answer = await world.post("defect/create?fetch=FormattedID&key=None&&", {"Defect": {"Name": "x"}})
    assert answer.object["FormattedID"] == "DE1"
    assert "Name" not in answer.object


async def test_newlines_in_strings_are_read(world: World) -> None:
    answer = await world.post("defect/create", b'{"Defect":{"Name":"x","Description":"a\nb\tc"}}')
    assert answer.object["Description"] == "a\nb\tc"


async def test_python_s_words_are_read(world: World) -> None:
    answer = await world.post("defect/create", b'{"Defect":{"Name":"True","Ready":True,"Blocked":False,"Owner":None}}')
    assert (answer.object["Name"], answer.object["Ready"], answer.object["Blocked"]) == ("True", True, False)


async def test_a_byte_order_mark_is_passed_over(world: World) -> None:
    answer = await world.post("defect/create", b"\xef\xbb\xbf" + json.dumps({"Defect": {"Name": "ü"}}).encode())
    assert answer.object["Name"] == "ü"


@pytest.mark.parametrize(
    "alias", ["story", "UserStory", "userstory", "hierarchicalrequirement", "HierarchicalRequirement"]
)
async def test_a_story_by_any_name(world: World, alias: str) -> None:
    assert (await world.post(f"{alias}/create", {"x": {"Name": "x"}})).object["_type"] == "HierarchicalRequirement"


@pytest.mark.parametrize("path", ["portfolioitem/feature", "PortfolioItem/Feature", "feature", "Feature"])
async def test_a_feature_by_any_name(world: World, path: str) -> None:
    made = (await world.post(f"{path}/create", {"x": {"Name": "x"}})).object
    assert made["_type"] == "PortfolioItem/Feature"
    assert "/portfolioitem/feature/" in made["_ref"]


@pytest.mark.parametrize(
    "abstract", ["artifact", "portfolioitem", "schedulableartifact", "requirement", "workspacedomainobject"]
)
async def test_an_abstract_type_is_not_created(world: World, abstract: str) -> None:
    before = await stored.dump(world.store)
    answer = await world.post(f"{abstract}/create", {"x": {"Name": "x"}})
    assert answer.root == "CreateResult"
    assert answer.errors
    assert answer.errors[0].startswith("Not authorized to create ")
    assert await stored.dump(world.store) == before


@pytest.mark.parametrize(
    "kind", ["revision", "revisionhistory", "recyclebinentry", "subscription", "userprofile", "schedulestate"]
)
async def test_what_the_server_alone_makes(world: World, kind: str) -> None:
    before = await stored.dump(world.store)
    assert (await world.post(f"{kind}/create", {"x": {"Name": "x"}})).errors
    assert await stored.dump(world.store) == before


async def test_every_create_leaves_a_whole_object(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="s", Tags=[{"Name": "one"}])
    await world.make("Task", Name="t", WorkProduct=story["_ref"])
    await world.make("ConversationPost", Artifact=story["_ref"], Text="hello")
    assert await stored.faults(world.store) == []


async def test_the_event_of_a_create(world: World) -> None:
    headers = {"X-RallyIntegrationName": "Robot", "X-RallyIntegrationVersion": "3"}
    made = (
        await world.post("defect/create", {"Defect": {"Name": "x", "PlanEstimate": 3}}, "editor", headers=headers)
    ).object
    rows = await world.rows(
        "event",
        "kind",
        "type",
        "version",
        "user_oid",
        "credential",
        "client",
        "address",
        "workspace_oid",
        "project_oid",
        "diff",
        oid=made["ObjectID"],
    )
    ((kind, type_name, version, user, credential, client, address, workspace, project, diff),) = rows
    assert (kind, type_name, version, user, client, address) == (
        "created",
        "Defect",
        1,
        world.ids["editor"],
        "Robot 3",
        "127.0.0.1",
    )
    ((key,),) = await world.rows("api_key", "oid", user_oid=world.ids["editor"], grant_name="full")
    assert credential == f"key:{key}"
    assert (workspace, project) == (world.ids["main"], world.ids["engines"])
    told = json.loads(diff)
    assert told["Name"] == [None, "x"]
    assert told["PlanEstimate"] == [None, 3.0]
    assert told["Project"] == [None, world.ids["engines"]]


async def test_the_first_revision(world: World) -> None:
    made = await world.make("Defect", "editor", Name="x")
    history = made["RevisionHistory"]["_ref"].partition("/v2.0/")[2]
    found = (await world.get(f"{history}/Revisions")).results
    assert [(item["RevisionNumber"], item["Description"], item["User"]["_refObjectName"]) for item in found] == [
        (0, "Original revision", "Editor")
    ]


# ---------------------------------------------------------------------- other types


async def test_a_task_follows_its_work_product(world: World) -> None:
    project = ref(world, "project", "pistons")
    sprint = await world.make("Iteration", Name="i", Project=project, StartDate="2026-01-01", EndDate="2026-01-14")
    story = await world.make("HierarchicalRequirement", Name="s", Project=project, Iteration=sprint["_ref"])
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"], Project=ref(world, "project", "wheels"))
    assert task["Project"]["_refObjectName"] == "Pistons"
    assert task["Iteration"]["_refObjectName"] == "i"
    assert task["State"] == "Defined"
    assert task["TaskIndex"] == 0
    assert (await world.make("Task", Name="u", WorkProduct=story["_ref"]))["TaskIndex"] == 1


async def test_conversation_posts(world: World) -> None:
    defect = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    first = await world.make(
        "ConversationPost", "editor", Artifact=defect["_ref"], Text="<b>hello</b>", User=ref(world, "user", "admin")
    )
    second = await world.make("ConversationPost", Artifact={"_ref": defect["_ref"]}, Text="there")
    assert [post["PostNumber"] for post in (first, second)] == [0, 1]
    assert [post["User"]["_refObjectName"] for post in (first, second)] == ["Editor", "Admin"]
    found = (await world.get(f"defect/{defect['ObjectID']}/Discussion")).results
    assert [post["Text"] for post in found] == ["<b>hello</b>", "there"]
    assert (await world.post("conversationpost/create", {"x": {"Text": "y"}})).errors == [
        "Validation error: ConversationPost.Artifact should not be null"
    ]


async def test_test_case_steps(world: World) -> None:
    case = await world.make("TestCase", Name="x")
    for text in ("one", "two"):
        await world.make("TestCaseStep", TestCase=case["_ref"], Input=text, ExpectedResult="ok")
    steps = (await world.get(f"testcase/{case['ObjectID']}/Steps")).results
    assert [(step["StepIndex"], step["Input"]) for step in steps] == [(0, "one"), (1, "two")]


async def test_an_attachment_is_as_large_as_its_content(world: World) -> None:
    defect = await world.make("Defect", "editor", Name="x", Project=ref(world, "project", "pistons"))
    content = await world.make("AttachmentContent", "editor", Content="aGVs\nbG8=")
    body = {
        "Artifact": defect["_ref"],
        "Content": content["_ref"],
        "Name": "a.txt",
        "ContentType": "text/plain",
        "Size": 99,
    }
    made = await world.make("Attachment", "editor", **body)
    assert made["Size"] == 5
    assert made["User"]["_refObjectName"] == "Editor"
    read = await world.get(f"attachmentcontent/{content['ObjectID']}")
    assert read.inner["Content"] == "aGVsbG8="
    found = (await world.get(f"defect/{defect['ObjectID']}/Attachments")).results
    assert [item["Name"] for item in found] == ["a.txt"]
    gone = await world.get(f"attachment/{made['ObjectID']}", "stranger")
    assert gone.errors == ["Cannot find object to read"]
    gone = await world.get(f"attachmentcontent/{content['ObjectID']}", "stranger")
    assert gone.errors == ["Cannot find object to read"]


@pytest.mark.parametrize(
    ("kind", "first", "last"), [("Iteration", "StartDate", "EndDate"), ("Release", "ReleaseStartDate", "ReleaseDate")]
)
async def test_a_timebox_ends_after_it_begins(world: World, kind: str, first: str, last: str) -> None:
    dates = {first: "2026-02-01", last: "2026-01-01"}
    before = await stored.dump(world.store)
    answer = await world.post(
        f"{kind}/create", {kind: {"Name": "x", "Project": ref(world, "project", "engines"), **dates}}
    )
    assert answer.errors
    assert await stored.dump(world.store) == before
    made = await world.make(
        kind, Name="x", Project=ref(world, "project", "engines"), **{first: "2026-01-01", last: "2026-01-31"}
    )
    assert made["State"] == "Planning"
    answer = await world.post(f"{kind}/{made['ObjectID']}", {kind: {last: "2025-12-31"}})
    assert answer.errors
    for missing in (first, last):
        rest = {name: value for name, value in {first: "2026-01-01", last: "2026-01-02"}.items() if name != missing}
        assert (await world.post(f"{kind}/create", {kind: {"Name": "x", **rest}})).errors


async def test_a_project_comes_with_flow_states(world: World) -> None:
    made = await world.make("Project", Name="New", Workspace=ref(world, "workspace", "main"))
    states = (
        await world.get(
            "flowstate", query=f"(Project = /project/{made['ObjectID']})", fetch="Name,ScheduleStateMapping"
        )
    ).results
    assert [state["Name"] for state in states] == ["Defined", "In-Progress", "Completed", "Accepted"]
    below = await world.make("Project", Name="Below", Parent=made["_ref"])
    assert below["Workspace"]["_refObjectName"] == "main"
    assert below["Parent"]["_refObjectName"] == "New"


async def test_a_workspace_comes_with_its_states(world: World) -> None:
    made = await world.make("Workspace", Name="third", Style="HTML")
    inside = {"workspace": f"/workspace/{made['ObjectID']}"}
    states = (await world.get("schedulestate", fetch="Name,Enabled", order="OrderIndex", **inside)).results
    assert [state["Name"] for state in states if state["Enabled"]] == [
        "Defined",
        "In-Progress",
        "Completed",
        "Accepted",
    ]
    assert [state["Name"] for state in (states[0], states[-1])] == ["Custom 1", "Custom 2"]
    assert len((await world.get("preliminaryestimate", fetch="Name", **inside)).results) == 5
    assert len((await world.get("workspaceconfiguration", fetch="Name", **inside)).results) == 1
    project = await world.make("Project", Name="p", Workspace=made["_ref"])
    assert (await world.make("Defect", Name="x", Project=project["_ref"]))["FormattedID"] == "DE1"


async def test_a_user_comes_with_a_profile(world: World) -> None:
    made = await world.make("User", UserName="new@acme.test", FirstName="New", LastName="One")
    assert made["DisplayName"] == "New One"
    assert made["EmailAddress"] == "new@acme.test"
    assert made["UserProfile"] is not None
    again = await world.post("user/create", {"User": {"UserName": "NEW@acme.test"}})
    assert again.errors
    assert "already in use" in again.errors[0]


async def test_users_workspaces_and_projects_are_for_administrators(world: World) -> None:
    before = await stored.dump(world.store)
    bodies = {
        "user": {"UserName": "a@acme.test"},
        "workspace": {"Name": "w", "Style": "HTML"},
        "project": {"Name": "p", "Workspace": ref(world, "workspace", "main")},
    }
    for kind, body in bodies.items():
        for user in ("editor", "viewer", "padmin", "nobody"):
            answer = await world.post(f"{kind}/create", {kind: body}, user)
            assert answer.errors, (kind, user)
    assert await stored.dump(world.store) == before
    assert (await world.post("project/create", {"project": bodies["project"]}, "wsadmin")).errors == []


async def test_a_changeset_with_its_repository(world: World) -> None:
    repository = await world.make(
        "SCMRepository", Name="r", SCMType="git", Projects={"Project": ref(world, "project", "engines")}
    )
    assert repository["Projects"]["Count"] == 1
    defect = await world.make("Defect", Name="x")
    changeset = await world.make(
        "Changeset",
        SCMRepository=repository["_ref"],
        Revision="abc",
        CommitTimestamp="2026-01-01T00:00:00Z",
        Artifacts=[defect["_ref"]],
    )
    assert changeset["Name"] == "r:abc"
    assert (await world.get(f"defect/{defect['ObjectID']}/Changesets")).inner["TotalResultCount"] == 1


async def test_permissions_are_created_once(world: World) -> None:
    body = {"User": ref(world, "user", "nobody"), "Project": ref(world, "project", "wheels"), "Role": "Editor"}
    made = await world.make("ProjectPermission", **body)
    assert made["Role"] == "Editor"
    assert made["_ref"].endswith(f"/projectpermission/{world.ids['nobody']}u{world.ids['wheels']}p1")
    again = await world.post("projectpermission/create", {"x": body})
    assert (again.object["_ref"], again.object["VersionId"]) == (made["_ref"], "1")
    assert (await world.post("projectpermission/create", {"x": {**body, "Role": "King"}})).errors
    assert (await world.make("Defect", "nobody", Name="x"))["Project"]["_refObjectName"] == "Wheels"
