"""Two keys in one go: one that reads, one that writes (KB 98242; behaviours C3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.keys import Grant
from banneret.access.limits import UNLIMITED
from banneret.kernel.ids import random_token
from banneret.manager import key_forms
from banneret.manager.key_list import ROOT
from banneret.manager.one_key import form_values, origin_of, require_enabled, worded
from banneret.manager.reveal import keep, once, take
from banneret.manager.visits import Sent, Shown
from banneret.operations import keys

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

_ENDINGS = ((Grant.READ_ONLY, "read"), (Grant.FULL, "write"))


async def show_pair(visit: Visit, form: Form) -> Shown:
    """`…/pair`: one name and one set of limits for both."""
    require_enabled(visit)
    if not form.values:
        key_forms.fill(form, UNLIMITED)
    return Shown("key_pair.html", {"once": form["once"] or random_token(), **form_values(visit, form)})


async def make_pair(visit: Visit, form: Form) -> Sent:
    """Make a Read-Only and a Full Access key, both or neither, and lead to the page that shows them."""

    async def work() -> Sent:
        limits = key_forms.read(form, UNLIMITED, visit.context.now)
        name = form["DisplayName"].strip()
        made = [
            await keys.issue(
                visit.context,
                visit.identity.user.oid,
                f"{name}, {ending}" if name else "",
                grant,
                secret=visit.secret,
                limits=limits,
                purpose=form["Purpose"],
            )
            for grant, ending in _ENDINGS
        ]
        (reader, _), (writer, _) = made
        await keep(visit, f"{reader}-{writer}", " ".join(value for _, value in made))
        return Sent(f"{ROOT}/pair/{reader}/{writer}")

    return await once(visit, form, lambda: worded(work))


async def reveal_pair(visit: Visit, _form: Form) -> Shown:
    """`…/pair/<id>/<id>`: both values, this once."""
    reader = await keys.found(visit.context, visit.argument("reader"))
    writer = await keys.found(visit.context, visit.argument("writer"))
    held = await take(visit, f"{reader.oid}-{writer.oid}")
    values = held.split(" ") if held is not None else None
    return Shown("key_pair_secret.html", {"keys": (reader, writer), "values": values, "origin": origin_of(visit)})
