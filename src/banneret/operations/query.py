"""Query objects of a type, and the members of a collection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from banneret.kernel.errors import AttributeNotShared, ObjectNotFound, UnknownType, UnsupportedOperation
from banneret.operations import metadata
from banneret.operations.fetch import EVERYTHING, Fetch
from banneret.operations.fetching import Level, load, stored_attributes
from banneret.operations.locate import Located, locate
from banneret.operations.members import FOLLOWED
from banneret.operations.metadata import Virtual
from banneret.query.check import check, own_condition
from banneret.query.ordering import SortKey, parse_order
from banneret.query.parser import parse
from banneret.query.search import parse_search
from banneret.query.selection import Membership, Scope, Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.kernel.refs import Ref
    from banneret.operations.context import Context
    from banneret.query.condition import Condition
    from banneret.query.search import Term

LARGEST_PAGE = 2000
DEFAULT_PAGE = 20

_parse = lru_cache(maxsize=1024)(parse)


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a query as sent; `types` narrows an abstract type, `search` looks for words (see `query.search`).

    Where it is not `counted` the total is that of the page. `most` is how far to count, first of all: a total that is as great means
    at least so many, and whether there are few or many decides how the page is looked for.
    """

    query: str = ""
    search: str = ""
    order: str = ""
    start: int = 1
    pagesize: int = DEFAULT_PAGE
    fetch: Fetch = EVERYTHING
    types: tuple[str, ...] = ()
    counted: bool = True
    most: int | None = None


@dataclass(slots=True)
class Page:
    """One page of an answer. Either `level` (rows) or `virtual` objects hold what is on it."""

    total: int
    start: int
    pagesize: int
    level: Level = field(default_factory=Level)
    virtual: list[Virtual] = field(default_factory=list)


async def query(context: Context, item: TypeDef, asked: Asked) -> Page:
    """Answer a query.

    Raises:
        InvalidQuery, UnknownSortAttribute, UnknownType: as each says.
        UnsupportedOperation: an abstract type whose objects lie in several tables.

    """
    schema = context.schema
    candidates = _candidates(schema, item, asked.types)
    search = _search(context, item, asked.search)
    if item.virtual:
        return _virtual_page(context, item, metadata.definitions(context).of(item), asked)
    if not candidates:
        return Page(0, asked.start, asked.pagesize)
    if len({candidate.table for candidate in candidates}) > 1:
        raise AttributeNotShared("ObjectID", item.element_name)
    selection = Selection(
        candidates=candidates,
        scope=context.scope,
        condition=_condition(context, schema, item, candidates, asked.query),
        order=_order(schema, item, candidates, asked.order, searched=search is not None),
        start=asked.start,
        pagesize=asked.pagesize,
        search=search,
    )
    return await _page(context, selection, asked)


def _candidates(schema: Schema, item: TypeDef, types: Sequence[str]) -> tuple[TypeDef, ...]:
    candidates = schema.concrete(item)
    if not types:
        return candidates
    wanted: list[TypeDef] = []
    for name in types:
        found = schema.find(name)
        if found is None:
            raise UnknownType(name)
        wanted.extend(each for each in schema.concrete(found) if each in candidates and each not in wanted)
    return tuple(wanted)


def _condition(
    context: Context, schema: Schema, item: TypeDef, candidates: tuple[TypeDef, ...], text: str
) -> Condition | None:
    tree = _parse(text)
    if tree is None:
        return None
    return metadata.settle(context, check(tree, schema, item, candidates=candidates, context=context.query))


def _search(context: Context, item: TypeDef, text: str) -> tuple[Term, ...] | None:
    """Give the terms of a search; only artifacts have an index, and a warning says so of others."""
    if not text.strip():
        return None
    if item.table != "Artifact":
        context.warnings.append(f"Ignored search: {item.element_name} has no full-text index.")
        return None
    return parse_search(text)


@lru_cache(maxsize=2048)
def _order(
    schema: Schema, item: TypeDef, candidates: tuple[TypeDef, ...], text: str, *, searched: bool
) -> tuple[SortKey, ...]:
    """Without an order: what a search found by relevance, ranked artifacts by rank, revisions newest first, else by ObjectID."""
    if not text.strip():
        if searched:
            return ()
        names = {name for candidate in candidates for name in candidate.attributes}
        if all("DragAndDropRank" in candidate.attributes for candidate in candidates):
            text = "DragAndDropRank"
        elif "RevisionNumber" in names:
            text = "CreationDate desc,RevisionNumber desc"
    return parse_order(text, schema, item, candidates=candidates)


_WALKED = frozenset({"CreationDate", "LastUpdateDate", "DragAndDropRank"})
"""Attributes that are indexed type by type, and never null."""


def _in_order(selection: Selection) -> bool:
    """Whether objects can be gone through in the order asked for, and nothing else leads to what is looked for."""
    if selection.member_of is not None or selection.search is not None:
        return False
    first = selection.order[0].path if selection.order else ()
    alone = len(first) == 1 and len(selection.order) == 2  # it and the ObjectID
    return selection.by_age or (alone and first[0].attribute.name in _WALKED)


