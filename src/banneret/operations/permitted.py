"""What a caller may do with each object of a page: the `_p` of `includePermissions=true` (docs/wire.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.rules import may

if TYPE_CHECKING:
    from banneret.access.identity import Identity
    from banneret.access.rules import Action
    from banneret.catalogue.model import TypeDef

READ, UPDATE, DELETE = 1, 2, 4

_ALL = str(READ | UPDATE | DELETE)


class Permitted:
    """Decides for one request. Objects of one type in one project share the decision, so that a page costs a few."""

    def __init__(self, identity: Identity | None) -> None:
        self._identity = identity
        self._known: dict[tuple[object, ...], str] = {}

    def mask(self, item: TypeDef, oid: int, workspace: int | None, project: int | None, user: int | None = None) -> str:
        """Give the sum of `READ`, `UPDATE` and `DELETE` that applies to an object that is seen, as a digit.

        `user` is whose the object is, for preferences, where that is known.
        """
        identity = self._identity
        if identity is None:
            return _ALL
        itself = oid if item.name in {"User", "Project", "Workspace"} else None
        key = (item.name, itself, workspace, project, user)
        held = self._known.get(key)
        if held is None:
            found = READ
            for bit, action in _WRITES:
                if action in item.operations and _may(identity, action, item, oid, workspace, project, user):
                    found |= bit
            held = self._known[key] = str(found)
        return held


_WRITES: tuple[tuple[int, Action], ...] = ((UPDATE, "update"), (DELETE, "delete"))


def _may(
    identity: Identity,
    action: Action,
    item: TypeDef,
    oid: int,
    workspace: int | None,
    project: int | None,
    user: int | None,
) -> bool:
    """Ask as `update` and `delete` do. An update counts as permitted where it is of some attribute."""
    if item.name == "User":
        user = oid
    elif item.name == "UserProfile" and user is None:
        # Nobody else sees it but administrators, who may change all.
        user = identity.user.oid
    return may(
        identity,
        action,
        item.name,
        item.lineage,
        workspace=oid if item.name == "Workspace" else workspace,
        project=oid if item.name == "Project" and action == "update" else project,
        target_user=user,
        attributes=() if action == "update" else None,
    )
