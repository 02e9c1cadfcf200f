"""When a deadline rings: at the shares of its time that the copied plan names, when it is due, up the steps, and on
after the last of them; never more often than the plan allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from crisisdesk.incidents.models import Deadline, EscalationStep, Incident, Reminder
from crisisdesk.incidents.queries.calling import steps_of
from playbooks.domain.content import ReminderRules

_USUAL = ReminderRules().as_data()
_MOST_PERCENT = 32_000  # what the column holds


def rules_of(incident: Incident) -> dict[str, Any]:
    """Return the incident's own copy of when it rings; what it was opened without is as usual."""
    return {**_USUAL, **incident.plan.get("reminders", {})}


def alarms_of(
    incident: Incident, deadline: Deadline, *, is_quiet: bool, escalates: bool, at: datetime
) -> list[Reminder]:
    """Return the alarms of a deadline that still lie ahead; a quiet one speaks once, when it is due.

    With steps it goes on until it has rung as often as the plan allows, and the last of them is marked as the last.
    """
    rules = rules_of(incident)
    if is_quiet:
        times = iter([(100, 0, deadline.due_at)])
    else:
        steps = steps_of(incident) if escalates else []
        times = _times(deadline, rules, steps, escalates=escalates)
    found: list[Reminder] = []
    for percent, step, due_at in times:
        if len(found) == rules["most"]:
            break
        if due_at > at:
            found.append(
                Reminder(
                    incident_id=deadline.incident_id,
                    deadline=deadline,
                    percent=min(percent, _MOST_PERCENT),
                    step=step,
                    due_at=due_at,
                )
            )
    if found and escalates and not is_quiet:
        found[-1].is_last = True
    return found


def _times(
    deadline: Deadline, rules: dict[str, Any], steps: list[EscalationStep], *, escalates: bool
) -> Iterator[tuple[int, int, datetime]]:
    """Yield share, step and moment of every alarm in their order; without end where it escalates and rings on."""
    length = deadline.length_seconds
    taken: set[tuple[int, datetime]] = set()

    def moment(percent: int) -> datetime:
        return deadline.started_at + timedelta(seconds=length * percent / 100)

    known = [(percent, 0, moment(percent)) for percent in (*rules["shares"], 100)]
    for step in steps:
        if step.after_percent is not None:
            known.append((step.after_percent, step.position, moment(step.after_percent)))
        else:
            late = timedelta(minutes=step.after_minutes or 0)
            share = 100 + int(late.total_seconds() * 100 / max(1, length))
            known.append((share, step.position, deadline.due_at + late))
    percent, last = 100, 0
    for percent, step_number, due_at in sorted(known, key=lambda row: (row[2], row[1])):
        while (percent, due_at) in taken:  # two steps at one moment are two alarms
            percent += 1
        taken.add((percent, due_at))
        last = step_number
        yield percent, last, due_at
    while escalates and rules["every"] and percent < _MOST_PERCENT:
        percent += rules["every"]
        yield percent, last, moment(percent)
