"""Runs a request for the reader of a page: as himself, through the same service that answers everybody.

A key that is typed in travels in the body of the form, is used once and never shown again. Without one the request is made
with what the reader's browser brought (Basic or a session), and then the form's token stands for WSAPI's security token:
both say that no other site made the browser do it.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode

from banneret.catalogue.endpoints import endpoints
from banneret.kernel.errors import CrossSiteRequest, ObjectNotFound
from banneret.wsapi.documentation.snippets import curl_line, request_path
from banneret.wsapi.requests import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.endpoints import Endpoint
    from banneret.catalogue.model import TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.wsapi.responses import Response
    from banneret.wsapi.service import Service

MOST_SHOWN = 200_000
"""Characters of an answer that a page shows."""

_PASSED_ON = (b"host", b"x-forwarded-host", b"x-forwarded-proto")
_AMBIENT = (b"authorization", b"cookie")
_CLIENT = b"Browsable documentation"


@dataclass(frozen=True, slots=True)
class Trial:
    """A request that a reader wants to see answered. `fields` are the form's, as sent; `key` is empty without one."""

    item: TypeDef
    endpoint: Endpoint
    identifier: str
    collection: str
    params: dict[str, str]
    body: str
    key: str

    @property
    def path(self) -> str:
        """The address, percent-encoded, without the query string."""
        return request_path(self.endpoint, self.identifier, self.collection)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `text` is the body, indented and cut to what a page can show; `sample` the same request for curl."""

    method: str
    target: str
    status: int
    reason: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    text: str
    cut: bool
    sample: str


def read_trial(schema: Schema, fields: Mapping[str, str]) -> Trial:
    """Read a form.

    Raises:
        ObjectNotFound: it names a type or an end point that there is not.

    """
    item = schema.find(fields.get("type", ""))
    endpoint = next((each for each in endpoints(item) if each.verb == fields.get("verb")), None) if item else None
    if item is None or endpoint is None:
        raise ObjectNotFound
    given = {name: fields.get(name.lower(), "").strip() for name in endpoint.parameters if name != "key"}
    return Trial(
        item,
        endpoint,
        fields.get("id", "").strip(),
        fields.get("collection", "").strip() if endpoint.collections else "",
        {name: value for name, value in given.items() if value},
        fields.get("body", "") if endpoint.body else "",
        fields.get("api_key", "").strip(),
    )


async def run(service: Service, request: Request, trial: Trial, log_in: str = "") -> Outcome:
    """Send the request in the reader's name; the caller has seen to it that he is the one who wants it.

    `log_in` is the session of who has logged in through the pages: WSAPI reads it from a cookie of another name.

    Raises:
        CrossSiteRequest: another site sent the form.

    """
    if request.is_cross_site:
        raise CrossSiteRequest
    method = trial.endpoint.methods[0]
    query = urlencode(trial.params)
    headers = [(name, request.headers[name]) for name in _PASSED_ON if name in request.headers]
    if trial.key:
        headers.append((b"zsessionid", trial.key.encode("utf-8", "replace")))
    elif log_in:
        headers.append((b"cookie", f"ZSESSIONID={log_in}".encode()))
    else:
        headers += [(name, request.headers[name]) for name in _AMBIENT if name in request.headers]
    headers.append((b"x-rallyintegrationname", _CLIENT))
    scope = {
        "method": method,
        "path": unquote(trial.path),
        "raw_path": trial.path.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "client": (request.address, 0) if request.address else None,
        "scheme": request.scheme,
    }
    answer = await service.answer(Request(scope, trial.body.encode("utf-8", "replace")), vouched=True)
    sample = curl_line(request.origin, method, trial.path, trial.params, trial.body)
    return _outcome(method, trial.path + (f"?{query}" if query else ""), answer, sample)


def _outcome(method: str, target: str, answer: Response, sample: str) -> Outcome:
    headers = dict(answer.headers)
    raw = gzip.decompress(answer.body) if headers.get(b"content-encoding") == b"gzip" else answer.body
    text = raw.decode("utf-8", "replace")
    errors: list[str] = []
    warnings: list[str] = []
    if answer.content_type.startswith(b"application/json"):
        document = json.loads(text)
        text = json.dumps(document, indent=2, ensure_ascii=False)
        (inner,) = document.values()
        errors, warnings = inner["Errors"], inner["Warnings"]
    reason = headers.get(b"x-auth-reason", b"").decode()
    return Outcome(
        method,
        target,
        answer.status,
        reason,
        tuple(errors),
        tuple(warnings),
        text[:MOST_SHOWN],
        len(text) > MOST_SHOWN,
        sample,
    )
