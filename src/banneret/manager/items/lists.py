"""The list of items. Its address holds all that it depends on, so that it can be kept and handed on."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from banneret.access.rules import can_edit_project
from banneret.kernel.errors import (
    AttributeNotShared,
    InvalidQuery,
    NotFound,
    QuerySyntax,
    UnknownQueryAttribute,
    UnknownSortAttribute,
    UnreadableDate,
)
from banneret.manager.csv_files import csv_file
from banneret.manager.items.addresses import ROOT, labelled, path_of, path_to, workspaces
from banneret.manager.items.records import fetch_of, kind_of, records
from banneret.manager.visits import Sent, Shown
from banneret.operations.context import ScopeRequest, place
from banneret.operations.permitted import UPDATE, Permitted
from banneret.operations.query import Asked, query
from banneret.query.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.responses import Response

    from banneret.access.landscape import ProjectFacts
    from banneret.catalogue.model import TypeDef
    from banneret.manager.forms import Form
    from banneret.manager.items.records import Record
    from banneret.manager.visits import Answer, Visit
    from banneret.operations.context import Context

PAGE_SIZE = 50
COUNTED = 2_000
"""How far a list is counted; of a longer one it says that it is longer."""

LARGEST_FILE = 10_000
"""Rows of a CSV file."""
_FILE_STEP = 2000

DEPTHS = {"": "and what is below", "only": "alone", "up": "and what is above", "both": "and what is above and below"}
"""Which projects around the chosen one count."""

_NEWEST = "ObjectID desc"
_LABEL = re.compile(r"(?P<prefix>[A-Za-z]{1,6})\d{1,12}")

COLUMNS: dict[str, tuple[str, ...]] = {
    "": ("FormattedID", "Name", "State", "Owner", "Project", "LastUpdateDate"),
    "SchedulableArtifact": (
        *("FormattedID", "Name", "ScheduleState", "Owner", "Project"),
        *("Iteration", "PlanEstimate", "LastUpdateDate"),
    ),
    "Defect": (
        *("FormattedID", "Name", "State", "Priority", "Severity", "Owner", "Project"),
        *("Iteration", "LastUpdateDate"),
    ),
    "Task": ("FormattedID", "Name", "State", "Owner", "WorkProduct", "Estimate", "ToDo", "LastUpdateDate"),
    "TestCase": ("FormattedID", "Name", "Method", "LastVerdict", "Owner", "Project", "LastUpdateDate"),
    "PortfolioItem": (
        *("FormattedID", "Name", "State", "Owner", "Project"),
        *("PlannedEndDate", "PercentDoneByStoryCount", "LastUpdateDate"),
    ),
}
"""The columns of a list by the type that it is filtered to, or the nearest one above that."""

LABELS = {"FormattedID": "ID", "LastUpdateDate": "Updated", "PercentDoneByStoryCount": "Done"}
_FLAGS = ("Blocked", "Ready", "ScheduleState", "State")


@dataclass(frozen=True, slots=True)
class ListState:
    """What a list shows. `where` is `workspace/<oid>` or `project/<oid>`; everything empty is the visitor's own default."""

    where: str = ""
    depth: str = ""
    type: str = ""
    words: str = ""
    query: str = ""
    order: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether anything is left out beside the scope."""
        return bool(self.type or self.words or self.query)

    def params(self, **changes: Any) -> str:
        """Give the state as the query string of an address; what is as always is left out."""
        state = replace(self, **changes)
        pairs = {
            "in": state.where,
            "depth": state.depth,
            "type": state.type,
            "q": state.words,
            "query": state.query,
            "order": state.order,
            "page": str(state.page) if state.page > 1 else "",
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    def address(self, **changes: Any) -> str:
        """Give the address of the list."""
        params = self.params(**changes)
        return f"{ROOT}/" + (f"?{params}" if params else "")


def read_state(params: dict[str, str]) -> ListState:
    """Read an address's parameters; what makes no sense is as if it were not there."""
    page = params.get("page", "")
    depth = params.get("depth", "")
    return ListState(
        where=params.get("in", ""),
        depth=depth if depth in DEPTHS else "",
        type=params.get("type", "").lower(),
        words=params.get("q", "").strip(),
        query=params.get("query", "").strip(),
        order=params.get("order", "").strip(),
        page=max(1, int(page)) if page.isdigit() and len(page) < 9 else 1,
    )


