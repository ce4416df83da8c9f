"""Syntax tree to condition: names become attributes of the catalogue, literals become values of theirs.

Whatever can be decided here is: an order of allowed values becomes the list of those that qualify, a
FormattedID with a foreign prefix becomes `in ()`. What is left is small enough to be said in SQL.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from banneret.catalogue.model import AttributeType
from banneret.kernel.errors import QuerySyntax
from banneret.kernel.refs import find_ref
from banneret.query.condition import (
    Comparison,
    Condition,
    NameValue,
    Path,
    RefValue,
    Step,
    Value,
    every,
    some,
)
from banneret.query.condition import Literal as BoundLiteral
from banneret.query.literals import (
    NEVER,
    Never,
    QueryContext,
    Scalar,
    canonical,
    convert,
    formatted_number,
    is_null,
    kind_of,
    whole,
)
from banneret.query.operators import OPERATORS, Kind, Operator
from banneret.query.parser import parse
from banneret.query.paths import naming, resolve, step_to
from banneret.query.tree import Clause, Node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema

_NEGATIVE = {Operator.NOT_EQUAL, Operator.NOT_CONTAINS, Operator.NOT_IN}
_PARTIAL = {Operator.CONTAINS, Operator.NOT_CONTAINS}
_EQUALITY = {Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN}
_UNSET = "None"
"""What a rating shows, and is compared as, where it is null."""

_NOWHEN = QueryContext(zone=UTC, now=datetime(2000, 1, 1, tzinfo=UTC))

_REF_LIKE = re.compile(r"/|https?://|slm/", re.IGNORECASE)


def check(
    tree: Node,
    schema: Schema,
    type: TypeDef,
    *,
    candidates: tuple[TypeDef, ...] | None = None,
    context: QueryContext,
) -> Condition:
    """Bind a query to the attributes of the type that is queried.

    Args:
        tree: what `parse` gave.
        schema: the workspace's types.
        type: the type that is queried, abstract or not.
        candidates: the concrete types in question, where `types=` leaves only some of an abstract type's.
        context: what dates and `currentuser` mean.

    Raises:
        UnknownQueryAttribute: an attribute does not exist, or cannot be compared at all.
        AttributeNotShared: an attribute is not on every candidate, or not the same on all.
        UnreadableDate: a value should be a date and is none.
        QuerySyntax: a value does not convert otherwise, or an operator does not fit its attribute.

    """
    if isinstance(tree, Clause):
        path = tuple(_with_own_condition(step, schema) for step in resolve(tree.path, schema, type, candidates))
        return _bind(tree, path, schema, context)
    parts = [check(part, schema, type, candidates=candidates, context=context) for part in tree.parts]
    return every(parts) if tree.word == "AND" else some(parts)


def own_condition(schema: Schema, collection: AttributeDef) -> Condition | None:
    """Give the condition that the catalogue puts on a collection's members, bound; it knows no dates and no user."""
    members = collection.members
    if members is None or members.where is None:
        return None
    key = f"where {collection.owner}.{collection.name}"
    held = schema.derived.get(key)
    if held is None:
        on = schema.get(members.through or members.only or collection.of or "")
        tree = parse(members.where)
        held = schema.derived[key] = None if tree is None else check(tree, schema, on, context=_NOWHEN)
    return held  # type: ignore[return-value]


def _with_own_condition(step: Step, schema: Schema) -> Step:
    where = own_condition(schema, step.attribute)
    return step if where is None else replace(step, where=where)


def _bind(clause: Clause, path: Path, schema: Schema, context: QueryContext) -> Condition:
    step = path[-1]
    attribute, operator = step.attribute, clause.operator
    if attribute.is_object or attribute.is_collection:
        return _bind_relation(clause, path, schema, context)
    kind = kind_of(attribute)
    if kind not in OPERATORS[operator].kinds:
        _misfit(operator, attribute)
    if operator in _PARTIAL:
        return Comparison(path, operator, Kind.TEXT, clause.values[0])
    if operator in _EQUALITY:
        values = [convert(text, kind, step, context) for text in clause.values]
        return _membership(path, kind, operator, [value for value in values if value is not NEVER])
    if kind is Kind.EXACT and attribute.values:
        return _choices(path, operator, clause.values[0])
    value = convert(clause.values[0], kind, step, context)
    if value is None or value is NEVER:
        return Comparison(path, Operator.IN, kind, ())
    return _order(path, kind, operator, value)


def _membership(path: Path, kind: Kind, operator: Operator, values: Sequence[Scalar]) -> Comparison:
    """Bind `=`, `!=`, `in` or `!in`."""
    attribute = path[-1].attribute
    wanted: list[Scalar] = list(values)
    if attribute.type is AttributeType.INTEGER:
        wanted = [int(value) if isinstance(value, float) else value for value in values if _is_whole(value)]
    if attribute.type is AttributeType.RATING and any(_is_unset(value) for value in wanted):
        wanted = [*(value for value in wanted if not _is_unset(value)), _UNSET, None]
    return _among(path, kind, tuple(dict.fromkeys(wanted)), negative=operator in _NEGATIVE)


