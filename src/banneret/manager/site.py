"""Which page stands under which address, and what stands where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from banneret.manager import account, keys, lost_factors, own_factors, password_policy, steps
from banneret.manager.administration.site import administration_routes
from banneret.manager.appearance import PAGE as APPEARANCE
from banneret.manager.appearance import StrangersTheme, change, show_appearance
from banneret.manager.applications import show_applications, show_clients
from banneret.manager.enrolment import CODES_PAGE
from banneret.manager.items.markup import rich
from banneret.manager.items.records import kind_of
from banneret.manager.items.site import item_routes
from banneret.manager.login import Login
from banneret.manager.moments import ago
from banneret.manager.own_password import OwnPassword
from banneret.manager.rooms import ROOMS
from banneret.manager.visits import Visits
from banneret.manager.welcome import Welcome
from banneret.manager.wording import brief, spaced
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
_TROUBLES = {
    404: "No page has this address. Perhaps the link was cut short, or the page has moved.",
    405: "This address does not answer {method} requests.",
    500: "The server failed to answer, and wrote down why. Nothing of what you sent was kept: try it again in a while, and if it "
    "fails again, tell your administrator when it did.",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one installation: `home` is where a visit begins, `visits` answers what none of the routes is for."""

    routes: Sequence[Route]
    visits: Visits
    home: str

    async def trouble(self, request: Request, status: int, *, known: bool = True) -> Response:
        """Say what is wrong, to a person; without `known` nobody looks up who that is."""
        text = _TROUBLES[status].format(method=request.method)
        if known:
            return await self.visits.refuse(request, status, text)
        return self.visits.refused(request, status, text)


def site(store: Store, gate: Gate, clock: Clock, secret: bytes, tokens: FormTokens, assets: Assets) -> Site:
    """Give the pages of one installation."""
    pages = Pages(
        "banneret.manager",
        assets,
        ago=ago,
        grant=keys.label_of,
        rich=rich,
        kind=kind_of,
        spaced=spaced,
        brief=brief,
    )
    visits = Visits(store, gate, clock, secret, tokens, pages, ROOMS)
    login, own_password = Login(visits), OwnPassword(visits)
    factor, expired = steps.SecondFactor(visits), steps.NewPassword(visits)
    page, at = visits.page, keys.ROOT
    step, fresh = partial(page, step=True), partial(page, fresh=True)
    routes = [
        Route("/login", login.log_in, methods=_BOTH),
        Route("/login/second-factor", step(factor.show, factor.act, prepare=factor.prepare), methods=_BOTH),
        Route("/login/second-factor/app", step(steps.show_enrolment, steps.enrol), methods=_BOTH),
        Route("/login/second-factor/passkey", step(steps.show_passkey_enrolment, steps.enrol_passkey), methods=_BOTH),
        Route("/login/passkey", login.by_passkey, methods=["POST"]),
        Route("/login/password", step(expired.show, expired.act, prepare=expired.prepare), methods=_BOTH),
        Route("/login/welcome/{value}", Welcome(visits).answer, methods=_BOTH),
        Route("/logout", login.log_out, methods=["POST"]),
        Route("/login/accounts", _to(f"{at}")),
        Route("/login/accounts/", _to(f"{at}")),
        Route("/login/accounts/index.html", _to(f"{at}")),
        Route("/login/accounts/applications", page(show_applications)),
        Route("/login/accounts/clients", page(show_clients)),
        *keys.key_routes(visits),
        Route("/settings", page(account.show_settings)),
        Route("/settings/access", page(account.show_access, account.end_session), methods=_BOTH),
        Route("/settings/access/api-keys", _to(at)),
        Route(
            "/settings/password",
            page(own_password.show, own_password.act, prepare=own_password.prepare),
            methods=_BOTH,
        ),
        Route(own_factors.ROOT, fresh(own_factors.show_list, own_factors.change), methods=_BOTH),
        Route(f"{own_factors.ROOT}/app", fresh(own_factors.show_app, own_factors.add), methods=_BOTH),
        Route(f"{own_factors.ROOT}/passkey", fresh(own_factors.show_passkey, own_factors.add_key), methods=_BOTH),
        Route(CODES_PAGE, page(own_factors.show_codes, consumes=True)),
        Route(lost_factors.ADDRESS, fresh(lost_factors.show, lost_factors.take_away), methods=_BOTH),
        Route("/admin/passwords", fresh(password_policy.show, password_policy.change), methods=_BOTH),
        Route(APPEARANCE, page(show_appearance, change), methods=_BOTH),
        Route("/theme", StrangersTheme(visits).change, methods=["POST"]),
        *item_routes(visits),
        *administration_routes(visits),
    ]
    return Site(routes, visits, ROOMS[0].address)


def _to(location: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        return RedirectResponse(location, 302)

    return endpoint
