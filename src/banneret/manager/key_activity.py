"""What a key was used for, on its page: a week by hours, the requests behind it, and which programs would miss it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from banneret.operations import journal
from banneret.operations.journal import JournalFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.manager.visits import Visit
    from banneret.operations.journal import KeyClient, UsageHour

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHOWS = {"": "All requests", "reads": "Reads", "writes": "Writes", "refused": "Refused"}
"""What the journal can be narrowed to."""

ENDS = {"": "Any end", "failed": "Came to nothing", "2": "2xx", "3": "3xx", "4": "4xx", "5": "5xx"}
"""The ends that it can be narrowed to: hundreds of status codes, or whatever had a reason not to work."""

_NARROWING = ("show", "status", "path", "client", "address", "day", "hour")
_NUMBER = re.compile(r"[0-9]{1,30}")
_HOURS = 24
_PAGE = 25
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday: `level` 0 (nothing) to 4 (as much as in the busiest hour)."""

    hour: int
    total: int
    said: str
    level: int


async def activity(visit: Visit, key: int) -> dict[str, Any]:
    """Give what the page shows of a key's use; parameters of the address narrow the journal."""
    used = await journal.usage(visit.context, key)
    narrowed = {name: visit.query.get(name, "") for name in _NARROWING}
    before = visit.query.get("before", "")
    found = await journal.entries(
        visit.context,
        key,
        before=int(before) if _NUMBER.fullmatch(before) else None,
        count=_PAGE + 1,
        wanted=_wanted(narrowed),
    )
    shown = found[:_PAGE]
    busiest = max((hour.total for hour in used.hours), default=0)
    return {
        "used": used,
        "week": [
            (day, [_cell(each, day, busiest) for each in row])
            for day, row in zip(DAYS, journal.cells(used), strict=True)
        ],
        "days": journal.MAP_DAYS,
        "requests": shown,
        "older": _address(narrowed, before=str(shown[-1].number)) if len(found) > _PAGE else "",
        "narrowed": narrowed,
        "narrowed_to": _hour_said(narrowed),
        "is_narrowed": any(narrowed.values()) or bool(before),
        "shows": SHOWS,
        "ends": ENDS,
    }


async def callers(visit: Visit, key: int) -> Sequence[KeyClient]:
    """Say which programs used a key in the last seven days, the latest first, also those that its journal has forgotten."""
    return await journal.clients(visit.context, key)


def _wanted(narrowed: dict[str, str]) -> JournalFilter:
    at = _hour_of(narrowed)
    status = narrowed["status"]
    return JournalFilter(
        statuses=(int(status) * 100, int(status) * 100 + 99) if status in ENDS and status.isdigit() else (0, 999),
        failed=True if status == "failed" else None,
        kind=narrowed["show"],
        weekday=at[0] if at else None,
        hour=at[1] if at else None,
        path=narrowed["path"],
        client=narrowed["client"],
        address=narrowed["address"],
    )


def _cell(found: UsageHour, day: str, busiest: int) -> Cell:
    level = -(-found.total * _LEVELS // busiest) if busiest else 0
    parts = [(found.reads, "read"), (found.writes, "written"), (found.refused, "refused")]
    counts = ", ".join(f"{count} {name}" for count, name in parts if count)
    return Cell(found.hour, found.total, f"{day}, {found.hour}:00: {counts or 'nothing'}", level)


def _hour_of(narrowed: dict[str, str]) -> tuple[int, int] | None:
    day, hour = narrowed["day"], narrowed["hour"]
    if not (_NUMBER.fullmatch(day) and _NUMBER.fullmatch(hour)) or int(day) >= len(DAYS) or int(hour) >= _HOURS:
        return None
    return int(day), int(hour)


def _hour_said(narrowed: dict[str, str]) -> str:
    at = _hour_of(narrowed)
    return f"{DAYS[at[0]]}s from {at[1]}:00 to {at[1] + 1}:00" if at else ""


def _address(narrowed: dict[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in {**narrowed, **more}.items() if value}) + "#journal"
