"""What the Now box takes: notes, facts, decisions, questions; and amendments of what was written."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, labels, replanning, timeline
from crisisdesk.incidents.domain.cleaning import check_link
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import DeadlineKind, EventKind, IncidentRole, Status
from crisisdesk.incidents.models import Decision, Fact, Incident, Question, TimelineEvent
from crisisdesk.organisation.domain.actors import Actor

ANSWER_MINUTES = {
    "sev1": 60,
    "sev2": 60,
    "sev3": 240,
    "sev4": 240,
}  # domain.md 4B, complaint first reply
CLOSING_LINE = timedelta(hours=24)
ASKERS = (
    "customer",
    "press",
    "staff",
    "regulator",
    "partner",
    "influencer",
    "activist",
    "competitor",
    "public",
)


def _working(incident_id: int | str, *, actor: Actor) -> Incident:
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "work", incident)
    return incident


def _words(text: str, *, field: str, most: int = 300) -> str:
    words = text.strip()
    if not words:
        raise Invalid("text_missing", field=field)
    if len(words) > most:
        raise Invalid("text_too_long", field=field, limit=most, length=len(words))
    return words


def _happened(occurred_at: datetime | None, *, at: datetime) -> datetime:
    if occurred_at and occurred_at > at:
        raise Invalid("occurred_in_future", field="occurred_at")
    return occurred_at or at


@transaction.atomic
def add_note(
    *,
    incident_id: int | str,
    text: str,
    actor: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
) -> TimelineEvent:
    """Write one line into the timeline of the incident with this id or reference; it may be back-dated, never into the
    future."""
    incident = _working(incident_id, actor=actor)
    words = _words(text, field="text", most=2000)
    return timeline.record(
        incident,
        EventKind.NOTE_ADDED,
        actor=actor,
        at=at,
        occurred_at=_happened(occurred_at, at=at),
        texts={"text": timeline.Text(words, guess_language(words))},
    )


@transaction.atomic
def amend_event(
    *, incident_id: int, number: int, text: str, actor: Actor, at: datetime
) -> TimelineEvent:
    """Set an earlier event right by a new one that names it; the old one stays as it was (law 3)."""
    incident = _working(incident_id, actor=actor)
    words = _words(text, field="text", most=2000)
    if not TimelineEvent.objects.filter(incident=incident, number=number).exists():
        raise Invalid("no_such_event", field="number", number=number)
    return timeline.record(
        incident,
        EventKind.AMENDED,
        actor=actor,
        at=at,
        amends=number,
        data={"number": number},
        texts={"text": timeline.Text(words, guess_language(words))},
    )


@transaction.atomic
def state_fact(*, incident_id: int, text: str, is_known: bool, actor: Actor, at: datetime) -> Fact:
    """Write down what is known, or what is not known yet and will be said so (domain.md L75)."""
    incident = _working(incident_id, actor=actor)
    words = _words(text, field="text")
    fact = Fact.objects.create(
        incident=incident,
        text=words,
        language=guess_language(words),
        is_known=is_known,
        stated_by=actor.user,
        stated_at=at,
    )
    timeline.record(
        incident,
        EventKind.FACT_STATED,
        actor=actor,
        at=at,
        data={"fact": fact.pk, "known": is_known},
        texts={"text": timeline.Text(words, fact.language)},
    )
    return fact


@transaction.atomic
def change_fact(
    *,
    fact_id: int,
    version: int,
    actor: Actor,
    at: datetime,
    text: str = "",
    is_known: bool | None = None,
    is_withdrawn: bool = False,
) -> Fact:
    """Settle, reword or withdraw a fact. Raises Stale when somebody changed it first.

    A fact that was known and proves wrong starts the clock of the public correction, where the plan has one.
    """
    found = Fact.objects.filter(pk=fact_id).values_list("incident", flat=True).first()
    incident = _working(found or 0, actor=actor)
    fact = Fact.objects.get(pk=fact_id)
    if fact.version != version:
        raise Stale("stale", current=fact)
    before, was_known = fact.text, fact.is_known
    fact.text = _words(text or fact.text, field="text")
    fact.language = guess_language(fact.text, fallback=fact.language)
    fact.is_known = fact.is_known if is_known is None else is_known
    fact.is_withdrawn = is_withdrawn
    fact.version += 1
    fact.save()
    timeline.record(
        incident,
        EventKind.FACT_CHANGED,
        actor=actor,
        at=at,
        data={"fact": fact.pk, "known": fact.is_known, "withdrawn": is_withdrawn},
        texts={
            "text": timeline.Text(fact.text, fact.language),
            "before": timeline.Text(before, guess_language(before)),
        },
    )
    if was_known and (is_withdrawn or not fact.is_known or fact.text != before):
        replanning.run_clocks(incident, "error_found", at=at)
    return fact


@transaction.atomic
def make_decision(
    *, incident_id: int, question: str, choice: str, reason: str, actor: Actor, at: datetime
) -> Decision:
    """Write down a decision with its question, the choice and why; another decision may follow it, none replaces it."""
    incident = _working(incident_id, actor=actor)
    row = Decision(
        incident=incident,
        question=_words(question, field="question"),
        choice=_words(choice, field="choice"),
        reason=_words(reason, field="reason", most=2000),
        decided_by=actor.user,
        decided_at=at,
    )
    row.language = guess_language(row.choice)
    row.save()
    timeline.record(
        incident,
        EventKind.DECISION_MADE,
        actor=actor,
        at=at,
        data={"decision": row.pk},
        texts={
            name: timeline.Text(getattr(row, name), row.language)
            for name in ("question", "choice", "reason")
        },
    )
    return row


@transaction.atomic
def ask_question(
    *,
    incident_id: int,
    text: str,
    asker: str,
    actor: Actor,
    at: datetime,
    asker_name: str = "",
    channel: str = "",
    url: str = "",
    times_asked: int = 1,
    asked_at: datetime | None = None,
) -> Question:
    """Log a question people ask and start the clock of its answer. Raises Invalid with the field."""
    incident = _working(incident_id, actor=actor)
    words = _words(text, field="text")
    if asker not in ASKERS:
        raise Invalid("asker_unknown", field="asker", value=asker)
    if not 1 <= times_asked <= 1_000_000:
        raise Invalid("times_asked_range", field="times_asked")
    when = _happened(asked_at, at=at)
    row = Question.objects.create(
        incident=incident,
        text=words,
        language=guess_language(words),
        asker=asker,
        asker_name=asker_name.strip()[:120],
        channel=channel,
        url=check_link(url) if url.strip() else "",
        times_asked=times_asked,
        asked_at=when,
        added_by=actor.user,
    )
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.QUESTION,
            label=labels.answer(words),
            started_at=when,
            length=timedelta(minutes=ANSWER_MINUTES[incident.severity]),
            lives_until=Status.CLOSED,
            role=IncidentRole.SPOKESPERSON,
            start_event="question_asked",
            subject=("question", row.pk),
            channel=channel,
        ),
        at=at,
    )
    timeline.record(
        incident,
        EventKind.QUESTION_ASKED,
        actor=actor,
        at=at,
        occurred_at=when,
        data={"question": row.pk, "asker": asker, "channel": channel, "times": times_asked},
        texts={"text": timeline.Text(words, row.language)},
    )
    return row


def _question(question_id: int, version: int, *, actor: Actor) -> tuple[Incident, Question]:
    found = Question.objects.filter(pk=question_id).values_list("incident", flat=True).first()
    if found is None:
        raise NotVisible
    incident = _working(found, actor=actor)
    row = Question.objects.get(pk=question_id)
    if row.version != version:
        raise Stale("stale", current=row)
    return incident, row


@transaction.atomic
def answer_question(
    *, question_id: int, answer: str, version: int, actor: Actor, at: datetime, url: str = ""
) -> Question:
    """Keep the public answer with its link and meet the question's clock."""
    incident, row = _question(question_id, version, actor=actor)
    row.answer = _words(answer, field="answer", most=2000)
    row.answer_language = guess_language(row.answer, fallback=row.language)
    row.answer_url = check_link(url) if url.strip() else ""
    row.answered_at = at
    row.times_asked = (
        row.times_asked or 1
    )  # a prepared question is answered because somebody asked it
    row.version += 1
    row.save()
    rows = deadlines.running(incident, subject=("question", row.pk))
    rows += deadlines.running(incident, kinds=[DeadlineKind.COMPLAINT_REPLY])
    met = deadlines.meet(rows, met_at=at)
    timeline.record(
        incident,
        EventKind.QUESTION_ANSWERED,
        actor=actor,
        at=at,
        data={"question": row.pk, "channel": row.channel, "url": row.answer_url, "met": met},
        texts={
            "text": timeline.Text(row.text, row.language),
            "answer": timeline.Text(row.answer, row.answer_language),
        },
    )
    return row


