"""Load a scenario: all of it in one unit of work, or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from banneret.access.identity import SubscriptionState
from banneret.access.keys import Grant
from banneret.access.landscape import Landscape
from banneret.access.limits import KeyLimits
from banneret.access.passwords import Passwords
from banneret.access.roles import Delegations
from banneret.kernel.refs import Ref
from banneret.kernel.values import from_wire, to_wire
from banneret.operations import keys, passwords
from banneret.operations.install import install
from banneret.operations.settling import settle
from banneret.operations.update import update
from banneret.scenarios.checking import FIXED, NESTED
from banneret.scenarios.document import Entry
from banneret.scenarios.making import Maker
from banneret.scenarios.names import Node
from banneret.scenarios.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from banneret.access.identity import Identity
    from banneret.kernel.clock import Clock
    from banneret.operations.ports import Store, Transaction
    from banneret.scenarios.scenario import Scenario

    Progress = Callable[[int, int], None]

CLIENTS_NOTICE = "clients are read but have no effect yet: the OAuth server is not built"

_LATER = frozenset({"DefaultProject", "TeamMemberships", "ProfileImage", "LastPasswordUpdateDate"})
"""What of a user refers to what is made after him, and the date that goes with his password."""


@dataclass(slots=True)
class Loaded:
    """What came of a loading: how many objects and changes were made, and what the reader should be told."""

    steps: int = 0
    notices: list[str] = field(default_factory=list)


async def load(
    store: Store,
    scenario: Scenario,
    *,
    secret: bytes,
    clock: Clock,
    hasher: Passwords | None = None,
    progress: Progress | None = None,
    before: Callable[[Transaction], Any] | None = None,
) -> Loaded:
    """Load a scenario into a database, which may be empty, and give what came of it.

    `secret` is the server's, under which keys are hashed. `clock` tells when passwords were set where neither they nor the
    scenario has a date. `progress` is told how many steps are done and how many there are. `before` is awaited first, in the
    same unit of work.

    Raises:
        ScenarioError: something in it was refused; then the database is as it was.

    """
    hashes = await hash_passwords(scenario, hasher or Passwords())
    now = scenario.start or clock.now()

    async def work(unit: Transaction) -> Loaded:
        if before is not None:
            await before(unit)
        return await _Load(unit, scenario, secret, hashes, now, progress).run()

    return await store.write(work)


async def hash_passwords(scenario: Scenario, hasher: Passwords) -> dict[str, str]:
    """Give the hashes of a scenario's passwords, made on as many threads as there are."""
    loop = asyncio.get_running_loop()
    texts = list({entry["Password"] for entry in scenario.users if entry.get("Password")})
    made = await asyncio.gather(*(loop.run_in_executor(None, hasher.hash, text) for text in texts))
    return dict(zip(texts, made, strict=True))


