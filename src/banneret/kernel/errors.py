"""The one tree of errors. Facts are attributes; wording and status belong to the edges that map them.

BanneretError
├── InvalidRequest                 the caller sent something wrong
│   ├── UnknownType                a type name that no workspace knows
│   ├── MalformedReference         text that is no ref
│   ├── MalformedBody              a body that is no JSON object
│   ├── UnsupportedOperation       the type does not offer the verb
│   ├── InvalidQuery               the query language refused the text
│   │   ├── QuerySyntax            it does not parse
│   │   ├── UnknownQueryAttribute  the type has no such attribute
│   │   ├── AttributeNotShared     not on every subtype of an abstract type
│   │   └── UnreadableDate         a date that is none
│   ├── UnknownSortAttribute       order by something that is not there
│   ├── UnknownScope               a workspace or project that is nothing, or not visible
│   └── InvalidValue               a value that its attribute refuses
│       ├── RequiredValueMissing
│       ├── TextTooLong
│       ├── ValueNotAllowed
│       ├── ValueNotConvertible
│       ├── MarkupRefused
│       ├── ValueAlreadyUsed
│       └── RelationRefused
├── NotFound                       missing, deleted or invisible: the three are one to the caller
│   ├── ObjectNotFound
│   ├── ObjectToUpdateNotFound
│   ├── ObjectToDeleteNotFound
│   └── ReferencedObjectNotFound
├── Denied
│   ├── NotAuthorized              the identity lacks the permission
│   ├── LoginRequired              a key was used for what only who has logged in may do
│   ├── KeysDisabled               API keys are switched off for the subscription
│   ├── AddressNotAllowed          the IP filter keeps the address out
│   ├── SecurityTokenInvalid       a write without the session's security token
│   └── CrossSiteRequest           a browser wrote with a cookie from another site
├── Unauthenticated                no credential, or one that does not hold
│   └── TooManyAttempts            wrong passwords before this one: it was not looked at
├── Conflict
│   └── ConcurrencyConflict        another writer was first
├── RequestTooLarge
├── TooManyWaiting                 the user has so many requests waiting that no more may
├── RunTimeExceeded                the request ran longer than one may
└── ConfigurationError             the installation is wrong; refuse to start
    ├── CatalogueError
    ├── ScenarioError
    └── SchemaOutOfDate
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class BanneretError(Exception):
    """Root of every error of ours. The class docstring is the default message."""

    def __str__(self) -> str:
        """Give the message, or the class's docstring when there is none."""
        return super().__str__() or (type(self).__doc__ or type(self).__name__).strip()

    @property
    def code(self) -> str:
        """What programs know it by: the class's name in lower case, words joined by underscores."""
        return _code(type(self).__name__)


