"""The questions whose answers shape an incident's plan."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ScreeningQuestion(models.Model):
    """One yes-or-no question of the copied plan and what was answered; no answer means not known yet.

    Until then conditions read `unknown`. `yes` and `no` are the reasons shown on what the answer brings.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="screening"
    )
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    ask = models.JSONField()
    yes = models.JSONField()
    no = models.JSONField()
    unknown = models.BooleanField()
    answer = models.BooleanField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    provenance = models.JSONField(default=dict)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "key"], name="one_screening_question_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.key}"
