"""Deadlines as an iCalendar file (RFC 5545): what Outlook, Google and Apple calendars subscribe to.

The file leaves the desk for somebody else's servers: words of a restricted incident stay out of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration, vText

from crisisdesk.core import languages
from crisisdesk.incidents.domain.messages import way_to_subject
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.enums import DeadlineState
from crisisdesk.incidents.models import CalendarFeed, Deadline
from crisisdesk.incidents.queries.feeds import feed_deadlines
from crisisdesk.notifications.rules.bidi import RLM, plain

LENGTH = timedelta(minutes=15)  # an entry must be tall enough to be read; the due time is its start
ASK_AGAIN = timedelta(minutes=15)


def address_of(secret: str) -> str:
    """Return the whole address at which this desk answers with the calendar of this secret."""
    return f"{settings.BASE_URL}/calendar/{secret}.ics"


def calendar_of(feed: CalendarFeed, *, at: datetime) -> bytes:
    """Return the calendar in its person's language and zone, as it stands at this moment.

    An entry keeps its UID for ever, its SEQUENCE never falls, and it is CANCELLED for a week after the deadline was
    met, waived or dropped (`queries.feeds.KEPT`).
    """
    person = feed.user
    with translation.override(person.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Crisis Desk//Deadlines//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _name(feed))
        calendar.add("x-wr-timezone", person.zone)
        calendar.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(ASK_AGAIN))
        for row in reversed(feed_deadlines(feed, at=at)):
            calendar.add_component(_entry(row, person.language, ZoneInfo(person.zone), at))
    calendar.add_missing_timezones()
    file: bytes = calendar.to_ical()
    return file


def _name(feed: CalendarFeed) -> str:
    if feed.incident is None:
        return gettext("My deadlines · Crisis Desk")
    if feed.incident.is_restricted:
        return feed.incident.reference
    return f"{feed.incident.reference} · {feed.incident.title}"


def _entry(row: Deadline, language: str, zone: ZoneInfo, at: datetime) -> Event:
    incident = row.incident
    words = gettext("A deadline") if incident.is_restricted else in_language(row.label)
    title = _line(f"{incident.severity.upper()} · {words}", language)
    room = f"{settings.BASE_URL}/incidents/{incident.reference}/"
    subject = {"subject": [row.subject_kind, row.subject_id], "kind": row.kind}
    link, action = way_to_subject(room, subject)
    entry = Event()
    entry.add("uid", f"deadline-{row.pk}@{urlsplit(settings.BASE_URL).hostname}")
    entry.add("dtstamp", at)
    entry.add("sequence", incident.last_number)
    entry.add("dtstart", row.due_at.astimezone(zone))
    entry.add("duration", LENGTH)
    entry.add("summary", title)
    entry.add("description", _details(row, f"{action}: {link}", language))
    entry.add("url", link)
    entry.add("categories", [incident.reference])
    entry.add("transp", "TRANSPARENT")
    runs = row.state == DeadlineState.RUNNING
    entry.add("status", "CONFIRMED" if runs else "CANCELLED")
    for reminder in row.to_ring if runs else ():  # type: ignore[attr-defined]  # prefetched
        entry.add_component(_alarm(title, reminder.due_at - row.due_at))
    return entry


def _alarm(title: str, trigger: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", trigger)
    return alarm


def _details(row: Deadline, way: str, language: str) -> vText:
    incident = row.incident
    about = incident.reference
    if not incident.is_restricted:
        about += f" · {incident.title}"
    return vText("\n".join((_line(about, language), way)))


def _line(text: str, language: str) -> str:
    """Return the line so that it starts from the reader's side, and what is foreign in it keeps its own direction."""
    mark = RLM if languages.direction(language) == "rtl" else ""
    return mark + plain(text, language)
