"""The ledger as a page of Markdown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.fidelity.facts import Chapter, Fact, Ledger

_HEAD = """\
# Fidelity

What is known from outside of Rally's WSAPI v2.0, statement by statement: where it is known from, what Banneret does, and the
test that holds it. `make fidelity` writes this page from `docs/fidelity/*.toml`; CI compares the two. Names of tests are
functions below `tests/`.

- **tested**: the statement has evidence, we do it, and the named test fails when we do not.
- **chosen**: nobody outside knows what Rally does, or sources disagree. The row says what we chose, and what turns it.
- **open**: no test holds it. The row says what is so today.
"""


def render(ledger: Ledger) -> str:
    """Give the page."""
    parts = [_HEAD, _counts(ledger), _legend(ledger)]
    parts += [_chapter(chapter) for chapter in ledger.chapters]
    return "\n".join(parts)


def _counts(ledger: Ledger) -> str:
    rows = [(chapter.title, chapter.facts) for chapter in ledger.chapters]
    rows.append(("**All**", tuple(ledger.facts)))
    lines = [
        "## Counts\n",
        "| chapter | statements | tested | chosen | of these without a test | open |",
        "|---" * 6 + "|",
    ]
    for title, facts in rows:
        count = Counter(fact.status for fact in facts)
        untested = sum(not fact.tests for fact in facts if fact.choice)
        numbers = (len(facts), count["tested"], count["chosen"], untested, count["open"])
        lines.append(f"| {title} | {' | '.join(map(str, numbers))} |")
    return "\n".join(lines) + "\n"


def _legend(ledger: Ledger) -> str:
    lines = ["## Evidence\n", "| tag | what it is |", "|---|---|"]
    lines += [f"| {tag} | {_cell(meaning)} |" for tag, meaning in ledger.evidence.items()]
    lines.append("| KB n | article n of the vendor's public knowledge base |")
    lines.append("| doc: t | another public page of the vendor, with title t |")
    return "\n".join(lines) + "\n"


def _chapter(chapter: Chapter) -> str:
    lines = [f"## {chapter.title}\n"]
    if chapter.note:
        lines.append(f"{chapter.note}\n")
    lines += ["| id | statement | what we do | evidence | status | tests |", "|---" * 6 + "|"]
    lines += [f"| {' | '.join(_row(fact))} |" for fact in chapter.facts]
    return "\n".join(lines) + "\n"


def _row(fact: Fact) -> Iterable[str]:
    yield fact.id
    yield _cell(fact.says)
    yield _cell(
        "; ".join(part for part in (fact.does, f"**chosen:** {fact.choice}" if fact.choice else "") if part) or "so"
    )
    yield ", ".join(fact.evidence)
    yield fact.status
    yield "<br>".join(map(_link, fact.tests)) or "**no test**"


def _link(test: str) -> str:
    file, _, function = test.partition("::")
    return f"[{function}](../tests/{file})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
