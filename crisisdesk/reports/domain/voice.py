"""How one report speaks: its language, the brand's zone and digits. Every time, date and number
passes through here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisisdesk.core.formats import zone_name
from crisisdesk.core.languages import Direction, direction
from crisisdesk.reports.domain.text import Text, written_in

NBSP = "\u00a0"
# The same order of day, month and year in each language; Hebrew joins month to day with a prefix.
_LONG_DATE = {"en": "l j\u00a0F Y", "ar": "l j\u00a0F Y", "he": "יום l, j\u00a0בF Y"}
_DATE = {"en": "j\u00a0F Y", "ar": "j\u00a0F Y", "he": "j\u00a0בF Y"}
_SHORT_DATE = {"en": "j\u00a0M", "ar": "j\u00a0F", "he": "j\u00a0בF"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Language, zone and digits of a report. Its methods expect that the language is active
    (gettext).
    """

    language: str
    zone: str
    eastern: bool = False

    @property
    def direction(self) -> Direction:
        return direction(self.language)

    def local(self, moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def day(self, moment: dt.datetime) -> dt.date:
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

    def time(self, moment: dt.datetime) -> str:
        return f"{self.local(moment):%H:%M}"

    def long_date(self, moment: dt.datetime | dt.date) -> str:
        return self._date(moment, _LONG_DATE)

    def date(self, moment: dt.datetime | dt.date) -> str:
        return self._date(moment, _DATE)

    def short_date(self, moment: dt.datetime | dt.date) -> str:
        return self._date(moment, _SHORT_DATE)

    def _date(self, moment: dt.datetime | dt.date, patterns: dict[str, str]) -> str:
        return format_date(
            self.day(moment) if isinstance(moment, dt.datetime) else moment, patterns[self.language]
        )

    def moment(self, moment: dt.datetime, beside: dt.datetime) -> str:
        """The time alone on the day of `beside`, otherwise with its date."""
        if self.day(moment) == self.day(beside):
            return self.time(moment)
        return _("%(date)s %(time)s") % {"date": self.short_date(moment), "time": self.time(moment)}

    def zone_words(self, moment: dt.datetime) -> str:
        """The zone with its distance from UTC on that day, as pages name it: Dubai (UTC+4)."""
        return zone_name(ZoneInfo(self.zone), moment)

    def pieces(self, minutes: int) -> tuple[tuple[str, str], ...]:
        """A length of time as numbers with their units: minutes below two hours, then hours, days
        after two days.

        A language may write a count without a figure (two minutes in one word): then the word
        stands as the number.
        """
        if minutes < 120:
            return (self._piece("min", minutes),)
        hours, rest = divmod(minutes, 60)
        if hours >= 48:
            return (self._piece("day", round(hours / 24)),)
        return (
            (self._piece("h", hours), self._piece("min", rest))
            if rest
            else (self._piece("h", hours),)
        )

    def _piece(self, unit: str, count: int) -> tuple[str, str]:
        words = {
            "min": ngettext("%(count)s min", "%(count)s min", count),
            "h": ngettext("%(count)s h", "%(count)s h", count),
            "day": ngettext("%(count)s day", "%(count)s days", count),
        }[unit]
        if "%(count)s" not in words:
            return words, ""
        return self.number(count), (words % {"count": ""}).strip()

    def duration(self, minutes: int) -> str:
        """A length of time in one line; in minutes up to two hours, so that value and target
        compare at a glance.
        """
        parts = [
            f"{number}{NBSP}{unit}" if unit else number for number, unit in self.pieces(minutes)
        ]
        if len(parts) == 1:
            return parts[0]
        return _("%(longer)s %(shorter)s") % {"longer": parts[0], "shorter": parts[1]}

    def late(self, minutes: int) -> str:
        """By how much something came too late."""
        return _("%(span)s late") % {"span": self.duration(minutes)}

    def joined(self, parts: list[str]) -> str:
        """Parts of a list with the comma of the language between them."""
        return _(", ").join(part for part in parts if part)


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Whole minutes from start to end, rounded to the nearest; negative when end comes first."""
    return round((end - start).total_seconds() / 60)
