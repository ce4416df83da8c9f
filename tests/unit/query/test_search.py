"""What a text's words are, and what a search asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.query.search import Term, parse_search, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Login page", ["login", "page"]),
        ("e-mail@acme.test, foo_bar", ["e", "mail", "acme", "test", "foo", "bar"]),
        ("Ärger über Straße", ["arger", "uber", "strasse"]),
        ("A\u0308rger", ["arger"]),
        ("Søren Łódź Œuvre", ["soren", "lodz", "oeuvre"]),
        ("ﬁx \uff21\uff22 \uff11 ²", ["fix", "ab", "1", "2"]),
        ("İstanbul \u0131s\u0131", ["istanbul", "isi"]),
        ("東京都 ガス", ["東", "京", "都", "カ", "ス"]),
        ("हिन्दी", ["हनद"]),
        ("", []),
        ("\x00 \ufffd …", []),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("login Page", [Term(("login",), True), Term(("page",), True)]),
        ('"login page" x', [Term(("login", "page"), False), Term(("x",), False)]),
        ('"login', [Term(("login",), False)]),
        ("US12 v2beta 7", [Term(("us12",), False), Term(("v2beta",), False), Term(("7",), False)]),
        ("e-mail", [Term(("e", "mail"), True)]),
        ("東京", [Term(("東", "京"), False)]),
        ("log log", [Term(("log",), True)]),
        ('"" -- *', []),
    ],
)
def test_terms(text: str, terms: list[Term]) -> None:
    assert list(parse_search(text)) == terms


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    """What is looked for is folded as what is kept; a letter that folds differently the second time would be lost in quoting."""
    assert all(
        word and not any(character.isspace() or character in "\"'\\" for character in word) for word in words(text)
    )


def test_of_a_long_search_the_first_words_count() -> None:
    terms = parse_search(" ".join(f"word{n}" for n in range(100)))
    assert len(terms) == 32