def _among(path: Path, kind: Kind, values: tuple[BoundLiteral, ...], *, negative: bool) -> Comparison:
    """Compare with one value by `=`, with any other number of them by `in`; or with the opposites."""
    if len(values) == 1:
        return Comparison(path, Operator.NOT_EQUAL if negative else Operator.EQUAL, kind, values[0])
    return Comparison(path, Operator.NOT_IN if negative else Operator.IN, kind, values)


def _is_unset(value: Scalar) -> bool:
    return value is None or (isinstance(value, str) and value.lower() == _UNSET.lower())


def _is_whole(value: Scalar) -> bool:
    return not isinstance(value, float) or (value.is_integer() and abs(value) < 2**63)


def _choices(path: Path, operator: Operator, text: str) -> Comparison:
    """Bind an order among allowed values to those that qualify. A value that is none qualifies nothing."""
    allowed = path[-1].attribute.values
    value = canonical(_UNSET if is_null(text) else text, path[-1].attribute)
    place = allowed.index(value) if value in allowed else -1
    chosen = [other for n, other in enumerate(allowed) if place >= 0 and OPERATORS[operator].test(n, place)]
    return _membership(path, Kind.EXACT, Operator.IN, chosen)


def _order(path: Path, kind: Kind, operator: Operator, value: Value) -> Comparison:
    """Bind `<`, `<=`, `>` or `>=`. INTEGER gets an integer: below 2.5 is below 3, above 2.5 is above 2."""
    if path[-1].attribute.type is AttributeType.INTEGER and isinstance(value, float):
        value = whole(value, up=operator in {Operator.LESS, Operator.AT_LEAST})
    return Comparison(path, operator, Kind.TEXT if kind is Kind.EXACT else kind, value)


def _bind_relation(clause: Clause, path: Path, schema: Schema, context: QueryContext) -> Condition:
    """Bind what compares an object or the members of a collection: null, refs and names, each alone."""
    step, operator = path[-1], clause.operator
    if Kind.IDENTITY not in OPERATORS[operator].kinds:
        _misfit(operator, step.attribute)
    literals = [_related(text, step, schema, context) for text in clause.values]
    refs = tuple(dict.fromkeys(value for value in literals if isinstance(value, RefValue)))
    names = tuple(dict.fromkeys(value for value in literals if isinstance(value, NameValue)))
    parts: list[Condition] = []
    negative = operator in _NEGATIVE
    if None in literals:
        parts.append(_among(path, Kind.IDENTITY, (None,), negative=negative))
    if refs or not (names or parts):
        parts.append(_among(path, Kind.IDENTITY, refs, negative=negative))
    if names and operator in _PARTIAL and step.attribute.is_object:
        parts.append(Comparison(path, operator, Kind.NAME, names[0]))
    elif names:
        parts.append(_among(path, Kind.NAME, names, negative=negative))
    return every(parts) if negative else some(parts)


def _related(text: str, step: Step, schema: Schema, context: QueryContext) -> RefValue | NameValue | Never | None:
    """Read a literal that stands for an object: null, `currentuser`, a ref in any form, or a name."""
    if is_null(text):
        return None
    of_users = all(item.name == "User" for item in step.targets)
    if of_users and text.lower() == "currentuser":
        return NEVER if context.current_user_ref is None else RefValue(context.current_user_ref)
    ref = find_ref(text)
    meant = schema.find(ref.type_name) if ref else None
    if ref and meant:
        names = {item.name for item in schema.concrete(meant)}
        fits = ref.composite is None and any(item.name in names for item in step.targets)
        return RefValue(ref) if fits else NEVER
    by = naming(step.targets)
    if by is None or _REF_LIKE.match(text):
        message = f'Could not parse: Cannot parse object reference from "{text}"'
        raise QuerySyntax(message)
    return _named(text, by, step, schema)


def _named(text: str, by: str, step: Step, schema: Schema) -> NameValue:
    """Read a name, which for artifacts may also be a FormattedID with its prefix."""
    target = step.targets[0]
    name = step_to(by, schema, target, step.targets).attribute
    number = formatted_number(text, step.targets) if text[:1].isalpha() else None
    if number is None or any(item.find("FormattedID") is None for item in step.targets):
        return NameValue(text, name)
    return NameValue(text, name, number, step_to("FormattedID", schema, target, step.targets).attribute)


def _misfit(operator: Operator, attribute: AttributeDef) -> NoReturn:
    message = f'Could not parse: Operator "{operator}" does not fit attribute "{attribute.name}".'
    raise QuerySyntax(message)


__all__ = ["Condition", "QueryContext", "check"]
