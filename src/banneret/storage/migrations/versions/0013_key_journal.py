"""What keys are used for: the latest requests of each, and counts an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0013_key_journal"
down_revision = "0012_appearance"


def upgrade() -> None:
    """Add the tables; what happened before was not written down."""
    op.create_table(
        "key_request",
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("key_oid", "number")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("method", "path")),
        sa.Column("status", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("reason", "address", "client")),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_oid", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_key_request_number", "key_request", ["number"])
    op.create_table(
        "key_hour",
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("key_oid", "hour", "reads", "writes", "refused")
        ),
        sa.PrimaryKeyConstraint("key_oid", "hour"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_key_hour_hour", "key_hour", ["hour"])
