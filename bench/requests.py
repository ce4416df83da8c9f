"""The five requests that are measured, as bytes."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec

from bench.data import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.data import Facts

BASE = "/slm/webservice/v2.0"
HOST = "rally.test"
ATTRIBUTES = (
    "FormattedID,Name,State,Priority,Severity,ScheduleState,Owner,SubmittedBy,Project,Iteration,Release,PlanEstimate,"
    "Blocked,CreationDate,LastUpdateDate"
)
_HEAD = f"Host: {HOST}\r\nzsessionid: {KEY}\r\nX-RallyIntegrationName: bench\r\nUser-Agent: bench/1\r\n"
_MANY = 4000
_STARTS = (1, 101, 201)


def http(method: str, target: str, body: bytes = b"") -> bytes:
    """Give a request as it goes over the wire."""
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\n{_HEAD}{length}\r\n".encode() + body


PAGES = {"page": ("shallowFetch", ATTRIBUTES), "expanded": ("fetch", ATTRIBUTES), "everything": ("fetch", "true")}
"""How the pages differ: refs as refs; refs expanded, as a plain list asks whose names their targets have; all attributes."""


def page_targets(facts: Facts, kind: str) -> list[str]:
    """Give addresses of pages: what an integration asks that polls for changes."""
    parameter, names = PAGES[kind]
    params: dict[str, Any] = {
        "workspace": f"/workspace/{facts.workspace}",
        "query": f'((LastUpdateDate >= "{facts.since}") AND (State != "Closed"))',
        "order": "LastUpdateDate",
        parameter: names,
        "pagesize": 200,
    }
    return [f"{BASE}/defect?{urlencode({**params, 'start': start}, quote_via=quote)}" for start in _STARTS]


def read_target(oid: int) -> str:
    """Give the address of one defect."""
    return f"{BASE}/defect/{oid}"


def create_body(facts: Facts, serial: str, project: int) -> dict[str, Any]:
    """Give what a monitoring tool sends when something broke."""
    return {
        "Defect": {
            "Name": f"Check {serial} failed",
            "Description": f"<p>The nightly run found {serial} broken again; see the log of that run.</p>",
            "Project": f"/project/{facts.projects[project % len(facts.projects)]}",
            "Owner": f"/user/{facts.users[1]}",
            "State": "Submitted",
            "Priority": "Normal",
            "Severity": "Minor Problem",
            "FoundInBuild": serial,
        }
    }


def update_body(serial: str) -> dict[str, Any]:
    """Give what a build server sends when it has built a fix."""
    return {"Defect": {"Notes": f"<p>Fixed in {serial}, see there.</p>", "TargetBuild": serial}}


class Requests:
    """Makes requests of one kind; texts of writes never come twice."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._chance = random.Random(3)
        self._serial = int(time.time() * 1000) % 10**9 * 1000
        self._made: dict[str, list[bytes]] = {}
        self._kinds: dict[str, Callable[[], bytes]] = {
            "read": self._read,
            "create": self._create,
            "update": self._update,
        }

    def some(self, operation: str) -> list[bytes]:
        """Give requests enough to go round."""
        if operation in PAGES:
            return [http("GET", target) for target in page_targets(self._facts, operation)]
        if operation == "read":
            if operation not in self._made:
                self._made[operation] = [self._read() for _ in range(_MANY)]
            return self._made[operation]
        return [self._kinds[operation]() for _ in range(_MANY)]

    def _next(self) -> str:
        self._serial += 1
        return f"1.0.{self._serial}"

    def _read(self) -> bytes:
        return http("GET", read_target(self._chance.choice(self._facts.defects)))

    def _create(self) -> bytes:
        body = create_body(self._facts, self._next(), self._chance.randrange(100))
        return http("POST", f"{BASE}/defect/create", msgspec.json.encode(body))

    def _update(self) -> bytes:
        oid = self._chance.choice(self._facts.defects)
        return http("POST", f"{BASE}/defect/{oid}", msgspec.json.encode(update_body(self._next())))
