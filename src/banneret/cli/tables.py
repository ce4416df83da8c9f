"""Tables for people: columns as wide as they need to be, on a terminal and in a pipe alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence


def show(head: Sequence[str], rows: Sequence[Sequence[object]], indent: str = "") -> None:
    """Print rows below their head."""
    texts = [[str(cell) if cell is not None else "" for cell in row] for row in (head, *rows)]
    widths = [max(len(row[n]) for row in texts) for n in range(len(head))]
    for row in texts:
        typer.echo(indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
