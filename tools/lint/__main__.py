"""Apply every rule to a source tree: `python -m tools.lint src/banneret`."""

import ast
import sys
from pathlib import Path

from tools.lint import no_clock_outside_kernel, no_sql_outside_storage

RULES = (no_clock_outside_kernel, no_sql_outside_storage)


def findings(root: Path) -> list[str]:
    """Give one line per breach below the root, as `path:line: message`, in order of path."""
    found = []
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for rule in RULES:
            if path.relative_to(root).parts[0] != rule.HOME:
                found += [f"{path}:{line}: {message}" for line, message in rule.find(tree)]
    return found


def main(arguments: list[str]) -> int:
    """Print the breaches below the given folders; give 1 where there is one, 2 where a folder is none."""
    roots = [Path(argument) for argument in arguments]
    if not roots or not all(root.is_dir() for root in roots):
        print("usage: python -m tools.lint FOLDER...", file=sys.stderr)
        return 2
    found = [line for root in roots for line in findings(root)]
    print("\n".join(found) if found else "Our own rules: nothing found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
