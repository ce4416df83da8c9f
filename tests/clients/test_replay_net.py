"""What the .NET toolkit 3.x sends, against a live server (wsapi.md 11.5): forms, six pages at once, retries, loose JSON."""

from __future__ import annotations

import json
import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

from tests.clients.toolkits import BASE, Net, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live import Live

EDITOR = "editor@acme.test"


@pytest.fixture(params=["key", "password"])
def net(request: pytest.FixtureRequest, live: Live) -> Iterator[Net]:
    with Net(live, key=live.key(EDITOR)) if request.param == "key" else Net(live, user=EDITOR) as opened:
        yield opened


@pytest.fixture
def wire(live: Live) -> Iterator[ssl.SSLSocket]:
    """A bare connection over TLS 1.2, for what no library lets one do."""
    address = urlsplit(live.url)
    trust = ssl.create_default_context(cafile=live.ca)
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection((str(address.hostname), address.port or 443), 30) as plain,
        trust.wrap_socket(plain, server_hostname=address.hostname) as wrapped,
    ):
        yield wrapped


def head(live: Live, path: str, length: int, *more: str) -> bytes:
    """Give the head of a POST."""
    lines = [f"POST {BASE}/{path} HTTP/1.1", f"Host: {live.host}", f"ZSESSIONID: {live.key(EDITOR)}"]
    return "\r\n".join([*lines, f"Content-Length: {length}", *more, "", ""]).encode()


def test_tls_1_2_is_taken(wire: ssl.SSLSocket) -> None:
    assert wire.version() == "TLSv1.2"


def test_it_connects_and_knows_who_it_is(net: Net) -> None:
    assert net.connect()["UserName"] == EDITOR


def test_the_first_page_is_a_form(net: Net) -> None:
    """`_method=GET` in a body, the token in the URL or none: a query, whatever the method says."""
    form = {
        "_method": "GET",
        "pagesize": 2,
        "fetch": "Name",
        "order": "Name,ObjectID",
        "start": 1,
        "query": "(Name != x)",
    }
    for key in ({}, {"key": "of no session"}, net.key()):
        found = net.http.post(f"{BASE}/defect.js", params=key, data=form).json()["QueryResult"]
        assert (found["Errors"], found["PageSize"], len(found["Results"])) == ([], 2, 2)


def test_six_later_pages_at_once_are_the_whole(net: Net) -> None:
    """Whatever the order, and in the order asked for."""
    for order in ("Name", "ScheduleState", "Owner", "CreationDate desc"):
        found = net.query("hierarchicalrequirement", pagesize=7, fetch="Name,ObjectID", order=order)
        whole = net.query("hierarchicalrequirement", pagesize=2000, fetch="Name,ObjectID", order=order)
        assert [item["ObjectID"] for item in found] == [item["ObjectID"] for item in whole]
        assert len(whole) == len({item["ObjectID"] for item in whole}) > 20


def test_a_query_too_long_for_an_address_goes_as_a_form(net: Net) -> None:
    query = "(Name = x)"
    for n in range(900):
        query = f'({query} OR (Name = "nothing at all with number {n}"))'
    assert len(quote(query)) > 64 * 1024
    found = net.query("defect", pagesize=20, query=query, fetch="Name")
    assert found == []


def test_its_serialiser_s_bodies_are_read(net: Net) -> None:
    """Raw newlines and tabs in text, `True` and `False`, no content type, a decimal as the culture has it."""
    body = b'{"defect":{"Name":"made by .NET","Description":"one\r\n\ttwo","Ready":True,"Blocked":False,"PlanEstimate":"2.5"}}'
    made = net.write("POST", "defect/create.js", body)["Object"]
    assert (made["Description"], made["Ready"], made["Blocked"]) == ("one\r\n\ttwo", True, False)
    oid = made["ObjectID"]
    changed = net.write("POST", f"defect/{oid}.js", b'{"defect":{"Ready":False,"Notes":"a\nb"}}')["Object"]
    assert (changed["Ready"], changed["Notes"]) == (False, "a\nb")
    assert "Object" not in net.write("DELETE", f"defect/{oid}.js", workspace="")


def test_a_refused_write_comes_three_times_and_changes_nothing(net: Net) -> None:
    with pytest.raises(RefusedError) as caught:
        net.write("POST", "defect/create.js", b'{"defect":{"Name":"never by .NET","State":"Nonsense"}}')
    assert "Valid values are" in caught.value.errors[0]
    assert net.sent == Net.TRIES
    assert net.query("defect", pagesize=20, query='(Name = "never by .NET")', fetch="Name") == []


