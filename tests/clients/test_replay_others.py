"""Request lines of smaller clients, as recorded or as their sources send them, against a live server (wsapi.md 11.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.toolkits import BASE, open_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live import Live

EDITOR = "editor@acme.test"
NOISE = "start=1&pagesize=2000&projectScopeUp=true&projectScopeDown=true&compact=false&includePermissions=true"


@pytest.fixture
def http(live: Live) -> Iterator[Any]:
    """A client with the editor's key."""
    with open_client(live, headers={"zsessionid": live.key(EDITOR)}) as opened:
        yield opened


@pytest.fixture
def basic(live: Live) -> Iterator[Any]:
    """A client with the editor's password, sent at once, and a cookie jar."""
    with open_client(live, auth=(EDITOR, live.password(EDITOR))) as opened:
        yield opened


def result(answer: Any, *, wanted: str) -> dict[str, Any]:
    assert answer.status_code == 200
    ((root, found),) = answer.json().items()
    assert (root, found["Errors"]) == (wanted, [])
    inner: dict[str, Any] = found
    return inner


# ---------------------------------------------------------------------- custom-agile-toolkit


def test_custom_agile_saves_the_whole_object(http: Any) -> None:
    """It creates by PUT with a stray tail behind the parameters, and saves by PUT of all that it read."""
    made = result(
        http.put(f"{BASE}/Defect/create?fetch=true&{NOISE}/create?", json={"Defect": {"Name": "custom"}}),
        wanted="CreateResult",
    )
    whole = {**made["Object"], "Name": "saved as a whole"}
    ref = whole["_ref"]
    saved = result(http.put(f"{ref}?fetch=true&{NOISE}", json={"Defect": whole}), wanted="OperationResult")
    assert saved["Warnings"] == []
    assert saved["Object"]["Name"] == "saved as a whole"
    assert (saved["Object"]["VersionId"], saved["Object"]["FormattedID"]) == ("2", whole["FormattedID"])
    result(http.delete(f"{ref}?{NOISE}"), wanted="OperationResult")


def test_custom_agile_saves_by_number(http: Any) -> None:
    """The path ends in the number, and so does the query string; beside a ref the ObjectID in the body may be any."""
    made = result(http.put(f"{BASE}/Defect/create?{NOISE}", json={"Defect": {"Name": "custom"}}), wanted="CreateResult")
    oid, project = made["Object"]["ObjectID"], made["Object"]["Project"]["_ref"]
    for name, body in (
        ("one", {"ObjectID": oid, "Project": project}),
        ("two", {"ObjectID": -1, "_ref": f"/defect/{oid}"}),
    ):
        address = f"{BASE}/Defect/{oid}?{NOISE}/{oid}?"
        saved = result(http.put(address, json={"[object Object]": {"Name": name, **body}}), wanted="OperationResult")
        assert (saved["Object"]["Name"], saved["Object"]["ObjectID"]) == (name, oid)
        assert saved["Warnings"] == []


def test_custom_agile_s_errors_are_the_live_service_s(http: Any) -> None:
    """Word by word what its tests compare."""
    project = {"Project": "/project/1", "Name": "test defect"}
    for method, path, body, error in (
        ("GET", "Project?query=(Name zobolts 9)", None, 'Could not parse: Unknown operator "zobolts"'),
        ("GET", "defect/1234", None, "Cannot find object to read"),
        ("DELETE", "defect/1234", None, "Object to delete cannot be null"),
        ("PUT", f"IAMNOTAREALONE/create?{NOISE}/create?", project, 'Requested type name "iamnotarealone" is unknown.'),
    ):
        answer = http.request(method, f"{BASE}/{path}", json=body)
        assert answer.status_code == 200
        ((_, found),) = answer.json().items()
        assert found["Errors"] == [error]


# ---------------------------------------------------------------------- RallyRestAPIForClojure


def test_clojure_writes_by_basic_with_a_token(basic: Any) -> None:
    token = result(basic.get(f"{BASE}/security/authorize"), wanted="OperationResult")["SecurityToken"]
    project = result(basic.get(f"{BASE}/project?pagesize=1&start=1"), wanted="QueryResult")["Results"][0]
    assert project["_type"] == "Project"
    assert result(basic.get(f"{BASE}/User:current"), wanted="User")["UserName"] == EDITOR
    body = {"HierarchicalRequirement": {"Name": "by Clojure"}}
    made = result(basic.put(f"{BASE}/userstory/create?key={token}", json=body), wanted="CreateResult")["Object"]
    assert made["_type"] == "HierarchicalRequirement"
    # It parses the version from text, and addresses by UUID.
    assert int(made["_rallyAPIMajor"]) == 2
    path = f"{BASE}/hierarchicalrequirement/{made['_refObjectUUID']}"
    changed = result(basic.post(f"{path}?key={token}", json={"x": {"Name": "again"}}), wanted="OperationResult")
    assert changed["Object"]["Name"] == "again"
    assert result(basic.get(path), wanted="HierarchicalRequirement")["ObjectID"] == made["ObjectID"]
    result(basic.delete(f"{path}?key={token}"), wanted="OperationResult")
    gone = basic.get(path).json()["OperationResult"]
    assert gone["Errors"] == ["Cannot find object to read"]
    schema = basic.get(f"/slm/schema/v2.0/project/{project['_ref'].rpartition('/')[2]}", follow_redirects=True)
    assert result(schema, wanted="QueryResult")["TotalResultCount"] > 50


