"""What the management API shows and takes, as structs: answers, requests and the OpenAPI document are made of them.

Keys and what is ours are spelt in lower case with underscores; objects of WSAPI keep WSAPI's own names. Moments are RFC 3339 in UTC,
ids are ObjectIDs. No struct has room for a key's value but `NewSecret`, which shows it once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from banneret.access.keys import LONGEST, SHORTEST

GrantName = Literal["full", "read_only"]
StateName = Literal["active", "disabled", "expired", "renewal", "ended"]
KeyName = Annotated[str, Meta(min_length=1, max_length=256, examples=["Nightly import"])]
Purpose = Annotated[str, Meta(max_length=2000)]
ObjectId = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Count = Annotated[int, Meta(ge=0)]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
MOST_LEAKED = 100


class Refusal(Struct):
    """Why a request came to nothing. `reason` is for programs; `field` names what was wrong in the request, null for all of it."""

    error: str
    reason: str
    message: str
    field: str | None = None


class KeyRefusal(Struct):
    """That the credential does not hold; `code` is `unauthorized`, or the reason where the key's value was right."""

    code: str
    message: str
    reason: str
    active: Literal[False] = False
    error: Literal["unauthorized"] = "unauthorized"
    field: None = None


class Pong(Struct):
    """That the server is there, whatever the key."""

    product: str
    version: str
    ok: Literal[True] = True


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """A key's own limits, none of them set at first; what is empty limits nothing.

    `projects` are ObjectIDs, with `scope_down` those below them too; `types` are type names, whose descendants count;
    `addresses` are addresses, CIDR blocks and ranges `first-last`.
    """

    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    projects: Annotated[list[ObjectId], Meta(max_length=1000)] = []
    scope_down: bool = False
    types: Annotated[list[Annotated[str, Meta(max_length=256)]], Meta(max_length=200)] = []
    addresses: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=200)] = []


class KeyOwner(Struct):
    """Whose key it is."""

    ObjectID: int
    UserName: str


class Key(Struct):
    """An API key, all that is kept of it but what its value is checked against. `prefix` is what lists show of the value.

    `rotated_at` is the last reset; `renewal` as a state: an administrator reset it, and its owner has to ask for the new value.
    """

    id: int
    name: str
    prefix: str
    grant: GrantName
    state: StateName
    user: KeyOwner
    purpose: str
    limits: Limits
    created_at: Moment
    rotated_at: Moment | None
    last_used_at: Moment | None
    last_used_address: str | None
    last_used_client: str | None
    expires_at: Moment | None
    disabled_at: Moment | None
    disabled_by: str | None
    ended_at: Moment | None
    ended_by: str | None


class KeyPage(Struct):
    """Keys, newest first; `next` is the `cursor` of the next page, null after the last."""

    items: list[Key]
    next: str | None


class NewKey(Struct, forbid_unknown_fields=True):
    """A key to be made: Read-Only and unlimited where nothing else is said, one's own where no `user` is named."""

    name: KeyName
    grant: GrantName = "read_only"
    purpose: Purpose = ""
    limits: Limits = Limits()


class KeyChange(Struct, forbid_unknown_fields=True):
    """What is to change of a key; what is left out stays, and limits change as a whole."""

    name: KeyName | UnsetType = UNSET
    grant: GrantName | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    limits: Limits | UnsetType = UNSET


class NewSecret(Struct):
    """A key with its value, which is shown this once and kept nowhere.

    `secret` is null where an administrator reset somebody else's key: its owner asks for the value at the next log-in.
    """

    key: Key
    secret: str | None


class Leaked(Struct, forbid_unknown_fields=True):
    """Values that were found where they should not be. Who has a key may have it stopped."""

    keys: Annotated[
        list[Annotated[str, Meta(min_length=SHORTEST, max_length=LONGEST)]], Meta(min_length=1, max_length=MOST_LEAKED)
    ]


class LeakedKey(Struct):
    """What became of one value, in the order sent: `disabled` now, `stopped` before, or `unknown`."""

    prefix: str
    outcome: Literal["disabled", "stopped", "unknown"]
    id: int | None


class LeakedKeys(Struct):
    """What became of the values."""

    results: list[LeakedKey]


class JournalLine(Struct):
    """A request of a key. `path` has the names of its parameters, without their values; `reason` says why it came to nothing."""

    at: Moment
    method: str
    path: str
    status: int
    reason: str | None
    address: str | None
    client: str | None
    milliseconds: Annotated[float, Meta(ge=0)]


class JournalPage(Struct):
    """Requests, latest first; `next` is the `cursor` of the next page, null after the last."""

    items: list[JournalLine]
    next: str | None


