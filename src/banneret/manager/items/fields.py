"""Forms out of the catalogue: which fields a type's form has, what stands in them, and what is meant by what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from banneret.access.rules import can_administer_workspace
from banneret.catalogue.model import NUMERIC, AttributeType
from banneret.kernel.errors import BanneretError, InvalidValue, RelationRefused, RequiredValueMissing
from banneret.kernel.refs import find_ref
from banneret.kernel.values import from_wire
from banneret.manager.items.markup import to_markup, to_typed
from banneret.manager.items.pickers import LISTED, SHORT, Choice, is_exact, offered, pickable, search
from banneret.manager.items.records import Record, fetch_of, records, shown, web_link
from banneret.manager.messages import message_of
from banneret.operations.query import Asked, query
from banneret.operations.references import resolve
from banneret.operations.values import to_stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from banneret.access.identity import Identity
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.kernel.refs import Ref
    from banneret.manager.forms import Form
    from banneret.operations.context import Context

FIRST = (
    *("State", "ScheduleState", "Owner", "Project", "Iteration", "Release"),
    *("PlanEstimate", "Estimate", "ToDo", "Priority", "Severity", "Environment", "Resolution", "Method", "Type"),
    *("WorkProduct", "Parent", "PortfolioItem", "Requirement", "TestFolder", "LastVerdict", "PreliminaryEstimate"),
    *("PlannedStartDate", "PlannedEndDate", "PercentDoneByStoryCount", "PercentDoneByStoryPlanEstimate"),
    *("SubmittedBy", "TargetDate", "Blocked", "BlockedReason", "Ready", "CreatedBy", "CreationDate", "LastUpdateDate"),
)
"""What people look at first; the rest of a form is folded away."""

_ABOVE = ("Name", "Description")
_NAMED = ("Tags", "Milestones")
_NEVER = frozenset({"Workspace", "DragAndDropRank", "TaskIndex", "RevisionHistory", "TestCaseResult"})


@dataclass(slots=True)
class Field:
    """A field of a form.

    `kind` is the control: `line`, `text`, `number`, `date`, `flag`, `choice` (one of `options`), `choices` (several), `names`
    (a list with commas), `link` (address and label), `pick` (a ref out of `options`), `ref` (a ref that is typed).
    `options` are (value, label); `offers` and `matches` are what may be meant by what is typed. `theirs` is what another has
    made of the value since the form was opened, with who it was; None while nobody has.
    """

    attribute: AttributeDef
    kind: str
    options: Sequence[tuple[str, str]] = ()
    offers: Sequence[Choice] = ()
    matches: Sequence[Choice] = ()
    theirs: str | None = None
    by: str = ""
    known: Mapping[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The attribute's element name, which the control has too."""
        return self.attribute.name

    @property
    def label(self) -> str:
        """What stands above the control."""
        return self.attribute.display_name

    @property
    def required(self) -> bool:
        """Whether something must be given."""
        return self.attribute.required and self.kind != "flag"


def settable_in_form(attribute: AttributeDef, *, creating: bool) -> bool:
    """Whether a form has a field for an attribute."""
    if attribute.read_only or attribute.hidden or attribute.alias or attribute.name in _NEVER:
        return False
    if attribute.create_only and not creating:
        return False
    if attribute.is_collection:
        return attribute.name in _NAMED or attribute.custom
    return attribute.type not in {AttributeType.RAW, AttributeType.MAP, AttributeType.BINARY_DATA}


def shown_to(identity: Identity, workspace: int | None, attribute: AttributeDef) -> bool:
    """Whether pages show an attribute: a workspace may hide one, or keep it for its administrators."""
    kept = attribute.admins_only and not (workspace is not None and can_administer_workspace(identity, workspace))
    return not attribute.hidden and not kept


def attributes_of(
    identity: Identity, item: TypeDef, workspace: int | None, *, creating: bool, only: str = ""
) -> tuple[list[AttributeDef], list[AttributeDef]]:
    """Give the attributes of a type's form, those that come first and the rest; `only` one, where that is asked for."""
    every = [
        each
        for each in item.attributes.values()
        if settable_in_form(each, creating=creating) and shown_to(identity, workspace, each)
    ]
    if only:
        return [each for each in every if each.name == only], []
    order = {name: place for place, name in enumerate((*_ABOVE, *FIRST, *_NAMED))}
    first = sorted((each for each in every if each.name in order), key=lambda each: order[each.name])
    first += [each for each in every if each.custom and each.required]
    return first, [each for each in every if each not in first]


