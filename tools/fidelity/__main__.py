"""Write the ledger's page: `python -m tools.fidelity`; with `--check` compare it, and fail on a difference."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.fidelity.facts import LedgerError, read_ledger
from tools.fidelity.page import render

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "fidelity.md"


def main(arguments: list[str]) -> int:
    """Give 1 for a page or data that is wrong, 2 for wrong use."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m tools.fidelity [--check]", file=sys.stderr)
        return 2
    try:
        page = render(read_ledger(TOP / "docs" / "fidelity", TOP / "tests"))
    except LedgerError as error:
        print(error, file=sys.stderr)
        return 1
    if not arguments:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page:
        print("docs/fidelity.md is not what docs/fidelity/*.toml says; run `make fidelity`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
