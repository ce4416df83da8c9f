"""No SQL text and no database library outside `storage/`.

Who may see what is decided in one place and turned into SQL in one place. A statement written elsewhere would
pass both by, and would know one of our two databases only.
"""

import ast
import re
from collections.abc import Iterator

HOME = "storage"
LIBRARIES = {"alembic", "apsw", "asyncpg", "psycopg", "sqlalchemy", "sqlite3"}
_STATEMENTS = (
    r"SELECT\s.+\sFROM\s|SELECT\s+(?:\d+|COUNT\()|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|"
    r"DELETE\s+FROM\s|WITH\s+\w+\s+AS\s*\(|PRAGMA\s+\w|(?:CREATE|ALTER|DROP)\s+(?:\w+\s+)?(?:TABLE|INDEX|VIEW)\s"
)
# In capitals anywhere in a text; in small letters only where a text starts with it: prose selects things too.
_SQL = re.compile(rf"\b(?:{_STATEMENTS})|^\s*(?:SELECT\s|{_STATEMENTS.lower()})", re.DOTALL)


def find(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and message for each database import and each text that reads like SQL."""
    prose = set(_no_texts_of_their_own(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=str(module), level=0):
                modules = [module]
            case ast.Constant() | ast.JoinedStr() if id(node) not in prose and _SQL.search(_text(node)):
                yield node.lineno, "SQL belongs in storage/"
                continue
            case _:
                continue
        for module in modules:
            if module.partition(".")[0] in LIBRARIES:
                yield node.lineno, f"{module} belongs in storage/"


def _text(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


def _no_texts_of_their_own(tree: ast.Module) -> Iterator[int]:
    """Yield the nodes that are docstrings or pieces of an f-string."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield id(body[0].value)
        if isinstance(node, ast.JoinedStr):
            yield from map(id, node.values)


GOOD = (
    "import msgspec",
    "from . import sqlalchemy",
    '"""SELECT oid FROM artifact is what storage makes of it."""',
    'raise ValueError("Select a project from the list")',
    'text = "select a user"',
    'text = "Update the set of members"',
)
BAD = (
    "import apsw",
    "import sqlalchemy.dialects.sqlite as dialect",
    "from asyncpg import Connection",
    "def late():\n    import sqlite3",
    'rows = run("SELECT oid FROM artifact WHERE oid = ?")',
    'rows = run("select oid, name from artifact where oid = ?")',
    'rows = run(f"SELECT {column} FROM artifact")',
    'run("""\n    INSERT OR REPLACE INTO outbox VALUES (1)\n""")',
    'run("SELECT " + columns)',
    'run("pragma journal_mode = wal")',
    'run("CREATE UNIQUE INDEX one ON two (three)")',
)
