"""What became of an object, out of its events: how it was made and what was changed, so that a loading replays it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.operations.values import default_value

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef
    from banneret.operations.ports import Transaction
    from banneret.scenarios.stored import Everything, Stored

_NOTHING: tuple[Any, ...] = (None, "", [], False)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when, by whom, and new values by element name; for links the members that left and joined."""

    at: str
    kind: str
    user: int | None
    diff: dict[str, Any]


@dataclass(slots=True)
class Past:
    """All events by object."""

    events: dict[int, list[Event]] = field(default_factory=dict)

    @classmethod
    async def read(cls, unit: Transaction) -> Past:
        """Read the journal."""
        past = cls()
        rows = await unit.writer.fetch("event", {}, ["seq", "at", "kind", "oid", "user_oid", "diff"])
        for _, at, kind, oid, user, diff in sorted(rows, key=lambda row: row[0]):
            past.events.setdefault(oid, []).append(Event(at, kind, user, msgspec.json.decode(diff)))
        return past


def replayed(everything: Everything, item: Stored, past: Past) -> dict[str, Any]:
    """Give the entry of an object: as it was made, and its `changes`; the end of them is what the object is now."""
    return _Replay(everything, item).run(past.events.get(item.oid, []))


class _Replay:
    def __init__(self, everything: Everything, item: Stored) -> None:
        self._all = everything
        self._item = item
        self._state: dict[AttributeDef, Any] = {}
        self._initial: dict[str, Any] = {}
        self._changes: list[dict[str, Any]] = []

    def run(self, events: list[Event]) -> dict[str, Any]:
        made = events[0].diff if events and events[0].kind == "created" else None
        for attribute, value in self._item.values.items():
            if self._all.is_written(attribute):
                self._begin(attribute, value, made)
        for attribute in self._item.members:
            joined = [oid for oid in (_new(made or {}, attribute) or []) if self._all.knows(oid)]
            if joined:
                self._state[attribute] = joined
                self._initial[attribute.name] = [self._all.label(oid) for oid in joined]
        for event in events:
            if event.kind == "updated":
                self._change(event)
        self._settle()
        return {**self._initial, **({"changes": self._changes} if self._changes else {})}

    def _begin(self, attribute: AttributeDef, now: Any, made: dict[str, Any] | None) -> None:
        value = (
            now if made is None or isinstance(now, bytes) or not _is_changeable(attribute) else _new(made, attribute)
        )
        if attribute.is_object and value is not None and not self._all.knows(value):
            value = None
        if value is None and attribute.required:
            # What it had then is gone; it cannot have been without.
            value = now
        self._state[attribute] = value
        # The journal leaves out what is empty, and so does the file, but where a new object would have something.
        if value in _NOTHING and default_value(attribute) in _NOTHING:
            return
        if value != default_value(attribute):
            self._initial[attribute.name] = self._all.written(
                attribute, False if value in _NOTHING and attribute.type == "BOOLEAN" else value
            )

    def _change(self, event: Event) -> None:
        entry: dict[str, Any] = {}
        for attribute in self._item.values:
            if attribute.name not in event.diff or not _is_changeable(attribute) or not self._all.is_written(attribute):
                continue
            new = _new(event.diff, attribute)
            if attribute.is_object and new is not None and not self._all.knows(new):
                continue
            if new is None and attribute.required:
                continue
            if not _same(self._state.get(attribute), new):
                self._state[attribute] = new
                entry[attribute.name] = self._all.written(attribute, new)
        for attribute in self._item.members:
            if attribute.name in event.diff:
                gone, come = event.diff[attribute.name]
                members = [oid for oid in self._state.get(attribute) or [] if oid not in (gone or [])]
                members += [oid for oid in come or [] if oid not in members and self._all.knows(oid)]
                if members != self._state.get(attribute):
                    self._state[attribute] = members
                    entry[attribute.name] = [self._all.label(oid) for oid in members]
        if entry:
            self._changes.append({"by": self._author(event.user), "at": event.at, **entry})

    def _settle(self) -> None:
        """Set right what events do not tell: what the server did by itself, and links that were made from the other end."""
        for attribute, now in self._item.values.items():
            if (
                self._all.is_written(attribute)
                and _is_changeable(attribute)
                and not _same(self._state.get(attribute), now)
            ):
                self._last(attribute.name, self._all.written(attribute, now))
        for attribute, members in self._item.members.items():
            if sorted(self._state.get(attribute) or []) != sorted(members):
                self._last(attribute.name, [self._all.label(oid) for oid in members])

    def _last(self, name: str, value: Any) -> None:
        for change in reversed(self._changes):
            if name in change:
                change[name] = value
                return
        if not self._changes:
            at = self._item.get("LastUpdateDate") or self._item.get("CreationDate")
            self._changes.append({"by": self._author(None), "at": at})
        self._changes[-1][name] = value

    def _author(self, user: int | None) -> str:
        """Give who changed something; where nobody that is left did, who made the object, or anybody."""
        candidates = [user, self._item.get("CreatedBy"), *self._all.users]
        return next(self._all.label(oid) for oid in candidates if oid is not None and oid in self._all.objects)


def _is_changeable(attribute: AttributeDef) -> bool:
    return not attribute.read_only and not attribute.create_only


def _new(diff: dict[str, Any], attribute: AttributeDef) -> Any:
    pair = diff.get(attribute.name)
    return pair[1] if pair is not None else None


def _same(old: Any, new: Any) -> bool:
    return old == new or (old in _NOTHING and new in _NOTHING)
