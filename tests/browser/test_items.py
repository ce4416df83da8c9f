"""Work items in chromium: by keyboard alone, in place, on a phone, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

PHONE = {"width": 390, "height": 844}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is meant has the focus, as who has no pointer does."""
    wanted = page.locator(selector).first
    for _ in range(120):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    message = f"no way by Tab to {selector}"
    raise AssertionError(message)


def test_create_edit_and_comment_by_keyboard_alone(visit: Visit) -> None:
    """`c`, a name, Enter; `e`, another state, Enter; a post. Nothing is pressed but keys."""
    visit.log_in("editor")
    page = visit.go("/items/?type=defect")
    page.keyboard.press("c")
    page.wait_for_url("**/items/new/defect*")
    tab_to(page, "#Name")
    page.keyboard.type("Bell does not ring")
    tab_to(page, "#Description")
    page.keyboard.type("Not at all.")
    tab_to(page, "#Owner")
    page.keyboard.type("Edie Tor")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Bell does not ring')")
    assert "Edie Tor" in page.locator(".rail").inner_text()
    page.keyboard.press("e")
    page.wait_for_url("**/edit*")
    tab_to(page, "#State")
    page.keyboard.type("Open")
    tab_to(page, "main button[data-action=save]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".history:has-text('STATE changed from [Submitted] to [Open]')")
    tab_to(page, "#Text")
    page.keyboard.type("Heard it on the quay, too.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".posts:has-text('Heard it on the quay, too.')")
    visit.shot("item-by-keyboard")
    assert visit.violations() == []


def test_a_field_is_changed_in_its_place(visit: Visit) -> None:
    """The value turns into its form, the server's answer into the page; Escape leaves all as it was."""
    visit.log_in("editor")
    page = visit.go("/items/?type=defect&query=(State = Submitted)")
    page.locator("tr[data-item] th a").first.click()
    place = page.locator('[data-property="Severity"]')
    place.locator("a").click()
    page.wait_for_selector('[data-property="Severity"] select:focus')
    page.keyboard.press("Escape")
    place.locator("a").click()
    chosen = place.locator("select")
    chosen.select_option("Cosmetic")
    assert visit.violations() == []
    place.get_by_role("button", name="Save").last.click()
    page.wait_for_selector('[data-property="Severity"]:has-text("Cosmetic") a:focus')
    assert "/edit" not in page.url
    visit.expected.add(422)
    page.locator('[data-property="PlanEstimate"] a').click()
    page.locator("#PlanEstimate").fill("many")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-property="PlanEstimate"] .wrong')
    assert page.locator("#PlanEstimate").input_value() == "many"
    page.locator("#PlanEstimate").fill("3")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-property="PlanEstimate"]:has-text("3") a:focus')


def test_a_reference_offers_what_is_meant_while_typing(visit: Visit) -> None:
    visit.log_in("editor")
    page = visit.go("/items/new/defect")
    page.locator("#Requirement").press_sequentially("unlock")
    page.wait_for_function("() => document.querySelector('#Requirement').list.options.length > 0")
    offered = page.evaluate("() => document.querySelector('#Requirement').list.options[0].value")
    assert offered.startswith("US")
    page.locator("#Name").fill("x")
    page.on("dialog", lambda dialog: dialog.accept())


@pytest.mark.parametrize(
    "path", ["/items/", "/items/?type=defect&order=DragAndDropRank", "/items/new/testcase", "/items/DE42"]
)
def test_a_phone_scrolls_one_way(open_visit: Callable[..., Visit], path: str) -> None:
    visit = open_visit(viewport=PHONE)
    visit.log_in("editor")
    visit.go(path)
    visit.shot(f"items-{path.rpartition('/')[2][:8] or 'list'}-phone")
    assert visit.overflow() <= 0


def test_everything_works_without_scripts(plain: Visit) -> None:
    plain.log_in("editor")
    page = plain.go("/items/new/defect")
    page.locator("#Name").fill("Made without scripts")
    page.locator("#Requirement").fill("unlock")
    plain.expected.add(422)
    page.locator("button[value=Requirement]").click()
    page.locator(".matches input").first.check()
    page.locator("main button[data-action=save]").click()
    page.wait_for_selector("h1:has-text('Made without scripts')")
    page.locator('[data-property="State"] a').click()
    page.locator("#State").select_option("Fixed")
    page.locator("main button[data-action=save]").click()
    page.wait_for_selector(".history:has-text('STATE changed')")
