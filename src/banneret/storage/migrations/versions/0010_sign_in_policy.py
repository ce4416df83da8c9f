"""What the subscription asks of whoever logs in, and wrong passwords for user names that nobody has.

The latter are kept as long as they slow further ones, so that a name that exists is slowed no differently.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_sign_in_policy"
down_revision = "0009_key_states"


def upgrade() -> None:
    """Add the tables; without a row the defaults hold."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "stray_login",
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("at", text, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
    )
    op.create_index("ix_stray_login_name", "stray_login", ["name"])
    op.create_index("ix_stray_login_at", "stray_login", ["at"])
    op.create_table(
        "sign_in_policy",
        sa.Column(
            "subscription_oid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("minimum_score", sa.BigInteger(), nullable=False),
        sa.Column("session_hours", sa.BigInteger(), nullable=False),
    )
