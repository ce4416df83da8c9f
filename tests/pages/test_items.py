"""Work items in the browser: the list and the detail page, by every role."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from tests.harness import World
from tests.visitor import Page, Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
async def defect(world: World) -> dict[str, Any]:
    """A defect in Engines that an editor made with a key."""
    return await world.make(
        "Defect",
        user="editor",
        Name="Pump leaks",
        Description="<p>Oil on the floor</p>",
        Project=f"/project/{world.ids['engines']}",
        Severity="Major Problem",
    )


async def make(world: World, name: str, project: str = "engines", kind: str = "Defect", **more: Any) -> dict[str, Any]:
    return await world.make(kind, Name=name, Project=f"/project/{world.ids[project]}", **more)


def path(item: dict[str, Any], end: str = "") -> str:
    return f"/items/{item['FormattedID']}{end}"


def listed(page: Page) -> list[str]:
    """The FormattedIDs in a list, in order."""
    return [part.partition('"')[0] for part in page.body.split('data-item="')[1:]]


# ---------------------------------------------------------------------- list


async def test_the_list_holds_what_the_visitor_may_see(visitor: Visitor, world: World) -> None:
    """A project that an editor has no role in, a closed one and another workspace stay out of his list."""
    seen = await make(world, "seen")
    below = await make(world, "below", "pistons")
    await make(world, "hidden", "wheels")
    await make(world, "elsewhere", "elsewhere")
    await visitor.log_in("editor")
    page = await visitor.get("/items/")
    assert listed(page) == [below["FormattedID"], seen["FormattedID"]]
    assert "2 items" in page.text
    assert "Wheels" not in page.body
    assert "Elsewhere" not in page.body


@pytest.mark.parametrize(
    ("depth", "expected"), [("", {"a", "b"}), ("only", {"b"}), ("up", {"t", "b"}), ("both", {"t", "a", "b"})]
)
async def test_a_project_is_listed_with_what_is_above_and_below(
    visitor: Visitor, world: World, depth: str, expected: set[str]
) -> None:
    ids = {"t": (await make(world, "t"))["FormattedID"], "b": (await make(world, "b", "pistons"))["FormattedID"]}
    deep = await world.make(
        "Project", Name="Rings", Workspace=f"/workspace/{world.ids['main']}", Parent=f"/project/{world.ids['pistons']}"
    )
    made = await world.make("Defect", Name="a", Project=f"/project/{deep['ObjectID']}")
    ids["a"] = made["FormattedID"]
    await visitor.log_in("admin")
    page = await visitor.get(f"/items/?in=project/{world.ids['pistons']}&depth={depth}")
    assert set(listed(page)) == {ids[name] for name in expected}


@pytest.mark.parametrize("where", ["project/{wheels}", "workspace/{other}", "project/1", "project/x", "nonsense"])
async def test_a_scope_that_is_not_the_visitors_is_no_page(visitor: Visitor, world: World, where: str) -> None:
    await visitor.log_in("editor")
    assert (await visitor.get(f"/items/?in=project/{world.ids['engines']}")).status == 200
    assert (await visitor.get("/items/?in=" + where.format(**world.ids))).status == 404


async def test_the_list_is_filtered_by_type_words_and_query(visitor: Visitor, world: World) -> None:
    leak = await make(world, 'Pump "leaks" \\ badly', Severity="Major Problem")
    story = await make(world, "Pump story", kind="HierarchicalRequirement")
    await visitor.log_in("editor")
    cases = {
        "?type=defect": [leak],
        "?q=pump": [story, leak],
        "?q=" + quote('"leaks" \\'): [leak],
        f"?q={story['FormattedID'].lower()}": [story],
        "?type=defect&query=" + quote('(Severity = "Major Problem")'): [leak],
        "?query=" + quote('Name contains "story"'): [story],
        "?q=pump&query=" + quote("(Owner = null)"): [story, leak],
        "?q=nothing": [],
    }
    for address, expected in cases.items():
        page = await visitor.get(f"/items/{address}")
        assert listed(page) == [each["FormattedID"] for each in expected], address
    assert "Nothing matches" in page.text


@pytest.mark.parametrize(
    ("query", "said", "at"),
    [
        ("(Name =", "the text ends", 7),
        ("Name ~ 3", "Unknown operator", 5),
        ("(Colour = red)", "no attribute Colour", 1),
        ("(Severity = Cosmetic)", "Not every type has Severity", 1),
        ("(CreationDate > soon)", "soon is no date", 16),
        ('(Owner > "x")', "does not fit", None),
    ],
)
async def test_a_wrong_query_is_told_beside_its_field(
    visitor: Visitor, defect: dict[str, Any], query: str, said: str, at: int | None
) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/items/?query=" + quote(query))
    assert page.status == 422
    assert said in page.beside("query")
    assert page.value("query") == query
    if at is None:
        assert "at character" not in page.beside("query")
    else:
        assert f"(at character {at + 1})" in page.beside("query")


async def test_the_list_is_sorted_by_its_heads(visitor: Visitor, world: World) -> None:
    b, a = await make(world, "b"), await make(world, "a")
    await visitor.log_in("editor")
    page = await visitor.get("/items/?order=Name")
    assert listed(page) == [a["FormattedID"], b["FormattedID"]]
    assert 'aria-sort="ascending"' in page.body
    assert "order=Name+desc" in page.body
    assert listed(await visitor.get("/items/?order=Name+desc")) == [b["FormattedID"], a["FormattedID"]]
    page = await visitor.get("/items/?order=Nonsense")
    assert "cannot be sorted by Nonsense" in page.text
    assert listed(page) == [a["FormattedID"], b["FormattedID"]]


async def test_a_long_list_has_pages_that_keep_its_filter(visitor: Visitor, world: World) -> None:
    for number in range(52):
        await make(world, f"item {number}")
    await make(world, "another")
    await visitor.log_in("editor")
    page = await visitor.get("/items/?q=item")
    assert "1\u201350 of 52 items" in page.text
    assert 'href="/items/?q=item&amp;page=2"' in page.body
    page = await visitor.get("/items/?q=item&page=2")
    assert "51\u201352 of 52 items" in page.text
    assert len(listed(page)) == 2


async def test_a_typed_id_leads_to_its_item(visitor: Visitor, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(f"/items/?q={defect['FormattedID'].lower()}&go=1")
    assert page.path == path(defect)


async def test_the_list_is_a_csv_file_without_formulas(visitor: Visitor, world: World) -> None:
    await make(world, "=cmd()")
    await visitor.log_in("editor")
    page = await visitor.get("/items.csv?type=defect")
    assert page.headers["content-type"].startswith("text/csv")
    head, row = csv.reader(io.StringIO(page.body))
    assert head[:3] == ["ID", "Name", "State"]
    assert row[1:3] == ["'=cmd()", "Submitted"]


# ---------------------------------------------------------------------- one item


async def test_a_change_shows_its_user_and_beside_him_key_and_client(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    """B6, issue 4: the author as Rally shows him; the key and client that made it are ours to add."""
    await world.post(
        f"defect/{defect['ObjectID']}",
        {"Defect": {"State": "Open"}},
        "editor",
        headers={"X-RallyIntegrationName": "Nightly import"},
    )
    await visitor.log_in("viewer")
    page = await visitor.get(path(defect))
    assert "Oil on the floor" in page.text
    assert "STATE changed from [Submitted] to [Open]" in page.text
    assert "1 Editor key: editor full Nightly import" in page.text
    for secret in (world.keys["editor"], world.readers["editor"]):
        assert secret not in page.body


async def test_a_change_in_the_browser_shows_no_key(visitor: Visitor, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/edit"))
    page = await visitor.submit(page, into="version", Name="Pump leaks oil")
    assert page.path == path(defect)
    newest = page.text.partition("Revision History")[2].partition("NAME changed")[0]
    assert "Editor" in newest
    assert "key:" not in newest


@pytest.mark.parametrize("end", ["", "/edit", "/delete"])
async def test_missing_deleted_and_hidden_items_are_one_page(visitor: Visitor, world: World, end: str) -> None:
    hidden = await make(world, "hidden", "wheels")
    gone = await make(world, "gone")
    there = await make(world, "there")
    await world.delete(f"defect/{gone['ObjectID']}")
    await visitor.log_in("editor")
    assert (await visitor.get(path(there, end))).status == 200
    told = {
        (page.status, page.text)
        for page in [
            await visitor.get(path(hidden, end)),
            await visitor.get(path(gone, end)),
            await visitor.get("/items/DE9999" + end),
            await visitor.get("/items/nonsense" + end),
            await visitor.get(f"/items/defect/{hidden['ObjectID']}{end}"),
            await visitor.get(f"/items/task/{there['ObjectID']}{end}"),
            await visitor.get(f"/items/user/{world.ids['editor']}{end}"),
        ]
    }
    assert len(told) == 1
    assert told.pop()[0] == 404


async def test_an_id_of_two_workspaces_asks_which(visitor: Visitor, world: World) -> None:
    here = await make(world, "here")
    there = await make(world, "there", "elsewhere")
    assert here["FormattedID"] == there["FormattedID"]
    await visitor.log_in("admin")
    page = await visitor.get(path(here))
    assert "Which one?" in page.text
    assert "there" in (await visitor.get(f"/items/defect/{there['ObjectID']}")).text
    assert f"/items/defect/{here['ObjectID']}?at=1" in (
        await visitor.get(f"/items/?in=workspace/{world.ids['main']}")
    ).body.replace("&amp;", "&").replace("list=in%3Dworkspace%252F" + str(world.ids["main"]) + "&", "")


XSS = (
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript&#58;alert(1)">x</a>',
    '<svg onload="alert(1)"></svg>',
    '<p style="background:url(//evil.test)" onclick="alert(1)">x</p>',
    '<img src="https://evil.test/pixel.gif">',
    '<form action="https://evil.test"><input name="password"></form>',
    "<style>body{display:none}</style>",
    '<math><mtext></form><form><mglyph><style></math><img src onerror="alert(1)">',
)


@pytest.mark.parametrize("text", XSS)
async def test_texts_of_users_can_do_nothing(visitor: Visitor, world: World, text: str) -> None:
    """Whatever a client stored in a name, a description or a post, the page shows it without scripts, styles or foreign images."""
    item = await world.make("Defect", Name=text, Description=text, Project=f"/project/{world.ids['engines']}")
    post = await world.make("ConversationPost", Artifact=item["_ref"], Text=text)
    assert post
    await visitor.log_in("editor")
    for page in (await visitor.get(path(item)), await visitor.get("/items/"), await visitor.get(path(item, "/edit"))):
        assert page.status == 200
        assert dangers(page) == []


class _Dangers(HTMLParser):
    """What of a page could act, or would ask somebody else for something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"svg", "math", "style", "iframe", "object", "embed", "base"}:
            self.found.append(tag)
        for name, value in attrs:
            outward = name in {"src", "action", "formaction"} and not (value or "").startswith(("/", "?"))
            scripted = name == "href" and (value or "").strip().lower().startswith(("javascript", "data"))
            if name.startswith("on") or name == "style" or (outward and value) or scripted:
                self.found.append(f"{tag} {name}={value}")


