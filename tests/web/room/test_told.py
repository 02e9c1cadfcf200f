"""Who knew, one press from each event and deadline; why did I get this, one press from each line and mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import reminders
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.notifications.domain.delivery import deliver_all
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

LATER = NOON + timedelta(minutes=16)


def browser(user: User) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def test_each_event_leads_to_who_knew_as_a_page_and_as_a_dialog(
    desk: Desk, incident: Incident
) -> None:
    room = f"/incidents/{incident.reference}/"
    client = browser(desk.staff)
    path = f"{room}timeline/1/told/"
    assert f'href="{path}"' in client.get(f"{room}timeline/").content.decode()
    page = client.get(path).content.decode()
    assert "<html" in page
    dialog = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog and "data-dialog-now" in dialog
    for body in (page, dialog):
        assert "Who knew?" in body
        assert "PR lead of the brand" not in body  # who opened it is not told of it
        assert "Executive of the brand" in body
        assert "waits to be sent" in body
        assert "not opened yet" in body
        assert "style=" not in body
    assert desk.executive.email not in page
    assert desk.staff.email in page
    assert desk.executive.email in browser(desk.admin).get(path).content.decode()


def test_a_deadline_leads_to_all_its_alarms(
    desk: Desk, incident: Incident, time_machine: Any
) -> None:
    reminders.fire_due(at=LATER)
    time_machine.move_to(LATER, tick=False)
    rung = TimelineEvent.objects.filter(incident=incident, kind="reminder_due")[0]
    room = f"/incidents/{incident.reference}/"
    path = f"{room}deadlines/{rung.data['deadline']}/told/"
    client = browser(desk.lead)
    for place in (f"{room}deadlines/", "/deadlines/", path.removesuffix("told/")):
        assert path in client.get(place).content.decode(), place
    page = client.get(path).content.decode()
    assert f'id="told-{rung.number}"' in page
    assert rung.data["label"]["en"] in page


def test_who_may_not_see_the_incident_finds_nothing(desk: Desk, incident: Incident) -> None:
    room = f"/incidents/{incident.reference}/"
    told = Notification.objects.filter(recipient=desk.staff)[0]
    for path in (f"{room}timeline/1/told/", f"{room}deadlines/1/told/", f"/inbox/{told.pk}/why/"):
        assert browser(desk.stranger).get(path).status_code == 404
        assert Client().get(path).status_code == 302
    assert browser(desk.lead).get(f"{room}timeline/9999/told/").status_code == 404
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    assert browser(desk.staff).get(f"/inbox/{told.pk}/why/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_each_line_of_the_inbox_says_why_in_words(
    desk: Desk, incident: Incident, language: str
) -> None:
    desk.executive.language = language
    desk.executive.save()
    client = browser(desk.executive)
    line = Notification.objects.get(recipient=desk.executive, transport="inbox")
    path = f"/inbox/{line.pk}/why/"
    assert path in client.get("/inbox/").content.decode()
    page = client.get(path).content.decode()
    assert f'<html lang="{language}"' in page
    assert incident.reference in page
    if language == "en":
        assert "This is your role for" in page
        assert "An administrator of the brand changes roles." in page
    dialog = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog


def test_each_mail_leads_to_its_own_reason(desk: Desk, incident: Incident, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_all(clock=lambda: NOON)
    assert len(mail.outbox) > 2
    for letter in mail.outbox:
        row = Notification.objects.get(recipient__email=letter.to[0], transport="email")
        own = f"{settings.BASE_URL}/inbox/{row.pk}/why/"
        html = str(letter.alternatives[0][0])
        assert letter.body.count(own) == html.count(own) == 1
    page = browser(desk.executive).get(
        f"/inbox/{Notification.objects.get(recipient=desk.executive, transport='email').pk}/why/"
    )
    assert "This is your role for" in page.content.decode()


def test_pages_cost_the_same_with_one_event_and_many(desk: Desk, incident: Incident) -> None:
    client = browser(desk.lead)
    room = f"/incidents/{incident.reference}/"
    rung = 0

    def costs() -> list[int]:
        found = []
        for path in (f"{room}timeline/1/told/", f"{room}deadlines/{rung}/told/"):
            client.get(path)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(path).status_code == 200
            found.append(len(caught))
        return found

    reminders.fire_due(at=LATER)
    first = TimelineEvent.objects.filter(incident=incident, kind="reminder_due")[0]
    rung = first.data["deadline"]
    few = costs()
    for minutes in range(20, 200, 6):
        reminders.fire_due(at=NOON + timedelta(minutes=minutes))
    for number in range(3):
        make_incident(desk, seen=f"Case {number}")
    assert costs() == few == [8, 9]
