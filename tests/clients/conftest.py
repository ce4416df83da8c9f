"""A real server process with the demo scenario, over TLS, for real clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.live import Live, start

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The demo over TLS; throw-away, shared by all client tests, which therefore make what they change."""
    home = tmp_path_factory.mktemp("live")
    process, said = start(home, "--ephemeral", "--tls", "--scenario", "demo")
    yield Live(said["url"], said["tls_ca"], said["users"], said["keys"])
    process.terminate()
    process.wait(20)


@pytest.fixture
def trusting(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `requests`, and so pyral, trust the server's own CA."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", live.ca)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", live.ca)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    os.environ.setdefault("NO_PROXY", "localhost,127.0.0.1")
