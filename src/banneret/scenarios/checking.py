"""What can be said of a scenario before any database is asked: names, duplicates, dates, roles, keys."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from banneret.access.keys import Grant, looks_like_key
from banneret.access.roles import Role
from banneret.kernel.values import parse_date
from banneret.scenarios.document import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.scenarios.scenario import Scenario

FIXED = ("ObjectID", "ObjectUUID", "CreationDate")
"""What any object may fix, beside its attributes."""

OWN_NAMES: Mapping[str, Sequence[str]] = {
    "User": ("_id", "role", "Password", "bare"),
    "Workspace": ("_id", "projects", "bare"),
    "Project": ("_id", "projects", "bare"),
}
"""Names that are ours and not the catalogue's, by section. `bare`: without what comes along with such an object."""

NESTED = {"UserProfile": "User", "WorkspaceConfiguration": "Workspace"}
"""Types that a section's entry holds as a mapping: they come into being with their owner."""

ROLES = tuple(role.value for role in Role if role is not Role.WORKSPACE_USER)
_PERMISSION_ROLES = {"Workspace": ("Admin", "User"), "Project": ("Admin", "Editor", "Viewer")}
_KEY_NAMES = ("name", "user", "grant", "Secret", "expires")
_CLIENT_NAMES = ("name", "user", "client_id", "Secret", "redirect_uri")
_SETTLED = frozenset({"VersionId", "Subscription", "RevisionHistory"})
_FREE_NAMES = {
    "AttributeDefinition": ("AllowedValues", "Custom", "MaxLength", "Default", "URL"),
    "WebLinkDefinition": ("URL",),
    "TypeDefinition": ("Ordinal",),
}


def check(scenario: Scenario, stock: Schema) -> None:
    """Refuse what is wrong.

    Raises:
        ScenarioError: with file, line and, where there is one, a suggestion.

    """
    _Check(scenario, stock).run()


