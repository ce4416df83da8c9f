"""The newest of many: a test case's last result, by its Date, and a build definition's last build, by its Start.

Whoever has a newest one is held while it is looked for, so of two that come at once the later one stays. When it is deleted,
the ref to it is let go first; that is when the one before takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.sight import ALL
from banneret.operations.changes import Changes
from banneret.operations.locate import Located
from banneret.operations.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.operations.context import Context

NO_BUILDS = "NO BUILDS"
"""LastStatus of a build definition without builds."""

# ---------------------------------------------------------------------- results of test cases

_OF_RESULT = ("LastRun", "LastResult", "LastVerdict", "LastBuild")


async def belong_to_test_case(
    context: Context, item: TypeDef, values: dict[AttributeDef, Any], _changes: Changes
) -> None:
    """A result is of its test case's work product."""
    case = values.get(item.attributes["TestCase"])
    for (product,) in await context.unit.writer.fetch("artifact", {"oid": case}, ["workproduct_oid"]):
        values[item.attributes["WorkProduct"]] = product


async def add_result(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """A new result is the last one unless there is one with a later Date. The create holds the test case already."""
    case, date = (values.get(item.attributes[name]) for name in ("TestCase", "Date"))
    kind = context.schema.get("TestCase")
    await context.unit.writer.flush()
    rows = await context.unit.reader.rows((kind,), (kind.attributes["LastRun"],), [case] if case else [], ALL)
    for row in rows:
        last = row[-1]
        if case is not None and date is not None and (last is None or date >= last):
            verdict, build = (values.get(item.attributes[name]) for name in ("Verdict", "Build"))
            await _tell(context, case, row[4], (date, oid, verdict, build))


async def change_result(
    context: Context, found: Located, old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Another date, verdict or build, or another test case, may make another result the last one."""
    if not {key.name for key in changed} & {"Date", "Verdict", "Build", "TestCase"}:
        return
    case = found.type.attributes["TestCase"]
    for oid in sorted({value for value in changed.get(case, (old.get(case),)) if value is not None}):
        await _retell(context, oid)


async def lose_result(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """When the last result goes, the one before it is the last one again."""
    last = found.type.attributes["LastResult"]
    if last in values and values[last] is None and old.get(last) is not None:
        newest = await _newest_result(context, found.oid, without=old[last])
        values |= {found.type.attributes[name]: value for name, value in zip(_OF_RESULT, newest, strict=True)}


async def take_results_along(
    context: Context, found: Located, _old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Results are of the work product that their test case has now."""
    product = found.type.attributes["WorkProduct"]
    if product in changed:
        context.unit.writer.update(
            "testcaseresult", {"testcase_oid": found.oid}, {"workproduct_oid": changed[product][1]}
        )


async def _newest_result(context: Context, case: int, without: int | None = None) -> tuple[Any, ...]:
    columns = ["date", "oid", "verdict", "build"]
    rows = await context.unit.writer.fetch("testcaseresult", {"testcase_oid": case}, columns)
    return max((tuple(row) for row in rows if row[1] != without), default=(None, None, None, None))


async def _tell(context: Context, case: int, project: int | None, newest: tuple[Any, ...]) -> None:
    from banneret.operations.update import apply

    item = context.schema.get("TestCase")
    values = {item.attributes[name]: value for name, value in zip(_OF_RESULT, newest, strict=True)}
    await apply(context, Located(case, item, context.workspace, project), Changes(values=values))


async def _retell(context: Context, case: int) -> None:
    writer = context.unit.writer
    await writer.lock("artifact", case)
    for (project,) in await writer.fetch("artifact", {"oid": case}, ["project_oid"]):
        await _tell(context, case, project, await _newest_result(context, case))


# ---------------------------------------------------------------------- builds


async def add_build(context: Context, item: TypeDef, oid: int, values: Mapping[AttributeDef, Any]) -> None:
    """A new build is the last one unless there is one that started later."""
    definition = values.get(item.attributes["BuildDefinition"])
    start = values.get(item.attributes["Start"]) or context.moment
    rows = await context.unit.writer.fetch("builddefinition", {"oid": definition}, ["lastbuild_oid"])
    for (last,) in rows:
        known = await context.unit.writer.fetch("build", {"oid": last}, ["start", "creationdate"]) if last else ()
        if not any((begun or made) > start for begun, made in known):
            await _name_last(context, definition, oid, values.get(item.attributes["Status"]))


async def change_build(
    context: Context, found: Located, old: Mapping[AttributeDef, Any], changed: Mapping[AttributeDef, tuple[Any, Any]]
) -> None:
    """Another status or start, or another definition, may change what the last build is and how it went."""
    if not {key.name for key in changed} & {"Status", "Start", "BuildDefinition"}:
        return
    link = found.type.attributes["BuildDefinition"]
    for definition in sorted({value for value in changed.get(link, (old.get(link),)) if value is not None}):
        await context.unit.writer.lock("builddefinition", definition)
        await _name_last(context, definition, *await _newest_build(context, definition))


async def lose_build(
    context: Context,
    found: Located,
    old: Mapping[AttributeDef, Any],
    values: dict[AttributeDef, Any],
    _changes: Changes,
) -> None:
    """When the last build goes, the one before it is the last one again."""
    last, status = (found.type.attributes[name] for name in ("LastBuild", "LastStatus"))
    if last in values and values[last] is None and old.get(last) is not None:
        values[last], values[status] = await _newest_build(context, found.oid, without=old[last])


async def _newest_build(context: Context, definition: int, without: int | None = None) -> tuple[int | None, str]:
    columns = ["start", "creationdate", "oid", "status"]
    rows = await context.unit.writer.fetch("build", {"builddefinition_oid": definition}, columns)
    left = [(begun or made, oid, status) for begun, made, oid, status in rows if oid != without]
    newest = max(left, default=None)
    return (newest[1], newest[2]) if newest is not None else (None, NO_BUILDS)


async def _name_last(context: Context, definition: int | None, build: int | None, status: str | None) -> None:
    from banneret.operations.update import apply

    if definition is None:
        return
    item = context.schema.get("BuildDefinition")
    values = {item.attributes["LastBuild"]: build, item.attributes["LastStatus"]: status}
    await apply(context, Located(definition, item, context.workspace, None), Changes(values=values))


RULES = {
    "result_place": Rule(before_create=belong_to_test_case, after_create=add_result, after_update=change_result),
    "last_result": Rule(before_update=lose_result, after_update=take_results_along),
    "newest_build": Rule(after_create=add_build, after_update=change_build),
    "last_build": Rule(before_update=lose_build),
}
