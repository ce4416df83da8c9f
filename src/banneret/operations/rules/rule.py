"""What a rule of the object model is: functions that run around a write, or figures of a parent made of its children."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context
    from banneret.operations.locate import Located

    BeforeCreate = Callable[[Context, TypeDef, dict[AttributeDef, Any], Changes], Awaitable[None]]
    AfterCreate = Callable[[Context, TypeDef, int, Mapping[AttributeDef, Any]], Awaitable[None]]
    BeforeUpdate = Callable[
        [Context, Located, Mapping[AttributeDef, Any], dict[AttributeDef, Any], Changes], Awaitable[None]
    ]
    AfterUpdate = Callable[
        [Context, Located, Mapping[AttributeDef, Any], Mapping[AttributeDef, tuple[Any, Any]]], Awaitable[None]
    ]
    AfterRestore = Callable[[Context, Located, Mapping[AttributeDef, Any]], Awaitable[None]]
    BeforeDelete = Callable[[Context, Located], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Source:
    """Objects that a parent's figures are made of, added up by groups.

    `children` is their type, which may be abstract. They know their parent by an OBJECT attribute (`via`). With a `chain` the
    figures are not made of the children themselves but of what that chain of `storage/chains.py` leads to from the parent.

    `by` are the attributes that group them; `figures` what is computed of each group, written `sum:Estimate`, with `sum`,
    `count`, `min` or `max` over what is set. A change of an attribute that is named here makes the parent's figures stale, and so
    does one of `watched`.
    """

    children: str
    via: str
    chain: str = ""
    by: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        """The attributes of a child whose change matters."""
        names = {*self.by, *self.watched, *(figure.partition(":")[2] for figure in self.figures)}
        return frozenset(names | {self.via})


@dataclass(slots=True)
class Parent:
    """Who gets the figures: an object with its values by element name, as earlier roll-ups of the same pass left them.

    `schema` are the types as its workspace has them, `rolls_task_states` what its project says of that; None and
    False for an object that is only about to be made.
    """

    item: TypeDef
    values: dict[str, Any] = field(default_factory=dict)
    schema: Schema | None = None
    rolls_task_states: bool = False


@dataclass(frozen=True, slots=True)
class Rollup:
    """Figures of a parent.

    `compute` takes the parent and the groups of each source, a mapping each: attributes of `by` and `figures` under their names,
    and `count`, the number of objects. It gives values by element name.

    `own` are attributes of the parent itself that the figures depend on too.
    `silent`: the figures change without a new version, event or Revision, for they follow every step of many others' work.
    `stamp` is the attribute that tells when figures last changed.
    `coupling`: what follows from an event and may be set otherwise afterwards; nothing that always holds, so
    `banneret check` has no opinion of it.
    """

    sources: tuple[Source, ...]
    compute: Callable[..., dict[str, Any]]
    own: tuple[str, ...] = ()
    silent: bool = False
    stamp: str = ""
    coupling: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for the objects of the types that name it under `rules` in the catalogue.

    `before_…` functions look at a write and may refuse or complete it; `after_…` functions do what follows from it, in the
    same unit of work. A `rollup` is kept right by `operations/settling.py`.
    """

    before_create: BeforeCreate | None = None
    after_create: AfterCreate | None = None
    before_update: BeforeUpdate | None = None
    after_update: AfterUpdate | None = None
    before_delete: BeforeDelete | None = None
    after_restore: AfterRestore | None = None
    rollup: Rollup | None = None


def follows(
    work_out: Callable[[TypeDef, Mapping[AttributeDef, Any], dict[AttributeDef, Any]], None],
) -> Rule:
    """Give the rule that values follow from others of the same object, when it is made and whenever it changes.

    `work_out` takes the type, the values before (none of a new object) and the new values, to which it adds.
    """

    async def begin(_context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes) -> None:
        work_out(item, {}, values)

    async def change(
        _context: Context,
        found: Located,
        old: Mapping[AttributeDef, Any],
        values: dict[AttributeDef, Any],
        _changes: Changes,
    ) -> None:
        work_out(found.type, old, values)

    return Rule(before_create=begin, before_update=change)