def scoped(visit: Visit, state: ListState) -> Context:
    """Give the surroundings of a list.

    Raises:
        NotFound: its workspace or project is none that the visitor sees.

    """
    kind, _, oid = state.where.partition("/")
    if state.where and (kind not in {"workspace", "project"} or not oid.isdigit() or len(oid) > 18):
        raise NotFound
    if kind == "workspace" and int(oid) not in {each.oid for each in workspaces(visit)}:
        raise NotFound
    if kind == "project" and not visit.context.sight.sees_project(int(oid)):
        raise NotFound
    return place(
        visit.context,
        ScopeRequest(
            workspace=state.where if kind == "workspace" else None,
            project=state.where if kind == "project" else None,
            up=state.depth in {"up", "both"},
            down=state.depth in {"", "both"},
        ),
    )


def types_of(context: Context) -> list[TypeDef]:
    """Give the types of items that a list may be filtered to, as people know them."""
    found = [
        item
        for item in context.schema.concrete(context.schema.get("Artifact"))
        if "create" in item.operations and "FormattedID" in item.attributes
    ]
    return sorted(found, key=kind_of)


def _columns(item: TypeDef) -> tuple[str, ...]:
    return next(COLUMNS[name] for name in (*reversed(item.lineage), "") if name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `order` is what to sort by when its head is pressed, empty where nothing can; `sorted` the way it is sorted."""

    name: str
    label: str
    order: str
    sorted: str


def _heads(item: TypeDef, names: Sequence[str], order: str) -> list[Column]:
    by, _, direction = order.partition(" ")
    heads = []
    for name in names:
        attribute = item.attributes.get(name)
        sortable = attribute is not None and attribute.sortable and not attribute.is_collection
        down = direction == "desc"
        turned = name if by == name and down else f"{name} desc" if by == name else name
        if by != name and name == "LastUpdateDate":
            turned = f"{name} desc"
        state = ("descending" if down else "ascending") if by == name else ""
        label = LABELS.get(name) or (attribute.display_name if attribute is not None else name)
        heads.append(Column(name, label, turned if sortable else "", state))
    return heads


def _item(context: Context, state: ListState) -> TypeDef:
    """Give the type that the list is of; one that there is none of means all."""
    found = context.schema.find(state.type) if state.type else None
    return found if found is not None and "Artifact" in found.lineage else context.schema.get("Artifact")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def asked(context: Context, state: ListState, *, start: int, pagesize: int, names: Sequence[str]) -> Asked:
    """Give a list as a WSAPI query. Words that are a FormattedID mean the item of that ID alone.

    Raises:
        QuerySyntax: what was typed does not parse.

    """
    parts = []
    labelled_types = _types_labelled(context, state.words)
    if labelled_types:
        parts.append(f"(FormattedID = {_quoted(state.words)})")
    if state.query:
        parse(_typed(state.query))
        parts.append(_typed(state.query))
    text = parts[0] if parts else ""
    for part in parts[1:]:
        text = f"({text} AND {part})"
    return Asked(
        query=text,
        search="" if labelled_types else state.words,
        order=state.order or ("" if state.words else _NEWEST),
        start=start,
        pagesize=pagesize,
        fetch=fetch_of((*names, *_FLAGS)),
        types=labelled_types,
        most=COUNTED + 1,
    )


def _types_labelled(context: Context, words: str) -> tuple[str, ...]:
    """Give the types whose FormattedIDs look like what was typed."""
    found = _LABEL.fullmatch(words)
    prefix = found["prefix"].upper() if found is not None else ""
    return tuple(item.name for item in types_of(context) if prefix and prefix == (item.prefix or "").upper())


def _typed(text: str) -> str:
    """One comparison may be typed without its parentheses."""
    return text if text.startswith("(") else f"({text})"


# ---------------------------------------------------------------------- pages


async def show_list(visit: Visit, form: Form) -> Shown:
    """`/items/`: what the visitor sees, filtered, sorted, a page at a time."""
    state = read_state(visit.query)
    context = scoped(visit, state)
    item = _item(context, state)
    names = _columns(item)
    found: list[Record] = []
    total = 0
    start = (state.page - 1) * PAGE_SIZE + 1
    try:
        page = await query(context, item, asked(context, state, start=start, pagesize=PAGE_SIZE, names=names))
        found, total = records(page), page.total
    except InvalidQuery as error:
        form.errors["query"] = query_message(error)
        form.values["at"] = str(_position(error, state.query))
    except UnknownSortAttribute as error:
        # Another type was chosen for a list that was sorted by what only the one before has.
        form.problem = f"{kind_of(item)} cannot be sorted by {error.attribute}; the newest come first."
        state = replace(state, order="")
        page = await query(context, item, asked(context, state, start=start, pagesize=PAGE_SIZE, names=names))
        found, total = records(page), page.total
    permitted = Permitted(visit.identity)
    ranked = state.order == "DragAndDropRank"
    return Shown(
        "items/list.html",
        {
            "state": state,
            "item": item,
            "columns": _heads(item, names, state.order),
            "items": found,
            "total": min(total, COUNTED),
            "longer": total > COUNTED,
            "following": (total > COUNTED and len(found) == PAGE_SIZE) or start + len(found) <= total,
            "page_size": PAGE_SIZE,
            "first": start,
            "last": start + len(found) - 1,
            "types": types_of(context),
            "places": places(visit),
            "where": state.where or f"workspace/{context.workspace}",
            "depths": DEPTHS,
            "in_project": context.project is not None,
            "may_create": bool(editable_projects(context)),
            "ranked": ranked,
            "rankable": "DragAndDropRank" in item.attributes,
            "may_rank": {
                each.oid
                for each in (found if ranked else ())
                if int(permitted.mask(each.type, each.oid, each.workspace, each.project)) & UPDATE
            },
            "to": lambda record, place: f"{path_to(visit, record)}?{urlencode(_from(state, place))}",
            "path_of": lambda kind, oid: path_of(visit, kind, oid),
        },
    )


def _from(state: ListState, place: int) -> dict[str, str]:
    """Give what an item's page needs to know of the list that it was reached from."""
    return {"list": state.params(page=1), "at": str(place)} if state.params(page=1) else {"at": str(place)}


async def find(visit: Visit, state: ListState) -> Answer | None:
    """Lead straight to an item whose FormattedID was typed as words; None where there is none of that."""
    if not _LABEL.fullmatch(state.words) or state.query:
        return None
    found = await labelled(visit, state.words)
    if len(found) != 1:
        return None
    return Sent(path_of(visit, found[0].type.name, found[0].oid, state.words.upper()))


async def show_or_go(visit: Visit, form: Form) -> Answer:
    """`/items/`, or with `go` the item itself where its FormattedID was typed."""
    if visit.query.get("go"):
        gone = await find(visit, read_state(visit.query))
        if gone is not None:
            return gone
    return await show_list(visit, form)


async def show_csv(visit: Visit, _form: Form) -> Response | Shown:
    """`/items.csv`: the list as a file, all of its pages up to a limit."""
    state = read_state(visit.query)
    context = scoped(visit, state)
    item = _item(context, state)
    names = _columns(item)
    rows: list[list[object]] = []
    try:
        for start in range(1, LARGEST_FILE, _FILE_STEP):
            step = replace(
                asked(context, state, start=start, pagesize=_FILE_STEP, names=names), most=None, counted=False
            )
            page = await query(context, item, step)
            found = records(page)
            rows += [[_cell(record, name) for name in names] for record in found]
            if len(found) < _FILE_STEP:
                break
    except (InvalidQuery, UnknownSortAttribute):
        return await show_list(visit, _form)
    return csv_file("items.csv", [column.label for column in _heads(item, names, "")], rows)


def _cell(record: Record, name: str) -> object:
    value = record.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and name not in record.links:
        attribute = record.type.attributes.get(name)
        return None if attribute is not None and attribute.is_object else value
    return state_of(record) if name == "State" else record.text(name)


def state_of(record: Record) -> str:
    """Give the one word that says how far an item is, whatever its type calls it."""
    return record.text("State") or record.text("ScheduleState")


# ---------------------------------------------------------------------- neighbours


async def neighbours(visit: Visit, oid: int) -> dict[str, Any]:
    """Give the way back to the list that an item was reached from, and the items before and after it there."""
    at = visit.query.get("at", "")
    state = read_state(dict(parse_qsl(visit.query.get("list", ""))))
    place = int(at) if at.isdigit() and len(at) < 9 else 0
    if place < 1:
        return {"back": state.address(), "previous": None, "next": None, "state": state}
    found: dict[str, Any] = {"previous": None, "next": None, "state": state}
    found["back"] = state.address(page=(place - 1) // PAGE_SIZE + 1)
    with suppress(InvalidQuery, UnknownSortAttribute, NotFound):
        context = scoped(visit, state)
        start = max(1, place - 1)
        around = asked(context, state, start=start, pagesize=3, names=("FormattedID",))
        near = records(await query(context, _item(context, state), around))
        places = [n for n, record in enumerate(near) if record.oid == oid]
        if places:
            for name, step in (("previous", -1), ("next", 1)):
                n = places[0] + step
                if 0 <= n < len(near):
                    path = path_to(visit, near[n])
                    found[name] = (near[n], f"{path}?{urlencode(_from(state, start + n))}")
    return found


# ---------------------------------------------------------------------- scope and words


def places(visit: Visit) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Give the scopes to choose from: ref and name of each workspace, and its projects with their depth in dots."""
    landscape, sight = visit.context.landscape, visit.context.sight
    inside: dict[tuple[int, int | None], list[ProjectFacts]] = {}
    seen = {
        each.oid: each for each in landscape.projects.values() if each.is_open and sight.sees(each.workspace, each.oid)
    }
    for each in sorted(seen.values(), key=lambda project: project.name.lower()):
        parent = each.parent if each.parent in seen else None
        inside.setdefault((each.workspace, parent), []).append(each)

    def below(workspace: int, parent: int | None, depth: int) -> Iterator[tuple[str, str]]:
        for each in inside.get((workspace, parent), ()):
            yield f"project/{each.oid}", "\u2003" * depth + each.name
            yield from below(workspace, each.oid, depth + 1)

    return [(f"workspace/{each.oid}", each.name, list(below(each.oid, None, 0))) for each in workspaces(visit)]


def editable_projects(context: Context) -> list[ProjectFacts]:
    """Give the open projects of a workspace in which the visitor may create items, by name."""
    identity = context.identity
    found = [
        each
        for each in context.landscape.projects.values()
        if each.workspace == context.workspace
        and each.is_open
        and identity is not None
        and can_edit_project(identity, each.oid, each.workspace)
    ]
    return sorted(found, key=lambda project: project.name.lower())


def query_message(error: InvalidQuery) -> str:
    """Say what is wrong with a typed query."""
    match error:
        case QuerySyntax():
            return error.message.removeprefix("Could not parse: ")
        case UnknownQueryAttribute():
            return f"{error.type_name} has no attribute {error.attribute} to filter by."
        case AttributeNotShared():
            return f"Not every type has {error.attribute}. Choose a type that has it first."
        case UnreadableDate():
            return f"{error.value} is no date. Write 2026-01-31, or today-7."
        case _:
            return str(error)


def _position(error: InvalidQuery, text: str) -> int:
    """Give where in the typed text an error is, -1 where that is not known."""
    at = -1
    if isinstance(error, QuerySyntax) and error.position is not None:
        at = error.position - (0 if text.startswith("(") else 1)
    named = getattr(error, "attribute", None) or getattr(error, "value", None)
    if named:
        at = text.lower().find(str(named).lower())
    return at if 0 <= at <= len(text) else -1
