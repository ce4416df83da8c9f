"""Reads the facts and refuses what is wrong with them: unknown keys, a tag without meaning, a test that does not exist."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_ARTICLE = re.compile(r"KB \d+|doc: .+")
"""Evidence that says itself what it is: the number of a knowledge-base article, the title of a vendor's page."""

_NEEDED = {"id", "says", "evidence"}
_KNOWN = _NEEDED | {"does", "choice", "tests"}


class LedgerError(Exception):
    """The data contradicts itself or the tests."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about WSAPI.

    `does` is what we do, empty where it is just that. `choice` is what was chosen, and how to have it otherwise, where nobody
    outside knows what Rally does. `tests` are the functions that hold it, as `folder/file.py::function` below `tests/`.
    """

    id: str
    says: str
    does: str
    choice: str
    evidence: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def status(self) -> str:
        """Give `chosen`, `tested`, or `open` for what no test holds."""
        if self.choice:
            return "chosen"
        return "tested" if self.tests else "open"


@dataclass(frozen=True, slots=True)
class Chapter:
    """The facts of one subject, in the order of the file."""

    title: str
    note: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything: `evidence` has the meaning of each tag."""

    evidence: dict[str, str]
    chapters: tuple[Chapter, ...]

    @property
    def facts(self) -> list[Fact]:
        """Give the facts of all chapters, in order."""
        return [fact for chapter in self.chapters for fact in chapter.facts]


def read_ledger(folder: Path, tests: Path) -> Ledger:
    """Read all chapters below a folder, in order of file name.

    Raises:
        LedgerError: with everything that is wrong, a line each.

    """
    evidence: dict[str, str] = tomllib.loads((folder / "evidence.toml").read_text(encoding="utf-8"))
    wrong: list[str] = []
    chapters: list[Chapter] = []
    for path in sorted(folder.glob("[0-9]*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        facts = []
        for entry in content["fact"]:
            faults = [f"{path.name}: {entry.get('id', '?')}: {fault}" for fault in _faults(entry, evidence, tests)]
            wrong += faults
            if not faults:
                facts.append(_fact(entry))
        chapters.append(Chapter(content["title"], content.get("note", ""), tuple(facts)))
    ledger = Ledger(evidence, tuple(chapters))
    seen: set[str] = set()
    for fact in ledger.facts:
        wrong += [f"{fact.id}: this id comes twice"] if fact.id in seen else []
        seen.add(fact.id)
    used = {tag for fact in ledger.facts for tag in fact.evidence}
    wrong += [f"evidence.toml: no fact has the tag {tag}" for tag in evidence if tag not in used and not wrong]
    if wrong:
        raise LedgerError("\n".join(wrong))
    return ledger


def _fact(entry: dict[str, Any]) -> Fact:
    return Fact(
        id=entry["id"],
        says=entry["says"],
        does=entry.get("does", ""),
        choice=entry.get("choice", ""),
        evidence=tuple(entry["evidence"]),
        tests=tuple(entry.get("tests", ())),
    )


def _faults(entry: dict[str, Any], evidence: dict[str, str], tests: Path) -> list[str]:
    found = [f"{name} is missing" for name in sorted(_NEEDED - set(entry))]
    found += [f"what is {name}?" for name in sorted(set(entry) - _KNOWN)]
    found += [
        f"the tag {tag} is not in evidence.toml"
        for tag in entry.get("evidence", ())
        if tag not in evidence and not _ARTICLE.fullmatch(tag)
    ]
    for test in entry.get("tests", ()):
        file, _, function = test.partition("::")
        if function not in test_functions(tests / file):
            found.append(f"no test {test}")
    return found


@cache
def test_functions(path: Path) -> frozenset[str]:
    """Give the names of the test functions of a file, from its text alone; none where there is no such file."""
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    functions = (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))
