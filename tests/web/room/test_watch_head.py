"""The room's head says who is on watch, and on a phone the clocks stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from crisisdesk.core import clock
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.domain.rota import RotaDetails, set_rota
from crisisdesk.organisation.models import Membership, User
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON, web
from tests.factories.rota import make_shift
from tests.web.desk.test_desk import signed_in
from tests.web.room.test_strip_browser import enter

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

WATCH = 'class="head-watch"'


def head(desk: Desk, incident: Incident, who: User | None = None) -> str:
    page = signed_in(who or desk.lead).get(f"/incidents/{incident.reference}/")
    assert page.status_code == 200
    return page.content.decode()


def test_the_head_names_who_watches_who_comes_next_and_a_gap(
    desk: Desk, incident: Incident
) -> None:
    assert WATCH not in head(desk, incident)
    make_shift(desk.brand, desk.staff, 8, 20)
    shown = head(desk, incident)
    name = desk.staff.name_in("en")
    assert WATCH in shown and f"On watch: <bdi>{name}</bdi> until" in shown
    assert "nobody from" in shown and f"<bdi>{name}</bdi> from" in shown
    make_shift(desk.brand, desk.approver, 20, 8)
    shown = head(desk, incident)
    assert f"then <bdi>{desk.approver.name_in('en')}</bdi>" in shown
    assert "nobody from" not in shown


def test_nobody_on_watch_is_said_in_red(desk: Desk, incident: Incident) -> None:
    make_shift(desk.brand, desk.staff, 20, 8)
    shown = head(desk, incident)
    assert '<span class="late-word">Nobody is on watch</span>' in shown
    nights = RotaDetails(starts=NOON.time().replace(20), ends=NOON.time().replace(8))
    lead = web(desk.lead)
    set_rota(brand_id=desk.brand.pk, details=nights, version=1, actor=lead, at=NOON)
    assert "nobody from" not in head(desk, incident)


def test_not_when_all_is_over_and_not_for_who_has_no_role_on_the_brand(
    desk: Desk, incident: Incident
) -> None:
    make_shift(desk.brand, desk.staff, 8, 20)
    assert WATCH in head(desk, incident, desk.observer)
    Incident.objects.filter(pk=incident.pk).update(status="closed")
    assert WATCH not in head(desk, incident)
    Incident.objects.filter(pk=incident.pk).update(status="active")
    Membership.objects.filter(user=desk.observer).delete()
    answer = signed_in(desk.observer).get(f"/incidents/{incident.reference}/")
    assert answer.status_code == 404 or WATCH not in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_on_a_phone_the_clock_stays_in_the_first_screen_and_the_line_scrolls_away(
    browser: Browser, live_server: LiveServer, transactional_db: None, language: str
) -> None:
    desk = make_desk()
    at = clock.now()
    live = make_incident(desk, at=at, is_drill=True, is_restricted=True)
    for person in (desk.staff, desk.approver):  # else the room names no watch
        roles.grant_access(incident_id=live.pk, user=person, actor=desk.actor("lead"), at=at)
    User.objects.update(language=language)
    path = f"/incidents/{live.reference}/"

    def place() -> tuple[float, float]:
        page = enter(browser, live_server, desk, path)
        line, whole = (
            page.locator(".head-line").bounding_box(),
            page.locator(".head").bounding_box(),
        )
        assert line is not None and whole is not None
        page.context.close()
        return line["y"], whole["height"]

    before = place()
    today = at.astimezone(ZoneInfo(desk.brand.zone)).date()
    make_shift(desk.brand, desk.staff, 0, 12, at=at, valid_from=today)
    make_shift(desk.brand, desk.approver, 12, 0, at=at, valid_from=today)
    after = place()
    assert after[1] == before[1]  # the part that stays in sight
    assert after[0] - before[0] < 48, (before, after)  # two lines at most
    page = enter(browser, live_server, desk, path)
    watch = page.locator(".head-watch")
    expect(watch).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("scrollY > 600")
    box = watch.bounding_box()
    assert box is not None and box["y"] < 0
    page.context.close()
