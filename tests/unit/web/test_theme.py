"""Colours can be told apart in both themes (WCAG 2.2, 1.4.3 and 1.4.11), and a theme is only one of those that there are."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from banneret.web.theme import Theme, read_theme, theme_of

CSS = resources.files("banneret.web").joinpath("static", "banneret.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in PAIR.findall(CSS)}
GROUNDS = ("ground", "raised", "sunken", "accent-ground")
TEXT = 4.5
"""The least ratio for text of any size."""
SHAPE = 3.0
"""The least ratio for what tells a control or its state: borders of fields, the focus ring."""

TOLD_APART = [
    *((ink, ground, TEXT) for ink in ("ink", "quiet", "accent", "danger") for ground in GROUNDS),
    *(("warn", ground, TEXT) for ground in ("ground", "raised", "sunken")),
    *((kind, f"{kind}-ground", TEXT) for kind in ("warn", "danger")),
    *(("ink", f"{kind}-ground", TEXT) for kind in ("warn", "danger")),
    *(("on-accent", ground, TEXT) for ground in ("accent", "danger")),
    *(("field-line", ground, SHAPE) for ground in ("ground", "raised", "sunken")),
    *(("accent", ground, SHAPE) for ground in ("warn-ground", "danger-ground")),
]


def luminance(colour: str) -> float:
    """Give the relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), TOLD_APART)
def test_what_stands_on_something_can_be_told_from_it(theme: str, front: str, back: str, least: float) -> None:
    assert contrast(COLOURS[front][theme], COLOURS[back][theme]) >= least


def test_every_colour_is_a_token_with_both_themes() -> None:
    """A colour outside of the tokens would be one that nobody measures; a shadow hides nothing."""
    outside = re.sub(r":root \{.*?\n\}", "", CSS, count=1, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", outside) == []
    assert set(re.findall(r"\brgba?\([^)]*\)", outside)) <= {"rgb(0 0 0 / 20%)", "rgb(0 0 0 / 50%)"}
    measured = {name for front, back, _ in TOLD_APART for name in (front, back)}
    assert set(COLOURS) - measured == {"line"}, "a line that only divides may be faint; all else is measured"
    used = set(re.findall(r"var\(--([\w-]+)", CSS))
    declared = set(re.findall(r"^\s*--([\w-]+):", CSS, flags=re.MULTILINE))
    assert used == declared


@pytest.mark.parametrize("text", ["", None, "DARK", "dark light", "1"])
def test_a_word_that_is_no_theme_leaves_it_to_the_system(text: str | None) -> None:
    assert read_theme(text) is Theme.SYSTEM
    assert theme_of(f"banneret-theme={text}") is Theme.SYSTEM


def test_a_browser_brings_its_theme() -> None:
    assert theme_of("a=b; banneret-theme=dark") is Theme.DARK
    assert theme_of(None) is Theme.SYSTEM
