"""Log-in and log-out with user name and password, and the new password that an expired one asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.credentials import BasicCredential, ShownPasskey
from banneret.kernel.errors import (
    AddressNotAllowed,
    CrossSiteRequest,
    RequestTooLarge,
    TooManyAttempts,
    Unauthenticated,
)
from banneret.manager.forms import Form, read_form
from banneret.manager.messages import message_of, patience
from banneret.manager.steps import advance
from banneret.manager.visits import (
    Sent,
    Visits,
    body_of,
    client_of,
    require_same_site,
    session_value,
    site_of,
)
from banneret.operations import passkeys, sessions

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from banneret.operations.ports import Transaction

REFUSED = "The username or password you entered is incorrect."
"""Rally's words (KB 47841). One answer for either, so that nobody learns which names exist (ASVS 5 6.3.8)."""

_LONGEST_NEXT = 2000
REASONS = {
    "subscription_inactive": "This subscription is not active.",
    "owner_disabled": "This account is disabled. A subscription administrator can enable it again.",
    "owner_locked": "This account is locked, and its API keys with it. A subscription administrator can unlock it.",
    "password_not_allowed": "This account logs in through single sign-on, not with a password.",
}
"""What keeps somebody out whose password was right; nobody else is told."""


@dataclass(slots=True)
class Login:
    """The log-in pages."""

    visits: Visits

    async def log_in(self, request: Request) -> Response:
        """`/login`: show the form, or begin a session."""
        asked = request.query_params
        form = Form(values={"next": asked.get("next", ""), "again": asked.get("again", "")})
        if request.method != "POST":
            return self._show(request, form)
        try:
            form = read_form(await body_of(request))
            require_same_site(request)
            return await self._begin(request, form)
        except TooManyAttempts as error:
            form.problem = patience("passwords", error.until, self.visits.clock.now())
            return self._show(request, form, 429)
        except Unauthenticated as error:
            form.problem = REASONS.get(error.reason or "", REFUSED)
        except (CrossSiteRequest, RequestTooLarge) as error:
            form.problem = message_of(error)[1]
        except AddressNotAllowed as error:
            return self.visits.refused(
                request, 403, f"Your IP address, {error.address}, is not within the allowed range."
            )
        return self._show(request, form)

    async def _begin(self, request: Request, form: Form) -> Response:
        for name, label in (("UserName", "User name"), ("Password", "Password")):
            if not form[name].strip():
                form.errors[name] = f"{label} is needed."
        if form.errors:
            return self._show(request, form)
        credential = BasicCredential(form["UserName"].strip(), form["Password"])
        client = client_of(request)
        proof = await self.visits.gate.prove(credential, client.address)

        async def work(unit: Transaction) -> Sent:
            context = await self.visits.gate.admit(unit, credential, client, proof=proof, stepping=True)
            return await advance(context, session_value(request) or None, {"next": form["next"][:_LONGEST_NEXT]})

        return self.visits.sent(request, await self.visits.store.write(work))

    async def by_passkey(self, request: Request) -> Response:
        """`/login/passkey`: begin a session with a passkey that its user has unlocked, in place of name and password."""
        form = Form()
        try:
            form = read_form(await body_of(request))
            require_same_site(request)
            return await self._begin_by_passkey(request, form)
        except Unauthenticated as error:
            form.errors["Credential"] = REASONS.get(error.reason or "", passkeys.REFUSED)
        except (CrossSiteRequest, RequestTooLarge) as error:
            form.problem = message_of(error)[1]
        except AddressNotAllowed as error:
            return self.visits.refused(
                request, 403, f"Your IP address, {error.address}, is not within the allowed range."
            )
        return self._show(request, form)

    async def _begin_by_passkey(self, request: Request, form: Form) -> Response:
        async def work(unit: Transaction) -> Sent:
            gate, now, secret = self.visits.gate, self.visits.clock.now(), self.visits.secret
            user = await passkeys.owner(unit, site_of(request), form["Credential"], now, secret=secret)
            context = await gate.admit(unit, ShownPasskey(user), client_of(request))
            notes = {"next": form["next"][:_LONGEST_NEXT], "shown": True}
            return await advance(context, session_value(request) or None, notes)

        return self.visits.sent(request, await self.visits.store.write(work))

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

    # ------------------------------------------------------------------ pages

    def _show(self, request: Request, form: Form, refused: int = 422) -> Response:
        options = passkeys.to_log_in(site_of(request), self.visits.clock.now(), secret=self.visits.secret)
        return self.visits.stranger(request, "login.html", form, refused, options=options)
