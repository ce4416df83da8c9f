"""Which page of the work items stands under which address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from banneret.manager.items import acts, attachments, editing
from banneret.manager.items.addresses import ROOT
from banneret.manager.items.detail import show_item
from banneret.manager.items.lists import show_csv, show_or_go
from banneret.operations.contents import LARGEST

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from banneret.manager.visits import Act, Show, Visits

_BOTH = ["GET", "POST"]


def item_routes(visits: Visits) -> list[Route]:
    """Give the pages below `/items/`. What is about one item stands under its FormattedID and under type and ObjectID."""
    page = visits.page
    found = [
        Route(ROOT, _to_list),
        Route(f"{ROOT}/", page(show_or_go)),
        Route(f"{ROOT}.csv", page(show_csv)),
        Route(f"{ROOT}/new", page(editing.show_kinds)),
        Route(f"{ROOT}/new/{{type}}", page(editing.show_new, editing.create_item), methods=_BOTH),
        Route(f"{ROOT}/options", page(acts.options)),
        Route(f"{ROOT}/attachments/{{oid:int}}/{{name}}", page(attachments.downloading(visits.store))),
        Route(acts.BIN, page(acts.show_bin)),
        Route(f"{acts.BIN}/{{entry}}/restore", page(acts.show_restore, acts.restore_item), methods=_BOTH),
    ]
    of_item: list[tuple[str, Show, Act | None]] = [
        ("", show_item, None),
        ("/edit", editing.show_edit, editing.edit),
        ("/discuss", show_item, acts.discuss),
        ("/tasks", show_item, acts.add_task),
        ("/tags", show_item, acts.tag),
        ("/rank", show_item, acts.rank),
        ("/delete", acts.show_delete, acts.delete_item),
    ]
    for end, show, act in of_item:
        methods = _BOTH if act is not None else ["GET"]
        found += [
            Route(f"{ROOT}/{address}{end}", page(show, act), methods=methods)
            for address in ("{type}/{oid:int}", "{label}")
        ]
    attach = page(show_item, attachments.attach, prepare=attachments.uploading(visits), files=LARGEST)
    found += [
        Route(f"{ROOT}/{address}/attachments", attach, methods=_BOTH) for address in ("{type}/{oid:int}", "{label}")
    ]
    return found


async def _to_list(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{ROOT}/{query}", 302)
