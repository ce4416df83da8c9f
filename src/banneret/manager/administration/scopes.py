"""`/admin/workspaces` and `/admin/projects`: the tree, and creating, changing, moving, closing and opening what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.rules import Permission
from banneret.kernel.errors import NotAuthorized, NotFound
from banneret.kernel.ids import random_token
from banneret.manager.administration.paging import page_number, paging
from banneret.manager.administration.sections import ROOT, of_administrators, require, section
from banneret.manager.reveal import once
from banneret.manager.visits import Sent
from banneret.operations import scopes
from banneret.operations.inherit import Inheritance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from banneret.access.landscape import ProjectFacts
    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit

ADDRESS = f"{ROOT}/workspaces"
PROJECTS = f"{ROOT}/projects"

SIZE = 100
STATES = {"": "Open", "closed": "Closed", "all": "Open and closed"}
DONE = {"created": "Created.", "saved": "Saved.", "closed": "Closed.", "opened": "Opened again."}
COPIES = {
    "copyUserPermissions": "Users and their roles",
    "copyTimeboxes": "Iterations and releases that are under way or still to come",
    "copyMilestones": "Milestones",
}


def tree(visit: Visit, workspace: int) -> list[tuple[int, ProjectFacts]]:
    """Give the projects of a workspace that the visitor sees, each below its parent, with its depth."""
    landscape, sight = visit.context.landscape, visit.context.sight
    seen = {
        oid: project
        for oid, project in landscape.projects.items()
        if project.workspace == workspace and sight.sees_project(oid)
    }
    children: dict[int | None, list[ProjectFacts]] = {}
    for project in seen.values():
        children.setdefault(project.parent if project.parent in seen else None, []).append(project)

    def walk(parent: int | None, depth: int) -> Iterator[tuple[int, ProjectFacts]]:
        for project in sorted(children.get(parent, ()), key=lambda each: (each.name.lower(), each.oid)):
            yield depth, project
            yield from walk(project.oid, depth + 1)

    return list(walk(None, 0))


# ---------------------------------------------------------------------- workspaces


async def show_list(visit: Visit, _form: Form) -> Shown:
    """Show the workspaces that the visitor sees."""
    require(visit, of_administrators)
    landscape, sight = visit.context.landscape, visit.context.sight
    seen = [found for found in landscape.workspaces.values() if sight.sees(found.oid, None)]
    counts = {oid: [0, 0] for oid in landscape.workspaces}
    for project in landscape.projects.values():
        if sight.sees_project(project.oid):
            counts[project.workspace][not project.is_open] += 1
    values = {
        "workspaces": sorted(seen, key=lambda found: (not found.is_open, found.name.lower())),
        "counts": counts,
        "may_create": visit.identity.permissions.subscription_admin,
        "done": DONE.get(visit.query.get("done", ""), ""),
    }
    return section(visit, "admin/workspaces.html", values)


async def show_workspace(visit: Visit, _form: Form) -> Shown:
    """Show a workspace's projects as a tree, in pages."""
    require(visit, of_administrators)
    facts = await _workspace(visit)
    words, state = visit.query.get("q", "").strip().lower(), visit.query.get("state", "")
    wanted = {"": (True,), "closed": (False,)}.get(state, (True, False))
    found = [
        (depth, project)
        for depth, project in tree(visit, facts.oid)
        if project.is_open in wanted and words in project.name.lower()
    ]
    start = (page_number(visit) - 1) * SIZE
    values = {
        "workspace": facts,
        "projects": found[start : start + SIZE],
        "pages": paging(visit, ("q", "state"), SIZE, len(found)),
        "words": visit.query.get("q", ""),
        "state": state if state in STATES else "all",
        "states": STATES,
        "may": _may(visit, facts.oid),
        "may_create": _creates(visit, facts.oid),
        "done": DONE.get(visit.query.get("done", ""), ""),
    }
    return section(visit, "admin/workspace.html", values)


