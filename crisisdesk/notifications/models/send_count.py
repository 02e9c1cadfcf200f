"""How many attempts to send ended in which way."""

from __future__ import annotations

from django.db import models


class SendCount(models.Model):
    """The attempt log up to the row `counted_to`, counted by transport and outcome.

    The log is kept for ever; whoever asks for its sum counts only what came since.
    """

    transport = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    count = models.PositiveBigIntegerField()
    counted_to = models.BigIntegerField()

    class Meta:
        ordering = ("transport", "outcome")
        constraints = [
            models.UniqueConstraint(fields=("transport", "outcome"), name="one_count_per_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.transport} {self.outcome} {self.count}"
