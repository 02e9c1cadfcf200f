"""Time counted in business days and months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crisisdesk.core.business_time import after_business_days, after_months

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
