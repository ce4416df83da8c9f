"""Roles as a grid, by user, by project and both (access.md 3.1-3.3)."""

from __future__ import annotations

import re

import pytest

from tests.harness import USERS, World
from tests.visitor import Page, Visitor

AT = "/admin/permissions"
ROLES = ("admin", "wsadmin", "padmin", "editor", "viewer", "stranger", "nobody")


@pytest.fixture
async def visitor(world: World) -> Visitor:
    return await logged_in(world, "admin")


async def logged_in(world: World, user: str) -> Visitor:
    found = Visitor(world)
    await found.log_in(user)
    return found


def cell(world: World, user: str, scope: str) -> str:
    return f"{world.ids[user]}-{world.ids[scope]}"


async def role(world: World, user: str, scope: str) -> str:
    kind = "project_oid" if scope not in {"main", "other"} else "workspace_oid"
    found = {"concrete_type": "ProjectPermission" if kind == "project_oid" else "WorkspacePermission"}
    rows = await world.rows("userpermission", "role", user_oid=world.ids[user], **found, **{kind: world.ids[scope]})
    return rows[0][0] if rows else ""


def rows(page: Page) -> list[str]:
    return re.findall(r'<th scope="row" class="[^"]*">(?:<a [^>]*>)?([^<]+)<', page.body)


async def test_a_users_roles_are_shown_and_changed(visitor: Visitor, world: World) -> None:
    path = f"{AT}?user={world.ids['editor']}"
    page = await visitor.get(path)
    assert rows(page) == ["main", "Engines", "Pistons", "Wheels", "other", "Elsewhere"]
    assert page.value(cell(world, "editor", "engines")) == "Editor"
    assert page.value(cell(world, "editor", "wheels")) == ""
    fields = {cell(world, "editor", "wheels"): "Viewer", cell(world, "editor", "engines"): "Admin"}
    saved = await visitor.submit(page, into=cell(world, "editor", "wheels"), **fields)
    assert "Saved." in saved.text
    assert [await role(world, "editor", scope) for scope in ("wheels", "engines", "pistons")] == [
        "Viewer",
        "Admin",
        "Editor",
    ]
    wanted = {"Project": f"/project/{world.ids['wheels']}", "Name": "x"}
    assert (await world.post("defect/create", {"Defect": wanted}, "editor")).errors
    fields = {cell(world, "editor", "wheels"): "Editor"}
    await visitor.submit(saved, into=cell(world, "editor", "wheels"), **fields)
    assert not (await world.post("defect/create", {"Defect": wanted}, "editor")).errors
    fields = {cell(world, "editor", "wheels"): ""}
    await visitor.submit(await visitor.get(path), into=cell(world, "editor", "wheels"), **fields)
    assert await role(world, "editor", "wheels") == ""
    same = await visitor.submit(await visitor.get(path), into=cell(world, "editor", "wheels"))
    assert "Nothing was changed." in same.text


async def test_a_projects_roles_are_shown_and_a_search_finds_others(visitor: Visitor, world: World) -> None:
    path = f"{AT}?project={world.ids['engines']}"
    page = await visitor.get(path)
    assert [name.partition("@")[0] for name in rows(page)] == ["editor", "padmin", "viewer"]
    found = await visitor.get(f"{path}&q=nobody")
    assert rows(found) == ["nobody@acme.test"]
    name = cell(world, "nobody", "engines")
    await visitor.submit(found, into=name, **{name: "Viewer"})
    assert "nobody@acme.test" in rows(await visitor.get(path))
    assert (await world.get(f"project/{world.ids['engines']}", "nobody")).inner["Name"] == "Engines"
    name = cell(world, "viewer", "engines")
    await visitor.submit(await visitor.get(path), into=name, **{name: ""})
    assert "viewer@acme.test" not in rows(await visitor.get(path))


async def test_a_role_also_holds_for_open_projects_below(visitor: Visitor, world: World) -> None:
    """What is chosen for a project itself goes before what is chosen for one above it; closed ones stay as they are."""
    path = f"{AT}?user={world.ids['nobody']}"
    engines, pistons = cell(world, "nobody", "engines"), cell(world, "nobody", "pistons")
    await visitor.submit(await visitor.get(path), into=engines, **{engines: "Viewer", "below": "on"})
    assert [await role(world, "nobody", scope) for scope in ("engines", "pistons", "valves", "wheels")] == [
        *("Viewer", "Viewer", "", "")
    ]
    await visitor.submit(await visitor.get(path), into=engines, **{engines: "Editor", pistons: "Admin", "below": "on"})
    assert [await role(world, "nobody", scope) for scope in ("engines", "pistons")] == ["Editor", "Admin"]
    await visitor.submit(await visitor.get(path), into=engines, **{engines: "Viewer"})
    assert [await role(world, "nobody", scope) for scope in ("engines", "pistons")] == ["Viewer", "Admin"]


async def test_the_grid_changes_many_at_once_or_none(visitor: Visitor, world: World) -> None:
    page = await visitor.get(f"{AT}?workspace={world.ids['main']}")
    assert {name.partition("@")[0] for name in rows(page)} == set(USERS)
    one, two = cell(world, "nobody", "engines"), cell(world, "stranger", "wheels")
    await visitor.submit(page, into=one, **{one: "Viewer", two: "Editor"})
    assert (await role(world, "nobody", "engines"), await role(world, "stranger", "wheels")) == ("Viewer", "Editor")
    last, other = cell(world, "nobody", "engines"), cell(world, "viewer", "engines")
    page = await visitor.get(f"{AT}?workspace={world.ids['main']}")
    refused = await visitor.submit(page, into=one, **{last: "", other: "Editor"})
    assert refused.status == 422
    assert "must keep a permission" in refused.beside(last)
    assert (refused.value(last), refused.value(other)) == ("", "Editor")
    assert (await role(world, "nobody", "engines"), await role(world, "viewer", "engines")) == ("Viewer", "Viewer")


