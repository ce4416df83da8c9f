"""A scenario as read: its sections, checked as far as the file alone allows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from banneret.catalogue.loader import stock_schema
from banneret.kernel.errors import ScenarioError
from banneret.kernel.values import from_wire, parse_date
from banneret.scenarios.checking import check
from banneret.scenarios.document import Entry, parse, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UNDATED = "2026-01-01T00:00:00.000Z"
"""When what a file gives no date came into being, where the file sets no clock: the same at every loading."""

SECTIONS = ("clock", "subscription", "users", "workspaces", "permissions", "objects", "keys", "clients")


@dataclass(slots=True)
class Scenario:
    """What a file describes. `source` is its name for messages, `text` the file itself."""

    source: str
    text: str
    clock: str | None = None
    subscription: Entry = field(default_factory=Entry)
    users: list[Entry] = field(default_factory=list)
    workspaces: list[Entry] = field(default_factory=list)
    permissions: list[Entry] = field(default_factory=list)
    objects: list[Entry] = field(default_factory=list)
    keys: list[Entry] = field(default_factory=list)
    clients: list[Entry] = field(default_factory=list)

    @property
    def start(self) -> datetime | None:
        """The moment at which a virtual clock begins; None: the real clock."""
        return from_wire(self.clock) if self.clock is not None else None

    @property
    def undated(self) -> str:
        """When what has no date of its own came into being, in wire form."""
        return self.clock or _UNDATED

    @property
    def seed(self) -> int:
        """What UUIDs are drawn from: the same for the same file."""
        return int.from_bytes(hashlib.sha256(self.text.encode()).digest()[:8])

    def projects(self) -> Iterator[tuple[Entry, Entry, Entry | None]]:
        """Give every project with its workspace and its parent, parents first."""
        for workspace in self.workspaces:
            waiting: list[tuple[Entry, Entry | None]] = [(entry, None) for entry in workspace.get("projects") or ()]
            while waiting:
                project, parent = waiting.pop(0)
                yield project, workspace, parent
                waiting[:0] = [(child, project) for child in project.get("projects") or ()]

    def problem(self, line: int, text: str, wrong: str = "", known: Sequence[str] = ()) -> ScenarioError:
        """Word what is wrong in this file."""
        return problem(self.source, line, text, wrong, known)


def shipped() -> list[str]:
    """Give the names of the scenarios that ship."""
    home = resources.files("banneret.scenarios")
    return sorted(item.name.removesuffix(".yaml") for item in home.iterdir() if item.name.endswith(".yaml"))


def read(name: str | Path) -> Scenario:
    """Read a scenario: a file, or one that ships by its name.

    Raises:
        ScenarioError: there is none, or it is wrong; then with file, line and, where there is one, a suggestion.

    """
    text = str(name)
    if text in shipped():
        return read_text((resources.files("banneret.scenarios") / f"{text}.yaml").read_text("utf-8"), f"{text}.yaml")
    try:
        return read_text(Path(name).read_text("utf-8"), text)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise ScenarioError(
            f"cannot read the scenario {text}: {reason}; those that ship are: {', '.join(shipped())}"
        ) from error


def read_text(text: str, source: str) -> Scenario:
    """Read a scenario out of its text.

    Raises:
        ScenarioError: as `read`.

    """
    root = parse(text, source)
    for name in root:
        if name not in SECTIONS:
            raise problem(source, root.where(name), f"a scenario has no {name}", name, SECTIONS)
    scenario = Scenario(source, text)
    if root.get("clock") is not None:
        scenario.clock = parse_date(str(root["clock"]), UTC)
        if scenario.clock is None:
            raise problem(source, root.where("clock"), f"{root['clock']} is no date")
    subscription = root.get("subscription")
    if subscription is not None:
        if not isinstance(subscription, Entry):
            raise problem(source, root.where("subscription"), "subscription holds names and values")
        scenario.subscription = subscription
    for section in SECTIONS[2:]:
        setattr(scenario, section, _entries(source, root, section))
    check(scenario, stock_schema())
    return scenario


def _entries(source: str, root: Entry, name: str) -> list[Entry]:
    listed: Any = root.get(name) or []
    if not isinstance(listed, list) or not all(isinstance(item, Entry) for item in listed):
        raise problem(source, root.where(name), f"{name} is a list of entries with names and values")
    return listed
