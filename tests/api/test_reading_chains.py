"""Collections that follow a chain: ancestors, folders."""

from __future__ import annotations

from tests.harness import World


async def test_ancestors_are_the_portfolio_items_above(world: World) -> None:
    initiative = await world.make("portfolioitem/initiative", Name="I")
    feature = await world.make("portfolioitem/feature", Name="F", Parent=initiative["_ref"])
    top = await world.make("hierarchicalrequirement", Name="top", PortfolioItem=feature["_ref"])
    leaf = await world.make("hierarchicalrequirement", Name="leaf", Parent=top["_ref"])
    answer = await world.get(f"hierarchicalrequirement/{leaf['ObjectID']}/Ancestors", fetch="Name")
    assert {item["Name"] for item in answer.results} == {"I", "F"}
    read = await world.get(f"hierarchicalrequirement/{leaf['ObjectID']}", fetch="Ancestors")
    assert read.inner["Ancestors"]["Count"] == 2
    found = await world.get("hierarchicalrequirement", query='(Ancestors.Name = "I")', fetch="Name", order="Name")
    assert [item["Name"] for item in found.results] == ["leaf", "top"]


async def test_a_folder_knows_the_test_cases_below_it(world: World) -> None:
    upper = await world.make("testfolder", Name="upper")
    lower = await world.make("testfolder", Name="lower", Parent=upper["_ref"])
    case = await world.make("testcase", Name="deep", TestFolder=lower["_ref"])
    below = await world.get(f"testfolder/{upper['ObjectID']}/RecursiveTestCases", fetch="Name")
    assert [item["Name"] for item in below.results] == ["deep"]
    above = await world.get(f"testcase/{case['ObjectID']}/TestFolderHierarchy", fetch="Name")
    assert {item["Name"] for item in above.results} == {"upper", "lower"}


async def test_mixed_children_are_of_any_type(world: World) -> None:
    story = await world.make("hierarchicalrequirement", Name="story")
    await world.make("hierarchicalrequirement", Name="child", Parent=story["_ref"])
    defect = await world.make("defect", Name="defect", Requirement=story["_ref"])
    await world.make("task", Name="task", WorkProduct=story["_ref"])
    case = await world.make("testcase", Name="case", WorkProduct=story["_ref"])
    await world.make("task", Name="repair", WorkProduct=defect["_ref"])
    suite = await world.make("defectsuite", Name="suite", Defects=[{"_ref": defect["_ref"]}])
    tests = await world.make("testset", Name="set", TestCases=[{"_ref": case["_ref"]}])
    for item, names in (
        (story, ["case", "child", "defect", "task"]),
        (defect, ["repair"]),
        (suite, ["defect"]),
        (tests, ["case"]),
    ):
        path = item["_ref"].partition("v2.0/")[2]
        below = await world.get(f"{path}/MixedChildren", fetch="Name", order="Name")
        assert [member["Name"] for member in below.results] == names
        assert (await world.get(path, fetch="MixedChildren")).inner["MixedChildren"]["Count"] == len(names)
    found = await world.get("hierarchicalrequirement", query='(MixedChildren.Name = "task")', fetch="Name")
    assert [item["Name"] for item in found.results] == ["story"]
