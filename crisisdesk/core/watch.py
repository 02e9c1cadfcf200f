"""Who watches when: weekly shifts and covers laid out on the axis of time. Pure: moments come as arguments.

A shift is written in local time and laid out day by day, so that a change of clocks makes the night an hour shorter or
longer and never leaves a hole: the end of one shift and the start of the next are the same moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crisisdesk.core import sun
from crisisdesk.core.working_calendar import WorkCalendar, rests

_ONE = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Shift:
    """One person on these weekdays, from and until a local time; None is sunset. Every so many weeks, counted from
    `valid_from`."""

    id: int
    person: int
    weekdays: frozenset[int]
    starts: time | None
    ends: time | None
    valid_from: date
    valid_until: date | None = None
    every: int = 1
    together: bool = False


@dataclass(frozen=True)
class Cover:
    """From one moment to another this person watches: in the place of `away`, or besides (None)."""

    id: int
    away: int | None
    person: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Slot:
    """One person's watch from one moment to another, and where it comes from."""

    start: datetime
    end: datetime
    person: int
    shift: int | None = None
    cover: int | None = None


@dataclass(frozen=True)
class Needed:
    """When somebody has to watch: on these weekdays, from and until a local time (equal: around the clock); `rest`
    says whether on days off, too."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    rest: bool
    since: datetime


@dataclass(frozen=True)
class Change:
    """A moment at which the watch passes from some people to others."""

    at: datetime
    going: frozenset[int]
    coming: frozenset[int]


def slots_of(
    shifts: Iterable[Shift], calendar: WorkCalendar, start: datetime, end: datetime
) -> list[Slot]:
    """Return the slots of these shifts that touch the time between two moments, whole, in their order."""
    local = ZoneInfo(calendar.zone)
    first, last = start.astimezone(local).date() - 2 * _ONE, end.astimezone(local).date()
    found = []
    for shift in shifts:
        day = max(first, shift.valid_from)
        until = min(last, shift.valid_until or last)
        while day <= until:
            if _falls(shift, day):
                begins, stops = _span(shift.starts, shift.ends, calendar, day)
                if begins < end and stops > start:
                    found.append(Slot(begins, stops, shift.person, shift.id))
            day += _ONE
    return sorted(found, key=lambda slot: (slot.start, slot.end, slot.person))


def covered(slots: Iterable[Slot], covers: Iterable[Cover]) -> list[Slot]:
    """Return the slots with each cover in force, in the order in which they were agreed."""
    found = list(slots)
    for cover in covers:
        if cover.away is None:
            found.append(Slot(cover.start, cover.end, cover.person, cover=cover.id))
            continue
        kept: list[Slot] = []
        for slot in found:
            begins, stops = max(slot.start, cover.start), min(slot.end, cover.end)
            if slot.person != cover.away or begins >= stops:
                kept.append(slot)
                continue
            if slot.start < begins:
                kept.append(replace(slot, end=begins))
            kept.append(Slot(begins, stops, cover.person, slot.shift, cover.id))
            if stops < slot.end:
                kept.append(replace(slot, start=stops))
        found = kept
    return sorted(found, key=lambda slot: (slot.start, slot.end, slot.person))


def without(slots: Iterable[Slot], gone: Collection[int], *, at: datetime) -> list[Slot]:
    """Return the slots without the time from now on of people who are gone; what they watched before stays."""
    found = []
    for slot in slots:
        if slot.person not in gone:
            found.append(slot)
        elif slot.start < at:
            found.append(replace(slot, end=min(slot.end, at)))
    return found


def watching(slots: Iterable[Slot], at: datetime) -> list[int]:
    """Return who watches at this moment, the one longest there first."""
    return list(dict.fromkeys(slot.person for slot in slots if slot.start <= at < slot.end))


def changes(slots: Sequence[Slot], start: datetime, end: datetime) -> Iterator[Change]:
    """Yield the moments after `start` and up to `end` at which the watch passes to others; whoever wants the first
    looks no further."""
    moments = {moment for slot in slots for moment in (slot.start, slot.end)}
    for moment in sorted(moment for moment in moments if start < moment <= end):
        before = frozenset(slot.person for slot in slots if slot.start < moment <= slot.end)
        after = frozenset(slot.person for slot in slots if slot.start <= moment < slot.end)
        if before != after:
            yield Change(moment, before - after, after - before)


def clash(wanted: Iterable[Slot], standing: Sequence[Slot]) -> tuple[Slot, Slot] | None:
    """Return the first pair of slots that lie over each other, or None."""
    for slot in wanted:
        for other in standing:
            if slot.start < other.end and other.start < slot.end:
                return slot, other
    return None


def needed_times(
    needed: Needed, calendar: WorkCalendar, start: datetime, end: datetime
) -> list[Span]:
    """Return when somebody has to watch between two moments, joined where they touch."""
    start = max(start, needed.since)
    local = ZoneInfo(calendar.zone)
    day, last = start.astimezone(local).date() - _ONE, end.astimezone(local).date()
    found = []
    while day <= last:
        if day.isoweekday() in needed.weekdays:
            begins, stops = _span(needed.starts, needed.ends, calendar, day)
            found.append((max(begins, start), min(stops, end)))
        day += _ONE
    spans = joined(found)
    return spans if needed.rest else minus(spans, rests(calendar, start, end))


def gaps(needed: Sequence[Span], slots: Iterable[Slot]) -> list[Span]:
    """Return the times when somebody has to watch and nobody does."""
    return minus(needed, ((slot.start, slot.end) for slot in slots))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in their order, those that touch as one, without empty ones."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return what is left of the spans where nothing is taken."""
    found, away = [], joined(taken)
    for start, end in spans:
        for begins, stops in away:
            if stops <= start or begins >= end:
                continue
            if begins > start:
                found.append((start, begins))
            start = stops  # noqa: PLW2901 - the rest of the span is looked at next
        if start < end:
            found.append((start, end))
    return found


def _falls(shift: Shift, day: date) -> bool:
    week = (day - shift.valid_from).days // 7
    return day.isoweekday() in shift.weekdays and week % shift.every == 0


def _span(starts: time | None, ends: time | None, calendar: WorkCalendar, day: date) -> Span:
    """The moments of a shift that begins on this day; an end that is not after the start lies on the next day."""
    begins, stops = _moment(starts, calendar, day), _moment(ends, calendar, day)
    return begins, stops if stops > begins else _moment(ends, calendar, day + _ONE)


def _moment(clock: time | None, calendar: WorkCalendar, day: date) -> datetime:
    if clock is None:
        return sun.sunset(
            day, latitude=calendar.latitude, longitude=calendar.longitude, zone=calendar.zone
        )
    return datetime.combine(day, clock, tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)
