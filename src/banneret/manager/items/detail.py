"""The page of one item: its texts, what belongs to it, its properties, what was said and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.access.rules import may
from banneret.catalogue.model import AttributeType
from banneret.kernel.errors import ObjectNotFound
from banneret.kernel.ids import random_token
from banneret.kernel.refs import Ref
from banneret.manager.items.addresses import here, named, path_of, path_to
from banneret.manager.items.fields import FIRST, settable_in_form, shown_to
from banneret.manager.items.lists import neighbours, state_of
from banneret.manager.items.records import WHOLE, Record, fetch_of, kind_of, records, web_link
from banneret.manager.visits import Shown
from banneret.operations.history import Step, steps
from banneret.operations.permitted import DELETE, UPDATE, Permitted
from banneret.operations.query import Asked, members
from banneret.operations.read import show

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef
    from banneret.manager.forms import Form
    from banneret.manager.visits import Answer, Visit
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

POSTS, REVISIONS, RELATED = 50, 20, 50
"""How many of each the page shows at once."""

_RELATED = (
    *("Children", "UserStories", "Tasks", "Defects", "TestCases", "TestSets", "DefectSuites", "Predecessors"),
    *("Successors", "Duplicates", "Risks"),
)
"""Collections of items that the page lists, in this order."""

_RELATED_COLUMNS = ("FormattedID", "Name", "State", "ScheduleState", "Owner", "Estimate", "ToDo", "Blocked")
_IN_HEAD = frozenset({"Name", "FormattedID", "FormattedIDID", "FormattedIDPrefix", "Workspace", "RevisionHistory"})
_CONTINUED = frozenset({"DragAndDropRank", "DisplayColor", "IterationValue", "ReleaseValue", "Package"})


@dataclass(frozen=True, slots=True)
class Property:
    """A line of the rail. `href` leads to the target of a ref that has a page; `link` out of the house."""

    name: str
    label: str
    text: str
    editable: bool
    href: str = ""
    link: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A revision, as Rally has it, and beside it the steps that tell with what it was made."""

    number: int
    at: str
    user: str
    text: str
    steps: tuple[Step, ...]


async def load_item(visit: Visit) -> tuple[Context, Located, Record]:
    """Give the item of the visited address with all that is stored of it.

    Raises:
        ObjectNotFound: as `addresses.here`.

    """
    located = await here(visit)
    local = visit.context.in_workspace(located.workspace)
    (record,) = records(await show(local, located, WHOLE))
    return local, located, record


async def show_item(visit: Visit, form: Form) -> Answer:
    """`/items/DE7`, `/items/defect/123`: the item."""
    found = await named(visit)
    if len(found) > 1:
        return await _choose(visit, found)
    context, _, record = await load_item(visit)
    mask = permitted(visit, record)
    way = await neighbours(visit, record.oid)
    return Shown(
        "items/detail.html",
        {
            "item": record,
            "here": path_to(visit, record),
            "kind": kind_of(record.type),
            "state": state_of(record),
            "texts": _texts(visit, record),
            "rail": properties(visit, record, may_update=bool(mask & UPDATE)),
            "rest": _rest(visit, record),
            "may_update": bool(mask & UPDATE),
            "may_delete": bool(mask & DELETE),
            "may_post": _may_post(visit, context, record),
            "related": await _related(context, record),
            "posts": await _posts(visit, context, record),
            "changesets": await _changesets(context, record),
            "attachments": await _attachments(context, record),
            "changes": await _changes(visit, context, record),
            "way": way,
            "once": form["once"].rpartition("-")[0] or random_token(),
            "doing": visit.request.url.path.rpartition("/")[2],
            "path_of": lambda link: path_of(visit, link.type, link.oid),
            "path_to": lambda other: path_to(visit, other),
            "state_of": state_of,
            "project": context.landscape.projects.get(record.project or 0),
            "more": f"&{visit.request.url.query}" if visit.request.url.query else "",
            "query_string": f"?{visit.request.url.query}" if visit.request.url.query else "",
        },
    )


async def _choose(visit: Visit, found: list[Located]) -> Shown:
    """Several workspaces have an item of this FormattedID: say so, and let the visitor choose."""
    choices = []
    for located in found:
        local = visit.context.in_workspace(located.workspace)
        (record,) = records(await show(local, located, fetch_of(("FormattedID", "Name"))))
        workspace = visit.context.landscape.workspaces[located.workspace or 0]
        choices.append((path_of(visit, record.type.name, record.oid), record, workspace.name))
    return Shown("items/several.html", {"choices": choices})


def permitted(visit: Visit, record: Record) -> int:
    """Give what the visitor may do with an item, as a sum of `READ`, `UPDATE` and `DELETE`."""
    return int(Permitted(visit.identity).mask(record.type, record.oid, record.workspace, record.project))


def _may_post(visit: Visit, context: Context, record: Record) -> bool:
    item = context.schema.get("ConversationPost")
    return may(visit.identity, "create", item.name, item.lineage, workspace=record.workspace, project=record.project)


def _seen(visit: Visit, record: Record, attribute: AttributeDef) -> bool:
    return shown_to(visit.identity, record.workspace, attribute)


def _texts(visit: Visit, record: Record) -> list[tuple[AttributeDef, str]]:
    """Give the long texts that say something; the description always."""
    return [
        (attribute, record.get(attribute.name) or "")
        for attribute in record.type.attributes.values()
        if attribute.type is AttributeType.TEXT
        and _seen(visit, record, attribute)
        and (attribute.name == "Description" or record.get(attribute.name))
    ]


