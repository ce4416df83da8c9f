"""Texts on pages are escaped, and files have addresses that name their content."""

import gzip
from typing import Any

import pytest
from jinja2 import UndefinedError

from banneret.web.assets import shared_assets
from banneret.web.pages import Pages, prose

ASSETS = shared_assets()


async def fetched(path: str, method: str = "GET", encoding: bytes = b"") -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    await ASSETS({"path": path, "method": method, "headers": [(b"accept-encoding", encoding)]}, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_prose_sets_code_and_escapes_the_rest() -> None:
    assert prose("use `<b>` & go") == "use <code>&lt;b&gt;</code> &amp; go"


def test_a_name_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        Pages("banneret.wsapi.documentation", ASSETS).render("refused.html")


async def test_a_file_under_its_version_may_be_kept_for_good() -> None:
    status, headers, body = await fetched(ASSETS.url("banneret.css"))
    assert (status, headers[b"cache-control"]) == (200, b"public, max-age=31536000, immutable")
    assert headers[b"x-content-type-options"] == b"nosniff"
    _, headers, compressed = await fetched(ASSETS.url("banneret.css"), encoding=b"br, gzip")
    assert headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(compressed) == body


async def test_a_file_under_an_old_version_is_not_kept() -> None:
    status, headers, _ = await fetched("/assets/0123456789abcdef/banneret.css")
    assert (status, headers[b"cache-control"]) == (200, b"no-cache")


@pytest.mark.parametrize(
    "path", ["/assets/", "/assets/x/../../settings.py", "/assets/x/none.css", "/assets/x/banneret.css/"]
)
async def test_nothing_else_is_served(path: str) -> None:
    assert (await fetched(path))[0] == 404


async def test_head_is_get_without_the_body() -> None:
    status, headers, body = await fetched(ASSETS.url("banneret.css"), "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers[b"content-length"]) > 1000
