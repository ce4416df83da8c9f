"""API keys as a person meets them: E1 and E2 by keyboard alone, readable in both themes, narrow, and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx2
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

KEYS = "/login/accounts/keys"
KEY = re.compile(r"_BK[0-9A-Za-z]{41}")
_PATIENCE = 500
"""Looks at a page until the journal, which is written every few seconds, shows a request."""

_FAR = 80
"""Tabs after which something counts as out of the keyboard's reach."""

_FOCUSED = """() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") || (at.labels && at.labels[0] && at.labels[0].textContent) || at.textContent || "").trim();
}"""


def make(page: Page, visit: Visit, name: str) -> str:
    """Make a key and give the address of its page."""
    visit.go(f"{KEYS}/create")
    page.get_by_label("Display Name").fill(name)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/secret")
    return page.url.removeprefix(visit.live.url).removesuffix("/secret")


def tab_to(page: Page, label: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(_FAR):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED).endswith(label):
            return
    message = f"{label} cannot be reached by Tab on {page.url}"
    raise AssertionError(message)


def answer(visit: Visit, value: str) -> int:
    return httpx2.get(f"{visit.live.url}/slm/webservice/v2.0/user", headers={"zsessionid": value}).status_code


def shoot(visit: Visit, name: str) -> None:
    dark = visit.page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    visit.shot(f"keys-{name}-{'dark' if dark else 'light'}")


def check(visit: Visit, name: str) -> None:
    """Hold a page as it stands against WCAG, all that is folded away opened."""
    shoot(visit, name)
    visit.page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true })")
    assert (name, visit.violations()) == (name, [])


def test_pages_are_accessible(visit: Visit) -> None:
    page = visit.log_in("editor")
    visit.go(f"{KEYS}/create")
    check(visit, "create")
    page.get_by_label("Display Name").fill("checked")
    page.get_by_label("Addresses").fill("nowhere")
    visit.expected.add(422)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("This is no address").wait_for()
    check(visit, "create-refused")
    page.get_by_label("Addresses").fill("127.0.0.1")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/secret")
    check(visit, "secret")
    key = page.url.removesuffix("/secret").removeprefix(visit.live.url)
    for action in ("", "/edit", "/reset", "/disable", "/delete", "/secret"):
        visit.go(key + action)
        check(visit, f"key{action.replace('/', '-')}")
    visit.go(f"{KEYS}/pair")
    check(visit, "pair")
    page.get_by_label("Display Name").fill("pair")
    page.get_by_role("button", name="Create both").click()
    page.wait_for_url("**/pair/**")
    check(visit, "pair-secret")
    gone = make(page, visit, "short-lived")
    visit.go(f"{gone}/delete")
    page.get_by_label("Type the key's name").fill("short-lived")
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url(f"**{KEYS}")
    check(visit, "list")
    visit.go(gone)
    check(visit, "key-ended")
    visit.go(f"{KEYS}?show=idle&q=nothing")
    check(visit, "list-empty")


def test_an_administrators_pages_are_accessible(visit: Visit, open_visit: Callable[..., Visit]) -> None:
    page = visit.log_in("editor")
    key = make(page, visit, "to be reset")
    admin = open_visit()
    admin.log_in("admin")
    admin.go(f"{KEYS}?of=all")
    check(admin, "list-all")
    admin.go(f"{key}/reset")
    check(admin, "reset-of-another")
    admin.page.get_by_role("button", name="Continue").click()
    admin.page.wait_for_url(f"**{key}")
    check(admin, "key-of-another")
    visit.go(f"{KEYS}/waiting?next=/settings")
    check(visit, "waiting")
    visit.go(f"{key}/reset")
    check(visit, "open")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/secret")


def test_a_used_keys_page_is_accessible(visit: Visit) -> None:
    page = visit.log_in("editor")
    key = make(page, visit, "used")
    value = KEY.findall(page.content())[0]
    for _ in range(3):
        assert answer(visit, value) == 200
    for _ in range(_PATIENCE):
        visit.go(key)
        if not page.get_by_text("No request yet").is_visible():
            break
    page.get_by_role("table", name="Requests by weekday and hour").wait_for()
    check(visit, "key-used")
    tab_to(page, page.locator(".heat a").first.inner_text())
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("s from .* to .*")).first.wait_for()
    check(visit, "key-used-hour")
    visit.go(f"{key}/reset")
    page.get_by_text("Who used it in the last 7 days").wait_for()
    check(visit, "key-used-reset")


