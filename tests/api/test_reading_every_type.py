"""Every type of the catalogue answers a query and a read, whatever it holds."""

from __future__ import annotations

from banneret.catalogue.loader import stock_schema
from banneret.catalogue.model import HOLDERS
from tests.harness import LAYOUT, World

SCHEMA = stock_schema()
SPREAD = [item.name for item in SCHEMA.types.values() if len({each.table for each in SCHEMA.concrete(item)}) > 1]
"""Abstract types whose objects lie in several tables: they can be read, but not listed as one."""

FURNISHED = {
    *("HierarchicalRequirement", "Defect", "Task", "TestCase", "TestSet", "TestFolder", "DefectSuite", "Risk"),
    *("PortfolioItem/Feature", "PortfolioItem/Initiative", "Iteration", "Release", "Milestone", "Tag"),
    *("ConversationPost", "Attachment", "AttachmentContent", "RecycleBinEntry", "RevisionHistory", "Revision"),
    *("Subscription", "Workspace", "WorkspaceConfiguration", "Project", "User", "UserProfile"),
    *("WorkspacePermission", "ProjectPermission", "ScheduleState", "FlowState", "State", "PreliminaryEstimate"),
    *("TypeDefinition", "AttributeDefinition", "AllowedAttributeValue", "AllowedQueryOperator"),
}
"""The types that `furnish` and the world itself leave an object of."""

OPENED = {
    *("Defect.Tags", "Defect.Tasks", "Defect.Attachments", "HierarchicalRequirement.Defects", "TestCase.Steps"),
    *("PortfolioItem/Feature.UserStories", "PortfolioItem/Initiative.Children", "Milestone.Projects"),
    *("RevisionHistory.Revisions", "Subscription.Workspaces", "Workspace.Projects", "Workspace.TypeDefinitions"),
    *("Project.Children", "Project.Editors", "User.TeamMemberships", "User.UserPermissions"),
    *("TypeDefinition.Attributes", "AttributeDefinition.AllowedValues", "AttributeDefinition.AllowedQueryOperators"),
}
"""One collection at least of every way that members come about."""


async def furnish(world: World) -> None:
    """One object at least of whatever can be made without much ado."""
    project = f"/project/{world.ids['engines']}"
    story = await world.make("hierarchicalrequirement", Name="s", Project=project)
    defect = await world.make("defect", Name="d", Project=project, Requirement=story["_ref"])
    dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14"}
    release = {"ReleaseStartDate": "2026-01-01", "ReleaseDate": "2026-02-01"}
    bodies = {
        "task": {"WorkProduct": story["_ref"]},
        "testcase": {"WorkProduct": defect["_ref"]},
        "testset": {},
        "testfolder": {},
        "defectsuite": {},
        "risk": {},
        "portfolioitem/feature": {},
        "portfolioitem/initiative": {},
        "iteration": {**dates, "State": "Planning"},
        "release": {**release, "State": "Planning"},
        "milestone": {},
        "tag": {},
    }
    for type_name, body in bodies.items():
        await world.make(
            type_name, Name=type_name, **({"Project": project} if type_name not in {"tag", "milestone"} else {}), **body
        )
    await world.make("conversationpost", Artifact=defect["_ref"], Text="hello")
    content = await world.make("attachmentcontent", Content="aGVsbG8=")
    await world.make(
        "attachment", Name="a.txt", ContentType="text/plain", Size=5, Artifact=defect["_ref"], Content=content["_ref"]
    )
    gone = await world.make("defect", Name="gone", Project=project)
    await world.delete(f"defect/{gone['ObjectID']}")


async def test_every_type_is_queried_and_read(world: World) -> None:
    await furnish(world)
    held = set()
    for item in SCHEMA.types.values():
        if item.name in SPREAD:
            continue
        for user in ("admin", "viewer"):
            answer = await world.get(item.name, user, fetch="true", query="(ObjectID != 4711)", pagesize=50)
            assert (answer.root, answer.errors, answer.warnings) == ("QueryResult", [], []), item.name
            assert answer.inner["TotalResultCount"] >= len(answer.results)
        answer = await world.get(item.name, fetch="true", query="(ObjectID != 4711)", pagesize=5)
        for found in answer.results:
            held.add(found["_type"])
            concrete = SCHEMA.get(found["_type"])
            assert set(concrete.attributes) <= set(found), item.name
            read = await world.get(found["_ref"].removeprefix("http://rally.test"))
            assert read.root == concrete.element_name
            assert read.errors == []
            # Bytes are shown where one object is read, and nowhere else.
            passed = {"Errors", "Warnings", "_type", *(("Content",) if concrete.name in HOLDERS else ())}
            shown = {name: value for name, value in read.inner.items() if name not in passed}
            assert shown == {name: value for name, value in found.items() if name not in passed}, item.name
    assert held >= FURNISHED, sorted(FURNISHED - held)


async def test_every_collection_of_every_object_opens(world: World) -> None:
    await furnish(world)
    seen = set()
    for item in SCHEMA.types.values():
        if item.name in SPREAD or item.abstract:
            continue
        answer = await world.get(item.name, fetch="true", query="(ObjectID != 4711)", pagesize=1)
        for found in answer.results:
            for attribute in item.attributes.values():
                if not attribute.is_collection:
                    continue
                summary = found[attribute.name]
                members = await world.get(summary["_ref"].removeprefix("http://rally.test"), fetch="true", pagesize=200)
                where = f"{item.name}.{attribute.name}"
                assert members.errors == [], where
                assert members.inner["TotalResultCount"] == summary["Count"], where
                targets = {each.name for each in SCHEMA.concrete(SCHEMA.get(attribute.of or ""))}
                assert {member["_type"] for member in members.results} <= targets, where
                seen.add(where)
    assert seen >= OPENED, sorted(OPENED - seen)


async def test_every_attribute_takes_part_in_queries_and_order(world: World) -> None:
    """No comparison and no order of any attribute fails, on types that share a table as on those that do not."""
    for item in SCHEMA.types.values():
        if item.name in SPREAD or item.abstract:
            continue
        asked = [
            f"({attribute.name} {operator} null)"
            for attribute in item.attributes.values()
            for operator in ("=", "!=")
            if attribute.type.value != "BINARY_DATA"
        ]
        query = asked[0]
        for part in asked[1:]:
            query = f"({query} OR {part})"
        answer = await world.get(item.name, query=query)
        assert answer.errors == [], item.name
        sortable = [
            name
            for name, each in item.attributes.items()
            if not each.is_collection and each.type.value != "BINARY_DATA"
        ]
        for start in range(0, len(sortable), 15):
            answer = await world.get(
                item.name, order=",".join(sortable[start : start + 15]), query="(ObjectID != 4711)"
            )
            assert answer.errors == [], (item.name, sortable[start : start + 15])


async def test_a_type_in_several_tables_can_be_read_and_narrowed(world: World) -> None:
    made = await world.make("defect", Name="x")
    for name in SPREAD:
        if "Defect" not in {each.name for each in SCHEMA.concrete(SCHEMA.get(name))}:
            continue
        assert (await world.get(f"{name}/{made['ObjectID']}")).inner["_ref"] == made["_ref"]
        assert (await world.get(name)).errors[0].startswith("Could not read: could not read all instances of class ")
        assert [item["_ref"] for item in (await world.get(name, types="Defect")).results] == [made["_ref"]]


def test_each_concrete_type_has_a_table_or_is_virtual() -> None:
    for item in SCHEMA.types.values():
        if not item.abstract:
            assert item.virtual is (item.table is None)
            assert item.virtual or LAYOUT.of(item) is not None
