"""Answers the management API: finds the address in the table, lets the request in, runs its handler in one unit of work."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from starlette.responses import Response

from banneret.access.credentials import Carrier, SessionCredential, find_credential, http_session, parse_cookies
from banneret.access.decide import check_method
from banneret.access.origins import origin_allowed
from banneret.api.endpoints import ROOT, Access, Call
from banneret.api.pace import Pace
from banneret.api.refusals import plainly, reason_of, refused
from banneret.api.table import ENDPOINTS, NOT_BUILT
from banneret.kernel.errors import (
    AddressNotAllowed,
    BanneretError,
    CrossSiteRequest,
    LoginRequired,
    RequestTooLarge,
    Unauthenticated,
)
from banneret.operations.context import Client, ScopeRequest, place, server_context
from banneret.web.cookies import session_cookie

if TYPE_CHECKING:
    from starlette.requests import Request

    from banneret.access.credentials import Credential
    from banneret.access.identity import Edition, Identity
    from banneret.api.endpoints import Endpoint, Query
    from banneret.kernel.clock import Clock
    from banneret.kernel.ids import Identifiers
    from banneret.operations.context import Context
    from banneret.operations.identify import Gate
    from banneret.operations.journal import Journal
    from banneret.operations.ports import Store, Transaction
    from banneret.operations.usage import Usage

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""What is led here; what an address does not answer is refused here, too."""

