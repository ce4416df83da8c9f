"""Bytes leave the rows of attachment contents and profile images, and stand in pieces of their own.

The content of an attachment that nobody attached becomes its uploader's alone, as it is for new ones; who that was, its event says.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_contents"
down_revision = "0007_search"

PIECE = 196608
"""Bytes, as `operations.contents.PIECE` says."""

HOLDERS = {"attachmentcontent": ("attachment", "content_oid"), "profileimage": ("user", "profileimage_oid")}


def upgrade() -> None:
    """Make the tables, move the bytes, drop the columns."""
    ordered = sa.Text(collation="C") if op.get_context().dialect.name == "postgresql" else sa.Text()
    identifier = sa.BigInteger() if op.get_context().dialect.name == "postgresql" else sa.Integer()
    op.create_table(
        "content",
        sa.Column("id", identifier, primary_key=True, autoincrement=False),
        sa.Column("owner_oid", sa.BigInteger()),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", ordered, nullable=False),
        sa.Column("kept_for", sa.BigInteger()),
    )
    op.create_index("ix_content_owner_oid", "content", ["owner_oid"])
    for name, where in (("begun_at", "owner_oid IS NULL"), ("kept_for", "kept_for IS NOT NULL")):
        op.execute(f"CREATE INDEX ix_content_{name} ON content ({name}) WHERE {where}")
    op.create_table(
        "content_piece",
        sa.Column("content_id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
    )
    for table, (user, column) in HOLDERS.items():
        _move(table)
        op.add_column(table, sa.Column("uploader_oid", sa.BigInteger()))
        op.execute(
            f"UPDATE {table} SET uploader_oid = (SELECT min(event.user_oid) FROM event "
            f"WHERE event.oid = {table}.oid AND event.kind = 'created') "
            f'WHERE NOT EXISTS (SELECT 1 FROM "{user}" WHERE "{user}".{column} = {table}.oid)'
        )
        op.execute(f"CREATE INDEX ix_{table}_uploader_oid ON {table} (uploader_oid) WHERE uploader_oid IS NOT NULL")
        op.drop_column(table, "content")


def _move(table: str) -> None:
    # ObjectIDs serve as the first ids: those to come count from 1, and never get there.
    op.execute(
        f"INSERT INTO content (id, owner_oid, size, begun_at) "
        f"SELECT oid, oid, length(content), creationdate FROM {table} WHERE content IS NOT NULL"
    )
    op.execute(
        f"WITH RECURSIVE places (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM places "
        f"WHERE (n + 1) * {PIECE} < (SELECT coalesce(max(length(content)), 0) FROM {table})) "
        f"INSERT INTO content_piece (content_id, number, bytes) "
        f"SELECT oid, n, substr(content, n * {PIECE} + 1, {PIECE}) FROM {table} "
        f"JOIN places ON n * {PIECE} < length(content)"
    )
