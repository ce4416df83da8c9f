"""Whose request is it? The decision procedure of access.md 1.9 as tables of named conditions, asked in order.

Each condition that fails ends the matter with `Unauthenticated`. Its reason is told only to who has already
shown the right secret, so that a rightful holder learns why and a guesser learns nothing (access.md 1.12).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from banneret.access.addresses import is_listed
from banneret.access.identity import (
    AuthenticationPolicy,
    AuthMethod,
    Edition,
    Identity,
    KeyRecord,
    SessionKind,
    SessionRecord,
    SubscriptionState,
    UserRecord,
)
from banneret.access.roles import Permissions
from banneret.access.sign_in import Demand
from banneret.kernel.errors import Unauthenticated

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """The facts of one request. What was not found is None."""

    subscription: SubscriptionState
    now: datetime
    user: UserRecord | None = None
    edition: Edition = Edition.SAAS
    key: KeyRecord | None = None
    session: SessionRecord | None = None
    address: str | None = None
    password_matches: bool = False


Condition = Callable[[Attempt], bool]


def edition_has_keys(attempt: Attempt) -> bool:
    """The edition has API keys (behaviours B1, B2)."""
    return attempt.edition.has_keys


def key_is_known(attempt: Attempt) -> bool:
    """The value presented is a key's."""
    return attempt.key is not None


def key_is_kept(attempt: Attempt) -> bool:
    """The key was not deleted (KB 10814)."""
    return attempt.key is not None and not attempt.key.deleted


def key_is_in_use(attempt: Attempt) -> bool:
    """The key is not suspended."""
    return attempt.key is not None and not attempt.key.suspended


def key_is_current(attempt: Attempt) -> bool:
    """The key has no end, or has not reached it; ours, Rally's have none (behaviours A3)."""
    return attempt.key is not None and (attempt.key.expires_at is None or attempt.now < attempt.key.expires_at)


def address_suits_key(attempt: Attempt) -> bool:
    """The key's own list of addresses, if it has one, has this one."""
    listed = attempt.key.ip_allow if attempt.key is not None else ()
    return not listed or is_listed(attempt.address, listed)


def subscription_is_active(attempt: Attempt) -> bool:
    """The subscription is active."""
    return attempt.subscription.active


def keys_are_enabled(attempt: Attempt) -> bool:
    """API keys are enabled for the subscription (KB 10814; behaviours A10)."""
    return attempt.subscription.api_keys_enabled


def user_is_active(attempt: Attempt) -> bool:
    """The user exists and is not disabled (behaviours B10, design 5.8)."""
    return attempt.user is not None and not attempt.user.deleted and not attempt.user.disabled


def user_is_not_locked(attempt: Attempt) -> bool:
    """No administrator locked the user, nor a year's inactivity (KB 108134, KB 57603; design 5.7, 5.8)."""
    user = attempt.user
    return user is not None and not user.locked_by_admin and not user.locked_for_inactivity


def automatic_lock_is_over(attempt: Attempt) -> bool:
    """The lock after failed log-ins, which slows password log-ins, is over (KB 47769)."""
    user = attempt.user
    return user is not None and (user.locked_until is None or user.locked_until <= attempt.now)


def automatic_lock_spares_keys(attempt: Attempt) -> bool:
    """The lock after failed log-ins lets keys be, or is over, or is not Rally's way (access.md 3.5)."""
    return not attempt.subscription.automatic_lock_stops_keys or automatic_lock_is_over(attempt)


def password_is_current(attempt: Attempt) -> bool:
    """The user's password has not expired where that counts (access.md 1.10)."""
    return attempt.user is not None and not password_expired(attempt.subscription, attempt.user, attempt.now)


def password_lets_key_live(attempt: Attempt) -> bool:
    """The password's expiry does not stop the key (behaviours A6, B9)."""
    return attempt.subscription.keys_survive_password_expiry or password_is_current(attempt)


def password_is_right(attempt: Attempt) -> bool:
    """The password matched that of a user who has one."""
    return attempt.password_matches and attempt.user is not None and attempt.user.password_hash is not None


def may_use_password(attempt: Attempt) -> bool:
    """The subscription lets this user log in with a password."""
    return attempt.user is not None and password_login_allowed(attempt.subscription, attempt.user)


def session_is_open(attempt: Attempt) -> bool:
    """The session is known, was not ended, and has outlived neither of its limits."""
    session = attempt.session
    if session is None or session.ended or attempt.now >= session.expires_at:
        return False
    return session.idle_limit is None or attempt.now < session.last_used_at + session.idle_limit


def password_is_enough(attempt: Attempt) -> bool:
    """Neither has the user a second factor nor must he have one: a password alone lets in."""
    user = attempt.user
    return user is not None and not user.second_factor and not second_factor_demanded(attempt.subscription, user)


def second_factor_suits(attempt: Attempt) -> bool:
    """The user has a second factor where one is demanded; an application's token is no log-in of his."""
    user, session = attempt.user, attempt.session
    if user is None or session is None or session.kind is SessionKind.APPLICATION:
        return True
    return user.second_factor or not second_factor_demanded(attempt.subscription, user)


