"""The one place where errors of ours become WSAPI: texts, envelopes, statuses (wsapi.md 4.3, 7).

Nearly everything is HTTP 200 with `Errors`; what is not says so in `status_of`. Texts are the service's own where one was captured.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from banneret.kernel import errors

if TYPE_CHECKING:
    from collections.abc import Callable

JAVA_CLASSES = {"HierarchicalRequirement": "UserStory"}
"""Types whose class has another name in the texts of the service."""

_CONVERSION = {
    "BOOLEAN": "class java.lang.Boolean",
    "DATE": "class java.util.Date",
    "INTEGER": "class java.lang.Long",
    "DECIMAL": "class java.lang.Double",
    "QUANTITY": "class java.lang.Double",
    "BINARY_DATA": "class [B",
    "OBJECT": "class com.f4tech.slm.domain.PersistableObject",
    "COLLECTION": "interface java.util.Collection",
}


def _java_class(type_name: str) -> str:
    element = type_name.rpartition("/")[2]
    return f"com.f4tech.slm.domain.{JAVA_CLASSES.get(element, element)}"


def _not_authorized(error: errors.NotAuthorized) -> str:
    if error.identifier is None:
        return f"Not authorized to {error.action} {error.type_name}"
    return f"Not authorized to {error.action}: {error.type_name} {error.identifier}"


def _not_allowed(error: errors.ValueNotAllowed) -> str:
    return (
        f"Could not convert: {error.display_name} value {_shown(error.value)} is invalid.  "
        f"Valid values are: {', '.join(error.allowed)}"
    )


def _not_convertible(error: errors.ValueNotConvertible) -> str:
    wanted = _CONVERSION.get(error.wanted, "class java.lang.String")
    return (
        f"Could not convert:  : value to convert : {_shown(error.value)} : type to convert : {wanted}"
        f" : {error.type_name}.{error.attribute}"
    )


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:200] + "…"


def _refused(error: errors.RelationRefused) -> str:
    return f"Could not set value for {error.display_name}: {error.reason}"


def _markup(error: errors.MarkupRefused) -> str:
    return (
        f"Validation error: {error.type_name}.{error.attribute} contained invalid input. "
        "Search 'HTML Whitelist' at help.rallydev.com for details."
    )


TEXTS: dict[type[errors.BanneretError], Callable[..., str]] = {
    # In lower case, whatever was sent: a client's test against the live service holds it so.
    errors.UnknownType: lambda e: f'Requested type name "{_shown(e.name.lower())}" is unknown.',
    errors.MalformedReference: lambda e: f'Cannot parse object reference from "{_shown(e.text)}"',
    errors.MalformedBody: lambda e: (
        f"Cannot parse input stream due to I/O error as JSON document: Parse error: {e.reason}"
    ),
    errors.UnsupportedOperation: lambda e: (
        f"Not authorized to {_shown(e.operation)} {_shown(e.type_name)}: the type does not offer it"
    ),
    errors.QuerySyntax: lambda e: e.message,
    errors.UnknownQueryAttribute: lambda e: (
        f'Could not parse: Attribute "{_shown(e.attribute)}" on type {e.type_name} is not allowed in query expressions.'
    ),
    errors.AttributeNotShared: lambda e: (
        f"Could not read: could not read all instances of class {_java_class(e.type_name)}"
    ),
    errors.UnreadableDate: lambda e: (
        f'Could not parse: Cannot convert "{_shown(e.value)}" into a date.  You must use the ISO8601 date+time format.'
    ),
    errors.UnknownSortAttribute: lambda e: f"Cannot sort using unknown attribute {_shown(e.attribute)}",
    errors.UnknownScope: lambda e: f'Cannot parse object reference from "{_shown(e.value)}": no such {e.parameter}',
    errors.RequiredValueMissing: lambda e: f"Validation error: {e.type_name}.{e.display_name} should not be null",
    errors.TextTooLong: lambda e: (
        f"Validation error: {e.type_name}.{e.attribute} length is greater than the maximum length of {e.maximum}"
    ),
    errors.ValueNotAllowed: _not_allowed,
    errors.ValueNotConvertible: _not_convertible,
    errors.MarkupRefused: _markup,
    errors.ValueAlreadyUsed: lambda e: (
        f"Validation error: {e.type_name}.{e.display_name} {_shown(e.value)} is already in use"
    ),
    errors.RelationRefused: _refused,
    errors.ObjectNotFound: lambda _: "Cannot find object to read",
    errors.ObjectToUpdateNotFound: lambda e: f"Could not read: Could not read {e.type_name} {e.identifier} to update.",
    errors.ObjectToDeleteNotFound: lambda _: "Object to delete cannot be null",
    errors.ReferencedObjectNotFound: lambda e: f"Could not read: Could not read referenced object {e.identifier}",
    errors.NotAuthorized: _not_authorized,
    errors.KeysDisabled: lambda _: (
        "API Keys are disabled. Contact your Subscription Administrator to enable this functionality."
    ),
    errors.SecurityTokenInvalid: lambda _: "Not authorized to perform action: Invalid key",
    errors.CrossSiteRequest: lambda _: "Not authorized to perform action: the request came from another site",
    errors.ConcurrencyConflict: lambda e: (
        "Concurrency conflict: [Object has been modified since being read for update in this context] - "
        "ConcurrencyConflictException : Modified since read on update : Object Class : "
        f"{_java_class(e.type_name)} : ObjectID : {e.identifier}"
    ),
    errors.TooManyWaiting: lambda e: (
        f"{e.waiting} requests wait for their turn already; wait for their answers before sending more."
    ),
    errors.RequestTooLarge: lambda e: (
        "Cannot parse input stream due to I/O error as JSON document: Parse error: "
        f"the body is larger than {e.limit} bytes"
    ),
}


def text_of(error: errors.BanneretError) -> str:
    """Give the text that stands in `Errors`."""
    for kind in type(error).__mro__:
        wording = TEXTS.get(kind)
        if wording is not None:
            return wording(error)
    return str(error)


REASONS = {
    False: "Full authentication is required to access this resource",
    True: "The username or password you entered is incorrect.",
}


def challenge_page(path: str, *, presented: bool) -> bytes:
    """Give the 401 page of the servlet container. pyral looks for `Error 401 The username or password …` in it."""
    reason = REASONS[presented]
    shown = escape(path)
    return (
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n'
        f"<title>Error 401 {reason}</title>\n</head>\n<body>\n<h2>HTTP ERROR 401</h2>\n"
        f"<p>Problem accessing {shown}. Reason:\n<pre>    {reason}</pre></p>\n</body>\n</html>\n"
    ).encode()


def address_page(address: str) -> bytes:
    """Give the 403 page of the IP filter."""
    return (
        f"<html><body><p>Your IP address, {escape(address)}, is not within the allowed range that your subscription "
        "administrator has configured.</p></body></html>\n"
    ).encode()


def run_time_page(seconds: float) -> bytes:
    """Give the 502 page of a request that was interrupted. The .NET tool kit takes such a body for an unavailable server."""
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html>\n<head>\n<title>502 Proxy Error</title>\n</head>\n<body>\n'
        f"<h1>Proxy Error</h1>\n<p>The request ran longer than {seconds:g} seconds and was interrupted. "
        "Nothing of it was stored.</p>\n</body>\n</html>\n"
    ).encode()


def missing_page(path: str) -> bytes:
    """Give the 404 page of a file or picture that is missing, or not to be seen."""
    return (
        "<html>\n<head>\n<title>Error 404 Not Found</title>\n</head>\n<body>\n<h2>HTTP ERROR 404</h2>\n"
        f"<p>Problem accessing {escape(path)}. Reason:\n<pre>    Not Found</pre></p>\n</body>\n</html>\n"
    ).encode()


def version_page(version: str) -> bytes:
    """Give the 404 text of an address with a version that is not served."""
    return f"Could not determine Web Services Version from '{escape(version)}'\n".encode()
