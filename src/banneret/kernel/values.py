"""Dates as WSAPI writes and reads them.

A date is kept, compared and sent as one text form, `2017-03-12T17:23:56.465Z`: UTC, three decimals, so that
the order of the texts is the order of the moments and a row needs no conversion on its way to the wire.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_DATE = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,](?P<fraction>\d{1,9}))?\s*(?P<zone>Z|z|[+-]\d{2}:?\d{2})?)?"
)


def to_wire(moment: datetime) -> str:
    """Write an aware moment as WSAPI does: UTC, milliseconds, `Z`."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def from_wire(text: str) -> datetime:
    """Read a stored or sent date back as an aware moment in UTC."""
    return datetime.fromisoformat(text)


def parse_date(text: str, zone: tzinfo) -> str | None:
    """Read an ISO 8601 date or date-time and give its wire form, or None when it is none.

    A bare date is the start of that day in `zone` (the workspace's time zone); a date-time without an offset is UTC.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        if match["time"] is None:
            day = date.fromisoformat(match["date"])
            return to_wire(datetime(day.year, day.month, day.day, tzinfo=zone))
        clock = match["time"] if len(match["time"]) > len("00:00") else match["time"] + ":00"
        offset = match["zone"] or "+00:00"
        offset = "+00:00" if offset in {"Z", "z"} else offset
        fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
        return to_wire(datetime.fromisoformat(f"{match['date']}T{clock}.{fraction}{offset}"))
    except (ValueError, OverflowError):
        return None
