"""Creating and changing work items in the browser: nothing typed is lost, nobody is overwritten, every refusal stands at its cause."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import World
from tests.visitor import Page, Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
async def defect(world: World) -> dict[str, Any]:
    return await world.make(
        "Defect",
        user="editor",
        Name="Pump leaks",
        Description="<p>Oil on the floor</p><p>Again &amp; again</p>",
        Project=f"/project/{world.ids['engines']}",
        Owner=f"/user/{world.ids['editor']}",
        PlanEstimate=3,
    )


def path(item: dict[str, Any], end: str = "") -> str:
    return f"/items/{item['FormattedID']}{end}"


async def stored(world: World, item: dict[str, Any]) -> dict[str, Any]:
    return (await world.get(f"defect/{item['ObjectID']}")).inner


async def field(world: World, kind: str, name: str, **more: Any) -> None:
    """Give defects a custom field."""
    types = (await world.get("typedefinition?query=(TypePath = Defect)&fetch=ObjectID")).results
    body = {"Name": name, "ElementName": name, "AttributeType": kind, "TypeDefinition": types[0]["_ref"], **more}
    answer = await world.post(
        "attributedefinition/create", {"AttributeDefinition": body}, workspace=f"/workspace/{world.ids['main']}"
    )
    assert not answer.errors, answer.errors


async def edit(visitor: Visitor, item: dict[str, Any], **fields: str | None) -> Page:
    page = await visitor.get(path(item, "/edit"))
    assert page.status == 200, page.text
    return await visitor.submit(page, into="version", **fields)


async def test_the_form_holds_what_is_stored_and_sends_only_what_changes(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    """A description of paragraphs is typed as plain words; the revision names the one field that was changed, and no other."""
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/edit"))
    assert page.value("Description") == "Oil on the floor\n\nAgain & again"
    assert (page.value("Owner"), page.value("PlanEstimate"), page.value("State")) == ("Editor", "3", "Submitted")
    page = await visitor.submit(page, into="version", State="Open")
    assert page.path == path(defect)
    assert "1 Editor just now STATE changed from [Submitted] to [Open] 0" in page.text
    found = await stored(world, defect)
    assert found["Description"] == "<p>Oil on the floor</p><p>Again &amp; again</p>"
    assert found["State"] == "Open"


async def test_saving_nothing_changes_nothing(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await edit(visitor, defect)
    assert page.path == path(defect)
    assert (await stored(world, defect))["VersionId"] == "1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\n\ntwo < three", "<p>one</p><p>two &lt; three</p>"),
        ("one\ntwo", "<p>one<br />two</p>"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("", ""),
    ],
)
async def test_words_become_paragraphs_and_markup_stays(
    visitor: Visitor, world: World, defect: dict[str, Any], typed: str, kept: str
) -> None:
    await visitor.log_in("editor")
    await edit(visitor, defect, Description=typed)
    assert (await stored(world, defect))["Description"] == kept
    assert (await visitor.get(path(defect, "/edit"))).value("Description") == typed


BAD = {
    "Name": [("", "Name is needed."), ("x" * 257, "Name has more than 256 characters.")],
    "Description": [("x" * 32769, "more than 32768"), ("<script>alert(1)</script>", "markup")],
    "PlanEstimate": [("many", "This is no number.")],
    "TargetDate": [("soon", "This is no date.")],
    "State": [("Perhaps", "Choose one of Submitted"), ("", "needed")],
    "Owner": [("nobody like that", "Nothing is called that."), ("e", "Several are called that.")],
    "Project": [
        ("", "Project is needed."),
        ("nonsense", "Choose one of the list."),
        ("/project/1", "not there any more"),
    ],
    "Milestones": [("never", "There is no Milestone called never.")],
    "Requirement": [("US999", "Nothing is called that.")],
    "c_Count": [("1.5", "This is no whole number.")],
    "c_Site.LinkID": [],
    "c_Kind": [("green", "Choose one of red, blue")],
}


@pytest.mark.parametrize(("name", "value", "said"), [(name, *case) for name, cases in BAD.items() for case in cases])
async def test_a_wrong_value_is_told_beside_its_field_and_kept(
    visitor: Visitor, world: World, defect: dict[str, Any], name: str, value: str, said: str
) -> None:
    await field(world, "INTEGER", "Count")
    await field(world, "RATING", "Kind", AllowedValues=[{"StringValue": "red"}, {"StringValue": "blue"}])
    await visitor.log_in("editor")
    page = await edit(visitor, defect, **{name: value, "FoundInBuild": "build 7"})
    assert page.status == 422
    assert said in page.beside(name), page.text
    assert page.value(name) == value.strip() or name in {"Description", "Project"}
    assert page.value("FoundInBuild") == "build 7"
    assert (await stored(world, defect))["VersionId"] == "1"


async def test_all_that_is_wrong_is_told_at_once(visitor: Visitor, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await edit(visitor, defect, Name="", PlanEstimate="many", TargetDate="soon", Owner="nobody like that")
    assert "4 fields need another look" in page.text
    for name in ("Name", "PlanEstimate", "TargetDate", "Owner"):
        assert page.beside(name)


async def test_a_reference_is_found_by_what_people_call_it(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    """Without a script: typed names, FormattedIDs, and a choice where several are meant."""
    story = await world.make("HierarchicalRequirement", Name="Dry floors", Project=f"/project/{world.ids['engines']}")
    await world.make("HierarchicalRequirement", Name="Dry walls", Project=f"/project/{world.ids['engines']}")
    await visitor.log_in("editor")
    await edit(visitor, defect, Owner="viewer@acme.test", Requirement=story["FormattedID"].lower())
    found = await stored(world, defect)
    assert (found["Owner"]["_refObjectName"], found["Requirement"]["_refObjectName"]) == ("Viewer", "Dry floors")
    page = await edit(visitor, defect, Owner="", Requirement="Dry")
    assert "Several are called that" in page.beside("Requirement")
    assert "Dry walls" in page.text
    other = page.body.partition("Dry walls")[0].rpartition('name="Requirement.pick" value="')[2].partition('"')[0]
    page = await visitor.submit(page, into="version", **{"Requirement.pick": other})
    found = await stored(world, defect)
    assert (found["Owner"], found["Requirement"]["_refObjectName"]) == (None, "Dry walls")


async def test_find_offers_without_saving(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await world.make("HierarchicalRequirement", Name="Dry floors", Project=f"/project/{world.ids['engines']}")
    await visitor.log_in("editor")
    page = await edit(visitor, defect, Requirement="dry", Name="Unsaved", find="Requirement")
    assert (page.status, page.value("Name")) == (200, "Unsaved")
    assert "Dry floors" in page.text
    assert (await stored(world, defect))["VersionId"] == "1"


async def test_custom_fields_of_every_kind_are_edited(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await field(world, "STRING", "Line")
    await field(world, "TEXT", "Story")
    await field(world, "BOOLEAN", "Sure")
    await field(world, "DATE", "Due")
    await field(world, "DECIMAL", "Weight")
    await field(world, "WEB_LINK", "Site")
    await visitor.log_in("editor")
    page = await edit(
        visitor,
        defect,
        **{
            "c_Line": "a line",
            "c_Story": "a story",
            "c_Sure": "on",
            "c_Due": "2026-02-03",
            "c_Weight": "1.5",
            "c_Site.LinkID": "https://example.test/",
            "c_Site.DisplayString": "there",
        },
    )
    assert page.path == path(defect), page.text
    found = await stored(world, defect)
    assert (found["c_Line"], found["c_Story"], found["c_Sure"], found["c_Weight"]) == (
        "a line",
        "<p>a story</p>",
        True,
        1.5,
    )
    assert found["c_Due"].startswith("2026-02-03")
    assert found["c_Site"]["LinkID"] == "https://example.test/"
    page = await edit(visitor, defect)
    assert (await stored(world, defect))["VersionId"] == "2"
    await edit(visitor, defect, c_Sure=None)
    assert (await stored(world, defect))["c_Sure"] is False


async def test_a_field_for_administrators_is_on_no_other_page(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    await field(world, "STRING", "Budget", VisibleOnlyToAdmins=True)
    await world.post(f"defect/{defect['ObjectID']}", {"Defect": {"c_Budget": "a million"}})
    admin = Visitor(world)
    for each, user, sees in ((visitor, "editor", False), (admin, "wsadmin", True)):
        await each.log_in(user)
        assert (
            "a million"
            in (await each.get(path(defect))).text.partition("Revision History")[2].partition("All fields")[2]
        ) is sees
        assert ("c_Budget" in (await each.get(path(defect, "/edit"))).body) is sees
        assert (await each.get(path(defect, "/edit?only=c_Budget"))).status == (200 if sees else 404)


# ---------------------------------------------------------------------- two people


async def test_what_another_changed_meanwhile_is_shown_and_nothing_typed_is_lost(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    """A change since the form was opened: mine stays and says what it is now, what I left alone becomes what it is now."""
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/edit"))
    await world.post(
        f"defect/{defect['ObjectID']}", {"Defect": {"Name": "Pump sprays", "State": "Open", "Owner": None}}, "admin"
    )
    page = await visitor.submit(page, into="version", Name="Pump drips", Severity="Cosmetic")
    assert page.status == 422
    assert "Somebody else changed it meanwhile" in page.text
    assert page.value("Name") == "Pump drips"
    assert "Admin has made this Pump sprays meanwhile" in page.text
    assert page.value("State") == "Open"
    assert page.value("Owner") == ""
    assert page.value("Severity") == "Cosmetic"
    assert (await stored(world, defect))["Name"] == "Pump sprays"
    page = await visitor.submit(page, into="version")
    assert page.path == path(defect), page.text
    found = await stored(world, defect)
    assert (found["Name"], found["State"], found["Severity"], found["Owner"]) == (
        "Pump drips",
        "Open",
        "Cosmetic",
        None,
    )


async def test_an_item_deleted_meanwhile_gives_back_what_was_typed(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/edit"))
    await world.delete(f"defect/{defect['ObjectID']}")
    page = await visitor.submit(page, into="version", Name="Long thoughts")
    assert page.status == 404
    assert "Long thoughts" in page.text


async def test_a_user_demoted_meanwhile_keeps_what_he_typed(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/edit"))
    (held,) = (
        await world.get("projectpermission?query=((User.UserName = editor@acme.test) AND (Project.Name = Engines))")
    ).results
    await world.delete(f"projectpermission/{held['_ref'].rpartition('/')[2]}")
    scope = {"User": f"/user/{world.ids['editor']}", "Project": f"/project/{world.ids['engines']}"}
    await world.make("ProjectPermission", **scope, Role="Viewer")
    page = await visitor.submit(page, into="version", Name="Long thoughts")
    assert page.status == 403
    assert "Long thoughts" in page.text
    assert (await stored(world, defect))["VersionId"] == "1"


async def test_a_stale_form_is_not_taken(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await edit(visitor, defect, token="stale", Name="Long thoughts")
    assert "waited too long" in page.text
    assert page.value("Name") == "Long thoughts"
    await visitor.submit(page, into="version")
    assert (await stored(world, defect))["Name"] == "Long thoughts"


async def test_a_form_of_one_field(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/edit?only=State"))
    assert page.value("fields").split() == ["State"]
    page = await visitor.submit(page, into="version", State="Perhaps")
    assert "Choose one of" in page.beside("State")
    assert page.value("only") == "State"
    page = await visitor.submit(page, into="version", State="Closed")
    assert page.path == path(defect)
    found = await stored(world, defect)
    assert (found["State"], found["Name"]) == ("Closed", "Pump leaks")
    for name in ("FormattedID", "Nonsense"):
        assert (await visitor.get(path(defect, f"/edit?only={name}"))).status == 404


# ---------------------------------------------------------------------- create


@pytest.mark.parametrize(
    "kind", ["defect", "hierarchicalrequirement", "testcase", "feature", "defectsuite", "testset", "risk"]
)
async def test_items_of_every_type_are_created(visitor: Visitor, world: World, kind: str) -> None:
    await visitor.log_in("editor")
    kinds = await visitor.get("/items/new")
    assert f'href="/items/new/{kind}"' in kinds.body
    page = await visitor.get(f"/items/new/{kind}")
    page = await visitor.submit(page, into="once", Name="Made in a browser", Description="why")
    assert page.status == 200, page.text
    assert page.path.startswith("/items/")
    assert "Made in a browser" in page.text
    assert "Original revision" in page.text


async def test_a_task_is_created_below_its_work(visitor: Visitor, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/items/new/task")
    page = await visitor.submit(page, into="once", Name="Mop")
    assert "needed" in page.beside("WorkProduct")
    page = await visitor.submit(page, into="once", WorkProduct=defect["FormattedID"])
    assert "Mop" in page.text
    assert "Mop" in (await visitor.get(path(defect))).text


async def test_a_double_press_creates_once(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/items/new/defect")
    first = await visitor.submit(page, into="once", Name="Once")
    second = await visitor.submit(page, into="once", Name="Once")
    assert first.path == second.path
    assert len((await world.get("defect?query=(Name = Once)")).results) == 1


async def test_a_refused_create_keeps_everything(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/items/new/defect?Severity=Cosmetic")
    assert page.value("Severity") == "Cosmetic"
    page = await visitor.submit(page, into="once", Name="", Description="long thoughts", Tags="wet, new")
    assert page.beside("Name") == "Name is needed."
    assert (page.value("Description"), page.value("Tags")) == ("long thoughts", "wet, new")
    page = await visitor.submit(page, into="once", Name="Named")
    made = (await world.get("defect?query=(Name = Named)&fetch=Tags,Severity")).results
    assert [tag["Name"] for tag in made[0]["Tags"]["_tagsNameArray"]] == ["new", "wet"]
    assert made[0]["Severity"] == "Cosmetic"


async def test_nothing_is_created_where_the_visitor_may_not(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    page = await visitor.get("/items/new/defect")
    assert "Wheels" not in page.text
    page = await visitor.submit(page, into="once", Name="Smuggled", Project=f"/project/{world.ids['wheels']}")
    assert page.status == 422
    assert (await world.get("defect?query=(Name = Smuggled)")).results == []
    for address in ("/items/new/user", "/items/new/nonsense", f"/items/new/defect?in=workspace/{world.ids['other']}"):
        assert (await visitor.get(address)).status == 404


# ---------------------------------------------------------------------- small acts


async def test_a_post_joins_the_discussion_once(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(path(defect))
    for _ in range(2):
        shown = await visitor.submit(page, into="Text", Text="It drips\n\nagain")
    assert shown.body.count("<p>It drips</p><p>again</p>") == 1
    empty = await visitor.submit(shown, into="Text", Text="  ")
    assert "A post is needed." in empty.beside("Text")
    refused = await visitor.submit(shown, into="Text", Text="Long thoughts <script>")
    assert "markup" in refused.beside("Text")
    assert refused.value("Text") == "Long thoughts <script>"


async def test_a_task_is_added_in_place(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await visitor.log_in("editor")
    page = await visitor.submit(await visitor.get(path(defect)), into="TaskName", TaskName="Mop", Estimate="many")
    assert page.beside("Estimate") == "This is no number."
    assert page.value("TaskName") == "Mop"
    page = await visitor.submit(page, into="TaskName", Estimate="2")
    assert "Mop" in page.text
    (task,) = (await world.get("task?fetch=Name,Estimate,ToDo,WorkProduct")).results
    assert (task["Estimate"], task["ToDo"], task["WorkProduct"]["_refObjectName"]) == (2.0, 2.0, "Pump leaks")


async def test_tags_are_added_and_taken_off(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await world.make("Tag", Name="Wet", Workspace=f"/workspace/{world.ids['main']}")
    await visitor.log_in("editor")
    await visitor.submit(await visitor.get(path(defect)), into="NewTag", NewTag="wet, urgent")
    tags = (await world.get(f"defect/{defect['ObjectID']}/Tags?fetch=Name")).results
    assert sorted(tag["Name"] for tag in tags) == ["Wet", "urgent"]
    gone = next(tag["_ref"].rpartition("/")[2] for tag in tags if tag["Name"] == "Wet")
    page = await visitor.get(path(defect))
    await visitor.post(path(defect, "/tags"), {"token": page.value("token"), "remove": gone})
    tags = (await world.get(f"defect/{defect['ObjectID']}/Tags?fetch=Name")).results
    assert [tag["Name"] for tag in tags] == ["urgent"]
    assert len((await world.get("tag")).results) == 2


async def test_rank_moves_by_buttons(visitor: Visitor, world: World) -> None:
    """WCAG 2.5.7: nothing has to be dragged."""
    made = [await world.make("Defect", Name=name, Project=f"/project/{world.ids['engines']}") for name in "abc"]
    labels = [each["FormattedID"] for each in made]
    await visitor.log_in("editor")
    address = "/items/?type=defect&order=DragAndDropRank"

    def order(page: Page) -> list[str]:
        return [part.partition('"')[0] for part in page.body.split('data-item="')[1:]]

    page = await visitor.get(address)
    assert order(page) == labels
    assert f'aria-label="Move {labels[1]} up"' in page.body
    token = (await visitor.get(path(made[0]))).value("token")
    query = "?type=defect&order=DragAndDropRank"
    above = f"/defect/{made[0]['ObjectID']}"
    page = await visitor.post(path(made[1], f"/rank{query}"), {"token": token, "from": "list", "above": above})
    assert order(page) == [labels[1], labels[0], labels[2]]
    await visitor.post(path(made[2], "/rank"), {"token": token, "to": "TOP"})
    assert order(await visitor.get(address)) == [labels[2], labels[1], labels[0]]
    assert (await visitor.post(path(made[2], "/rank"), {"token": token, "above": "nonsense"})).status == 404


async def test_delete_goes_to_the_recycle_bin_and_comes_back(
    visitor: Visitor, world: World, defect: dict[str, Any]
) -> None:
    await world.make("Task", Name="Mop", WorkProduct=defect["_ref"], Project=f"/project/{world.ids['engines']}")
    await visitor.log_in("editor")
    page = await visitor.get(path(defect, "/delete"))
    assert "with it go 1 task" in page.text
    page = await visitor.submit(page)
    assert page.path.startswith("/items/bin")
    assert "Pump leaks" in page.text
    assert (await visitor.get(path(defect))).status == 404
    entry = page.body.partition("Pump leaks")[2].partition("/items/bin/")[2].partition("/restore")[0]
    page = await visitor.submit(await visitor.get(f"/items/bin/{entry}/restore"))
    assert page.path.startswith("/items/")
    assert "Pump leaks" in (await visitor.get(path(defect))).text
    assert (await visitor.get(f"/items/bin/{entry}/restore")).status == 404
    stranger = Visitor(world)
    await stranger.log_in("stranger")
    assert "Pump" not in (await stranger.get("/items/bin")).text


async def test_options_tell_what_may_be_meant(visitor: Visitor, world: World, defect: dict[str, Any]) -> None:
    await visitor.log_in("viewer")
    base = f"/items/options?type=defect&workspace={world.ids['main']}"
    assert "Pump" not in (await visitor.get(f"{base}&attribute=Requirement&q=pump")).body
    assert "editor@acme.test" in (await visitor.get(f"{base}&attribute=Owner&q=edit")).body
    for address in (f"{base}&attribute=Nonsense&q=x", f"{base}&attribute=Owner&q=", f"{base}&attribute=State&q=x"):
        assert (await visitor.get(address)).body == "[]"
