"""What the pages keep with a log-in."""

import sqlalchemy as sa
from alembic import op

revision = "0004_session_notes"
down_revision = "0003_edited_definitions"


def upgrade() -> None:
    """Add the column; nobody has anything to keep yet."""
    op.add_column("session", sa.Column("notes", sa.Text()))
