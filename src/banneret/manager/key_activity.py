"""What a key was used for, on its page: a week by hours, the requests behind it, and which programs would miss it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from banneret.kernel.values import from_wire, to_wire
from banneret.operations import journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.manager.visits import Visit
    from banneret.operations.journal import JournalEntry, UsageHour

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHOWS = {"": "All requests", "reads": "Reads", "writes": "Writes", "refused": "Refused"}
"""What the journal can be narrowed to."""

_PERIOD = 28
"""Days that the week by hours sums up."""

_PAGE = 25
_LEVELS = 4
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED = frozenset({401, 403})
_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday: `level` 0 (nothing) to 4 (as much as in the busiest hour)."""

    hour: int
    total: int
    said: str
    level: int


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that used a key lately. `last` is in wire form."""

    client: str
    address: str
    requests: int
    last: str


async def activity(visit: Visit, key: int) -> dict[str, Any]:
    """Give what the page shows of a key's use; parameters of the address narrow the journal.

    Two statements, whatever was asked: the counts, and the requests that are kept of the key.
    """
    used = await journal.usage(visit.context, key, days=_PERIOD)
    kept = await journal.entries(visit.context, key, count=journal.KEPT_ROWS)
    narrowed = {name: visit.query.get(name, "") for name in ("show", "path", "day", "hour")}
    before = visit.query.get("before", "")
    chosen = [
        each
        for each in kept
        if _matches(each, narrowed, ZoneInfo(used.zone)) and (not before.isdigit() or each.number < int(before))
    ]
    busiest = max((hour.total for hour in used.hours), default=0)
    return {
        "used": used,
        "week": [
            (day, [_cell(each, day, busiest) for each in row])
            for day, row in zip(DAYS, journal.cells(used), strict=True)
        ],
        "days": _PERIOD,
        "requests": chosen[:_PAGE],
        "older": _address(narrowed, before=str(chosen[_PAGE - 1].number)) if len(chosen) > _PAGE else "",
        "narrowed": narrowed,
        "narrowed_to": _hour_said(narrowed),
        "any_requests": bool(kept),
        "shows": SHOWS,
    }


async def callers(visit: Visit, key: int) -> Sequence[Caller]:
    """Say which programs used a key in the last seven days, the latest first, as far as its journal reaches back."""
    since = to_wire(visit.context.now - _LATELY)
    found: dict[tuple[str, str], Caller] = {}
    for each in await journal.entries(visit.context, key, count=journal.KEPT_ROWS):
        if each.at < since:
            break
        place = each.client or "", each.address or ""
        held = found.get(place)
        found[place] = Caller(*place, held.requests + 1 if held else 1, held.last if held else each.at)
    return list(found.values())


def _matches(entry: JournalEntry, narrowed: dict[str, str], zone: ZoneInfo) -> bool:
    show = narrowed["show"]
    refused, reads = entry.status in _REFUSED, entry.method in _READING
    if (show == "refused" and not refused) or (show == "reads" and (refused or not reads)):
        return False
    if show == "writes" and (refused or reads):
        return False
    if narrowed["path"].lower() not in entry.path.lower():
        return False
    day, hour = narrowed["day"], narrowed["hour"]
    if not day and not hour:
        return True
    local = from_wire(entry.at).astimezone(zone)
    return (not day or str(local.weekday()) == day) and (not hour or str(local.hour) == hour)


def _cell(found: UsageHour, day: str, busiest: int) -> Cell:
    level = -(-found.total * _LEVELS // busiest) if busiest else 0
    parts = [(found.reads, "read"), (found.writes, "written"), (found.refused, "refused")]
    counts = ", ".join(f"{count} {name}" for count, name in parts if count)
    return Cell(found.hour, found.total, f"{day}, {found.hour}:00: {counts or 'nothing'}", level)


def _hour_said(narrowed: dict[str, str]) -> str:
    day, hour = narrowed["day"], narrowed["hour"]
    if not (day.isdigit() and int(day) < len(DAYS) and hour.isdigit()):
        return ""
    return f"{DAYS[int(day)]}s from {hour}:00 to {int(hour) + 1}:00"


def _address(narrowed: dict[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in {**narrowed, **more}.items() if value}) + "#journal"
