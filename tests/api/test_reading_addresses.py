"""Addresses of what can be read (wsapi.md 1): versions, suffixes, names of types, identities, who is asking."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import World

JS = 'It is no longer necessary to append ".js" to WSAPI resources.'


async def make_portfolio(world: World) -> dict[str, dict[str, Any]]:
    made = {"initiative": await world.make("portfolioitem/initiative", Name="I")}
    made["feature"] = await world.make("portfolioitem/feature", Name="F", Parent=made["initiative"]["_ref"])
    made["story"] = await world.make("hierarchicalrequirement", Name="S", PortfolioItem=made["feature"]["_ref"])
    made["defect"] = await world.make("defect", Name="D", Requirement=made["story"]["_ref"])
    made["task"] = await world.make("task", Name="T", WorkProduct=made["story"]["_ref"])
    return made


@pytest.mark.parametrize("path", ["defect", "defect/{oid}", "defect/{oid}/Tags", "user", "users", "typedefinition"])
async def test_js_only_warns(world: World, path: str) -> None:
    made = await world.make("defect", Name="x")
    path = path.format(oid=made["ObjectID"])
    plain, suffixed = await world.get(path), await world.get(f"{path}.js")
    assert suffixed.warnings == [JS]
    assert plain.warnings == []
    suffixed_document = suffixed.document
    suffixed_document[suffixed.root]["Warnings"] = []
    assert suffixed_document == plain.document
    assert ".js" not in str(plain.document)


async def test_js_warns_of_failures_too(world: World) -> None:
    answer = await world.get("defect/4711.js")
    assert (answer.root, answer.errors, answer.warnings) == ("OperationResult", ["Cannot find object to read"], [JS])


@pytest.mark.parametrize("version", ["v2.0", "v2.x"])
async def test_refs_repeat_the_version(world: World, version: str) -> None:
    made = await world.make("defect", Name="x")
    answer = await world.get(f"/slm/webservice/{version}/defect/{made['ObjectID']}")
    assert answer.inner["_ref"] == f"http://rally.test/slm/webservice/{version}/defect/{made['ObjectID']}"
    assert answer.inner["Tags"]["_ref"].startswith(f"http://rally.test/slm/webservice/{version}/Defect/")


VERSIONS = ["1.43", "1.08", "v1.43", "v3.0", "v2", "2.0", "bad", "v2.0x"]


async def test_other_versions_are_not_there(world: World) -> None:
    for version in VERSIONS:
        answer = await world.get(f"/slm/webservice/{version}/defect")
        assert answer.status == 404
        assert f"Could not determine Web Services Version from '{version}'" in answer.body.decode()


SPELLINGS = ["Defect", "DEFECT", "defect", "defects", "Defects", "hierarchicalrequirement", "HierarchicalRequirement"]


async def test_types_in_any_case(world: World) -> None:
    await make_portfolio(world)
    for name in SPELLINGS:
        answer = await world.get(name)
        assert answer.root == "QueryResult"
        assert answer.inner["TotalResultCount"] == 1


OTHER_NAMES = [
    ("userstory", "HierarchicalRequirement"),
    ("UserStory", "HierarchicalRequirement"),
    ("story", "HierarchicalRequirement"),
    ("userstories", "HierarchicalRequirement"),
    ("feature", "PortfolioItem/Feature"),
    ("Features", "PortfolioItem/Feature"),
    ("portfolioitem/feature", "PortfolioItem/Feature"),
    ("PortfolioItem/Feature", "PortfolioItem/Feature"),
    ("portfolioitem/features", "PortfolioItem/Feature"),
    ("initiative", "PortfolioItem/Initiative"),
]


async def test_other_names_of_types(world: World) -> None:
    made = await make_portfolio(world)
    for name, type_path in OTHER_NAMES:
        (found,) = (await world.get(name)).results
        assert found["_type"] == type_path
        wanted = next(item for item in made.values() if item["_type"] == type_path)
        read = await world.get(f"{name}/{wanted['ObjectID']}")
        assert (read.root, read.inner["_ref"]) == (type_path.rpartition("/")[2], wanted["_ref"])


PLURALS = [
    ("users", "User"),
    ("subscriptions", "Subscription"),
    ("projects", "Project"),
    ("workspaces", "Workspace"),
    ("tags", "Tag"),
    ("typedefinitions", "TypeDefinition"),
    ("revisionhistories", "RevisionHistory"),
    ("tasks", "Task"),
    ("iterations", "Iteration"),
]


async def test_a_plural_always_queries(world: World) -> None:
    await world.make("tag", Name="t")
    for plural, type_name in PLURALS:
        answer = await world.get(plural, pagesize=1)
        assert answer.root == "QueryResult"
        assert {item["_type"] for item in answer.results} <= {type_name}


ABSTRACT = [
    (
        "artifact",
        ["PortfolioItem/Initiative", "PortfolioItem/Feature", "HierarchicalRequirement", "Defect", "Task"],
    ),
    (
        "Artifacts",
        ["PortfolioItem/Initiative", "PortfolioItem/Feature", "HierarchicalRequirement", "Defect", "Task"],
    ),
    ("schedulableartifact", ["HierarchicalRequirement", "Defect"]),
    ("requirement", ["HierarchicalRequirement"]),
    ("portfolioitem", ["PortfolioItem/Initiative", "PortfolioItem/Feature"]),
    ("artifact?types=Defect,HierarchicalRequirement", ["HierarchicalRequirement", "Defect"]),
    ("artifact?types=portfolioitem/feature, task", ["PortfolioItem/Feature", "Task"]),
    ("artifact?types=PortfolioItem", ["PortfolioItem/Initiative", "PortfolioItem/Feature"]),
    ("portfolioitem?types=Defect", []),
    (
        "artifact?types=",
        ["PortfolioItem/Initiative", "PortfolioItem/Feature", "HierarchicalRequirement", "Defect", "Task"],
    ),
]


async def test_abstract_types_give_concrete_objects(world: World) -> None:
    made = await make_portfolio(world)
    for name, found in ABSTRACT:
        answer = await world.get(name.replace(" ", "%20"), order="ObjectID", fetch="Name,FormattedID,Project")
        assert [item["_type"] for item in answer.results] == found
        refs = {item["_ref"] for item in made.values()}
        assert {item["_ref"] for item in answer.results} <= refs
        for item in answer.results:
            assert f"/{item['_type'].lower()}/" in item["_ref"]


async def test_an_unknown_type_among_types(world: World) -> None:
    answer = await world.get("artifact?types=Defect,Nonsense")
    assert answer.errors == ['Requested type name "nonsense" is unknown.']


BY_ABSTRACT = [
    ("artifact", "defect", "Defect"),
    ("artifact", "feature", "Feature"),
    ("portfolioitem", "feature", "Feature"),
    ("schedulableartifact", "story", "HierarchicalRequirement"),
    ("requirement", "story", "HierarchicalRequirement"),
    ("persistableobject", "task", "Task"),
    ("workspacedomainobject", "defect", "Defect"),
]


async def test_a_read_by_an_abstract_type_names_the_concrete_one(world: World) -> None:
    everything = await make_portfolio(world)
    for path, name, root in BY_ABSTRACT:
        made = everything[name]
        answer = await world.get(f"{path}/{made['ObjectID']}")
        assert (answer.root, answer.inner["_ref"]) == (root, made["_ref"])
        attachments = await world.get(f"{path}/{made['ObjectID']}/Discussion")
        assert (attachments.root, attachments.results) == ("QueryResult", [])


async def test_a_read_by_another_type_finds_nothing(world: World) -> None:
    made = await make_portfolio(world)
    for path in (f"task/{made['defect']['ObjectID']}", f"portfolioitem/{made['story']['ObjectID']}"):
        assert (await world.get(path)).errors == ["Cannot find object to read"]


async def test_permissions_of_both_kinds(world: World) -> None:
    found = (await world.get("userpermission", fetch="Role,User", pagesize=200)).results
    assert {item["_type"] for item in found} == {"ProjectPermission", "WorkspacePermission"}
    editor, project = world.ids["editor"], world.ids["engines"]
    composite = f"projectpermission/{editor}u{project}p1"
    assert any(item["_ref"].endswith(composite) for item in found)
    read = await world.get(composite)
    assert (read.root, read.inner["Role"], read.inner["User"]["_refObjectName"]) == (
        "ProjectPermission",
        "Editor",
        "Editor",
    )
    abstract = await world.get(f"userpermission/{editor}u{project}p1")
    assert abstract.inner["_ref"] == read.inner["_ref"]
    workspace = await world.get(f"workspacepermission/{world.ids['wsadmin']}u{world.ids['main']}w1")
    assert (workspace.root, workspace.inner["Role"]) == ("WorkspacePermission", "Admin")


IDENTITIES = ["{uuid}", "{bare}", "{UUID}", "{oid}"]


async def test_identities(world: World) -> None:
    tag = await world.make("tag", Name="Urgent")
    made = await world.make("defect", Name="x", Tags=[{"_ref": tag["_ref"]}])
    for form in IDENTITIES:
        uuid = made["ObjectUUID"]
        text = form.format(uuid=uuid, bare=uuid.replace("-", ""), UUID=uuid.upper(), oid=made["ObjectID"])
        assert (await world.get(f"defect/{text}")).inner["_ref"] == made["_ref"]
        assert (await world.get(f"artifact/{text}")).inner["_ref"] == made["_ref"]
        assert (await world.get(f"defect/{text}/Tags")).results == [{**tag, "UsageCount": 1}]


async def test_stock_definitions_have_negative_ids(world: World) -> None:
    definition = (await world.get("typedefinition", query="(TypePath = Defect)", fetch="true")).results[0]
    assert definition["ObjectID"] < 0
    read = await world.get(f"typedefinition/{definition['ObjectID']}")
    assert (read.root, read.inner["ElementName"]) == ("TypeDefinition", "Defect")
    by_uuid = await world.get(f"typedefinition/{definition['ObjectUUID']}")
    assert by_uuid.inner["_ref"] == definition["_ref"]


MISSING = [
    ("defect/4711", "Cannot find object to read"),
    ("defect/00000000-0000-7000-8000-000000000000", "Cannot find object to read"),
    ("defect/-4711", "Cannot find object to read"),
    ("defect/99999999999999999", "Cannot find object to read"),
    ("typedefinition/-4711", "Cannot find object to read"),
    ("defect/abc", 'Cannot parse object reference from "defect/abc"'),
    ("nonsense/1", 'Requested type name "nonsense" is unknown.'),
    ("defect.xml/1", 'Requested type name "defect.xml" is unknown.'),
]


async def test_what_is_not_there(world: World) -> None:
    for path, error in MISSING:
        answer = await world.get(path)
        assert (answer.status, answer.root, answer.errors) == (200, "OperationResult", [error])


UNKNOWN = ["nonsense", "defect.xml", "portfolioitem/nonsense", "NonSense"]


async def test_an_unknown_type(world: World) -> None:
    for path in UNKNOWN:
        answer = await world.get(path)
        assert (answer.status, answer.root) == (200, "QueryResult")
        assert answer.errors == [f'Requested type name "{path.lower()}" is unknown.']


CURRENT = [
    "user",
    "User",
    "user.js",
    "user?query=",
    "user?fetch=UserName&pagesize=1000&start=1",
    "user:current",
    "User:current",
    "user:current.js",
    "user:current?fetch=UserName,DisplayName",
    "user?query=%20",
]


async def test_who_am_i(world: World) -> None:
    for path in CURRENT:
        for user in ("admin", "editor", "nobody"):
            answer = await world.get(path, user)
            assert answer.root == "User"
            assert answer.errors == []
            assert answer.inner["UserName"] == f"{user}@acme.test"
            assert answer.inner["_ref"].endswith(f"/user/{world.ids[user]}")


async def test_user_with_a_query_is_a_query(world: World) -> None:
    answer = await world.get("user", query='(UserName = "EDITOR@acme.test")', fetch="UserName")
    assert answer.root == "QueryResult"
    assert [item["UserName"] for item in answer.results] == ["editor@acme.test"]


@pytest.mark.parametrize("path", ["subscription", "Subscription?fetch=true&pagesize=1000&start=1", "subscription.js"])
async def test_the_subscription(world: World, path: str) -> None:
    answer = await world.get(path, "viewer")
    assert (answer.root, answer.inner["Name"]) == ("Subscription", "Acme")
    assert answer.inner["ObjectID"] == world.ids["subscription"]


async def test_a_user_profile_by_an_empty_query(world: World) -> None:
    answer = await world.get("userprofile?query=&fetch=true&pagesize=1000&start=1", "editor")
    assert answer.root == "QueryResult"
    mine = (await world.get("user", "editor", fetch="UserProfile")).inner["UserProfile"]
    assert [item["_ref"] for item in answer.results] == [mine["_ref"]]


async def test_workspaces_are_listed_wherever_one_works(world: World) -> None:
    """A workspace is an object of the subscription: no scope hides it, only what its asker may see."""
    for path in ("workspace", "workspaces", f"workspace?workspace=/workspace/{world.ids['main']}"):
        assert [item["_refObjectName"] for item in (await world.get(path)).results] == ["main", "other"]
    assert [item["_refObjectName"] for item in (await world.get("workspaces", "stranger")).results] == ["other"]


@pytest.mark.parametrize("method", ["get", "Get"])
async def test_methods_in_any_case(world: World, method: str) -> None:
    assert (await world.call(method, "user", user="admin")).root == "User"


async def test_a_query_by_form(world: World) -> None:
    """What .NET sends for each first page (wsapi.md 5)."""
    await world.make("defect", Name="a b")
    await world.make("defect", Name="c")
    form = b"_method=GET&query=%28Name+%3D+%22a+b%22%29&fetch=Name&start=1&pagesize=200&order=Name,ObjectID"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await world.post("defect.js?key=whatever", form, headers=headers)
    assert answer.root == "QueryResult"
    assert [item["Name"] for item in answer.results] == ["a b"]
    assert answer.inner["PageSize"] == 200


async def test_a_query_by_overriding_header(world: World) -> None:
    answer = await world.post("defect?fetch=Name", b"", headers={"X-HTTP-Method-Override": "get"})
    assert (answer.root, answer.results) == ("QueryResult", [])


NOISE = [
    "pagesize=2&fetch=Name&key=None",
    "&pagesize=2&fetch=Name",
    "PageSize=2&FETCH=Name",
    "fetch=Name&pagesize=2/create?",
    "fetch=Name&pagesize=2&pagesize=50",
    "fetch=Name&pagesize=2&nonsense=1&compact=false&_dc=1",
    "fetch=Name&pagesize=2&start=0",
    "fetch=Name&pagesize=2&start=",
    "fetch=Name&pagesize=2&start=-1",
    "fetch=Name&pagesize=2&start=abc",
    "fetch=Name&pagesize=2&",
]


async def test_noise_in_the_query_string(world: World) -> None:
    for name in "abc":
        await world.make("tag", Name=name)
    for query in NOISE:
        answer = await world.get(f"tag?{query}")
        assert [item["Name"] for item in answer.results] == ["a", "b"]
        assert (answer.inner["PageSize"], answer.inner["StartIndex"], answer.inner["TotalResultCount"]) == (2, 1, 3)


async def test_plus_and_percent_20_are_blanks(world: World) -> None:
    await world.make("tag", Name="a b")
    await world.make("tag", Name="a+b")
    for blank in ("+", "%20"):
        for value, name in ((f"a{blank}b", "a b"), ("a%2Bb", "a+b")):
            query = f"(Name = %22{value}%22)".replace(" ", blank)
            answer = await world.get(f"tag?query={query}&fetch=Name")
            assert [item["Name"] for item in answer.results] == [name]


async def test_below_slm_unknown_paths_redirect(world: World) -> None:
    answer = await world.get("/slm/nonsense")
    assert answer.status == 302
    assert answer.headers["location"].startswith("http://rally.test/")
