"""Every role against every verb (access.md 3.3), on items and on users, workspaces, projects and permissions.

Expectations are written out, not computed: a table that is wrong in `access.rules` must not be right here.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests import stored
from tests.harness import USERS, Answer, World
from tests.signing_on import log_in, settings

READERS = {
    "engines": {"admin", "wsadmin", "padmin", "editor", "viewer"},
    "pistons": {"admin", "wsadmin", "editor", "viewer"},
    "wheels": {"admin", "wsadmin"},
    "elsewhere": {"admin", "stranger"},
    "valves": set(),
}
"""Who sees the items of a project; those of the closed one nobody does."""

EDITORS = {
    "engines": {"admin", "wsadmin", "padmin", "editor"},
    "pistons": {"admin", "wsadmin", "editor"},
    "wheels": {"admin", "wsadmin"},
    "elsewhere": {"admin", "stranger"},
    "valves": set(),
}


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def item(world: World, project: str, type_name: str = "Defect", **attributes: Any) -> int:
    """Make an item in a project; in the closed one while it is open."""
    if project == "valves":
        await world.post(f"project/{world.ids['valves']}", {"Project": {"State": "Open"}})
    made = await world.make(type_name, Name="x", Project=ref(world, "project", project), **attributes)
    if project == "valves":
        await world.post(f"project/{world.ids['valves']}", {"Project": {"State": "Closed"}})
    return made["ObjectID"]


def verdict(answer: Answer, *, seen: bool, may: bool, hidden: str, denied: str) -> bool:
    """Whether a write went through; where it did not, the text must be the one for what is hidden, or for what is seen."""
    assert answer.status == 200
    if may:
        assert answer.errors == []
        return True
    assert answer.errors == [denied if seen else hidden]
    assert "Object" not in answer.inner
    return False


@pytest.mark.parametrize("user", USERS)
async def test_read_and_count(world: World, user: str) -> None:
    for project, readers in READERS.items():
        oid = await item(world, project)
        answer = await world.get(f"defect/{oid}", user)
        assert answer.status == 200
        if user in readers:
            assert answer.inner["Name"] == "x"
            continue
        assert answer.document == {
            "OperationResult": {
                "_rallyAPIMajor": "2",
                "_rallyAPIMinor": "0",
                "Errors": ["Cannot find object to read"],
                "Warnings": [],
            }
        }
    for home, projects in (("main", {"engines", "pistons", "wheels", "valves"}), ("other", {"elsewhere"})):
        seen = [project for project in projects if user in READERS[project]]
        if seen:
            listed = await world.get("defect", user, workspace=ref(world, "workspace", home))
            assert listed.inner["TotalResultCount"] == len(listed.results) == len(seen)
    if not [project for project, readers in READERS.items() if user in readers]:
        assert (await world.get("defect", user)).inner["TotalResultCount"] == 0


@pytest.mark.parametrize("user", USERS)
async def test_create(world: World, user: str) -> None:
    made = 0
    for project, readers in READERS.items():
        answer = await world.post(
            "defect/create", {"Defect": {"Name": "x", "Project": ref(world, "project", project)}}, user
        )
        hidden = f"Could not read: Could not read referenced object {world.ids[project]}"
        denied = "Not authorized to create Defect"
        seen = user in readers
        if project == "valves" and user in {"admin", "wsadmin", "editor"}:
            # The Project object of a closed project stays visible to who holds a role in it or above it.
            seen, denied = (
                True,
                "Could not set value for Project: Cannot connect object to value, the project is closed.",
            )
        made += verdict(answer, seen=seen, may=user in EDITORS[project], hidden=hidden, denied=denied)
        assert len(await world.rows("artifact", "oid")) == made


@pytest.mark.parametrize("user", USERS)
async def test_update(world: World, user: str) -> None:
    for project, readers in READERS.items():
        oid = await item(world, project)
        before = await stored.dump(world.store)
        answer = await world.post(f"defect/{oid}", {"Defect": {"Name": "y"}}, user)
        done = verdict(
            answer,
            seen=user in readers,
            may=user in EDITORS[project],
            hidden=f"Could not read: Could not read Defect {oid} to update.",
            denied=f"Not authorized to update: Defect {oid}",
        )
        assert await world.rows("artifact", "name", oid=oid) == [("y" if done else "x",)]
        assert (await stored.dump(world.store) == before) is not done


@pytest.mark.parametrize("user", USERS)
async def test_delete(world: World, user: str) -> None:
    for project, readers in READERS.items():
        oid = await item(world, project)
        before = await stored.dump(world.store)
        answer = await world.delete(f"defect/{oid}", user)
        done = verdict(
            answer,
            seen=user in readers,
            may=user in EDITORS[project],
            hidden="Object to delete cannot be null",
            denied=f"Not authorized to delete: Defect {oid}",
        )
        assert len(await world.rows("artifact", "oid", oid=oid)) == (not done)
        assert (await stored.dump(world.store) == before) is not done


@pytest.mark.parametrize("user", USERS)
async def test_add_a_tag(world: World, user: str) -> None:
    tags = {
        home: (await world.make("Tag", Name="t", Workspace=ref(world, "workspace", home)))["_ref"]
        for home in ("main", "other")
    }
    for project, readers in READERS.items():
        items = [{"_ref": tags["other" if project == "elsewhere" else "main"]}]
        for suffix, body in (("/Tags/add", {"CollectionItems": items}), ("", {"Defect": {"Tags": items}})):
            oid = await item(world, project)
            answer = await world.post(f"defect/{oid}{suffix}", body, user)
            done = verdict(
                answer,
                seen=user in readers,
                may=user in EDITORS[project],
                hidden=f"Could not read: Could not read Defect {oid} to update.",
                denied=f"Not authorized to update: Defect {oid}",
            )
            assert len(await world.rows("link", "left_oid", left_oid=oid)) == done


@pytest.mark.parametrize("user", USERS)
async def test_a_move_needs_the_right_to_edit_both_projects(world: World, user: str) -> None:
    for start, end in (("engines", "pistons"), ("pistons", "engines"), ("engines", "wheels"), ("wheels", "engines")):
        oid = await item(world, start)
        answer = await world.post(f"defect/{oid}", {"Defect": {"Project": ref(world, "project", end)}}, user)
        moved = user in EDITORS[start] & EDITORS[end]
        assert (answer.errors == []) is moved
        if not moved and user in READERS[start] & READERS[end]:
            assert answer.errors == [f"Not authorized to update: Defect {oid}"]
        assert await world.rows("artifact", "project_oid", oid=oid) == [(world.ids[end if moved else start],)]


async def test_what_hangs_on_an_item_moves_only_where_its_mover_may_edit(world: World) -> None:
    """A viewer of Engines who edits Wheels cannot hang his posts, tasks or attachments on what stands in Engines."""
    await world.make(
        "ProjectPermission", User=ref(world, "user", "viewer"), Project=ref(world, "project", "wheels"), Role="Editor"
    )
    mine, theirs = await item(world, "wheels"), await item(world, "engines")
    other = await item(world, "wheels")
    content = await world.make(
        "AttachmentContent", "viewer", Content="aGVsbG8=", Workspace=ref(world, "workspace", "main")
    )
    hangers = {
        "ConversationPost": ("Artifact", {"Text": "x"}),
        "Attachment": (
            "Artifact",
            {"Name": "a.txt", "ContentType": "text/plain", "Size": 5, "Content": content["_ref"]},
        ),
        "Task": ("WorkProduct", {"Name": "x"}),
    }
    for type_name, (holder, body) in hangers.items():
        path = type_name.lower()
        denied = await world.post(f"{path}/create", {type_name: {**body, holder: f"/defect/{theirs}"}}, "viewer")
        assert denied.errors == [f"Not authorized to create {type_name}"]
        made = (await world.make(type_name, "viewer", **body, **{holder: f"/defect/{mine}"}))["ObjectID"]
        before = await stored.dump(world.store)
        answer = await world.post(f"{path}/{made}", {type_name: {holder: f"/defect/{theirs}"}}, "viewer")
        assert answer.errors != []
        assert await stored.dump(world.store) == before
        assert (await world.post(f"{path}/{made}", {type_name: {holder: f"/defect/{other}"}}, "viewer")).errors == []
    taken = await world.post(
        f"defect/{theirs}/Attachments/add", {"CollectionItems": [{"_ref": f"/attachment/{made}"}]}, "viewer"
    )
    assert taken.errors != []


# ---------------------------------------------------------------------- what a workspace shares


@pytest.mark.parametrize("user", USERS)
async def test_shared_things_are_written_by_who_edits_in_the_workspace(world: World, user: str) -> None:
    for type_name in ("Tag", "Milestone"):
        await _share(world, user, type_name)


async def _share(world: World, user: str, type_name: str) -> None:
    body = {type_name: {"Name": "x", "Workspace": ref(world, "workspace", "main")}}
    answer = await world.post(f"{type_name}/create", body, user)
    assert (answer.errors == []) is (user in {"admin", "wsadmin", "padmin", "editor"})
    kept = await world.make(type_name, Name="kept", Workspace=ref(world, "workspace", "main"))
    path = f"{type_name}/{kept['ObjectID']}"
    assert (await world.get(path, user)).inner.get("Name") == ("kept" if user in READERS["engines"] else None)
    for answer in (await world.post(path, {type_name: {"Name": "y"}}, user), await world.delete(path, user)):
        assert (answer.errors == []) is (user in {"admin", "wsadmin", "padmin", "editor"})


# ---------------------------------------------------------------------- administration


async def attempt(world: World, user: str, method: str, path: str, body: Any, *, allowed: set[str]) -> Answer:
    """Try something that only some may; who may not leaves no trace."""
    before = await stored.dump(world.store)
    answer = await world.call(method, path, body, user=user)
    assert (answer.errors == []) is (user in allowed), (user, answer.errors)
    if user not in allowed:
        assert await stored.dump(world.store) == before
    return answer


@pytest.mark.parametrize("user", USERS)
async def test_users(world: World, user: str) -> None:
    body = {"User": {"UserName": "new@acme.test", "EmailAddress": "new@acme.test"}}
    await attempt(world, user, "POST", "user/create", body, allowed={"admin"})
    target = f"user/{world.ids['nobody']}"
    for change in (
        {"DisplayName": "y"},
        {"EmailAddress": "y@acme.test"},
        {"Disabled": True},
        {"UserName": "y@acme.test"},
    ):
        if user == "nobody" and "DisplayName" in change:
            continue
        await attempt(world, user, "POST", target, {"User": change}, allowed={"admin"})
    if user != "nobody":
        await attempt(world, user, "DELETE", target, None, allowed={"admin"})


@pytest.mark.parametrize("user", [name for name in USERS if name != "admin"])
async def test_what_a_user_may_change_about_himself(world: World, user: str) -> None:
    own = f"user/{world.ids[user]}"
    for change in (
        {"EmailAddress": "y@acme.test"},
        {"UserName": "y@acme.test"},
        {"Disabled": True},
        {"DisplayName": "y", "Disabled": True},
    ):
        await attempt(world, user, "POST", own, {"User": change}, allowed=set())
    await attempt(world, user, "DELETE", own, None, allowed=set())
    teams = {"User": {"TeamMemberships": [{"_ref": ref(world, "project", "engines")}]}}
    items = {"CollectionItems": [{"_ref": ref(world, "project", "engines")}]}
    administrators = {"wsadmin", "padmin"}
    await attempt(world, user, "POST", own, teams, allowed=administrators)
    await attempt(world, user, "POST", f"{own}/TeamMemberships/add", items, allowed=administrators)
    await attempt(world, user, "POST", own, {"User": {"DisplayName": "y", "Phone": "1"}}, allowed={user})


@pytest.mark.parametrize("user", USERS)
async def test_nobody_makes_himself_an_administrator_by_an_update(world: World, user: str) -> None:
    answer = await world.post(
        f"user/{world.ids[user]}", {"User": {"SubscriptionAdmin": True, "DisplayName": "y"}}, user
    )
    assert answer.errors == []
    assert await world.rows("user", "oid", subscriptionadmin=True) == [(world.ids["admin"],)]
    body = {"User": {"UserName": "new@acme.test", "EmailAddress": "n@acme.test", "SubscriptionAdmin": True}}
    await world.post("user/create", body, user)
    assert await world.rows("user", "oid", subscriptionadmin=True) == [(world.ids["admin"],)]


@pytest.mark.parametrize("user", USERS)
async def test_workspaces(world: World, user: str) -> None:
    body = {"Workspace": {"Name": "new", "Style": "HTML", "Description": ""}}
    await attempt(world, user, "POST", "workspace/create", body, allowed={"admin"})
    own, foreign = (f"workspace/{world.ids[name]}" for name in ("main", "other"))
    await attempt(world, user, "POST", own, {"Workspace": {"Name": "y"}}, allowed={"admin", "wsadmin"})
    await attempt(world, user, "POST", foreign, {"Workspace": {"Name": "z"}}, allowed={"admin"})


@pytest.mark.parametrize("user", USERS)
async def test_projects(world: World, user: str) -> None:
    top = {"Project": {"Name": "new", "Workspace": ref(world, "workspace", "main")}}
    below = {
        "Project": {
            "Name": "new",
            "Workspace": ref(world, "workspace", "main"),
            "Parent": ref(world, "project", "engines"),
        }
    }
    foreign = {"Project": {"Name": "new", "Workspace": ref(world, "workspace", "other")}}
    above = {"admin", "wsadmin"}
    await attempt(world, user, "POST", "project/create", top, allowed=above)
    await attempt(world, user, "POST", "project/create", below, allowed=above)
    await attempt(world, user, "POST", "project/create", foreign, allowed={"admin"})
    path = f"project/{world.ids['engines']}"
    await attempt(world, user, "POST", path, {"Project": {"Description": "y"}}, allowed={*above, "padmin"})
    await attempt(
        world, user, "POST", f"project/{world.ids['pistons']}", {"Project": {"Description": "y"}}, allowed=above
    )
    await attempt(world, user, "POST", path, {"Project": {"Parent": ref(world, "project", "wheels")}}, allowed=above)
    await attempt(world, user, "POST", path, {"Project": {"State": "Closed"}}, allowed=above)


@pytest.mark.parametrize("user", USERS)
async def test_a_project_s_collections_are_its_administrators(world: World, user: str) -> None:
    milestone = await world.make("Milestone", Name="m", Workspace=ref(world, "workspace", "main"))
    items = [{"_ref": milestone["_ref"]}]
    path = f"project/{world.ids['engines']}"
    above = {"admin", "wsadmin", "padmin"}
    await attempt(world, user, "POST", f"{path}/Milestones/add", {"CollectionItems": items}, allowed=above)
    await attempt(world, user, "POST", f"{path}/Milestones/remove", {"CollectionItems": items}, allowed=above)
    await attempt(world, user, "POST", path, {"Project": {"Milestones": items}}, allowed=above)


@pytest.mark.parametrize("user", ["padmin", "editor"])
async def test_project_administrators_create_projects_below_their_own_if_the_subscription_says_so(
    world: World, user: str
) -> None:
    place = {"Name": "new", "Workspace": ref(world, "workspace", "main")}
    below = {"Project": {**place, "Parent": ref(world, "project", "engines")}}
    await attempt(world, user, "POST", "project/create", below, allowed=set())
    await settings(world, ProjectAdminsCanCreateProjects=True)
    await attempt(world, user, "POST", "project/create", {"Project": place}, allowed=set())
    await attempt(
        world,
        user,
        "POST",
        "project/create",
        {"Project": {**place, "Parent": ref(world, "project", "pistons")}},
        allowed=set(),
    )
    await attempt(world, user, "POST", "project/create", below, allowed={"padmin"})


@pytest.mark.parametrize("user", ["wsadmin", "padmin", "editor"])
async def test_workspace_administrators_create_and_disable_users_if_the_subscription_says_so(
    world: World, user: str
) -> None:
    body = {"User": {"UserName": "new@acme.test", "EmailAddress": "new@acme.test"}}
    await settings(world, WorkspaceAdminsCanCreateUsers=True)
    await attempt(world, user, "POST", "user/create", body, allowed={"wsadmin"})
    await attempt(world, user, "POST", f"user/{world.ids['viewer']}", {"User": {"Disabled": True}}, allowed={"wsadmin"})
    await attempt(world, user, "POST", f"user/{world.ids['admin']}", {"User": {"Disabled": True}}, allowed=set())
    await attempt(world, user, "DELETE", f"user/{world.ids['viewer']}", None, allowed=set())


@pytest.mark.parametrize("user", USERS)
async def test_permissions(world: World, user: str) -> None:
    for role in ("Viewer", "Project Admin"):
        body = {
            "ProjectPermission": {
                "User": ref(world, "user", "nobody"),
                "Project": ref(world, "project", "engines"),
                "Role": role,
            }
        }
        made = await attempt(
            world, user, "POST", "projectpermission/create", body, allowed={"admin", "wsadmin", "padmin"}
        )
        if made.errors == []:
            assert made.object["Role"] == role.removeprefix("Project ")
            await world.make(
                "ProjectPermission",
                User=ref(world, "user", "nobody"),
                Project=ref(world, "project", "wheels"),
                Role="Viewer",
            )
            await attempt(
                world,
                user,
                "DELETE",
                f"projectpermission/{made.object['ObjectID']}",
                None,
                allowed={"admin", "wsadmin", "padmin"},
            )
            (rest,) = await world.rows(
                "userpermission", "oid", user_oid=world.ids["nobody"], concrete_type="WorkspacePermission"
            )
            assert (await world.delete(f"workspacepermission/{rest[0]}")).errors == []
            assert await world.rows("userpermission", "oid", user_oid=world.ids["nobody"]) == []
    body = {
        "ProjectPermission": {
            "User": ref(world, "user", "nobody"),
            "Project": ref(world, "project", "pistons"),
            "Role": "Viewer",
        }
    }
    await attempt(world, user, "POST", "projectpermission/create", body, allowed={"admin", "wsadmin"})
    for workspace, allowed in (("main", {"admin", "wsadmin"}), ("other", {"admin"})):
        own = {"User": ref(world, "user", "editor"), "Workspace": ref(world, "workspace", workspace), "Role": "Admin"}
        await attempt(world, user, "POST", "workspacepermission/create", {"WorkspacePermission": own}, allowed=allowed)


@pytest.mark.parametrize("user", ["padmin", "editor", "viewer", "stranger", "nobody"])
async def test_nobody_raises_himself(world: World, user: str) -> None:
    me = ref(world, "user", user)
    for project in ("wheels", "pistons", "elsewhere", "valves"):
        body = {"ProjectPermission": {"User": me, "Project": ref(world, "project", project), "Role": "Project Admin"}}
        await attempt(world, user, "POST", "projectpermission/create", body, allowed=set())
    for workspace in ("main", "other"):
        body = {"WorkspacePermission": {"User": me, "Workspace": ref(world, "workspace", workspace), "Role": "Admin"}}
        await attempt(world, user, "POST", "workspacepermission/create", body, allowed=set())
    for kind, oid in await world.rows("userpermission", "concrete_type", "oid", user_oid=world.ids[user]):
        await attempt(world, user, "POST", f"{kind.lower()}/{oid}", {kind: {"Role": "Admin"}}, allowed=set())
    made = [{"Role": "Project Admin", "Project": ref(world, "project", "wheels")}]
    await attempt(
        world, user, "POST", f"user/{world.ids[user]}/UserPermissions/add", {"CollectionItems": made}, allowed=set()
    )
    assert (await world.get("user", user)).inner["SubscriptionPermission"] != "Subscription Admin"


async def test_a_new_role_counts_from_the_next_request_on(world: World) -> None:
    assert (await world.get("project", "nobody")).inner["TotalResultCount"] == 0
    made = await world.make(
        "ProjectPermission", User=ref(world, "user", "nobody"), Project=ref(world, "project", "wheels"), Role="Viewer"
    )
    assert [item["_refObjectName"] for item in (await world.get("project", "nobody")).results] == ["Wheels"]
    oid = await item(world, "wheels")
    assert (await world.get(f"defect/{oid}", "nobody")).inner["Name"] == "x"
    (held,) = await world.rows(
        "userpermission", "oid", user_oid=world.ids["nobody"], concrete_type="WorkspacePermission"
    )
    assert held[0] != made["ObjectID"]
    assert (await world.delete(f"workspacepermission/{held[0]}")).errors == []
    assert (await world.get(f"defect/{oid}", "nobody")).errors == ["Cannot find object to read"]


async def test_the_last_project_permission_in_a_workspace_stays(world: World) -> None:
    """access.md 3.2: a workspace user keeps a project; who is to leave the workspace leaves it as a whole."""
    user = ref(world, "user", "nobody")
    one, two = [
        await world.make("ProjectPermission", User=user, Project=ref(world, "project", name), Role="Viewer")
        for name in ("wheels", "engines")
    ]
    abroad = await world.make("ProjectPermission", User=user, Project=ref(world, "project", "elsewhere"), Role="Viewer")
    assert (await world.delete(f"projectpermission/{one['ObjectID']}")).errors == []
    for last in (two, abroad):
        before = await stored.dump(world.store)
        answer = await world.delete(f"projectpermission/{last['ObjectID']}")
        assert answer.root == "OperationResult"
        assert len(answer.errors) == 1
        assert "at least one project" in answer.errors[0]
        assert await stored.dump(world.store) == before
    held = await world.rows("userpermission", "concrete_type", "workspace_oid", user_oid=world.ids["nobody"])
    assert len(held) == 4
    (member,) = await world.rows(
        "userpermission",
        "oid",
        user_oid=world.ids["nobody"],
        workspace_oid=world.ids["main"],
        concrete_type="WorkspacePermission",
    )
    assert (await world.delete(f"workspacepermission/{member[0]}")).errors == []
    left = await world.rows("userpermission", "workspace_oid", user_oid=world.ids["nobody"])
    assert left == [(world.ids["other"],)] * 2
    assert await stored.faults(world.store) == []


@pytest.mark.parametrize("user", USERS)
async def test_the_subscription(world: World, user: str) -> None:
    path = f"subscription/{world.ids['subscription']}"
    assert (await world.get(path, user)).inner["Name"] == "Acme"
    for change in ({"IPAddressRestrictionEnabled": True}, {"SessionTimeoutSeconds": 600}, {"ApiKeysEnabled": False}):
        await attempt(world, user, "POST", path, {"Subscription": change}, allowed={"admin"})


async def test_the_last_active_administrator_can_be_neither_disabled_nor_deleted(world: World) -> None:
    """access.md 3.3: nobody could let anybody in again."""
    path = f"user/{world.ids['admin']}"
    for _ in range(2):
        before = await stored.dump(world.store)
        for answer in (await world.post(path, {"User": {"Disabled": True}}), await world.delete(path)):
            assert len(answer.errors) == 1
            assert "last active subscription administrator" in answer.errors[0]
        assert await stored.dump(world.store) == before
        # Another one who is disabled himself does not help.
        await world.server(lambda context: _second_administrator(context, world, disabled=True))
    await world.server(lambda context: _second_administrator(context, world, disabled=False))
    assert (await world.post(path, {"User": {"Disabled": True}}, "editor")).errors == []
    assert (await world.get("user", "admin")).status == 401
    assert (await world.delete(path, "editor")).errors == []
    assert await stored.faults(world.store) == []


async def _second_administrator(context: Any, world: World, *, disabled: bool) -> None:
    context.unit.writer.update("user", {"oid": world.ids["editor"]}, {"subscriptionadmin": True, "disabled": disabled})
    await context.unit.touch()


# ---------------------------------------------------------------------- personal things


async def test_preferences_are_their_users_own(world: World) -> None:
    body = {"Name": "p", "Value": "v", "User": ref(world, "user", "editor")}
    mine = await world.make("Preference", "editor", **body)
    path = f"preference/{mine['ObjectID']}"
    assert (await world.get(path, "editor")).inner["Value"] == "v"
    for user in ("wsadmin", "padmin", "viewer"):
        assert (await world.get(path, user)).errors == ["Cannot find object to read"]
        assert (await world.get("preference", user)).inner["TotalResultCount"] == 0
        for answer in (await world.post(path, {"Preference": {"Value": "w"}}, user), await world.delete(path, user)):
            assert answer.errors != []
        foreign = await world.post(
            "preference/create", {"Preference": {"Name": "q", "Value": "v", "User": body["User"]}}, user
        )
        assert foreign.errors == ["Not authorized to create Preference"]
    assert await world.rows("preference", "value") == [("v",)]
    assert (await world.post(path, {"Preference": {"Value": "w"}}, "editor")).errors == []
    assert (await world.delete(path, "editor")).errors == []


async def test_profiles_are_their_users_own(world: World) -> None:
    (row,) = await world.rows("userprofile", "oid", user_oid=world.ids["editor"])
    path = f"userprofile/{row[0]}"
    body = {
        "UserProfile": {
            "DefaultProject": ref(world, "project", "engines"),
            "DefaultWorkspace": ref(world, "workspace", "main"),
        }
    }
    assert (await world.get(path, "viewer")).errors == ["Cannot find object to read"]
    assert (await world.post(path, body, "viewer")).errors != []
    assert [found["_ref"].endswith(path) for found in (await world.get("userprofile", "editor")).results] == [True]
    assert (await world.post(path, body, "editor")).errors == []
    assert (await world.get(path, "admin")).errors == []


async def test_by_password_roles_are_the_same(world: World) -> None:
    for user in USERS:
        session = await log_in(world, user)
        body = {"Defect": {"Name": "x", "Project": ref(world, "project", "engines")}}
        answer = await session.call("POST", "defect/create", body)
        assert (answer.errors == []) is (user in EDITORS["engines"])
