"""The two tabs of the Application Manager that OAuth brings to life: empty until then, and saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.manager.visits import Shown

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit


async def show_applications(_visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/applications`: what acts with one's consent. Nothing can ask for it yet."""
    return Shown("applications.html")


async def show_clients(_visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/clients`: the OAuth clients that one has registered. None can be yet."""
    return Shown("clients.html")
