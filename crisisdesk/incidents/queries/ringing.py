"""What a deadline's page shows of its alarms: who is called next, when and how, and who is left alone until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crisisdesk.incidents.enums import ReminderState
from crisisdesk.incidents.models import Deadline, EscalationStep, Incident, Reminder
from crisisdesk.incidents.queries import calling, duty

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User


@dataclass(frozen=True)
class Call:
    """One alarm ahead: when it rings, of which step (None: whoever has it), and whom it reaches as things stand."""

    due_at: datetime
    step: EscalationStep | None
    people: tuple[User, ...]
    instead: bool


@dataclass(frozen=True)
class Ringing:
    """The alarms of one deadline, and who asked to be left alone."""

    calls: tuple[Call, ...]
    silenced: tuple[Reminder, ...]
    told: frozenset[int]

    def until(self, user: User) -> datetime | None:
        """Return until when this person is left alone."""
        return next((row.due_at for row in self.silenced if row.person_id == user.pk), None)


@dataclass(frozen=True)
class StepNow:
    """One step of the plan and whom it reaches as things stand."""

    step: EscalationStep
    people: tuple[User, ...]


def ringing(incident: Incident, deadline: Deadline, *, at: datetime) -> Ringing:
    """Return what still rings for a deadline, in order."""
    rows = Reminder.objects.filter(deadline=deadline, state=ReminderState.PENDING)
    alarms = list(rows.select_related("person").order_by("due_at", "pk"))
    steps = {step.position: step for step in calling.steps_of(incident)}
    ahead = []
    for alarm in alarms:
        step = steps.get(alarm.step)
        if alarm.person_id or (step and calling.has_ended(step, incident, deadline)):
            continue
        people = calling.holders_of(incident, deadline) or calling.last_resort(incident)
        instead = False
        if step is not None:
            reached = calling.reached_by(incident, step, deadline, at=at)
            people, instead = set(reached.people), reached.instead
        ahead.append((alarm.due_at, step, people, instead))
    by_pk = duty.people(incident, {pk for _, _, people, _ in ahead for pk in people})
    return Ringing(
        calls=tuple(
            Call(due_at, step, tuple(by_pk[pk] for pk in sorted(people)), instead)
            for due_at, step, people, instead in ahead
        ),
        silenced=tuple(alarm for alarm in alarms if alarm.person_id),
        told=frozenset(calling.told_of(incident, deadline, at=at)),
    )


def silenced(deadline: Deadline) -> list[Reminder]:
    """Return the alarms that ring for one person alone, with who asked for each."""
    rows = Reminder.objects.filter(
        deadline=deadline, state=ReminderState.PENDING, person__isnull=False
    )
    return list(rows.select_related("person").order_by("due_at", "pk"))


def steps_now(incident: Incident, *, at: datetime) -> list[StepNow]:
    """Return the steps of the incident's plan with whom each reaches; nobody where it reaches nobody."""
    steps = calling.steps_of(incident)
    reached = [calling.named_by(incident, step, None, at=at) for step in steps]
    by_pk = duty.people(incident, {pk for people in reached for pk in people})
    return [
        StepNow(step, tuple(by_pk[pk] for pk in sorted(people)))
        for step, people in zip(steps, reached, strict=True)
    ]
