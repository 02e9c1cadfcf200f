"""When time is over that is counted in days, business days or months. Hours need no calendar; these do."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_YEAR = 366


def after_days(start: datetime, days: int, *, zone: str) -> datetime:
    """Return the same clock time `days` later in `zone`, however long those days were: also across a change of clocks.

    A clock time that a change leaves out is met at the moment of the change and as much later.
    """
    local = start.astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return local.astimezone(start.tzinfo)


def after_business_days(
    start: datetime, days: int, *, zone: str, weekend: Collection[str]
) -> datetime:
    """Return the moment `days` business days after `start`, at the same clock time in `zone`.

    Time that falls on a weekend does not count: a start on a weekend counts from the first business day's midnight.
    Public holidays are not known here; a brand's own calendar is `working_calendar`.
    """
    off = {WEEKDAYS.index(name) for name in weekend}
    if len(off) == len(WEEKDAYS):
        raise ValueError("a week of seven days off has no business day")
    return after_open_days(start, days, zone=zone, off=lambda day: day.weekday() in off)


def after_open_days(
    start: datetime,
    days: int,
    *,
    zone: str,
    off: Callable[[date], bool],
    closes: Callable[[date], datetime | None] = lambda _day: None,
) -> datetime:
    """Return the moment `days` days after `start` at the same clock time in `zone`, counting no day that is `off`.

    `closes` says when a short day ends: a start after it counts from the next open day's midnight, and what would end
    after it ends with it. At most a year is looked through for an open day.
    """
    local = start.astimezone(ZoneInfo(zone))
    ended = closes(local.date())
    if off(local.date()) or (ended and local >= ended):
        local = datetime.combine(_open(local.date(), off), time.min, tzinfo=local.tzinfo)
    for _each in range(days):
        local = datetime.combine(_open(local.date(), off), local.timetz())
    ended = closes(local.date())
    return (min(local, ended) if ended else local).astimezone(start.tzinfo)


def _open(day: date, off: Callable[[date], bool]) -> date:
    """Return the next open day after this one."""
    for _each in range(A_YEAR):
        day += timedelta(days=1)
        if not off(day):
            return day
    raise ValueError("a year of days off has no business day")


def after_months(start: datetime, months: int, *, zone: str) -> datetime:
    """Return the same day and clock time `months` later in `zone`, or that month's last day when it is shorter."""
    local = start.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(start.tzinfo)
