"""The documentation as a person uses it: readable in both themes, by keyboard, narrow, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

ROOT = "/slm/doc/webservice/"
PAGES = (
    "",
    "?q=owner",
    "type/defect",
    "type/artifact",
    "query",
    "fetch",
    "errors",
    "limits",
    "requests",
    "authentication",
)
EDITOR = "editor@acme.test"


def name(path: str) -> str:
    return "doc-" + (path.replace("/", "-").replace("?", "") or "index")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible(visit: Visit, path: str) -> None:
    page = visit.go(ROOT + path)
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true })")
    visit.shot(
        f"{name(path)}-{page.evaluate('() => matchMedia(`(prefers-color-scheme: dark)`).matches ? `dark` : `light`')}"
    )
    assert visit.violations() == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_narrow_window(narrow: Visit, path: str) -> None:
    page = narrow.go(ROOT + path)
    narrow.shot(f"{name(path)}-narrow")
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true })")
    assert narrow.overflow() <= 0


def send_a_query(page: Page, key: str) -> None:
    page.locator("#query summary").click()
    form = page.locator("#query form")
    form.get_by_label("query", exact=True).fill('(Name contains "serial")')
    form.get_by_label("fetch", exact=True).fill("FormattedID,Name")
    form.get_by_label("API key").fill(key)
    form.get_by_role("button", name="Send").click()


def test_a_form_answers_in_place(visit: Visit) -> None:
    page = visit.go(ROOT + "type/defect")
    before = page.url
    send_a_query(page, visit.live.key(EDITOR))
    answer = page.locator("#query [data-output]")
    answer.get_by_label("Body of the answer").wait_for()
    assert "Serial number" in answer.inner_text()
    assert page.url == before
    visit.shot("doc-answer")
    assert visit.violations() == []


def test_a_form_answers_without_scripts_and_without_showing_the_key(plain: Visit) -> None:
    key = plain.live.key(EDITOR)
    page = plain.go(ROOT + "type/defect")
    send_a_query(page, key)
    page.wait_for_url("**/try")
    assert "Serial number" in page.locator("main").inner_text()
    assert page.get_by_label("query", exact=True).input_value() == '(Name contains "serial")'
    assert key not in page.content() + page.url
    plain.shot("doc-try")


def test_a_wrong_key_is_told_next_to_the_form(visit: Visit) -> None:
    page = visit.go(ROOT + "type/defect")
    send_a_query(page, "_wrong")
    assert "HTTP 401" in page.locator("#query [data-output] .note.bad").inner_text()


def test_a_reader_who_signs_in_writes_as_himself(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    password = visit.live.password(EDITOR)
    visit = open_visit(http_credentials={"username": EDITOR, "password": password})
    visit.expected = {401}
    page = visit.go(ROOT)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_text(EDITOR).wait_for()
    visit.go(ROOT + "type/tag")
    page.locator("#create summary").click()
    page.locator("#create form").get_by_label("Body (JSON)").fill('{"Tag": {"Name": "made in a browser"}}')
    page.locator("#create form").get_by_role("button", name="Send").click()
    page.locator("#create [data-output]").get_by_text("HTTP 200, no errors.").wait_for()


def test_everything_is_reached_by_keyboard(visit: Visit) -> None:
    page = visit.go(ROOT + "type/tag")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    assert page.locator(":focus").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('#query > summary')"):
            break
    page.keyboard.press("Enter")
    assert page.locator("#query form").is_visible()
    page.keyboard.press("Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_a_sample_is_copied(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit(permissions=["clipboard-read", "clipboard-write"])
    page = visit.go(ROOT + "type/tag")
    page.locator("#query summary").click()
    sample = page.locator("#query .sample").first
    sample.get_by_role("button", name="Copy").click()
    page.get_by_role("status").get_by_text("Copied").wait_for(state="attached")
    assert page.evaluate("() => navigator.clipboard.readText()") == sample.locator("pre").inner_text()
