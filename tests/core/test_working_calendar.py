"""Which days somebody works in the region, with named dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from crisisdesk.core.regions import REGIONS
from crisisdesk.core.working_calendar import (
    WorkCalendar,
    after_business_days,
    day_of,
    holidays_on,
    in_ramadan,
    public_holidays,
    rests,
)


def utc(*parts: int) -> datetime:
    """A moment."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def calendar(country: str, **changes: object) -> WorkCalendar:
    """Return a country's calendar as a brand takes it over."""
    found = REGIONS[country]
    place = next(iter(found.places.values()))
    given = {
        "zone": found.zone, "weekend": found.weekend, "week_start": found.week_start, "country": country,
        "latitude": place.latitude, "longitude": place.longitude, "by_sunset": found.by_sunset,
        "short_day": found.short_day, "short_until": found.short_until, "ramadan": found.ramadan,
        "ramadan_until": found.ramadan_until,
    }  # fmt: skip
    return WorkCalendar(**(given | changes))  # type: ignore[arg-type]


ISRAEL, EMIRATES, SAUDI = calendar("IL"), calendar("AE"), calendar("SA")


@pytest.mark.parametrize(
    ("kept", "start", "days", "over"),
    [
        # Israel: Friday and Saturday; summer time begins on Friday 27 March 2026.
        (ISRAEL, utc(2026, 3, 26, 10), 1, utc(2026, 3, 29, 9)),
        (ISRAEL, utc(2026, 10, 22, 9), 2, utc(2026, 10, 26, 10)),
        # Passover 2026: Thursday 2 April; its eve ends at sunset, 18:58 in Jerusalem.
        (ISRAEL, utc(2026, 3, 31, 9), 1, utc(2026, 4, 1, 9)),
        (ISRAEL, utc(2026, 3, 31, 17), 1, utc(2026, 4, 1, 15, 58)),
        (ISRAEL, utc(2026, 3, 31, 9), 2, utc(2026, 4, 5, 9)),
        (ISRAEL, utc(2026, 4, 1, 16), 1, utc(2026, 4, 5, 21)),  # after its sunset: Sunday counts from midnight
        # Yom Kippur 2026: Monday 21 September; it comes in on Sunday.
        (ISRAEL, utc(2026, 9, 20, 9), 1, utc(2026, 9, 22, 9)),
        (ISRAEL, utc(2026, 9, 17, 17), 1, utc(2026, 9, 20, 15, 38)),
        # The Emirates: Saturday and Sunday, and a Friday until noon.
        (EMIRATES, utc(2026, 11, 19, 6), 1, utc(2026, 11, 20, 6)),
        (EMIRATES, utc(2026, 11, 19, 12), 1, utc(2026, 11, 20, 8)),
        (EMIRATES, utc(2026, 11, 20, 10), 1, utc(2026, 11, 23, 20)),  # Friday 14:00: Monday counts from midnight
        (EMIRATES, utc(2026, 11, 19, 6), 2, utc(2026, 11, 23, 6)),
        (EMIRATES, utc(2026, 12, 1, 6), 1, utc(2026, 12, 4, 6)),  # National Day, 2 and 3 December
        # Saudi Arabia: Friday and Saturday, Eid al-Fitr 2026, no change of clocks.
        (SAUDI, utc(2026, 3, 18, 9), 1, utc(2026, 3, 25, 9)),
        (SAUDI, utc(2026, 3, 26, 10), 1, utc(2026, 3, 29, 10)),
    ],
)  # fmt: skip
def test_business_days_by_the_brands_calendar(
    kept: WorkCalendar, start: datetime, days: int, over: datetime
) -> None:
    assert after_business_days(start, days, calendar=kept) == over


def test_every_country_has_the_week_of_the_issue() -> None:
    weeks = {key: (found.weekend, found.week_start) for key, found in REGIONS.items()}
    assert weeks.pop("AE") == ((6, 7), 1)
    assert set(weeks) == {"IL", "SA", "KW", "QA", "BH", "OM", "EG", "JO"}
    assert set(weeks.values()) == {((5, 6), 7)}


