"""Promises about time: what is due, here or anywhere; snooze and waive."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Moment, Paged, Text
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import checklist as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import deadlines
from crisisdesk.incidents.enums import DeadlineState
from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries.due import DueFilters, due


class DeadlineQuery(Paged):
    """Which deadlines; without a state the running ones."""

    state = serializers.ListField(
        child=serializers.ChoiceField(DeadlineState.choices), required=False
    )
    due_before = Moment(required=False)
    mine = serializers.BooleanField(required=False, default=False)


@read("List deadlines everywhere", answer=shapes.DeadlineShape, many=True, query=DeadlineQuery)
def list_all_deadlines(call: Call) -> Page:
    """Of every incident that the asker may see, the first due first."""
    return _due(call, "")


@read("List deadlines", answer=shapes.DeadlineShape, many=True, query=DeadlineQuery)
def list_deadlines(call: Call, reference: str) -> Page:
    """Of one incident, the first due first."""
    call.incident_id(reference)
    return _due(call, reference)


def _due(call: Call, reference: str) -> Page:
    filters = DueFilters(
        reference=reference,
        states=tuple(call.query.get("state", (DeadlineState.RUNNING,))),
        due_before=call.query.get("due_before"),
        mine=call.query["mine"],
    )
    found = due(call.user, filters, call.query["cursor"], call.query["limit"])
    shown = [shapes.deadline(row) for row in found.rows]
    return {"results": shown, "next": found.next_cursor or None}


@read("Read a deadline", answer=shapes.DeadlineShape)
def get_deadline(call: Call, reference: str, deadline_id: int) -> shapes.DeadlineShape:
    """One promise about time."""
    return _one(call, reference, deadline_id)


class Snooze(Input):
    """Until when its alarms are silent."""

    until = Moment()


@write(
    "Snooze the alarms of a deadline",
    answer=shapes.DeadlineShape,
    body=Snooze,
    refuses=("deadline_not_running", "snooze_time"),
)
def snooze_deadline(call: Call, reference: str, deadline_id: int) -> shapes.DeadlineShape:
    """At most 24 hours. It stays due when it was due: snoozing is not meeting."""
    found = call.child(Deadline.objects.all(), reference, deadline_id)
    deadlines.snooze(deadline_id=found.pk, until=call.body["until"], actor=call.actor, at=call.at)
    return _one(call, reference, deadline_id)


class Waiver(Input):
    """Why it is let go."""

    reason = Text(max_length=2000)


@write(
    "Waive a deadline",
    answer=shapes.DeadlineShape,
    body=Waiver,
    refuses=("deadline_not_running", "reason_missing"),
)
def waive_deadline(call: Call, reference: str, deadline_id: int) -> shapes.DeadlineShape:
    """The lead lets it go; the reason appears in the report."""
    found = call.child(Deadline.objects.all(), reference, deadline_id)
    deadlines.waive(deadline_id=found.pk, reason=call.body["reason"], actor=call.actor, at=call.at)
    return _one(call, reference, deadline_id)


def _one(call: Call, reference: str, deadline_id: int) -> shapes.DeadlineShape:
    found = due(call.user, DueFilters(reference=reference, deadline_id=deadline_id), limit=1)
    if not found.rows:
        raise NotVisible
    return shapes.deadline(found.rows[0])


_DEADLINE = "incidents/<str:reference>/deadlines/<int:deadline_id>/"
ROUTES = {
    "deadlines/": endpoint(get=list_all_deadlines),
    "incidents/<str:reference>/deadlines/": endpoint(get=list_deadlines),
    _DEADLINE: endpoint(get=get_deadline),
    f"{_DEADLINE}snooze/": endpoint(post=snooze_deadline),
    f"{_DEADLINE}waive/": endpoint(post=waive_deadline),
}
