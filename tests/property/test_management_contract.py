"""The management API does what `/openapi.json` declares: every answer that it declares comes, and none that it does not."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from banneret.api.endpoints import ROOT, Access, Endpoint
from banneret.api.openapi import document
from banneret.api.service import LARGEST_BODY
from banneret.api.table import ENDPOINTS
from banneret.catalogue.loader import stock_schema
from banneret.kernel.errors import ConcurrencyConflict, RunTimeExceeded
from tests import harness
from tests.management import Api
from tests.signing_on import settings as change_settings

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.harness import Answer, World

DOCUMENT: dict[str, Any] = json.loads(json.dumps(document(stock_schema())))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
THOROUGH = os.environ.get("BANNERET_TEST_ALL") == "1" or "CI" in os.environ
EXAMPLES = 40 if THOROUGH else 10
BODIES: dict[str, Any] = {
    "createKey": {"name": "made"},
    "changeKey": {"name": "changed"},
    "stopLeakedKeys": {"keys": ["_BK".ljust(44, "x")]},
    "changeSubscriptionSettings": {"JSONPEnabled": True},
}

load_all_checks()


def conforms(endpoint: Endpoint, answer: Answer) -> None:
    """The answer is one that the document declares for its status, body and all."""
    declared = DOCUMENT["paths"][f"{ROOT}{endpoint.path}"][endpoint.method.lower()]["responses"][str(answer.status)]
    if "$ref" in declared:
        declared = DOCUMENT["components"]["responses"][declared["$ref"].rpartition("/")[2]]
    if "content" not in declared:
        assert answer.body == b""
        return
    schema = declared["content"]["application/json"]["schema"] | {"components": DOCUMENT["components"]}
    errors = [str(error) for error in jsonschema_rs.validator_for(schema).iter_errors(answer.document)]
    assert errors == []


async def provoke(api: Api, endpoint: Endpoint, status: int) -> Answer:
    """Bring an answer about: a good request, but for what its status is about."""
    world, store = api.world, api.world.store
    oid, _ = await api.make("editor")
    about_users = endpoint.path.startswith("/users")
    path = endpoint.path.replace("{id}", str(world.ids["viewer"] if about_users else oid))
    user = "editor" if endpoint.path.startswith("/keys") else "admin"
    sent: dict[str, Any] = {} if endpoint.access is Access.ANYBODY else {"user": user}
    body = BODIES.get(endpoint.name)
    match status:
        case 401:
            sent = {}
        case 403:
            await change_settings(
                world,
                IPAddressRestrictionEnabled=True,
                RestrictedIPAddresses="192.0.2.1",
                ApplyIpAddressRestrictionToSubAdmins=True,
            )
        case 404:
            path = endpoint.path.replace("{id}", "1")
        case 409 | 503:
            error = ConcurrencyConflict("ApiKey", oid) if status == 409 else RunTimeExceeded(300)
            store.write = store.read = failing(error)
            # A password is looked at in units of work of its own.
            world.gate.prove = proven(await world.gate.prove(None, ""))
        case 413:
            body = b" " * (LARGEST_BODY + 1)
        case 415:
            sent["headers"] = {"content-type": "text/plain"}
        case 422 if endpoint.body is not None:
            body = []
        case 422 if endpoint.name == "enableKey":
            await api.post(f"/keys/{oid}/disable", user="admin")
        case 422 if endpoint.name == "disableUser":
            path = endpoint.path.replace("{id}", str(world.ids["admin"]))
        case 422:
            sent[endpoint.query[0].name] = "odd" * 100
        case 429:
            for _ in range(30):
                assert (await api.call(endpoint.method, path, body)).status == 200
    return await api.call(endpoint.method, path, body, **sent)


def failing(error: Exception) -> Any:
    async def run(_work: Any) -> Any:
        raise error

    return run


def proven(proof: Any) -> Any:
    async def prove(*_: Any) -> Any:
        return proof

    return prove


DECLARED = [(each, status) for each in ENDPOINTS for status in (each.status, *each.statuses)]


@pytest.mark.parametrize(("endpoint", "status"), DECLARED, ids=lambda each: getattr(each, "name", str(each)))
async def test_every_answer_that_is_declared_comes(world: World, endpoint: Endpoint, status: int) -> None:
    answer = await provoke(Api(world), endpoint, status)
    assert answer.status == status, answer.body
    conforms(endpoint, answer)


def test_the_document_declares_what_the_table_says() -> None:
    declared = {
        (f"{method.upper()} {path}", int(status))
        for path, place in DOCUMENT["paths"].items()
        if path.startswith(ROOT)
        for method, operation in place.items()
        if method in {"get", "post", "patch", "delete"}
        for status in operation["responses"]
    }
    assert declared == {(f"{each.method} {ROOT}{each.path}", status) for each, status in DECLARED}


# ---------------------------------------------------------------------- random requests


class Place:
    """A world with keys of an editor, and a loop to reach it by."""

    def __init__(self, world: World, runner: asyncio.Runner) -> None:
        self.world, self.runner, self.api = world, runner, Api(world)
        self.ids = [runner.run(self.api.make("editor"))[0] for _ in range(3)]

    def send(self, case: Any, user: str) -> Response:
        """Send a case's request and give the answer as schemathesis wants it."""
        kwargs = case.as_transport_kwargs(base_url="http://rally.test")
        wanted = {name: kwargs.get(name) for name in ("method", "url", "headers", "params", "json", "data")}
        request = requests.Request(**wanted).prepare()
        parts = urlsplit(str(request.url))
        body = request.body.encode() if isinstance(request.body, str) else request.body or None
        sent = {name: value for name, value in request.headers.items() if name.lower() != "accept-encoding"}
        self.api.address = f"10.0.{self.runner.run(self._number()) // 256}.{self._sent % 256}"
        target = f"{unquote(str(parts.path))}?{parts.query!s}"
        answer = self.runner.run(self.api.call(request.method, target, body, headers=sent | self.world.basic(user)))
        headers = {name: [value] for name, value in answer.headers.items()}
        return Response(answer.status, headers, answer.body, request, 0.0, verify=True)

    _sent = 0

    async def _number(self) -> int:
        """Each request comes from an address of its own, so that none is held back for another one's sake."""
        self._sent += 1
        return self._sent


