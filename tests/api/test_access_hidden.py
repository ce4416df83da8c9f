"""What a user may not see is not there: not found, not counted, not reachable on any way (access.md 3.4).

Every test looks twice: with the eyes of somebody who sees Wheels, to whom the thing is there, and with those of an editor of
Engines, to whom the answer must be that of a thing that does not exist.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from banneret.operations.context import Context
from banneret.operations.create import Given, create
from tests import stored
from tests.harness import Answer, World

NOWHERE = 999_999_999_999


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def schedule(context: Context, story: dict[str, Any], iteration: dict[str, Any]) -> None:
    """Put a story into an iteration, which nobody could ask for: it has children."""
    context.unit.writer.update("artifact", {"oid": story["ObjectID"]}, {"iteration_oid": iteration["ObjectID"]})


async def scene(world: World) -> dict[str, dict[str, Any]]:
    """A story in Engines, and in Wheels all that it refers to."""
    wheels, engines = ref(world, "project", "wheels"), ref(world, "project", "engines")
    made: dict[str, dict[str, Any]] = {}
    dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14", "State": "Planning"}
    made["iteration"] = await world.make("Iteration", Name="secret sprint", Project=wheels, **dates)
    made["parent"] = await world.make("HierarchicalRequirement", Name="secret epic", Project=wheels)
    made["story"] = await world.make("HierarchicalRequirement", Name="open story", Project=engines)
    made["child"] = await world.make(
        "HierarchicalRequirement", Name="secret child", Project=wheels, Parent=made["story"]["_ref"]
    )
    made["defect"] = await world.make(
        "Defect", Name="secret defect", Project=wheels, Requirement=made["story"]["_ref"], Description="secret words"
    )
    made["milestone"] = await world.make("Milestone", Name="m", Workspace=ref(world, "workspace", "main"))
    path = f"hierarchicalrequirement/{made['story']['ObjectID']}"
    changes = {"Parent": made["parent"]["_ref"]}
    assert (await world.post(path, {"HierarchicalRequirement": changes})).errors == []
    await world.server(lambda context: schedule(context, made["story"], made["iteration"]))
    assert (
        await world.post(f"{path}/Predecessors/add", {"CollectionItems": [{"_ref": made["parent"]["_ref"]}]})
    ).errors == []
    for name in ("story", "parent"):
        items = {"CollectionItems": [{"_ref": made[name]["_ref"]}]}
        assert (await world.post(f"milestone/{made['milestone']['ObjectID']}/Artifacts/add", items)).errors == []
    post = {"Artifact": made["defect"]["_ref"], "Text": "secret talk"}
    made["post"] = await world.make("ConversationPost", **post)
    content = await world.make("AttachmentContent", Content="c2VjcmV0", Workspace=ref(world, "workspace", "main"))
    made["content"] = content
    made["attachment"] = await world.make(
        "Attachment",
        Name="secret.txt",
        Artifact=made["defect"]["_ref"],
        Content=content["_ref"],
        ContentType="text/plain",
        Size=6,
    )
    made["task"] = await world.make("Task", Name="secret task", WorkProduct=made["defect"]["_ref"])
    return made


def same(answer: Answer, other: Answer, oid: int | str, nothing: int | str) -> None:
    """Two answers that differ in nothing but the address asked for."""
    assert answer.status == other.status
    assert answer.body.replace(str(oid).encode(), b"?") == other.body.replace(str(nothing).encode(), b"?")
    assert {name: text for name, text in answer.headers.items() if name != "content-length"} == {
        name: text for name, text in other.headers.items() if name != "content-length"
    }


SECRETS = ["iteration", "parent", "child", "defect", "post", "attachment", "content", "task"]


async def test_every_verb_answers_as_for_what_does_not_exist(world: World) -> None:
    made = await scene(world)
    before = await stored.dump(world.store)
    for name in SECRETS:
        kind, oid = made[name]["_type"].lower(), made[name]["ObjectID"]
        assert (await world.get(f"{kind}/{oid}", "admin")).inner["ObjectID"] == oid
        body = {made[name]["_type"]: {"Name": "y"}}
        requests = [
            ("GET", "{kind}/{oid}", None),
            ("POST", "{kind}/{oid}", body),
            ("PUT", "{kind}/{oid}", body),
            ("DELETE", "{kind}/{oid}", None),
            ("GET", "{kind}/{oid}/Tags", None),
            ("GET", "{kind}/{oid}/Revisions", None),
            ("POST", "{kind}/{oid}/Tags/add", {"CollectionItems": [{"Name": "t"}]}),
            ("POST", "{kind}/{oid}/Tags/remove", {"CollectionItems": []}),
            ("GET", "artifact/{oid}", None),
            ("GET", "persistableobject/{oid}", None),
            ("GET", "{kind}?query=(ObjectID = {oid})", None),
        ]
        for method, path, sent in requests:
            hidden, missing = [
                await world.call(method, path.format(kind=kind, oid=number), sent, user="editor")
                for number in (oid, NOWHERE)
            ]
            same(hidden, missing, oid, NOWHERE)
            assert b"secret" not in hidden.body
    assert await stored.dump(world.store) == before


async def test_a_uuid_opens_nothing_either(world: World) -> None:
    made = await scene(world)
    nothing = "00000000-0000-4000-8000-000000000000"
    for name in SECRETS:
        kind, uuid = made[name]["_type"].lower(), made[name]["_refObjectUUID"]
        assert (await world.get(f"{kind}/{uuid}", "admin")).inner["ObjectID"] == made[name]["ObjectID"]
        for method in ("GET", "DELETE"):
            hidden, missing = [await world.call(method, f"{kind}/{each}", user="editor") for each in (uuid, nothing)]
            same(hidden, missing, uuid, nothing)
        hidden, missing = [
            await world.get(kind, "editor", query=f'(ObjectUUID = "{each}")') for each in (uuid, nothing)
        ]
        same(hidden, missing, uuid, nothing)


async def test_nothing_of_it_is_listed_or_counted(world: World) -> None:
    await scene(world)
    for kind in (
        "artifact",
        "defect",
        "hierarchicalrequirement",
        "task",
        "iteration",
        "conversationpost",
        "attachment",
    ):
        seen = await world.get(kind, "admin", workspace=ref(world, "workspace", "main"), fetch="true")
        assert b"secret" in seen.body
        count = kind in {"artifact", "hierarchicalrequirement"}
        for user in ("editor", "viewer", "padmin"):
            answer = await world.get(kind, user, fetch="true", pagesize=200)
            assert b"secret" not in answer.body
            assert answer.inner["TotalResultCount"] == len(answer.results) == count
        for page in (1, 2, 50):
            answer = await world.get(kind, "editor", start=page, pagesize=1)
            assert answer.inner["TotalResultCount"] == count


async def test_refs_to_it_come_out_as_nothing(world: World) -> None:
    made = await scene(world)
    path = f"hierarchicalrequirement/{made['story']['ObjectID']}"
    seen, hidden = [(await world.get(path, user)).inner for user in ("admin", "editor")]
    for name in ("Parent", "Iteration"):
        assert seen[name]["_refObjectName"].startswith("secret")
        assert hidden[name] is None
    for name, count in (("Children", 1), ("Defects", 1), ("Predecessors", 1)):
        assert seen[name]["Count"] == count
        assert hidden[name]["Count"] == 0
    listed = await world.get(
        "hierarchicalrequirement", "editor", fetch="Name,Parent,Iteration,Children,Predecessors,Defects[Name]"
    )
    assert b"secret" not in listed.body
    for fetch in ("true", "Parent,Iteration,Name,Parent[Name;Description],Milestones[Artifacts]"):
        assert b"secret" not in (await world.get(path, "editor", fetch=fetch)).body


async def test_collections_show_and_count_what_is_seen(world: World) -> None:
    made = await scene(world)
    path = f"hierarchicalrequirement/{made['story']['ObjectID']}"
    milestone = f"milestone/{made['milestone']['ObjectID']}"
    for address, everything, rest in (
        (f"{path}/Children", 1, 0),
        (f"{path}/Defects", 1, 0),
        (f"{path}/Predecessors", 1, 0),
        (f"{milestone}/Artifacts", 2, 1),
        (f"workspace/{world.ids['main']}/Projects", 3, 2),
        (f"subscription/{world.ids['subscription']}/Workspaces", 2, 1),
        (f"user/{world.ids['admin']}/ArtifactsCreated", 5, 1),
    ):
        for user, count in (("admin", everything), ("editor", rest)):
            answer = await world.get(address, user)
            assert answer.inner["TotalResultCount"] == len(answer.results) == count, (address, user)
    for user, count in (("admin", 2), ("editor", 1)):
        assert (await world.get(milestone, user)).inner["Artifacts"]["Count"] == count
    for name in ("parent", "defect", "child"):
        hidden = await world.get(f"{made[name]['_type'].lower()}/{made[name]['ObjectID']}/Tags", "editor")
        assert hidden.errors == ["Cannot find object to read"]


QUERIES = [
    ('(Iteration.Name = "secret sprint")', False),
    ('(Iteration.Name contains "secret")', False),
    ('(Parent.Name = "secret epic")', False),
    ('(Parent.Project.Name = "Wheels")', False),
    ('(Parent.Iteration.Name = "x")', False),
    ('(Children.Name = "secret child")', False),
    ('(Children.Name contains "e")', False),
    ('(Defects.Name = "secret defect")', False),
    ('(Predecessors.Name = "secret epic")', False),
    ('(Parent = "{parent}")', False),
    ('(Iteration = "{iteration}")', False),
    ('(Children contains "{child}")', False),
    ("(Parent = null)", True),
    ("(Iteration = null)", True),
    ("(Children = null)", True),
    ("(Parent != null)", False),
    ('(Iteration.Name != "secret sprint")', True),
    ("(Parent.ObjectID > 0)", False),
    ('(Parent.FormattedID = "US1")', False),
    ('(Parent.CreationDate > "2000-01-01")', False),
    ('(Milestones.Name = "m")', True),
]
"""What is asked of the open story, and whether it is found by who sees nothing of Wheels."""


async def test_no_query_reaches_it(world: World) -> None:
    made = await scene(world)
    for query, matches in QUERIES:
        text = query.format(**{name: made[name]["_ref"] for name in made})
        narrowed = f'({text} AND (Name = "open story"))'
        seen = await world.get(
            "hierarchicalrequirement", "admin", query=narrowed, workspace=ref(world, "workspace", "main")
        )
        hidden = await world.get("hierarchicalrequirement", "editor", query=narrowed)
        assert hidden.inner["TotalResultCount"] == len(hidden.results) == matches, query
        if "x" not in query.split('"') and "Milestones" not in query:
            assert seen.inner["TotalResultCount"] == (not matches), query


async def test_queries_by_its_owner_find_nothing(world: World) -> None:
    made = await scene(world)
    for name in ("defect", "parent"):
        path = f"{made[name]['_type']}/{made[name]['ObjectID']}"
        assert (await world.post(path, {made[name]["_type"]: {"Owner": ref(world, "user", "editor")}})).errors == []
    for query in (
        '(Owner = "editor@acme.test")',
        f'(Owner = "{ref(world, "user", "editor")}")',
        '(Owner.DisplayName = "Editor")',
    ):
        seen = await world.get("artifact", "admin", query=query, workspace=ref(world, "workspace", "main"))
        assert seen.inner["TotalResultCount"] == 2
        assert (await world.get("artifact", "editor", query=query)).inner["TotalResultCount"] == 0
    assert (await world.get(f"user/{world.ids['editor']}", "editor", fetch="ArtifactsOwned")).inner["ArtifactsOwned"][
        "Count"
    ] == 0


async def test_no_order_betrays_it(world: World) -> None:
    """Ordered by what is hidden, items stand as if they all had nothing there: by ObjectID."""
    wheels, engines = ref(world, "project", "wheels"), ref(world, "project", "engines")
    dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14", "State": "Planning"}
    for name in ("c", "a", "b"):
        sprint = await world.make("Iteration", Name=name, Project=wheels, **dates)
        epic = await world.make("HierarchicalRequirement", Name=f"epic {name}", Project=wheels)
        story = await world.make("HierarchicalRequirement", Name=name, Project=engines)
        changes = {"Iteration": sprint["_ref"], "Parent": epic["_ref"]}
        await world.post(f"hierarchicalrequirement/{story['ObjectID']}", {"HierarchicalRequirement": changes})
    place = {"project": engines, "projectScopeDown": "false", "fetch": "Name"}
    for attribute in ("Iteration", "Parent", "Iteration.Name", "Parent.Name", "Parent.CreationDate"):
        seen = await world.get("hierarchicalrequirement", "admin", order=attribute, **place)
        if attribute != "Parent.CreationDate":
            assert [item["Name"] for item in seen.results] == ["a", "b", "c"]
        for order in (attribute, f"{attribute} desc"):
            hidden = await world.get("hierarchicalrequirement", "editor", order=order, **place)
            assert [item["Name"] for item in hidden.results] == ["c", "a", "b"]


async def test_refs_in_a_body_to_it_are_refs_to_nothing(world: World) -> None:
    made = await scene(world)
    story = f"hierarchicalrequirement/{made['story']['ObjectID']}"
    before = await stored.dump(world.store)
    tries = [
        (story, "HierarchicalRequirement", "Parent", "parent"),
        (story, "HierarchicalRequirement", "Iteration", "iteration"),
        ("task/create", "Task", "WorkProduct", "defect"),
        ("conversationpost/create", "ConversationPost", "Artifact", "defect"),
        ("attachment/create", "Attachment", "Content", "content"),
    ]
    for path, type_name, attribute, name in tries:
        kind, oid = made[name]["_type"].lower(), made[name]["ObjectID"]
        needed = {"Name": "x", "Text": "x", "Artifact": made["story"]["_ref"]} if path.endswith("create") else {}
        hidden, missing = [
            await world.post(path, {type_name: {**needed, attribute: f"/{kind}/{number}"}}, "editor")
            for number in (oid, NOWHERE)
        ]
        assert hidden.errors == [f"Could not read: Could not read referenced object {oid}"]
        same(hidden, missing, oid, NOWHERE)
    for address in (f"{story}/Predecessors/add", f"{story}/Predecessors/remove", f"{story}/Children/add"):
        hidden, missing = [
            await world.post(address, {"CollectionItems": [{"_ref": f"/hierarchicalrequirement/{number}"}]}, "editor")
            for number in (made["parent"]["ObjectID"], NOWHERE)
        ]
        assert hidden.errors != []
        same(hidden, missing, made["parent"]["ObjectID"], NOWHERE)
    assert await stored.dump(world.store) == before


async def test_what_an_update_does_not_name_stays_though_its_author_does_not_see_it(world: World) -> None:
    """Nothing hidden is lost by who cannot see it, not even by a client that sends whole objects back."""
    made = await scene(world)
    path = f"hierarchicalrequirement/{made['story']['ObjectID']}"
    assert (await world.post(path, {"HierarchicalRequirement": {"Name": "renamed"}}, "editor")).errors == []
    whole = (await world.get(path, "editor")).inner
    for name in ("Parent", "Iteration", "Errors", "Warnings"):
        del whole[name]
    assert (await world.post(path, {"HierarchicalRequirement": whole}, "editor")).errors == []
    after = (await world.get(path, "admin")).inner
    assert after["Parent"]["_refObjectName"] == "secret epic"
    assert after["Iteration"]["_refObjectName"] == "secret sprint"
    assert [after[name]["Count"] for name in ("Children", "Defects", "Predecessors")] == [1, 1, 1]


async def test_replacing_a_collection_keeps_the_members_that_are_not_seen(world: World) -> None:
    made = await scene(world)
    path = f"hierarchicalrequirement/{made['story']['ObjectID']}"
    assert (await world.post(path, {"HierarchicalRequirement": {"Predecessors": []}}, "editor")).errors == []
    assert (await world.get(path, "admin")).inner["Predecessors"]["Count"] == 1
    assert (await world.post(path, {"HierarchicalRequirement": {"Predecessors": []}}, "admin")).errors == []
    assert (await world.get(path, "admin")).inner["Predecessors"]["Count"] == 0


# ---------------------------------------------------------------------- histories, posts, attachments


async def test_histories_and_revisions_are_seen_with_what_they_are_of(world: World) -> None:
    made = await scene(world)
    history = made["defect"]["RevisionHistory"]["_ref"].partition("/v2.0/")[2]
    revisions = (await world.get(f"{history}/Revisions", "admin")).results
    assert len(revisions) >= 1
    assert (await world.get(history, "editor")).errors == ["Cannot find object to read"]
    assert (await world.get(f"{history}/Revisions", "editor")).errors == ["Cannot find object to read"]
    for revision in revisions:
        path = revision["_ref"].partition("/v2.0/")[2]
        assert (await world.get(path, "admin")).inner["RevisionNumber"] == 0
        assert (await world.get(path, "editor")).errors == ["Cannot find object to read"]
    for query in (
        f'(RevisionHistory = "/{history}")',
        "(RevisionNumber = 0)",
        f"(RevisionHistory.ObjectID = {history.rpartition('/')[2]})",
    ):
        answer = await world.get("revision", "editor", query=query, fetch="true", pagesize=200)
        assert history.encode() not in answer.body


async def test_posts_and_attachments_are_seen_with_their_artifact(world: World) -> None:
    made = await scene(world)
    for kind, attribute in (("conversationpost", "Artifact"), ("attachment", "Artifact")):
        for query in ("", f'({attribute} = "{made["defect"]["_ref"]}")', f'({attribute}.Name = "secret defect")'):
            params = {"workspace": ref(world, "workspace", "main"), "query": query, "fetch": "true"}
            assert (await world.get(kind, "admin", **params)).inner["TotalResultCount"] == 1
            assert (await world.get(kind, "editor", **params)).inner["TotalResultCount"] == 0


@pytest.mark.parametrize(("start", "end"), [("engines", "wheels"), ("wheels", "engines")])
async def test_what_hangs_on_an_item_is_hidden_and_shown_with_it(world: World, start: str, end: str) -> None:
    """An item that moves takes along its history, posts, tasks and attachments, and theirs."""
    place = {"Workspace": ref(world, "workspace", "main")}
    story = await world.make("HierarchicalRequirement", Name="x", Project=ref(world, "project", start))
    task = await world.make("Task", Name="x", WorkProduct=story["_ref"])
    things = [story, task]
    for holder in (story, task):
        things.append(await world.make("ConversationPost", Artifact=holder["_ref"], Text="x"))
        content = await world.make("AttachmentContent", Content="aGVsbG8=", **place)
        body = {"Name": "a.txt", "ContentType": "text/plain", "Size": 5, "Content": content["_ref"]}
        things += [content, await world.make("Attachment", Artifact=holder["_ref"], **body)]
        history = holder["RevisionHistory"]
        things += [history, *(await world.get(history["_ref"].partition("/v2.0/")[2] + "/Revisions")).results]
    paths = [thing["_ref"].partition("/v2.0/")[2] for thing in things]

    async def seen() -> set[str]:
        answers = {path: await world.get(path, "editor") for path in paths}
        return {path for path, answer in answers.items() if answer.document.keys() != {"OperationResult"}}

    assert await seen() == (set(paths) if start == "engines" else set())
    move = {"HierarchicalRequirement": {"Project": ref(world, "project", end)}}
    assert (await world.post(paths[0], move)).errors == []
    assert await seen() == (set(paths) if end == "engines" else set())
    later = (await world.get(story["RevisionHistory"]["_ref"].partition("/v2.0/")[2] + "/Revisions")).results
    assert ((await world.get(later[0]["_ref"].partition("/v2.0/")[2], "editor")).document.keys() == {"Revision"}) is (
        end == "engines"
    )


async def test_the_name_arrays_of_tags_hold_only_tags_that_are_seen(world: World) -> None:
    """A defect that was moved to another workspace's eyes cannot exist; but names come through the same sight as all else."""
    defect = await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    for name in ("b", "a"):
        tag = await world.make("Tag", Name=name, Workspace=ref(world, "workspace", "main"))
        await world.post(f"defect/{defect['ObjectID']}/Tags/add", {"CollectionItems": [{"_ref": tag["_ref"]}]})
    foreign = await world.make("Tag", Name="foreign", Workspace=ref(world, "workspace", "other"))

    async def link(context: Context) -> None:
        context.unit.writer.add_link("artifact_tags", defect["ObjectID"], foreign["ObjectID"], reverse=False)

    await world.server(link)
    for user, names in (("admin", ["a", "b", "foreign"]), ("editor", ["a", "b"])):
        tags = (await world.get(f"defect/{defect['ObjectID']}", user)).inner["Tags"]
        assert [tag["Name"] for tag in tags["_tagsNameArray"]] == names
        assert tags["Count"] == len(names)
        answer = await world.get(f"defect/{defect['ObjectID']}/Tags", user, fetch="Name")
        assert sorted(item["Name"] for item in answer.results) == names
        query = '(Tags.Name = "foreign")'
        found = await world.get("defect", user, query=query, workspace=ref(world, "workspace", "main"))
        assert found.inner["TotalResultCount"] == (user == "admin")


