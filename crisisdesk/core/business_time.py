"""When time is over that is counted in days, business days or months. Hours need no calendar; these do."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    Public holidays count like any other day, because leaving them out would make the time longer, and a legal deadline
    must not be called later than it may be.
    """
    off = {WEEKDAYS.index(name) for name in weekend}
    if len(off) == len(WEEKDAYS):
        raise ValueError("a week of seven days off has no business day")
    local = start.astimezone(ZoneInfo(zone))
    if local.weekday() in off:
        local = datetime.combine(_next_open(local.date(), off), time.min, tzinfo=local.tzinfo)
    for _each in range(days):
        local = datetime.combine(_next_open(local.date(), off), local.timetz())
    return local.astimezone(start.tzinfo)


def _next_open(day: date, off: Collection[int]) -> date:
    """Return the first day after this one whose weekday is not off."""
    day += timedelta(days=1)
    while day.weekday() in off:
        day += timedelta(days=1)
    return day


def after_months(start: datetime, months: int, *, zone: str) -> datetime:
    """Return the same day and clock time `months` later in `zone`, or that month's last day when it is shorter."""
    local = start.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(start.tzinfo)
