"""What keys are used for: their latest requests, counts an hour, and by whom, gathered in memory and written off the path of requests.

Never bodies, never secrets: of a query string only the names stay, and what looks like a key is struck out of paths. Of each key as
many requests are kept, here and in the database, as the settings say, so that a busy key costs no more than a quiet one; counts
are exact. What a killed process had not written yet is lost.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import msgspec

from banneret.kernel.ids import random_bytes
from banneret.kernel.values import to_wire
from banneret.operations import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from banneret.kernel.clock import Clock
    from banneret.operations.context import Context
    from banneret.operations.ports import Store, Transaction

KEPT_ROWS = 1000
KEPT_DAYS = 30
USAGE_DAYS = 91
"""Thirteen weeks: how long the counts of hours are kept, so that each weekday has as many."""

LONGEST_PATH = 300
_LONGEST_CLIENT = 200
MAP_DAYS = 28
"""Four weeks: the period of a heat map."""

_MOST_HOURS = 6
"""How many hours of those days are one hour of a week, at most: four, and more where the first is cut or clocks were put back."""

_KINDS = ("reads", "writes", "refused")
_CLIENTS = 100
"""How many clients of a key are known, those that were met last."""

_CHUNK = 200
"""Requests written in one unit of work, in a few milliseconds; others have their turn between two."""

_SERIAL_BITS = 20
_SERIALS = 1 << _SERIAL_BITS
_SECRET = re.compile(r"(?<![0-9A-Za-z])_(?:[0-9A-Za-z_-]{19,}|[0-9A-Za-z_-]*$)")
"""What may be a key, or the beginning of one that was cut off."""

_NAME = re.compile(r"[A-Za-z][0-9A-Za-z_.-]{0,39}")
"""What parameters are called; whatever else stands before an equals sign may be a value that lost its name."""

_END = 2**62


class Noted(msgspec.Struct, frozen=True, gc=False):
    """A request as it was answered. `moment` in seconds since the epoch; `query` is as sent and is not kept so.

    `reason` says why it was refused or came to nothing: an `X-Auth-Reason`, or the name of what went wrong; None where it worked.
    """

    moment: float
    method: str
    path: str
    query: bytes
    status: int
    reason: str | None
    address: str
    client: str
    microseconds: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A request of a key. `at` in wire form; `path` ends in the names of its parameters; `number` tells where to go on."""

    number: int
    at: str
    method: str
    path: str
    status: int
    reason: str | None
    address: str | None
    client: str | None
    microseconds: int


@dataclass(frozen=True, slots=True)
class UsageHour:
    """What a key did in one hour of one weekday (0: Monday), summed over all such hours of a period."""

    weekday: int
    hour: int
    reads: int
    writes: int
    refused: int

    @property
    def total(self) -> int:
        """All requests."""
        return self.reads + self.writes + self.refused


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """Counts of a key's requests, exact, in a time zone. `hours` has those in which there were any, Monday 0 h first.

    `refused` are those that were not let in or not allowed (401, 403); all others count by their method. Where a zone differs
    from UTC by parts of an hour, an hour's requests count to that in which it began.
    """

    zone: str
    since: str
    reads: int
    writes: int
    refused: int
    hours: tuple[UsageHour, ...]


