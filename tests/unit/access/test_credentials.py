import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.access.credentials import (
    BasicCredential,
    Carrier,
    Credential,
    KeyCredential,
    MalformedCredential,
    SessionCredential,
    find_credential,
    http_session,
)

KEY, OTHER_KEY = "_EXAMPLEfull0123456789", "_EXAMPLEother0123456789"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def found(**headers: str) -> Credential | None:
    return find_credential(headers.get)


def test_a_request_without_credentials_presents_none() -> None:
    assert found(accept="text/html") is None
    assert found(zsessionid="", authorization=" ", cookie="a=b; ZSESSIONID=") is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"zsessionid": KEY}, KeyCredential(KEY, Carrier.HEADER)),
        ({"zsessionid": "token"}, SessionCredential("token", Carrier.HEADER)),
        ({"authorization": f"Bearer {KEY}"}, KeyCredential(KEY, Carrier.BEARER)),
        ({"authorization": "bearer token"}, SessionCredential("token", Carrier.BEARER)),
        ({"authorization": basic("u@x", "p:w")}, BasicCredential("u@x", "p:w")),
        ({"authorization": basic("ü", "ß")}, BasicCredential("ü", "ß")),
        ({"authorization": basic("", "sid")}, SessionCredential("sid", Carrier.BASIC)),
        ({"authorization": basic(KEY, KEY)}, BasicCredential(KEY, KEY)),
        ({"cookie": f"ZSESSIONID={KEY}"}, KeyCredential(KEY, Carrier.COOKIE)),
        ({"cookie": "a=1; ZSESSIONID=token"}, SessionCredential("token", Carrier.COOKIE)),
        ({"cookie": "JSESSIONID=http"}, SessionCredential("http", Carrier.COOKIE)),
        ({"cookie": f"JSESSIONID=http; ZSESSIONID={KEY}"}, KeyCredential(KEY, Carrier.COOKIE)),
    ],
)
def test_each_carrier_by_itself(headers: dict[str, str], expected: Credential) -> None:
    assert find_credential(headers.get) == expected
    assert find_credential({name: value.encode("latin-1") for name, value in headers.items()}.get) == expected


def test_the_first_carrier_present_decides_and_nothing_falls_through() -> None:
    """Access.md 1.4, 1.16 m to o: a good key beside a wrong Basic, a bad key beside a right one."""
    everything = {
        "zsessionid": KEY,
        "authorization": basic("u", "p"),
        "cookie": f"ZSESSIONID={OTHER_KEY}; JSESSIONID=s",
    }
    assert find_credential(everything.get) == KeyCredential(KEY, Carrier.HEADER)
    del everything["zsessionid"]
    assert find_credential(everything.get) == BasicCredential("u", "p")
    everything["authorization"] = "Basic ???"
    assert find_credential(everything.get) == MalformedCredential(Carrier.BASIC)
    del everything["authorization"]
    assert find_credential(everything.get) == KeyCredential(OTHER_KEY, Carrier.COOKIE)


@pytest.mark.parametrize(
    "value",
    [
        "Basic",
        "Basic !!",
        basic("", ""),
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Bearer",
        "Digest x",
    ],
)
def test_an_unreadable_authorization_is_presented_but_invalid(value: str) -> None:
    assert isinstance(found(authorization=value), MalformedCredential)


def test_control_characters_are_refused_before_a_database_sees_them() -> None:
    assert isinstance(found(authorization=basic("u\0", "p")), MalformedCredential)
    assert isinstance(found(zsessionid="_a\0"), MalformedCredential)


@given(st.dictionaries(st.sampled_from(["zsessionid", "authorization", "cookie"]), st.text() | st.binary()))
def test_junk_never_raises(headers: dict[str, str | bytes]) -> None:
    find_credential(headers.get)
    http_session(headers.get)


@given(st.binary())
def test_junk_in_basic_never_raises(raw: bytes) -> None:
    find_credential({"authorization": b"Basic " + base64.b64encode(raw)}.get)


def test_the_http_session_is_read_beside_any_credential() -> None:
    assert http_session({"cookie": "JSESSIONID=abc; ZSESSIONID=_k"}.get) == "abc"
    assert http_session({"cookie": "a=b"}.get) is None


def test_secrets_stay_out_of_representations() -> None:
    shown = [
        repr(found(zsessionid=KEY)),
        repr(found(zsessionid="tok")),
        repr(found(authorization=basic("u", "pw"))),
    ]
    assert not any(secret in text for secret in (KEY, "tok", "pw") for text in shown)


def test_browsers_send_basic_and_cookies_by_themselves() -> None:
    assert [carrier.is_ambient for carrier in Carrier] == [False, False, True, True]
