"""`/admin/users/create`: a new user, who is let in by a one-time link or by a first password."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import NotAuthorized
from banneret.kernel.ids import random_token
from banneret.manager.administration.sections import section
from banneret.manager.administration.users import ADDRESS
from banneret.manager.new_password import judge
from banneret.manager.reveal import keep, once
from banneret.manager.visits import Sent
from banneret.operations import invitations, passwords, people

if TYPE_CHECKING:
    from starlette.requests import Request

    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit, Visits
    from banneret.operations.passwords import Standing

_TEXTS = ("UserName", "EmailAddress", "FirstName", "LastName", "DisplayName")


@dataclass(frozen=True, slots=True)
class NewUser:
    """The page and what its form does."""

    visits: Visits

    async def show(self, visit: Visit, form: Form) -> Shown:
        """Ask for names and how the user is let in."""
        if not allowed(visit.identity, Permission.CREATE_USER):
            raise NotAuthorized("create", "users")
        if not form.values:
            form.values = {"Access": "link", "CanCreateApiKey": "on"}
        judged = await passwords.standing(visit.context, None)
        values = {"once": form["once"] or random_token(), "least": judged.policy.minimum_length}
        full = allowed(visit.identity, Permission.UPDATE_USER)
        return section(visit, "admin/user_create.html", {**values, "full": full})

    async def prepare(self, request: Request, token: str, form: Form) -> str | None:
        """Judge and hash a first password; None where the user is let in by a link."""
        if not form["UserName"].strip():
            form.errors["UserName"] = "User name is needed."
        if form["Access"] != "password":
            return None

        async def facts(visit: Visit) -> Standing:
            if not allowed(visit.identity, Permission.UPDATE_USER):
                raise NotAuthorized("set a password of", "users")
            return await passwords.standing(visit.context, None)

        judged = await self.visits.look(request, token, facts)
        words = tuple(form[name].strip() for name in _TEXTS if form[name].strip())
        return await judge(form, replace(judged, words=(*judged.words, *words)))

    async def create(self, visit: Visit, form: Form) -> Sent:
        """Make the user, and the link where there is to be one."""
        values = {name: form[name].strip() for name in _TEXTS if form[name].strip()}
        if not form.checked("CanCreateApiKey"):
            values["CanCreateApiKey"] = ""
        body = {name: value or False for name, value in values.items()}
        if form.checked("SubscriptionAdmin"):
            body["SubscriptionAdmin"] = True

        async def work() -> Sent:
            oid = await people.create_user(visit.context, body)
            if visit.ready is not None:
                await passwords.set_password(visit.context, oid, visit.ready)
                return Sent(f"{ADDRESS}/{oid}?done=created")
            value = await invitations.invite(visit.context, oid, newly_made=True)
            await keep(visit, f"link {oid}", value)
            return Sent(f"{ADDRESS}/{oid}/link")

        return await once(visit, form, work)
