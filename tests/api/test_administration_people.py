"""Users, their roles and teams, over WSAPI (access.md 3, KB 47760, KB 374424)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.api.test_administration_fields import ref, refused
from tests.harness import USERS, World

LISTS = [
    *("NoAccessWorkspaces", "UserWorkspaces", "AdminWorkspaces", "NoAccessProjects", "ViewerProjects"),
    *("EditorProjects", "AdminProjects", "MembershipProjects", "NoMembershipProjects"),
]


async def permission_map(world: World, name: str) -> dict[str, set[str]]:
    """A user's map with names in the place of ObjectIDs."""
    names = {oid: found for found, oid in world.ids.items()}
    answer = await world.get(f"user/{world.ids[name]}/permissionmap")
    assert (answer.root, answer.errors, answer.warnings) == ("PermissionMap", [], [])
    return {key: {names[oid] for oid in answer.inner[key]} for key in LISTS}


async def grant(world: World, name: str, user: str = "admin", **lists: list[str]) -> Any:
    body = {key: [world.ids[each] for each in found] for key, found in lists.items()}
    return await world.post(f"user/{world.ids[name]}/permissionmap", {**{key: [] for key in LISTS}, **body}, user)


# ---------------------------------------------------------------------- users


async def test_a_user_is_created_with_little_and_logs_in_when_a_password_is_set(world: World) -> None:
    """UserName is enough; WSAPI's User has no password."""
    body = {"UserName": "new@acme.test", "FirstName": "New", "LastName": "One", "Password": "correct horse"}
    answer = await world.post("user/create", {"User": body})
    assert answer.warnings == ["Ignored JSON element User.Password during processing of this request."]
    made = answer.object
    assert (made["DisplayName"], made["EmailAddress"], made["Disabled"]) == ("New One", "new@acme.test", False)
    assert await world.rows("password", "user_oid", user_oid=made["ObjectID"]) == []
    for wrong in ({"UserName": ""}, {"UserName": None}, {"UserName": "ADMIN@acme.test"}, {"UserName": "x" * 255}):
        before = await stored.dump(world.store)
        assert len((await world.post("user/create", {"User": {**body, **wrong}})).errors) == 1
        assert await stored.dump(world.store) == before


async def test_b16_disabling_ends_what_the_user_can_do_and_enabling_brings_the_keys_back(world: World) -> None:
    """B16, design 5.8."""
    token = await world.get("security/authorize", None, headers=world.basic("editor"))
    cookie = {"cookie": token.cookies[0].split(";")[0]}
    assert (await world.get("defect", None, headers=cookie)).status == 200
    path = f"user/{world.ids['editor']}"
    assert (await world.post(path, {"User": {"Disabled": True}})).object["Disabled"] is True
    for sent in (
        {"user": "editor"},
        {"user": None, "headers": cookie},
        {"user": None, "headers": world.basic("editor")},
    ):
        assert (await world.get("defect", **sent)).status == 401
    await world.post(path, {"User": {"Disabled": False}})
    assert (await world.get("defect", "editor")).status == 200
    assert (await world.get("defect", None, headers=cookie)).status == 401


async def test_the_last_subscription_administrator_stays_one(world: World) -> None:
    path = f"user/{world.ids['admin']}"
    for address, body in ((path, {"Disabled": True}), (f"{path}/setpermissionflags", {"SubscriptionAdmin": False})):
        before = await stored.dump(world.store)
        refused(await world.post(address, {"x": body}), "last active subscription administrator")
        assert await stored.dump(world.store) == before
    other = f"user/{world.ids['wsadmin']}"
    answer = await world.post(f"{other}/setpermissionflags", {"SetPermissionFlags": {"SubscriptionAdmin": True}})
    assert (answer.root, answer.object["SubscriptionAdmin"]) == ("OperationResult", True)
    answer = await world.post(f"{path}/setpermissionflags", {"SetPermissionFlags": {"SubscriptionAdmin": False}})
    assert answer.errors == []
    assert (await world.get(path, "wsadmin")).inner["SubscriptionAdmin"] is False
    refused(
        await world.post(f"{other}/setpermissionflags", {"x": {"SubscriptionAdmin": True}}, "admin"),
        f"Not authorized to update: User {world.ids['wsadmin']}",
    )


@pytest.mark.parametrize("user", USERS)
async def test_flags_and_maps_are_for_subscription_administrators(world: World, user: str) -> None:
    target = f"user/{world.ids['nobody']}"
    attempts = [
        ("GET", f"{target}/permissionmap", None),
        ("POST", f"{target}/permissionmap", {"ViewerProjects": [world.ids["engines"]]}),
        ("POST", f"{target}/setpermissionflags", {"SetPermissionFlags": {"SubscriptionAdmin": True}}),
    ]
    for method, address, body in attempts:
        before = await stored.dump(world.store)
        answer = await world.call(method, address, body, user=user)
        assert (answer.errors == []) is (user == "admin")
        if user != "admin":
            assert await stored.dump(world.store) == before
    key = world.readers[user]
    assert (await world.post(attempts[1][1], attempts[1][2], key=key)).status == 401
    assert (await world.post(attempts[2][1], attempts[2][2], key=key)).status == 401


