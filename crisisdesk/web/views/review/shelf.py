"""Reports: incidents that are over, with verdict, figures and PDFs; what an executive comes for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crisisdesk.core import clock
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.queries import metrics
from crisisdesk.incidents.queries import visibility as incidents
from crisisdesk.reports.domain import figures
from crisisdesk.reports.domain.document import voice_for
from crisisdesk.reports.enums import ReportKind, ReportState
from crisisdesk.reports.queries.visibility import visible_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.incidents.models import Incident
    from crisisdesk.reports.models import RenderedReport
    from crisisdesk.web.requests import PersonRequest

PAGE = 10
_OVER = (Status.RESOLVED, Status.CLOSED)


@login_required
@require_safe
def reports(request: PersonRequest) -> HttpResponse:
    """Incidents that are resolved or closed, newest first, ten at a time."""
    rows = incidents.visible_to(request.user).filter(status__in=_OVER)
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.select_related("brand", "postmortem").order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    page = {
        "nav": "reports",
        "entries": _entries(request, shown),
        "older": shown[-1].pk if len(found) > PAGE else None,
        "is_first": not before,
    }
    return render(request, "web/review/reports.html", page)


def _order(report: RenderedReport) -> tuple[int, bool, int]:
    """The newest edition first; in it one page before the full report, in the order of the languages."""
    is_full = report.kind == ReportKind.FULL
    return (-report.edition, is_full, LANGUAGES.index(report.language))


def _entries(request: PersonRequest, shown: list[Incident]) -> list[dict[str, Any]]:
    """Each incident with its verdict, its figures and the PDFs of its newest edition."""
    measured = metrics.of_incidents(shown, at=clock.now())
    files: dict[int, list[RenderedReport]] = {}
    done = visible_to(request.user).filter(incident__in=shown, state=ReportState.DONE)
    for report in sorted(done, key=_order):
        kept = files.setdefault(report.incident_id, [])
        if not kept or kept[0].edition == report.edition:
            kept.append(report)
    entries = []
    for incident in shown:
        voice = voice_for(incident, request.LANGUAGE_CODE)
        voice = replace(voice, zone=request.user.zone)
        six = figures.six(measured[incident.pk], voice)
        entries.append(
            {
                "incident": incident,
                "review": getattr(incident, "postmortem", None),
                "finding": figures.finding(measured[incident.pk], voice),
                "six": six,
                "files": files.get(incident.pk, []),
            }
        )
    return entries
