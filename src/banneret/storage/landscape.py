"""Reads the landscape: subscription, workspaces with their definitions, projects, and one user's permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from banneret.access.identity import AuthenticationPolicy, SubscriptionState
from banneret.access.landscape import FlowFacts, Landscape, ProjectFacts, WorkspaceFacts
from banneret.access.roles import Delegations, Permissions
from banneret.access.sign_in import Demand
from banneret.catalogue.definitions import ChangedAttribute, Choices, CustomAttribute, CustomType, workspace_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from banneret.catalogue.schema import Schema
    from banneret.storage.driver import Connection, Row
    from banneret.storage.statements import Statements
    from banneret.storage.tables import Layout

_PREFIXES = {
    "defectprefix": "Defect",
    "defectsuiteprefix": "DefectSuite",
    "hierarchicalrequirementprefix": "HierarchicalRequirement",
    "taskprefix": "Task",
    "testcaseprefix": "TestCase",
}
_SUBSCRIPTION = (
    *("oid", "uuid", "name", "apikeysenabled", "authenticationpolicy", "passwordexpirationdays", "subscriptionstate"),
    *("maximumloginattempts", "userlockouttime"),
    *("ipaddressrestrictionenabled", "applyipaddressrestrictiontosubadmins", "restrictedipaddresses"),
    *("jsonpenabled", "corsenabled", "corsalloweddomains"),
    *("workspaceadminscancreateusers", "projectadminscancreateusers", "projectadminscanenableanddisableusers"),
    "projectadminscancreateprojects",
)


class LandscapeReader:
    """Reads the landscape through one connection."""

    def __init__(self, connection: Connection, layout: Layout, statements: Statements, stock: Schema) -> None:
        self._connection = connection
        self._layout = layout
        self._statements = statements
        self._stock = stock

    async def epoch(self) -> int:
        """Give the number that changes with whatever the landscape or anybody's permissions are made of."""
        rows = await self._rows("epoch", ("value",), {"name": "access"})
        return int(rows[0][0]) if rows else 0

    async def read(self, epoch: int) -> Landscape | None:
        """Give the landscape, or None while the database holds no subscription."""
        held = await self._rows("subscription", _SUBSCRIPTION)
        if not held:
            return None
        subscription = dict(zip(_SUBSCRIPTION, held[0], strict=True))
        policies = await self._rows("sign_in_policy", ("second_factor",), {"subscription_oid": subscription["oid"]})
        demand = Demand(policies[0][0]) if policies else Demand.NOBODY
        exceptions = await self._rows("user", ("oid",), {"isonssoexceptionlist": True})
        projects = await self._rows(
            "scope",
            ("oid", "uuid", "name", "parent_oid", "workspace_oid", "state", "taskstaterollupenabled"),
            {"concrete_type": "Project"},
        )
        flows = await self._flow_states()
        return Landscape(
            epoch=epoch,
            subscription_oid=subscription["oid"],
            subscription_uuid=subscription["uuid"],
            subscription_name=subscription["name"],
            subscription=_state(subscription, demand, listed=bool(exceptions)),
            delegations=Delegations(
                workspace_admins_create_users=bool(subscription["workspaceadminscancreateusers"]),
                project_admins_create_users=bool(subscription["projectadminscancreateusers"]),
                project_admins_toggle_users=bool(subscription["projectadminscanenableanddisableusers"]),
                project_admins_create_projects=bool(subscription["projectadminscancreateprojects"]),
            ),
            stock=self._stock,
            workspaces=await self._workspaces(),
            projects={
                row[0]: ProjectFacts(
                    row[0], row[1], row[2], row[3], row[4], row[5] == "Open", bool(row[6]), flows.get(row[0], ())
                )
                for row in projects
            },
        )

    async def permissions(self, user: int, landscape: Landscape, *, subscription_admin: bool) -> Permissions:
        """Give what a user was granted."""
        rows = await self._rows(
            "userpermission", ("concrete_type", "workspace_oid", "project_oid", "role"), {"user_oid": user}
        )
        return Permissions.of(
            workspaces=[(row[1], row[3]) for row in rows if row[0] == "WorkspacePermission"],
            projects=[(row[2], row[1], row[3]) for row in rows if row[0] == "ProjectPermission"],
            subscription_admin=subscription_admin,
            delegations=landscape.delegations,
        )

    async def _flow_states(self) -> dict[int, tuple[FlowFacts, ...]]:
        rows = await self._rows("flowstate", ("project_oid", "orderindex", "oid", "name", "schedulestatemapping"))
        found: dict[int, tuple[FlowFacts, ...]] = {}
        for project, _, *state in sorted(rows, key=lambda row: (row[1] or 0, row[2])):
            found[project] = (*found.get(project, ()), FlowFacts(*state))
        return found

    async def _workspaces(self) -> dict[int, WorkspaceFacts]:
        rows = await self._rows("scope", ("oid", "uuid", "name", "state"), {"concrete_type": "Workspace"})
        names = ("workspace_oid", "timezone", "defaultprojectaccess", *_PREFIXES)
        settings = {
            row[0]: dict(zip(names, row, strict=True)) for row in await self._rows("workspaceconfiguration", names)
        }
        states: dict[int, list[Row]] = {}
        for row in await self._rows(
            "schedulestate", ("workspace_oid", "orderindex", "name", "shortname", "enabled", "oid")
        ):
            if row[4]:
                states.setdefault(row[0], []).append(row)
        types = await self._custom_types()
        attributes = await self._custom_attributes()
        changes = await self._changed_attributes()
        found: dict[int, WorkspaceFacts] = {}
        for oid, uuid, name, state in rows:
            own = settings.get(oid, {})
            ordered = sorted(states.get(oid, []), key=lambda row: row[1])
            schema = workspace_schema(
                self._stock,
                oid,
                tuple(types.get(oid, ())),
                tuple(attributes.get(oid, ())),
                tuple(changes.get(oid, ())),
                tuple((row[5], row[2]) for row in ordered),
                tuple((item, own[column]) for column, item in _PREFIXES.items() if own.get(column)),
            )
            found[oid] = WorkspaceFacts(
                oid=oid,
                uuid=uuid,
                name=name,
                is_open=state == "Open",
                zone=ZoneInfo(own.get("timezone") or "America/Denver"),
                schema=schema,
                short_states={row[2]: row[3] for row in ordered},
                default_project_access=own.get("defaultprojectaccess") or "Editor",
            )
        return found

    async def _custom_types(self) -> Mapping[int, Sequence[CustomType]]:
        names = ("workspace_oid", "oid", "uuid", "typepath", "name", "idprefix", "ordinal", "deleted")
        found: dict[int, list[CustomType]] = {}
        for row in sorted(await self._rows("custom_type", names), key=lambda row: row[1]):
            found.setdefault(row[0], []).append(_custom_type(row[1:]))
        return found

    async def _changed_attributes(self) -> Mapping[int, Sequence[ChangedAttribute]]:
        flags = ("required", "hidden", "visibleonlytoadmins")
        names = ("workspace_oid", "definition_id", *flags, "note", "allowed_values")
        found: dict[int, list[ChangedAttribute]] = {}
        for row in sorted(await self._rows("changed_attribute", names), key=lambda row: row[1]):
            held = dict(zip(names[1:], row[1:], strict=True))
            held |= {name: None if held[name] is None else bool(held[name]) for name in flags}
            held["allowed_values"] = None if held["allowed_values"] is None else _choices(held["allowed_values"])
            found.setdefault(row[0], []).append(ChangedAttribute(**held))
        return found

    async def _custom_attributes(self) -> Mapping[int, Sequence[CustomAttribute]]:
        names = (
            *("workspace_oid", "oid", "uuid", "elementname", "name", "typepath", "realattributetype"),
            *("maxlength", "required", "hidden", "note", "allowed_values", "default_value", "link_url"),
            "visibleonlytoadmins",
        )
        found: dict[int, list[CustomAttribute]] = {}
        for row in sorted(await self._rows("custom_attribute", names), key=lambda row: row[1]):
            held = dict(zip(names[1:], row[1:], strict=True))
            held["allowed_values"] = _choices(held["allowed_values"])
            for flag in ("required", "hidden", "visibleonlytoadmins"):
                held[flag] = bool(held[flag])
            found.setdefault(row[0], []).append(CustomAttribute(**held))
        return found

    async def _rows(self, table: str, columns: tuple[str, ...], where: dict[str, Any] | None = None) -> Sequence[Row]:
        held = self._layout.table(table)
        keys = tuple(where or ())

        def build() -> sa.ClauseElement:
            query = sa.select(*(held.c[name] for name in columns))
            for name in keys:
                query = query.where(held.c[name] == sa.bindparam(f"k_{name}", type_=held.c[name].type))
            return query

        statement = self._statements.get(("landscape", table, columns, keys), build)
        return await self._connection.fetch(statement, {f"k_{name}": value for name, value in (where or {}).items()})


