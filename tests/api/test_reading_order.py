"""Order and pages (wsapi.md 3, 5): every kind of attribute sorts, and pages neither overlap nor lose anything."""

from __future__ import annotations

from typing import Any

from tests.harness import World


async def furnish(world: World) -> None:
    """Defects that differ in everything; `e` has nothing that it need not have."""
    iterations = {}
    for name, start in (("Later", "2026-03-01"), ("Sooner", "2026-01-01")):
        made = await world.make("iteration", Name=name, StartDate=start, EndDate="2026-04-01", State="Planning")
        iterations[name] = made["_ref"]
    users = {name: f"/user/{world.ids[name]}" for name in ("viewer", "editor")}
    rows: list[dict[str, Any]] = [
        {"Name": "b", "Severity": "Cosmetic", "PlanEstimate": 10, "TargetDate": "2026-02-01", "Ready": True},
        {"Name": "A", "Severity": "Crash/Data Loss", "PlanEstimate": 9.5, "TargetDate": "2025-02-01", "State": "Fixed"},
        {"Name": "C", "Severity": "Minor Problem", "PlanEstimate": 2, "Owner": users["viewer"], "State": "Open"},
        {"Name": "d", "Severity": "Major Problem", "PlanEstimate": -1, "Owner": users["editor"], "State": "Closed"},
        {"Name": "e"},
    ]
    rows[0]["Iteration"], rows[1]["Iteration"] = iterations["Later"], iterations["Sooner"]
    for row in rows:
        await world.make("defect", **row)


async def sorted_names(world: World, order: str, path: str = "defect", **params: Any) -> str:
    answer = await world.get(path, fetch="Name", order=order, **params)
    return "".join(item["Name"] for item in answer.results)


ORDERS = [
    ("Name", "AbCde"),
    ("Name asc", "AbCde"),
    ("name ASC", "AbCde"),
    ("Name desc", "edCbA"),
    ("Name DESC,ObjectID", "edCbA"),
    ('"Name desc"', "edCbA"),
    ("ObjectID", "bACde"),
    ("ObjectID desc", "edCAb"),
    ("", "bACde"),
    (",", "bACde"),
    ("Rank", "bACde"),
    ("Rank ASC,ObjectID", "bACde"),
    ("Rank FooBar", "bACde"),
    ("DragAndDropRank desc", "edCAb"),
    # Nothing comes before everything; an unset rating is None, the first of its values.
    ("PlanEstimate", "edCAb"),
    ("PlanEstimate desc", "bACde"),
    ("TargetDate,Name", "CdeAb"),
    ("TargetDate desc,Name desc", "bAedC"),
    ("Severity", "eAdCb"),
    ("Severity desc", "bCdAe"),
    ("State,Name", "beCAd"),
    ("State desc,Name desc", "dACeb"),
    ("Ready,Name", "ACdeb"),
    ("Ready desc,Name", "bACde"),
    ("FormattedID", "bACde"),
    ("FormattedID desc", "edCAb"),
    ("Owner,Name", "AbedC"),
    ("Owner.UserName,Name", "AbedC"),
    ("Owner.UserName desc,Name", "CdAbe"),
    ("Iteration.StartDate,Name", "CdeAb"),
    ("Iteration.StartDate desc,Name", "bACde"),
    ("Iteration,Name", "Cdeb" + "A"),
    ("Project.Name,Name", "AbCde"),
    ("CreationDate,Name desc", "edCbA"),
    ("Blocked,Ready desc,Name", "bACde"),
    ("Name,Name desc", "AbCde"),
    ("ObjectUUID", None),
    ("VersionId,Name", "AbCde"),
]


async def test_every_kind_of_attribute_sorts(world: World) -> None:
    await furnish(world)
    for order, names in ORDERS:
        found = await sorted_names(world, order)
        assert found == (names or found)
        # Whatever the order, pages of two are the whole, without overlap.
        pages = [await sorted_names(world, order, start=start, pagesize=2) for start in (1, 3, 5)]
        assert "".join(pages) == found


async def test_more_than_nine_formatted_ids_sort_by_number(world: World) -> None:
    for n in range(1, 12):
        await world.make("tag" if n < 0 else "defect", Name=f"{n} ")
    assert (await sorted_names(world, "FormattedID desc")).split() == [str(n) for n in range(11, 0, -1)]


UNSORTABLE = [
    ("defect", "Nonsense", "Nonsense"),
    ("defect", "Name,Nonsense desc", "Nonsense"),
    ("defect", "Owner.Nonsense", "Owner.Nonsense"),
    ("defect", "Tags", "Tags"),
    ("defect", "Tags.Name", "Tags.Name"),
    ("artifact", "Severity", "Severity"),
    ("typedefinition", "Nonsense", "Nonsense"),
    ("tag", "Rank", "Rank"),
]


