"""The steps of a log-in after the password: the second factor, getting one, a new password for one that has expired.

Between them the browser holds a session that opens these pages and no other. Each step that is taken gives it another value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from banneret.access.decide import Step, step_owed
from banneret.kernel.errors import ConcurrencyConflict, TooManyAttempts, Unauthenticated
from banneret.manager.enrolment import CODES_PAGE, add_app, add_passkey, app_page, keep_codes, passkey_page
from banneret.manager.messages import patience
from banneret.manager.must_open import first_stop
from banneret.manager.new_password import judge
from banneret.manager.visits import Sent, Shown, own_address, site_of
from banneret.operations import passkeys, second_factors, sessions
from banneret.operations.passwords import set_password, standing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from banneret.access.identity import UserRecord
    from banneret.manager.forms import Form
    from banneret.manager.visits import Answer, Visit, Visits
    from banneret.operations.context import Context
    from banneret.operations.passwords import Standing

ADDRESSES = {
    Step.SECOND_FACTOR: "/login/second-factor",
    Step.ENROLMENT: "/login/second-factor/app",
    Step.NEW_PASSWORD: "/login/password",
}
NEEDED = "The code is needed."
WRONG = "This code is wrong, was used already, or its time is over. Type the one that stands there now."


async def advance(context: Context, value: str | None, notes: dict[str, Any]) -> Sent:
    """Lead to the step that is owed next, or begin the log-in when none is; `value` is the session that this takes the place of.

    `notes`: `next` is where to go in the end, `shown` whether the second factor was shown, `reveal` what is to be shown once.
    """
    step = await _owed(context, notes)
    if step is not None:
        return Sent(ADDRESSES[step], cookie=await sessions.begin_steps(context, value, notes))
    goal = await first_stop(context, own_address(notes.get("next", "")))
    kept = {name: notes[name] for name in ("reveal",) if name in notes}
    begun = await sessions.begin(context, value, notes=kept)
    return Sent(f"{CODES_PAGE}?{urlencode({'next': goal})}" if kept else goal, cookie=begun)


async def _owed(context: Context, notes: dict[str, Any]) -> Step | None:
    await context.unit.writer.flush()
    user = await context.unit.accounts.user_by_oid(context.user) if context.user is not None else None
    if user is None:
        raise Unauthenticated
    return step_owed(context.landscape.subscription, user, context.now, shown=bool(notes.get("shown")))


async def _elsewhere(visit: Visit, step: Step) -> Sent | None:
    """Lead to the step that is owed where this is not it; where none is any more, to the log-in."""
    owed = await _owed(visit.context, await sessions.read_notes(visit.context, visit.token))
    return None if owed is step else Sent(ADDRESSES[owed] if owed is not None else "/login")


# ---------------------------------------------------------------------- the second factor


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """`/login/second-factor`: a passkey, a code of the app, or a recovery code."""

    visits: Visits

    async def show(self, visit: Visit, _form: Form) -> Answer:
        """Ask for it."""
        elsewhere = await _elsewhere(visit, Step.SECOND_FACTOR)
        if elsewhere is not None:
            return elsewhere
        held = await second_factors.listed(visit.context, visit.identity.user.oid)
        options = await passkeys.to_show(visit.context, site_of(visit.request), secret=visit.secret)
        return Shown("step_second_factor.html", {"kinds": {entry.kind.value for entry in held}, "options": options})

    async def prepare(self, request: Request, token: str, form: Form) -> None:
        """Look at the code, unless too many wrong ones came before; a passkey cannot be guessed."""
        code = form["Code"].strip()
        if form["Credential"]:
            return
        if not code:
            form.errors["Code"] = NEEDED
            return

        async def user_of(visit: Visit) -> UserRecord:
            return visit.identity.user

        async def weigh(visit: Visit) -> bool:
            return await second_factors.holds(visit.context, code, secret=visit.secret)

        user: UserRecord = await self.visits.look(request, token, user_of, step=True)
        try:
            right = await self.visits.gate.weigh_code(user, lambda: self.visits.look(request, token, weigh, step=True))
        except TooManyAttempts as error:
            form.problem = patience("codes", error.until, self.visits.clock.now())
            return
        if not right:
            form.errors["Code"] = WRONG

    async def act(self, visit: Visit, form: Form) -> Sent:
        """Use it up and go on."""
        if form["Credential"]:
            await passkeys.show(visit.context, site_of(visit.request), form["Credential"], secret=visit.secret)
        else:
            await second_factors.use_code(visit.context, form["Code"].strip(), secret=visit.secret)
        notes = await sessions.read_notes(visit.context, visit.token)
        return await advance(visit.context, visit.token, {**notes, "shown": True})


# ---------------------------------------------------------------------- getting one


async def show_enrolment(visit: Visit, form: Form) -> Answer:
    """`/login/second-factor/app`: nobody gets in without; set one up."""
    return await _elsewhere(visit, Step.ENROLMENT) or Shown("step_enrolment.html", app_page(visit, form))


async def enrol(visit: Visit, form: Form) -> Sent:
    """Add the app, make recovery codes, and go on."""
    return await _enrolled(visit, form, add_app)


async def show_passkey_enrolment(visit: Visit, _form: Form) -> Answer:
    """`/login/second-factor/passkey`: the same with a passkey."""
    elsewhere = await _elsewhere(visit, Step.ENROLMENT)
    return elsewhere or Shown("step_enrolment_passkey.html", await passkey_page(visit))


async def enrol_passkey(visit: Visit, form: Form) -> Sent:
    """Add the passkey, make recovery codes, and go on."""
    return await _enrolled(visit, form, add_passkey)


async def _enrolled(visit: Visit, form: Form, add: Callable[[Visit, Form], Awaitable[None]]) -> Sent:
    """Add the first one. Who has one shows that first, and adds others in My Settings."""
    elsewhere = await _elsewhere(visit, Step.ENROLMENT)
    if elsewhere is not None:
        return elsewhere
    await add(visit, form)
    await keep_codes(visit)
    notes = await sessions.read_notes(visit.context, visit.token)
    return await advance(visit.context, visit.token, {**notes, "shown": True})


# ---------------------------------------------------------------------- a new password


@dataclass(frozen=True, slots=True)
class NewPassword:
    """`/login/password`: the password has expired; another one takes its place."""

    visits: Visits

    async def show(self, visit: Visit, _form: Form) -> Answer:
        """Ask twice for the new one; the old one was just typed."""
        judged = await standing(visit.context, visit.identity.user.oid)
        page = Shown("step_new_password.html", {"least": judged.policy.minimum_length})
        return await _elsewhere(visit, Step.NEW_PASSWORD) or page

    async def prepare(self, request: Request, token: str, form: Form) -> tuple[str | None, str | None]:
        """Judge and hash it."""

        async def facts(visit: Visit) -> tuple[UserRecord, Standing]:
            user = visit.identity.user
            return user, await standing(visit.context, user.oid)

        user, judged = await self.visits.look(request, token, facts, step=True)
        return await judge(form, judged.renewed()), user.password_hash

    async def act(self, visit: Visit, _form: Form) -> Sent:
        """Store it and go on; all other log-ins end, and keys that had stopped work again (B9)."""
        hashed, replaced = visit.ready
        notes = await sessions.read_notes(visit.context, visit.token)
        user = visit.identity.user
        if await _owed(visit.context, notes) is not Step.NEW_PASSWORD or user.password_hash != replaced:
            raise ConcurrencyConflict("Password", user.oid)
        await set_password(visit.context, user.oid, hashed)
        return await advance(visit.context, None, notes)
