"""`/slm/doc/webservice/`: pages for anybody, a workspace's own fields for who belongs to it, and forms that run as the reader."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from banneret.catalogue.endpoints import endpoints
from banneret.catalogue.examples import create_body, update_body
from banneret.catalogue.loader import stock_schema

if TYPE_CHECKING:
    from tests.harness import Answer, World

ROOT = "/slm/doc/webservice/"
SCHEMA = stock_schema()
_LINKS = re.compile(r'href="(/slm/doc/[^"#]*)(?:#([^"]*))?"')


async def page(world: World, path: str = "", **kwargs: Any) -> Answer:
    return await world.call("GET", ROOT + path, **kwargs)


def text(answer: Answer) -> str:
    return html.unescape(answer.body.decode())


async def attempt(world: World, headers: dict[str, str] | None = None, **fields: str) -> Answer:
    sent = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
    return await world.call("POST", f"{ROOT}try", urlencode(fields).encode(), headers=sent)


def token_of(answer: Answer) -> str:
    found = re.search(r'name="token" value="([^"]+)"', answer.body.decode())
    assert found
    return found[1]


async def add_field(world: World, name: str = "Squeak") -> None:
    definition = await world.get("typedefinition", query='(ElementName = "Defect")')
    made = await world.post(
        "attributedefinition/create",
        {
            "AttributeDefinition": {
                "Name": name,
                "RealAttributeType": "STRING",
                "TypeDefinition": definition.results[0]["_ref"],
            }
        },
        workspace=f"/workspace/{world.ids['main']}",
    )
    assert not made.errors


# ---------------------------------------------------------------------- pages


async def test_every_type_has_a_page_with_all_its_attributes_and_requests(world: World) -> None:
    for item in SCHEMA.types.values():
        answer = await page(world, f"type/{item.path}")
        assert answer.status == 200, item.name
        shown = text(answer)
        assert set(re.findall(r'<tr id="a-([^"]+)"', shown)) == set(item.attributes)
        assert all(f'<details id="{each.verb}">' in shown for each in endpoints(item))
    assert (await page(world, "type/nonsense")).status == 404


async def test_every_link_leads_somewhere(world: World) -> None:
    waiting, seen = {(ROOT, "")}, {}
    while waiting:
        path, anchor = waiting.pop()
        if path.endswith("sign-in"):
            continue
        if path not in seen:
            target, _, query = path.partition("?")
            answer = await world.call("GET", f"{target}?{query}")
            assert answer.status == 200, path
            seen[path] = answer.body.decode()
            waiting |= set(_LINKS.findall(seen[path]))
        assert not anchor or f'id="{anchor}"' in seen[path], (path, anchor)
    assert len(seen) >= len(SCHEMA.types) + 6


@pytest.mark.parametrize("path", ["", "index.jsp", "query", "fetch", "requests", "errors", "limits", "authentication"])
async def test_pages_are_for_anybody_and_carry_nothing_inline(world: World, path: str) -> None:
    answer = await page(world, path)
    assert answer.status == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.body.decode())


async def test_an_address_without_its_slash_leads_to_the_index(world: World) -> None:
    answer = await world.call("GET", "/slm/doc/webservice")
    assert (answer.status, answer.headers["location"]) == (302, ROOT)


@pytest.mark.parametrize(
    ("words", "found", "absent"),
    [
        ("defect", ">DefectSuite<", ">Tag<"),
        ("PlanEst", "type/schedulableartifact#a-PlanEstimate", "type/defect#a-PlanEstimate"),
        ("plan estimate", "#a-PlanEstimate", ">Tag<"),
        ("<i>nothing</i>", "<i>nothing</i>", "<ul>"),
    ],
)
async def test_search_finds_types_and_the_attributes_that_they_introduce(
    world: World, words: str, found: str, absent: str
) -> None:
    answer = await page(world, q=words)
    assert found in text(answer)
    assert absent not in text(answer).partition("<main")[2]
    assert b"<i>nothing" not in answer.body


async def test_a_page_that_the_browser_has_is_not_sent_again_until_the_schema_changes(world: World) -> None:
    before = await page(world, "type/defect", user="admin")
    known = {"if-none-match": before.headers["etag"]}
    again = await page(world, "type/defect", user="admin", headers=known)
    assert (again.status, again.body) == (304, b"")
    await add_field(world)
    after = await page(world, "type/defect", user="admin", headers=known)
    assert after.status == 200
    assert "c_Squeak" in text(after)


# ---------------------------------------------------------------------- who reads


async def test_custom_fields_are_shown_to_their_workspace(world: World) -> None:
    await add_field(world)
    for user, seen in (("editor", True), ("admin", True), ("stranger", False), (None, False)):
        answer = await page(world, "type/defect", user=user)
        assert answer.status == 200
        assert ("c_Squeak" in text(answer)) is seen, user
    by_password = await page(world, "type/defect", headers=world.basic("editor"))
    assert "c_Squeak" in text(by_password)
    elsewhere = await page(world, "type/defect", user="admin", workspace=str(world.ids["other"]))
    assert "c_Squeak" not in text(elsewhere)


async def test_a_workspace_that_the_reader_does_not_see_is_refused(world: World) -> None:
    for name, status in (("main", 200), ("other", 400)):
        answer = await page(world, "type/defect", user="editor", workspace=str(world.ids[name]))
        assert answer.status == status


async def test_signing_in_is_asked_for_on_demand_only(world: World) -> None:
    bare = await page(world, "sign-in")
    assert (bare.status, bare.headers["www-authenticate"]) == (401, 'Basic realm="Rally ALM"')
    right = await page(world, "sign-in", headers=world.basic("editor"))
    assert (right.status, right.headers["location"]) == (302, ROOT)
    wrong = await page(world, headers=world.basic("editor", "wrong"))
    assert wrong.status == 401


async def test_a_session_that_ended_makes_a_stranger_of_the_reader(world: World) -> None:
    answer = await page(world, headers={"cookie": "JSESSIONID=gone"})
    assert answer.status == 200
    assert "sign-in" in text(answer)


# ---------------------------------------------------------------------- trying out

TAG = {"type": "Tag", "verb": "create", "body": '{"Tag": {"Name": "tried"}}'}


async def tags(world: World) -> int:
    return int((await world.get("tag", query='(Name = "tried")')).inner["TotalResultCount"])


async def test_a_query_runs_with_the_key_that_was_typed_and_the_key_is_not_shown(world: World) -> None:
    await world.make("Defect", user="editor", Name="squeaks", Project=f"/project/{world.ids['engines']}")
    key = world.keys["viewer"]
    answer = await attempt(world, type="Defect", verb="query", query='(Name = "squeaks")', fetch="Name", api_key=key)
    assert answer.status == 200
    assert '"Name": "squeaks"' in text(answer)
    assert 'curl -H "zsessionid: $KEY"' in text(answer)
    assert key not in text(answer) + str(answer.headers)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_script_gets_the_answer_alone(world: World) -> None:
    answer = await attempt(
        world, {"accept": "text/html-fragment"}, type="User", verb="query", api_key=world.keys["viewer"]
    )
    assert "viewer@acme.test" in text(answer) or '"User"' in text(answer)
    assert "<html" not in text(answer)


@pytest.mark.parametrize(("grant", "stored"), [("full", 1), ("read_only", 0)])
async def test_a_write_does_what_the_key_may(world: World, grant: str, stored: int) -> None:
    key = (world.keys if grant == "full" else world.readers)["admin"]
    answer = await attempt(world, **TAG, api_key=key)
    assert answer.status == 200
    assert ("read_only_key" in text(answer)) is not bool(stored)
    assert await tags(world) == stored


@pytest.mark.parametrize(
    ("whose", "headers", "stored"),
    [
        ("admin", {}, 1),
        ("admin", {"sec-fetch-site": "same-origin", "origin": "http://rally.test"}, 1),
        ("admin", {"sec-fetch-site": "cross-site"}, 0),
        ("admin", {"origin": "http://evil.test"}, 0),
        ("editor", {}, 0),
        (None, {}, 0),
    ],
)
async def test_a_write_with_the_browsers_own_password_needs_this_readers_form(
    world: World, whose: str | None, headers: dict[str, str], stored: int
) -> None:
    """The form's token takes the place of WSAPI's security token: neither another user's nor another site's form will do."""
    token = token_of(await page(world, "type/tag", headers=world.basic(whose))) if whose else ""
    answer = await attempt(world, {**world.basic("admin"), **headers}, **TAG, token=token)
    assert answer.status in {200, 400}
    assert await tags(world) == stored


async def test_nobody_reads_without_saying_who_he_is(world: World) -> None:
    answer = await attempt(world, type="User", verb="query", token=token_of(await page(world, "type/user")))
    assert "Type an API key, or sign in" in text(answer)
    assert "@acme.test" not in text(answer)


@pytest.mark.parametrize(
    "fields", [{}, {"type": "Tag"}, {"type": "Tag", "verb": "explode"}, {"type": "Scope", "verb": "create"}]
)
async def test_a_form_that_is_none_of_ours_is_refused(world: World, fields: dict[str, str]) -> None:
    assert (await attempt(world, **fields, api_key=world.keys["admin"])).status == 404


@pytest.mark.parametrize("identifier", ["../../x", "%2e%2e", "1?fetch=x", "a b", "\u202e", "1/Tags", "x" * 5000])
async def test_what_is_typed_as_an_id_stays_one_segment(world: World, identifier: str) -> None:
    answer = await attempt(world, type="Tag", verb="read", id=identifier, api_key=world.keys["admin"])
    assert answer.status == 200
    assert "HTTP 200, with errors" in text(answer)


# ---------------------------------------------------------------------- examples

MADE = ("Defect", "HierarchicalRequirement", "Task", "TestCase", "TestCaseStep", "TestSet", "TestFolder", "DefectSuite", "Risk", "PortfolioItem/Feature",
        "Iteration", "Release", "Milestone", "Tag", "ConversationPost", "Project", "User", "Workspace", "Preference", "SCMRepository", "Changeset", "Change",
        "BuildDefinition", "Build", "AttachmentContent", "ProjectPermission", "WorkspacePermission", "UserIterationCapacity", "TestCaseResult",
        "PullRequest")  # fmt: skip


async def make_as_shown(world: World, name: str, known: dict[str, str]) -> str:
    """Create an object with the body that its type's page shows, its refs led to objects made in the same way."""
    item = SCHEMA.get(name)
    body: dict[str, Any] = dict(create_body(item))
    for key, value in body.items():
        attribute = item.attributes[key]
        if attribute.is_object:
            assert attribute.of is not None
            target = {"Artifact": "Defect", "SchedulableArtifact": "HierarchicalRequirement"}.get(
                attribute.of, attribute.of
            )
            assert value == f"/{attribute.of.lower()}/12345"
            body[key] = known.get(target) or await make_as_shown(world, target, known)
    answer = await world.post(f"{item.path}/create", {item.element_name: body})
    assert not answer.warnings, (name, answer.warnings)
    known[name] = answer.object["_ref"]
    return known[name]


@pytest.mark.parametrize("name", MADE)
async def test_the_body_that_is_shown_creates_an_object(world: World, name: str) -> None:
    known = {
        kind: f"/{kind.lower()}/{world.ids[one]}"
        for kind, one in (("Project", "engines"), ("Workspace", "main"), ("User", "viewer"))
    }
    known.pop(name, None)
    if name == "ProjectPermission":
        known.pop("Project")  # who was given a role in this one has it
    ref = await make_as_shown(world, name, known)
    item = SCHEMA.get(name)
    if "update" in item.operations:
        body = {key: value for key, value in update_body(item).items() if not item.attributes[key].is_object}
        changed = await world.post(ref.partition("/v2.0/")[2], {item.element_name: body})
        assert not changed.errors + changed.warnings