def _kind(context: Context, attribute: AttributeDef) -> str | None:
    if attribute.is_collection:
        return "choices" if attribute.custom else "names"
    if attribute.is_object:
        if not pickable(context, attribute):
            return None
        return "pick" if attribute.of in SHORT else "ref"
    if attribute.is_drop_down and attribute.values:
        return "choice"
    if attribute.type in NUMERIC:
        return "number"
    return {
        AttributeType.TEXT: "text",
        AttributeType.BOOLEAN: "flag",
        AttributeType.DATE: "date",
        AttributeType.WEB_LINK: "link",
    }.get(attribute.type, "line")


async def fields_of(
    context: Context, item: TypeDef, attributes: Sequence[AttributeDef], project: int | None
) -> list[Field]:
    """Give the fields for attributes, with what they offer; `project` is the item's, whose timeboxes are meant."""
    offers: dict[str, list[Choice]] = {}
    found = []
    for attribute in attributes:
        kind = _kind(context, attribute)
        if kind is None:
            continue
        made = Field(attribute, kind)
        target = attribute.of or ""
        if kind in {"pick", "ref"} and target in SHORT | LISTED:
            if target not in offers:
                offers[target] = await offered(context, item, attribute, project)
            made.offers = offers[target]
        if kind == "pick":
            made.options = [(choice.ref, choice.text) for choice in made.offers]
            if not made.options:
                continue
        elif kind in {"choice", "choices"}:
            made.options = [(value, value) for value in attribute.values]
        found.append(made)
    return found


# ---------------------------------------------------------------------- what stands in a field


def filled(fields: Sequence[Field], record: Record, zone: ZoneInfo) -> dict[str, str]:
    """Give what a form holds that was just opened, by the names of its controls."""
    values: dict[str, str] = {}
    for each in fields:
        values |= texts_of(each, record.get(each.name), record, zone)
    return values


def texts_of(each: Field, stored: Any, record: Record, zone: ZoneInfo) -> dict[str, str]:
    """Give what a field's controls hold for a stored value."""
    name, attribute = each.name, each.attribute
    match each.kind:
        case "text":
            return {name: to_typed(stored)}
        case "flag":
            return {name: "on"} if stored else {}
        case "date":
            return {name: from_wire(stored).astimezone(zone).date().isoformat() if stored else ""}
        case "link":
            parts = web_link(stored) if stored else {}
            return {f"{name}.{part}": parts.get(part, "") for part in ("LinkID", "DisplayString")}
        case "names":
            return {name: ", ".join(label for _, label in record.names.get(name, ()))}
        case "pick":
            link = record.links.get(name)
            return {name: f"/{link.type.lower()}/{link.oid}" if link is not None and link.oid == stored else ""}
        case "ref":
            link = record.links.get(name)
            label = link.name if link is not None and link.oid == stored else each.known.get(stored or 0, "")
            ref = f"/{(attribute.of or '').lower()}/{stored}" if stored is not None and label else ""
            return {name: label, f"{name}.held": label, f"{name}.ref": ref}
        case "choices":
            return {name: "\n".join(stored or ())}
        case _:
            return {name: "" if stored is None else shown(attribute, stored)}


# ---------------------------------------------------------------------- what was typed


async def read_fields(
    context: Context, item: TypeDef, fields: Sequence[Field], form: Form, record: Record | None
) -> dict[str, Any]:
    """Give the body that sets what was typed where it differs from what is stored; of a new item everything that is set.

    All that is wrong stands in `form.errors` afterwards.
    """
    zone = context.landscape.zone(context.workspace)
    body: dict[str, Any] = {}
    refs: dict[str, Ref] = {}
    for each in fields:
        before = {} if record is None else texts_of(each, record.get(each.name), record, zone)
        now = {name: _typed(each, name, form) for name in _controls(each)}
        same = all(now[name].strip() == before.get(name, "").strip() for name in _compared(each))
        if same and not form[f"{each.name}.pick"] and (record is not None or not each.required):
            continue
        try:
            value = await _value(context, item, each, form, now)
            if isinstance(value, str) and each.kind in {"pick", "ref"}:
                ref = find_ref(value)
                if ref is not None:
                    refs[each.name] = ref
            elif each.kind not in {"pick", "ref", "names", "choices"}:
                to_stored(item, each.attribute, value, zone)
            body[each.name] = value
        except InvalidValue as error:
            form.errors[each.name] = message_of(error)[1]
    present = await resolve(context, refs.values())
    for name, ref in refs.items():
        if ref not in present:
            form.errors[name] = "It is not there any more, or it is not yours to see. Choose another one."
    return body