@pytest.mark.parametrize("path", ["", "/create", "/pair", "/waiting"])
def test_pages_fit_a_narrow_window(narrow: Visit, path: str) -> None:
    page = narrow.log_in("editor")
    narrow.go(KEYS + path)
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true })")
    narrow.shot(f"keys{path.replace('/', '-')}-narrow")
    assert narrow.overflow() <= 0


def test_a_keys_pages_fit_a_narrow_window(narrow: Visit) -> None:
    page = narrow.log_in("editor")
    key = make(page, narrow, "a name that is rather long for a window as narrow as this one is")
    assert narrow.overflow() <= 0
    for action in ("", "/edit", "/reset", "/disable", "/delete"):
        narrow.go(key + action)
        narrow.shot(f"keys-key{action.replace('/', '-')}-narrow")
        assert (action, narrow.overflow() <= 0) == (action, True)


def test_e1_a_key_is_made_and_copied_by_keyboard(open_visit: Callable[..., Visit]) -> None:
    """Avatar, My Settings, Access, API Key, Create, Display Name, Full Access, Save, copy, Close."""
    visit = open_visit(permissions=["clipboard-read", "clipboard-write"])
    page = visit.log_in("editor")
    press = page.keyboard.press
    tab_to(page, "Account of Edie Tor")
    press("Enter")
    tab_to(page, "My Settings")
    press("Enter")
    page.wait_for_url("**/settings")
    tab_to(page, "Access")
    press("Enter")
    page.wait_for_url("**/settings/access")
    tab_to(page, "API Key")
    press("Enter")
    page.wait_for_url(f"**{KEYS}")
    tab_to(page, "Create")
    press("Enter")
    page.wait_for_url("**/create")
    tab_to(page, "Display Name")
    page.keyboard.type("copied by keyboard")
    tab_to(page, "Full Access")
    press("Space")
    tab_to(page, "Save")
    press("Enter")
    page.wait_for_url("**/secret")
    tab_to(page, "Copy")
    press("Enter")
    page.get_by_role("status").get_by_text("Copied").wait_for()
    value = page.evaluate("() => navigator.clipboard.readText()").strip()
    assert KEY.fullmatch(value)
    assert answer(visit, value) == 200
    tab_to(page, "Close")
    press("Enter")
    page.wait_for_url(f"**{KEYS}")
    assert value not in page.content()
    page.go_back()
    page.get_by_role("heading", name="The value was shown once").wait_for()
    assert value not in page.content()


def test_e2_by_keyboard(open_visit: Callable[..., Visit]) -> None:
    """Reset key, Continue: a new key, and the old one ends at once."""
    visit = open_visit()
    page = visit.log_in("editor")
    key = make(page, visit, "reset by keyboard")
    old = KEY.findall(page.content())[0]
    visit.go(key)
    tab_to(page, "Reset key")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reset")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/secret")
    new = KEY.findall(page.content())[0]
    assert new != old
    assert (answer(visit, old), answer(visit, new)) == (401, 200)


def test_a_key_is_limited_and_deleted_by_keyboard(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = visit.log_in("editor")
    key = make(page, visit, "limited by keyboard")
    visit.go(f"{key}/edit")
    tab_to(page, "Limits (optional: an end, projects, types, addresses)")
    page.keyboard.press("Enter")
    tab_to(page, "Defects")
    page.keyboard.press("Space")
    assert "only defects" in page.locator("#preview").inner_text()
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{key}")
    page.get_by_text("Defects", exact=True).wait_for()
    tab_to(page, "Delete")
    page.keyboard.press("Enter")
    page.wait_for_url("**/delete")
    tab_to(page, "Type the key's name, limited by keyboard")
    page.keyboard.type("limited by keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{KEYS}")


def test_the_preview_follows_what_is_ticked(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = visit.log_in("editor")
    visit.go(f"{KEYS}/create")
    preview = page.locator("#preview")
    assert "reads 7 projects; writes nothing" in preview.inner_text()
    page.get_by_label("Full Access").check()
    assert "writes 7" in preview.inner_text()
    page.locator("summary", has_text="Limits").click()
    page.get_by_label("Rider App", exact=True).check()
    assert "reads 3 projects; writes 3" in preview.inner_text()
    page.get_by_label("With the projects below them").uncheck()
    assert "reads 1 project; writes 1" in preview.inner_text()
    page.get_by_label("Expires").select_option("30")
    assert "ends: in 30 days" in preview.inner_text()


def test_a_key_is_made_and_shown_without_scripts(plain: Visit) -> None:
    page = plain.log_in("editor")
    make(page, plain, "made without scripts")
    assert KEY.search(page.content())
    assert page.locator("#preview").count() == 0
    plain.go(f"{KEYS}/create")
    assert not page.locator("#preview").is_visible()
