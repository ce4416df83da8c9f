"""What `/openapi.json` declares is what the server does: schemathesis makes requests of it, an editor's key sends them.

Each type has a world of its own, so that an example is the same whatever ran before. Half of the random values that should
name something are replaced by what does, or hardly a request would get past the first check.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

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

from banneret.api.openapi import document
from banneret.catalogue.endpoints import endpoints
from banneret.catalogue.examples import create_body
from banneret.catalogue.loader import stock_schema
from banneret.catalogue.model import AttributeDef, TypeDef
from tests import databases, harness

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.harness import World

SCHEMA = stock_schema()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MAIN = ("Defect", "HierarchicalRequirement", "Task", "TestCase", "PortfolioItem/Feature", "Iteration", "Project", "User", "Artifact", "Tag")  # fmt: skip
MADE = (*MAIN[:6], "Tag", "Milestone", "Release", "TestSet", "TestFolder", "ConversationPost", "Preference", "TestCaseResult", "TestCaseStep",
        "DefectSuite", "Risk", "BuildDefinition", "Build", "SCMRepository", "Changeset", "Change", "PortfolioItem/Initiative", "AttachmentContent")  # fmt: skip
THOROUGH = os.environ.get("BANNERET_TEST_ALL") == "1" or "CI" in os.environ
EXAMPLES, EXAMPLES_OF_MAIN = (6, 40) if THOROUGH else (2, 8)
"""Requests to each end point; the same ones every time."""

load_all_checks()


class Place:
    """A world with an object of each usual type, and a loop to reach it by. `refs` are addresses of objects by type."""

    def __init__(self, world: World, runner: asyncio.Runner, refs: dict[str, str]) -> None:
        self.world, self.runner, self.refs = world, runner, refs

    def ref(self, type_name: str) -> str | None:
        """Give an object that fits where that type is wanted."""
        return next((ref for name, ref in self.refs.items() if SCHEMA.is_a(name, type_name)), None)

    def send(self, case: Any) -> Response:
        """Send a case's request and give the answer as schemathesis wants it."""
        kwargs = case.as_transport_kwargs(base_url=f"http://rally.test{harness.BASE}")
        wanted = {name: kwargs.get(name) for name in ("method", "url", "headers", "params", "json", "data")}
        request = requests.Request(**wanted).prepare()
        parts = urlsplit(str(request.url))
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        sent = {name: value for name, value in request.headers.items() if name.lower() != "accept-encoding"}
        target = f"{unquote(str(parts.path))}?{parts.query!s}"
        answer = self.runner.run(self.world.call(request.method, target, body, headers=sent))
        headers = {name: [value] for name, value in answer.headers.items()}
        return Response(answer.status, headers, answer.body, request, 0.0, verify=True)


async def furnish(world: World) -> dict[str, str]:
    """Make an object of each usual type."""
    ids = world.ids
    refs = {
        kind: f"/{kind.lower()}/{ids[one]}"
        for kind, one in (("Project", "engines"), ("Workspace", "main"), ("User", "editor"))
    }
    for name in MADE:
        item = SCHEMA.get(name)
        body: dict[str, Any] = {}
        for key, value in create_body(item).items():
            of = item.attributes[key].of
            fitting = next((ref for kind, ref in refs.items() if of and SCHEMA.is_a(kind, of)), None)
            body[key] = fitting if item.attributes[key].is_object else value
        found = await world.post(
            f"{item.path}/create", {item.element_name: {k: v for k, v in body.items() if v is not None}}
        )
        refs[name] = "/" + found.object["_ref"].partition("/v2.0/")[2]
    return refs


_furnished: dict[str, tuple[str, dict[str, int], dict[str, str]]] = {}


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A furnished world on SQLite, or on PostgreSQL when asked."""
    kind = getattr(request, "param", "sqlite")
    with asyncio.Runner() as runner:
        if kind not in _furnished:
            home = tmp_path_factory.mktemp("furnished")
            url = databases.make_postgres_url() if kind == "postgresql" else ""
            store = runner.run(harness.open_postgresql(url) if url else harness.open_sqlite(home))
            first = runner.run(harness.build_world(store))
            refs = runner.run(furnish(first))
            runner.run(store.close())
            _furnished[kind] = url or str(home / "banneret.db"), first.ids, refs
        origin, ids, refs = _furnished[kind]
        if kind == "postgresql":
            opened = harness.reopen_postgresql(databases.copy_database(origin))
        else:
            shutil.copy(origin, tmp_path / "banneret.db")
            opened = harness.reopen_sqlite(tmp_path)
        yield Place(harness.enter_world(opened, ids), runner, refs)
        runner.run(opened.close())
        if kind == "postgresql":
            databases.drop_database(opened.driver.url)  # type: ignore[attr-defined]


@cache
def operations() -> dict[str, Any]:
    """Give schemathesis's operations by `METHOD /path`."""
    declared = schemathesis.openapi.from_dict(json.loads(json.dumps(document(SCHEMA))))
    found = [result.ok() for result in declared.get_all_operations() if isinstance(result, Ok)]
    return {operation.label: operation for operation in found}


def grounded(value: Any, attribute: AttributeDef | None, place: Place, random: Random) -> Any:
    """Replace what should name an object by what does."""
    if attribute is None or random.random() < 0.3:
        return value
    ref = place.ref(attribute.of or "")
    if ref is None:
        return value
    if attribute.is_object:
        return ref
    return [{"_ref": ref}] if attribute.is_collection else value


def ground(case: Any, item: TypeDef, place: Place, random: Random) -> None:
    """Lead a random request to objects that there are."""
    known = place.ref(item.name)
    if "id" in case.path_parameters and known is not None and random.random() < 0.8:
        case.path_parameters["id"] = known.rpartition("/")[2]
    if case.query.get("query") is not None and random.random() < 0.7:
        name = random.choice(sorted(item.attributes))
        case.query["query"] = random.choice(["({} != null)", '({} = "x")', "({} > 5)", "({} contains e)"]).format(name)
    if case.query.get("fetch") is not None and random.random() < 0.7:
        case.query["fetch"] = random.choice(["true", "false", "Name,Owner,UserName,Tags", ",".join(item.attributes)])
    for name, kind in (("workspace", "Workspace"), ("project", "Project")):
        if case.query.get(name) is not None and random.random() < 0.8:
            case.query[name] = place.ref(kind)
    if isinstance(case.body, dict):
        for root, content in case.body.items():
            if isinstance(content, dict):
                case.body[root] = {
                    name: grounded(value, item.find(name), place, random) for name, value in content.items()
                }
            elif root == "CollectionItems" and random.random() < 0.8:
                collection = item.attributes[case.path_parameters["collection"]]
                case.body[root] = grounded(content, collection, place, random)


def conforms(place: Place, name: str, examples: int) -> None:
    item = SCHEMA.get(name)
    for endpoint in endpoints(item):
        operation = operations()[f"{endpoint.methods[0]} /{endpoint.path}"]

        @settings(max_examples=examples, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), random=st.randoms())
        def check(case: Any, random: Random) -> None:
            ground(case, item, place, random)
            case.headers["zsessionid"] = place.world.keys["editor"]
            answer = place.send(case)
            case.validate_response(answer, checks=CHECKS)

        check()


@pytest.mark.parametrize("name", sorted(SCHEMA.types))
def test_answers_are_as_declared(place: Place, name: str) -> None:
    conforms(place, name, EXAMPLES_OF_MAIN if name in MAIN else EXAMPLES)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", MAIN)
def test_answers_are_as_declared_on_postgresql(place: Place, name: str) -> None:
    conforms(place, name, EXAMPLES)