class Client(Struct):
    """A program that uses a key, from one address; both empty: the rest, where there were too many to tell apart."""

    client: str
    address: str
    first_used_at: Moment
    last_used_at: Moment
    requests: Count
    refused: Count


class Clients(Struct):
    """The programs that used a key lately, whoever used it last first; requests are counted since the first of each."""

    items: list[Client]


class HourOfWeek(Struct):
    """Requests in one hour of one weekday (0: Monday), summed over the period."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    hour: Annotated[int, Meta(ge=0, le=23)]
    reads: Count
    writes: Count
    refused: Count


class Usage(Struct):
    """A key's requests since a moment, exact, by hours of the week in a time zone; hours without any are left out."""

    zone: str
    since: Moment
    reads: Count
    writes: Count
    refused: Count
    hours: list[HourOfWeek]


class ProjectReached(Struct):
    """A project that is seen: whether its items are read and written, and its settings changed. `role` is the owner's."""

    ObjectID: int
    Name: str
    Parent: int | None
    open: bool
    role: str
    reads: bool
    writes: bool
    administers: bool


class WorkspaceReached(Struct):
    """A workspace that is seen, with its projects; `writes`: what it shares among them, such as tags."""

    ObjectID: int
    ObjectUUID: str
    Name: str
    open: bool
    permission: Literal["viewer", "editor", "admin"]
    writes: bool
    administers: bool
    projects: list[ProjectReached]


class Permissions(Struct):
    """What a key may do now: its owner's roles, its grant and its limits together. `reads` and `writes` count projects.

    `refusal` is the `X-Auth-Reason` for which the key is refused at present, null while it holds.
    """

    reads: Count
    writes: Count
    administers_subscription: bool
    refusal: str | None
    workspaces: list[WorkspaceReached]


class PermissionCounts(Struct):
    """How many projects are read and written, and whether the subscription is administered."""

    reads: Count
    writes: Count
    administers_subscription: bool


class UserInHand(Struct):
    """Who the credential speaks for; `role` is the strongest one held anywhere."""

    ObjectID: int
    ObjectUUID: str
    UserName: str
    DisplayName: str | None
    EmailAddress: str | None
    role: str


class SubscriptionInHand(Struct):
    """The subscription."""

    ObjectID: int
    Name: str
    SubscriptionID: int


class WorkspaceInHand(Struct):
    """A workspace that is seen; `default` marks the one that applies where none is named."""

    ObjectID: int
    ObjectUUID: str
    Name: str
    permission: Literal["viewer", "editor", "admin"]
    default: bool


class ProjectInHand(Struct):
    """A project."""

    ObjectID: int
    Name: str


class Server(Struct):
    """What answers."""

    product: str
    version: str
    time: Moment
    wsapi_versions: list[str]


class Links(Struct):
    """Where the rest is."""

    wsapi: str
    openapi: str
    docs: str
    account: str


class Introspection(Struct):
    """What the credential that came with the request is and may do: a `key`, else `key` is null and he has logged in."""

    credential: str
    key: Key | None
    user: UserInHand
    subscription: SubscriptionInHand
    workspaces: list[WorkspaceInHand]
    default_project: ProjectInHand | None
    permissions: PermissionCounts
    scopes: list[str]
    server: Server
    links: Links
    active: Literal[True] = True


class User(Struct):
    """A user, as administrators see him. `locked` tells of any lock: `locked_by_admin`, or one that ends at `locked_until`."""

    ObjectID: int
    UserName: str
    DisplayName: str
    EmailAddress: str
    Disabled: bool
    SubscriptionAdmin: bool
    CanCreateApiKey: bool
    CreationDate: Moment
    LastLoginDate: Moment | None
    LastActiveDate: Moment | None
    locked: bool
    locked_by_admin: bool
    locked_until: Moment | None
    keys: Count


class UserPage(Struct):
    """Users in order of their user names; `total` is how many there are, `next` the `cursor` of the next page, null after the last."""

    items: list[User]
    next: str | None
    total: Count


class Subscription(Struct):
    """The subscription with the settings that decide who comes in, and how."""

    ObjectID: int
    ObjectUUID: str
    Name: str
    SubscriptionID: int
    ApiKeysEnabled: bool
    JSONPEnabled: bool
    CORSEnabled: bool
    AuthenticationPolicy: str
    PasswordExpirationDays: int | None
    IPAddressRestrictionEnabled: bool


class SubscriptionChange(Struct, forbid_unknown_fields=True):
    """What is to change of the subscription; what is left out stays. While API keys are disabled every one of them is refused."""

    ApiKeysEnabled: bool | UnsetType = UNSET
    JSONPEnabled: bool | UnsetType = UNSET
    CORSEnabled: bool | UnsetType = UNSET
