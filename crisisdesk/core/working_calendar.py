"""Which days somebody works: weekend, short days, holidays, Ramadan, rest by sunset. Pure: dates come as arguments.

Holidays come from the library `holidays`, Ramadan from the Umm al-Qura calendar (`hijridate`). Days that follow the
moon are expected ones and may move by a day; a brand can switch one off and add its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hijridate import Gregorian
from holidays import country_holidays

from crisisdesk.core import sun
from crisisdesk.core.holiday_words import BY_THE_MOON, plain

RAMADAN = 9
_ONE = timedelta(days=1)
_FRIDAY, _SATURDAY = 5, 6


@dataclass(frozen=True)
class Holiday:
    """A day off with its name: a key of `holiday_words.NAMES`, or the brand's own words."""

    name: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    in_lieu: bool = False
    expected: bool = False


@dataclass(frozen=True)
class Day:
    """One local day. `closes` is when a short day ends; `rest_from` when rest comes in by sunset, `rest_until` when
    it goes out."""

    date: date
    weekend: bool
    holidays: tuple[Holiday, ...]
    ramadan: bool
    opens: datetime | None
    closes: datetime | None
    short: bool
    rest_from: datetime | None
    rest_until: datetime | None

    @property
    def off(self) -> bool:
        """Whether it is a weekend's or a holiday."""
        return self.weekend or bool(self.holidays)


@dataclass(frozen=True)
class WorkCalendar:
    """The days a brand works, as plain data."""

    zone: str
    weekend: tuple[int, ...] = (6, 7)
    week_start: int = 1
    country: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    by_sunset: bool = False
    short_day: int | None = None
    short_until: time | None = None
    work_from: time = time(9)
    work_until: time = time(18)
    ramadan: bool = False
    ramadan_from: time = time(9)
    ramadan_until: time = time(15)
    own_days: tuple[tuple[date, tuple[tuple[str, str], ...]], ...] = ()
    switched_off: tuple[date, ...] = ()


def day_of(calendar: WorkCalendar, day: date) -> Day:
    """Return what this local day is in the calendar."""
    holidays, weekend = holidays_on(calendar, day), day.isoweekday() in calendar.weekend
    off = weekend or bool(holidays)
    ramadan = calendar.ramadan and in_ramadan(day)
    comes_in, goes_out = _rest(calendar, day)
    closes = None if off else _closes(calendar, day, comes_in)
    hours = (calendar.ramadan_from, calendar.ramadan_until) if ramadan else None
    opens_at, until = hours or (calendar.work_from, calendar.work_until)
    ends = None if off else _at(calendar, day, until)
    return Day(
        date=day,
        weekend=weekend,
        holidays=holidays,
        ramadan=ramadan,
        opens=None if off else _at(calendar, day, opens_at),
        closes=min(closes, ends) if closes and ends else ends,
        short=closes is not None,
        rest_from=comes_in,
        rest_until=goes_out,
    )


def is_off(calendar: WorkCalendar, day: date) -> bool:
    """Whether this local day is a weekend's or a holiday."""
    return day.isoweekday() in calendar.weekend or bool(holidays_on(calendar, day))


def holidays_on(calendar: WorkCalendar, day: date) -> tuple[Holiday, ...]:
    """Return the day's holidays: the country's, unless switched off, and the brand's own."""
    found = [Holiday(own=dict(names)) for own, names in calendar.own_days if own == day]
    if calendar.country and day not in calendar.switched_off:
        found += _public(calendar.country, day.year).get(day, ())
    return tuple(found)


def public_holidays(
    calendar: WorkCalendar, first: date, last: date
) -> list[tuple[date, tuple[Holiday, ...]]]:
    """Return the country's holidays in these days, also those that are switched off."""
    if not calendar.country:
        return []
    years = range(first.year, last.year + 1)
    rows = [_public(calendar.country, year) for year in years]
    found = [(day, names) for row in rows for day, names in row.items() if first <= day <= last]
    return sorted(found, key=lambda row: row[0])


def in_ramadan(day: date) -> bool:
    """Whether the day is expected in Ramadan by the Umm al-Qura calendar, which ends in 2077."""
    try:
        return bool(Gregorian(day.year, day.month, day.day).to_hijri().month == RAMADAN)
    except OverflowError:
        return False


def rests(
    calendar: WorkCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Return the times of rest between two moments: whole days off, or by sunset where the brand keeps it so."""
    local = ZoneInfo(calendar.zone)
    day, last = start.astimezone(local).date() - _ONE, end.astimezone(local).date() + _ONE
    begun: datetime | None = None
    while day <= last:
        if calendar.by_sunset:
            comes_in, goes_out = _rest(calendar, day)
        else:
            comes_in, goes_out = _whole_days(calendar, day)
        if goes_out and begun:
            if begun < end and goes_out > start:
                yield begun, goes_out
            begun = None
        begun = comes_in or begun
        day += _ONE


def _whole_days(calendar: WorkCalendar, day: date) -> tuple[datetime | None, datetime | None]:
    """The midnights at which days off begin and end."""
    today, before = is_off(calendar, day), is_off(calendar, day - _ONE)
    midnight = _at(calendar, day, time.min)
    return (midnight if today and not before else None, midnight if before and not today else None)


def _rest(calendar: WorkCalendar, day: date) -> tuple[datetime | None, datetime | None]:
    """When rest comes in on this day by sunset, and when it goes out at nightfall; Shabbat and holidays that touch
    are one rest."""
    if not calendar.by_sunset:
        return None, None
    place = {
        "latitude": calendar.latitude,
        "longitude": calendar.longitude,
        "zone": calendar.zone,
    }
    today, tomorrow = _holy(calendar, day), _holy(calendar, day + _ONE)
    comes_in = sun.sunset(day, **place) if tomorrow and not today else None
    goes_out = sun.nightfall(day, **place) if today and not tomorrow else None
    return comes_in, goes_out


def _holy(calendar: WorkCalendar, day: date) -> bool:
    shabbat = day.isoweekday() == _SATURDAY and _SATURDAY in calendar.weekend
    return shabbat or bool(holidays_on(calendar, day))


def _closes(calendar: WorkCalendar, day: date, comes_in: datetime | None) -> datetime | None:
    """When a short day ends: by its hour, or when rest comes in."""
    ends = [comes_in] if comes_in else []
    if calendar.short_until and day.isoweekday() == calendar.short_day:
        ends.append(_at(calendar, day, calendar.short_until))
    return min(ends) if ends else None


def _at(calendar: WorkCalendar, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def _public(country: str, year: int) -> dict[date, tuple[Holiday, ...]]:
    rows = country_holidays(country, years=year, language="en_US")
    return {day: tuple(_named(name) for name in rows.get_list(day)) for day in sorted(rows)}


def _named(name: str) -> Holiday:
    bare, in_lieu = plain(name)
    return Holiday(bare, in_lieu=in_lieu, expected=bare in BY_THE_MOON)
