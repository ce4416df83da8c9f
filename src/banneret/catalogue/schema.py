"""A set of types that answers by name: the stock catalogue, or one workspace's view of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from banneret.catalogue.model import AttributeDef, TypeDef, make_type
from banneret.kernel.errors import UnknownType
from banneret.kernel.ids import stock_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ALIASES = {"userstory": "hierarchicalrequirement", "story": "hierarchicalrequirement"}
"""Names that the server, or clients on its behalf, give to types (wsapi.md 1, rule 4)."""

PORTFOLIO_ROOT = "PortfolioItem"


class Schema:
    """Types by name. Immutable; `version` changes whenever a type, attribute or allowed value does."""

    def __init__(self, types: Iterable[TypeDef], version: str = "stock") -> None:
        self.types: dict[str, TypeDef] = {item.name: item for item in types}
        self.version = version
        self._folded = {name.lower(): item for name, item in self.types.items()}
        for item in self.types.values():
            self._folded.setdefault(item.element_name.lower(), item)
        for alias, name in ALIASES.items():
            self._folded[alias] = self._folded[name]
        self._concrete: dict[str, tuple[TypeDef, ...]] = {}
        self.derived: dict[str, object] = {}
        """What upper layers make of this schema once, by name."""

    def find(self, name: str) -> TypeDef | None:
        """Give the type of that name: any case, alias, or the bare name of a portfolio type; else None."""
        return self.types.get(name) or self._folded.get(name.lower())

    def find_plural(self, name: str) -> TypeDef | None:
        """Give the type whose plural end point is `name` (`users`, `hierarchicalrequirements`), or None."""
        lowered = name.lower()
        candidates = [lowered[:-3] + "y" if lowered.endswith("ies") else "", lowered.removesuffix("es"), lowered[:-1]]
        if not lowered.endswith("s"):
            return None
        return next((found for stem in reversed(candidates) if stem and (found := self.find(stem))), None)

    def get(self, name: str) -> TypeDef:
        """Give the type of that name.

        Raises:
            UnknownType: there is none.

        """
        found = self.find(name)
        if found is None:
            raise UnknownType(name)
        return found

    def concrete(self, item: TypeDef) -> tuple[TypeDef, ...]:
        """Give the types that objects of `item` can have: itself, or an abstract type's concrete descendants."""
        known = self._concrete.get(item.name)
        if known is None:
            known = tuple(other for other in self.types.values() if item.name in other.lineage and not other.abstract)
            self._concrete[item.name] = known
        return known

    def is_a(self, item: str, ancestor: str) -> bool:
        """Whether objects of type `item` are objects of type `ancestor`."""
        found = self.types.get(item)
        return found is not None and ancestor in found.lineage

    def portfolio_levels(self) -> list[TypeDef]:
        """Give the portfolio types that stand in the hierarchy, lowest first."""
        levels = [item for item in self.types.values() if item.parent == PORTFOLIO_ROOT and item.ordinal >= 0]
        return sorted(levels, key=lambda item: item.ordinal)

    def extended(
        self,
        *,
        version: str,
        levels: Sequence[TypeDef] = (),
        without: frozenset[str] = frozenset(),
        attributes: Mapping[str, Sequence[AttributeDef]] | None = None,
        changes: Mapping[int, Mapping[str, Any]] | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> Schema:
        """Give a workspace's own view.

        Args:
            version: what `SchemaVersion` shows.
            levels: portfolio types of the workspace; one that is named like a stock level takes its place, others are put
                in at their `ordinal` and move the rest up.
            without: stock portfolio types that the workspace has not.
            attributes: custom attributes by the name of the type that they are defined on; descendants get them too.
            changes: what differs of stock attributes, by `definition_id`: fields of `AttributeDef`.
            prefixes: FormattedID prefixes by type name.

        """
        types = dict(self.types)
        if levels or without:
            _place_levels(types, levels, without)
        changed = []
        replaced: dict[AttributeDef, AttributeDef] = {}
        changes = changes or {}
        for item in types.values():
            own = {
                attribute.name: attribute for owner in item.lineage for attribute in (attributes or {}).get(owner, ())
            }
            for name, held in item.attributes.items() if changes else ():
                if held.definition_id in changes:
                    if held not in replaced:
                        replaced[held] = replace(held, **changes[held.definition_id])
                    own[name] = replaced[held]
            prefix = (prefixes or {}).get(item.name, item.prefix)
            if own or prefix != item.prefix:
                merged = {**item.attributes, **own}
                item = replace(  # noqa: PLW2901 - the changed type stands for the stock one from here on
                    item,
                    attributes=merged,
                    folded={key.lower(): value for key, value in merged.items()},
                    prefix=prefix,
                )
            changed.append(item)
        return Schema(changed, version)


def _place_levels(types: dict[str, TypeDef], levels: Sequence[TypeDef], without: frozenset[str]) -> None:
    """Rank stock and own levels anew, and point each level's Parent and Children at its neighbours."""
    stock = [
        item
        for item in types.values()
        if item.parent == PORTFOLIO_ROOT and item.ordinal >= 0 and item.name not in without
    ]
    ranked = sorted(stock, key=lambda item: item.ordinal)
    for level in sorted(levels, key=lambda item: item.ordinal):
        same = next((n for n, item in enumerate(ranked) if item.name.lower() == level.name.lower()), None)
        if same is not None:
            ranked[same] = replace(ranked[same], prefix=level.prefix or ranked[same].prefix, label=level.label)
        else:
            ranked.insert(max(0, min(level.ordinal, len(ranked))), level)
    root = types[PORTFOLIO_ROOT]
    lowest, upper = types["PortfolioItem/Feature"], types["PortfolioItem/Initiative"]
    for name in without:
        del types[name]
    for n, item in enumerate(ranked):
        pattern = lowest if n == 0 else upper
        own = {
            name: replace(attribute, of=item.name, owner=item.name)
            if attribute.of == pattern.name
            else replace(attribute, owner=item.name)
            for name, attribute in pattern.attributes.items()
            if attribute.owner == pattern.name and name not in {"Parent", "Children"}
        }
        if n + 1 < len(ranked):
            own["Parent"] = replace(upper.attributes["Parent"], of=ranked[n + 1].name, owner=item.name)
        if n > 0:
            own["Children"] = replace(upper.attributes["Children"], of=ranked[n - 1].name, owner=item.name)
        own = {name: _of_level(item, attribute) for name, attribute in own.items()}
        types[item.name] = make_type(
            item.name,
            parent=root,
            own=own,
            definition_id=item.definition_id,
            definition_uuid=item.definition_uuid,
            operations=lowest.operations,
            prefix=item.prefix,
            ordinal=n,
            note=item.note,
            custom=item.custom,
            label=item.label,
        )
    _point_stories_at(types, ranked[0].name)


def _of_level(level: TypeDef, attribute: AttributeDef) -> AttributeDef:
    """What a level has after another one's pattern is an attribute of its own; what a stock level always had is that one."""
    held = level.attributes.get(attribute.name)
    if held is not None and held.owner == level.name:
        return replace(attribute, definition_id=held.definition_id, definition_uuid=held.definition_uuid)
    return replace(
        attribute,
        definition_id=level.definition_id * 1000 - attribute.definition_id % -1000,
        definition_uuid=stock_uuid(f"{level.definition_uuid}.{attribute.name}"),
    )


def _point_stories_at(types: dict[str, TypeDef], lowest: str) -> None:
    for name in ("HierarchicalRequirement", "Defect", "ExternalContribution"):
        item = types[name]
        merged = {
            key: replace(attribute, of=lowest) if attribute.of == "PortfolioItem/Feature" else attribute
            for key, attribute in item.attributes.items()
        }
        types[name] = replace(item, attributes=merged, folded={key.lower(): value for key, value in merged.items()})
