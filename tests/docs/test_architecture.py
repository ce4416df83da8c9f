"""The list of folders in docs/architecture.md is the list of folders on disk."""

import re
from pathlib import Path

TOP = Path(__file__).parents[2]
SOURCE = TOP / "src" / "banneret"
PLANNED = "Rooms kept ready"


def rooms(text: str, heading: str) -> dict[str, str]:
    """Give the folders of the table below a heading, with their purpose."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, f"no heading {heading!r}"
    return dict(re.findall(r"^\| `(\w+)/` \| (.+?) \|", section[1], re.MULTILINE))


def folders() -> set[str]:
    # A folder that holds nothing but a cache is left over from another branch, and git does not know it.
    return {
        folder.name
        for folder in SOURCE.iterdir()
        if folder.is_dir() and any(item.name != "__pycache__" for item in folder.iterdir())
    } - {"__pycache__"}


def test_every_folder_is_described_and_every_description_has_its_folder() -> None:
    text = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert set(rooms(text, "Rooms")) == folders()


def test_planned_folder_does_not_exist_yet() -> None:
    text = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert set(rooms(text, PLANNED)) & folders() == set()


def test_every_room_has_its_layer() -> None:
    text = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
    chain = re.search(r"^```text\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert chain
    placed = set(re.findall(r"\w+", chain[1])) - {"settings", "bootstrap", "front_door", "asgi"}
    assert placed | {"connectors"} == set(rooms(text, "Rooms")) | set(rooms(text, PLANNED))
