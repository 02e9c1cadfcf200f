"""Quiet hours by the clock on a person's wall, over midnight and over changes of clocks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crisisdesk.notifications.rules.quiet import (
    HALF_HOURS,
    Span,
    covers_week,
    half_hours,
    quiet_until,
)

EVERY_NIGHT = [Span(day, 22 * 60, 7 * 60) for day in range(1, 8)]
TEN_THIRTY, SEVEN = 22 * 60 + 30, 7 * 60


def utc(words: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        # Riyadh is three hours ahead all year round.
        ("Asia/Riyadh", "2026-11-18T18:59", None),
        ("Asia/Riyadh", "2026-11-18T19:00", "2026-11-19T04:00"),
        ("Asia/Riyadh", "2026-11-19T03:59", "2026-11-19T04:00"),
        ("Asia/Riyadh", "2026-11-19T04:00", None),
        # A leap day, and the ends of a month and of a year.
        ("Asia/Riyadh", "2028-02-28T20:00", "2028-02-29T04:00"),
        ("Asia/Riyadh", "2028-02-29T20:00", "2028-03-01T04:00"),
        ("Asia/Riyadh", "2026-12-31T23:00", "2027-01-01T04:00"),
        # Jerusalem: summer time begins on Friday 27 March 2026 and ends on Sunday 25 October 2026.
        ("Asia/Jerusalem", "2026-03-26T20:00", "2026-03-27T04:00"),
        ("Asia/Jerusalem", "2026-03-27T19:00", "2026-03-28T04:00"),
        ("Asia/Jerusalem", "2026-10-24T19:00", "2026-10-25T05:00"),
        ("Asia/Jerusalem", "2026-10-24T23:30", "2026-10-25T05:00"),
    ],
)
def test_every_night_from_ten_to_seven(zone: str, at: str, until: str | None) -> None:
    found = quiet_until(EVERY_NIGHT, zone=zone, at=utc(at))
    assert found == (utc(until) if until else None)


def test_a_time_shown_twice_is_quiet_from_the_first_to_the_second() -> None:
    # In the night to Sunday 25 October 2026 Jerusalem's clocks show 01:00 to 02:00 twice.
    twice = [Span(7, 60, 90)]
    begins, ends = utc("2026-10-24T22:00"), utc("2026-10-24T23:30")
    assert quiet_until(twice, zone="Asia/Jerusalem", at=utc("2026-10-24T21:59")) is None
    assert quiet_until(twice, zone="Asia/Jerusalem", at=begins) == ends
    assert quiet_until(twice, zone="Asia/Jerusalem", at=ends) is None


def test_a_time_that_is_left_out_is_as_much_later() -> None:
    # On Friday 27 March 2026 Jerusalem's clocks go from 02:00 to 03:00: 02:30 is 03:30 there, which is 00:30 UTC.
    night = [Span(5, 0, 150)]
    assert quiet_until(night, zone="Asia/Jerusalem", at=utc("2026-03-26T22:30")) == utc(
        "2026-03-27T00:30"
    )


def test_spans_that_follow_each_other_are_one_quiet() -> None:
    # A weekend: from Friday 16:00 to Sunday 08:00, as Friday to Saturday and Saturday to Sunday.
    weekend = [Span(5, 16 * 60, 12 * 60), Span(6, 12 * 60, 8 * 60)]
    assert quiet_until(weekend, zone="Asia/Jerusalem", at=utc("2026-11-20T15:00")) == utc(
        "2026-11-22T06:00"
    )


def test_the_same_time_twice_is_a_whole_day() -> None:
    shabbat = [Span(6, 0, 0)]
    assert quiet_until(shabbat, zone="UTC", at=utc("2026-11-21T00:00")) == utc("2026-11-22T00:00")
    assert quiet_until(shabbat, zone="UTC", at=utc("2026-11-22T00:00")) is None


def test_a_week_that_is_quiet_throughout_counts_as_none() -> None:
    always = [Span(day, 480, 480) for day in range(1, 8)]
    assert covers_week(always)
    assert quiet_until(always, zone="UTC", at=utc("2026-11-21T00:00")) is None
    assert not covers_week([*always[:6], Span(7, 480, 479)])
    assert not covers_week([])


def test_the_week_is_drawn_by_half_hours() -> None:
    spans = [Span(1, TEN_THIRTY, SEVEN)]
    monday, tuesday = half_hours(spans, 1), half_hours(spans, 2)
    assert len(monday) == HALF_HOURS
    assert monday == [False] * 45 + [True] * 3
    assert tuesday == [True] * 14 + [False] * 34
    assert half_hours([Span(7, TEN_THIRTY, SEVEN)], 1)[:14] == [True] * 14
