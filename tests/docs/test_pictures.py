"""What the README shows is there, in both themes, and small; what is there is taken anew by `make screenshots`."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.pictures import FOLDER, PICTURES, THEMES

ROOT = Path(__file__).parents[2]
MOST = 1_500_000
"""Bytes of all pictures together."""


def test_each_picture_is_there_in_both_themes_and_no_other() -> None:
    wanted = {f"{picture.name}-{theme}.webp" for picture in PICTURES for theme in THEMES}
    assert {path.name for path in FOLDER.iterdir()} == wanted
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST


def test_each_page_of_the_readmes_list_has_its_picture_for_either_theme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(
        r'<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img src="([^"]+)" alt="([^"]+)"', readme
    )
    assert len(shown) == readme.count("<picture>") > 0
    for dark, light, words in shown:
        assert dark == light.replace("-light.", "-dark.")
        assert (ROOT / dark).is_file(), dark
        assert (ROOT / light).is_file(), light
        assert len(words) > 20, "who does not see the picture is told what is on it"
