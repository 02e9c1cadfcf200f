"""Who is on duty, handing over, and who may see a restricted incident."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input, Key, Paged, Text
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import incidents as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import HandOver
from crisisdesk.incidents.queries.desk import promises_of
from crisisdesk.incidents.queries.handover import page_of


class RoleGiven(Input):
    """Which role, to whom."""

    role = Key(allow_blank=False)
    user = Id()


@write(
    "Give a role to a person",
    answer=shapes.IncidentHead,
    body=RoleGiven,
    refuses=(
        ENDED, "role_unknown", "no_such_person", "person_not_of_brand", "person_may_not_lead",
    ),
)  # fmt: skip
def assign_role(call: Call, reference: str) -> shapes.IncidentHead:
    """At once; reminders follow it. Taking a free role oneself needs no lead."""
    incident_id = call.incident_id(reference)
    user = call.somebody(call.body["user"], name="user")
    incident = roles.assign_role(
        incident_id=incident_id,
        role=call.body["role"],
        user=user,
        actor=call.actor,
        at=call.at,
    )
    incident.refresh_from_db()
    return shapes.head(incident, call.actor, at=call.at)


@read("List hand-overs", answer=shapes.HandOverShape, many=True, query=Paged)
def list_handovers(call: Call, reference: str) -> Page:
    """Newest first; one without `accepted_at` and `withdrawn_at` waits for its receiver."""
    rows = HandOver.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows, call.query)
    return {"results": shapes.handovers(found), "next": following}


class HandOverOffer(Input):
    """Which role goes to whom, with a word about it."""

    role = Key(allow_blank=False)
    receiver = Id()
    note = Text(required=False, default="", max_length=5000)


@write(
    "Offer a hand-over",
    answer=shapes.HandOverShape,
    status=201,
    body=HandOverOffer,
    refuses=(
        ENDED, "role_unknown", "role_not_yours", "no_such_person", "person_not_of_brand",
        "person_may_not_lead", "receiver_cannot_see", "handover_to_self",
        "handover_open",
    ),
)  # fmt: skip
def offer_handover(call: Call, reference: str) -> shapes.HandOverShape:
    """With the page the next person needs, as things stand. The giver stays on duty until the
    receiver accepts."""
    incident = call.incident(reference)
    receiver = call.somebody(call.body["receiver"], name="receiver")
    handover = roles.offer_handover(
        incident_id=incident.pk,
        role=call.body["role"],
        receiver=receiver,
        page=page_of(incident, promises_of(incident), at=call.at),
        note=call.body["note"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.handovers([handover])[0]


@write(
    "Accept a hand-over",
    answer=shapes.HandOverShape,
    refuses=(ENDED, "handover_not_yours", "handover_withdrawn"),
)
def accept_handover(call: Call, reference: str, handover_id: int) -> shapes.HandOverShape:
    """ "I have it": only the receiver; a second time changes nothing."""
    found = call.child(HandOver.objects.all(), reference, handover_id)
    handover = roles.accept_handover(handover_id=found.pk, actor=call.actor, at=call.at)
    return shapes.handovers([handover])[0]


@write("Take a hand-over back", answer=shapes.HandOverShape, refuses=("handover_settled",))
def withdraw_handover(call: Call, reference: str, handover_id: int) -> shapes.HandOverShape:
    """Before it is accepted; the giver or the lead."""
    found = call.child(HandOver.objects.all(), reference, handover_id)
    handover = roles.withdraw_handover(handover_id=found.pk, actor=call.actor, at=call.at)
    return shapes.handovers([handover])[0]


class Restriction(Input):
    """Whether only named people see it."""

    restricted = serializers.BooleanField()


@write("Restrict or open to the brand", answer=shapes.IncidentHead, body=Restriction)
def restrict_incident(call: Call, reference: str) -> shapes.IncidentHead:
    """A restricted incident is seen by its opener, its role holders and people the lead names."""
    incident = roles.restrict(
        incident_id=call.incident_id(reference),
        restricted=call.body["restricted"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.head(incident, call.actor, at=call.at)


class Access(Input):
    """Who may see it."""

    user = Id()


@write(
    "Name a person who may see it",
    answer=shapes.IncidentHead,
    body=Access,
    misses=("no_such_person",),
    refuses=("no_such_person",),
)
def grant_access(call: Call, reference: str) -> shapes.IncidentHead:
    """A person of the brand sees this restricted incident from now on."""
    incident_id = call.incident_id(reference)
    user = call.somebody(call.body["user"], name="user")
    incident = roles.grant_access(incident_id=incident_id, user=user, actor=call.actor, at=call.at)
    return shapes.head(incident, call.actor, at=call.at)


_INCIDENT = "incidents/<str:reference>/"
ROUTES = {
    f"{_INCIDENT}roles/": endpoint(post=assign_role),
    f"{_INCIDENT}handovers/": endpoint(get=list_handovers, post=offer_handover),
    f"{_INCIDENT}handovers/<int:handover_id>/accept/": endpoint(post=accept_handover),
    f"{_INCIDENT}handovers/<int:handover_id>/withdraw/": endpoint(post=withdraw_handover),
    f"{_INCIDENT}restriction/": endpoint(put=restrict_incident),
    f"{_INCIDENT}access/": endpoint(post=grant_access),
}
