"""`banneret load`, `dump`, `reset`, `migrate`: what fills, empties and renews a database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from banneret.cli.opening import bar, run
from banneret.cli.options import Database, DataDir
from banneret.settings import read_settings

if TYPE_CHECKING:
    from banneret.bootstrap import Installation
    from banneret.scenarios.load import Loaded

_NAME = "A scenario: a file, or the name of one that ships (demo)."


def load(
    scenario: Annotated[str, typer.Argument(help=_NAME, metavar="FILE")],
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Load a scenario into the database: all of it, or nothing."""
    from banneret.scenarios.load import load as load_scenario
    from banneret.scenarios.scenario import read

    wanted = read(scenario)

    async def work(installation: Installation) -> Loaded:
        with bar("Loading") as tell:
            return await load_scenario(
                installation.store, wanted, secret=installation.secret, clock=installation.clock, progress=tell
            )

    loaded = run(read_settings(database=database, data_dir=data_dir), work)
    _report(loaded, f"Loaded {wanted.source}")


def dump(
    file: Annotated[Path | None, typer.Argument(help="Where to write; left out: standard output.")] = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Write the database as a scenario that loads back to the same objects; without passwords and keys' values."""
    from banneret.kernel.errors import ConfigurationError
    from banneret.scenarios.dump import dump as dump_scenario

    text = run(
        read_settings(database=database, data_dir=data_dir), lambda installation: dump_scenario(installation.store)
    )
    if not text:
        raise ConfigurationError("the database is empty")
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, "utf-8")


def reset(
    scenario: Annotated[str | None, typer.Argument(help=f"{_NAME} Left out: it stays empty.", metavar="[FILE]")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Remove everything from the database, then load a scenario if one is named. Stop its server before."""
    from banneret.scenarios.reset import reset as reset_database
    from banneret.scenarios.scenario import read
    from banneret.storage.writing import ObjectIds

    wanted = read(scenario) if scenario is not None else None
    settings = read_settings(database=database, data_dir=data_dir)
    place = "the PostgreSQL database" if settings.uses_postgresql else str(settings.sqlite_path())
    if not yes:
        typer.confirm(f"Remove everything from {place}?", abort=True, err=True)

    async def work(installation: Installation) -> Loaded | None:
        installation.store.object_ids = ObjectIds()
        with bar("Loading") as tell:
            return await reset_database(
                installation.store, wanted, secret=installation.secret, clock=installation.clock, progress=tell
            )

    loaded = run(settings, work)
    _report(loaded, f"Reset {place}")


def migrate(database: Database = None, data_dir: DataDir = None) -> None:
    """Bring the database's schema to what this release needs. Back it up first."""
    from banneret.storage import schema_version
    from banneret.storage.postgresql import PostgresDriver
    from banneret.storage.sqlite import SqliteDriver

    settings = read_settings(database=database, data_dir=data_dir)

    async def work() -> list[str]:
        if settings.uses_postgresql:
            driver: PostgresDriver | SqliteDriver = PostgresDriver(settings.database_url(), 1)
        else:
            settings.sqlite_path().parent.mkdir(parents=True, exist_ok=True)
            driver = SqliteDriver(settings.sqlite_path())
        try:
            with bar("Migrating") as tell:
                dialect = "postgresql" if settings.uses_postgresql else "sqlite"
                return await schema_version.migrate(driver, dialect, tell)
        finally:
            await driver.close()

    taken = asyncio.run(work())
    typer.echo(f"Took the revisions {', '.join(taken)}." if taken else "The schema is up to date.")


def _report(loaded: Loaded | None, done: str) -> None:
    for notice in loaded.notices if loaded is not None else ():
        typer.echo(f"Notice: {notice}.", err=True)
    steps = f": {loaded.steps} objects and changes" if loaded is not None else ""
    typer.echo(f"{done}{steps}.")