@dataclass(frozen=True, slots=True)
class KeyClient:
    """A program that uses a key, as it calls itself, from one address; the moments in wire form, the counts since the first.

    Either text is empty where it is unknown, and both where there were too many to tell apart.
    """

    client: str
    address: str
    first_at: str
    last_at: str
    requests: int
    refused: int


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which requests are looked for. `failed`: with a reason why it came to nothing; None: either.

    `kind` is `reads`, `writes` or `refused`, as they are counted, or empty for all. `weekday` and `hour`, both or neither, are
    those of a `UsageHour` of a heat map over `MAP_DAYS`, in the workspace's zone. `path`, `client` and `address` are looked for
    anywhere in those, in any case of letters. A moment before `until` is meant.
    """

    statuses: tuple[int, int] = (0, 999)
    failed: bool | None = None
    kind: str = ""
    weekday: int | None = None
    hour: int | None = None
    path: str = ""
    client: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = JournalFilter()


@dataclass(slots=True)
class _Met:
    """What came in of one client since the last writing."""

    first: float
    last: float
    requests: int = 0
    refused: int = 0

    def add(self, later: _Met) -> None:
        self.first, self.last = min(self.first, later.first), max(self.last, later.last)
        self.requests += later.requests
        self.refused += later.refused


_Clients = dict[tuple[str, str], _Met]


class Journal:
    """Gathers what keys are used for. `rows` and `days` bound what is kept of each key."""

    def __init__(self, clock: Clock, *, rows: int = KEPT_ROWS, days: int = KEPT_DAYS) -> None:
        self._clock = clock
        self._rows = rows
        self._days = days
        self._noted: dict[int, deque[Noted]] = {}
        self._counts: dict[tuple[int, int], list[int]] = {}
        self._met: dict[int, _Clients] = {}
        self._serial = int.from_bytes(random_bytes(3)) % _SERIALS

    def note(  # noqa: PLR0913 - a line of the journal is all of these
        self,
        key: int,
        *,
        method: str,
        path: str,
        query: bytes,
        status: int,
        reason: str | None,
        address: str,
        client: str,
        seconds: float,
        writes: bool,
    ) -> None:
        """Take in a request that is answered."""
        moment = self._clock.now().timestamp()
        noted = self._noted.get(key)
        if noted is None:
            noted = self._noted[key] = deque(maxlen=self._rows)
        path, query, client = path[:LONGEST_PATH], query[:LONGEST_PATH], client[:_LONGEST_CLIENT]
        noted.append(Noted(moment, method, path, query, status, reason, address, client, int(seconds * 1_000_000)))
        hour = key, int(moment // 3600)
        counts = self._counts.get(hour)
        if counts is None:
            counts = self._counts[hour] = [0, 0, 0]
        refused = status in {401, 403}
        counts[2 if refused else 1 if writes else 0] += 1
        self._meet(key, (client, address), _Met(moment, moment, 1, int(refused)))

    def _meet(self, key: int, who: tuple[str, str], met: _Met) -> None:
        clients = self._met.get(key)
        if clients is None:
            clients = self._met[key] = {}
        held = clients.get(who)
        if held is None and len(clients) >= _CLIENTS - 1:
            held = clients.get(who := ("", ""))
        if held is None:
            clients[who] = met
        else:
            held.add(met)

    async def flush(self, store: Store) -> int:
        """Write what was gathered and give the number of requests; what cannot be written waits for the next time."""
        noted, self._noted = self._noted, {}
        counts, self._counts = self._counts, {}
        met, self._met = self._met, {}
        rows = [(key, each) for key, several in noted.items() for each in several]
        written = 0
        try:
            while counts or written < len(rows):
                chunk = rows[written : written + _CHUNK]
                await store.write(partial(self._write, chunk, counts, met))
                written += len(chunk)
                counts, met = {}, {}
        except BaseException:
            self._take_back(rows[written:], counts, met)
            raise
        return written

    async def _write(
        self,
        chunk: list[tuple[int, Noted]],
        counts: dict[tuple[int, int], list[int]],
        met: dict[int, _Clients],
        unit: Transaction,
    ) -> None:
        await unit.journal.add([self._row(key, each) for key, each in chunk])
        await unit.journal.keep_latest({key for key, _ in chunk}, self._rows)
        await unit.journal.count([(*hour, *found) for hour, found in sorted(counts.items())])
        refused: dict[int, int] = {}
        for (key, _), found in counts.items():
            if found[2]:
                refused[key] = refused.get(key, 0) + found[2]
        await unit.journal.refuse(refused)
        await unit.journal.meet(
            [
                (
                    key,
                    _printable(client),
                    address,
                    int(each.first * 1000),
                    int(each.last * 1000),
                    each.requests,
                    each.refused,
                )
                for key, clients in sorted(met.items())
                for (client, address), each in sorted(clients.items(), key=lambda item: item[0])
            ]
        )
        await unit.journal.keep_last_met(met, _CLIENTS)

    def _row(self, key: int, noted: Noted) -> tuple[Any, ...]:
        self._serial = (self._serial + 1) % _SERIALS
        return (
            key,
            int(noted.moment * 1000) * _SERIALS + self._serial,
            noted.method,
            harmless(noted.path, noted.query),
            noted.status,
            noted.reason,
            noted.address or None,
            noted.client or None,
            noted.microseconds,
        )

    def _take_back(
        self, rows: list[tuple[int, Noted]], counts: dict[tuple[int, int], list[int]], met: dict[int, _Clients]
    ) -> None:
        for key, clients in met.items():
            for who, each in clients.items():
                self._meet(key, who, each)
        for key, noted in reversed(rows):
            held = self._noted.setdefault(key, deque(maxlen=self._rows))
            if len(held) < self._rows:
                held.appendleft(noted)
        for hour, found in counts.items():
            since = self._counts.setdefault(hour, [0, 0, 0])
            self._counts[hour] = [one + other for one, other in zip(found, since, strict=True)]

    async def forget(self, store: Store) -> None:
        """Remove what is older than is kept."""
        now = self._clock.now()

        async def work(unit: Transaction) -> None:
            oldest = now - timedelta(days=self._days)
            hour = _hour(now - timedelta(days=USAGE_DAYS))
            await unit.journal.forget_before(_number(oldest), hour, _milliseconds(oldest))

        await store.write(work)


def harmless(path: str, query: bytes = b"") -> str:
    """Give a path with the names of its parameters, in the order sent, without their values and without what looks like a key."""
    shown = _SECRET.sub("_…", path)
    if query:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
        names = dict.fromkeys(name if _NAME.fullmatch(name) else "…" for name, _ in pairs)
        shown += "?" + "&".join(names)
    return _printable(shown)[: 2 * LONGEST_PATH]


def _printable(text: str) -> str:
    """Strike out what neither a database nor a page can show."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


