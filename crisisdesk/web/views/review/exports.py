"""PDF exports: asked for, drawn by a worker, downloaded by who may see the incident."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core.domain.files import read_file
from crisisdesk.reports.domain.rendering import request_report
from crisisdesk.reports.enums import ReportState
from crisisdesk.reports.queries.visibility import visible_to
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import room

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.incidents.models import Incident
    from crisisdesk.reports.models import RenderedReport
    from crisisdesk.web.requests import PersonRequest

PAGE = 30
PATIENCE = timedelta(minutes=1)  # drawing takes seconds: whoever waits longer should know why
DRAWING = (ReportState.REQUESTED, ReportState.RENDERING)


def exported(request: PersonRequest, incident: Incident, *, at: datetime) -> dict[str, Any]:
    """Return the PDFs of an incident, newest first; whether one is still being drawn, and for unusually long."""
    rows = list(visible_to(request.user).filter(incident=incident)[:PAGE])
    waiting = [row for row in rows if row.state in DRAWING]
    return {
        "reports": rows,
        "is_drawing": bool(waiting),
        "is_slow": any(row.requested_at < at - PATIENCE for row in waiting),
    }


@login_required
@require_POST
def export(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask for a PDF of the incident as it stands; one that is there already is said to be."""
    here = room(request, reference)
    asked: list[RenderedReport] = []
    answer = press(
        here,
        lambda: asked.append(
            request_report(
                incident_id=here.incident.pk,
                kind=request.POST.get("kind", ""),
                language=request.POST.get("language", ""),
                actor=here.actor,
                at=here.at,
            )
        ),
        back=reverse("web:incident-report", args=[reference]) + "#exports",
        refused=lambda error: ask(here, "web/room/refused.html", tab="report", error=error),
    )
    if asked and asked[0].state == ReportState.DONE:
        messages.info(
            request, _("Nothing has happened since this PDF was drawn; it is in the list, ready.")
        )
    return answer


@login_required
@require_safe
def exports(request: PersonRequest, reference: str) -> HttpResponse:
    """The list of PDFs alone, fetched again while one is being drawn."""
    here = room(request, reference)
    page = {"incident": here.incident, "may": here.may}
    page |= exported(request, here.incident, at=here.at)
    return render(request, "web/review/exports.html", page)


@login_required
@require_safe
def download(request: PersonRequest, report_id: int) -> HttpResponse:
    """The PDF as an attachment, for who may see its incident."""
    row = visible_to(request.user).filter(pk=report_id, state=ReportState.DONE).first()
    if row is None or row.file is None:
        raise Http404
    response = HttpResponse(read_file(row.file), content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=True, filename=row.file_name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
