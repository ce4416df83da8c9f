"""A form's token is good for its user, and for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from banneret.web.form_tokens import FormTokens

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TOKENS = FormTokens(b"a secret")


@pytest.mark.parametrize(
    ("user", "later", "holds"),
    [
        (7, timedelta(0), True),
        (7, timedelta(hours=12), True),
        (7, timedelta(hours=24), False),
        (7, timedelta(hours=-13), False),
        (8, timedelta(0), False),
        (None, timedelta(0), False),
    ],
)
def test_it_holds_for_its_user_for_a_while(user: int | None, later: timedelta, *, holds: bool) -> None:
    assert TOKENS.holds(TOKENS.issue(7, NOW), user, NOW + later) is holds


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "\udc80", FormTokens(b"another").issue(7, NOW)])
def test_what_was_not_issued_does_not_hold(token: str) -> None:
    assert not TOKENS.holds(token, 7, NOW)
