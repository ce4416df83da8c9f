"""Cross-origin requests of browsers, as the subscription's `CORSEnabled` and `CORSAllowedDomains` allow them (wsapi.md 3.2).

The settings are those of the moment, in every process: they come with the landscape, whose epoch each answer asks for. A request
without an `Origin`, which is every request of a program, costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.origins import origin_allowed, read_origin

if TYPE_CHECKING:
    from banneret.access.landscape import Landscape
    from banneret.operations.ports import Store
    from banneret.wsapi.requests import Request

    Headers = list[tuple[bytes, bytes]]

METHODS = b"GET, HEAD, POST, PUT, DELETE, OPTIONS"

_INTEGRATION = ("Name", "Vendor", "Version", "Library", "Platform", "OS", "Operation", "Guid")
_REQUEST_HEADERS = ", ".join(
    (
        *("Accept", "Authorization", "Content-Type", "ZSESSIONID", "X-Requested-By", "X-Requested-With", "X-Trace-Id"),
        *("X-HTTP-Method-Override", "Cache-Control", *(f"X-RallyIntegration{name}" for name in _INTEGRATION)),
    )
).encode()
_PREFLIGHT_SECONDS = b"600"


def is_cross_origin(request: Request) -> bool:
    """Whether a browser sent the request from a page of another origin than our own."""
    origin = request.header("origin")
    return bool(origin) and (read_origin(origin) is None or read_origin(origin) != read_origin(request.origin))


def allows(landscape: Landscape | None, request: Request) -> bool:
    """Whether the subscription's settings allow the origin that the request names."""
    return landscape is not None and origin_allowed(request.header("origin"), landscape.subscription.cors_domains)


async def headers_for(request: Request, store: Store) -> Headers:
    """Give what an answer to this request carries beside its own headers: nothing where its origin is not allowed."""
    if not is_cross_origin(request) or not allows(await store.read(lambda unit: unit.landscape()), request):
        return []
    given = [
        (b"access-control-allow-origin", request.header("origin").encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"X-Auth-Reason, Content-Disposition"),
    ]
    if request.method == "OPTIONS":
        given += [
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", _REQUEST_HEADERS),
            (b"access-control-max-age", _PREFLIGHT_SECONDS),
        ]
    return given
