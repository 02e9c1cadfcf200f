"""The line taken in public, with the answers it was chosen by."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.incidents.enums import Line


class LineChoice(models.Model):
    """Which line we take, what was advised, and why we take it; its reason stands in the decision.

    It is never edited: another choice follows it, and the newest holds.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="line_choices"
    )
    decision = models.OneToOneField(
        "incidents.Decision", on_delete=models.PROTECT, related_name="line"
    )
    cluster = models.CharField(max_length=12)
    had_similar = models.BooleanField()
    bad_reputation = models.BooleanField()
    proven_rumour = models.BooleanField()
    level = models.PositiveSmallIntegerField()
    recommended = models.CharField(max_length=10, choices=Line.choices)
    lines = ArrayField(models.CharField(max_length=10, choices=Line.choices))
    warnings = ArrayField(models.CharField(max_length=30), default=list)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.incident_id} {', '.join(self.lines)}"
