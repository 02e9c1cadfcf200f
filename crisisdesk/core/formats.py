"""How the desk writes time, names and foreign-direction words. Pure functions: `now` is always given."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, override, pgettext

if TYPE_CHECKING:
    from datetime import tzinfo

MINUTE, HOUR, DAY = 60, 3600, 86400
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_LATIN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

# What keeps its own left-to-right order inside any sentence.
_ISOLATED = re.compile(
    r"""
    (?P<link>https?://[^\s<>"']*[^\s<>"'.,;:!?)\]}،؛؟]
       | \b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?:/[^\s<>"'،؛؟]*[^\s<>"'.,;:!?)\]}،؛؟])? )
    |
    (?P<handle>(?<![A-Za-z0-9_@])@[A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?|(?<![A-Za-z0-9_#])\#[A-Za-z][A-Za-z0-9_]*)
    | (?P<ref>\b[A-Z]{2}-\d{4}-\d{4,}\b)
    | (?P<time>(?<![\d:])\d{1,2}:\d{2}(?:[–-]\d{1,2}:\d{2})?(?![\d:]))
    | (?P<signed>(?<![\w+])\+\d[\d\s-]*\d|(?<![\w+])\+\d|UTC[+−-]\d{1,2}(?::\d{2})?)
    """,
    re.VERBOSE,
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


# Without one of these no word needs a direction of its own: most lines are done after one look.
_HINT = re.compile(r"[@#.:/+−-]")


def isolate(text: str) -> SafeString:
    """Return the text escaped, with every handle, link, address, reference and clock time in its own direction."""
    if not _HINT.search(text):
        return escape(text)
    parts: list[str] = []
    end = 0
    for found in _spans(text):
        start, stop = found
        word = text[start:stop]
        parts.append(escape(text[end:start]))
        # A long link must be able to break on a phone; a handle or a time never does.
        kind = "u" if len(word) > 28 else "n"
        parts.append(f'<bdi dir="ltr" class="{kind}">{escape(word)}</bdi>')
        end = stop
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above


def _spans(text: str) -> list[tuple[int, int]]:
    # An e-mail address is found first: half of it would pass for a handle.
    mails = [found.span() for found in _MAIL.finditer(text)]
    spans = list(mails)
    for found in _ISOLATED.finditer(text):
        start, stop = found.span()
        if not any(start < b and a < stop for a, b in mails):
            spans.append((start, stop))
    return sorted(spans)


def ltr(text: object) -> SafeString:
    """Return one word (a time, a reference, a number with a sign) isolated as left-to-right."""
    return format_html('<bdi dir="ltr" class="n">{}</bdi>', text)


def digits(value: object, style: str) -> str:
    """Return the value with all its digits in the brand's one style (latin or arabic)."""
    text = str(value)
    return text.translate(_ARABIC_DIGITS) if style == "arabic" else text.translate(_LATIN_DIGITS)


# --- lengths of time -------------------------------------------------------------------------------------------------


def span(seconds: float) -> str:
    """Return a length of time in at most two units, with the language's own plurals: 26 min; 1 h 10 min; 2 days 3 h."""
    minutes = max(int(seconds // MINUTE), 0)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _minutes(minutes)
    days, left = divmod(hours, 24)
    if days:
        return _join(_days(days), _hours(left) if left else "")
    return _join(_hours(hours), _minutes(rest) if rest else "")


def _minutes(count: int) -> str:
    return ngettext("%(count)s min", "%(count)s min", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)s h", "%(count)s h", count) % {"count": count}


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _join(longer: str, shorter: str) -> str:
    if not shorter:
        return longer
    parts = {"longer": longer, "shorter": shorter}
    if shorter[0].isdigit():
        return gettext("%(longer)s %(shorter)s") % parts
    # Hebrew sets a hyphen between "and" and a figure, and none before a word.
    return pgettext("before a word", "%(longer)s %(shorter)s") % parts


def is_late(due: datetime, now: datetime) -> bool:
    """Whether the due time has passed."""
    return due <= now


def clock_words(due: datetime, now: datetime) -> str:
    """Return how a deadline stands in words: due in 26 min; due now; 19 min late."""
    left = (due - now).total_seconds()
    if left > 0:
        # Rounded up: "due in 1 min" is true until the last second.
        return gettext("due in %(span)s") % {"span": span(-(-left // MINUTE) * MINUTE)}
    if left > -MINUTE:
        return gettext("due now")
    return gettext("%(span)s late") % {"span": span(-left)}


def ago(when: datetime, now: datetime) -> str:
    """Return how long something is past: just now; 34 min ago; 2 h ago; 3 days ago."""
    seconds = (now - when).total_seconds()
    if seconds < MINUTE:
        return gettext("just now")
    if seconds >= DAY:
        seconds -= seconds % DAY
    elif seconds >= HOUR * 6:
        seconds -= seconds % HOUR
    return gettext("%(span)s ago") % {"span": span(seconds)}


def used(start: datetime, due: datetime, now: datetime) -> tuple[int, int]:
    """Return (value, max) in seconds for the bar of time used; late is a full bar."""
    whole = max(int((due - start).total_seconds()), 1)
    return min(max(int((now - start).total_seconds()), 0), whole), whole


_EXAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
_UNITS = {"min": _minutes, "h": _hours, "day": _days}


@lru_cache(maxsize=8)
def clock_forms(language: str) -> str:
    """Return, as JSON, the words clocks.js needs to keep a clock running in this language without asking again."""
    with override(language):
        examples = dict(
            _EXAMPLES,
            few=3,
            many=20 if language == "he" else 11,
            other=100 if language != "he" else 5,
        )
        units = {
            name: {form: write(n).replace(str(n), "{n}") for form, n in examples.items()}
            for name, write in _UNITS.items()
        }
        words = {
            "units": units,
            "join": _join("{longer}", "1{shorter}").replace("1{", "{"),
            "join_word": _join("{longer}", "{shorter}"),
            "due": gettext("due in %(span)s") % {"span": "{span}"},
            "late": gettext("%(span)s late") % {"span": "{span}"},
            "now": gettext("due now"),
            "ago": gettext("%(span)s ago") % {"span": "{span}"},
            "just": gettext("just now"),
        }
    return json.dumps(words, ensure_ascii=False)


# --- moments ---------------------------------------------------------------------------------------------------------


def zone_of(value: Any) -> tzinfo:
    """Return a zone from a name, a zone, or anything with a `.zone` (person, brand, incident); else the page's zone."""
    if value is None or value == "":
        return timezone.get_current_timezone()
    if isinstance(value, str):
        return _zone(value)
    if hasattr(value, "utcoffset"):
        return value  # type: ignore[no-any-return]
    return zone_of(getattr(value, "zone", None))


@lru_cache(maxsize=128)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def zone_name(zone: tzinfo, when: datetime) -> str:
    """Return the zone as people say it, with its offset at that moment: Dubai (UTC+4)."""
    offset = zone.utcoffset(when.astimezone(zone)) or timedelta()
    minutes = int(offset.total_seconds() // 60)
    sign, minutes = ("+", minutes) if minutes >= 0 else ("-", -minutes)
    utc = f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
    if minutes == 0:
        utc = "UTC"
    place = _place(str(zone), get_language() or "en")
    return f"{place} ({utc})" if place else utc


@lru_cache(maxsize=256)
def _place(zone: str, language: str) -> str:
    if "/" not in zone or zone.startswith("Etc/"):
        return ""
    return get_timezone_location(zone, locale=language, return_city=True)


def clock_time(when: datetime, zone: tzinfo) -> str:
    """Return the 24-hour clock time in that zone."""
    return f"{when.astimezone(zone):%H:%M}"


def day(when: datetime, zone: tzinfo) -> str:
    """Return the day with its name: Tuesday 17 November (the year is added by `moment`)."""
    return _day(when.astimezone(zone).date(), get_language())


@lru_cache(maxsize=512)
def _day(local: date, language: str | None) -> str:
    """A page of a timeline asks for the same few days once a row."""
    return date_format(local, "l j F")


def same_day(when: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether both moments fall on one day there."""
    return when.astimezone(zone).date() == now.astimezone(zone).date()


def moment(when: datetime, zone: tzinfo) -> SafeString:
    """Return the full date and time with the zone's name, for records: 17 November 2026, 14:34, Dubai (UTC+4)."""
    local = when.astimezone(zone)
    return _time_tag(
        when,
        gettext("%(date)s, %(time)s, %(zone)s"),
        zone,
        date=date_format(local, "j F Y"),
        with_zone=True,
    )


def at(when: datetime, zone: tzinfo, now: datetime) -> SafeString:
    """Return the time with the zone's name, and the day as well unless it is today: 14:15, Dubai (UTC+4)."""
    if same_day(when, now, zone):
        return _time_tag(when, gettext("%(time)s, %(zone)s"), zone, with_zone=True)
    short = date_format(when.astimezone(zone), "D j M")
    return _time_tag(
        when, gettext("%(date)s, %(time)s, %(zone)s"), zone, date=short, with_zone=True
    )


def short_at(when: datetime, zone: tzinfo, now: datetime) -> SafeString:
    """Return the time alone today, else day and time; for rows of a page that already names the zone."""
    if same_day(when, now, zone):
        return _time_tag(when, "%(time)s", zone)
    short = date_format(when.astimezone(zone), "j M")
    return _time_tag(when, gettext("%(date)s, %(time)s"), zone, date=short)


def _time_tag(
    when: datetime, pattern: str, zone: tzinfo, *, date: str = "", with_zone: bool = False
) -> SafeString:
    words = {
        "time": ltr(clock_time(when, zone)),
        "date": escape(date),
        "zone": isolate(zone_name(zone, when)) if with_zone else "",
    }
    stamp = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return mark_safe(f'<time datetime="{stamp}">{escape(pattern) % words}</time>')  # noqa: S308 - parts are escaped


# --- differences -----------------------------------------------------------------------------------------------------


def changes(old: str, new: str) -> SafeString:
    """Return the new text, escaped, with added words in <ins> and removed ones in <del>, words kept whole."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    parts: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if what == "equal":
            parts.append(isolate(come))
            continue
        if gone.strip():
            parts.append(f"<del>{isolate(gone.strip())}</del> ")
        if come.strip():
            parts.append(f"<ins>{isolate(come.strip())}</ins>{come[len(come.rstrip()) :]}")
        elif come:
            parts.append(come)
    return mark_safe("".join(parts))  # noqa: S308 - isolate() escapes


# --- names -----------------------------------------------------------------------------------------------------------

_SKIP_IN_INITIAL = (
    "عبد ال",
    "عبدال",
    "عبد ",
    "ال",
    "أبو ",
    "د. ",
    "د.",
    "ד״ר ",
    'ד"ר ',
    "ד. ",
    "Dr. ",
    "Dr ",
)


def initial(name: str) -> str:
    """Return the one letter that stands for a person; ال and عبد and titles are not it."""
    rest = name.strip()
    changed = True
    while changed:
        changed = False
        for skipped in _SKIP_IN_INITIAL:
            if rest.startswith(skipped) and len(rest) > len(skipped) + 1:
                rest, changed = rest[len(skipped) :].strip(), True
    return rest[:1].upper() or "?"
