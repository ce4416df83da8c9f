"""Whatever a key is limited to, it may no more than its user (A4; access.md 1.15)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from banneret.access.identity import AuthMethod, Identity, KeyRecord, UserRecord
from banneret.access.keys import Grant
from banneret.access.roles import Permissions, Role
from banneret.access.rules import Permission, allowed, may
from banneret.catalogue.loader import stock_schema

SCHEMA = stock_schema()
ME = 1
WORKSPACES, PROJECTS = st.integers(100, 102), st.integers(200, 205)
TYPES = st.sampled_from(sorted(SCHEMA.types))
PERMISSIONS = st.builds(
    Permissions.of,
    st.lists(st.tuples(WORKSPACES, st.sampled_from(["Admin", "User", None]))),
    st.lists(st.tuples(PROJECTS, WORKSPACES, st.sampled_from(["Admin", "Editor", "Viewer", "No Access"]))),
    subscription_admin=st.booleans(),
)
KEYS = st.builds(
    KeyRecord,
    oid=st.just(1),
    user_oid=st.just(ME),
    display_name=st.just("k"),
    grant=st.sampled_from(Grant),
    created_at=st.just(datetime(2026, 1, 5, tzinfo=UTC)),
    projects=st.lists(PROJECTS, max_size=3).map(tuple),
    types=st.lists(TYPES, max_size=3).map(tuple),
    scope_down=st.booleans(),
)
PLACES = st.fixed_dictionaries(
    {
        "workspace": st.none() | WORKSPACES,
        "project": st.none() | PROJECTS,
        "target_user": st.sampled_from([None, ME, 2]),
        "target_role": st.none() | st.sampled_from(Role),
        "attributes": st.none() | st.sets(st.sampled_from(["Name", "State", "Parent", "Disabled", "Role"])),
    }
)


@given(PERMISSIONS, KEYS, st.sampled_from(["create", "update", "delete"]), TYPES, PLACES)
def test_a_limited_key_writes_only_what_its_user_writes(
    held: Permissions, key: KeyRecord, action: Any, name: str, place: dict[str, Any]
) -> None:
    me = UserRecord(ME, "u", "me@acme.test")
    user = Identity(me, AuthMethod.BASIC, held)
    limited = Identity(me, AuthMethod.KEY, held, key=key, grant=key.grant)
    lineage = SCHEMA.types[name].lineage
    if may(limited, action, name, lineage, **place):
        assert may(user, action, name, lineage, **place)
        assert key.grant is Grant.FULL
        assert not key.projects or place["project"] in key.projects
        assert not key.types or {each.lower() for each in key.types} & {each.lower() for each in (*lineage, name)}


@given(PERMISSIONS, KEYS, st.sampled_from(Permission))
def test_a_limited_key_is_granted_nothing_that_its_user_is_not(
    held: Permissions, key: KeyRecord, permission: Permission
) -> None:
    me = UserRecord(ME, "u", "me@acme.test")
    if allowed(Identity(me, AuthMethod.KEY, held, key=key, grant=key.grant), permission):
        assert allowed(Identity(me, AuthMethod.BASIC, held), permission)
