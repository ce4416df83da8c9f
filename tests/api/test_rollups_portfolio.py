"""Portfolio items count what is below them, whatever project it is in (object-model.md 6, "Portfolio rollups")."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.api.test_rollups_stories import change, make, show

if TYPE_CHECKING:
    from tests.harness import World


async def test_figures_climb_through_all_levels(world: World) -> None:
    theme = await make(world, "PortfolioItem/Theme")
    initiative = await make(world, "PortfolioItem/Initiative", Parent=f"/{theme}")
    feature, bare = [await make(world, "PortfolioItem/Feature", Parent=f"/{initiative}") for _ in range(2)]
    top = await make(world, PortfolioItem=f"/{feature}")
    leaf = await make(world, Parent=f"/{top}", PlanEstimate=3)
    await make(world, Parent=f"/{top}")
    await make(world, PortfolioItem=f"/{bare}", PlanEstimate=5, Project=f"/project/{world.ids['wheels']}")
    await make(world, "Defect", PortfolioItem=f"/{feature}", PlanEstimate=1, ScheduleState="Accepted")
    await change(world, leaf, ScheduleState="Accepted")
    expected = {
        "LeafStoryCount": (2, 3),
        "AcceptedLeafStoryCount": (1, 1),
        "LeafStoryPlanEstimateTotal": (3, 8),
        "AcceptedLeafStoryPlanEstimateTotal": (3, 3),
        "UnEstimatedLeafStoryCount": (1, 1),
        "PercentDoneByStoryCount": (0.5, 0.3333),
        "PercentDoneByStoryPlanEstimate": (1, 0.375),
        "DefectCountRollup": (1, 1),
        "AcceptedDefectCountRollup": (1, 1),
        "TotalCountRollup": (3, 4),
        "AcceptedTotalCountRollup": (2, 2),
        "TotalEstimateRollup": (4, 9),
        "AcceptedTotalEstimateRollup": (4, 4),
        "UnEstimatedTotalCountRollup": (1, 1),
        "PercentDoneByTotalCountRollup": (0.6667, 0.5),
    }
    below, above, highest = [await show(world, path) for path in (feature, initiative, theme)]
    assert {name: (below[name], above[name]) for name in expected} == expected
    assert {name: highest[name] for name in expected} == {name: pair[1] for name, pair in expected.items()}
    assert [shown["DirectChildrenCount"] for shown in (below, above, highest)] == [1, 2, 1]
    await change(world, feature, Parent=None)
    assert (await show(world, theme))["LeafStoryCount"] == 1
    await world.delete(bare)
    assert (await show(world, theme))["LeafStoryCount"] == 0


async def test_figures_are_silent(world: World) -> None:
    """They follow every step of others' work: no version and no revision, but LastRollupDate tells when."""
    feature = await make(world, "PortfolioItem/Feature")
    world.clock.advance(timedelta(hours=1))
    await make(world, PortfolioItem=f"/{feature}")
    shown = await show(world, feature)
    assert (shown["LeafStoryCount"], shown["VersionId"]) == (1, "1")
    assert shown["LastRollupDate"] > shown["CreationDate"]


async def test_late_children_end_after_their_feature(world: World) -> None:
    """Late is what is planned beyond the item's release, and dates of timeboxes count as they are now."""

    async def release(end: str) -> str:
        more = {"ReleaseStartDate": "2026-01-01", "ReleaseDate": end, "State": "Planning"}
        return await make(world, "Release", **more)

    early, late = await release("2026-02-01"), await release("2026-03-01")
    sprint = await make(world, "Iteration", StartDate="2026-01-01", EndDate="2026-02-14", State="Planning")
    feature = await make(world, "PortfolioItem/Feature", Release=f"/{early}")
    stories = [await make(world, PortfolioItem=f"/{feature}", Release=f"/{early}") for _ in range(3)]
    seen = [(await show(world, feature))["LateChildCount"]]
    await change(world, stories[0], Release=f"/{late}")
    seen.append((await show(world, feature))["LateChildCount"])
    await change(world, stories[1], Iteration=f"/{sprint}")
    seen.append((await show(world, feature))["LateChildCount"])
    await change(world, early, ReleaseDate="2026-02-20")
    seen.append((await show(world, feature))["LateChildCount"])
    await change(world, feature, Release=f"/{late}")
    seen.append((await show(world, feature))["LateChildCount"])
    assert seen == [0, 1, 2, 1, 0]


async def test_what_follows_from_estimates(world: World) -> None:
    feature = await make(world, "PortfolioItem/Feature", RROEValue=3, TimeCriticality=5, UserBusinessValue=2, JobSize=4)
    assert (await show(world, feature))["WSJFScore"] == 2.5
    assert (await change(world, feature, JobSize=8))["WSJFScore"] == 1.25
    sizes = (await world.get("preliminaryestimate", query="(Name = M)", fetch="ObjectID,Value")).results
    shown = await change(world, feature, PreliminaryEstimate=f"/preliminaryestimate/{sizes[0]['ObjectID']}")
    assert shown["PreliminaryEstimateValue"] == sizes[0]["Value"]
