"""`/login/welcome/<value>`: who was given a one-time link sets a password with it. Opening the link uses nothing up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.kernel.errors import BanneretError, NotFound
from banneret.kernel.values import to_wire
from banneret.manager.forms import Form, read_form
from banneret.manager.messages import message_of
from banneret.manager.new_password import judge
from banneret.manager.visits import body_of, client_of, require_same_site
from banneret.operations.invitations import accept, invited
from banneret.operations.passwords import standing

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from banneret.access.identity import UserRecord
    from banneret.manager.visits import Visits
    from banneret.operations.passwords import Standing
    from banneret.operations.ports import Transaction

GONE = "This link was used, has ended, or is incomplete. Ask your administrator for a new one."


@dataclass(frozen=True, slots=True)
class Welcome:
    """The page of a link."""

    visits: Visits

    async def answer(self, request: Request) -> Response:
        """Ask for a password, or store it."""
        form = Form()
        try:
            if request.method == "POST":
                form = read_form(await body_of(request))
                require_same_site(request)
                return await self._store(request, form)
            user, judged = await self._facts(request)
        except NotFound:
            return self.visits.refused(request, 404, GONE)
        except BanneretError as error:
            return self.visits.refused(request, 403, message_of(error)[1])
        return self._show(request, form, user, judged)

    async def _facts(self, request: Request) -> tuple[UserRecord, Standing]:
        value = str(request.path_params["value"])

        async def look(unit: Transaction) -> tuple[UserRecord, Standing]:
            user = await invited(unit, value, to_wire(self.visits.clock.now()))
            if user is None:
                raise NotFound
            return user, await standing(await self.visits.gate.on_its_own(unit, client_of(request)), user.oid)

        return await self.visits.store.read(look)

    async def _store(self, request: Request, form: Form) -> Response:
        user, judged = await self._facts(request)
        hashed = await judge(form, judged)
        if hashed is None:
            return self._show(request, form, user, judged)

        async def work(unit: Transaction) -> None:
            await unit.writer.lock("user", user.oid)
            # Another one may have used it while the password was hashed.
            if await invited(unit, str(request.path_params["value"]), to_wire(self.visits.clock.now())) is None:
                raise NotFound
            await accept(await self.visits.gate.on_its_own(unit, client_of(request)), user, hashed)

        await self.visits.store.write(work)
        return self.visits.stranger(request, "welcome.html", form, user=user, done=True)

    def _show(self, request: Request, form: Form, user: UserRecord, judged: Standing) -> Response:
        least = judged.policy.minimum_length
        return self.visits.stranger(request, "welcome.html", form, user=user, least=least, done=False)
