"""Start, meet, move and end promises about time. Callers hold the incident's lock and record what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from crisisdesk.core.business_time import after_days
from crisisdesk.core.errors import Invalid
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.domain.alarms import alarms_of
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.domain.transitions import ORDER
from crisisdesk.incidents.enums import (
    DeadlineKind,
    DeadlineState,
    EventKind,
    IncidentRole,
    ReminderState,
    Status,
)
from crisisdesk.incidents.models import Deadline, Incident, Reminder
from crisisdesk.organisation.domain.actors import Actor

APPROVAL_MINUTES = {
    "sev1": 10,
    "sev2": 20,
    "sev3": 60,
    "sev4": 240,
}  # then the deputy is asked (issue, part 4)


@dataclass(frozen=True)
class Plan:
    """A deadline about to start. `length` counts from `started_at`; times are absolute."""

    kind: DeadlineKind
    label: dict[str, str]
    started_at: datetime
    length: timedelta
    lives_until: Status
    role: str = IncidentRole.LEAD
    key: str = ""
    start_event: str = "detected"
    subject: tuple[str, int] = ("incident", 0)
    owner_id: int | None = None
    channel: str = ""
    language: str = ""
    is_quiet: bool = False  # speaks once, when it is due
    escalate: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


def start(incident: Incident, plan: Plan, *, at: datetime) -> Deadline:
    """Start one deadline with its alarms and return it."""
    return start_many(incident, [plan], at=at)[0]


def start_many(incident: Incident, plans: Sequence[Plan], *, at: datetime) -> list[Deadline]:
    """Start deadlines with their alarms in three statements, however many there are.

    One that is over before it starts is `missed_before_opening`: a line, no alarm. Alarms already past send nothing.
    """
    if not plans:
        return []
    rows = []
    for plan in plans:
        due_at = plan.started_at + plan.length
        over = due_at <= at
        rows.append(
            Deadline(
                incident=incident,
                kind=plan.kind,
                key=plan.key,
                subject_kind=plan.subject[0],
                subject_id=plan.subject[1],
                label=plan.label,
                channel=plan.channel,
                language=plan.language,
                role=plan.role,
                owner_id=plan.owner_id,
                start_event=plan.start_event,
                started_at=plan.started_at,
                length_seconds=int(plan.length.total_seconds()),
                due_at=due_at,
                lives_until=plan.lives_until,
                state=DeadlineState.MISSED if over else DeadlineState.RUNNING,
                missed_before_opening=over,
            )
        )
    Deadline.objects.bulk_create(rows, batch_size=500)
    alarms = []
    for plan, row in zip(plans, rows, strict=True):
        if row.state == DeadlineState.RUNNING:
            alarms += alarms_of(
                incident, row, is_quiet=plan.is_quiet, escalates=plan.escalate, at=at
            )
    Reminder.objects.bulk_create(alarms, batch_size=500)
    return rows


def running(
    incident: Incident, *, kinds: Iterable[str] = (), subject: tuple[str, int] | None = None
) -> list[Deadline]:
    """Return the running deadlines of these kinds, or of this subject."""
    rows = Deadline.objects.filter(incident=incident, state=DeadlineState.RUNNING)
    if subject is not None:
        rows = rows.filter(subject_kind=subject[0], subject_id=subject[1])
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    return list(rows.order_by("due_at", "pk"))


def meet(rows: Sequence[Deadline], *, met_at: datetime) -> list[dict[str, Any]]:
    """Mark running deadlines met at that moment, cancel their alarms, and return what the causing event keeps of it."""
    _end(rows, DeadlineState.MET, met_at=met_at)
    return [
        {
            "deadline": row.pk,
            "kind": row.kind,
            "label": row.label,
            "late_seconds": max(0, int((met_at - row.due_at).total_seconds())),
        }
        for row in rows
    ]


def cancel(rows: Sequence[Deadline], *, reason: str = "") -> None:
    """End running deadlines that nobody waits for any more, and their alarms."""
    _end(rows, DeadlineState.CANCELLED, reason=reason)


def _end(
    rows: Sequence[Deadline],
    state: DeadlineState,
    *,
    met_at: datetime | None = None,
    reason: str = "",
) -> None:
    ids = [row.pk for row in rows]
    if not ids:
        return
    Deadline.objects.filter(pk__in=ids, state=DeadlineState.RUNNING).update(
        state=state, met_at=met_at, reason=reason
    )
    Reminder.objects.filter(deadline__in=ids, state=ReminderState.PENDING).update(
        state=ReminderState.CANCELLED
    )
    for row in rows:
        row.state, row.met_at, row.reason = state, met_at, reason


def reopen_subject(
    incident: Incident, subject: tuple[str, int], *, ended_at: datetime | None, at: datetime
) -> None:
    """Let the deadline run again that a tick at `ended_at` met or a skip ended; it keeps its due time, past alarms stay
    silent."""
    by_this_act = Q(state=DeadlineState.MET, met_at=ended_at) | Q(
        state=DeadlineState.CANCELLED, reason="skipped"
    )
    row = (
        Deadline.objects.filter(
            by_this_act, incident=incident, subject_kind=subject[0], subject_id=subject[1]
        )
        .order_by("-pk")
        .first()
    )
    if row is None:
        return
    Deadline.objects.filter(pk=row.pk).update(state=DeadlineState.RUNNING, met_at=None, reason="")
    Reminder.objects.filter(
        deadline=row, state=ReminderState.CANCELLED, due_at__gt=at, person=None
    ).update(state=ReminderState.PENDING)


def end_for_status(
    incident: Incident, to: Status, *, at: datetime
) -> dict[str, list[dict[str, str]]]:
    """End the deadlines whose life ends with this status; returns their labels: those missed and those let go."""
    missed: list[Deadline] = []
    let_go: list[Deadline] = []
    for row in running(incident):
        if to == Status.CANCELLED or ORDER[to] >= ORDER[Status(row.lives_until)]:
            (missed if row.due_at < at else let_go).append(row)
    _end(missed, DeadlineState.MISSED)
    _end(let_go, DeadlineState.CANCELLED)
    return {"missed": [row.label for row in missed], "let_go": [row.label for row in let_go]}


def clock_length(
    clock: Mapping[str, Any], incident: Incident, *, start: datetime
) -> timedelta | None:
    """Return how long a clock of the plan allows from `start` at this severity, or None where it does not run.

    Minutes are absolute; days end at the same clock time in the brand's zone, also when clocks change in between.
    """
    days = clock.get("days", {}).get(incident.severity)
    if days:
        return after_days(start, days, zone=incident.brand.zone) - start
    minutes = clock.get("minutes", {}).get(incident.severity)
    return timedelta(minutes=minutes) if minutes else None


def deadline_for_update(deadline_id: int, *, actor: Actor) -> tuple[Incident, Deadline]:
    """Return the deadline with its incident under the incident's lock, or raise NotVisible."""
    found = Deadline.objects.filter(pk=deadline_id).values_list("incident", flat=True).first()
    incident = incident_for_update(found or 0, actor=actor)
    return incident, Deadline.objects.get(pk=deadline_id)


def require_running(deadline: Deadline) -> None:
    """Return while the deadline runs, or raise Invalid("deadline_not_running")."""
    if deadline.state != DeadlineState.RUNNING:
        raise Invalid("deadline_not_running", state=deadline.state)


@transaction.atomic
def waive(*, deadline_id: int, reason: str, actor: Actor, at: datetime) -> Deadline:
    """The lead lets a deadline go, with a reason that the report shows. Raises Invalid("reason_missing")."""
    incident, deadline = deadline_for_update(deadline_id, actor=actor)
    rules.require(actor, "waive", incident)
    require_running(deadline)
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    _end([deadline], DeadlineState.WAIVED, reason=reason.strip()[:300])
    timeline.record(
        incident,
        EventKind.DEADLINE_WAIVED,
        actor=actor,
        at=at,
        data={
            "deadline": deadline.pk,
            "kind": deadline.kind,
            "label": deadline.label,
            "reason": reason.strip()[:300],
        },
    )
    return deadline
