"""Errors of ours as the management API tells them: status, `{error, reason, message, field}`, and `X-Auth-Reason` for holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from banneret.api.resources import KeyRefusal, Refusal
from banneret.kernel import errors

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS_DISABLED = "API Keys are disabled. Contact your Subscription Administrator to enable this functionality."
"""Word for word (behaviours A10)."""

_FIELDS = {
    "DisplayName": "name",
    "Purpose": "purpose",
    "Grant": "grant",
    "ExpirationDate": "limits.expires_at",
    "Projects": "limits.projects",
    "Types": "limits.types",
    "Addresses": "limits.addresses",
}
"""What the operations' element names are called here."""

_STATUSES: dict[type[errors.BanneretError], tuple[int, str]] = {
    errors.Unauthenticated: (401, "unauthorized"),
    errors.Denied: (403, "forbidden"),
    errors.NotFound: (404, "not_found"),
    errors.Conflict: (409, "conflict"),
    errors.RequestTooLarge: (413, "too_large"),
    errors.InvalidRequest: (422, "invalid"),
    errors.TooManyWaiting: (429, "too_many"),
    errors.RunTimeExceeded: (503, "failed"),
}

_TEXTS: dict[type[errors.BanneretError], Callable[..., str]] = {
    errors.RequiredValueMissing: lambda e: f"{e.display_name} is needed.",
    errors.TextTooLong: lambda e: f"{e.display_name} has more than {e.maximum} characters.",
    errors.ValueNotAllowed: lambda e: f"Choose one of {', '.join(e.allowed)}.",
    errors.RelationRefused: lambda e: e.reason,
    errors.InvalidValue: lambda e: f"The value of {e.display_name} is not accepted.",
    errors.KeysDisabled: lambda _: KEYS_DISABLED,
    errors.NotAuthorized: lambda e: f"You may not {e.action} {'this ' + e.type_name if e.identifier else e.type_name}.",
    errors.AddressNotAllowed: lambda e: f"Your IP address, {e.address}, is not within the allowed range.",
    errors.CrossSiteRequest: lambda _: "A browser sent this from another site, so nothing was done.",
    errors.NotFound: lambda _: "It is not there, or it is not yours to see.",
}

_HOLDERS = {
    "read_only_key": "The key is Read-Only.",
    "login_required": "No key makes, changes or ends keys: log in, or use Basic authentication.",
    "keys_disabled": KEYS_DISABLED,
    "password_expired": "The password of the key's owner has expired.",
    "owner_disabled": "The key's owner is disabled.",
    "owner_locked": "The key's owner is locked.",
    "key_expired": "The key has expired.",
    "key_suspended": "The key is disabled.",
    "key_revoked": "The key was deleted.",
    "ip_not_allowed": "The key is not to be used from this address.",
}


def refusal_of(error: errors.BanneretError) -> tuple[int, Refusal]:
    """Give the status and the body that tell an error."""
    if isinstance(error, errors.Unauthenticated) and error.reason == "read_only_key":
        # Here, not on WSAPI, it is a matter of what may be done rather than of who it is (design 5.3).
        return 403, Refusal("forbidden", error.reason, _HOLDERS[error.reason])
    status, kind = next((_STATUSES[each] for each in type(error).__mro__ if each in _STATUSES), (500, "failed"))
    reason = reason_of(error) or ("unauthorized" if status == 401 else error.code)
    found = error.attribute if isinstance(error, errors.InvalidValue) else ""
    field = _FIELDS.get(found, found) or None
    return status, Refusal(kind, reason, _message(error, reason), field)


def reason_of(error: errors.BanneretError) -> str | None:
    """Give what `X-Auth-Reason` says: of a credential that was right, why it does not do."""
    if isinstance(error, errors.KeysDisabled):
        return "keys_disabled"
    if isinstance(error, errors.Unauthenticated):
        return error.reason
    return error.code if isinstance(error, errors.Denied) else None


def _message(error: errors.BanneretError, reason: str) -> str:
    if isinstance(error, errors.Unauthenticated) and error.reason is None:
        return "The credential does not hold." if error.presented else "A credential is needed."
    if reason in _HOLDERS:
        return _HOLDERS[reason]
    wording = next((_TEXTS[each] for each in type(error).__mro__ if each in _TEXTS), None)
    return wording(error) if wording is not None else str(error)


def refused(error: errors.BanneretError, *, introspecting: bool = False) -> Response:
    """Give the answer that tells an error; `introspecting`: in the form that hubs ask after a key in (hub.md 1.5)."""
    status, found = refusal_of(error)
    headers: dict[str, str] = {}
    reason = reason_of(error)
    if status in {401, 403} and reason is not None:
        headers["x-auth-reason"] = reason
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="Banneret"'
    if status in {429, 503}:
        headers["retry-after"] = "60"
    body: Refusal | KeyRefusal = found
    if status == 401 and introspecting:
        body = KeyRefusal(found.reason, found.message, found.reason)
    return Response(msgspec.json.encode(body), status, headers, "application/json")


def plainly(status: int, kind: str, reason: str, message: str, field: str | None = None, **headers: str) -> Response:
    """Give a refusal that is no error of the operations."""
    body = Refusal(kind, reason, message, field)
    return Response(msgspec.json.encode(body), status, headers, "application/json")
