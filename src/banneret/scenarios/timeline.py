"""Objects and what became of them, replayed in the order of time: a create waits only for what it refers to."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from banneret.operations.context import Client
from banneret.scenarios.bodies import DEFINITIONS
from banneret.scenarios.names import Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from banneret.access.identity import Identity
    from banneret.scenarios.document import Entry
    from banneret.scenarios.making import Maker

FIRST = (
    *("WorkspaceConfiguration", "TypeDefinition", "AttributeDefinition", "WebLinkDefinition", "ScheduleState"),
    "FlowState",
)
"""What later objects are read by, in the order in which it has to be there."""

_AUTHORS = ("CreatedBy", "User")
"""Attributes that name who made an object, for types that have one."""

SCENARIO = Client("scenario")


@dataclass(order=True, slots=True)
class Action:
    """Step 0 of a node creates it, step n is its n-th change. Actions are ordered by moment, then as they stand in the file."""

    moment: str
    index: int
    step: int
    node: Node = field(compare=False)
    entry: Entry = field(compare=False)
    waits: int = field(default=0, compare=False)
    followers: list[Action] = field(default_factory=list, compare=False)


class Timeline:
    """The objects of a scenario."""

    def __init__(self, maker: Maker, nodes: list[Node], author: Identity | None) -> None:
        self._maker = maker
        self._nodes = nodes
        self._author = author

    async def run(self, tell: Callable[[], None]) -> None:
        """Make everything; `tell` is called after each step.

        Raises:
            ScenarioError: something was refused, or objects wait for each other.

        """
        for kind in FIRST:
            for node in self._nodes:
                if node.type == kind and node.oid is None:
                    self._place(node)
                    await self._create(node, self._maker.moment(node.entry))
                    tell()
            await self._maker.refresh()
        for node in self._nodes:
            self._place(node)
        await self._reserve_numbers()
        actions = self._actions()
        ready = [action for action in actions if not action.waits]
        heapq.heapify(ready)
        done = 0
        while ready:
            action = heapq.heappop(ready)
            await self._act(action)
            tell()
            done += 1
            for follower in action.followers:
                follower.waits -= 1
                if not follower.waits:
                    heapq.heappush(ready, follower)
        if done < len(actions):
            stuck = min(action.entry.line for action in actions if action.waits)
            raise self._maker.scenario.problem(stuck, "this object refers to one that refers back to it")

    # ------------------------------------------------------------------ places

    def _place(self, node: Node, seen: frozenset[int] = frozenset()) -> None:
        """Settle the workspace and project of a node: its own words, else those of what it belongs to."""
        if node.workspace is not None or id(node) in seen:
            return
        found = self._neighbour(node, seen | {id(node)})
        if found is not None:
            node.workspace = found.oid if found.type == "Workspace" else found.workspace
            node.project = found.oid if found.type == "Project" else found.project
        if node.workspace is None:
            node.workspace = self._maker.first_workspace

    def _neighbour(self, node: Node, seen: frozenset[int]) -> Node | None:
        schema = self._maker.schema(None)
        item = schema.find(node.type)
        scope = item.scope if item is not None else ()
        for name in ("Project", *scope, "Workspace", *node.entry):
            value = node.entry.get(name)
            attribute = item.attributes.get(name) if item is not None else None
            if not isinstance(value, str) or (attribute is not None and not attribute.is_object):
                continue
            if attribute is None and name not in {"Project", "Workspace"}:
                continue
            found = self._maker.names.node(value, attribute.of if attribute else None, schema, node.entry, name)
            if found is not None and found.type != "User":
                if found.oid is None:
                    self._place(found, seen)
                return found
        return None

    async def _reserve_numbers(self) -> None:
        """Numbers of FormattedIDs that the file fixes are handed out to nothing else."""
        for node in self._nodes:
            label = node.entry.get("FormattedID")
            if label is not None and node.oid is None and node.workspace is not None:
                prefix = self._maker.type_of(node).prefix or ""
                digits = str(label).removeprefix(prefix)
                if prefix and digits.isdecimal():
                    await self._maker.unit.writer.raise_number(node.workspace, f"id:{prefix}", int(digits))

    # ------------------------------------------------------------------ steps

    def _actions(self) -> list[Action]:
        creates = {
            id(node): Action(self._begin(node), index, 0, node, node.entry)
            for index, node in enumerate(self._nodes)
            if node.oid is None
        }
        actions = list(creates.values())
        for create in creates.values():
            self._wait(create, creates)
        for index, node in enumerate(self._nodes):
            last = creates.get(id(node))
            for step, entry in enumerate(node.entry.get("changes") or (), 1):
                action = Action(self._maker.date(entry, "at") or "", index, step, node, entry)
                actions.append(action)
                if last is not None:
                    last.followers.append(action)
                    action.waits += 1
                self._wait(action, creates)
                last = action
        return actions

    def _begin(self, node: Node) -> str:
        """Give when a node came into being: as it says, else with the scenario, but before its first change."""
        own = self._maker.date(node.entry, "CreationDate")
        if own is not None:
            return own
        dates = [self._maker.date(entry, "at") or "" for entry in node.entry.get("changes") or ()]
        return min([self._maker.scenario.undated, *dates])

    def _wait(self, action: Action, creates: dict[int, Action]) -> None:
        item = self._maker.type_of(action.node)
        schema = self._maker.schema(action.node.workspace)
        for other in self._maker.bodies.refs(action.entry, item, schema, action.node):
            create = creates.get(id(other))
            if create is not None and other is not action.node:
                create.followers.append(action)
                action.waits += 1

    async def _act(self, action: Action) -> None:
        if not action.step:
            await self._create(action.node, action.moment)
            return
        entry, maker = action.entry, self._maker
        key, by = entry.get("key"), entry.get("by")
        used = maker.keys.get(str(key)) if key is not None else None
        if key is not None and used is None:
            raise maker.scenario.problem(entry.where("key"), f"there is no key {key}", str(key), tuple(maker.keys))
        owner = used[1]["user"] if used is not None else by
        user = maker.names.user(owner, entry, "by" if by is not None else "key")
        if by is not None and maker.names.user(by, entry, "by") is not user:
            raise maker.scenario.problem(entry.where("key"), f"the key {key} is {owner}'s, not {by}'s")
        identity = maker.author(user, used[0] if used is not None else None)
        await maker.change(action.node, entry, maker.context(action.moment, identity, action.node.workspace))

    async def _create(self, node: Node, moment: str) -> None:
        author = self._author
        for name in _AUTHORS:
            value = node.entry.get(name)
            if value is not None and node.type != "UserIterationCapacity":
                author = self._maker.author(self._maker.names.user(value, node.entry, name))
                break
        author = None if node.type in DEFINITIONS else author
        # Flow states are many, and what they are seen for comes after all of them.
        await self._maker.make(node, author=author, moment=moment, refresh=node.type != "FlowState")
