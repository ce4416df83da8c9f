"""The management API in the OpenAPI document, made of the table that routes it and the structs that it reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from banneret.api.endpoints import ROOT, Access
from banneret.api.resources import KeyRefusal, Refusal
from banneret.api.table import ENDPOINTS

if TYPE_CHECKING:
    from banneret.api.endpoints import Endpoint, Query

_PREFIX = "v1."
"""Before the names of these schemas, where those of WSAPI's types stand without."""

_SAID = {
    401: "No credential, or one that does not hold; `X-Auth-Reason` says why where it is somebody's.",
    403: "The credential may not do this; `reason` says why.",
    404: "It is not there, or not yours to see.",
    409: "Somebody else changed it at the same moment, or the database was busy: send it again.",
    413: "The body is too large.",
    415: "The body is not declared as JSON.",
    422: "Something in the request is wrong: `field` says what.",
    429: "Too many requests; wait as long as `Retry-After` says.",
    503: "It took too long and was interrupted; nothing was changed.",
}
_REASON = {"X-Auth-Reason": {"description": "Why, for the rightful holder.", "schema": {"type": "string"}}}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "ObjectID.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
}


def paths() -> dict[str, dict[str, Any]]:
    """Give the addresses."""
    made: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        place = made.setdefault(f"{ROOT}{endpoint.path}", {"servers": [{"url": "/"}]})
        if "{id}" in endpoint.path:
            place["parameters"] = [_ID]
        place[endpoint.method.lower()] = _operation(endpoint)
    return made


def schemas() -> dict[str, Any]:
    """Give the schemas of what is read and written."""
    types = [each for endpoint in ENDPOINTS for each in (endpoint.answer, endpoint.body) if each is not None]
    wanted = [*dict.fromkeys(types), Refusal, KeyRefusal]
    _, found = msgspec.json.schema_components(wanted, ref_template=f"#/components/schemas/{_PREFIX}{{name}}")
    return {f"{_PREFIX}{name}": schema for name, schema in sorted(found.items())}


def tags() -> list[str]:
    """Give the groups that the addresses stand in."""
    return list(dict.fromkeys(endpoint.tag for endpoint in ENDPOINTS))


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "tags": [endpoint.tag],
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": endpoint.access.value,
        "responses": {str(endpoint.status): _success(endpoint)}
        | {str(status): _refusal(endpoint, status) for status in endpoint.statuses},
    }
    if endpoint.access is Access.ANYBODY:
        made["security"] = []
    if endpoint.access is Access.LOGGED_IN:
        made["security"] = [{"Basic": []}, {"Session": []}]
    if not endpoint.writes:
        made["x-read-only-key"] = endpoint.access is not Access.LOGGED_IN
    if endpoint.query:
        made["parameters"] = [_parameter(query) for query in endpoint.query]
    if endpoint.body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(endpoint.body)}}}
    return made


def _success(endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {"description": (endpoint.handler.__doc__ or endpoint.summary).strip()}
    if endpoint.answer is not None:
        made["content"] = {"application/json": {"schema": _ref(endpoint.answer)}}
    if endpoint.location is not None:
        made["headers"] = {"Location": {"description": "Its address.", "schema": {"type": "string"}}}
    return made


def responses() -> dict[str, Any]:
    """Give the refusals, which are alike everywhere but for who asks after his own key."""
    alike = {f"{_PREFIX}{status}": _refused(status, Refusal) for status in _SAID}
    return alike | {f"{_PREFIX}key401": _refused(401, KeyRefusal)}


def _refused(status: int, body: type) -> dict[str, Any]:
    made: dict[str, Any] = {"description": _SAID[status], "content": {"application/json": {"schema": _ref(body)}}}
    return made | ({"headers": _REASON} if status in {401, 403} else {})


def _refusal(endpoint: Endpoint, status: int) -> dict[str, Any]:
    name = "key401" if status == 401 and endpoint.path == "/key" else str(status)
    return {"$ref": f"#/components/responses/{_PREFIX}{name}"}


def _parameter(query: Query) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": query.kind}
    if query.choices:
        kind["enum"] = list(query.choices)
    bounds = ("minimum", "maximum") if query.kind == "integer" else ("minLength", "maxLength")
    kind |= {
        name: value for name, value in zip(bounds, (query.minimum, query.maximum), strict=True) if value is not None
    }
    if query.default is not None:
        kind["default"] = query.default
    return {"name": query.name, "in": "query", "description": query.description, "schema": kind}


def _ref(kind: type[Any]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{_PREFIX}{kind.__name__}"}
