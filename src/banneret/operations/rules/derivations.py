"""Attributes that follow from others of the same object, or from what it refers to when it is made."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.operations.rules.rule import Rule, follows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.changes import Changes
    from banneret.operations.context import Context

_LIKELIHOOD = 0.2
"""What a step of Probability stands for: 1 - Low is a fifth, 5 - High is certainty. Rally's own scale is not known."""


def weigh_risk(item: TypeDef, old: Mapping[AttributeDef, Any], values: dict[AttributeDef, Any]) -> None:
    """CalculatedRisk is Probability times Impact, Exposure the share of the SizeOfLoss that is to be expected, in days."""
    asked = tuple(item.attributes[name] for name in ("Probability", "Impact", "SizeOfLoss"))
    if not any(key in values for key in asked):
        return
    probability, impact, loss = (values.get(key, old.get(key)) for key in asked)
    chance, harm = _step(probability), _step(impact)
    values[item.attributes["CalculatedRisk"]] = chance * harm if chance and harm else None
    exposed = chance is not None and loss is not None
    values[item.attributes["Exposure"]] = round((chance or 0) * _LIKELIHOOD * (loss or 0), 2) if exposed else None


def _step(rating: str | None) -> int | None:
    """Give the number that a rating begins with: `3 - Medium`."""
    digit = (rating or "")[:1]
    return int(digit) if digit.isdigit() else None


async def name_file(_context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """Base and Extension are the parts of the file's name, unless the client says them."""
    path = PurePosixPath(str(values.get(item.attributes["PathAndFilename"]) or ""))
    for name, part in (("Base", path.stem), ("Extension", path.suffix.removeprefix("."))):
        if not changes.sets(name):
            values[item.attributes[name]] = part or None


async def word_time_entry(context: Context, item: TypeDef, values: dict[AttributeDef, Any], changes: Changes) -> None:
    """A time entry is of its task's work product and keeps in words what it was for, even when that is deleted (KB 57550)."""
    task, product, project = (item.attributes[name] for name in ("Task", "WorkProduct", "Project"))
    if values.get(task) is not None and values.get(product) is None:
        for (above,) in await context.unit.writer.fetch("artifact", {"oid": values[task]}, ["workproduct_oid"]):
            values[product] = above
    for attribute in (task, product):
        words = item.attributes[f"{attribute.name}DisplayString"]
        if values.get(attribute) is None or changes.sets(words.name):
            continue
        where = {"oid": values[attribute]}
        for label, name in await context.unit.writer.fetch("artifact", where, ["formattedid", "name"]):
            values[words] = f"{label}: {name}"
    named = await context.unit.reader.references([values[project]], ALL) if values.get(project) is not None else {}
    for row in named.values():
        values[item.attributes["ProjectDisplayString"]] = row[3]


RULES = {
    "risk_weight": follows(weigh_risk),
    "file_name": Rule(before_create=name_file),
    "time_entry_words": Rule(before_create=word_time_entry),
}
