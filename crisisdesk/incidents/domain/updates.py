"""Whoever reads and does not work asks for an update: a deadline for the lead, met by an answer or a public word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, labels, timeline
from crisisdesk.incidents.domain.alarms import rules_of
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, EventKind, IncidentRole, Status
from crisisdesk.incidents.models import Deadline, Incident, TimelineEvent
from crisisdesk.incidents.queries import calling
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role

REST = timedelta(minutes=10)  # after an answer, before the same person asks again
LONGEST_QUESTION = 300


@transaction.atomic
def ask_update(
    *, incident_id: int | str, question: str = "", actor: Actor, at: datetime
) -> Deadline:
    """The lead owes this person an update within the minutes that the plan gives at this severity.

    One request of a person runs at a time. Raises Invalid("request_runs" | "asked_just_now" | "request_to_self" |
    "incident_ended" | "text_too_long").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "ask_update", incident)
    require_open(incident)
    person = actor.user
    if person is None or person.pk in calling.last_resort(incident):
        raise Invalid("request_to_self")
    words = question.strip()
    if len(words) > LONGEST_QUESTION:
        raise Invalid("text_too_long", field="question", limit=LONGEST_QUESTION, length=len(words))
    _require_rest(incident, person.pk, at=at)
    length = timedelta(minutes=rules_of(incident)["answer"][incident.severity])
    roles = rules.roles_on(person, incident)
    row = deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.UPDATE_REQUEST,
            label=labels.update_for("executive" if Role.EXECUTIVE in roles else "approver"),
            started_at=at,
            length=length,
            lives_until=Status.CLOSED,
            role=IncidentRole.LEAD,
            start_event="asked",
            subject=("request", person.pk),
            escalate=False,
        ),
        at=at,
    )
    timeline.record(
        incident,
        EventKind.UPDATE_REQUESTED,
        actor=actor,
        at=at,
        data={
            "deadline": row.pk,
            "kind": row.kind,
            "label": row.label,
            "due_at": row.due_at.isoformat(),
            "seconds": row.length_seconds,
            "user": person.pk,
            "name": person.names(),
        },
        texts={"question": timeline.Text(words, guess_language(words))} if words else {},
        tell=dict.fromkeys(calling.last_resort(incident), "lead"),
    )
    return row


def _require_rest(incident: Incident, person: int, *, at: datetime) -> None:
    asked = Deadline.objects.filter(
        incident=incident, subject_kind="request", subject_id=person
    ).order_by("-pk")
    last = asked.first()
    if last is None:
        return
    if last.state == DeadlineState.RUNNING:
        since, left = at - last.started_at, last.due_at - at
        raise Invalid(
            "request_runs",
            since=max(0, int(since.total_seconds() // 60)),
            left=max(0, int(left.total_seconds() // 60)),
        )
    if last.met_at is not None and at - last.met_at < REST:
        raise Invalid("asked_just_now", minutes=int(REST.total_seconds() // 60))


@transaction.atomic
def answer_update(
    *, incident_id: int | str, text: str, actor: Actor, at: datetime
) -> TimelineEvent:
    """The lead's words for everybody who asked: a line of the timeline, and their requests are met.

    Raises Invalid("text_missing" | "text_too_long" | "no_request").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "answer_update", incident)
    words = text.strip()
    if not words:
        raise Invalid("text_missing", field="text")
    if len(words) > 2000:
        raise Invalid("text_too_long", field="text", limit=2000, length=len(words))
    rows = requests_of(incident)
    if not rows:
        raise Invalid("no_request")
    return timeline.record(
        incident,
        EventKind.UPDATE_ANSWERED,
        actor=actor,
        at=at,
        data={"met": deadlines.meet(rows, met_at=at)},
        texts={"text": timeline.Text(words, guess_language(words))},
        tell=askers(rows),
    )


def requests_of(incident: Incident) -> list[Deadline]:
    """Return the requests that wait for an update, the first due first."""
    return deadlines.running(incident, kinds=[DeadlineKind.UPDATE_REQUEST])


def askers(rows: list[Deadline]) -> dict[int, str]:
    """Return who asked, with why they are told."""
    return {row.subject_id: "asked" for row in rows}


def met_by(rows: list[Deadline], *, met_at: datetime) -> list[dict[str, Any]]:
    """A public word is an update for everybody who asked before it; returns the deadlines met."""
    return deadlines.meet([row for row in rows if row.started_at <= met_at], met_at=met_at)
