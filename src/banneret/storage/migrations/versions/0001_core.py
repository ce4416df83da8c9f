"""Everything that the first release stores.

The statements stand beside this file as they were rendered for that release, one file a dialect.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001_core"
down_revision = None


def upgrade() -> None:
    """Create the tables and indexes."""
    script = Path(__file__).with_name(f"{revision}.{op.get_context().dialect.name}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(sa.text(statement.strip().replace(":", r"\:")))
