"""The audit log: what was done to keys, log-ins, users, permissions and settings, by whom and with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.audit import WITHHELD
from banneret.access.rules import Permission, allowed
from banneret.access.sight import ALL
from banneret.kernel.errors import NotAuthorized

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from banneret.operations.context import Context
    from banneret.operations.ports import Row

_DERIVED = frozenset({"CustomObjectID", "ProjectState", "SubscriptionID", "subscriptionOid"})
"""What only repeats other values of the same object."""

_REFERRING = frozenset({"User"})
"""Names in the diffs of events that no type of the catalogue describes, and that hold ObjectIDs."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an event tells of, old and new as texts; `withheld` ones say only that they changed."""

    name: str
    old: str
    new: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An event. `seq` with `at` (wire form) is its place; `user` is empty for the server's own doing.

    `credential` is `key`, `basic`, `session` or `server`, and `key` the name of a key that is still known.
    """

    seq: int
    at: str
    kind: str
    type: str
    oid: int
    name: str
    user_oid: int | None
    user: str
    credential: str
    key_oid: int | None
    key: str
    client: str
    address: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of types `kinds` (empty: all), by a user, about an object, from `since` to before `until` in wire form.

    `before` is the place of an event that all others lie before in time.
    """

    kinds: Collection[str] = ()
    user: int | None = None
    object: int | None = None
    since: str = ""
    until: str = ""
    before: tuple[str, int] | None = None

    @property
    def where(self) -> Mapping[str, Any]:
        """As storage takes it."""
        given = {
            "user": self.user,
            "object": self.object,
            "since": self.since,
            "until": self.until,
            "before": self.before,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(slots=True)
class _Names:
    """What ObjectIDs are called."""

    known: dict[int, str] = field(default_factory=dict)

    def of(self, value: object) -> str:
        return self.known.get(value, str(value)) if isinstance(value, int) else str(value)


async def read_trail(context: Context, wanted: Wanted, count: int) -> list[Entry]:
    """Give the events that are wanted, newest first.

    Raises:
        NotAuthorized: for subscription administrators.

    """
    if context.identity is not None and not allowed(context.identity, Permission.ADMINISTER_SUBSCRIPTION):
        raise NotAuthorized("read", "audit log")
    rows = await context.unit.trail(where=wanted.where, kinds=wanted.kinds, count=count)
    diffs: list[dict[str, Any]] = [msgspec.json.decode(row[11]) for row in rows]
    names = await _names(context, rows, diffs)
    return [_entry(context, row, diff, names) for row, diff in zip(rows, diffs, strict=True)]


async def _names(context: Context, rows: Sequence[Row], diffs: Sequence[Mapping[str, Any]]) -> _Names:
    wanted: set[int] = set()
    for row, diff in zip(rows, diffs, strict=True):
        for name, pair in diff.items():
            if _refers(context, row[3], name):
                wanted |= {value for value in _flat(pair) if isinstance(value, int)}
    if not wanted:
        return _Names()
    found = await context.unit.reader.references(wanted, ALL)
    return _Names({oid: row[3] or str(oid) for oid, row in found.items()})


def _flat(pair: object) -> list[object]:
    values = pair if isinstance(pair, list) else [pair]
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def _refers(context: Context, type_name: str, name: str) -> bool:
    item = context.unit.stock.find(type_name)
    attribute = item.find(name) if item is not None else None
    return (attribute.is_object or attribute.is_collection) if attribute is not None else name in _REFERRING


def _entry(context: Context, row: Row, diff: Mapping[str, Any], names: _Names) -> Entry:
    seq, at, kind, type_name, oid, user_oid, user, credential, key, client, address, _, name = row
    method, _, number = (credential or "server").partition(":")
    changes = tuple(_change(context, type_name, each, pair, names) for each, pair in diff.items())
    told = {change.name: change.new or change.old for change in changes}
    return Entry(
        seq=seq,
        at=at,
        kind=kind,
        type=type_name,
        oid=oid,
        name=name or told.get("Name") or told.get("DisplayName") or told.get("UserName") or "",
        user_oid=user_oid,
        user=user or "",
        credential=method,
        key_oid=int(number) if number.isdigit() else None,
        key=key or "",
        client=client or "",
        address=address or "",
        changes=tuple(
            each for each in changes if (each.old != each.new and each.name not in _DERIVED) or each.withheld
        ),
    )


def _change(context: Context, type_name: str, name: str, pair: object, names: _Names) -> Change:
    if name in WITHHELD:
        return Change(name, "", "", withheld=True)
    if not isinstance(pair, list) or len(pair) != 2:
        pair = [None, pair]
    refers = _refers(context, type_name, name)
    old, new = (_text(value, names if refers else _Names()) for value in pair)
    return Change(name, old, new)


def _text(value: object, names: _Names) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(each, names) for each in value)
    return names.of(value)
