"""Logging in as a person does it: by keyboard alone with an authenticator app, and with a passkey in chromium's own authenticator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

ADMIN, PASSKEY, KEYBOARD, PLAIN = "admin@acme.test", "wsadmin@acme.test", "padmin@acme.test", "noaccess@acme.test"
"""Each test changes its own user, so that one that fails leaves the others alone."""


def theme(page: Page) -> str:
    return "dark" if page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") else "light"


def log_in(visit: Visit, user: str, goal: str = "/settings/access") -> Page:
    page = visit.go(f"/login?next={goal}")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(visit.live.password(user))
    page.get_by_role("button", name="Log in", exact=True).click()
    return page


def looked_at(visit: Visit, name: str) -> None:
    """See that a page is accessible and fits, and leave a picture of it."""
    visit.shot(f"sign-in-{name}-{theme(visit.page)}")
    assert visit.violations() == []
    assert visit.overflow() <= 0


PAGES = {
    "access": "/settings/access",
    "password": "/settings/password",
    "factors": "/settings/second-factor",
    "app": "/settings/second-factor/app",
    "passkey": "/settings/second-factor/passkey",
    "codes-gone": "/settings/second-factor/codes",
    "policy": "/admin/passwords",
}


def test_pages_are_accessible(visit: Visit) -> None:
    visit.go("/login?again=1")
    looked_at(visit, "login")
    log_in(visit, ADMIN)
    for name, path in PAGES.items():
        visit.go(path)
        looked_at(visit, name)


def test_pages_fit_a_narrow_window(narrow: Visit) -> None:
    page = narrow.go("/login")
    narrow.shot("sign-in-login-narrow")
    assert narrow.overflow() <= 0
    log_in(narrow, ADMIN)
    for name, path in PAGES.items():
        narrow.go(path)
        narrow.shot(f"sign-in-{name}-narrow")
        assert narrow.overflow() <= 0, path
    assert page.url.endswith("/admin/passwords")


def test_what_is_wrong_is_said_accessibly(visit: Visit) -> None:
    visit.expected = {422}
    log_in(visit, ADMIN)
    page = visit.go("/settings/password")
    page.get_by_label("Present password").fill("mistaken")
    page.get_by_label("New password", exact=True).fill("seven quiet lanterns")
    page.get_by_label("New password again").fill("seven quiet lamps")
    page.get_by_role("button", name="Change the password").click()
    page.get_by_text("This is not the same password.").wait_for()
    looked_at(visit, "password-wrong")
    page = visit.go("/admin/passwords")
    page.get_by_label("Asked for after the password").select_option("everybody")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("have no second factor").wait_for()
    looked_at(visit, "policy-warned")


def focused(page: Page) -> str:
    found: str = page.evaluate(
        "() => { const e = document.activeElement; return (e.labels?.[0]?.innerText ?? e.innerText ?? '').trim() }"
    )
    return found


def tab_to(page: Page, what: str) -> None:
    """Go on with the Tab key until that has the focus."""
    for _ in range(40):
        if focused(page) == what:
            return
        page.keyboard.press("Tab")
    message = f"the Tab key does not lead to {what}"
    raise AssertionError(message)


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def by_keyboard(visit: Visit, user: str, goal: str) -> Page:
    page = visit.go(f"/login?next={goal}")
    type_into(page, "User name", user)
    type_into(page, "Password", visit.live.password(user))
    page.keyboard.press("Enter")
    return page


def test_an_app_is_set_up_used_and_removed_by_keyboard_alone(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    page = by_keyboard(visit, KEYBOARD, "/settings/second-factor")
    page.get_by_role("heading", name="Second factor").wait_for()
    tab_to(page, "Add an authenticator app")
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/app")
    secret = page.locator("li code").inner_text().replace(" ", "")
    app = pyotp.TOTP(secret)
    now = datetime.now(UTC)
    type_into(page, "Code", app.at(now - timedelta(seconds=30)))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
    looked_at(visit, "codes")
    tab_to(page, "I have kept them")
    page.keyboard.press("Enter")
    page.get_by_text("10 of 10 are left").wait_for()
    looked_at(visit, "factors-with-app")
    page = by_keyboard(visit, KEYBOARD, "/settings/second-factor")
    page.wait_for_url("**/login/second-factor")
    assert focused(page) == "Code"
    looked_at(visit, "step")
    page.keyboard.type(app.at(now))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove Authenticator app").wait_for()
    tab_to(page, "Remove")
    page.keyboard.press("Enter")
    page.get_by_text("It is removed.").wait_for()


def test_an_app_is_set_up_used_and_removed_without_scripts(plain: Visit) -> None:
    page = log_in(plain, PLAIN, "/settings/second-factor")
    page.get_by_role("link", name="Add an authenticator app").click()
    app = pyotp.TOTP(page.locator("li code").inner_text().replace(" ", ""))
    now = datetime.now(UTC)
    page.get_by_label("Code", exact=True).fill(app.at(now - timedelta(seconds=30)))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="I have kept them").click()
    page = log_in(plain, PLAIN, "/settings/second-factor")
    page.get_by_label("Code", exact=True).fill(app.at(now))
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Remove Authenticator app").click()
    page.get_by_text("It is removed.").wait_for()


def test_a_passkey_lets_in_beside_the_password_and_in_its_place(open_visit: Callable[..., Visit]) -> None:
    visit = open_visit()
    # Passkeys are bound to a name; an address of numbers has none.
    visit.live = type(visit.live)(
        visit.live.url.replace("127.0.0.1", "localhost"), visit.live.ca, visit.live.users, visit.live.keys
    )
    devices = visit.page.context.new_cdp_session(visit.page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    page = log_in(visit, PASSKEY, "/settings/second-factor/passkey")
    page.get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("heading", name="laptop").wait_for()
    page = log_in(visit, PASSKEY, "/settings/access")
    looked_at(visit, "step-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/settings/access")
    page.get_by_role("button", name="Log out everywhere").click()
    page.wait_for_url("**/login")
    page = visit.go("/login?next=/settings/second-factor")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_role("button", name="Remove laptop").click()
    page.get_by_text("It is removed.").wait_for()
