"""Several operations in one request (wsapi.md 6.7).

All entries run in one unit of work, each for itself: one that fails leaves nothing behind and says so in its own `Errors`, and
the others stand. When the answer comes, all of them are on disk.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.kernel.errors import BanneretError, MalformedBody, RunTimeExceeded, UnsupportedOperation
from banneret.operations.context import place, refreshed
from banneret.wsapi import errors
from banneret.wsapi.addresses import PREFIX, action, split
from banneret.wsapi.rendering import MAJOR, MINOR
from banneret.wsapi.requests import parameters

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from banneret.operations.context import Context
    from banneret.wsapi.addresses import Action
    from banneret.wsapi.requests import Request

    Run = Callable[[Request, Context, Action], Awaitable[bytes]]

MOST_ENTRIES = 500

_INHERITED = (
    "fetch",
    "shallowfetch",
    "workspace",
    "project",
    "projectscopeup",
    "projectscopedown",
    "includepermissions",
)
"""Parameters of the whole request that hold for each entry that does not give them itself."""

_ALONE = frozenset({"batch", "authorize"})
"""What an entry cannot be."""

_METHODS = frozenset({"GET", "PUT", "POST", "DELETE"})


async def run_batch(request: Request, context: Context, run: Run) -> list[dict[str, Any]]:
    """Run the entries in order and give the `Results`, one an entry.

    Raises:
        MalformedBody: the body is no list of entries, or too long a one.

    """
    _, entries = request.document()
    if not isinstance(entries, list):
        reason = "a list of batch entries was expected"
        raise MalformedBody(reason)
    if len(entries) > MOST_ENTRIES:
        reason = f"a batch takes {MOST_ENTRIES} entries at most, this one has {len(entries)}"
        raise MalformedBody(reason)
    results = []
    for entry in entries:
        results.append(await _answer(request, replace(context, warnings=[]), run, entry))
        if context.unit.touched:
            context = await refreshed(context)
    return results


async def _answer(request: Request, context: Context, run: Run, entry: object) -> dict[str, Any]:
    async def work() -> dict[str, Any]:
        part, wanted = _read(request, entry)
        if not wanted.writes:
            await context.unit.conclude()
        found = await run(part, place(context, part.scope()), wanted)
        return _result(found, wanted)

    try:
        return await context.unit.attempt(work)
    except RunTimeExceeded:
        raise
    except BanneretError as error:
        return {**_HEAD, "Errors": [errors.text_of(error)], "Warnings": context.warnings}


_HEAD = {"_rallyAPIMajor": MAJOR, "_rallyAPIMinor": MINOR}


def _read(request: Request, entry: object) -> tuple[Request, Action]:
    """Read an entry, with or without `Entry` around it, as a request of its own."""
    if isinstance(entry, dict) and isinstance(entry.get("Entry"), dict):
        entry = entry["Entry"]
    if not isinstance(entry, dict) or not isinstance(entry.get("Path"), str):
        reason = 'a batch entry is an object with a "Path"'
        raise MalformedBody(reason)
    method = str(entry.get("Method") or "GET").strip().upper()
    if method not in _METHODS:
        raise UnsupportedOperation("batch", method)
    path, _, query = entry["Path"].strip().partition("?")
    place = path.find(PREFIX)
    full = path[place:] if place >= 0 else f"{PREFIX}v2.0/{path.lstrip('/')}"
    _, segments, _ = split(full)
    inherited = {name: request.params[name] for name in _INHERITED if name in request.params}
    params = inherited | (parameters(query.encode()) if query else {})
    wanted = action(segments, method)
    if wanted.verb in _ALONE:
        raise UnsupportedOperation("batch", wanted.verb)
    return request.part(method, full, params, entry.get("Body") or {}), wanted


def _result(answer: bytes, wanted: Action) -> dict[str, Any]:
    """Give what an operation answered by itself as an item of `Results`: what is below its root key."""
    inner: dict[str, Any]
    (inner,) = msgspec.json.decode(answer).values()
    if wanted.verb != "read":
        return inner
    shown = {name: value for name, value in inner.items() if name not in {"Errors", "Warnings"}}
    return {**_HEAD, "Errors": inner["Errors"], "Warnings": inner["Warnings"], "Object": shown}
