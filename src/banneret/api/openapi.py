"""The OpenAPI 3.1 description: WSAPI, made of a schema and the address table like the pages of the documentation, and `/api/v1`."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from banneret import __version__
from banneret.api import contract
from banneret.api.schemas import component, reference, required_for_create, type_schemas
from banneret.catalogue.endpoints import PARAMETERS, Endpoint, Parameter, endpoints
from banneret.catalogue.examples import create_body, update_body
from banneret.catalogue.families import FAMILIES
from banneret.operations.grant import LISTS

if TYPE_CHECKING:
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema

BASE = "/slm/webservice/v2.0"
_DESCRIPTION = """\
Rally's Web Services API v2.0, as Banneret serves it.

- A request that reached the service is answered with HTTP 200; whether it worked is in `Errors`.
- `PUT` may stand for `POST` in creates and updates.
- Type names in addresses may be in any letter case, and `.js` may stand at their end.
- The root key of a request's body is not looked at; the address decides the type.
- Pages about each type, with forms to try requests out: `/slm/doc/webservice/`.

Addresses below `/api/v1` are those of the management API: JSON with HTTP statuses, its own spelling, and problems as
`{error, reason, message, field}`.
"""
_SINGLE_WITHOUT_QUERY = frozenset({"User", "Subscription"})
"""Types whose end point answers the caller's own object when it is asked without a query."""

_REFUSALS = {status: {"$ref": f"#/components/responses/{status}"} for status in ("401", "403", "429")}
_ALIKE = frozenset({"members", "add", "remove", "delete"})
"""Verbs whose answer looks the same for every type."""

_SECURITY = {
    "Session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "banneret",
        "description": "A log-in through the pages; where TLS is on, the cookie is called `__Host-banneret`.",
    },
    "ApiKey": {"type": "apiKey", "in": "header", "name": "zsessionid", "description": "An API key."},
    "Bearer": {"type": "http", "scheme": "bearer", "description": "An API key as bearer token."},
    "Basic": {
        "type": "http",
        "scheme": "basic",
        "description": "User name and password. A write needs a security token besides, as `key`, from `/security/authorize`.",
    },
}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "ObjectID or ObjectUUID.",
    "schema": {"type": "string", "minLength": 1},
    "example": "12345",
}


@dataclass(frozen=True, slots=True)
class Description:
    """The document, kept compressed because every workspace may have its own; `tag` is its entity tag."""

    compressed: bytes
    tag: str

    @property
    def body(self) -> bytes:
        """The document as JSON."""
        return gzip.decompress(self.compressed)


def description(schema: Schema) -> Description:
    """Give the description of a schema, made once for as long as the schema stays."""
    held = schema.derived.get("openapi")
    if not isinstance(held, Description):
        body = msgspec.json.encode(document(schema))
        tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        held = schema.derived["openapi"] = Description(gzip.compress(body, 6), tag)
    return held


def document(schema: Schema) -> dict[str, Any]:
    """Make the description."""
    paths: dict[str, dict[str, Any]] = {}
    for item in schema.types.values():
        for endpoint in endpoints(item):
            place = paths.setdefault(f"/{endpoint.path}", _shared(item, endpoint))
            place[endpoint.methods[0].lower()] = _operation(item, endpoint)
    paths |= {"/security/authorize": {"get": _authorize()}, "/batch": {"post": _batch()}} | contract.paths()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Banneret",
            "version": __version__,
            "summary": "Rally Web Services API v2.0",
            "description": _DESCRIPTION,
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "security": [{name: []} for name in _SECURITY if name != "Session"],
        "tags": [{"name": title} for title in (*FAMILIES.values(), "Service", *contract.tags())],
        "externalDocs": {"url": "/slm/doc/webservice/"},
        "paths": paths,
        "components": {
            "schemas": type_schemas(schema) | contract.schemas(),
            "parameters": {name: _parameter(each) for name, each in PARAMETERS.items()} | {"id": _ID},
            "responses": {
                **_alike(),
                **contract.responses(),
                "401": _page("No credential, a wrong one, or a read-only key that tried to write."),
                "403": _page("The address is outside of what the subscription allows."),
                "429": _json("Too many requests of this user wait for their turn.", {"type": "object"}),
            },
            "securitySchemes": _SECURITY,
        },
    }


def _shared(item: TypeDef, endpoint: Endpoint) -> dict[str, Any]:
    """Give what holds for all methods of an address."""
    found: list[dict[str, Any]] = []
    if "{id}" in endpoint.path:
        found.append({"$ref": "#/components/parameters/id"})
    if endpoint.collections:
        found.append(
            {"name": "collection", "in": "path", "required": True, "schema": {"enum": list(endpoint.collections)}}
        )
    made: dict[str, Any] = {"summary": item.display_name}
    return made | ({"parameters": found} if found else {})


def _operation(item: TypeDef, endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "tags": [FAMILIES.get(item.family, item.family)],
        "operationId": _operation_id(item, endpoint),
        "summary": endpoint.summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in endpoint.parameters],
        "responses": {"200": _answer(item, endpoint), **_REFUSALS},
    }
    if endpoint.body:
        made["requestBody"] = {"required": True, "content": {"application/json": _body(item, endpoint)}}
    return made


def _operation_id(item: TypeDef, endpoint: Endpoint) -> str:
    verb = {"members": "list", "add": "addTo", "remove": "removeFrom"}.get(endpoint.verb, endpoint.verb)
    return f"{verb}{component(item)}{'Collection' if endpoint.collections else ''}"


