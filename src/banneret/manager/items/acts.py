"""Small acts on the page of an item: say something, add a task or a tag, rank, delete, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from banneret.kernel.errors import NotAuthorized, NotFound, ObjectNotFound, RequiredValueMissing
from banneret.kernel.refs import Ref, find_ref
from banneret.manager.items.addresses import ROOT, path_of, path_to, workspaces
from banneret.manager.items.detail import load_item, permitted
from banneret.manager.items.fields import named_members
from banneret.manager.items.lists import read_state, scoped
from banneret.manager.items.markup import to_markup
from banneret.manager.items.pickers import pickable, search
from banneret.manager.items.records import fetch_of, records
from banneret.manager.reveal import once
from banneret.manager.visits import Sent, Shown
from banneret.operations import collect
from banneret.operations.create import create
from banneret.operations.delete import delete
from banneret.operations.permitted import DELETE
from banneret.operations.query import Asked, query
from banneret.operations.rank import Ranking
from banneret.operations.restore import restore
from banneret.operations.update import require_update, update

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.items.records import Record
    from banneret.manager.visits import Answer, Visit

BIN = f"{ROOT}/bin"
_BIN_PAGE = 50


def _back(visit: Visit, record: Record, part: str = "") -> Sent:
    query_string = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return Sent(f"{path_to(visit, record)}{query_string}{part}")


async def discuss(visit: Visit, form: Form) -> Sent:
    """`…/discuss`: add to the discussion."""
    context, _, record = await load_item(visit)

    async def work() -> Sent:
        post = context.schema.get("ConversationPost")
        if not form["Text"].strip():
            raise RequiredValueMissing(post.element_name, "Text", "A post")
        body = {"Artifact": record.ref, "Text": to_markup(form["Text"])}
        oid = await create(context, post, body, post.element_name)
        return _back(visit, record, f"#post-{oid}")

    return await once(visit, form, work)


async def add_task(visit: Visit, form: Form) -> Sent:
    """`…/tasks`: add a task."""
    context, _, record = await load_item(visit)

    async def work() -> Sent:
        task = context.schema.get("Task")
        body: dict[str, object] = {"WorkProduct": record.ref, "Name": form["TaskName"].strip() or None}
        if form["Estimate"].strip():
            body |= {"Estimate": form["Estimate"].strip(), "ToDo": form["Estimate"].strip()}
        if body["Name"] is None:
            raise RequiredValueMissing(task.element_name, "TaskName", "A name")
        await create(context, task, body, task.element_name)
        return _back(visit, record, "#Tasks")

    return await once(visit, form, work)


async def tag(visit: Visit, form: Form) -> Sent:
    """`…/tags`: add tags, which come into being where there are none of their names, or take one off."""
    context, located, record = await load_item(visit)
    attribute = record.type.attributes["Tags"]
    require_update(context, located, ("Tags",))
    gone = form["remove"]
    if gone.isdigit() and len(gone) < 19:
        await collect.remove(context, located, attribute, [{"_ref": f"/tag/{gone}"}])
        return _back(visit, record)
    wanted = list(dict.fromkeys(part.strip() for part in form["NewTag"].split(",") if part.strip()))
    if not wanted:
        raise RequiredValueMissing("Tag", "NewTag", "A tag")
    found = await named_members(context, context.schema.get("Tag"), wanted)
    items = [{"_ref": found[name.lower()]} if name.lower() in found else {"Name": name} for name in wanted]
    await collect.add(context, located, attribute, items)
    return _back(visit, record)


async def rank(visit: Visit, form: Form) -> Sent:
    """`…/rank`: move to the top or the bottom, or beside the next item of the list that it was reached from."""
    context, _, record = await load_item(visit)
    above, below = form["above"], form["below"]
    for text in (above, below):
        if text and find_ref(text) is None:
            raise ObjectNotFound
    ranking = Ranking(above or None, below or None, form["to"] or None)
    if ranking:
        ref = Ref(record.type.name, object_id=record.oid)
        await update(context, record.type, ref, {}, record.type.element_name, ranking)
    state = read_state(visit.query)
    if form["from"] == "list":
        return Sent(state.address() + f"#item-{record.oid}")
    return _back(visit, record)


async def show_delete(visit: Visit, _form: Form) -> Shown:
    """`…/delete`: what goes into the recycle bin, before it does."""
    _, _, record = await load_item(visit)
    if not permitted(visit, record) & DELETE:
        raise NotAuthorized("delete", record.type.element_name, record.oid)
    along = [(name, record.counts[name]) for name in ("Tasks", "TestCases") if record.counts.get(name)]
    return Shown("items/delete.html", {"item": record, "here": path_to(visit, record), "along": along})


async def delete_item(visit: Visit, _form: Form) -> Sent:
    """Put an item into the recycle bin."""
    context, _, record = await load_item(visit)
    await delete(context, record.type, Ref(record.type.name, object_id=record.oid))
    return Sent(f"{BIN}?in=workspace/{record.workspace}")


async def show_bin(visit: Visit, _form: Form) -> Shown:
    """`/items/bin`: what was deleted, latest first."""
    state = read_state(visit.query)
    context = scoped(visit, state)
    asked = Asked(
        order="DeletionDate desc",
        start=(state.page - 1) * _BIN_PAGE + 1,
        pagesize=_BIN_PAGE,
        fetch=fetch_of(("ID", "Name", "DeletedBy", "DeletionDate")),
    )
    page = await query(context, context.schema.get("RecycleBinEntry"), asked)
    return Shown(
        "items/bin.html",
        {
            "entries": records(page),
            "total": page.total,
            "state": state,
            "pages": -(-page.total // _BIN_PAGE),
            "workspaces": workspaces(visit),
            "workspace": context.workspace,
        },
    )


async def show_restore(visit: Visit, _form: Form) -> Shown:
    """`/items/bin/<id>/restore`: what comes back, before it does."""
    return Shown("items/restore.html", {"entry": await _entry(visit)})


async def restore_item(visit: Visit, _form: Form) -> Sent:
    """Bring an item back from the recycle bin."""
    entry = await _entry(visit)
    context = visit.context.in_workspace(entry.workspace)
    item = context.schema.get("RecycleBinEntry")
    found = await restore(context, item, Ref(item.name, object_id=entry.oid))
    return Sent(path_of(visit, found.type.name, found.oid))


async def _entry(visit: Visit) -> Record:
    from banneret.operations.read import read

    wanted = fetch_of(("ID", "Name", "DeletedBy", "DeletionDate"))
    for workspace in workspaces(visit):
        context = visit.context.in_workspace(workspace.oid)
        item = context.schema.get("RecycleBinEntry")
        try:
            (found,) = records(await read(context, item, Ref(item.name, object_id=visit.argument("entry")), wanted))
        except NotFound:
            continue
        return found
    raise ObjectNotFound


async def options(visit: Visit, _form: Form) -> Answer:
    """`/items/options`: what may be meant by what is being typed for a reference, for the page's script."""
    state = read_state({"in": f"workspace/{visit.query.get('workspace', '')}"})
    context = scoped(visit, state)
    item = context.schema.find(visit.query.get("type", ""))
    attribute = item.find(visit.query.get("attribute", "")) if item is not None else None
    words = visit.query.get("q", "").strip()
    if attribute is None or not pickable(context, attribute) or not words:
        return Response("[]", media_type="application/json")
    found = (await search(context, attribute, words))[:20]
    return JSONResponse([{"text": choice.text, "label": choice.label} for choice in found])