def _controls(each: Field) -> tuple[str, ...]:
    return (f"{each.name}.LinkID", f"{each.name}.DisplayString") if each.kind == "link" else (each.name,)


def _compared(each: Field) -> tuple[str, ...]:
    return _controls(each)


def _typed(each: Field, name: str, form: Form) -> str:
    if each.kind == "flag":
        return "on" if form.checked(name) else ""
    if each.kind == "choices":
        return "\n".join(form.lists.get(name, []))
    return form[name]


async def _value(context: Context, item: TypeDef, each: Field, form: Form, now: Mapping[str, str]) -> Any:
    """Give what a body says for a field.

    Raises:
        InvalidValue: nothing, or more than one thing, is meant by it.

    """
    name, typed = each.name, now.get(each.name, "")
    match each.kind:
        case "text":
            return to_markup(typed)
        case "flag":
            return bool(typed)
        case "link":
            link = {part: form[f"{name}.{part}"].strip() for part in ("LinkID", "DisplayString")}
            return link if any(link.values()) else None
        case "choices":
            return [{"StringValue": value} for value in form.lists.get(name, []) if value]
        case "names":
            return await _members(context, item, each, typed)
        case "pick" | "ref":
            return await _meant(context, item, each, form, typed.strip())
        case _:
            return typed.strip() or None


async def _meant(context: Context, item: TypeDef, each: Field, form: Form, typed: str) -> str | None:
    name, attribute = each.name, each.attribute
    picked = form[f"{name}.pick"]
    if picked:
        return _own_ref(item, attribute, picked)
    if not typed:
        if attribute.required:
            raise RequiredValueMissing(item.element_name, name, attribute.display_name)
        return None
    if each.kind == "pick":
        return _own_ref(item, attribute, typed)
    if typed == form[f"{name}.held"] and form[f"{name}.ref"]:
        return _own_ref(item, attribute, form[f"{name}.ref"])
    found = await search(context, attribute, typed)
    exact = [choice for choice in found if is_exact(choice, typed)]
    chosen = exact or found
    if len(chosen) == 1:
        return chosen[0].ref
    reason = "Several are called that. Choose one of them." if chosen else "Nothing is called that."
    raise RelationRefused(item.element_name, name, attribute.display_name, reason)


def _own_ref(item: TypeDef, attribute: AttributeDef, text: str) -> str:
    if find_ref(text) is None:
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, "Choose one of the list.")
    return text


async def _members(context: Context, item: TypeDef, each: Field, typed: str) -> list[dict[str, str]]:
    """Give the members that are named, new tags as what is to be created."""
    wanted = list(dict.fromkeys(part.strip() for part in typed.split(",") if part.strip()))
    target = context.schema.get(each.attribute.of or "")
    found = await named_members(context, target, wanted)
    missing = [name for name in wanted if name.lower() not in found]
    if missing and target.name != "Tag":
        reason = f"There is no {target.display_name} called {missing[0]}."
        raise RelationRefused(item.element_name, each.name, each.attribute.display_name, reason)
    return [{"_ref": found[name.lower()]} if name.lower() in found else {"Name": name} for name in wanted]


async def named_members(context: Context, target: TypeDef, names: Sequence[str]) -> dict[str, str]:
    """Give the refs of a workspace's objects that have one of the names, by name in lower case."""
    if not names:
        return {}
    listed = [name.replace("\\", "\\\\").replace('"', '\\"') for name in names]
    condition = "(Name in " + ",".join(f'"{name}"' for name in listed) + ")"
    asked = Asked(query=condition, pagesize=200, fetch=fetch_of(("Name",)), counted=False)
    return {record.title.lower(): record.ref for record in records(await query(context, target, asked))}


def first_error(item: TypeDef, form: Form) -> BanneretError:
    """Give the first of a form's errors as what an operation would raise."""
    name, text = next(iter(form.errors.items()))
    return RelationRefused(item.element_name, name, name, text)
