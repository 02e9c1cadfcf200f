"""Whom an alarm reaches: who has the deadline, and whom each step of the escalation names as things stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crisisdesk.incidents.enums import IncidentRole, ReminderState, Status
from crisisdesk.incidents.models import EscalationStep, Incident, Reminder
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries.visibility import may_see_many
from crisisdesk.organisation.queries.rota import on_watch
from playbooks.enums import BRAND_ROLES, EscalationTarget, StepEnd

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Deadline

_ORDER = {status: place for place, status in enumerate(Status)}
ON_DUTY = {
    EscalationTarget.LEAD: IncidentRole.LEAD,
    EscalationTarget.SPOKESPERSON: IncidentRole.SPOKESPERSON,
    EscalationTarget.APPROVER: IncidentRole.APPROVER,
    EscalationTarget.MONITOR: IncidentRole.MONITOR,
    EscalationTarget.SCRIBE: IncidentRole.SCRIBE,
}


@dataclass(frozen=True)
class Reached:
    """Whom a step tells; `instead` where nobody fits, so that the lead is told in their place."""

    people: frozenset[int]
    instead: bool


def steps_of(incident: Incident) -> list[EscalationStep]:
    """Return the incident's own copy of the escalation steps, read once per incident object."""
    cache: list[EscalationStep] | None = incident.__dict__.get("_escalation")
    if cache is None:
        rows = EscalationStep.objects.filter(incident=incident).select_related("person")
        cache = incident.__dict__["_escalation"] = list(rows.order_by("position"))
    return cache


def on_duty(incident: Incident, role: str) -> set[int]:
    """Return who has this role on the incident now."""
    return {user for held, user in duty.holder_ids(incident) if held == role}


def holders_of(incident: Incident, deadline: Deadline) -> set[int]:
    """Return who has the deadline now: its owner, or else whoever holds its role (reminders follow the role)."""
    return {deadline.owner_id} if deadline.owner_id else on_duty(incident, deadline.role)


def named_by(
    incident: Incident, step: EscalationStep, deadline: Deadline | None, *, at: datetime
) -> set[int]:
    """Return the people a step names who may see the incident; nobody where it reaches nobody. Without a deadline it is
    asked of any: whoever has one counts as somebody."""
    who = step.who
    found: set[int] = set()
    if who == EscalationTarget.OWNER:
        found = holders_of(incident, deadline) if deadline else {incident.opened_by_id}
    elif who in ON_DUTY:
        return on_duty(incident, ON_DUTY[EscalationTarget(who)])
    elif who == EscalationTarget.DEPUTY:
        wanted = deadline.language if deadline else ""
        deputies = duty.team(incident).deputies.items()
        found = {
            user.pk for language, user in deputies if user.is_active and wanted in ("", language)
        }
    elif who == EscalationTarget.PERSON:
        found = {step.person.pk} if step.person and step.person.is_active else set()
    elif who == EscalationTarget.ON_WATCH:
        found = set(on_watch(incident.brand_id, at=at))
    elif who in BRAND_ROLES:
        found = set(duty.team(incident).by_role.get(BRAND_ROLES[EscalationTarget(who)], ()))
    if not found or (who == EscalationTarget.DEPUTY and not incident.is_restricted):
        return found
    if not incident.is_restricted and who in BRAND_ROLES:
        return found
    return {user for user, _ in may_see_many([(user, incident.pk) for user in found])}


def reached_by(
    incident: Incident, step: EscalationStep, deadline: Deadline, *, at: datetime
) -> Reached:
    """Return whom a step tells of this deadline: those it names, or else the lead, and at the last the opener."""
    found = named_by(incident, step, deadline, at=at)
    return Reached(frozenset(found or last_resort(incident)), not found)


def told_of(incident: Incident, deadline: Deadline, *, at: datetime) -> set[int]:
    """Return everybody whom an alarm of this deadline has reached or will reach as things stand."""
    rows = Reminder.objects.filter(deadline=deadline, step__gt=0).exclude(
        state=ReminderState.CANCELLED
    )
    ringing = set(rows.values_list("step", flat=True))
    found = holders_of(incident, deadline) or last_resort(incident)
    for step in steps_of(incident):
        if step.position in ringing:
            found = found | reached_by(incident, step, deadline, at=at).people
    return found


def last_resort(incident: Incident) -> set[int]:
    """Return who is told where nobody is: the lead, or else whoever opened the incident."""
    return on_duty(incident, IncidentRole.LEAD) or {incident.opened_by_id}


def has_ended(step: EscalationStep, incident: Incident, deadline: Deadline) -> bool:
    """Whether what the step rings until has come: somebody has the deadline, or the incident came so far."""
    if step.until == StepEnd.ACKNOWLEDGED:
        return deadline.acknowledged_at is not None
    return bool(step.until) and _ORDER[Status(incident.status)] >= _ORDER[Status(step.until)]
