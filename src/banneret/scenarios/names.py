"""What the refs in a scenario mean: local names, user names, FormattedIDs, and names that only one object has.

What the file does not describe is looked for in the database: states, estimates, and whatever an earlier scenario loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.kernel.refs import find_ref
from banneret.scenarios.document import Entry

if TYPE_CHECKING:
    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.kernel.errors import ScenarioError
    from banneret.operations.ports import Transaction
    from banneret.scenarios.scenario import Scenario


@dataclass(slots=True, eq=False)
class Node:
    """An object that the file describes. `oid` is known once it is made, `workspace` once that is settled."""

    entry: Entry
    type: str
    oid: int | None = None
    workspace: int | None = None
    project: int | None = None

    @property
    def ref(self) -> str:
        """The ref that operations take."""
        return f"/{self.type}/{self.oid}"


class Names:
    """The nodes of a scenario by what they may be called."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._local: dict[str, Node] = {}
        self._users: dict[str, Node] = {}
        self._named: dict[str, list[Node]] = {}
        self._found: dict[tuple[Any, ...], str | None] = {}

    def add(self, node: Node) -> Node:
        """Let a node be found by all its names."""
        entry = node.entry
        if entry.get("_id") is not None:
            self._local[str(entry["_id"])] = node
        if node.type == "User":
            self._users[str(entry["UserName"]).lower()] = node
        for name in {str(entry[label]) for label in ("Name", "DisplayName", "FormattedID") if entry.get(label)}:
            self._named.setdefault(name, []).append(node)
        return node

    def user(self, text: object, entry: Entry, name: str) -> Node:
        """Give the user of that name.

        Raises:
            ScenarioError: the file has none.

        """
        node = self._users.get(str(text).lower()) or self._local.get(str(text))
        if node is None or node.type != "User":
            raise self._problem(entry, name, f"there is no user {text}", str(text), [*self._users])
        return node

    def node(
        self, text: str, wanted: str | None, schema: Schema, entry: Entry, name: str, near: Node | None = None
    ) -> Node | None:
        """Give the node that a text names where something of type `wanted` is asked for; None: none of this file's.

        Of several with that name the one in the project, else in the workspace, of the node `near` is meant.

        Raises:
            ScenarioError: it names several.

        """
        known = self._local.get(text)
        if known is None and (wanted is None or schema.is_a("User", wanted)):
            known = self._users.get(text.lower())
        if known is not None:
            return known
        fitting = [each for each in self._named.get(text, ()) if wanted is None or schema.is_a(each.type, wanted)]
        for place in ("project", "workspace"):
            if len(fitting) > 1 and near is not None:
                fitting = [each for each in fitting if getattr(each, place) == getattr(near, place)] or fitting
        if len(fitting) > 1:
            lines = ", ".join(str(each.entry.line) for each in fitting)
            raise self._problem(entry, name, f"{text} names several objects (lines {lines}): give the right one an _id")
        return fitting[0] if fitting else None

    async def elsewhere(
        self, unit: Transaction, text: str, item: TypeDef, attribute: AttributeDef, near: Node, schema: Schema
    ) -> str | None:
        """Give the ref of what the database has under that name for an attribute of a type, or None.

        A project's own comes before its workspace's; of several that are left none is meant.
        """
        if find_ref(text) is not None:
            return text
        if attribute.of in {"TypeDefinition", "AttributeDefinition"}:
            found = schema.find(text.replace(" ", ""))
            return f"/typedefinition/{found.definition_id}" if found is not None else None
        key = (text, item.name, attribute.name, near.workspace, near.project)
        if key not in self._found:
            self._found[key] = await self._look(unit, text, item, attribute, near, schema)
        return self._found[key]

    async def _look(
        self, unit: Transaction, text: str, item: TypeDef, attribute: AttributeDef, near: Node, schema: Schema
    ) -> str | None:
        wanted = attribute.of or ""
        if schema.is_a("User", wanted):
            user = await unit.accounts.user(text)
            if user is not None:
                return f"/user/{user.oid}"
        rows = await unit.writer.fetch("directory", {"name": text}, ["oid", "type", "workspace_oid", "project_oid"])
        fitting = [
            row
            for row in rows
            if schema.is_a(row[1], wanted) and (row[2] is None or near.workspace is None or row[2] == near.workspace)
        ]
        if wanted in {"State", "BaseKanbanState"} and len(fitting) > 1:
            states = await unit.writer.fetch("basekanbanstate", {"typedef_oid": item.definition_id}, ["oid"])
            own = {row[0] for row in states}
            fitting = [row for row in fitting if row[0] in own]
        if len(fitting) > 1:
            fitting = [row for row in fitting if row[3] == near.project]
        return f"/{fitting[0][1]}/{fitting[0][0]}" if len(fitting) == 1 else None

    def refused(self, entry: Entry, name: str, text: str) -> ScenarioError:
        """Word why a name cannot stand there."""
        return self._problem(entry, name, text)

    def nothing(self, text: str, attribute: AttributeDef, entry: Entry, name: str) -> ScenarioError:
        """Word that a name means nothing, with a suggestion out of this file."""
        known = [*self._local, *self._named, *self._users]
        return self._problem(entry, name, f"there is no {attribute.of} {text}", text, known)

    def _problem(self, entry: Entry, name: str, text: str, wrong: str = "", known: Any = ()) -> ScenarioError:
        return self._scenario.problem(entry.where(name), text, wrong, known)
