"""Filters and tags for pages: plain functions, so that a list of fifty rows costs nothing.

Load with `{% load desk %}`. `now` and `zone` come from the page's context (web/context.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from crisisdesk.core import clock, formats, languages, words
from crisisdesk.incidents.domain import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


# --- direction and names ---


@register.filter
def bidi(text: object) -> SafeString:
    """`{{ title|bidi }}`: escaped; handles, links, references and clock times isolated."""
    return formats.isolate(str(text or ""))


@register.filter
def ltr(text: object) -> SafeString:
    """`{{ "+2"|ltr }}`: one word isolated as left-to-right."""
    return formats.ltr(text)


@register.filter
def dir_of(value: object) -> str:
    """The direction of a language code; for free text, the direction of most of its letters."""
    text = str(value or "")
    if text in languages.LANGUAGES:
        return languages.direction(text)
    return languages.guess_direction(text, languages.direction(get_language() or "en"))


@register.filter
def own_words(text: object, language: str = "") -> SafeString:
    """`{{ fact.text|own_words:fact.language }}`: a line somebody wrote, in its own direction, standing where the
    page's lines stand."""
    code = language if language in languages.LANGUAGES else ""
    direction = languages.direction(code) if code else dir_of(text)
    return format_html(
        '<bdi dir="{}"{}>{}</bdi>',
        direction,
        format_html(' lang="{}"', code) if code else "",
        formats.isolate(str(text or "")),
    )


@register.filter
def first_line(text: str, most: int = 140) -> str:
    """The first line of a text, cut at a word where it is long."""
    line = str(text).strip().partition("\n")[0]
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip('.,:;،؛')}…"


@register.filter
def lang_name(code: str) -> str:
    """The language's own name: العربية."""
    return languages.NAMES.get(code, code)


@register.filter
def lang_word(code: str) -> str:
    """The language's name in the page's language: Arabic."""
    return words.word("language", code)


@register.filter
def name(thing: Any, language: str = "") -> str:
    """The name of a person, brand or channel in the page's language; nothing for nobody."""
    if thing is None or thing == "":
        return ""
    write = getattr(thing, "name_in", None)
    return write(language or get_language() or "en") if write else str(thing)


register.filter("person_name", name)


@register.filter
def avatar(person: Any) -> str:
    """The one letter that stands for a person."""
    return formats.initial(name(person))


@register.simple_tag
def person(who: Any, nobody: str = "") -> SafeString:
    """`{% person user %}`: avatar and name in one line; nobody is said in words."""
    if not who:
        return format_html('<span class="nobody">{}</span>', nobody or gettext("Nobody has it"))
    shown = name(who)
    return format_html(
        '<span class="person"><span class="avatar" aria-hidden="true">{}</span>'
        "<bdi>{}</bdi></span>",
        formats.initial(shown),
        shown,
    )


@register.filter
def word(value: object, group: str) -> str:
    """`{{ incident.status|word:"status" }}`: its word; groups stand in core/words.py."""
    return words.word(group, str(value or ""))


@register.filter
def words_of(text: object, brand: Any) -> str:
    """The text with its digits in the brand's one style."""
    return formats.digits(text, str(getattr(brand, "digit_style", brand) or "latin"))


register.filter("digits", words_of)


# --- badges ---


@register.filter
def severity_badge(value: object) -> SafeString:
    """`{{ incident.severity|severity_badge }}`: SEV2 by label and shape."""
    key = str(value or "").lower()
    return format_html('<bdi dir="ltr" lang="en" class="sev {}">{}</bdi>', key, key.upper())


@register.filter
def status_badge(value: object) -> SafeString:
    """`{{ incident.status|status_badge }}`: a shape and a word."""
    return state_badge(words.word("status", str(value)), words.STATUS_SHAPES.get(str(value), ""))


@register.filter
def state_badge(label: object, shape: str = "") -> SafeString:
    """`{{ "Approved"|state_badge:"full" }}`: full, half, part, none, gone or empty (a ring)."""
    return format_html('<span class="state {}">{}</span>', shape, label)


@register.filter
def channel_badge(channel: Any) -> SafeString:
    """A channel by its name in the page's language."""
    return format_html('<span class="chan">{}</span>', name(channel))


