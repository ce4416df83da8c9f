"""What tests of access do again and again: log in, run an operation as somebody, tell a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.access.credentials import BasicCredential, Carrier, KeyCredential
from banneret.operations.context import Client
from tests.harness import PASSWORD, Answer, World

if TYPE_CHECKING:
    from banneret.operations.context import Context


@dataclass
class Session:
    """An HTTP session begun by Basic: its cookies, its security token, and what a client sends from then on."""

    world: World
    user: str
    value: str
    token: str

    @property
    def cookie(self) -> dict[str, str]:
        return {"cookie": f"JSESSIONID={self.value}; ZSESSIONID={self.value}"}

    @property
    def headers(self) -> dict[str, str]:
        return {**self.world.basic(self.user), **self.cookie}

    async def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
        """Send a request by Basic in this session, with its token or another one."""
        joint = "&" if "?" in path else "?"
        return await self.world.call(method, f"{path}{joint}key={token or self.token}", body, headers=self.headers)


async def log_in(world: World, user: str) -> Session:
    """Begin an HTTP session as a client with user name and password does."""
    answer = await world.call("GET", "security/authorize", headers=world.basic(user))
    cookies = dict(cookie.partition(";")[0].split("=", 1) for cookie in answer.cookies)
    assert cookies["JSESSIONID"] == cookies["ZSESSIONID"]
    return Session(world, user, cookies["JSESSIONID"], answer.inner["SecurityToken"])


async def as_user(world: World, user: str, work: Any, *, interactive: bool = True) -> Any:
    """Run `work(context)` as the user, logged in or by his key."""
    credential = (
        BasicCredential(f"{user}@acme.test", PASSWORD)
        if interactive
        else KeyCredential(world.keys[user], Carrier.HEADER)
    )
    proof = await world.gate.prove(credential, "127.0.0.1")

    async def run(unit: Any) -> Any:
        return await work(await world.gate.admit(unit, credential, Client("", "127.0.0.1"), proof=proof))

    return await world.store.write(run)


async def settings(world: World, **values: Any) -> None:
    """Change the subscription as its administrator who has logged in."""
    session = await log_in(world, "admin")
    answer = await session.call("POST", f"subscription/{world.ids['subscription']}", {"Subscription": values})
    assert answer.errors == []


async def flag_user(world: World, user: str, **columns: Any) -> None:
    """Change columns of a user that the wire does not offer."""

    async def work(context: Context) -> None:
        context.unit.writer.update("user", {"oid": world.ids[user]}, columns)
        await context.unit.touch()

    await world.server(work)


def refused(answer: Answer, reason: str | None = None) -> None:
    """A 401 as every one is: HTML, a challenge, and the reason for a rightful holder only."""
    assert answer.status == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["www-authenticate"].startswith("Basic realm=")
    assert answer.headers.get("x-auth-reason") == reason
    assert b"HTTP ERROR 401" in answer.body or not answer.body
