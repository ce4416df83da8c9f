"""The API Keys tab of the Application Manager (KB 10814): the list, its filters and its file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from banneret.access.keys import Grant, looks_like_key
from banneret.kernel.errors import NotFound, RelationRefused
from banneret.kernel.values import to_wire
from banneret.manager.visits import Sent, Shown
from banneret.operations import keys
from banneret.operations.keys import KeyState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any

    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit
    from banneret.operations.keys import KeyEntry

ROOT = "/login/accounts/keys"
_SOON = timedelta(days=14)
"""How near a key's end stands out."""

SORTS: dict[str, tuple[str, Callable[[KeyEntry], Any], bool]] = {
    "name": ("Display Name", lambda key: key.display_name.lower(), False),
    "user": ("User", lambda key: key.user_name.lower(), False),
    "created": ("Created", lambda key: key.created_at, True),
    "expires": ("Expires", lambda key: key.expires_at or "9", False),
    "used": ("Last Accessed", lambda key: key.last_used_at or "", True),
    "reset": ("Last Reset", lambda key: key.last_reset_at or "", True),
}
"""What the list is sorted by: label, order, and whether the greatest comes first."""

CARDS: dict[str, tuple[str, Callable[[KeyEntry, datetime], bool]]] = {
    "unused": ("never used", lambda key, _now: key.never_used),
    "idle": ("idle for 90 days", lambda key, now: key.is_idle(now)),
    "endless": ("never expire", lambda key, _now: key.never_expires),
}
"""What is counted above the list, and filters it."""


async def show_list(visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/keys`: one's own keys; for a subscription administrator also everybody's (A9)."""
    every = visit.query.get("of") == "all" and visit.identity.permissions.subscription_admin
    words, card, sort = visit.query.get("q", ""), visit.query.get("show", ""), visit.query.get("sort", "created")
    entries = await _all(visit, every=every)
    living = [entry for entry in entries if entry.state is not KeyState.ENDED]
    shown = _sorted([entry for entry in living if _has(entry, words) and _counts(entry, card, visit)], sort)
    counts = [
        (name, label, sum(holds(entry, visit.context.now) for entry in living))
        for name, (label, holds) in CARDS.items()
    ]
    return Shown(
        "keys.html",
        {
            "keys": shown,
            "all": len(living),
            "ended": [entry for entry in entries if entry.state is KeyState.ENDED and _has(entry, words)],
            "waiting": [entry for entry in living if entry.awaits_user and entry.user_oid == visit.context.user],
            "cards": counts,
            "card": card if card in CARDS else "",
            "every": every,
            "words": words,
            "sort": sort.lstrip("-") if sort.lstrip("-") in SORTS else "created",
            "turned": sort.startswith("-"),
            "sorts": {
                name: (label, greatest) for name, (label, _, greatest) in SORTS.items() if every or name != "user"
            },
            "soon": to_wire(visit.context.now + _SOON),
            "enabled": visit.context.landscape.subscription.api_keys_enabled,
            "address": lambda **changes: _address(visit, **changes),
        },
    )


async def _all(visit: Visit, *, every: bool) -> list[KeyEntry]:
    return await keys.listed(visit.context, None if every else visit.context.user, ended=True)


def _has(entry: KeyEntry, words: str) -> bool:
    needle = words.strip().lower()
    return any(needle in text.lower() for text in (entry.display_name, entry.hint, entry.user_name, entry.purpose))


def _counts(entry: KeyEntry, card: str, visit: Visit) -> bool:
    return card not in CARDS or CARDS[card][1](entry, visit.context.now)


def _sorted(entries: Sequence[KeyEntry], sort: str) -> list[KeyEntry]:
    """Sort by one of `SORTS`; a minus before its name turns the order around."""
    _, order, descending = SORTS.get(sort.lstrip("-"), SORTS["created"])
    return sorted(entries, key=order, reverse=descending is not sort.startswith("-"))


def _address(visit: Visit, *, base: str = ROOT, **changes: str) -> str:
    kept = {name: visit.query[name] for name in ("of", "q", "show", "sort") if visit.query.get(name)} | changes
    found = {name: value for name, value in kept.items() if value}
    return base + (f"?{urlencode(found)}" if found else "")


async def find(visit: Visit, form: Form) -> Sent:
    """Filter by words; a whole key that is pasted leads to its own page, and never stands in an address or on a page.

    Raises:
        RelationRefused: no key has that value, or none that the visitor may know of.

    """
    text = form["q"].strip()
    if looks_like_key(text):
        try:
            return Sent(f"{ROOT}/{await keys.of_value(visit.context, text, secret=visit.secret)}")
        except NotFound:
            raise RelationRefused("ApiKey", "q", "Filter", "No key that you may see has this value.") from None
    return Sent(_address(visit, q=text, of=form["of"]))


async def show_csv(visit: Visit, _form: Form) -> Response:
    """`/login/accounts/keys.csv`: the list as a file, as it is filtered and sorted, without a secret in it."""
    every = visit.query.get("of") == "all" and visit.identity.permissions.subscription_admin
    words, card = visit.query.get("q", ""), visit.query.get("show", "")
    living = [entry for entry in await _all(visit, every=every) if entry.state is not KeyState.ENDED]
    chosen = [entry for entry in living if _has(entry, words) and _counts(entry, card, visit)]
    headers = {"content-disposition": 'attachment; filename="api-keys.csv"', "cache-control": "no-store"}
    text = as_csv(_sorted(chosen, visit.query.get("sort", "created")))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(entries: Sequence[KeyEntry]) -> str:
    """Write keys as CSV. What a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            *("Display Name", "Key", "User Name", "Grant", "State", "Created", "Expires", "Last Accessed", "Address"),
            *("Client", "Last Reset", "Purpose", "Projects", "Types", "Addresses"),
        ]
    )
    for key in entries:
        limits = key.limits
        cells = [
            *(
                key.display_name,
                key.hint,
                key.user_name,
                label_of(key.grant),
                key.state,
                key.created_at,
                key.expires_at,
            ),
            *(key.last_used_at, key.last_used_address, key.last_used_client, key.last_reset_at, key.purpose),
            *(" ".join(str(oid) for oid in limits.projects), " ".join(limits.types), " ".join(limits.ip_allow)),
        ]
        writer.writerow(
            [f"'{cell}" if str(cell or "").startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells]
        )
    return out.getvalue()


def label_of(grant: Grant) -> str:
    """Give a grant's name as Rally's pages write it."""
    return "Full Access" if grant is Grant.FULL else "Read-Only"
