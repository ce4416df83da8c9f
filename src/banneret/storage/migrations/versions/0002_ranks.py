"""Ranks get their final form: `P!…~` with room between any two, sorted by their characters in every language."""

import sqlalchemy as sa
from alembic import op

revision = "0002_ranks"
down_revision = "0001_core"

TABLES = ("artifact", "capacityplanitem", "keyresult", "objective")


def upgrade() -> None:
    """Rewrite the ranks there are; they keep their order."""
    for table in TABLES:
        if op.get_context().dialect.name == "postgresql":
            op.alter_column(table, "draganddroprank", type_=sa.Text(collation="C"))
        op.execute(
            f"UPDATE {table} SET draganddroprank = 'P!' || draganddroprank || '000000000000000~' "
            "WHERE length(draganddroprank) = 17"
        )
