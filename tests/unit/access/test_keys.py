import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.access import keys

SECRET = b"s" * 32


def test_a_key_has_rallys_shape_and_our_mark() -> None:
    made = keys.make_key()
    assert re.fullmatch(r"_BK[0-9A-Za-z]{41}", made)
    assert keys.looks_like_key(made)
    assert keys.checksum_holds(made)


def test_no_two_keys_are_alike() -> None:
    assert len({keys.make_key() for _ in range(1000)}) == 1000


@given(st.integers(0, 43), st.sampled_from(keys.PREFIX + "0aZ9"))
def test_a_mistyped_character_breaks_the_checksum(position: int, other: str) -> None:
    made = keys.make_key()
    changed = made[:position] + other + made[position + 1 :]
    assert keys.checksum_holds(changed) == (changed == made)


def test_keys_are_found_in_a_log_and_no_others() -> None:
    made = keys.make_key()
    text = f'curl -H "zsessionid: {made}" and x{made} and {made}x'
    assert keys.PATTERN.findall(text) == [made]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("_EXAMPLEfull0123456789abcdefghijABCDEFGHIJKL", True),
        ("_" + "a" * 19, True),
        ("_" + "a" * 254, True),
        ("_" + "a" * 18, False),
        ("_" + "a" * 255, False),
        ("a" * 44, False),
        ("_" + "a" * 20 + " b", False),
        ("_" + "ä" * 30, False),
    ],
)
def test_what_a_scenario_may_fix_as_a_key(value: str, expected: bool) -> None:
    assert keys.looks_like_key(value) is expected


def test_a_hint_gives_six_and_four_characters() -> None:
    assert keys.hint("_EXAMPLEfull0123456789abcdefghijABCDEFGHIJKL") == "_EXAMP…IJKL"


@given(st.text(), st.text())
def test_the_lookup_hash_tells_values_apart(one: str, two: str) -> None:
    found = keys.lookup_hash(SECRET, one)
    assert len(found) == 32
    assert (found == keys.lookup_hash(SECRET, two)) == (one == two)


def test_the_lookup_hash_depends_on_the_servers_secret() -> None:
    assert keys.lookup_hash(SECRET, "_a") != keys.lookup_hash(b"t" * 32, "_a")
