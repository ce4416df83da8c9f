"""Sizes of collections: one statement whatever the number of collections and owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from banneret.storage import visibility
from banneret.storage.chains import CHAINS
from banneret.storage.columns import typed
from banneret.storage.conditions import Conditions
from banneret.storage.memberships import Memberships
from banneret.storage.shapes import Counter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.access.sight import Sight
    from banneret.catalogue.model import AttributeDef, Members, TypeDef
    from banneret.query.condition import Condition
    from banneret.storage.statements import Dialect
    from banneret.storage.tables import Layout


class MemberCounts:
    """Counts what one reader sees."""

    def __init__(self, layout: Layout, dialect: Dialect, sight: Sight) -> None:
        self._layout = layout
        self._dialect = dialect
        self._sight = sight
        self._conditions = Conditions(layout, dialect, sight)
        self._memberships = Memberships(layout)

    def select(
        self, collections: Sequence[tuple[AttributeDef, tuple[TypeDef, ...], Condition | None]], *, single: bool
    ) -> sa.CompoundSelect[Any] | sa.Select[Any]:
        """Select `(place in collections, owner, number of visible members)` for the owners of the parameter `owners`."""
        parts: list[sa.Select[Any]] = []
        linked: dict[bool, dict[str, int]] = {False: {}, True: {}}
        for place, (attribute, members, where) in enumerate(collections):
            spec = attribute.members
            if spec is not None and spec.link is not None:
                linked[spec.reverse][spec.link] = place
            elif spec is not None:
                parts.append(self._count(spec, members, where, place, single=single))
        parts += [self._count_links(found, reverse, single=single) for reverse, found in linked.items() if found]
        return parts[0] if len(parts) == 1 else sa.union_all(*parts)

    def _count_links(self, relations: dict[str, int], reverse: bool, *, single: bool) -> sa.Select[Any]:  # noqa: FBT001
        """Count all relations that are read from one side in one pass over the owners' links."""
        link = self._layout.table("link").alias()
        near, far = (link.c.right_oid, link.c.left_oid) if reverse else (link.c.left_oid, link.c.right_oid)
        names = sa.or_(*(link.c.relation == name for name in relations))
        mark: sa.ColumnElement[Any] = sa.case(
            *((link.c.relation == name, sa.literal_column(str(n))) for name, n in relations.items())
        )
        query = sa.select(mark, near.label("owner"), sa.func.count())
        query = query.where(self._dialect.among(near, "owners", single=single), names)
        directory = self._layout.table("directory").alias()
        seen = visibility.of_directory(self._dialect, self._sight, directory)
        if seen is not None:
            query = query.join(directory, directory.c.oid == far).where(seen)
        return query.group_by(link.c.relation, near)

    def _count(
        self, spec: Members, members: tuple[TypeDef, ...], where: Condition | None, place: int, *, single: bool
    ) -> sa.Select[Any]:
        mark: sa.ColumnElement[int] = sa.literal_column(str(place))
        family = self._layout.of(members[0])
        table = family.table.alias()
        seen = visibility.of_type(self._dialect, self._sight, table, members)
        demands = [
            part
            for part in (seen, typed(table, members, indexed=False) if family.several else None)
            if part is not None
        ]
        counter = Counter(f"c{place}_")
        joining = self._memberships.joining(spec)
        if joining is not None:
            pairs, near, far, kept = joining
            query = (
                sa.select(mark, near.label("owner"), sa.func.count(sa.distinct(far)))
                .join(table, table.c.oid == far)
                .where(kept, self._dialect.among(near, "owners", single=single))
                .where(*demands)
            )
            if where is not None:
                query = query.where(self._conditions.of(pairs, where, counter))
            return query.group_by(near)
        if spec.derived is not None:
            chain = CHAINS[spec.derived](
                self._layout, lambda column: self._dialect.among(column, "owners", single=single)
            ).subquery()
            found = sa.select(mark, chain.c.owner, sa.func.count()).join(table, table.c.oid == chain.c.member)
            return found.where(*demands).group_by(chain.c.owner)
        if where is not None:
            demands.append(self._conditions.of(table, where, counter))
        if spec.via is not None:
            near = table.c[spec.via.lower() + "_oid"]
            found = sa.select(mark, near.label("owner"), sa.func.count())
            return found.where(self._dialect.among(near, "owners", single=single), *demands).group_by(near)
        # Every object of the type belongs to the one subscription.
        columns: list[Any] = [mark, sa.literal_column("0").label("owner"), sa.func.count()]
        return sa.select(*columns).select_from(table).where(*demands)