async def test_projects_and_users_come_in_pages(visitor: Visitor, world: World) -> None:
    for number in range(8):
        await world.make("Project", Name=f"p{number}", Workspace=f"/workspace/{world.ids['other']}")
    for number in range(30):
        await world.make("User", UserName=f"u{number:02}@acme.test")
    page = await visitor.get(f"{AT}?workspace={world.ids['other']}")
    assert "Projects 1 to 6 of 9" in page.text
    assert len(rows(page)) == 25
    further = re.search(r'href="([^"]+)">Further projects', page.body)[1].replace("&amp;", "&")
    assert "Projects 7 to 9 of 9" in (await visitor.get(further)).text
    older = re.search(r'rel="next" href="([^"]+)"', page.body)[1].replace("&amp;", "&")
    second = await visitor.get(older)
    assert not set(rows(page)) & set(rows(second))
    assert rows(await visitor.get(f"{AT}?workspace={world.ids['other']}&q=u29&p=P3")) == ["u29@acme.test"]
    for odd in ("columns=999", "columns=x", "workspace=1", "workspace=x", "page=99"):
        assert (await visitor.get(f"{AT}?{odd}")).status == 200
    for odd in ("user=1", "user=x", "project=1", f"project={world.ids['main']}", f"user={'9' * 30}"):
        assert (await visitor.get(f"{AT}?{odd}")).status == 404


async def test_what_somebody_else_changed_meanwhile_is_not_undone(visitor: Visitor, world: World) -> None:
    path = f"{AT}?project={world.ids['engines']}"
    name, other = cell(world, "viewer", "engines"), cell(world, "editor", "engines")
    mine = await visitor.get(path)
    theirs = await logged_in(world, "wsadmin")
    await theirs.submit(await theirs.get(path), into=name, **{name: "Admin"})
    untouched = await visitor.submit(mine, into=name, **{other: "Viewer"})
    assert "Saved." in untouched.text
    assert await role(world, "viewer", "engines") == "Admin"
    refused = await visitor.submit(mine, into=name, **{name: "Editor", other: "Editor"})
    assert refused.status == 422
    assert refused.beside(name) == "Somebody else changed it meanwhile. Now: Project Admin."
    assert refused.value(name) == "Editor"
    assert await role(world, "viewer", "engines") == "Admin"
    assert "Saved." in (await visitor.submit(refused, into=name)).text
    assert await role(world, "viewer", "engines") == "Editor"


async def test_who_may_give_which_role(world: World) -> None:
    """access.md 3.3. A cell that is not one's own to fill is shown only, and a forged field changes nothing."""
    admin = await logged_in(world, "admin")
    scopes = {"engines": 1, "wheels": 2, "elsewhere": 3, "main": 2, "other": 3}
    for user in ROLES:
        visitor = await logged_in(world, user)
        token = (await visitor.get("/settings/access")).value("token")
        rank = {"admin": 3, "wsadmin": 2, "padmin": 1}.get(user, 0)
        page = await visitor.get(f"{AT}?user={world.ids['nobody']}")
        assert page.status == (200 if rank else 403)
        for scope, needed in scopes.items():
            name = cell(world, "nobody", scope)
            assert (f'name="{name}"' in page.body) is (rank >= needed), (user, scope)
            given = "User" if scope in {"main", "other"} else "Viewer"
            before = await role(world, "nobody", scope)
            sent = {"token": token, name: given, f"was-{name}": before}
            answer = await visitor.post(f"{AT}?user={world.ids['nobody']}", sent)
            assert (answer.status == 200) is (rank >= needed), (user, scope, answer.text)
            assert (await role(world, "nobody", scope) == given) is (rank >= needed), (user, scope)
            for held in ("engines", "wheels", "elsewhere", "main", "other"):
                name = cell(world, "nobody", held)
                form = await admin.get(f"{AT}?user={world.ids['nobody']}")
                if form.value(name):
                    parent = {"engines": "main", "wheels": "main", "elsewhere": "other"}.get(held, held)
                    parent = cell(world, "nobody", parent)
                    await admin.submit(form, into=parent, **{parent: ""})
            assert await role(world, "nobody", scope) == ""


@pytest.mark.parametrize("bad", ["Owner", "Project Admin", "x" * 500, "User"])
async def test_a_role_that_is_none_changes_nothing(visitor: Visitor, world: World, bad: str) -> None:
    name = cell(world, "viewer", "engines")
    page = await visitor.get(f"{AT}?project={world.ids['engines']}")
    answer = await visitor.submit(page, into=name, **{name: bad})
    assert answer.status in {200, 422}
    assert await role(world, "viewer", "engines") == "Viewer"
    assert "Saved." in (await visitor.submit(page, into=name, **{name: "Editor"})).text


async def test_who_is_demoted_meanwhile_gives_nothing(visitor: Visitor, world: World) -> None:
    name = cell(world, "viewer", "engines")
    padmin = await logged_in(world, "padmin")
    page = await padmin.get(f"{AT}?project={world.ids['engines']}")
    own = cell(world, "padmin", "engines")
    await visitor.submit(await visitor.get(f"{AT}?user={world.ids['padmin']}"), into=own, **{own: "Viewer"})
    assert (await padmin.submit(page, into=name, **{name: "Editor"})).status == 403
    assert await role(world, "viewer", "engines") == "Viewer"
