"""PDF exports: asked for, drawn by a worker, downloaded by who may see the incident."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.domain.files import read_file
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.queries import metrics
from crisisdesk.incidents.queries import visibility as incidents
from crisisdesk.reports.domain import figures
from crisisdesk.reports.domain.document import voice_for
from crisisdesk.reports.domain.rendering import request_report
from crisisdesk.reports.enums import ReportState
from crisisdesk.reports.queries.visibility import visible_to
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import room

PAGE = 10


@login_required
@require_POST
def export(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask for a PDF of the incident as it stands."""
    here = room(request, reference)
    return press(
        here,
        lambda: request_report(
            incident_id=here.incident.pk,
            kind=request.POST.get("kind", "one_page"),
            language=request.POST.get("language", request.LANGUAGE_CODE),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse("web:incident-report", args=[reference]) + "#exports",
        refused=lambda error: ask(here, "web/room/refused.html", tab="report", error=error),
    )


@login_required
def exports(request: PersonRequest, reference: str) -> HttpResponse:
    """The list of PDFs alone, fetched again while one is being drawn."""
    here = room(request, reference)
    found = list(visible_to(request.user).filter(incident=here.incident)[:30])
    return render(request, "web/review/exports.html", {"reports": found, "incident": here.incident})


@login_required
def download(request: PersonRequest, report_id: int) -> HttpResponse:
    """The PDF as an attachment."""
    row = visible_to(request.user).filter(pk=report_id, state=ReportState.DONE).first()
    if row is None or row.file is None:
        raise Http404
    response = HttpResponse(read_file(row.file), content_type="application/pdf")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=row.file_name) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def reports(request: PersonRequest) -> HttpResponse:
    """Incidents that are over, newest first, with verdict, figures and PDFs."""
    before = request.GET.get("before", "")
    rows = (
        incidents.visible_to(request.user)
        .filter(status__in=(Status.RESOLVED, Status.CLOSED))
        .select_related("brand", "postmortem")
        .order_by("-pk")
    )
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows[: PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    measured = metrics.of_incidents(shown, at=clock.now())
    files: dict[int, list[object]] = {}
    done = visible_to(request.user).filter(incident__in=shown, state=ReportState.DONE)
    for report in done:
        files.setdefault(report.incident_id, []).append(report)
    entries = [
        {
            "incident": incident,
            "review": getattr(incident, "postmortem", None),
            "six": figures.six(measured[incident.pk], voice_for(incident, request.LANGUAGE_CODE)),
            "files": files.get(incident.pk, [])[:6],
        }
        for incident in shown
    ]
    page = {"nav": "reports", "entries": entries, "older": shown[-1].pk if more else None}
    return render(request, "web/review/reports.html", page)