# ---------------------------------------------------------------------- projects and workspaces


async def test_projects_that_are_not_seen(world: World) -> None:
    wheels, nowhere = ref(world, "project", "wheels"), f"/project/{NOWHERE}"
    for user, names in (
        ("admin", {"Engines", "Pistons", "Wheels", "Valves"}),
        ("wsadmin", {"Engines", "Pistons", "Wheels", "Valves"}),
        ("editor", {"Engines", "Pistons", "Valves"}),
        ("viewer", {"Engines", "Pistons"}),
        ("padmin", {"Engines"}),
    ):
        answer = await world.get(
            "project", user, workspace=ref(world, "workspace", "main"), fetch="Name,Parent,Children"
        )
        assert {item["Name"] for item in answer.results} == names
        assert answer.inner["TotalResultCount"] == len(names)
    assert (await world.get("project", "nobody")).inner["TotalResultCount"] == 0
    for path in ("defect", "project", "hierarchicalrequirement/create"):
        hidden, missing = [await world.get(path, "editor", project=each) for each in (wheels, nowhere)]
        same(hidden, missing, world.ids["wheels"], NOWHERE)
    for path in ("project/{}", "project/{}/Children", "project/{}/TeamMembers", "project/{}/Editors"):
        hidden, missing = [await world.get(path.format(number), "editor") for number in (world.ids["wheels"], NOWHERE)]
        assert hidden.errors == ["Cannot find object to read"]
        same(hidden, missing, world.ids["wheels"], NOWHERE)


