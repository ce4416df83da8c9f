"""What toolkits that cannot be installed here put on the wire, as their sources and recorded request lines say (wsapi.md 11).

Each class sends what its toolkit sends and takes the answer apart as it does; what would make the toolkit fail raises.
"""

from __future__ import annotations

import json
import re
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, quote_plus

import httpx2

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.live import Live

BASE = "/slm/webservice/v2.0"


class RefusedError(Exception):
    """The answer had errors; the toolkit hands them to its user."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(errors)
        self.errors = errors


class AfterChallenge(httpx2.Auth):
    """Basic that is sent only after a 401 with a challenge for it; `challenges` counts them."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx2.BasicAuth(user, password)
        self.challenges = 0

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        answer = yield request
        if answer.status_code == 401 and answer.headers.get("www-authenticate", "").startswith("Basic realm="):
            self.challenges += 1
            yield next(self._basic.auth_flow(request))


def open_client(live: Live, *, highest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED, **options: Any) -> Any:
    """Give a client that trusts the server's own authority, keeps cookies, and follows no redirect."""
    trust = ssl.create_default_context(cafile=live.ca)
    trust.maximum_version = highest
    return httpx2.Client(base_url=live.url, verify=trust, trust_env=False, timeout=60, **options)


class Toolkit:
    """Closes its connections at the end of a `with` block."""

    http: httpx2.Client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()