async def test_flags_take_a_user_and_nothing_else(world: World) -> None:
    made = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    flags = {"SetPermissionFlags": {"SubscriptionAdmin": True}}
    assert len((await world.post(f"defect/{made['ObjectID']}/setpermissionflags", flags)).errors) == 1
    assert len((await world.post("user/4711/setpermissionflags", flags)).errors) == 1
    assert (await world.get("user/4711/permissionmap")).errors == ["Cannot find object to read"]
    refused(await world.get(f"user/{world.ids['nobody']}/setpermissionflags"), "Not authorized")
    odd = {"SetPermissionFlags": {"SubscriptionAdmin": "perhaps"}}
    refused(await world.post(f"user/{world.ids['nobody']}/setpermissionflags", odd), "Could not convert")
    other = {"SetPermissionFlags": {"Wizard": True}}
    answer = await world.post(f"user/{world.ids['nobody']}/setpermissionflags", other)
    assert answer.warnings == ["Ignored JSON element SetPermissionFlags.Wizard during processing of this request."]


# ---------------------------------------------------------------------- the permission map


async def test_the_map_sorts_every_open_scope_by_what_the_user_may_do(world: World) -> None:
    assert await permission_map(world, "editor") == {
        "NoAccessWorkspaces": {"other"},
        "UserWorkspaces": {"main"},
        "AdminWorkspaces": set(),
        "NoAccessProjects": {"wheels", "elsewhere"},
        "ViewerProjects": set(),
        "EditorProjects": {"engines", "pistons"},
        "AdminProjects": set(),
        "MembershipProjects": set(),
        "NoMembershipProjects": {"engines", "pistons", "wheels", "elsewhere"},
    }


async def test_the_map_grants_moves_and_takes_roles(world: World) -> None:
    answer = await grant(
        world,
        "nobody",
        AdminWorkspaces=["other"],
        EditorProjects=["engines", "pistons"],
        ViewerProjects=["wheels"],
        MembershipProjects=["engines"],
    )
    assert (answer.root, answer.errors) == ("OperationResult", [])
    assert set(answer.object) == set(LISTS)
    found = await permission_map(world, "nobody")
    assert (found["AdminWorkspaces"], found["UserWorkspaces"]) == ({"other"}, {"main"})
    assert (found["EditorProjects"], found["ViewerProjects"]) == ({"engines", "pistons"}, {"wheels"})
    assert found["MembershipProjects"] == {"engines"}
    project = ref(world, "project", "engines")
    assert (await world.post("defect/create", {"x": {"Name": "x", "Project": project}}, "nobody")).errors == []
    assert [item["_refObjectName"] for item in (await world.get("project", "nobody")).results] != []

    answer = await grant(
        world, "nobody", AdminProjects=["wheels"], ViewerProjects=["engines"], NoAccessProjects=["pistons"]
    )
    assert answer.errors == []
    found = await permission_map(world, "nobody")
    assert (found["AdminProjects"], found["EditorProjects"], found["ViewerProjects"]) == (
        {"wheels"},
        set(),
        {"engines"},
    )
    assert found["MembershipProjects"] == set()
    assert (await grant(world, "nobody", NoAccessWorkspaces=["main", "other"])).errors == []
    assert await world.rows("userpermission", "oid", user_oid=world.ids["nobody"]) == []
    assert (await world.get("project", "nobody")).inner["TotalResultCount"] == 0


async def test_a_map_that_makes_no_sense_changes_nothing(world: World) -> None:
    before = await stored.dump(world.store)
    address = f"user/{world.ids['nobody']}/permissionmap"
    engines, main = world.ids["engines"], world.ids["main"]
    for body in (
        {"ViewerProjects": [4711]},
        {"ViewerProjects": [main]},
        {"AdminWorkspaces": [engines]},
        {"ViewerProjects": [engines], "EditorProjects": [engines]},
        {"UserWorkspaces": [main], "NoAccessWorkspaces": [main]},
        {"ViewerProjects": "all"},
        {"ViewerProjects": ["engines"]},
        {"ViewerProjects": [engines], "MembershipProjects": [engines]},
    ):
        answer = await world.post(address, body)
        assert len(answer.errors) == 1, body
        assert await stored.dump(world.store) == before
    assert (await world.post(address, {"PermissionMap": {"ViewerProjects": [f"/project/{engines}"]}})).errors == []
    assert (await permission_map(world, "nobody"))["ViewerProjects"] == {"engines"}


# ---------------------------------------------------------------------- permissions


