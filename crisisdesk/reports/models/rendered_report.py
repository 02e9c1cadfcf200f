"""A report that somebody asked for, and the file it became."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.core.languages import CHOICES
from crisisdesk.reports.enums import ReportKind, ReportState


class RenderedReport(models.Model):
    """One kind of report on one incident in one language, built from the timeline up to one event.

    The number and hash of that event are printed inside the file; the file's own SHA-256 cannot be,
    so it is shown beside the download. Reports asked for at the same event share their edition,
    whatever their kind and language.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="rendered_reports"
    )
    kind = models.CharField(max_length=10, choices=ReportKind.choices, default=ReportKind.ONE_PAGE)
    language = models.CharField(max_length=5, choices=CHOICES)
    edition = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    file = models.ForeignKey(
        "core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    pages = models.PositiveIntegerField(default=0)
    built_from_number = models.PositiveIntegerField()
    built_from_hash = models.CharField(max_length=64, blank=True)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("-requested_at", "-pk")
        indexes = [
            models.Index(
                fields=["incident", "kind", "language", "built_from_number"],
                name="reports_of_incident",
            ),
            models.Index(
                fields=["requested_at"],
                name="reports_waiting",
                condition=models.Q(state__in=(ReportState.REQUESTED, ReportState.RENDERING)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.language} edition {self.edition}"

    @property
    def sha256(self) -> str:
        """The file's own hash; empty until it is there."""
        return self.file.sha256 if self.file else ""

    @property
    def size(self) -> int:
        """The file's size in bytes; 0 until it is there."""
        return self.file.size if self.file else 0

    @property
    def file_name(self) -> str:
        """What the download is called: reference, kind, language, edition, in letters every system
        can keep.
        """
        kind = "report" if self.kind == ReportKind.FULL else "one-page"
        return f"{self.incident.reference}-{kind}-{self.language}-edition-{self.edition}.pdf"
