"""Single statements about WSAPI that no other file holds; docs/fidelity.md names them all."""

from __future__ import annotations

import re
from datetime import timedelta

from tests import stored
from tests.harness import World


async def test_a_rank_is_text_of_rally_s_shape(world: World) -> None:
    """Opaque, sortable, `P!` at the beginning, `~` at the end."""
    ranks = [(await world.make("defect", Name=f"x{n}"))["DragAndDropRank"] for n in range(3)]
    for rank in ranks:
        assert re.fullmatch(r"P![^\s]{1,80}~", rank), rank
    assert sorted(ranks) == ranks


async def test_the_right_side_of_a_comparison_is_no_attribute(world: World) -> None:
    """`Description` is the word, not the attribute (KB 131936)."""
    await world.make("defect", Name="same", Description="same")
    named = await world.make("defect", Name="Description", Description="other")
    found = await world.get("defect", query="(Name = Description)")
    assert [item["_ref"] for item in found.results] == [named["_ref"]]
    assert (await world.get("defect", query="(TargetDate > CreationDate)")).errors


async def test_containsall_is_no_operator(world: World) -> None:
    answer = await world.get("defect", query='(Tags.Name containsall "a","b")')
    assert answer.errors == ['Could not parse: Unknown operator "containsall"']


async def test_revisions_are_queried_by_history_date_and_user(world: World) -> None:
    made = [await world.make("defect", "editor", Name=name) for name in "ab"]
    world.clock.advance(timedelta(days=1))
    for item in made:
        await world.post(f"defect/{item['ObjectID']}", {"x": {"Name": "c"}}, "padmin")
    history = made[0]["RevisionHistory"]["_ref"].rpartition("/")[2]
    for query, numbers in (
        (f"(RevisionHistory.ObjectID = {history})", [0, 1]),
        (f'((RevisionHistory.ObjectID = {history}) AND (CreationDate > "2026-01-06"))', [1]),
        (f'((RevisionHistory.ObjectID = {history}) AND (User.UserName = "editor@acme.test"))', [0]),
        ('((CreationDate > "2026-01-06") AND (User.UserName = "padmin@acme.test"))', [1, 1]),
    ):
        found = await world.get("revision", query=query, fetch="RevisionNumber", order="RevisionNumber")
        assert [item["RevisionNumber"] for item in found.results] == numbers, query


async def test_the_401_page_says_what_pyral_looks_for(world: World) -> None:
    wrong = await world.get("user", user=None, headers=world.basic("editor", "wrong"))
    assert wrong.status == 401
    assert b"Error 401 The username or password you entered is incorrect." in wrong.body
    assert b"Problem accessing /slm/webservice/v2.0/user. Reason:" in wrong.body
    bare = await world.get("user", user=None)
    assert b"Full authentication is required to access this resource" in bare.body


async def test_markup_that_runs_is_refused(world: World) -> None:
    refused = "contained invalid input. Search 'HTML Whitelist' at help.rallydev.com for details."
    kept = await world.make("defect", Name="x", Description="<p>plain <b>bold</b></p>")
    before = await stored.dump(world.store)
    for markup in ("<script>alert(1)</script>", '<iframe src="x"></iframe>', '<a href="javascript:x()">y</a>'):
        for path in ("defect/create", f"defect/{kept['ObjectID']}"):
            answer = await world.post(path, {"Defect": {"Name": "y", "Description": markup}})
            assert answer.errors == [f"Validation error: Defect.Description {refused}"], markup
    assert await stored.dump(world.store) == before


async def test_stories_have_two_names_in_errors(world: World) -> None:
    """ElementName where a value is wrong, the class's own name where a class is meant (wsapi.md 7.2)."""
    answer = await world.post("hierarchicalrequirement/create", {"x": {"Name": "x" * 300}})
    assert answer.errors == [
        "Validation error: HierarchicalRequirement.Name length is greater than the maximum length of 256"
    ]


async def test_creating_an_unknown_type_is_an_error_in_the_answer(world: World) -> None:
    """The name is told in lower case, as custom-agile-toolkit's tests heard it from the live service."""
    before = await stored.dump(world.store)
    for sent in ("nonsense", "IAMNOTAREALONE"):
        answer = await world.post(f"{sent}/create", {sent: {"Name": "x"}})
        assert (answer.status, answer.root) == (200, "CreateResult")
        assert answer.errors == [f'Requested type name "{sent.lower()}" is unknown.']
    assert await stored.dump(world.store) == before


async def test_an_add_without_fetch_answers_refs(world: World) -> None:
    tag = await world.make("tag", Name="t")
    made = await world.make("defect", Name="x")
    answer = await world.post(f"defect/{made['ObjectID']}/Tags/add", {"CollectionItems": [{"_ref": tag["_ref"]}]})
    (item,) = answer.results
    assert list(item) == ["_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_refObjectName", "_type"]
