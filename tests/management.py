"""A client of the management API, in process: through the front door, as the server runs it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.routing import Route

from banneret.access.identity import Edition
from banneret.api.endpoints import ROOT
from banneret.api.service import METHODS, Management
from banneret.front_door import FrontDoor
from banneret.kernel.ids import Identifiers
from banneret.web.assets import shared_assets
from tests.harness import SECRET, Answer, World

HOST = "rally.test"


@dataclass
class Api:
    """The management API of a world. Whoever asks brings a key (`key`), a password (`user`), or what `headers` hold."""

    world: World
    edition: Edition = Edition.SAAS
    address: str = "127.0.0.1"
    door: Any = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        management = Management(
            world.store,
            world.gate,
            world.clock,
            Identifiers(world.clock),
            SECRET,
            self.edition,
            world.usage,
            world.journal,
        )
        routes = [Route(f"{ROOT}/{{rest:path}}", management.answer, methods=METHODS)]
        self.door = FrontDoor(world.app, world.store, shared_assets(), routes)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        user: str | None = None,
        headers: dict[str, str] | None = None,
        **params: Any,
    ) -> Answer:
        """Send one request; a body that is no bytes goes as JSON."""
        target, _, query = path.partition("?")
        sent = {"host": HOST}
        if user is not None:
            sent |= self.world.basic(user)
        if key is not None:
            sent["zsessionid"] = key
        if body is not None:
            sent["content-type"] = "application/json"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        scope = {
            "type": "http",
            "method": method,
            "path": target if target.startswith(ROOT) else ROOT + target,
            "raw_path": target.encode(),
            "root_path": "",
            "query_string": (query or urlencode(params)).encode(),
            "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in (sent | (headers or {})).items()],
            "client": (self.address, 50000),
            "server": (HOST, 80),
            "scheme": "http",
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.door(scope, receive, send)
        received = {name.decode(): text.decode() for name, text in messages[0]["headers"]}
        return Answer(messages[0]["status"], received, b"".join(each.get("body", b"") for each in messages[1:]))

    async def get(self, path: str, **kwargs: Any) -> Answer:
        return await self.call("GET", path, **kwargs)

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> Answer:
        return await self.call("POST", path, body, **kwargs)

    async def patch(self, path: str, body: Any, **kwargs: Any) -> Answer:
        return await self.call("PATCH", path, body, **kwargs)

    async def delete(self, path: str, **kwargs: Any) -> Answer:
        return await self.call("DELETE", path, **kwargs)

    async def make(self, user: str = "editor", **given: Any) -> tuple[int, str]:
        """Make a key and give its id and value."""
        answer = await self.post("/keys", {"name": "made", **given}, user=user)
        assert answer.status == 201, answer.body
        return answer.document["key"]["id"], answer.document["secret"]