class _Check:
    def __init__(self, scenario: Scenario, stock: Schema) -> None:
        self._scenario = scenario
        self._stock = stock
        self._fields = _custom_fields(scenario)

    def run(self) -> None:
        scenario = self._scenario
        self._attributes(scenario.subscription, self._stock.get("Subscription"), ())
        for user in scenario.users:
            self._user(user)
        for workspace in scenario.workspaces:
            self._place(workspace, "Workspace")
        for project, _, _ in scenario.projects():
            self._place(project, "Project")
        for permission in scenario.permissions:
            self._permission(permission)
        for entry in scenario.objects:
            self._object(entry)
        for key in scenario.keys:
            self._key(key)
        for client in scenario.clients:
            self._names(client, _CLIENT_NAMES, "a client")
            self._required(client, ("name", "user", "client_id"), "a client")
        self._unique()

    # ------------------------------------------------------------------ sections

    def _user(self, entry: Entry) -> None:
        self._required(entry, ("UserName",), "a user")
        self._attributes(entry, self._stock.get("User"), OWN_NAMES["User"])
        role = entry.get("role")
        if role is not None and role not in ROLES:
            raise self._problem(
                entry, "role", f"there is no role {role}; there are {', '.join(ROLES)}", str(role), ROLES
            )
        if entry.get("Password") is not None and not isinstance(entry["Password"], str):
            raise self._problem(entry, "Password", "a password is text: put it in quotes")

    def _place(self, entry: Entry, kind: str) -> None:
        self._required(entry, ("Name",), f"a {kind.lower()}")
        children = entry.get("projects")
        if children is not None and not (
            isinstance(children, list) and all(isinstance(each, Entry) for each in children)
        ):
            raise self._problem(entry, "projects", "projects is a list of entries with names and values")
        self._attributes(entry, self._stock.get(kind), OWN_NAMES[kind])

    def _permission(self, entry: Entry) -> None:
        self._names(entry, ("User", "Workspace", "Project", "Role", *FIXED), "a permission")
        self._required(entry, ("User", "Role"), "a permission")
        scopes = [name for name in ("Workspace", "Project") if entry.get(name) is not None]
        if len(scopes) != 1:
            raise self._problem(entry, "User", "a permission is for a Workspace or for a Project")
        roles = _PERMISSION_ROLES[scopes[0]]
        if entry["Role"] not in roles:
            text = f"there is no {scopes[0].lower()} role {entry['Role']}; there are {', '.join(roles)}"
            raise self._problem(entry, "Role", text, str(entry["Role"]), roles)

    def _object(self, entry: Entry) -> None:
        self._required(entry, ("_type",), "an object")
        name = str(entry["_type"])
        item = self._stock.find(name)
        if item is None:
            if name.lower().startswith("portfolioitem/") or name in _levels(self._scenario):
                item = self._stock.get("PortfolioItem/Feature")
            else:
                raise self._problem(entry, "_type", f"there is no type {name}", name, tuple(self._stock.types))
        elif item.abstract:
            raise self._problem(entry, "_type", f"{item.name} is abstract: nothing is of that type alone")
        free = ("_type", "_id", "changes", *_FREE_NAMES.get(item.name, ()))
        self._attributes(entry, item, free)
        changes = entry.get("changes")
        if changes is not None and not (isinstance(changes, list) and all(isinstance(each, Entry) for each in changes)):
            raise self._problem(entry, "changes", "changes is a list of entries with names and values")
        for change in changes or ():
            self._change(change, item)

    def _change(self, entry: Entry, item: TypeDef) -> None:
        self._required(entry, ("at",), "a change")
        if entry.get("by") is None and entry.get("key") is None:
            raise self._problem(entry, "at", "a change says by whom: `by`, or `key`")
        self._date(entry, "at")
        self._attributes(entry, item, ("by", "at", "key"), changing=True)

    def _key(self, entry: Entry) -> None:
        self._names(entry, _KEY_NAMES, "a key")
        self._required(entry, ("name", "user", "grant", "Secret"), "a key")
        grants = tuple(grant.value for grant in Grant)
        if entry["grant"] not in grants:
            text = f"there is no grant {entry['grant']}; there are {' and '.join(grants)}"
            raise self._problem(entry, "grant", text, str(entry["grant"]), grants)
        if not isinstance(entry["Secret"], str) or not looks_like_key(entry["Secret"]):
            raise self._problem(entry, "Secret", "a key begins with _ and has 20 to 255 characters without blanks")
        self._date(entry, "expires")

    # ------------------------------------------------------------------ names

    def _attributes(self, entry: Entry, item: TypeDef, free: Iterable[str], *, changing: bool = False) -> None:
        free = (*free, *(() if changing else FIXED))
        for name in entry:
            if name in free:
                continue
            if name in NESTED and NESTED[name] == item.name:
                self._nested(entry, name)
                continue
            attribute = item.attributes.get(name)
            if attribute is None and name in self._fields:
                continue
            # Fields that the database defines already are known when it is asked.
            if attribute is None and name.startswith("c_") and not self._scenario.workspaces:
                continue
            if attribute is None:
                known = (*item.attributes, *free, *self._fields)
                raise self._problem(entry, name, f"{item.name} has no attribute {name}", name, known)
            self._settable(entry, attribute, item, changing=changing)
        if not changing:
            self._date(entry, "CreationDate")
            oid = entry.get("ObjectID")
            if oid is not None and (not isinstance(oid, int) or not 0 < oid < 2**53):
                raise self._problem(entry, "ObjectID", "an ObjectID is a whole number between 1 and 2**53")

    def _settable(self, entry: Entry, attribute: AttributeDef, item: TypeDef, *, changing: bool) -> None:
        text = f"{item.name}.{attribute.name} cannot be set"
        if attribute.alias:
            raise self._problem(entry, attribute.name, f"{text}: it shows {' or '.join(attribute.alias)}")
        if attribute.figure or attribute.name in _SETTLED or (attribute.is_collection and attribute.read_only):
            raise self._problem(entry, attribute.name, text)
        if changing and (attribute.read_only or attribute.create_only):
            raise self._problem(entry, attribute.name, f"{item.name}.{attribute.name} cannot be changed")

    def _nested(self, entry: Entry, name: str) -> None:
        inner = entry[name]
        if not isinstance(inner, Entry):
            raise self._problem(entry, name, f"{name} holds names and values")
        self._attributes(inner, self._stock.get(name), (), changing=True)

    def _names(self, entry: Entry, known: Sequence[str], what: str) -> None:
        for name in entry:
            if name not in known:
                raise self._problem(entry, name, f"{what} has no {name}", name, known)

    def _required(self, entry: Entry, names: Sequence[str], what: str) -> None:
        for name in names:
            if entry.get(name) in (None, ""):
                raise self._problem(entry, name, f"{what} needs {name}")

    def _date(self, entry: Entry, name: str) -> None:
        value = entry.get(name)
        if value is not None and parse_date(str(value), UTC) is None:
            raise self._problem(entry, name, f"{value} is no date")

    def _unique(self) -> None:
        seen: dict[tuple[str, Any], int] = {}
        scenario = self._scenario
        placed = [*scenario.workspaces, *(entry for entry, _, _ in scenario.projects())]
        for entry in [*scenario.users, *placed, *scenario.permissions, *scenario.objects]:
            for name in ("_id", "ObjectID", "ObjectUUID", "UserName"):
                value = entry.get(name)
                label = (name, value.lower() if name == "UserName" and isinstance(value, str) else value)
                if value is not None and seen.setdefault(label, entry.where(name)) != entry.where(name):
                    raise self._problem(entry, name, f"{name} {value} stands on line {seen[label]} too")

    def _problem(self, entry: Entry, name: str, text: str, wrong: str = "", known: Sequence[str] = ()) -> Exception:
        return self._scenario.problem(entry.where(name), text, wrong, known)


def element_name(entry: Entry) -> str:
    """Give the element name of a custom field: its own, or `c_` and its name without blanks."""
    name = str(entry.get("ElementName") or entry.get("Name") or "").removeprefix("c_")
    return "c_" + "".join(letter for letter in name if letter.isalnum() or letter == "_")


def _custom_fields(scenario: Scenario) -> tuple[str, ...]:
    kinds = {"attributedefinition", "weblinkdefinition"}
    return tuple(element_name(entry) for entry in scenario.objects if str(entry.get("_type")).lower() in kinds)


def _levels(scenario: Scenario) -> set[str]:
    return {
        str(entry.get("ElementName") or entry.get("Name"))
        for entry in scenario.objects
        if str(entry.get("_type")).lower() == "typedefinition"
    }
