"""The acceptance list of access.md 1.16, where it can be decided without a server."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.access.decide import (
    Step,
    address_allowed,
    authenticate_basic,
    authenticate_key,
    authenticate_passkey,
    authenticate_session,
    check_method,
    effective_method,
    is_recent_login,
    password_login_allowed,
    step_owed,
)
from banneret.access.identity import (
    AuthenticationPolicy,
    AuthMethod,
    Edition,
    SessionKind,
    SubscriptionState,
)
from banneret.access.keys import Grant
from banneret.access.roles import Permissions
from banneret.access.sign_in import Demand
from banneret.kernel.errors import Unauthenticated
from tests.unit.access.factories import ADA, NOW, attempt, by_key, identity, key, roles, session, user

EDITOR = roles("editor")
EXPIRING = SubscriptionState(password_expiration_days=90)
OLD = NOW - timedelta(days=90)
LATER = NOW + timedelta(seconds=1)
SSO = {
    policy: replace(EXPIRING, authentication_policy=policy, sso_exceptions_listed=True)
    for policy in AuthenticationPolicy
}


def refusal(decide: Any, *facts: Any) -> str | None:
    with pytest.raises(Unauthenticated) as raised:
        decide(*facts)
    return raised.value.reason


def test_a_key_acts_as_its_owner() -> None:
    found = authenticate_key(attempt(key=key()), EDITOR)
    assert (found.user.oid, found.method, found.permissions) == (12, AuthMethod.KEY, EDITOR)
    assert not found.read_only
    assert not found.needs_security_token
    assert not found.is_interactive


KEY_REFUSALS = [
    ({"edition": Edition.ON_PREM}, "keys_not_in_edition"),
    ({"edition": Edition.SANDBOX}, "keys_not_in_edition"),
    ({"key": key(deleted=True)}, "key_revoked"),
    ({"key": key(suspended=True)}, "key_suspended"),
    ({"key": key(expires_at=NOW)}, "key_expired"),
    ({"key": key(ip_allow=("10.0.0.0/8",)), "address": "192.0.2.1"}, "ip_not_allowed"),
    ({"key": key(ip_allow=("10.0.0.0/8",)), "address": None}, "ip_not_allowed"),
    ({"subscription": SubscriptionState(active=False)}, "subscription_inactive"),
    ({"subscription": SubscriptionState(api_keys_enabled=False)}, "keys_disabled"),
    ({"user": user(disabled=True)}, "owner_disabled"),
    ({"user": user(deleted=True)}, "owner_disabled"),
    ({"user": None}, "owner_disabled"),
    ({"user": user(locked_by_admin=True)}, "owner_locked"),
    ({"user": user(locked_for_inactivity=True)}, "owner_locked"),
    (
        {"user": user(locked_until=LATER), "subscription": SubscriptionState(automatic_lock_stops_keys=True)},
        "owner_locked",
    ),
    ({"user": user(password_set_at=OLD), "subscription": EXPIRING}, "password_expired"),
]


@pytest.mark.parametrize(("facts", "reason"), KEY_REFUSALS)
def test_a_key_that_does_not_authenticate(facts: dict[str, Any], reason: str) -> None:
    """The rightful holder learns the reason; who tries a value that is no key's learns nothing."""
    assert authenticate_key(attempt(key=key()), EDITOR).user == user()
    assert refusal(authenticate_key, attempt(**{"key": key(), **facts}), EDITOR) == reason
    assert refusal(authenticate_key, attempt(**{**facts, "key": None}), EDITOR) is None


def test_the_rows_are_asked_in_order() -> None:
    everything = attempt(
        key=key(deleted=True, suspended=True),
        user=user(disabled=True),
        subscription=SubscriptionState(api_keys_enabled=False),
    )
    assert refusal(authenticate_key, everything, EDITOR) == "key_revoked"


def test_a_key_never_speaks_for_another_user() -> None:
    assert refusal(authenticate_key, attempt(key=key(user_oid=ADA)), EDITOR) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"key": key(expires_at=LATER)},
        {"key": key(ip_allow=("10.0.0.0/8", "192.0.2.1")), "address": "192.0.2.1"},
        {"user": user(locked_until=LATER)},
        {"user": user(password_set_at=OLD + timedelta(seconds=1)), "subscription": EXPIRING},
        {"user": user(password_set_at=OLD), "subscription": replace(EXPIRING, password_expiration_days=0)},
        {
            "user": user(password_set_at=OLD),
            "subscription": replace(EXPIRING, keys_survive_password_expiry=True),
        },
        {"user": user(password_set_at=None, password_hash=None), "subscription": EXPIRING},
    ],
)
def test_a_key_that_authenticates_all_the_same(facts: dict[str, Any]) -> None:
    assert authenticate_key(attempt(**{"key": key(), **facts}), EDITOR).method is AuthMethod.KEY


