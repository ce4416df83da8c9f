"""Every page that links lead to, as an administrator, an editor, a viewer and a stranger meet it (WCAG 2.2 AA; interface.md).

A page that is added is found here by the first link to it. Of pages that differ by what they show, one is looked at: those whose
addresses are the same but for numbers.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Visit

PHONE = {"width": 390, "height": 700}
NARROWEST = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
LEFT_OUT = re.compile(
    r"/(assets|slm/webservice|openapi\.json|slm/doc/webservice/sign-in)|.*(\.csv|/secret)(\?|$)|.*/content"
)
"""Files, what asks the browser for a password, and what is shown once."""
DOCUMENTATION = "/slm/doc/"
MOST = 120
"""Pages a visitor; more would mean that addresses are not told apart as they should be."""

LINKS = "() => [...document.querySelectorAll('a[href]')].map(each => each.href)"
OPEN = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"
# A page of the same parts as one that was measured needs no second measure; what is in them differs.
PARTS = """() => [...new Set([...document.querySelectorAll('body *')].map(
    each => `${each.tagName}.${each.className}[${each.type || ''}${each.getAttribute('role') || ''}]`))].sort().join(' ')"""
# What has the focus must not be hidden entirely (2.4.11): somewhere in it the topmost thing is itself, or in it, or its label.
HIDDEN_FOCUS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.type !== 'hidden')
    .filter(each => {
        each.focus();
        if (document.activeElement !== each) return false;
        // A key press scrolls what it focuses into sight; a call of focus() may leave that for later.
        each.scrollIntoView({block: 'nearest', inline: 'nearest'});
        const boxes = [...each.getClientRects()].filter(box => box.width > 2 && box.height > 2);
        const places = [[.5, .5], [.2, .2], [.8, .2], [.2, .8], [.8, .8]];
        return boxes.length && !boxes.some(box => places.some(([right, down]) => {
            const top = document.elementFromPoint(box.x + box.width * right, box.y + box.height * down);
            return top && (each.contains(top) || top.closest('label')?.contains(each));
        }));
    })
    .map(each => `${each.outerHTML.slice(0, 120)} ${JSON.stringify(each.getBoundingClientRect())}`)"""


def shape(address: str) -> str:
    """Give what addresses of the same kind of page have in common: numbers, types and the words of a query are told by none."""
    parts = urlsplit(address)
    path = re.sub(r"^(/items/new/|/slm/doc/webservice/type/)[a-z]+", r"\1T", parts.path)
    path = re.sub(r"^/items/[a-z]+(?=/\d)", "/items", path)
    path = re.sub(r"/[\w-]*\d[\w-]*(?=/|$)", "/N", path)
    return f"{path}?" if any(value for _, value in parse_qsl(parts.query)) else path


class Crawl:
    """One visitor's walk."""

    def __init__(self, visit: Visit, measured: set[str]) -> None:
        self.visit, self.measured = visit, measured
        self.seen: set[str] = set()
        self.found: list[str] = []
        self.pages: list[str] = []

    def walk(self, *begin: str, documentation: bool) -> None:
        """Look at every page that these lead to."""
        url = self.visit.live.url
        waiting = deque(begin)
        while waiting and len(self.pages) < MOST:
            path = waiting.popleft()
            kind = shape(path)
            if kind in self.seen:
                continue
            self.seen.add(kind)
            page = self.visit.go(path)
            self.pages.append(path)
            for link in page.evaluate(LINKS):
                target = link.removeprefix(url).partition("#")[0]
                ours = link.startswith(url) and not LEFT_OUT.match(target)
                if ours and (documentation or not target.startswith(DOCUMENTATION)):
                    waiting.append(target)
            self.measure(path)
        assert len(self.pages) < MOST, self.pages

    def measure(self, path: str) -> None:
        """Hold a page to what every page keeps."""
        page = self.visit.page
        page.evaluate(OPEN)
        parts = page.evaluate(PARTS)
        for size in (PHONE, NARROWEST):
            page.set_viewport_size(size)
            if self.visit.overflow() > 0:
                self.note(path, f"scrolls sideways at {size['width']} px")
        if parts not in self.measured:
            self.measured.add(parts)
            page.set_viewport_size(PHONE)
            for hidden in page.evaluate(HIDDEN_FOCUS):
                self.note(path, f"hides the focus of {hidden}")
            page.set_viewport_size(WIDE)
            for each in self.visit.violations():
                self.note(path, each)
            page.emulate_media(color_scheme="dark")
            for each in self.visit.violations("color-contrast"):
                self.note(path, f"dark: {each}")
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(WIDE)
        for fault in self.visit.faults:
            self.note(path, fault)
        self.visit.faults.clear()

    def note(self, path: str, what: str) -> None:
        self.found.append(f"{path}: {what}")


@pytest.fixture(scope="module")
def measured() -> set[str]:
    """What was measured already, for another visitor or on another page."""
    return set()


@pytest.mark.parametrize("user", ["admin", "editor", "viewer"])
def test_who_has_logged_in_finds_every_page_in_order(
    open_visit: Callable[..., Visit], measured: set[str], user: str
) -> None:
    visit = open_visit(color_scheme="light")
    visit.log_in(user)
    crawl = Crawl(visit, measured)
    crawl.walk("/", documentation=False)
    assert not crawl.found, "\n".join(crawl.found)
    for path in ("/login/accounts/keys", "/login/accounts/keys/create", "/settings/appearance"):
        assert any(page.startswith(path) for page in crawl.pages), f"no link leads to {path}"


def test_a_stranger_finds_every_page_in_order(open_visit: Callable[..., Visit], measured: set[str]) -> None:
    crawl = Crawl(open_visit(color_scheme="light"), measured)
    crawl.visit.expected = {404}
    crawl.walk("/", "/nosuch", "/slm/doc/webservice/", documentation=True)
    assert not crawl.found, "\n".join(crawl.found)
    assert len(crawl.pages) >= 10


def test_addresses_that_differ_by_numbers_are_one_kind() -> None:
    kinds = {
        "/items/DE7/edit?at=4": "/items/N/edit?",
        "/items/defect/77": "/items/N",
        "/items/new/testcase": "/items/new/T",
        "/items/bin": "/items/bin",
        "/login/accounts/keys/12/edit": "/login/accounts/keys/N/edit",
        "/slm/doc/webservice/type/defect": "/slm/doc/webservice/type/T",
        "/settings/access?done=": "/settings/access",
    }
    assert {address: shape(address) for address in kinds} == kinds