# --- time ---


@register.filter
def clock_words(due: datetime, now: datetime | None = None) -> str:
    """`{{ deadline.due_at|clock_words:now }}`: due in 26 min; 19 min late."""
    return formats.clock_words(due, now or clock.now()) if due else ""


@register.filter
def is_late(due: datetime, now: datetime | None = None) -> bool:
    """`{% if deadline.due_at|is_late:now %}`."""
    return bool(due) and formats.is_late(due, now or clock.now())


@register.simple_tag(takes_context=True)
def due(context: Mapping[str, Any], when: datetime) -> SafeString:
    """`{% due deadline.due_at %}`: the words of a running clock; clocks.js keeps them true."""
    now = context.get("now") or clock.now()
    kind = ' class="late-word"' if formats.is_late(when, now) else ""
    return mark_safe(  # noqa: S308 - the words are escaped, the rest is ours
        f'<span data-due="{_stamp(when)}"{kind}>{escape(formats.clock_words(when, now))}</span>'
    )


@register.simple_tag(takes_context=True)
def bar(context: Mapping[str, Any], start: datetime, when: datetime) -> SafeString:
    """`{% bar started_at due_at %}`: time used, as a progress element that clocks.js moves."""
    value, whole = formats.used(start, when, context.get("now") or clock.now())
    return mark_safe(  # noqa: S308 - numbers and an escaped label
        f'<progress class="bar" max="{whole}" value="{value}"'
        f' data-start="{_stamp(start)}" data-until="{_stamp(when)}"'
        f' aria-label="{escape(gettext("Time used"))}"></progress>'
    )


@register.simple_tag(takes_context=True)
def since(context: Mapping[str, Any], when: datetime) -> SafeString:
    """`{% since event.occurred_at %}`: 34 min ago; kept true by clocks.js."""
    now = context.get("now") or clock.now()
    return mark_safe(  # noqa: S308 - the words are escaped
        f'<time datetime="{_stamp(when)}" data-since>{escape(formats.ago(when, now))}</time>'
    )


@register.filter
def ago(when: datetime, now: datetime | None = None) -> str:
    """`{{ event.occurred_at|ago:now }}`: just now; 34 min ago."""
    return formats.ago(when, now or clock.now()) if when else ""


@register.filter
def span(seconds: Any) -> str:
    """A length of time in words, from seconds or a timedelta."""
    return formats.span(
        seconds.total_seconds() if hasattr(seconds, "total_seconds") else float(seconds or 0)
    )


@register.filter
def hhmm(when: datetime, zone: Any = None) -> SafeString:
    """`{{ when|hhmm:zone }}`: the clock time. zone: a name, person or brand; else the page's."""
    return formats.ltr(formats.clock_time(when, formats.zone_of(zone))) if when else SafeString("")


@register.filter
def at(when: datetime, zone: Any = None) -> SafeString:
    """`{{ when|at:zone }}`: 14:15, Dubai (UTC+4); with the day when it is not today."""
    return formats.at(when, formats.zone_of(zone), clock.now()) if when else SafeString("")


@register.filter
def short_at(when: datetime, zone: Any = None) -> SafeString:
    """The time alone today, else day and time; for rows of a page that names the zone elsewhere."""
    return formats.short_at(when, formats.zone_of(zone), clock.now()) if when else SafeString("")


@register.filter
def moment(when: datetime, zone: Any = None) -> SafeString:
    """The full date, time and zone, for records."""
    return formats.moment(when, formats.zone_of(zone)) if when else SafeString("")


@register.filter
def day(when: datetime, zone: Any = None) -> str:
    """The heading of a day: Tuesday 17 November."""
    return formats.day(when, formats.zone_of(zone)) if when else ""


@register.filter
def zone_name(when: datetime, zone: Any = None) -> SafeString:
    """The zone's name at that moment: Dubai (UTC+4)."""
    return formats.isolate(formats.zone_name(formats.zone_of(zone), when))


def _stamp(when: datetime) -> str:
    return (
        f"{when:%Y-%m-%dT%H:%M:%S}Z" if not when.utcoffset() else when.isoformat(timespec="seconds")
    )


# --- addresses and forms ---


