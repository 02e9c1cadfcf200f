"""A week of the rota, drawn: people in rows, days along the line, and what the calendar says of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi, gettext

from crisisdesk.core import formats
from crisisdesk.core.holiday_words import NAMES
from crisisdesk.core.working_calendar import Day, Holiday, day_of, rests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crisisdesk.core import watch
    from crisisdesk.core.working_calendar import WorkCalendar
    from crisisdesk.organisation.models import User
    from crisisdesk.organisation.queries.rota import BrandRota

WIDTH = 240  # of one day in the drawing
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Head:
    """One day over the week: its date and what it is."""

    date: date
    label: str
    marks: list[str]
    kind: str  # "off", "short", "ramadan" or nothing
    is_today: bool


@dataclass
class Cell:
    """One day of one row: bars and shades in the drawing, and the same in words."""

    cap: str
    shades: list[dict[str, Any]] = field(default_factory=list)
    bars: list[dict[str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    now: float | None = None


@dataclass
class Row:
    """One person's week, or the gaps'."""

    person: User | None
    cells: list[Cell]


@dataclass(frozen=True)
class Week:
    """What the page shows of seven days."""

    first: date
    last: date
    heads: list[Head]
    rows: list[Row]
    gaps: Row | None
    before: date
    after: date


def week_of(
    calendar: WorkCalendar,
    rota: BrandRota | None,
    people: Mapping[int, User],
    shown: date,
    *,
    at: datetime,
) -> Week:
    """Return the brand's week around a day: who watches, where nobody does, and what each day is."""
    first = shown - timedelta(days=(shown.isoweekday() - calendar.week_start) % 7)
    days = [day_of(calendar, first + step * _ONE) for step in range(7)]
    start, end = span_of(calendar, first)
    slots = rota.slots(start, end, at=at) if rota else []
    empty = rota.gaps(start, end, at=at) if rota else []
    grouped: dict[int, list[watch.Slot]] = {}
    for slot in slots:
        grouped.setdefault(slot.person, []).append(slot)
    frame = _Frame(calendar, days, at)
    rows = [
        Row(people.get(person), frame.cells([(slot.start, slot.end, slot.cover) for slot in own]))
        for person, own in grouped.items()
    ]
    return Week(
        first,
        days[-1].date,
        [_head(day, calendar, at) for day in days],
        rows,
        Row(None, frame.cells([(*gap, None) for gap in empty])) if empty else None,
        first - timedelta(days=7),
        first + timedelta(days=7),
    )


def span_of(calendar: WorkCalendar, first: date) -> tuple[datetime, datetime]:
    """Return the moments at which the seven days from `first` begin and end for the brand."""
    return _midnight(calendar, first), _midnight(calendar, first + timedelta(days=7))


def marks_of(day: Day, zone: str) -> list[str]:
    """Return in words what is special about a day."""
    found = [holiday_name(holiday) for holiday in day.holidays]
    if day.weekend and not found:
        found.append(gettext("Weekend"))
    local = ZoneInfo(zone)
    if day.rest_from:
        found.append(
            gettext("rest from %(time)s") % {"time": f"{day.rest_from.astimezone(local):%H:%M}"}
        )
    elif day.short and day.closes:
        found.append(gettext("until %(time)s") % {"time": f"{day.closes.astimezone(local):%H:%M}"})
    if day.rest_until:
        found.append(
            gettext("rest until %(time)s") % {"time": f"{day.rest_until.astimezone(local):%H:%M}"}
        )
    if day.ramadan:
        found.append(gettext("Ramadan (expected)"))
    return found


def holiday_name(holiday: Holiday) -> str:
    """Return a holiday's name in the reader's language, with what is uncertain about it."""
    own = holiday.own.get((get_language() or "en")[:2]) or next(iter(holiday.own.values()), "")
    name = own or str(NAMES.get(holiday.name, holiday.name))
    if holiday.in_lieu:
        name = gettext("%(holiday)s, day in lieu") % {"holiday": name}
    return gettext("%(holiday)s (expected)") % {"holiday": name} if holiday.expected else name


