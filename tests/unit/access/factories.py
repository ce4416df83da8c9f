"""Valid facts by default, with what a test is about named in the call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from banneret.access.decide import Attempt
from banneret.access.identity import (
    AuthMethod,
    Identity,
    KeyRecord,
    SessionKind,
    SessionRecord,
    SubscriptionState,
    UserRecord,
)
from banneret.access.keys import Grant
from banneret.access.roles import Permissions

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ADA, EDIE = 11, 12
MAIN, OTHER = 100, 200
ENGINES, PISTONS, WHEELS, ABROAD = 1, 2, 3, 9
"""Engines, Pistons and Wheels are projects of Main, Abroad is one of Other."""


def user(oid: int = EDIE, **facts: Any) -> UserRecord:
    return UserRecord(
        **{"oid": oid, "uuid": f"u{oid}", "user_name": f"u{oid}@acme.test", "password_hash": "h", **facts}
    )


def key(**facts: Any) -> KeyRecord:
    given = {"oid": 1, "user_oid": EDIE, "display_name": "ci", "grant": Grant.FULL, "created_at": NOW}
    return KeyRecord(**{**given, **facts})


def session(**facts: Any) -> SessionRecord:
    given = {
        "oid": 1,
        "user_oid": EDIE,
        "kind": SessionKind.BROWSER,
        "authenticated_at": NOW,
        "last_used_at": NOW,
        "expires_at": NOW + timedelta(days=1),
    }
    return SessionRecord(**{**given, **facts})


def attempt(**facts: Any) -> Attempt:
    return Attempt(**{"subscription": SubscriptionState(), "now": NOW, "user": user(), **facts})


def roles(name: str) -> Permissions:
    """The permissions of a user of that role in Engines, or above it."""
    held = {
        "subscription_admin": Permissions(subscription_admin=True),
        "workspace_admin": Permissions.of([(MAIN, "Admin")]),
        "project_admin": Permissions.of([(MAIN, "User")], [(ENGINES, MAIN, "Admin")]),
        "editor": Permissions.of([(MAIN, "User")], [(ENGINES, MAIN, "Editor")]),
        "viewer": Permissions.of([(MAIN, "User")], [(ENGINES, MAIN, "Viewer")]),
        "no_access": Permissions(),
    }
    return held[name]


def identity(permissions: Permissions | str, method: AuthMethod = AuthMethod.BASIC, **facts: Any) -> Identity:
    held = roles(permissions) if isinstance(permissions, str) else permissions
    return Identity(user(), method, held, **facts)


def by_key(permissions: Permissions | str, **facts: Any) -> Identity:
    used = key(**facts)
    return identity(permissions, AuthMethod.KEY, key=used, grant=used.grant)
