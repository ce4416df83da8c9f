"""No clock and no random source outside `kernel/`.

The same scenario gives the same ids and dates every time, and tests turn the clock themselves. Both hold
only while everything asks the kernel. Measuring how long something took (`perf_counter`, `monotonic`) is
free: it decides nothing that is stored.
"""

import ast
from collections.abc import Iterator

HOME = "kernel"
MODULES = {"random", "secrets"}
# A type to name (`uuid.UUID`) or a pause (`time.sleep`) is harmless; these are not.
SOURCES = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "os": {"getrandom", "urandom"},
    "time": {"ctime", "gmtime", "localtime", "time", "time_ns"},
    "uuid": {"uuid1", "uuid4", "uuid6", "uuid7"},
}


def find(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and message for each import or use of a clock or a random source."""
    renamed = _renamed(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                banned = [name.name for name in names if name.name in MODULES]
            case ast.ImportFrom(module=str(module), names=names, level=0):
                taken = {name.name for name in names}
                wanted = taken if module in MODULES else taken & SOURCES.get(module, set())
                banned = [] if module == "datetime" else [f"{module}.{name}" for name in sorted(wanted)]
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=attribute):
                owner = renamed.get(name, name)
                banned = [f"{owner}.{attribute}"] if attribute in SOURCES.get(owner, ()) else []
            case _:
                continue
        for what in banned:
            yield node.lineno, f"{what}: clocks and random sources belong in kernel/"


def _renamed(tree: ast.Module) -> dict[str, str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return {name.asname: name.name for node in imports for name in node.names if name.asname}


GOOD = (
    "from uuid import UUID",
    "import time\ntime.perf_counter()",
    "from datetime import datetime\ndatetime.fromisoformat(text)",
    "import os\nos.environ",
    "clock.now()",
    "from . import random",
)
BAD = (
    "import random",
    "from secrets import token_bytes",
    "import time\ntime.time()",
    "import time as t\nt.time_ns()",
    "from time import time",
    "from datetime import UTC, datetime\ndatetime.now(UTC)",
    "import datetime as dt\ndt.datetime.now(dt.UTC)",
    "import datetime\ndatetime.date.today()",
    "from uuid import uuid4",
    "import uuid\nuuid.uuid4()",
    "import os\nos.urandom(16)",
)
