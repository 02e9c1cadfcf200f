"""The course of an incident: status, severity, title, false alarm, opening again, who may see it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import lifecycle, roles, transitions
from crisisdesk.incidents.enums import CancelReason, Status
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.queries.visibility import people_visible_to
from crisisdesk.web.requests import PersonRequest, typed_version
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import Room, room
from playbooks.domain.lesson_book import read_book


def _room_for(request: PersonRequest, reference: str, permission: str) -> Room:
    """Return the room; a page that asks for what the person may not do does not exist for them."""
    here = room(request, reference)
    if request.method == "GET" and not here.may[permission]:
        raise Http404
    return here


def _home(here: Room) -> str:
    return reverse("web:incident", args=[here.incident.reference])


@login_required
def status(request: PersonRequest, reference: str) -> HttpResponse:
    """What stands in the way of the next status, then the button."""
    here = _room_for(request, reference, "change_status")
    current = Status(here.incident.status)
    options = [
        {"to": to, "reasons": transitions.can_move_to(here.incident, to)}
        for to in transitions.ALLOWED[current]
        if to != Status.CANCELLED
    ]

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(here, "web/room/status.html", error=error, options=options, book=read_book())

    if request.method != "POST":
        return page()
    wanted = request.POST.get("to", "")
    if wanted not in set(Status):
        raise Http404
    return press(
        here,
        lambda: lifecycle.change_status(
            incident_id=here.incident.pk,
            to=Status(wanted),
            expected=request.POST.get("expected", ""),
            note=request.POST.get("note", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here),
        refused=page,
    )


@login_required
def severity(request: PersonRequest, reference: str) -> HttpResponse:
    """One press; a reason only when lowering."""
    here = _room_for(request, reference, "change_severity")

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(here, "web/room/severity.html", error=error)

    if request.method != "POST":
        return page()
    return press(
        here,
        lambda: lifecycle.change_severity(
            incident_id=here.incident.pk,
            to=request.POST.get("to", ""),
            expected=request.POST.get("expected", ""),
            reason=request.POST.get("reason", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here),
        refused=page,
    )


@login_required
def title(request: PersonRequest, reference: str) -> HttpResponse:
    """Another title; if somebody changed it first, both are shown."""
    here = _room_for(request, reference, "change_title")

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(here, "web/room/title.html", error=error)

    if request.method != "POST":
        return page()
    return press(
        here,
        lambda: lifecycle.change_title(
            incident_id=here.incident.pk,
            title=request.POST.get("title", ""),
            version=typed_version(request),
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here),
        refused=page,
    )


@login_required
def cancel(request: PersonRequest, reference: str) -> HttpResponse:
    """False alarm, or the same matter as another incident: one line, no post-mortem."""
    here = _room_for(request, reference, "cancel")
    others = (
        visible_to(request.user).filter(brand=here.incident.brand_id).exclude(pk=here.incident.pk)
    )

    def page(error: DomainError | None = None) -> HttpResponse:
        recent = list(others.order_by("-opened_at")[:10])
        published = lifecycle.published_words(here.incident)
        return ask(here, "web/room/cancel.html", error=error, others=recent, published=published)

    if request.method != "POST":
        return page()
    reason = request.POST.get("reason", "")
    other = others.filter(reference=request.POST.get("same_matter_as", "")).first()
    return press(
        here,
        lambda: lifecycle.cancel_incident(
            incident_id=here.incident.pk,
            reason=CancelReason(reason)
            if reason in set(CancelReason)
            else CancelReason.FALSE_ALARM,
            line=request.POST.get("line", ""),
            same_matter_as=other.pk if other else None,
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here),
        refused=page,
    )


@login_required
def reopen(request: PersonRequest, reference: str) -> HttpResponse:
    """Work goes on after all, for a reason."""
    here = _room_for(request, reference, "reopen")

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(here, "web/room/reopen.html", error=error)

    if request.method != "POST":
        return page()
    return press(
        here,
        lambda: lifecycle.reopen_incident(
            incident_id=here.incident.pk,
            reason=request.POST.get("reason", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here),
        refused=page,
    )


@login_required
def restrict(request: PersonRequest, reference: str) -> HttpResponse:
    """Close the room to all but named people, open it again, or name one more."""
    here = _room_for(request, reference, "restrict")
    people = (
        people_visible_to(request.user).filter(memberships__brand=here.incident.brand_id).distinct()
    )

    def page(error: DomainError | None = None) -> HttpResponse:
        named = here.incident.accesses.select_related("user").order_by("pk")
        return ask(here, "web/room/restrict.html", error=error, people=people, named=named)

    if request.method != "POST":
        return page()
    given = request.POST

    def command() -> object:
        if given.get("user", "").isdecimal():
            person = people.filter(pk=int(given["user"])).first()
            if person is None:
                raise Http404
            return roles.grant_access(
                incident_id=here.incident.pk, user=person, actor=here.actor, at=here.at
            )
        return roles.restrict(
            incident_id=here.incident.pk,
            restricted=given.get("restricted") == "yes",
            actor=here.actor,
            at=here.at,
        )

    back = reverse("web:incident-restrict", args=[reference])
    return press(here, command, back=back, refused=page)
