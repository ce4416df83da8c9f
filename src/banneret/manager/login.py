"""Log-in and log-out with user name and password, and the new password that an expired one asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.credentials import BasicCredential
from banneret.access.throttle import FOREVER
from banneret.kernel.errors import (
    AddressNotAllowed,
    BanneretError,
    CrossSiteRequest,
    RequestTooLarge,
    TooManyAttempts,
    Unauthenticated,
)
from banneret.manager.forms import Form, read_form
from banneret.manager.messages import message_of
from banneret.manager.new_password import judge
from banneret.manager.visits import (
    Sent,
    Visits,
    body_of,
    client_of,
    html,
    own_address,
    require_same_site,
    session_value,
)
from banneret.operations import sessions
from banneret.operations.passwords import set_password, standing

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from banneret.operations.passwords import Standing
    from banneret.operations.ports import Transaction

REFUSED = "The username or password you entered is incorrect."
"""Rally's words (KB 47841). One answer for either, so that nobody learns which names exist (ASVS 5 6.3.8)."""

_MINUTE = 60
_UNITS = ((86400, "day"), (3600, "hour"), (_MINUTE, "minute"))
_UNLOCK = "A subscription administrator can"
REASONS = {
    "subscription_inactive": "This subscription is not active.",
    "owner_disabled": f"This account is disabled. {_UNLOCK} enable it again.",
    "owner_locked": f"This account is locked, and its API keys with it. {_UNLOCK} unlock it.",
    "password_not_allowed": "This account logs in through single sign-on, not with a password.",
}
"""What keeps somebody out whose password was right; nobody else is told."""


@dataclass(slots=True)
class Login:
    """The log-in pages."""

    visits: Visits

    async def log_in(self, request: Request) -> Response:
        """`/login`: show the form, or begin a session."""
        form = Form(values={"next": request.query_params.get("next", "")})
        if request.method != "POST":
            return self._show(form)
        try:
            form = read_form(await body_of(request))
            require_same_site(request)
            return await self._begin(request, form)
        except TooManyAttempts as error:
            form.problem = patience(error.until, self.visits.clock.now())
            return self._show(form, 429)
        except Unauthenticated as error:
            if error.reason == "password_expired":
                return self._show_expired(form)
            form.problem = REASONS.get(error.reason or "", REFUSED)
        except (CrossSiteRequest, RequestTooLarge) as error:
            form.problem = message_of(error)[1]
        except AddressNotAllowed as error:
            return self.visits.refused(
                request, 403, f"Your IP address, {error.address}, is not within the allowed range."
            )
        return self._show(form)

    async def _begin(self, request: Request, form: Form) -> Response:
        for name, label in (("UserName", "User name"), ("Password", "Password")):
            if not form[name].strip():
                form.errors[name] = f"{label} is needed."
        if form.errors:
            return self._show(form)
        credential = BasicCredential(form["UserName"].strip(), form["Password"])
        client = client_of(request)
        proof = await self.visits.gate.prove(credential, client.address)

        async def work(unit: Transaction) -> str:
            context = await self.visits.gate.admit(unit, credential, client, proof=proof)
            return await sessions.begin(context, session_value(request) or None)

        value = await self.visits.store.write(work)
        return self.visits.sent(request, Sent(own_address(form["next"]), cookie=value))

    async def log_out(self, request: Request) -> Response:
        """`/logout`: end the session; without one there is nothing to end."""
        value = session_value(request)
        if request.method == "POST" and value:
            try:
                require_same_site(request)
            except CrossSiteRequest as error:
                return self.visits.refused(request, 403, message_of(error)[1])

            async def work(unit: Transaction) -> None:
                unit.writer.delete("session", {"id": sessions.identifier(value)})

            await self.visits.store.write(work)
        return self.visits.sent(request, Sent("/login", cookie=""))

    async def renew(self, request: Request) -> Response:
        """`/login/password`: set a new password with the old one, also when that has expired, and log in with it."""
        form = Form(values={"next": "/settings/access"})
        if request.method != "POST":
            return self._show_expired(form)
        try:
            form = read_form(await body_of(request))
            require_same_site(request)
            return await self._renew(request, form)
        except TooManyAttempts as error:
            form.problem = patience(error.until, self.visits.clock.now())
        except Unauthenticated as error:
            form.errors["Password"] = REASONS.get(error.reason or "", REFUSED)
        except AddressNotAllowed:
            form.errors["Password"] = REFUSED
        except BanneretError as error:
            form.refuse(error)
        return self._show_expired(form)

    async def _renew(self, request: Request, form: Form) -> Response:
        credential = BasicCredential(form["UserName"].strip(), form["Password"])
        client = client_of(request)
        proof = await self.visits.gate.prove(credential, client.address)
        user = await self.visits.store.read(lambda unit: unit.accounts.user(credential.user))
        if user is None or proof.matched is None or proof.matched != user.password_hash:
            raise Unauthenticated

        async def look(unit: Transaction) -> Standing:
            context = await self.visits.gate.admit(unit, credential, client, proof=proof, renewing=True)
            return await standing(context, user.oid)

        judged = await self.visits.store.read(look)
        hashed = await judge(form, judged)
        if hashed is None:
            return self._show_expired(form)

        async def work(unit: Transaction) -> str:
            context = await self.visits.gate.admit(unit, credential, client, proof=proof, renewing=True)
            await set_password(context, user.oid, hashed)
            return await sessions.begin(context)

        value = await self.visits.store.write(work)
        return self.visits.sent(request, Sent(own_address(form["next"]), cookie=value))

    # ------------------------------------------------------------------ pages

    def _show(self, form: Form, refused: int = 422) -> Response:
        return html(self.visits.pages.render("login.html", form=form), refused if form.has_errors else 200)

    def _show_expired(self, form: Form) -> Response:
        return html(self.visits.pages.render("expired.html", form=form), 422 if form.has_errors else 200)


def patience(until: datetime, now: datetime) -> str:
    """Say that wrong passwords came before, and how long that keeps the next one from being looked at."""
    said = "Too many wrong passwords for this user name came from where you are, so this one was not looked at."
    if until - now > FOREVER / 2:
        return f"{said} {_UNLOCK} unlock the account. Its API keys and the log-ins that there are go on."
    seconds = (until - now).total_seconds()
    size, unit = next((size, unit) for size, unit in _UNITS if seconds > 2 * size or size == _MINUTE)
    count = math.ceil(seconds / size)
    wait = f"Try again in {count} {unit}{'' if count == 1 else 's'}, at {until:%Y-%m-%d %H:%M:%S} UTC."
    return f"{said} {wait} {_UNLOCK} unlock the account sooner. Its API keys and the log-ins that there are go on."
