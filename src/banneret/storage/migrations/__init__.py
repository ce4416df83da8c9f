"""The steps from an empty database to the tables of this release, one Alembic revision each.

Alembic orders the revisions below `versions/` and renders them to SQL; `storage.schema_version` runs that SQL through our own
drivers, because a second SQLite library on the same file would break its locks. So a revision never has a connection: it writes
`op.add_column(…)`, `op.execute(…)` and the like, and moves data with SQL alone. There is no way down: the way back is a backup.

A revision is the past and does not change when the catalogue does. `snapshot` tells how to write the next one.
"""
