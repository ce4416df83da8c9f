"""A live server, chromium, and pages as a person meets them: in both colour themes, wide and narrow, with and without scripts.

A `visit` fails its test when the page logs an error, breaks its Content Security Policy or asks for something that is not there.
With `BANNERET_SCREENSHOTS=DIR`, `visit.shot(name)` leaves pictures to look at.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from tests.live import Live, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
THEMES = ("light", "dark")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs chromium, and axe-core from npm."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.node)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The demo over plain http; throw-away, shared by all browser tests, which therefore make what they change."""
    process, said = start(tmp_path_factory.mktemp("live"), "--ephemeral", "--scenario", "demo")
    yield Live(said["url"], said["tls_ca"], said["users"], said["keys"])
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module only: Playwright keeps an event loop running that other tests would trip over."""
    with sync_playwright() as playwright:
        # Root in a container has no user namespaces, which the sandbox is made of; pages are all our own.
        options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        yield opened
        opened.close()


class Visit:
    """A page in a browser, and what went wrong on it."""

    def __init__(self, page: Page, live: Live) -> None:
        self.page, self.live = page, live
        self.faults: list[str] = []
        self.expected: set[int] = set()
        """Statuses of failure that the test wants to see."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # A failed answer is looked at where its status is known.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} {response.url}")

    def go(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(self.live.url + path)
        return self.page

    def shot(self, name: str) -> None:
        """Leave a picture of the whole page, where pictures are wanted."""
        folder = os.environ.get("BANNERET_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def log_in(self, user: str = "admin") -> Page:
        """Log in as a user of the demo, by the name before the `@`."""
        page, name = self.go("/login"), f"{user}@acme.test"
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(self.live.password(name))
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url(lambda url: "/login?" not in url and not url.endswith("/login"))
        return page

    def violations(self, *rules: str) -> list[str]:
        """Say what axe finds against WCAG 2.2 AA and good practice, or these rules alone: rule, help, and where."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], rules: only.type === 'rule' ? {} : "
            "{'target-size': {enabled: true}}})",
            {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": STANDARD},
        )
        return [
            f"{rule['id']}: {rule['help']}\n  "
            + "\n  ".join(f"{node['target']} {node['html'][:120]}" for node in rule["nodes"])
            for rule in found["violations"]
        ]

    def overflow(self) -> int:
        """Say how many pixels the page is wider than its window: beyond none a reader has to scroll both ways (WCAG 1.4.10)."""
        found: int = self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        return found


@pytest.fixture
def open_visit(browser: Browser, live: Live) -> Iterator[Callable[..., Visit]]:
    """Begin visits; arguments are those of Playwright's `new_context`."""
    begun = []

    def begin(**options: Any) -> Visit:
        context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        context.set_default_timeout(15_000)
        visit = Visit(context.new_page(), live)
        begun.append((context, visit))
        return visit

    yield begin
    for context, visit in begun:
        context.close()
        assert visit.faults == []


@pytest.fixture(params=THEMES)
def visit(request: pytest.FixtureRequest, open_visit: Callable[..., Visit]) -> Visit:
    """A visit with a wide window, in either theme."""
    return open_visit(color_scheme=request.param)


@pytest.fixture
def narrow(open_visit: Callable[..., Visit]) -> Visit:
    """A visit with the narrowest window that pages have to fit into without scrolling sideways."""
    return open_visit(viewport=NARROW)


@pytest.fixture
def plain(open_visit: Callable[..., Visit]) -> Visit:
    """A visit without scripts."""
    return open_visit(java_script_enabled=False)
