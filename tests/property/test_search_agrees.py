"""Any search of any texts finds on either database what a plain reading of the texts finds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banneret.access.sight import ALL
from banneret.catalogue.loader import stock_schema
from banneret.query.search import Term, parse_search, words
from banneret.query.selection import Scope, Selection
from tests import databases, harness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from banneret.storage.unit import Store, Transaction

DEFECT = stock_schema().get("Defect")
FIRST = 7
"""ObjectID and number of the first defect."""


class Ground:
    """An empty store on one database, and the loop that its connections belong to."""

    def __init__(self, opening: Any) -> None:
        self.loop = asyncio.new_event_loop()
        self.store: Store = self.run(opening)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    if request.param == "sqlite":
        made = Ground(harness.open_sqlite(tmp_path_factory.mktemp("search")))
    else:
        made = Ground(harness.open_postgresql(databases.make_postgres_url()))
    yield made
    made.run(made.store.close())
    made.loop.close()


class _Undo(Exception):
    pass


# Without NUL, which neither database keeps in texts; mark-up has tests of its own.
TEXT = st.text(st.characters(exclude_characters="\0<&", exclude_categories=["Cs"]), max_size=12)
WORD = st.sampled_from(
    ["a", "ab", "abc", "b", "Ä", "ae", "b1", "de7", "7", "東京", "a-b", "b\u0301", "ß", "AND", "NOT", "label"]
)
SENTENCE = st.lists(WORD | TEXT, max_size=6).map(" ".join)
ROW = st.tuples(SENTENCE, SENTENCE, SENTENCE)
QUOTED = st.lists(WORD, min_size=1, max_size=3).map(lambda found: f'"{" ".join(found)}"')
SEARCH = st.lists(
    WORD | QUOTED | TEXT | st.text(st.sampled_from("\"'*:()&|!<>^{}+-\\ ab\0"), max_size=8), max_size=4
).map(" ".join)


def has(term: Term, texts: Sequence[Sequence[str]]) -> bool:
    """Say whether a term stands in one of the texts."""
    *whole, last = term.words
    for text in texts:
        for start in range(len(text) - len(whole)):
            end = text[start + len(whole)]
            if list(text[start : start + len(whole)]) == whole and (
                end == last or (term.prefix and end.startswith(last))
            ):
                return True
    return False


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(rows=st.lists(ROW, max_size=5), changed=st.none() | ROW, search=SEARCH)
def test_a_search_finds_what_reading_finds(
    ground: Ground, rows: list[tuple[str, str, str]], changed: tuple[str, str, str] | None, search: str
) -> None:
    terms = parse_search(search)
    seen: list[int] = []

    async def work(unit: Transaction) -> None:
        held = list(rows)
        for oid, (name, description, notes) in enumerate(held, FIRST):
            columns = {
                "uuid": f"u{oid}",
                "creationdate": "",
                "versionid": 1,
                "concrete_type": "Defect",
                "workspace_oid": 1,
            }
            texts = {"formattedid": f"DE{oid}", "name": name, "description": description, "notes": notes}
            unit.writer.insert("artifact", {"oid": oid, "project_oid": 2, **columns, **texts})
        if changed is not None and held:
            held[0] = changed
            texts = dict(zip(("name", "description", "notes"), changed, strict=True))
            unit.writer.update("artifact", {"oid": FIRST}, texts)
        if len(held) > 1:
            held.pop()
            unit.writer.delete("artifact", {"oid": FIRST + len(held)})
        await unit.writer.flush()
        expected = []
        for oid, texts in enumerate(held, FIRST):
            read = [[f"de{oid}", str(oid)], *map(words, texts)]
            if terms and all(has(term, read) for term in terms):
                names = {word for term in terms for word in term.words}
                rank = 0 if names & set(read[0]) else 1 if all(has(term, read[:2]) for term in terms) else 2
                expected.append((rank, -oid))
        selection = Selection((DEFECT,), Scope(), search=terms, pagesize=100)
        assert [row[0] for row in await unit.reader.page(selection, (), ALL)] == [-oid for _, oid in sorted(expected)]
        assert await unit.reader.count(selection, ALL) == len(expected)
        seen.append(1)
        raise _Undo

    with pytest.raises(_Undo):
        ground.run(ground.store.write(work))
    assert seen
