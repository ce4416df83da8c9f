"""What requests a type takes: WSAPI's address table as data (wsapi.md 1, 3), for everything that describes the service.

`wsapi.addresses` reads requests; a test holds that it reads each address here as the verb that stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banneret.catalogue.model import TypeDef


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query string. `kind` is its JSON Schema type, `default` what holds without it (None: nothing)."""

    name: str
    description: str
    kind: str = "string"
    default: object = None
    example: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        Parameter(
            "fetch",
            "What to show: `true` for everything, `false` for refs, or a list of attribute names. The list holds at every "
            "level: an object attribute named together with attributes of its target is expanded. "
            "`Tasks:summary[State;State+Blocked]` counts the members of a collection by their values.",
            example="FormattedID,Name,Owner,UserName",
        ),
        Parameter(
            "shallowFetch",
            "Like `fetch`, with a list a level in brackets. It wins where both are given.",
            example="Name,Owner[UserName;Email]",
        ),
        Parameter("query", "A condition in the query language.", example='((State = "Open") AND (Owner != null))'),
        Parameter(
            "search",
            'Words that FormattedID, Name, Description or Notes must have; `"quoted words"` side by side. Of work items only.',
            example="login page",
        ),
        Parameter("order", "Attributes to sort by, each with `ASC` or `DESC`.", example="LastUpdateDate DESC,Name"),
        Parameter("start", "Number of the first result, from 1.", "integer", 1, minimum=1),
        Parameter(
            "pagesize", "Results a page; more than 2000 are cut to 2000.", "integer", 20, minimum=1, maximum=2000
        ),
        Parameter(
            "workspace",
            "Ref of the workspace. Without it: that of `project`, else your default workspace.",
            example="/workspace/12345",
        ),
        Parameter(
            "project",
            "Ref of a project, or `null` for the whole workspace, which is also what its absence means.",
            example="/project/12345",
        ),
        Parameter("projectScopeUp", "With `project`: also its parent projects.", "boolean", default=False),
        Parameter("projectScopeDown", "With `project`: also its child projects.", "boolean", default=True),
        Parameter("types", "Of an abstract type: only these concrete types.", example="Defect,HierarchicalRequirement"),
        Parameter(
            "includePermissions",
            "Show behind each ref what you may do, as `_p`: the sum of 1 (read), 2 (update) and 4 (delete).",
            "boolean",
            default=False,
        ),
        Parameter("pretty", "Indent the answer.", "boolean", default=False),
        Parameter("key", "The security token. A write by Basic or session needs it, a write by API key does not."),
        Parameter("rankAbove", "Ref of the object to rank this one above.", example="/defect/12345"),
        Parameter("rankBelow", "Ref of the object to rank this one below.", example="/defect/12345"),
        Parameter("rankTo", "The end to rank this object to.", choices=("TOP", "BOTTOM")),
        Parameter("copyMilestones", "Give the project its parent's milestones.", "boolean", default=False),
        Parameter("copyTimeboxes", "Copy its parent's timeboxes that are not over.", "boolean", default=False),
        Parameter("copyUserPermissions", "Give its parent's people their roles in it.", "boolean", default=False),
    )
}
_SCOPE = ("workspace", "project", "projectScopeUp", "projectScopeDown")
_SHOWN = ("fetch", "shallowFetch", "includePermissions", "pretty")
_ASKED = ("query", "order", "start", "pagesize")
_INHERITED = ("copyMilestones", "copyTimeboxes", "copyUserPermissions")
_RANK = ("rankAbove", "rankBelow", "rankTo")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of a type.

    `verb` is the name that `wsapi.addresses.Action` has for it. `methods` may be used alike, the first is the one to show. `path`
    follows the version and holds `{id}` and `{collection}`. `envelope` is the root key of the answer, empty for the element name
    of the object read. `body` says what the request carries: nothing, an `object`, or `items` of a collection.
    """

    verb: str
    methods: tuple[str, ...]
    path: str
    envelope: str
    summary: str
    parameters: tuple[str, ...] = ()
    body: str = ""
    collections: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.verb not in {"query", "read", "members", "permission_map"}


def endpoints(item: TypeDef) -> list[Endpoint]:
    """Give what can be asked of a type, in the order in which people look for it."""
    offered = [endpoint for endpoint in _on_objects(item) if endpoint.verb in item.operations]
    if item.name == "RecycleBinEntry":
        offered.append(_restore(item))
    if item.name == "User":
        offered += _on_roles(item)
    if "read" in item.operations:
        offered += _on_members(item)
    if "update" in item.operations:
        offered += _on_membership(item)
    return offered


def _on_objects(item: TypeDef) -> list[Endpoint]:
    name, path, one = item.display_name, item.path, f"{item.path}/{{id}}"
    rank = _RANK if "DragAndDropRank" in item.attributes else ()
    types = ("types",) if item.abstract else ()
    search = ("search",) if item.table == "Artifact" else ()
    asked = (*_ASKED, *search)
    place = ("workspace", "project")
    return [
        Endpoint("query", ("GET",), path, "QueryResult", f"Find {name} objects", (*asked, *_SHOWN, *_SCOPE, *types)),
        Endpoint("read", ("GET",), one, "", f"Read one {name}", _SHOWN),
        Endpoint(
            "create",
            ("POST", "PUT"),
            f"{path}/create",
            "CreateResult",
            f"Create one {name}",
            (*_SHOWN, *place, *rank, *(_INHERITED if item.name == "Project" else ()), "key"),
            body="object",
        ),
        Endpoint(
            "update",
            ("POST", "PUT"),
            one,
            "OperationResult",
            f"Change one {name}",
            (*_SHOWN, *rank, "key"),
            body="object",
        ),
        Endpoint("delete", ("DELETE",), one, "OperationResult", f"Delete one {name}", ("key",)),
        Endpoint(
            "copy", ("POST",), f"{one}/copy", "CreateResult", f"Copy one {name}", (*_SHOWN, *rank, "key"), body="object"
        ),
    ]


def _restore(item: TypeDef) -> Endpoint:
    address, summary = f"{item.path}/{{id}}/restore", "Bring back what was deleted, with all that went along"
    return Endpoint("restore", ("POST",), address, "OperationResult", summary, (*_SHOWN, "key"))


def _on_roles(item: TypeDef) -> list[Endpoint]:
    """What a subscription administrator grants a user as a whole (KB 374424)."""
    one = f"{item.path}/{{id}}"
    summaries = (
        (
            "permission_flags",
            "POST",
            "setpermissionflags",
            "OperationResult",
            "Make or unmake a subscription administrator",
        ),
        ("permission_map", "GET", "permissionmap", "PermissionMap", "Show all roles and teams of a user"),
        ("grant_map", "POST", "permissionmap", "OperationResult", "Give and take roles and teams of a user"),
    )
    return [
        Endpoint(verb, (method,), f"{one}/{last}", root, summary, ("key",), body="object" if method == "POST" else "")
        for verb, method, last, root, summary in summaries
    ]


def _on_members(item: TypeDef) -> list[Endpoint]:
    names = tuple(each.name for each in item.attributes.values() if each.is_collection)
    address, summary = f"{item.path}/{{id}}/{{collection}}", "List the members of a collection"
    found = Endpoint("members", ("GET",), address, "QueryResult", summary, (*_ASKED, *_SHOWN), collections=names)
    return [found] if names else []


def _on_membership(item: TypeDef) -> list[Endpoint]:
    names = tuple(each.name for each in item.attributes.values() if each.members and each.members.editable)
    verbs = (
        ("add", "Add members to a collection", ("fetch", "key")),
        ("remove", "Take members out of a collection", ("key",)),
    )
    return [
        Endpoint(
            verb,
            ("POST",),
            f"{item.path}/{{id}}/{{collection}}/{verb}",
            "OperationResult",
            summary,
            parameters,
            body="items",
            collections=names,
        )
        for verb, summary, parameters in verbs
        if names
    ]