def test_clojure_s_tests_hold(http: Any) -> None:
    """What its tests ask of the live service: members, children by path and object, results with a Build that is a number."""
    fresh = f"clojure {id(http)}"

    def create(kind: str, **fields: Any) -> dict[str, Any]:
        body = {kind: {"Name": fresh, **fields}}
        made = result(http.put(f"{BASE}/{kind}/create", json=body), wanted="CreateResult")["Object"]
        assert isinstance(made, dict)
        return made

    story, defects = create("HierarchicalRequirement"), [create("Defect") for _ in "ab"]
    items = {"CollectionItems": [{"_ref": defect["_ref"]} for defect in defects]}
    result(http.post(f"{story['Defects']['_ref']}/add", json=items), wanted="OperationResult")
    by_uuid = f"{BASE}/hierarchicalrequirement/{story['_refObjectUUID']}/Defects"
    assert result(http.get(by_uuid), wanted="QueryResult")["TotalResultCount"] == 2
    items["CollectionItems"].pop()
    result(http.post(f"{story['Defects']['_ref']}/remove", json=items), wanted="OperationResult")
    (left,) = result(http.get(story["Defects"]["_ref"]), wanted="QueryResult")["Results"]
    assert left["_ref"] == defects[1]["_ref"]
    parent = f"{BASE}/hierarchicalrequirement/{story['_refObjectUUID']}"
    child = create("HierarchicalRequirement", Parent=parent)
    assert child["Parent"]["_ref"] == story["_ref"]
    for query in (f'(Parent.Name = "{fresh}")', f"(Parent = {story['_ref']})"):
        found = result(http.get(f"{BASE}/userstory", params={"query": query}), wanted="QueryResult")["Results"]
        assert [item["_ref"] for item in found] == [child["_ref"]]
    number = f'(FormattedID = "{defects[0]["FormattedID"]}")'
    several = result(http.get(f"{BASE}/artifact", params={"query": number, "pagesize": 200}), wanted="QueryResult")
    assert defects[0]["_ref"] in [item["_ref"] for item in several["Results"]]
    case = create("TestCase")
    for moment, read in (("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"), ("2026-01-02T00:00:00.000Z",) * 2):
        fields = {"Build": 1, "Date": moment, "TestCase": case["_ref"], "Verdict": "Blocked"}
        made = result(http.put(f"{BASE}/testcaseresult/create", json={"x": fields}), wanted="CreateResult")
        assert (made["Object"]["Date"], made["Object"]["Build"]) == (read, "1")
    copied = http.post(f"{story['_ref']}/copy", json={"HierarchicalRequirement": {}}).json()["CreateResult"]["Object"]
    assert copied["Name"] == f"(Copy of) {fresh}"
    junk = http.put(f"{BASE}/junktype/create", json={"junktype": {"JunkField": "Super Junky"}}).json()
    assert len(junk["CreateResult"]["Errors"]) == 1
    assert http.get("/totally-bogus").status_code == 404


# ---------------------------------------------------------------------- alm-mobile


def test_alm_mobile_reads_shallow_and_writes_a_model(basic: Any) -> None:
    headers = {"X-Requested-By": "Rally", "X-Trace-Id": "1-2-3"}
    found = result(basic.get(f"{BASE}/security/authorize", headers=headers), wanted="OperationResult")
    fetch = "FormattedID,Name,Owner[UserName;EmailAddress],Tags[Name;Count]"
    given = {"shallowFetch": fetch, "project": "null", "pagesize": 2, "start": 1, "order": "Rank ASC,ObjectID"}
    page = result(
        basic.get(f"{BASE}/artifact", params={**given, "types": "Defect,HierarchicalRequirement"}), wanted="QueryResult"
    )
    assert {item["_type"] for item in page["Results"]} <= {"Defect", "HierarchicalRequirement"}
    body = {"model": {"Name": "by the mobile client"}}
    key = {"key": found["SecurityToken"], "shallowFetch": "Name,Owner"}
    made = result(basic.post(f"{BASE}/defect/create", params=key, json=body, headers=headers), wanted="CreateResult")
    item = made["Object"]
    assert item["Name"] == "by the mobile client"
    # Backbone keeps the object by its UUID and says PUT in a header.
    override = {**headers, "X-HTTP-Method-Override": "PUT"}
    path = f"{BASE}/defect/{item['_refObjectUUID']}"
    saved = result(
        basic.post(path, params=key, json={"model": {**item, "Name": "kept"}}, headers=override),
        wanted="OperationResult",
    )
    assert saved["Object"]["Name"] == "kept"
    override["X-HTTP-Method-Override"] = "DELETE"
    result(basic.post(path, params=key, headers=override), wanted="OperationResult")


