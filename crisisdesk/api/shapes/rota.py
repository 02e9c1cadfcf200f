"""Who is on watch, the weekly shifts, swaps and gaps; and the days a brand works."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypedDict

from django.utils.translation import get_language, override

from crisisdesk.api.shapes.people import Person, person
from crisisdesk.core.holiday_words import NAMES
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.queries.listing import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.core.watch import Slot, Span
    from crisisdesk.core.working_calendar import Day, Holiday
    from crisisdesk.organisation.models import BrandCalendar, Rota, User, WatchShift, WatchSwap
    from crisisdesk.organisation.queries.watch_ahead import WatchAhead


class WatchSpanShape(TypedDict):
    """From one moment to another."""

    starts_at: datetime
    ends_at: datetime


class WatchSlotShape(WatchSpanShape):
    """One person's watch; `swap` names the swap that brought it."""

    person: Person | None
    shift: int | None
    swap: int | None


class ShiftShape(TypedDict):
    """One person's weekly shift on ISO weekdays, in the brand's local time; null is sunset."""

    id: int
    person: Person | None
    weekdays: list[int]
    starts: time | None
    ends: time | None
    valid_from: date
    valid_until: date | None
    every: int
    together: bool


class ReturnShape(WatchSpanShape):
    """The watch that is given for a swap: in it `away` watches in the place of `cover`."""

    id: int
    state: str


class SwapShape(WatchSpanShape):
    """A watch that somebody else takes; without `away`, where nobody watched. With `in_return` it is an exchange, of
    which both halves hold or neither: either id stands for both."""

    id: int
    away: Person | None
    cover: Person | None
    state: str
    together: bool
    note: str
    asked_by: Person | None
    asked_at: datetime
    answered_at: datetime | None
    in_return: ReturnShape | None


class NeededShape(TypedDict):
    """When somebody has to watch; equal times mean around the clock."""

    weekdays: list[int]
    starts: time
    ends: time
    on_days_off: bool
    version: int


class RotaShape(TypedDict):
    """A brand's rota: who watches now, who watches when, and where nobody does within four weeks. `needed` is null for
    a brand without a rota."""

    zone: str
    needed: NeededShape | None
    on_watch: list[Person]
    slots: list[WatchSlotShape]
    gaps: list[WatchSpanShape]
    shifts: list[ShiftShape]
    swaps: list[SwapShape]


class OnWatchShape(TypedDict):
    """Who watches a brand at a moment."""

    at: datetime
    people: list[Person]


class WatchAheadShape(TypedDict):
    """Who watches a brand now, when the first of them goes, and who comes next. Between `until` and a later `coming_at`
    nobody watches; `gap_at`, within a day, begins a time when somebody has to: now, where it is no later than now."""

    people: list[Person]
    until: datetime | None
    coming: list[Person]
    coming_at: datetime | None
    gap_at: datetime | None


class HolidayShape(TypedDict):
    """A day off by its names; `expected` may move by a day, `in_lieu` stands in for another day."""

    names: dict[str, str]
    expected: bool
    in_lieu: bool


class DayShape(TypedDict):
    """What one day is for a brand. A short day ends at `closes`; rest comes in and goes out by the sun."""

    date: date
    weekend: bool
    holidays: list[HolidayShape]
    ramadan: bool
    short: bool
    opens: datetime | None
    closes: datetime | None
    rest_from: datetime | None
    rest_until: datetime | None


class CalendarDaysShape(TypedDict):
    """The days that a brand works: its week, its country and the days asked for."""

    country: str
    week_start: int
    weekend: list[int]
    by_sunset: bool
    latitude: float | None
    longitude: float | None
    short_day: int | None
    short_until: time | None
    work_from: time
    work_until: time
    ramadan: bool
    ramadan_from: time
    ramadan_until: time
    own_days: dict[str, dict[str, str]]
    switched_off: list[date]
    version: int
    days: list[DayShape]


def people(ids: Iterable[int]) -> list[Person]:
    """Return these people in their order; one query."""
    listed = list(ids)
    names = names_of(listed)
    found = [person(names, pk) for pk in listed]
    return [each for each in found if each is not None]


