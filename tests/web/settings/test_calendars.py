"""Settings, Calendars: addresses made, shown once, revoked."""

from __future__ import annotations

import pytest
from django.test import Client

from crisisdesk.incidents.models import CalendarFeed, Incident
from crisisdesk.incidents.queries.feeds import MOST_FEEDS
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.settings.conftest import browser

PAGE = "/settings/calendars/"


def test_an_address_is_made_shown_once_read_and_revoked(desk: Desk, incident: Incident) -> None:
    staff = browser(desk.staff)
    asked = staff.get(f"{PAGE}?incident={incident.reference}").content.decode()
    assert f'<option value="{incident.reference}" selected>' in asked
    made = staff.post(PAGE, {"incident": incident.reference})
    assert made.status_code == 201 and "no-store" in made.headers["Cache-Control"]
    address = made.context["address"]
    assert address in made.content.decode()
    listed = staff.get(PAGE).content.decode()
    assert address not in listed and incident.reference in listed
    path = address[address.index("/calendar/") :]
    assert Client().get(path).content.count(b"BEGIN:VEVENT") > 5
    feed = CalendarFeed.objects.get()
    assert staff.post(f"{PAGE}{feed.pk}/revoke/").status_code == 302
    assert Client().get(path).status_code == 410
    assert "No calendar addresses yet" in staff.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "عناوين تقاويمكم"), ("he", "כתובות היומן שלכם")]
)
def test_the_page_and_the_end_of_an_address_speak_the_readers_language(
    desk: Desk, incident: Incident, language: str, words: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    lead = browser(desk.lead)
    address = lead.post(PAGE, {"incident": ""}).context["address"]
    page = lead.get(PAGE).content.decode()
    assert words in page and 'dir="rtl"' in page
    lead.post(f"{PAGE}{CalendarFeed.objects.get().pk}/revoke/")
    gone = lead.get(address[address.index("/calendar/") :])
    assert gone.status_code == 410
    assert {"ar": "ألغى صاحب", "he": "ביטל אותה"}[language] in gone.content.decode()


def test_what_is_refused_is_told_and_writes_nothing(desk: Desk, incident: Incident) -> None:
    stranger, lead = browser(desk.stranger), browser(desk.lead)
    refused = stranger.post(PAGE, {"incident": incident.reference})
    assert refused.status_code == 422 and not CalendarFeed.objects.exists()
    for number in range(MOST_FEEDS):
        CalendarFeed.objects.create(user=desk.lead, digest=str(number), created_at=NOON)
    refused = lead.post(PAGE, {"incident": ""})
    assert refused.status_code == 422
    assert "You have 20 calendar addresses already" in refused.content.decode()
    theirs = CalendarFeed.objects.first()
    assert theirs is not None
    assert stranger.post(f"{PAGE}{theirs.pk}/revoke/").status_code == 404
    assert CalendarFeed.objects.filter(revoked_at=None).count() == MOST_FEEDS


def test_a_page_for_people_who_are_signed_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
