"""`banneret keys`: API keys, as an administrator sees to them without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from banneret.access.keys import Grant
from banneret.cli.opening import as_server, run, user_named
from banneret.cli.options import Database, DataDir
from banneret.cli.tables import show
from banneret.settings import read_settings

if TYPE_CHECKING:
    from banneret.bootstrap import Installation
    from banneret.operations.context import Context
    from banneret.operations.keys import KeyEntry

commands = typer.Typer(help="API keys: list, create, reset, disable, enable, delete.", no_args_is_help=True)

_Key = Annotated[int, typer.Argument(help="The key's id, as `banneret keys list` shows it.")]


@commands.command("list")
def list_keys(
    user: Annotated[str | None, typer.Option(help="Only this user's keys.")] = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """List keys, newest first; never their values."""
    from banneret.operations import keys

    async def work(context: Context) -> list[KeyEntry]:
        return await keys.listed(context, (await user_named(context, user)).oid if user is not None else None)

    entries = run(read_settings(database=database, data_dir=data_dir), lambda opened: as_server(opened, work))
    head = ("id", "name", "user", "grant", "state", "key", "created", "expires", "last used", "last reset")
    rows = [
        (
            *(each.oid, each.display_name, each.user_name, each.grant, each.state, each.hint),
            *(each.created_at, each.expires_at, each.last_used_at, each.last_reset_at),
        )
        for each in entries
    ]
    show(head, rows)


@commands.command("create")
def create_key(
    user: Annotated[str, typer.Argument(help="Whose key it is.")],
    name: Annotated[str, typer.Argument(help="Its display name.")],
    grant: Annotated[Grant, typer.Option(help="What it may do; a viewer's key may only read.")] = Grant.READ_ONLY,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and print its value, which is shown this once."""
    from banneret.kernel.errors import InvalidRequest, NotAuthorized
    from banneret.operations import keys

    async def work(opened: Installation) -> tuple[int, str]:
        async def issue(context: Context) -> tuple[int, str]:
            owner = await user_named(context, user)
            try:
                return await keys.issue(context, owner.oid, name, grant, secret=opened.secret)
            except NotAuthorized as error:
                raise InvalidRequest("a viewer cannot create a Full Access key (KB 11568)") from error

        return await as_server(opened, issue)

    oid, value = run(read_settings(database=database, data_dir=data_dir), work)
    typer.echo(f"Key {oid} ({grant.value}) of {user}; its value is shown this once:", err=True)
    typer.echo(value)


@commands.command("reset")
def reset_key(key: _Key, database: Database = None, data_dir: DataDir = None) -> None:
    """Give a key a new value and print it; the old one ends at once."""
    from banneret.operations import keys

    def work(opened: Installation) -> object:
        return as_server(opened, lambda context: keys.reset(context, key, secret=opened.secret))

    typer.echo(run(read_settings(database=database, data_dir=data_dir), work))  # type: ignore[arg-type]


@commands.command("disable")
def disable_key(key: _Key, database: Database = None, data_dir: DataDir = None) -> None:
    """Let a key rest: it is refused, with its value kept, until it is enabled."""
    from banneret.operations import keys

    settings = read_settings(database=database, data_dir=data_dir)
    run(settings, lambda opened: as_server(opened, lambda context: keys.disable(context, key)))
    typer.echo(f"Disabled key {key}.")


@commands.command("enable")
def enable_key(key: _Key, database: Database = None, data_dir: DataDir = None) -> None:
    """Let a disabled key work again."""
    from banneret.operations import keys

    settings = read_settings(database=database, data_dir=data_dir)
    run(settings, lambda opened: as_server(opened, lambda context: keys.enable(context, key)))
    typer.echo(f"Enabled key {key}.")


@commands.command("delete")
def delete_key(key: _Key, database: Database = None, data_dir: DataDir = None) -> None:
    """Delete a key; it ends at once."""
    from banneret.operations import keys

    settings = read_settings(database=database, data_dir=data_dir)
    run(settings, lambda opened: as_server(opened, lambda context: keys.revoke(context, key)))
    typer.echo(f"Deleted key {key}.")
