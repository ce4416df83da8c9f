"""Create and edit items. What somebody else changed meanwhile is shown beside what was typed, and nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import ConcurrencyConflict, NotAuthorized, NotFound, ObjectNotFound
from banneret.kernel.ids import random_token
from banneret.kernel.refs import Ref
from banneret.manager.items.addresses import ROOT, path_of, path_to
from banneret.manager.items.detail import load_item, permitted
from banneret.manager.items.fields import (
    Field,
    attributes_of,
    fields_of,
    filled,
    first_error,
    read_fields,
    texts_of,
)
from banneret.manager.items.lists import editable_projects, places, read_state, scoped, types_of
from banneret.manager.items.pickers import search
from banneret.manager.items.records import Record
from banneret.manager.messages import message_of
from banneret.manager.reveal import once
from banneret.manager.visits import Sent, Shown
from banneret.operations.context import default_project
from banneret.operations.create import create
from banneret.operations.history import steps
from banneret.operations.permitted import UPDATE
from banneret.operations.update import current, update
from banneret.operations.values import default_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import TypeDef
    from banneret.manager.forms import Form
    from banneret.manager.visits import Answer, Visit
    from banneret.operations.context import Context


async def show_edit(visit: Visit, form: Form) -> Shown:
    """`…/edit`: the item's form; with `only=State` a form of this one field, to be put into the page that it came from."""
    context, _, record = await load_item(visit)
    _require_update(visit, record)
    only = form["only"] or visit.query.get("only", "")
    first, rest = attributes_of(visit.identity, record.type, record.workspace, creating=False, only=only)
    if only and not first:
        raise ObjectNotFound
    fields = await fields_of(context, record.type, [*first, *rest], record.project)
    opened = form["version"]
    if not opened.isdigit() or len(opened) > 9:
        form.values = filled(fields, record, context.zone)
        form.lists = _lists(fields, form.values)
    elif int(opened) < record.version:
        await _show_difference(context, record, fields, form, int(opened))
    await _find(context, fields, form)
    _move_foreign_errors(form, fields)
    names = {attribute.name for attribute in first}
    return Shown(
        "items/edit.html",
        {
            "item": record,
            "here": path_to(visit, record),
            "first": [each for each in fields if each.name in names],
            "rest": [each for each in fields if each.name not in names],
            "open": any(each.name in form.errors or each.theirs for each in fields if each.name not in names),
            "only": only,
            "version": record.version,
            "back": f"{path_to(visit, record)}{_query(visit)}",
            "options": f"{ROOT}/options?type={record.type.element_name.lower()}&workspace={record.workspace}",
        },
    )


def _query(visit: Visit) -> str:
    """Give the way back to the list, which every page of an item carries along."""
    parts = [part for part in visit.request.url.query.split("&") if part.partition("=")[0] in {"list", "at"}]
    return "?" + "&".join(parts) if parts else ""


def _require_update(visit: Visit, record: Record) -> None:
    if not permitted(visit, record) & UPDATE:
        raise NotAuthorized("update", record.type.element_name, record.oid)


async def edit(visit: Visit, form: Form) -> Answer:
    """Save what was changed, unless the item is another one than the form was opened on."""
    try:
        context, located, record = await load_item(visit)
        _require_update(visit, record)
    except (NotFound, NotAuthorized) as error:
        return _lost(form, error)
    if form["find"]:
        return await show_edit(visit, form)
    held = await current(context, located.type, located.oid)
    if held is None or str(held.version) != form["version"]:
        raise ConcurrencyConflict(record.type.element_name, record.oid)
    first, rest = attributes_of(visit.identity, record.type, record.workspace, creating=False, only=form["only"])
    sent = set(form["fields"].split())
    wanted = [attribute for attribute in (*first, *rest) if attribute.name in sent]
    fields = await fields_of(context, record.type, wanted, record.project)
    body = await read_fields(context, record.type, fields, form, record)
    if form.errors:
        raise first_error(record.type, form)
    if body:
        await update(context, record.type, Ref(record.type.name, object_id=record.oid), body, record.type.element_name)
    return Sent(f"{path_to(visit, record)}{_query(visit)}")


