"""Setting up an authenticator app or a passkey, and the recovery codes that come with the first one: at a log-in, or in My Settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from markupsafe import Markup

from banneret.access.codes import new_totp_secret, totp_address
from banneret.access.sealing import seal, unseal
from banneret.kernel.errors import RelationRefused
from banneret.manager.reveal import keep
from banneret.manager.visits import site_of
from banneret.operations import passkeys, second_factors

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

CODES_PAGE = "/settings/second-factor/codes"
CODES = "recovery codes"
"""The name under which recovery codes wait for their page."""

_STALE = "This form was opened for somebody else, or by another server. Scan the new code and send it again."


def app_page(visit: Visit, form: Form) -> dict[str, Any]:
    """Give what the page needs: the secret to scan, the same one until it is confirmed. The form carries it, sealed."""
    secret = unseal(visit.secret, _purpose(visit), form["Setup"]) or new_totp_secret()
    address = totp_address(
        secret, visit.identity.user.user_name, f"Banneret {visit.context.landscape.subscription_name}"
    )
    picture = segno.make(address, error="m").svg_inline(scale=5, light="white", svgclass="qr", omitsize=False)
    return {
        "setup": seal(visit.secret, _purpose(visit), secret),
        "words": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": Markup(picture),  # noqa: S704 - drawn here, of squares
    }


async def add_app(visit: Visit, form: Form) -> None:
    """Add the app whose code was typed.

    Raises:
        InvalidValue: the code is not of the secret that was scanned, or the name will not do.

    """
    scanned = unseal(visit.secret, _purpose(visit), form["Setup"])
    if scanned is None:
        raise RelationRefused("SecondFactor", "Code", "Code", _STALE)
    await second_factors.add_app(
        visit.context, form["Name"], scanned, form["Code"], secret=visit.secret, token=visit.token
    )


async def passkey_page(visit: Visit) -> dict[str, Any]:
    """Give what the page needs: what the browser is to make."""
    return {"options": await passkeys.to_create(visit.context, site_of(visit.request), secret=visit.secret)}


async def add_passkey(visit: Visit, form: Form) -> None:
    """Add the passkey that the browser made.

    Raises:
        InvalidValue: it is not what was asked for, or the name will not do.

    """
    name, made = form["Name"], form["Credential"]
    site = site_of(visit.request)
    await passkeys.create(visit.context, site, name, made, secret=visit.secret, token=visit.token)


async def keep_codes(visit: Visit) -> None:
    """Make recovery codes and let them wait for the page that shows them once."""
    codes = await second_factors.make_recovery_codes(visit.context, secret=visit.secret)
    await keep(visit, CODES, "\n".join(codes))


def _purpose(visit: Visit) -> str:
    return f"app of {visit.identity.user.oid}"
