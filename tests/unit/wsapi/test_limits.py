"""Turnstiles: who is let in, who waits, and in which order."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest

from banneret.access.credentials import Carrier, KeyCredential
from banneret.kernel.errors import ConfigurationError, TooManyWaiting
from banneret.wsapi import limits
from banneret.wsapi.limits import ClientGone, Limits, Turn, Turnstile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@pytest.fixture(autouse=True)
def _watch_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WATCHED_AFTER", 0)


async def settle() -> None:
    """Let every task go on as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


class Line:
    """Several who want in; `inside` are the names of those who are, in the order of their admission."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile
        self.inside: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, key: str = "k", size: int = 0, receive: Any = None) -> None:
        async def wait() -> None:
            await self.turnstile.wait(key, receive, size)
            self.inside.append(name)

        self.tasks[name] = asyncio.create_task(wait())
        await settle()


async def test_so_many_are_inside_and_the_others_follow_in_their_order() -> None:
    line = Line(Turnstile(2))
    for name in "abcde":
        await line.come(name)
    assert line.inside == ["a", "b"]
    for expected in ("abc", "abcd", "abcde"):
        line.turnstile.leave("k")
        assert not line.turnstile.enter("k"), "who comes now is behind those who wait"
        await settle()
        assert line.inside == list(expected)
    assert not line.turnstile.enter("k")
    line.turnstile.leave("k")
    assert line.turnstile.enter("k")


async def test_keys_do_not_wait_for_each_other() -> None:
    line = Line(Turnstile(1))
    await line.come("a", "one")
    await line.come("b", "one")
    await line.come("c", "two")
    assert line.inside == ["a", "c"]


async def test_who_comes_while_a_line_is_being_let_in_is_not_forgotten() -> None:
    """Two are let in at the same moment, and the first is back in the line before the second has got up."""
    turnstile = Turnstile(2)
    line = Line(turnstile)

    async def twice() -> None:
        await turnstile.wait("k", None, 0)
        await turnstile.wait("k", None, 0)

    assert turnstile.enter("k")
    assert turnstile.enter("k")
    again = asyncio.create_task(twice())
    await settle()
    await line.come("b")
    for _ in range(2):
        turnstile.leave("k")
    await settle()
    assert line.inside == ["b"]
    turnstile.leave("k")
    await settle()
    assert again.done()


async def test_who_leaves_the_line_gives_up_his_place() -> None:
    line = Line(Turnstile(1))
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    await line.come("a")
    await line.come("b", receive=receive)
    await line.come("c")
    await line.come("d")
    gone.set()
    line.tasks["d"].cancel()
    await settle()
    with pytest.raises(ClientGone):
        line.tasks["b"].result()
    line.turnstile.leave("k")
    await settle()
    assert line.inside == ["a", "c"]
    line.turnstile.leave("k")
    assert line.turnstile.enter("k"), "nobody is left who waits"


async def test_a_place_given_at_the_moment_of_leaving_goes_on_to_the_next() -> None:
    line = Line(Turnstile(1))
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    await line.come("a")
    await line.come("b", receive=receive)
    await line.come("c")
    gone.set()
    line.turnstile.leave("k")
    line.tasks["b"].cancel()
    await settle()
    assert line.inside == ["a", "c"]


async def test_so_many_may_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WAITING", 2)
    monkeypatch.setattr(limits, "MOST_WAITING_BYTES", 100)
    line = Line(Turnstile(1))
    for name, key, size in (
        ("a", "k", 0),
        ("b", "k", 60),
        ("c", "k", 0),
        ("d", "k", 0),
        ("e", "other", 60),
        ("f", "other", 60),
    ):
        await line.come(name, key, size)
    with pytest.raises(TooManyWaiting):
        line.tasks["d"].result()
    with pytest.raises(TooManyWaiting):
        line.tasks["f"].result()
    assert line.inside == ["a", "e"]
    line.turnstile.leave("k")
    await settle()
    assert line.inside == ["a", "e", "b"]
    await line.come("g", "other", 60)
    assert not line.tasks["g"].done()


def credential(value: str) -> KeyCredential:
    return KeyCredential(value, Carrier.HEADER)


class Users:
    """Requests of users, whose credential names them: each takes its turn, then waits to be let go."""

    def __init__(self, held: Limits) -> None:
        self.limits = held
        self.running: list[str] = []
        self.begun = 0
        self.go = asyncio.Event()

    async def request(self, name: str, user: int, *, writes: bool = False) -> None:
        turn = self.limits.turn(credential(f"_{user}"), writes=writes, receive=None, size=0)

        async def work() -> None:
            self.begun += 1
            await asyncio.sleep(0)  # looks the credential up
            turn.take(user)
            self.running.append(name)
            await self.go.wait()
            self.running.remove(name)

        await turn.run(work)


async def gather(*awaitables: Awaitable[None]) -> asyncio.Future[list[None]]:
    found = asyncio.gather(*awaitables)
    await settle()
    return found


async def test_users_have_their_own_places_and_writes_common_ones() -> None:
    users = Users(Limits(requests=3, writes=4))
    requests = [users.request(f"{user}{n}", user, writes=n < 3) for user in (1, 2) for n in range(5)]
    done = await gather(*requests)
    assert len(users.running) == 4
    assert users.running[:3] == ["10", "11", "12"]
    users.go.set()
    await done
    assert users.running == []
    for turnstile, key in ((users.limits.users, 1), (users.limits.users, 2), (users.limits.writes, 0)):
        assert turnstile.enter(key)


async def test_who_was_here_before_waits_before_he_begins() -> None:
    """A hint of who he is spares a unit of work that would end at once."""
    users = Users(Limits(requests=1))
    done = await gather(*(users.request(str(n), 7) for n in range(4)))
    assert (users.begun, users.running) == (4, ["0"])
    users.go.set()
    await done
    users.begun = 0
    users.go.clear()
    done = await gather(*(users.request(str(n), 7) for n in range(4)))
    assert (users.begun, users.running) == (1, ["0"])
    users.go.set()
    await done
    assert users.begun == 4


async def test_a_hint_that_no_longer_holds_decides_nothing() -> None:
    """The key was another user's when it was last seen: it counts for whom it is now."""
    held = Limits(requests=1)
    held.hints[hash(credential("_7"))] = 3
    users = Users(held)
    done = await gather(users.request("a", 7), users.request("b", 3), users.request("c", 7))
    assert set(users.running) == {"a", "b"}
    users.go.set()
    await done
    assert all(held.users.enter(user) for user in (3, 7))


