"""What a workspace says of stock attributes and types, and allowed values with ObjectIDs of their own.

`custom_attribute.allowed_values` was a list of texts; an AllowedAttributeValue's ObjectID was made of its place, and so
changed hands when the list did. Now it is a list of ObjectID and text.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_edited_definitions"
down_revision = "0002_ranks"

_NUMBERED = {
    "sqlite": "(SELECT json_group_array(json_array(oid * 1000 + key + 1, value)) FROM json_each(allowed_values))",
    "postgresql": (
        "(SELECT coalesce(json_agg(json_build_array(oid * 1000 + place, value) ORDER BY place), '[]')::text "
        "FROM json_array_elements_text(allowed_values::json) WITH ORDINALITY AS listed(value, place))"
    ),
}


def upgrade() -> None:
    """Add the table and columns, and number the allowed values that there are."""
    op.create_table(
        "changed_attribute",
        sa.Column("workspace_oid", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("definition_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("required", sa.Boolean()),
        sa.Column("hidden", sa.Boolean()),
        sa.Column("note", sa.Text()),
        sa.Column("visibleonlytoadmins", sa.Boolean()),
        sa.Column("allowed_values", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.add_column("custom_type", sa.Column("deleted", sa.Boolean()))
    op.add_column("custom_attribute", sa.Column("visibleonlytoadmins", sa.Boolean()))
    numbered = _NUMBERED[op.get_context().dialect.name].replace(":", r"\:")
    op.execute(sa.text(f"UPDATE custom_attribute SET allowed_values = {numbered}"))
