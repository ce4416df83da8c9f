"""A request as WSAPI reads it: lenient about parameters, content types and JSON, strict about size (wsapi.md 1, 2.1, 3)."""

from __future__ import annotations

import json
import re
from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from banneret.kernel.errors import MalformedBody
from banneret.operations.context import ScopeRequest
from banneret.operations.fetch import EVERYTHING, Fetch, parse_fetch
from banneret.operations.inherit import Inheritance
from banneret.operations.query import DEFAULT_PAGE, LARGEST_PAGE, Asked
from banneret.operations.rank import Ranking

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from banneret.wsapi.limits import Receive

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of any body but that of an attachment's content (`uploads.LARGEST_UPLOAD`)."""

_DEEPEST_BODY = 200
"""Objects and lists within each other; each may be a new member of a new member."""

_MOST_PARAMETERS = 1000
"""Parameters that are read; no client sends a tenth of it."""

_decode = msgspec.json.decode
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_LEADING_DIGITS = re.compile(r"\s*(-?\d{1,12})")
_STRINGS_AND_WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|\b(True|False|None)\b', re.DOTALL)
_WORDS = {"True": "true", "False": "false", "None": "null"}


def parameters(raw: bytes) -> dict[str, str]:
    """Read a query string or form: names in any case, of a name that comes twice the first counts, bytes that are no UTF-8 replaced."""
    found: dict[str, str] = {}
    if raw.count(b"&") >= _MOST_PARAMETERS:
        raw = b"&".join(raw.split(b"&", _MOST_PARAMETERS)[:_MOST_PARAMETERS])
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
    for name, value in pairs:
        found.setdefault(name.strip().lower(), value)
    return found


