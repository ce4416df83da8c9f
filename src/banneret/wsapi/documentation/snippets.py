"""Requests as text: the same request as a curl line and as the body of a form."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from banneret.catalogue.examples import OBJECT_ID, create_body, example_value, update_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.endpoints import Endpoint
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema

BASE = "/slm/webservice/v2.0"


def body_text(schema: Schema, item: TypeDef, endpoint: Endpoint) -> str:
    """Give an example of the body that a request carries, indented; empty for one without."""
    content: object
    match endpoint.verb:
        case "create":
            root, content = item.element_name, create_body(item)
        case "update":
            root, content = item.element_name, update_body(item)
        case "copy":
            root, content = item.element_name, {}
        case "add" | "remove":
            first = item.attributes[example_collection(endpoint)]
            target = schema.find(first.of or "")
            root, content = "CollectionItems", example_value(first) if target is not None else []
        case "permission_flags":
            root, content = "SetPermissionFlags", {"SubscriptionAdmin": True}
        case "grant_map":
            root, content = "EditorProjects", [OBJECT_ID]
        case _:
            return ""
    return json.dumps({root: content}, indent=2)


def example_collection(endpoint: Endpoint) -> str:
    """Give the collection to show: Tags where there are any."""
    return "Tags" if "Tags" in endpoint.collections else endpoint.collections[0]


def request_path(endpoint: Endpoint, identifier: str, collection: str) -> str:
    """Fill in an end point's address, percent-encoded."""
    path = endpoint.path.replace("{id}", quote(identifier, safe="")).replace("{collection}", quote(collection, safe=""))
    return f"{BASE}/{path}"


def curl(origin: str, item: TypeDef, endpoint: Endpoint, body: str) -> str:
    """Give a line to paste, with `$KEY` where the API key belongs."""
    params: dict[str, str] = {}
    if endpoint.verb == "query":
        named = [name for name in ("FormattedID", "Name", "Owner") if name in item.attributes]
        params = {"query": f"(ObjectID > {OBJECT_ID})", "fetch": ",".join(named) or "true", "pagesize": "5"}
    collection = example_collection(endpoint) if endpoint.collections else ""
    return curl_line(origin, endpoint.methods[0], request_path(endpoint, str(OBJECT_ID), collection), params, body)


def curl_line(origin: str, method: str, path: str, params: Mapping[str, str], body: str) -> str:
    """Give the curl line of any request."""
    query = f"?{urlencode(params, quote_via=quote)}" if params else ""
    parts = ["curl"]
    if method != "GET" and not (method == "POST" and body):
        parts.append(f"-X {method}")
    parts.append('-H "zsessionid: $KEY"')
    if body:
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(_on_one_line(body))}"]
    parts.append(shlex.quote(f"{origin}{path}{query}"))
    return " \\\n  ".join((" ".join(parts[:2]), *parts[2:])) if len(parts) > 2 else " ".join(parts)


def _on_one_line(body: str) -> str:
    """Write JSON without line breaks; what is no JSON stays as it is, for that is what is being tried out."""
    try:
        return json.dumps(json.loads(body))
    except ValueError:
        return body
