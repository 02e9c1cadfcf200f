"""Hand-over, report, post-mortem, exports."""

from __future__ import annotations

from django.urls import URLPattern, path

from crisisdesk.web.views.review import exports, handover, report, shelf

_ROOM = "incidents/<str:reference>"

urlpatterns: list[URLPattern] = [
    path(f"{_ROOM}/handover/", handover.offer, name="incident-handover"),
    path(f"{_ROOM}/handover/<int:handover_id>/", handover.handover, name="handover"),
    path(f"{_ROOM}/report/", report.report, name="incident-report"),
    path(f"{_ROOM}/report/save/", report.save, name="report-save"),
    path(f"{_ROOM}/report/sign/", report.sign, name="report-sign"),
    path(f"{_ROOM}/report/line/", report.line, name="report-line"),
    path(f"{_ROOM}/report/actions/", report.add_action, name="action-add"),
    path(f"{_ROOM}/report/actions/<int:action_id>/", report.finish_action, name="action-finish"),
    path(f"{_ROOM}/report/export/", exports.export, name="report-export"),
    path(f"{_ROOM}/report/exports/", exports.exports, name="report-exports"),
    path("reports/", shelf.reports, name="reports"),
    path("reports/<int:report_id>/", exports.download, name="report-download"),
]