async def test_a_parent_project_that_is_not_seen_is_no_parent(world: World) -> None:
    user = ref(world, "user", "nobody")
    await world.make("ProjectPermission", User=user, Project=ref(world, "project", "pistons"), Role="Viewer")
    shown = (await world.get(f"project/{world.ids['pistons']}", "nobody")).inner
    assert shown["Name"] == "Pistons"
    assert shown["Parent"] is None
    assert (await world.get(f"project/{world.ids['pistons']}", "editor")).inner["Parent"]["_refObjectName"] == "Engines"
    place = {"project": ref(world, "project", "pistons"), "projectScopeUp": "true", "projectScopeDown": "true"}
    await world.make("Defect", Name="x", Project=ref(world, "project", "engines"))
    assert (await world.get("defect", "nobody", **place)).inner["TotalResultCount"] == 0
    assert (await world.get("defect", "editor", **place)).inner["TotalResultCount"] == 1
    for query in ('(Parent.Name = "Engines")', f'(Parent = "{ref(world, "project", "engines")}")'):
        assert (await world.get("project", "nobody", query=query)).inner["TotalResultCount"] == 0
        assert (await world.get("project", "editor", query=query)).inner["TotalResultCount"] >= 1


async def test_items_of_a_closed_project_are_invisible_to_everybody_until_it_is_opened_again(world: World) -> None:
    """KB 144480: closed projects are as if they were not there; the Project object stays for who may open it."""
    path = f"project/{world.ids['pistons']}"
    defect = await world.make("Defect", Name="x", Project=ref(world, "project", "pistons"))
    story = await world.make("HierarchicalRequirement", Name="s", Project=ref(world, "project", "engines"))
    await world.post(f"defect/{defect['ObjectID']}", {"Defect": {"Requirement": story["_ref"]}})
    item, holder = f"defect/{defect['ObjectID']}", f"hierarchicalrequirement/{story['ObjectID']}"
    for state, seen in (("Open", True), ("Closed", False), ("Open", True)):
        await world.post(path, {"Project": {"State": state}})
        for user in ("admin", "wsadmin", "editor", "viewer"):
            assert ((await world.get(item, user)).document.keys() == {"Defect"}) is seen
            listed = await world.get("defect", user, workspace=ref(world, "workspace", "main"))
            assert listed.inner["TotalResultCount"] == seen
            assert (await world.get(holder, user)).inner["Defects"]["Count"] == seen
            assert (await world.get(f"{holder}/Defects", user)).inner["TotalResultCount"] == seen
            shown = (await world.get(path, user)).inner
            assert shown["State"] == state
        assert ((await world.post(item, {"Defect": {"Name": f"in {state}"}})).errors == []) is seen
        assert (
            (
                await world.post(
                    "defect/create", {"Defect": {"Name": "new", "Project": ref(world, "project", "pistons")}}
                )
            ).errors
            == []
        ) is seen
        for made in await world.rows("artifact", "oid", name="new"):
            assert (await world.delete(f"defect/{made[0]}")).errors == []


