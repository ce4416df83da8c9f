"""`/openapi.json`: the description of the service, with a workspace's own fields and types for who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from banneret.api.openapi import description
from banneret.kernel.errors import AddressNotAllowed, Unauthenticated, UnknownScope
from banneret.operations.context import Client
from banneret.operations.reader import find_reader

if TYPE_CHECKING:
    from starlette.requests import Request

    from banneret.catalogue.schema import Schema
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store


@dataclass(frozen=True, slots=True)
class OpenApi:
    """Answers for the description. Without a credential it describes the stock types."""

    store: Store
    gate: Gate
    stock: Schema

    async def answer(self, request: Request) -> Response:
        """Answer `GET /openapi.json[?workspace=<ObjectID>]`."""
        client = Client(request.headers.get("user-agent", "")[:200], request.client.host if request.client else "")
        try:
            reader = await find_reader(
                request.headers.get,
                client,
                request.query_params.get("workspace", ""),
                store=self.store,
                gate=self.gate,
                stock=self.stock,
            )
        except Unauthenticated:
            return JSONResponse({"error": "The credential does not hold."}, 401)
        except (AddressNotAllowed, UnknownScope):
            return JSONResponse({"error": "The workspace is none that you may see from here."}, 403)
        found = description(reader.schema)
        headers = {
            "etag": found.tag,
            "cache-control": "no-cache",
            "vary": "authorization, cookie, zsessionid, accept-encoding",
            "x-content-type-options": "nosniff",
        }
        if found.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(found.compressed, 200, headers | {"content-encoding": "gzip"}, "application/json")
        return Response(found.body, 200, headers, "application/json")
