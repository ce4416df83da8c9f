"""`jsonp=name`: the answer as a script that calls a function with it (wsapi.md 3), where the subscription's `JSONPEnabled` allows it.

Any page may run a script of ours with its reader's cookies, and so read what he may. Cookies and remembered passwords alone
therefore get no such answer: the page has to show the session's security token, as for a write (access.md 3.7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from banneret.access.credentials import KeyCredential
from banneret.kernel.errors import InvalidRequest, SecurityTokenInvalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from banneret.access.credentials import Credential
    from banneret.operations.context import Context
    from banneret.wsapi.requests import Request

SCRIPT = b"text/javascript; charset=utf-8"

_FUNCTION = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d{1,9}\])*", re.ASCII)
_LONGEST_NAME = 128


def callback(
    request: Request,
    context: Context,
    credential: Credential | None,
    require_token: Callable[[Context, str | None], None],
) -> str | None:
    """Give the function that the answer is to call, or None where none was asked for; only GETs are asked.

    Raises:
        InvalidRequest: JSONP is disabled, or the text names no function.
        SecurityTokenInvalid: only a cookie or a remembered password stands behind the request.

    """
    name = request.params.get("jsonp")
    if not name or request.method != "GET":
        return None
    if not context.landscape.subscription.jsonp_enabled:
        message = "JSONP is disabled for this subscription; an administrator enables it with the attribute JSONPEnabled"
        raise InvalidRequest(message)
    if len(name) > _LONGEST_NAME or not _FUNCTION.fullmatch(name):
        message = "jsonp must be the name of a JavaScript function"
        raise InvalidRequest(message)
    if isinstance(credential, KeyCredential) and credential.carrier.is_ambient:
        raise SecurityTokenInvalid
    require_token(context, request.params.get("key"))
    return name


def script(name: str, document: bytes) -> bytes:
    """Give the script. Older browsers end a text at U+2028 and U+2029, which JSON allows in one."""
    if b"\xe2\x80" in document:
        document = document.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
    return b"%b(%b);" % (name.encode(), document)
