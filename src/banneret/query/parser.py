"""Text to syntax tree.

    query   := "(" expr ")"
    expr    := compare | query | query BOOL query
    BOOL    := "AND" | "OR"                       in any letter case
    compare := path OP value                      OP stands between blanks
             | path LIST_OP value ("," value)*
    path    := name ("." name)*

The outermost parentheses may be left out. The depth of a query is no depth of the call stack.
"""

from __future__ import annotations

from dataclasses import dataclass

from banneret.query.operators import Operator
from banneret.query.tokens import SHOWN, Scanner
from banneret.query.tree import Clause, Node, Word, depth, join

MAX_NESTING = 1000
"""Parentheses that may be open at once: clients send a chain of n conditions as n levels."""

MAX_ALTERNATIONS = 32
"""How often AND and OR may alternate on the way down. This, not `MAX_NESTING`, is how deep trees are."""

MAX_PATH = 10
"""Names that a path may have."""

_WORDS: dict[str, Word] = {"and": "AND", "or": "OR"}
_OPERATORS = {operator.value: operator for operator in Operator}
_LISTS = {Operator.IN, Operator.NOT_IN}


@dataclass(slots=True)
class _Level:
    """What stands so far between two parentheses. A compare completes it, or the right side of BOOL."""

    node: Node | None = None
    word: Word | None = None
    complete: bool = False

    def add(self, node: Node) -> None:
        if self.node is None or self.word is None:
            self.node = node
        else:
            self.node, self.complete = join(self.word, self.node, node), True


def parse(text: str) -> Node | None:
    """Read a query; None where the text is blank, which is no query.

    Raises:
        QuerySyntax: the text is no query, or a longer or deeper one than is taken.

    """
    if not text.strip():
        return None
    scanner = Scanner(text)
    levels = [_Level()]
    while scanner.peek() or len(levels) > 1:
        _advance(scanner, levels)
    node = levels[0].node
    if node is None or (levels[0].word and not levels[0].complete):
        scanner.expected('"("')
    if depth(node) > MAX_ALTERNATIONS:
        scanner.refuse(f"AND and OR alternate on more than {MAX_ALTERNATIONS} levels.")
    return node


def _advance(scanner: Scanner, levels: list[_Level]) -> None:
    """Take what may come next at the innermost level: an operand, a BOOL or the end of the level."""
    level = levels[-1]
    if level.node is None or (level.word and not level.complete):
        _operand(scanner, levels)
    elif len(levels) > 1 and scanner.take(")"):
        levels.pop()
        levels[-1].add(level.node)
    elif not level.complete and (word := _WORDS.get(scanner.peek().lower())):
        scanner.word()
        level.word = word
    elif len(levels) > 1 or scanner.peek().lower() in _WORDS:
        scanner.expected('")"')
    else:
        scanner.expected("the end")


def _operand(scanner: Scanner, levels: list[_Level]) -> None:
    """Open a query, or read the compare that may stand in its place at the beginning of a level."""
    if scanner.take("("):
        levels.append(_Level())
        if len(levels) > MAX_NESTING + 1:
            scanner.refuse(f"The query has more than {MAX_NESTING} parentheses open at once.")
    elif levels[-1].word:
        scanner.expected('"("')
    else:
        levels[-1].node = _compare(scanner)
        levels[-1].complete = True


def _compare(scanner: Scanner) -> Clause:
    """Rule: compare := path OP value | path LIST_OP value ("," value)*.

    One quoted value may hold the whole list: pyral's own tests ask the live service `in "Defined,In-Progress"`.
    """
    if scanner.peek() in {"", ")"}:
        scanner.expected("an attribute")
    path = tuple(scanner.word().split("."))
    if len(path) > MAX_PATH:
        scanner.refuse(f"A path has more than {MAX_PATH} names.")
    operator = _operator(scanner)
    values = [scanner.value(in_list=operator in _LISTS)]
    while operator in _LISTS and scanner.take(","):
        values.append(scanner.value(in_list=True))
    if operator in _LISTS and len(values) == 1 and "," in values[0]:
        values = [part.strip() for part in values[0].split(",") if part.strip()] or values
    return Clause(path, operator, tuple(values))


def _operator(scanner: Scanner) -> Operator:
    """Rule: OP := a word out of the table of operators, in any letter case."""
    saw = scanner.peek()
    if not saw:
        scanner.expected("an operator")
    operator = _OPERATORS.get(saw.lower())
    if operator is None:
        scanner.refuse(f'Unknown operator "{saw[:SHOWN]}"')
    scanner.word()
    return operator
