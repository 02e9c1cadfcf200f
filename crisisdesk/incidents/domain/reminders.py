"""The sweep that finds due alarms, claims them, and tells the right people, once (law 4)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count

from crisisdesk.incidents.domain import chasing, timeline
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, EventKind, ReminderState
from crisisdesk.incidents.models import (
    Deadline,
    EscalationStep,
    Incident,
    Reminder,
    StatementRevision,
)
from crisisdesk.incidents.queries import calling
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.queries.rota import on_watch
from playbooks.enums import EscalationTarget

logger = logging.getLogger(__name__)

Due = tuple[datetime, int, int]  # when, which alarm, of which incident

BATCH = 500


def fire_all(*, clock: Callable[[], datetime]) -> int:
    """Fire all that is due, page after page, and return how many alarms were claimed here.

    An alarm that cannot be fired now (its incident is busy, or it fails) never hides those behind it.
    """
    fired, after = 0, None
    while True:
        page = _due(clock(), after, BATCH)
        if not page:
            return fired
        fired += _fire_page(page, at=clock())
        after = page[-1]


def fire_due(*, at: datetime, limit: int = BATCH) -> int:
    """Fire the first of what is due and return how many alarms were claimed here; safe to run in any number of workers
    at once."""
    return _fire_page(_due(at, None, limit), at=at)


def _due(at: datetime, after: Due | None, limit: int) -> list[Due]:
    rows = Reminder.objects.filter(state=ReminderState.PENDING, due_at__lte=at)
    if after is not None:
        rows = rows.filter(due_at__gte=after[0]).exclude(due_at=after[0], pk__lte=after[1])
    return list(rows.order_by("due_at", "pk").values_list("due_at", "pk", "incident_id")[:limit])


def _fire_page(page: Sequence[Due], *, at: datetime) -> int:
    groups: dict[int, list[int]] = {}
    for _, pk, incident_id in page:
        groups.setdefault(incident_id, []).append(pk)
    return sum(
        _fire_group(incident_id, groups[incident_id], at=at) for incident_id in sorted(groups)
    )


def _fire_group(incident_id: int, ids: Sequence[int], *, at: datetime) -> int:
    """Fire the alarms of one incident in one transaction; if that fails, one by one, so that one cannot stop
    the rest. Raises only when the database is away: then all of it waits for the next sweep."""
    try:
        return _fire(incident_id, ids, at=at)
    except Exception:
        if not connection.is_usable():
            raise
        logger.exception(
            "alarms of incident %s failed together; trying them one by one", incident_id
        )
    fired = 0
    for pk in ids:
        try:
            fired += _fire(incident_id, [pk], at=at)
        except Exception:
            if not connection.is_usable():
                raise
            logger.exception("alarm %s failed", pk)
    return fired


@transaction.atomic
def _fire(incident_id: int, ids: Sequence[int], *, at: datetime) -> int:
    incident = (
        Incident.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=incident_id)
        .first()
    )
    if incident is None:  # somebody else works on it: the next sweep finds what is still due
        return 0
    alarms = list(
        Reminder.objects.filter(pk__in=ids, state=ReminderState.PENDING)
        .select_related("deadline", "person")
        .order_by("due_at", "pk")
    )
    live = [alarm for alarm in alarms if _rings(incident, alarm)]
    dead = [alarm.pk for alarm in alarms if alarm not in live]
    Reminder.objects.filter(pk__in=dead).update(state=ReminderState.CANCELLED)
    claimed = Reminder.objects.filter(
        pk__in=[alarm.pk for alarm in live], state=ReminderState.PENDING
    ).update(state=ReminderState.FIRED, fired_at=at)
    if claimed != len(live):
        raise RuntimeError("an alarm was changed without the incident's lock")
    left_alone = _left_alone(live)
    drafts = [_draft(incident, alarm, left_alone, at=at) for alarm in live]
    drafts += _stop(incident, [alarm.deadline for alarm in live if alarm.is_last], at=at)
    timeline.record_many(incident, drafts, actor=SYSTEM, at=at)
    for alarm in live:
        if alarm.deadline.kind == DeadlineKind.APPROVAL and alarm.percent == 100:
            revision = StatementRevision.objects.get(pk=alarm.deadline.subject_id)
            chasing.ask_deputy(incident, revision, actor=SYSTEM, at=at)
    return claimed


def _rings(incident: Incident, alarm: Reminder) -> bool:
    """Whether an alarm still has a reason: its deadline runs, and what its step rings until has not come."""
    if alarm.deadline.state != DeadlineState.RUNNING:
        return False
    step = _step(incident, alarm)
    return step is None or not calling.has_ended(step, incident, alarm.deadline)


def _step(incident: Incident, alarm: Reminder) -> EscalationStep | None:
    if not alarm.step:
        return None
    return next(step for step in calling.steps_of(incident) if step.position == alarm.step)


def _left_alone(live: Sequence[Reminder]) -> dict[int, set[int]]:
    """Return who asked not to hear of which of these deadlines for a while, in one query."""
    found: dict[int, set[int]] = {}
    rows = Reminder.objects.filter(
        deadline__in={alarm.deadline_id for alarm in live},
        state=ReminderState.PENDING,
        person__isnull=False,
    )
    for deadline, person in rows.values_list("deadline", "person"):
        found.setdefault(deadline, set()).add(person)
    return found


def _draft(
    incident: Incident, alarm: Reminder, left_alone: dict[int, set[int]], *, at: datetime
) -> timeline.Draft:
    deadline = alarm.deadline
    data = {
        "deadline": deadline.pk,
        "kind": deadline.kind,
        "label": deadline.label,
        "percent": alarm.percent,
        "due_at": deadline.due_at.isoformat(),
        "late_seconds": max(0, int((at - deadline.due_at).total_seconds())),
        "left_seconds": max(0, int((deadline.due_at - at).total_seconds())),
        "nobody": False,
        "subject": [deadline.subject_kind, deadline.subject_id],
    }
    if alarm.person is not None:
        data |= {"again_for": alarm.person.pk, "name": alarm.person.names()}
        return timeline.Draft(
            EventKind.REMINDER_DUE,
            data=data,
            occurred_at=alarm.due_at,
            tell={alarm.person.pk: "snoozed"},
            # Who put off a call of the watch and still watches is called again, whatever the hour.
            called={alarm.person.pk} & set(on_watch(incident.brand_id, at=at)),
        )
    why = "owner" if deadline.owner_id else deadline.role
    told = dict.fromkeys(calling.holders_of(incident, deadline), why)
    data["nobody"] = not told
    kind = EventKind.REMINDER_DUE
    transports: tuple[str, ...] = ()
    step = _step(incident, alarm)
    stepped: set[int] = set()
    called: set[int] = set()
    if step is not None:
        kind, transports = EventKind.ESCALATED, tuple(step.transports)
        reached = calling.reached_by(incident, step, deadline, at=at)
        stepped = set(reached.people)
        told |= dict.fromkeys(stepped, f"step:{step.position}")
        data["who"] = step.who
        if step.person is not None:
            data |= {"name": step.person.names(), "user": step.person.pk}
        if reached.instead:
            data["instead"] = True
        elif step.who == EscalationTarget.ON_WATCH:
            called = stepped
    if data["nobody"]:
        told = dict.fromkeys(calling.last_resort(incident), "lead") | told
    silent = left_alone.get(deadline.pk, set())
    return timeline.Draft(
        kind,
        data=data,
        occurred_at=alarm.due_at,
        tell={user: code for user, code in sorted(told.items()) if user not in silent},
        by={user: transports for user in stepped} if transports else {},
        called=called,
    )


def _stop(
    incident: Incident, deadlines: Sequence[Deadline], *, at: datetime
) -> list[timeline.Draft]:
    """Nothing rings any more for these: keep since when and how often it rang, and tell the lead of each."""
    if not deadlines:
        return []
    rung = dict(
        Reminder.objects.filter(deadline__in=deadlines, state=ReminderState.FIRED, person=None)
        .order_by()
        .values_list("deadline")
        .annotate(times=Count("pk"))
    )
    for deadline in deadlines:
        deadline.stopped_at, deadline.times_rung = at, rung.get(deadline.pk, 0)
    Deadline.objects.bulk_update(deadlines, ["stopped_at", "times_rung"])
    lead = dict.fromkeys(calling.last_resort(incident), "lead")
    return [
        timeline.Draft(
            EventKind.REMINDERS_STOPPED,
            data={
                "deadline": deadline.pk,
                "kind": deadline.kind,
                "label": deadline.label,
                "times": deadline.times_rung,
                "due_at": deadline.due_at.isoformat(),
                "subject": [deadline.subject_kind, deadline.subject_id],
            },
            tell=lead,
        )
        for deadline in deadlines
    ]
