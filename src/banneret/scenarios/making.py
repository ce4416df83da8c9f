"""Makes what a scenario describes, one object at a time, each at its moment and by its author."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from banneret.access.identity import AuthMethod, Identity, KeyRecord, UserRecord
from banneret.access.keys import Grant
from banneret.access.roles import Permissions
from banneret.access.sight import ALL
from banneret.kernel.clock import VirtualClock
from banneret.kernel.errors import BanneretError, ScenarioError
from banneret.kernel.ids import BLOCK_SIZE, FIRST_BLOCK, Identifiers
from banneret.kernel.refs import Ref
from banneret.kernel.values import from_wire, parse_date
from banneret.operations.context import Context
from banneret.operations.create import TOUCHING, Given, create
from banneret.operations.update import update
from banneret.scenarios.bodies import DEFINITIONS, Bodies
from banneret.scenarios.names import Names
from banneret.scenarios.wording import at_fault, explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from banneret.access.landscape import Landscape
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.ports import Transaction
    from banneret.scenarios.document import Entry
    from banneret.scenarios.names import Node
    from banneret.scenarios.scenario import Scenario

_COMPANIONS = {
    "WorkspaceConfiguration": ("scope", "workspace_oid", "workspaceconfiguration_oid"),
    "UserProfile": ("user", "user_oid", "userprofile_oid"),
}


class Maker:
    """One loading of one scenario, inside one unit of work."""

    def __init__(self, unit: Transaction, scenario: Scenario, landscape: Landscape) -> None:
        self.unit = unit
        self.scenario = scenario
        self.names = Names(scenario)
        self.bodies = Bodies(self.names)
        self.landscape = landscape
        self.keys: dict[str, tuple[int, Entry]] = {}
        self._clock = VirtualClock(from_wire(scenario.undated), running=False)
        self.identifiers = Identifiers(self._clock, seed=scenario.seed)
        self._identities: dict[tuple[int, int | None], Identity] = {}
        self._reserved: set[int] = set()

    # ------------------------------------------------------------------ surroundings

    async def refresh(self) -> None:
        """See what workspaces, projects and definitions there are by now; for what came before, closed projects were open."""
        found = await self.unit.landscape()
        if found is not None:
            projects = {oid: replace(facts, is_open=True) for oid, facts in found.projects.items()}
            self.landscape = replace(found, projects=projects)

    def schema(self, workspace: int | None) -> Schema:
        """Give the types as a workspace has them."""
        return self.landscape.schema(workspace if workspace is not None else self.first_workspace)

    @property
    def first_workspace(self) -> int | None:
        """The workspace of what names none."""
        return min(self.landscape.workspaces, default=None)

    def type_of(self, node: Node) -> TypeDef:
        """Give a node's type as its workspace has it.

        Raises:
            ScenarioError: the workspace has no such type.

        """
        schema = self.schema(node.workspace)
        found = schema.find(node.type)
        if found is None:
            names = tuple(schema.types)
            raise self.scenario.problem(node.entry.where("_type"), f"there is no type {node.type}", node.type, names)
        return found

    def context(self, moment: str, identity: Identity | None = None, workspace: int | None = None) -> Context:
        """Give the surroundings of something that was done at a moment, by somebody or by the server itself."""
        now = from_wire(moment)
        self._clock.set(now)
        home = workspace if workspace is not None else self.first_workspace
        return Context(self.unit, self.landscape, ALL, identity, now, self.identifiers, home)

    def author(self, user: Node, key: int | None = None) -> Identity:
        """Give whom history names. What happened was allowed then, whatever the user's roles are now."""
        oid = user.oid or 0
        known = self._identities.get((oid, key))
        if known is None:
            name = str(user.entry["UserName"])
            record = KeyRecord(key, oid, "", Grant.FULL, from_wire(self.scenario.undated)) if key is not None else None
            known = self._identities[oid, key] = Identity(
                UserRecord(oid, "", name),
                AuthMethod.KEY if key is not None else AuthMethod.SESSION,
                Permissions(subscription_admin=True),
                key=record,
            )
        return known

    def moment(self, entry: Entry) -> str:
        """Give when an entry came into being, in wire form."""
        return self.date(entry, "CreationDate") or self.scenario.undated

    @staticmethod
    def date(entry: Entry, name: str) -> str | None:
        """Give a date of an entry in wire form."""
        return parse_date(str(entry[name]), UTC) if entry.get(name) is not None else None

    @contextmanager
    def telling(self, entry: Entry) -> Iterator[None]:
        """Tell whatever is refused within with the entry's file and line."""
        try:
            yield
        except ScenarioError:
            raise
        except BanneretError as error:
            raise self.scenario.problem(entry.where(at_fault(error)), explain(error)) from error

    # ------------------------------------------------------------------ objects

    async def make(
        self,
        node: Node,
        *,
        extra: dict[str, Any] | None = None,
        leave: frozenset[str] = frozenset(),
        author: Identity | None = None,
        moment: str | None = None,
        refresh: bool = True,
    ) -> int:
        """Create a node's object; `extra` stands for what the entry leaves out.

        Without `refresh` the caller sees to it that what is made of workspaces, projects and users is seen again.

        Raises:
            ScenarioError: it was refused.

        """
        entry = node.entry
        with self.telling(entry):
            item = self.type_of(node)
            self._require_known(entry, item)
            created = moment or self.moment(entry)
            context = self.context(created, author, node.workspace)
            body = await self.bodies.body(self.unit, entry, item, node, self.schema(node.workspace), leave=leave)
            given = await self.given(entry, node.workspace, item=item, created=created)
            node.oid = await create(context, item, {**(extra or {}), **body}, item.element_name, given)
            # Whatever the next object needs to know of this one is looked up in the database.
            await self.unit.writer.flush()
            await self._tie(node, item)
        if refresh and item.table in TOUCHING:
            await self.refresh()
        return node.oid

    async def change(
        self, node: Node, entry: Entry, context: Context, *, type_name: str = "", oid: int | None = None
    ) -> None:
        """Apply what an entry says to an object that is there.

        Raises:
            ScenarioError: it was refused.

        """
        with self.telling(entry):
            schema = self.schema(node.workspace)
            item = schema.get(type_name) if type_name else self.type_of(node)
            self._require_known(entry, item)
            body = await self.bodies.body(self.unit, entry, item, node, schema)
            ref = Ref(item.name, object_id=oid if oid is not None else node.oid)
            await update(context, item, ref, body, item.element_name)
            await self.unit.writer.flush()
        if item.table in TOUCHING and item.name != "User":
            await self.refresh()

    def _require_known(self, entry: Entry, item: TypeDef) -> None:
        for name in entry:
            if name.startswith("c_") and name not in item.attributes:
                known = [each for each in item.attributes if each.startswith("c_")]
                raise self.scenario.problem(entry.where(name), f"{item.name} has no attribute {name}", name, known)

    async def given(
        self, entry: Entry, workspace: int | None, *, item: TypeDef | None = None, created: str | None = None
    ) -> Given:
        """Give what an entry fixes."""
        return Given(
            oid=await self._fixed_id(entry, workspace),
            uuid=entry.get("ObjectUUID"),
            formatted_id=self._formatted_id(entry, item) if item is not None else None,
            created=created or self.moment(entry),
            internal=item is None or item.name not in DEFINITIONS,
            bare=bool(entry.get("bare")),
        )

    async def _tie(self, node: Node, item: TypeDef) -> None:
        """Tie to its owner what else comes along with one."""
        owner = _COMPANIONS.get(item.name)
        if owner is not None:
            table, attribute, column = owner
            rows = await self.unit.writer.fetch(item.name.lower(), {"oid": node.oid}, [attribute])
            self.unit.writer.update(table, {"oid": rows[0][0]}, {column: node.oid})
            await self.unit.writer.flush()

    def _formatted_id(self, entry: Entry, item: TypeDef) -> str | None:
        value = entry.get("FormattedID")
        if value is None:
            return None
        prefix = item.prefix or ""
        digits = str(value).removeprefix(prefix)
        if "FormattedID" not in item.attributes or not prefix or not digits.isdecimal():
            text = f"{value} is no FormattedID of {item.name}: that is {prefix or 'nothing'} and a number"
            raise self.scenario.problem(entry.where("FormattedID"), text)
        return str(value)

    async def _fixed_id(self, entry: Entry, workspace: int | None) -> int | None:
        """Give the ObjectID that an entry fixes; its block belongs to the workspace from now on."""
        oid = entry.get("ObjectID")
        if oid is None:
            return None
        if await self.unit.writer.fetch("directory", {"oid": oid}, ["oid"]):
            raise self.scenario.problem(entry.where("ObjectID"), f"ObjectID {oid} is taken")
        block = oid // BLOCK_SIZE
        if block >= FIRST_BLOCK and block not in self._reserved:
            self._reserved.add(block)
            if await self.unit.writer.fetch("object_id_block", {"block": block}, ["block"]):
                text = f"ObjectID {oid} lies among those that this database hands out itself"
                raise self.scenario.problem(entry.where("ObjectID"), text)
            self.unit.writer.insert("object_id_block", {"block": block, "workspace_oid": workspace or 0})
        return int(oid)

    async def keep_clear(self, entries: Iterable[Entry]) -> None:
        """See that ObjectIDs which entries fix are not handed out before their turn comes."""
        fixed = [entry["ObjectID"] // BLOCK_SIZE for entry in entries if entry.get("ObjectID") is not None]
        if fixed and max(fixed) >= FIRST_BLOCK:
            await self.unit.writer.raise_number(0, "object_id_block", max(fixed) - FIRST_BLOCK)
