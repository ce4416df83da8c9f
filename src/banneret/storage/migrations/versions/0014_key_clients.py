"""Which clients use keys: outlives the journal, of which a busy key keeps only hours."""

import sqlalchemy as sa
from alembic import op

revision = "0014_key_clients"
down_revision = "0013_key_journal"


def upgrade() -> None:
    """Add the table; who came before was not written down."""
    op.create_table(
        "key_client",
        sa.Column("key_oid", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("client", "address")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("first", "last", "requests", "refused")),
        sa.PrimaryKeyConstraint("key_oid", "client", "address"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_key_client_last", "key_client", ["last"])
