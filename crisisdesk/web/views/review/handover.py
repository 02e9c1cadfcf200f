"""Hand-over: one page, offered, read, taken."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.enums import IncidentRole
from crisisdesk.incidents.models import HandOver
from crisisdesk.incidents.queries.handover import page_of
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import people_with_role
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import Room, room


@login_required
def offer(request: PersonRequest, reference: str) -> HttpResponse:
    """The page as it stands now, and to whom it goes."""
    here = room(request, reference)
    if request.method == "GET" and not here.may["hand_over"]:
        raise Http404
    prepared = page_of(here.incident, at=here.at)
    people = people_with_role(here.incident.brand_id, Role.LEAD, Role.STAFF, Role.APPROVER)

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(
            here,
            "web/review/offer.html",
            error=error,
            page=prepared,
            my_roles=_roles(here),
            people=[person for person in people if person.pk != request.user.pk],
        )

    if request.method != "POST":
        return page()
    receiver = request.POST.get("receiver", "")
    person = next((person for person in people if str(person.pk) == receiver), None)
    if person is None:
        raise Http404
    return press(
        here,
        lambda: roles.offer_handover(
            incident_id=here.incident.pk,
            role=request.POST.get("role", ""),
            receiver=person,
            page=prepared,
            note=request.POST.get("note", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse("web:incident", args=[reference]),
        refused=page,
    )


def _roles(here: Room) -> list[str]:
    """The roles this person may hand over: their own; a lead, any."""
    if here.may["assign_role"]:
        return list(IncidentRole)
    return list(
        here.incident.roles.filter(user=here.request.user, to_at=None).values_list(
            "role", flat=True
        )
    )


@login_required
def handover(request: PersonRequest, reference: str, handover_id: int) -> HttpResponse:
    """What the receiver reads; "I have it" takes the role."""
    here = room(request, reference)
    row = (
        HandOver.objects.select_related("giver", "receiver")
        .filter(incident=here.incident, pk=handover_id)
        .first()
    )
    if row is None:
        raise Http404

    def page(error: DomainError | None = None) -> HttpResponse:
        mine = row.receiver_id == request.user.pk
        back = row.giver_id == request.user.pk or here.may["assign_role"]
        return ask(
            here,
            "web/review/handover.html",
            error=error,
            handover=row,
            page=row.page,
            may_take=mine and not row.accepted_at and not row.withdrawn_at,
            may_withdraw=back and not row.accepted_at and not row.withdrawn_at,
        )

    if request.method != "POST":
        return page()
    take = (
        roles.withdraw_handover if request.POST.get("do") == "withdraw" else roles.accept_handover
    )
    return press(
        here,
        lambda: take(handover_id=handover_id, actor=here.actor, at=here.at),
        back=reverse("web:incident", args=[reference]),
        refused=page,
    )
