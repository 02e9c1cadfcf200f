"""The editor on a phone: nothing is wider than the page, also while something is to mend in a part out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from crisisdesk.core import clock
from crisisdesk.organisation.models import User
from playbooks.domain.drafting import save_place, start_playbook
from tests.factories.incidents import make_desk, revision_of
from tests.web.streaming import session_of
from tests.web.test_every_page import OVER, UNFOLD

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_step_to_mend_makes_no_part_wider_than_a_phone(
    transactional_db: None, browser: Browser, live_server: LiveServer, language: str
) -> None:
    desk = make_desk()
    draft = start_playbook(
        brand_id=desk.brand.pk, slug="our-own", title="Our own", language="en",
        from_revision=revision_of("fake-support-account").pk, actor=desk.actor("lead"), at=clock.now(),
    )  # fmt: skip
    save_place(
        playbook_id=draft.playbook_id, path="escalation.0.who", value="person", was="lead",
        actor=desk.actor("lead"), at=clock.now(),
    )  # fmt: skip
    User.objects.update(language=language)
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    name, value = settings.SESSION_COOKIE_NAME, session_of(desk.lead)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    for part in ("approval", "items", "questions"):
        page.goto(f"{live_server.url}/playbooks/own/{draft.playbook_id}/?part={part}")
        page.evaluate(UNFOLD)
        assert page.locator(".tabs .late-word").count() == 1
        assert page.evaluate(OVER) <= 0, part
    context.close()
