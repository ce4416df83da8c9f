"""What queries mean, on the wire: every row of wsapi.md 4.2."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.harness import BASE, World


async def furnish(world: World) -> dict[str, Any]:
    """Three defects: A has everything, B something else, C nothing that it need not have."""
    made: dict[str, Any] = dict(world.ids)
    sprint = await world.make(
        "iteration", Name="Sprint 1", StartDate="2026-01-01", EndDate="2026-01-14", State="Planning"
    )
    story = await world.make(
        "hierarchicalrequirement", Name="Checkout", Iteration=sprint["_ref"], Owner=f"/user/{world.ids['editor']}"
    )
    tags = {name: await world.make("tag", Name=name) for name in ("Urgent", "Later", "Never")}
    defects: dict[str, dict[str, Any]] = {
        "A": {
            "Name": 'Crash on Öffnen (50%) "now" \\ later',
            "Description": "<p>It crashes.</p>",
            "Severity": "Major Problem",
            "State": "Open",
            "PlanEstimate": 2.5,
            "Ready": True,
            "Owner": f"/user/{world.ids['editor']}",
            "Iteration": sprint["_ref"],
            "Requirement": story["_ref"],
            "TargetDate": "2026-01-04T10:00:00Z",
            "Tags": [{"_ref": tags["Urgent"]["_ref"]}, {"_ref": tags["Later"]["_ref"]}],
        },
        "B": {
            "Name": "crash",
            "Severity": "Cosmetic",
            "State": "Fixed",
            "PlanEstimate": 10,
            "TargetDate": "2026-01-05T00:00:00Z",
            "Owner": f"/user/{world.ids['viewer']}",
            "Tags": [{"_ref": tags["Urgent"]["_ref"]}],
        },
        "C": {"Name": "x"},
    }
    for letter, body in defects.items():
        world.clock.advance(timedelta(days=1))
        made[letter] = await world.make("defect", **body)
    for name, state in (("Design", "Completed"), ("Build", "Defined")):
        await world.make("task", Name=name, State=state, WorkProduct=made["A"]["_ref"])
    # With its tasks the defect has come into another schedule state, for which it is not ready yet.
    await world.post(f"defect/{made['A']['ObjectID']}", {"Defect": {"Ready": True}})
    return made | {"sprint": sprint, "story": story, "tags": tags, "urgent": tags["Urgent"]["ObjectID"]}


async def hold(world: World, cases: list[tuple[str, str]], *, type_name: str = "defect", **facts: Any) -> None:
    """Ask each query and compare which of A, B and C it finds."""
    letters = {facts[letter]["ObjectID"]: letter for letter in "ABC"}
    wrong = []
    for query, expected in cases:
        text = query.format(**facts)
        answer = await world.get(type_name, query=text, fetch="ObjectID", order="ObjectID")
        if answer.errors:
            wrong.append((text, answer.errors))
            continue
        found = "".join(letters.get(item["ObjectID"], "") for item in answer.results)
        if found != expected or (type_name == "defect" and answer.inner["TotalResultCount"] != len(expected)):
            wrong.append((text, found))
    assert wrong == []


async def test_text(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ("(Name = CRASH)", "B"),
        ('(Name = "Crash")', "B"),
        ("(name = crash)", "B"),
        ("(Name != CRASH)", "AC"),
        ("(Name contains crash)", "AB"),
        ("(Name CONTAINS CRASH)", "AB"),
        ('(Name contains "ON ö")', "A"),
        ("(Name contains ÖFFNEN)", "A"),
        ('(Name = "crash on öffnen (50%) \\"NOW\\" \\\\ later")', "A"),
        ('(Name contains "(50%)")', "A"),
        ("(Name contains %)", "A"),
        ("(Name contains _)", ""),
        ("(Name !contains crash)", "C"),
        ("(Name < d)", "AB"),
        ("(Name > Crash)", "AC"),
        ("(Name >= crash)", "ABC"),
        ("(Name <= crash)", "B"),
        ("(Description contains CRASHES)", "A"),
        ("(Description = null)", "BC"),
        ('(Description = "")', "BC"),
        ("(Description != null)", "A"),
        ("(Description !contains crashes)", "BC"),
        ("(Description != x)", "ABC"),
        ("(Name = null)", ""),
        ("(ObjectUUID = {A[ObjectUUID]})", "A"),
        ("(TargetBuild = null)", "ABC"),
    ]
    await hold(world, cases, **facts)


async def test_ratings(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ('(Severity = "major problem")', "A"),
        ('(Severity != "Major Problem")', "BC"),
        # The order is that of the allowed values: None, Crash/Data Loss, Major Problem, Minor Problem, Cosmetic.
        ('(Severity <= "Major Problem")', "AC"),
        ('(Severity < "Major Problem")', "C"),
        ('(Severity > "Major Problem")', "B"),
        ("(Severity >= None)", "ABC"),
        ("(Severity = None)", "C"),
        ("(Severity = null)", "C"),
        ('(Severity = "")', "C"),
        ("(Severity != null)", "AB"),
        ("(Severity != None)", "AB"),
        ("(Severity contains PROBLEM)", "A"),
        ("(Severity !contains problem)", "BC"),
        ('(Severity in Cosmetic,"Major Problem")', "AB"),
        ("(Severity !in Cosmetic,None)", "A"),
        # An unknown value is no error; it just matches nothing (wsapi.md 15).
        ("(Severity = Unheard)", ""),
        ("(Severity > Unheard)", ""),
        ("(Severity != Unheard)", "ABC"),
        ("(State = Open)", "A"),
        ("(State = open)", "A"),
        ("(State > Submitted)", "AB"),
        ("(State in Open,Fixed)", "AB"),
        ('(State in "Open","Fixed")', "AB"),
        ("(State IN open, fixed)", "AB"),
        ('(State In "Open,Fixed")', "AB"),
        ('(State !in "Open,Fixed")', "C"),
        ("(State !in Open,Fixed)", "C"),
        ("(ScheduleState = defined)", "BC"),
        ("(ScheduleState < Completed)", "ABC"),
    ]
    await hold(world, cases, **facts)


async def test_numbers_and_booleans(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ("(ObjectID = {A[ObjectID]})", "A"),
        ('(ObjectID = "{A[ObjectID]}")', "A"),
        ("(ObjectID != {A[ObjectID]})", "BC"),
        ("(ObjectID > {A[ObjectID]})", "BC"),
        ("(ObjectID in {A[ObjectID]},{C[ObjectID]})", "AC"),
        ("(ObjectID = {A[ObjectID]}.5)", ""),
        ("(PlanEstimate = 2.5)", "A"),
        ('(PlanEstimate = "2.50")', "A"),
        ("(PlanEstimate > 9)", "B"),
        ("(PlanEstimate < 1e1)", "A"),
        ("(PlanEstimate <= 10)", "AB"),
        ("(PlanEstimate != 10)", "AC"),
        ("(PlanEstimate = null)", "C"),
        ("(PlanEstimate != null)", "AB"),
        ("(PlanEstimate in 10,null)", "BC"),
        ("(PlanEstimate >= -1)", "AB"),
        ("(Ready = true)", "A"),
        ('(Ready = "True")', "A"),
        ("(Ready = FALSE)", "BC"),
        ("(Ready != true)", "BC"),
        ("(Ready != null)", "ABC"),
        ("(VersionId = 1)", "BC"),
    ]
    await hold(world, cases, **facts)


async def test_dates(world: World) -> None:
    """Now is 2026-01-08 09:00 UTC; the workspace's days begin at 07:00 UTC, for its time zone is Denver's."""
    facts = await furnish(world)
    zone = (await world.get(f"workspace/{world.ids['main']}/WorkspaceConfiguration")).document
    assert zone
    await world.post(
        (await world.get(f"workspace/{world.ids['main']}")).inner["WorkspaceConfiguration"]["_ref"][
            len("http://rally.test") :
        ],
        {"x": {"TimeZone": "America/Denver"}},
    )
    cases = [
        ("(CreationDate = 2026-01-06T09:00:00.000Z)", "A"),
        ("(CreationDate = 2026-01-06T09:00:00Z)", "A"),
        ("(CreationDate = 2026-01-06T02:00:00-07:00)", "A"),
        ('(CreationDate > "2026-01-06T09:00:00Z")', "BC"),
        ("(CreationDate >= 2026-01-07)", "BC"),
        ("(CreationDate = 2026-01-07)", ""),
        ("(CreationDate > today)", "C"),
        ('(CreationDate > "Today-1")', "BC"),
        ("(CreationDate > TODAY-7)", "ABC"),
        ("(CreationDate > today+3)", ""),
        ("(CreationDate < yesterday)", "A"),
        ("(CreationDate < tomorrow)", "ABC"),
        ("(TargetDate = 2026-01-04T10:00:00Z)", "A"),
        # 2026-01-05 begins at 07:00 UTC.
        ("(TargetDate < 2026-01-05)", "AB"),
        ("(TargetDate < 2026-01-04)", ""),
        ("(TargetDate != 2026-01-04T10:00:00Z)", "BC"),
        ("(TargetDate = null)", "C"),
        ("(TargetDate != null)", "AB"),
        ("(TargetDate in 2026-01-04T10:00:00Z,null)", "AC"),
    ]
    await hold(world, cases, **facts)


async def test_objects(world: World) -> None:
    facts = await furnish(world)
    editor = (await world.get(f"user/{world.ids['editor']}")).inner
    facts |= {"uuid": editor["ObjectUUID"], "bare": editor["ObjectUUID"].replace("-", ""), "base": BASE}
    cases = [
        ("(Owner = /user/{editor})", "A"),
        ('(Owner = "/user/{editor}")', "A"),
        ("(Owner = user/{editor})", "A"),
        ("(Owner = User/{editor})", "A"),
        ("(Owner = {base}/user/{editor})", "A"),
        ("(Owner = https://elsewhere.test{base}/user/{editor}.js)", "A"),
        ("(Owner = /user/{uuid})", "A"),
        ("(Owner = user/{bare})", "A"),
        ("(Owner != /user/{editor})", "BC"),
        ("(Owner = null)", "C"),
        ('(Owner = "null")', "C"),
        ('(Owner = "")', "C"),
        ("(Owner != null)", "AB"),
        ("(Owner = /user/4711)", ""),
        ("(Owner != /user/4711)", "ABC"),
        ("(Owner = /tag/{editor})", ""),
        ("(Owner = editor@acme.test)", "A"),
        ("(Owner = EDITOR@ACME.TEST)", "A"),
        ('(Owner in "/user/{editor}","viewer@acme.test")', "AB"),
        ("(Owner !in editor@acme.test,null)", "B"),
        ("(Owner contains @acme)", "AB"),
        ("(Iteration = {sprint[_ref]})", "A"),
        ("(Iteration = iteration/{sprint[ObjectID]})", "A"),
        ('(Iteration = "sprint 1")', "A"),
        ("(Requirement = /hierarchicalrequirement/{story[ObjectID]})", "A"),
        ("(Requirement = /userstory/{story[ObjectID]})", "A"),
        ("(Requirement = /artifact/{story[ObjectID]})", "A"),
        ("(Requirement = US1)", "A"),
        ("(Requirement = checkout)", "A"),
        ("(Requirement = null)", "BC"),
        ("(Workspace = /workspace/{main})", "ABC"),
        ("(Project = Engines)", "ABC"),
        ("(Project = /project/{wheels})", ""),
        ("(SubmittedBy = currentuser)", "ABC"),
        ("(Owner = currentuser)", ""),
    ]
    await hold(world, cases, **facts)


async def test_paths(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ("(Owner.UserName = editor@acme.test)", "A"),
        ("(owner.username = editor@acme.test)", "A"),
        ("(Owner.DisplayName = EDITOR)", "A"),
        ("(Owner.UserName != editor@acme.test)", "BC"),
        ("(Owner.UserName = null)", "C"),
        ("(Owner.ObjectID = {editor})", "A"),
        ('(Owner.ObjectID = "{editor}")', "A"),
        ("(Iteration.StartDate < today)", "A"),
        ('(Iteration.Name = "Sprint 1")', "A"),
        ("(Iteration.Name = null)", "BC"),
        ("(Requirement.Owner.UserName = editor@acme.test)", "A"),
        ("(Requirement.Iteration = /iteration/{sprint[ObjectID]})", "A"),
        ("(Requirement.FormattedID = US1)", "A"),
        ("(Project.Name = engines)", "ABC"),
        ("(Project.Parent = null)", "ABC"),
        ("(Project.Workspace.Name = main)", "ABC"),
        ("(Workspace.ObjectID = {main})", "ABC"),
        ("(Subscription.Name = Acme)", "ABC"),
        ("(Subscription = /subscription/{subscription})", "ABC"),
        ("(Subscription = /subscription/4711)", ""),
        ("(Subscription != null)", "ABC"),
    ]
    await hold(world, cases, **facts)


async def test_collections(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ("(Tags.Name = urgent)", "AB"),
        ('(Tags.Name = "Later")', "A"),
        ("(Tags.Name contains e)", "AB"),
        ("(Tags.Name != Urgent)", "A"),
        # Two conditions on one collection are tested independently: another member may satisfy each (KB 225337).
        ("((Tags.Name = Urgent) AND (Tags.Name = Later))", "A"),
        ("((Tasks.Name = Design) AND (Tasks.State = Defined))", "A"),
        ("(Tasks.State = Completed)", "A"),
        ("(Tasks.State = In-Progress)", ""),
        ("(Tags contains /tag/{urgent})", "AB"),
        ('(Tags contains "/tag/{urgent}")', "AB"),
        ("(Tags = {tags[Later][_ref]})", "A"),
        ("(Tags contains Later)", "A"),
        ("(Tags !contains /tag/{urgent})", "C"),
        ("(Tags !contains Later)", "BC"),
        ("(Tags = null)", "C"),
        ("(Tags != null)", "AB"),
        ("(Tags.ObjectID = {urgent})", "AB"),
        ("(Tags contains /tag/{tags[Never][ObjectID]})", ""),
        ("(Requirement.Defects.Name = crash)", ""),
        ("(Requirement.Defects.State = Open)", "A"),
        ("(Requirement.Tags = null)", "ABC"),
        ("(Milestones.Name = x)", ""),
    ]
    await hold(world, cases, **facts)


async def test_formatted_ids(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ("(FormattedID = DE1)", "A"),
        ('(FormattedID = "de1")', "A"),
        ("(FormattedID = 1)", "A"),
        ("(FormattedID != DE1)", "BC"),
        ("(FormattedID > DE1)", "BC"),
        ("(FormattedID <= DE2)", "AB"),
        ("(FormattedID >= 2)", "BC"),
        ("((FormattedID >= DE2) AND (FormattedID < 3))", "B"),
        ("(FormattedID in DE1,3)", "AC"),
        # A foreign prefix is no error; it matches nothing (wsapi.md 15).
        ("(FormattedID = US1)", ""),
        ("(FormattedID != US1)", "ABC"),
        ("(FormattedID = nonsense)", ""),
        ("(FormattedID contains e1)", "A"),
    ]
    await hold(world, cases, **facts)
    # Among several types the number alone counts: US1 also finds DE1.
    several = await world.get("artifact", query="(FormattedID = US1)", fetch="FormattedID", order="ObjectID")
    assert [item["FormattedID"] for item in several.results] == ["US1", "DE1", "TA1"]
    narrowed = await world.get("artifact", query="(FormattedID = DE1)", types="Defect,Task", fetch="FormattedID")
    assert {item["FormattedID"] for item in narrowed.results} == {"DE1", "TA1"}
    ten = [await world.make("defect", Name=f"n{n}") for n in range(4, 12)][-1]
    assert ten["FormattedID"] == "DE11"
    after = await world.get("defect", query="(FormattedID > DE9)", fetch="FormattedID", order="FormattedID")
    assert [item["FormattedID"] for item in after.results] == ["DE10", "DE11"]


async def test_grammar(world: World) -> None:
    facts = await furnish(world)
    cases = [
        ("((Name = crash) AND (State = Fixed))", "B"),
        ("((Name = crash) and (State = Open))", ""),
        ("((Name = crash) Or (Name = x))", "BC"),
        ("(((Name = crash) OR (Name = x)) AND (State = Submitted))", "C"),
        ("((State = Submitted) AND ((Name = crash) OR (Name = x)))", "C"),
        ("((Name = crash) AND ((State = Fixed) AND (PlanEstimate = 10)))", "B"),
        ('((Name = "crash"))', "B"),
        ('(((Name = "crash")))', "B"),
        ('  ( Name   =   "crash" )  ', "B"),
        ("Name = crash", "B"),
        ("(Name = crash) AND (State = Fixed)", "B"),
        ('(Owner.UserName = "viewer@acme.test") AND (State = "Fixed")', "B"),
        ("( (Name = crash)AND(State = Fixed) )", "B"),
        ("", "ABC"),
        ("  ", "ABC"),
    ]
    await hold(world, cases, **facts)
    chain = "(Name = x)"
    for n in range(300):
        chain = f"({chain} OR (ObjectID = {n}))"
    await hold(world, [(chain, "C")], **facts)


async def test_hidden_objects_are_as_good_as_none(world: World) -> None:
    """Nothing about what a caller may not see can be found out by asking."""
    shown, hidden = f"/project/{world.ids['engines']}", f"/project/{world.ids['wheels']}"
    story = await world.make("hierarchicalrequirement", Name="Secret", Project=hidden, PlanEstimate=5)
    defect = await world.make("defect", Name="x", Project=shown, Requirement=story["_ref"])
    task = await world.make("task", Name="Secret task", WorkProduct=story["_ref"])
    assert task["Project"]["_refObjectName"] == "Wheels"
    uuid = story["ObjectUUID"]
    for query in (
        "(Requirement = null)",
        f"(Requirement != {story['_ref']})",
        f"(Requirement != /hierarchicalrequirement/{uuid})",
        "(Requirement != Secret)",
        "(Requirement.Name = null)",
        "(Requirement.Name != Secret)",
        "(Requirement.PlanEstimate = null)",
        "(Requirement.Tasks = null)",
    ):
        assert len((await world.get("defect", "viewer", query=query)).results) == 1, query
        assert (await world.get("defect", query=query)).results == [], query
    for query in (
        "(Requirement != null)",
        f"(Requirement = /hierarchicalrequirement/{story['ObjectID']})",
        f"(Requirement = /hierarchicalrequirement/{uuid})",
        "(Requirement = Secret)",
        "(Requirement = US1)",
        "(Requirement.Name = Secret)",
        '(Requirement.Tasks.Name = "Secret task")',
        f"(Requirement.ObjectID = {story['ObjectID']})",
    ):
        assert (await world.get("defect", "viewer", query=query)).results == [], query
        assert [item["_ref"] for item in (await world.get("defect", query=query)).results] == [defect["_ref"]], query


async def test_definitions_are_queried_like_all(world: World) -> None:
    async def names(type_name: str, query: str, attribute: str = "ElementName") -> list[str]:
        answer = await world.get(type_name, query=query, fetch=attribute, pagesize=2000, order=attribute)
        return [item[attribute] for item in answer.results]

    assert await names("typedefinition", '(TypePath = "defect")') == ["Defect"]
    assert await names("typedefinition", '(Name = "Hierarchical Requirement")') == ["HierarchicalRequirement"]
    assert await names("typedefinition", "(ElementName = feature)") == ["Feature"]
    assert await names("typedefinition", "(TypePath contains PortfolioItem/)", "TypePath") == [
        "PortfolioItem/Feature",
        "PortfolioItem/Initiative",
        "PortfolioItem/Strategy",
        "PortfolioItem/Theme",
    ]
    assert "Feature" in await names("typedefinition", '(Parent.Name = "Portfolio Item")')
    assert await names("typedefinition", '((Parent.Name = "Portfolio Item") AND (Ordinal = 0))') == ["Feature"]
    assert await names("typedefinition", "((Creatable = true) AND (IDPrefix = DE))") == ["Defect"]
    assert "Severity" in await names(
        "attributedefinition", "((AttributeType = RATING) AND (TypeDefinition.Name = Defect))"
    )
    assert await names("allowedattributevalue", '(StringValue = "Crash/Data Loss")', "StringValue") == [
        "Crash/Data Loss"
    ]
    (defect,) = (await world.get("typedefinition", query="(TypePath = Defect)")).results
    assert "Severity" in await names("attributedefinition", f"(TypeDefinition = {defect['_ref']})")
    assert "Severity" in await names("attributedefinition", "(AllowedValues.StringValue = Cosmetic)")


async def test_states_by_their_type(world: World) -> None:
    found = await world.get("state", query='(TypeDef.Name = "Feature")', fetch="Name,TypeDef", pagesize=200)
    assert found.results
    assert {item["TypeDef"]["_refObjectName"] for item in found.results} == {"Feature"}
    others = await world.get("state", query='(TypeDef.Name != "Feature")', fetch="TypeDef", pagesize=200)
    assert others.results
    assert "Feature" not in {item["TypeDef"]["_refObjectName"] for item in others.results}
    whole = (await world.get("state")).inner["TotalResultCount"]
    assert whole == len(found.results) + len(others.results)
    named = await world.get("state", query="(TypeDef = Feature)", pagesize=200, fetch="Name,TypeDef")
    assert named.results == found.results
    partly = await world.get("state", query='(TypeDef contains "eatur")', pagesize=200, fetch="Name,TypeDef")
    assert partly.results == found.results
    rest = await world.get("state", query='(TypeDef !contains "eatur")', fetch="TypeDef", pagesize=200)
    assert rest.results == others.results


async def test_permissions_as_clients_ask(world: World) -> None:
    query = f'((User.UserName = "editor@acme.test") AND (Project = /project/{world.ids["engines"]}))'
    (found,) = (await world.get("projectpermission", query=query, fetch="Role")).results
    assert found["Role"] == "Editor"
    query = '((EmailAddress = "editor@acme.test") OR (UserName = "editor@acme.test"))'
    (user,) = (await world.get("user", query=query)).results
    assert user["_refObjectName"] == "Editor"
