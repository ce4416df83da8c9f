"""What the gem rally_api 1.2.1 sends, line by line as recorded, against a live server (wsapi.md 11.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import pytest

from tests.clients.toolkits import BASE, Ruby

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live import Live

EDITOR = "editor@acme.test"
WORKSPACE, PROJECT = "Acme Bikeshare", "Rider App"


@pytest.fixture(params=["key", "password"])
def ruby(request: pytest.FixtureRequest, live: Live) -> Iterator[Ruby]:
    with Ruby(live, key=live.key(EDITOR)) if request.param == "key" else Ruby(live, user=EDITOR) as opened:
        opened.connect(WORKSPACE, PROJECT)
        yield opened


def test_it_finds_its_workspace_and_project(ruby: Ruby) -> None:
    """By the user's subscription, its workspaces without `fetch`, and a query for the project."""
    assert ruby.user["UserName"] == EDITOR
    assert ruby.workspace["Name"] == WORKSPACE
    assert ruby.project["Name"] == PROJECT


def test_it_maps_names_before_it_creates(ruby: Ruby) -> None:
    """The type is asked for in lower case, `(TypePath = "defect")`; without an answer custom names would not be mapped."""
    assert ruby.element_names("defect")["Schedule State"] == "ScheduleState"
    made = ruby.create("defect", {"Name": "made by Ruby", "Project": ruby.project["_ref"]})
    assert made["Name"] == "made by Ruby"
    assert made["Project"]["_refObjectName"] == PROJECT
    changed = ruby.update("Defect", made["ObjectID"], {"State": "Fixed"})
    assert changed["State"] == "Fixed"
    found = ruby.delete("defect", made["ObjectID"])
    assert (found["Errors"], found["Warnings"]) == ([], [])


def test_a_feature_is_written_by_the_last_word_of_its_type(ruby: Ruby) -> None:
    """The type is the next-to-last part of `_ref`, so portfolio types are written at `/feature/<OID>`."""
    made = ruby.create("portfolioitem/feature", {"Name": "a feature by Ruby"})
    kind = made["_ref"].split("/")[-2]
    assert kind == "feature"
    assert ruby.update(kind, made["ObjectID"], {"Name": "renamed by Ruby"})["Name"] == "renamed by Ruby"
    assert ruby.delete(kind, made["ObjectID"])["Errors"] == []


def test_it_reads_by_formatted_id(ruby: Ruby) -> None:
    made = ruby.create("defect", {"Name": "to be found by Ruby"})
    (found,) = ruby.find("defect", f"(FormattedID = {made['FormattedID']})", fetch="true")
    assert found["ObjectID"] == made["ObjectID"]
    assert ruby.read(found["_ref"])["Name"] == "to be found by Ruby"


def test_its_four_threads_read_the_whole(ruby: Ruby) -> None:
    found = ruby.find("hierarchicalrequirement", "", fetch="Name", pagesize=5, order="Rank")
    whole = ruby.find("hierarchicalrequirement", "", fetch="Name", pagesize=200, order="Rank")
    assert [item["_ref"] for item in found] == [item["_ref"] for item in whole]
    assert len(whole) > 20


def test_an_empty_query_string_is_none(ruby: Ruby) -> None:
    """A `query_string` of nil is sent as `query=`."""
    found: Any = ruby.http.get(f"{BASE}/defect?query=&pagesize=1&start=1&{ruby.tail}").json()["QueryResult"]
    assert (found["Errors"], len(found["Results"])) == ([], 1)


def test_allowed_values_come_without_fetch(ruby: Ruby) -> None:
    values = ruby.allowed_values("Defect", "Severity")
    assert values[:2] == ["None", "Crash/Data Loss"]


def test_ranking_is_a_put_with_a_ref_alone(ruby: Ruby) -> None:
    first, second = (ruby.create("defect", {"Name": f"ranked by Ruby {n}"}) for n in "ab")
    for item, where in ((second, "rankTo=TOP"), (first, f"rankAbove={quote_plus(second['_ref'])}")):
        found = ruby.rank("defect", item, where)
        assert (found["Errors"], found["Warnings"]) == ([], [])
    query = f'((Name contains "ranked by Ruby") AND (ObjectID >= {first["ObjectID"]}))'
    assert [item["Name"][-1] for item in ruby.find("defect", query, fetch="Name", order="Rank")] == ["a", "b"]
