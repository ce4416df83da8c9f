"""Full-text search: how a text becomes words, and what a search asks of them. The same whatever the database.

Case, accents and the forms of a character do not count (`Ärger` is `arger`, `ﬁx` is `fix`). A word is a run of letters and digits;
scripts that set no blanks between words (Han, Kana) have a word a character, so that a search for several finds them side
by side.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LONGEST_WORD = 64
"""Characters; what a longer one has more is neither kept nor looked for."""

_LONGEST_TEXT = 65_536
"""Characters that are read of one text, twice what an attribute holds."""

_MOST_WORDS = 32
"""Words of one search that count."""

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not take apart, though readers do."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side in one text; with `prefix` the last of them may go on."""

    words: tuple[str, ...]
    prefix: bool


def words(text: str) -> list[str]:
    """Give the folded words of a text in order."""
    if text.isascii():
        return [word[:_LONGEST_WORD] for word in _ASCII_WORD.findall(text[:_LONGEST_TEXT].lower())]
    return [word[:_LONGEST_WORD] for word in _WORD.findall(_fold(text[:_LONGEST_TEXT])[:_LONGEST_TEXT])]


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in parts if not unicodedata.category(character).startswith("M"))
    return bare.casefold().translate(_STROKES)


def parse_search(text: str) -> tuple[Term, ...]:
    """Give what every object found must have; nothing where no word is asked for, whatever the text.

    What stands between quotes is looked for as it is. Any other word may go on (`log` finds `login`), unless it is a single
    letter or has a digit: `US12` is not `US123`. What punctuation joins (`e-mail`) stands side by side.
    """
    terms: dict[Term, None] = {}
    left = _MOST_WORDS
    for quoted, bare in _PIECE.findall(text):
        found = tuple(words(bare or quoted)[:left])
        if not found:
            continue
        left -= len(found)
        last = found[-1]
        goes_on = bool(bare) and len(last) > 1 and not any(character.isdigit() for character in last)
        terms[Term(found, goes_on)] = None
    return tuple(terms)