def dangers(page: Page) -> list[str]:
    parser = _Dangers()
    parser.feed(page.body)
    return parser.found


async def test_harmless_markup_stays(visitor: Visitor, world: World) -> None:
    text = '<h1>Plan</h1><ul><li><b>one</b></li></ul><a href="https://example.test/" target="_blank">more</a><img src="/slm/attachment/12/oil.png" alt="oil">'
    item = await make(world, "plan", Description=text)
    await visitor.log_in("viewer")
    body = (await visitor.get(path(item))).body
    assert "<h3>Plan</h3>" in body
    assert "<b>one</b>" in body
    assert 'href="https://example.test/" rel="noopener noreferrer"' in body
    assert '<img src="/items/attachments/12/oil.png" alt="oil">' in body


async def test_the_way_back_and_to_the_neighbours_is_that_of_the_list(visitor: Visitor, world: World) -> None:
    names = [(await make(world, f"item {number}"))["FormattedID"] for number in range(3)]
    await make(world, "another")
    await visitor.log_in("editor")
    page = await visitor.get("/items/?q=item&order=Name")
    assert listed(page) == names
    page = await visitor.get(f"/items/{names[1]}?list=q%3Ditem%26order%3DName&at=2")
    assert (
        f'rel="prev" data-action="previous" href="/items/{names[0]}?list=q%3Ditem%26order%3DName&amp;at=1"' in page.body
    )
    assert f'rel="next" data-action="next" href="/items/{names[2]}?list=q%3Ditem%26order%3DName&amp;at=3"' in page.body
    assert 'href="/items/?q=item&amp;order=Name" data-action="back"' in page.body
    first = await visitor.get(f"/items/{names[0]}?list=q%3Ditem%26order%3DName&at=1")
    assert 'rel="prev"' not in first.body
    for broken in ("list=%28&at=2", "at=x", "list=query%3D%2528&at=1", "list=in%3Dproject%252F1&at=1"):
        assert (await visitor.get(f"/items/{names[1]}?{broken}")).status == 200


