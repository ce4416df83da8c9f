"""`/admin/users/<id>/second-factor`: a user has lost his second factors; an administrator takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.decide import second_factor_demanded
from banneret.kernel.errors import NotAuthorized, ObjectNotFound
from banneret.manager.administration.sections import section
from banneret.manager.own_factors import ROOT as OWN
from banneret.manager.visits import Sent
from banneret.operations import second_factors

if TYPE_CHECKING:
    from banneret.access.identity import UserRecord
    from banneret.manager.forms import Form
    from banneret.manager.visits import Answer, Visit

ADDRESS = "/admin/users/{user}/second-factor"


async def show(visit: Visit, _form: Form) -> Answer:
    """Say what he has, and what taking it away does; one's own are in My Settings."""
    user = await _user(visit)
    if user.oid == visit.context.user:
        return Sent(OWN)
    return section(
        visit,
        "lost_factors.html",
        {
            "user": user,
            "factors": await second_factors.listed(visit.context, user.oid),
            "demanded": second_factor_demanded(visit.context.landscape.subscription, user),
            "done": bool(visit.query.get("done")),
        },
    )


async def take_away(visit: Visit, _form: Form) -> Sent:
    """Take them away."""
    user = await _user(visit)
    await second_factors.remove_all(visit.context, user.oid)
    return Sent(f"{ADDRESS.format(user=user.oid)}?done=1")


async def _user(visit: Visit) -> UserRecord:
    if not visit.identity.permissions.subscription_admin:
        raise NotAuthorized("see", "SecondFactor")
    user = await visit.context.unit.accounts.user_by_oid(visit.argument("user"))
    if user is None or user.deleted:
        raise ObjectNotFound("there is no such user")
    return user
