"""`/admin/audit`: what was done to keys, log-ins, users, permissions and settings; filtered, walked from page to page, or as a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from banneret.access.audit import GROUPS
from banneret.manager.administration.sections import ROOT, of_subscription, require, section
from banneret.manager.csv_files import csv_file
from banneret.operations.audit import Wanted, read_trail

if TYPE_CHECKING:
    from starlette.responses import Response

    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit
    from banneret.operations.audit import Change

ADDRESS = f"{ROOT}/audit"

SIZE = 50
LARGEST_FILE = 10_000
_NAMES = ("group", "who", "object", "since", "until")


async def show(visit: Visit, form: Form) -> Shown:
    """Show a page of events."""
    require(visit, of_subscription)
    wanted = await _wanted(visit, form)
    entries = [] if form.has_errors else await read_trail(visit.context, wanted, SIZE + 1)
    kept = {name: visit.query[name] for name in _NAMES if visit.query.get(name)}
    more = entries[SIZE - 1] if len(entries) > SIZE else None
    values = {
        "entries": entries[:SIZE],
        "groups": list(GROUPS),
        "kept": kept,
        "older": f"{ADDRESS}?{urlencode({**kept, 'before': f'{more.at} {more.seq}'})}" if more else "",
        "newest": ADDRESS + (f"?{urlencode(kept)}" if kept else "") if visit.query.get("before") else "",
        "file": f"{ADDRESS}.csv" + (f"?{urlencode(kept)}" if kept else ""),
    }
    return section(visit, "admin/audit.html", values)


async def show_csv(visit: Visit, form: Form) -> Response | Shown:
    """Give the events as a file, the newest `LARGEST_FILE` at most."""
    require(visit, of_subscription)
    wanted = await _wanted(visit, form)
    if form.has_errors:
        return await show(visit, form)
    header = (*("Time", "User", "With", "Key", "Client", "Address", "What", "Kind", "ObjectID", "Name", "Changes"),)
    rows = (
        (
            *(entry.at, entry.user, entry.credential, entry.key, entry.client, entry.address, entry.type, entry.kind),
            *(entry.oid, entry.name, "; ".join(_told(change) for change in entry.changes)),
        )
        for entry in await read_trail(visit.context, wanted, LARGEST_FILE)
    )
    return csv_file("audit.csv", header, rows)


def _told(change: Change) -> str:
    return f"{change.name} changed" if change.withheld else f"{change.name}: {change.old} → {change.new}"


async def _wanted(visit: Visit, form: Form) -> Wanted:
    """Read the filters; what is wrong with one stands beside it."""
    form.values = {name: visit.query.get(name, "").strip() for name in _NAMES}
    group = form["group"]
    if group and group not in GROUPS:
        form.errors["group"] = "Choose one of these."
    user = await _who(visit, form)
    number = form["object"]
    if number and not (number.isascii() and number.isdigit() and len(number) < 18):
        form.errors["object"] = "An ObjectID is a whole number."
    since, until = _day(form, "since"), _day(form, "until")
    wrong = bool(form.errors)
    return Wanted(
        kinds=GROUPS.get(group, ()),
        user=user,
        object=int(number) if number and not wrong else None,
        since=f"{since.isoformat()}T00:00:00.000Z" if since else "",
        until=f"{(until + timedelta(days=1)).isoformat()}T00:00:00.000Z" if until else "",
        before=_place(visit.query.get("before", "")),
    )


async def _who(visit: Visit, form: Form) -> int | None:
    if not form["who"]:
        return None
    user = await visit.context.unit.accounts.user(form["who"])
    if user is None:
        form.errors["who"] = "Nobody has this user name now."
        return None
    return user.oid


def _day(form: Form, name: str) -> date | None:
    if not form[name]:
        return None
    try:
        found = date.fromisoformat(form[name])
    except ValueError:
        form.errors[name] = "Write a day as 2026-12-31."
        return None
    return min(found, date.max - timedelta(days=1))


def _place(text: str) -> tuple[str, int] | None:
    """Read where the page before ended; what is no place begins at the newest."""
    at, _, seq = text.partition(" ")
    return (at, int(seq)) if seq.isascii() and seq.isdigit() and len(seq) < 18 and len(at) < 40 else None
