"""Who must be told by law: duties, their clocks, and what was sent."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Key, Moment, Text, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import regulators as shapes
from crisisdesk.incidents.domain import regulators as commands
from crisisdesk.incidents.models import RegulatorClock
from crisisdesk.incidents.queries.regulators import regulators_of


@read("List the duties to tell an authority", answer=shapes.RegulatorShape, many=True)
def list_regulators(call: Call, reference: str) -> Page:
    """All that were asked about, in the playbook's order; whether a law applies is for counsel."""
    rows = regulators_of(call.incident(reference))
    return {"results": shapes.regulators(rows), "next": None}


class RegulatorAdded(Input):
    """An authority of the desk's list."""

    key = Key()


@write(
    "Ask about another authority",
    answer=shapes.RegulatorShape,
    status=201,
    body=RegulatorAdded,
    refuses=("regulator_unknown", "regulator_there", "incident_ended"),
)
def add_regulator(call: Call, reference: str) -> shapes.RegulatorShape:
    """One that the playbook does not name."""
    clock = commands.add_regulator(
        incident_id=call.incident_id(reference),
        key=call.body["key"],
        actor=call.actor,
        at=call.at,
    )
    return _one(call, reference, clock.pk)


class RegulatorAnswered(Versioned):
    """Whether it applies, and from when its time runs."""

    applies = serializers.BooleanField()
    started_at = Moment(required=False)


@write(
    "Answer whether a duty applies",
    answer=shapes.RegulatorShape,
    body=RegulatorAnswered,
    refuses=("started_missing", "started_in_future", "notice_sent", "incident_ended"),
    stale=("stale",),
    versioned=True,
)
def answer_regulator(call: Call, reference: str, clock_id: int) -> shapes.RegulatorShape:
    """Yes starts its clock, no ends one that runs; it may change until a notice was sent."""
    clock = call.child(RegulatorClock.objects.all(), reference, clock_id)
    commands.answer_regulator(
        clock_id=clock.pk,
        applies=call.body["applies"],
        version=call.version(clock),
        actor=call.actor,
        at=call.at,
        **call.given("started_at"),
    )
    return _one(call, reference, clock_id)


class NoticeRecorded(Versioned):
    """What was told, by the names of the duty's fields; without `sent_at` it is now."""

    sent_at = Moment(required=False)
    contents = serializers.DictField(child=Text(), allow_empty=True)
    receipt = Text(required=False, max_length=120)
    late_reason = Text(required=False)


@write(
    "Record a notice to an authority",
    answer=shapes.RegulatorShape,
    status=201,
    body=NoticeRecorded,
    refuses=(
        "duty_not_applying",
        "sent_in_future",
        "sent_before_start",
        "contents_missing",
        "field_unknown",
        "text_too_long",
        "late_reason_missing",
    ),
    stale=("stale",),
    versioned=True,
)
def record_notice(call: Call, reference: str, clock_id: int) -> shapes.RegulatorShape:
    """The first part meets the clock; later parts add what was missing."""
    clock = call.child(RegulatorClock.objects.all(), reference, clock_id)
    commands.record_notice(
        clock_id=clock.pk,
        sent_at=call.body.get("sent_at", call.at),
        contents=call.body["contents"],
        version=call.version(clock),
        actor=call.actor,
        at=call.at,
        **call.given("receipt", "late_reason"),
    )
    return _one(call, reference, clock_id)


def _one(call: Call, reference: str, clock_id: int) -> shapes.RegulatorShape:
    rows = regulators_of(call.incident(reference))
    return shapes.regulators([row for row in rows if row.clock.pk == clock_id])[0]


_CLOCK = "incidents/<str:reference>/regulators/<int:clock_id>/"
ROUTES = {
    "incidents/<str:reference>/regulators/": endpoint(get=list_regulators, post=add_regulator),
    _CLOCK: endpoint(post=answer_regulator),
    f"{_CLOCK}notices/": endpoint(post=record_notice),
}
