"""`/admin/permissions`: roles as a grid of users and projects; of one project, of one user, or of many.

Each cell says what its role was when the form was made, so that only what was changed is done, and what somebody else changed
meanwhile is not undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import BanneretError, ConcurrencyConflict, NotFound, RelationRefused
from banneret.manager.administration.paging import page_number, paging
from banneret.manager.administration.scopes import tree
from banneret.manager.administration.sections import ROOT, of_administrators, require, section
from banneret.manager.messages import message_of
from banneret.manager.visits import Sent
from banneret.operations import roles, roster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit
    from banneret.operations.roster import Person

ADDRESS = f"{ROOT}/permissions"

SIZE = 25
COLUMNS = 6
_OPTIONS = {"": "No access", "Viewer": "Viewer", "Editor": "Editor", "Admin": "Project Admin"}
_WORKSPACE_OPTIONS = {"": "No access", "User": "User", "Admin": "Workspace Admin"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One role. `name` is its field's, `role` what it is now, `options` what it can be made; none where it is only shown."""

    name: str
    label: str
    role: str
    shown: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the grid: a user, or, of one user, a workspace or project at its depth.

    `note` says what outranks the roles in it.
    """

    label: str
    address: str
    depth: int
    cells: Sequence[Cell]
    strong: bool = False
    note: str = ""


async def show(visit: Visit, _form: Form) -> Shown:
    """Show one of the grids: `?user=`, `?project=`, or that of a workspace."""
    require(visit, of_administrators)
    if visit.query.get("user"):
        return await _of_user(visit, _number(visit.query["user"]))
    if visit.query.get("project"):
        return await _of_project(visit, _number(visit.query["project"]))
    return await _of_workspace(visit)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise NotFound
    return int(text)


def _cell(visit: Visit, user: int, user_name: str, scope: int, name: str, role: str) -> Cell:
    of_workspace = scope in visit.context.landscape.workspaces
    options = _WORKSPACE_OPTIONS if of_workspace else _OPTIONS
    editable = roles.may_assign(visit.context, scope)
    label = f"Role of {user_name} in {name}"
    return Cell(f"{user}-{scope}", label, role, options.get(role, role), options if editable else {})


async def _of_user(visit: Visit, oid: int) -> Shown:
    """Show every workspace and project that the visitor sees, and the user's role in each."""
    person = await roster.found(visit.context, oid)
    held = await roles.of_user(visit.context, oid)
    landscape, sight = visit.context.landscape, visit.context.sight
    words = visit.query.get("q", "").strip().lower()
    found: list[tuple[int, int, str]] = []
    for workspace in sorted(landscape.workspaces.values(), key=lambda each: each.name.lower()):
        if not sight.sees(workspace.oid, None) or not workspace.is_open:
            continue
        inside = [
            (depth + 1, project.oid, project.name)
            for depth, project in tree(visit, workspace.oid)
            if project.is_open and words in project.name.lower()
        ]
        found += [(0, workspace.oid, workspace.name), *inside]
    start = (page_number(visit) - 1) * SIZE * 2
    lines = []
    for depth, scope, name in found[start : start + SIZE * 2]:
        link = "" if scope in landscape.workspaces else f"{ADDRESS}?project={scope}"
        cell = _cell(visit, oid, person.user_name, scope, name, held.get(scope, ""))
        lines.append(Line(name, link, depth, [cell], strong=not depth))
    pages = paging(visit, ("user", "q"), SIZE * 2, len(found), address=ADDRESS)
    crumbs = [("Users", f"{ROOT}/users"), (person.user_name, f"{ROOT}/users/{oid}")]
    values = {
        "title": f"Permissions of {person.display_name or person.user_name}",
        "crumbs": crumbs,
        "kept": {"user": oid},
    }
    return _grid(visit, {**values, "person": person, "columns": [("", "Role")], "lines": lines, "pages": pages})


async def _of_project(visit: Visit, oid: int) -> Shown:
    """Show who has a role in a project; a search finds others, too."""
    held = await roles.of_scope(visit.context, oid)
    project = visit.context.landscape.projects.get(oid)
    if project is None:
        raise NotFound
    words = visit.query.get("q", "").strip()
    people, total = await roster.listed(
        visit.context,
        words=words,
        oids=None if words else frozenset(held),
        start=(page_number(visit) - 1) * SIZE,
        count=SIZE,
    )
    standing = await _standing(visit, project.workspace)
    lines = [
        Line(
            person.user_name,
            f"{ADDRESS}?user={person.oid}",
            0,
            [_cell(visit, person.oid, person.user_name, oid, project.name, held.get(person.oid, ""))],
            note=_above(person, standing),
        )
        for person in people
    ]
    pages = paging(visit, ("project", "q"), SIZE, total, address=ADDRESS)
    workspace = visit.context.landscape.workspaces[project.workspace]
    crumbs = [(workspace.name, f"{ROOT}/workspaces/{workspace.oid}"), (project.name, f"{ROOT}/projects/{oid}")]
    values = {"title": f"Permissions for {project.name}", "crumbs": crumbs, "kept": {"project": oid}, "person": None}
    return _grid(visit, {**values, "columns": [("", "Role")], "lines": lines, "pages": pages})


