"""How one report speaks: its language, the brand's zone and digits. Every time, date and number passes through here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisisdesk.core.languages import Direction, direction
from crisisdesk.reports.domain.text import Text, written_in

NBSP = "\u00a0"
# The same order of day, month and year in each language; Hebrew joins month to day with a prefix.
_LONG_DATE = {"en": "l j\u00a0F Y", "ar": "l j\u00a0F Y", "he": "יום l, j\u00a0בF Y"}
_DATE = {"en": "j\u00a0F Y", "ar": "j\u00a0F Y", "he": "j\u00a0בF Y"}
_SHORT_DATE = {"en": "j\u00a0M", "ar": "j\u00a0F", "he": "j\u00a0בF"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Language, zone and digits of a report. Its methods expect that the language is active (gettext)."""

    language: str
    zone: str
    eastern: bool = False

    @property
    def direction(self) -> Direction:
        return direction(self.language)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def day(self, moment: datetime) -> date:
        return self.local(moment).date()

    def say(self, words: Any) -> Text:
        """Our own words, made by the desk in the report's language."""
        return Text(str(words), self.language, self.language, self.eastern)

    def typed(self, words: Any, language: str = "") -> Text:
        """Words that a person of the team typed, in whatever language they used."""
        return written_in(words, self.language, eastern=self.eastern, language=language)

    def exact(self, words: str, language: str) -> Text:
        """Words as they were published: not a digit is changed."""
        return Text(words, language, self.language)

    def number(self, value: int) -> str:
        """A number in the brand's digits, thousands apart."""
        return self.say(f"{value:,}").plain

    def time(self, moment: datetime) -> str:
        return f"{self.local(moment):%H:%M}"

    def long_date(self, moment: datetime | date) -> str:
        return self._date(moment, _LONG_DATE)

    def date(self, moment: datetime | date) -> str:
        return self._date(moment, _DATE)

    def short_date(self, moment: datetime | date) -> str:
        return self._date(moment, _SHORT_DATE)

    def _date(self, moment: datetime | date, patterns: dict[str, str]) -> str:
        return format_date(self.day(moment) if isinstance(moment, datetime) else moment, patterns[self.language])

    def moment(self, moment: datetime, beside: datetime) -> str:
        """The time alone on the day of `beside`, otherwise with its date."""
        if self.day(moment) == self.day(beside):
            return self.time(moment)
        return _("%(date)s %(time)s") % {"date": self.short_date(moment), "time": self.time(moment)}

    def zone_words(self, moment: datetime) -> str:
        """Name of the zone on that day with its distance from UTC, as "Gulf Standard Time, UTC+4"."""
        local = self.local(moment)
        name = get_timezone_name(local, width="long", locale=self.language)
        return _("%(zone)s, %(offset)s") % {"zone": name, "offset": utc_offset(local)}

    def pieces(self, minutes: int) -> tuple[tuple[str, str], ...]:
        """A length of time as numbers with their units: minutes below two hours, then hours, days after two days."""
        if minutes < 120:
            return ((self.number(minutes), ngettext("min", "min", minutes)),)
        hours, rest = divmod(minutes, 60)
        if hours < 48:
            first = ((self.number(hours), ngettext("h", "h", hours)),)
            return first + (((self.number(rest), ngettext("min", "min", rest)),) if rest else ())
        days = round(hours / 24)
        return ((self.number(days), ngettext("day", "days", days)),)

    def duration(self, minutes: int) -> str:
        """A length of time in one line."""
        parts = [f"{number}{NBSP}{unit}" for number, unit in self.pieces(minutes)]
        if len(parts) == 1:
            return parts[0]
        return _("%(hours)s %(minutes)s") % {"hours": parts[0], "minutes": parts[1]}

    def joined(self, parts: list[str]) -> str:
        """Parts of a list with the comma of the language between them."""
        return _(", ").join(part for part in parts if part)


def utc_offset(local: datetime) -> str:
    """UTC, UTC+4 or UTC+5:30."""
    offset = local.utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from start to end, rounded to the nearest; negative when end comes first."""
    return round((end - start).total_seconds() / 60)