@transaction.atomic
def take_private(*, question_id: int, version: int, actor: Actor, at: datetime) -> Question:
    """Note that the conversation moved to a private channel; a public closing line is then due within a day (L42)."""
    incident, row = _question(question_id, version, actor=actor)
    if row.taken_private_at:
        raise Invalid("already_private")
    row.taken_private_at = at
    row.version += 1
    row.save()
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.CLOSING_LINE,
            label=labels.closing_line(row.text),
            started_at=at,
            length=CLOSING_LINE,
            lives_until=Status.CLOSED,
            role=IncidentRole.SPOKESPERSON,
            start_event="taken_private",
            subject=("closing_line", row.pk),
            channel=row.channel,
            escalate=False,
        ),
        at=at,
    )
    timeline.record(
        incident,
        EventKind.TAKEN_PRIVATE,
        actor=actor,
        at=at,
        data={"question": row.pk, "channel": row.channel},
        texts={"text": timeline.Text(row.text, row.language)},
    )
    return row


@transaction.atomic
def post_closing_line(
    *, question_id: int, url: str, version: int, actor: Actor, at: datetime
) -> Question:
    """Record the public closing line of a conversation that was taken private."""
    incident, row = _question(question_id, version, actor=actor)
    if not row.taken_private_at:
        raise Invalid("not_private")
    row.closing_line_url = check_link(url)
    row.closed_publicly_at = at
    row.version += 1
    row.save()
    met = deadlines.meet(deadlines.running(incident, subject=("closing_line", row.pk)), met_at=at)
    timeline.record(
        incident,
        EventKind.CLOSING_LINE_POSTED,
        actor=actor,
        at=at,
        data={"question": row.pk, "channel": row.channel, "url": row.closing_line_url, "met": met},
        texts={"text": timeline.Text(row.text, row.language)},
    )
    return row
