"""The brand's calendar: a country's week taken over and changed, holidays switched off, own days, a drawn month."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client

from crisisdesk.core.working_calendar import holidays_on
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, BrandCalendar, User
from crisisdesk.organisation.queries.calendars import calendar_of
from tests.factories.organisation import NOON, make_brand, make_member
from tests.organisation.refusals import rows
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/brands/nour-home/calendar/"
HOURS = {
    "work_from": "09:00", "work_until": "18:00", "ramadan_from": "09:00", "ramadan_until": "15:00",
}  # fmt: skip
EMIRATES = HOURS | {
    "country": "AE", "week_start": "1", "weekend": ["6", "7"], "short_day": "5",
    "short_until": "12:00", "ramadan": "on", "place": "dubai", "version": "0",
    "kept": ["2026-12-02", "2027-01-01"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_country_is_looked_at_and_taken_over(client: Client, brand: Brand, admin: User) -> None:
    before = rows()
    shown = client.get(f"{PAGE}?country=IL&month=2026-09").content.decode()
    assert "It holds once you save it below" in shown
    assert "Yom Kippur" in shown and "rest from <bdi" in shown
    assert '<tr><th scope="col">Sun</th><th scope="col">Mon</th>' in shown
    assert rows() == before
    assert client.post(PAGE, EMIRATES).status_code == 302
    brand.refresh_from_db()
    row = BrandCalendar.objects.get()
    assert (row.country, row.short_day, str(row.latitude), row.version) == ("AE", 5, "25.2050", 1)
    assert (brand.weekend, brand.week_start) == ([6, 7], 1)
    assert date(2026, 12, 3) in row.switched_off and date(2026, 12, 2) not in row.switched_off
    shown = client.get(f"{PAGE}?month=2026-12").content.decode()
    assert "National Day" in shown and "until <bdi" in shown


def test_own_days_are_added_and_taken_away(client: Client, brand: Brand, admin: User) -> None:
    day = {"own_date": "2026-11-24", "own_en": "Founders' day", "own_ar": "يوم التأسيس"}
    client.post(PAGE, EMIRATES | day)
    row = BrandCalendar.objects.get()
    assert row.own_days == {"2026-11-24": {"en": "Founders' day", "ar": "يوم التأسيس"}}
    brand = Brand.objects.select_related("calendar").get()
    assert holidays_on(calendar_of(brand), date(2026, 11, 24))
    admin.language = "ar"
    admin.save()
    assert "يوم التأسيس" in client.get(f"{PAGE}?month=2026-11").content.decode()
    client.post(PAGE, EMIRATES | {"version": "1", "own_kept": ["2026-11-24"]})
    assert BrandCalendar.objects.get().own_days
    client.post(PAGE, EMIRATES | {"version": "2"})
    assert not BrandCalendar.objects.get().own_days


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekend": list("1234567")}, "A week of seven days off has no working day. Leave one."),
        ({"place": "", "latitude": "25"}, "The sunset needs a place"),
        ({"place": "", "by_sunset": "on"}, "The sunset needs a place"),
        ({"place": "", "latitude": "95", "longitude": "0"}, "between -90 and 90"),
        ({"short_until": ""}, "A short day needs both"),
        ({"work_until": "08:00"}, "Work ends after it begins"),
        ({"own_date": "2026-11-24"}, "A name is needed."),
    ],
)
def test_a_refused_calendar_changes_nothing(
    client: Client, brand: Brand, admin: User, wrong: dict[str, object], said: str
) -> None:
    before = rows()
    answer = client.post(PAGE, EMIRATES | wrong)
    assert (answer.status_code, rows()) == (422, before)
    assert said in answer.content.decode()


def test_two_people_saving_one_calendar_lose_nothing(
    client: Client, brand: Brand, admin: User
) -> None:
    client.post(PAGE, EMIRATES)
    answer = client.post(PAGE, EMIRATES | {"work_until": "19:00"})
    shown = answer.content.decode()
    assert answer.status_code == 409 and "19:00" in shown and "Stands now" in shown
    again = client.post(PAGE, EMIRATES | {"work_until": "19:00", "version": "1"})
    assert again.status_code == 302 and BrandCalendar.objects.get().work_until.hour == 19


def test_only_an_administrator_of_the_brand(brand: Brand) -> None:
    stranger = make_member(make_brand("other"), Role.ADMIN, "stranger")
    lead = make_member(brand, Role.LEAD)
    for person in (stranger, lead):
        assert browser(person).get(PAGE).status_code == 404
        assert browser(person).post(PAGE, EMIRATES).status_code == 404