# ---------------------------------------------------------------------- aha-services


def test_aha_writes_by_the_abstract_portfolio_type(basic: Any) -> None:
    token = result(basic.get(f"{BASE}/security/authorize"), wanted="OperationResult")["SecurityToken"]
    query = "((TypePath contains PortfolioItem) AND (Ordinal >= 0))"
    kinds = result(basic.get(f"{BASE}/typedefinitions", params={"query": query, "fetch": "true"}), wanted="QueryResult")
    (lowest,) = [kind["ElementName"] for kind in kinds["Results"] if kind["Ordinal"] == 0]
    key = {"key": token}
    body = {"PortfolioItem": {"Name": "by aha"}}
    made = [
        result(basic.put(f"{BASE}/portfolioitem/{lowest}/create", params=key, json=body), wanted="CreateResult")[
            "Object"
        ]
        for _ in "ab"
    ]
    first, second = (item["ObjectID"] for item in made)
    read = result(basic.get(f"{BASE}/portfolioitem/{first}"), wanted=lowest)
    assert read["Name"] == "by aha"
    path = f"{BASE}/portfolioitem/{first}"
    changed = result(
        basic.post(path, params=key, json={"PortfolioItem": {"Name": "renamed"}}), wanted="OperationResult"
    )
    assert changed["Object"]["Name"] == "renamed"
    ranked = {**key, "rankBelow": f"/slm/webservice/v2.0/portfolioitem/{second}"}
    result(basic.post(path, params=ranked, json={"PortfolioItem": {}}), wanted="OperationResult")
    order = result(
        basic.get(
            f"{BASE}/portfolioitem", params={"query": f"(ObjectID >= {first})", "order": "Rank", "fetch": "ObjectID"}
        ),
        wanted="QueryResult",
    )
    assert [item["ObjectID"] for item in order["Results"]] == [second, first]
    assert result(basic.get(f"{path}/Attachments"), wanted="QueryResult")["Results"] == []
    for item in made:
        result(basic.delete(f"{BASE}/portfolioitem/{item['ObjectID']}", params=key), wanted="OperationResult")


# ---------------------------------------------------------------------- AppSDK 2


def test_appsdk_asks_version_v2_x(http: Any, live: Live) -> None:
    """Preferences by name and user, the schema by its version, refs that keep `v2.x`."""
    base = "/slm/webservice/v2.x"
    me = result(http.get(f"{base}/user?fetch=true&compact=false&includePermissions=true"), wanted="User")
    assert me["_ref"].startswith(f"{live.url}{base}/user/")
    body = {"Preference": {"Name": "app-setting", "Value": '{"a": 1}', "User": me["_ref"]}}
    made = result(http.post(f"{base}/preference/create?compact=false", json=body), wanted="CreateResult")["Object"]
    query = f'((Name = "app-setting") AND (User = {me["_ref"]}))'
    given = {"query": query, "fetch": "Name,Value", "pageSize": 200, "_slug": "/custom", "start": 1, "page": 1}
    (found,) = result(http.get(f"{base}/preference", params=given), wanted="QueryResult")["Results"]
    assert (found["Value"], found["_ref"]) == ('{"a": 1}', made["_ref"])
    result(http.delete(made["_ref"]), wanted="OperationResult")
    workspace = result(http.get(f"{base}/workspace?fetch=SchemaVersion,Name"), wanted="QueryResult")["Results"][0]
    path = f"/slm/schema/v2.x/workspace/{workspace['_ref'].rpartition('/')[2]}/{workspace['SchemaVersion']}"
    assert result(http.get(path, params={"pageSize": 2000}, headers={"accept": "text/plain"}), wanted="QueryResult")[
        "Results"
    ]


def test_outside_slm_there_is_nothing(http: Any) -> None:
    assert http.get("/webservice/v2.0/defect").status_code == 404
    assert http.get("/slmx/webservice/v2.0/defect").status_code == 404
