"""The audit log in the browser: who did what, with what, from where, from which value to which (issue 4)."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from banneret.access.audit import AUDITED
from banneret.operations.audit import Wanted, read_trail
from banneret.storage.audit import audited
from banneret.storage.statements import Statements
from tests.harness import LAYOUT, World
from tests.visitor import Page, Visitor

AT = "/admin/audit"
USERS = "/admin/users"


@pytest.fixture
async def visitor(world: World) -> Visitor:
    found = Visitor(world)
    await found.log_in("admin")
    return found


def rows(page: Page) -> list[str]:
    """What stands in each row of the list."""
    body = page.body.partition("<tbody>")[2].partition("</tbody>")[0]
    texts = [html.unescape(re.sub(r"<[^>]*>", " ", row)) for row in body.split("</tr>")]
    return [" ".join(text.split()).replace(" ,", ",") for text in texts if text.strip()]


async def test_a_change_is_told_with_who_with_what_from_where_and_from_which_value_to_which(
    visitor: Visitor, world: World
) -> None:
    await visitor.submit(await visitor.get(f"{USERS}/{world.ids['editor']}/edit"), DisplayName="Edda")
    await world.post(
        f"user/{world.ids['editor']}", {"User": {"DisplayName": "Edgar"}}, headers={"user-agent": "script/1"}
    )
    by_key, by_page = rows(await visitor.get(AT))[:2]
    assert "2026-01-05 09:00:00 admin@acme.test key admin full, 127.0.0.1" in by_key
    assert "User updated: Edgar Display Name Edda → Edgar" in by_key
    assert "log-in, 127.0.0.1, Visitor/1" in by_page
    assert "Display Name Editor → Edda" in by_page


async def test_keys_log_ins_and_permissions_are_told_of_and_work_items_are_not(visitor: Visitor, world: World) -> None:
    await world.make("Defect", Name="a crack", Project=f"/project/{world.ids['engines']}")
    made = await visitor.submit(await visitor.get("/login/accounts/keys/create"), DisplayName="importer")
    key = made.path.split("/")[-2]
    body = {"User": f"/user/{world.ids['nobody']}", "Project": f"/project/{world.ids['wheels']}", "Role": "Viewer"}
    await world.post("projectpermission/create", {"ProjectPermission": body})
    text = (await visitor.get(AT)).text
    assert "Api Key created: importer User Admin Display Name importer" in text
    assert "Project Permission created: Wheels" in text
    assert "User Nobody" in text
    assert "Session created" in text
    assert "a crack" not in text
    assert key in (await visitor.get(f"{AT}?object={key}")).body


async def test_log_ins_that_fail_are_told_of_once_a_minute_and_source(visitor: Visitor, world: World) -> None:
    for minute in range(2):
        for _ in range(2):
            await Visitor(world).log_in("editor", f"wrong {minute}")
        world.clock.advance(timedelta(minutes=1))
    await Visitor(world).log_in("nobody.at.all", "wrong")
    told = [row for row in rows(await visitor.get(AT)) if "Login refused" in row]
    assert len(told) == 2
    assert "Login refused: Editor Wrong password" in told[0]
    assert "127.0.0.1" in told[0]
    assert "wrong 1" not in str(told)


@pytest.mark.parametrize("user", ["wsadmin", "padmin", "editor", "viewer", "nobody"])
async def test_only_subscription_administrators_read_it(visitor: Visitor, world: World, user: str) -> None:
    other = Visitor(world)
    await other.log_in(user)
    for path in (AT, f"{AT}.csv"):
        assert (await other.get(path)).status == 403
        assert (await visitor.get(path)).status == 200


async def furnish(world: World) -> None:
    """Leave events of two users, on three days."""
    for day, user, name in ((0, "admin", "one"), (1, "wsadmin", "two"), (2, "admin", "three")):
        world.clock.set(world.clock.now().replace(day=6 + day))
        await world.post(f"project/{world.ids['wheels']}", {"Project": {"Name": name}}, user)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("group=Workspaces+and+projects", ["three", "two", "one"]),
        ("group=Workspaces+and+projects&who=WSADMIN%40acme.test", ["two"]),
        ("group=Workspaces+and+projects&since=2026-01-07", ["three", "two"]),
        ("group=Workspaces+and+projects&since=2026-01-06&until=2026-01-06", ["one"]),
        ("group=Workspaces+and+projects&until=2026-01-07", ["two", "one"]),
        ("group=API+keys&since=2026-01-06", []),
        ("since=9999-12-31", []),
        ("until=9999-12-31&group=Workspaces+and+projects", ["three", "two", "one"]),
    ],
)
async def test_events_are_found_by_person_kind_and_time(
    visitor: Visitor, world: World, query: str, found: list[str]
) -> None:
    await furnish(world)
    await visitor.log_in("admin")
    page = await visitor.get(f"{AT}?{query}")
    told = [re.search(r"→ (\w+)", row) for row in rows(page) if "Project updated" in row]
    assert [each[1] for each in told if each] == found
    held = list(csv.reader(io.StringIO((await visitor.get(f"{AT}.csv?{query}")).body)))
    assert [row[10].rpartition(" ")[2] for row in held if row[7] == "updated" and row[6] == "Project"] == found


async def test_events_of_an_object_are_found(visitor: Visitor, world: World) -> None:
    await furnish(world)
    await visitor.log_in("admin")
    page = await visitor.get(f"{AT}?object={world.ids['wheels']}")
    assert [row for row in rows(page) if "Project updated" not in row and "Project created" not in row] == []
    assert len(rows(page)) == 4


@pytest.mark.parametrize(
    ("field", "bad", "said"),
    [
        ("group", "nonsense", "Choose one of these."),
        ("who", "nobody.at.all", "Nobody has this user name now."),
        ("object", "12x", "whole number"),
        ("object", "9" * 30, "whole number"),
        ("since", "yesterday", "2026-12-31"),
        ("until", "2026-02-30", "2026-12-31"),
    ],
)
async def test_a_bad_filter_is_told_beside_its_field(visitor: Visitor, field: str, bad: str, said: str) -> None:
    for path in (AT, f"{AT}.csv"):
        page = await visitor.get(f"{path}?{field}={bad}")
        assert page.status == 422
        assert said in page.beside(field)
        assert rows(page) == []
        if field != "group":
            assert page.value(field) == bad


async def test_pages_lead_through_all_events_and_what_comes_meanwhile_shifts_none(
    visitor: Visitor, world: World
) -> None:
    for number in range(120):
        if number % 3 == 0:
            world.clock.advance(timedelta(minutes=1))
        await world.post(f"project/{world.ids['wheels']}", {"Project": {"Name": f"n{number}"}})
    seen: list[str] = []
    path = f"{AT}?object={world.ids['wheels']}"
    while path:
        page = await visitor.get(path)
        seen += rows(page)
        await world.post(f"project/{world.ids['wheels']}", {"Project": {"Name": f"late{len(seen)}"}})
        link = re.search(r'rel="next" href="([^"]+)"', page.body)
        path = html.unescape(link[1]) if link else ""
    named = [each[1] for row in seen if (each := re.search(r"→ (\w+)", row))]
    assert named == [f"n{number}" for number in reversed(range(120))]
    for nonsense in ("x", "x 1", "1", " ", "2026 99999999999999999999"):
        assert (await visitor.get(f"{AT}?before={nonsense}")).status == 200


async def test_secrets_of_settings_are_withheld(visitor: Visitor, world: World) -> None:
    ref = f"subscription/{world.ids['subscription']}"
    headers = world.basic("admin")
    token = (await world.get("security/authorize", None, headers=headers)).inner["SecurityToken"]
    await world.post(f"{ref}?key={token}", {"Subscription": {"HMACSecret": "s3cr3t"}}, None, headers=headers)
    for path in (AT, f"{AT}.csv"):
        assert "s3cr3t" not in (await visitor.get(path)).body


async def test_files_hold_no_formula_and_no_secret(visitor: Visitor, world: World) -> None:
    await visitor.submit(await visitor.get(f"{USERS}/{world.ids['editor']}/edit"), DisplayName="=1+1")
    body = (await visitor.get(f"{AT}.csv")).body
    assert "'=1+1" in [row[9] for row in csv.reader(io.StringIO(body))]
    assert not any(value in body for value in world.keys.values())


async def test_a_page_costs_the_same_number_of_statements_for_any_number_of_events(world: World) -> None:
    async def cost(count: int) -> int:
        async def ask(context: Any) -> int:
            before = context.unit.queries
            assert len(await read_trail(context, Wanted(), count)) == count
            return int(context.unit.queries - before)

        return int(await world.server(ask))

    assert await cost(3) == await cost(25) == 2


async def test_each_way_to_ask_uses_an_index(world: World) -> None:
    """The number of work items' events must not matter."""
    from banneret.storage import audit

    statements: Statements = world.store.statements
    plain = "EXPLAIN " if statements.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    wheres: list[dict[str, Any]] = [
        {},
        {"before": ("2026-01-05T09:00:00.000Z", 5)},
        {"user": 1},
        {"since": "2026", "until": "2027"},
        {"object": 1},
    ]
    for where in wheres:
        seen: list[Any] = []

        class Explaining:
            def __init__(self, connection: Any, seen: list[Any] = seen) -> None:
                self._connection, self._seen = connection, seen

            async def fetch(self, statement: Any, bound: dict[str, Any]) -> Any:
                from banneret.storage.statements import Statement

                if plain == "EXPLAIN ":
                    # A table of a few rows is read whole, whatever its indexes.
                    await self._connection.script("SET LOCAL enable_seqscan = off")
                explained = Statement(plain + statement.sql, statement.names, statement.constants)
                self._seen += await self._connection.fetch(explained, bound)
                return []

        async def ask(connection: Any, where: dict[str, Any] = where) -> None:
            await audit.trail(Explaining(connection), LAYOUT, statements, where=where, kinds=(), count=50)

        await world.store.driver.write(ask)
        text = " ".join(str(tuple(row)) for row in seen)
        wanted = {"user": "ix_event_audit_user", "object": "ix_event_oid"}.get(next(iter(where), ""), "ix_event_audit")
        assert wanted in text, (where, text)
        assert "TEMP B-TREE" not in text or "object" in where, text


def test_the_migration_has_the_kinds_of_events_that_the_log_has() -> None:
    from banneret.storage import schema_version

    (path,) = schema_version._FOLDER.glob("versions/*_administration.py")
    names = re.findall(r"'(\w+)'", path.read_text(encoding="utf-8"))
    assert names == list(AUDITED)
    assert str(audited(LAYOUT.table("event").c.type)).count("'") == 2 * len(names)
