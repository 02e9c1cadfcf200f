"""Whoever reads and decides asks the lead for an update; the lead answers all who asked."""

from __future__ import annotations

from crisisdesk.api.inputs import Input, Text
from crisisdesk.api.operations import Call, endpoint, read, write
from crisisdesk.api.shapes import deadlines as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.incidents.domain import updates
from crisisdesk.incidents.queries.requests import requests_now


@read("List who waits for an update", answer=shapes.UpdateRequests)
def list_update_requests(call: Call, reference: str) -> shapes.UpdateRequests:
    """The requests that run, the first due first."""
    return _all(call, reference)


class Question(Input):
    """What the asker wants to know, if they say so."""

    question = Text(max_length=1000, required=False, default="")


@write(
    "Ask for an update",
    answer=shapes.UpdateRequests,
    body=Question,
    status=201,
    refuses=(ENDED, "request_runs", "asked_just_now", "request_to_self", "text_too_long"),
)
def ask_update(call: Call, reference: str) -> shapes.UpdateRequests:
    """A deadline for the lead, as long as the plan says at this severity. One of a person runs at a time."""
    updates.ask_update(
        incident_id=call.incident_id(reference),
        question=call.body["question"],
        actor=call.actor,
        at=call.at,
    )
    return _all(call, reference)


class UpdateAnswer(Input):
    """The update, in words."""

    text = Text(max_length=5000)


@write(
    "Answer who asked for an update",
    answer=shapes.UpdateRequests,
    body=UpdateAnswer,
    refuses=("no_request", "text_missing", "text_too_long"),
)
def answer_update(call: Call, reference: str) -> shapes.UpdateRequests:
    """A line of the timeline for everybody who waits; their requests are met."""
    updates.answer_update(
        incident_id=call.incident_id(reference),
        text=call.body["text"],
        actor=call.actor,
        at=call.at,
    )
    return _all(call, reference)


def _all(call: Call, reference: str) -> shapes.UpdateRequests:
    found = requests_now(call.incident(reference))
    return {"requests": [shapes.update_request(row) for row in found.running]}


ROUTES = {
    "incidents/<str:reference>/update-requests/": endpoint(
        get=list_update_requests, post=ask_update
    ),
    "incidents/<str:reference>/update-requests/answer/": endpoint(post=answer_update),
}
