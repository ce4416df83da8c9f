"""Our own rules find each of their bad samples and none of their good ones."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.lint.__main__ import RULES, findings, main

Find = Callable[[ast.Module], Iterator[tuple[int, str]]]


def samples(kind: str) -> list[object]:
    return [
        pytest.param(rule.find, sample, id=f"{rule.__name__.rpartition('.')[2]}-{number}")
        for rule in RULES
        for number, sample in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("find", "sample"), samples("GOOD"))
def test_good_sample_passes(find: Find, sample: str) -> None:
    assert list(find(ast.parse(sample))) == []


@pytest.mark.parametrize(("find", "sample"), samples("BAD"))
def test_bad_sample_is_found_once(find: Find, sample: str) -> None:
    assert len(list(find(ast.parse(sample)))) == 1


@pytest.mark.parametrize("home", ["kernel", "storage"])
def test_rule_leaves_its_home_alone(tmp_path: Path, home: str) -> None:
    code = {"kernel": "import random\n", "storage": "import apsw\n"}[home]
    for folder in (home, "wsapi"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "some.py").write_text(code, encoding="utf-8")
    assert [line.split(":")[0] for line in findings(tmp_path)] == [str(tmp_path / "wsapi" / "some.py")]


@pytest.mark.parametrize(("code", "status"), [("import msgspec\n", 0), ("import random\n", 1)])
def test_exit_status_tells_of_findings(tmp_path: Path, code: str, status: int) -> None:
    (tmp_path / "some.py").write_text(code, encoding="utf-8")
    assert main([str(tmp_path)]) == status


def test_missing_folder_is_wrong_use(tmp_path: Path) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
