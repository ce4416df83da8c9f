"""Options that several commands have; the words are those of the settings."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from banneret.settings import Settings


class Synchronous(StrEnum):
    """How SQLite writes."""

    FULL = "FULL"
    NORMAL = "NORMAL"


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def described(name: str, *declared: str, **more: Any) -> Any:
    """Give the option of a setting: its description is the help, its value None where the environment decides."""
    flag = declared or (f"--{name.replace('_', '-')}",)
    text = Settings.model_fields[name].description
    return typer.Option(*flag, help=text, envvar=f"BANNERET_{name.upper()}", show_default=False, **more)


Database = Annotated[str | None, described("database", metavar="URL")]
DataDir = Annotated[Path | None, described("data_dir", metavar="DIR")]
