"""Write a database as a scenario that loads back to the same objects, with their ObjectIDs, dates and histories.

What cannot be written is said at the top of the file: passwords and the values of keys are kept as hashes only. The recycle
bin, sessions and the histories of users, workspaces and projects stay behind; Blockers come anew with what is blocked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.operations.values import default_value
from banneret.scenarios.checking import FIXED
from banneret.scenarios.history import Past, replayed
from banneret.scenarios.stored import Stored, read_all
from banneret.scenarios.writing import line, section

if TYPE_CHECKING:
    from banneret.access.landscape import Landscape
    from banneret.catalogue.schema import Schema
    from banneret.operations.ports import Store, Transaction

_LEFT_OUT = frozenset({"Subscription", "User", "Workspace", "Project", "WorkspacePermission", "ProjectPermission"})
_PERMISSIONS = ("WorkspacePermission", "ProjectPermission")
_NOT_OF_USERS = frozenset({"UserProfile", "LastActiveDate", "subscriptionOid", "SubscriptionID"})


async def dump(store: Store) -> str:
    """Give the text of a scenario that describes everything in a database; nothing where there is no installation."""

    async def work(unit: Transaction) -> str:
        landscape = await unit.landscape()
        return await _Dump(unit, landscape).run() if landscape is not None else ""

    return await store.read(work)


class _Dump:
    def __init__(self, unit: Transaction, landscape: Landscape) -> None:
        self._unit = unit
        self._landscape = landscape

    async def run(self) -> str:
        self._all = await read_all(self._unit, self._landscape)
        self._past = await Past.read(self._unit)
        users = [self._user(item) for item in self._of("User")]
        workspaces = [self._place(item) for item in self._of("Workspace")]
        permissions = [self._permission(item) for kind in _PERMISSIONS for item in self._of(kind)]
        objects = self._definitions()
        objects += [self._object(item) for item in self._all.objects.values() if item.type.name not in _LEFT_OUT]
        lines = [
            "# Written by `banneret dump`. Passwords are not in it: give `Password` to the users who log in with one."
        ]
        lines += await self._keys()
        subscription = self._of("Subscription")[0]
        lines += ["", f"subscription: {line(self._flat(subscription))}"]
        for name, entries in (
            ("users", users),
            ("workspaces", workspaces),
            ("permissions", permissions),
            ("objects", objects),
        ):
            lines += section(name, entries)
        return "\n".join(lines) + "\n"

    def _of(self, kind: str) -> list[Stored]:
        return [item for item in self._all.objects.values() if item.type.name == kind]

    # ------------------------------------------------------------------ entries

    def _flat(self, item: Stored) -> dict[str, Any]:
        """Give an object as it is now."""
        entry: dict[str, Any] = {}
        for attribute, value in item.values.items():
            if self._all.is_written(attribute) and value != default_value(attribute) and value not in (None, "", []):
                entry[attribute.name] = self._all.written(attribute, value)
        for attribute, members in item.members.items():
            entry[attribute.name] = [self._all.label(oid) for oid in members]
        return {**self._all.fixed(item), **entry}

    def _user(self, item: Stored) -> dict[str, Any]:
        entry = {name: value for name, value in self._flat(item).items() if name not in _NOT_OF_USERS}
        role = "subscription_admin" if entry.get("SubscriptionAdmin") else None
        return {**entry, **({"role": role} if role else {}), "bare": True}

    def _place(self, item: Stored) -> dict[str, Any]:
        entry = {"_id": self._all.label(item.oid), **self._flat(item), "bare": True}
        entry = {
            name: value
            for name, value in entry.items()
            if name not in {"WorkspaceConfiguration", "Workspace", "Parent"}
        }
        children = [
            project
            for project in self._of("Project")
            if (self._landscape.projects[project.oid].parent or self._landscape.projects[project.oid].workspace)
            == item.oid
        ]
        if children:
            entry["projects"] = [self._place(child) for child in children]
        return entry

    def _permission(self, item: Stored) -> dict[str, Any]:
        scope = "Project" if item.type.name == "ProjectPermission" else "Workspace"
        entry = self._flat(item)
        return {name: entry[name] for name in ("User", scope, "Role", *FIXED) if name in entry}

    def _object(self, item: Stored) -> dict[str, Any]:
        entry = {"_type": item.type.name, "_id": self._all.label(item.oid), **self._all.fixed(item)}
        return {**entry, **replayed(self._all, item, self._past)}

    def _definitions(self) -> list[dict[str, Any]]:
        """Give the workspaces' own portfolio types and fields."""
        found: list[dict[str, Any]] = []
        for workspace in self._landscape.workspaces.values():
            home = {"Workspace": self._all.label(workspace.oid)}
            for item in workspace.schema.types.values():
                stock = self._landscape.stock.types.get(item.name)
                renamed = stock is not None and (stock.label, stock.prefix) != (item.label, item.prefix)
                if item.definition_id > 0 or (renamed and item.ordinal >= 0):
                    body = {"Name": item.label or item.element_name, "ElementName": item.element_name}
                    fixed = {"ObjectID": item.definition_id} if item.definition_id > 0 else {}
                    head = {"_type": "TypeDefinition", **fixed, **home, **body}
                    found.append({**head, "IDPrefix": item.prefix, "Ordinal": item.ordinal})
            found += self._changed_fields(workspace.schema, home)
            seen: set[int] = set()
            for item in workspace.schema.types.values():
                for attribute in item.attributes.values():
                    if not attribute.custom or attribute.definition_id in seen:
                        continue
                    seen.add(attribute.definition_id)
                    head = {"_type": "AttributeDefinition", "ObjectID": attribute.definition_id, **home}
                    head |= {"TypeDefinition": attribute.owner, "Name": attribute.display_name}
                    head |= {"ElementName": attribute.name, "RealAttributeType": attribute.real_type}
                    extra = {
                        "AllowedValues": list(attribute.values),
                        "MaxLength": attribute.max_length,
                        "Required": attribute.required,
                        "Hidden": attribute.hidden,
                        "Note": attribute.note,
                        "Default": attribute.default,
                        "URL": attribute.link_url,
                    }
                    found.append({**head, **{name: value for name, value in extra.items() if value}})
        return found

    def _changed_fields(self, schema: Schema, home: dict[str, Any]) -> list[dict[str, Any]]:
        """Give what a workspace says of stock fields. Its schedule states are objects of their own."""
        stock = self._landscape.stock
        found: list[dict[str, Any]] = []
        for item in schema.types.values():
            for attribute in item.attributes.values():
                known = stock.types[item.name].attributes.get(attribute.name) if item.name in stock.types else None
                own = attribute.owner == item.name and attribute.name != "ScheduleState"
                if known is None or attribute.custom or not own or attribute.definition_id != known.definition_id:
                    continue
                told = {
                    "Required": attribute.required if attribute.required != known.required else None,
                    "Hidden": attribute.hidden if attribute.hidden != known.hidden else None,
                    "VisibleOnlyToAdmins": attribute.admins_only or None,
                    "Note": attribute.note if attribute.note != known.note else None,
                    "AllowedValues": list(attribute.values)
                    if attribute.editable and attribute.values != known.values
                    else None,
                }
                said = {name: value for name, value in told.items() if value is not None}
                if said:
                    head = {"_type": "AttributeDefinition", "Custom": False, **home, "TypeDefinition": item.name}
                    found.append({**head, "ElementName": attribute.name, "Name": attribute.display_name, **said})
        return found

    async def _keys(self) -> list[str]:
        rows = [row for row in await self._unit.accounts.keys(None) if row["deleted_at"] is None]
        if not rows:
            return []
        lines = [
            "# Nor are keys, whose values are kept as hashes only. There were, to be written below `keys` with a `Secret`:"
        ]
        for row in reversed(rows):
            entry = {"name": row["display_name"], "user": self._all.label(row["user_oid"]), "grant": row["grant_name"]}
            lines.append(f"#   - {line(entry)}")
        return lines