def log_in_is_complete(attempt: Attempt) -> bool:
    """No step of the log-in is still to come."""
    return attempt.session is not None and attempt.session.kind is not SessionKind.PENDING


def log_in_is_pending(attempt: Attempt) -> bool:
    """A step of the log-in is still to come."""
    return attempt.session is not None and attempt.session.kind is SessionKind.PENDING


KEY_CONDITIONS: Sequence[tuple[Condition, str | None]] = (
    (edition_has_keys, "keys_not_in_edition"),
    (key_is_known, None),
    (key_is_kept, "key_revoked"),
    (key_is_in_use, "key_suspended"),
    (key_is_current, "key_expired"),
    (address_suits_key, "ip_not_allowed"),
    (subscription_is_active, "subscription_inactive"),
    (keys_are_enabled, "keys_disabled"),
    (user_is_active, "owner_disabled"),
    (user_is_not_locked, "owner_locked"),
    (automatic_lock_spares_keys, "owner_locked"),
    (password_lets_key_live, "password_expired"),
)
"""Rows 1 to 6 of access.md 1.9, and what a rightful holder is told; row 7 is `check_method`."""

BASIC_CONDITIONS: Sequence[tuple[Condition, str | None]] = (
    (password_is_right, None),
    (subscription_is_active, "subscription_inactive"),
    (user_is_active, "owner_disabled"),
    (user_is_not_locked, "owner_locked"),
    (automatic_lock_is_over, None),
    (may_use_password, "password_not_allowed"),
    (password_is_current, "password_expired"),
    (password_is_enough, "second_factor_required"),
)
"""One answer for a wrong name and a wrong password (ASVS 5 6.3.8); who knows the password is told what else keeps him out."""

PASSKEY_CONDITIONS: Sequence[tuple[Condition, str | None]] = (
    (subscription_is_active, "subscription_inactive"),
    (user_is_active, "owner_disabled"),
    (user_is_not_locked, "owner_locked"),
    (may_use_password, "password_not_allowed"),
)
"""A passkey that its user unlocked is as good as a password with a second factor, and let in where a password is."""

_LATER_STEPS = (password_is_current, password_is_enough)
"""What a log-in through the pages sees to in steps of their own."""

SESSION_CONDITIONS: Sequence[tuple[Condition, str | None]] = (
    (session_is_open, None),
    (log_in_is_complete, None),
    (subscription_is_active, None),
    (user_is_active, None),
    (user_is_not_locked, None),
    (second_factor_suits, None),
)
PENDING_CONDITIONS: Sequence[tuple[Condition, str | None]] = (
    (session_is_open, None),
    (log_in_is_pending, None),
    (subscription_is_active, None),
    (user_is_active, None),
    (user_is_not_locked, None),
)


def authenticate_key(attempt: Attempt, permissions: Permissions) -> Identity:
    """Decide who a key speaks for; `permissions` are its owner's now.

    Raises:
        Unauthenticated: with the reason where the key's value was right.

    """
    _check(attempt, KEY_CONDITIONS, known=attempt.key is not None)
    key, user = attempt.key, attempt.user
    if key is None or user is None or key.user_oid != user.oid:
        raise Unauthenticated
    return Identity(user, AuthMethod.KEY, permissions, key=key, grant=key.grant)


def key_refusal(attempt: Attempt) -> str | None:
    """Give the reason for which a key is refused now wherever it is used from, or None while it holds."""
    for holds, reason in KEY_CONDITIONS:
        if holds is not address_suits_key and not holds(attempt):
            return reason
    return None


def authenticate_basic(
    attempt: Attempt, permissions: Permissions, session: SessionRecord | None = None, *, stepping: bool = False
) -> Identity:
    """Decide a log-in by user name and password, whether by Basic or on the log-in page.

    `attempt.password_matches` is what `Passwords.verify` said. `session` is the HTTP session that came along,
    kept if it is open and this user's: only its security token lets Basic write (KB 57528, behaviours B8).
    With `stepping` the password need not be enough or current: it is the first step of a log-in, of which others may follow.

    Raises:
        Unauthenticated: with the reason where the password was right.

    """
    conditions = [line for line in BASIC_CONDITIONS if not (stepping and line[0] in _LATER_STEPS)]
    _check(attempt, conditions, known=True)
    if attempt.user is None:
        raise Unauthenticated
    usable = session_is_open(replace(attempt, session=session))
    own = session if usable and session is not None and session.user_oid == attempt.user.oid else None
    return Identity(attempt.user, AuthMethod.BASIC, permissions, session=own)


def authenticate_passkey(attempt: Attempt, permissions: Permissions) -> Identity:
    """Decide a log-in by a passkey that was verified to be this user's.

    Raises:
        Unauthenticated: with the reason.

    """
    _check(attempt, PASSKEY_CONDITIONS, known=True)
    if attempt.user is None:
        raise Unauthenticated
    return Identity(attempt.user, AuthMethod.PASSKEY, permissions)


