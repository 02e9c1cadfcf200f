"""Hand-over: one page, offered, read, taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crisisdesk.core.errors import DomainError, Invalid
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import HandOver
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries.handover import page_of, roles_to_give
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import room

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: PersonRequest, reference: str) -> HttpResponse:
    """The page as it stands now, which role, and to whom it goes."""
    here = room(request, reference)
    if request.method != "POST" and not (here.may["hand_over"] and here.incident.is_open):
        raise Http404
    people = duty.team(here.incident).members
    prepared = page_of(here.incident, here.head.promises, at=here.at)

    def page(error: DomainError | None = None) -> HttpResponse:
        any_role = here.may["assign_role"]
        return ask(
            here,
            "web/review/offer.html",
            error=error,
            page=prepared,
            roles=roles_to_give(here.incident, here.head, request.user, any_role=any_role),
            wanted=request.POST.get("role") or request.GET.get("role", ""),
            receiver=request.POST.get("receiver", ""),
            people=[person for person in people if any_role or person.pk != request.user.pk],
        )

    if request.method != "POST":
        return page()
    chosen = request.POST.get("receiver", "")
    person = next((person for person in people if str(person.pk) == chosen), None)
    if person is None:
        return page(Invalid("no_such_person", field="receiver"))
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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: PersonRequest, reference: str, handover_id: int) -> HttpResponse:
    """What the receiver reads; "I have it" takes the role, the giver or the lead may take it back."""
    here = room(request, reference)
    rows = HandOver.objects.select_related("giver", "receiver").filter(incident=here.incident)
    row = rows.filter(pk=handover_id).first()
    if row is None:
        raise Http404

    def page(error: DomainError | None = None) -> HttpResponse:
        is_open = not row.accepted_at and not row.withdrawn_at and here.incident.is_open
        mine = row.receiver_id == request.user.pk
        back = row.giver_id == request.user.pk or here.may["assign_role"]
        return ask(
            here,
            "web/review/handover.html",
            error=error,
            handover=row,
            page=row.page,
            is_open=is_open,
            since=max(
                0, here.incident.last_number - row.page.get("number", 0) - 1
            ),  # the offer is one
            may_take=mine and is_open,
            may_withdraw=back and is_open,
        )

    if request.method != "POST":
        return page()
    back = request.POST.get("do") == "withdraw"
    act = roles.withdraw_handover if back else roles.accept_handover
    return press(
        here,
        lambda: act(handover_id=handover_id, actor=here.actor, at=here.at),
        back=reverse("web:incident", args=[reference]),
        refused=page,
    )
