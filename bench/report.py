"""The table of results."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.load import Measured

TITLES = {
    "read": "read one",
    "page": "page of 200, 15 attributes",
    "expanded": "the same, refs expanded",
    "everything": "page of 200, `fetch=true`",
    "create": "create",
    "update": "update",
}
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Numbers(msgspec.Struct):
    """What is told of one measurement: requests per second, milliseconds, microseconds of the server's CPU a request."""

    rate: float
    p50: float
    p99: float
    cpu: float

    @classmethod
    def of(cls, measured: Measured) -> Numbers:
        """Sum a measurement up."""
        return cls(
            measured.rate,
            measured.quantile(0.5),
            measured.quantile(0.99),
            measured.cpu / max(1, len(measured.latencies)) * 1e6,
        )


class Cell(msgspec.Struct):
    """One line of the table."""

    database: str
    items: int
    connections: int
    operation: str
    product: Numbers
    ceiling: Numbers
    bare: Numbers
    ratio: float
    """How much of the prototype's rate the product reaches: the median of pairs of slices, one after the other."""

    @property
    def effort(self) -> float:
        """The prototype's CPU time a request as a part of the product's; others on the machine hardly change it."""
        return self.ceiling.cpu / self.product.cpu if self.product.cpu else 0.0

    @property
    def share(self) -> float:
        """How much of the bare response's rate the product reaches."""
        return self.product.rate / self.bare.rate if self.bare.rate else 0.0


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def line(cell: Cell) -> str:
    """Give a line of the table."""
    product, ceiling = cell.product, cell.ceiling
    return (
        f"| {_DATABASES[cell.database]} | {cell.items:,} | {cell.connections} | {TITLES[cell.operation]} "
        f"| {_rate(product.rate)} | {product.p50:.2f} | {product.p99:.2f} | {product.cpu:,.0f} "
        f"| {_rate(ceiling.rate)} | {ceiling.p50:.2f} | {ceiling.p99:.2f} | {ceiling.cpu:,.0f} | {_rate(cell.bare.rate)} "
        f"| **{cell.ratio:.2f}** | {cell.effort:.2f} | {cell.share:.2f} |"
    )


def table(cells: Sequence[Cell]) -> str:
    """Give the whole table in Markdown."""
    head = (
        "| database | items | connections | operation | requests/s | p50 ms | p99 ms | CPU µs "
        "| prototype/s | p50 ms | p99 ms | CPU µs | bare/s | of prototype | by CPU | of bare |\n"
        f"| --- | ---: | ---: | --- |{' ---: |' * 12}\n"
    )
    return head + "".join(line(cell) + "\n" for cell in cells)


def machine(seconds: float) -> str:
    """Say where and for how long this ran."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, {seconds:.0f} s"
