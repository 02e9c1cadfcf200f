"""Who knew: of an event of the timeline, and of every alarm of a deadline."""

from __future__ import annotations

from typing import TypedDict

from crisisdesk.api.operations import Call, endpoint, read
from crisisdesk.api.shapes import receipts as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries import events
from crisisdesk.incidents.queries.receipts import alarms_of, who_knew


@read("Read who knew of an event", answer=shapes.KnewShape)
def get_event_receipts(call: Call, reference: str, number: int) -> shapes.KnewShape:
    """Everybody who was told of it: by which reason and transport, the other side's answer, and
    whether it was opened on the desk."""
    incident = call.incident(reference)
    event = events.numbered(incident.pk, number)
    if event is None:
        raise NotVisible
    return shapes.knew(who_knew(incident, [event], reader=call.user)[0])


class DeadlineReceipts(TypedDict):
    """What was recorded of a deadline while it ran, the newest first, each with who knew of it."""

    results: list[shapes.KnewShape]


@read("Read who knew of a deadline", answer=DeadlineReceipts)
def get_deadline_receipts(call: Call, reference: str, deadline_id: int) -> DeadlineReceipts:
    """Every alarm, escalation and snooze of it, with who was told."""
    incident = call.incident(reference)
    deadline = call.child(Deadline.objects.all(), reference, deadline_id)
    knew = who_knew(incident, alarms_of(deadline), reader=call.user)
    return {"results": [shapes.knew(one) for one in knew]}


_INCIDENT = "incidents/<str:reference>/"
ROUTES = {
    f"{_INCIDENT}timeline/<int:number>/receipts/": endpoint(get=get_event_receipts),
    f"{_INCIDENT}deadlines/<int:deadline_id>/receipts/": endpoint(get=get_deadline_receipts),
}
