"""Promises about time: what is due, here or anywhere; snooze and waive."""

from __future__ import annotations

from dataclasses import replace

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Moment, Paged, Text
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import deadlines as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import deadlines, snoozing
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, Severity
from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries.due import DueFilters, due
from crisisdesk.incidents.queries.ringing import ringing
from crisisdesk.organisation.queries.visibility import brands_visible_to


class DeadlineQuery(Paged):
    """Which deadlines; without a state the running ones."""

    state = serializers.ListField(
        child=serializers.ChoiceField(DeadlineState.choices), required=False
    )
    kind = serializers.ListField(
        child=serializers.ChoiceField(DeadlineKind.choices), required=False
    )
    due_before = Moment(required=False)
    late = serializers.BooleanField(required=False, default=False, help_text="Due by now.")
    mine = serializers.BooleanField(required=False, default=False)


class EveryDeadlineQuery(DeadlineQuery):
    """Which deadlines of which incidents; without a state the running ones."""

    brand = serializers.SlugField(required=False)
    severity = serializers.ListField(
        child=serializers.ChoiceField(Severity.choices), required=False
    )


@read("List deadlines everywhere", answer=shapes.DeadlineShape, many=True, query=EveryDeadlineQuery)
def list_all_deadlines(call: Call) -> Page:
    """Of every incident that the asker may see, the first due first: what is late stands before
    what is to come."""
    filters = DueFilters(severities=tuple(call.query.get("severity", ())))
    if "brand" in call.query:
        brands = brands_visible_to(call.user).filter(key=call.query["brand"])
        filters = replace(filters, brand_id=brands.values_list("pk", flat=True).first() or 0)
    return _due(call, filters)


@read("List deadlines", answer=shapes.DeadlineShape, many=True, query=DeadlineQuery)
def list_deadlines(call: Call, reference: str) -> Page:
    """Of one incident, the first due first."""
    call.incident_id(reference)
    return _due(call, DueFilters(reference=reference))


def _due(call: Call, of: DueFilters) -> Page:
    by = [call.query["due_before"]] if "due_before" in call.query else []
    by += [call.at] if call.query["late"] else []
    filters = replace(
        of,
        states=tuple(call.query.get("state", (DeadlineState.RUNNING,))),
        kinds=tuple(call.query.get("kind", ())),
        due_before=min(by, default=None),
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
    """Until when its alarms leave the asker alone; `was`: until when they did so far, as the asker saw it."""

    until = Moment()
    was = Moment(required=False, allow_null=True, default=None)


@write(
    "Snooze the alarms of a deadline",
    answer=shapes.DeadlineShape,
    body=Snooze,
    refuses=("deadline_not_running", "snooze_time", "snoozed_enough"),
    forbids=("not_reminded",),
    stale=("snooze_changed",),
)
def snooze_deadline(call: Call, reference: str, deadline_id: int) -> shapes.DeadlineShape:
    """For the asker alone, whom its reminders reach: at most until it is due, or an hour once it is late, and three
    times in all. Then it rings once. It stays due when it was due; others are reminded as before, and told."""
    found = call.child(Deadline.objects.all(), reference, deadline_id)
    snoozing.snooze(
        deadline_id=found.pk,
        until=call.body["until"],
        was=call.body["was"],
        actor=call.actor,
        at=call.at,
    )
    return _one(call, reference, deadline_id)


@write(
    "Say that you have a deadline",
    answer=shapes.DeadlineShape,
    refuses=("deadline_not_running",),
    stale=("acknowledged_before",),
)
def acknowledge_deadline(call: Call, reference: str, deadline_id: int) -> shapes.DeadlineShape:
    """Everybody sees who takes care of it, and steps that ring until then ring no more. It stays due."""
    found = call.child(Deadline.objects.all(), reference, deadline_id)
    snoozing.acknowledge(deadline_id=found.pk, actor=call.actor, at=call.at)
    return _one(call, reference, deadline_id)


@read("Read who is called next for a deadline", answer=shapes.Ringing)
def get_deadline_calls(call: Call, reference: str, deadline_id: int) -> shapes.Ringing:
    """Every alarm ahead with whom it reaches as things stand, and who is left alone until when."""
    found = call.child(Deadline.objects.all(), reference, deadline_id)
    return shapes.ringing(ringing(call.incident(reference), found, at=call.at))


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
    f"{_DEADLINE}calls/": endpoint(get=get_deadline_calls),
    f"{_DEADLINE}acknowledge/": endpoint(post=acknowledge_deadline),
    f"{_DEADLINE}snooze/": endpoint(post=snooze_deadline),
    f"{_DEADLINE}waive/": endpoint(post=waive_deadline),
}
