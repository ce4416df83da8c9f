"""Between projects: what an item belongs to decides who sees it, and what hangs on it goes where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.operations.changes import Changes
from banneret.operations.locate import Located

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context


def follow_home(item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> int | None:
    """Give the project of what an object is now said to hang on, None where the change says nothing of that.

    A Project of its own follows (object-model.md 6: tasks are where their work product is).
    """
    for name in item.scope:
        target = changes.targets.get(values.get(item.attributes[name]) or 0)
        if target is not None:
            if "Project" in item.attributes:
                values[item.attributes["Project"]] = target.project
            return target.project
    return None


async def settle(context: Context, found: Located, project: int | None) -> None:
    """Put an object that was changed into another project, with everything that hangs on it."""
    if found.type.table is not None:
        _put(context, found.type.table.lower(), found.oid, project)
    await take_along(context, found.type, found.oid, project)


async def take_along(context: Context, item: TypeDef, oid: int, project: int | None) -> None:
    """Move what hangs on an object: its history, its content, and the objects whose scope it is."""
    from banneret.operations.update import apply

    writer = context.unit.writer
    for attribute in item.attributes.values():
        goes_along = attribute.owned or (attribute.name == "RevisionHistory" and item.has_revisions)
        column = writer.column_of(item, attribute) if goes_along else None
        if column is None:
            continue
        owned = context.schema.get(attribute.of or "")
        for (held,) in await writer.fetch(column[0], {"oid": oid}, [column[1]]):
            if held is not None and owned.table is not None:
                _put(context, owned.table.lower(), held, project)
                await take_along(context, owned, held, project)
    for dependent, column in _hanging_on(context, item):
        wanted = {column[1]: oid, **({"concrete_type": dependent.name} if _shares_table(context, dependent) else {})}
        for (held,) in await writer.fetch(column[0], wanted, ["oid"]):
            if dependent.has_revisions and "Project" in dependent.attributes:
                child = Located(held, dependent, context.workspace, None)
                await apply(context, child, Changes(values={dependent.attributes["Project"]: project}))
            else:
                _put(context, column[0], held, project)
                await take_along(context, dependent, held, project)


def _put(context: Context, table: str, oid: int, project: int | None) -> None:
    for name in (table, "directory"):
        context.unit.writer.update(name, {"oid": oid}, {"project_oid": project})


def _hanging_on(context: Context, item: TypeDef) -> Iterator[tuple[TypeDef, tuple[str, str]]]:
    """Give the types whose objects are seen through one of this type, and the column that says which."""
    for other in context.schema.types.values():
        for name in other.scope if not other.abstract else ():
            attribute = other.attributes[name]
            column = context.unit.writer.column_of(other, attribute) if attribute.of in item.lineage else None
            if column is not None:
                yield other, column


def _shares_table(context: Context, item: TypeDef) -> bool:
    return sum(other.table == item.table and not other.abstract for other in context.schema.types.values()) > 1
