"""Create an object: one request, one transaction, and everything that comes with the object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.rules import may
from banneret.catalogue.model import HOLDERS
from banneret.kernel.errors import NotAuthorized, RequiredValueMissing, UnsupportedOperation
from banneret.kernel.refs import Ref
from banneret.operations import collect, contents
from banneret.operations.changes import Changes, read_changes, settable
from banneret.operations.context import default_project, require_open
from banneret.operations.define import define
from banneret.operations.locate import Located
from banneret.operations.marking import note_created
from banneret.operations.rank import UNRANKED, Ranking, bottom_rank, place_ranked
from banneret.operations.recording import UNRECORDED, record_event, record_revision
from banneret.operations.references import fitting, hold, resolve
from banneret.operations.rules import after_create, before_create, childless
from banneret.operations.rules.people import change_role, granted_before
from banneret.operations.values import default_value, to_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

_json = msgspec.json.Encoder()

SETTLED = frozenset({"ObjectID", "ObjectUUID", "CreationDate", "VersionId", "Subscription"})
"""Attributes that the server alone gives."""

TOUCHING = frozenset(
    {*("Subscription", "Scope", "UserPermission", "User", "WorkspaceConfiguration"), "ScheduleState", "FlowState"}
)
"""Tables whose rows the landscape or permissions are made of."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a scenario fixes and a request may not: ObjectID, UUID, FormattedID number, date of creation (wire form).

    `bare`: without what comes along with such an object, because the scenario lists that itself.
    """

    oid: int | None = None
    uuid: str | None = None
    formatted_id: str | None = None
    created: str | None = None
    internal: bool = False
    bare: bool = False


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object belongs: its workspace, and the project that decides who sees it."""

    workspace: int | None
    project: int | None


async def create(
    context: Context,
    item: TypeDef,
    body: Mapping[str, object],
    root: str,
    given: Given = NOTHING,
    ranking: Ranking = UNRANKED,
) -> int:
    """Create an object of a concrete type and give its ObjectID.

    `root` is the body's root key as sent, for warnings. `given.internal` lets the server create types that the wire does not.
    Without a `ranking` it stands at the bottom.

    Raises:
        UnsupportedOperation, NotAuthorized, InvalidValue and what `read_changes` raises; then nothing is stored.

    """
    if not given.internal and (item.abstract or "create" not in item.operations):
        raise UnsupportedOperation(item.element_name, "create")
    if item.virtual:
        return await define(context, item, body, root, given.oid)
    raw = settable(item, body, root, context, creating=True)
    if given.internal:
        raw |= {
            found: value
            for name, value in body.items()
            if (found := item.find(name)) is not None and found.name not in SETTLED and not found.is_collection
        }
    place = await _place(context, item, raw)
    if context.identity is not None and not may(
        context.identity,
        "create",
        item.name,
        item.lineage,
        workspace=place.workspace,
        project=place.project,
        target_user=await _whose(context, item, raw),
        attributes=tuple(attribute.name for attribute in raw),
    ):
        raise NotAuthorized("create", item.element_name)
    if "UserPermission" not in item.lineage:
        require_open(context, item.element_name, place.workspace)
    local = context.in_workspace(place.workspace)
    item = local.schema.get(item.name)
    raw = {item.attributes[attribute.name]: value for attribute, value in raw.items()}
    changes = await read_changes(local, item, raw, place.workspace)
    if ranking:
        await place_ranked(local, item, None, ranking, changes)
    values = dict(_defaults(item))
    values |= {key: value for key, value in changes.values.items() if key.is_stored}
    if "UserPermission" in item.lineage and not given.internal:
        held = await granted_before(local, item, values)
        if held is not None:
            return await change_role(local, held, changes)
    await before_create(local, item, values, changes)
    return await _store(local, item, values, changes, place, given)


@lru_cache(maxsize=1024)
def _defaults(item: TypeDef) -> dict[AttributeDef, Any]:
    """Give what a new object of a type has where the request says nothing; not to be changed, for it is kept."""
    values = {
        attribute: default_value(attribute)
        for attribute in item.attributes.values()
        if attribute.is_stored and not attribute.is_collection and attribute.name not in SETTLED
    }
    return values | {item.attributes[name]: value for name, value in childless(item).items()}


async def _whose(context: Context, item: TypeDef, raw: Mapping[AttributeDef, object]) -> int | None:
    """Give the user that a personal object is to belong to."""
    for attribute, value in raw.items():
        if attribute.name == "User" and value:
            return (await _target(context, item, attribute, value))[2]
    return context.user if item.name == "ProfileImage" else None


async def _place(context: Context, item: TypeDef, raw: dict[AttributeDef, object]) -> Place:
    """Settle workspace and project: body before parameters before the user's defaults (wsapi.md 6.2)."""
    if item.name in {"Workspace", "User", "Subscription"}:
        return Place(None, None)
    named = {attribute.name: value for attribute, value in raw.items()}
    for name in item.scope:
        ref = to_ref(item, item.attributes[name], named.get(name))
        if ref is not None:
            home = await hold(context, item, item.attributes[name], ref)
            return Place(home.workspace, home.project)
    if item.name == "Project" and named.get("Parent"):
        workspace, project, _ = await _target(context, item, item.attributes["Parent"], named["Parent"])
        return Place(workspace, project)
    if named.get("Project"):
        workspace, project, _ = await _target(context, item, item.attributes["Project"], named["Project"])
        return Place(workspace, project)
    workspace = context.workspace
    if named.get("Workspace"):
        workspace = (await _target(context, item, item.attributes["Workspace"], named["Workspace"]))[2]
    if item.name == "Project":
        return Place(workspace, None)
    if "Workspace" not in item.attributes:
        return Place(None, None)
    return Place(workspace, _assumed_project(context, item, raw, workspace))


