"""Stories below stories show the portfolio item that is above them all, and keep it in a column of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0006_story_features"
down_revision = "0005_figures"

_FILL = """
WITH RECURSIVE below (oid, feature) AS (
    SELECT oid, portfolioitem_oid FROM artifact
    WHERE concrete_type = 'HierarchicalRequirement' AND portfolioitem_oid IS NOT NULL AND parent_oid IS NULL
    UNION
    SELECT story.oid, below.feature FROM artifact AS story JOIN below ON story.parent_oid = below.oid
)
UPDATE artifact SET feature_oid = (SELECT feature FROM below WHERE below.oid = artifact.oid)
WHERE oid IN (SELECT oid FROM below)
"""


def upgrade() -> None:
    """Add the column and fill it; projects have task states drive those of their work, as new ones do."""
    op.add_column("artifact", sa.Column("feature_oid", sa.BigInteger()))
    present = sa.text("feature_oid IS NOT NULL")
    op.create_index(
        "ix_artifact_feature_oid", "artifact", ["feature_oid"], sqlite_where=present, postgresql_where=present
    )
    op.execute(_FILL)
    op.execute("UPDATE scope SET taskstaterollupenabled = true WHERE concrete_type = 'Project'")
