"""Workspaces and projects in the browser (access.md 3.3; KB 267108)."""

from __future__ import annotations

import re

import pytest

from tests.harness import World
from tests.signing_on import settings
from tests.visitor import Page, Visitor

AT, PROJECTS = "/admin/workspaces", "/admin/projects"
ROLES = ("admin", "wsadmin", "padmin", "editor", "viewer", "stranger", "nobody")


@pytest.fixture
async def visitor(world: World) -> Visitor:
    return await logged_in(world, "admin")


async def logged_in(world: World, user: str) -> Visitor:
    found = Visitor(world)
    await found.log_in(user)
    return found


def listed(page: Page) -> list[str]:
    """Names of the rows, each with its depth."""
    found = re.findall(r'<th scope="row"(?: class="depth-(\d)")?><a href="[^"]+">([^<]+)</a>', page.body)
    return [f"{depth or ''}{name}" for depth, name in found]


async def test_the_tree_shows_what_the_visitor_sees(world: World) -> None:
    main = f"{AT}/{world.ids['main']}"
    expected = {
        "admin": ["0Engines", "1Pistons", "1Valves", "0Wheels"],
        "wsadmin": ["0Engines", "1Pistons", "1Valves", "0Wheels"],
        "padmin": ["0Engines"],
    }
    for user in ROLES:
        visitor = await logged_in(world, user)
        page = await visitor.get(f"{main}?state=all")
        assert page.status == (200 if user in expected else 403)
        assert listed(page) == expected.get(user, []), user
        other = await visitor.get(f"{AT}/{world.ids['other']}")
        assert other.status == (200 if user == "admin" else 404 if user in expected else 403)
    visitor = await logged_in(world, "admin")
    assert listed(await visitor.get(AT)) == ["main", "other"]
    assert listed(await visitor.get(main)) == ["0Engines", "1Pistons", "0Wheels"]
    assert listed(await visitor.get(f"{main}?state=closed")) == ["1Valves"]
    assert listed(await visitor.get(f"{main}?q=PIST")) == ["1Pistons"]
    assert "No project is like that" in (await visitor.get(f"{main}?q=%25")).text


async def test_hundreds_of_projects_come_in_pages(visitor: Visitor, world: World) -> None:
    for number in range(230):
        await world.make("Project", Name=f"p{number:03}", Workspace=f"/workspace/{world.ids['other']}")
    seen: list[str] = []
    path = f"{AT}/{world.ids['other']}"
    while path:
        page = await visitor.get(path)
        seen += listed(page)
        link = re.search(r'rel="next" href="([^"]+)"', page.body)
        path = link[1].replace("&amp;", "&") if link else ""
    assert seen == ["0Elsewhere", *(f"0p{number:03}" for number in range(230))]


async def test_a_project_is_created_with_what_its_parent_has(visitor: Visitor, world: World) -> None:
    form = await visitor.get(f"{AT}/{world.ids['main']}/create?parent={world.ids['engines']}")
    assert form.value("Parent") == str(world.ids["engines"])
    dates = {"StartDate": "2026-01-01T00:00:00.000Z", "EndDate": "2026-02-01T00:00:00.000Z", "State": "Planning"}
    await world.make("Iteration", Name="Sprint 1", Project=f"/project/{world.ids['engines']}", **dates)
    page = await visitor.submit(form, Name="Turbo", copyUserPermissions="on", copyTimeboxes="on")
    assert "Created." in page.text
    oid = int(page.path.partition("?")[0].rpartition("/")[2])
    made = (await world.get(f"project/{oid}")).inner
    assert (made["Name"], made["Parent"]["_refObjectName"], made["State"]) == ("Turbo", "Engines", "Open")
    assert (await world.get("iteration", query=f"(Project.ObjectID = {oid})")).inner["TotalResultCount"] == 1
    roles = await world.rows("userpermission", "role", project_oid=oid, user_oid=world.ids["editor"])
    assert roles == [("Editor",)]
    again = await visitor.submit(form, Name="Turbo", copyUserPermissions="on", copyTimeboxes="on")
    assert again.path == page.path


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"Name": ""}, "Name", "Name is needed"),
        ({"Name": "x" * 129}, "Name", "more than 128"),
        ({"Name": "ok", "Description": "d" * 40_000}, "Description", "more than"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    visitor: Visitor, world: World, fields: dict[str, str], field: str, said: str
) -> None:
    for path in (
        f"{AT}/{world.ids['main']}/create",
        f"{PROJECTS}/{world.ids['wheels']}/edit",
        f"{AT}/create",
        f"{AT}/{world.ids['main']}/edit",
    ):
        before = await world.rows("scope", "oid", "name", "versionid")
        sent = {
            **fields,
            "Name": fields["Name"] * 2 if "workspaces" in path and len(fields["Name"]) > 9 else fields["Name"],
        }
        if path.endswith("main/create"):
            sent = fields
        page = await visitor.submit(await visitor.get(path), **sent)
        assert page.status == 422, path
        assert said.replace("128", "256" if "256 characters" in page.body else "128") in page.beside(field), path
        assert page.value(field) == sent[field]
        assert await world.rows("scope", "oid", "name", "versionid") == before