class Java(Toolkit):
    """Java toolkit 2.2.1: `.js` everywhere, bodies as text/plain, Basic after the challenge, a token on all but GET."""

    def __init__(self, live: Live, *, key: str = "", user: str = "") -> None:
        self.auth = AfterChallenge(user, live.password(user)) if user else None
        self._eager = httpx2.BasicAuth(user, live.password(user)) if user else None
        headers = {"zsessionid": key} if key else {}
        headers |= {
            "X-RallyIntegrationName": "replay",
            "X-RallyIntegrationLibrary": "Rally REST API Java Toolkit v2.2.1",
        }
        self.http = open_client(live, headers=headers, auth=self.auth)
        self._token: str | None = None

    def token(self) -> str | None:
        """Fetch the security token, once; with a key there is none."""
        if self._eager is not None and self._token is None:
            found = self._last(self.http.get(f"{BASE}/security/authorize.js", auth=self._eager))
            self._token = str(found["SecurityToken"])
        return self._token

    def query(self, path: str, **params: Any) -> dict[str, Any]:
        """Ask as QueryRequest does: `/defect.js`, collections without `.js`."""
        given = {"start": 1, "pagesize": 200, "fetch": "true", "order": "ObjectID", **params}
        answer = self.http.get(f"{BASE}/{path}", params=given)
        assert answer.status_code == 200, answer.text
        found = answer.json()["QueryResult"]
        for name in ("TotalResultCount", "PageSize", "StartIndex", "Errors", "Warnings", "Results"):
            assert name in found
        return self._checked(found)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Read one object: the last member of the root."""
        return self._last(self.http.get(f"{BASE}/{path}", params=params))

    def write(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Create, update or delete."""
        params = {"key": self.token()} if self.token() else {}
        raw = json.dumps(body) if body is not None else None
        headers = {"content-type": "text/plain; charset=UTF-8"} if raw is not None else {}
        return self._last(self.http.request(method, f"{BASE}/{path}", params=params, content=raw, headers=headers))

    def _last(self, answer: httpx2.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        (*_, last) = answer.json().values()
        return self._checked(last)

    @staticmethod
    def _checked(found: dict[str, Any]) -> dict[str, Any]:
        assert isinstance(found["Warnings"], list)
        if found["Errors"]:
            raise RefusedError(found["Errors"])
        return found


class Net(Toolkit):
    """.NET toolkit 3.x: queries as forms, later pages six at a time, `Expect: 100-continue`, TLS 1.2 at most, three tries."""

    TRIES = 3

    def __init__(self, live: Live, *, key: str = "", user: str = "", session: str = "") -> None:
        self._live = live
        self.auth = AfterChallenge(user, live.password(user)) if user else None
        headers = {"zsessionid": key} if key else {}
        options: dict[str, Any] = {"headers": headers, "auth": self.auth}
        if key:
            options["auth"] = (key, key)
        if session:
            options |= {"auth": ("", session), "cookies": {"ZSESSIONID": session}}
        self.http = open_client(live, highest=ssl.TLSVersion.TLSv1_2, **options)
        self.needs_token = not key
        self.sent = 0
        self._token: str | None = None

    def connect(self) -> dict[str, Any]:
        """Test the log-in as the toolkit does."""
        found: dict[str, Any] = self.http.get(f"{BASE}/user.js?fetch=UserName").raise_for_status().json()["User"]
        return found

    def key(self, *, fresh: bool = False) -> dict[str, str]:
        """Give the token as parameter; nothing with a key."""
        if not self.needs_token:
            return {}
        if self._token is None or fresh:
            answer = self.http.get(f"{BASE}/security/authorize.js").json()
            self._token = str(answer["OperationResult"]["SecurityToken"])
        return {"key": self._token}

    def query(self, kind: str, *, pagesize: int, **params: Any) -> list[dict[str, Any]]:
        """First page as form, all later ones by GET, six at once."""
        order = f"{params.pop('order', '')},ObjectID"
        form = {"_method": "GET", "pagesize": pagesize, "order": order, "start": 1, **params}
        first = self.result(self.http.post(f"{BASE}/{kind}.js", params=self.key(), data=form))
        given = {name: value for name, value in form.items() if name != "_method"}

        def page(start: int) -> list[dict[str, Any]]:
            later = self.http.get(f"{BASE}/{kind}.js", params={**given, "start": start})
            found: list[dict[str, Any]] = self.result(later)["Results"]
            return found

        with ThreadPoolExecutor(6) as pool:
            rest = pool.map(page, range(1 + pagesize, first["TotalResultCount"] + 1, pagesize))
            return [*first["Results"], *(item for items in rest for item in items)]

    def write(self, method: str, path: str, body: bytes = b"", **params: Any) -> dict[str, Any]:
        """Write, and on any error again with a fresh token, three times in all (a delete twice)."""
        tries = 2 if method == "DELETE" else self.TRIES
        for turn in range(tries):
            self.sent += 1
            given = {**params, **self.key(fresh=turn > 0)}
            answer = self.http.request(method, f"{BASE}/{path}", params=given, content=body)
            try:
                return self.result(answer)
            except RefusedError:
                if turn + 1 == tries:
                    raise
        raise AssertionError

    @staticmethod
    def result(answer: httpx2.Response) -> dict[str, Any]:
        """Give what stands below the first root key."""
        found: dict[str, Any] = next(iter(answer.json().values()))
        if found["Errors"]:
            raise RefusedError(found["Errors"])
        return found


REF = re.compile(
    r"^https?://[^/]+/slm/webservice/v\d+\.\w+/"
    r"(?:(?P<pair>\w{2,}/\w+)/(?P<positive>\d+)|(?P<type>\w+)/(?:(?P<id>-?\d+)|(?P<permission>\d+u\d+[pw]\d+)))"
    r"(?:/(?P<collection>\w+))?(?:\.js)?$"
)
"""How Java, .NET and Node take refs apart (wsapi.md 1.1): negative ids for one-word types only, a version with a dot."""


def refs(found: Any) -> Iterator[str]:
    """Give every absolute ref in an answer; names in `_tagsNameArray` are relative by nature."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name == "_ref":
                yield value
            elif name != "_tagsNameArray":
                yield from refs(value)
    elif isinstance(found, list):
        for value in found:
            yield from refs(value)


class Ruby(Toolkit):
    """Gem rally_api 1.2.1: Basic at once, two `workspace` parameters and the token on every call, blanks as `+`."""

    def __init__(self, live: Live, *, key: str = "", user: str = "") -> None:
        headers = {"ZSESSIONID": key} if key else {}
        auth = httpx2.BasicAuth(user, live.password(user)) if user else None
        self.http = open_client(live, headers=headers, auth=auth)
        self._basic = bool(user)
        self.tail = ""
        self.user: dict[str, Any] = {}
        self.workspace: dict[str, Any] = {}
        self.project: dict[str, Any] = {}

    def connect(self, workspace: str, project: str) -> None:
        """Find the user, the workspace by the subscription, and the project by a query."""
        if self._basic:
            found = self._read("GET", f"{BASE}/security/authorize")
            self.tail = f"key={found['SecurityToken']}"
        self.user = self._read("GET", f"{BASE}/user?{self.tail}")
        subscription = self._read(
            "GET", f"{self.user['Subscription']['_ref']}?fetch=Workspaces%2CName%2CState&{self.tail}"
        )
        members = self._read("GET", f"{subscription['Workspaces']['_ref']}?pagesize=200&start=1&{self.tail}")["Results"]
        (self.workspace,) = [one for one in members if one["Name"] == workspace and one["State"] == "Open"]
        ref = self.workspace["_ref"]
        query = f'((Name+%3D+"{project.replace(" ", "+")}")+AND+(State+%3D+"Open"))'
        scope = f"workspace={quote(ref, safe='')}&projectScopeUp=false&projectScopeDown=false"
        path = f"{BASE}/project?pagesize=200&start=1&query={query}&fetch=true&{scope}&{self.tail}"
        (self.project,) = self._read("GET", path)["Results"]
        self.tail = f"workspace=workspace/{ref.rpartition('/')[2]}&workspace={quote(ref, safe='')}&{self.tail}"

    def find(
        self, kind: str, query: str, *, fetch: str = "", pagesize: int = 200, order: str = ""
    ) -> list[dict[str, Any]]:
        """Page with four threads."""
        given = f"query={quote_plus(query)}&fetch={fetch}&order={quote_plus(order)}&pagesize={pagesize}&{self.tail}"

        def page(start: int) -> dict[str, Any]:
            return self._read("GET", f"{BASE}/{kind}?start={start}&{given}")

        first = page(1)
        with ThreadPoolExecutor(4) as pool:
            rest = list(pool.map(page, range(1 + pagesize, first["TotalResultCount"] + 1, pagesize)))
        return [item for found in (first, *rest) for item in found["Results"]]

    def element_names(self, kind: str) -> dict[str, str]:
        """Ask for a type by its path as given, and for its attributes without `fetch`: Name to ElementName."""
        (found,) = self.find("typedefinition", f'(TypePath = "{kind}")', fetch="true")
        members = self._read("GET", f"{found['Attributes']['_ref']}?pagesize=2000&start=1&{self.tail}")["Results"]
        return {each["Name"]: each["ElementName"] for each in members}

    def allowed_values(self, kind: str, attribute: str) -> list[str]:
        """Follow TypeDefinition, its Attributes, and their AllowedValues."""
        (found,) = self.find("typedefinition", f'(TypePath = "{kind}")', fetch="true")
        members = self._read("GET", f"{found['Attributes']['_ref']}?pagesize=2000&start=1&{self.tail}")["Results"]
        (each,) = [each for each in members if each["ElementName"] == attribute]
        path = f"{BASE}/AttributeDefinition/{each['ObjectID']}/AllowedValues?pagesize=200&start=1&{self.tail}"
        return [value["StringValue"] for value in self._read("GET", path)["Results"]]

    def create(self, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Create with full refs for workspace and project, then read what was made."""
        body = {"Workspace": self.workspace["_ref"], "Project": self.project["_ref"], **fields}
        made = self._read("POST", f"{BASE}/{kind}/create?{self.tail}", {kind: body})
        return self.read(made["Object"]["_ref"])

    def update(self, kind: str, oid: int, fields: dict[str, Any]) -> dict[str, Any]:
        """Update, then read."""
        self._read("POST", f"{BASE}/{kind}/{oid}?{self.tail}", {kind: fields})
        return self.read(f"{BASE}/{kind}/{oid}")

    def rank(self, kind: str, item: dict[str, Any], where: str) -> dict[str, Any]:
        """Rank: PUT with nothing but the ref."""
        path = f"{BASE}/{kind}/{item['ObjectID']}?{self.tail}&{where}&fetch=true"
        return self._read("PUT", path, {kind: {"_ref": item["_ref"]}})

    def delete(self, kind: str, oid: int) -> dict[str, Any]:
        """Delete; the caller gets the OperationResult."""
        return self._read("DELETE", f"{BASE}/{kind}/{oid}?{self.tail}")

    def read(self, ref: str) -> dict[str, Any]:
        """Read one object: errors are looked for in the three result envelopes only."""
        return self._read("GET", f"{ref}?{self.tail}")

    def _read(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.http.request(method, path, json=body) if body is not None else self.http.request(method, path)
        assert answer.status_code == 200, answer.text
        ((root, found),) = answer.json().items()
        if root in {"OperationResult", "QueryResult", "CreateResult"} and found["Errors"]:
            raise RefusedError(found["Errors"])
        inner: dict[str, Any] = found
        return inner
