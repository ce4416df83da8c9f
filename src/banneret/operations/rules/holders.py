"""Rules of what holds content: attachments and their contents, users and their pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from banneret.kernel.errors import RelationRefused, RequiredValueMissing
from banneret.operations import contents, pictures
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

_HOMES = ("Artifact", "TestCaseResult")


async def complete_attachment(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes
) -> None:
    """An attachment hangs on something; it is as large as its content, whatever a client says, and is seen with it."""
    _require_home(item, values)
    await _require_extension(context, item, values.get(item.attributes["Name"]))
    content = values.get(item.attributes["Content"])
    if content is not None:
        home = next(values[item.attributes[name]] for name in _HOMES if values.get(item.attributes[name]))
        project = changes.targets[home].project if home in changes.targets else None
        values[item.attributes["Size"]] = await _attach(context, item, content, project)
    if not changes.sets("User"):
        values[item.attributes["User"]] = context.user


async def change_attachment(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """What holds for a new attachment holds for a changed one; content that is replaced is left."""
    item = found.type
    name, content = item.attributes["Name"], item.attributes["Content"]
    if any(item.attributes[home] in values for home in _HOMES):
        _require_home(item, {**old, **values})
    if values.get(name) not in {None, old.get(name)}:
        await _require_extension(context, item, values[name])
    if content not in values or values[content] == old.get(content):
        return
    size = 0
    if values[content] is not None:
        size = await _attach(context, item, values[content], found.project)
        if old.get(content) is not None:
            contents.leave(context, "attachmentcontent", old[content])
    values[item.attributes["Size"]] = size


def _require_home(item: TypeDef, values: Mapping[AttributeDef, Any]) -> None:
    if all(values.get(item.attributes[name]) is None for name in _HOMES):
        raise RequiredValueMissing(item.element_name, "Artifact", "Artifact")


async def _attach(context: Context, item: TypeDef, content: int, project: int | None) -> int:
    """Give content to one attachment, with which it is seen, moved and deleted, and tell its size."""
    await _take(context, item, "Content", content, ("attachment", "content_oid"))
    for table in ("attachmentcontent", "directory"):
        context.unit.writer.update(table, {"oid": content}, {"project_oid": project})
    held = await contents.find(context.unit, content)
    return held.size if held is not None else 0


async def _take(context: Context, item: TypeDef, attribute: str, holder: int, user: tuple[str, str]) -> None:
    """Let an object that holds content be used by one other object and no second one."""
    writer = context.unit.writer
    name = item.attributes[attribute].of or ""
    await writer.lock(name.lower(), holder)
    if await writer.fetch(user[0], {user[1]: holder}, ["oid"]):
        reason = f"Cannot connect object to value, {name} {holder} is in use already."
        raise RelationRefused(item.element_name, attribute, item.attributes[attribute].display_name, reason)
    writer.update(name.lower(), {"oid": holder}, {"uploader_oid": None})


async def _require_extension(context: Context, item: TypeDef, name: str | None) -> None:
    """A subscription may allow certain kinds of files only: `AttachmentFilenameExtensionWhitelist`, if that is enabled."""
    (row,) = await context.unit.writer.fetch(
        "subscription",
        {"oid": context.landscape.subscription_oid},
        ["attachmentfilenameextensionsenabled", "attachmentfilenameextensionwhitelist"],
    )
    allowed = [word.lstrip("*.").lower() for word in re.split(r"[\s,;]+", row[1] or "") if word]
    if not row[0] or name is None or "any" in allowed:
        return
    if name.rpartition(".")[2].lower() not in allowed or "." not in name:
        reason = f"{name} is none of the kinds of files that the subscription allows: {', '.join(allowed)}"
        raise RelationRefused(item.element_name, "Name", item.attributes["Name"].display_name, reason)


# ---------------------------------------------------------------------- pictures


async def require_picture(_context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes) -> None:
    """A profile image is a picture by its content, and no large one: everybody else's browser will show it."""
    attribute = item.attributes["Content"]
    upload: contents.Upload | None = values.get(attribute)
    if upload is None:
        return
    if upload.size > pictures.LARGEST:
        reason = f"a picture has {pictures.LARGEST} bytes at most, this one has {upload.size}"
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)
    if not upload.pieces or pictures.kind_of(b"".join(upload.pieces)) is None:
        reason = f"a PNG, JPEG, GIF or WebP picture of {pictures.WIDEST} pixels a side at most was expected"
        raise RelationRefused(item.element_name, attribute.name, attribute.display_name, reason)


async def show_picture(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """A picture is of one user; the one before it is left."""
    attribute = found.type.attributes["ProfileImage"]
    if attribute not in values or values[attribute] == old.get(attribute):
        return
    if values[attribute] is not None:
        await _take(context, found.type, attribute.name, values[attribute], ("user", "profileimage_oid"))
    if old.get(attribute) is not None:
        contents.leave(context, "profileimage", old[attribute])


async def show_first_picture(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes
) -> None:
    """As `show_picture`, for a new user."""
    picture = values.get(item.attributes["ProfileImage"])
    if picture is not None:
        await _take(context, item, "ProfileImage", picture, ("user", "profileimage_oid"))


RULES = {
    "attachment_content": Rule(before_create=complete_attachment, before_update=change_attachment),
    "picture_kind": Rule(before_create=require_picture),
    "user_picture": Rule(before_create=show_first_picture, before_update=show_picture),
}