async def test_places_are_given_back_whatever_happens() -> None:
    held = Limits(requests=1, writes=1)

    def failing(turn: Turn) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            turn.take(1)
            raise ConfigurationError

        return work

    for _ in range(3):
        turn = held.turn(None, writes=True, receive=None, size=0)
        with pytest.raises(ConfigurationError):
            await turn.run(failing(turn))


async def test_in_any_interleaving_everybody_gets_his_turn() -> None:
    """Arrivals, ends and departures at any moment: never more than so many inside, nobody forgotten."""
    dice = random.Random(5)
    turnstile = Turnstile(3)
    inside = most = done = 0

    async def one(n: int) -> None:
        nonlocal inside, most, done
        for _ in range(dice.randrange(30)):
            await asyncio.sleep(0)
        leaves = dice.randrange(4) == 0

        async def receive() -> dict[str, Any]:
            for _ in range(dice.randrange(40)):
                await asyncio.sleep(0)
            return {"type": "http.disconnect" if leaves else "http.request"}

        try:
            await turnstile.wait(n % 2, receive, 1)
        except ClientGone:
            done += 1
            return
        inside += 1
        most = max(most, inside)
        for _ in range(dice.randrange(3)):
            await asyncio.sleep(0)
        inside -= 1
        turnstile.leave(n % 2)
        done += 1

    for _ in range(50):
        await asyncio.wait_for(asyncio.gather(*(one(n) for n in range(30))), 20)
    assert (most, done) == (6, 1500)
    assert [turnstile.enter(key) for key in (0, 1) for _ in range(3)] == [True] * 6