async def _page(context: Context, selection: Selection, asked: Asked) -> Page:
    fetch = asked.fetch
    attributes = stored_attributes(selection.candidates, fetch)
    reader = context.unit.reader
    known = None
    if asked.most is not None:
        known = await reader.count(selection, context.sight, most=asked.most)
        selection = replace(selection, walks=known >= asked.most and _in_order(selection))
    rows = await reader.page(selection, attributes, context.sight)
    shown = len(rows)
    if known is not None:
        total = known
    elif not asked.counted or (shown < selection.pagesize and (shown or selection.start == 1)):
        total = selection.start - 1 + shown
    else:
        total = await reader.count(selection, context.sight)
    level = await load(context, selection.candidates, attributes, rows, fetch)
    return Page(total, selection.start, selection.pagesize, level)


def _virtual_page(context: Context, item: TypeDef, found: Sequence[Virtual], asked: Asked) -> Page:
    schema = context.schema
    tree = _parse(asked.query)
    condition = None if tree is None else check(tree, schema, item, candidates=(item,), context=context.query)
    chosen = metadata.select(found, condition)
    if asked.order.strip():
        metadata.sort(chosen, parse_order(asked.order, schema, item, candidates=(item,)))
    first = asked.start - 1
    return Page(
        len(chosen), asked.start, asked.pagesize, Level(fetch=asked.fetch), chosen[first : first + asked.pagesize]
    )


async def members(context: Context, item: TypeDef, ref: Ref, name: str, asked: Asked) -> Page:
    """Answer with the members of an object's collection, as a query.

    Raises:
        ObjectNotFound: the object is missing or hidden, or has no such collection.
        As `query`.

    """
    if item.virtual:
        return _virtual_members(context, item, ref, name, asked)
    found = await locate(context, item, ref)
    attribute = found.type.find(name) if found is not None else None
    if found is None or attribute is None:
        raise ObjectNotFound
    local = context.in_workspace(found.workspace)
    if not attribute.is_collection:
        raise ObjectNotFound
    return await _members(local, found, attribute, asked)


async def _members(context: Context, found: Located, attribute: AttributeDef, asked: Asked) -> Page:
    schema = context.schema
    spec = attribute.members
    if spec is None or attribute.custom:
        return await _custom_choices(context, found, attribute, asked)
    if spec.derived == "type_definitions":
        return _virtual_page(
            context, schema.get("TypeDefinition"), list(metadata.definitions(context).types.values()), asked
        )
    target = schema.get(spec.only or attribute.of or "")
    candidates = _candidates(schema, target, asked.types)
    unbuilt = spec.derived is not None and spec.derived not in FOLLOWED
    if unbuilt or not candidates or candidates[0].table is None:
        return Page(0, asked.start, asked.pagesize)
    search = _search(context, target, asked.search)
    selection = Selection(
        candidates=candidates,
        scope=Scope(),
        condition=_condition(context, schema, target, candidates, asked.query),
        order=_order(schema, target, candidates, asked.order, searched=search is not None),
        start=asked.start,
        pagesize=asked.pagesize,
        member_of=Membership(found.oid, attribute, own_condition(schema, attribute)),
        search=search,
    )
    return await _page(context, selection, asked)


async def _custom_choices(context: Context, found: Located, attribute: AttributeDef, asked: Asked) -> Page:
    from banneret.operations.update import current

    row = await current(context, found.type, found.oid)
    chosen = (row.values.get(attribute) or []) if row is not None else []
    definition = metadata.definitions(context).attributes.get(attribute.definition_id)
    values = definition.members["AllowedValues"] if definition is not None else ()
    return _virtual_page(
        context,
        context.schema.get("AllowedAttributeValue"),
        [value for value in values if value.values["StringValue"] in chosen],
        asked,
    )


def _virtual_members(context: Context, item: TypeDef, ref: Ref, name: str, asked: Asked) -> Page:
    defined = metadata.find_definition(context, item, ref)
    if defined is None:
        raise ObjectNotFound
    local, found = defined
    attribute = found.type.find(name)
    if attribute is None or not attribute.is_collection:
        raise ObjectNotFound
    target = local.schema.get(attribute.of or "")
    return _virtual_page(local, target, found.members[attribute.name], asked)


def allowed_values(context: Context, item: TypeDef, name: str, asked: Asked) -> Page:
    """Answer with the allowed values of a type's attribute (`/defect/1/State/AllowedValues`, KB 57584).

    Raises:
        ObjectNotFound: the type has no such attribute.

    """
    attribute = item.find(name)
    if attribute is None:
        raise ObjectNotFound
    definition = metadata.definitions(context).attributes[attribute.definition_id]
    return _virtual_page(
        context, context.schema.get("AllowedAttributeValue"), definition.members["AllowedValues"], asked
    )


__all__ = ["Asked", "Page", "UnsupportedOperation", "allowed_values", "members", "query"]
