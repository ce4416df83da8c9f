"""A browser without scripts, in process: keeps cookies, follows redirects, fills in forms as they stand on the page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

from banneret.front_door import FrontDoor
from banneret.manager.site import site
from banneret.web.assets import shared_assets
from banneret.web.form_tokens import FormTokens
from tests.harness import PASSWORD, SECRET

if TYPE_CHECKING:
    from tests.harness import World

HOST = "http://rally.test"
FRAME = {"/logout", "/settings/appearance", "/theme"}
"""Where the forms go that stand on every page."""


async def _no_wsapi(*_: Any) -> None:
    message = "pages do not ask WSAPI"
    raise AssertionError(message)


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what its fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self._select = ""
        self._area: list[str] | None = None
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("method", "get"), values.get("action", ""), {}))
        elif tag == "input" and self.forms and "name" in values:
            ticked = values.get("type") not in {"checkbox", "radio"} or "checked" in values
            if ticked:
                self.forms[-1][2][values["name"]] = values.get("value", "on")
        elif tag == "select" and self.forms and "name" in values:
            self._select = values["name"]
        elif tag == "option" and self._select:
            held = self.forms[-1][2]
            if "selected" in values or self._select not in held:
                held[self._select] = values.get("value", "")
        elif tag == "textarea" and self.forms:
            self._area = []
            self._name = values.get("name", "")
            self.forms[-1][2][self._name] = ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area is not None:
            self.forms[-1][2][self._name] = "".join(self._area).removeprefix("\n")
            self._area = None


@dataclass
class Page:
    """What came back, after redirects."""

    status: int
    path: str
    headers: dict[str, str]
    body: str

    @property
    def text(self) -> str:
        """The words of its main part, blanks as one."""
        inner = self.body.partition("<main")[2].partition(">")[2].partition("</main>")[0]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inner)).split())

    def beside(self, name: str) -> str:
        """What is said beside a field."""
        found = re.search(rf'<p class="(?:wrong|hint)" id="{name}-said">(.*?)</p>', self.body)
        return html.unescape(found[1]) if found else ""

    def value(self, name: str) -> str:
        """What a field holds."""
        return next((fields[name] for _, _, fields in self.forms if name in fields), "")

    @property
    def forms(self) -> list[tuple[str, str, dict[str, str]]]:
        parser = _Forms()
        parser.feed(self.body)
        return parser.forms


@dataclass
class Visitor:
    """One browser."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    app: Any = None

    def __post_init__(self) -> None:
        world = self.world
        found = site(world.store, world.gate, world.clock, SECRET, FormTokens(SECRET), shared_assets())
        self.app = FrontDoor(_no_wsapi, world.store, shared_assets(), found.routes, found)

    async def get(self, path: str) -> Page:
        return await self._send("GET", path, b"")

    async def post(self, path: str, fields: dict[str, str]) -> Page:
        """Send fields as they are, without a look at any form."""
        return await self._send("POST", path, urlencode(fields).encode())

    async def submit(self, page: Page, *, into: str = "", **fields: str | None) -> Page:
        """Send the form of a page that has these fields, filled in; None leaves a field out. `into` tells forms apart."""
        forms = [
            form for form in page.forms if form[0] == "post" and (into in form[2] if into else form[1] not in FRAME)
        ]
        # A page's own forms come before those of its frame, which it may share names with.
        for _, action, held in sorted(forms, key=lambda form: form[1] in FRAME):
            sent = {name: value for name, value in {**held, **fields}.items() if value is not None}
            return await self.post(urljoin(page.path, action) if action else page.path, sent)
        message = f"no form to send on {page.path}: {page.text}"
        raise AssertionError(message)

    async def log_in(self, user: str = "admin", password: str = PASSWORD) -> Page:
        page = await self.get("/login")
        return await self.submit(page, UserName=f"{user}@acme.test", Password=password)

    async def upload(self, path: str, fields: dict[str, str], file: tuple[str, str, bytes]) -> Page:
        """Send fields and, as `File`, one file: its name, its media type and what is in it."""
        name, kind, content = file
        parts = [
            f'--cut\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items()
        ]
        parts.append(
            f'--cut\r\nContent-Disposition: form-data; name="File"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        )
        body = "".join(parts).encode() + content + b"\r\n--cut--\r\n"
        return await self._send("POST", path, body, kind="multipart/form-data; boundary=cut")

    async def _send(
        self, method: str, path: str, body: bytes, hops: int = 5, kind: str = "application/x-www-form-urlencoded"
    ) -> Page:
        parts = urlsplit(path)
        headers = {"host": "rally.test", "user-agent": "Visitor/1", **self.headers}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers |= {"content-type": kind, "origin": headers.get("origin", HOST)}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "method": method,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("rally.test", 80),
            "scheme": "http",
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        received = [(name.decode(), value.decode()) for name, value in messages[0]["headers"]]
        for name, value in received:
            if name == "set-cookie":
                self._keep(value)
        status = messages[0]["status"]
        location = dict(received).get("location")
        if status in {302, 303} and location and hops:
            return await self._send("GET", urljoin(path, location), b"", hops - 1)
        return Page(status, path, dict(received), b"".join(one.get("body", b"") for one in messages[1:]).decode())

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        if value.strip('"') and "max-age=0" not in cookie.lower():
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)
