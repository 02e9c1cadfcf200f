"""The sections of the full report between page one and the annex."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crisisdesk.core.words import word
from crisisdesk.incidents.enums import ItemState
from crisisdesk.incidents.models import Decision
from crisisdesk.reports.domain import wording
from crisisdesk.reports.domain.event_words import channel_words
from crisisdesk.reports.domain.page_one import RISK, lines
from crisisdesk.reports.domain.parts import (
    ActionRow,
    DecisionEntry,
    Learned,
    LessonRow,
    QuestionRow,
    Side,
)
from crisisdesk.reports.domain.roles import role_of
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice
from playbooks.domain.citing import where_from
from playbooks.models import Lesson


def decisions(source: Source, voice: Voice) -> tuple[DecisionEntry, ...]:
    """Return the decisions in time, each with its question, choice and reason."""
    return tuple(
        DecisionEntry(
            side=Side(
                time=voice.say(voice.moment(row.decided_at, source.incident.detected_at)),
                note=voice.say(role_of(source, row.decided_by_id, row.decided_at)),
                late=voice.say(""),
            ),
            question=_question_of(row, voice),
            choice=_choice_of(row, voice),
            reason=voice.typed(row.reason),
        )
        for row in source.decisions
    )


def _question_of(row: Decision, voice: Voice) -> Text:
    """The question of the line we take was the desk's own, so the report asks it in its language."""
    if hasattr(row, "line"):
        return voice.say(_("Which line do we take in public?"))
    return voice.typed(row.question)


def _choice_of(row: Decision, voice: Voice) -> Text:
    """The choice, and for the line we take what was advised and what spoke against it."""
    if not hasattr(row, "line"):
        return voice.typed(row.choice, row.language)
    line = row.line
    advised = _("Threat %(level)s of 5, advised: %(line)s") % {
        "level": line.level,
        "line": word("public_line", line.recommended),
    }
    chosen = _(", ").join(word("public_line", each) for each in line.lines)
    against = (word("advice", code) for code in line.warnings)
    return voice.say(" · ".join([chosen, advised, *against]))


def questions(source: Source, voice: Voice) -> tuple[QuestionRow, ...]:
    """Return the questions people asked, the most frequent first, with the answer or that it is
    open.
    """
    found = []
    for row in source.questions:
        asked_by = [
            word("asker", row.asker),
            channel_words(source, row.channel, voice.language),
        ]
        answer = (
            voice.typed(row.answer, row.answer_language)
            if row.answered_at
            else voice.say(pgettext("question", "Open"))
        )
        found.append(
            QuestionRow(
                question=voice.typed(row.text, row.language),
                asked_by=voice.say(_capital(voice.joined(asked_by))),
                times=voice.number(row.times_asked),
                answer=answer,
                at=voice.say(voice.moment(row.answered_at, source.incident.detected_at)).plain
                if row.answered_at
                else "–",
                is_open=row.answered_at is None,
            )
        )
    return tuple(found)


def _capital(words: str) -> str:
    """The words with a capital at the start of a cell, where the script has capitals."""
    return words[:1].upper() + words[1:]


def questions_caption(source: Source, voice: Voice) -> Text:
    """How many were answered: a finding, not a title."""
    total = len(source.questions)
    answered = sum(1 for row in source.questions if row.answered_at)
    counts = {"answered": voice.number(answered), "total": voice.number(total)}
    words = ngettext(
        "%(answered)s of %(total)s question answered",
        "%(answered)s of %(total)s questions answered",
        total,
    )
    return voice.say(words % counts)


def learned(source: Source, voice: Voice) -> Learned:
    """Return what the post-mortem says; a cause nobody knows is printed as not known."""
    review = source.postmortem
    cause = voice.typed(review.cause, review.language)
    label = _("Cause, confirmed") if review.cause_known and cause else _("Cause, not known")
    risk = voice.typed(review.what_could_return, review.language)
    return Learned(
        summary=voice.typed(review.summary, review.language),
        cause_label=voice.say(label),
        cause=cause or voice.say(_("Not known.")),
        went_well=tuple(voice.typed(line, review.language) for line in lines(review.went_well)),
        went_badly=tuple(voice.typed(line, review.language) for line in lines(review.went_badly)),
        changes=voice.typed(review.changes, review.language),
        # Page one has shortened it; here it stands whole.
        could_return=risk if len(risk.words) > RISK else voice.say(""),
        lessons=tuple(_lesson(lesson, source, voice) for lesson in source.lessons),
    )


def _lesson(lesson: Lesson, source: Source, voice: Voice) -> LessonRow:
    return LessonRow(
        lesson=voice.say(lesson.words_in(voice.language)),
        source=voice.say(where_from(lesson)),
        here=voice.say(_("; ").join(_here(lesson.key, source, voice)) or "–"),
    )


def _here(key: str, source: Source, voice: Voice) -> list[str]:
    """What became of the checklist items that rest on this lesson."""
    found = []
    for item in source.items:
        if item.lesson == key:
            state = {
                ItemState.DONE: pgettext("item", "Done"),
                ItemState.SKIPPED: pgettext("item", "Skipped"),
            }.get(ItemState(item.state), pgettext("item", "Left open"))
            found.append(f"{state}: {wording.label_words(item.words, voice.language)}")
    return found


def actions(source: Source, voice: Voice) -> tuple[ActionRow, ...]:
    """Return the actions agreed, with the role that owns each."""
    today = voice.day(source.at)
    found = []
    for place, row in enumerate(source.actions, 1):
        late = row.done_at is None and row.due_date < today
        if row.done_at:
            state = pgettext("action", "done %(date)s") % {"date": voice.short_date(row.done_at)}
        else:
            state = pgettext("action", "overdue") if late else pgettext("action", "open")
        found.append(
            ActionRow(
                number=voice.number(place),
                action=voice.typed(row.text, row.language),
                owner=voice.say(role_of(source, row.owner_id, row.added_at)),
                due=voice.say(voice.short_date(row.due_date)),
                state=voice.say(state),
                is_open=row.done_at is None,
                is_late=late,
            )
        )
    return tuple(found)


def actions_caption(source: Source, voice: Voice) -> Text:
    """How many are done: a finding, not a title."""
    total = len(source.actions)
    counts = {
        "done": voice.number(sum(1 for row in source.actions if row.done_at)),
        "total": voice.number(total),
    }
    return voice.say(
        ngettext("%(done)s of %(total)s action done", "%(done)s of %(total)s actions done", total)
        % counts
    )
