"""The theme and the keys that pages listen to: My Settings, the account menu, and for strangers the foot of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from banneret.kernel.errors import BanneretError
from banneret.manager.forms import read_form
from banneret.manager.messages import message_of
from banneret.manager.visits import Sent, Shown, body_of, own_address, require_same_site
from banneret.operations.appearance import appearance, choose
from banneret.web.theme import keep_theme, read_theme

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit, Visits

PAGE = "/settings/appearance"


async def show_appearance(_visit: Visit, _form: Form) -> Shown:
    """`/settings/appearance`: what the frame says of it is what was chosen."""
    return Shown("appearance.html")


async def change(visit: Visit, form: Form) -> Sent:
    """Keep what a form chose: the theme, or with `shortcuts_form` the keys as well."""
    chosen = replace(await appearance(visit.context), theme=read_theme(form["theme"]).value)
    if form["shortcuts_form"]:
        chosen = replace(chosen, shortcuts=form.checked("shortcuts"))
    await choose(visit.context, chosen)
    return Sent(own_address(form["next"] or PAGE))


@dataclass(slots=True)
class StrangersTheme:
    """The theme of who has not logged in: his browser keeps it."""

    visits: Visits

    async def change(self, request: Request) -> Response:
        """`/theme`: keep the choice and go back to the page."""
        try:
            require_same_site(request)
            form = read_form(await body_of(request))
        except BanneretError as error:
            return self.visits.refused(request, 403, message_of(error)[1])
        response = self.visits.sent(request, Sent(own_address(form["next"] or "/login")))
        keep_theme(response, read_theme(form["theme"]), secure=request.url.scheme == "https")
        return response