@cache
def _code(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class InvalidRequest(BanneretError):
    """The request is not valid."""


class UnknownType(InvalidRequest):
    """The type is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class MalformedReference(InvalidRequest):
    """The text is no object reference."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class MalformedBody(InvalidRequest):
    """The body is no JSON object."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnsupportedOperation(InvalidRequest):
    """The type does not offer this operation."""

    def __init__(self, type_name: str, operation: str) -> None:
        super().__init__(f"{operation} {type_name}")
        self.type_name = type_name
        self.operation = operation


class InvalidQuery(InvalidRequest):
    """The query is not valid."""


class QuerySyntax(InvalidQuery):
    """The query does not parse. `position` is the 0-based offset in the text, or None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class UnknownQueryAttribute(InvalidQuery):
    """The type has no such attribute, or the attribute takes no part in queries."""

    def __init__(self, attribute: str, type_name: str) -> None:
        super().__init__(f"{type_name}.{attribute}")
        self.attribute = attribute
        self.type_name = type_name


class AttributeNotShared(InvalidQuery):
    """The attribute is not on every subtype of the abstract type that is queried."""

    def __init__(self, attribute: str, type_name: str) -> None:
        super().__init__(f"{type_name}.{attribute}")
        self.attribute = attribute
        self.type_name = type_name


class UnreadableDate(InvalidQuery):
    """The value is no date."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class UnknownSortAttribute(InvalidRequest):
    """The order names an attribute that the type lacks."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute)
        self.attribute = attribute


class UnknownScope(InvalidRequest):
    """The workspace or project of the request is nothing that the caller may see."""

    def __init__(self, parameter: str, value: str) -> None:
        super().__init__(f"{parameter}={value}")
        self.parameter = parameter
        self.value = value


class InvalidValue(InvalidRequest):
    """A value that its attribute refuses. `display_name` is the label, `attribute` the element name."""

    def __init__(self, type_name: str, attribute: str, display_name: str, value: object = None) -> None:
        super().__init__(f"{type_name}.{attribute}")
        self.type_name = type_name
        self.attribute = attribute
        self.display_name = display_name
        self.value = value


class RequiredValueMissing(InvalidValue):
    """A required attribute is missing or null."""


class TextTooLong(InvalidValue):
    """The text is longer than `maximum` characters."""

    def __init__(self, type_name: str, attribute: str, display_name: str, maximum: int) -> None:
        super().__init__(type_name, attribute, display_name)
        self.maximum = maximum


class ValueNotAllowed(InvalidValue):
    """The value is none of `allowed`."""

    def __init__(
        self, type_name: str, attribute: str, display_name: str, value: object, allowed: tuple[str, ...]
    ) -> None:
        super().__init__(type_name, attribute, display_name, value)
        self.allowed = allowed


class ValueNotConvertible(InvalidValue):
    """The value is not of the attribute's type; `wanted` is the AttributeType."""

    def __init__(self, type_name: str, attribute: str, display_name: str, value: object, wanted: str) -> None:
        super().__init__(type_name, attribute, display_name, value)
        self.wanted = wanted


class MarkupRefused(InvalidValue):
    """The text holds markup that is not accepted."""


class ValueAlreadyUsed(InvalidValue):
    """The value must be unique and is taken."""


class RelationRefused(InvalidValue):
    """The reference cannot be set; `reason` says why."""

    def __init__(self, type_name: str, attribute: str, display_name: str, reason: str, value: object = None) -> None:
        super().__init__(type_name, attribute, display_name, value)
        self.reason = reason


class NotFound(BanneretError):
    """Missing, deleted or invisible: the caller cannot tell which."""


class ObjectNotFound(NotFound):
    """There is nothing to read."""


class ObjectToUpdateNotFound(NotFound):
    """There is nothing to update."""

    def __init__(self, type_name: str, identifier: str) -> None:
        super().__init__(f"{type_name} {identifier}")
        self.type_name = type_name
        self.identifier = identifier


class ObjectToDeleteNotFound(NotFound):
    """There is nothing to delete."""


class ReferencedObjectNotFound(NotFound):
    """A ref in the body leads nowhere."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class Denied(BanneretError):
    """The identity is known and may not do this."""


class NotAuthorized(Denied):
    """The identity lacks the permission. `identifier` is the ObjectID, or None for a create."""

    def __init__(self, action: str, type_name: str, identifier: int | None = None) -> None:
        super().__init__(f"{action} {type_name}")
        self.action = action
        self.type_name = type_name
        self.identifier = identifier


class LoginRequired(Denied):
    """No credential makes a stronger one: this takes a log-in (design 7)."""


class KeysDisabled(Denied):
    """API keys are disabled for the subscription (KB 10814)."""


class AddressNotAllowed(Denied):
    """The address is not within what the subscription allows."""

    key: int | None = None
    """ObjectID of the key that was presented, for its journal."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class SecurityTokenInvalid(Denied):
    """A write by Basic or session needs the security token of that session (KB 57528)."""


class CrossSiteRequest(Denied):
    """A write that only a cookie authenticates came from another site."""


class Unauthenticated(BanneretError):
    """No credential, or one that does not hold.

    `reason` is a short code that a rightful holder may be told (`keys_disabled`, `read_only_key`, …); None where
    telling would help a guesser. `presented` says whether any credential came with the request. `key` is the ObjectID of the
    key that it was, if its value was right: for the key's journal.
    """

    key: int | None = None

    def __init__(self, reason: str | None = None, *, presented: bool = True) -> None:
        super().__init__(reason or "")
        self.reason = reason
        self.presented = presented


class TooManyAttempts(Unauthenticated):
    """The password was not looked at, for too many wrong ones came before it. It may be tried again at `until` (aware)."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Conflict(BanneretError):
    """The state of the object forbids this now."""


class ConcurrencyConflict(Conflict):
    """The object changed since it was read."""

    def __init__(self, type_name: str, identifier: int) -> None:
        super().__init__(f"{type_name} {identifier}")
        self.type_name = type_name
        self.identifier = identifier


class RequestTooLarge(BanneretError):
    """The body is larger than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class TooManyWaiting(BanneretError):
    """`waiting` requests wait already, as many as may."""

    def __init__(self, waiting: int) -> None:
        super().__init__(str(waiting))
        self.waiting = waiting


class RunTimeExceeded(BanneretError):
    """The request ran longer than `seconds`; it was interrupted, and nothing of it was stored."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"interrupted after {seconds:g} seconds")
        self.seconds = seconds


class ConfigurationError(BanneretError):
    """The installation is wrong."""


class CatalogueError(ConfigurationError):
    """The catalogue contradicts itself."""


class ScenarioError(ConfigurationError):
    """A scenario file is wrong. The message names file, line and, where there is one, a suggestion."""


class SchemaOutOfDate(ConfigurationError):
    """The database needs `banneret migrate`."""
