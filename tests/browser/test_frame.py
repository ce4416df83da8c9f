"""The header, the account menu, the theme, the palette and the keys, by keyboard alone (E1; WCAG 2.1.1, 2.1.4, 2.4.3, 2.4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Visit

LOG_IN = "Log in"


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def settled(page: Page) -> None:
    """Wait until the modules of a page listen: what they unhide is there."""
    expect(page.locator("[data-opens=palette]")).to_be_visible()


def theme(page: Page) -> str | None:
    return page.evaluate("() => document.documentElement.dataset.theme ?? null")


def test_e1_a_key_is_made_by_keyboard_from_the_log_in_to_the_end(open_visit: Callable[..., Visit]) -> None:
    """Avatar, My Settings, Access, API Key, Create, Display Name, Full Access, Save, shown once, Close."""
    visit = open_visit()
    page = visit.go("/login")
    tab_to(page, page.get_by_label("User name"))
    page.keyboard.type("editor@acme.test")
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(visit.live.password("editor@acme.test"))
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Account of"))
    press(page, page.get_by_role("link", name="My Settings"))
    press(page, page.get_by_role("link", name="Access", exact=True))
    press(page, page.get_by_role("link", name="API Key", exact=True))
    press(page, page.get_by_role("link", name="Create", exact=True))
    tab_to(page, page.get_by_label("Display Name"))
    page.keyboard.type("made by keyboard")
    press(page, page.get_by_label("Full Access"), "Space")
    press(page, page.get_by_role("button", name="Save"))
    value = page.locator("#secret").inner_text()
    assert value.startswith("_")
    press(page, page.get_by_role("link", name="Close").or_(page.get_by_role("button", name="Close")))
    expect(page.get_by_role("link", name="made by keyboard", exact=True)).to_be_visible()
    page.go_back()
    assert value not in page.content()


def test_the_account_menu_closes_and_gives_the_focus_back(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = visit.log_in("viewer")
    avatar = page.get_by_role("button", name="Account of")
    press(page, avatar)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="My Settings")).to_be_focused()
    assert visit.violations() == []
    page.keyboard.press("Escape")
    expect(page.locator("#account")).to_be_hidden()
    expect(avatar).to_be_focused()


def test_the_theme_changes_where_one_stands_and_stays(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit(color_scheme="light")
    page = visit.log_in("viewer")
    visit.go("/login/accounts/keys/create")
    settled(page)
    page.get_by_label("Display Name").fill("typed before")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    assert (theme(page), page.get_by_label("Display Name").input_value()) == ("dark", "typed before")
    page.reload()
    assert theme(page) == "dark"
    assert page.evaluate("() => getComputedStyle(document.body).colorScheme") == "dark"
    visit.go("/slm/doc/webservice/")
    assert theme(page) == "dark"
    settled(page)
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="System").click()
    expect(page.get_by_role("button", name="System")).to_have_attribute("aria-pressed", "true")
    assert theme(page) is None


def test_the_theme_changes_without_scripts(plain: Visit) -> None:
    page = plain.go("/login")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("User name")).to_be_visible()
    page.get_by_role("button", name="System").click()
    expect(page.locator("html[data-theme]")).to_have_count(0)


def test_the_palette_finds_what_there_is_to_do(visit: Visit) -> None:
    page = visit.log_in("editor")
    settled(page)
    before = page.get_by_role("link", name="Documentation")
    tab_to(page, before)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search, or what to do")
    expect(box).to_be_focused()
    assert visit.violations() == []
    page.keyboard.press("ArrowUp")
    last = page.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", last.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(before).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("create api")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/accounts/keys/create")
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("qqqq")
    expect(page.get_by_text("Nothing found").first).to_be_attached()
    assert visit.violations() == []


def test_the_palette_finds_work_items(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = visit.log_in("editor")
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("serial number")
    found = page.get_by_role("group", name="Work items").get_by_role("option").first
    expect(found).to_contain_text("erial")
    expect(found).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("erial")


def test_letters_lead_and_help_lists_them(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = visit.log_in("editor")
    visit.go("/settings")
    settled(page)
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_be_visible()
    expect(help_.get_by_role("button", name="Close")).to_be_focused()
    assert visit.violations() == []
    page.keyboard.press("Enter")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/login/accounts/keys")
    settled(page)
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]").first).to_be_focused()
    # In a field a letter is a letter.
    page.keyboard.type("c?")
    expect(page.locator("main input[type=search]").first).to_have_value("c?")
    visit.go("/login/accounts/keys")
    settled(page)
    page.keyboard.press("c")
    page.wait_for_url("**/login/accounts/keys/create")


def test_letters_can_be_turned_off(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = visit.log_in("viewer")
    visit.go("/settings/appearance")
    page.get_by_label("Shortcuts of a single letter").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-shortcuts", "off")
    settled(page)
    for key in ("?", "c", "g", "k", "/"):
        page.keyboard.press(key)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search, or what to do")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.url.endswith("/settings/appearance")
    page.get_by_label("Shortcuts of a single letter").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html[data-shortcuts]")).to_have_count(0)
