"""HTTP as the server's own protocol speaks it, over a real socket: bounds, interim answers, methods in any case."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from banneret.cli.protocol import LONGEST_HEAD, LONGEST_URL
from tests.cli.test_serve import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFECT = "/slm/webservice/v2.0/defect"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("protocol"), "--scenario", "demo", "--ephemeral") as found:
        yield found


class Line:
    """One connection."""

    def __init__(self, served: Served) -> None:
        place = urlsplit(served.ready["url"])
        self.socket = socket.create_connection((place.hostname, place.port), 20)
        self.file = self.socket.makefile("rb")
        self.key = served.ready["keys"][0]["secret"]

    def send(self, *parts: bytes) -> None:
        for part in parts:
            try:
                self.socket.sendall(part)
            except OSError:
                return  # refused before the last of it was sent

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while (line := self.file.readline().strip()) != b"":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, self.file.read(int(headers.get("content-length", "0")))


@pytest.fixture
def line(served: Served) -> Iterator[Line]:
    opened = Line(served)
    with opened.socket, opened.file:
        yield opened


def head(line: Line, method: str, target: str, *headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: rally.test", f"zsessionid: {line.key}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize(("extra", "status"), [(-100, 200), (1, 414), (10 * LONGEST_URL, 414)])
def test_the_address_is_bounded(line: Line, extra: int, status: int) -> None:
    target = f"{DEFECT}?x="
    target += "y" * (LONGEST_URL + extra - len(target))
    line.send(head(line, "GET", target))
    found, _, body = line.answer()
    assert found == status
    if status == 414:
        assert body == b"The address is longer than 65536 bytes; send a long query as a form.\n"
        assert line.file.read() == b""


@pytest.mark.parametrize(
    ("count", "length", "status"), [(100, 1000, 200), (140, 1000, 431), (1, 10**6, 431), (10**5, 10, 431)]
)
def test_headers_are_bounded(line: Line, count: int, length: int, status: int) -> None:
    headers = [f"x-{n}: {'y' * length}" for n in range(count)]
    line.send(head(line, "GET", f"{DEFECT}?pagesize=1", *headers))
    found, _, body = line.answer()
    assert found == status
    assert status == 200 or b"headers are longer" in body


def test_a_head_without_end_is_refused(line: Line) -> None:
    line.send(f"GET {DEFECT} HTTP/1.1\r\nHost: x\r\nx-endless: ".encode(), *[b"y" * 1000] * (LONGEST_HEAD // 1000 + 2))
    assert line.answer()[0] == 431


def test_a_large_body_behind_a_small_head_is_none_of_it(line: Line) -> None:
    body = json.dumps({"x": {"Name": "n", "Nonsense": "y" * 3 * LONGEST_HEAD}}).encode()
    for _ in range(3):
        line.send(head(line, "POST", f"{DEFECT}/create", f"Content-Length: {len(body)}") + body)
        status, _, answered = line.answer()
        assert (status, json.loads(answered)["CreateResult"]["Errors"]) == (200, [])


def test_a_client_that_asks_before_it_sends_a_body_is_told_to_go_on(line: Line) -> None:
    """.NET switches it on (wsapi.md 2.1)."""
    body = json.dumps({"Defect": {"Name": "asked before"}}).encode()
    line.send(head(line, "POST", f"{DEFECT}/create.js", f"Content-Length: {len(body)}", "Expect: 100-continue"))
    assert line.file.readline() == b"HTTP/1.1 100 Continue\r\n"
    assert line.file.readline() == b"\r\n"
    line.send(body)
    status, _, answered = line.answer()
    assert (status, json.loads(answered)["CreateResult"]["Object"]["Name"]) == (200, "asked before")


def test_methods_in_any_case_on_one_connection(line: Line) -> None:
    for method in ("get", "GET", "Get", "options", "head"):
        line.send(head(line, method, f"{DEFECT}?pagesize=1"))
        if method == "head":
            assert line.file.readline() == b"HTTP/1.1 200 OK\r\n"
        else:
            assert line.answer()[0] == 200