async def entries(
    context: Context, key: int, *, before: int | None = None, count: int = 50, wanted: JournalFilter = EVERYTHING
) -> list[JournalEntry]:
    """Give a key's latest requests, latest first; `before` is the number of the last one that is known already.

    Also of a key that ended lately. They are in the database some seconds after they were answered.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    await keys.found(context, key, ended=True)
    end = min(_END if before is None else before, _END if wanted.until is None else _bound(wanted.until))
    searched = {name: _printable(getattr(wanted, name).strip()).lower() for name in ("path", "client", "address")}
    chosen = {
        "since": 0 if wanted.since is None else _bound(wanted.since),
        "low": wanted.statuses[0],
        "high": wanted.statuses[1],
        "failed": 2 if wanted.failed is None else int(wanted.failed),
        "kind": _KINDS.index(wanted.kind) if wanted.kind in _KINDS else len(_KINDS),
        **_hours(context, wanted),
    }
    rows = await context.unit.journal.requests(key, min(end, _END), count, chosen | searched)
    return [JournalEntry(row[0], to_wire(_moment(row[0])), *row[1:]) for row in rows]


def _hours(context: Context, wanted: JournalFilter) -> dict[str, int]:
    """Give the hours, counted from the epoch's, that an hour of a weekday was in the period of a heat map."""
    if wanted.weekday is None or wanted.hour is None:
        return {f"hour{place}": -1 for place in range(_MOST_HOURS)}
    first, last = _hour(context.now - timedelta(days=MAP_DAYS)), _hour(context.now)
    asked = wanted.weekday, wanted.hour
    found = [hour for hour in range(first, last + 1) if _of_week(hour, context.zone) == asked]
    # Number 0 was half a century ago.
    return {f"hour{place}": found[place] if place < len(found) else 0 for place in range(_MOST_HOURS)}


def _of_week(hour: int, zone: ZoneInfo) -> tuple[int, int]:
    local = datetime.fromtimestamp(hour * 3600, zone)
    return local.weekday(), local.hour


async def clients(context: Context, key: int, *, days: int = 7) -> list[KeyClient]:
    """Give who used a key in the last days, whoever used it last first, each program from each address.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    await keys.found(context, key, ended=True)
    rows = await context.unit.journal.clients(key, _milliseconds(context.now - timedelta(days=days)))
    return [
        KeyClient(client, address, to_wire(_at(first)), to_wire(_at(last)), *counts)
        for client, address, first, last, *counts in rows
    ]


async def usage(context: Context, key: int, *, days: int = MAP_DAYS, zone: str | None = None) -> KeyUsage:
    """Give a key's requests by weekday and hour, of the last `days` at most `USAGE_DAYS`, in a zone or that of the workspace.

    Raises:
        ObjectNotFound: there is no such key, or not one that the caller may touch.

    """
    await keys.found(context, key, ended=True)
    place = ZoneInfo(zone) if zone else context.zone
    since = context.now - timedelta(days=min(days, USAGE_DAYS))
    counts: dict[tuple[int, int], list[int]] = {}
    total = [0, 0, 0]
    for hour, *found in await context.unit.journal.hours(key, _hour(since)):
        held = counts.setdefault(_of_week(hour, place), [0, 0, 0])
        for index, more in enumerate(found):
            held[index] += more
            total[index] += more
    hours = tuple(UsageHour(*cell, *found) for cell, found in sorted(counts.items()))
    return KeyUsage(str(place), to_wire(since), total[0], total[1], total[2], hours)


def cells(found: KeyUsage) -> Iterator[tuple[UsageHour, ...]]:
    """Give the week as a grid: seven days from Monday, 24 hours each, those without requests too."""
    held = {(each.weekday, each.hour): each for each in found.hours}
    for day in range(7):
        yield tuple(held.get((day, hour), UsageHour(day, hour, 0, 0, 0)) for hour in range(24))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _number(moment: datetime) -> int:
    return _milliseconds(moment) * _SERIALS


def _bound(moment: datetime) -> int:
    """Give the number at which a moment begins, as near to it as there can be one."""
    return min(max(_number(moment), 0), _END)


def _hour(moment: datetime) -> int:
    return int(moment.timestamp() // 3600)


def _moment(number: int) -> datetime:
    return _at(number >> _SERIAL_BITS)


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
