"""YAML that remembers its lines, so that whatever is wrong in a scenario is told with file and line.

Read by the core rules of YAML 1.2: dates stay text, `no` is a word, and a name may stand once only.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

import yaml

from banneret.kernel.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_LIKENESS = 0.6
"""How alike two names are, from 0 to 1, for the one to be suggested instead of the other."""


class Entry(dict[str, Any]):
    """A mapping that knows where it stands: `line` is its own first line, `lines` has that of each name."""

    def __init__(self, values: Mapping[str, Any] | None = None, *, line: int = 0) -> None:
        super().__init__(values or {})
        self.line = line
        self.lines: dict[str, int] = {}

    def where(self, name: str) -> int:
        """Give the line of a name, or of the mapping where it lacks the name."""
        return self.lines.get(name, self.line)


class _Loader(_BASE):  # type: ignore[misc] # the base is the fast loader where PyYAML was built with it
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way of saying so


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def problem(source: str, line: int, text: str, wrong: str = "", known: Iterable[str] = ()) -> ScenarioError:
    """Word what is wrong where; the name nearest to `wrong` out of `known` is suggested."""
    names = {name: name for name in known}
    folded = {name.lower(): name for name in names}
    near = [
        table[found]
        for table, word in ((names, wrong), (folded, wrong.lower()))
        for found in difflib.get_close_matches(word, table, n=1, cutoff=_LIKENESS)
        if wrong
    ]
    hint = f"; did you mean {near[0]}?" if near else ""
    return ScenarioError(f"{source}:{line}: {text}{hint}")


def parse(text: str, source: str) -> Entry:
    """Read a document whose root is a mapping.

    Raises:
        ScenarioError: it is no YAML, no mapping, or says a name twice.

    """
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise problem(source, line, f"this is no YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise problem(source, 1, f"this is no YAML: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise problem(source, 1, "a scenario is a mapping, which begins with a name such as `subscription:`")
    built = _Builder(source).build(root)
    if not isinstance(built, Entry):
        raise problem(source, 1, "a scenario is a mapping")
    return built


class _Builder:
    """Turns nodes into values. A node that is referred to again gives the same value again."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._made: dict[int, Any] = {}

    def build(self, node: yaml.Node) -> Any:
        known = self._made.get(id(node))
        if known is not None:
            return known
        if isinstance(node, yaml.MappingNode):
            value: Any = self._mapping(node)
        elif isinstance(node, yaml.SequenceNode):
            value = self._made[id(node)] = []
            value.extend(self.build(item) for item in node.value)
        else:
            value = self._scalar(node)
        self._made[id(node)] = value
        return value

    def _mapping(self, node: yaml.MappingNode) -> Entry:
        entry = self._made[id(node)] = Entry(line=node.start_mark.line + 1)
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise problem(self._source, line, "a name is text")
            if key.value in entry:
                raise problem(self._source, line, f"{key.value} stands here twice")
            entry.lines[key.value] = line
            entry[key.value] = self.build(value)
        return entry

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.rpartition(":")[2]
        text = node.value
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        if kind == "str":
            return text
        raise problem(self._source, node.start_mark.line + 1, f"a value of type {node.tag} has no place here")