class Request:
    """One request. `method` is the effective one, after overrides.

    `callback` is the function that a JSONP answer calls, once that is granted; `receive` tells when the client leaves.
    For the journal: `key` is the ObjectID of the key that it is made with, once known; `reason` why it came to nothing.
    """

    __slots__ = (
        *(
            "_client_name",
            "address",
            "body",
            "callback",
            "content",
            "headers",
            "host",
            "key",
            "method",
            "params",
            "path",
        ),
        *("query", "raw_path", "reason", "receive", "scheme"),
    )

    def __init__(self, scope: Mapping[str, Any], body: bytes) -> None:
        self.headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            self.headers.setdefault(name, value)
        self.raw_path = scope.get("raw_path") or scope["path"].encode()
        self.path: str = scope["path"]
        self.body = body
        self.content: Any = None
        self.callback: str | None = None
        self.receive: Receive | None = None
        self.key: int | None = None
        self.reason: str | None = None
        self._client_name: str | None = None
        self.query: bytes = scope["query_string"]
        self.params = parameters(self.query) if self.query else {}
        client = scope.get("client")
        self.address: str = client[0] if client else ""
        self.scheme = self.header("x-forwarded-proto") or scope.get("scheme", "http")
        self.host = self.header("x-forwarded-host") or self.header("host") or "localhost"
        self.method: str = scope["method"].upper()
        if self.method == "POST":
            self._override()

    def _override(self) -> None:
        """A form with `_method=GET` is a query (.NET), and a header may say the method too (Backbone)."""
        if self.header("content-type").startswith("application/x-www-form-urlencoded") and b"_method=" in self.body:
            form = parameters(self.body)
            method = form.pop("_method", "").strip().upper()
            if method:
                self.method = method
                self.params = {**form, **self.params}
                return
        said = self.header("x-http-method-override").strip().upper()
        if said:
            self.method = said

    def part(self, method: str, path: str, params: dict[str, str], content: Any) -> Request:
        """Give an entry of a batch as a request of the same client; `content` is its body, parsed already."""
        made = copy(self)
        made.method, made.path, made.params, made.content = method, path, params, content
        made.headers, made.body, made.callback = {}, b"", None
        return made

    def header(self, name: str) -> str:
        """Give a header's value, or an empty text."""
        value = self.headers.get(name.encode())
        return value.decode("latin-1") if value is not None else ""

    def raw_header(self, name: str) -> bytes | None:
        """Give a header's bytes, or None: what `access.credentials` reads."""
        return self.headers.get(name.encode())

    @property
    def takes_gzip(self) -> bool:
        """Whether the answer may come compressed: `gzip` or `*` among what the client accepts, and not at quality 0."""
        accepted = self.headers.get(b"accept-encoding")
        if accepted is None:
            return False
        for part in accepted.lower().split(b","):
            coding, _, quality = part.partition(b";")
            if coding.strip() in {b"gzip", b"x-gzip", b"*"}:
                return quality.replace(b" ", b"") not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
        return False

    @property
    def origin(self) -> str:
        """The address under which the client reached us."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_cross_site(self) -> bool:
        """Whether a browser says that a page of another site makes this request; clients that are no browsers say nothing."""
        site, origin = self.header("sec-fetch-site"), self.header("origin")
        if site not in {"", "same-origin", "none"} or origin == "null":
            return True
        return bool(origin) and urlsplit(origin).netloc != self.host

    @property
    def client_name(self) -> str:
        """What the client says it is: the integration headers, or the user agent."""
        if self._client_name is None:
            parts = [self.header(f"x-rallyintegration{name}") for name in ("name", "version", "library")]
            said = " ".join(part for part in parts if part)
            self._client_name = (said or self.header("user-agent"))[:200]
        return self._client_name

    # ------------------------------------------------------------------ parameters

    def scope(self) -> ScopeRequest:
        """Give the scope parameters; an empty one is absent."""
        params = self.params
        return ScopeRequest(
            workspace=params.get("workspace") or None,
            project=params.get("project") or None,
            up=_flag(params.get("projectscopeup"), default=False),
            down=_flag(params.get("projectscopedown"), default=True),
        )

    @property
    def includes_permissions(self) -> bool:
        """Whether the answer is to say what the caller may do with each object."""
        return _flag(self.params.get("includepermissions"), default=False)

    def fetch(self, absent: Fetch = EVERYTHING) -> Fetch:
        """Give what to show."""
        return parse_fetch(self.params.get("fetch"), self.params.get("shallowfetch"), absent)

    def ranking(self) -> Ranking:
        """Give where the item is asked to go (wsapi.md 6.6); an empty parameter is absent."""
        params = self.params
        return Ranking(params.get("rankabove") or None, params.get("rankbelow") or None, params.get("rankto") or None)

    def asked(self, absent: Fetch) -> Asked:
        """Give the parameters of a query."""
        params = self.params
        return Asked(
            query=params.get("query", ""),
            search=params.get("search", ""),
            order=params.get("order", ""),
            start=max(1, _number(params.get("start"), 1)),
            pagesize=min(LARGEST_PAGE, max(1, _number(params.get("pagesize"), DEFAULT_PAGE))),
            fetch=self.fetch(absent),
            types=tuple(part.strip() for part in params.get("types", "").split(",") if part.strip()),
        )

    # ------------------------------------------------------------------ bodies

    def document(self) -> tuple[str, Any]:
        """Give root key and content of the body. The key's name says nothing (wsapi.md 6.1); no body is an empty object.

        Raises:
            MalformedBody: no JSON object with one.

        """
        found = parse_json(self.body) if self.content is None else self.content
        if not isinstance(found, dict):
            reason = "a JSON object was expected"
            raise MalformedBody(reason)
        if not found:
            return "", {}
        root, content = next(iter(found.items()))
        return root, content

    def attributes(self) -> tuple[str, dict[str, Any]]:
        """Give root key and attributes of a create's or update's body.

        Raises:
            MalformedBody: the content is no object.

        """
        root, content = self.document()
        if content is None:
            return root, {}
        if not isinstance(content, dict):
            reason = f'"{root}" holds no object'
            raise MalformedBody(reason)
        return root, content

    @property
    def pretty(self) -> bool:
        """Whether the answer is to be indented."""
        return self.params.get("pretty", "").lower() == "true"

    def inheritance(self) -> Inheritance:
        """Give what a new project is to take over from its parent (KB 267108)."""
        names = ("copyMilestones", "copyTimeboxes", "copyUserPermissions", "copySharedPages")
        return Inheritance(*(_flag(self.params.get(name.lower()), default=False) for name in names))

    def attributes_or_whole(self, names: Collection[str]) -> tuple[str, dict[str, Any]]:
        """Give root key and attributes of a body that may also come without a root key, its own keys some of `names`.

        Raises:
            MalformedBody: the content is no object.

        """
        found = parse_json(self.body) if self.content is None else self.content
        known = {name.lower() for name in names}
        if isinstance(found, dict) and not known.isdisjoint(str(name).lower() for name in found):
            return "", found
        return self.attributes()


def _flag(text: str | None, *, default: bool) -> bool:
    return default if text is None or not text.strip() else text.strip().lower().startswith("true")


def _number(text: str | None, default: int) -> int:
    """Read the digits at the beginning: a stray tail (`pagesize=2000/create?`) is in use (wsapi.md 1, rule 9)."""
    match = _LEADING_DIGITS.match(text or "")
    return int(match[1]) if match else default


def parse_json(body: bytes) -> Any:
    """Parse JSON, and what the .NET serialiser takes for it: raw control characters in strings, bare True and False.

    Raises:
        MalformedBody: with what is wrong and where.

    """
    if not body.strip():
        return {}
    try:
        found = _decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        found = _leniently(body)
    if body.count(b"{") + body.count(b"[") > _DEEPEST_BODY and _is_too_deep(found):
        reason = "nested too deeply"
        raise MalformedBody(reason)
    return found


def _is_too_deep(found: Any) -> bool:
    level = [found]
    for _ in range(_DEEPEST_BODY):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _leniently(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start}"
        raise MalformedBody(reason) from None
    text = _STRINGS_AND_WORDS.sub(lambda match: _WORDS.get(match[1], match[0]) if match[1] else match[0], text)
    try:
        found = json.loads(text, strict=False, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise MalformedBody(reason) from None
    except RecursionError:
        reason = "nested too deeply"
        raise MalformedBody(reason) from None
    except ValueError as error:
        raise MalformedBody(str(error)) from None
    if _HALF_CHARACTER.search(text) and _holds_half_characters(found):
        reason = "half of a surrogate pair is no character"
        raise MalformedBody(reason)
    return found


def _holds_half_characters(found: Any) -> bool:
    """Whether there is text that neither a database nor an answer can hold."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _no_constant(name: str) -> Any:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def decoded(path: str) -> str:
    """Undo percent-encoding that is left after the server's own (clients encode refs twice at times)."""
    return unquote(path) if "%" in path else path
