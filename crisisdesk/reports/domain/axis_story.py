"""What the time axis tells about an incident: trouble, our words, the full statement's clock,
waiting for approval.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crisisdesk.incidents.enums import DeadlineKind, Stage
from crisisdesk.incidents.queries.metrics import INSIDE, Outcome, Silence
from crisisdesk.reports.domain import axis, figures, wording
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice, minutes_between


def axis_of(source: Source, voice: Voice) -> axis.Axis:
    """Draw the incident's time axis."""
    story = story_of(source, voice)
    _scale, is_cut = axis.window(story)
    note = voice.zone_words(source.incident.detected_at)
    if is_cut:
        note = voice.joined([_("the first 24 hours"), note])
    return axis.draw(
        story,
        voice,
        caption=voice.say(figures.finding(source.figures, voice)),
        note=voice.say(note),
        alternative=voice.say(_alternative(story, voice)).plain,
    )


def story_of(source: Source, voice: Voice) -> axis.Story:
    """Gather what the axis shows; several channels at the same minute are one word."""
    incident = source.incident
    start = incident.first_signal_at or incident.detected_at
    end = incident.contained_at or incident.resolved_at or incident.closed_at
    until = min(incident.resolved_at or incident.closed_at or source.at, source.at)
    waits, waits_words = _waits(source, voice)
    return axis.Story(
        lanes=(
            voice.say(pgettext("axis", "In public")),
            voice.say(_("What we said in public")),
            voice.say(_("Full statement")),
            voice.say(_("Waiting for approval")),
        ),
        until=max(until, start),
        trouble=axis.Span(start, end, voice.say(_trouble(start, end, source.at, voice))),
        said=_said(source, voice),
        silence=_silence(source.figures.silence, source.figures.longest_silence.outcome, voice),
        promise=_promise(source, voice),
        waits=waits,
        waits_words=waits_words,
    )


def _trouble(start: datetime, end: datetime | None, at: datetime, voice: Voice) -> str:
    span = {"span": voice.duration(minutes_between(start, end or at))}
    return _("under control after %(span)s") % span if end else _("going on for %(span)s") % span


def _said(source: Source, voice: Voice) -> tuple[axis.Said, ...]:
    found: list[axis.Said] = []
    for row in (group[0] for group in source.words_said):
        if row.published_at and row.statement.audience != INSIDE:
            words = wording.axis_stage(row.statement.stage, is_first=not found)
            found.append(axis.Said(row.published_at, voice.say(words)))
    return tuple(found)


def _silence(silence: Silence | None, outcome: Outcome, voice: Voice) -> axis.Span | None:
    if silence is None or outcome != Outcome.LATE:
        return None
    span = voice.duration(minutes_between(silence.start, silence.end))
    words = _("%(span)s without a word") % {"span": span}
    return axis.Span(silence.start, silence.end, voice.say(words), "late")


def _promise(source: Source, voice: Voice) -> axis.Promise | None:
    clock = source.clock(DeadlineKind.HOLDING)
    if clock is None:
        return None
    came = next(
        (row.published_at for row in source.public if row.statement.stage == Stage.HOLDING), None
    )
    measure = source.figures.full_statement_after
    due = voice.moment(clock.due_at, clock.started_at)
    if measure.outcome == Outcome.LATE:
        words = _("%(late)s, due %(due)s") % {"late": voice.late(measure.over), "due": due}
    elif came:
        words = _("in time, due %(due)s") % {"due": due}
    else:
        words = _("due %(due)s") % {"due": due}
    allowed = voice.duration(minutes_between(clock.started_at, clock.due_at))
    return axis.Promise(
        start=clock.started_at,
        due=clock.due_at,
        came=came,
        allowed=voice.say(_("%(span)s allowed") % {"span": allowed}),
        outcome=voice.say(words),
        is_late=measure.outcome == Outcome.LATE,
    )


def _waits(source: Source, voice: Voice) -> tuple[tuple[axis.Span, ...], Text | None]:
    """Each text's wait for its answer: dark while the approver had not answered, lighter once the
    deputy was asked.
    """
    nothing = voice.say("")
    spans: list[axis.Span] = []
    longest, unanswered = 0, 0
    for revision in source.revisions:
        asked = revision.submitted_at
        if asked is None or revision.statement.audience == INSIDE:
            continue
        answered = getattr(revision, "answered_at", None)
        end = answered or source.at
        longest = max(longest, minutes_between(asked, end))
        if revision.deputy_asked_at and revision.deputy_asked_at < end:
            spans.append(axis.Span(asked, revision.deputy_asked_at, nothing, "unanswered"))
            spans.append(axis.Span(revision.deputy_asked_at, answered, nothing, "answered"))
            unanswered = max(unanswered, minutes_between(asked, revision.deputy_asked_at))
        else:
            spans.append(axis.Span(asked, answered, nothing, "answered"))
    if not spans:
        return (), voice.say(_("no text was sent to approval"))
    if unanswered:
        words = _("approver role, no answer for %(span)s; then the deputy role") % {
            "span": voice.duration(unanswered)
        }
    else:
        words = _("longest answer %(span)s") % {"span": voice.duration(longest)}
    return tuple(spans), voice.say(words)


def _alternative(story: axis.Story, voice: Voice) -> str:
    """The figure as sentences."""
    scale, _is_cut = axis.window(story)
    start = story.trouble.start
    sentences = [
        _("Time axis from %(start)s to %(end)s.")
        % {"start": voice.moment(scale.start, start), "end": voice.moment(scale.end, start)}
    ]
    if story.said:
        times = voice.joined([voice.moment(said.at, start) for said in story.said])
        sentences.append(_("Public words of ours: %(times)s.") % {"times": times})
    if story.promise:
        sentences.append(
            _("Full statement: %(outcome)s.") % {"outcome": story.promise.outcome.words}
        )
    return " ".join(sentences)