async def test_workspaces_that_are_not_seen(world: World) -> None:
    other, nowhere = ref(world, "workspace", "other"), f"/workspace/{NOWHERE}"
    for user, names in (
        ("admin", {"main", "other"}),
        ("editor", {"main"}),
        ("wsadmin", {"main"}),
        ("stranger", {"other"}),
        ("nobody", set()),
    ):
        answer = await world.get("workspace", user, fetch="Name")
        if user != "admin":
            assert {item["Name"] for item in answer.results} == names
        listed = await world.get(f"subscription/{world.ids['subscription']}/Workspaces", user, fetch="Name")
        assert {item["Name"] for item in listed.results} == names
        assert (await world.get("subscription", user)).inner["Workspaces"]["Count"] == len(names)
    for path in ("defect", "tag", "typedefinition", "user", "project"):
        hidden, missing = [await world.get(path, "editor", workspace=each) for each in (other, nowhere)]
        assert hidden.errors != []
        same(hidden, missing, world.ids["other"], NOWHERE)
    for path in ("workspace/{}", "workspace/{}/Projects", "workspace/{}/TypeDefinitions"):
        hidden, missing = [await world.get(path.format(number), "editor") for number in (world.ids["other"], NOWHERE)]
        assert hidden.errors == ["Cannot find object to read"]
        same(hidden, missing, world.ids["other"], NOWHERE)
    body = {"Tag": {"Name": "x", "Workspace": other}}
    assert (await world.post("tag/create", body, "editor")).errors == [
        f"Could not read: Could not read referenced object {world.ids['other']}"
    ]


