"""The shape of an address of the management API: routes and the OpenAPI document are both made of these."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request

    from banneret.access.identity import Edition, Identity
    from banneret.operations.context import Context

ROOT = "/api/v1"
_LONGEST_ID = 15


class Access(Enum):
    """Who may ask. The value is what the document says."""

    ANYBODY = "No credential is looked at."
    HOLDER = "Any credential that holds; a Read-Only key may only read."
    LOGGED_IN = "A log-in through the pages, or Basic: no key makes, changes or ends a key."


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter. `kind` is `integer` or `string`; `default` is what counts where it is absent."""

    name: str
    kind: str
    description: str
    default: int | str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


LIMIT = Query("limit", "integer", "How many at most.", 50, 1, 200)
CURSOR = Query("cursor", "string", "Where to go on: `next` of the page before.", maximum=200)


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was let in: its surroundings, the numbers of its path, its parameters and its body."""

    context: Context
    request: Request
    secret: bytes
    edition: Edition
    path: dict[str, int]
    query: dict[str, Any]
    body: Any

    @property
    def identity(self) -> Identity:
        """Who asks."""
        if self.context.identity is None:
            message = "nobody asks here but who was let in"
            raise RuntimeError(message)
        return self.context.identity

    @property
    def origin(self) -> str:
        """The address under which the client reached us."""
        url = self.request.url
        return f"{url.scheme}://{url.netloc}"


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True)
class Endpoint:
    """A method of an address.

    `path` is what follows `ROOT`, with `{id}` for an ObjectID. `answer` is the struct that it answers with, None for no content;
    `body` the one that it takes. `refusals` are the statuses that it may answer with beside those that `access` brings.
    `writes`: it changes something. `location` gives the address of what it made.
    """

    method: str
    path: str
    name: str
    summary: str
    access: Access
    handler: Handler
    answer: type | None = None
    body: type | None = None
    query: tuple[Query, ...] = ()
    status: int = 200
    refusals: tuple[int, ...] = ()
    writes: bool = False
    tag: str = "API keys"
    location: Callable[[Any], str] | None = field(default=None)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the address."""
        return re.compile(re.sub(r"\{(\w+)\}", rf"(?P<\1>[0-9]{{1,{_LONGEST_ID}}})", self.path))

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status but success that it may answer with."""
        found = {503, *self.refusals} | ({409} if self.writes else set())
        if self.access is not Access.ANYBODY:
            found |= {401, 403}
        if self.body is not None:
            found |= {413, 415, 422}
        if self.query:
            found.add(422)
        return tuple(sorted(found))