async def _workspace(visit: Visit) -> scopes.Facts:
    facts = await scopes.found(visit.context, visit.argument("workspace"))
    if facts.kind != "Workspace":
        raise NotFound
    return facts


def _may(visit: Visit, workspace: int, project: int | None = None) -> dict[str, bool]:
    held = scopes.permitted(visit.context, workspace, project)
    return {permission.name: permission in held for permission in Permission}


def _creates(visit: Visit, workspace: int) -> bool:
    if Permission.CREATE_PROJECT in scopes.permitted(visit.context, workspace):
        return True
    return any(_places(visit, workspace))


def _places(visit: Visit, workspace: int) -> list[tuple[int, ProjectFacts]]:
    """Give the open projects below which the visitor may create one."""
    return [
        (depth, project)
        for depth, project in tree(visit, workspace)
        if project.is_open and Permission.CREATE_PROJECT in scopes.permitted(visit.context, workspace, project.oid)
    ]


async def show_create_workspace(visit: Visit, form: Form) -> Shown:
    """Ask for a new workspace's name."""
    if not visit.identity.permissions.subscription_admin:
        raise NotAuthorized("create", "workspaces")
    return section(visit, "admin/workspace_create.html", {"once": form["once"] or random_token()})


async def create_workspace(visit: Visit, form: Form) -> Sent:
    """Make a workspace."""

    async def work() -> Sent:
        oid = await scopes.create_workspace(visit.context, _texts(form))
        return Sent(f"{ADDRESS}/{oid}?done=created")

    return await once(visit, form, work)


def _texts(form: Form) -> dict[str, Any]:
    return {"Name": form["Name"].strip(), "Description": form["Description"].strip()}


async def show_edit_workspace(visit: Visit, form: Form) -> Shown:
    """Show what can be changed of a workspace."""
    facts = await _workspace(visit)
    if Permission.ADMINISTER_WORKSPACE not in scopes.permitted(visit.context, facts.oid):
        raise NotAuthorized("update", "workspace")
    return section(visit, "admin/workspace_edit.html", {"scope": _filled(form, facts)})


def _filled(form: Form, facts: scopes.Facts) -> scopes.Facts:
    if not form.values:
        form.values = {"Name": facts.name, "Description": facts.description, "Parent": str(facts.parent or "")}
        if facts.is_open:
            form.values["Open"] = "on"
    return facts


async def edit_workspace(visit: Visit, form: Form) -> Sent:
    """Save what was changed; a closed workspace shows nothing of what is in it."""
    facts = await _workspace(visit)
    values = {**_texts(form), "State": "Open" if form.checked("Open") else "Closed"}
    await scopes.change(visit.context, facts.oid, _version(form), values)
    return Sent(f"{ADDRESS}?done=saved")


