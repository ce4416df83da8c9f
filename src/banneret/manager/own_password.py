"""`/settings/password`: who has logged in changes the password that he knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.credentials import BasicCredential
from banneret.kernel.errors import ConcurrencyConflict, Unauthenticated
from banneret.manager.new_password import judge
from banneret.manager.visits import Sent, Shown, client_of
from banneret.operations import sessions
from banneret.operations.passwords import set_password, standing

if TYPE_CHECKING:
    from starlette.requests import Request

    from banneret.access.identity import UserRecord
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit, Visits
    from banneret.operations.passwords import Standing

NEEDED = "Your present password is needed."
WRONG = "This is not your present password. After several wrong ones you wait before the next is looked at."


@dataclass(frozen=True, slots=True)
class _Ready:
    """The hash of the new password, and the one that it takes the place of."""

    hashed: str
    replaced: str


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """The page and what its form does."""

    visits: Visits

    async def show(self, visit: Visit, _form: Form) -> Shown:
        """Ask for the present password and twice for the new one."""
        judged = await standing(visit.context, visit.identity.user.oid)
        return Shown("own_password.html", {"least": judged.policy.minimum_length})

    async def prepare(self, request: Request, token: str, form: Form) -> _Ready | None:
        """Compare the present password and hash the new one."""
        if not form["Password"]:
            form.errors["Password"] = NEEDED

        async def facts(visit: Visit) -> tuple[UserRecord, Standing]:
            user = visit.identity.user
            return user, await standing(visit.context, user.oid)

        user, judged = await self.visits.look(request, token, facts)
        kept = user.password_hash
        if form["Password"] and not await self._holds(request, user, form["Password"]):
            form.errors["Password"] = WRONG
        hashed = await judge(form, judged, form["Password"])
        return _Ready(hashed, kept) if hashed is not None and kept is not None else None

    async def _holds(self, request: Request, user: UserRecord, password: str) -> bool:
        credential = BasicCredential(user.user_name, password)
        try:
            proof = await self.visits.gate.prove(credential, client_of(request).address)
        except Unauthenticated:
            return False
        return proof.matched is not None and proof.matched == user.password_hash

    async def act(self, visit: Visit, _form: Form) -> Sent:
        """Store it. All log-ins end; this one goes on under a new value."""
        ready: _Ready = visit.ready
        user = visit.identity.user
        if user.password_hash != ready.replaced:
            raise ConcurrencyConflict("Password", user.oid)
        session = visit.identity.session
        # The password alone makes no log-in fresh of somebody who has a second factor.
        since = session.authenticated_at if session is not None and user.second_factor else None
        await set_password(visit.context, user.oid, ready.hashed)
        return Sent("/settings/access?done=password", cookie=await sessions.begin(visit.context, since=since))