@pytest.mark.parametrize("scope", ["workspace", "project"])
async def test_the_schema_of_what_is_not_seen_is_not_there(world: World, scope: str) -> None:
    name = {"workspace": "other", "project": "elsewhere"}[scope]
    for version in ("", "/1", "/abcdef"):
        hidden, missing = [
            await world.get(f"/slm/schema/v2.0/{scope}/{number}{version}", "editor")
            for number in (world.ids[name], NOWHERE)
        ]
        assert hidden.errors == ["Cannot find object to read"]
        same(hidden, missing, world.ids[name], NOWHERE)
        assert (await world.get(f"/slm/schema/v2.0/{scope}/{world.ids[name]}{version}", "stranger")).status in {
            200,
            302,
        }
    assert (await world.get(f"/slm/schema/v2.0/{scope}/{world.ids[name]}", user=None)).status == 401


async def test_types_and_fields_of_a_workspace_that_is_not_seen_are_unknown(world: World) -> None:
    """Even the name of another workspace's own type is that workspace's business."""

    async def define(context: Context) -> None:
        local = context.in_workspace(world.ids["main"])
        type_item, field_item = (local.schema.get(name) for name in ("TypeDefinition", "AttributeDefinition"))
        place = {"Workspace": f"/workspace/{world.ids['main']}"}
        parent = f"/typedefinition/{local.schema.get('PortfolioItem').definition_id}"
        body = {**place, "Name": "Moonshot", "IDPrefix": "MS", "Parent": parent, "Ordinal": 9}
        await create(local, type_item, body, "TypeDefinition", Given(internal=True))
        defect = f"/typedefinition/{local.schema.get('Defect').definition_id}"
        body = {**place, "Name": "Codename", "TypeDefinition": defect, "AttributeType": "STRING"}
        await create(local, field_item, body, "AttributeDefinition", Given(internal=True))

    await world.server(define)
    main = ref(world, "workspace", "main")
    assert (await world.get("portfolioitem/moonshot", "editor", workspace=main)).errors == []
    assert (await world.get("defect", "editor", query='(c_Codename = "x")')).errors == []
    for path, unknown in (
        ("portfolioitem/moonshot", "portfolioitem/sunshot"),
        ("portfolioitem/moonshot/create", "portfolioitem/sunshot/create"),
    ):
        answer, nothing = [await world.get(each, "stranger") for each in (path, unknown)]
        assert answer.errors == ['Requested type name "portfolioitem/moonshot" is unknown.']
        same(answer, nothing, "moonshot", "sunshot")
    answer = await world.get("defect", "stranger", query='(c_Codename = "x")')
    assert len(answer.errors) == 1
    for path in ("typedefinition", "attributedefinition"):
        listed = await world.get(path, "stranger", pagesize=2000, fetch="true")
        assert b"oonshot" not in listed.body
        assert b"odename" not in listed.body
        assert listed.inner["TotalResultCount"] > 50


