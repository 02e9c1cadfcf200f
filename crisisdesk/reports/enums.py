"""The closed lists of the reports."""

from __future__ import annotations

from django.db.models import TextChoices


class ReportKind(TextChoices):
    """One page by default; the full report as a second choice."""

    ONE_PAGE = "one_page"
    FULL = "full"


class ReportState(TextChoices):
    """What became of a request."""

    REQUESTED = "requested"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"
