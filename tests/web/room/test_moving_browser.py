"""In a browser: the chosen playbook's questions alone stand under Details, and one press moves the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from crisisdesk.core import clock
from crisisdesk.incidents.models import Incident
from tests.factories.incidents import Desk, make_desk
from tests.factories.moving_room import item_of, make_moving, moving_content, question_of
from tests.web.streaming import session_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """People and a shelf, committed."""
    return make_desk()


def enter(context: BrowserContext, live_server: LiveServer, desk: Desk, path: str) -> Page:
    name, value = settings.SESSION_COOKIE_NAME, session_of(desk.lead)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + path)
    return page


def test_only_the_chosen_playbook_asks_and_one_press_moves_the_plan(
    context: BrowserContext, live_server: LiveServer, desk: Desk
) -> None:
    revision = moving_content()
    page = enter(context, live_server, desk, "/incidents/open/")
    asked = page.locator(f'[data-with="playbook={revision.pk}"]')
    page.get_by_role("heading", name="Details").click()
    expect(asked).to_be_hidden()
    page.locator(f'[name="playbook"][value="{revision.pk}"]').check()
    expect(asked).to_be_visible()
    page.locator('[name="seen"]').fill("The kettles burn")
    page.locator('[name="severity"][value="sev2"]').check()
    asked.get_by_role("group", name="Is personal data involved?").get_by_text(
        "No", exact=True
    ).click()
    page.get_by_role("button", name="Open incident").click()
    page.wait_for_url("**/incidents/CD-*/")
    incident = Incident.objects.get()
    question = question_of(incident, "data_involved")
    assert question.answer is False
    page.goto(f"{live_server.url}/incidents/{incident.reference}/checklists/")
    hidden = page.locator(f"#item-{item_of(incident, 8).pk}")
    expect(hidden).to_have_count(0)
    row = page.locator(f"#screening-{question.pk}")
    row.get_by_role("button", name="Yes").click()
    expect(row.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(hidden).to_contain_text("Shown because personal data is involved.")


def test_a_tick_lets_the_row_that_waited_run(
    context: BrowserContext, live_server: LiveServer, desk: Desk
) -> None:
    incident = make_moving(desk, at=clock.now())
    path = f"/incidents/{incident.reference}/checklists/"
    page = enter(context, live_server, desk, path)
    waiting = page.locator(f"#item-{item_of(incident, 3).pk}")
    expect(waiting).to_contain_text("Waits for")
    page.locator(f"#tick-{item_of(incident, 4).pk}").click()
    expect(waiting).not_to_contain_text("Waits for")
    expect(waiting.locator(".due .bar")).to_be_visible()
