"""Timeline events as lines of a report: the desk's one sentence for each, roles in the place of
names, then what was typed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from crisisdesk.incidents.domain.sentences import sentence
from crisisdesk.incidents.enums import DeadlineKind, EventKind
from crisisdesk.incidents.models import TimelineEvent
from crisisdesk.reports.domain.event_kinds import kind_words
from crisisdesk.reports.domain.roles import role_of, role_words
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Line, Text
from crisisdesk.reports.domain.voice import Voice
from crisisdesk.reports.domain.wording import label_words

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
_ALWAYS_LATE = (
    EventKind.DEPUTY_ASKED,
    EventKind.NO_ANSWER,
    EventKind.OVERRIDDEN,
    EventKind.REMINDERS_STOPPED,
)


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
    if event.kind == EventKind.DEADLINES_REPLANNED:
        return Line((own, *_replanned(event, voice)))
    if not typed:
        return Line((own,))
    if event.kind in _SPEAKS_FOR_ITSELF:
        return Line((typed,))
    return Line((own.with_words(f"{own.words}:"), typed))


def _replanned(event: TimelineEvent, voice: Voice) -> list[Text]:
    """Each clock that a re-planning moved, from what to what, and the parts it brought or took away."""
    told = []
    for change in event.data.get("changes", []):
        before, after = (_moment(change[name], event, voice) for name in ("from", "to"))
        facts = {
            "what": label_words(change["label"], voice.language),
            "before": before,
            "after": after,
        }
        if not before:
            told.append(gettext("%(what)s: starts, due %(after)s") % facts)
        elif not after:
            told.append(gettext("%(what)s: dropped, was due %(before)s") % facts)
        else:
            told.append(gettext("%(what)s: %(before)s → %(after)s") % facts)
    if shown := _listed(event.data.get("shown", []), voice):
        told.append(gettext("Added: %(list)s") % {"list": shown})
    if hidden := _listed(event.data.get("hidden", []), voice):
        told.append(gettext("No longer needed: %(list)s") % {"list": hidden})
    return [voice.say(f"· {words}") for words in told]


def _listed(labels: list[dict[str, str]], voice: Voice) -> str:
    return gettext(", ").join(label_words(label, voice.language) for label in labels)


def _moment(value: str | None, event: TimelineEvent, voice: Voice) -> str:
    """The moment as clocks are told of that day; nothing where there was none."""
    return voice.moment(datetime.fromisoformat(value), event.occurred_at) if value else ""


def _with_roles(event: TimelineEvent, source: Source, voice: Voice) -> dict[str, Any]:
    """The event's data with the role of each person instead of the name (lateness stands on
    roles).
    """
    data = dict(event.data)
    if "name" in data and event.kind != EventKind.EVIDENCE_ADDED:
        person = next(
            (
                data[key]
                for key in ("asked", "approver", "to", "user", "owner", "again_for")
                if data.get(key)
            ),
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