@pytest.mark.parametrize("policy", AuthenticationPolicy)
@pytest.mark.parametrize("listed", [True, False])
def test_an_expired_password_stops_keys_where_the_policy_holds(policy: AuthenticationPolicy, listed: bool) -> None:
    """Behaviours B9, access.md 1.10: SSO off, or the user is on the exceptions list."""
    facts = attempt(key=key(), subscription=SSO[policy], user=user(password_set_at=OLD, on_sso_exception_list=listed))
    if policy is AuthenticationPolicy.RALLY_ONLY or listed:
        assert refusal(authenticate_key, facts, EDITOR) == "password_expired"
    else:
        assert authenticate_key(facts, EDITOR).key == key()


def test_a_reset_password_brings_the_key_back() -> None:
    expired = attempt(key=key(), subscription=EXPIRING, user=user(password_set_at=OLD))
    assert refusal(authenticate_key, expired, EDITOR) == "password_expired"
    renewed = user(password_set_at=NOW)
    assert authenticate_key(replace(expired, user=renewed), EDITOR).user == renewed


def test_basic_needs_the_security_token_to_write() -> None:
    found = authenticate_basic(attempt(password_matches=True), EDITOR)
    assert found.method is AuthMethod.BASIC
    assert found.needs_security_token
    assert found.is_interactive


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"password_matches": False}, None),
        ({"user": None}, None),
        ({"user": user(password_hash=None)}, None),
        ({"user": user(disabled=True)}, "owner_disabled"),
        ({"user": user(deleted=True)}, "owner_disabled"),
        ({"user": user(disabled=True), "password_matches": False}, None),
        ({"user": user(locked_by_admin=True)}, "owner_locked"),
        ({"user": user(locked_by_admin=True), "password_matches": False}, None),
        ({"user": user(locked_for_inactivity=True)}, "owner_locked"),
        ({"user": user(locked_until=LATER)}, None),
        ({"subscription": SubscriptionState(active=False)}, "subscription_inactive"),
        ({"subscription": SSO[AuthenticationPolicy.SSO_ONLY]}, "password_not_allowed"),
        ({"subscription": SSO[AuthenticationPolicy.SSO_ONLY], "password_matches": False}, None),
        ({"subscription": EXPIRING, "user": user(password_set_at=OLD)}, "password_expired"),
        ({"subscription": EXPIRING, "user": user(password_set_at=OLD), "password_matches": False}, None),
        ({"subscription": EXPIRING, "user": user(password_set_at=OLD, disabled=True)}, "owner_disabled"),
    ],
)
def test_a_refused_password_log_in_tells_why_to_who_knows_the_password_only(
    facts: dict[str, Any], reason: str | None
) -> None:
    assert authenticate_basic(attempt(password_matches=True), EDITOR).user == user()
    assert refusal(authenticate_basic, attempt(**{"password_matches": True, **facts}), EDITOR) == reason


@pytest.mark.parametrize("edition", Edition)
def test_passwords_work_in_every_edition(edition: Edition) -> None:
    assert authenticate_basic(attempt(password_matches=True, edition=edition), EDITOR).user == user()


def test_an_automatic_lock_ends_by_itself() -> None:
    free = user(locked_until=NOW)
    assert authenticate_basic(attempt(password_matches=True, user=free), EDITOR).user == free


def test_basic_takes_up_only_its_own_users_session() -> None:
    facts = attempt(password_matches=True)
    own, foreign = session(kind=SessionKind.WSAPI), session(user_oid=ADA, security_token="t")
    assert authenticate_basic(facts, EDITOR, own).session == own
    assert authenticate_basic(facts, EDITOR, foreign).session is None
    assert authenticate_basic(facts, EDITOR, replace(own, ended=True)).session is None


@pytest.mark.parametrize(
    ("policy", "facts", "expected"),
    [
        (AuthenticationPolicy.RALLY_ONLY, {}, True),
        (AuthenticationPolicy.RALLY_OR_SSO, {}, True),
        (AuthenticationPolicy.SSO_ONLY, {}, False),
        (AuthenticationPolicy.SSO_ONLY, {"on_sso_exception_list": True}, False),
        (AuthenticationPolicy.SSO_ONLY, {"subscription_admin": True}, True),
        (AuthenticationPolicy.SSO_WITH_EXCEPTIONS, {}, False),
        (AuthenticationPolicy.SSO_WITH_EXCEPTIONS, {"on_sso_exception_list": True}, True),
    ],
)
def test_who_may_log_in_with_a_password(policy: AuthenticationPolicy, facts: dict[str, Any], expected: bool) -> None:
    assert password_login_allowed(SSO[policy], user(**facts)) is expected