async def _of_workspace(visit: Visit) -> Shown:
    """Show users against the projects of a workspace, a page of either at a time."""
    landscape, sight = visit.context.landscape, visit.context.sight
    open_ones = [each for each in landscape.workspaces.values() if each.is_open and sight.sees(each.oid, None)]
    open_ones.sort(key=lambda each: each.name.lower())
    asked = visit.query.get("workspace", "")
    chosen = next((each for each in open_ones if str(each.oid) == asked), open_ones[0] if open_ones else None)
    if chosen is None:
        raise NotFound
    needle = visit.query.get("p", "").strip().lower()
    projects = [project for _, project in tree(visit, chosen.oid) if project.is_open and needle in project.name.lower()]
    text = visit.query.get("columns", "")
    first = min(int(text), len(projects)) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    shown = projects[first : first + COLUMNS]
    held = {project.oid: await roles.of_scope(visit.context, project.oid) for project in shown}
    words = visit.query.get("q", "")
    start = (page_number(visit) - 1) * SIZE
    people, total = await roster.listed(visit.context, words=words, state="enabled", start=start, count=SIZE)

    standing = await _standing(visit, chosen.oid)

    def line(person: Person) -> Line:
        cells = [
            _cell(visit, person.oid, person.user_name, project.oid, project.name, held[project.oid].get(person.oid, ""))
            for project in shown
        ]
        return Line(person.user_name, f"{ADDRESS}?user={person.oid}", 0, cells, note=_above(person, standing))

    pages = paging(visit, ("workspace", "p", "q", "columns"), SIZE, total, address=ADDRESS)
    values: dict[str, Any] = {
        "title": "Permissions",
        "crumbs": [],
        "kept": {},
        "person": None,
        "columns": [(f"{ADDRESS}?project={project.oid}", project.name) for project in shown],
        "lines": [line(person) for person in people],
        "pages": pages,
        "workspaces": open_ones,
        "workspace": chosen.oid,
        "fewer": pages.link(columns=str(max(0, first - COLUMNS))) if first else "",
        "further": pages.link(columns=str(first + COLUMNS)) if first + COLUMNS < len(projects) else "",
        "seen": (first + 1 if shown else 0, first + len(shown), len(projects)),
    }
    return _grid(visit, values)


async def _standing(visit: Visit, workspace: int) -> Mapping[int, str]:
    """Give what users are in a workspace, where the visitor sees it."""
    seen = visit.context.sight.sees(workspace, None)
    return await roles.of_scope(visit.context, workspace) if seen else {}


def _above(person: Person, standing: Mapping[int, str]) -> str:
    if person.subscription_admin:
        return "Subscription Admin: may do everything"
    return "Workspace Admin: may do everything here" if standing.get(person.oid) == "Admin" else ""


def _grid(visit: Visit, values: dict[str, Any]) -> Shown:
    here = {
        "words": visit.query.get("q", ""),
        "narrowed": visit.query.get("p", ""),
        "saved": visit.query.get("saved", ""),
    }
    return section(visit, "admin/permissions.html", {"workspaces": None, **here, **values})


async def change(visit: Visit, form: Form) -> Sent:
    """Give and take what was changed, all or nothing; what is refused is told beside its cell."""
    require(visit, of_administrators)
    wanted = list(_changed(form))
    every = roles.spread(visit.context, wanted) if form.checked("below") else wanted
    own = {(one.user, one.scope) for one in wanted}
    for one in sorted(every, key=lambda one: not one.role):
        try:
            await roles.assign(visit.context, one, below=(one.user, one.scope) not in own)
        except ConcurrencyConflict:
            raise RelationRefused(
                "Permission", f"{one.user}-{one.scope}", "", "Somebody else changed it meanwhile."
            ) from None
        except BanneretError as error:
            _, text = message_of(error)
            raise RelationRefused("Permission", f"{one.user}-{one.scope}", "", text) from error
    kept = {name: value for name, value in visit.query.items() if name != "saved"}
    page = paging(visit, tuple(kept), SIZE, 0, address=ADDRESS)
    return Sent(page.link(**kept, saved=str(len(every))))


def _changed(form: Form) -> list[roles.Assignment]:
    found = []
    for name, role in form.values.items():
        user, dash, scope = name.partition("-")
        if not dash or not (user.isdigit() and scope.isdigit() and len(name) < 40):
            continue
        was = form[f"was-{name}"]
        if role != was and role in {*_OPTIONS, *_WORKSPACE_OPTIONS}:
            found.append(roles.Assignment(int(user), int(scope), role, was))
    return found
