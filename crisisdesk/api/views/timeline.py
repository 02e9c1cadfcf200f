"""The timeline: read in parts, noted, amended, erased."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import get_language
from rest_framework import serializers

from crisisdesk.api.inputs import Input, Moment, Text
from crisisdesk.api.operations import Call, endpoint, read, write
from crisisdesk.api.shapes import record as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import notebook, timeline
from crisisdesk.incidents.models import TimelineEvent
from crisisdesk.incidents.queries import events

MOST_NUMBER = 2**31 - 1


class EventQuery(Input):
    """Onwards from a number, or back from one; neither: the newest."""

    after = serializers.IntegerField(min_value=0, max_value=MOST_NUMBER, required=False)
    before = serializers.IntegerField(min_value=1, max_value=MOST_NUMBER, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=1000, required=False, default=50)


class EventPart(TypedDict):
    """Some events; `next` is what to give as `after` or `before` for the following ones."""

    results: list[shapes.Event]
    next: int | None


@read("Read the timeline", answer=EventPart, query=EventQuery)
def list_events(call: Call, reference: str) -> EventPart:
    """With `after`: the events after that number in their order, for following what happens.
    Otherwise the newest first, or those before `before`."""
    incident_id = call.incident_id(reference)
    limit = call.query["limit"]
    if "after" in call.query:
        part = events.after(incident_id, call.query["after"], limit=limit)
    else:
        part = events.newest(incident_id, before=call.query.get("before"), limit=limit)
    return {"results": [shapes.event(row) for row in part.events], "next": part.next}


@read("Read an event", answer=shapes.Event)
def get_event(call: Call, reference: str, number: int) -> shapes.Event:
    """One event by its number."""
    found = events.numbered(call.incident_id(reference), number)
    if found is None:
        raise NotVisible
    return shapes.event(found)


class Note(Input):
    """One line, and when it happened if that was not now."""

    text = Text()
    occurred_at = Moment(required=False, allow_null=True)


@write(
    "Write a note",
    answer=shapes.Event,
    status=201,
    body=Note,
    refuses=("text_missing", "text_too_long", "occurred_in_future"),
)
def add_note(call: Call, reference: str) -> shapes.Event:
    """It may be dated back, never forward; both times are kept."""
    event = notebook.add_note(
        incident_id=reference,
        text=call.body["text"],
        occurred_at=call.body.get("occurred_at"),
        actor=call.actor,
        at=call.at,
    )
    return _written(call, event)


class Amendment(Input):
    """What is right."""

    text = Text()


@write(
    "Amend an event",
    answer=shapes.Event,
    status=201,
    body=Amendment,
    refuses=("text_missing", "text_too_long", "no_such_event"),
)
def amend_event(call: Call, reference: str, number: int) -> shapes.Event:
    """A new event that names the old one, which stays as it was."""
    event = notebook.amend_event(
        incident_id=call.incident_id(reference),
        number=number,
        text=call.body["text"],
        actor=call.actor,
        at=call.at,
    )
    return _written(call, event)


class Erasure(Input):
    """Why the words must go."""

    reason = Text(max_length=300)


@write("Erase the words of an event", body=Erasure, refuses=("reason_missing", "no_such_event"))
def erase_text(call: Call, reference: str, number: int) -> None:
    """Administrators only. The event and its place in the chain stay, and the erasing is an
    event."""
    timeline.erase_text(
        call.incident_id(reference),
        number,
        reason=call.body["reason"],
        actor=call.actor,
        at=call.at,
    )


def _written(call: Call, event: TimelineEvent) -> shapes.Event:
    name = call.user.name_in(get_language() or "en")
    return shapes.event(events.written(event, actor_name=name))


_INCIDENT = "incidents/<str:reference>/"
ROUTES = {
    f"{_INCIDENT}timeline/": endpoint(get=list_events),
    f"{_INCIDENT}timeline/<int:number>/": endpoint(get=get_event),
    f"{_INCIDENT}timeline/<int:number>/amendments/": endpoint(post=amend_event),
    f"{_INCIDENT}timeline/<int:number>/erasure/": endpoint(post=erase_text),
    f"{_INCIDENT}notes/": endpoint(post=add_note),
}
