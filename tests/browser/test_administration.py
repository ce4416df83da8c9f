"""The administration as a person uses it: readable in both themes, narrow, by keyboard alone, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

ADMIN = "admin@acme.test"
PAGES = (
    *(
        "users",
        "users/create",
        "users?q=nobody-at-all",
        "subscription",
        "sign-on",
        "passwords",
        "audit",
        "audit?object=x",
    ),
    *("workspaces", "workspaces/create", "permissions"),
)
LED_TO = {
    "user": ("users?q=editor", "tbody th a"),
    "workspace": ("workspaces", "tbody th a"),
    "project": ("workspaces", "tbody th a >> nth=0", "tbody th a"),
    "project-create": ("workspaces", "tbody th a >> nth=0", "text=Create a project"),
    "project-edit": ("workspaces", "tbody th a >> nth=0", "tbody th a", "main >> text=Edit"),
    "permissions-of-project": ("workspaces", "tbody th a >> nth=0", "tbody tr >> text=Permissions"),
    "permissions-of-user": ("users?q=editor", "tbody th a", "text=Change permissions"),
    "user-edit": ("users?q=editor", "tbody th a", "main >> text=Edit"),
    "user-disable": ("users?q=editor", "tbody th a", "main >> text=Disable"),
}
"""Pages whose addresses have numbers, by the links that lead to them."""


def log_in(visit: Visit) -> Page:
    page = visit.go("/login")
    page.get_by_label("User name").fill(ADMIN)
    page.get_by_label("Password").fill(visit.live.password(ADMIN))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/login/accounts/**")
    return page


def walk(visit: Visit, start: str, *links: str) -> Page:
    page = visit.go(f"/admin/{start}")
    for link in links:
        page.locator(link).first.click()
        page.wait_for_load_state()
    return page


def theme(page: Page) -> str:
    return str(page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"))


def name(path: str) -> str:
    return "admin-" + "".join(sign if sign.isalnum() else "-" for sign in path)


def test_pages_are_accessible_in_both_themes(visit: Visit) -> None:
    page = log_in(visit)
    visit.expected = {422}
    found = {}
    for label, way in {**{path: (path,) for path in PAGES}, **LED_TO}.items():
        page = walk(visit, *way)
        visit.shot(f"{name(label)}-{theme(page)}")
        found[label] = visit.violations()
    assert {label: wrong for label, wrong in found.items() if wrong} == {}


def test_pages_fit_a_narrow_window(narrow: Visit) -> None:
    log_in(narrow)
    narrow.expected = {422}
    wide = {}
    for label, way in {**{path: (path,) for path in PAGES}, **LED_TO}.items():
        walk(narrow, *way)
        narrow.shot(f"{name(label)}-narrow")
        wide[label] = narrow.overflow()
    assert {label: pixels for label, pixels in wide.items() if pixels > 0} == {}


def press(page: Page, label: str) -> None:
    """Reach a link, button or field by the Tab key alone, and see that it shows where one is."""
    for _ in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "() => { const e = document.activeElement; const l = e.labels && e.labels[0];"
            " return (e.getAttribute('aria-label') || (l && l.innerText) || e.innerText || '').trim(); }"
        )
        if here.split("\n")[0].startswith(label):
            return
    pytest.fail(f"the Tab key does not lead to {label}")


def test_a_user_is_made_given_a_role_and_disabled_by_keyboard_alone(open_visit: object) -> None:
    visit: Visit = open_visit()  # type: ignore[operator]
    page = log_in(visit)
    visit.go("/admin/")
    press(page, "Create a user")
    page.keyboard.press("Enter")
    page.wait_for_url("**/users/create")
    press(page, "User name")
    page.keyboard.type("keys@acme.test")
    press(page, "First name")
    page.keyboard.type("Only Keys")
    press(page, "Create")
    page.keyboard.press("Enter")
    page.wait_for_url("**/link")
    assert "/login/welcome/" in page.locator("#link").inner_text()
    visit.shot("admin-link")
    press(page, "Close")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Only Keys')")
    press(page, "Change permissions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/permissions?user=*")
    press(page, "Role of keys@acme.test in")
    page.keyboard.type("Workspace Admin")
    press(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**saved=*")
    page.go_back()
    visit.go("/admin/users?q=keys@")
    press(page, "keys@acme.test")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Workspace Admin")
    press(page, "Disable")
    page.keyboard.press("Enter")
    page.wait_for_url("**/disable")
    press(page, "Disable")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]:has-text('Disabled.')")


def test_keys_are_disabled_and_enabled_without_scripts(plain: Visit) -> None:
    page = log_in(plain)
    plain.go("/admin/subscription")
    page.get_by_label("API Keys enabled").uncheck()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("h1:has-text('Disable all API keys?')")
    plain.shot("admin-disable-keys")
    page.get_by_role("button", name="Disable all API keys").click()
    page.wait_for_selector("[role=status]")
    plain.go("/login/accounts/keys")
    assert "API Keys are disabled." in page.locator("main").inner_text()
    plain.go("/admin/subscription")
    page.get_by_label("API Keys enabled").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("[role=status]")
    assert page.get_by_label("API Keys enabled").is_checked()