def test_a_read_of_nothing_is_an_operation_result(net: Net) -> None:
    """Which the toolkit turns into null."""
    answer = net.http.get(f"{BASE}/defect/4711.js").json()
    assert list(answer) == ["OperationResult"]


def lose_the_answer(live: Live, wire: ssl.SSLSocket, path: str, body: bytes, method: str = "POST") -> None:
    """Send a write, and hang up when its answer begins to come: the server has done it, the client does not know."""
    raw = head(live, path, len(body)).replace(b"POST", method.encode(), 1)
    wire.sendall(raw + body)
    assert wire.recv(1) == b"H"
    wire.close()


def test_a_create_whose_answer_got_lost_is_a_second_object(live: Live, wire: ssl.SSLSocket) -> None:
    """WSAPI has nothing by which to tell a repeated create from a new one, so there are two, as in Rally."""
    with Net(live, key=live.key(EDITOR)) as net:
        body = json.dumps({"defect": {"Name": "twice by .NET"}}).encode()
        lose_the_answer(live, wire, "defect/create.js", body)
        net.write("POST", "defect/create.js", body)
        found = net.query("defect", pagesize=20, query='(Name = "twice by .NET")', fetch="FormattedID")
        assert len({item["FormattedID"] for item in found}) == 2


def test_an_update_whose_answer_got_lost_changes_nothing_the_second_time(live: Live, wire: ssl.SSLSocket) -> None:
    with Net(live, key=live.key(EDITOR)) as net:
        oid = net.write("POST", "defect/create.js", b'{"defect":{"Name":"to be changed"}}')["Object"]["ObjectID"]
        body = b'{"defect":{"Name":"changed"}}'
        lose_the_answer(live, wire, f"defect/{oid}.js", body)
        assert net.write("POST", f"defect/{oid}.js", body)["Object"]["VersionId"] == "2"


def test_a_delete_whose_answer_got_lost_finds_nothing_the_second_time(live: Live, wire: ssl.SSLSocket) -> None:
    with Net(live, key=live.key(EDITOR)) as net:
        oid = net.write("POST", "defect/create.js", b'{"defect":{"Name":"to be deleted"}}')["Object"]["ObjectID"]
        lose_the_answer(live, wire, f"defect/{oid}.js", b"", "DELETE")
        with pytest.raises(RefusedError) as caught:
            net.write("DELETE", f"defect/{oid}.js")
        assert caught.value.errors == ["Object to delete cannot be null"]


def test_a_body_waits_for_100_continue(live: Live, wire: ssl.SSLSocket) -> None:
    body = b'{"defect":{"Name":"expected"}}'
    wire.sendall(head(live, "defect/create.js", len(body), "Expect: 100-continue", "Connection: close"))
    interim = wire.recv(4096)
    assert interim.startswith(b"HTTP/1.1 100 Continue\r\n")
    wire.sendall(body)
    answer = bytearray()
    while chunk := wire.recv(65536):
        answer += chunk
    assert b" 200 OK\r\n" in answer
    assert b'"Name":"expected"' in answer


def test_a_key_goes_before_the_basic_that_net_sends_beside_it(live: Live) -> None:
    """In ApiKey mode the toolkit also sends Basic with the key as user and password, and no token."""
    with Net(live, key=live.key(EDITOR)) as net:
        request = net.http.build_request("GET", f"{BASE}/user.js")
        assert net.http.send(request).request.headers["authorization"].startswith("Basic ")
        made = net.write("POST", "tag/create.js", b'{"tag":{"Name":"by key beside Basic"}}')
        assert made["Object"]["Name"] == "by key beside Basic"


def test_a_session_of_cookies_writes_with_its_token(live: Live) -> None:
    """ZSessionID mode: the cookie, Basic with no user and the session as password, and a token for writes."""
    with Net(live, user=EDITOR) as first:
        first.key()
        session = first.http.cookies["ZSESSIONID"]
    with Net(live, session=session) as net:
        assert net.connect()["UserName"] == EDITOR
        with pytest.raises(RefusedError) as caught:
            Net.result(net.http.post(f"{BASE}/tag/create.js", content=b'{"tag":{"Name":"no"}}'))
        assert caught.value.errors == ["Not authorized to perform action: Invalid key"]
        assert net.write("POST", "tag/create.js", b'{"tag":{"Name":"by session"}}')["Object"]["Name"] == "by session"


def test_types_are_found_by_their_path(net: Net) -> None:
    (found,) = net.query(
        "typedefinition", pagesize=200, query='(TypePath = "PortfolioItem/Feature")', fetch="Attributes"
    )
    members: Any = net.http.get(found["Attributes"]["_ref"], params={"pagesize": 2000}).json()["QueryResult"]
    assert "FormattedID" in {item["ElementName"] for item in members["Results"]}
