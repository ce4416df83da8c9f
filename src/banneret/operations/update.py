"""Update an object: only what the body names changes, and only what really changes is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.rules import may
from banneret.access.sight import ALL
from banneret.kernel.errors import NotAuthorized, ObjectToUpdateNotFound, UnsupportedOperation
from banneret.operations import collect
from banneret.operations.changes import Changes, read_changes, settable
from banneret.operations.create import TOUCHING
from banneret.operations.locate import locate
from banneret.operations.marking import note_change
from banneret.operations.move import follow_home, settle
from banneret.operations.ports import HEAD
from banneret.operations.rank import UNRANKED, Ranking, place_ranked
from banneret.operations.recording import UNRECORDED, describe, record_event, record_revision
from banneret.operations.references import hold
from banneret.operations.rules import after_update, before_update
from banneret.operations.values import to_ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from banneret.access.roles import Role
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context
    from banneret.operations.locate import Located
    from banneret.operations.references import Target

_json = msgspec.json.Encoder()


async def update(
    context: Context, item: TypeDef, ref: Ref, body: Mapping[str, object], root: str, ranking: Ranking = UNRANKED
) -> Located:
    """Update the object that `ref` names, as type `item` (which may be abstract), and say what and where it is.

    With a `ranking` it moves to that place, in the same version.

    Raises:
        ObjectToUpdateNotFound: missing, of another type, or not to be seen.
        NotAuthorized, UnsupportedOperation, InvalidValue and what `read_changes` raises; then nothing is stored.

    """
    found = await locate(context, item, ref)
    if found is None:
        raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
    if "update" not in found.type.operations:
        raise UnsupportedOperation(found.type.element_name, "update")
    local = context.in_workspace(found.workspace)
    raw = settable(found.type, body, root, context, creating=False)
    if found.type.table not in SELECTIVE:
        require_update(context, found)
    for attribute, value in raw.items():
        home = to_ref(found.type, attribute, value) if attribute.name in found.type.scope else None
        if home is not None:
            await hold(local, found.type, attribute, home)
    changes = await read_changes(local, found.type, raw, found.workspace)
    if ranking:
        await place_ranked(local, found.type, found.oid, ranking, changes)
    await apply(local, found, changes, guarded=found.type.table in SELECTIVE)
    if changes.collections:
        await collect.set_owned(local, found, changes.collections)
    return found


SELECTIVE = frozenset({"User", "UserProfile", "Scope", "Subscription"})
"""Tables where who may change an object depends on which of its attributes change."""


def require_update(
    context: Context, found: Located, names: tuple[str, ...] = (), *, target_role: Role | None = None
) -> None:
    """Refuse who may not change an object, or these attributes of it; `target_role` is what a User holds at most.

    Raises:
        NotAuthorized: with the object's own type and ObjectID, as KB 115241 shows.

    """
    if context.identity is None:
        return
    target = found.oid if found.type.name == "User" else found.user
    project = found.oid if found.type.name == "Project" else found.project
    if not may(
        context.identity,
        "update",
        found.type.name,
        found.type.lineage,
        workspace=found.workspace,
        project=project,
        target_user=target,
        target_role=target_role,
        attributes=names,
    ):
        raise NotAuthorized("update", found.type.element_name, found.oid)


async def apply(context: Context, found: Located, changes: Changes, *, guarded: bool = False) -> bool:
    """Write changed values and link collections of one object with event and revision; say whether anything changed at all.

    With `guarded`, whether the caller may is asked here, for just the attributes that change.
    """
    item = found.type
    values = {key: value for key, value in changes.values.items() if key.is_stored}
    row = await current(context, item, found.oid)
    if row is None:
        raise ObjectToUpdateNotFound(item.element_name, str(found.oid))
    version, old = row.version, row.values
    found = replace(found, project=row.project)  # another one may have moved it since it was located
    await before_update(context, found, old, values, changes)
    home = follow_home(item, values, changes)
    changed = {key: (old.get(key), value) for key, value in values.items() if not same(old.get(key), value)}
    linked = await collect.set_links(context, found, changes.collections)
    if not changed and not linked.members:
        return False
    if guarded:
        names = (*(attribute.name for attribute in changed), *linked.members)
        require_update(context, found, names, target_role=await _role_of(context, found, old))
    moved = item.attributes.get("Project")
    project = changed[moved][1] if moved in changed else home
    if project is not None and project != found.project:
        _require_move(context, found, project)
    words = ", ".join(linked.words)
    await store(context, found, version, old, changed, changes, described=words, members=linked.members)
    if project is not None and project != found.project:
        await settle(context, found, project)
    await after_update(context, found, old, changed)
    return True


async def _role_of(context: Context, found: Located, old: Mapping[AttributeDef, Any]) -> Role | None:
    """Give the strongest role of a user who is to be changed: nobody is delegated to touch his equals or betters."""
    if found.type.name != "User":
        return None
    administrator = bool(old.get(found.type.attributes["SubscriptionAdmin"]))
    held, _ = await context.unit.permissions(found.oid, context.landscape, subscription_admin=administrator)
    return held.highest


def same(old: object, new: object) -> bool:
    """Whether two stored values mean the same: nothing, an empty text and an empty list do."""
    return old == new or (old in (None, "", []) and new in (None, "", []))


@lru_cache(maxsize=1024)
def _stored(item: TypeDef) -> tuple[AttributeDef, ...]:
    return tuple(key for key in item.attributes.values() if key.is_stored)


@dataclass(frozen=True, slots=True)
class Current:
    """An object as it is: its version, its stored values, and where it belongs."""

    version: int
    values: dict[AttributeDef, Any]
    project: int | None
    workspace: int | None


async def current(context: Context, item: TypeDef, oid: int) -> Current | None:
    """Give an object as it is, locked until the unit of work ends; None when it is gone."""
    return (await currents(context, item, [oid])).get(oid)


async def currents(context: Context, item: TypeDef, oids: Iterable[int]) -> dict[int, Current]:
    """Give objects of one type as they are, in one statement, locked in the order of their ObjectIDs."""
    attributes = _stored(item)
    await context.unit.writer.flush()
    found = {}
    for row in await context.unit.reader.rows((item,), attributes, oids, ALL, lock=True):
        values: dict[AttributeDef, Any] = {}
        for key, value in zip(attributes, row[HEAD:], strict=True):
            if key.custom:
                values[key] = msgspec.json.decode(value).get(key.name)
            elif key.type.value == "BOOLEAN":
                values[key] = None if value is None else bool(value)
            else:
                values[key] = value
        found[row[0]] = Current(int(row[2]), values, row[4], row[5])
    return found


async def derive(
    context: Context,
    found: Located,
    row: Current,
    values: Mapping[AttributeDef, Any],
    targets: Mapping[int, Target] | None = None,
    *,
    quietly: bool = False,
) -> None:
    """Write values that the server found in other objects, as any change is written: with rules, version, event and revision.

    `targets` are known targets of refs among the values. `quietly`: the row alone changes.
    """
    new = dict(values)
    changes = Changes(values=new, targets=dict(targets or {}), derived=True)
    await before_update(context, found, row.values, new, changes)
    pairs = sorted(((key, (row.values.get(key), value)) for key, value in (new | dict(values)).items()), key=_by_name)
    changed = {key: pair for key, pair in pairs if not same(*pair)}
    if quietly:
        written = {key: value for key, (_, value) in changed.items() if not key.custom}
        context.unit.writer.change_object(found.type, found.oid, values=written, custom_fields=None)
        note_change(context, found.type, found.oid, row.values, changed)
    elif changed:
        await store(context, found, row.version, row.values, changed, changes)
        await after_update(context, found, row.values, changed)


def _by_name(entry: tuple[AttributeDef, tuple[Any, Any]]) -> str:
    return entry[0].name


async def store(
    context: Context,
    found: Located,
    version: int,
    old: Mapping[AttributeDef, Any],
    changed: Mapping[AttributeDef, tuple[Any, Any]],
    changes: Changes | None = None,
    described: str | None = None,
    members: Mapping[str, tuple[list[int], list[int]]] | None = None,
) -> None:
    """Write one object's next version: row, directory, event, revision.

    `members` are the ObjectIDs that left and joined its collections, and `described` the words for that.
    """
    item, writer = found.type, context.unit.writer
    values = {key: new for key, (_, new) in changed.items() if not key.custom}
    values[item.attributes["VersionId"]] = version + 1
    for name in ("LastUpdateDate", "LastUpdatedDate"):
        if name in item.attributes:
            values[item.attributes[name]] = context.moment
    custom = None
    if any(key.custom for key in changed):
        merged = {key.name: value for key, value in old.items() if key.custom}
        merged |= {key.name: new for key, (_, new) in changed.items() if key.custom}
        custom = _json.encode({name: value for name, value in merged.items() if value not in (None, [])}).decode()
    if item.table in TOUCHING:
        await context.unit.touch()
    writer.change_object(item, found.oid, values=values, custom_fields=custom)
    naming = item.naming_attribute
    entry: dict[str, Any] = {}
    if naming is not None and item.attributes[naming] in changed:
        entry["name"] = changed[item.attributes[naming]][1]
    moved = item.attributes.get("Project")
    project = found.project
    if moved is not None and moved in changed and item.name != "Project":
        project = changed[moved][1]
        entry["project_oid"] = project
    if entry:
        writer.update("directory", {"oid": found.oid}, entry)
    record_event(
        context,
        item,
        found.oid,
        "updated",
        version=version + 1,
        workspace=found.workspace,
        project=project,
        diff={key.name: pair for key, pair in changed.items() if key.name not in UNRECORDED} | dict(members or {}),
    )
    note_change(context, item, found.oid, old, changed)
    if item.has_revisions:
        history = old.get(item.attributes["RevisionHistory"])
        names = await _names(context, changed, changes)
        text = ", ".join(part for part in (describe(changed, names, context.zone), described) if part)
        if history is not None:
            await record_revision(context, history, version, text, workspace=found.workspace, project=project)


async def _names(
    context: Context, changed: Mapping[AttributeDef, tuple[Any, Any]], changes: Changes | None
) -> dict[int, str]:
    """Give what to call the old and new targets of changed refs; targets that the body named are known already."""
    names = {oid: target.name for oid, target in (changes.targets if changes else {}).items()}
    wanted = {
        value for key, pair in changed.items() if key.is_object for value in pair if value is not None
    } - names.keys()
    if wanted:
        rows = await context.unit.reader.references(wanted, ALL)
        names.update({oid: row[3] or str(oid) for oid, row in rows.items()})
    return names


def _require_move(context: Context, found: Located, project: int) -> None:
    """A move from one project to another needs the right to edit in both (access.md 3.3)."""
    if context.identity is None:
        return
    if not may(
        context.identity,
        "update",
        found.type.name,
        found.type.lineage,
        workspace=found.workspace,
        project=project,
        target_user=found.user,
    ):
        raise NotAuthorized("update", found.type.element_name, found.oid)