def _version(form: Form) -> int:
    text = form["version"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


# ---------------------------------------------------------------------- projects


async def show_create_project(visit: Visit, form: Form) -> Shown:
    """Ask for a new project's name, its parent, and what it takes over from that."""
    facts = await _workspace(visit)
    if not _creates(visit, facts.oid):
        raise NotAuthorized("create", "projects")
    if not form.values:
        form.values = {"Parent": visit.query.get("parent", "")}
    values = {
        "workspace": facts,
        "places": _places(visit, facts.oid),
        "at_the_top": Permission.CREATE_PROJECT in scopes.permitted(visit.context, facts.oid),
        "copies": COPIES,
        "once": form["once"] or random_token(),
    }
    return section(visit, "admin/project_create.html", values)


async def create_project(visit: Visit, form: Form) -> Sent:
    """Make a project."""
    facts = await _workspace(visit)
    values: dict[str, Any] = _texts(form)
    if form["Parent"]:
        values["Parent"] = _parent(visit, form, facts.oid)
    wanted = Inheritance(
        milestones=form.checked("copyMilestones"),
        timeboxes=form.checked("copyTimeboxes"),
        user_permissions=form.checked("copyUserPermissions"),
    )

    async def work() -> Sent:
        oid = await scopes.create_project(visit.context, facts.oid, values, wanted)
        return Sent(f"{PROJECTS}/{oid}?done=created")

    return await once(visit, form, work)


def _parent(visit: Visit, form: Form, workspace: int) -> str:
    """Read the parent that was chosen.

    Raises:
        NotFound: it is no project of the workspace that the visitor sees.

    """
    text = form["Parent"]
    oid = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    project = visit.context.landscape.projects.get(oid)
    if project is None or project.workspace != workspace or not visit.context.sight.sees_project(oid):
        raise NotFound
    return f"/project/{oid}"


async def _project(visit: Visit) -> scopes.Facts:
    facts = await scopes.found(visit.context, visit.argument("project"))
    if facts.kind != "Project":
        raise NotFound
    return facts


async def show_project(visit: Visit, _form: Form) -> Shown:
    """Show a project, where it stands, and what is directly below it."""
    require(visit, of_administrators)
    facts = await _project(visit)
    landscape, sight = visit.context.landscape, visit.context.sight
    children = [landscape.projects[oid] for oid in landscape.children.get(facts.oid, ()) if sight.sees_project(oid)]
    values = {
        "project": facts,
        "workspace": landscape.workspaces[facts.workspace],
        "above": _above(visit, facts),
        "children": sorted(children, key=lambda each: (not each.is_open, each.name.lower())),
        "open_below": len((landscape.below(facts.oid) & landscape.open_projects) - {facts.oid}),
        "may": _may(visit, facts.workspace, facts.oid),
        "done": DONE.get(visit.query.get("done", ""), ""),
    }
    return section(visit, "admin/project.html", values)


def _above(visit: Visit, facts: scopes.Facts) -> list[ProjectFacts]:
    landscape, found = visit.context.landscape, list[Any]()
    parent = facts.parent
    while parent is not None and parent in landscape.projects and len(found) < len(landscape.projects):
        found.append(landscape.projects[parent])
        parent = landscape.projects[parent].parent
    return [each for each in reversed(found) if visit.context.sight.sees_project(each.oid)]


async def change_state(visit: Visit, form: Form) -> Sent:
    """Close a project, or open it again: the button that was pressed says which."""
    facts = await _project(visit)
    if form["do"] not in {"close", "open"}:
        raise NotFound
    closing = form["do"] == "close"
    await scopes.change(visit.context, facts.oid, None, {"State": "Closed" if closing else "Open"})
    return Sent(f"{PROJECTS}/{facts.oid}?done={'closed' if closing else 'opened'}")


async def show_edit_project(visit: Visit, form: Form) -> Shown:
    """Show what can be changed of a project."""
    facts = await _project(visit)
    may = scopes.permitted(visit.context, facts.workspace, facts.oid)
    if Permission.ADMINISTER_PROJECT not in may:
        raise NotAuthorized("update", "project")
    inside = visit.context.landscape.below(facts.oid)
    places = [entry for entry in tree(visit, facts.workspace) if entry[1].is_open and entry[1].oid not in inside]
    values = {"scope": _filled(form, facts), "places": places, "moves": Permission.MOVE_PROJECT in may}
    return section(visit, "admin/project_edit.html", values)


async def edit_project(visit: Visit, form: Form) -> Sent:
    """Save what was changed; with another parent the project moves with all below it."""
    facts = await _project(visit)
    values: dict[str, Any] = _texts(form)
    if "Parent" in form.values and form["Parent"] != str(facts.parent or ""):
        values["Parent"] = _parent(visit, form, facts.workspace) if form["Parent"] else None
    await scopes.change(visit.context, facts.oid, _version(form), values)
    return Sent(f"{PROJECTS}/{facts.oid}?done=saved")
