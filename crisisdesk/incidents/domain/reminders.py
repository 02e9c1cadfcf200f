"""The sweep that finds due alarms, claims them, and tells the right people, once (law 4)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from crisisdesk.incidents.domain import audience, chasing, deadlines, timeline
from crisisdesk.incidents.enums import (
    DeadlineKind,
    DeadlineState,
    EventKind,
    IncidentRole,
    ReminderState,
)
from crisisdesk.incidents.models import Deadline, Incident, Reminder, StatementRevision
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import BrandLanguage, Membership

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
        .select_related("deadline")
        .order_by("due_at", "pk")
    )
    live = [alarm for alarm in alarms if alarm.deadline.state == DeadlineState.RUNNING]
    dead = [alarm.pk for alarm in alarms if alarm not in live]
    Reminder.objects.filter(pk__in=dead).update(state=ReminderState.CANCELLED)
    claimed = Reminder.objects.filter(
        pk__in=[alarm.pk for alarm in live], state=ReminderState.PENDING
    ).update(state=ReminderState.FIRED, fired_at=at)
    if claimed != len(live):
        raise RuntimeError("an alarm was changed without the incident's lock")
    timeline.record_many(
        incident, [_draft(incident, alarm, at=at) for alarm in live], actor=SYSTEM, at=at
    )
    for alarm in live:
        if alarm.deadline.kind == DeadlineKind.APPROVAL and alarm.percent == 100:
            revision = StatementRevision.objects.get(pk=alarm.deadline.subject_id)
            chasing.ask_deputy(incident, revision, actor=SYSTEM, at=at)
    return claimed


def _draft(incident: Incident, alarm: Reminder, *, at: datetime) -> timeline.Draft:
    deadline = alarm.deadline
    told = holders_of(incident, deadline)
    nobody = not told
    kind, who = EventKind.REMINDER_DUE, ""
    if alarm.step:
        steps = {step.position: step for step in deadlines.escalation(incident)}
        kind, who = EventKind.ESCALATED, steps[alarm.step].who
        told = told | people_for(incident, who, deadline.language)
    if nobody:
        told = told | people_for(incident, "lead", deadline.language)
    data = {
        "deadline": deadline.pk,
        "kind": deadline.kind,
        "label": deadline.label,
        "percent": alarm.percent,
        "due_at": deadline.due_at.isoformat(),
        "late_seconds": max(0, int((at - deadline.due_at).total_seconds())),
        "left_seconds": max(0, int((deadline.due_at - at).total_seconds())),
        "nobody": nobody,
        "subject": [deadline.subject_kind, deadline.subject_id],
    }
    if who:
        data["who"] = who
    return timeline.Draft(kind, data=data, occurred_at=alarm.due_at, tell=sorted(told))


def holders_of(incident: Incident, deadline: Deadline) -> set[int]:
    """Return who has the deadline now: its owner, or else whoever holds its role (reminders follow the role)."""
    if deadline.owner_id:
        return {deadline.owner_id}
    return set(audience.holders(incident).get(deadline.role, []))


def people_for(incident: Incident, who: str, language: str = "") -> set[int]:
    """Return the people an escalation step names; where nobody fits, the lead, and at the last the opener."""
    found: set[int] = set()
    if who == "deputy":
        rows = BrandLanguage.objects.filter(brand=incident.brand_id)
        if language:
            rows = rows.filter(language=language)
        found = {user for user in rows.values_list("deputy_id", flat=True) if user}
    elif who == "executive" and not incident.is_restricted:
        found = set(
            Membership.objects.filter(
                brand=incident.brand_id, role=Role.EXECUTIVE, user__is_active=True
            ).values_list("user_id", flat=True)
        )
    elif who in set(IncidentRole):
        found = set(audience.holders(incident).get(who, []))
    return (
        found
        or set(audience.holders(incident).get(IncidentRole.LEAD, []))
        or {incident.opened_by_id}
    )