def _custom_type(row: Row) -> CustomType:
    oid, uuid, type_path, name, prefix, ordinal, deleted = row
    return CustomType(oid, uuid, type_path, name, prefix, ordinal, bool(deleted))


def _choices(text: str) -> Choices:
    return tuple((oid, value) for oid, value in msgspec.json.decode(text, type=list[tuple[int, str]]))


def _state(row: dict[str, Any], demand: Demand, *, listed: bool) -> SubscriptionState:
    return SubscriptionState(
        api_keys_enabled=bool(row["apikeysenabled"]),
        active=row["subscriptionstate"] != "Inactive",
        authentication_policy=AuthenticationPolicy(row["authenticationpolicy"] or "Rally Only"),
        sso_exceptions_listed=listed,
        password_expiration_days=row["passwordexpirationdays"],
        maximum_login_attempts=row["maximumloginattempts"],
        lockout_minutes=row["userlockouttime"],
        second_factor=demand,
        address_restriction_enabled=bool(row["ipaddressrestrictionenabled"]),
        address_restriction_covers_admins=bool(row["applyipaddressrestrictiontosubadmins"]),
        restricted_addresses=_listed(row["restrictedipaddresses"]),
        jsonp_enabled=bool(row["jsonpenabled"]),
        cors_domains=_listed(row["corsalloweddomains"]) if row["corsenabled"] else None,
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").replace(",", " ").split())