LARGEST_BODY = 64 * 1024
"""Bytes."""

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "vary": "authorization, cookie, zsessionid",
}
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_PLACE = re.compile(r"^(?P<text>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_LEAKS = 30
_MINUTE = 60


class _RefusedError(Exception):
    """A request that is wrong as such: see `resources.Refusal`."""

    def __init__(
        self, status: int, error: str, reason: str, message: str, field: str | None = None, **headers: str
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.response = plainly(status, error, reason, message, field, **headers)


@dataclass(slots=True)
class _Trace:
    """What the journal is to know of a request: the key that it was made with, and why it came to nothing."""

    key: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Management:
    """The management API of one installation."""

    store: Store
    gate: Gate
    clock: Clock
    identifiers: Identifiers
    secret: bytes
    edition: Edition
    usage: Usage
    journal: Journal
    _pace: Pace = field(default_factory=lambda: Pace(_LEAKS, _MINUTE))

    async def answer(self, request: Request) -> Response:
        """Answer any request below `/api/v1`."""
        began, trace = time.perf_counter(), _Trace()
        try:
            response = await self._answer(request, trace)
        except _RefusedError as refusal:
            response, trace.reason = refusal.response, refusal.reason
        response.headers.update(_HEADERS)
        if trace.key is not None:
            self.journal.note(
                trace.key,
                method=request.method,
                path=request.url.path,
                query=request.url.query.encode(),
                status=response.status_code,
                reason=trace.reason,
                address=_client(request).address,
                client=_client(request).name,
                seconds=time.perf_counter() - began,
                writes=request.method not in {"GET", "HEAD", "OPTIONS"},
            )
        return response

    async def _answer(self, request: Request, trace: _Trace) -> Response:
        endpoint, path = self._find(request)
        if endpoint is None:
            return Response(None, 204, {"allow": path["allow"]})
        try:
            raw = await _body(request) if endpoint.body is not None else b""
            if endpoint.access is Access.ANYBODY:
                return await self._to_anybody(request, endpoint, raw)
            return await self._to_holder(request, endpoint, path, raw, trace)
        except BanneretError as error:
            if isinstance(error, (Unauthenticated, AddressNotAllowed)):
                trace.key = error.key or trace.key
            trace.reason = reason_of(error) or error.code
            return refused(error, introspecting=endpoint.path == "/key")

    def _find(self, request: Request) -> tuple[Endpoint | None, dict[str, str]]:
        """Give what answers a request, and the parts of its path; None for a question after the methods, which `allow` names."""
        rest = request.url.path.removeprefix(ROOT).rstrip("/")
        method = "GET" if request.method == "HEAD" else request.method
        matching = [(each, found) for each in ENDPOINTS if (found := each.pattern.fullmatch(rest)) is not None]
        if not matching:
            if rest.split("/")[1:2] and rest.split("/")[1] in NOT_BUILT:
                raise _RefusedError(404, "not_found", "not_built", "There is nothing behind this address yet.")
            raise _RefusedError(404, "not_found", "unknown_address", "Nothing has this address.")
        for each, found in matching:
            if each.method == method:
                return each, found.groupdict()
        methods = {each.method for each, _ in matching} | {"OPTIONS"}
        allow = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        if method == "OPTIONS":
            return None, {"allow": allow}
        text = f"This address does not answer {method} requests."
        raise _RefusedError(405, "method_not_allowed", "method_not_allowed", text, allow=allow)

    # ------------------------------------------------------------------ who asks

    async def _to_anybody(self, request: Request, endpoint: Endpoint, raw: bytes) -> Response:
        if endpoint.writes and not self._pace.admits(_client(request).address, self.clock.now()):
            text = f"More than {_LEAKS} requests of this kind came from your address within a minute."
            raise _RefusedError(429, "too_many", "too_many_requests", text, **{"retry-after": str(_MINUTE)})
        body = _content(request, endpoint, raw)

        async def work(unit: Transaction) -> Response:
            landscape = await unit.landscape()
            if landscape is None:
                raise Unauthenticated(presented=False)
            context = server_context(unit, landscape, self.clock.now(), self.identifiers)
            return await self._carry_out(request, endpoint, context, {}, body)

        return await (self.store.write(work) if endpoint.writes else self.store.read(work))

    async def _to_holder(
        self, request: Request, endpoint: Endpoint, path: Mapping[str, str], raw: bytes, trace: _Trace
    ) -> Response:
        credential, client = _presented(request), _client(request)
        proof = await self.gate.prove(credential, client.address)
        if endpoint.path.endswith(("/journal", "/usage", "/clients")):
            # What this process knows already is in the answer.
            await self.journal.flush(self.store)

        async def work(unit: Transaction) -> Response:
            session = http_session(request.headers.get)
            context = await self.gate.admit(unit, credential, client, proof=proof, http_session=session)
            identity = context.identity
            if identity is None:
                raise Unauthenticated
            self._note_use(context, identity, trace)
            check_method(identity, request.method, path_is_write=endpoint.writes)
            if endpoint.access is Access.LOGGED_IN and not identity.is_interactive:
                raise LoginRequired
            if endpoint.writes:
                _require_same_site(request, credential, context)
            body = _content(request, endpoint, raw)
            numbers = {name: int(text) for name, text in path.items()}
            return await self._carry_out(request, endpoint, place(context, ScopeRequest()), numbers, body)

        return await (self.store.write(work) if endpoint.writes else self.store.read(work))

    def _note_use(self, context: Context, identity: Identity, trace: _Trace) -> None:
        if identity.key is not None:
            trace.key = identity.key.oid
            client = context.client
            self.usage.used(identity.key.oid, identity.user.oid, context.moment, client.address, client.name)

    async def _carry_out(
        self, request: Request, endpoint: Endpoint, context: Context, path: dict[str, int], body: Any
    ) -> Response:
        query = {each.name: _parameter(each, request.query_params) for each in endpoint.query}
        call = Call(context, request, self.secret, self.edition, path, query, body)
        made = await endpoint.handler(call)
        if made is None:
            return Response(None, endpoint.status)
        headers = {"location": endpoint.location(made)} if endpoint.location is not None else {}
        return Response(msgspec.json.encode(made), endpoint.status, headers, "application/json")


def _presented(request: Request) -> Credential | None:
    """Find what came along: the log-in through the pages counts before other cookies, and after what headers bring."""
    credential = find_credential(request.headers.get)
    token = parse_cookies(request.headers.get("cookie")).get(session_cookie(request.url.scheme), "")
    if token and (credential is None or getattr(credential, "carrier", None) is Carrier.COOKIE):
        return SessionCredential(token, Carrier.COOKIE)
    return credential


def _client(request: Request) -> Client:
    said = [request.headers.get(f"x-rallyintegration{name}", "") for name in ("name", "version", "library")]
    name = " ".join(part for part in said if part) or request.headers.get("user-agent", "")
    return Client(name[:200], request.client.host if request.client else "")


def _require_same_site(request: Request, credential: Credential | None, context: Context) -> None:
    """What browsers send by themselves must come from our pages, or from where the subscription allows (design 7; access.md 1.3)."""
    carrier = getattr(credential, "carrier", Carrier.BASIC)
    if not carrier.is_ambient:
        return
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    host = request.headers.get("host", "")
    foreign = site not in {"", "same-origin", "none"} or (origin != "" and urlsplit(origin).netloc != host)
    if not site and not origin:
        referrer = request.headers.get("referer", "")
        foreign = referrer != "" and urlsplit(referrer).netloc != host
    if foreign and not origin_allowed(origin, context.landscape.subscription.cors_domains):
        raise CrossSiteRequest


# ---------------------------------------------------------------------- what is asked


async def _body(request: Request) -> bytes:
    """Read a body.

    Raises:
        RequestTooLarge: there is more than any of ours needs.

    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise RequestTooLarge(LARGEST_BODY)
        chunks.append(chunk)
    return b"".join(chunks)


def _content(request: Request, endpoint: Endpoint, raw: bytes) -> Any:
    """Read the struct that an endpoint takes, strictly: an unknown field may be a misspelt limit."""
    if endpoint.body is None:
        return None
    if not _JSON.fullmatch(request.headers.get("content-type", "").strip()):
        raise _RefusedError(415, "unsupported", "not_json", "Send JSON, as Content-Type: application/json.")
    try:
        return msgspec.json.decode(raw, type=endpoint.body)
    except msgspec.ValidationError as error:
        found = _PLACE.match(str(error))
        text, field = (found["text"], found["path"]) if found is not None else (str(error), None)
        raise _RefusedError(422, "invalid", "invalid_value", f"{text}.", field or None) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        text = "The body is no JSON."
        raise _RefusedError(422, "invalid", "malformed_body", text) from None


def _parameter(query: Query, given: Mapping[str, str]) -> Any:
    text = given.get(query.name)
    if text is None or text == "":
        return query.default
    if query.kind == "integer":
        low, high = query.minimum or 0, query.maximum or 0
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise _wrong(query, f"Give a whole number from {low} to {high}.")
        return int(text)
    if query.choices and text not in query.choices:
        raise _wrong(query, f"Choose one of {', '.join(query.choices)}.")
    if query.maximum is not None and len(text) > query.maximum:
        raise _wrong(query, f"It has more than {query.maximum} characters.")
    return text


def _wrong(query: Query, text: str) -> _RefusedError:
    return _RefusedError(422, "invalid", "invalid_value", text, query.name)
