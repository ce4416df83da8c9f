import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.access.addresses import is_list_entry, is_listed


@pytest.mark.parametrize(
    ("address", "entry", "expected"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.9/24", True),
        ("10.1.2.3", "10.1.2.1 - 10.1.2.3", True),
        ("10.1.2.4", "10.1.2.1-10.1.2.3", False),
        ("::ffff:10.1.2.3", "10.0.0.0/8", True),
        ("2001:db8::1", "2001:db8::/32", True),
        ("10.1.2.3", "::/0", False),
        ("10.1.2.3", "rubbish", False),
        ("10.1.2.3", "10.1.2.1-2001:db8::1", False),
        ("", "0.0.0.0/0", False),
        (None, "0.0.0.0/0", False),
    ],
)
def test_an_address_in_a_list(address: str | None, entry: str, expected: bool) -> None:
    assert is_listed(address, ["192.0.2.7", entry]) is expected


def test_an_entry_is_checked_before_it_is_kept() -> None:
    assert is_list_entry("10.0.0.0/8")
    assert not is_list_entry("10.0.0.0/99")


def test_nothing_is_in_an_empty_list() -> None:
    assert not is_listed("10.1.2.3", [])


@given(st.text(), st.text())
def test_junk_never_raises(address: str, entry: str) -> None:
    is_listed(address, [entry])
    is_list_entry(entry)
