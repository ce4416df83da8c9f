"""Check the whole database: figures against what they are made of, refs against what there is, revisions, the directory.

On SQLite the check sees one moment. On PostgreSQL others may write while it reads, so what a check of a busy server reports is
certain only when a second one reports it too; a repair makes figures anew under locks and is right in any case.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.operations.figures import READ, Figures
from banneret.operations.marking import mark
from banneret.operations.ports import HEAD
from banneret.operations.rules import rollups
from banneret.operations.rules.stories import MIRRORS
from banneret.operations.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context
    from banneret.operations.figures import Facts

    Progress = Callable[[int, int], None]

_CHUNK = 1000
_UNLISTED = frozenset({"Revision"})
"""Types whose objects stand in no directory, for nothing refers to them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `attribute` is empty where the whole object is meant."""

    type: str
    oid: int
    attribute: str
    stored: Any
    right: Any
    figure: bool = False

    def __str__(self) -> str:
        name = f".{self.attribute}" if self.attribute else ""
        return f"{self.type} {self.oid}{name}: {self.stored!r}, should be {self.right!r}"


async def check(context: Context, progress: Progress | None = None) -> list[Finding]:
    """Give everything that is wrong, in the order of types and ObjectIDs; `progress` is told how many objects are done."""
    return await _Check(context, progress or (lambda _done, _total: None)).run()


async def repair(context: Context, findings: Iterable[Finding]) -> int:
    """Make the figures right that findings speak of, silently, and give how many objects that were; the rest stays."""
    rows = await context.unit.reader.references({found.oid for found in findings if found.figure}, ALL)
    for found in findings:
        if not found.figure or found.oid not in rows:
            continue
        item = context.landscape.schema(rows[found.oid][4]).get(found.type)
        if found.attribute in MIRRORS:
            values = {item.attributes[found.attribute]: found.right}
            context.unit.writer.change_object(item, found.oid, values=values, custom_fields=None)
            for feature in (found.stored, found.right) if found.attribute == "Feature" else ():
                mark(context, feature, ("portfolio_progress", "late_children"))
        mark(context, found.oid, [name for name, rollup in rollups(item.rules).items() if not rollup.coupling])
    await settle(context, quietly=True)
    return len(rows)


class _Check:
    def __init__(self, context: Context, progress: Progress) -> None:
        self._context = context
        self._progress = progress
        self._findings: list[Finding] = []
        self._known: dict[int, str] = {}
        self._facts: dict[int | None, dict[int, Facts]] = {}
        self._histories: dict[int, tuple[str, int, int]] = {}
        self._done = 0

    async def run(self) -> list[Finding]:
        fetch = self._context.unit.writer.fetch
        self._known = {row[0]: row[1] for row in await fetch("directory", {}, ["oid", "type"])}
        for item in self._types():
            await self._objects(item)
        await self._links()
        await self._revisions()
        self._figures()
        return sorted(self._findings, key=lambda found: (found.type, found.oid, found.attribute))

    def _types(self) -> Iterator[TypeDef]:
        """Give the types that have tables, workspaces' own portfolio types among them."""
        landscape = self._context.landscape
        schemas = [landscape.stock, *(facts.schema for facts in landscape.workspaces.values())]
        found = {item.name: item for schema in reversed(schemas) for item in schema.types.values()}
        return (item for item in found.values() if not item.abstract and item.table is not None)

    def _find(self, item: TypeDef, oid: int, attribute: str, stored: Any, right: Any) -> None:
        self._findings.append(Finding(item.name, oid, attribute, stored, right))

    # ------------------------------------------------------------------ objects, refs, directory

    async def _objects(self, item: TypeDef) -> None:
        table = (item.table or "").lower()
        where = {"concrete_type": item.name} if item.name != item.table else {}
        oids = sorted(row[0] for row in await self._context.unit.writer.fetch(table, where, ["oid"]))
        attributes = _looked_at(item)
        for start in range(0, len(oids), _CHUNK):
            chunk = oids[start : start + _CHUNK]
            rows = await self._context.unit.reader.rows((item,), attributes, chunk, ALL)
            listed = await self._context.unit.reader.references(chunk, ALL)
            for row in rows:
                self._object(item, attributes, row, listed.get(row[0]))
            self._done += len(chunk)
            self._progress(self._done, max(self._done, len(self._known)))
        if item.name not in _UNLISTED:
            there = set(oids)
            for oid in (oid for oid, kind in self._known.items() if kind == item.name and oid not in there):
                self._find(item, oid, "", "an entry in the directory", "an object")

    def _object(
        self, item: TypeDef, attributes: Sequence[AttributeDef], row: Sequence[Any], entry: Sequence[Any] | None
    ) -> None:
        oid = row[0]
        values = {attribute.name: value for attribute, value in zip(attributes, row[HEAD:], strict=True)}
        for attribute in attributes:
            value = values[attribute.name]
            if (
                attribute.is_object
                and value is not None
                and value not in self._known
                and not self._is_virtual(attribute)
            ):
                self._find(item, oid, attribute.name, value, "an object that exists")
        if item.name not in _UNLISTED:
            self._entry(item, row, values, entry)
        if values.get("RevisionHistory") is not None and item.has_revisions:
            self._histories[values["RevisionHistory"]] = item.name, oid, int(row[2])
        names = _facts_of(item)
        if names:
            held = {name: _plain(item.attributes[name], values[name]) for name in names}
            self._facts.setdefault(row[5], {})[oid] = {"type": item.name, **held}

    def _is_virtual(self, attribute: AttributeDef) -> bool:
        return self._context.landscape.stock.get(attribute.of or "").virtual if attribute.of else False

    def _entry(self, item: TypeDef, row: Sequence[Any], values: Facts, entry: Sequence[Any] | None) -> None:
        """Compare an object with its entry in the directory."""
        if entry is None:
            self._find(item, row[0], "", "no entry in the directory", "an entry")
            return
        naming = item.naming_attribute
        name = values[naming] if naming is not None else None
        pairs = {
            "type": (entry[1], item.name),
            "ObjectUUID": (entry[2], row[1]),
            "Name": (entry[3] or None, name or None),
        }
        pairs |= {"Workspace": (entry[4], row[5]), "Project": (entry[5], row[4])}
        for attribute, (stored, right) in pairs.items():
            if stored != right:
                self._find(item, row[0], attribute, f"{stored} in the directory", right)

    async def _links(self) -> None:
        rows = await self._context.unit.writer.fetch("link", {}, ["relation", "left_oid", "right_oid"])
        for relation, left, right in rows:
            for oid, other in ((left, right), (right, left)):
                if oid not in self._known:
                    self._findings.append(
                        Finding(self._known.get(other, "link"), other, relation, oid, "an object that exists")
                    )

    async def _revisions(self) -> None:
        """Revisions run from 0 without a gap, the last one belonging to the object's present version."""
        numbers: dict[int, list[int]] = {}
        for history, number in await self._context.unit.writer.fetch(
            "revision", {}, ["revisionhistory_oid", "revisionnumber"]
        ):
            numbers.setdefault(history, []).append(number)
        for history, (kind, oid, version) in self._histories.items():
            found = sorted(numbers.get(history, []))
            if found != list(range(version)):
                wrong = [number for number, times in Counter([*found, *range(version)]).items() if times != 2]
                right = f"0 to {version - 1}, each once"
                self._findings.append(Finding(kind, oid, "RevisionHistory", f"revisions {sorted(wrong)}", right))

    # ------------------------------------------------------------------ figures

    def _figures(self) -> None:
        for workspace, objects in self._facts.items():
            schema = self._context.landscape.schema(workspace)
            for oid, name, right in Figures(schema, objects).right():
                stored = objects[oid][name]
                if not _equal(stored, right):
                    self._findings.append(Finding(objects[oid]["type"], oid, name, stored, right, figure=True))


@lru_cache(maxsize=512)
def _looked_at(item: TypeDef) -> tuple[AttributeDef, ...]:
    refs = (attribute for attribute in item.attributes.values() if attribute.is_object and attribute.is_stored)
    named = (item.attributes[name] for name in (item.naming_attribute, *_facts_of(item)) if name is not None)
    return tuple(dict.fromkeys(attribute for attribute in (*refs, *named) if not attribute.custom))


@lru_cache(maxsize=512)
def _facts_of(item: TypeDef) -> tuple[str, ...]:
    names = (name for kind, names in READ.items() if kind in item.lineage for name in names)
    return tuple(name for name in names if name in item.attributes)


def _plain(attribute: AttributeDef, value: Any) -> Any:
    return bool(value) if attribute.type.value == "BOOLEAN" and value is not None else value


def _equal(stored: Any, right: Any) -> bool:
    if isinstance(right, float) and isinstance(stored, int | float):
        return abs(stored - right) < 1e-6
    return bool(stored == right)
