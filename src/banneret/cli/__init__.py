"""The `banneret` command. Thin: a command reads its arguments, calls one thing below, and prints what came of it.

Exit codes: 0 done, 1 failed with one line on stderr that says why, 2 wrong use.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from banneret.cli import checks, databases, keys, serve, users
from banneret.kernel.errors import BanneretError


class _Edge(TyperGroup):
    """The edge of the process: whatever fails within becomes one line."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BanneretError as error:
            from banneret.scenarios.wording import explain

            typer.echo(f"banneret: {explain(error)}", err=True)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            typer.echo(f"banneret: {error.strerror or error}{where}", err=True)
        except (typer.Exit, typer.Abort, KeyboardInterrupt):
            raise
        except Exception as error:
            if _is_usage(error):
                raise
            typer.echo(f"banneret: {type(error).__name__}: {error}".splitlines()[0], err=True)
            if "--debug" in sys.argv:
                traceback.print_exc()
        raise typer.Exit(1)


def _is_usage(error: Exception) -> bool:
    return hasattr(error, "exit_code") and hasattr(error, "format_message")


app = typer.Typer(
    cls=_Edge,
    name="banneret",
    help="A self-hosted server that speaks Rally WSAPI v2.0 with API keys.",
    epilog="Every option is also an environment variable: --data-dir is BANNERET_DATA_DIR.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serve.serve)
app.command("load")(databases.load)
app.command("dump")(databases.dump)
app.command("reset")(databases.reset)
app.command("migrate")(databases.migrate)
app.command("check")(checks.check)
app.add_typer(keys.commands, name="keys")
app.add_typer(users.commands, name="users")
