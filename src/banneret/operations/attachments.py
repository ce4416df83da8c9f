"""What stands behind an address of a file: an attachment with its content, a user with his picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.sight import ALL
from banneret.kernel.errors import ObjectNotFound
from banneret.operations import contents, pictures
from banneret.operations.locate import locate
from banneret.operations.ports import HEAD

if TYPE_CHECKING:
    from banneret.kernel.refs import Ref
    from banneret.operations.contents import Held
    from banneret.operations.context import Context


@dataclass(frozen=True, slots=True)
class File:
    """An attachment's file. `tag` is an entity tag that changes with whatever a download shows."""

    name: str
    content_type: str | None
    held: Held
    tag: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """A user's name, and his picture with its media type where he has one."""

    oid: int
    name: str
    tag: str
    held: Held | None = None
    content_type: str | None = None


async def find(context: Context, ref: Ref) -> File:
    """Give the file of an attachment.

    Raises:
        ObjectNotFound: missing, not to be seen, or its content was deleted.

    """
    item = context.landscape.stock.get("Attachment")
    located = await locate(context, item, ref)
    if located is None:
        raise ObjectNotFound
    attributes = tuple(item.attributes[name] for name in ("Name", "ContentType", "Content"))
    rows = await context.unit.reader.rows((item,), attributes, [located.oid], context.sight)
    if not rows or rows[0][-1] is None:
        raise ObjectNotFound
    name, content_type, content = rows[0][HEAD:]
    held = await contents.find(context.unit, content)
    if held is None:
        raise ObjectNotFound
    return File(name or "", content_type, held, f'"{content}-{rows[0][2]}"')


async def portrait(context: Context, ref: Ref) -> Portrait:
    """Give what a user looks like.

    Raises:
        ObjectNotFound: there is no such user to be seen.

    """
    item = context.landscape.stock.get("User")
    located = await locate(context, item, ref)
    if located is None:
        raise ObjectNotFound
    attributes = tuple(item.attributes[name] for name in ("DisplayName", "UserName", "ProfileImage"))
    ((*_, display_name, user_name, picture),) = await context.unit.reader.rows((item,), attributes, [located.oid], ALL)
    name = display_name or user_name or ""
    held = await contents.find(context.unit, picture) if picture is not None else None
    if held is not None:
        kind = pictures.media_type(await contents.piece(context.unit, held, 0)) if held.size else None
        if kind is not None:
            return Portrait(located.oid, name, f'"{picture}"', held, kind)
    # What is drawn depends on nothing but who it is and what he is called.
    return Portrait(located.oid, name, f'"{located.oid}-{name.encode().hex()[:64]}"')