def _assumed_project(
    context: Context, item: TypeDef, raw: dict[AttributeDef, object], workspace: int | None
) -> int | None:
    """Give the project of an item that names none, and set it; None for types that need none."""
    attribute = item.attributes.get("Project")
    if attribute is None or (attribute.read_only and not attribute.required):
        return None
    facts = context.landscape.projects.get(context.project) if context.project is not None else None
    project = context.project if facts is not None and facts.workspace == workspace else None
    if project is None and attribute.required:
        project = default_project(context.in_workspace(workspace))
    if project is not None:
        raw[attribute] = f"/project/{project}"
    return project


async def _target(
    context: Context, item: TypeDef, attribute: AttributeDef, value: object
) -> tuple[int | None, int | None, int]:
    """Give workspace, project and ObjectID of what a ref in the body leads to."""
    ref: Ref | None = to_ref(item, attribute, value)
    if ref is None:
        raise RequiredValueMissing(item.element_name, attribute.name, attribute.display_name)
    found = fitting(context, item, attribute, ref, await resolve(context, [ref]), None)
    return found.workspace if found.type != "Workspace" else found.oid, found.project, found.oid


async def _store(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes, place: Place, given: Given
) -> int:
    for attribute in item.attributes.values():
        asked = attribute.required and attribute.is_stored and not attribute.read_only
        settled = attribute.name in SETTLED or attribute.name == "Workspace"
        if asked and not settled and values.get(attribute) is None:
            raise RequiredValueMissing(item.element_name, attribute.name, attribute.display_name)
    writer = context.unit.writer
    oid = given.oid if given.oid is not None else await writer.next_object_id(place.workspace)
    created = given.created or context.moment
    workspace = place.workspace if item.name != "Workspace" else oid
    project = place.project if item.name != "Project" else oid
    await _number(context, item, values, workspace, given)
    _stamp(context, item, values, created, oid)
    history = await _history(context, item, values, created, workspace, project) if item.has_revisions else None
    naming = item.naming_attribute
    name = values.get(item.attributes[naming]) if naming else None
    custom = {key.name: value for key, value in values.items() if key.custom and value not in (None, [])}
    kept = {key: value for key, value in values.items() if not key.custom}
    kept[item.attributes["CreationDate"]] = created
    kept[item.attributes["VersionId"]] = 1
    if item.table in TOUCHING:
        await context.unit.touch()
    writer.add_object(
        item,
        oid=oid,
        uuid=given.uuid or context.identifiers.uuid(),
        values=kept,
        custom_fields=_json.encode(custom).decode() if custom else "{}",
        workspace=workspace,
        project=project,
        name=name,
        directory_project=project,
    )
    if item.name in HOLDERS:
        await contents.keep(context, item.name.lower(), oid, values[item.attributes["Content"]])
    if history is not None:
        await record_revision(context, history, 0, "Original revision", workspace=workspace, project=project)
    diff: dict[str, tuple[Any, Any]] = {
        key.name: (None, value)
        for key, value in values.items()
        if value not in (None, "", False) and key.name not in UNRECORDED and not isinstance(value, contents.Upload)
    }
    made = Located(oid, item, workspace, project, name or "")
    diff |= (await collect.set_links(context, made, changes.collections)).members
    record_event(context, item, oid, "created", version=1, workspace=workspace, project=project, diff=diff)
    if changes.collections:
        await collect.set_owned(context, made, changes.collections)
    note_created(context, item, oid, values)
    if not given.bare:
        await after_create(context, item, oid, values)
    return oid


async def _number(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], workspace: int | None, given: Given
) -> None:
    """Give the FormattedID: the next number of the type's prefix in the workspace, never used twice."""
    attribute = item.attributes.get("FormattedID")
    if attribute is None or workspace is None:
        return
    prefix = item.prefix or item.element_name[:2].upper()
    counter = f"id:{prefix}"
    if given.formatted_id is not None:
        number = int(given.formatted_id.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
        await context.unit.writer.raise_number(workspace, counter, number)
    else:
        number = await context.unit.writer.next_number(workspace, counter)
    values[attribute] = f"{prefix}{number}"
    for name, value in (("FormattedIDID", number), ("FormattedIDPrefix", prefix)):
        if name in item.attributes:
            values[item.attributes[name]] = value


def _stamp(context: Context, item: TypeDef, values: dict[AttributeDef, Any], created: str, oid: int) -> None:
    """Set what every create sets: dates, author, rank at the bottom."""
    for name, value in (
        ("LastUpdateDate", created),
        ("LastUpdatedDate", created),
        ("CreatedBy", context.user),
        ("DragAndDropRank", bottom_rank(created, oid)),
    ):
        attribute = item.attributes.get(name)
        if attribute is not None and values.get(attribute) is None:
            values[attribute] = value


async def _history(
    context: Context,
    item: TypeDef,
    values: dict[AttributeDef, Any],
    created: str,
    workspace: int | None,
    project: int | None,
) -> int:
    history = context.schema.get("RevisionHistory")
    oid = await context.unit.writer.next_object_id(workspace)
    context.unit.writer.add_object(
        history,
        oid=oid,
        uuid=context.identifiers.uuid(),
        values={history.attributes["CreationDate"]: created, history.attributes["VersionId"]: 1},
        custom_fields="{}",
        workspace=workspace,
        project=project,
        name=None,
        directory_project=project,
    )
    values[item.attributes["RevisionHistory"]] = oid
    return oid