_template: dict[str, tuple[str, dict[str, int]]] = {}


@pytest.fixture
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with asyncio.Runner() as runner:
        if not _template:
            home = tmp_path_factory.mktemp("managed")
            store = runner.run(harness.open_sqlite(home))
            _template["sqlite"] = str(home / "banneret.db"), runner.run(harness.build_world(store)).ids
            runner.run(store.close())
        origin, ids = _template["sqlite"]
        shutil.copy(origin, tmp_path / "banneret.db")
        opened = harness.reopen_sqlite(tmp_path)
        yield Place(harness.enter_world(opened, ids), runner)
        runner.run(opened.close())


@cache
def operations() -> dict[str, Any]:
    """Give schemathesis's operations by `METHOD /path`."""
    found = [
        result.ok()
        for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
        if isinstance(result, Ok)
    ]
    return {operation.label: operation for operation in found}


ASKED = [
    (each, mode)
    for each in ENDPOINTS
    for mode in GenerationMode
    # Where nothing is asked for, nothing can be asked for wrongly.
    if mode is GenerationMode.POSITIVE or each.query or each.body or "{id}" in each.path
]


@pytest.mark.parametrize(("endpoint", "mode"), ASKED, ids=lambda each: getattr(each, "value", None) or each.name)
def test_no_answer_comes_that_is_not_declared(place: Place, endpoint: Endpoint, mode: GenerationMode) -> None:
    """Neither to requests as they should be nor to such as they should not be."""
    operation = operations()[f"{endpoint.method} {ROOT}{endpoint.path}"]

    @settings(max_examples=EXAMPLES, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), random=st.randoms())
    def check(case: Any, random: Random) -> None:
        if "id" in case.path_parameters and random.random() < 0.8:
            of_users = endpoint.path.startswith("/users")
            case.path_parameters["id"] = place.world.ids["viewer"] if of_users else random.choice(place.ids)
        answer = place.send(case, random.choice(["editor", "admin"]))
        if answer.status_code == 404 and "id" in case.path_parameters and not str(case.path_parameters["id"]).isdigit():
            return  # what is no number is no address
        if answer.status_code == 405 and case.method.upper() != endpoint.method:
            return
        case.validate_response(answer, checks=CHECKS)

    check()
