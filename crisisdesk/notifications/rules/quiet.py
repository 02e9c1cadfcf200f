"""Quiet hours: when a person's week is quiet, and when the quiet that holds now is over.

A span belongs to the weekday on which it begins and is read off the clock on the person's wall: from 22:00 to 07:00 is
nine hours of that clock, however long the night was. Where a change of clocks shows a time twice, quiet begins at the
first and ends at the second; a time that it leaves out is as much later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
WEEK = 7 * DAY
HALF_HOURS = 48


@dataclass(frozen=True, order=True)
class Span:
    """Quiet from this weekday (1 is Monday) at `begins` to `ends`, in minutes of the day; an end that is not after the
    beginning lies on the next day."""

    weekday: int
    begins: int
    ends: int

    @property
    def length(self) -> int:
        """How many minutes of the clock it lasts; the same time twice is a whole day."""
        return (self.ends - self.begins) % DAY or DAY

    @property
    def first(self) -> int:
        """The minute of the week at which it begins."""
        return (self.weekday - 1) * DAY + self.begins


def quiet_until(spans: Collection[Span], *, zone: str, at: datetime) -> datetime | None:
    """Return when the quiet that holds at this moment is over, or None where it does not hold.

    Spans that follow each other are one. A week that is quiet throughout is never accepted; were it there, it would
    count as none, because it would keep news for ever.
    """
    if covers_week(spans):
        return None
    place = ZoneInfo(zone)
    moment = at
    while True:
        ends = [end for begin, end in _around(spans, moment, place) if begin <= moment < end]
        if not ends:
            return moment if moment > at else None
        moment = max(ends)


def stretches(
    spans: Collection[Span], *, zone: str, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the quiet stretches that lie over the time between two moments, day by day; none for a week that is quiet
    throughout."""
    if covers_week(spans):
        return
    place = ZoneInfo(zone)
    day, last = start.astimezone(place).date() - timedelta(days=1), end.astimezone(place).date()
    while day <= last:
        for begins, stops in sorted(_of_day(spans, day, place)):
            if begins < end and stops > start:
                yield begins, stops
        day += timedelta(days=1)


def covers_week(spans: Iterable[Span]) -> bool:
    """Whether not a minute of the week is left."""
    found = list(spans)
    return sum(span.length for span in found) >= WEEK and len(_minutes(found)) == WEEK


def half_hours(spans: Collection[Span], weekday: int) -> list[bool]:
    """Return for each half-hour of this weekday whether most of it is quiet, for the drawing of the week."""
    quiet = _minutes(spans)
    start = (weekday - 1) * DAY
    return [
        sum(start + 30 * part + minute in quiet for minute in range(30)) >= 15
        for part in range(HALF_HOURS)
    ]


def _minutes(spans: Iterable[Span]) -> set[int]:
    return {(span.first + minute) % WEEK for span in spans for minute in range(span.length)}


def _around(
    spans: Collection[Span], moment: datetime, place: ZoneInfo
) -> Iterable[tuple[datetime, datetime]]:
    today = moment.astimezone(place).date()
    for day in (today - timedelta(days=1), today):
        yield from _of_day(spans, day, place)


def _of_day(
    spans: Collection[Span], day: date, place: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    for span in spans:
        if span.weekday == day.isoweekday():
            over = day + timedelta(days=1) if span.ends <= span.begins else day
            yield (
                moment_of(day, span.begins, place=place),
                moment_of(over, span.ends, place=place, last=True),
            )


def moment_of(day: date, minute: int, *, place: ZoneInfo, last: bool = False) -> datetime:
    """Return when the clock shows this minute of that day: of a time shown twice the first, or the `last`."""
    hour = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001
    first, second = (hour.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if last and second > first else first
