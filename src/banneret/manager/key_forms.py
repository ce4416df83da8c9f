"""A key's limits as fields of a form: what there is to choose from, and what was chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from banneret.access.limits import KeyLimits
from banneret.access.roles import Role, at_least
from banneret.kernel.errors import RelationRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

_PRESETS = (7, 30, 90, 365)
_NEVER, _KEEP, _DAY = "", "keep", "day"

TYPE_GROUPS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "Work",
        (
            ("User stories", "HierarchicalRequirement"),
            ("Defects", "Defect"),
            ("Tasks", "Task"),
            ("Defect suites", "DefectSuite"),
            ("Portfolio items", "PortfolioItem"),
            ("Risks", "Risk"),
        ),
    ),
    (
        "Tests",
        (
            ("Test cases", "TestCase TestCaseStep"),
            ("Test sets", "TestSet"),
            ("Test folders", "TestFolder"),
            ("Test results", "TestCaseResult"),
        ),
    ),
    (
        "Planning",
        (("Iterations", "Iteration"), ("Releases", "Release"), ("Milestones", "Milestone"), ("Tags", "Tag")),
    ),
    (
        "About work",
        (
            ("Discussions", "ConversationPost"),
            ("Attachments", "Attachment AttachmentContent"),
            ("Revision histories", "RevisionHistory Revision"),
            ("Changesets", "Changeset Change SCMRepository"),
            ("Pull requests and other connections", "Connection"),
            ("Builds", "Build BuildDefinition"),
            ("Recycle bin", "RecycleBinEntry"),
        ),
    ),
)
"""What can be ticked: a label, and the type names that it stands for. Other types can be named over the management API."""


@dataclass(frozen=True, slots=True)
class ProjectChoice:
    """A project that can be ticked. `depth` counts from 0, `above` are the ObjectIDs of the projects over it."""

    oid: int
    name: str
    depth: int
    above: tuple[int, ...]
    writes: bool


@dataclass(frozen=True, slots=True)
class WorkspaceChoice:
    """A workspace with the projects that its reader sees, as a tree that is read from top to bottom."""

    name: str
    projects: tuple[ProjectChoice, ...]

    @property
    def reads(self) -> int:
        """How many projects a key reads here that is limited to none."""
        return len(self.projects)

    @property
    def writes(self) -> int:
        """How many of them a Full Access key writes."""
        return sum(project.writes for project in self.projects)


def workspaces_of(visit: Visit) -> list[WorkspaceChoice]:
    """Give the open projects that the visitor sees, by workspace, those without any left out."""
    landscape, sight, held = visit.context.landscape, visit.context.sight, visit.identity.permissions
    homes: dict[int, dict[int, list[int]]] = {}
    seen = {
        each.oid: each for each in landscape.projects.values() if each.is_open and sight.sees(each.workspace, each.oid)
    }
    for each in seen.values():
        below = homes.setdefault(each.workspace, {})
        below.setdefault(each.parent if each.parent in seen else 0, []).append(each.oid)

    def walk(home: int, parent: int, above: tuple[int, ...]) -> Iterator[ProjectChoice]:
        for oid in sorted(homes[home].get(parent, ()), key=lambda oid: seen[oid].name.lower()):
            writes = at_least(held.project_role(oid, home), Role.EDITOR)
            yield ProjectChoice(oid, seen[oid].name, len(above), above, writes)
            yield from walk(home, oid, (*above, oid))

    named = sorted(homes, key=lambda home: landscape.workspaces[home].name.lower())
    return [WorkspaceChoice(landscape.workspaces[home].name, tuple(walk(home, 0, ()))) for home in named]


def expiries(limits: KeyLimits) -> list[tuple[str, str]]:
    """Give the choices of an end: value and label."""
    kept = limits.expires_at
    until = [(_KEEP, f"As it is: {kept:%Y-%m-%d %H:%M} UTC")] if kept is not None else []
    presets = [(str(days), f"In {days} days") for days in _PRESETS]
    return [*until, (_NEVER, "Never, as Rally's keys"), *presets, (_DAY, "On a day of your choice")]


def other_types(limits: KeyLimits) -> list[str]:
    """Give the types that a key is limited to and that no ticked box stands for."""
    boxed = {name for _, names in _ticked(limits) for name in names.split()}
    return [name for name in limits.types if name not in boxed]


def _ticked(limits: KeyLimits) -> list[tuple[str, str]]:
    chosen = set(limits.types)
    return [(label, names) for _, group in TYPE_GROUPS for label, names in group if set(names.split()) <= chosen]


def fill(form: Form, limits: KeyLimits) -> None:
    """Let a form show limits as they are."""
    form.values |= {
        "Expires": _KEEP if limits.expires_at is not None else _NEVER,
        "Addresses": "\n".join(limits.ip_allow),
        **({"ProjectScopeDown": "on"} if limits.scope_down or not limits.projects else {}),
    }
    form.lists["Projects"] = [str(oid) for oid in limits.projects]
    form.lists["Types"] = [*(names for _, names in _ticked(limits)), *other_types(limits)]


def read(form: Form, before: KeyLimits, now: datetime) -> KeyLimits:
    """Give the limits that a form asks for; `before` are those that the key has.

    Raises:
        RelationRefused: a day that is none, or one that was given without being asked for.

    """
    projects = tuple(int(text) for text in form.lists.get("Projects", ()) if text.isdigit() and len(text) <= 18)
    return KeyLimits(
        expires_at=_end(form, before, now),
        projects=projects,
        scope_down=bool(projects) and form.checked("ProjectScopeDown"),
        types=tuple(dict.fromkeys(name for names in form.lists.get("Types", ()) for name in names.split())),
        ip_allow=tuple(
            dict.fromkeys(entry.strip() for entry in re.split(r"[,\n]", form["Addresses"]) if entry.strip())
        ),
    )


def _end(form: Form, before: KeyLimits, now: datetime) -> datetime | None:
    chosen, day = form["Expires"], form["ExpirationDate"].strip()
    if day and chosen != _DAY:
        raise _refused("For this day to count, choose “On a day of your choice” above.")
    if chosen == _KEEP:
        return before.expires_at
    if chosen == _DAY:
        try:
            last = date.fromisoformat(day)
            # The day itself still counts, in UTC: what the field asks for is the last day.
            return datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
        except (ValueError, OverflowError):
            raise _refused("Give the last day on which the key works, as YYYY-MM-DD.") from None
    return now + timedelta(days=int(chosen)) if chosen in {str(days) for days in _PRESETS} else None


def _refused(reason: str) -> RelationRefused:
    return RelationRefused("ApiKey", "ExpirationDate", "Last day", reason)


def said_of(limits: KeyLimits, names: dict[int, str]) -> list[tuple[str, str]]:
    """Say limits to people, as label and text; `names` are the projects' names, for those that the reader sees."""
    found = []
    if limits.projects:
        known = [names[oid] for oid in limits.projects if oid in names]
        hidden = len(limits.projects) - len(known)
        listed = ", ".join([*known, *([f"{hidden} that you do not see"] if hidden else [])])
        found.append(("Projects", f"{listed}{', and all below' if limits.scope_down else ''}"))
    if limits.types:
        found.append(("Types", ", ".join([*(label for label, _ in _ticked(limits)), *other_types(limits)])))
    if limits.ip_allow:
        found.append(("Addresses", ", ".join(limits.ip_allow)))
    return found