def _lost(form: Form, error: NotFound | NotAuthorized) -> Shown:
    """The item is not there any more, or not for this visitor: give back what was typed, to be kept elsewhere."""
    hidden = {"token", "once", "version", "fields", "only", "find"}
    typed = [
        (name, text) for name, text in form.values.items() if text.strip() and "." not in name and name not in hidden
    ]
    status = 404 if isinstance(error, NotFound) else 403
    return Shown("items/gone.html", {"typed": typed, "said": message_of(error)[1]}, status=status)


def _lists(fields: Sequence[Field], values: dict[str, str]) -> dict[str, list[str]]:
    return {
        each.name: [part for part in values.get(each.name, "").split("\n") if part]
        for each in fields
        if each.kind == "choices"
    }


def _move_foreign_errors(form: Form, fields: Sequence[Field]) -> None:
    """What is wrong with something that the form does not show is wrong with the whole."""
    shown = {each.name for each in fields}
    for name in [name for name in form.errors if name not in shown]:
        text = form.errors.pop(name)
        form.problem = form.problem or (text if name in text else f"{name}: {text}")


async def _find(context: Context, fields: Sequence[Field], form: Form) -> None:
    """Offer what may be meant where that was asked for, or where it is not clear."""
    for each in fields:
        wanted = form["find"] == each.name or (each.name in form.errors and form[each.name].strip())
        if each.kind == "ref" and wanted:
            each.matches = (await search(context, each.attribute, form[each.name]))[:20]
            if not each.matches and each.name not in form.errors:
                form.errors[each.name] = "Nothing is called that."


async def _show_difference(context: Context, record: Record, fields: Sequence[Field], form: Form, opened: int) -> None:
    """Bring a form up to date that was opened on an earlier version.

    What the visitor had left alone becomes what it is now; what he had changed stays, and says what it is now.
    """
    first_old: dict[str, Any] = {}
    by: dict[str, int | None] = {}
    for step in await steps(context, record.oid, after=opened, upto=record.version):
        for name, (old, _) in step.diff.items():
            first_old.setdefault(name, old)
            by[name] = step.user
    wanted = {user for user in by.values() if user is not None}
    wanted |= {old for name, old in first_old.items() if isinstance(old, int) and _is_ref(record.type, name)}
    rows = await context.unit.reader.references(wanted, context.sight) if wanted else {}
    names = {oid: str(row[3] or "") for oid, row in rows.items()}
    zone = context.zone
    for each in fields:
        each.known = names
        if each.name not in first_old:
            continue
        now = texts_of(each, record.get(each.name), record, zone)
        then = now if each.kind == "names" else texts_of(each, first_old[each.name], record, zone)
        typed = _typed_of(each, form)
        each.by = names.get(by.get(each.name) or 0, "")
        untouched = typed.strip() == then.get(each.name, "").strip()
        if typed.strip() == now.get(each.name, "").strip() or (untouched and each.kind != "link"):
            form.values = {name: text for name, text in form.values.items() if name != each.name} | now
            form.lists |= _lists([each], now)
            each.theirs = "" if untouched else None
        else:
            each.theirs = _said(each, now)
            # What is stored now is what a next attempt is measured by.
            form.values |= {name: text for name, text in now.items() if name.endswith((".held", ".ref")) and not typed}


def _is_ref(item: TypeDef, name: str) -> bool:
    attribute = item.attributes.get(name)
    return attribute is not None and attribute.is_object


def _typed_of(each: Field, form: Form) -> str:
    return "\n".join(form.lists.get(each.name, [])) if each.kind == "choices" else form[each.name]


def _said(each: Field, now: dict[str, str]) -> str:
    """Give a value as the difference shows it."""
    if each.kind == "flag":
        return "Yes" if now.get(each.name) else "No"
    if each.kind == "pick":
        return dict(each.options).get(now.get(each.name, ""), "")
    if each.kind == "link":
        return now.get(f"{each.name}.LinkID", "")
    return now.get(each.name, "").replace("\n", ", ") if each.kind == "choices" else now.get(each.name, "")