async def test_permissions_are_seen_with_their_project_and_workspace(world: World) -> None:
    (row,) = await world.rows("userpermission", "oid", "customobjectid", project_oid=world.ids["elsewhere"])
    for address in (f"projectpermission/{row[0]}", f"projectpermission/{row[1]}", f"userpermission/{row[1]}"):
        assert (await world.get(address, "stranger")).inner["Role"] == "Editor"
        assert (await world.get(address, "editor")).errors == ["Cannot find object to read"]
        assert (await world.delete(address, "editor")).errors == ["Object to delete cannot be null"]
    listed = await world.get(f"user/{world.ids['stranger']}/UserPermissions", "editor")
    assert listed.inner["TotalResultCount"] == 0
    assert (
        await world.get("projectpermission", "editor", query='(User.UserName = "stranger@acme.test")')
    ).results == []
    (held,) = await world.rows("userpermission", "oid", concrete_type="WorkspacePermission")
    assert (await world.get(f"workspacepermission/{held[0]}", "stranger")).errors == ["Cannot find object to read"]


async def test_users_are_known_to_everybody_who_may_log_in(world: World) -> None:
    for user in ("editor", "stranger", "nobody"):
        answer = await world.get("user", user, query="(ObjectID > 0)", pagesize=200)
        assert answer.inner["TotalResultCount"] == 7


