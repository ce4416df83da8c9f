"""How hard a password is to guess, by zxcvbn; apart, because its word lists are big and rarely needed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zxcvbn import zxcvbn

_LONGEST = 72
"""zxcvbn takes no more characters; a password is at least as hard to guess as its beginning."""


def estimate(password: str, context: Sequence[str]) -> tuple[int, str]:
    """Give zxcvbn's score, 0 (at once) to 4 (not at all), and its warning, which may be empty.

    Each of the `context` words counts as a word of the dictionary, and so do their parts.
    """
    words = {part for text in context for part in (text, *re.split(r"[\W_]+", text)) if len(part) > 2}
    found = zxcvbn(password[:_LONGEST], user_inputs=sorted(words))
    return int(found["score"]), str(found["feedback"]["warning"] or "")
