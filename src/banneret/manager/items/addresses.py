"""Where items stand: `/items/DE7`, or `/items/defect/123` where the visitor sees more than one workspace that may have a DE7."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from banneret.kernel.errors import ObjectNotFound
from banneret.kernel.refs import Ref
from banneret.operations.fetch import SHALLOW
from banneret.operations.locate import Located, locate
from banneret.operations.query import Asked, query

if TYPE_CHECKING:
    from banneret.access.landscape import WorkspaceFacts
    from banneret.manager.items.records import Record
    from banneret.manager.visits import Visit
    from banneret.operations.context import Context

ROOT = "/items"
_LABEL = re.compile(r"(?P<prefix>[A-Za-z]+)(?P<number>\d{1,15})")


def workspaces(visit: Visit) -> list[WorkspaceFacts]:
    """Give the open workspaces that the visitor sees, by name."""
    sight = visit.context.sight
    seen = [each for each in visit.context.landscape.workspaces.values() if each.is_open and sight.sees(each.oid, None)]
    return sorted(seen, key=lambda each: each.name.lower())


def path_of(visit: Visit, type_name: str, oid: int, label: str = "") -> str:
    """Give the address of an item's page."""
    if label and len(workspaces(visit)) == 1:
        return f"{ROOT}/{label}"
    return f"{ROOT}/{type_name.rpartition('/')[2].lower()}/{oid}"


def path_to(visit: Visit, record: Record) -> str:
    """Give the address of a record's page."""
    return path_of(visit, record.type.name, record.oid, record.label)


async def here(visit: Visit) -> Located:
    """Give the item that the visited address names.

    Raises:
        ObjectNotFound: missing, deleted, hidden, no item, or several of that FormattedID.

    """
    found = await named(visit)
    if len(found) != 1:
        raise ObjectNotFound
    return found[0]


async def named(visit: Visit) -> list[Located]:
    """Give the items that the visited address may mean: one at most, unless workspaces share a FormattedID."""
    params = visit.request.path_params
    if "oid" not in params:
        return await labelled(visit, params["label"])
    for context in _contexts(visit):
        item = context.schema.find(params["type"])
        if item is not None and "Artifact" in item.lineage:
            found = await locate(context, item, Ref(item.name, object_id=visit.argument("oid")))
            return [found] if found is not None else []
    return []


async def labelled(visit: Visit, label: str) -> list[Located]:
    """Give the items of a FormattedID, one a workspace."""
    match = _LABEL.fullmatch(label)
    found: list[Located] = []
    for context in _contexts(visit) if match is not None else ():
        for item in context.schema.types.values():
            fits = match is not None and (item.prefix or "").lower() == match["prefix"].lower()
            if not fits or item.abstract or item.virtual or "Artifact" not in item.lineage:
                continue
            asked = Asked(query=f'(FormattedID = "{label}")', pagesize=2, fetch=SHALLOW)
            page = await query(replace(context, scope=replace(context.scope, projects=None)), item, asked)
            for group in page.level.groups:
                found += [Located(row[0], group.type, row[5], row[4]) for row in group.rows]
    return found


def _contexts(visit: Visit) -> list[Context]:
    """Give the surroundings of each workspace that the visitor sees, his own one first."""
    own = visit.context.workspace
    seen = sorted((each.oid for each in workspaces(visit)), key=lambda oid: (oid != own, oid))
    return [
        replace(visit.context, workspace=oid, scope=replace(visit.context.scope, workspace=oid, projects=None))
        for oid in seen
    ]
