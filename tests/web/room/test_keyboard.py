"""The keyboard is enough: rows are walked, ticked and opened without losing the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from crisisdesk.core import clock
from crisisdesk.incidents.models import ChecklistItem, Incident
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.web.desk.test_desk import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """People and a shelf, committed."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An incident that is minutes old."""
    return make_incident(desk, at=clock.now())


def test_rows_are_walked_ticked_opened_and_closed(
    desk: Desk, incident: Incident, live_server: LiveServer, page: Page
) -> None:
    session = signed_in(desk.staff).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/incidents/{incident.reference}/checklists/")
    first, second = ChecklistItem.objects.filter(incident=incident).order_by("position")[:2]
    page.keyboard.press("j")
    expect(page.locator(f"#open-{first.pk}")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(f"#tick-{first.pk}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#open-{first.pk}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#open-{second.pk}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#detail-{second.pk} form").first).to_be_visible()
    expect(page.locator(f"#open-{second.pk}")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(page.locator(f"#detail-{second.pk} form")).to_have_count(0)
    folded = page.locator("details.phase[data-keep-open]").first
    folded.locator("summary").click()
    later = ChecklistItem.objects.filter(incident=incident, phase="keep_talking")[0]
    page.click(f"#tick-{later.pk}")
    expect(page.locator(f"#tick-{later.pk}")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{live_server.url}/incidents/{incident.reference}/checklists/")
    learn = ChecklistItem.objects.filter(incident=incident, phase="learn")[0]
    page.goto(f"{live_server.url}/incidents/{incident.reference}/checklists/#item-{learn.pk}")
    expect(page.locator(f"#item-{learn.pk}")).to_be_visible()


def test_enter_in_the_reason_sets_no_severity(
    desk: Desk, incident: Incident, live_server: LiveServer, page: Page
) -> None:
    session = signed_in(desk.lead).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/incidents/{incident.reference}/")
    page.click("[data-dialog-open=severity-dialog]")
    page.keyboard.type("It is calmer now")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    incident.refresh_from_db()
    assert (incident.severity, incident.last_number) == ("sev2", 1)
    page.get_by_role("button", name="Set SEV3").click()
    expect(page.locator("#room-head .sev")).to_have_text("SEV3")
