"""What the reader of scenarios takes and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from banneret.kernel.errors import ScenarioError
from banneret.scenarios.scenario import read, read_text, shipped

GOOD = """\
clock: "2026-01-05T09:00:00Z"
subscription: {Name: "Acme"}
users:
  - {UserName: "ed@acme.test", Password: "a word to the wise", role: "editor"}
workspaces:
  - _id: "main"
    Name: "Main"
    projects:
      - {_id: "engines", Name: "Engines"}
permissions:
  - {User: "ed@acme.test", Project: "engines", Role: "Editor"}
objects:
  - {_type: "Defect", _id: "rattle", Project: "engines", Name: "Rattles", Severity: "Cosmetic",
     changes: [{by: "ed@acme.test", at: "2026-01-04", State: "Open"}]}
keys:
  - {name: "ci", user: "ed@acme.test", grant: "full", Secret: "_0123456789abcdefghij"}
"""


def test_reads_every_section() -> None:
    scenario = read_text(GOOD, "good.yaml")
    assert scenario.clock == "2026-01-05T09:00:00.000Z"
    assert scenario.start is not None
    assert [entry["Name"] for entry, _, _ in scenario.projects()] == ["Engines"]
    assert scenario.objects[0].where("Severity") == 13


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("users:", "user:", "x.yaml:3: a scenario has no user; did you mean users?"),
        ("Severity:", "Severty:", "x.yaml:13: Defect has no attribute Severty; did you mean Severity?"),
        ("Severity:", "severity:", "x.yaml:13: Defect has no attribute severity; did you mean Severity?"),
        ('"Defect"', '"Defct"', "x.yaml:13: there is no type Defct; did you mean Defect?"),
        ('"Defect"', '"Artifact"', "x.yaml:13: Artifact is abstract: nothing is of that type alone"),
        ('role: "editor"', 'role: "editr"', "x.yaml:4: there is no role editr; there are"),
        ('Role: "Editor"', 'Role: "User"', "x.yaml:11: there is no project role User; there are Admin, Editor, Viewer"),
        ('Project: "engines", Role', "Role", "x.yaml:11: a permission is for a Workspace or for a Project"),
        (
            'grant: "full"',
            'grant: "ful"',
            "x.yaml:16: there is no grant ful; there are full and read_only; did you mean full?",
        ),
        ("_0123456789abcdefghij", "0123456789abcdefghijk", "x.yaml:16: a key begins with _"),
        ('_id: "rattle"', '_id: "engines"', "x.yaml:13: _id engines stands on line 9 too"),
        ('at: "2026-01-04"', 'at: "soon"', "x.yaml:14: soon is no date"),
        ('by: "ed@acme.test", at', "at", "x.yaml:14: a change says by whom"),
        ('State: "Open"', "VersionId: 3", "x.yaml:14: Defect.VersionId cannot be set"),
        ('State: "Open"', "OpenedDate: null", "x.yaml:14: Defect.OpenedDate cannot be changed"),
        ('Name: "Rattles"', 'Name: "Rattles", Tasks: ["x"]', "x.yaml:13: Defect.Tasks cannot be set"),
        ('Name: "Rattles"', 'Name: "Rattles", ObjectID: "777"', "x.yaml:13: an ObjectID is a whole number"),
        ('Name: "Rattles"', 'Name: "Rattles", Name: "Twice"', "x.yaml:13: Name stands here twice"),
        ('Password: "a word to the wise"', "Password: 12345678", "x.yaml:4: a password is text: put it in quotes"),
        ('clock: "2026-01-05T09:00:00Z"', "clock: noon", "x.yaml:1: noon is no date"),
        ("users:\n", "users: [\n", "this is no YAML"),
    ],
)
def test_refuses_with_file_line_and_suggestion(old: str, new: str, told: str) -> None:
    assert old in GOOD
    read_text(GOOD, "x.yaml")
    with pytest.raises(ScenarioError) as caught:
        read_text(GOOD.replace(old, new, 1), "x.yaml")
    assert told in str(caught.value)


def test_dates_and_words_stay_text() -> None:
    scenario = read_text("subscription: {Name: no, SerialNumber: 2026-01-05}", "x.yaml")
    assert scenario.subscription == {"Name": "no", "SerialNumber": "2026-01-05"}


def test_says_which_scenarios_ship(tmp_path: Path) -> None:
    assert "demo" in shipped()
    assert read("demo").source == "demo.yaml"
    with pytest.raises(ScenarioError, match=r"cannot read the scenario nope: .*those that ship are: .*demo"):
        read("nope")


def test_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD)
    assert read(file).text == GOOD
