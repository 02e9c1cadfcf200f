"""A newer revision of the playbook: what it brings, and chosen parts taken into the running incident."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input
from crisisdesk.api.operations import Call, endpoint, read, write
from crisisdesk.api.shapes import checklist, words
from crisisdesk.api.shapes import newer as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.incidents.domain import taking_over
from crisisdesk.incidents.domain.newer import new_items, new_statements, read_news
from crisisdesk.incidents.queries.statements import these_statements
from playbooks.queries.shelf import newer_revision


@read("Read what a newer revision brings", answer=shapes.NewerRevision)
def get_newer_revision(call: Call, reference: str) -> shapes.NewerRevision:
    """The items and statements of the playbook's newest revision that this incident does not have, each with the time,
    the condition and the words it would have if it were taken over now."""
    incident = call.incident(reference)
    ours = incident.plan["playbook"]["number"]
    found = newer_revision(call.user, incident.playbook_revision_id, whole=True)
    if found is None:
        return shapes.newer(ours, None, [], [])
    news = read_news(incident, found)
    return shapes.newer(ours, found, new_items(news, at=call.at), new_statements(news))


class Chosen(Input):
    """What is taken over, by key, from which revision (its id)."""

    revision = Id()
    items = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=500
    )
    statements = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=500
    )


@write(
    "Take over parts of a newer revision",
    answer=shapes.TakenOver,
    body=Chosen,
    refuses=(
        ENDED, "nothing_chosen", "no_such_revision", "revision_of_other_playbook",
        "revision_not_newer", "not_in_revision", "counts_from_missing",
    ),
    stale=("already_taken_over",),
)  # fmt: skip
def take_over(call: Call, reference: str) -> shapes.TakenOver:
    """Copies them as opening would; what the incident has stays as it is. A time that would be over
    counts from now."""
    incident = call.incident(reference)
    taken = taking_over.take_over(
        incident_id=incident.pk,
        revision_id=call.body["revision"],
        items=call.body.get("items", ()),
        statements=call.body.get("statements", ()),
        actor=call.actor,
        at=call.at,
    )
    incident = call.incident(reference)
    said = these_statements(incident, [row.pk for row in taken.statements], at=call.at)
    return {
        "items": checklist.items(incident, list(taken.items)),
        "statements": words.statements(said),
    }


_INCIDENT = "incidents/<str:reference>/"
ROUTES = {
    f"{_INCIDENT}newer/": endpoint(get=get_newer_revision),
    f"{_INCIDENT}newer/take-over/": endpoint(post=take_over),
}
