"""Where a query looks: workspace, project, up and down (wsapi.md 3.1)."""

from __future__ import annotations

from tests.harness import World


async def furnish(world: World) -> None:
    """A defect in every project, named after it."""
    await world.post(f"project/{world.ids['valves']}", {"Project": {"State": "Open"}})
    for name in ("engines", "pistons", "valves", "wheels", "elsewhere"):
        await world.make("defect", Name=name, Project=f"/project/{world.ids[name]}")
    await world.post(f"project/{world.ids['valves']}", {"Project": {"State": "Closed"}})


async def found(world: World, query: str, user: str = "admin") -> set[str]:
    answer = await world.get(f"defect?fetch=Name&{query}", user)
    return {item["Name"] for item in answer.results}


SCOPES = [
    ("", {"engines", "pistons", "wheels"}),
    ("workspace=/workspace/{main}", {"engines", "pistons", "wheels"}),
    ("workspace=workspace/{main}.js", {"engines", "pistons", "wheels"}),
    ("workspace=http://elsewhere.test/slm/webservice/v2.0/workspace/{main}", {"engines", "pistons", "wheels"}),
    ("workspace=/Workspace/{main}", {"engines", "pistons", "wheels"}),
    ("workspace=null", {"engines", "pistons", "wheels"}),
    ("workspace=%27null%27", {"engines", "pistons", "wheels"}),
    ("workspace=", {"engines", "pistons", "wheels"}),
    ("workspace=/workspace/{other}", {"elsewhere"}),
    ("project=null", {"engines", "pistons", "wheels"}),
    ("project=", {"engines", "pistons", "wheels"}),
    ("project=null&workspace=/workspace/{other}", {"elsewhere"}),
    # The Java client's defaults: not up, but down. A closed project shows nothing to anybody.
    ("project=/project/{engines}", {"engines", "pistons"}),
    ("project=/project/{engines}&projectScopeUp=false&projectScopeDown=false", {"engines"}),
    ("project=/project/{engines}&projectScopeUp=False&projectScopeDown=FALSE", {"engines"}),
    ("project=/project/{pistons}", {"pistons"}),
    ("project=/project/{pistons}&projectScopeUp=true", {"engines", "pistons"}),
    ("project=/project/{pistons}&projectScopeUp=True&projectScopeDown=false", {"engines", "pistons"}),
    ("project=/project/{pistons}&projectscopeup=true", {"engines", "pistons"}),
    ("projectScopeUp=true&projectScopeDown=true", {"engines", "pistons", "wheels"}),
    # A project brings its own workspace along.
    ("project=/project/{elsewhere}", {"elsewhere"}),
    ("workspace=/workspace/{main}&project=/project/{wheels}", {"wheels"}),
    (
        "workspace=workspace/{main}&workspace=http://rally.test/slm/webservice/v2.0/workspace/{main}",
        {"engines", "pistons", "wheels"},
    ),
]


async def test_scopes(world: World) -> None:
    await furnish(world)
    for query, names in SCOPES:
        assert await found(world, query.format(**world.ids)) == names


async def test_a_scope_by_uuid(world: World) -> None:
    await furnish(world)
    uuid = (await world.get(f"project/{world.ids['wheels']}")).inner["ObjectUUID"]
    assert await found(world, f"project=/project/{uuid}") == {"wheels"}
    uuid = (await world.get(f"workspace/{world.ids['other']}")).inner["ObjectUUID"]
    assert await found(world, f"workspace=/workspace/{uuid.replace('-', '')}") == {"elsewhere"}


NOWHERE = [
    ("admin", "project=junk"),
    ("admin", "project=/project/4711"),
    ("admin", "project=/defect/1"),
    ("admin", "workspace=junk"),
    ("admin", "workspace=/workspace/4711"),
    ("admin", "workspace=/project/{engines}"),
    ("admin", "workspace=/workspace/{other}&project=/project/{engines}"),
    ("viewer", "project=/project/{wheels}"),
    ("viewer", "project=/project/{elsewhere}"),
    ("viewer", "workspace=/workspace/{other}"),
    ("stranger", "workspace=/workspace/{main}"),
]


async def test_scopes_that_lead_nowhere(world: World) -> None:
    await furnish(world)
    for user, query in NOWHERE:
        answer = await world.get(f"defect?{query.format(**world.ids)}", user)
        assert (answer.status, answer.root) == (200, "QueryResult")
        (error,) = answer.errors
        assert error.startswith('Cannot parse object reference from "')
        assert answer.inner["Results"] == []


async def test_only_what_the_caller_may_see(world: World) -> None:
    await furnish(world)
    everybody = {
        "wsadmin": {"engines", "pistons", "wheels"},
        "padmin": {"engines"},
        "editor": {"engines", "pistons"},
        "viewer": {"engines", "pistons"},
        "stranger": {"elsewhere"},
        "nobody": set(),
    }
    for user, names in everybody.items():
        assert await found(world, "", user) == names
        count = (await world.get("defect?pagesize=1", user)).inner["TotalResultCount"]
        assert count == len(names)
    # Above and below a project lies only what the caller may see.
    assert await found(world, f"project=/project/{world.ids['engines']}", "padmin") == {"engines"}
    assert await found(world, f"project=/project/{world.ids['pistons']}&projectScopeUp=true", "editor") == {
        "engines",
        "pistons",
    }


WITHOUT_PROJECT = ["tag", "user", "workspace", "project", "typedefinition", "workspacepermission"]


async def test_types_without_a_project_ignore_it(world: World) -> None:
    await world.make("tag", Name="Urgent")
    for type_name in WITHOUT_PROJECT:
        for more in ("", f"&workspace=/workspace/{world.ids['main']}"):
            within = await world.get(f"{type_name}?pagesize=200&project=/project/{world.ids['pistons']}{more}")
            anywhere = await world.get(f"{type_name}?pagesize=200&query=(ObjectID > -99999999)")
            if type_name == "user":
                within = await world.get(f"users?pagesize=200&project=/project/{world.ids['pistons']}{more}")
            assert within.results == anywhere.results
            assert within.results


async def test_projects_are_those_of_the_workspace(world: World) -> None:
    for workspace, names in (("main", {"Engines", "Pistons", "Wheels", "Valves"}), ("other", {"Elsewhere"})):
        answer = await world.get(f"project?fetch=Name&workspace=workspace/{world.ids[workspace]}&pagesize=1000&start=1")
        assert {item["Name"] for item in answer.results} == names


async def test_an_abstract_type_is_scoped_like_any(world: World) -> None:
    await furnish(world)
    await world.make("portfolioitem/feature", Name="F", Project=f"/project/{world.ids['wheels']}")
    answer = await world.get(f"artifact?fetch=Name&project=/project/{world.ids['wheels']}")
    assert {item["Name"] for item in answer.results} == {"wheels", "F"}


async def test_a_read_needs_no_scope(world: World) -> None:
    """An object is read wherever it lies; the scope parameters that clients send along do not hide it."""
    made = await world.make("defect", Name="x", Project=f"/project/{world.ids['elsewhere']}")
    for query in ("", f"?workspace=/workspace/{world.ids['main']}", f"?project=/project/{world.ids['engines']}"):
        answer = await world.get(f"defect/{made['ObjectID']}{query}")
        assert answer.inner["Name"] == "x"
        members = await world.get(f"workspace/{world.ids['other']}/Projects{query}")
        assert [item["Name"] for item in members.results] == ["Elsewhere"]
