"""A small world to test against: two workspaces, a project tree, a user of every role with keys and a password.

The application is called as the server calls it, but in process: no socket, no waiting. The same world stands on SQLite
and on PostgreSQL.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from banneret.access.identity import Edition
from banneret.access.keys import hint, lookup_hash
from banneret.access.passwords import Passwords
from banneret.catalogue.loader import stock_schema
from banneret.kernel.clock import VirtualClock
from banneret.kernel.ids import Identifiers
from banneret.kernel.values import to_wire
from banneret.manager.rooms import ROOMS
from banneret.operations.context import server_context
from banneret.operations.create import Given, create
from banneret.operations.identify import Gate
from banneret.operations.install import install
from banneret.operations.journal import Journal
from banneret.operations.usage import Usage
from banneret.storage.postgresql import PostgresDriver
from banneret.storage.sqlite import SqliteDriver
from banneret.storage.statements import PostgresDialect, SqliteDialect, Statements
from banneret.storage.tables import Layout
from banneret.storage.unit import Store
from banneret.web.assets import shared_assets
from banneret.web.form_tokens import FormTokens
from banneret.wsapi.app import WsapiApp
from banneret.wsapi.documentation.site import Documentation
from banneret.wsapi.files import Files
from banneret.wsapi.service import Service
from banneret.wsapi.uploads import Uploads
from tests import databases

if TYPE_CHECKING:
    from pathlib import Path

    from banneret.operations.context import Context
    from banneret.storage.unit import Transaction

BASE = "/slm/webservice/v2.0"
SECRET = b"a server secret for tests"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
LAYOUT = Layout(stock_schema())
_STATEMENTS = {"sqlite": Statements(SqliteDialect()), "postgresql": Statements(PostgresDialect())}
_HASH = Passwords(kibibytes=64, passes=1).hash(PASSWORD)


async def open_sqlite(path: Path) -> Store:
    """Give a store on a new SQLite file."""
    databases.make_sqlite_path(path).rename(path / "banneret.db")
    return reopen_sqlite(path)


async def open_postgresql(url: str) -> Store:
    """Give a store on a new PostgreSQL database."""
    return reopen_postgresql(url)


def reopen_sqlite(path: Path) -> Store:
    """Give a store on a SQLite file that has its tables."""
    driver = SqliteDriver(path / "banneret.db", synchronous="OFF")
    return Store(driver, stock_schema(), postgresql=False, layout=LAYOUT, statements=_STATEMENTS["sqlite"])


def reopen_postgresql(url: str) -> Store:
    """Give a store on a PostgreSQL database that has its tables."""
    driver = PostgresDriver(url, 8)
    return Store(driver, stock_schema(), postgresql=True, layout=LAYOUT, statements=_STATEMENTS["postgresql"])


@dataclass
class Answer:
    """One answer; `inner` is what stands under its root key."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def root(self) -> str:
        (key,) = self.document
        return key

    @property
    def inner(self) -> dict[str, Any]:
        found: dict[str, Any] = self.document[self.root]
        return found

    @property
    def errors(self) -> list[str]:
        found: list[str] = self.inner["Errors"]
        return found

    @property
    def warnings(self) -> list[str]:
        found: list[str] = self.inner["Warnings"]
        return found

    @property
    def results(self) -> list[dict[str, Any]]:
        assert not self.errors, self.errors
        found: list[dict[str, Any]] = self.inner["Results"]
        return found

    @property
    def object(self) -> dict[str, Any]:
        assert not self.errors, self.errors
        found: dict[str, Any] = self.inner["Object"]
        return found