async def test_the_recycle_bin_shows_what_could_be_seen_before(world: World) -> None:
    made = await scene(world)
    assert (await world.delete(f"defect/{made['defect']['ObjectID']}")).errors == []
    main = ref(world, "workspace", "main")
    seen = await world.get("recyclebinentry", "admin", workspace=main, fetch="Name")
    assert "secret defect" in {item["Name"] for item in seen.results}
    hidden = await world.get("recyclebinentry", "editor", workspace=main, fetch="Name")
    assert hidden.inner["TotalResultCount"] == 0
    (row,) = await world.rows("recyclebinentry", "oid", itemoid=made["defect"]["ObjectID"])
    assert (await world.get(f"recyclebinentry/{row[0]}", "editor")).errors == ["Cannot find object to read"]


@pytest.mark.parametrize(
    ("place", "seer", "blind"), [("project", "wsadmin", "editor"), ("workspace", "editor", "stranger")]
)
async def test_what_an_app_keeps_for_a_place_is_seen_with_the_place(
    world: World, place: str, seer: str, blind: str
) -> None:
    body = {"Name": "secret app", "Value": "v", "Workspace": ref(world, "workspace", "main")}
    if place == "project":
        body = {"Name": "secret app", "Value": "v", "Project": ref(world, "project", "wheels")}
    made = await world.make("Preference", **body)
    for user, count in ((seer, 1), (blind, 0)):
        answer = await world.get("preference", user, query='(Name = "secret app")')
        assert answer.inner["TotalResultCount"] == len(answer.results) == count
        shown = await world.get(f"preference/{made['ObjectID']}", user)
        assert (shown.inner.get("Name") == "secret app") is bool(count)


