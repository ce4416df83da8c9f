"""Scenario text: one entry a line, which keeps a difference between two dumps readable."""

from __future__ import annotations

import json
import re
from typing import Any

_UNPRINTABLE = re.compile("[\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def section(name: str, entries: list[dict[str, Any]]) -> list[str]:
    """Give the lines of a section; nothing where it has no entries."""
    if not entries:
        return []
    lines = ["", f"{name}:"]
    for entry in entries:
        changes = entry.get("changes")
        if not changes:
            lines.append(f"  - {line(entry)}")
            continue
        head = line({key: value for key, value in entry.items() if key != "changes"})
        listed = ",\n       ".join(line(change) for change in changes)
        lines.append(f"  - {head[:-1]},\n     changes: [{listed}]}}")
    return lines


def line(entry: dict[str, Any]) -> str:
    """Give a mapping in flow style."""
    return _value(entry)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_name(name)}: {_value(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _name(name: str) -> str:
    return name if re.fullmatch(r"\w+", name) else _value(name)
