"""The rooms that the header leads to, in its order. A new room adds its line here; `web.frame` says what it holds."""

from __future__ import annotations

from banneret.manager.administration.sections import administers
from banneret.web.frame import Room

ROOMS = (
    Room("Work Items", "/items/", below="/items", letter="i", new=("Create Work Item", "/items/new")),
    Room(
        "API Keys",
        "/login/accounts/",
        below="/login/accounts",
        letter="k",
        new=("Create New API Key", "/login/accounts/keys/create"),
    ),
    Room("Administration", "/admin/", below="/admin", letter="a", admits=administers),
    Room("Documentation", "/slm/doc/webservice/", below="/slm/doc/", letter="d"),
)
