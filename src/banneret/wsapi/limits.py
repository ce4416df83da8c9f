"""How many requests of a user run at once, and how many writes of all users: what is more waits its turn (wsapi.md 10, design 5.9).

Counted in this process. A place is taken when it is known who asks, so whoever cannot say who he is neither waits nor keeps
others waiting. Waiting holds no connection and no transaction: a request that finds its user's places taken leaves its unit of work,
waits, and begins anew. Who a credential was last time is remembered as a hint, so that it waits before it begins; a hint decides
nothing else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from banneret.kernel.errors import TooManyWaiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, MutableMapping

    from banneret.access.credentials import Credential

    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

T = TypeVar("T")

MOST_WAITING = 256
"""Requests that may wait at one turnstile for one user."""

MOST_WAITING_BYTES = 256 * 1024 * 1024
"""Bytes of bodies that may wait at a turnstile."""

WATCHED_AFTER = 0.1
"""Seconds of waiting after which one looks whether the client is still there; most never wait so long."""

_REMEMBERED = 10_000
_ALL = 0
"""Whom writes are counted for: everybody."""


class ClientGone(Exception):
    """The connection ended: nobody waits for an answer."""


class _MustWait(Exception):
    """A place is taken; `user` is whose, None for that of writes."""

    def __init__(self, user: int | None) -> None:
        super().__init__(user)
        self.user = user


class Turnstile:
    """Lets so many in at once for each key, and the others in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._inside: dict[Hashable, int] = {}
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}  # no line is empty
        self._bytes = 0
        # A read that SQLite moved to a thread may enter there.
        self._lock = Lock()

    def enter(self, key: Hashable) -> bool:
        """Take a place if one is free; while somebody waits none is."""
        with self._lock:
            inside = self._inside.get(key, 0)
            if inside >= self._at_once:
                return False
            self._inside[key] = inside + 1
            return True

    def leave(self, key: Hashable) -> None:
        """Give a place to who has waited longest, or back."""
        queue = self._waiting.get(key)
        while queue:
            place = queue.popleft()
            if not queue:
                del self._waiting[key]
            if not place.done():
                place.set_result(None)
                return
        with self._lock:
            inside = self._inside[key] - 1
            if inside:
                self._inside[key] = inside
            else:
                del self._inside[key]

    async def wait(self, key: Hashable, receive: Receive | None, size: int) -> None:
        """Take a place, now or when it is one's turn. `receive` tells when the client leaves; `size` is its body's.

        Raises:
            TooManyWaiting: so many wait already that this one may not.
            ClientGone: the client left before its turn.

        """
        if self.enter(key):
            return
        waiting = len(self._waiting.get(key, ()))
        if waiting >= MOST_WAITING or self._bytes + size > MOST_WAITING_BYTES:
            raise TooManyWaiting(waiting)
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        queue = self._waiting.setdefault(key, deque())
        queue.append(place)
        self._bytes += size
        watching = None if receive is None else loop.call_later(WATCHED_AFTER, _watch, place, receive)
        try:
            await place
        except BaseException:
            if place in queue:
                queue.remove(place)
                if not queue:
                    del self._waiting[key]
            elif not place.cancelled() and place.exception() is None:
                self.leave(key)
            raise
        finally:
            self._bytes -= size
            if watching is not None:
                watching.cancel()


def _watch(place: asyncio.Future[None], receive: Receive) -> None:
    """Give a place up when its client leaves."""
    watching = asyncio.ensure_future(_left(receive))

    def left(_: asyncio.Future[None]) -> None:
        if not place.done() and not watching.cancelled():
            place.set_exception(watching.exception() or ClientGone())

    watching.add_done_callback(left)
    place.add_done_callback(lambda _: watching.cancel())


async def _left(receive: Receive) -> None:
    """Return when the client leaves. What is left of its body is read over."""
    complete = False
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if complete:
            break
        complete = not message.get("more_body", False)
    await asyncio.get_running_loop().create_future()


class Limits:
    """The limits of one process: `requests` at once a user, `writes` at once in all."""

    def __init__(self, requests: int = 12, writes: int = 24) -> None:
        self.users = Turnstile(requests)
        self.writes = Turnstile(writes)
        self.hints: dict[int, int] = {}

    def turn(self, credential: Credential | None, *, writes: bool, receive: Receive | None, size: int) -> Turn:
        """Begin a request."""
        return Turn(self, hash(credential), receive, size, writes=writes)


class Turn:
    """The places that one request holds."""

    __slots__ = ("_hint", "_limits", "_receive", "_size", "_user", "_writes", "_writing")

    def __init__(self, limits: Limits, hint: int, receive: Receive | None, size: int, *, writes: bool) -> None:
        self._limits = limits
        self._hint = hint
        self._receive = receive
        self._size = size
        self._writes = writes
        self._user: int | None = None
        self._writing = False

    def take(self, user: int) -> None:
        """Say who asks, as soon as it is known: a request that finds no place ends here and is begun anew by `run`."""
        limits = self._limits
        if self._user != user:
            if self._user is not None or not limits.users.enter(user):
                raise _MustWait(user)
            self._user = user
            if len(limits.hints) >= _REMEMBERED:
                limits.hints.clear()
            limits.hints[self._hint] = user
        if self._writes and not self._writing:
            if not limits.writes.enter(_ALL):
                raise _MustWait(None)
            self._writing = True

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work`, which calls `take`, in its turn, and give the places back when it ends.

        Raises:
            TooManyWaiting, ClientGone: as `Turnstile.wait`.

        """
        limits = self._limits
        try:
            hinted = limits.hints.get(self._hint)
            if hinted is not None:
                await self._wait_for(hinted)
                if self._writes:
                    await self._wait_for(None)
            while True:
                try:
                    return await work()
                except _MustWait as taken:
                    await self._wait_for(taken.user)
        finally:
            if self._user is not None:
                limits.users.leave(self._user)
            if self._writing:
                limits.writes.leave(_ALL)

    async def _wait_for(self, user: int | None) -> None:
        limits = self._limits
        if user is None:
            if not self._writing:
                await limits.writes.wait(_ALL, self._receive, self._size)
                self._writing = True
            return
        if self._user is not None:
            # The credential was somebody else's when it was last seen.
            limits.users.leave(self._user)
            self._user = None
        await limits.users.wait(user, self._receive, self._size)
        self._user = user
        limits.hints[self._hint] = user
