"""Write down the tables that the catalogue derives now: `python -m banneret.storage.migrations.snapshot`.

It writes `versions/0001_core.sqlite.sql` and `versions/0001_core.postgresql.sql`. Until the first release that is how every
change of the catalogue or of `storage.tables` reaches new databases. From then on databases hold people's work: revision 0001 is
the past, the command refuses, and a change needs a revision of its own:

1. change the catalogue or `storage.tables`;
2. write `versions/0002_what_it_does.py` with `revision` (the file's name), `down_revision` (the one before) and `upgrade()`, in
   Alembic's operations where they serve both databases and `op.execute()` a dialect where they do not
   (`op.get_context().dialect.name` tells which); what SQL cannot say goes into `async def fill(connection, dialect)` beside it,
   which runs after the statements where the database holds data;
3. name the revision in `storage.schema_version.HEAD`;
4. run `pytest tests/storage`: it migrates an empty database, compares it with the tables of the catalogue and names each table,
   column and index that one has and the other lacks.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateIndex, CreateTable

from banneret.catalogue.loader import stock_schema
from banneret.storage.statements import PostgresDialect, SqliteDialect
from banneret.storage.tables import ONLY, Layout

if TYPE_CHECKING:
    from sqlalchemy.schema import ExecutableDDLElement

    from banneret.storage.statements import Dialect

FIRST = "0001_core"


def render(layout: Layout, dialect: Dialect) -> list[str]:
    """Give the statements that create a layout's tables and indexes, in order of their names."""
    elements: list[ExecutableDDLElement] = []
    for _, table in sorted(layout.metadata.tables.items()):
        elements.append(CreateTable(table))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        elements += [CreateIndex(index) for index in indexes if index.info.get(ONLY, dialect.name) == dialect.name]
    lines = (str(element.compile(dialect=dialect.sql)).strip().splitlines() for element in elements)
    return ["\n".join(line.rstrip().replace("\t", "    ") for line in statement) for statement in lines]


def main() -> int:
    """Write one file a dialect beside the first revision."""
    versions = Path(__file__).with_name("versions")
    if any(path.stem > FIRST for path in versions.glob("[0-9]*.py")):
        sys.stderr.write(f"{FIRST} is the past: write a new revision (see the docstring of this module)\n")
        return 1
    layout = Layout(stock_schema())
    for dialect in (SqliteDialect(), PostgresDialect()):
        path = versions / f"{FIRST}.{dialect.name}.sql"
        path.write_text("".join(f"{statement};\n" for statement in render(layout, dialect)), encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
