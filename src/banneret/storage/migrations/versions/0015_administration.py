"""The events that the audit log tells of in an index of their own, and one-time links with which users set a first password."""

import sqlalchemy as sa
from alembic import op

revision = "0015_administration"
down_revision = "0014_key_clients"

_TOLD = (
    "type IN ("
    "'ApiKey', 'Session', 'Login', 'Password', 'SecondFactor', 'Invitation', 'User', 'UserProfile', "
    "'WorkspacePermission', 'ProjectPermission', 'Subscription', 'SignInPolicy', 'Workspace', "
    "'WorkspaceConfiguration', 'Project', 'TypeDefinition', 'AttributeDefinition', 'ScheduleState', 'FlowState', "
    "'PreliminaryEstimate', 'OAuthClient', 'AuthorizedApplication'"
    ")"
)


def upgrade() -> None:
    """Index the events that there are, and add the table of links, which nobody has yet."""
    told = sa.text(_TOLD)
    op.create_index("ix_event_audit", "event", ["at", "seq"], sqlite_where=told, postgresql_where=told)
    op.create_index("ix_event_audit_user", "event", ["user_oid", "at", "seq"], sqlite_where=told, postgresql_where=told)
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "invitation",
        sa.Column("id", sa.LargeBinary(), primary_key=True, nullable=False),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
        sa.Column("created_at", text, nullable=False),
        sa.Column("expires_at", text, nullable=False),
    )
    op.create_index("ix_invitation_user_oid", "invitation", ["user_oid"])
