"""The annex: what became of the checklist, further measures, the timeline, and the hash that closes
it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crisisdesk.core.words import word
from crisisdesk.incidents.enums import ItemState, Phase, Stage
from crisisdesk.incidents.models import ChecklistItem
from crisisdesk.reports.domain import wording
from crisisdesk.reports.domain.event_words import is_late, kind_of, line_of
from crisisdesk.reports.domain.parts import ChecklistRow, MeasureRow, Proof, TimelineRow
from crisisdesk.reports.domain.roles import role_of, role_words
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Line, Text
from crisisdesk.reports.domain.voice import Voice, minutes_between


def checklist(source: Source, voice: Voice) -> tuple[ChecklistRow, ...]:
    """Return a line for each phase and one for all of them."""
    rows = []
    for phase in Phase:
        items = [item for item in source.items if item.phase == phase]
        if items:
            notes = [note for item in items if (note := _note(item, source, voice))]
            left = sum(1 for item in items if item.state == ItemState.TODO and not item.required)
            if left:
                words = ngettext(
                    "%(count)s optional item left open.",
                    "%(count)s optional items left open.",
                    left,
                )
                notes.append(Line((voice.say(words % {"count": voice.number(left)}),)))
            rows.append(_row(word("phase", phase), items, tuple(notes), source, voice))
    skipped = sum(1 for item in source.items if item.state == ItemState.SKIPPED)
    words = ngettext(
        "%(count)s skipped with a reason.", "%(count)s skipped with a reason.", skipped
    )
    summary = Line((voice.say(words % {"count": voice.number(skipped)}),))
    return (*rows, _row(pgettext("sum", "All"), source.items, (summary,), source, voice))


def _row(
    name: str, items: list[ChecklistItem], notes: tuple[Line, ...], source: Source, voice: Voice
) -> ChecklistRow:
    done = [item for item in items if item.state == ItemState.DONE]
    in_time = [item for item in done if not _late_by(item, source)]
    return ChecklistRow(
        phase=voice.say(name),
        items=voice.number(len(items)),
        done=voice.number(len(done)),
        on_time=voice.number(len(in_time)),
        notes=notes,
    )


def _late_by(item: ChecklistItem, source: Source) -> timedelta:
    """By how much a done item was late; one without a due time never is."""
    deadline = source.item_deadlines.get(item.pk)
    if deadline is None or item.done_at is None:
        return timedelta()
    return max(timedelta(), item.done_at - deadline.due_at)


def _note(item: ChecklistItem, source: Source, voice: Voice) -> Line | None:
    """What there is to say about an item: late and on which role, skipped and why, or left open."""
    words = wording.label_words(item.words, voice.language)
    if item.state == ItemState.SKIPPED:
        own = pgettext("item", "Skipped: %(item)s:") % {"item": words}
        return Line((voice.say(own), voice.typed(item.skip_reason).in_quotes()))
    if item.state == ItemState.TODO:
        return (
            Line((voice.say(pgettext("item", "Left open: %(item)s.") % {"item": words}),))
            if item.required
            else None
        )
    late = _late_by(item, source)
    if not late:
        return None
    facts = {
        "item": words,
        "late": voice.late(max(1, round(late.total_seconds() / 60))),
        "role": role_words(item.role),
    }
    return Line((voice.say(_("%(item)s: %(late)s, role: %(role)s.") % facts),))


def measures(source: Source, voice: Voice) -> tuple[MeasureRow, ...]:
    """Return further measures with how each is counted; what was not measured says so."""
    return (
        _approval_median(source, voice),
        _slowest_language(source, voice),
        _answer_median(source, voice),
    )


def _measured(label: str, minutes: list[int], method: str, voice: Voice) -> MeasureRow:
    value = (
        voice.duration(round(median(minutes))) if minutes else pgettext("figure", "not measured")
    )
    return MeasureRow(voice.say(label), voice.say(value), voice.say("–"), voice.say(method))


def _approval_median(source: Source, voice: Voice) -> MeasureRow:
    waits = [
        minutes_between(row.submitted_at, row.approved_at)
        for row in source.revisions
        if row.submitted_at and row.approved_at
    ]
    method = _("approved minus sent to approval")
    if waits:
        method = _("approved minus sent to approval; the longest %(span)s") % {
            "span": voice.duration(max(waits))
        }
    return _measured(_("Approval, median"), waits, method, voice)


def _slowest_language(source: Source, voice: Voice) -> MeasureRow:
    first: dict[str, datetime] = {}
    for row in source.public:
        if row.statement.stage == Stage.HOLDING and row.published_at:
            first.setdefault(row.language, row.published_at)
    method = _("last language behind the first, full statement")
    lags = [minutes_between(min(first.values()), max(first.values()))] if len(first) > 1 else []
    return _measured(_("Slowest language"), lags, method, voice)


def _answer_median(source: Source, voice: Voice) -> MeasureRow:
    waits = [
        minutes_between(row.asked_at, row.answered_at)
        for row in source.questions
        if row.answered_at
    ]
    return _measured(
        _("Answer to a question, median"),
        waits,
        _("answered minus asked, questions logged here"),
        voice,
    )


def timeline(source: Source, voice: Voice) -> tuple[TimelineRow, ...]:
    """Return every event in the order in which it was recorded, with the time at which it
    happened.
    """
    rows = []
    day = None
    for event in source.events:
        what = line_of(event, source, voice)
        if event.recorded_at - event.occurred_at > timedelta(minutes=1):
            back = _("(written down at %(time)s)") % {
                "time": voice.moment(event.recorded_at, event.occurred_at)
            }
            what = Line((*what.parts, voice.say(back)))
        today = voice.day(event.occurred_at)
        rows.append(
            TimelineRow(
                number=voice.number(event.number),
                time=voice.say(voice.time(event.occurred_at)).plain,
                kind=voice.say(kind_of(event)),
                what=what,
                role=voice.say(role_of(source, event.actor_id, event.recorded_at)),
                is_late=is_late(event),
                day=voice.say(voice.long_date(today)).plain if today != day else "",
            )
        )
        day = today
    return tuple(rows)


def timeline_caption(source: Source, voice: Voice) -> Text:
    """How many events, in which order, in which zone."""
    count = len(source.events)
    words = ngettext(
        "%(count)s event, in the order of recording; %(zone)s",
        "%(count)s events, in the order of recording; %(zone)s",
        count,
    )
    zone = voice.zone_words(source.incident.detected_at)
    return voice.say(words % {"count": voice.number(count), "zone": zone})


def proof(source: Source, voice: Voice) -> Proof:
    """Return the event that the report was built from, and the hash that closes the chain there."""
    facts = {
        "number": voice.number(source.incident.last_number),
        "date": voice.date(source.at),
        "time": voice.time(source.at),
    }
    words = _(
        "Built from event %(number)s on %(date)s at %(time)s. "
        "The hash closes the whole chain of events: change one and it no longer matches."
    )
    whole = source.incident.last_hash
    groups = " ".join(whole[place : place + 8] for place in range(0, len(whole), 8))
    return Proof(voice.say(words % facts), groups)
