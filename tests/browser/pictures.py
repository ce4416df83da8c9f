"""The pictures of `docs/pictures/`: `make screenshots`, or `python -m tests.browser.pictures [NAME...]` for some of them.

The demo stands at a fixed moment, so a picture changes with its page only. Keys of the demo are public.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.live import Live, start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
MOMENT = "2026-01-05T09:00:00.000Z"
"""Shortly after the last change of the demo."""
SIZE = {"width": 1280, "height": 800}
THEMES = ("light", "dark")
QUALITY = 0.9
"""Of WebP: letters stay clean at half of what PNG takes."""
SHRINK = """async ([png, quality]) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = Object.assign(document.createElement('canvas'), {width: picture.width, height: picture.height});
    canvas.getContext('2d', {willReadFrequently: true}).drawImage(picture, 0, 0);
    return canvas.toDataURL('image/webp', quality);
}"""


@dataclass(frozen=True)
class Picture:
    """A page: who sees it, where it stands, and what is pressed or clicked before it is taken. No user: nobody has logged in."""

    name: str
    user: str
    path: str
    click: str = ""
    press: str = ""


PICTURES = (
    Picture("log-in", "", "/login"),
    Picture("items", "editor", "/items/?type=defect"),
    Picture("item", "editor", "/items/DE48"),
    Picture("keys", "admin", "/login/accounts/keys?of=all"),
    Picture("key-create", "admin", "/login/accounts/keys/create"),
    Picture("users", "admin", "/admin/users"),
    Picture("palette", "editor", "/items/", press="Control+k"),
    Picture("documentation", "editor", "/slm/doc/webservice/type/defect"),
)


def main(names: list[str]) -> int:
    """Take the pictures of these names, or all."""
    wanted = [picture for picture in PICTURES if not names or picture.name in names]
    FOLDER.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="banneret-pictures-"))
    demo = resources.files("banneret.scenarios").joinpath("demo.yaml").read_text(encoding="utf-8")
    scenario = home / "demo.yaml"
    scenario.write_text(f'clock: "{MOMENT}"\n{demo}', encoding="utf-8")
    process, said = start(home, "--ephemeral", "--scenario", str(scenario))
    live = Live(said["url"], said["tls_ca"], said["users"], said["keys"])
    try:
        with sync_playwright() as playwright:
            options = [
                "--disable-gpu",
                "--force-device-scale-factor=1",
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
            ]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
            for theme in THEMES:
                for user in dict.fromkeys(picture.user for picture in wanted):
                    take(browser, live, theme, user, [picture for picture in wanted if picture.user == user])
            browser.close()
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)
    return 0


def take(browser: Browser, live: Live, theme: str, user: str, pictures: list[Picture]) -> None:
    """Take one user's pictures in one theme."""
    context = browser.new_context(viewport=SIZE, color_scheme=theme, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    desk = context.new_page()
    if user:
        log_in(page, live, f"{user}@acme.test")
    for picture in pictures:
        page.goto(live.url + picture.path, wait_until="networkidle")
        if picture.click:
            page.locator(picture.click).first.click()
        if picture.press:
            page.keyboard.press(picture.press)
        page.wait_for_load_state("networkidle")
        png = page.screenshot(caret="hide", animations="disabled")
        small = desk.evaluate(SHRINK, [base64.b64encode(png).decode(), QUALITY])
        (FOLDER / f"{picture.name}-{theme}.webp").write_bytes(base64.b64decode(small.partition(",")[2]))
    context.close()


def log_in(page: Page, live: Live, name: str) -> None:
    """Log in through the form."""
    page.goto(f"{live.url}/login")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(live.password(name))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/login?" not in url and not url.endswith("/login"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
