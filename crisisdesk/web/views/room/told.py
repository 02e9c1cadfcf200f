"""Who knew: who was told of an event, or of a deadline; one press from each, as a dialog or a page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render

from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries import events
from crisisdesk.incidents.queries.receipts import alarms_of, who_knew
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.frame import Room, context, room


@login_required
def event(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Who was told of one event."""
    here = room(request, reference)
    row = events.numbered(here.incident.pk, number)
    if row is None:
        raise Http404
    return _answer(here, tab="timeline", knew=who_knew(here.incident, [row], reader=request.user))


@login_required
def deadline(request: PersonRequest, reference: str, deadline_id: int) -> HttpResponse:
    """Who was told by every alarm of one deadline."""
    here = room(request, reference)
    row = Deadline.objects.filter(incident=here.incident, pk=deadline_id).first()
    if row is None:
        raise Http404
    knew = who_knew(here.incident, alarms_of(row), reader=request.user)
    return _answer(here, tab="deadlines", knew=knew, deadline=row)


def _answer(here: Room, *, tab: str, **page: Any) -> HttpResponse:
    if here.request.headers.get("HX-Request"):
        shown = {"incident": here.incident, **page}
        return render(here.request, "web/room/told_dialog.html", shown)
    return render(here.request, "web/room/told.html", context(here, tab=tab, **page))
