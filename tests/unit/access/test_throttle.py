from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.access.credentials import (
    BasicCredential,
    Carrier,
    Credential,
    KeyCredential,
    MalformedCredential,
)
from banneret.access.throttle import FailedLogin, LoginThrottle, counts_as_failure
from tests.unit.access.factories import NOW

THROTTLE = LoginThrottle()


def failures(count: int, source: str = "a", ago: float = 0) -> list[FailedLogin]:
    return [FailedLogin(NOW - timedelta(seconds=ago), source) for _ in range(count)]


def test_some_failures_are_free() -> None:
    assert THROTTLE.verdict(failures(4), "a", NOW).allowed
    assert not THROTTLE.verdict(failures(5), "a", NOW).allowed


def test_the_delay_grows_and_ends() -> None:
    first, later = THROTTLE.verdict(failures(5), "a", NOW), THROTTLE.verdict(failures(7), "a", NOW)
    assert first.until == NOW + timedelta(seconds=30)
    assert later.until == NOW + timedelta(seconds=120)
    assert THROTTLE.verdict(failures(5, ago=30), "a", NOW).allowed
    assert THROTTLE.verdict(failures(5000, ago=3600), "a", NOW).allowed


def test_a_strangers_guesses_do_not_slow_the_user_at_home() -> None:
    assert THROTTLE.verdict(failures(19, "stranger"), "home", NOW).allowed


def test_a_distributed_attack_slows_everybody() -> None:
    crowd = [FailedLogin(NOW, f"source{number}") for number in range(20)]
    assert not THROTTLE.verdict(crowd, "home", NOW).allowed


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("ab"))), st.integers(-1, 1440))
def test_no_delay_is_longer_than_set(seen: list[tuple[int, str]], minutes: int) -> None:
    throttle = LoginThrottle.of(3, minutes)
    past = [FailedLogin(NOW - timedelta(seconds=ago), source) for ago, source in seen]
    found = throttle.verdict(past, "a", NOW)
    assert found.allowed == (found.until is None)
    assert found.until is None or NOW < found.until <= NOW + throttle.longest


def test_the_settings_are_the_subscriptions() -> None:
    assert LoginThrottle.of(None, None) == THROTTLE
    assert LoginThrottle.of(3, 15) == LoginThrottle(attempts=3, longest=timedelta(minutes=15))
    assert LoginThrottle.of(3, -1).longest > timedelta(days=10_000)


@pytest.mark.parametrize(
    ("credential", "expected"),
    [
        (BasicCredential("u", "p"), True),
        (None, False),
        (KeyCredential("_k", Carrier.HEADER), False),
        (MalformedCredential(Carrier.BASIC), False),
    ],
)
def test_a_challenge_is_no_failed_log_in(credential: Credential | None, expected: bool) -> None:
    assert counts_as_failure(credential) is expected
