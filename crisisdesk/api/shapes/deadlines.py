"""Every promise about time, who is called of it next, and who waits for an update."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.utils.translation import get_language

from crisisdesk.api.shapes.incidents import BrandName
from crisisdesk.api.shapes.people import Person
from crisisdesk.incidents.queries.ringing import silenced

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Deadline
    from crisisdesk.incidents.queries import requests
    from crisisdesk.incidents.queries import ringing as queries
    from crisisdesk.incidents.queries.due import DeadlineRow, Holder
    from crisisdesk.organisation.models import User


class DeadlineShape(TypedDict):
    """A promise about time; without an owner nobody has it. `owner` is the first of the `holders`.
    `silent_until`: the asker hears nothing of it before; `reminders_sent` counts once no more are sent."""

    id: int
    incident: str
    severity: str
    brand: BrandName
    kind: str
    key: str
    label: dict[str, str]
    channel: str
    language: str
    role: str
    owner: Person | None
    holders: list[Person]
    subject: str
    subject_id: int
    started_at: datetime
    due_at: datetime
    state: str
    met_at: datetime | None
    reason: str
    missed_before_opening: bool
    acknowledged_at: datetime | None
    acknowledged_by: Person | None
    reminders_stopped_at: datetime | None
    reminders_sent: int
    silent_until: datetime | None


class CallShape(TypedDict):
    """One alarm ahead. `step` 0: whoever has it; `instead`: the step reaches nobody, so the lead is told. `until` says
    what the step rings until, besides the deadline being met or waived."""

    at: datetime
    step: int
    who: str
    people: list[Person]
    transports: list[str]
    until: str
    instead: bool


class Silenced(TypedDict):
    """Somebody who hears nothing of it until then."""

    person: Person
    until: datetime


class Standing(TypedDict):
    """A deadline as it stands for whoever pressed too late: who has it, and who is left alone until when."""

    id: int
    state: str
    due_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: Person | None
    silenced: list[Silenced]


class Ringing(TypedDict):
    """What still rings for a deadline."""

    calls: list[CallShape]
    silenced: list[Silenced]


class UpdateRequest(TypedDict):
    """Somebody who waits for an update from the lead."""

    deadline: int
    person: Person
    question: str
    asked_at: datetime
    due_at: datetime


class UpdateRequests(TypedDict):
    """Everybody who waits for an update."""

    requests: list[UpdateRequest]


def deadline(row: DeadlineRow) -> DeadlineShape:
    """Return a deadline."""
    return {
        "id": row.id,
        "incident": row.reference,
        "severity": row.severity,
        "brand": {"key": row.brand_key, "name": row.brand_name},
        "kind": row.kind,
        "key": row.key,
        "label": dict(row.label),
        "channel": row.channel,
        "language": row.language,
        "role": row.role,
        "owner": _holder(row.owner) if row.owner else None,
        "holders": [_holder(each) for each in row.holders],
        "subject": row.subject_kind,
        "subject_id": row.subject_id,
        "started_at": row.started_at,
        "due_at": row.due_at,
        "state": row.state,
        "met_at": row.met_at,
        "reason": row.reason,
        "missed_before_opening": row.missed_before_opening,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": _holder(row.acknowledged_by) if row.acknowledged_by else None,
        "reminders_stopped_at": row.stopped_at,
        "reminders_sent": row.times_rung,
        "silent_until": row.silent_until,
    }


def _holder(who: Holder) -> Person:
    return {"id": who.id, "name": who.name}


def ringing(found: queries.Ringing) -> Ringing:
    """Return what still rings."""
    return {
        "calls": [
            {
                "at": call.due_at,
                "step": call.step.position if call.step else 0,
                "who": call.step.who if call.step else "owner",
                "people": [_person(each) for each in call.people],
                "transports": list(call.step.transports) if call.step else [],
                "until": call.step.until if call.step else "",
                "instead": call.instead,
            }
            for call in found.calls
        ],
        "silenced": [
            {
                "person": _person(row.person),
                "until": row.due_at,
            }
            for row in found.silenced
            if row.person
        ],
    }


def standing(row: Deadline) -> Standing:
    """Return a deadline as it stands."""
    return {
        "id": row.pk,
        "state": row.state,
        "due_at": row.due_at,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": _person(row.acknowledged_by) if row.acknowledged_by else None,
        "silenced": [
            {"person": _person(alarm.person), "until": alarm.due_at}
            for alarm in silenced(row)
            if alarm.person
        ],
    }


def update_request(row: requests.Asked) -> UpdateRequest:
    """Return a request that runs."""
    return {
        "deadline": row.deadline.pk,
        "person": _person(row.person),
        "question": row.question.text if row.question else "",
        "asked_at": row.deadline.started_at,
        "due_at": row.deadline.due_at,
    }


def _person(user: User) -> Person:
    return {"id": user.pk, "name": user.name_in(get_language() or "en")}
