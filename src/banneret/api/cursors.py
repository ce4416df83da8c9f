"""Where a list goes on. Keys and requests go on after the last one shown, so that nothing is left out when the list grows meanwhile."""

from __future__ import annotations

import base64
import binascii

from banneret.kernel.errors import RelationRefused

_LONGEST_NUMBER = 19


def position(order: str, number: str) -> str:
    """Give the cursor that goes on after an entry: what it is sorted by, and its number."""
    return base64.urlsafe_b64encode(f"{order} {number}".encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> tuple[str, str] | None:
    """Read a cursor back; None where none is given.

    Raises:
        RelationRefused: it is none of ours.

    """
    if text is None:
        return None
    try:
        order, _, number = (
            base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode().rpartition(" ")
        )
    except (binascii.Error, ValueError):
        number, order = "", ""
    if not number.isascii() or not number.isdigit() or len(number) > _LONGEST_NUMBER:
        raise RelationRefused("ApiKey", "cursor", "Cursor", "It is no cursor of this list.")
    return order, number
