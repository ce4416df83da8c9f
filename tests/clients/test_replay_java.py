"""What the Java toolkit 2.2.1 sends, against a live server (wsapi.md 11.4): challenge first, `.js`, text/plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients.toolkits import BASE, REF, Java, RefusedError, open_client, refs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live import Live

EDITOR, ADMIN = "editor@acme.test", "admin@acme.test"
JS = 'It is no longer necessary to append ".js" to WSAPI resources.'


@pytest.fixture(params=["key", "password"])
def java(request: pytest.FixtureRequest, live: Live) -> Iterator[Java]:
    with Java(live, key=live.key(EDITOR)) if request.param == "key" else Java(live, user=EDITOR) as opened:
        yield opened


def test_reads_wait_for_the_challenge(live: Live) -> None:
    """Basic is sent after a 401 that asks for it, and once more for each read, body or none."""
    with Java(live, user=EDITOR) as java:
        assert java.get("user.js")["UserName"] == EDITOR
        assert java.auth is not None
        assert java.auth.challenges == 1


def test_its_verbs_do_what_they_say(java: Java) -> None:
    made = java.write("POST", "defect/create.js", {"defect": {"Name": "made by Java", "State": "Open"}})
    assert made["Warnings"] == [JS]
    oid = made["Object"]["ObjectID"]
    assert java.get(f"defect/{oid}.js", fetch="Name,State")["Name"] == "made by Java"
    changed = java.write("POST", f"defect/{oid}.js", {"defect": {"State": "Fixed"}})
    assert changed["Object"]["State"] == "Fixed"
    tag = java.write("POST", "tag/create.js", {"tag": {"Name": f"java {oid}"}})["Object"]["_ref"]
    body = {"CollectionItems": [{"_ref": tag}]}
    added = java.write("POST", f"defect/{oid}/Tags/add.js", body)
    assert [item["_ref"] for item in added["Results"]] == [tag]
    assert java.query(f"defect/{oid}/Tags")["TotalResultCount"] == 1
    java.write("POST", f"defect/{oid}/Tags/remove.js", body)
    assert java.query(f"defect/{oid}/Tags")["TotalResultCount"] == 0
    assert "Object" not in java.write("DELETE", f"defect/{oid}.js")
    with pytest.raises(RefusedError) as caught:
        java.get(f"defect/{oid}.js")
    assert caught.value.errors == ["Cannot find object to read"]


def test_a_refused_write_says_why_and_leaves_nothing(java: Java) -> None:
    with pytest.raises(RefusedError) as caught:
        java.write("POST", "defect/create.js", {"defect": {"Name": "never by Java", "State": "Nonsense"}})
    assert "Valid values are" in caught.value.errors[0]
    assert java.query("defect.js", query='(Name = "never by Java")')["TotalResultCount"] == 0


def test_scope_with_the_word_null_is_the_workspace(java: Java) -> None:
    """`project=null` is the whole workspace; a project comes with up and down; `""` sends none."""
    (project,) = java.query("project.js", query='(Name = "Rider App")', fetch="Name,Workspace")["Results"]
    workspace = project["Workspace"]["_ref"].partition("/v2.0")[2]
    path = project["_ref"].partition("/v2.0")[2]
    scope = {"projectScopeUp": "false", "projectScopeDown": "true"}
    whole = java.query("defect.js", workspace=workspace, project="null", pagesize=1)
    alone = java.query("defect.js", workspace=workspace, project=path, pagesize=1, **scope)
    absent = java.query("defect.js", workspace=workspace, pagesize=1)
    assert absent["TotalResultCount"] == whole["TotalResultCount"] >= alone["TotalResultCount"] > 0


def test_plurals_are_asked_for_users_and_subscriptions(java: Java) -> None:
    (me,) = java.query("users.js", query=f"(UserName = {EDITOR})", fetch="UserName")["Results"]
    assert me["UserName"] == EDITOR
    assert java.query("subscriptions.js")["Results"][0]["_type"] == "Subscription"


TYPES = [
    *("artifact", "project", "workspace", "users", "iteration", "release", "tag", "typedefinition", "revision"),
    *("portfolioitem", "userpermission", "state", "preference", "attributedefinition", "conversationpost"),
]


def test_every_ref_of_every_answer_fits_the_toolkit_s_patterns(live: Live) -> None:
    """And leads somewhere: one of each kind is followed."""
    with Java(live, key=live.key(ADMIN)) as java:
        kinds: dict[tuple[str, str], str] = {}
        for path in TYPES:
            for ref in refs(java.query(f"{path}.js")["Results"]):
                match = REF.fullmatch(ref)
                assert match, ref
                kinds.setdefault((match["pair"] or match["type"], match["collection"] or ""), ref)
        assert {
            ("defect", ""),
            ("portfolioitem/feature", ""),
            ("Defect", "Tags"),
            ("TypeDefinition", "Attributes"),
        } <= set(kinds)
        for (kind, collection), ref in kinds.items():
            answer = java.http.get(ref, params={"pagesize": 1})
            found = next(iter(answer.json().values()))
            assert (answer.status_code, found["Errors"]) == (200, []), (kind, collection, ref)
        for ref in ("defect/1.js", "https://h/slm/webservice/v2/portfolioitem/feature/1"):
            assert not REF.fullmatch(ref), ref


def test_the_schema_is_found_behind_a_redirect(live: Live) -> None:
    """The .NET and Java toolkits follow no redirect by themselves: they keep the body under its Location."""
    with open_client(live, headers={"zsessionid": live.key(EDITOR)}) as http:
        (workspace,) = http.get(f'{BASE}/workspace.js?query=(Name = "Acme Bikeshare")').json()["QueryResult"]["Results"]
        plain = http.get(f"/slm/schema/v2.0/workspace/{workspace['_ref'].rpartition('/')[2]}")
        assert 300 <= plain.status_code < 400
        location = plain.headers["location"]
        assert location.startswith(f"{live.url}/slm/schema/v2.0/workspace/")
        body = http.get(location)
        assert body.status_code == 200
        elements = {item["ElementName"] for item in body.json()["QueryResult"]["Results"]}
        assert {"Defect", "HierarchicalRequirement", "Feature"} <= elements
