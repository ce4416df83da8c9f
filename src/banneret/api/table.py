"""Every address of the management API, once: routing, the OpenAPI document and the tests go by this table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.api import key_verbs, own_key, resources, subscription, users
from banneret.api.endpoints import CURSOR, LIMIT, ROOT, Access, Endpoint, Query
from banneret.operations.journal import USAGE_DAYS
from banneret.operations.roster import STATES

if TYPE_CHECKING:
    from banneret.api.endpoints import Handler

_STATE = Query(
    "state", "string", "Keys in this state only.", choices=("active", "disabled", "expired", "renewal", "ended")
)
_OF = Query(
    "of", "string", "Whose keys: one's own, or for a subscription administrator all.", "me", choices=("me", "all")
)
_WORDS = Query("words", "string", "Part of a user name, display name or mail address.", maximum=256)
_USER_STATE = Query("state", "string", "Users in this state only.", choices=STATES)
_DAYS = Query("days", "integer", "How far back.", 28, 1, USAGE_DAYS)
_ZONE = Query("zone", "string", "Time zone of the hours, as `Europe/Berlin`; left out, the workspace's.", maximum=64)
_WEEK = Query("days", "integer", "How far back, as far as the journal goes.", 7, 1, USAGE_DAYS)
_NARROWED = (
    Query("kind", "string", "Requests that are counted so in the usage.", choices=("reads", "writes", "refused")),
    Query("outcome", "string", "Requests that worked, or that came to nothing.", choices=("worked", "failed")),
    Query("status", "integer", "Requests answered with this status.", None, 100, 599),
    Query("path", "string", "A part of the path, in any case of letters.", maximum=300),
    Query("client", "string", "A part of the program's name, in any case of letters.", maximum=200),
    Query("address", "string", "A part of the address.", maximum=64),
    Query("since", "string", "From this moment on, as `2026-11-21T13:00:00Z`.", maximum=40),
    Query("until", "string", "Before this moment.", maximum=40),
)


def _verb(verb: str, handler: Handler, summary: str, answer: type, *refusals: int) -> Endpoint:
    """Give a `POST …/{id}/<verb>` of a key."""
    return Endpoint(
        "POST",
        f"/keys/{{id}}/{verb}",
        f"{verb}Key",
        summary,
        Access.LOGGED_IN,
        handler,
        answer,
        refusals=(404, *refusals),
        writes=True,
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET", "/ping", "ping", "Tell a wrong address from a wrong key", Access.ANYBODY, own_key.ping, resources.Pong
    ),
    Endpoint(
        "GET",
        "/key",
        "introspectKey",
        "Say what the credential is and may do",
        Access.HOLDER,
        own_key.introspect,
        resources.Introspection,
    ),
    Endpoint(
        "GET",
        "/keys",
        "listKeys",
        "List keys, newest first",
        Access.LOGGED_IN,
        key_verbs.list_keys,
        resources.KeyPage,
        query=(_OF, _STATE, LIMIT, CURSOR),
    ),
    Endpoint(
        "POST",
        "/keys",
        "createKey",
        "Make a key; its value is shown this once",
        Access.LOGGED_IN,
        key_verbs.create_key,
        resources.NewSecret,
        resources.NewKey,
        status=201,
        writes=True,
        location=lambda made: f"{ROOT}/keys/{made.key.id}",
    ),
    Endpoint(
        "POST",
        "/keys/leaked",
        "stopLeakedKeys",
        "Disable keys whose values got out",
        Access.ANYBODY,
        key_verbs.stop_leaked,
        resources.LeakedKeys,
        resources.Leaked,
        refusals=(429,),
        writes=True,
    ),
    Endpoint(
        "GET",
        "/keys/{id}",
        "readKey",
        "Show a key, never its value",
        Access.LOGGED_IN,
        key_verbs.read_key,
        resources.Key,
        refusals=(404,),
    ),
    Endpoint(
        "PATCH",
        "/keys/{id}",
        "changeKey",
        "Change a key's name, grant, purpose or limits",
        Access.LOGGED_IN,
        key_verbs.change_key,
        resources.Key,
        resources.KeyChange,
        refusals=(404,),
        writes=True,
    ),
    Endpoint(
        "DELETE",
        "/keys/{id}",
        "deleteKey",
        "Delete a key, also while keys are disabled",
        Access.LOGGED_IN,
        key_verbs.delete_key,
        status=204,
        refusals=(404,),
        writes=True,
    ),
    _verb("reset", key_verbs.reset_key, "Give a key a new value, shown this once", resources.NewSecret),
    _verb("disable", key_verbs.disable_key, "Let a key rest", resources.Key),
    _verb("enable", key_verbs.enable_key, "Let a disabled key work again", resources.Key, 422),
    Endpoint(
        "GET",
        "/keys/{id}/permissions",
        "readKeyPermissions",
        "Say what a key may do now, project by project",
        Access.LOGGED_IN,
        key_verbs.key_permissions,
        resources.Permissions,
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/keys/{id}/journal",
        "readKeyJournal",
        "List a key's latest requests",
        Access.LOGGED_IN,
        key_verbs.key_journal,
        resources.JournalPage,
        query=(*_NARROWED, LIMIT, CURSOR),
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/keys/{id}/clients",
        "listKeyClients",
        "Say which programs use a key",
        Access.LOGGED_IN,
        key_verbs.key_clients,
        resources.Clients,
        query=(_WEEK,),
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/keys/{id}/usage",
        "readKeyUsage",
        "Count a key's requests by hour of the week",
        Access.LOGGED_IN,
        key_verbs.key_usage,
        resources.Usage,
        query=(_DAYS, _ZONE),
        refusals=(404,),
    ),
    Endpoint(
        "GET",
        "/users",
        "listUsersAsAdministrator",
        "List users with their locks and how many keys they have",
        Access.HOLDER,
        users.list_users,
        resources.UserPage,
        query=(_WORDS, _USER_STATE, LIMIT, CURSOR),
        tag="Users",
    ),
    Endpoint(
        "GET",
        "/users/{id}",
        "showUserAsAdministrator",
        "Show a user",
        Access.HOLDER,
        users.read_user,
        resources.User,
        refusals=(404,),
        tag="Users",
    ),
    *(
        Endpoint(
            "POST",
            f"/users/{{id}}/{verb}",
            f"{verb}User",
            summary,
            Access.HOLDER,
            handler,
            resources.User,
            refusals=refusals,
            writes=True,
            tag="Users",
        )
        for verb, summary, handler, refusals in (
            ("lock", "Lock a user: log-ins, sessions and keys stop", users.lock_user, (404,)),
            ("unlock", "Take every lock off a user", users.unlock_user, (404,)),
            ("disable", "Disable a user: sessions end, keys rest", users.disable_user, (404, 422)),
            ("enable", "Enable a user, and with him his keys", users.enable_user, (404,)),
        )
    ),
    Endpoint(
        "GET",
        "/subscription",
        "readSubscriptionSettings",
        "Show the switches that decide who comes in",
        Access.HOLDER,
        subscription.read_subscription,
        resources.Subscription,
        tag="Subscription",
    ),
    Endpoint(
        "PATCH",
        "/subscription",
        "changeSubscriptionSettings",
        "Turn switches, that of API keys among them",
        Access.HOLDER,
        subscription.change_subscription,
        resources.Subscription,
        resources.SubscriptionChange,
        writes=True,
        tag="Subscription",
    ),
)
"""Where two patterns match an address, the one that names more of it stands first."""

NOT_BUILT = frozenset({"applications", "clients", "connect-sessions", "connectors", "links", "scenario", "webhooks"})
"""Names of design 4.2 that there is nothing behind yet: an address below them says so."""