@pytest.mark.parametrize("kind", ["project", "workspace"])
async def test_a_permission_that_is_created_again_has_the_new_role(world: World, kind: str) -> None:
    """So the public tools for user management change roles: permissions know no update."""
    scope, first, second = (
        ("engines", "Viewer", "Project Admin") if kind == "project" else ("main", "User", "Workspace Admin")
    )
    body = {"User": ref(world, "user", "stranger"), kind.title(): ref(world, kind, scope)}
    address = f"{kind}permission/create"
    made = (await world.post(address, {"x": {**body, "Role": first}})).object
    assert made["_ref"].endswith(f"/{kind}permission/{world.ids['stranger']}u{world.ids[scope]}{kind[0]}1")
    again = (await world.post(address, {"x": {**body, "Role": second}})).object
    assert (again["_ref"], again["ObjectID"], again["Role"]) == (made["_ref"], made["ObjectID"], "Admin")
    found = await world.get(f"{kind}permission", query='(User.UserName = "stranger@acme.test")', fetch="Role")
    assert "Admin" in {item["Role"] for item in found.results}
    before = await stored.dump(world.store)
    for user in ("editor", "viewer", "nobody"):
        assert (await world.post(address, {"x": {**body, "Role": first}}, user)).errors != []
    refused(await world.post(address, {"x": {**body, "Role": "King"}}), "is invalid")
    refused(await world.post(made["_ref"].removeprefix("http://rally.test"), {"x": {"Role": first}}), "Not authorized")
    assert await stored.dump(world.store) == before


async def test_a_project_administrator_grants_within_his_project(world: World) -> None:
    body = {"User": ref(world, "user", "nobody"), "Role": "Viewer"}
    for project, allowed in (("engines", True), ("pistons", False), ("wheels", False), ("elsewhere", False)):
        held = {**body, "Project": ref(world, "project", project)}
        answer = await world.post("projectpermission/create", {"x": held}, "padmin")
        assert (answer.errors == []) is allowed
    raised = {**body, "Project": ref(world, "project", "engines"), "Role": "Editor"}
    assert (await world.post("projectpermission/create", {"x": raised}, "padmin")).object["Role"] == "Editor"


# ---------------------------------------------------------------------- teams


@pytest.mark.parametrize("user", ["admin", "wsadmin", "padmin", "editor", "viewer"])
async def test_teams_are_made_by_the_administrators_of_their_projects(world: World, user: str) -> None:
    """KB 47760, KB 111601. The team of a project that one does not administer is refused, alone or with others."""
    address = f"user/{world.ids['editor']}/TeamMemberships"
    for project, allowed in (("engines", {"admin", "wsadmin", "padmin"}), ("pistons", {"admin", "wsadmin"})):
        items = {"CollectionItems": [{"_ref": ref(world, "project", project)}]}
        for verb in ("add", "remove"):
            before = await stored.dump(world.store)
            answer = await world.post(f"{address}/{verb}", items, user)
            if user in allowed:
                assert answer.errors == []
            elif verb == "add":
                hidden = user == "padmin"
                refused(answer, "Could not read referenced object" if hidden else "Not authorized to update: User")
                assert await stored.dump(world.store) == before
    both = [{"_ref": ref(world, "project", name)} for name in ("engines", "pistons")]
    answer = await world.post(f"user/{world.ids['editor']}", {"User": {"TeamMemberships": both}}, user)
    assert (answer.errors == []) is (user in {"admin", "wsadmin"})


async def test_a_team_member_edits_in_the_project(world: World) -> None:
    """A viewer is none, and who becomes one leaves the team (KB 111601)."""
    items = {"CollectionItems": [{"_ref": ref(world, "project", "engines")}]}
    refused(await world.post(f"user/{world.ids['viewer']}/TeamMemberships/add", items), "Only an Editor")
    assert (await world.post(f"user/{world.ids['editor']}/TeamMemberships/add", items)).errors == []
    members = f"project/{world.ids['engines']}/TeamMembers"
    assert [item["_refObjectName"] for item in (await world.get(members)).results] == ["Editor"]
    body = {"User": ref(world, "user", "editor"), "Project": ref(world, "project", "engines"), "Role": "Viewer"}
    await world.post("projectpermission/create", {"x": body})
    assert (await world.get(members)).results == []
    people = {"CollectionItems": [{"_ref": ref(world, "user", "editor")}]}
    refused(await world.post(f"{members}/add", people), "Not authorized to update Project.TeamMembers")


# ---------------------------------------------------------------------- a user's own settings


async def test_a_user_sets_his_own_profile_and_nobody_else_s(world: World) -> None:
    mine, other = [
        (await world.get(f"user/{world.ids[name]}", fetch="UserProfile")).inner["UserProfile"]["_ref"]
        for name in ("editor", "viewer")
    ]
    body = {
        "DefaultWorkspace": ref(world, "workspace", "main"),
        "DefaultProject": ref(world, "project", "pistons"),
        "TimeZone": "Europe/Berlin",
        "DateFormat": "dd/MM/yyyy",
    }
    path = mine.removeprefix("http://rally.test")
    answer = await world.post(path, {"UserProfile": body}, "editor")
    assert answer.object["DefaultProject"]["_refObjectName"] == "Pistons"
    made = await world.make("Defect", "editor", Name="x")
    assert made["Project"]["_refObjectName"] == "Pistons"
    refused(await world.post(path, {"UserProfile": {"DateFormat": "odd"}}, "editor"), "is invalid")
    foreign = other.removeprefix("http://rally.test")
    assert len((await world.post(foreign, {"UserProfile": body}, "editor")).errors) == 1
    assert (await world.post(foreign, {"UserProfile": body}, "admin")).errors == []
