"""Every page of the desk on the demo's data, in every language, light and dark, wide and narrow: axe finds nothing and
nothing runs over the edge. A page that nobody visits fails the test.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from crisisdesk.core import clock
from crisisdesk.core.languages import LANGUAGES, direction
from crisisdesk.organisation.domain import first_setup
from crisisdesk.organisation.models import User
from tests.web.every_page import NO_PAGE, Visit, keep_mail, make_demo, names, visits

AXE = (Path(str(files("axe_playwright_python"))) / "axe.min.js").read_text(encoding="utf-8")
# What passed is not written out: that costs up to a third of the time and nobody reads it.
RUN = """async (only) => {
  const told = {resultTypes: ['violations'], ...(only && {runOnly: {type: 'rule', values: only}})};
  const found = await axe.run(document, told);
  return found.violations.map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)));
}"""
OVER = "() => document.documentElement.scrollWidth - innerWidth"
UNFOLD = "() => document.querySelectorAll('details:not([data-menu])').forEach((one) => { one.open = true })"
SCREENS: tuple[tuple[int, Any, list[str] | None], ...] = (
    (1280, "light", None),
    (1280, "dark", ["color-contrast"]),
    (390, "dark", ["color-contrast"]),
    (390, "light", None),
)


@pytest.fixture
def people(transactional_db: None, settings: Any, tmp_path: Path) -> dict[str, User]:
    """The demo's people; the deputy has a second factor."""
    settings.DEMO, settings.MAIL_KEPT, settings.EMAIL_FILE_PATH = True, True, str(tmp_path)
    keep_mail(str(tmp_path))
    found = make_demo(clock.now())
    TOTP.activate(found["deputy"], generate_totp_secret())
    RecoveryCodes.activate(found["deputy"])
    return found


def _window(browser: Browser, live_server: LiveServer, person: User | None) -> BrowserContext:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(AXE)
    if person is not None:
        client = Client()
        client.force_login(person)
        if person.email != "stranger@demo.test":
            entered = HttpRequest()
            entered.session = client.session
            record_authentication(entered, person, "password", reauthenticated=True)
            entered.session.save()
        context.add_cookies(
            [
                {"name": one.key, "value": one.value, "url": live_server.url}
                for one in client.cookies.values()
            ]
        )
    return context


def _look(page: Page, visit: Visit, language: str, base: str) -> list[str]:
    """Return what is wrong with one page on every screen."""
    cache.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(base + visit.path)
    status = answer.status if answer else 0
    if visit.act:
        visit.act(page)
        status = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
    found = [] if status == visit.status else [f"status {status}"]
    led = page.url.partition("?")[0] != base + visit.path.partition("?")[0]
    if (
        led and not visit.act and not page.url.endswith("set-password/")
    ):  # a reset link hides its key
        found.append(f"led to {page.url}")
    english = visit.name == "api:docs"  # for programmers, one page for everybody
    if english:
        page.locator(".opblock-tag").first.wait_for()  # Swagger draws after the page has loaded
    if page.evaluate("document.dir") != direction("en" if english else language):
        found.append(f"dir {page.evaluate('document.dir')}")
    for width, scheme, rules in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if rules is None and width < 1280:
            page.evaluate(UNFOLD)
        found += [f"{width} {scheme} {one}" for one in page.evaluate(RUN, rules)]
        over = page.evaluate(OVER)
        if over > 0:
            found.append(f"{width} {scheme} over by {over}")
    return found


def test_no_address_is_forgotten(people: dict[str, User]) -> None:
    known = set(names(get_resolver())) - {"web:first-setup", "mfa_authenticate"}
    seen = {visit.name for visit in visits(people, clock.now())}
    assert known - seen - NO_PAGE == set()
    assert NO_PAGE & seen == set()
    assert NO_PAGE - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_open_to_everybody(
    browser: Browser,
    live_server: LiveServer,
    people: dict[str, User],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    User.objects.update(language=language)
    windows: dict[str, Page] = {}
    faults: dict[str, list[str]] = {}
    every = visits(people, clock.now())
    for visit in [*every, Visit("web:first-setup", "", "/setup/")]:
        if visit.name == "web:first-setup":
            monkeypatch.setattr(first_setup, "is_waiting", lambda: True)
        key = visit.person or visit.path
        if key not in windows:
            context = _window(browser, live_server, people.get(visit.person))
            context.set_extra_http_headers({"Accept-Language": language})
            windows[key] = context.new_page()
        if found := _look(windows[key], visit, language, live_server.url):
            faults[f"{visit.name} {visit.person} {visit.path}"] = found
        if not visit.person:
            windows.pop(key).context.close()
    for page in windows.values():
        page.context.close()
    told = [f"{place}\n  " + "\n  ".join(found) for place, found in faults.items()]
    assert not told, "\n".join(told)
