"""Closing and learning through a real browser: resolved, written, signed, closed, exported, downloaded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from crisisdesk.core import clock
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import HandOver, Incident, Postmortem, RoleAssignment
from crisisdesk.organisation.models import User
from crisisdesk.reports.domain import rendering
from crisisdesk.reports.models import RenderedReport
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.journeys.conftest import no_barriers
from tests.web.review.conftest import at, resolve, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """A brand with one person per role, now."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open SEV2 incident, seen an hour ago."""
    now = clock.now()
    return make_incident(desk, at=now, seen_ago=timedelta(hours=1))


def _window(browser: Browser, live_server: LiveServer, person: User, **kind: Any) -> Page:
    """Return a window in which the person is signed in."""
    cookie = next(iter(signed_in(person).cookies.values()))
    window = browser.new_context(base_url=live_server.url, **kind)
    window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return window.new_page()


def test_from_resolved_to_a_pdf_in_the_hand(
    desk: Desk, incident: Incident, live_server: LiveServer, browser: Browser
) -> None:
    resolve(desk, incident)
    lead = _window(browser, live_server, desk.lead)
    lead.goto(at(incident, "report/"))
    close = lead.get_by_role("button", name="Move to “Closed”").and_(lead.locator("#next button"))
    expect(close).to_be_disabled()
    expect(lead.locator("#next")).to_contain_text("The post-mortem is not final yet.")
    lead.fill("[name=verdict]", "x" * 150)
    expect(lead.locator(".counter")).to_have_text("150 / 140")
    lead.fill("[name=verdict]", "Our first word took nine minutes.")
    expect(lead.locator(".counter")).to_have_text("33 / 140")
    lead.locator("[name=cause_known][value=no]").check()
    lead.fill("[name=affected]", "318 customers waited")
    lead.locator("[name=business_effect_unknown]").check()
    lead.fill("[name=went_well]", "Signed words.")
    lead.fill("[name=went_badly]", "أول ردّ متأخر")
    expect(lead.locator("[name=went_badly]")).to_have_attribute("dir", "rtl")
    lead.get_by_text("The whole library").click()
    lead.locator("[name=lessons]").first.check()
    lead.get_by_role("button", name="Keep the draft").click()

    # Words typed after that are not signed unseen.
    lead.fill("[name=changes]", "One charge per basket")
    lead.get_by_role("button", name="Sign it as final").click()
    expect(lead.locator(".errors")).to_contain_text("not kept yet")
    expect(lead.locator("[name=changes]")).to_have_value("One charge per basket")
    lead.get_by_role("button", name="Keep the draft").click()
    lead.get_by_role("button", name="Sign it as final").click()
    expect(lead.locator("#post-mortem")).to_contain_text("final, edition 1")
    review = Postmortem.objects.get()
    assert (review.changes, len(review.lessons)) == ("One charge per basket", 1)

    lead.get_by_label("What will be done", exact=True).fill("Test access to both accounts")
    due = (clock.now() + timedelta(days=7)).date().isoformat()
    lead.get_by_label("By", exact=True).fill(due)
    lead.get_by_role("button", name="Add the action").click()
    expect(lead.locator("#actions")).to_contain_text("Test access to both accounts")
    close.click()
    lead.wait_for_url(f"**{at(incident, '')}")
    incident.refresh_from_db()
    assert incident.status == "closed"

    # An executive exports it in Arabic on a phone; the list renews itself until the PDF is there.
    boss = _window(browser, live_server, desk.executive, **PHONE)
    boss.goto(at(incident, "report/"))
    assert boss.evaluate("document.documentElement.scrollWidth") <= 390
    boss.locator(".export-form").get_by_label("العربية").check()
    boss.get_by_role("button", name="Export PDF").tap()
    expect(boss.locator("#export-list")).to_contain_text("waits to be drawn")
    rendering.render_next(at=clock.now())
    link = boss.locator("#export-list a[download]")
    expect(link).to_be_visible(timeout=15_000)
    no_barriers(boss)
    with boss.expect_download() as download:
        link.tap()
    row = RenderedReport.objects.get()
    assert download.value.suggested_filename == row.file_name
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    boss.goto("/reports/")
    expect(boss.locator("main")).to_contain_text("Our first word took nine minutes.")
    no_barriers(boss)


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_role_changes_hands(
    desk: Desk, incident: Incident, live_server: LiveServer, browser: Browser, language: str
) -> None:
    roles.assign_role(
        incident_id=incident.pk,
        role="spokesperson",
        user=desk.staff,
        actor=desk.actor("lead"),
        at=clock.now(),
    )
    User.objects.update(language=language)
    giver = _window(browser, live_server, desk.staff)
    giver.goto(at(incident, "handover/"))
    no_barriers(giver)
    giver.select_option("[name=receiver]", str(desk.deputy.pk))
    giver.fill("[name=note]", "نورا في اجتماع حتى 16:00")
    giver.locator("form .form-foot button.fill").click()
    giver.wait_for_url(f"**{at(incident, '')}")
    offer = HandOver.objects.get()
    taker = _window(browser, live_server, desk.deputy, **PHONE)
    taker.goto(at(incident, f"handover/{offer.pk}/"))
    expect(taker.locator("blockquote.note")).to_have_attribute("dir", "rtl")
    no_barriers(taker)
    assert taker.evaluate("document.documentElement.scrollWidth") <= 390
    taker.locator("button[value=take]").tap()
    taker.wait_for_url(f"**{at(incident, '')}")
    assert RoleAssignment.objects.get(role="spokesperson", to_at=None).user == desk.deputy
