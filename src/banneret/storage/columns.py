"""What an attribute is in SQL: a column, the first set one of an alias, a custom field; and how texts are folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from banneret.storage.figures import figure
from banneret.storage.tables import UNSTORED, Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.query.condition import Step
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout

COLUMN_TYPES: dict[Kind, sa.types.TypeEngine[Any]] = {
    Kind.REF: sa.BigInteger(),
    Kind.INTEGER: sa.BigInteger(),
    Kind.NUMBER: sa.Double(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Text(),
    Kind.TEXT: sa.Text(),
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Columns:
    """Finds values in rows."""

    def __init__(self, layout: Layout, dialect: Dialect) -> None:
        self._layout = layout
        self._dialect = dialect

    def step(self, table: sa.FromClause, step: Step) -> sa.ColumnElement[Any]:
        """Give the value of a path's step in a row of `table`."""
        return self.attribute(table, step.attribute, step.candidates)

    def attribute(
        self, table: sa.FromClause, attribute: AttributeDef, candidates: Sequence[TypeDef]
    ) -> sa.ColumnElement[Any]:
        """Give the value of an attribute in a row of `table`, which holds objects of `candidates`."""
        if attribute.custom:
            return self._custom(table, attribute)
        if attribute.name in UNSTORED:
            return sa.select(self._layout.families["Subscription"].table.alias().c.oid).scalar_subquery()
        if attribute.figure:
            return figure(self._layout, table, attribute.figure, candidates)
        family = self._layout.of(candidates[0])
        if attribute.alias:
            columns = [
                table.c[name]
                for alias in attribute.alias
                for item in candidates
                if (target := item.attributes.get(alias)) is not None and (name := family.column_name(target))
            ]
            return sa.func.coalesce(*dict.fromkeys(columns), sa.null())
        if attribute.name == "ObjectID":
            return table.c.oid
        name = family.column_name(attribute)
        return sa.null() if name is None else table.c[name]

    def _custom(self, table: sa.FromClause, attribute: AttributeDef) -> sa.ColumnElement[Any]:
        if self._dialect.name == "sqlite":
            path: sa.ColumnElement[str] = sa.literal_column(f"'$.\"{attribute.name}\"'")
            return sa.func.json_extract(table.c.custom_fields, path, type_=COLUMN_TYPES[kind_of(attribute)])
        text = sa.cast(table.c.custom_fields, postgresql.JSONB)[attribute.name].astext
        kind = kind_of(attribute)
        return text if kind in {Kind.TEXT, Kind.DATE} else sa.cast(text, COLUMN_TYPES[kind])

    def folded(self, column: sa.ColumnElement[Any], *, ascii_only: bool) -> sa.ColumnElement[Any]:
        """Fold a text as what is looked for is folded: ASCII letters alone, or all (docs/adr/0006)."""
        if self._dialect.name == "sqlite":
            return sa.func.lower(column) if ascii_only else sa.func.lower_text(column)
        plain = sa.cast(column, sa.Text())
        if ascii_only:
            return sa.func.lower(plain.collate("C"), type_=sa.Text())
        return sa.func.lower(plain, type_=sa.Text()).collate("C")

    def number(self, table: sa.FromClause, step: Step) -> sa.ColumnElement[Any]:
        """Give the number in a FormattedID."""
        number = step.candidates[0].attributes.get("FormattedIDID")
        if number is not None:
            return self.attribute(table, number, step.candidates)
        return sa.cast(sa.func.nullif(sa.func.ltrim(self.step(table, step), _LETTERS), ""), sa.BigInteger())


def by_table(types: Sequence[TypeDef]) -> list[tuple[TypeDef, ...]]:
    """Group types by the table that holds their objects; those without one are left out."""
    groups: dict[str, list[TypeDef]] = {}
    for item in types:
        if item.table is not None:
            groups.setdefault(item.table, []).append(item)
    return [tuple(group) for group in groups.values()]


def typed(table: sa.FromClause, candidates: Sequence[TypeDef], *, indexed: bool = True) -> sa.ColumnElement[bool]:
    """Rows of these concrete types.

    Where something else leads to the rows, the parent of a collection's members say, `indexed` is false: without statistics
    SQLite takes the index on the type for as good as that on the parent, and reads every row of the type.
    """
    column = table.c.concrete_type if indexed else table.c.concrete_type.concat(sa.literal_column("''"))
    names = [item.name for item in candidates]
    if len(names) == 1:
        return column == names[0]
    return sa.or_(*(column == name for name in names))
