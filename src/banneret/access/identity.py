"""The facts that a decision is made of, as frozen records, and the `Identity` that comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from banneret.access.keys import Grant
from banneret.access.sign_in import Demand

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from banneret.access.roles import Permissions


class Edition(StrEnum):
    """Which Rally the installation behaves as (design 5.10)."""

    SAAS = "saas"
    ON_PREM = "on-prem"
    SANDBOX = "sandbox"

    @property
    def has_keys(self) -> bool:
        """Whether API keys exist: not on premises and not in the sandbox (KB 11568; behaviours B1, B2)."""
        return self is Edition.SAAS


class AuthenticationPolicy(StrEnum):
    """Subscription.AuthenticationPolicy (access.md 3.6: modes A, B, D, C)."""

    RALLY_ONLY = "Rally Only"
    RALLY_OR_SSO = "Rally or SSO"
    SSO_ONLY = "SSO Only"
    SSO_WITH_EXCEPTIONS = "SSO With Exceptions"


class AuthMethod(StrEnum):
    """What the identity was proved with."""

    KEY = "key"
    BASIC = "basic"
    PASSKEY = "passkey"
    SESSION = "session"


class SessionKind(StrEnum):
    """A log-in through the pages, one of which a step is still to come, the HTTP session of a Basic client, an OAuth access token."""

    PENDING = "pending"
    BROWSER = "browser"
    WSAPI = "wsapi"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """What of the subscription decides access.

    `password_expiration_days` None or 0: passwords do not expire. `keys_survive_password_expiry` and
    `automatic_lock_stops_keys` are off by default (access.md 1.10, design 5.7). `sso_exceptions_listed`: at
    least one user is on the exceptions list. `maximum_login_attempts` and `lockout_minutes` (-1: until unlocked) are what
    `LoginThrottle.of` takes. `restricted_addresses` counts while
    `address_restriction_enabled`. `cors_domains` are None while CORS is disabled, else the entries of CORSAllowedDomains.
    """

    api_keys_enabled: bool = True
    active: bool = True
    authentication_policy: AuthenticationPolicy = AuthenticationPolicy.RALLY_ONLY
    sso_exceptions_listed: bool = False
    password_expiration_days: int | None = None
    maximum_login_attempts: int | None = None
    lockout_minutes: int | None = None
    second_factor: Demand = Demand.NOBODY
    keys_survive_password_expiry: bool = False
    automatic_lock_stops_keys: bool = False
    address_restriction_enabled: bool = False
    address_restriction_covers_admins: bool = False
    restricted_addresses: tuple[str, ...] = ()
    jsonp_enabled: bool = False
    cors_domains: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user. Moments are aware.

    `locked_by_admin` holds until an administrator unlocks; `locked_for_inactivity` is KB 57603;
    `locked_until` is the automatic lock after failed log-ins alone. `password_hash` None: logs in through SSO
    only. `failures` are recent wrong passwords, oldest first, each as `FailedLogin.line` writes it.
    `second_factor`: he has at least one.
    """

    oid: int
    uuid: str
    user_name: str
    display_name: str | None = None
    disabled: bool = False
    deleted: bool = False
    locked_by_admin: bool = False
    locked_for_inactivity: bool = False
    locked_until: datetime | None = None
    password_hash: str | None = None
    password_set_at: datetime | None = None
    on_sso_exception_list: bool = False
    subscription_admin: bool = False
    can_create_api_key: bool = True
    default_workspace: int | None = None
    default_project: int | None = None
    failures: tuple[str, ...] = ()
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An API key, without its value. Empty `ip_allow`, `projects`, `types`: not limited (access.md 1.15).

    With `scope_down` the projects below `projects` count as well; `access.rules.reaching` adds them.
    """

    oid: int
    user_oid: int
    display_name: str
    grant: Grant
    created_at: datetime
    expires_at: datetime | None = None
    suspended: bool = False
    deleted: bool = False
    ip_allow: tuple[str, ...] = ()
    projects: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    scope_down: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether it reaches less than its user for what it is about, not for where it is used."""
        return bool(self.projects or self.types)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session or an OAuth access token, without its value.

    It ends at `expires_at`, or when unused for `idle_limit` (None: no such limit). `authenticated_at` is the
    moment of the password or second factor. `security_token` is what `security/authorize` gave in it.
    `client_id` names the application.
    """

    oid: int
    user_oid: int
    kind: SessionKind
    authenticated_at: datetime
    last_used_at: datetime
    expires_at: datetime
    idle_limit: timedelta | None = None
    ended: bool = False
    security_token: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a request acts as, with what in hand, as of this request."""

    user: UserRecord
    method: AuthMethod
    permissions: Permissions
    key: KeyRecord | None = None
    session: SessionRecord | None = None
    grant: Grant = Grant.FULL

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed: a Read-Only key (KB 98242)."""
        return self.grant is Grant.READ_ONLY

    @property
    def is_interactive(self) -> bool:
        """Whether a log-in stands behind it, so that it may touch keys, clients and passwords (design 7)."""
        if self.method is AuthMethod.SESSION and self.session is not None:
            return self.session.kind is not SessionKind.APPLICATION
        return self.method in {AuthMethod.BASIC, AuthMethod.PASSKEY}

    @property
    def needs_security_token(self) -> bool:
        """Whether WSAPI writes need a security token: not by key or OAuth token (KB 57528)."""
        return self.is_interactive