async def test_what_cannot_be_sorted_by(world: World) -> None:
    for path, order, named in UNSORTABLE:
        answer = await world.get(path, order=order)
        assert answer.root == "QueryResult"
        assert answer.errors == [f"Cannot sort using unknown attribute {named}"]


async def test_a_custom_attribute_sorts(world: World) -> None:
    await world.make("attributedefinition", Name="Points", TypeDefinition="Defect", AttributeType="INTEGER")
    for name, points in (("a", 10), ("b", 9), ("c", None), ("d", -1)):
        await world.make("defect", Name=name, c_Points=points)
    assert await sorted_names(world, "c_Points") == "cdba"
    assert await sorted_names(world, "points desc") == "abdc"


async def test_several_types_sort_together(world: World) -> None:
    for kind, name in (
        ("defect", "b"),
        ("hierarchicalrequirement", "C"),
        ("task", "a"),
        ("portfolioitem/feature", "d"),
    ):
        more = {}
        if kind == "task":
            parent = (await world.get("hierarchicalrequirement")).results[0]["_ref"]
            more = {"WorkProduct": parent}
        await world.make(kind, Name=name, **more)
    assert await sorted_names(world, "Name", "artifact") == "abCd"
    assert await sorted_names(world, "Name desc", "artifact", types="Defect,Task") == "ba"


async def test_what_may_not_be_seen_does_not_sort(world: World) -> None:
    """Order by an attribute of a hidden object is order by nothing: it must not tell its name."""
    shown, hidden = f"/project/{world.ids['engines']}", f"/project/{world.ids['wheels']}"
    stories = [
        await world.make("hierarchicalrequirement", Name=name, Project=project)
        for name, project in (("A", shown), ("0 secret", hidden), ("z secret", hidden))
    ]
    for name, story in zip("cab", stories, strict=True):
        await world.make("defect", Name=name, Project=shown, Requirement=story["_ref"])
    for order in ("Requirement.Name,Name", "Requirement,Name"):
        answer = await world.get("defect", "viewer", fetch="Name", order=order)
        assert [item["Name"] for item in answer.results] == ["a", "b", "c"]


PAGES = [
    ({}, (1, 20, 20)),
    ({"pagesize": 200}, (1, 200, 25)),
    ({"pagesize": 5}, (1, 5, 5)),
    ({"pagesize": 1, "start": 25}, (25, 1, 1)),
    ({"start": 24, "pagesize": 10}, (24, 10, 2)),
    ({"start": 26}, (26, 20, 0)),
    ({"start": 1000, "pagesize": 10}, (1000, 10, 0)),
    ({"start": 0}, (1, 20, 20)),
    ({"start": -3}, (1, 20, 20)),
    ({"start": ""}, (1, 20, 20)),
    ({"start": "x"}, (1, 20, 20)),
    ({"pagesize": 0}, (1, 1, 1)),
    ({"pagesize": -1}, (1, 1, 1)),
    ({"pagesize": ""}, (1, 20, 20)),
    ({"pagesize": 2000}, (1, 2000, 25)),
    ({"pagesize": 2001}, (1, 2000, 25)),
    ({"pagesize": 10**11}, (1, 2000, 25)),
    ({"start": 10**11}, (10**11, 20, 0)),
    ({"pageSize": 3}, (1, 3, 3)),
    ({"pagesize": "3/create?"}, (1, 3, 3)),
]


async def test_pages(world: World) -> None:
    async def furnish_tags(context: Any) -> None:
        from banneret.operations.create import Given, create

        for n in range(25):
            await create(context, context.schema.get("Tag"), {"Name": f"t{n}"}, "Tag", Given(internal=True))

    await world.server(furnish_tags)
    for given, shown in PAGES:
        answer = await world.get("tag", **given)
        assert (answer.inner["StartIndex"], answer.inner["PageSize"], len(answer.results)) == shown
        assert answer.inner["TotalResultCount"] == 25


async def test_definitions_page_too(world: World) -> None:
    whole = await world.get("typedefinition", pagesize=2000, fetch="Name")
    seen: list[str] = []
    for start in range(1, 200, 50):
        page = await world.get("typedefinition", pagesize=50, start=start, fetch="Name")
        assert page.inner["TotalResultCount"] == 140
        seen += [item["Name"] for item in page.results]
    assert seen == [item["Name"] for item in whole.results]
    assert len(seen) == 140
    ordered = await world.get("typedefinition", pagesize=200, fetch="Name", order="Name desc")
    names = [item["Name"].lower() for item in ordered.results]
    assert names == sorted(names, reverse=True)