async def test_a_viewer_sees_no_buttons_and_is_refused_all_the_same(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    viewer, editor = visitor, Visitor(world)
    await editor.log_in("editor")
    await viewer.log_in("viewer")
    mine, theirs = await editor.get(path(defect)), await viewer.get(path(defect))
    for hook in ('data-action="edit"', "/delete", "/tags", "/rank", "/tasks", "/discuss"):
        assert hook in mine.body
        assert hook not in theirs.body
    token = {"token": (await viewer.get("/settings/access")).value("token")}
    attempts = {
        "/edit": {"version": "1", "fields": "Name", "Name": "hacked"},
        "/tags": {"NewTag": "hacked"},
        "/tasks": {"TaskName": "hacked"},
        "/discuss": {"Text": "hacked"},
        "/rank": {"to": "TOP"},
        "/delete": {},
    }
    for end, fields in attempts.items():
        page = await viewer.post(path(defect, end), {**token, **fields})
        assert page.status in {403, 422}, end
    page = await viewer.post("/items/new/defect", {**token, "fields": "Name", "Name": "hacked", "once": "1"})
    assert page.status == 403
    for kind in ("defect", "task", "conversationpost", "tag"):
        assert all("hacked" not in str(each) for each in (await world.get(f"{kind}?fetch=true")).results)
    assert "New item" not in (await viewer.get("/items/")).text


@pytest.mark.parametrize("order", ["", "LastUpdateDate desc", "LastUpdateDate", "CreationDate desc", "ObjectID"])
async def test_a_long_list_is_counted_no_further_than_need_be(
    visitor: Visitor, world: World, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    """Past the limit the list says that there are more, is walked in its order, and shows the same items, page by page."""
    kinds = ("Defect", "HierarchicalRequirement", "TestCase")
    made = [await make(world, f"item {number}", kind=kinds[number % 3]) for number in range(7)]
    await make(world, "hidden", "wheels")
    for item in (made[2], made[5], made[0]):
        world.clock.advance(timedelta(minutes=1))
        await world.post(f"artifact/{item['ObjectID']}", {item["_type"]: {"Name": "changed"}})
    labels = [item["FormattedID"] for item in made]
    monkeypatch.setattr("banneret.manager.items.lists.PAGE_SIZE", 3)
    await visitor.log_in("editor")
    found: dict[int, list[str]] = {}
    for most in (100, 4):
        monkeypatch.setattr("banneret.manager.items.lists.COUNTED", most)
        pages = [await visitor.get(f"/items/?order={quote(order)}&page={number}") for number in (1, 2, 3)]
        found[most] = [label for page in pages for label in listed(page)]
        assert ['rel="next"' in page.body for page in pages] == [True, True, False]
        assert ("3 of more than 4 items" if most == 4 else "3 of 7 items") in pages[0].text
    assert found[4] == found[100]
    assert set(found[4]) == set(labels)
    expected = {
        "": labels[::-1],
        "ObjectID": labels,
        "LastUpdateDate desc": [labels[0], labels[5], labels[2], labels[1], labels[3], labels[4], labels[6]],
    }
    assert found[4] == expected.get(order, found[4])


async def test_a_page_costs_the_same_number_of_statements_however_long_the_list(
    visitor: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked a row: the list, and an item with its posts and revisions, cost what they cost with few."""
    counted: list[int] = []
    read = world.store.read

    async def counting(work: Any) -> Any:
        async def whole(unit: Any) -> Any:
            before = unit.queries
            result = await work(unit)
            counted.append(unit.queries - before)
            return result

        return await read(whole)

    async def cost(address: str) -> int:
        await visitor.get(address)
        counted.clear()
        assert (await visitor.get(address)).status == 200
        return sum(counted)

    monkeypatch.setattr(world.store, "read", counting)
    item = await make(world, "first")
    await world.make("ConversationPost", Artifact=item["_ref"], Text="one")
    await world.make("Task", Name="task", WorkProduct=item["_ref"], Project=f"/project/{world.ids['engines']}")
    await visitor.log_in("editor")
    addresses = ("/items/", path(item), path(item, "/edit"))
    few = [await cost(address) for address in addresses]
    for number in range(12):
        await make(world, f"item {number}", kind=("Defect", "HierarchicalRequirement", "TestCase")[number % 3])
        await world.make("ConversationPost", Artifact=item["_ref"], Text=f"{number}")
        await world.make("Task", Name="t", WorkProduct=item["_ref"], Project=f"/project/{world.ids['engines']}")
        await world.post(f"defect/{item['ObjectID']}", {"Defect": {"Name": f"first {number}"}})
    assert [await cost(address) for address in addresses] == few
    assert max(few) < 40
