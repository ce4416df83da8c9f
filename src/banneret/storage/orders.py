"""Order as SQL; it always ends with ObjectID, so that pages are stable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.catalogue.model import AttributeType
from banneret.storage import visibility
from banneret.storage.columns import Columns, by_table
from banneret.storage.tables import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from banneret.access.sight import Sight
    from banneret.query.condition import Step
    from banneret.query.ordering import SortKey
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout

_ALWAYS_SET = frozenset({"ObjectID", "ObjectUUID", "CreationDate", "VersionId", "DragAndDropRank"})


class Orders:
    """Builds orders for one reader's sight."""

    def __init__(self, layout: Layout, dialect: Dialect, sight: Sight) -> None:
        self._layout = layout
        self._dialect = dialect
        self._sight = sight
        self._columns = Columns(layout, dialect)

    def of(self, table: sa.FromClause, keys: Iterable[SortKey]) -> Iterator[sa.ColumnElement[Any]]:
        """Give what rows of `table` are sorted by."""
        for key in keys:
            yield from self._sort(table, key)

    def _sort(self, table: sa.FromClause, key: SortKey) -> Iterator[sa.ColumnElement[Any]]:
        last = key.path[-1]
        value = self._sort_value(table, key.path)
        never_null = len(key.path) == 1 and (last.attribute.required or last.attribute.name in _ALWAYS_SET)
        if key.descending:
            yield value.desc() if never_null else value.desc().nulls_last()
        else:
            yield value.asc() if never_null else value.asc().nulls_first()

    def _sort_value(self, table: sa.FromClause, path: tuple[Step, ...]) -> sa.ColumnElement[Any]:
        step, *rest = path
        if rest:
            column = self._columns.step(table, step)
            if not by_table(step.targets):
                # What leads to a definition is sorted by its id: its other attributes are not in the database.
                return column
            parts = []
            for candidates in by_table(step.targets):
                target = self._layout.of(candidates[0]).table.alias()
                seen = visibility.of_type(self._dialect, self._sight, target, candidates)
                query = sa.select(self._sort_value(target, tuple(rest))).where(target.c.oid == column)
                query = query if seen is None else query.where(seen)
                parts.append(query.correlate_except(target).scalar_subquery())
            return sa.func.coalesce(*parts, sa.null()) if len(parts) > 1 else (parts[0] if parts else sa.null())
        attribute = step.attribute
        if attribute.name == "FormattedID" and "FormattedIDID" in step.candidates[0].attributes:
            return self._columns.number(table, step)
        if attribute.is_object:
            return self._sort_by_name(table, step)
        column = self._columns.step(table, step)
        if attribute.type in {AttributeType.RATING, AttributeType.STATE} and attribute.values:
            ranks = {value: n for n, value in enumerate(attribute.values)}
            return sa.case(
                *(
                    (column == sa.literal_column(_quoted(value)), sa.literal_column(str(n)))
                    for value, n in ranks.items()
                ),
                else_=sa.literal_column(str(len(ranks))),
            )
        if kind_of(attribute) is Kind.TEXT and attribute.name not in _ALWAYS_SET:
            return self._columns.folded(column, ascii_only=True)
        return column

    def _sort_by_name(self, table: sa.FromClause, step: Step) -> sa.ColumnElement[Any]:
        directory = self._layout.table("directory").alias()
        seen = visibility.of_directory(self._dialect, self._sight, directory)
        query = sa.select(self._columns.folded(directory.c.name, ascii_only=True)).where(
            directory.c.oid == self._columns.step(table, step)
        )
        query = query if seen is None else query.where(seen)
        return query.correlate_except(directory).scalar_subquery()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%").replace(":", "\\:") + "'"
