"""Workspaces, projects and the subscription are administered over WSAPI (access.md 3.3, object-model.md 9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.api.test_administration_fields import in_schema, ref, refused, version
from tests.harness import USERS, World

# ---------------------------------------------------------------------- workspaces


async def test_a_new_workspace_is_ready_to_work_in(world: World) -> None:
    made = await world.make("workspace", Name="third", Style="HTML", Notes="<b>ours</b>")
    assert (made["State"], made["Notes"]) == ("Open", "<b>ours</b>")
    inside = {"workspace": made["_ref"]}
    (configuration,) = (await world.get("workspaceconfiguration", fetch="true", **inside)).results
    assert made["WorkspaceConfiguration"]["_ref"] == configuration["_ref"]
    assert (configuration["TimeZone"], configuration["DefectPrefix"]) == ("America/Denver", "DE")
    assert (await world.get("schedulestate", **inside)).inner["TotalResultCount"] == 6
    assert (await world.get("preliminaryestimate", **inside)).inner["TotalResultCount"] == 5
    assert (await world.get("state", **inside)).inner["TotalResultCount"] == 12
    assert made["SchemaVersion"] not in {await version(world), await version(world, "other")}
    project = await world.make("project", Name="p", Workspace=made["_ref"])
    assert (await world.get(f"project/{project['ObjectID']}/Workspace")).errors == ["Cannot find object to read"]
    assert [item["_ref"] for item in (await world.get("project", **inside)).results] == [project["_ref"]]
    before = await stored.dump(world.store)
    for wrong in ({"Name": ""}, {"Name": "x" * 257}, {"State": "Ajar"}):
        answer = await world.post("workspace/create", {"Workspace": {"Name": "x", "Style": "HTML", **wrong}})
        assert len(answer.errors) == 1
        assert await stored.dump(world.store) == before


async def test_a_closed_workspace_keeps_its_things_from_sight_and_takes_no_new_ones(world: World) -> None:
    main = ref(world, "workspace", "main")
    project = ref(world, "project", "engines")
    made = await world.make("defect", Name="x", Project=project)
    wanted = [
        ("defect/create", {"Name": "x", "Project": project}),
        ("tag/create", {"Name": "t", "Workspace": main}),
        ("project/create", {"Name": "p", "Workspace": main}),
        ("allowedattributevalue/create", {"AttributeDefinition": "/attributedefinition/-10391", "StringValue": "v"}),
    ]
    await world.post(f"workspace/{world.ids['main']}", {"Workspace": {"State": "Closed"}})
    assert (await world.get(f"defect/{made['ObjectID']}")).errors == ["Cannot find object to read"]
    assert (await world.get("defect", workspace=main)).inner["TotalResultCount"] == 0
    for address, body in wanted:
        before = await stored.dump(world.store)
        assert len((await world.post(address, {"x": body}, workspace=main)).errors) == 1, address
        assert await stored.dump(world.store) == before
    found = await world.get(f"subscription/{world.ids['subscription']}/Workspaces", query="(State = Open)")
    assert [item["_refObjectName"] for item in found.results] == ["other"]
    answer = await world.post(f"workspace/{world.ids['main']}", {"Workspace": {"State": "Open"}}, "wsadmin")
    assert answer.object["State"] == "Open"
    assert (await world.get(f"defect/{made['ObjectID']}")).inner["Name"] == "x"
    for address, body in wanted:
        assert (await world.post(address, {"x": body}, workspace=main)).errors == [], address


async def test_settings_of_a_workspace(world: World) -> None:
    (held,) = (await world.get("workspaceconfiguration", workspace=ref(world, "workspace", "main"))).results
    path = held["_ref"].removeprefix("http://rally.test")
    body = {
        "TimeZone": "Asia/Tokyo",
        "WorkDays": "friday, Monday",
        "TaskUnitName": "Days",
        "DateFormat": "dd/MM/yyyy",
        "AutoUnblockPortfolioItem": True,
        "IterationLabelSingular": "Sprint",
    }
    answer = await world.post(path, {"WorkspaceConfiguration": body})
    assert {name: answer.object[name] for name in body} == {**body, "WorkDays": "Monday,Friday"}
    made = await world.make(
        "iteration",
        Name="i",
        Project=ref(world, "project", "engines"),
        StartDate="2026-02-01",
        EndDate="2026-02-14",
        State="Planning",
    )
    assert (made["StartDate"], made["EndDate"]) == ("2026-01-31T15:00:00.000Z", "2026-02-14T14:59:59.000Z")
    before = await stored.dump(world.store)
    for wrong in (
        {"TimeZone": "Mars/Olympus"},
        {"TimeZone": "../etc/passwd"},
        {"TimeZone": ""},
        {"WorkDays": "Caturday"},
        {"WorkDays": ","},
        {"DateFormat": "ddMM"},
        {"TaskUnitName": ""},
        {"DefaultTestCaseType": "Odd"},
        {"PurgeRecycleBinAfterNumberOfDays": "soon"},
    ):
        assert len((await world.post(path, {"WorkspaceConfiguration": wrong})).errors) == 1, wrong
        assert await stored.dump(world.store) == before
    for user, allowed in (("wsadmin", True), ("padmin", False), ("editor", False)):
        answer = await world.post(path, {"WorkspaceConfiguration": {"TaskUnitName": user}}, user)
        assert (answer.errors == []) is allowed


# ---------------------------------------------------------------------- projects


async def test_a_closed_project_hides_its_items_and_takes_none(world: World) -> None:
    """The project itself stays visible to those with a role in it or above it; an administrator opens it again."""
    project = ref(world, "project", "engines")
    path = f"project/{world.ids['engines']}"
    made = await world.make("defect", Name="x", Project=project)
    wanted: list[tuple[str, Any]] = [
        ("defect/create", {"Name": "x", "Project": project}),
        ("project/create", {"Name": "p", "Parent": project, "Workspace": ref(world, "workspace", "main")}),
    ]
    assert (await world.post(path, {"Project": {"State": "Closed"}})).object["State"] == "Closed"
    for user in ("admin", "editor"):
        assert (await world.get(f"defect/{made['ObjectID']}", user)).errors == ["Cannot find object to read"]
        assert (await world.get(path, user)).inner["State"] == "Closed"
        assert (await world.post(f"defect/{made['ObjectID']}", {"Defect": {"Name": "y"}}, user)).errors != []
    for address, body in wanted:
        before = await stored.dump(world.store)
        refused(await world.post(address, {"x": body}), "the project is closed")
        assert await stored.dump(world.store) == before
    for user, allowed in (("editor", False), ("padmin", False), ("wsadmin", True)):
        answer = await world.post(path, {"Project": {"State": "Open"}}, user)
        assert (answer.errors == []) is allowed
    assert (await world.get(f"defect/{made['ObjectID']}")).inner["Name"] == "x"
    for address, body in wanted:
        assert (await world.post(address, {"x": body})).errors == []


async def test_a_project_moves_within_its_workspace(world: World) -> None:
    path = f"project/{world.ids['pistons']}"
    answer = await world.post(path, {"Project": {"Parent": ref(world, "project", "wheels")}})
    assert answer.object["Parent"]["_refObjectName"] == "Wheels"
    defect = await world.make("defect", Name="x", Project=ref(world, "project", "pistons"))
    below = {"project": ref(world, "project", "wheels"), "projectScopeDown": "true"}
    assert [item["_ref"] for item in (await world.get("defect", **below)).results] == [defect["_ref"]]
    for parent in ("elsewhere", "pistons", "valves"):
        before = await stored.dump(world.store)
        answer = await world.post(path, {"Project": {"Parent": ref(world, "project", parent)}})
        assert len(answer.errors) == 1, parent
        assert await stored.dump(world.store) == before
    assert (await world.post(path, {"Project": {"Parent": None, "Owner": ref(world, "user", "editor")}})).errors == []
    assert (await world.get(path)).inner["Owner"]["_refObjectName"] == "Editor"


async def furnish(world: World) -> None:
    """Give Engines milestones, timeboxes that are over, under way and to come, and people."""
    project = ref(world, "project", "engines")
    for name in ("ga", "beta"):
        await world.make("milestone", Name=name, Projects=[{"_ref": project}])
    for name, start, end in (
        ("past", "2025-12-01", "2025-12-14"),
        ("now", "2026-01-01", "2026-01-14"),
        ("next", "2026-01-15", "2026-01-28"),
    ):
        dates = {"StartDate": start, "EndDate": end, "State": "Committed"}
        await world.make("iteration", Name=name, Project=project, PlannedVelocity=5, Theme="<b>t</b>", **dates)
        dates = {"ReleaseStartDate": start, "ReleaseDate": end, "State": "Active"}
        await world.make("release", Name=name, Project=project, **dates)


@pytest.mark.parametrize(
    "flags", [{}, {"copyMilestones": "true", "copyTimeboxes": "true", "copyUserPermissions": "true"}]
)
async def test_a_new_project_takes_over_what_its_creator_says(world: World, flags: dict[str, str]) -> None:
    """KB 267108: milestones, current and future timeboxes, and the roles of the parent's people."""
    await furnish(world)
    body = {"Name": "new", "Parent": ref(world, "project", "engines")}
    answer = await world.post("project/create", {"Project": body}, **flags)
    assert answer.warnings == []
    made = answer.object
    inside = {"project": made["_ref"], "projectScopeDown": "false"}
    wanted = bool(flags)

    async def names(address: str, **params: str) -> list[str]:
        return sorted(item["_refObjectName"] for item in (await world.get(address, **params)).results)

    assert await names(f"project/{made['ObjectID']}/Milestones") == (["beta", "ga"] if wanted else [])
    for kind in ("iteration", "release"):
        assert await names(kind, **inside) == (["next", "now"] if wanted else [])
    query = f"(Project = {made['_ref']})"
    roles = (await world.get("projectpermission", query=query, fetch="User,Role", pagesize=200)).results
    shown = {item["User"]["_refObjectName"]: item["Role"] for item in roles}
    assert shown == ({"Padmin": "Admin", "Editor": "Editor", "Viewer": "Viewer"} if wanted else {})
    if wanted:
        (copied,) = (await world.get("iteration", query="(Name = now)", fetch="true", **inside)).results
        assert (copied["PlannedVelocity"], copied["Theme"], copied["State"]) == (5.0, "<b>t</b>", "Committed")
        assert copied["EndDate"] == "2026-01-15T06:59:59.000Z"
        assert (await world.get(f"project/{made['ObjectID']}", "viewer")).inner["Name"] == "new"
    assert (await names("iteration", project=ref(world, "project", "engines"), projectScopeDown="false")) == [
        "next",
        "now",
        "past",
    ]