def kind_of(day: Day) -> str:
    """Return how a day is shaded."""
    if day.off:
        return "off"
    if day.short:
        return "short"
    return "ramadan" if day.ramadan else ""


def _head(day: Day, calendar: WorkCalendar, at: datetime) -> Head:
    is_today = day.date == at.astimezone(ZoneInfo(calendar.zone)).date()
    label = date_format(day.date, "D j M")
    return Head(day.date, label, marks_of(day, calendar.zone), kind_of(day), is_today)


class _Frame:
    """The days as stretches of the axis; x runs from the side on which the reader begins."""

    def __init__(self, calendar: WorkCalendar, days: list[Day], at: datetime) -> None:
        self.zone = ZoneInfo(calendar.zone)
        self.days = days
        self.at = at
        edges = [_midnight(calendar, days[0].date + step * _ONE) for step in range(8)]
        self.spans = list(zip(edges, edges[1:], strict=False))
        self.rests = list(rests(calendar, edges[0], edges[-1])) if calendar.by_sunset else []
        self.mirrored = get_language_bidi()

    def cells(self, found: Iterable[tuple[datetime, datetime, int | None]]) -> list[Cell]:
        """Return one cell a day for these stretches of time."""
        spans, made = list(found), []
        for day, (start, end) in zip(self.days, self.spans, strict=True):
            cell = Cell(date_format(day.date, "D j M"))
            if kind_of(day):
                cell.shades.append({"kind": kind_of(day), "x": 0, "width": WIDTH})
            cell.shades += [
                {"kind": "rest", **self._bar(each, start, end)}
                for each in self.rests
                if each[0] < end and each[1] > start
            ]
            for begins, stops, cover in spans:
                if begins < end and stops > start:
                    bar = self._bar((begins, stops), start, end)
                    cell.bars.append({"cover": cover is not None, **bar})
                    if begins >= start or day is self.days[0]:
                        cell.words.append(self._words(begins, stops))
            if start <= self.at < end:
                cell.now = self._bar((self.at, end), start, end)["edge"]
            made.append(cell)
        return made

    def _bar(self, span: watch.Span, start: datetime, end: datetime) -> dict[str, float]:
        whole = (end - start).total_seconds()
        left = max(0.0, (span[0] - start).total_seconds() / whole)
        right = min(1.0, (span[1] - start).total_seconds() / whole)
        x, edge = left * WIDTH, left * WIDTH
        width = max((right - left) * WIDTH, 1)
        if self.mirrored:
            x, edge = WIDTH - x - width, WIDTH - edge
        return {"x": round(x, 1), "width": round(width, 1), "edge": round(edge, 1)}

    def _words(self, begins: datetime, stops: datetime) -> str:
        """From when until when; the end names its day where it is not the same."""
        first, last = begins.astimezone(self.zone), stops.astimezone(self.zone)
        if last.date() in (first.date(), first.date() + _ONE) and last - first <= _ONE:
            return f"{first:%H:%M}–{last:%H:%M}"
        return gettext("%(from)s until %(until)s") % {
            "from": f"{first:%H:%M}",
            "until": f"{date_format(last.date(), 'D j M')} {last:%H:%M}",
        }


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(calendar.zone))


def span_words(start: datetime, end: datetime, zone: str) -> str:
    """Return a stretch of time with its days, in the brand's zone."""
    local = ZoneInfo(zone)
    first, last = start.astimezone(local), end.astimezone(local)
    facts = {
        "from_day": date_format(first.date(), "l j F"),
        "from_time": f"{first:%H:%M}",
        "until_day": date_format(last.date(), "l j F"),
        "until_time": f"{last:%H:%M}",
    }
    if first.date() == last.date():
        return gettext("%(from_day)s, %(from_time)s to %(until_time)s") % facts
    return gettext("%(from_day)s, %(from_time)s to %(until_day)s, %(until_time)s") % facts


def zone_words(zone: str, at: datetime) -> str:
    """Return the brand's zone with its offset at this moment."""
    return formats.zone_name(ZoneInfo(zone), at)