async def test_a_project_is_renamed_moved_closed_and_opened_again(visitor: Visitor, world: World) -> None:
    path = f"{PROJECTS}/{world.ids['pistons']}"
    page = await visitor.submit(await visitor.get(f"{path}/edit"), Name="Cylinders", Parent=str(world.ids["wheels"]))
    assert "Saved." in page.text
    main = f"{AT}/{world.ids['main']}"
    assert listed(await visitor.get(main)) == ["0Engines", "0Wheels", "1Cylinders"]
    await visitor.submit(await visitor.get(f"{path}/edit"), Parent="")
    assert listed(await visitor.get(main)) == ["0Cylinders", "0Engines", "0Wheels"]
    assert "Closed." in (await visitor.submit(await visitor.get(path), do="close")).text
    assert listed(await visitor.get(main)) == ["0Engines", "0Wheels"]
    assert "Opened again." in (await visitor.submit(await visitor.get(path), do="open")).text
    assert listed(await visitor.get(main)) == ["0Cylinders", "0Engines", "0Wheels"]


async def test_a_project_does_not_move_below_itself(visitor: Visitor, world: World) -> None:
    path = f"{PROJECTS}/{world.ids['engines']}/edit"
    form = await visitor.get(path)
    options = re.findall(r'<option value="(\d+)"', form.body)
    assert str(world.ids["wheels"]) in options
    assert str(world.ids["pistons"]) not in options
    refused = await visitor.submit(form, Parent=str(world.ids["pistons"]))
    assert refused.status == 422
    assert listed(await visitor.get(f"{AT}/{world.ids['main']}")) == ["0Engines", "1Pistons", "0Wheels"]
    assert (await visitor.submit(form, Parent=str(world.ids["elsewhere"]))).status == 404
    assert (await visitor.submit(form, Parent="x")).status == 404


async def test_two_administrators_do_not_undo_each_other(visitor: Visitor, world: World) -> None:
    for path in (f"{PROJECTS}/{world.ids['wheels']}/edit", f"{AT}/{world.ids['other']}/edit"):
        mine = await visitor.get(path)
        other = await logged_in(world, "admin")
        await other.submit(await other.get(path), Name="Theirs")
        refused = await visitor.submit(mine, Name="Mine")
        assert (refused.status, refused.value("Name")) == (422, "Mine")
        assert "Somebody else changed it" in refused.text
        assert (await visitor.submit(refused)).status == 200


