"""The one place where errors of ours become words on a page: which field they belong to, and what they say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from banneret.access.throttle import FOREVER
from banneret.kernel import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

KEYS_DISABLED = "API Keys are disabled. Contact your Subscription Administrator to enable this functionality."
"""Word for word (A10)."""

_MINUTE = 60
_UNITS = ((86400, "day"), (3600, "hour"), (_MINUTE, "minute"))
_UNLOCK = "A subscription administrator can"
_SPARED = "Its API keys and the log-ins that there are go on."
_KINDS = {"DATE": "date", "INTEGER": "whole number", "DECIMAL": "number", "QUANTITY": "number", "BOOLEAN": "yes or no"}
_NAMES = {
    "ApiKey": "this API key",
    "Password": "this password",
    "Session": "this session",
    "SignInPolicy": "the password policy",
    "SecondFactor": "this second factor",
}
_TEXTS: dict[type[errors.BanneretError], Callable[..., str]] = {
    errors.RequiredValueMissing: lambda e: f"{e.display_name} is needed.",
    errors.TextTooLong: lambda e: f"{e.display_name} has more than {e.maximum} characters.",
    errors.ValueNotAllowed: lambda e: f"Choose one of {', '.join(e.allowed)}.",
    errors.ValueNotConvertible: lambda e: f"This is no {_KINDS.get(e.wanted, 'value of this kind')}.",
    errors.ValueAlreadyUsed: lambda e: f"This {e.display_name} is in use already.",
    errors.MarkupRefused: lambda _: (
        "This markup is not taken: no scripts, frames, objects or links that run something."
    ),
    errors.RelationRefused: lambda e: e.reason,
    errors.KeysDisabled: lambda _: KEYS_DISABLED,
    errors.NotAuthorized: lambda e: f"You may not {e.action} {_NAMES.get(e.type_name, e.type_name)}.",
    errors.NotFound: lambda _: "It is not there any more, or it is not yours to see.",
    errors.ConcurrencyConflict: lambda _: "Somebody else changed it meanwhile. Look at it again before you change it.",
    errors.CrossSiteRequest: lambda _: "The form came from another site, so nothing was done.",
}


def message_of(error: errors.BanneretError) -> tuple[str, str]:
    """Give the field that an error is about, empty where it is about no single one, and what to say."""
    name = error.attribute if isinstance(error, errors.InvalidValue) else ""
    for kind in type(error).__mro__:
        wording = _TEXTS.get(kind)
        if wording is not None:
            return name, wording(error)
    return name, str(error)


def patience(what: str, until: datetime, now: datetime) -> str:
    """Say that wrong ones came before, and how long that keeps the next from being looked at; `what`: passwords or codes."""
    where = " for this user name came from where you are" if what == "passwords" else " came before"
    said = f"Too many wrong {what}{where}, so this one was not looked at."
    if until - now > FOREVER / 2:
        return f"{said} {_UNLOCK} unlock the account. {_SPARED}"
    seconds = (until - now).total_seconds()
    size, unit = next((size, unit) for size, unit in _UNITS if seconds > 2 * size or size == _MINUTE)
    count = math.ceil(seconds / size)
    wait = f"Try again in {count} {unit}{'' if count == 1 else 's'}, at {until:%Y-%m-%d %H:%M:%S} UTC."
    return f"{said} {wait} {_UNLOCK} unlock the account sooner. {_SPARED}"
