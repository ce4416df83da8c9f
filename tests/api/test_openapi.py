"""`/openapi.json`: valid, made of the catalogue, complete, and cheap to ask for again."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31
from starlette.applications import Starlette
from starlette.routing import Route

from banneret.api.description import OpenApi
from banneret.api.endpoints import ROOT
from banneret.api.openapi import description, document
from banneret.api.schemas import component
from banneret.api.table import ENDPOINTS
from banneret.catalogue.endpoints import endpoints
from banneret.catalogue.loader import stock_schema
from tests.api.test_documentation import add_field

if TYPE_CHECKING:
    from tests.harness import Answer, World

SCHEMA = stock_schema()
DOCUMENT = json.loads(description(SCHEMA).body)


async def fetched(world: World, **kwargs: Any) -> Answer:
    """Ask for the description as the front door does."""
    world.app = Starlette(routes=[Route("/slm/openapi.json", OpenApi(world.store, world.gate, SCHEMA).answer)])
    return await world.call("GET", "/slm/openapi.json", **kwargs)


def test_it_satisfies_the_meta_schema_of_openapi() -> None:
    assert [str(error) for error in jsonschema_rs.validator_for(OPENAPI_31).iter_errors(DOCUMENT)] == []


def test_every_schema_in_it_is_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_everything_referred_to_is_there_and_everything_there_is_referred_to() -> None:
    used = set(re.findall(r'"\$ref":"#/components/([^"]+)"', description(SCHEMA).body.decode()))
    there = {
        f"{kind}/{name}" for kind in ("schemas", "parameters", "responses") for name in DOCUMENT["components"][kind]
    }
    roots = {f"schemas/{component(item)}" for item in SCHEMA.types.values()}
    assert used <= there
    # A web link is the type of custom fields only.
    assert there - used <= roots | {"schemas/_Input", "schemas/_WebLink"}


def test_every_end_point_of_every_type_is_described_once() -> None:
    described = {
        (path, method)
        for path, place in DOCUMENT["paths"].items()
        for method in place
        if method in {"get", "post", "patch", "delete"}
    }
    expected = {
        (f"/{each.path}", each.methods[0].lower()) for item in SCHEMA.types.values() for each in endpoints(item)
    }
    management = {(f"{ROOT}{each.path}", each.method.lower()) for each in ENDPOINTS}
    assert described == expected | {("/batch", "post"), ("/security/authorize", "get")} | management
    names = [
        place[method]["operationId"]
        for path, place in DOCUMENT["paths"].items()
        for method in place
        if "operationId" in place[method]
    ]
    assert len(names) == len(set(names)) == len(described)


def test_every_attribute_is_described_by_its_type_or_an_ancestor() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for item in SCHEMA.types.values():
        shown, taken = set(), set()
        for name in item.lineage:
            ancestor = component(SCHEMA.get(name))
            shown |= set(schemas[ancestor].get("properties", {}))
            taken |= set(schemas.get(ancestor + "Input", {}).get("properties", {}))
        assert shown == set(item.attributes)
        if {"create", "update"} & item.operations:
            assert {name for name, each in item.attributes.items() if not each.read_only} <= taken


def test_it_is_small_enough_to_be_fetched_often() -> None:
    assert len(description(SCHEMA).body) < 850_000
    assert len(description(SCHEMA).compressed) < 60_000


def test_it_is_made_once_for_a_schema() -> None:
    assert description(SCHEMA) is description(SCHEMA)
    assert document(SCHEMA) == DOCUMENT


async def test_anybody_gets_the_stock_types(world: World) -> None:
    answer = await fetched(world)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.document == DOCUMENT
    compressed = await fetched(world, headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(compressed.body)) == DOCUMENT


async def test_who_has_it_is_not_sent_it_again(world: World) -> None:
    first = await fetched(world)
    again = await fetched(world, headers={"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(("user", "seen"), [("editor", True), ("stranger", False), (None, False)])
async def test_custom_fields_are_described_to_their_workspace(world: World, user: str | None, seen: bool) -> None:
    await add_field(world)
    answer = await fetched(world, user=user)
    assert answer.status == 200
    assert ("c_Squeak" in answer.document["components"]["schemas"]["Defect"]["properties"]) is seen
    assert ("c_Squeak" in answer.document["components"]["schemas"]["DefectInput"]["properties"]) is seen


@pytest.mark.parametrize(("workspace", "status"), [("main", 200), ("other", 403)])
async def test_a_workspace_that_the_reader_does_not_see_is_refused(world: World, workspace: str, status: int) -> None:
    answer = await fetched(world, user="editor", workspace=str(world.ids[workspace]))
    assert answer.status == status


async def test_a_wrong_key_is_refused(world: World) -> None:
    assert (await fetched(world, key="_WRONG".ljust(44, "0"))).status == 401
