"""A key's limits in forms: chosen at creation, edited later, each wrong value told beside its field (access.md 1.15)."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.harness import World
from tests.pages.test_keys import KEYS, key_path, secret, status
from tests.visitor import Page, Visitor


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def ticked(page: Page, name: str) -> list[str]:
    return re.findall(rf'<input type="checkbox" name="{name}" value="([^"]*)" checked', page.body)


def typed(page: Page, name: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea id="{name}"[^>]*>([^<]*)</textarea>', page.body)
    assert found
    return html.unescape(found[1])


async def send(visitor: Visitor, page: Page, **fields: Any) -> Page:
    """Send a key's form as it stands but for `fields`; lists are ticked boxes."""
    held = next(values for method, _, values in page.forms if method == "post" and "DisplayName" in values)
    areas = {name: typed(page, name) for name in ("Purpose", "Addresses")}
    boxes = {name: ticked(page, name) for name in ("Projects", "Types")}
    sent = {name: value for name, value in {**held, **areas, **boxes, **fields}.items() if value is not None}
    return await visitor._send("POST", page.path, urlencode(sent, doseq=True).encode())


async def create(visitor: Visitor, **fields: Any) -> Page:
    page = await visitor.get(f"{KEYS}/create")
    return await send(visitor, page, DisplayName="limited", FullAccess="on", **fields)


async def test_without_a_limit_chosen_a_key_has_none(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    page = await visitor.get(f"{KEYS}/create")
    assert page.value("Expires") == ""
    assert (ticked(page, "Projects"), ticked(page, "Types"), typed(page, "Addresses")) == ([], [], "")
    made = await create(visitor)
    assert "and nothing more" in (await visitor.get(key_path(made))).text


async def test_limits_chosen_at_creation_hold_and_can_be_edited(visitor: Visitor, world: World) -> None:
    await visitor.log_in("wsadmin")
    for project in ("engines", "wheels"):
        await world.make("Defect", Name=f"in {project}", Project=f"/project/{world.ids[project]}")
        await world.make(
            "HierarchicalRequirement", Name=f"story in {project}", Project=f"/project/{world.ids[project]}"
        )

    async def seen(kind: str) -> int:
        answer = await world.get(kind, key=value, workspace=f"/workspace/{world.ids['main']}")
        found: int = answer.inner["TotalResultCount"]
        return found

    made = await create(
        visitor,
        Projects=[str(world.ids["engines"])],
        Types=["Defect"],
        Addresses="127.0.0.1\r\n10.0.0.0/8",
        Expires="30",
    )
    value = secret(made)
    assert (await seen("defect"), await seen("hierarchicalrequirement")) == (1, 0)
    shown = (await visitor.get(key_path(made))).text
    for words in ("Engines", "Defects", "127.0.0.1, 10.0.0.0/8", "in 1 month"):
        assert words in shown
    edit = await visitor.get(f"{key_path(made)}/edit")
    assert ticked(edit, "Projects") == [str(world.ids["engines"])]
    assert ticked(edit, "Types") == ["Defect"]
    assert typed(edit, "Addresses") == "127.0.0.1\n10.0.0.0/8"
    assert edit.value("Expires") == "keep"
    await send(visitor, edit)
    assert (await visitor.get(key_path(made))).text.count("changed from") == 0
    both = [str(world.ids["engines"]), str(world.ids["wheels"])]
    await send(visitor, edit, Projects=both, Types=["Defect", "HierarchicalRequirement"], ProjectScopeDown=None)
    assert (await seen("defect"), await seen("hierarchicalrequirement")) == (2, 2)
    assert "Projects changed from Engines to Engines, Wheels" in (await visitor.get(key_path(made))).text
    await visitor.submit(
        await visitor.get(f"{key_path(made)}/edit"), Projects=None, Types=None, Addresses="", Expires=""
    )
    assert "and nothing more" in (await visitor.get(key_path(made))).text


async def test_a_day_of_ones_choice_still_counts(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    made = await create(visitor, Expires="day", ExpirationDate="2026-01-06")
    assert (await world.rows("api_key", "expires_at", display_name="limited")) == [("2026-01-07T00:00:00.000Z",)]
    assert await status(world, secret(made)) == 200


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"Expires": "day"}, "ExpirationDate", "Give the last day"),
        ({"Expires": "day", "ExpirationDate": "tomorrow"}, "ExpirationDate", "Give the last day"),
        ({"Expires": "day", "ExpirationDate": "9999-12-31"}, "ExpirationDate", "Give the last day"),
        ({"Expires": "day", "ExpirationDate": "2026-01-04"}, "ExpirationDate", "still to come"),
        ({"Expires": "", "ExpirationDate": "2026-02-01"}, "ExpirationDate", "choose “On a day of your choice”"),
        ({"Projects": ["424242"]}, "Projects", "not there, or not yours"),
        ({"Types": ["Nonsense"]}, "Types", "There is no type Nonsense"),
        ({"Addresses": "10.0.0.1\nhere"}, "Addresses", "no address, block or range: here"),
        ({"Purpose": "x" * 2001}, "Purpose", "more than 2000"),
    ],
)
async def test_a_wrong_limit_is_told_beside_its_field_and_nothing_is_lost(
    visitor: Visitor, fields: dict[str, Any], name: str, said: str
) -> None:
    await visitor.log_in("editor")
    sent = {"Purpose": "for the nightly import", "Types": ["Defect"], "Addresses": "10.0.0.1", **fields}
    page = await create(visitor, **sent)
    assert page.status == 422
    assert said in page.beside(name)
    assert page.value("FullAccess") == "on"
    for field, value in sent.items():
        if field in {"Projects", "Types"}:
            assert ticked(page, field) == ([] if value == ["Nonsense"] else value)
        else:
            assert (typed(page, field) if field in {"Purpose", "Addresses"} else page.value(field)) == value
    assert re.search(r"<details[^>]* open", page.body) or name == "Purpose"
    assert await visitor.world.rows("api_key", "oid", display_name="limited") == []


async def test_a_form_with_more_fields_than_any_of_ours_is_refused(visitor: Visitor) -> None:
    await visitor.log_in("editor")
    assert (await visitor._send("POST", f"{KEYS}/create", b"Projects=1&" * 10_001)).status == 413


async def test_a_project_that_is_not_seen_any_more_stays_a_limit(visitor: Visitor, world: World) -> None:
    await visitor.log_in("editor")
    made = await create(visitor, Projects=[str(world.ids["engines"])])
    await world.make("Project", Name="Spare", Workspace=f"/workspace/{world.ids['main']}")
    closed = await world.post(f"project/{world.ids['engines']}", {"Project": {"State": "Closed"}})
    assert closed.errors == []
    edit = await visitor.get(f"{key_path(made)}/edit")
    assert ticked(edit, "Projects") == [str(world.ids["engines"])]
    await send(visitor, edit, DisplayName="renamed")
    (limits,) = await world.rows("api_key", "limits", display_name="renamed")
    assert str(world.ids["engines"]) in limits[0]