async def test_workspaces_are_created_changed_closed_and_opened(visitor: Visitor, world: World) -> None:
    form = await visitor.get(f"{AT}/create")
    page = await visitor.submit(form, Name="Third", Description="for tests")
    assert "Created." in page.text
    assert (await visitor.submit(form, Name="Third")).path == page.path
    assert listed(await visitor.get(AT)) == ["main", "other", "Third"]
    edit = f"{page.path.partition('?')[0]}/edit"
    await visitor.submit(await visitor.get(edit), Name="Fourth", Open=None)
    assert listed(await visitor.get(AT)) == ["main", "other", "Fourth"]
    assert "is closed" in (await visitor.get(page.path)).text
    await visitor.submit(await visitor.get(edit), Open="on")
    assert "is closed" not in (await visitor.get(page.path)).text


@pytest.mark.parametrize("delegated", [False, True])
async def test_who_may_do_what(world: World, *, delegated: bool) -> None:
    """access.md 3.3: workspaces are the subscription's, projects the workspace's; a project's administrator renames it."""
    if delegated:
        await settings(world, ProjectAdminsCanCreateProjects=True)
    admin = await logged_in(world, "admin")
    engines, main = f"{PROJECTS}/{world.ids['engines']}", f"{AT}/{world.ids['main']}"
    pages = {
        path: await admin.get(path) for path in (f"{main}/create", f"{AT}/create", f"{main}/edit", f"{engines}/edit")
    }
    for user in ROLES:
        visitor = await logged_in(world, user)
        token = (await visitor.get("/settings/access")).value("token")
        rank = {"admin": 3, "wsadmin": 2, "padmin": 1}.get(user, 0)

        async def done(path: str, visitor: Visitor = visitor, token: str = token, **fields: str | None) -> bool:
            form = pages.get(path) or await admin.get(path)
            version = (await admin.get(path)).value("version")
            fields = {"version": version, "once": f"{path} {token}", **fields}
            page = await visitor.submit(form, token=token, **fields)
            assert page.status in {200, 403, 404, 422}
            return page.status == 200

        assert await done(f"{AT}/create", Name=f"by {user}") is (rank == 3)
        assert await done(f"{main}/edit", Description=f"of {user}") is (rank >= 2), user
        assert await done(f"{main}/create", Name=f"top by {user}") is (rank >= 2)
        below = {"Name": f"below by {user}", "Parent": str(world.ids["engines"]), "once": f"below {user}"}
        assert await done(f"{main}/create", **below) is (rank >= 2 or (rank == 1 and delegated)), user
        assert await done(f"{engines}/edit", Name=f"Engines {user}") is (rank >= 1), user
        assert await done(f"{engines}/edit", Parent=str(world.ids["wheels"])) is (rank >= 2), user
        if rank >= 2:
            assert await done(f"{engines}/edit", Parent="")
        assert await done(engines, do="close") is (rank >= 2), user
        if rank >= 2:
            assert await done(engines, do="open")
    made = {row[0] for row in await world.rows("scope", "name") if " by " in row[0]}
    padmins = {"below by padmin"} if delegated else set()
    assert made == {"top by admin", "top by wsadmin", "below by admin", "below by wsadmin"} | padmins
    assert {row[0] for row in await world.rows("scope", "name")} >= {"by admin"}


async def test_what_is_not_there_is_said(visitor: Visitor, world: World) -> None:
    for path in (
        *(f"{AT}/1", f"{AT}/x", f"{AT}/{world.ids['engines']}", f"{AT}/{world.ids['engines']}/edit"),
        *(f"{PROJECTS}/1", f"{PROJECTS}/{world.ids['main']}", f"{PROJECTS}/{'9' * 30}/edit", f"{AT}/1/create"),
    ):
        assert (await visitor.get(path)).status == 404, path


async def test_names_are_shown_as_text(visitor: Visitor, world: World) -> None:
    form = await visitor.get(f"{AT}/{world.ids['main']}/create")
    page = await visitor.submit(
        form, Name="<script>alert(1)</script>", Description="<b>bold</b><script>alert(2)</script>"
    )
    for path in (page.path, f"{page.path.partition('?')[0]}/edit", f"{AT}/{world.ids['main']}", "/admin/permissions"):
        assert "<script>alert" not in (await visitor.get(path)).body
