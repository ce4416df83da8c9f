"""How pages look to each user who chose."""

import sqlalchemy as sa
from alembic import op

revision = "0012_appearance"
down_revision = "0011_second_factors"


def upgrade() -> None:
    """Make the table; nobody has chosen yet."""
    postgresql = op.get_context().dialect.name == "postgresql"
    op.create_table(
        "appearance",
        sa.Column("user_oid", sa.BigInteger() if postgresql else sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("theme", sa.Text(collation="C") if postgresql else sa.Text(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(create_constraint=False), nullable=False),
    )
