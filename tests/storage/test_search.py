"""The full-text index: what it holds, how it is asked, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from banneret.access.sight import ALL, Sight
from banneret.catalogue.loader import stock_schema
from banneret.query.search import parse_search
from banneret.query.selection import Scope, Selection
from banneret.storage import search
from banneret.storage.filters import Filters
from banneret.storage.statements import SqliteDialect, Statement

if TYPE_CHECKING:
    from banneret.storage.driver import Connection
    from banneret.storage.unit import Store, Transaction

SCHEMA = stock_schema()
DEFECT = SCHEMA.get("Defect")


def row(oid: int, **texts: Any) -> dict[str, Any]:
    fixed = {"uuid": f"u{oid}", "creationdate": "", "versionid": 1, "concrete_type": "Defect", "workspace_oid": 1}
    return {"oid": oid, "formattedid": f"DE{oid}", "project_oid": 2, **fixed, **texts}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("<p>one</p><p>two</p>", "one two"),
        ("one<br/>two<b>three</b>", "one twothree"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ('<a href="https://acme.test/x" title="t">link</a>', "link"),
        ("R&amp;D &lt;b&gt; &eacute;t&eacute;", "r d b ete"),
        ("a <script>alert(1)</script><style>p {}</style><!-- c --> b", "a b"),
        ("1 < 2 and <unknown", "1 2 and"),
        (None, ""),
    ],
)
def test_mark_up_is_no_text(text: str | None, held: str) -> None:
    assert search.changed(SqliteDialect(), {"description": text}) == {"description": held}


def test_a_name_is_no_mark_up() -> None:
    assert search.changed(SqliteDialect(), {"name": "<b>&amp;"}) == {"title": "b amp"}


async def test_only_texts_that_are_searched_cost_a_second_write(store: Store) -> None:
    async def work(unit: Transaction) -> None:
        def change(**values: Any) -> int:
            before = len(unit.writer._pending.writes)
            named = {DEFECT.attributes[name]: value for name, value in values.items()}
            unit.writer.change_object(DEFECT, len(unit.writer._pending.writes) + 10, values=named, custom_fields=None)
            return len(unit.writer._pending.writes) - before

        assert change(State="Open", DragAndDropRank="P!~", LastUpdateDate="") == 1
        assert change(State="Open", Notes="x") == 2
        assert change(Name="x", Description="y") == 2

    await store.write(work)


async def test_what_a_group_undoes_the_index_forgets(store: Store) -> None:
    async def failing(unit: Transaction) -> None:
        unit.writer.insert("artifact", row(1, name="quartz"))
        await unit.writer.flush()
        raise LookupError

    async def count(unit: Transaction) -> int:
        selection = Selection((DEFECT,), Scope(), search=parse_search("quartz"))
        return await unit.reader.count(selection, ALL)

    with pytest.raises(LookupError):
        await store.write(failing)
    assert await store.read(count) == 0


@pytest.mark.parametrize("sight", [ALL, Sight(5, frozenset({2}), frozenset({2}), frozenset({1}))], ids=["all", "some"])
@pytest.mark.parametrize("text", ["word77", '"word77 word78"', "DE7 word7"])
async def test_a_search_goes_by_its_index(store: Store, text: str, sight: Sight) -> None:
    """And from there to the objects; neither all items nor all texts are read."""
    dialect = store.statements.dialect
    selection = Selection((DEFECT,), Scope(1, frozenset({2})), search=parse_search(text))
    filters = Filters(store.layout, dialect, sight)
    _, values = filters.shape(selection)
    table = store.layout.of(DEFECT).table
    statement = dialect.compile(filters.ordered(filters.restrict(sa.select(table.c.oid), selection), selection))

    async def fill(unit: Transaction) -> None:
        for oid in range(2000):
            text = " ".join(f"word{oid + n}" for n in range(30))
            unit.writer.insert("artifact", row(oid, name=f"name {oid}", description=text))

    async def explain(connection: Connection) -> str:
        if dialect.name == "postgresql":
            await connection.script("ANALYZE artifact; ANALYZE search")
        verb = "EXPLAIN" if dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = Statement(f"{verb} {statement.sql}", statement.names, statement.constants)
        return "\n".join(str(tuple(line)) for line in await connection.fetch(plan, values))

    await store.write(fill)
    plan = await store.driver.write(explain)
    if dialect.name == "sqlite":
        assert "SEARCH artifact USING INTEGER PRIMARY KEY" in plan
        assert plan.count("SCAN search VIRTUAL TABLE INDEX") == 3
        assert plan.count("SCAN") == 3 + plan.count("SCAN anon") + plan.count("SCAN json_each")
    else:
        assert plan.count("Bitmap Index Scan on ix_search_words") == 3
        assert "Index Scan using artifact_pkey" in plan
        assert "Seq Scan" not in plan