def ahead(found: WatchAhead) -> WatchAheadShape:
    """Return a brand's watch from now on."""
    return {
        "people": [_named(who) for who in found.people],
        "until": found.until,
        "coming": [_named(who) for who in found.coming],
        "coming_at": found.coming_at,
        "gap_at": found.gap_at,
    }


def _named(who: User) -> Person:
    return {"id": who.pk, "name": who.name_in(get_language() or "en")}


def slots(rows: Sequence[Slot]) -> list[WatchSlotShape]:
    """Return who watches when."""
    names = names_of(row.person for row in rows)
    return [
        {
            "starts_at": row.start,
            "ends_at": row.end,
            "person": person(names, row.person),
            "shift": row.shift,
            "swap": row.cover,
        }
        for row in rows
    ]


def spans(rows: Iterable[Span]) -> list[WatchSpanShape]:
    """Return stretches of time."""
    return [{"starts_at": start, "ends_at": end} for start, end in rows]


def shifts(rows: Sequence[WatchShift]) -> list[ShiftShape]:
    """Return weekly shifts."""
    names = names_of(row.person_id for row in rows)
    return [
        {
            "id": row.pk,
            "person": person(names, row.person_id),
            "weekdays": row.weekdays,
            "starts": row.starts,
            "ends": row.ends,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "every": row.every,
            "together": row.together,
        }
        for row in rows
    ]


def swaps(rows: Sequence[WatchSwap]) -> list[SwapShape]:
    """Return swaps."""
    names = names_of(pk for row in rows for pk in (row.away_id, row.cover_id, row.asked_by_id))
    return [
        {
            "id": row.pk,
            "away": person(names, row.away_id),
            "cover": person(names, row.cover_id),
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "state": row.state,
            "together": row.together,
            "note": row.note,
            "asked_by": person(names, row.asked_by_id),
            "asked_at": row.asked_at,
            "answered_at": row.answered_at,
            "in_return": _in_return(row),
        }
        for row in rows
    ]


def _in_return(row: WatchSwap) -> ReturnShape | None:
    for half in row.halves:
        if half.in_return_of_id is not None:
            return {
                "id": half.pk,
                "state": half.state,
                "starts_at": half.starts_at,
                "ends_at": half.ends_at,
            }
    return None


def needed(row: Rota) -> NeededShape:
    """Return when somebody has to watch."""
    return {
        "weekdays": row.weekdays,
        "starts": row.starts,
        "ends": row.ends,
        "on_days_off": row.on_days_off,
        "version": row.version,
    }


def day(found: Day) -> DayShape:
    """Return one day."""
    return {
        "date": found.date,
        "weekend": found.weekend,
        "holidays": [_holiday(each) for each in found.holidays],
        "ramadan": found.ramadan,
        "short": found.short,
        "opens": found.opens,
        "closes": found.closes,
        "rest_from": found.rest_from,
        "rest_until": found.rest_until,
    }


def calendar_days(
    row: BrandCalendar, *, week_start: int, weekend: list[int], days: list[DayShape]
) -> CalendarDaysShape:
    """Return a brand's calendar with some of its days."""
    return {
        "country": row.country,
        "week_start": week_start,
        "weekend": weekend,
        "by_sunset": row.by_sunset,
        "latitude": None if row.latitude is None else float(row.latitude),
        "longitude": None if row.longitude is None else float(row.longitude),
        "short_day": row.short_day,
        "short_until": row.short_until,
        "work_from": row.work_from,
        "work_until": row.work_until,
        "ramadan": row.ramadan,
        "ramadan_from": row.ramadan_from,
        "ramadan_until": row.ramadan_until,
        "own_days": row.own_days,
        "switched_off": row.switched_off,
        "version": row.version,
        "days": days,
    }


def _holiday(found: Holiday) -> HolidayShape:
    names = dict(found.own) or _in_every_language(found.name)
    return {"names": names, "expected": found.expected, "in_lieu": found.in_lieu}


def _in_every_language(name: str) -> dict[str, str]:
    return {code: in_language(name, code) for code in LANGUAGES}


def in_language(name: str, code: str) -> str:
    """Return a holiday's name in one language."""
    with override(code):
        return str(NAMES.get(name, name))
