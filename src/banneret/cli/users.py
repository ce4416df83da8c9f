"""`banneret users`: accounts, as an administrator sees to them without a browser."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from banneret.cli.opening import as_server, run, user_named
from banneret.cli.options import Database, DataDir
from banneret.cli.tables import show
from banneret.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from banneret.bootstrap import Installation
    from banneret.operations.context import Context

commands = typer.Typer(help="Accounts: list, create, disable, lock, and their passwords.", no_args_is_help=True)

_User = Annotated[str, typer.Argument(help="The user name.", metavar="USER")]
_FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")
]


@commands.command("list")
def list_users(database: Database = None, data_dir: DataDir = None) -> None:
    """List users with their highest role and what stops them."""

    async def work(context: Context) -> list[tuple[object, ...]]:
        names = await context.unit.writer.fetch("user", {}, ["username", "displayname", "lastactivedate"])
        rows: list[tuple[object, ...]] = []
        for name, display_name, active in sorted(names, key=lambda row: row[0].lower()):
            user = await user_named(context, name)
            held, _ = await context.unit.permissions(
                user.oid, context.landscape, subscription_admin=user.subscription_admin
            )
            stops = [
                word
                for word, holds in (
                    ("disabled", user.disabled),
                    ("locked", user.locked_by_admin or user.locked_for_inactivity),
                    ("no password", user.password_hash is None),
                )
                if holds
            ]
            rows.append((name, display_name, held.highest.value, ", ".join(stops), active))
        return rows

    rows = run(read_settings(database=database, data_dir=data_dir), lambda opened: as_server(opened, work))
    show(("user", "name", "role", "state", "last active"), rows)


@commands.command("create")
def create_user(
    user: _User,
    display_name: Annotated[str | None, typer.Option(help="What people call him.")] = None,
    subscription_admin: Annotated[bool, typer.Option("--subscription-admin", help="May do everything.")] = False,
    password_stdin: _FromInput = False,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Create a user with a password. In an empty database this makes the subscription, and needs --subscription-admin."""
    from banneret.kernel.errors import ConfigurationError
    from banneret.operations.create import Given, create
    from banneret.operations.install import install, installed

    password = _password(from_input=password_stdin)

    async def work(opened: Installation) -> None:
        if not await opened.store.read(installed):
            if not subscription_admin:
                raise ConfigurationError("the database is empty: its first user is created with --subscription-admin")
            _judge_alone(password)
            await opened.store.write(lambda unit: install(unit, opened.clock.now(), opened.identifiers, {}))

        async def make(context: Context) -> int:
            body = {"UserName": user, "DisplayName": display_name, "SubscriptionAdmin": subscription_admin}
            return await create(context, context.schema.get("User"), body, "User", Given(internal=True))

        await _store_password(opened, user, password, before=make)

    run(read_settings(database=database, data_dir=data_dir), work)
    typer.echo(f"Created {user}.")


@commands.command("set-password")
def set_password(
    user: _User, password_stdin: _FromInput = False, database: Database = None, data_dir: DataDir = None
) -> None:
    """Set a user's password; his sessions end, his keys go on."""
    password = _password(from_input=password_stdin)
    run(read_settings(database=database, data_dir=data_dir), lambda opened: _store_password(opened, user, password))
    typer.echo(f"Set the password of {user}.")


@commands.command("expire-password")
def expire_password(user: _User, database: Database = None, data_dir: DataDir = None) -> None:
    """Let a user's password expire now; his keys stop with it until it is set anew."""
    from banneret.operations import passwords

    _to_user(user, passwords.expire_password, database=database, data_dir=data_dir)
    typer.echo(f"The password of {user} has expired.")


@commands.command("lock")
def lock_user(user: _User, database: Database = None, data_dir: DataDir = None) -> None:
    """Lock a user: log-ins, sessions and keys stop until he is unlocked."""
    from banneret.operations import passwords

    _to_user(user, passwords.lock, database=database, data_dir=data_dir)
    typer.echo(f"Locked {user}.")


@commands.command("unlock")
def unlock_user(user: _User, database: Database = None, data_dir: DataDir = None) -> None:
    """Take every lock off a user."""
    from banneret.operations import passwords

    _to_user(user, passwords.unlock, database=database, data_dir=data_dir)
    typer.echo(f"Unlocked {user}.")


@commands.command("reset-second-factor")
def reset_second_factor(user: _User, database: Database = None, data_dir: DataDir = None) -> None:
    """Take a user's second factors and recovery codes away; his password alone lets him in again."""
    from banneret.operations import second_factors

    _to_user(user, second_factors.remove_all, database=database, data_dir=data_dir)
    typer.echo(f"Took the second factors of {user} away.")


@commands.command("disable")
def disable_user(user: _User, database: Database = None, data_dir: DataDir = None) -> None:
    """Disable a user: nothing of his works any more; his keys work again when he is enabled."""
    _to_user(user, _switch(disabled=True), database=database, data_dir=data_dir)
    typer.echo(f"Disabled {user}.")


@commands.command("enable")
def enable_user(user: _User, database: Database = None, data_dir: DataDir = None) -> None:
    """Enable a user who was disabled."""
    _to_user(user, _switch(disabled=False), database=database, data_dir=data_dir)
    typer.echo(f"Enabled {user}.")


# ---------------------------------------------------------------------- what they share


def _to_user(
    name: str, verb: Callable[[Context, int], Awaitable[object]], *, database: Database, data_dir: DataDir
) -> None:
    async def work(context: Context) -> None:
        await verb(context, (await user_named(context, name)).oid)

    run(read_settings(database=database, data_dir=data_dir), lambda opened: as_server(opened, work))


def _switch(*, disabled: bool) -> Callable[[Context, int], Awaitable[object]]:
    async def work(context: Context, oid: int) -> None:
        from banneret.kernel.refs import Ref
        from banneret.operations.update import update

        item = context.schema.get("User")
        await update(context, item, Ref("User", object_id=oid), {"Disabled": disabled}, "User")

    return work


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _judge_alone(password: str) -> None:
    """Refuse a weak password before there is a subscription whose policy could refuse it."""
    from banneret.access.passwords import PasswordPolicy, violations
    from banneret.kernel.errors import InvalidRequest

    found = violations(PasswordPolicy(), password)
    if found:
        raise InvalidRequest(" ".join(found))


async def _store_password(
    opened: Installation, name: str, password: str, before: Callable[[Context], Awaitable[int]] | None = None
) -> None:
    """Judge and hash outside of the unit of work, for both take long on purpose."""
    from banneret.access.passwords import Passwords, violations
    from banneret.kernel.errors import InvalidRequest
    from banneret.operations import passwords

    hasher = Passwords()
    loop = asyncio.get_running_loop()

    async def look(context: Context) -> passwords.Standing:
        oid = (await user_named(context, name)).oid if before is None else None
        return await passwords.standing(context, oid)

    standing = await as_server(opened, look)
    words = (*standing.words, name)
    found = await loop.run_in_executor(
        None,
        lambda: violations(standing.policy, password, context=words, previous=standing.previous, matches=hasher.verify),
    )
    if found:
        raise InvalidRequest(" ".join(found))
    hashed = await loop.run_in_executor(None, hasher.hash, password)

    async def store(context: Context) -> None:
        oid = await before(context) if before is not None else (await user_named(context, name)).oid
        await passwords.set_password(context, oid, hashed)

    await as_server(opened, store)
