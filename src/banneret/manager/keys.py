"""The API Keys tab of the Application Manager: which page stands under which address (KB 10814, KB 11568, KB 98242)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from banneret.manager import key_list, key_page, key_pair, must_open, one_key
from banneret.manager.key_list import ROOT, label_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.manager.visits import Visits

_BOTH = ["GET", "POST"]


def key_routes(visits: Visits) -> Sequence[Route]:
    """Give the pages of keys."""
    page, at = visits.page, ROOT
    one = f"{at}/{{key}}"
    return [
        Route(at, page(key_list.show_list, key_list.find), methods=_BOTH),
        Route(f"{at}.csv", page(key_list.show_csv)),
        Route(f"{at}/create", page(one_key.show_create, one_key.create, guarded=True), methods=_BOTH),
        Route(f"{at}/pair", page(key_pair.show_pair, key_pair.make_pair, guarded=True), methods=_BOTH),
        Route(f"{at}/pair/{{reader}}/{{writer}}", page(key_pair.reveal_pair, consumes=True)),
        Route(f"{at}/waiting", page(must_open.show)),
        Route(one, page(key_page.show_key)),
        Route(f"{one}/secret", page(one_key.reveal, consumes=True)),
        Route(f"{one}/edit", page(one_key.show_edit, one_key.edit), methods=_BOTH),
        Route(f"{one}/reset", page(one_key.show_reset, one_key.reset, fresh=True), methods=_BOTH),
        Route(f"{one}/disable", page(one_key.show_disable, one_key.disable), methods=_BOTH),
        Route(f"{one}/enable", page(key_page.show_key, one_key.enable), methods=_BOTH),
        Route(f"{one}/delete", page(one_key.show_delete, one_key.delete), methods=_BOTH),
    ]


__all__ = ["ROOT", "key_routes", "label_of"]
