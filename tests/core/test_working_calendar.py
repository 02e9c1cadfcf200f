"""Which days somebody works in the region, with named dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crisisdesk.core.regions import REGIONS
from crisisdesk.core.working_calendar import (
    WorkCalendar,
    day_of,
    holidays_on,
    in_ramadan,
    is_off,
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
    ("kept", "day", "off", "closes"),
    [
        # Israel: Friday and Saturday. Passover 2026: Thursday 2 April; its eve ends with the hours, before sunset.
        (ISRAEL, date(2026, 3, 31), False, utc(2026, 3, 31, 15)),
        (ISRAEL, date(2026, 4, 1), False, utc(2026, 4, 1, 15)),
        (ISRAEL, date(2026, 4, 2), True, None),
        (ISRAEL, date(2026, 4, 3), True, None),
        # Yom Kippur 2026: Monday 21 September; it comes in on Sunday, after the hours of work.
        (ISRAEL, date(2026, 9, 20), False, utc(2026, 9, 20, 15)),
        (ISRAEL, date(2026, 9, 21), True, None),
        (ISRAEL, date(2026, 9, 22), False, utc(2026, 9, 22, 15)),
        # The Emirates: Saturday and Sunday, a Friday until noon, National Day on 2 and 3 December.
        (EMIRATES, date(2026, 12, 1), False, utc(2026, 12, 1, 14)),
        (EMIRATES, date(2026, 12, 2), True, None),
        (EMIRATES, date(2026, 12, 3), True, None),
        (EMIRATES, date(2026, 12, 4), False, utc(2026, 12, 4, 8)),
        (EMIRATES, date(2026, 12, 5), True, None),
        # Saudi Arabia: Friday and Saturday, Eid al-Fitr from Friday 20 March 2026.
        (SAUDI, date(2026, 3, 18), False, utc(2026, 3, 18, 13)),  # in Ramadan until 16:00
        (SAUDI, date(2026, 3, 20), True, None),
        (SAUDI, date(2026, 3, 25), False, utc(2026, 3, 25, 15)),
    ],
)  # fmt: skip
def test_which_days_are_off_and_when_the_others_end(
    kept: WorkCalendar, day: date, off: bool, closes: datetime | None
) -> None:
    found = day_of(kept, day)
    assert (found.off, is_off(kept, day), found.closes) == (off, off, closes)


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
    assert is_off(kept, date(2026, 11, 24)) and not is_off(kept, date(2026, 11, 25))
    days = dict(public_holidays(kept, date(2026, 12, 1), date(2026, 12, 31)))
    assert list(days) == [date(2026, 12, 2), date(2026, 12, 3)]  # still shown, to be switched on


def test_a_place_without_sunset_has_an_evening() -> None:
    north = calendar("IL", zone="Europe/Oslo", latitude=78.2, longitude=15.6)
    assert day_of(north, date(2026, 6, 19)).rest_from == utc(2026, 6, 19, 16)