@register.simple_tag
def once_key() -> SafeString:
    """`{% once_key %}` inside a form that makes something: sent twice, it makes one."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4().hex)


@register.simple_tag(takes_context=True)
def chosen_file(context: Mapping[str, Any], name: str) -> str:
    """`{% chosen_file "proof" as chosen %}`: the name of the file that came with a form which was refused; browsers
    never fill a file in again. A form that HTMX swapped keeps its field, and the file in it."""
    request = context.get("request")
    if request is None or request.method != "POST" or request.headers.get("HX-Request"):
        return ""
    chosen = request.FILES.get(name)
    return str(chosen.name) if chosen else ""


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """`href="{% query status="open" page=None %}"`: this page's query changed; None takes out."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            asked.pop(key, None)
        else:
            asked[key] = value
    return f"?{asked.urlencode()}"


@register.filter
def control(field: Any, hint: str = "") -> SafeString:
    """A Django form field's control with the desk's class, told about its hint and its error."""
    ident = field.id_for_label
    told = [f"{ident}_hint"] if hint or field.help_text else []
    attrs = {"class": f"{field.field.widget.attrs.get('class', '')} in".strip()}
    if field.errors:
        told.append(f"{ident}_error")
        attrs["aria-invalid"] = "true"
    if told:
        attrs["aria-describedby"] = " ".join(told)
    return SafeString(field.as_widget(attrs=attrs))


@register.simple_tag
def changes(old: str, new: str) -> SafeString:
    """`{% changes old new %}`: the new words with what was added and taken out marked."""
    return formats.changes(old or "", new or "")


@register.filter
def error_text(error: Any) -> str:
    """The sentence for a refusal: what happened and what to do."""
    return words.error_text(error)


@register.filter
def file_size(size: int) -> SafeString:
    """`{{ file.size|file_size }}`: 1.1 MB."""
    units = ("B", "KB", "MB", "GB")
    amount, unit = float(size or 0), 0
    while amount >= 1000 and unit < len(units) - 1:
        amount, unit = amount / 1000, unit + 1
    return formats.ltr(f"{amount:.0f} {units[unit]}" if unit < 2 else f"{amount:.1f} {units[unit]}")


@register.simple_tag
def icon(key: str, size: int = 16) -> SafeString:
    """`{% icon "plus" %}`: a drawn sign from img/icons.svg; always beside a word."""
    return format_html(
        '<svg viewBox="0 0 16 16" width="{0}" height="{0}" aria-hidden="true">'
        '<use href="{1}#{2}"/></svg>',
        size,
        static("img/icons.svg"),
        key,
    )


@register.filter
def in_language(words: Any) -> str:
    """Words that are kept in every language (an item, a clock), in the reader's."""
    return sentences.in_language(words)


@register.filter
def initial(written: object) -> str:
    """The one letter that stands for a name that is already written in the page's language."""
    return formats.initial(str(written))


@register.filter
def plus(count: int) -> SafeString:
    """A count with its sign (+4), which keeps its own direction in every language."""
    return formats.ltr(f"+{count}")


@register.filter
def words_list(text: str) -> list[str]:
    """`{% for role in "lead scribe"|words_list %}`: the words of a literal, for short fixed lists."""
    return text.split()


@register.filter
def event_sentence(event: Any) -> str:
    """What a timeline event says, in the reader's language."""
    return sentences.sentence(event.kind, event.data)


@register.filter
def event_number(number: int) -> SafeString:
    """`{{ event.number|event_number }}`: #27, as one word in every language."""
    return formats.ltr(f"#{number}")


@register.filter
def back_dated(event: Any) -> bool:
    """Whether an event was written down more than a minute after it happened: then both times are shown."""
    return bool((event.recorded_at - event.occurred_at).total_seconds() > formats.MINUTE)


@register.filter
def reason_words(code: str, params: dict[str, Any]) -> str:
    """What stands in the way of a move, in words."""
    return words.refusal(code, params or {})


@register.filter
def any_blocks(reasons: list[Any]) -> bool:
    """Whether one of the reasons blocks the move."""
    return any(reason.blocks for reason in reasons)


@register.filter
def iso(text: str) -> datetime | None:
    """The moment that a kept page has written down in ISO form; nothing for nothing."""
    return datetime.fromisoformat(text) if text else None
