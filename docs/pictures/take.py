"""Take the README's pictures from a running demo desk: `make pictures`, or this file with the desk's address.

Signs in as the demo's people, in English and Arabic, and saves PNG files beside itself; the report is
drawn by the desk's own worker, downloaded, and turned into a picture by pdftoppm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from crisisdesk.stack.system import find_browser

HERE = Path(__file__).resolve().parent
PASSWORD = "crisis-desk-demo"  # noqa: S105 - of the demo, printed at every start
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LIVE = "NourHelp"


def sign_in(browser: Browser, desk: str, person: str, language: str, **kind: Any) -> Page:
    """Return a window in which a demo person is signed in and reads the language."""
    page = browser.new_context(base_url=desk, color_scheme="light", **kind).new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{person}@demo.test")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{desk}/")
    with (
        page.expect_navigation()
    ):  # or the next address would be asked for before the choice has arrived
        page.locator(f"button[name=language][value={language}]").first.evaluate(
            "button => button.click()"
        )
    return page


def take(page: Page, path: str, name: str) -> None:
    """Save what a person sees at this address."""
    page.goto(path)
    page.wait_for_timeout(700)
    page.screenshot(path=HERE / f"{name}.png")


def room_of(page: Page) -> str:
    """Return the address of the live incident's room."""
    page.goto("/incidents/")
    found = page.locator(".inc a", has_text=LIVE).first.get_attribute("href")
    if not found:
        raise SystemExit("The demo's live incident is not there: run `make demo` first.")
    return found


def report(page: Page, language: str) -> None:
    """Save page one of the finished incident's report."""
    page.goto("/reports/")
    kinds = {"en": "One page · English", "ar": "صفحة واحدة · العربية"}
    link = page.locator("a[download]", has_text=kinds[language]).first
    with page.expect_download() as download:
        link.click()
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "report.pdf"
        download.value.save_as(pdf)
        target = HERE / f"report-{language}"
        subprocess.run(  # noqa: S603 - our own file
            ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", pdf, target],  # noqa: S607
            check=True,
        )


def main(desk: str) -> None:
    """Take all pictures."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--force-color-profile=srgb"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        for language in ("en", "ar"):
            lead = sign_in(browser, desk, "lead", language, **WIDE)
            room = room_of(lead)
            take(lead, "/", f"desk-{language}")
            take(lead, room, f"room-{language}")
            lead.goto(f"{room}statements/")
            statement = (
                lead.locator(".said a[href^='/incidents/']").nth(1).get_attribute("href") or room
            )
            take(lead, statement, f"statement-{language}")
            approver = sign_in(browser, desk, "approver", language, **PHONE)
            approver.goto("/")
            words = approver.locator("a[href*='/approve/']").first.get_attribute("href") or "/"
            take(approver, words, f"approve-{language}")
            report(lead, language)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
