"""The full-text index of artifacts: what it holds of a row, and how it is asked.

A row of `search` stands beside each row of `artifact`. Its texts are words already, in the order of the text (`query/search.py`), so
that both databases find the same: SQLite keeps them in an FTS5 table, PostgreSQL as `tsvector` with a GIN index.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import nh3
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from banneret.query.search import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from banneret.query.search import Term
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout

TABLE, INDEXED = "search", "artifact"
"""The index, and the table whose rows it holds."""

COLUMNS = {"formattedid": "label", "name": "title", "description": "description", "notes": "notes"}
"""The index's column for each column that is searched."""

_MARKED_UP = frozenset({"description", "notes"})
_APART = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|table|tr|td|th|h[1-6]|pre|blockquote|section|article|img)\b)",
    re.IGNORECASE,
)
_LAST_POSITION, _MOST_POSITIONS = 16_383, 255
"""What a tsvector can say of where a word stands."""


def entry(dialect: Dialect, row: Mapping[str, Any]) -> dict[str, str]:
    """Give what the index holds of a row of artifacts, by its own columns."""
    return {place: _encoded(dialect, _words_of(column, row.get(column))) for column, place in COLUMNS.items()}


def changed(dialect: Dialect, changes: Mapping[str, Any]) -> dict[str, str]:
    """Give what the index holds of those changed columns that are searched."""
    held = {column: changes[column] for column in COLUMNS.keys() & changes}
    return {COLUMNS[column]: _encoded(dialect, _words_of(column, text)) for column, text in held.items()}


def _words_of(column: str, text: str | None) -> list[str]:
    if not text:
        return []
    if column in _MARKED_UP and ("<" in text or "&" in text):
        return words(html.unescape(nh3.clean(_APART.sub(" <", text), tags=set())))
    found = words(text)
    if column == "formattedid":
        # The number alone finds the item too, as it does in queries.
        return [*found, *(number for word in found if (number := word.lstrip("abcdefghijklmnopqrstuvwxyz")) != word)]
    return found


def _encoded(dialect: Dialect, found: list[str]) -> str:
    """Give words as the database takes them. They are letters and digits only, so that nothing in them has a meaning."""
    if dialect.name == "sqlite":
        return " ".join(found)
    positions: dict[str, list[str]] = {}
    # From two on, so that the last word of one text and the first of the next are not side by side.
    for position, word in enumerate(found, 2):
        held = positions.setdefault(word, [])
        if len(held) < _MOST_POSITIONS:
            held.append(str(min(position, _LAST_POSITION)))
    return " ".join(f"'{word}':{','.join(held)}" for word, held in positions.items())


# ---------------------------------------------------------------------- asking

WORDS, TITLED, LABELLED = "search_words", "search_titled", "search_labelled"
"""The parameters: all terms anywhere; all in name and FormattedID; a FormattedID that is one of the words."""

_PLACES: dict[str, tuple[str, ...]] = {WORDS: ("title", "description", "notes"), TITLED: ("title",), LABELLED: ()}
"""The columns that are asked beside `label`; together they are what PostgreSQL's index is on."""


def values(dialect: Dialect, terms: tuple[Term, ...]) -> dict[str, str]:
    """Give the values that the conditions bind; at least one term."""
    names = list(dict.fromkeys(word for term in terms for word in term.words))
    if dialect.name == "sqlite":
        every = " AND ".join(f'"{" ".join(term.words)}"{" *" if term.prefix else ""}' for term in terms)
        some = " OR ".join(f'"{name}"' for name in names)
        return {WORDS: every, TITLED: f"{{label title}} : ({every})", LABELLED: f"label : ({some})"}
    every = " & ".join(f"({_side_by_side(term.words)}{':*' if term.prefix else ''})" for term in terms)
    return {WORDS: every, TITLED: every, LABELLED: " | ".join(f"'{name}'" for name in names)}


def _side_by_side(words: tuple[str, ...]) -> str:
    return " <-> ".join(f"'{word}'" for word in words)


def found(layout: Layout, dialect: Dialect, oid: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The object has all the terms. The index is asked once, before any object is looked at."""
    asked = _asked(layout, dialect, WORDS)
    # A list leads PostgreSQL to the objects; a sub-query it would take for one more way to filter them.
    return oid.in_(asked) if dialect.name == "sqlite" else oid == sa.any_(sa.func.array(asked.scalar_subquery()))


def by_relevance(layout: Layout, dialect: Dialect, oid: sa.ColumnElement[Any]) -> Iterator[sa.ColumnElement[Any]]:
    """First the item whose FormattedID was given, then those with all words in their names; the newest first."""
    yield sa.case(
        (oid.in_(_asked(layout, dialect, LABELLED)), sa.literal_column("0")),
        (oid.in_(_asked(layout, dialect, TITLED)), sa.literal_column("1")),
        else_=sa.literal_column("2"),
    )
    yield oid.desc()


def _asked(layout: Layout, dialect: Dialect, parameter: str) -> sa.Select[Any]:
    index = layout.table(TABLE)
    bound = sa.bindparam(parameter, type_=sa.Text())
    if dialect.name == "sqlite":
        match = sa.literal_column(TABLE).op("MATCH", is_comparison=True)(bound)
    else:
        texts: sa.ColumnElement[Any] = index.c.label
        for place in _PLACES[parameter]:
            texts = texts.concat(index.c[place])
        match = texts.op("@@", is_comparison=True)(sa.cast(bound, postgresql.TSQUERY))
    return sa.select(index.c.oid).where(match)