def test_ramadan_by_umm_al_qura() -> None:
    for first, last in (
        (date(2026, 2, 18), date(2026, 3, 19)),
        (date(2027, 2, 8), date(2027, 3, 8)),
    ):
        assert in_ramadan(first) and in_ramadan(last)
        assert not in_ramadan(date.fromordinal(first.toordinal() - 1))
        assert not in_ramadan(date.fromordinal(last.toordinal() + 1))
    assert not in_ramadan(date(2090, 1, 1))
    day = day_of(SAUDI, date(2026, 2, 22 + 1))
    assert (day.ramadan, day.opens, day.closes) == (
        True, utc(2026, 2, 23, 6), utc(2026, 2, 23, 13),
    )  # fmt: skip
    usual = day_of(SAUDI, date(2026, 11, 22))
    assert (usual.ramadan, usual.closes, usual.short) == (False, utc(2026, 11, 22, 15), False)


def test_the_short_friday_ends_at_noon_in_ramadan_too() -> None:
    for friday in (date(2026, 2, 20), date(2026, 11, 20)):
        day = day_of(EMIRATES, friday)
        assert (day.short, day.off) == (True, False)
        assert day.closes == datetime(friday.year, friday.month, 20, 8, tzinfo=UTC)


def test_shabbat_and_holidays_that_touch_are_one_rest() -> None:
    found = list(rests(ISRAEL, utc(2026, 9, 11), utc(2026, 9, 22)))
    assert found == [
        (utc(2026, 9, 11, 15, 50), utc(2026, 9, 13, 16, 24)),  # Shabbat and both days of the new year
        (utc(2026, 9, 18, 15, 41), utc(2026, 9, 19, 16, 16)),
        (utc(2026, 9, 20, 15, 38), utc(2026, 9, 21, 16, 13)),  # Yom Kippur
    ]  # fmt: skip
    friday = day_of(ISRAEL, date(2026, 9, 18))
    assert (friday.off, friday.rest_from, friday.closes) == (True, utc(2026, 9, 18, 15, 41), None)


def test_whole_days_rest_where_no_sunset_is_kept() -> None:
    found = list(rests(EMIRATES, utc(2026, 11, 20), utc(2026, 11, 24)))
    assert found == [(utc(2026, 11, 20, 20), utc(2026, 11, 22, 20))]


def test_days_that_follow_the_moon_are_expected_ones() -> None:
    (eid,) = holidays_on(SAUDI, date(2026, 3, 20))
    assert (eid.name, eid.expected, eid.in_lieu) == ("Eid al-Fitr", True, False)
    (later,) = holidays_on(SAUDI, date(2026, 3, 23))
    assert (later.name, later.in_lieu) == ("Eid al-Fitr", True)
    (kippur,) = holidays_on(ISRAEL, date(2026, 9, 21))
    assert (kippur.name, kippur.expected) == ("Yom Kippur", False)


def test_a_holiday_switched_off_is_a_working_day_and_an_own_one_is_none() -> None:
    kept = calendar(
        "AE",
        switched_off=(date(2026, 12, 3),),
        own_days=((date(2026, 11, 24), (("en", "Founders' day"),)),),
    )
    assert not day_of(kept, date(2026, 12, 3)).off
    (own,) = day_of(kept, date(2026, 11, 24)).holidays
    assert own.own == {"en": "Founders' day"}
    assert after_business_days(utc(2026, 11, 23, 6), 1, calendar=kept) == utc(2026, 11, 25, 6)
    days = dict(public_holidays(kept, date(2026, 12, 1), date(2026, 12, 31)))
    assert list(days) == [date(2026, 12, 2), date(2026, 12, 3)]  # still shown, to be switched on


def test_a_calendar_survives_being_copied_as_data() -> None:
    kept = calendar(
        "IL", switched_off=(date(2026, 9, 21),), own_days=((date(2026, 1, 5), (("he", "יום"),)),)
    )
    assert WorkCalendar.from_data(kept.as_data()) == kept
    assert WorkCalendar.from_data({"zone": "UTC"}) == WorkCalendar("UTC")
    assert kept.work_from == time(9)


def test_a_place_without_sunset_has_an_evening() -> None:
    north = calendar("IL", zone="Europe/Oslo", latitude=78.2, longitude=15.6)
    assert day_of(north, date(2026, 6, 19)).rest_from == utc(2026, 6, 19, 16)
