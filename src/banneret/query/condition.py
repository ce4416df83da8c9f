"""Conditions: queries whose names are attributes of the catalogue, with converted values. Hashable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from banneret.catalogue.model import AttributeDef, TypeDef
from banneret.kernel.refs import Ref
from banneret.query.operators import Kind, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Step:
    """One attribute of a path.

    `owner` is the type that is asked for it and may be abstract; `candidates` are the concrete types that its
    objects can have, `targets` those of the objects that an OBJECT or COLLECTION leads to. Where candidates
    differ in their allowed values, `attribute` has them all. `where` is what the catalogue demands of a
    COLLECTION's members, or of the objects that join them to their owner.
    """

    attribute: AttributeDef
    owner: TypeDef = field(compare=False)
    candidates: tuple[TypeDef, ...] = field(compare=False)
    targets: tuple[TypeDef, ...] = field(default=(), compare=False)
    where: Condition | None = field(default=None, compare=False)


Path: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RefValue:
    """An object by ref. Its type fits the attribute; the ObjectID or UUID alone has to be compared."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class NameValue:
    """Objects by text: those whose `attribute` (a name, or a User's UserName) is `text`, both folded.

    With `number`, also those whose `formatted_id` has that number. `contains` looks at `attribute` alone.
    """

    text: str
    attribute: AttributeDef
    number: int | None = None
    formatted_id: AttributeDef | None = None


Literal: TypeAlias = str | int | float | bool | RefValue | NameValue | None
Value: TypeAlias = Literal | tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The attribute at the end of `path`, an operator, and a value that fits `kind`.

    kind          value         operators that are left
    TEXT          str           all
    EXACT         str           =, !=, in, !in (an order of allowed values has become `in`)
    NUMBER        int, float    all but contains; int for INTEGER, float for DECIMAL and QUANTITY
    BOOLEAN       bool          =, !=, in, !in
    DATE          str           all but contains
    FORMATTED_ID  int           all but contains
    IDENTITY      RefValue      =, !=, in, !in
    NAME          NameValue     =, !=, in, !in; contains, !contains on OBJECT only

    With `=` and `!=`, but no other operator, the value may be None, which is null. The value of `in` and
    `!in` is a tuple of any length; None in it is null, and never there for IDENTITY and NAME. `in ()` never
    holds, `!in ()` always. On a collection `=` and `in` ask whether some member is it, `!=` and `!in` whether
    none is; compared with None, they ask whether it is empty.
    """

    path: Path
    operator: Operator
    kind: Kind
    value: Value

    @property
    def attribute(self) -> AttributeDef:
        """The attribute that is compared."""
        return self.path[-1].attribute

    @property
    def values(self) -> tuple[Literal, ...]:
        """The value, or each of them."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def attributes(self) -> frozenset[AttributeDef]:
        """All attributes on the path."""
        return frozenset(step.attribute for step in self.path)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts; none of them is an And."""

    parts: tuple[Condition, ...]

    @property
    def attributes(self) -> frozenset[AttributeDef]:
        """All attributes that the condition looks at."""
        return _attributes(self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more parts; none of them is an Or."""

    parts: tuple[Condition, ...]

    @property
    def attributes(self) -> frozenset[AttributeDef]:
        """All attributes that the condition looks at."""
        return _attributes(self.parts)


Condition: TypeAlias = And | Or | Comparison


def _attributes(parts: Iterable[Condition]) -> frozenset[AttributeDef]:
    return frozenset(attribute for part in parts for attribute in part.attributes)


def every(parts: Iterable[Condition]) -> Condition:
    """Join conditions by AND; at least one."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def some(parts: Iterable[Condition]) -> Condition:
    """Join conditions by OR; at least one. Alternatives for one attribute become one `in`."""
    merged: dict[object, Condition] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, Or) else (part,):
            key = _alternative(inner)
            held = merged.get(key)
            merged[key] = inner if held is None else _either(held, inner)
    flat = tuple(merged.values())
    return flat[0] if len(flat) == 1 else Or(flat)


def _alternative(part: Condition) -> object:
    """Give what conditions that can be one `in` have in common; else the condition itself."""
    if not isinstance(part, Comparison) or part.operator not in {Operator.EQUAL, Operator.IN}:
        return part
    if part.value is None and part.kind is Kind.IDENTITY:
        return part
    return part.path, part.kind


def _either(one: Condition, other: Condition) -> Condition:
    if one == other or not isinstance(one, Comparison) or not isinstance(other, Comparison):
        return one
    return Comparison(one.path, Operator.IN, one.kind, tuple(dict.fromkeys(one.values + other.values)))
