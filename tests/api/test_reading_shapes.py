"""What answers look like: envelopes, the order of keys, values on the wire (wsapi.md 2)."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest

from tests.harness import BASE, World

NESTED = ["_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_refObjectName", "_type"]
METADATA = [
    *("_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_objectVersion", "_refObjectName"),
    *("CreationDate", "_CreatedAt", "ObjectID", "ObjectUUID", "VersionId", "Subscription", "Workspace"),
]


async def test_a_query_answers_with_an_envelope_of_shallow_items(world: World) -> None:
    made = await world.make("defect", Name="x")
    answer = await world.get("defect")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert list(answer.document) == ["QueryResult"]
    head = ["_rallyAPIMajor", "_rallyAPIMinor", "Errors", "Warnings", "TotalResultCount", "StartIndex", "PageSize"]
    assert list(answer.inner) == [*head, "Results"]
    assert [answer.inner[name] for name in head] == ["2", "0", [], [], 1, 1, 20]
    (item,) = answer.results
    assert list(item) == NESTED
    assert item == {name: made[name] for name in NESTED}


async def test_metadata_comes_first_and_the_type_last(world: World) -> None:
    made = await world.make("defect", Name="x")
    assert list(made)[: len(METADATA)] == METADATA
    assert list(made)[-1] == "_type"
    assert made["_type"] == "Defect"
    assert made["_ref"] == f"http://rally.test{BASE}/defect/{made['ObjectID']}"
    assert (made["_objectVersion"], made["VersionId"], made["_CreatedAt"]) == ("1", "1", "just now")
    assert made["CreationDate"] == "2026-01-05T09:00:00.000Z"
    assert isinstance(made["ObjectID"], int)
    assert made["ObjectUUID"] == made["_refObjectUUID"]
    assert list(made["Project"]) == list(made["Workspace"]) == list(made["Subscription"]) == NESTED
    assert made["Project"]["_type"] == "Project"


async def test_a_single_read_has_the_type_as_its_root_and_errors_inside(world: World) -> None:
    made = await world.make("portfolioitem/feature", Name="x")
    answer = await world.get(f"portfolioitem/feature/{made['ObjectID']}")
    assert answer.root == "Feature"
    assert list(answer.inner)[-2:] == ["Errors", "Warnings"]
    assert "_type" not in answer.inner
    assert {name: value for name, value in answer.inner.items() if name not in {"Errors", "Warnings"}} == {
        name: value for name, value in made.items() if name != "_type"
    }
    assert made["_type"] == "PortfolioItem/Feature"
    assert made["_ref"] == f"http://rally.test{BASE}/portfolioitem/feature/{made['ObjectID']}"
    assert made["Tags"]["_ref"] == f"http://rally.test{BASE}/PortfolioItem/Feature/{made['ObjectID']}/Tags"


async def test_a_collection_is_a_summary(world: World) -> None:
    tag = await world.make("tag", Name="Urgent")
    milestone = await world.make("milestone", Name="Launch", TargetDate="2026-03-01", DisplayColor="#105cab")
    made = await world.make("defect", Name="x", Tags=[{"_ref": tag["_ref"]}], Milestones=[{"_ref": milestone["_ref"]}])
    address = f"http://rally.test{BASE}/Defect/{made['ObjectID']}"
    assert made["Tasks"] == {
        "_rallyAPIMajor": "2",
        "_rallyAPIMinor": "0",
        "_ref": f"{address}/Tasks",
        "_type": "Task",
        "Count": 0,
    }
    assert made["Tags"] == {
        "_rallyAPIMajor": "2",
        "_rallyAPIMinor": "0",
        "_ref": f"{address}/Tags",
        "_type": "Tag",
        "Count": 1,
        "_tagsNameArray": [{"Name": "Urgent", "_ref": f"/tag/{tag['ObjectID']}"}],
    }
    assert made["Milestones"]["_tagsNameArray"] == [
        {
            "Name": "Launch",
            "_ref": f"/milestone/{milestone['ObjectID']}",
            "DisplayColor": "#105cab",
            "TargetDate": milestone["TargetDate"],
        }
    ]


async def test_a_nameless_object_has_no_name_key(world: World) -> None:
    made = await world.make("defect", Name="x")
    assert "_refObjectName" not in made["RevisionHistory"]
    assert list(made["RevisionHistory"]) == [key for key in NESTED if key != "_refObjectName"]
    history = await world.get(f"revisionhistory/{made['RevisionHistory']['_ref'].rpartition('/')[2]}")
    assert "_refObjectName" not in history.inner


async def test_a_user_is_named_by_its_display_name(world: World) -> None:
    answer = await world.get("user")
    assert answer.inner["_refObjectName"] == "Admin"
    assert answer.inner["UserName"] == "admin@acme.test"


async def test_values_on_the_wire(world: World) -> None:
    story = await world.make("hierarchicalrequirement", Name="x", PlanEstimate=3)
    task = await world.make("task", Name="t", WorkProduct=story["_ref"], Estimate="2.25")
    defect = await world.make("defect", Name="x", TargetDate="2026-02-03T10:00:00+02:00")
    body = (await world.get(f"hierarchicalrequirement/{story['ObjectID']}")).body
    assert b'"PlanEstimate":3.0,' in body
    assert task["Estimate"] == 2.25
    assert defect["TargetDate"] == "2026-02-03T08:00:00.000Z"
    assert (defect["Severity"], defect["Priority"], defect["Resolution"], defect["Environment"]) == ("None",) * 4
    assert (defect["Blocked"], defect["PlanEstimate"], defect["Owner"], defect["TargetBuild"]) == (
        False,
        None,
        None,
        None,
    )
    assert (defect["Description"], defect["Notes"]) == ("", "")


async def test_angle_brackets_are_escaped(world: World) -> None:
    made = await world.make("defect", Name="a<b>&\"'", Description="<p>x</p>")
    for path in ("defect", "defect?fetch=true", f"defect/{made['ObjectID']}", "defect?fetch=true&pretty=true"):
        answer = await world.get(path)
        assert b"<" not in answer.body
        assert b">" not in answer.body
        assert b"a\\u003Cb\\u003E&" in answer.body
    assert (await world.get(f"defect/{made['ObjectID']}")).inner["Name"] == "a<b>&\"'"


async def test_pretty_is_indented_and_means_the_same(world: World) -> None:
    await world.make("defect", Name="x\ny")
    plain, pretty = await world.get("defect?fetch=true"), await world.get("defect?fetch=true&pretty=TRUE")
    assert plain.document == pretty.document
    assert pretty.body.count(b"\n") > 50
    assert plain.body.count(b"\n") == 0


async def test_compressed_where_the_client_takes_it(world: World) -> None:
    plain = await world.get("typedefinition?fetch=true&pagesize=50")
    packed = await world.get(
        "typedefinition?fetch=true&pagesize=50", headers={"accept-encoding": "gzip, deflate, compress"}
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert gzip.decompress(packed.body) == plain.body
    assert int(packed.headers["content-length"]) == len(packed.body) < len(plain.body) / 4
    assert "content-encoding" not in plain.headers


async def test_head_is_get_without_a_body(world: World) -> None:
    made = await world.make("defect", Name="x")
    for path in ("defect", f"defect/{made['ObjectID']}", "user"):
        get, head = await world.get(path), await world.call("HEAD", path, user="admin")
        assert (head.status, head.body) == (200, b"")
        assert head.headers == get.headers


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, "http://rally.test"),
        ({"host": "localhost:8443"}, "http://localhost:8443"),
        ({"host": "inner:8000", "x-forwarded-proto": "https"}, "https://inner:8000"),
        (
            {"host": "inner:8000", "x-forwarded-proto": "https", "x-forwarded-host": "rally.example.com"},
            "https://rally.example.com",
        ),
    ],
)
async def test_refs_lead_back_the_way_the_client_came(world: World, headers: dict[str, str], origin: str) -> None:
    made = await world.make("defect", Name="x", Owner=f"/user/{world.ids['admin']}")
    item = (await world.get("defect?fetch=true", headers=headers)).results[0]
    assert item["_ref"] == f"{origin}{BASE}/defect/{made['ObjectID']}"
    assert item["Owner"]["_ref"] == f"{origin}{BASE}/user/{world.ids['admin']}"
    assert item["Tags"]["_ref"] == f"{origin}{BASE}/Defect/{made['ObjectID']}/Tags"
    definition = (await world.get("typedefinition?fetch=Attributes&pagesize=1", headers=headers)).results[0]
    assert definition["_ref"].startswith(origin)
    assert definition["Attributes"]["_ref"].startswith(f"{origin}{BASE}/TypeDefinition/")


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=27, seconds=30), "27 minutes ago"),
        (timedelta(hours=3), "today at 9:00 am"),
        (timedelta(hours=16), "yesterday at 9:00 am"),
        (timedelta(days=3), "Jan 5, 2026"),
    ],
)
async def test_created_at_says_it_in_words(world: World, later: timedelta, words: str) -> None:
    await world.make("defect", Name="x")
    world.clock.advance(later)
    (item,) = (await world.get("defect?fetch=CreationDate")).results
    assert item["_CreatedAt"] == words


async def test_failures_keep_the_envelope_of_their_operation(world: World) -> None:
    failed = await world.get("defect", query="(Nonsense = 1)")
    assert failed.root == "QueryResult"
    assert failed.errors
    assert (failed.inner["Results"], failed.inner["TotalResultCount"]) == ([], 0)
    missing = await world.get("defect/4711")
    assert missing.document == {
        "OperationResult": {
            "_rallyAPIMajor": "2",
            "_rallyAPIMinor": "0",
            "Errors": ["Cannot find object to read"],
            "Warnings": [],
        }
    }
    assert missing.status == 200


async def test_a_read_without_fetch_is_full_and_a_query_shallow(world: World) -> None:
    tag = await world.make("tag", Name="Urgent")
    made = await world.make("defect", Name="x", Tags=[{"_ref": tag["_ref"]}])
    full = set(made) - {"_type"}
    read = (await world.get(f"defect/{made['ObjectID']}")).inner
    assert set(read) - {"Errors", "Warnings"} == full
    assert set((await world.get("defect", fetch="true")).results[0]) == {*full, "_type"}
    (member,) = (await world.get(f"defect/{made['ObjectID']}/Tags")).results
    assert member == {**tag, "UsageCount": 1}
    updated = await world.post(f"defect/{made['ObjectID']}", {"Defect": {"Name": "y"}})
    assert set(updated.object) == {*full, "_type"}
    for absent in ("", "?fetch=", "?fetch=false", "?fetch=%22%22"):
        assert list((await world.get(f"defect{absent}")).results[0]) == NESTED
    assert list((await world.get(f"defect/{made['ObjectID']}/Tags?fetch=false")).results[0]) == NESTED


async def test_the_body_is_what_json_says_it_is(world: World) -> None:
    name = 'quote " backslash \\ tab \t newline \n ü € 🏁 \u2028'
    made = await world.make("defect", Name=name)
    answer = await world.get(f"defect/{made['ObjectID']}?fetch=Name")
    assert json.loads(answer.body.decode("utf-8"))["Defect"]["Name"] == name
