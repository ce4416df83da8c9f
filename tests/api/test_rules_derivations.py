"""Rules of attributes that follow from others of the same object (object-model.md 6-8)."""

from __future__ import annotations

from tests.api.test_rules_blocking import now
from tests.api.test_rules_figures import figures
from tests.api.test_rules_states import change, path_of
from tests.harness import World


async def test_a_risk_is_weighed(world: World) -> None:
    risk = await world.make("Risk", Name="r", Probability="2", SizeOfLoss=10)
    assert figures(risk, "CalculatedRisk", "Exposure") == (None, 4.0)
    risk = await change(world, risk, Impact="5 - High")
    assert figures(risk, "CalculatedRisk", "Exposure") == (10, 4.0)
    risk = await change(world, risk, Probability="None")
    assert figures(risk, "CalculatedRisk", "Exposure") == (None, None)


async def test_a_changed_file_is_named_by_its_path(world: World) -> None:
    repository = await world.make("SCMRepository", Name="git", SCMType="git")
    changeset = await world.make(
        "Changeset", SCMRepository=repository["_ref"], Revision="a1", CommitTimestamp="2026-01-01T00:00:00Z"
    )
    made = await world.make("Change", Changeset=changeset["_ref"], PathAndFilename="src/app/main.tar.gz")
    assert figures(made, "Base", "Extension") == ("main.tar", "gz")
    made = await world.make("Change", Changeset=changeset["_ref"], PathAndFilename="Makefile", Base="said")
    assert figures(made, "Base", "Extension") == ("said", None)


async def test_a_time_entry_outlives_what_it_was_for(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="story", Project=f"/project/{world.ids['engines']}")
    task = await world.make("Task", Name="task", WorkProduct=story["_ref"])
    entry = await world.make(
        "TimeEntryItem",
        Project=f"/project/{world.ids['engines']}",
        User=f"/user/{world.ids['editor']}",
        Task=task["_ref"],
        WeekStartDate="2026-01-04T00:00:00.000Z",
    )
    assert entry["WorkProduct"]["_ref"] == story["_ref"]
    await world.delete(path_of(story))
    entry = await now(world, entry)
    assert (entry["Task"], entry["WorkProduct"]) == (None, None)
    assert entry["TaskDisplayString"] == f"{task['FormattedID']}: task"
    assert entry["WorkProductDisplayString"] == f"{story['FormattedID']}: story"
    assert entry["ProjectDisplayString"] == "Engines"
