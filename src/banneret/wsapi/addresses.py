"""WSAPI's address space: what a path and a method ask for (wsapi.md 1)."""

from __future__ import annotations

from dataclasses import dataclass

from banneret.kernel.errors import MalformedReference, ObjectNotFound, UnsupportedOperation
from banneret.kernel.refs import Ref, parse_identifier

PREFIX = "/slm/webservice/"
VERSIONS = frozenset({"v2.0", "v2.x"})
_WHO_AM_I_ONLY = "v3.0"
"""A version of which public samples ask for `/user` alone; its refs lead to v2.0, for it has no other end point (design 5.11)."""

_TWO_PART = frozenset({"portfolioitem", "objective"})
"""Types whose own types stand below them in the path."""

_READS = frozenset({"GET", "HEAD"})
_WRITES = frozenset({"PUT", "POST"})


@dataclass(frozen=True, slots=True)
class Action:
    """What a request wants.

    `verb` is one of query, read, create, update, delete, members, add, remove, allowed_values,
    authorize, copy, restore, batch, permission_flags, permission_map, grant_map; `ref` names the object, `attribute` the collection.
    """

    verb: str
    type_name: str = ""
    ref: Ref | None = None
    attribute: str = ""
    current: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.verb in _CHANGING

    def require_write(self, method: str) -> None:
        """Refuse a method that only reads for what changes something.

        Raises:
            UnsupportedOperation: `/defect/1/copy` by GET, say.

        """
        if self.writes and method in _READS:
            raise UnsupportedOperation(self.type_name or self.verb, method)

    @property
    def envelope(self) -> str:
        """The root key of the answer, and of a failure."""
        return _ENVELOPES.get(self.verb, "OperationResult")


_CHANGING = frozenset(
    {"create", "update", "delete", "add", "remove", "copy", "restore", "batch", "permission_flags", "grant_map"}
)
_ENVELOPES = {
    "permission_map": "PermissionMap",
    "query": "QueryResult",
    "members": "QueryResult",
    "allowed_values": "QueryResult",
    "create": "CreateResult",
    "copy": "CreateResult",
    "batch": "BatchResult",
}


def split(path: str) -> tuple[str, list[str], bool]:
    """Take a decoded path apart: version, segments after it, and whether `.js` stood at its end."""
    version, _, rest = path[len(PREFIX) :].partition("/")
    segments = [part for part in rest.split("/") if part]
    suffixed = bool(segments) and segments[-1].lower().endswith(".js")
    if suffixed:
        segments[-1] = segments[-1][:-3]
    return version, segments, suffixed


def served_version(version: str, segments: list[str]) -> str | None:
    """Give the version that the refs of an answer repeat, or None where the address names one that is not served."""
    if version in VERSIONS:
        return version
    if version == _WHO_AM_I_ONLY and len(segments) == 1 and segments[0].lower() in {"user", "user:current"}:
        return "v2.0"
    return None


def action(segments: list[str], method: str) -> Action:
    """Read what a request wants off its segments and effective method.

    Raises:
        MalformedReference: an id that is none.
        UnsupportedOperation: a method that the address does not take.
        ObjectNotFound: an address with nothing behind it.

    """
    if not segments:
        raise ObjectNotFound
    lowered = [part.lower() for part in segments]
    if lowered == ["security", "authorize"]:
        return Action("authorize")
    if lowered == ["batch"]:
        return Action("batch")
    type_name, rest = segments[0], segments[1:]
    if lowered[0].endswith(":current"):
        return Action("query", type_name[: -len(":current")], current=True)
    if lowered[0] in _TWO_PART and rest and rest[0].lower() != "create" and parse_identifier("", rest[0]) is None:
        type_name, rest = f"{type_name}/{rest[0]}", rest[1:]
    if not rest:
        if method not in _READS:
            raise UnsupportedOperation(type_name, method)
        return Action("query", type_name)
    if rest[0].lower() == "create" and len(rest) == 1:
        return Action("create", type_name)
    ref = parse_identifier(type_name, rest[0])
    if ref is None:
        raise MalformedReference("/".join([type_name, *rest]))
    return _of_object(type_name, ref, rest[1:], method)


def _of_object(type_name: str, ref: Ref, rest: list[str], method: str) -> Action:
    if not rest:
        if method in _READS:
            return Action("read", type_name, ref)
        if method == "DELETE":
            return Action("delete", type_name, ref)
        if method in _WRITES:
            return Action("update", type_name, ref)
        raise UnsupportedOperation(type_name, method)
    if len(rest) == 1:
        if rest[0].lower() in {"copy", "restore"}:
            return Action(rest[0].lower(), type_name, ref)
        if rest[0].lower() == "setpermissionflags":
            return Action("permission_flags", type_name, ref)
        if rest[0].lower() == "permissionmap":
            return Action("grant_map" if method in _WRITES else "permission_map", type_name, ref)
        if method not in _READS:
            raise UnsupportedOperation(f"{type_name}.{rest[0]}", method)
        return Action("members", type_name, ref, rest[0])
    if len(rest) == 2 and rest[1].lower() in {"add", "remove"}:
        return Action(rest[1].lower(), type_name, ref, rest[0])
    if len(rest) == 2 and rest[1].lower() == "allowedvalues":
        return Action("allowed_values", type_name, ref, rest[0])
    raise ObjectNotFound
