"""What an identity may see, as sets that a row is held against (access.md 3.3, 3.4).

The same rule in two forms: `sees` decides for one object, `storage/visibility.py` filters a set; a property test holds them equal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """The reach of one identity at one moment.

    An object that has a project is seen through that project, any other one through its workspace, and one that has neither
    by everybody who may log in. `projects` are the open projects with at least viewer rights, None for all of the installation;
    `known_projects` those whose Project object may be seen, closed ones among them; `workspaces` likewise, None for all.
    `user` is the identity's own ObjectID: preferences and profiles are seen by their user, and by whom `everything` holds for;
    content that nothing uses yet is seen by its uploader, and by the server alone beside him, whose `user` is None.
    `types` are the names of the types whose objects may be seen, None for all: a key may be limited to some.
    """

    user: int | None
    projects: frozenset[int] | None
    known_projects: frozenset[int] | None
    workspaces: frozenset[int] | None
    everything: bool = False
    types: frozenset[str] | None = None

    def sees(self, workspace: int | None, project: int | None) -> bool:
        """Whether an object of that workspace and project may be seen."""
        if project is not None:
            return self.projects is None or project in self.projects
        return workspace is None or self.workspaces is None or workspace in self.workspaces

    def sees_project(self, project: int) -> bool:
        """Whether the Project object itself may be seen."""
        return self.known_projects is None or project in self.known_projects


ALL = Sight(None, None, None, None, everything=True)
"""The server's own reach, for what it does on nobody's behalf."""
