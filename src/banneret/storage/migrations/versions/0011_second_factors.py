"""Second factors: what people have, the codes for the day when it is lost, and from whom one is demanded."""

import sqlalchemy as sa
from alembic import op

revision = "0011_second_factors"
down_revision = "0010_sign_in_policy"


def upgrade() -> None:
    """Add the tables and columns; nobody has a second factor yet, and none is demanded."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    oid = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("password", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_in_policy", sa.Column("second_factor", text, nullable=False, server_default="nobody"))
    op.create_table(
        "second_factor",
        sa.Column("oid", oid, primary_key=True, autoincrement=False),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", text, nullable=False),
        sa.Column("last_used_at", text),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary()),
        sa.Column("counter", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_second_factor_user_oid", "second_factor", ["user_oid"])
    op.create_index("ix_second_factor_credential", "second_factor", ["credential"], unique=True)
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_recovery_code_user_oid", "recovery_code", ["user_oid"])
    op.create_table(
        "spent_challenge",
        sa.Column("value", sa.LargeBinary(), primary_key=True),
        sa.Column("at", text, nullable=False),
    )
    op.create_index("ix_spent_challenge_at", "spent_challenge", ["at"])