class _Load:
    def __init__(
        self,
        unit: Transaction,
        scenario: Scenario,
        secret: bytes,
        hashes: dict[str, str],
        now: Any,
        progress: Progress | None,
    ) -> None:
        self._unit = unit
        self._scenario = scenario
        self._secret = secret
        self._hashes = hashes
        self._now = now
        self._progress = progress
        self._total = self._count()
        self._result = Loaded()
        empty = Landscape(0, 0, "", "", SubscriptionState(), Delegations(), unit.stock, {}, {})
        self._maker = Maker(unit, scenario, empty)
        self._users: list[Node] = []

    def _count(self) -> int:
        scenario = self._scenario
        changes = sum(len(entry.get("changes") or ()) for entry in scenario.objects)
        flat = (scenario.users, scenario.workspaces, list(scenario.projects()), scenario.permissions, scenario.keys)
        return sum(len(section) for section in flat) + len(scenario.objects) + changes

    def _tell(self) -> None:
        self._result.steps += 1
        if self._progress is not None:
            self._progress(self._result.steps, max(self._total, self._result.steps))

    async def run(self) -> Loaded:
        scenario = self._scenario
        maker = self._maker
        projects = [project for project, _, _ in scenario.projects()]
        placed = [*scenario.workspaces, *projects, *scenario.permissions, *scenario.objects]
        await maker.keep_clear([scenario.subscription, *scenario.users, *placed])
        await self._subscribe()
        await self._make_users()
        self._author = self._first_administrator()
        await self._make_places()
        await self._finish_users()
        await self._make_permissions()
        await self._make_keys()
        nodes = []
        for entry in scenario.objects:
            item = maker.landscape.stock.find(str(entry["_type"]))
            nodes.append(maker.names.add(Node(entry, item.name if item is not None else str(entry["_type"]))))
        await Timeline(maker, nodes, self._author).run(self._tell)
        await self._show_pictures()
        await settle(maker.context(scenario.undated), quietly=True)
        if scenario.clients:
            self._result.notices.append(CLIENTS_NOTICE)
        return self._result

    # ------------------------------------------------------------------ the subscription

    async def _subscribe(self) -> None:
        """Make the subscription, or give the one that there is what the file says of it."""
        maker, entry = self._maker, self._scenario.subscription
        body = {name: value for name, value in entry.items() if name not in FIXED}
        context = maker.context(maker.moment(entry))
        found = await self._unit.landscape()
        with maker.telling(entry):
            if found is None:
                await install(self._unit, context.now, maker.identifiers, body, await maker.given(entry, None))
            else:
                ref = Ref("Subscription", object_id=found.subscription_oid)
                await update(context, self._unit.stock.get("Subscription"), ref, body, "Subscription")
                if body.get("Name", found.subscription_name) != found.subscription_name:
                    self._result.notices.append(f"the subscription keeps its name, {found.subscription_name}")
        await maker.refresh()

    # ------------------------------------------------------------------ users

    async def _make_users(self) -> None:
        maker = self._maker
        for entry in self._scenario.users:
            node = maker.names.add(Node(entry, "User"))
            extra: dict[str, Any] = {"SubscriptionAdmin": True} if entry.get("role") == "subscription_admin" else {}
            hashed = self._hashes.get(entry.get("Password") or "")
            leave = _LATER if hashed is not None else _LATER - {"LastPasswordUpdateDate"}
            oid = await maker.make(node, extra=extra, leave=leave, refresh=False)
            if hashed is not None:
                at = maker.date(entry, "LastPasswordUpdateDate") or to_wire(self._now)
                await passwords.set_password(maker.context(maker.moment(entry)), oid, hashed, set_at=at)
            self._users.append(node)
            self._tell()
        await maker.refresh()

    def _first_administrator(self) -> Identity | None:
        """Give whom objects are made by that do not say: the first subscription administrator, else the first user."""
        admins = [node for node in self._users if node.entry.get("role") == "subscription_admin"]
        chosen = next(iter([*admins, *self._users]), None)
        return self._maker.author(chosen) if chosen is not None else None

    async def _finish_users(self) -> None:
        maker = self._maker
        for node in self._users:
            entry = node.entry
            later = _part(entry, _LATER - {"LastPasswordUpdateDate", "ProfileImage"})
            context = maker.context(maker.moment(entry))
            if later:
                await maker.change(node, later, context)
            await self._nested(node, "UserProfile", {"user_oid": node.oid})

    async def _show_pictures(self) -> None:
        """Give users their pictures, which are objects like any other and so come late."""
        for node in self._users:
            picture = _part(node.entry, frozenset({"ProfileImage"}))
            if picture:
                await self._maker.change(node, picture, self._maker.context(self._maker.moment(node.entry)))

    async def _nested(self, node: Node, name: str, where: dict[str, Any]) -> None:
        inner = node.entry.get(name)
        if not isinstance(inner, Entry) or NESTED[name] != node.type:
            return
        rows = await self._unit.writer.fetch(name.lower(), where, ["oid"])
        if rows:
            context = self._maker.context(self._maker.moment(node.entry), workspace=node.workspace)
            await self._maker.change(node, inner, context, type_name=name, oid=rows[0][0])

    # ------------------------------------------------------------------ places

    async def _make_places(self) -> None:
        maker = self._maker
        nodes: dict[int, Node] = {}
        for entry in self._scenario.workspaces:
            node = nodes[id(entry)] = maker.names.add(Node(entry, "Workspace"))
            node.workspace = await maker.make(node, extra={"Style": "HTML"}, author=self._author, refresh=False)
            await maker.refresh()
            await self._nested(node, "WorkspaceConfiguration", {"workspace_oid": node.oid})
            self._tell()
        await maker.refresh()
        for entry, workspace, parent in self._scenario.projects():
            home = nodes[id(workspace)]
            node = nodes[id(entry)] = maker.names.add(Node(entry, "Project", workspace=home.oid))
            extra = (
                {"Workspace": home.ref} if parent is None else {"Workspace": home.ref, "Parent": nodes[id(parent)].ref}
            )
            node.project = await maker.make(node, extra=extra, author=self._author, refresh=False)
            self._tell()
        await maker.refresh()

    # ------------------------------------------------------------------ permissions and keys

    async def _make_permissions(self) -> None:
        maker = self._maker
        for entry in self._scenario.permissions:
            kind = "ProjectPermission" if entry.get("Project") is not None else "WorkspacePermission"
            await maker.make(Node(entry, kind), refresh=False)
            self._tell()
        await maker.refresh()

    async def _make_keys(self) -> None:
        maker = self._maker
        for entry in self._scenario.keys:
            user = maker.names.user(entry["user"], entry, "user")
            expires = maker.date(entry, "expires")
            with maker.telling(entry):
                oid, _ = await keys.issue(
                    maker.context(self._scenario.undated),
                    user.oid or 0,
                    str(entry["name"]),
                    Grant(entry["grant"]),
                    secret=self._secret,
                    value=entry["Secret"],
                    limits=KeyLimits(expires_at=from_wire(expires) if expires is not None else None),
                )
            if str(entry["name"]) in maker.keys:
                raise self._scenario.problem(entry.where("name"), f"two keys are called {entry['name']}")
            maker.keys[str(entry["name"])] = oid, entry
            self._tell()


def _part(entry: Entry, names: frozenset[str]) -> Entry:
    part = Entry({name: value for name, value in entry.items() if name in names}, line=entry.line)
    part.lines = entry.lines
    return part