def authenticate_session(attempt: Attempt, permissions: Permissions, *, pending: bool = False) -> Identity:
    """Decide who a session or an OAuth access token speaks for; disabling its user stops it (behaviours B16).

    One of which a step is still to come holds for the pages of those steps (`pending`), and nothing else does there.

    Raises:
        Unauthenticated: without a reason.

    """
    _check(attempt, PENDING_CONDITIONS if pending else SESSION_CONDITIONS, known=True)
    session, user = attempt.session, attempt.user
    if session is None or user is None or session.user_oid != user.oid:
        raise Unauthenticated
    return Identity(user, AuthMethod.SESSION, permissions, session=session)


class Step(Enum):
    """What a log-in still takes after the password, in this order."""

    SECOND_FACTOR = "show the second factor"
    ENROLMENT = "get a second factor"
    NEW_PASSWORD = "replace the password"  # noqa: S105 - no password


def step_owed(subscription: SubscriptionState, user: UserRecord, now: datetime, *, shown: bool) -> Step | None:
    """Give the next step of a log-in whose password was right; `shown`: the second factor was shown in it, or made."""
    if user.second_factor and not shown:
        return Step.SECOND_FACTOR
    if not user.second_factor and second_factor_demanded(subscription, user):
        return Step.ENROLMENT
    return Step.NEW_PASSWORD if password_expired(subscription, user, now) else None


def effective_method(method: str, override: str | None = None) -> str:
    """Give the method that counts, in capitals: `_method` of a POST before its own (GetAsPost of .NET)."""
    actual = method.upper()
    return override.strip().upper() if actual == "POST" and override and override.strip() else actual


def check_method(identity: Identity, method: str, *, path_is_write: bool) -> None:
    """Keep a Read-Only key to reading: row 7 of access.md 1.9 (KB 98242, KB 127054).

    `method` is the effective one. `path_is_write`: the path names a create, copy, update, delete, or a
    collection's add or remove, which writes whatever the method says.

    Raises:
        Unauthenticated: `read_only_key`; the edges that answer 403 to it say so themselves (design 5.3).

    """
    if identity.read_only and (path_is_write or method.upper() not in READING_METHODS):
        raise Unauthenticated("read_only_key")


def password_expires_at(subscription: SubscriptionState, user: UserRecord) -> datetime | None:
    """Give the moment when the password expires; None: no policy, no password, or one that it is not for.

    With SSO on the policy holds only for users on the exceptions list (KB 11568; behaviours B9).
    """
    without_sso = subscription.authentication_policy is AuthenticationPolicy.RALLY_ONLY
    days = subscription.password_expiration_days
    if not days or days < 0 or user.password_set_at is None or not (without_sso or user.on_sso_exception_list):
        return None
    return user.password_set_at + timedelta(days=days)


def password_expired(subscription: SubscriptionState, user: UserRecord, now: datetime) -> bool:
    """Whether the user's password has expired where that counts (access.md 1.10)."""
    expiry = password_expires_at(subscription, user)
    return expiry is not None and now >= expiry


def second_factor_demanded(subscription: SubscriptionState, user: UserRecord) -> bool:
    """Whether this user must have a second factor; who logs in through single sign-on shows what that asks for."""
    if not user.password_hash or not password_login_allowed(subscription, user):
        return False
    if subscription.second_factor is Demand.ADMINISTRATORS:
        return user.subscription_admin
    return subscription.second_factor is Demand.EVERYBODY


def password_login_allowed(subscription: SubscriptionState, user: UserRecord) -> bool:
    """Whether the user may log in with a password; administrators always (KB 202175)."""
    if user.subscription_admin:
        return True
    policy = subscription.authentication_policy
    if policy is AuthenticationPolicy.SSO_WITH_EXCEPTIONS:
        # The mode takes effect only once somebody is on the list (KB 110946).
        return user.on_sso_exception_list or not subscription.sso_exceptions_listed
    return policy is not AuthenticationPolicy.SSO_ONLY


def address_allowed(subscription: SubscriptionState, permissions: Permissions, address: str | None) -> bool:
    """Whether the subscription's IP filter lets the address in, whatever it carries (access.md 1.13)."""
    if not subscription.address_restriction_enabled:
        return True
    if permissions.subscription_admin and not subscription.address_restriction_covers_admins:
        return True
    return is_listed(address, subscription.restricted_addresses)


def is_recent_login(identity: Identity, now: datetime, within: timedelta = timedelta(minutes=15)) -> bool:
    """Whether the log-in is fresh enough for what asks for the password again (ASVS 5 7.5.3)."""
    if identity.method in {AuthMethod.BASIC, AuthMethod.PASSKEY}:
        return True
    if identity.session is None or not identity.is_interactive:
        return False
    return now - identity.session.authenticated_at <= within


def second_factor_is_fresh(identity: Identity, now: datetime, within: timedelta = timedelta(minutes=15)) -> bool:
    """Whether who has a second factor has shown it just now, as whoever makes a key must (access.md 3.5): keys are not asked for it."""
    return not identity.user.second_factor or is_recent_login(identity, now, within)


def _check(attempt: Attempt, conditions: Sequence[tuple[Condition, str | None]], *, known: bool) -> None:
    for holds, reason in conditions:
        if not holds(attempt):
            raise Unauthenticated(reason if known else None)