def _body(item: TypeDef, endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.body == "items":
        return {"schema": _rooted({"CollectionItems": reference("_Members")})}
    if endpoint.verb == "permission_flags":
        flags = {"type": "object", "properties": {"SubscriptionAdmin": {"type": "boolean"}}}
        return {"schema": _rooted({"SetPermissionFlags": flags})}
    if endpoint.verb == "grant_map":
        return {"schema": _permission_map()}
    content = reference(component(item) + "Input")
    example: dict[str, Any] = {}
    match endpoint.verb:
        case "create":
            required = required_for_create(item)
            content = {"allOf": [content], "required": required} if required else content
            example = create_body(item)
        case "update":
            example = update_body(item)
        case _:
            content = reference("_Input")
    return {"schema": _rooted({item.element_name: content}), "example": {item.element_name: example}}


def _answer(item: TypeDef, endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.verb in _ALIKE:
        return {"$ref": f"#/components/responses/{endpoint.verb}"}
    return _json("Look into `Errors`.", _envelope(item, endpoint))


def _envelope(item: TypeDef, endpoint: Endpoint) -> dict[str, Any]:
    """Give the answer's one root key and what stands below it; a failure may come as OperationResult instead."""
    shown = reference(component(item))
    match endpoint.verb:
        case "query":
            found = {"QueryResult": _with("_Page", Results={"items": shown})}
            single = item.name in _SINGLE_WITHOUT_QUERY
            return _one_of(found | ({item.element_name: _with("_Head", shown)} if single else {}))
        case "read":
            if item.abstract:
                # The root key is the element name of whatever type the object is of.
                return {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": reference("_Head"),
                }
            return _one_of({item.element_name: _with("_Head", shown)})
        case "create" | "copy":
            return _one_of({"CreateResult": _with("_Head", Object=shown)})
        case "permission_map":
            return _one_of({"PermissionMap": _with("_Head", _permission_map())})
        case "grant_map":
            return _rooted({"OperationResult": _with("_Head", Object=_permission_map())})
        case "restore":
            return _rooted({"OperationResult": _with("_Head", Object=reference("_Object"))})
        case _:
            return _rooted({"OperationResult": _with("_Head", Object=shown)})


def _permission_map() -> dict[str, Any]:
    """Nine lists of ObjectIDs of workspaces and projects (KB 374424)."""
    oids = {"type": "array", "items": {"type": "integer"}}
    return {"type": "object", "properties": dict.fromkeys(LISTS, oids)}


def _with(base: str, *others: dict[str, Any], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [reference(base), *others]} | ({"properties": properties} if properties else {})


def _rooted(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _one_of(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": properties | {"OperationResult": reference("_Failure")},
        "additionalProperties": False,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": parameter.kind}
    if parameter.choices:
        kind["enum"] = list(parameter.choices)
    said = {"default": parameter.default, "minimum": parameter.minimum, "maximum": parameter.maximum}
    kind |= {name: value for name, value in said.items() if value is not None}
    made: dict[str, Any] = {"name": parameter.name, "in": "query", "description": parameter.description, "schema": kind}
    return made | ({"example": parameter.example} if parameter.example else {})


def _page(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"text/html": {"schema": {"type": "string"}}}}


def _json(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _alike() -> dict[str, dict[str, Any]]:
    """Give the answers that look the same for every type."""
    items = {"type": "array", "items": reference("_Object")}
    return {
        "members": _json("The members, all attributes of each.", _one_of({"QueryResult": reference("_Page")})),
        "add": _json(
            "The members that this request added.", _rooted({"OperationResult": _with("_Head", Results=items)})
        ),
        "remove": _json("No members.", _rooted({"OperationResult": _with("_Head", Results=items)})),
        "delete": _json("Done, unless there are `Errors`.", _rooted({"OperationResult": reference("_Head")})),
    }


def _authorize() -> dict[str, Any]:
    answer = _rooted({"OperationResult": _with("_Head", SecurityToken={"type": "string"})})
    return {
        "tags": ["Service"],
        "operationId": "authorize",
        "summary": "Get the security token that writes by Basic or session need",
        "responses": {"200": _json("The token.", answer), **_REFUSALS},
    }


def _batch() -> dict[str, Any]:
    entry = {
        "type": "object",
        "required": ["Path", "Method"],
        "properties": {
            "Path": {"type": "string", "examples": ["/defect/create"]},
            "Method": {"enum": ["GET", "POST", "PUT", "DELETE"]},
            "Body": {"type": "object"},
        },
    }
    wrapped = {"type": "object", "required": ["Entry"], "properties": {"Entry": entry}}
    answer = _rooted({"BatchResult": _with("_Head", Results={"type": "array", "items": reference("_Head")})})
    example = {"Entry": {"Path": "/defect/create", "Method": "POST", "Body": {"Defect": {"Name": "A name"}}}}
    return {
        "tags": ["Service"],
        "operationId": "batch",
        "summary": "Carry out several requests, each with its own result",
        "parameters": [
            {"$ref": f"#/components/parameters/{name}"} for name in ("workspace", "project", "fetch", "key")
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _rooted({"Batch": {"type": "array", "items": wrapped}}),
                    "example": {"Batch": [example]},
                }
            },
        },
        "responses": {"200": _json("One result an entry.", answer), **_REFUSALS},
    }
