"""Whoever imports one module gets it, whatever was imported before: commands load only what they need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import banneret

ALONE = """
import importlib, pathlib, sys, traceback
root = pathlib.Path(sys.argv[1])
failed = 0
for file in sorted(root.rglob("*.py")):
    if "versions" in file.parts or file.name == "env.py":
        continue
    parts = file.relative_to(root.parent).with_suffix("").parts
    for loaded in [name for name in sys.modules if name.partition(".")[0] == "banneret"]:
        del sys.modules[loaded]
    try:
        importlib.import_module(".".join(part for part in parts if part != "__init__"))
    except ImportError as error:
        failed += 1
        print(".".join(parts), error)
sys.exit(failed)
"""


def test_each_module_can_be_the_first_that_is_imported() -> None:
    """A circle of imports shows only to who comes in by the wrong module."""
    root = Path(banneret.__file__).parent
    found = subprocess.run([sys.executable, "-c", ALONE, str(root)], capture_output=True, text=True, check=False)
    assert found.stdout + found.stderr == ""
    assert found.returncode == 0
