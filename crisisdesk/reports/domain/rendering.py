"""Ask for a report, and draw it on a worker. The row is the work; the broker only rings (law 4)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from crisisdesk.core.domain.files import store_bytes
from crisisdesk.core.errors import Invalid
from crisisdesk.core.jobs import after_commit
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.reports.domain import document, pdf
from crisisdesk.reports.domain.report import Report
from crisisdesk.reports.enums import ReportKind, ReportState
from crisisdesk.reports.models import RenderedReport

logger = logging.getLogger(__name__)

RENDER = "reports.render"
PDF_TYPE = "application/pdf"
LONG = 300  # events from which page one is tried alone before the whole is set
PATIENCE = timedelta(minutes=5)  # longer than the hard limit of the task: whoever held it is dead


@transaction.atomic
def request_report(
    *, incident_id: int, language: str, actor: Actor, at: datetime, kind: str = ReportKind.ONE_PAGE
) -> RenderedReport:
    """Ask for a report as the incident stands; the same kind and language of the same moment is
    made once.

    One that failed is asked for again. Raises NotVisible, NotAllowed, Invalid("report_kind_unknown"
    | "language_unknown").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "request_report", incident)
    if kind not in set(ReportKind):
        raise Invalid("report_kind_unknown", field="kind", value=kind)
    if language not in LANGUAGES:
        raise Invalid("language_unknown", field="language", value=language)
    known = RenderedReport.objects.filter(incident=incident, built_from_number=incident.last_number)
    row = known.filter(kind=kind, language=language).order_by("-pk").first()
    if row is None:
        row = RenderedReport.objects.create(
            incident=incident,
            kind=kind,
            language=language,
            edition=_edition(incident),
            requested_by=actor.user,
            requested_at=at,
            built_from_number=incident.last_number,
            built_from_hash=incident.last_hash,
        )
    elif row.state == ReportState.FAILED:
        row.state, row.error_code, row.requested_by, row.requested_at = (
            ReportState.REQUESTED,
            "",
            actor.user,
            at,
        )
        row.save(update_fields=["state", "error_code", "requested_by", "requested_at"])
    if row.state == ReportState.REQUESTED:
        after_commit(RENDER)
    return row


def _edition(incident: Incident) -> int:
    """The edition of reports built from the incident's last event: a new one for each new state of
    the timeline.
    """
    rows = RenderedReport.objects.filter(incident=incident)
    same = rows.filter(built_from_number=incident.last_number).first()
    newest = rows.order_by("-edition").first()
    return same.edition if same else (newest.edition if newest else 0) + 1


def render_next(*, at: datetime) -> RenderedReport | None:
    """Draw the report that has waited longest and return it; None when none waits or another worker
    took it first.
    """
    for pk in (
        RenderedReport.objects.filter(state=ReportState.REQUESTED)
        .order_by("requested_at", "pk")
        .values_list("pk", flat=True)[:20]
    ):
        if RenderedReport.objects.filter(pk=pk, state=ReportState.REQUESTED).update(
            state=ReportState.RENDERING, started_at=at
        ):
            return render(RenderedReport.objects.select_related("incident").get(pk=pk), at=at)
    return None


def render(row: RenderedReport, *, at: datetime) -> RenderedReport:
    """Draw a claimed report and keep its file; a failure is kept as a code, and the worker goes
    on.
    """
    try:
        content, pages = draw(_build(row, at=at), row.kind)
        with transaction.atomic():
            row.file = store_bytes(content, content_type=PDF_TYPE, at=at)
            row.pages, row.state, row.done_at = pages, ReportState.DONE, at
            row.save()
    except pdf.PdfUnavailable as error:
        _fail(row, error.code)
    except SoftTimeLimitExceeded:
        _fail(row, "report_too_long")
    except Exception:
        logger.exception("report %s could not be drawn", row.pk)
        _fail(row, "report_failed")
    return row


@transaction.atomic
def _build(row: RenderedReport, *, at: datetime) -> Report:
    """Read the incident under its lock, so that every number in the report is of one moment."""
    incident = (
        Incident.objects.select_for_update(of=("self",))
        .select_related("brand", "brand__logo")
        .get(pk=row.incident_id)
    )
    row.built_from_number, row.built_from_hash = incident.last_number, incident.last_hash
    return document.build(incident, row.language, edition=row.edition, at=at)


def draw(report: Report, kind: str) -> tuple[bytes, int]:
    """Return the PDF and its number of pages; where page one runs over, it is set once more,
    tighter.
    """
    with pdf.collector_at_rest():
        # Of a long report page one is tried alone first: setting hundreds of rows twice costs more.
        is_long = kind == ReportKind.FULL and len(report.timeline) > LONG
        tight = is_long and not pdf.fits(pdf.typeset(pdf.html(report, ReportKind.ONE_PAGE)))
        sheets = pdf.typeset(pdf.html(report, kind, tight=tight))
        if not tight and not pdf.fits(sheets):
            sheets = pdf.typeset(pdf.html(report, kind, tight=True))
        return pdf.write(sheets, rtl=report.direction == "rtl"), len(sheets.pages)


def _fail(row: RenderedReport, code: str) -> None:
    row.state, row.error_code = ReportState.FAILED, code
    row.save(update_fields=["state", "error_code"])


def sweep(*, at: datetime) -> int:
    """Take back what dead workers held, ring for whatever waits, and return how many reports
    wait.
    """
    stale = RenderedReport.objects.filter(state=ReportState.RENDERING, started_at__lt=at - PATIENCE)
    with transaction.atomic():
        stale.update(state=ReportState.REQUESTED, started_at=None)
        waiting = RenderedReport.objects.filter(state=ReportState.REQUESTED).count()
        if waiting:
            after_commit(RENDER)
    return waiting
