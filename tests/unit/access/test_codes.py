"""Codes of a second factor, and what is sealed: RFC 6238's own vectors, windows, and what opens for whom."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from banneret.access.codes import new_recovery_codes, new_totp_secret, recovery_digest, totp_address, totp_step
from banneret.access.passkeys import challenge_holds, new_challenge, read_answer
from banneret.access.sealing import seal, unseal

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
SECRET, OTHER = b"a server secret for tests", b"another server's secret.."
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert totp_step(RFC_SECRET, code, moment, -1) == seconds // 30
    assert totp_step(RFC_SECRET, f" {code[:3]} {code[3:]}", moment, -1) == seconds // 30
    assert totp_step(RFC_SECRET, code, moment, seconds // 30) is None


@pytest.mark.parametrize("steps", range(-3, 4))
def test_a_telephones_clock_may_be_off_by_one_step(steps: int) -> None:
    moment = datetime.fromtimestamp(1111111109, UTC) + timedelta(seconds=30 * steps)
    assert (totp_step(RFC_SECRET, "081804", moment, -1) is not None) == (abs(steps) <= 1)


@pytest.mark.parametrize("code", ["", "28708", "2870822", "٢٨٧٠٨٢", "287o82", "\udcff"])
def test_what_is_no_code_is_none_of_any_time(code: str) -> None:
    assert totp_step(RFC_SECRET, code, datetime.fromtimestamp(59, UTC), -1) is None


def test_an_address_names_user_and_company_and_each_secret_is_new() -> None:
    first, second = new_totp_secret(), new_totp_secret()
    assert first != second
    address = totp_address(first, "a b@acme.test", "Banneret Acme & Söhne")
    assert address.startswith("otpauth://totp/Banneret%20Acme%20%26%20S%C3%B6hne:a%20b%40acme.test?secret=" + first)


def test_recovery_codes_are_ten_and_count_as_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 24 for code in codes)
    digest = recovery_digest(SECRET, 7, codes[0])
    assert recovery_digest(SECRET, 7, f" {codes[0].upper().replace('-', ' ')}\n") == digest
    assert digest not in {recovery_digest(SECRET, 8, codes[0]), recovery_digest(OTHER, 7, codes[0])}


def test_what_is_sealed_opens_for_its_purpose_and_under_its_secret_alone() -> None:
    sealed = seal(SECRET, "app of 7", "words")
    assert "words" not in sealed
    assert unseal(SECRET, "app of 7", sealed) == "words"
    for secret, purpose, text in ((OTHER, "app of 7", sealed), (SECRET, "app of 8", sealed), (SECRET, "app of 7", "é")):
        assert unseal(secret, purpose, text) is None


def test_a_challenge_holds_for_its_purpose_and_a_while() -> None:
    challenge = new_challenge(SECRET, "show 7", NOW)
    assert challenge_holds(SECRET, "show 7", challenge, NOW + timedelta(minutes=15))
    assert not challenge_holds(SECRET, "show 7", challenge, NOW + timedelta(minutes=16))
    assert not challenge_holds(SECRET, "show 8", challenge, NOW)
    assert not challenge_holds(OTHER, "show 7", challenge, NOW)
    for forged in (b"", challenge[:-1], challenge[::-1], bytes(40)):
        assert not challenge_holds(SECRET, "show 7", forged, NOW)


@pytest.mark.parametrize(
    "text", ["", "null", "1", "[]", "{}", '{"response": {}}', '{"id":"é","rawId":"é","type":"public-key"}']
)
def test_what_is_no_answer_of_a_passkey_is_none(text: str) -> None:
    assert read_answer(text) is None
