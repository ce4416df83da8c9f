"""The schema document: how it is kept and sent, and that it says what introspection says (wsapi.md 9.2, 15)."""

from __future__ import annotations

import gzip
import json
from typing import Any

from banneret.wsapi.schema import _MOST_ADDRESSES
from tests.api.test_administration_fields import ref, version
from tests.harness import World


async def address(world: World) -> str:
    return f"/slm/schema/v2.0/workspace/{world.ids['main']}/{await version(world)}"


async def types(world: World) -> dict[str, dict[str, Any]]:
    return {item["TypePath"]: item for item in (await world.get(await address(world))).results}


async def test_it_is_the_same_document_however_it_is_sent(world: World) -> None:
    await world.make("attributedefinition", Name="a<b", TypeDefinition="Defect", RealAttributeType="STRING")
    path = await address(world)
    plain = await world.get(path)
    packed = await world.get(path, headers={"accept-encoding": "gzip"})
    pretty = await world.get(path, headers={"accept-encoding": "gzip"}, pretty="true")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert json.loads(gzip.decompress(pretty.body)) == json.loads(plain.body)
    assert b"a\\u003Cb" in plain.body
    assert b"<" not in plain.body
    assert len(packed.body) * 5 < len(plain.body)


async def test_its_refs_lead_to_where_the_client_came_from(world: World) -> None:
    """And a client that makes up names of this server does not fill its memory."""
    path = await address(world)
    for name in [*(f"h{n}.test" for n in range(2 * _MOST_ADDRESSES)), "h0.test"]:
        answer = await world.get(path, headers={"host": name})
        assert answer.results[0]["_ref"].startswith(f"http://{name}/slm/webservice/v2.0/typedefinition/")
    landscape = await world.store.read(lambda unit: unit.landscape())
    assert landscape is not None
    kept = landscape.schema(world.ids["main"]).derived["documents"]
    assert len(kept) <= _MOST_ADDRESSES


async def test_an_old_version_shows_what_is_so_now_and_is_not_kept(world: World) -> None:
    old = await address(world)
    assert "max-age=31536000" in (await world.get(old)).headers["cache-control"]
    landscape = await world.store.read(lambda unit: unit.landscape())
    assert landscape is not None
    before = landscape.schema(world.ids["main"])
    await world.make("attributedefinition", Name="New", TypeDefinition="Defect", RealAttributeType="STRING")
    answer = await world.get(old)
    assert "c_New" in {field["ElementName"] for item in answer.results for field in item["Attributes"]}
    assert answer.headers["cache-control"] == "no-cache"
    # What hung on the old schema is large, and of no more use.
    assert before.derived == {}


async def test_it_says_what_introspection_says(world: World) -> None:
    """Of every concrete type: the same attributes, in the same order, with the same facts."""
    document = await types(world)
    listed = await world.get("typedefinition", query="(Abstract = false)", fetch="TypePath", pagesize=200)
    assert {item["TypePath"] for item in listed.results} == set(document)
    for path in ("Defect", "HierarchicalRequirement", "PortfolioItem/Feature", "User", "Milestone", "Subscription"):
        members = await world.get(
            document[path]["_ref"].removeprefix("http://rally.test") + "/Attributes", pagesize=200
        )
        assert len(members.results) == len(document[path]["Attributes"])
        for shown, inline in zip(members.results, document[path]["Attributes"], strict=True):
            left_out = {"AllowedValues", "AllowedQueryOperators"}
            assert {key: value for key, value in shown.items() if key not in left_out} == {
                key: value for key, value in inline.items() if key not in left_out
            }
            if isinstance(inline["AllowedValues"], list):
                assert len(inline["AllowedValues"]) == shown["AllowedValues"]["Count"]


async def test_each_level_of_the_portfolio_has_a_parent_of_its_own(world: World) -> None:
    """wsapi.md 15: levels of a workspace's own have a Parent; each level's leads to the next one up."""
    main = ref(world, "workspace", "main")
    await world.make("typedefinition", Name="Epic", Ordinal=1, Workspace=main)
    await world.make("typedefinition", Name="Saga", Ordinal=2, Workspace=main)
    document = await types(world)
    up = {}
    ids = set()
    for path in ("Feature", "Epic", "Saga", "Initiative", "Theme"):
        fields = {field["ElementName"]: field for field in document[f"PortfolioItem/{path}"]["Attributes"]}
        parent = fields.get("Parent")
        up[path] = parent["AllowedValueType"]["_refObjectName"] if parent else None
        if parent:
            assert parent["TypeDefinition"]["_refObjectName"] == path
            ids.add(parent["ObjectID"])
            read = await world.get(f"attributedefinition/{parent['ObjectID']}", workspace=main)
            assert read.inner["TypeDefinition"]["_refObjectName"] == path
    assert up == {"Feature": "Epic", "Epic": "Saga", "Saga": "Initiative", "Initiative": "Theme", "Theme": None}
    assert len(ids) == 4


async def test_each_project_has_the_version_of_its_workspace(world: World) -> None:
    found = await world.get("project", fetch="SchemaVersion", pagesize=200, workspace=ref(world, "workspace", "main"))
    assert {item["SchemaVersion"] for item in found.results} == {await version(world)}
    elsewhere = (await world.get(f"project/{world.ids['elsewhere']}")).inner["SchemaVersion"]
    assert elsewhere == await version(world, "other") != await version(world)
