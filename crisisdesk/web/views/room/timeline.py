"""The timeline: newest first, by day, filtered by kind, in pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import notebook
from crisisdesk.incidents.queries import events
from crisisdesk.incidents.queries.timeline import GROUPS, number_at, page_of
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import ask, moment, press
from crisisdesk.web.views.room.frame import context, room


@login_required
def timeline(request: PersonRequest, reference: str) -> HttpResponse:
    """The newest events, or those before a number or up to a moment; a kind narrows them."""
    here = room(request, reference)
    before, group = request.GET.get("before", ""), request.GET.get("kind", "")
    upto = moment(request.GET.get("at", ""))
    number = int(before[:9]) if before.isdecimal() else None
    if upto is not None:
        number = number_at(here.incident, upto) + 1
    page = {
        "found": page_of(here.incident, before=number, group=group),
        "group": group if group in GROUPS else "",
        "groups": list(GROUPS),
        "upto": request.GET.get("at", "") if upto else "",
        "is_newest": number is None,
        "is_compact": request.GET.get("view") == "compact",
    }
    if request.headers.get("HX-Request") and before:
        more = {"incident": here.incident, "may": here.may, **page}
        return render(request, "web/room/timeline_rows.html", more)
    return render(request, "web/room/timeline.html", context(here, tab="timeline", **page))


@login_required
@require_http_methods(["GET", "POST"])
def amend(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Set an event right by another one that names it; the first stays as it was."""
    here = room(request, reference)
    event = events.numbered(here.incident.pk, number)
    if event is None or not here.may["work"]:
        raise Http404

    def refused(error: DomainError) -> HttpResponse:
        return ask(here, "web/room/amend.html", tab="timeline", error=error, event=event)

    if request.method == "GET":
        return ask(here, "web/room/amend.html", tab="timeline", event=event)
    return press(
        here,
        lambda: notebook.amend_event(
            incident_id=here.incident.pk,
            number=number,
            text=request.POST.get("text", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse("web:incident-timeline", args=[reference]),
        refused=refused,
    )