async def test_what_cannot_be_copied_is_said(world: World) -> None:
    body = {"Name": "new", "Workspace": ref(world, "workspace", "main")}
    answer = await world.post("project/create", {"Project": body}, copyTimeboxes="true")
    assert answer.warnings == ["There is nothing to copy: the project has no parent."]
    below = {"Name": "new", "Parent": ref(world, "project", "engines")}
    answer = await world.post("project/create", {"Project": below}, copySharedPages="true")
    assert answer.warnings == ["Ignored copySharedPages: there are no shared pages."]
    await furnish(world)
    before = await stored.dump(world.store)
    answer = await world.post("project/create", {"Project": below}, "editor", copyTimeboxes="true")
    assert answer.errors == ["Not authorized to create Project"]
    assert await stored.dump(world.store) == before


async def test_who_creates_a_project_below_his_own_administers_it(world: World) -> None:
    subscription = f"subscription/{world.ids['subscription']}"
    await world.post(subscription, {"Subscription": {"ProjectAdminsCanCreateProjects": True}})
    body = {"Name": "new", "Parent": ref(world, "project", "engines")}
    made = (await world.post("project/create", {"Project": body}, "padmin")).object
    assert (await world.get(f"project/{made['ObjectID']}", "padmin")).inner["Name"] == "new"
    answer = await world.post("defect/create", {"Defect": {"Name": "x", "Project": made["_ref"]}}, "padmin")
    assert answer.errors == []