# ---------------------------------------------------------------------- create


async def show_kinds(visit: Visit, _form: Form) -> Shown:
    """`/items/new`: which type it is to be."""
    state = read_state(visit.query)
    context = scoped(visit, state)
    if not editable_projects(context):
        raise NotAuthorized("create", "items here")
    query = f"?in={state.where}" if state.where else ""
    return Shown("items/kinds.html", {"types": types_of(context), "query_string": query, "places": places(visit)})


async def show_new(visit: Visit, form: Form) -> Shown:
    """`/items/new/defect`: the form of a new item; parameters of the address fill fields in."""
    context, item = _new(visit)
    first, rest = attributes_of(visit.identity, item, context.workspace, creating=True)
    project = _project_of(context, form)
    fields = await fields_of(context, item, [*first, *rest], project)
    if not form.values:
        form.values = _prefilled(visit, fields, project)
        form.lists = _lists(fields, form.values)
    await _find(context, fields, form)
    _move_foreign_errors(form, fields)
    names = {attribute.name for attribute in first}
    return Shown(
        "items/new.html",
        {
            "kind": item,
            "first": [each for each in fields if each.name in names],
            "rest": [each for each in fields if each.name not in names],
            "open": any(each.name in form.errors for each in fields if each.name not in names),
            "once": form["once"] or random_token(),
            "back": f"{ROOT}/" + (f"?in={visit.query['in']}" if visit.query.get("in") else ""),
            "options": f"{ROOT}/options?type={item.element_name.lower()}&workspace={context.workspace}",
        },
    )


def _new(visit: Visit) -> tuple[Context, TypeDef]:
    context = scoped(visit, read_state(visit.query))
    item = context.schema.find(str(visit.request.path_params["type"]))
    if item is None or item not in types_of(context):
        raise ObjectNotFound
    if not editable_projects(context):
        raise NotAuthorized("create", item.display_name)
    return context, item


def _project_of(context: Context, form: Form) -> int | None:
    """Give the project of a new item: what was chosen, else the list's, else the visitor's own, if he may edit there."""
    editable = [each.oid for each in editable_projects(context)]
    chosen = form["Project"].rpartition("/")[2]
    if chosen.isdigit() and int(chosen) in editable:
        return int(chosen)
    for project in (context.project, default_project(context)):
        if project in editable:
            return project
    return editable[0] if editable else None


def _prefilled(visit: Visit, fields: Sequence[Field], project: int | None) -> dict[str, str]:
    values: dict[str, str] = {}
    for each in fields:
        default = default_value(each.attribute) if not each.attribute.is_object else None
        if each.kind == "flag":
            values |= {each.name: "on"} if default else {}
        elif default is not None and not each.attribute.is_collection:
            values[each.name] = f"{default:g}" if isinstance(default, float) else str(default)
        asked = visit.query.get(each.name)
        if asked is not None:
            values[each.name] = asked
    if project is not None:
        values["Project"] = f"/project/{project}"
    return values


async def create_item(visit: Visit, form: Form) -> Answer:
    """Create the item and lead to it; a second press of the button leads to the same one."""
    try:
        context, item = _new(visit)
    except (NotFound, NotAuthorized) as error:
        return _lost(form, error)
    if form["find"]:
        return await show_new(visit, form)

    async def work() -> Sent:
        first, rest = attributes_of(visit.identity, item, context.workspace, creating=True)
        sent = set(form["fields"].split())
        wanted = [attribute for attribute in (*first, *rest) if attribute.name in sent]
        fields = await fields_of(context, item, wanted, _project_of(context, form))
        body = await read_fields(context, item, fields, form, None)
        if form.errors:
            raise first_error(item, form)
        body = {name: value for name, value in body.items() if value not in (None, "", [], False)}
        oid = await create(context, item, body, item.element_name)
        return Sent(path_of(visit, item.name, oid))

    return await once(visit, form, work)
