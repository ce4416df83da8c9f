"""Read one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.kernel.errors import ObjectNotFound
from banneret.operations import metadata
from banneret.operations.fetch import EVERYTHING, Fetch
from banneret.operations.fetching import Level, load, stored_attributes
from banneret.operations.locate import Located, locate
from banneret.operations.query import Page

if TYPE_CHECKING:
    from banneret.catalogue.model import TypeDef
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context


async def read(context: Context, item: TypeDef, ref: Ref, fetch: Fetch) -> Page:
    """Give one object as a page of one; `item` may be abstract.

    Raises:
        ObjectNotFound: missing, deleted, of another type, or not to be seen.

    """
    if item.virtual:
        defined = metadata.find_definition(context, item, ref)
        if defined is None:
            raise ObjectNotFound
        return Page(1, 1, 1, Level(fetch=fetch), [defined[1]])
    fast = await _directly(context, item, ref, fetch)
    if fast is not None:
        return fast
    located = await locate(context, item, ref)
    if located is None:
        raise ObjectNotFound
    return await show(context, located, fetch)


async def _directly(context: Context, item: TypeDef, ref: Ref, fetch: Fetch) -> Page | None:
    """A concrete type and an ObjectID need no directory: the row itself says whether it is there."""
    if item.abstract or item.table is None or ref.object_id is None:
        return None
    attributes = stored_attributes((item,), fetch)
    rows = await context.unit.reader.rows((item,), attributes, [ref.object_id], context.sight)
    if not rows:
        return None
    workspace = rows[0][5]
    if workspace != context.workspace and workspace is not None:
        return None
    return Page(1, 1, 1, await load(context, (item,), attributes, rows, fetch))


async def show(context: Context, located: Located, fetch: Fetch = EVERYTHING) -> Page:
    """Give a located object as a page of one, in its own workspace's schema."""
    if located.oid in context.unit.stale:
        await context.unit.conclude()
    await context.unit.writer.flush()
    local = context.in_workspace(located.workspace)
    candidates = (located.type,)
    attributes = stored_attributes(candidates, fetch)
    rows = await local.unit.reader.rows(candidates, attributes, [located.oid], local.sight)
    if not rows:
        raise ObjectNotFound
    return Page(1, 1, 1, await load(local, candidates, attributes, rows, fetch))
