"""Whatever a body is, a write answers in WSAPI's own way; and a write with Errors has stored nothing."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banneret.catalogue.loader import stock_schema
from tests import harness, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness import Answer, World

SCHEMA = stock_schema()
KINDS = ("Defect", "HierarchicalRequirement", "Task", "TestCase", "PortfolioItem/Feature", "Iteration", "Milestone", "Preference",
         "ConversationPost", "Attachment", "AttachmentContent", "Tag", "User", "Project", "Workspace", "ProjectPermission", "SCMRepository",
         "AttributeDefinition", "TypeDefinition", "TestCaseResult", "UserIterationCapacity", "Changeset")  # fmt: skip

_hostile = st.sampled_from(
    ["", " ", "None", "null", "true", "\x00", "\ud800", "\u202e", "0", "-1", "1e999", "NaN", "2026-01-01", "9999-12-31T23:59:59Z", "/user/1",
     "/defect/1", "/tag/9999999999999999999", "/user/00000000-0000-0000-0000-000000000000", "<script>", "'; --", "%00", "{}", "[]", "x" * 300,
     "Open", "Accepted", "Admin", "Editor", "DROP_DOWN", "/slm/webservice/v2.0/project/1.js", "1u2p1", "a@b.c", "US English"]
)  # fmt: skip
_text = st.text(max_size=40) | _hostile
_scalar = st.none() | st.booleans() | st.integers() | st.integers(-(2**80), 2**80) | st.floats() | _text
_json = st.recursive(
    _scalar,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_text | st.sampled_from(["_ref", "Name", "Count", "ObjectID", "_type"]), inner, max_size=4)
    ),
    max_leaves=12,
)


class Here:
    """A world on SQLite that lives as long as this module, and a loop to reach it by."""

    def __init__(self, world: World, runner: asyncio.Runner, refs: list[str]) -> None:
        self.world = world
        self.runner = runner
        self.refs = refs

    def post(self, path: str, body: bytes) -> Answer:
        return self.runner.run(self.world.post(path, body))

    def dump(self) -> stored.Dump:
        return self.runner.run(stored.dump(self.world.store))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    with asyncio.Runner() as runner:

        async def build() -> tuple[World, list[str]]:
            world = await harness.build_world(await harness.open_sqlite(tmp_path_factory.mktemp("bodies")))
            story = await world.make("HierarchicalRequirement", Name="s", Tags=[{"Name": "t"}])
            made = [
                story,
                *[
                    await world.make(kind, Name="x")
                    for kind in ("Defect", "TestCase", "Milestone", "Tag", "PortfolioItem/Feature")
                ],
            ]
            made.append(await world.make("Task", Name="x", WorkProduct=story["_ref"]))
            refs = [item["_ref"].partition("/v2.0/")[2] for item in made]
            return world, refs

        world, refs = runner.run(build())
        yield Here(world, runner, refs)
        runner.run(world.store.close())


def check(here: Here, path: str, body: bytes) -> None:
    before = here.dump()
    answer = here.post(path, body)
    assert answer.status == 200
    (inner,) = json.loads(answer.body).values()
    assert isinstance(inner["Errors"], list)
    assert isinstance(inner["Warnings"], list)
    assert all(isinstance(text, str) and text.strip() and "Traceback" not in text for text in inner["Errors"])
    if inner["Errors"]:
        assert "Object" not in inner
        assert here.dump() == before


def written(body: Any) -> bytes:
    """Write JSON as lenient clients do: with NaN and halves of surrogate pairs as escapes."""
    return json.dumps(body).encode()


_settings = settings(
    max_examples=1500, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@_settings
@given(st.binary(max_size=200), st.sampled_from(["defect/create", "user/create", "0", "0/Tags/add", "0/Tags/remove"]))
def test_any_bytes(here: Here, body: bytes, path: str) -> None:
    check(here, path.replace("0", here.refs[0]), body)


@_settings
@given(
    _json, st.sampled_from(["defect/create", "project/create", "0", "0/Tags/add", "0/Children/add", "0/Tags/remove"])
)
def test_any_json(here: Here, body: Any, path: str) -> None:
    check(here, path.replace("0", here.refs[0]), written(body))


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a type and a body that is about it: its attributes, with values of any kind."""
    kind = draw(st.sampled_from(KINDS))
    names = sorted(SCHEMA.get(kind).attributes)
    chosen = draw(st.lists(st.sampled_from(names), max_size=6, unique=True))
    body = {name: draw(_json) for name in chosen}
    if draw(st.booleans()) and "Name" in names:
        body["Name"] = draw(_text)
    return kind, body


@_settings
@given(bodies())
def test_any_body_of_a_type(here: Here, drawn: tuple[str, dict[str, Any]]) -> None:
    kind, body = drawn
    check(here, f"{kind}/create", written({kind: body}))


@_settings
@given(st.integers(0, 6), st.data())
def test_any_update(here: Here, n: int, data: st.DataObject) -> None:
    path = here.refs[n]
    kind = SCHEMA.find(path.rpartition("/")[0])
    assert kind is not None
    names = data.draw(st.lists(st.sampled_from(sorted(kind.attributes)), max_size=6, unique=True))
    check(here, path, written({"x": {name: data.draw(_json) for name in names}}))


@_settings
@given(st.integers(0, 6), st.data())
def test_any_members(here: Here, n: int, data: st.DataObject) -> None:
    path = here.refs[n]
    kind = SCHEMA.find(path.rpartition("/")[0])
    assert kind is not None
    collections = sorted(name for name, attribute in kind.attributes.items() if attribute.is_collection)
    name = data.draw(st.sampled_from(collections or ["Nonsense"]))
    items = data.draw(
        st.lists(
            _json | st.sampled_from(here.refs) | st.fixed_dictionaries({"_ref": st.sampled_from(here.refs)}), max_size=4
        )
    )
    check(here, f"{path}/{name}/{data.draw(st.sampled_from(['add', 'remove']))}", written({"CollectionItems": items}))


@_settings
@given(st.text(max_size=60), st.sampled_from(["GET", "POST", "PUT", "DELETE"]))
def test_any_address(here: Here, path: str, method: str) -> None:
    path = path.encode("utf-8", "replace").decode()
    if path.startswith("/slm/"):
        return
    before = here.dump()
    answer = here.runner.run(here.world.call(method, f"{harness.BASE}/{path}".replace("?", "%3F"), b"", user="admin"))
    assert answer.status == 200
    (inner,) = json.loads(answer.body).values()
    assert isinstance(inner["Errors"], list)
    if method != "GET":
        assert inner["Errors"]
        assert here.dump() == before


def test_everything_still_fits_together(here: Here) -> None:
    assert here.runner.run(stored.faults(here.world.store)) == []
