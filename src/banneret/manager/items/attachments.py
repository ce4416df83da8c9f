"""Attachments of an item: take a file in, give it out, remove it.

A file goes to the database in pieces while nobody else waits for it, as one that comes over WSAPI does (ADR 0011). What it is called
and says that it is comes from a stranger, so it is given out under headers with which no file does harm.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from banneret.kernel.errors import NotAuthorized, RelationRefused, RequiredValueMissing
from banneret.kernel.refs import Ref
from banneret.kernel.values import to_wire
from banneret.manager.items.addresses import path_to
from banneret.manager.items.detail import load_item, permitted
from banneret.manager.visits import Sent
from banneret.operations import contents
from banneret.operations.attachments import find
from banneret.operations.contents import LARGEST, PIECE, Upload
from banneret.operations.create import create
from banneret.operations.delete import delete
from banneret.operations.permitted import UPDATE
from banneret.web.file_headers import HARMLESS, disposition, file_name, media_type

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from banneret.manager.forms import Form
    from banneret.manager.visits import Show, Visit, Visits
    from banneret.operations.contents import Held
    from banneret.operations.ports import Store, Transaction

_AT_ONCE = 5
"""Pieces that one unit of work stores."""


def uploading(visits: Visits) -> Callable[[Request, str, Form], Awaitable[Any]]:
    """Give what stores a form's file before the form is acted on; it belongs to nobody until then, and is swept if it never does."""

    async def require_update(visit: Visit) -> None:
        _, _, record = await load_item(visit)
        if not permitted(visit, record) & UPDATE:
            raise NotAuthorized("update", record.type.element_name, record.oid)

    async def store_file(request: Request, token: str, form: Form) -> Upload | None:
        if form["remove"]:
            return None
        await visits.look(request, token, require_update)
        file = form.files.get("File")
        if file is None or not file.filename:
            form.errors["File"] = "Choose a file."
            return None
        if not file.size or file.size > LARGEST:
            form.errors["File"] = "The file is empty." if not file.size else "The file is larger than 50 MB."
            return None
        stored: int | None = None
        first = 0
        while block := await file.read(PIECE * _AT_ONCE):
            pieces = [block[start : start + PIECE] for start in range(0, len(block), PIECE)]
            moment = to_wire(visits.clock.now())

            async def work(
                unit: Transaction,
                stored: int | None = stored,
                first: int = first,
                pieces: list[bytes] = pieces,
                moment: str = moment,
            ) -> int:
                return await contents.stage(unit, stored, moment, first, pieces)

            stored = await visits.store.write(work)
            first += len(pieces)
        return Upload(file.size, stored=stored)

    return store_file


async def attach(visit: Visit, form: Form) -> Sent:
    """`…/attachments`: attach the file that has arrived, or remove an attachment."""
    context, _, record = await load_item(visit)
    query_string = f"?{visit.request.url.query}" if visit.request.url.query else ""
    back = Sent(f"{path_to(visit, record)}{query_string}#attachments")
    schema = context.schema
    gone = form["remove"]
    if gone:
        if not gone.isdigit() or len(gone) > 18:
            raise RequiredValueMissing("Attachment", "File", "An attachment")
        await delete(context, schema.get("Attachment"), Ref("Attachment", object_id=int(gone)))
        return back
    file = form.files.get("File")
    if file is None or not isinstance(visit.ready, Upload):
        raise RequiredValueMissing("Attachment", "File", "A file")
    content = await create(context, schema.get("AttachmentContent"), {"Content": visit.ready}, "AttachmentContent")
    body = {
        "Artifact": record.ref,
        "Content": f"/attachmentcontent/{content}",
        "Name": file_name(file.filename or ""),
        "ContentType": media_type(file.content_type),
        "Size": visit.ready.size,
    }
    try:
        await create(context, schema.get("Attachment"), body, "Attachment")
    except RelationRefused as error:
        raise RelationRefused("Attachment", "File", "File", error.reason) from None
    return back


def downloading(store: Store) -> Show:
    """Give what answers `/items/attachments/<id>/<name>`."""

    async def give(visit: Visit, _form: Form) -> Response:
        found = await find(visit.context, Ref("Attachment", object_id=visit.argument("oid")))
        kind = media_type(found.content_type)
        headers = {
            "content-disposition": disposition(kind, found.name).decode("ascii"),
            "etag": found.tag,
            # It may be taken away from who may see it now, so it is asked for each time, at the price of a 304.
            "cache-control": "private, no-cache",
            "x-content-type-options": "nosniff",
            **{name.decode(): value.decode() for name, value in HARMLESS},
        }
        if visit.request.headers.get("if-none-match") == found.tag:
            return Response(status_code=304, headers=headers)
        headers["content-length"] = str(found.held.size)
        return StreamingResponse(_pieces(store, found.held), media_type=kind, headers=headers)

    return give


async def _pieces(store: Store, held: Held) -> AsyncIterator[bytes]:
    async for piece in contents.read(store, held, 0, held.size - 1):
        yield piece
        await asyncio.sleep(0)  # others have their turn between two pieces
