"""The scanner: cuts a query at blanks and parentheses, as Rally does, and reads quoted and bare values."""

from __future__ import annotations

import re
from typing import NoReturn

from banneret.kernel.errors import QuerySyntax

MAX_LENGTH = 60_000
"""Characters that a query may have."""

SHOWN = 100
"""Characters of a word that an error shows."""

_BLANK = re.compile(r"\s*")
_WORD = re.compile(r"[^\s()]+")
_QUOTED = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_STOP = {False: re.compile(r"[()]"), True: re.compile(r"[(),]")}
_BOOL = re.compile(r"(?:^|\s)(and|or)(?=\s|$)", re.IGNORECASE)
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Scanner:
    """Reads a text from left to right. Every method skips the blanks before what it looks at."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        if len(text) > MAX_LENGTH:
            self.refuse(f"The query is longer than {MAX_LENGTH} characters.")
        if found := _UNSTORABLE.search(text):
            self._at = found.start()
            self.refuse("The query has a character that no text can hold.")

    def refuse(self, reason: str) -> NoReturn:
        """Give up here.

        Raises:
            QuerySyntax: always.

        """
        message = f"Could not parse: {reason}"
        raise QuerySyntax(message, self._at)

    def expected(self, what: str) -> NoReturn:
        """Give up because something else was due here; `what` is quoted already if it is literal.

        Raises:
            QuerySyntax: always.

        """
        saw = self.peek()
        ending = f'but saw "{saw[:SHOWN]}" instead.' if saw else "but the text ends."
        self.refuse(f"Error parsing expression -- expected {what} {ending}")

    def peek(self) -> str:
        """Give the next parenthesis or word without taking it; empty at the end."""
        self._skip()
        found = _WORD.match(self._text, self._at)
        return found[0] if found else self._text[self._at : self._at + 1]

    def take(self, wanted: str) -> bool:
        """Take the next character if it is the wanted one, and tell whether it was."""
        self._skip()
        taken = self._text.startswith(wanted, self._at)
        self._at += taken
        return taken

    def word(self) -> str:
        """Take the next word; empty where a parenthesis or the end is next."""
        self._skip()
        found = _WORD.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def value(self, *, in_list: bool) -> str:
        """Rule: value := '"' any text '"' | bare."""
        self._skip()
        if not self._text.startswith('"', self._at):
            return self._bare(in_list=in_list)
        found = _QUOTED.match(self._text, self._at)
        if found is None:
            self.refuse("Error parsing expression -- a quoted value has no closing quote.")
        self._at = found.end()
        return _ESCAPE.sub(r"\1", found[1])

    def _bare(self, *, in_list: bool) -> str:
        """Rule: bare := characters up to the ")" that closes the comparison or a comma in a list, trimmed."""
        start, nested = self._at, 0
        end = len(self._text)
        for stop in _STOP[in_list].finditer(self._text, start):
            if nested == 0 and stop[0] != "(":
                end = stop.start()
                break
            nested += {"(": 1, ")": -1, ",": 0}[stop[0]]
        bare = self._text[start:end]
        if not bare.strip() or bare.startswith("("):
            self.expected("a value")
        # A condition without parentheses of its own would vanish in the value of the one before it.
        joined = _BOOL.search(bare)
        if joined and joined[1] != bare.strip():
            self._at = start + joined.start(1)
            self.expected('")"')
        self._at = end
        return bare.strip()

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
