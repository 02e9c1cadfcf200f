"""One deadline with its alarms, and the update that somebody asks of the lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import deadlines, snoozing, updates
from crisisdesk.incidents.domain.alarms import rules_of
from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries.requests import requests_now
from crisisdesk.incidents.queries.ringing import ringing
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import ask, moment, press
from crisisdesk.web.views.room.frame import Room, room
from playbooks.domain.lesson_book import read_book

SNOOZES = (10, 30)  # minutes
_BACK = {"desk": "web:desk", "inbox": "web:inbox"}


@login_required
def deadline(request: PersonRequest, reference: str, deadline_id: int) -> HttpResponse:
    """Who is called next, when and how; be left alone for a while, say that you have it, or let it go."""
    here = room(request, reference)
    rows = Deadline.objects.filter(incident=here.incident, pk=deadline_id)
    row = rows.select_related("owner", "acknowledged_by").first()
    if row is None:
        raise Http404

    def page(error: DomainError | None = None) -> HttpResponse:
        rings = ringing(here.incident, row, at=here.at)
        return ask(
            here,
            "web/room/deadline.html",
            error=error,
            deadline=row,
            ringing=rings,
            mine=rings.until(request.user),
            snoozes=SNOOZES,
            book=read_book(),
        )

    if request.method != "POST":
        return page()
    back = _BACK.get(request.POST.get("back", ""))
    address = reverse("web:deadline", args=[reference, deadline_id])
    return press(
        here,
        lambda: _press(here, deadline_id),
        back=reverse(back) if back else address,
        refused=page,
    )


def _press(here: Room, deadline_id: int) -> Any:
    given = here.request.POST
    same: dict[str, Any] = {"deadline_id": deadline_id, "actor": here.actor, "at": here.at}
    if given.get("do") == "waive":
        return deadlines.waive(reason=given.get("reason", ""), **same)
    if given.get("do") == "acknowledge":
        return snoozing.acknowledge(**same)
    minutes = given.get("minutes", "")
    until = here.at + timedelta(minutes=int(minutes) if minutes.isdecimal() else 0)
    if given.get("until"):
        until = moment(given["until"]) or here.at
    return snoozing.snooze(until=until, was=_was(given.get("was", "")), **same)


def _was(text: str) -> datetime | None:
    """Return until when the page said that the person is left alone."""
    try:
        return parse_datetime(text) if text else None
    except ValueError:
        return None


@login_required
def update(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask the lead for an update, see since when one is asked, or answer all who asked."""
    here = room(request, reference)

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(
            here,
            "web/room/update.html",
            error=error,
            asked=requests_now(here.incident),
            minutes=rules_of(here.incident)["answer"][here.incident.severity],
        )

    if request.method != "POST":
        return page()
    given = request.POST
    same: dict[str, Any] = {"incident_id": here.incident.pk, "actor": here.actor, "at": here.at}

    def command() -> Any:
        if given.get("do") == "answer":
            return updates.answer_update(text=given.get("text", ""), **same)
        return updates.ask_update(question=given.get("question", ""), **same)

    return press(here, command, back=reverse("web:incident-update", args=[reference]), refused=page)
