"""Answers what is asked below `/slm/doc/`: which page, for whom, and whether his browser has it already."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from banneret.catalogue.endpoints import PARAMETERS
from banneret.kernel.errors import (
    AddressNotAllowed,
    BanneretError,
    NotFound,
    ObjectNotFound,
    Unauthenticated,
)
from banneret.operations.context import Client
from banneret.operations.reader import Reader, find_reader
from banneret.query.operators import OPERATORS
from banneret.web.cookies import session_cookie
from banneret.web.frame import Frame, entries
from banneret.web.pages import HEADERS, Pages
from banneret.web.theme import theme_of
from banneret.wsapi import errors
from banneret.wsapi.documentation.trial import read_trial, run
from banneret.wsapi.documentation.views import endpoint_view, families, search, type_view
from banneret.wsapi.requests import LARGEST_BODY, parameters
from banneret.wsapi.responses import HTML, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.schema import Schema
    from banneret.kernel.clock import Clock
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store
    from banneret.web.assets import Assets
    from banneret.web.form_tokens import FormTokens
    from banneret.web.frame import Room
    from banneret.wsapi.requests import Request
    from banneret.wsapi.service import Service

ROOT = "/slm/doc/webservice/"
TOPICS = {
    "authentication": "Authentication",
    "query": "Query language",
    "fetch": "Fetch",
    "requests": "Other requests",
    "errors": "Errors",
    "limits": "Limits",
}
_MOST_KEPT = 512
"""Pages kept rendered, compressed to some 5 kB each; the stock ones are 150."""

_FRAGMENT = "text/html-fragment"


@dataclass(frozen=True, slots=True)
class _Page:
    """A rendered page and its entity tag."""

    compressed: bytes
    tag: bytes


@dataclass(slots=True)
class Documentation:
    """The documentation of one installation. Pages depend on reader and schema version, and are kept by both."""

    service: Service
    store: Store
    gate: Gate
    clock: Clock
    stock: Schema
    tokens: FormTokens
    assets: Assets
    rooms: Sequence[Room]
    _pages: Pages = field(init=False)
    _kept: dict[tuple[Any, ...], _Page] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._pages = Pages("banneret.wsapi.documentation", self.assets)

    async def answer(self, request: Request) -> Response:
        """Answer any request below `/slm/doc/`."""
        if not request.path.startswith(ROOT):
            return Response(b"", 302, HTML, [(b"location", ROOT.encode())])
        path = request.path[len(ROOT) :].strip("/")
        try:
            reader = await find_reader(
                request.raw_header,
                Client(request.client_name, request.address),
                request.params.get("workspace", ""),
                store=self.store,
                gate=self.gate,
                stock=self.stock,
                cookie=session_cookie(request.scheme),
            )
            if path == "sign-in":
                return self._sign_in(reader)
            if path == "try" and request.method == "POST":
                return await self._try(request, reader)
            if request.method not in {"GET", "HEAD"}:
                return Response(b"", 405, HTML, [(b"allow", b"GET, HEAD"), *HEADERS])
            return self._page(request, reader, path)
        except Unauthenticated:
            return self._refused(request, "signed_out.html", 401, [(b"www-authenticate", b'Basic realm="Rally ALM"')])
        except AddressNotAllowed as error:
            return Response(errors.address_page(error.address), 403, HTML, list(HEADERS))
        except NotFound:
            return self._refused(request, "nothing.html", 404, [])
        except BanneretError as error:
            return self._refused(request, "refused.html", 400, [], text=errors.text_of(error))

    # ------------------------------------------------------------------ pages

    def _page(self, request: Request, reader: Reader, path: str) -> Response:
        """Give a page, rendered once for a schema and reader, and not at all to who has it."""
        schema, words = reader.schema, request.params.get("q", "")[:100]
        token = self.tokens.issue(reader.user, self.clock.now())
        frame, theme = self._frame(request, reader, token), theme_of(request.header("cookie"))
        key = (path.lower(), words, schema.version, reader.workspace, reader.user, token, request.origin, frame, theme)
        page = self._kept.get(key)
        if page is None:
            body = self._render(request, reader, path, words, token)
            page = _Page(gzip.compress(body, 5), b'"%s"' % hashlib.sha256(body).hexdigest()[:24].encode())
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            if not words:
                self._kept[key] = page
        headers = [
            (b"etag", page.tag),
            (b"cache-control", b"private, no-cache"),
            (b"vary", b"authorization, cookie, zsessionid, accept-encoding"),
            *HEADERS,
        ]
        if page.tag.decode() in request.header("if-none-match"):
            return Response(b"", 304, HTML, headers)
        if "gzip" in request.header("accept-encoding"):
            return Response(page.compressed, 200, HTML, [(b"content-encoding", b"gzip"), *headers])
        return Response(gzip.decompress(page.compressed), 200, HTML, headers)

    def _render(self, request: Request, reader: Reader, path: str, words: str, token: str) -> bytes:
        schema = reader.schema
        common = self._common(request, reader, path, token)
        if path in {"", "index.jsp"}:
            found = search(schema, words) if words else []
            return self._pages.render("index.html", words=words, found=found, families=families(schema), **common)
        if path in TOPICS:
            facts = {"operators": OPERATORS.values(), "parameters": PARAMETERS, "largest_body": LARGEST_BODY}
            return self._pages.render(f"{path}.html", **facts, **common)
        kind, _, name = path.partition("/")
        item = schema.find(name) if kind == "type" and name else None
        if item is None:
            raise ObjectNotFound
        return self._pages.render("type.html", view=type_view(schema, item, request.origin), **common)

    def _common(self, request: Request, reader: Reader, path: str, token: str = "") -> dict[str, Any]:
        chosen = {"workspace": request.params["workspace"]} if request.params.get("workspace") else {}

        def link(to: str = "", **params: str) -> str:
            query = urlencode(params | chosen)
            return f"{ROOT}{to}" + (f"?{query}" if query else "")

        return {
            "frame": self._frame(request, reader, token),
            "theme": theme_of(request.header("cookie")),
            "link": link,
            "path": path,
            "origin": request.origin,
            "reader": reader,
            "token": token,
            "topics": TOPICS,
            "root": ROOT,
        }

    def _frame(self, request: Request, reader: Reader, token: str) -> Frame | None:
        """Give the frame of who has logged in through the pages; who signs in here alone has no other rooms to go to."""
        if not reader.log_in or reader.permissions is None:
            return None
        found = entries(self.rooms, reader.permissions, request.path)
        return Frame(reader.display_name, reader.name or "", token, found, request.path)

    # ------------------------------------------------------------------ signing in, trying out

    @staticmethod
    def _sign_in(reader: Reader) -> Response:
        """Ask the browser for user name and password. What it then sends holds for everything below `ROOT`."""
        if reader.user is None:
            raise Unauthenticated(presented=False)
        return Response(b"", 302, HTML, [(b"location", ROOT.encode()), (b"cache-control", b"no-store"), *HEADERS])

    async def _try(self, request: Request, reader: Reader) -> Response:
        fields = parameters(request.body)
        trial = read_trial(reader.schema, fields)
        outcome = None
        problem = ""
        if trial.key or reader.user is not None:
            if not trial.key and not self.tokens.holds(fields.get("token", ""), reader.user, self.clock.now()):
                problem = "The form is too old, or it is not from a page of yours. Send it again."
            else:
                outcome = await run(self.service, request, trial, reader.log_in)
        else:
            problem = "Type an API key, or sign in: nothing is read without knowing who you are."
        token = self.tokens.issue(reader.user, self.clock.now())
        fragment = _FRAGMENT in request.header("accept")
        body = self._pages.render(
            "outcome.html" if fragment else "try.html",
            trial=trial,
            view=endpoint_view(reader.schema, trial.item, trial.endpoint, request.origin),
            outcome=outcome,
            problem=problem,
            **self._common(request, reader, "try", token),
        )
        return Response(body, 200, HTML, [(b"cache-control", b"no-store"), *HEADERS])

    def _refused(
        self, request: Request, template: str, status: int, headers: list[tuple[bytes, bytes]], **values: str
    ) -> Response:
        body = self._pages.render(template, **values, **self._common(request, Reader(self.stock), ""))
        return Response(body, status, HTML, [*headers, (b"cache-control", b"no-store"), *HEADERS])
