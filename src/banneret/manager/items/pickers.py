"""What a reference may be set to, and which object is meant by what was typed for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from banneret.manager.items.lists import editable_projects
from banneret.manager.items.records import Record, fetch_of, records
from banneret.operations.query import Asked, query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

SHORT = frozenset({"Project", "State", "FlowState", "PreliminaryEstimate", "BaseKanbanState"})
"""Types of which there are few, so that all are offered in a list to choose from."""

LISTED = frozenset({"User", "Iteration", "Release"})
"""Types of which the first ones are offered while typing, without a script too."""

MOST = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """An object to choose: its ref, what to type for it, and what is said beside that."""

    ref: str
    text: str
    label: str = ""


def pickable(context: Context, attribute: AttributeDef) -> bool:
    """Whether objects for an attribute can be found by what people call them."""
    if not attribute.is_object or attribute.of is None:
        return False
    targets = context.schema.concrete(context.schema.get(attribute.of))
    return bool(targets) and all(
        not item.virtual and item.naming_attribute is not None and item.table is not None for item in targets
    )


async def offered(context: Context, item: TypeDef, attribute: AttributeDef, project: int | None) -> list[Choice]:
    """Give what to offer before anything is typed: all of a short list, the first of a long one, nothing of items."""
    target = attribute.of or ""
    if target == "Project":
        return projects(context)
    if target == "State":
        # A portfolio type has states of its own.
        return await _found(context, attribute, f"(TypeDef = /typedefinition/{item.definition_id})", "OrderIndex")
    if target in {"FlowState", *LISTED - {"User"}} and project is not None:
        order = {"FlowState": "OrderIndex", "Iteration": "StartDate desc", "Release": "ReleaseStartDate desc"}[target]
        return await _found(context, attribute, f"(Project = /project/{project})", order)
    if target == "User":
        return await _found(context, attribute, "(Disabled = false)", "DisplayName")
    return await _found(context, attribute, "", "") if target in SHORT else []


def projects(context: Context) -> list[Choice]:
    """Give the projects that the visitor may put items into."""
    return [Choice(f"/project/{each.oid}", each.name) for each in editable_projects(context)]


async def search(context: Context, attribute: AttributeDef, typed: str) -> list[Choice]:
    """Give the objects that have the typed words in what people call them, those that are called just so first."""
    text = typed.strip()
    if attribute.of == "Project":
        found = [each for each in projects(context) if text.lower() in each.text.lower()]
    else:
        found = await _found(context, attribute, _condition(context, attribute, text), "")
    return sorted(found, key=lambda choice: not is_exact(choice, text))


def is_exact(choice: Choice, typed: str) -> bool:
    """Whether a choice is called just what was typed, letter case aside."""
    return typed.strip().lower() in {choice.text.lower(), choice.label.lower()}


def _targets(context: Context, attribute: AttributeDef) -> Sequence[TypeDef]:
    return context.schema.concrete(context.schema.get(attribute.of or ""))


def _condition(context: Context, attribute: AttributeDef, text: str) -> str:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if attribute.of == "User":
        return f"(((DisplayName contains {quoted}) OR (UserName contains {quoted})) AND (Disabled = false))"
    if all("FormattedID" in item.attributes for item in _targets(context, attribute)) and text[-1:].isdigit():
        return f"((Name contains {quoted}) OR (FormattedID = {quoted}))"
    return f"(Name contains {quoted})"


async def _found(context: Context, attribute: AttributeDef, condition: str, order: str) -> list[Choice]:
    item = context.schema.get(attribute.of or "")
    workspace_wide = replace(context, scope=replace(context.scope, workspace=context.workspace, projects=None))
    asked = Asked(
        query=condition,
        order=order,
        pagesize=MOST,
        fetch=fetch_of(("Name", "DisplayName", "UserName", "FormattedID", "Project")),
        counted=False,
    )
    return [_choice(record) for record in records(await query(workspace_wide, item, asked))]


def _choice(record: Record) -> Choice:
    if record.type.name == "User":
        name, login = record.text("DisplayName"), record.text("UserName")
        return Choice(record.ref, name or login, login if name else "")
    if record.label:
        return Choice(record.ref, record.label, record.title)
    return Choice(record.ref, record.title, record.text("Project"))
