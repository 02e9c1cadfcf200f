"""Timeline events as lines of a report: the desk's one sentence for each, roles in the place of
names, then what was typed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import ngettext

from crisisdesk.incidents.domain.sentences import sentence
from crisisdesk.incidents.enums import DeadlineKind, EventKind
from crisisdesk.incidents.models import TimelineEvent
from crisisdesk.reports.domain.event_kinds import kind_words
from crisisdesk.reports.domain.roles import role_of, role_words
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Line, Text
from crisisdesk.reports.domain.voice import Voice

# Which of an event's free texts a line shows; published words have a section of their own.
_TYPED = ("title", "seen", "line", "choice", "reason", "note", "comment", "text", "closing_line")
_WITHOUT_TYPED = (EventKind.PUBLISHED, EventKind.STATUS_CHANGED)
_SPEAKS_FOR_ITSELF = (EventKind.NOTE_ADDED, EventKind.DECISION_MADE)
_GRAVE = (
    DeadlineKind.ACKNOWLEDGEMENT,
    DeadlineKind.HOLDING,
    DeadlineKind.UPDATE,
    DeadlineKind.COMMITMENT,
)
_ALWAYS_LATE = (EventKind.DEPUTY_ASKED, EventKind.NO_ANSWER, EventKind.OVERRIDDEN)


def line_of(event: TimelineEvent, source: Source, voice: Voice) -> Line:
    """What happened, in the report's language and without a personal name; foreign words keep their
    own direction.
    """
    typed = _typed(event, source, voice)
    said = sentence(event.kind, _with_roles(event, source, voice))
    missed = len(event.data.get("missed", [])) if event.kind == EventKind.STATUS_CHANGED else 0
    if missed:
        words = ngettext("%(count)s deadline missed", "%(count)s deadlines missed", missed)
        said = f"{said} · {words % {'count': voice.number(missed)}}"
    own = voice.say(said)
    if not typed:
        return Line((own,))
    if event.kind in _SPEAKS_FOR_ITSELF:
        return Line((typed,))
    return Line((own.with_words(f"{own.words}:"), typed))


def _with_roles(event: TimelineEvent, source: Source, voice: Voice) -> dict[str, Any]:
    """The event's data with the role of each person instead of the name (lateness stands on
    roles).
    """
    data = dict(event.data)
    if "name" in data and event.kind != EventKind.EVIDENCE_ADDED:
        person = next(
            (data[key] for key in ("asked", "approver", "to", "user", "owner") if data.get(key)),
            None,
        )
        approving = "asked" in data or "approver" in data
        data["name"] = role_of(source, person, event.recorded_at, approving=approving)
    if data.get("channel"):
        data["channel"] = channel_words(source, data["channel"], voice.language)
    if event.kind == EventKind.ACTION_ITEM_ADDED and data.get("due"):
        data["due"] = voice.short_date(date.fromisoformat(data["due"]))
    if "deputy_name" in data:
        data["deputy_name"] = role_words("deputy")
    return data


def _typed(event: TimelineEvent, source: Source, voice: Voice) -> Text:
    texts = source.texts.get(event.pk, {})
    found = (
        None
        if event.kind in _WITHOUT_TYPED
        else next((texts[name] for name in _TYPED if name in texts), None)
    )
    if event.kind == EventKind.STATUS_CHANGED:
        found = texts.get("note")
    if found:
        return voice.typed(found.text, found.language)
    reason = (
        event.data.get("reason")
        if event.kind in (EventKind.DEADLINE_WAIVED, EventKind.TEXT_ERASED)
        else ""
    )
    return voice.typed(reason)


def kind_of(event: TimelineEvent) -> str:
    """The event's kind in one word."""
    return kind_words(event.kind)


def is_late(event: TimelineEvent) -> bool:
    """Whether the event is one of lateness or of a broken rule: these lines stand out, always with
    the word.
    """
    if event.kind in _ALWAYS_LATE:
        return True
    if event.kind in (EventKind.REMINDER_DUE, EventKind.ESCALATED):
        return int(event.data.get("late_seconds", 0)) >= 60
    if event.kind == EventKind.STATUS_CHANGED:
        return bool(event.data.get("missed"))
    met = (row for row in event.data.get("met", []) if row.get("kind") in _GRAVE)
    return any(int(row.get("late_seconds", 0)) >= 60 for row in met)


def channel_words(source: Source, key: str, language: str) -> str:
    """A channel's name as this language writes it, or its key where the desk does not know it any
    more.
    """
    return source.channels[key].name_in(language) if key in source.channels else key