@dataclass
class World:
    """The world and a way to talk to it. `ids` has ObjectIDs by name; `keys` full-access keys by user, `readers` read-only ones."""

    store: Store
    clock: VirtualClock
    app: Any
    gate: Gate
    usage: Usage
    journal: Journal
    ids: dict[str, int]
    keys: dict[str, str]
    readers: dict[str, str]

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
        """Send one request. `user` sends that user's full key (`key=` any value); params go into the query string."""
        target, _, query = path.partition("?")
        if not target.startswith("/slm/"):
            target = f"{BASE}/{target.lstrip('/')}"
        query = "&".join(part for part in (query, urlencode(params, quote_via=quote)) if part)
        sent = {"host": "rally.test", **(headers or {})}
        value = key or (self.keys[user] if user else None)
        if value is not None:
            sent["zsessionid"] = value
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        scope = {
            "type": "http",
            "method": method,
            "path": target,
            "raw_path": target.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), text.encode("latin-1")) for name, text in sent.items()],
            "client": ("127.0.0.1", 50000),
            "scheme": "http",
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        received = [(name.decode(), text.decode()) for name, text in messages[0]["headers"]]
        cookies = [text for name, text in received if name == "set-cookie"]
        whole = b"".join(message["body"] for message in messages[1:])
        return Answer(messages[0]["status"], dict(received), whole, cookies)

    async def get(self, path: str, user: str | None = "admin", **kwargs: Any) -> Answer:
        return await self.call("GET", path, user=None if "key" in kwargs else user, **kwargs)

    async def post(self, path: str, body: Any = None, user: str | None = "admin", **kwargs: Any) -> Answer:
        return await self.call("POST", path, body, user=None if "key" in kwargs else user, **kwargs)

    async def delete(self, path: str, user: str | None = "admin", **kwargs: Any) -> Answer:
        return await self.call("DELETE", path, user=None if "key" in kwargs else user, **kwargs)

    async def make(self, type_name: str, user: str = "admin", **attributes: Any) -> dict[str, Any]:
        """Create an object over the wire and give it as answered."""
        answer = await self.post(f"{type_name}/create", {type_name: attributes}, user)
        return answer.object

    async def server(self, work: Any) -> Any:
        """Run `work(context)` as the server itself, in a writing unit of work."""

        async def run(unit: Transaction) -> Any:
            landscape = await unit.landscape()
            assert landscape is not None
            return await work(server_context(unit, landscape, self.clock.now(), Identifiers(self.clock)))

        return await self.store.write(run)

    async def rows(self, table: str, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
        """Look into a table."""
        found = await self.store.read(lambda unit: unit.writer.fetch(table, where, columns))
        return [tuple(row) for row in found]

    def basic(self, user: str, password: str = PASSWORD) -> dict[str, str]:
        """Give the header of Basic authentication for `<user>@acme.test`."""
        value = base64.b64encode(f"{user}@acme.test:{password}".encode()).decode()
        return {"authorization": f"Basic {value}"}


# role in projects by user: who may do what is the point of most tests
ROLES: dict[str, dict[str, str]] = {
    "padmin": {"engines": "Admin"},
    "editor": {"engines": "Editor", "pistons": "Editor", "valves": "Editor"},
    "viewer": {"engines": "Viewer", "pistons": "Viewer"},
    "stranger": {"elsewhere": "Editor"},
    "nobody": {},
}
USERS = ("admin", "wsadmin", *ROLES)
KEYS = {name: f"_FULL{name}".ljust(44, "0") for name in USERS}
READERS = {name: f"_READ{name}".ljust(44, "0") for name in USERS}


async def build_world(store: Store, edition: Edition = Edition.SAAS) -> World:
    """Furnish an empty store. Projects: main: engines > pistons, valves (closed); wheels. other: elsewhere."""
    clock = VirtualClock(START, running=False)
    identifiers = Identifiers(clock, seed=7)
    ids: dict[str, int] = {}

    async def furnish(unit: Transaction) -> None:
        context: Context = await install(unit, clock.now(), identifiers, {"Name": "Acme"})
        ids["subscription"] = context.landscape.subscription_oid

        async def make(type_name: str, **body: Any) -> int:
            landscape = await unit.landscape()
            assert landscape is not None
            local = server_context(unit, landscape, clock.now(), identifiers)
            item = local.schema.get(type_name)
            return await create(local, item, body, type_name, Given(internal=True))

        for name in ("main", "other"):
            ids[name] = await make("Workspace", Name=name, Style="HTML", Description="")
        tree = (("engines", "main", None), ("pistons", "main", "engines"), ("wheels", "main", None))
        for name, workspace, parent in (*tree, ("valves", "main", "engines"), ("elsewhere", "other", None)):
            body: dict[str, Any] = {"Name": name.title(), "Workspace": f"/workspace/{ids[workspace]}"}
            body |= {"Parent": f"/project/{ids[parent]}"} if parent else {}
            body |= {"State": "Closed"} if name == "valves" else {}
            ids[name] = await make("Project", **body)
        for name in USERS:
            ids[name] = await make(
                "User", UserName=f"{name}@acme.test", DisplayName=name.title(), SubscriptionAdmin=name == "admin"
            )
            unit.writer.insert("password", {"user_oid": ids[name], "hash": _HASH, "set_at": to_wire(clock.now())})
            for value, grant in ((KEYS[name], "full"), (READERS[name], "read_only")):
                unit.writer.insert(
                    "api_key",
                    {
                        "oid": await unit.writer.next_object_id(None),
                        "lookup": lookup_hash(SECRET, value),
                        "user_oid": ids[name],
                        "display_name": f"{name} {grant}",
                        "grant_name": grant,
                        "hint": hint(value),
                        "created_at": to_wire(clock.now()),
                    },
                )
        await make(
            "WorkspacePermission",
            User=_ref("user", ids["wsadmin"]),
            Workspace=_ref("workspace", ids["main"]),
            Role="Admin",
        )
        for name, roles in ROLES.items():
            for project, role in roles.items():
                await make(
                    "ProjectPermission", User=_ref("user", ids[name]), Project=_ref("project", ids[project]), Role=role
                )

    await store.write(furnish)
    return enter_world(store, ids, edition)


def enter_world(store: Store, ids: dict[str, int], edition: Edition = Edition.SAAS) -> World:
    """Give the world that stands in a store already."""
    clock = VirtualClock(START, running=False)
    gate = Gate(store, clock, Identifiers(clock), SECRET, edition)
    usage = Usage()
    service = Service(store, gate, clock, usage)
    documentation = Documentation(
        service, store, gate, clock, stock_schema(), FormTokens(SECRET), shared_assets(), ROOMS
    )
    journal = Journal(clock)
    app = WsapiApp(service, Uploads(store, gate), Files(store, gate, usage), documentation, journal)
    return World(store, clock, app, gate, usage, journal, dict(ids), dict(KEYS), dict(READERS))


def _ref(kind: str, oid: int) -> str:
    return f"/{kind}/{oid}"
