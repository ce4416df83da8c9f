"""docs/fidelity.md is what its data says, and the data names tests that exist."""

from pathlib import Path

import pytest

from tools.fidelity.__main__ import PAGE, TOP, main
from tools.fidelity.facts import Fact, LedgerError, read_ledger
from tools.fidelity.page import render

FACT = """
title = "One"
[[fact]]
id = "1"
says = "a | b"
evidence = ["cap", "KB 1"]
"""


def test_the_page_is_what_the_data_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert PAGE == TOP / "docs" / "fidelity.md"
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_what_is_not_known_is_told() -> None:
    assert main(["--help"]) == 2


def read(tmp_path: Path, *lines: str) -> list[Fact]:
    (tmp_path / "tests").mkdir(exist_ok=True)
    (tmp_path / "tests" / "some.py").write_text("def test_one(): ...\ndef helper(): ...\n", encoding="utf-8")
    (tmp_path / "evidence.toml").write_text('cap = "captured"\n', encoding="utf-8")
    (tmp_path / "01-one.toml").write_text("\n".join([FACT, *lines]), encoding="utf-8")
    ledger = read_ledger(tmp_path, tmp_path / "tests")
    assert "a \\| b" in render(ledger)
    return ledger.facts


@pytest.mark.parametrize(
    ("line", "status", "shown"),
    [
        ("", "open", "**no test**"),
        ('tests = ["some.py::test_one"]', "tested", "[test_one](../tests/some.py)"),
        ('choice = "this"', "chosen", "**no test**"),
        ('choice = "this"\ntests = ["some.py::test_one"]', "chosen", "**chosen:** this"),
    ],
)
def test_the_status_follows_from_choice_and_tests(tmp_path: Path, line: str, status: str, shown: str) -> None:
    (fact,) = read(tmp_path, line)
    assert fact.status == status
    assert shown in render(read_ledger(tmp_path, tmp_path / "tests"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('tests = ["some.py::test_two"]', "no test some.py::test_two"),
        ('tests = ["some.py::helper"]', "no test some.py::helper"),
        ('tests = ["other.py::test_one"]', "no test other.py::test_one"),
        ('test = ["some.py::test_one"]', "what is test?"),
        ('[[fact]]\nid = "2"\nsays = "b"\nevidence = ["hearsay"]', "the tag hearsay is not in evidence.toml"),
        ('[[fact]]\nid = "1"\nsays = "b"\nevidence = ["cap"]', "this id comes twice"),
        ('[[fact]]\nid = "2"\nevidence = ["cap"]', "says is missing"),
    ],
)
def test_wrong_data_is_refused(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(LedgerError, match=fault.replace("?", r"\?")):
        read(tmp_path, line)