# ---------------------------------------------------------------------- keys that reach less than their user


async def narrow(world: World, user: str, **limits: Any) -> None:
    async def work(context: Context) -> None:
        for (oid,) in await context.unit.writer.fetch("api_key", {"user_oid": world.ids[user]}, ["oid"]):
            context.unit.writer.update("api_key", {"oid": oid}, {"limits": msgspec.json.encode(limits).decode()})

    await world.server(work)


@pytest.mark.parametrize("user", ["admin", "wsadmin", "editor"])
async def test_a_key_narrowed_to_a_project_sees_and_writes_only_there(world: World, user: str) -> None:
    """access.md 1.15: `projects` on a key."""
    place = {"workspace": ref(world, "workspace", "main")}
    for project in ("engines", "pistons"):
        await world.make("Defect", Name=project, Project=ref(world, "project", project))
    assert (await world.get("defect", user, **place)).inner["TotalResultCount"] == 2
    await narrow(world, user, projects=[world.ids["engines"]])
    answer = await world.get("defect", user, **place, fetch="Name,Project")
    assert [item["Name"] for item in answer.results] == ["engines"]
    assert [item["_refObjectName"] for item in (await world.get("project", user, **place)).results] == ["Engines"]
    assert (await world.get(f"project/{world.ids['pistons']}", user)).errors == ["Cannot find object to read"]
    for project, count in (("engines", 0), ("pistons", 1)):
        body = {"Defect": {"Name": "x", "Project": ref(world, "project", project)}}
        assert len((await world.post("defect/create", body, user)).errors) == count


async def test_a_key_narrowed_to_addresses_works_only_there(world: World) -> None:
    await narrow(world, "editor", ip_allow=["10.0.0.0/8"])
    answer = await world.get("defect", "editor")
    assert answer.status == 401
    assert answer.headers["x-auth-reason"] == "ip_not_allowed"
    await narrow(world, "editor", ip_allow=["10.0.0.0/8", "127.0.0.1"])
    assert (await world.get("defect", "editor")).status == 200
