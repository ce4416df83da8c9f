"""`banneret check`: whether the database agrees with itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from banneret.cli.opening import as_server, bar, run
from banneret.cli.options import Database, DataDir
from banneret.settings import read_settings

if TYPE_CHECKING:
    from banneret.bootstrap import Installation
    from banneret.operations.check import Finding


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Make wrong figures right, and check again.")] = False,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Make every figure anew and compare; look for refs that lead nowhere, gaps in histories and directory entries."""
    from banneret.operations import check as operation

    async def work(installation: Installation) -> tuple[list[Finding], int]:
        with bar("Checking") as tell:

            async def look() -> list[Finding]:
                return await as_server(installation, lambda context: operation.check(context, tell), reading=True)

            found = await look()
            if not repair or not found:
                return found, 0
            mended = await as_server(installation, lambda context: operation.repair(context, found))
            return await look(), mended

    found, mended = run(read_settings(database=database, data_dir=data_dir), work)
    for finding in found:
        typer.echo(str(finding))
    if mended:
        typer.echo(f"Made the figures of {mended} objects right.")
    typer.echo("Everything agrees." if not found else f"{len(found)} differences.")
    if found:
        raise typer.Exit(1)