def test_exceptions_take_effect_with_the_first_name() -> None:
    nobody = replace(SSO[AuthenticationPolicy.SSO_WITH_EXCEPTIONS], sso_exceptions_listed=False)
    assert password_login_allowed(nobody, user())


@pytest.mark.parametrize(
    "facts",
    [
        {"session": None},
        {"session": session(ended=True)},
        {"session": session(expires_at=NOW)},
        {"session": session(last_used_at=NOW - timedelta(minutes=10), idle_limit=timedelta(minutes=10))},
        {"session": session(user_oid=ADA)},
        {"user": None},
        {"user": user(disabled=True)},
        {"user": user(locked_by_admin=True)},
        {"subscription": SubscriptionState(active=False)},
    ],
)
def test_a_session_that_does_not_authenticate(facts: dict[str, Any]) -> None:
    assert authenticate_session(attempt(session=session()), EDITOR).user == user()
    assert refusal(authenticate_session, attempt(**{"session": session(), **facts}), EDITOR) is None


DEMANDING = SubscriptionState(second_factor=Demand.EVERYBODY)
OF_ADMINISTRATORS = SubscriptionState(second_factor=Demand.ADMINISTRATORS)
WITH_FACTOR = user(second_factor=True)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"user": WITH_FACTOR}, "second_factor_required"),
        ({"user": WITH_FACTOR, "password_matches": False}, None),
        ({"user": WITH_FACTOR, "subscription": DEMANDING}, "second_factor_required"),
        ({"subscription": DEMANDING}, "second_factor_required"),
        ({"subscription": OF_ADMINISTRATORS, "user": user(subscription_admin=True)}, "second_factor_required"),
        ({"subscription": DEMANDING, "user": user(disabled=True)}, "owner_disabled"),
    ],
)
def test_a_password_alone_is_not_enough_where_a_second_factor_is_held_or_demanded(
    facts: dict[str, Any], reason: str | None
) -> None:
    """ADR 0012; the first step of a log-in through the pages takes it all the same."""
    asked = attempt(**{"password_matches": True, **facts})
    assert refusal(authenticate_basic, asked, EDITOR) == reason
    if reason == "second_factor_required":
        assert authenticate_basic(asked, EDITOR, stepping=True).user == asked.user
    else:
        with pytest.raises(Unauthenticated):
            authenticate_basic(asked, EDITOR, stepping=True)


def test_it_is_demanded_of_administrators_alone_and_of_nobody_without_a_password() -> None:
    assert authenticate_basic(attempt(password_matches=True, subscription=OF_ADMINISTRATORS), EDITOR).user == user()
    pure = user(password_hash=None)
    assert authenticate_session(attempt(session=session(), subscription=DEMANDING, user=pure), EDITOR).user == pure


def test_a_demand_ends_log_ins_without_one_and_no_keys_and_no_tokens() -> None:
    inside = attempt(session=session(), subscription=DEMANDING)
    assert refusal(authenticate_session, inside, EDITOR) is None
    assert authenticate_session(replace(inside, user=WITH_FACTOR), EDITOR).user == WITH_FACTOR
    token = session(kind=SessionKind.APPLICATION)
    assert authenticate_session(replace(inside, session=token), EDITOR).user == user()
    assert authenticate_key(attempt(key=key(), subscription=DEMANDING), EDITOR).user == user()


@pytest.mark.parametrize("kind", SessionKind)
def test_a_pending_log_in_holds_for_its_steps_and_no_other_session_does(kind: SessionKind) -> None:
    held = attempt(session=session(kind=kind), subscription=DEMANDING, user=WITH_FACTOR)
    for pending in (False, True):
        if pending is (kind is SessionKind.PENDING):
            assert authenticate_session(held, EDITOR, pending=pending).user == WITH_FACTOR
        else:
            with pytest.raises(Unauthenticated):
                authenticate_session(held, EDITOR, pending=pending)


