"""When keys and users were last active: gathered in memory, written at most once a minute a key, off the path of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.kernel.values import from_wire

if TYPE_CHECKING:
    from banneret.operations.ports import Store, Transaction

_MINUTE = 60


@dataclass(slots=True)
class _Last:
    user: int
    moment: str
    address: str
    client: str
    written: str | None = None


class Usage:
    """Notes successful uses of keys (access.md 1.14). What a killed process had not written yet is lost; it decides nothing."""

    def __init__(self) -> None:
        self._last: dict[int, _Last] = {}

    def used(self, key: int, user: int, moment: str, address: str, client: str) -> None:
        """Note a use; `moment` in wire form."""
        held = self._last.get(key)
        if held is None:
            self._last[key] = _Last(user, moment, address, client)
        else:
            held.moment, held.address, held.client = moment, address, client

    async def flush(self, store: Store, *, everything: bool = False) -> int:
        """Write what is due and give the number of keys written; with `everything`, what is not yet due as well."""
        due = [
            (key, last)
            for key, last in self._last.items()
            if last.moment != last.written
            and (everything or last.written is None or _seconds(last.written, last.moment) >= _MINUTE)
        ]
        if not due:
            return 0

        async def work(unit: Transaction) -> None:
            for key, last in due:
                unit.writer.update(
                    "api_key",
                    {"oid": key},
                    {
                        "last_used_at": last.moment,
                        "last_used_address": last.address or None,
                        "last_used_client": last.client or None,
                    },
                )
            for user, moment in {last.user: last.moment for _, last in due}.items():
                unit.writer.update("user", {"oid": user}, {"lastactivedate": moment})
            await unit.writer.flush()

        await store.write(work)
        for _, last in due:
            last.written = last.moment
        return len(due)


def _seconds(earlier: str, later: str) -> float:
    return (from_wire(later) - from_wire(earlier)).total_seconds()
