"""Which page stands under which address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from banneret.manager import account, keys
from banneret.manager.applications import show_applications, show_clients
from banneret.manager.login import Login
from banneret.manager.moments import ago
from banneret.manager.visits import Visits
from banneret.web.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from banneret.kernel.clock import Clock
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store
    from banneret.web.assets import Assets
    from banneret.web.form_tokens import FormTokens

_BOTH = ["GET", "POST"]


def routes(
    store: Store, gate: Gate, clock: Clock, secret: bytes, tokens: FormTokens, assets: Assets
) -> Sequence[Route]:
    """Give the pages of one installation."""
    pages = Pages("banneret.manager", assets, ago=ago, grant=keys.label_of)
    visits = Visits(store, gate, clock, secret, tokens, pages)
    login = Login(visits)
    page, at = visits.page, keys.ROOT
    return [
        Route("/login", login.log_in, methods=_BOTH),
        Route("/login/password", login.renew, methods=_BOTH),
        Route("/logout", login.log_out, methods=["POST"]),
        Route("/login/accounts", _to(f"{at}")),
        Route("/login/accounts/", _to(f"{at}")),
        Route("/login/accounts/index.html", _to(f"{at}")),
        Route("/login/accounts/applications", page(show_applications)),
        Route("/login/accounts/clients", page(show_clients)),
        Route(at, page(keys.show_list, keys.find), methods=_BOTH),
        Route(f"{at}.csv", page(keys.show_csv)),
        Route(f"{at}/create", page(keys.show_create, keys.create), methods=_BOTH),
        Route(f"{at}/{{key}}", page(keys.show_key)),
        Route(f"{at}/{{key}}/secret", page(keys.reveal, consumes=True)),
        Route(f"{at}/{{key}}/edit", page(keys.show_edit, keys.edit), methods=_BOTH),
        Route(f"{at}/{{key}}/reset", page(keys.show_reset, keys.reset), methods=_BOTH),
        Route(f"{at}/{{key}}/delete", page(keys.show_delete, keys.delete), methods=_BOTH),
        Route("/settings", page(account.show_settings)),
        Route("/settings/access", page(account.show_access, account.end_session), methods=_BOTH),
        Route("/settings/access/api-keys", _to(at)),
    ]


def _to(location: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        return RedirectResponse(location, 302)

    return endpoint
