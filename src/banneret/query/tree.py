"""The syntax tree: what the text says, before anybody knows what its names mean. `str` prints it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from banneret.query.operators import Operator

Word: TypeAlias = Literal["AND", "OR"]


def quote(text: str) -> str:
    """Write a value as the language quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison. `values` are several for `in` and `!in`, otherwise one."""

    path: tuple[str, ...]
    operator: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        values = ", ".join(quote(value) for value in self.values)
        return f"({'.'.join(self.path)} {self.operator} {values})"


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more parts joined by one word; no part is a group of the same word, see `join`."""

    word: Word
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        text = str(self.parts[0])
        for part in self.parts[1:]:
            text = f"({text} {self.word} {part})"
        return text


Node: TypeAlias = Clause | Group


def join(word: Word, left: Node, right: Node) -> Group:
    """Join two trees. Nests of one word become one flat group: clients send chains that are hundreds deep."""
    parts: list[Node] = []
    for side in (left, right):
        parts += side.parts if isinstance(side, Group) and side.word == word else (side,)
    return Group(word, tuple(parts))


def depth(node: Node) -> int:
    """Count how often AND and OR alternate on the way down."""
    deepest, waiting = 0, [(node, 0)]
    while waiting:
        item, above = waiting.pop()
        deepest = max(deepest, above)
        if isinstance(item, Group):
            waiting.extend((part, above + 1) for part in item.parts)
    return deepest