def properties(visit: Visit, record: Record, *, may_update: bool) -> list[Property]:
    """Give the lines of the rail: those that people look at first, set or not."""
    shown = []
    for name in FIRST:
        attribute = record.type.attributes.get(name)
        idle = name == "BlockedReason" and not record.get("Blocked")
        if attribute is not None and not attribute.is_collection and not idle and _seen(visit, record, attribute):
            editable = may_update and settable_in_form(attribute, creating=False)
            shown.append(_property(visit, record, attribute, editable=editable))
    return shown


def _rest(visit: Visit, record: Record) -> list[Property]:
    """Give everything else that is set."""
    return [
        _property(visit, record, attribute, editable=False)
        for attribute in record.type.attributes.values()
        if attribute.name not in _IN_HEAD | _CONTINUED | set(FIRST)
        and _seen(visit, record, attribute)
        and (not attribute.is_collection or attribute.custom)
        and attribute.type not in {AttributeType.TEXT, AttributeType.RAW, AttributeType.MAP}
        and record.get(attribute.name) not in (None, "", [], False, 0)
        and (not attribute.is_object or attribute.name in record.links)
    ]


def _property(visit: Visit, record: Record, attribute: AttributeDef, *, editable: bool) -> Property:
    name = attribute.name
    target = record.links.get(name)
    href = link = date = ""
    if target is not None:
        item = visit.context.landscape.schema(record.workspace).find(target.type)
        if item is not None and "Artifact" in item.lineage:
            href = path_of(visit, target.type, target.oid)
    elif attribute.type is AttributeType.WEB_LINK and record.get(name):
        address = web_link(record.get(name)).get("LinkID", "")
        address = (attribute.link_url or "").replace("${id}", address) if attribute.link_url else address
        link = address if address.startswith(("http://", "https://")) else ""
    elif attribute.type is AttributeType.DATE:
        date = record.get(name) or ""
    return Property(name, attribute.display_name, record.text(name), editable, href, link, date)


async def _related(context: Context, record: Record) -> list[tuple[str, str, int, list[Record]]]:
    """Give the collections of items that have members: name, label, size and the first of them."""
    found = []
    for name in _RELATED:
        attribute = record.type.attributes.get(name)
        size = record.counts.get(name, 0)
        if attribute is None or (not size and name != "Tasks"):
            continue
        inside: list[Record] = []
        if size:
            page = await members(
                context,
                record.type,
                _ref(record),
                name,
                Asked(pagesize=RELATED, fetch=fetch_of(_RELATED_COLUMNS), counted=False),
            )
            inside = records(page)
        found.append((name, attribute.display_name, size, inside))
    return found


def _ref(record: Record) -> Ref:
    return Ref(record.type.name, object_id=record.oid)


def _number(visit: Visit, name: str) -> int:
    text = visit.query.get(name, "")
    return max(1, int(text)) if text.isdigit() and len(text) < 6 else 1


async def _posts(visit: Visit, context: Context, record: Record) -> dict[str, Any]:
    """Give a page of the discussion, the latest of it first, each page in the order of speaking."""
    total = record.counts.get("Discussion", 0)
    page = _number(visit, "posts")
    found: list[Record] = []
    if total:
        asked = Asked(
            order="CreationDate desc",
            start=(page - 1) * POSTS + 1,
            pagesize=POSTS,
            fetch=fetch_of(("Text", "User", "CreationDate")),
            counted=False,
        )
        found = records(await members(context, record.type, _ref(record), "Discussion", asked))
    return {"total": total, "page": page, "earlier": total > page * POSTS, "list": found[::-1]}


async def _attachments(context: Context, record: Record) -> list[Record]:
    if not record.counts.get("Attachments"):
        return []
    asked = Asked(
        order="CreationDate",
        pagesize=RELATED,
        fetch=fetch_of(("Name", "Size", "ContentType", "User", "CreationDate")),
        counted=False,
    )
    return records(await members(context, record.type, _ref(record), "Attachments", asked))


async def _changesets(context: Context, record: Record) -> list[Record]:
    if not record.counts.get("Changesets"):
        return []
    names = ("Revision", "Message", "Author", "CommitTimestamp", "SCMRepository", "Uri")
    asked = Asked(order="CommitTimestamp desc", pagesize=RELATED, fetch=fetch_of(names), counted=False)
    return records(await members(context, record.type, _ref(record), "Changesets", asked))


async def _changes(visit: Visit, context: Context, record: Record) -> dict[str, Any]:
    """Give a page of the Revision History, newest first, each revision with the key and client that made it."""
    history = record.get("RevisionHistory")
    if history is None:
        return {"page": 1, "more": False, "list": []}
    page = _number(visit, "revisions")
    asked = Asked(
        start=(page - 1) * REVISIONS + 1,
        pagesize=REVISIONS + 1,
        fetch=fetch_of(("RevisionNumber", "Description", "CreationDate", "User")),
        counted=False,
    )
    item = context.schema.get("RevisionHistory")
    try:
        found = records(await members(context, item, Ref(item.name, object_id=history), "Revisions", asked))
    except ObjectNotFound:
        found = []
    numbers = [int(each.get("RevisionNumber")) for each in found[:REVISIONS]]
    made: dict[int, list[Step]] = {}
    if numbers:
        for step in await steps(context, record.oid, after=min(numbers), upto=max(numbers) + 1):
            made.setdefault(step.version - 1, []).append(step)
    changes = [
        Change(
            int(each.get("RevisionNumber")),
            each.get("CreationDate"),
            each.text("User"),
            str(each.get("Description") or ""),
            tuple(made.get(int(each.get("RevisionNumber")), ())),
        )
        for each in found[:REVISIONS]
    ]
    return {"page": page, "more": len(found) > REVISIONS, "list": changes}
