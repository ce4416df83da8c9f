"""The sections of the administration, and for whom each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from banneret.access.roles import Role, at_least
from banneret.kernel.errors import NotAuthorized
from banneret.manager.visits import Sent, Shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from banneret.access.roles import Permissions
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

ROOT = "/admin"


def of_subscription(permissions: Permissions) -> bool:
    """Whether it is for who administers the subscription."""
    return permissions.subscription_admin


def of_administrators(permissions: Permissions) -> bool:
    """Whether it is for who administers anything: the subscription, a workspace or a project."""
    return at_least(permissions.highest, Role.PROJECT_ADMIN)


def administers(permissions: Permissions) -> bool:
    """Whether it is for who may enter any section."""
    return any(found.admits(permissions) for found in SECTIONS)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the administration."""

    label: str
    address: str
    admits: Callable[[Permissions], bool]


SECTIONS = (
    Section("Users", f"{ROOT}/users", of_administrators),
    Section("Workspaces", f"{ROOT}/workspaces", of_administrators),
    Section("Permissions", f"{ROOT}/permissions", of_administrators),
    Section("Subscription", f"{ROOT}/subscription", of_subscription),
    Section("Sign-on", f"{ROOT}/sign-on", of_subscription),
    Section("Passwords", f"{ROOT}/passwords", of_subscription),
    Section("Audit log", f"{ROOT}/audit", of_subscription),
)


def section(visit: Visit, template: str, values: dict[str, Any], status: int = 200) -> Shown:
    """Give a page of a section, with the links to the sections that its reader may enter."""
    links = [found for found in SECTIONS if found.admits(visit.identity.permissions)]
    return Shown(template, {"sections": links, "administration": ROOT, **values}, status)


def require(visit: Visit, admits: Callable[[Permissions], bool]) -> None:
    """Refuse whom a section is not for.

    Raises:
        NotAuthorized: then a page says so.

    """
    if not admits(visit.identity.permissions):
        raise NotAuthorized("enter", "administration")


async def enter(visit: Visit, _form: Form) -> Sent:
    """`/admin/`: lead to the first section that the visitor may enter."""
    require(visit, administers)
    return Sent(next(found.address for found in SECTIONS if found.admits(visit.identity.permissions)))
