"""Time counted in business days and months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crisisdesk.core.business_time import after_business_days, after_days, after_months

WEEKEND = ("sat", "sun")
NEW_YORK = "America/New_York"


def utc(*parts: int) -> datetime:
    """A moment."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "days", "over"),
    [
        (utc(2026, 11, 16, 15), 4, utc(2026, 11, 20, 15)),  # Monday to Friday
        (utc(2026, 11, 19, 15), 4, utc(2026, 11, 25, 15)),  # over a weekend
        (utc(2026, 11, 20, 20), 1, utc(2026, 11, 23, 20)),  # Friday afternoon to Monday
        (utc(2026, 11, 21, 16), 1, utc(2026, 11, 24, 5)),  # Saturday counts from Monday's midnight
        (utc(2026, 11, 20, 3), 1, utc(2026, 11, 21, 3)),  # Friday in UTC is still Thursday there
    ],
)
def test_weekends_do_not_count(start: datetime, days: int, over: datetime) -> None:
    assert after_business_days(start, days, zone=NEW_YORK, weekend=WEEKEND) == over


def test_the_clock_time_stays_when_summer_time_ends() -> None:
    friday = utc(2026, 10, 30, 14)  # 10:00 in New York; clocks go back on Sunday
    assert after_business_days(friday, 1, zone=NEW_YORK, weekend=WEEKEND) == utc(2026, 11, 2, 15)


def test_another_weekend_is_another_calendar() -> None:
    thursday = utc(2026, 11, 19, 9)
    over = after_business_days(thursday, 1, zone="Asia/Jerusalem", weekend=("fri", "sat"))
    assert over == utc(2026, 11, 22, 9)


def test_a_week_without_a_business_day_is_refused() -> None:
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    with pytest.raises(ValueError, match="no business day"):
        after_business_days(utc(2026, 11, 19), 1, zone="UTC", weekend=week)


@pytest.mark.parametrize(
    ("start", "over"),
    [
        (utc(2026, 11, 18, 8), utc(2026, 12, 18, 8)),
        (utc(2026, 12, 31, 8), utc(2027, 1, 31, 8)),
        (utc(2027, 1, 31, 8), utc(2027, 2, 28, 8)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: datetime, over: datetime) -> None:
    assert after_months(start, 1, zone="Europe/Brussels") == over


JERUSALEM, RIYADH, KUWAIT = "Asia/Jerusalem", "Asia/Riyadh", "Asia/Kuwait"


@pytest.mark.parametrize(
    ("start", "days", "zone", "over"),
    [
        # Clocks go forward on Friday 27 March 2026 at 02:00 and back on Sunday 25 October 2026 at 02:00.
        (utc(2026, 3, 25, 10), 5, JERUSALEM, utc(2026, 3, 30, 9)),  # 12:00 stays 12:00
        (utc(2026, 10, 22, 9), 5, JERUSALEM, utc(2026, 10, 27, 10)),
        (
            utc(2026, 3, 26, 0, 30),
            1,
            JERUSALEM,
            utc(2026, 3, 27, 0, 30),
        ),  # 02:30 is left out: 03:30
        (
            utc(2026, 10, 23, 22, 30),
            1,
            JERUSALEM,
            utc(2026, 10, 24, 22, 30),
        ),  # 01:30, the first of two
        (utc(2026, 3, 25, 10), 5, RIYADH, utc(2026, 3, 30, 10)),  # no change of clocks there
        (utc(2026, 10, 22, 9), 5, RIYADH, utc(2026, 10, 27, 9)),
        (utc(2028, 2, 25, 10), 5, RIYADH, utc(2028, 3, 1, 10)),  # 2028 has a 29 February
        (utc(2027, 2, 25, 10), 5, RIYADH, utc(2027, 3, 2, 10)),
        (utc(2028, 2, 24, 22), 5, RIYADH, utc(2028, 2, 29, 22)),  # 01:00 of the 25th there
        (utc(2026, 12, 28, 10), 7, JERUSALEM, utc(2027, 1, 4, 10)),  # over the end of a year
    ],
)
def test_days_end_at_the_same_clock_time(
    start: datetime, days: int, zone: str, over: datetime
) -> None:
    assert after_days(start, days, zone=zone) == over


@pytest.mark.parametrize(
    ("start", "days", "zone", "over"),
    [
        (
            utc(2026, 3, 26, 10),
            1,
            JERUSALEM,
            utc(2026, 3, 29, 9),
        ),  # Thursday to Sunday, clocks forward
        (
            utc(2026, 10, 22, 9),
            2,
            JERUSALEM,
            utc(2026, 10, 26, 10),
        ),  # Thursday to Monday, clocks back
        (utc(2026, 3, 26, 10), 1, RIYADH, utc(2026, 3, 29, 10)),
        (utc(2028, 2, 28, 10), 1, KUWAIT, utc(2028, 2, 29, 10)),  # Monday to Tuesday, the leap day
        (utc(2027, 2, 28, 10), 1, KUWAIT, utc(2027, 3, 1, 10)),
    ],
)
def test_business_days_of_the_region(start: datetime, days: int, zone: str, over: datetime) -> None:
    assert after_business_days(start, days, zone=zone, weekend=("fri", "sat")) == over


@pytest.mark.parametrize(
    ("start", "months", "zone", "over"),
    [
        (
            utc(2026, 2, 27, 10),
            1,
            JERUSALEM,
            utc(2026, 3, 27, 9),
        ),  # the day the clocks went forward
        (utc(2026, 2, 27, 10), 1, RIYADH, utc(2026, 3, 27, 10)),
        (utc(2028, 1, 31, 8), 1, RIYADH, utc(2028, 2, 29, 8)),
        (utc(2027, 1, 31, 8), 1, RIYADH, utc(2027, 2, 28, 8)),
        (utc(2028, 2, 29, 8), 12, RIYADH, utc(2029, 2, 28, 8)),
        (utc(2026, 9, 30, 8), 1, JERUSALEM, utc(2026, 10, 30, 9)),
    ],
)
def test_months_end_where_the_clocks_changed_or_the_month_is_short(
    start: datetime, months: int, zone: str, over: datetime
) -> None:
    assert after_months(start, months, zone=zone) == over