@pytest.mark.parametrize(
    ("facts", "subscription", "shown", "step"),
    [
        ({}, SubscriptionState(), False, None),
        ({"second_factor": True}, SubscriptionState(), False, Step.SECOND_FACTOR),
        ({"second_factor": True}, SubscriptionState(), True, None),
        ({}, DEMANDING, False, Step.ENROLMENT),
        ({}, DEMANDING, True, Step.ENROLMENT),
        ({"second_factor": True}, DEMANDING, False, Step.SECOND_FACTOR),
        ({"second_factor": True, "password_set_at": OLD}, EXPIRING, False, Step.SECOND_FACTOR),
        ({"second_factor": True, "password_set_at": OLD}, EXPIRING, True, Step.NEW_PASSWORD),
        ({"password_set_at": OLD}, replace(EXPIRING, second_factor=Demand.EVERYBODY), False, Step.ENROLMENT),
        ({"password_set_at": OLD}, EXPIRING, False, Step.NEW_PASSWORD),
    ],
)
def test_the_steps_of_a_log_in_come_in_their_order(
    facts: dict[str, Any], subscription: SubscriptionState, shown: bool, step: Step | None
) -> None:
    assert step_owed(subscription, user(**facts), NOW, shown=shown) is step


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"user": user(disabled=True)}, "owner_disabled"),
        ({"user": user(locked_by_admin=True)}, "owner_locked"),
        ({"subscription": SSO[AuthenticationPolicy.SSO_ONLY]}, "password_not_allowed"),
        ({"subscription": SubscriptionState(active=False)}, "subscription_inactive"),
        ({"user": None}, "owner_disabled"),
    ],
)
def test_a_passkey_opens_what_a_password_would(facts: dict[str, Any], reason: str) -> None:
    found = authenticate_passkey(attempt(subscription=DEMANDING), EDITOR)
    assert (found.user, found.method, found.is_interactive) == (user(), AuthMethod.PASSKEY, True)
    assert refusal(authenticate_passkey, attempt(**facts), EDITOR) == reason


def test_a_session_outlives_guessing_and_keys_being_off() -> None:
    facts = attempt(
        session=session(last_used_at=NOW - timedelta(minutes=9), idle_limit=timedelta(minutes=10)),
        user=user(locked_until=LATER),
        subscription=SubscriptionState(api_keys_enabled=False),
    )
    assert authenticate_session(facts, EDITOR).is_interactive


def test_an_applications_token_writes_without_security_token_and_makes_no_keys() -> None:
    found = authenticate_session(attempt(session=session(kind=SessionKind.APPLICATION)), EDITOR)
    assert not found.needs_security_token
    assert not found.is_interactive


@pytest.mark.parametrize(
    ("method", "path_is_write", "allowed"),
    [
        ("GET", False, True),
        ("head", False, True),
        ("OPTIONS", False, True),
        ("GET", True, False),
        ("POST", False, False),
        ("PUT", False, False),
        ("delete", False, False),
        ("ANYTHING", False, False),
    ],
)
def test_a_read_only_key_reads(method: str, path_is_write: bool, allowed: bool) -> None:
    check_method(by_key("editor"), method, path_is_write=path_is_write)
    reading = by_key("editor", grant=Grant.READ_ONLY)
    if allowed:
        check_method(reading, method, path_is_write=path_is_write)
        return
    with pytest.raises(Unauthenticated) as raised:
        check_method(reading, method, path_is_write=path_is_write)
    assert raised.value.reason == "read_only_key"


@pytest.mark.parametrize(
    ("method", "override", "expected"),
    [
        ("POST", "GET", "GET"),
        ("post", " delete ", "DELETE"),
        ("POST", None, "POST"),
        ("POST", "", "POST"),
        ("GET", "DELETE", "GET"),
        ("delete", None, "DELETE"),
    ],
)
def test_the_effective_method(method: str, override: str | None, expected: str) -> None:
    assert effective_method(method, override) == expected


@given(st.text(max_size=8), st.none() | st.text(max_size=8))
def test_nothing_but_a_read_gets_past_a_read_only_key(method: str, override: str | None) -> None:
    effective = effective_method(method, override)
    try:
        check_method(by_key("editor", grant=Grant.READ_ONLY), effective, path_is_write=False)
    except Unauthenticated:
        return
    assert effective in {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("enabled", "covers_admins", "admin", "address", "expected"),
    [
        (False, True, False, "192.0.2.1", True),
        (True, True, False, "192.0.2.1", False),
        (True, True, False, "10.1.2.3", True),
        (True, True, False, None, False),
        (True, True, True, "192.0.2.1", False),
        (True, False, True, "192.0.2.1", True),
    ],
)
def test_the_subscriptions_address_filter(
    enabled: bool, covers_admins: bool, admin: bool, address: str | None, expected: bool
) -> None:
    state = SubscriptionState(
        address_restriction_enabled=enabled,
        address_restriction_covers_admins=covers_admins,
        restricted_addresses=("10.0.0.0/8",),
    )
    assert address_allowed(state, Permissions(subscription_admin=admin), address) is expected


def test_a_fresh_log_in_is_wanted_for_delicate_matters() -> None:
    stale = session(authenticated_at=NOW - timedelta(minutes=16))
    assert is_recent_login(identity(EDITOR, AuthMethod.SESSION, session=session()), NOW)
    assert not is_recent_login(identity(EDITOR, AuthMethod.SESSION, session=stale), NOW)
    assert is_recent_login(identity(EDITOR, AuthMethod.BASIC, session=stale), NOW)
    token = session(kind=SessionKind.APPLICATION)
    assert not is_recent_login(identity(EDITOR, AuthMethod.SESSION, session=token), NOW)
    assert not is_recent_login(by_key(EDITOR), NOW)