# ---------------------------------------------------------------------- the subscription


@pytest.mark.parametrize("user", USERS)
async def test_the_subscription_is_its_administrators(world: World, user: str) -> None:
    """B4: one flag for all keys, and its like."""
    path = f"subscription/{world.ids['subscription']}"
    for name, wanted in (
        ("JSONPEnabled", True),
        ("CORSAllowedDomains", "https://apps.example.test"),
        ("WorkspaceAdminsCanCreateUsers", True),
        ("SessionTimeoutSeconds", 3600),
        ("EmailEnabled", True),
        ("ApiKeysEnabled", False),
    ):
        before = await stored.dump(world.store)
        answer = await world.post(path, {"Subscription": {name: wanted}}, user)
        if user == "admin":
            assert answer.object[name] == wanted
        else:
            refused(answer, f"Not authorized to update: Subscription {world.ids['subscription']}")
            assert await stored.dump(world.store) == before
    assert (await world.get(path, user)).status == (401 if user == "admin" else 200)


async def test_what_a_subscription_does_not_take(world: World) -> None:
    path = f"subscription/{world.ids['subscription']}"
    before = await stored.dump(world.store)
    for wrong in (
        {"AuthenticationPolicy": "Anything"},
        {"SessionTimeoutSeconds": 7},
        {"NumberofPasswordRules": 9},
        {"JSONPEnabled": "perhaps"},
        {"PasswordMinimumLength": None},
    ):
        assert len((await world.post(path, {"Subscription": wrong})).errors) == 1, wrong
        assert await stored.dump(world.store) == before
    for read_only in ("Name", "SubscriptionType", "PaidSeats"):
        assert (await world.post(path, {"Subscription": {read_only: "x"}})).errors == []
        assert await stored.dump(world.store) == before
    assert "None" not in await in_schema(world, "Subscription", "AuthenticationPolicy")
