"""What is shown once, and forms that are sent twice.

A key's value goes from the form that made it to the page that shows it without standing in an address or in clear in the
database: encrypted under the server's secret it waits with the log-in for a quarter of an hour, and the first look takes it
away. A form carries a number of its own, so that a second press of its button leads to where the first one led.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

from banneret.manager.visits import Sent
from banneret.operations import sessions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

_REMEMBERED = 20
_WAITS = 15 * 60
"""Seconds that a value waits for the page that shows it (access.md 1.6)."""


def _cipher(visit: Visit) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"reveal " + visit.secret).digest()))


def _seconds(visit: Visit) -> int:
    return int(visit.context.now.timestamp())


async def keep(visit: Visit, name: str, value: str) -> None:
    """Let a value wait for the page that shows it."""
    notes = await sessions.read_notes(visit.context, visit.token)
    sealed = _cipher(visit).encrypt_at_time(value.encode(), _seconds(visit))
    notes["reveal"] = {name: sealed.decode()}
    await sessions.write_notes(visit.context, visit.token, notes)


async def take(visit: Visit, name: str) -> str | None:
    """Take the value that waits under a name; None when it was taken before, or waited too long."""
    notes = await sessions.read_notes(visit.context, visit.token)
    waiting = notes.pop("reveal", {}).get(name)
    if waiting is None:
        return None
    await sessions.write_notes(visit.context, visit.token, notes)
    try:
        return _cipher(visit).decrypt_at_time(waiting.encode(), _WAITS, _seconds(visit)).decode()
    except InvalidToken:
        return None


async def once(visit: Visit, form: Form, work: Callable[[], Awaitable[Sent]]) -> Sent:
    """Do what a form asks unless this very form was done before; then lead to where it led."""
    number = form["once"]
    notes = await sessions.read_notes(visit.context, visit.token)
    before = notes.get("done", {}).get(number) if number else None
    if before is not None:
        return Sent(before)
    result = await work()
    notes = await sessions.read_notes(visit.context, visit.token)
    done = {**notes.get("done", {}), number: result.location}
    notes["done"] = dict(list(done.items())[-_REMEMBERED:])
    await sessions.write_notes(visit.context, visit.token, notes)
    return result
