"""Who has a deadline in hand, and who wants to be left alone by its alarms for a while. Neither is meeting it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotAllowed, Stale
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.domain.audience import TOO
from crisisdesk.incidents.domain.deadlines import deadline_for_update, require_running
from crisisdesk.incidents.enums import EventKind, ReminderState
from crisisdesk.incidents.models import Deadline, Reminder
from crisisdesk.incidents.queries import calling
from crisisdesk.organisation.domain.actors import Actor

SNOOZES_AT_MOST = 3  # of one person for one deadline
LONGEST = timedelta(hours=24)
LATE_AT_MOST = timedelta(hours=1)  # what is late may be silenced no longer at a time
_MOST_PERCENT = 32_000


@transaction.atomic
def snooze(
    *, deadline_id: int, until: datetime, was: datetime | None = None, actor: Actor, at: datetime
) -> Reminder:
    """Leave this person alone with the alarms of this deadline until then; then it rings once for them alone.

    It stays due when it was due, others are reminded as before and told who is left alone, and the steps go on. `was`
    is until when the person saw themselves left alone. Raises NotAllowed("not_reminded") for whom no alarm of it
    reaches, Invalid("snooze_time" | "snoozed_enough"), Stale("snooze_changed").
    """
    incident, deadline = deadline_for_update(deadline_id, actor=actor)
    rules.require(actor, "snooze", incident)
    require_running(deadline)
    person = actor.user
    told = calling.told_of(incident, deadline, at=at)
    if person is None or person.pk not in told:
        raise NotAllowed("not_reminded")
    mine = Reminder.objects.filter(deadline=deadline, person=person)
    waiting = mine.filter(state=ReminderState.PENDING).first()
    if (waiting.due_at if waiting else None) != was:
        raise Stale("snooze_changed", current=deadline)
    if not at < until <= min(max(deadline.due_at, at + LATE_AT_MOST), at + LONGEST):
        raise Invalid("snooze_time", field="until")
    if mine.count() >= SNOOZES_AT_MOST:
        raise Invalid("snoozed_enough", count=SNOOZES_AT_MOST)
    mine.filter(state=ReminderState.PENDING).update(state=ReminderState.CANCELLED)
    share = (until - deadline.started_at).total_seconds() * 100 / max(1, deadline.length_seconds)
    row, _ = Reminder.objects.update_or_create(
        deadline=deadline,
        percent=max(0, min(int(share), _MOST_PERCENT)),
        due_at=until,
        person=person,
        defaults={"incident": incident, "state": ReminderState.PENDING},
    )
    timeline.record(
        incident,
        EventKind.DEADLINE_SNOOZED,
        actor=actor,
        at=at,
        data={
            **_about(deadline),
            "until": until.isoformat(),
            "seconds": int((until - at).total_seconds()),
            "user": person.pk,
            "name": person.names(),
        },
        tell=dict.fromkeys(told, TOO),
    )
    return row


@transaction.atomic
def acknowledge(*, deadline_id: int, actor: Actor, at: datetime) -> Deadline:
    """Somebody says that they have it: everybody sees who, and steps that ring until then ring no more.

    Raises Stale("acknowledged_before") when somebody has said so first.
    """
    incident, deadline = deadline_for_update(deadline_id, actor=actor)
    rules.require(actor, "acknowledge", incident)
    require_running(deadline)
    if deadline.acknowledged_by is not None:
        raise Stale("acknowledged_before", current=deadline, name=deadline.acknowledged_by.names())
    person = actor.user
    if person is None:
        raise NotAllowed("not_reminded")
    deadline.acknowledged_at, deadline.acknowledged_by = at, person
    deadline.save(update_fields=["acknowledged_at", "acknowledged_by"])
    timeline.record(
        incident,
        EventKind.DEADLINE_ACKNOWLEDGED,
        actor=actor,
        at=at,
        data={**_about(deadline), "user": person.pk, "name": person.names()},
        tell=dict.fromkeys(calling.told_of(incident, deadline, at=at), TOO),
    )
    return deadline


def _about(deadline: Deadline) -> dict[str, object]:
    return {
        "deadline": deadline.pk,
        "kind": deadline.kind,
        "label": deadline.label,
        "due_at": deadline.due_at.isoformat(),
        "subject": [deadline.subject_kind, deadline.subject_id],
    }
