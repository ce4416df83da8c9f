"""SQL built once a shape with SQLAlchemy, then run by the driver as text and a list of values.

Executing through SQLAlchemy costs ten times what the driver costs (design 6); building and compiling costs more still. So a
statement is built when a shape (type, fetch, order, query tree without its values) is first seen, and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from sqlalchemy.engine import Dialect as SqlDialect

_CACHED_SHAPES = 2048
_json = msgspec.json.Encoder()


class Statement(msgspec.Struct, frozen=True):
    """Driver SQL and the names of its parameters in order; `constants` are values that are part of the shape."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, object]

    def bind(self, values: dict[str, Any]) -> list[object]:
        """Order `values` (by parameter name) as the driver wants them."""
        constants = self.constants
        return [values[name] if name in values else constants[name] for name in self.names]


class Dialect:
    """What differs between the two databases, in one place."""

    name: str
    sql: SqlDialect

    def any_of(self, column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[bool]:
        """`column` is one of the integers of the list parameter; see `integers`."""
        raise NotImplementedError

    def integers(self, values: Iterable[int]) -> object:
        """Give a list of integers in the form that `any_of` binds."""
        raise NotImplementedError

    def among(self, column: sa.ColumnElement[Any], parameter: str, *, single: bool) -> sa.ColumnElement[bool]:
        """`column` is one of the integers of the parameter that `listed` gives, `single` where there is one only."""
        return column == sa.bindparam(parameter, type_=sa.BigInteger()) if single else self.any_of(column, parameter)

    def listed(self, values: list[int]) -> object:
        """Give integers in the form that `among` binds."""
        return values[0] if len(values) == 1 else self.integers(values)

    def custom_value(
        self, fields: sa.ColumnElement[Any], name: str, old: Any, new: Any, *, several: bool
    ) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[Any]]:
        """Give whether custom fields hold the text `old` under a name, and the fields with `new` in its place.

        With `several` the value is a list of texts.
        """
        raise NotImplementedError

    def compile(self, element: sa.ClauseElement) -> Statement:
        """Turn an expression into driver SQL."""
        compiled = element.compile(dialect=self.sql)
        names = tuple(getattr(compiled, "positiontup", None) or ())
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return Statement(str(compiled), names, constants)


class _SqliteCompiler(SQLiteCompiler):
    """Writes what SQLite calls a hint on a table: `NOT INDEXED`."""

    def get_from_hint_text(self, table: sa.FromClause, text: str | None) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give the hint as it was asked for."""
        return text


class SqliteDialect(Dialect):
    """SQLite through apsw: question marks; a list travels as one JSON text."""

    name = "sqlite"
    sql = sqlite.dialect(paramstyle="qmark")
    sql.statement_compiler = _SqliteCompiler

    def any_of(self, column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[bool]:
        """Test membership through `json_each`."""
        listed = sa.func.json_each(sa.bindparam(parameter, type_=sa.Text())).table_valued("value")
        return column.in_(sa.select(listed.c.value))

    def integers(self, values: Iterable[int]) -> object:
        """Give the JSON text."""
        return _json.encode(list(values)).decode()

    def custom_value(
        self, fields: sa.ColumnElement[Any], name: str, old: Any, new: Any, *, several: bool
    ) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[Any]]:
        """Look with `json_extract` and `json_each`, write with `json_set`."""
        path: sa.ColumnElement[str] = sa.literal_column(f"'$.\"{name}\"'")
        if not several:
            return sa.func.json_extract(fields, path) == old, sa.func.json_set(fields, path, new)
        listed = sa.func.json_each(fields, path).table_valued("value")
        renamed = sa.func.json_group_array(sa.case((listed.c.value == old, new), else_=listed.c.value))
        replaced = sa.func.json_set(fields, path, sa.func.json(sa.select(renamed).scalar_subquery()))
        return sa.select(listed.c.value).where(listed.c.value == old).exists(), replaced


class PostgresDialect(Dialect):
    """PostgreSQL through asyncpg: numbered parameters; a list travels as an array."""

    name = "postgresql"
    sql = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]

    def any_of(self, column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[bool]:
        """Test membership with `= ANY`."""
        return column == sa.any_(sa.bindparam(parameter, type_=postgresql.ARRAY(sa.BigInteger())))

    def integers(self, values: Iterable[int]) -> object:
        """Give the list itself."""
        return list(values)

    def custom_value(
        self, fields: sa.ColumnElement[Any], name: str, old: Any, new: Any, *, several: bool
    ) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[Any]]:
        """Look and write as JSONB."""
        data = sa.cast(fields, postgresql.JSONB)
        path = sa.cast(sa.literal_column(f"'{{{name}}}'"), postgresql.ARRAY(sa.Text()))
        text = sa.cast(new, sa.Text())
        if not several:
            replaced = sa.func.jsonb_set(data, path, sa.func.to_jsonb(text))
            return data[name].astext == old, sa.cast(replaced, sa.Text())
        listed = sa.func.jsonb_array_elements_text(data[name]).table_valued("value")
        renamed = sa.func.jsonb_agg(sa.case((listed.c.value == old, text), else_=listed.c.value))
        replaced = sa.func.jsonb_set(data, path, sa.select(renamed).scalar_subquery())
        held = data[name].op("@>", is_comparison=True)(sa.func.to_jsonb(sa.cast(old, sa.Text())))
        return held, sa.cast(replaced, sa.Text())


class Statements:
    """Compiled statements by shape, the least used forgotten first."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._kept: OrderedDict[Hashable, Statement] = OrderedDict()

    def get(self, shape: Hashable, build: Callable[[], sa.ClauseElement]) -> Statement:
        """Give the statement of a shape, building it the first time."""
        kept = self._kept.get(shape)
        if kept is None:
            kept = self._kept[shape] = self.dialect.compile(build())
            if len(self._kept) > _CACHED_SHAPES:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(shape)
        return kept
