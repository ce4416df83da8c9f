"""Who disabled and ended a key, which key waits for its owner to give it a new value, and what a key is for."""

import sqlalchemy as sa
from alembic import op

revision = "0009_key_states"
down_revision = "0008_contents"


def upgrade() -> None:
    """Add the columns; so far keys were deleted with their rows, and none was disabled."""
    for name in ("suspended_by", "deleted_by", "renewal_by"):
        op.add_column("api_key", sa.Column(name, sa.BigInteger()))
    op.add_column("api_key", sa.Column("renewal_at", sa.Text().with_variant(sa.Text(collation="C"), "postgresql")))
    op.add_column("api_key", sa.Column("purpose", sa.Text()))
    ended = sa.text("deleted_at IS NOT NULL")
    op.create_index("ix_api_key_deleted_at", "api_key", ["deleted_at"], sqlite_where=ended, postgresql_where=ended)
