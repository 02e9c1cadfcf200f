"""On a phone the worst clock stays in sight however far one scrolls, and hides nothing that has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from crisisdesk.core import clock
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.models import User
from tests.factories.incidents import LINK, Desk, make_desk, make_incident
from tests.web.streaming import session_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

PHONE = {"width": 390, "height": 844}
PLACES = 45  # of the keyboard, on each page
# Whether any of nine points of what has the focus is seen (WCAG 2.4.11); null where nothing has it.
SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const mine = (found) => found && (one.contains(found) || found.contains(one) || one.labels?.length);
  for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9]) {
    if (mine(document.elementFromPoint(box.left + box.width * x, box.top + box.height * y))) return true;
  }
  return `${one.outerHTML.slice(0, 160)} at ${Math.round(box.top)}`;
}"""

# To the end of the page, with the focus on what comes first after the head: where one is who has read and not pressed.
FAR_DOWN = """() => {
  const here = [...document.querySelectorAll('main :is(a, button, input, summary)')];
  here.find((one) => !one.closest('.head-all') && one.checkVisibility()).focus({preventScroll: true});
  scrollTo(0, document.body.scrollHeight);
}"""


@pytest.fixture
def incident(transactional_db: None) -> tuple[Desk, Incident]:
    """A drill that only named people see: the head has all its notes."""
    desk = make_desk()
    incident = make_incident(
        desk, at=clock.now(), is_drill=True, is_restricted=True, origin_url=LINK
    )
    return desk, incident


def enter(browser: Browser, live_server: LiveServer, desk: Desk, path: str) -> Page:
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")  # type: ignore[arg-type]
    name, value = settings.SESSION_COOKIE_NAME, session_of(desk.lead)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + path)
    return page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_clock_stays_and_nothing_that_has_the_focus_is_hidden(
    browser: Browser, live_server: LiveServer, incident: tuple[Desk, Incident], language: str
) -> None:
    desk, live = incident
    User.objects.update(language=language)
    for tab in ("", "checklists/"):
        page = enter(browser, live_server, desk, f"/incidents/{live.reference}/{tab}")
        line = page.locator(".head-line")
        clock_words = line.locator("[data-due]").first
        expect(clock_words).to_be_visible()
        expect(page.locator(f".head-notes a[href='{LINK}']")).to_be_visible()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_function("scrollY > 600")
        box = line.bounding_box()
        assert box is not None and 0 <= box["y"] < 140, (tab, box)
        at = "(box) => document.elementFromPoint(box.x, box.y).closest('.head') !== null"
        place = clock_words.bounding_box()
        assert place is not None
        assert page.evaluate(at, {"x": place["x"] + 4, "y": place["y"] + 4})
        assert page.locator(".head-notes").bounding_box()["y"] < 0  # type: ignore[index]
        assert place["height"] < 30  # one line of words, whatever stands beside them
        expect(page.locator(".head-marks .mention")).to_have_count(2)
        head = page.locator(".head").bounding_box()
        assert head is not None and head["height"] < 200  # 14rem stay free above the focus
        for key in ("Shift+Tab", "Tab"):
            hidden = []
            for _ in range(PLACES):
                page.keyboard.press(key)
                seen = page.evaluate(SEEN)
                if isinstance(seen, str):
                    hidden.append(seen)
            assert not hidden, (tab, key, hidden)
        page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_back_into_the_head_the_page_keeps_its_place(
    browser: Browser, live_server: LiveServer, incident: tuple[Desk, Incident], width: int
) -> None:
    desk, live = incident
    page = enter(browser, live_server, desk, f"/incidents/{live.reference}/checklists/")
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    page.evaluate(FAR_DOWN)
    page.wait_for_function("scrollY > 600")
    place = page.evaluate("scrollY")
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.closest('.head') !== null")
        seen = page.evaluate(SEEN)
        assert seen is True, seen
        assert page.evaluate("scrollY") == place
    page.context.close()


def test_the_other_clocks_open_under_it_and_escape_closes_them(
    browser: Browser, live_server: LiveServer, incident: tuple[Desk, Incident]
) -> None:
    desk, live = incident
    page = enter(browser, live_server, desk, f"/incidents/{live.reference}/")
    more = page.locator(".head-line summary")
    more.click()
    sheet = page.locator(".head-sheet")
    expect(sheet.locator("[data-due]")).to_have_count(5)
    box = sheet.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    more.press("Escape")
    expect(sheet).to_be_hidden()
    more.click()
    sheet.get_by_role("link", name="All deadlines").click()
    page.wait_for_url(f"**/incidents/{live.reference}/deadlines/")
    page.context.close()
