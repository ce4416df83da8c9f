"""Artifacts get a full-text index; those that are there are put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

from banneret.storage import search
from banneret.storage.statements import Statement

if TYPE_CHECKING:
    from banneret.storage.driver import Connection
    from banneret.storage.statements import Dialect

revision = "0007_search"
down_revision = "0006_story_features"

_AT_ONCE = 100
"""Artifacts that are read and written together."""


def upgrade() -> None:
    """Create the index."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5(label, title, description, notes, tokenize = 'ascii')")
        return
    columns = ", ".join(f"{name} TSVECTOR NOT NULL" for name in ("label", "title", "description", "notes"))
    op.execute(f"CREATE TABLE search (oid BIGINT NOT NULL, {columns}, PRIMARY KEY (oid))")
    words = "(label || title || description || notes), (label || title), label"
    op.execute(f"CREATE INDEX ix_search_words ON search USING gin ({words}) WITH (fastupdate = off)")


async def fill(connection: Connection, dialect: Dialect) -> None:
    """Index what there is. Texts become words as the release that runs makes them: one that changes that indexes all anew."""
    marks = ("?",) * 5 if dialect.name == "sqlite" else tuple(f"${n}" for n in range(1, 6))
    columns = ("formattedid", "name", "description", "notes")
    read = Statement(
        f"SELECT oid, {', '.join(columns)} FROM artifact WHERE oid > {marks[0]} ORDER BY oid LIMIT {_AT_ONCE}",
        ("after",),
        {},
    )
    names = ("oid", "label", "title", "description", "notes")
    write = Statement(f"INSERT INTO search ({', '.join(names)}) VALUES ({', '.join(marks)})", names, {})
    after = 0
    while rows := await connection.fetch(read, {"after": after}):
        entries = [(row[0], search.entry(dialect, dict(zip(columns, row[1:], strict=True)))) for row in rows]
        await connection.write_all([(write, {"oid": oid, **entry}) for oid, entry in entries])
        after = rows[-1][0]
