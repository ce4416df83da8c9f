"""Who may see and change what, on the wire."""

from __future__ import annotations

import pytest

from tests.harness import World


@pytest.mark.parametrize(
    ("user", "project", "allowed"),
    [
        ("admin", "wheels", True),
        ("wsadmin", "wheels", True),
        ("wsadmin", "elsewhere", False),
        ("padmin", "engines", True),
        ("padmin", "wheels", False),
        ("editor", "engines", True),
        ("editor", "wheels", False),
        ("viewer", "engines", False),
        ("stranger", "engines", False),
        ("nobody", "engines", False),
    ],
)
async def test_create_needs_an_editor(world: World, user: str, project: str, allowed: bool) -> None:
    answer = await world.post(
        "defect/create", {"Defect": {"Name": "x", "Project": f"/project/{world.ids[project]}"}}, user
    )
    assert (answer.errors == []) is allowed
    assert bool(await world.rows("artifact", "oid", name="x")) is allowed
