"""What the law may want told, to whom and by when, and what was told."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RegulatorClock(models.Model):
    """One duty of an authority's rule, asked by a yes/no question; `rule` is the incident's own copy (law 8).

    `applies` is None until somebody answers. `deadline` runs while the duty applies and its time has begun.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="regulator_clocks"
    )
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    rule = models.JSONField()
    applies = models.BooleanField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    deadline = models.OneToOneField(
        "incidents.Deadline", null=True, on_delete=models.PROTECT, related_name="regulator_clock"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="one_clock_per_regulator")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.key}"


class RegulatorNotice(models.Model):
    """What was sent under one duty, and when; a notice may come in parts, each part is a row. Never changed."""

    clock = models.ForeignKey(RegulatorClock, on_delete=models.PROTECT, related_name="notices")
    sent_at = models.DateTimeField()
    contents = models.JSONField(default=dict)
    language = models.CharField(max_length=5)
    receipt = models.CharField(max_length=120, blank=True)
    late_reason = models.TextField(blank=True)
    late_seconds = models.PositiveIntegerField(default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_at", "pk")

    def __str__(self) -> str:
        return f"{self.clock_id} {self.sent_at:%Y-%m-%d %H:%M}"
